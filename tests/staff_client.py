"""A browser for tests: it sends what browsers send, and the token that our forms carry."""
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from forum.accounts.models import Account, StaffSession
from forum.db import utc_now, writing
from forum.security import digest

PASSWORD = "kata sandi untuk uji"
_PASSWORD_HASH = generate_password_hash(PASSWORD, method="scrypt:1024:8:1")  # cheap on purpose
_RAW_TOKEN = "0" * 40


class StaffClient(FlaskClient):
    """``submit`` posts a form as one of our own pages would; plain ``post`` posts without a token."""

    def submit(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        with self.session_transaction() as session:
            session["csrf_token"] = _RAW_TOKEN
        fields = {**(data or {}), "csrf_token": self.token()}
        headers = {"Sec-Fetch-Site": "same-origin", **options.pop("headers", {})}
        return self.post(path, data=fields, headers=headers, **options)

    def token(self) -> str:
        """The token of a sign-in that `submit` has used."""
        return URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(_RAW_TOKEN)


def make_account(role: str, username: str | None = None) -> int:
    """An account with `PASSWORD`; returns its id. Needs an application context."""
    with writing() as session:
        account = Account(username=username or role, name=f"{role.capitalize()} Uji", role=role,
                          password_hash=_PASSWORD_HASH, created_at=utc_now())
        session.add(account)
        session.flush()
        return account.id


def sign_in_as(app: Flask, role: str, username: str | None = None) -> StaffClient:
    """A browser signed in with a fresh account of this role; ``account_id`` names it."""
    token = f"token of {username or role}"
    with app.app_context():
        account_id = make_account(role, username)
        with writing() as session:
            session.add(StaffSession(token_digest=digest(token), account_id=account_id, created_at=utc_now(),
                                     expires_at=utc_now() + timedelta(hours=1)))
    client: StaffClient = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    client.account_id = account_id
    return client
