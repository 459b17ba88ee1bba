"""How a participant reacts, by form and by script, for tests; and what was stored."""
import re
from uuid import uuid4

from phone import FROM_OUR_PAGE, JSON
from phone import change as set_fields

from forum.db import db
from forum.reactions.models import Reaction
from forum.submissions.models import Submission

REACT = "/s/KRM479/react"


def react(client, submission_id, value, **fields):
    return client.post(REACT, data={"submission": submission_id, "value": value, **fields}, headers=FROM_OUR_PAGE)


def send(client, submission_id, value, sequence, key=None):
    """As a phone's outbox sends it."""
    return client.post(REACT, data={"submission": submission_id, "value": value, "sequence": sequence,
                                    "key": key or str(uuid4())}, headers=JSON)


def shown(client):
    found = re.search(r'name="submission" value="(\d+)"', client.get(REACT).text)
    return int(found[1]) if found else None


def stored(app):
    with app.app_context():
        return {row.submission_id: row.value for row in db.session.query(Reaction)}


def hide(app, submission_id):
    set_fields(app, Submission, submission_id, state="hidden")
