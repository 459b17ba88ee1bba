"""A hint beside an entry that says nearly the same as an earlier one; nothing happens by itself."""
import pytest
from builders import make_consultation, make_forum_session, make_submission, noise

from forum.consultations.models import Consultation
from forum.db import db, writing
from forum.moderation import duplicates
from forum.submissions.models import Submission

TEXT = "Selokan depan rumah mampet sejak hujan kemarin dan baunya sampai dapur."


@pytest.fixture
def sitting(app):
    with app.app_context():
        consultation_id = make_consultation()
        forum_session_id = make_forum_session(consultation_id)
        noise()
        return consultation_id, forum_session_id


def add(app, forum_session_id, *texts, **fields):
    with app.app_context():
        return [make_submission(forum_session_id, text, **fields) for text in texts]


def twins(app, consultation_id):
    with app.app_context():
        return duplicates.earlier_twins(db.session.get_one(Consultation, consultation_id))


def set_state(app, submission_id, state):
    with app.app_context(), writing() as session:
        session.get_one(Submission, submission_id).state = state


def test_a_copy_is_marked_with_the_first_one_and_both_stay(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    first, other, copy = add(app, forum_session_id, TEXT, "Lampu gang mati sejak hujan kemarin.",
                             f"Mohon maaf bapak lurah, {TEXT.lower()} Terima kasih.")

    page = as_facilitator.get(f"/staff/consultations/{consultation_id}/submissions").text

    assert twins(app, consultation_id) == {copy: first}
    assert page.count("Kemungkinan duplikat dari") == 1
    assert f"before={first + 1}#m{first}" in page
    assert all(f'id="m{entry}"' in page for entry in (first, other, copy))


def test_the_link_leads_to_the_first_one(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    first, *_copies = add(app, forum_session_id, TEXT, TEXT)

    page = as_facilitator.get(f"/staff/consultations/{consultation_id}/submissions?before={first + 1}").text

    assert f'id="m{first}"' in page


def test_the_hint_follows_what_becomes_of_entries(app, sitting):
    consultation_id, forum_session_id = sitting
    first, second = add(app, forum_session_id, TEXT, f"{TEXT} Tolong.")
    assert twins(app, consultation_id) == {second: first}

    (third,) = add(app, forum_session_id, TEXT, state="waiting")
    assert twins(app, consultation_id) == {second: first, third: first}

    set_state(app, first, "hidden")
    assert twins(app, consultation_id) == {third: second}

    set_state(app, third, "withdrawn")
    assert twins(app, consultation_id) == {}


def test_copies_in_another_consultation_are_no_duplicates(app, sitting):
    consultation_id, _forum_session_id = sitting
    with app.app_context():
        make_submission(make_forum_session(make_consultation(title="Lain"), join_code="KRM478"), TEXT)
    add(app, sitting[1], TEXT)

    assert twins(app, consultation_id) == {}


def test_only_the_latest_are_compared_and_few_consultations_kept(app, sitting, monkeypatch):
    consultation_id, forum_session_id = sitting
    add(app, forum_session_id, TEXT, "Lampu gang mati.", TEXT)
    monkeypatch.setattr(duplicates, "MOST_COMPARED", 2)
    monkeypatch.setattr(duplicates, "_KEPT_CONSULTATIONS", 1)
    assert twins(app, consultation_id) == {}

    with app.app_context():
        other = make_consultation(title="Lain")
    assert twins(app, other) == {}
    assert list(app.extensions["forum_twins"]) == [other]
