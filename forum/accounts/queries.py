"""Named reads of accounts."""
from datetime import datetime, timedelta

from sqlalchemy import func, select

from forum.accounts.models import Account, SignInFailure, StaffSession
from forum.db import CLOCK_AHEAD, db

THROTTLE_WINDOW = timedelta(minutes=15)


def account_by_username(username: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.username == username.strip().lower()))


def account_by_id(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def all_accounts() -> list[Account]:
    return list(db.session.scalars(select(Account).order_by(Account.username)))


def live_session(token_digest: str, *, now: datetime) -> StaffSession | None:
    """The sign-in that a cookie names, if it has neither ended nor expired and its account is active.

    One from a day that has not come yet was made before the server's clock was set back: it would live until then.
    """
    return db.session.scalar(
        select(StaffSession).join(Account)
        .where(StaffSession.token_digest == token_digest, StaffSession.ended_at.is_(None),
               StaffSession.expires_at > now, StaffSession.created_at <= now + CLOCK_AHEAD, Account.is_active)
    )


def recent_failures(*, account_digest: str, address_digest: str, now: datetime) -> tuple[int, int]:
    """Failed sign-ins in the last 15 minutes: for this account, and from this address."""
    lately = SignInFailure.at.between(now - THROTTLE_WINDOW, now + CLOCK_AHEAD)
    by_account = select(func.count()).where(
        SignInFailure.account_digest == account_digest, lately)
    by_address = select(func.count()).where(
        SignInFailure.address_digest == address_digest, lately)
    return db.session.scalar(by_account) or 0, db.session.scalar(by_address) or 0
