"""Entries whose time is over, for the tests of retention: what was sent, made old, and all that is stored."""
from phone import FORM, FROM_OUR_PAGE, PROBLEM, hidden_fields
from sqlalchemy import select

from forum.consultations.models import ForumSession
from forum.db import db, utc_now, writing
from forum.submissions.models import Submission
from forum.submissions.retention import cutoff

SECRET = "Gudang Pak Wiryo selalu terkunci"


def consultation_of(app, sitting):
    with app.app_context():
        return db.session.get_one(ForumSession, sitting).consultation_id


def age(app, sitting, months=30):
    """As if everything of a sitting had come so long ago."""
    with app.app_context(), writing() as session:
        for entry in session.scalars(select(Submission).filter_by(forum_session_id=sitting)):
            entry.received_at = cutoff(utc_now(), months)


def send(client, body=SECRET, **changes):
    fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, "body": body, "place": "Gang Wiryo", **changes}
    answer = client.post(FORM, data=fields, headers=FROM_OUR_PAGE)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0], fields


def rows(app, table):
    with app.app_context():
        return db.session.scalars(select(table)).all()


def everything_stored(app):
    """Every row of every table as text."""
    with app.app_context():
        return "\n".join(str(row) for table in db.metadata.sorted_tables for row in db.session.execute(table.select()))


def purging(app):
    """A function that calls ``forum purge`` with its options and returns what it printed."""
    runner = app.test_cli_runner()

    def run(*options):
        result = runner.invoke(args=["forum", "purge", *options])
        assert result.exit_code == 0, result.output
        return result.output

    return run
