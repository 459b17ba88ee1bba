"""``flask accounts add|passwd|list``."""
import secrets
import sys

import click
from flask.cli import AppGroup

from forum import audit
from forum.accounts import queries, services
from forum.commands.refusals import in_plain_words
from forum.db import utc_now
from forum.security import ROLES

group = AppGroup("accounts", help="Staff accounts.")


@group.command("add")
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="", help="Full name.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@in_plain_words
def add(username: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a member of staff; without --password-stdin a random password is made and printed once."""
    password = _password(password_stdin)
    services.add_account(username=username, name=name, role=role, password=password, actor=audit.COMMAND_LINE,
                         now=utc_now())
    click.echo(f"{username} ditambahkan sebagai {role}." if password_stdin else f"{username} {password}")


@group.command("passwd")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@in_plain_words
def passwd(username: str, password_stdin: bool) -> None:
    """Set a new password and end every sign-in of the account."""
    password = _password(password_stdin)
    services.change_password(username=username, password=password, actor=audit.COMMAND_LINE, now=utc_now())
    click.echo(f"Kata sandi {username} diganti." if password_stdin else f"{username} {password}")


@group.command("list")
def list_accounts() -> None:
    """Every account with its role."""
    for account in queries.all_accounts():
        state = "aktif" if account.is_active else "tidak aktif"
        click.echo(f"{account.username}\t{account.role}\t{state}\t{account.name}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return secrets.token_urlsafe(12)
