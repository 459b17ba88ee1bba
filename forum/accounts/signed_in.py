"""Who is signed in: the cookie's token becomes an account, once per request."""
from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user

from forum import audit
from forum.accounts import queries
from forum.accounts.models import StaffSession
from forum.db import db, utc_now
from forum.security import digest

login_manager = LoginManager()
login_manager.session_protection = None  # the token itself is checked against the database


class SignedIn(UserMixin):
    """The account behind this request; a plain copy, so that it needs no open transaction."""

    def __init__(self, token: str, staff_session: StaffSession) -> None:
        account = staff_session.account
        self.token = token
        self.account_id = account.id
        self.username = account.username
        self.name = account.name
        self.role = account.role

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.user_loader(_load)


def _load(token: str) -> SignedIn | None:
    staff_session = queries.live_session(digest(token), now=utc_now())
    return SignedIn(token, staff_session) if staff_session else None


def actor() -> audit.Actor:
    """The signed-in person as the audit log names them."""
    return audit.Actor(current_user.account_id, current_user.name)


def forget() -> None:
    """Drop everything that the cookie holds, so that a new sign-in begins with a new session."""
    session.clear()
    g.pop("_login_user", None)
    current_app.logger.debug("session cleared")
    db.session.rollback()
