"""The command line: parse, call a service, print. One module per group of commands."""
from flask import Flask

from forum.commands import accounts, collecting, deciding, doctor, keeping, learning


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(accounts.group)
    collecting.add_to(deciding.group)
    deciding.group.add_command(learning.learn)
    deciding.group.add_command(keeping.purge)
    app.cli.add_command(deciding.group)
    app.cli.add_command(doctor.doctor)
