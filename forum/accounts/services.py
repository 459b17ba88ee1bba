"""Verbs of accounts: add, change the password, sign in, sign out."""
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from forum import audit
from forum.accounts import queries
from forum.accounts.known_browser import KnownBrowser
from forum.accounts.models import Account, SignInFailure, StaffSession
from forum.db import CLOCK_AHEAD, db, hold, writing
from forum.errors import ForumError
from forum.security import ROLES, digest
from forum.typed import clean_line

MIN_PASSWORD_CHARACTERS = 10
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# Compared against when the account does not exist, so that both answers take the same time.
_NOBODY = generate_password_hash(secrets.token_hex(8))


class UnusableAccount(ForumError):
    """Username, role or password do not follow the rules."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class WrongPassword(ForumError):
    """Username and password do not belong together."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyAttempts(ForumError):
    """Sign-in waits after repeated failures."""

    status = HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A member of staff to be added; the username is lower case in the end."""

    username: str
    name: str
    role: str
    password: str


def add_account(*, username: str, name: str, role: str, password: str, actor: audit.Actor, now: datetime) -> int:
    """Add a member of staff; return the account id.

    Raises `UnusableAccount` for a bad or taken username, an unknown role, a short password.
    """
    return add_accounts([NewAccount(username, name, role, password)], actor=actor, now=now)[0]


def add_accounts(several: Sequence[NewAccount], *, actor: audit.Actor, now: datetime) -> list[int]:
    """Add all of them or, when one is refused as in `add_account`, none; return their ids."""
    rows = [_row(one, now) for one in several]  # hashing is slow on purpose, so before it is our turn to write
    try:
        with writing() as session:
            session.add_all(rows)
            session.flush()
            for account in rows:
                audit.record(actor=actor, action="accounts.add", subject_type="account", subject_id=account.id,
                             now=now, role=account.role)
            return [account.id for account in rows]
    except IntegrityError:
        raise UnusableAccount(_("Nama akun %(username)s sudah dipakai.",
                                username=", ".join(one.username for one in several))) from None


def _row(one: NewAccount, now: datetime) -> Account:
    username = one.username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise UnusableAccount(_("Nama akun: 2 sampai 40 huruf kecil, angka, titik, atau garis."))
    if one.role not in ROLES:
        raise UnusableAccount(_("Peran harus salah satu dari: %(roles)s.", roles=", ".join(ROLES)))
    _check_password(one.password)
    return Account(username=username, name=clean_line(one.name) or username, role=one.role,
                   password_hash=generate_password_hash(one.password), created_at=now)


def change_password(*, username: str, password: str, actor: audit.Actor, now: datetime) -> None:
    """Set a new password and end every sign-in of the account."""
    _check_password(password)
    password_hash = generate_password_hash(password)
    with writing() as session:
        account = queries.account_by_username(username)
        if account is None:
            raise UnusableAccount(_("Tidak ada akun bernama %(username)s.", username=username))
        account.password_hash = password_hash
        _end_sessions(account.id, now)
        session.flush()
        audit.record(actor=actor, action="accounts.passwd", subject_type="account", subject_id=account.id, now=now)


def change_account(*, account_id: int, role: str, is_active: bool, actor: audit.Actor, now: datetime) -> None:
    """Change role and activity; both end every sign-in of the account."""
    if role not in ROLES:
        raise UnusableAccount(_("Peran harus salah satu dari: %(roles)s.", roles=", ".join(ROLES)))
    if account_id == actor.id:
        raise UnusableAccount(_("Anda tidak dapat mengubah akun Anda sendiri."))
    with writing():
        account = queries.account_by_id(account_id)
        if account is None:
            raise UnusableAccount(_("Akun tidak ditemukan."))
        before = {"role": account.role, "is_active": account.is_active}
        account.role, account.is_active = role, is_active
        _end_sessions(account.id, now)
        audit.record(actor=actor, action="accounts.change", subject_type="account", subject_id=account.id,
                     now=now, before=before, after={"role": role, "is_active": is_active})


def sign_in(*, username: str, password: str, address: str, attempts_per_account: int, attempts_per_address: int,
            lifetime: timedelta, now: datetime, browser: KnownBrowser | None = None) -> str:
    """Open a sign-in and return its token (256 bits) for the cookie.

    Failures are counted in the database, so the throttle holds over all worker processes and
    restarts. A ``browser`` on which this account signed in before is counted by itself: what others fail
    at, from wherever, does not keep it out. Raises `TooManyAttempts` or `WrongPassword`.
    """
    username = username.strip().lower()
    account_digest, address_digest = digest(f"account {username}"), digest(f"address {address}")
    with writing() as session:
        # What cannot be a username is not even looked up: no database is asked about control characters.
        account = queries.account_by_username(username) if _USERNAME.fullmatch(username) else None
        if account is not None:
            hold(Account, account.id)  # guesses at the same moment are counted one by one
            if browser is not None and account.id in browser.account_ids:
                account_digest = address_digest = digest(f"account {username} on {browser.name}")
        by_account, by_address = queries.recent_failures(
            account_digest=account_digest, address_digest=address_digest, now=now)
        if by_account >= attempts_per_account or by_address >= attempts_per_address:
            raise TooManyAttempts(_("Terlalu banyak percobaan masuk. Tunggu 15 menit, lalu coba lagi."))
        # Counts as failed until the password proves right.
        session.add(SignInFailure(account_digest=account_digest, address_digest=address_digest, at=now))
        is_known = account is not None and account.is_active
        account_id, password_hash = (account.id, account.password_hash) if is_known else (0, _NOBODY)
    if not check_password_hash(password_hash, password) or not is_known:
        raise WrongPassword(_("Nama akun atau kata sandi tidak cocok."))
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.execute(delete(SignInFailure).where(SignInFailure.account_digest == account_digest))
        session.execute(delete(SignInFailure).where(
            ~SignInFailure.at.between(now - 2 * queries.THROTTLE_WINDOW, now + CLOCK_AHEAD)))
        session.add(StaffSession(token_digest=digest(token), account_id=account_id, created_at=now,
                                 expires_at=now + lifetime))
        account = session.get_one(Account, account_id)
        audit.record(actor=audit.Actor(account.id, account.name), action="accounts.sign_in",
                     subject_type="account", subject_id=account.id, now=now)
    return token


def sign_out(*, token: str, actor: audit.Actor, now: datetime) -> None:
    """End a sign-in at once, everywhere; a token that has ended already is not an error."""
    with writing() as session:
        session.execute(update(StaffSession).where(
            StaffSession.token_digest == digest(token), StaffSession.ended_at.is_(None)).values(ended_at=now))
        audit.record(actor=actor, action="accounts.sign_out", subject_type="account", subject_id=actor.id, now=now)


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise UnusableAccount(
            _("Kata sandi paling sedikit %(count)s karakter.", count=MIN_PASSWORD_CHARACTERS))
    if len(password) > 200:  # scrypt of a megabyte would be a gift to an attacker
        raise UnusableAccount(_("Kata sandi paling banyak 200 karakter."))


def _end_sessions(account_id: int, now: datetime) -> None:
    db.session.execute(update(StaffSession).where(
        StaffSession.account_id == account_id, StaffSession.ended_at.is_(None)).values(ended_at=now))
