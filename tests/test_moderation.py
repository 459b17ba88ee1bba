"""Staff see every entry, hide with a reason, restore; the author reads the reason."""
import pytest
from builders import make_consultation, make_forum_session, make_submission, noise

from forum.audit import AuditEntry
from forum.db import db
from forum.submissions.models import Submission


@pytest.fixture
def sitting(app):
    with app.app_context():
        consultation_id = make_consultation()
        forum_session_id = make_forum_session(consultation_id)
        noise()
        return consultation_id, forum_session_id


def entries_page(client, consultation_id, **arguments):
    return client.get(f"/staff/consultations/{consultation_id}/submissions", query_string=arguments)


def state_of(app, submission_id):
    with app.app_context():
        return db.session.get(Submission, submission_id).state


def test_the_list_shows_the_entries_of_this_consultation_only(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    with app.app_context():
        make_submission(forum_session_id, "Pompa di ujung gang tidak menyala.")

    page = entries_page(as_facilitator, consultation_id)

    assert "Pompa di ujung gang" in page.text
    assert "Lampu taman mati" not in page.text


def test_long_lists_continue_by_key_without_gap_or_repeat(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    with app.app_context():
        ids = [make_submission(forum_session_id, f"Isian ke {number} untuk daftar panjang.") for number in range(60)]

    first = entries_page(as_facilitator, consultation_id).text
    second = entries_page(as_facilitator, consultation_id, before=ids[10]).text

    shown = [[number for number, entry in enumerate(ids) if f'id="m{entry}"' in page] for page in (first, second)]
    assert shown == [list(range(10, 60)), list(range(10))]
    assert f"before={ids[10]}" in first


def test_words_and_kind_filter_the_list(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    with app.app_context():
        make_submission(forum_session_id, "Angkot 100% sepi.", kind="evaluation", programme="Angkot", rating=2)
        make_submission(forum_session_id, "Trotoar rusak 100 meter.")

    assert "Trotoar" not in entries_page(as_facilitator, consultation_id, text="100%").text
    assert "Angkot" not in entries_page(as_facilitator, consultation_id, kind="problem").text


def test_hiding_needs_a_reason_and_the_author_reads_it(app, as_facilitator, client, sitting):
    _, forum_session_id = sitting
    with app.app_context():
        submission_id = make_submission(forum_session_id, "Tetangga saya menyebalkan sekali.")
        receipt = db.session.get(Submission, submission_id).receipt_code

    as_facilitator.submit(f"/staff/submissions/{submission_id}/hide", {"reason": " "})
    assert state_of(app, submission_id) == "accepted"

    as_facilitator.submit(f"/staff/submissions/{submission_id}/hide", {"reason_typed": "Menyerang orang"})
    assert state_of(app, submission_id) == "hidden"
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="moderation.hide", subject_id=submission_id).count() == 1
    assert "Menyerang orang" in client.get(f"/r/{receipt}").text


def test_a_hidden_entry_is_restored(app, as_facilitator, sitting):
    _, forum_session_id = sitting
    with app.app_context():
        submission_id = make_submission(forum_session_id, state="hidden")

    as_facilitator.submit(f"/staff/submissions/{submission_id}/restore")

    assert state_of(app, submission_id) == "accepted"


def test_a_waiting_entry_is_let_through_once(app, as_facilitator, sitting):
    _, forum_session_id = sitting
    with app.app_context():
        submission_id = make_submission(forum_session_id, state="waiting")

    as_facilitator.submit(f"/staff/submissions/{submission_id}/accept")
    again = as_facilitator.submit(f"/staff/submissions/{submission_id}/accept", follow_redirects=True)

    assert state_of(app, submission_id) == "accepted"
    assert "sudah berubah" in again.text


def test_planners_look_but_do_not_touch(app, as_planner, sitting):
    consultation_id, forum_session_id = sitting
    with app.app_context():
        submission_id = make_submission(forum_session_id)

    assert entries_page(as_planner, consultation_id).status_code == 200
    assert as_planner.submit(f"/staff/submissions/{submission_id}/hide", {"reason": "x"}).status_code == 403


def test_a_withdrawn_text_is_not_shown_to_anybody(app, as_facilitator, sitting):
    consultation_id, forum_session_id = sitting
    with app.app_context():
        make_submission(forum_session_id, "Ini sudah saya tarik kembali.", state="withdrawn")

    for state in ("", "withdrawn", "hidden"):
        assert "sudah saya tarik" not in entries_page(as_facilitator, consultation_id, state=state).text
