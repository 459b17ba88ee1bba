"""Agree, disagree, pass: one at a time, never on one's own, never on what is hidden; the sign stays the sign."""
import re

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise

from forum.db import db
from forum.reactions import queries
from forum.reactions.models import Reaction
from forum.submissions.models import Submission

REACT = "/s/KRM479/react"
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def entries(app):
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        noise()
        return [make_submission(sitting, body) for body in (
            "Pasang sensor tinggi air di muara.", "Kerja bakti tiap Jumat di saluran kampung.")]


def react(client, submission_id, value):
    return client.post(REACT, data={"submission": submission_id, "value": value}, headers=FROM_OUR_PAGE)


def shown(client):
    found = re.search(r'name="submission" value="(\d+)"', client.get(REACT).text)
    return int(found[1]) if found else None


def test_every_entry_is_offered_once_and_then_thanks(client, entries):
    seen = []
    while (submission_id := shown(client)) is not None:
        seen.append(submission_id)
        react(client, submission_id, "agree")

    assert sorted(seen) == sorted(entries)
    assert "Semua masukan sudah Anda tanggapi" in client.get(REACT).text


@pytest.mark.parametrize(("button", "expected"), [("agree", (1, 0, 0)), ("disagree", (0, 1, 0)), ("pass", (0, 0, 1))])
def test_the_sign_is_the_same_from_the_button_to_the_count(app, client, entries, button, expected):
    react(client, entries[0], button)

    with app.app_context():
        assert queries.tallies(entries) == {entries[0]: expected}


def test_a_reaction_can_be_changed_and_counts_once(app, client, entries):
    client.get(REACT)
    react(client, entries[0], "agree")
    react(client, entries[0], "disagree")

    with app.app_context():
        assert [reaction.value for reaction in db.session.query(Reaction)] == [-1]


def test_the_least_answered_comes_first(app, client, entries):
    other = app.test_client()
    other.get(REACT)
    react(other, entries[1], "agree")

    assert shown(client) == entries[0]


def test_hidden_and_foreign_entries_and_unknown_values_are_refused(app, client, entries):
    with app.app_context():
        sitting = db.session.get(Submission, entries[0]).forum_session_id
        hidden = make_submission(sitting, state="hidden")
        foreign = make_submission(make_forum_session(make_consultation(), join_code="HHH777"))
    for submission_id, value in ((hidden, "agree"), (foreign, "agree"), (999_999, "agree"), (entries[0], "love")):
        react(client, submission_id, value)

    with app.app_context():
        assert db.session.query(Reaction).count() == 0


def test_ones_own_entry_is_neither_offered_nor_counted(app, client, entries):
    client.get(REACT)
    key = client.get_cookie("participant").value
    with app.app_context():
        own = make_submission(make_forum_session(make_consultation(), join_code="EEE777"), participant=key)
    assert client.get("/s/EEE777/react").status_code == 200

    client.post("/s/EEE777/react", data={"submission": own, "value": "agree"}, headers=FROM_OUR_PAGE)

    with app.app_context():
        assert db.session.query(Reaction).count() == 0


def test_a_form_of_another_site_is_refused(client, entries):
    answer = client.post(REACT, data={"submission": entries[0], "value": "agree"},
                         headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
