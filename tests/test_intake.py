"""Import of a file: every row becomes an entry or is counted; nothing twice, nothing half."""
import io
from hashlib import sha256

import pytest
from builders import make_consultation, make_forum_session, noise
from sqlalchemy import func, select

from forum.audit import COMMAND_LINE
from forum.db import db, utc_now
from forum.intake import services, table_file
from forum.intake.models import ImportBatch, ImportedRow
from forum.submissions.models import Submission, SubmissionVersion

CONTENT = (b"isi,unsur,desa\n"
           b"Tanggul di muara bocor lagi.,resident,Pesisir Lor\n"
           b",resident,Bukit\n"
           b"=SUM(A1) bukan rumus,Academic,99.01.1002\n")


@pytest.fixture
def sitting(app):
    with app.app_context():
        consultation_id = make_consultation()
        forum_session_id = make_forum_session(consultation_id)
        noise()
        return consultation_id, forum_session_id


def upload(client, consultation_id, forum_session_id, content=CONTENT, name="masukan.csv", **fields):
    data = {"forum_session": forum_session_id, "text": "isi", "kind": "problem",
            "file": (io.BytesIO(content), name), **fields}
    return client.submit(f"/staff/consultations/{consultation_id}/import", data, content_type="multipart/form-data")


def bodies(app, forum_session_id):
    with app.app_context():
        return list(db.session.scalars(select(SubmissionVersion.body).join(
            Submission, Submission.id == SubmissionVersion.submission_id).where(
            Submission.forum_session_id == forum_session_id).order_by(Submission.id)))


def test_every_row_is_stored_or_counted(app, as_facilitator, sitting):
    answer = upload(as_facilitator, *sitting, group="unsur", area="desa")

    assert answer.status_code == 303
    assert bodies(app, sitting[1]) == ["Tanggul di muara bocor lagi.", "=SUM(A1) bukan rumus"]
    with app.app_context():
        batch = db.session.scalar(select(ImportBatch))
        assert (batch.n_rows, batch.n_imported, batch.n_empty) == (3, 2, 1)
        first, second = db.session.scalars(select(Submission).where(Submission.source == "import").order_by(
            Submission.id))
        assert (first.group.code, first.area.name) == ("resident", "Pesisir")
        assert (second.group.code, second.area.name) == ("academic", "Bukit")
        assert list(db.session.scalars(select(ImportedRow.line_number).order_by(ImportedRow.line_number))) == [2, 4]


def test_the_same_file_is_not_stored_twice(app, as_facilitator, sitting):
    upload(as_facilitator, *sitting)

    again = upload(as_facilitator, *sitting)

    assert again.status_code == 409
    assert "sudah pernah diimpor" in again.text
    assert len(bodies(app, sitting[1])) == 2


@pytest.mark.parametrize(("content", "fields", "words"), [
    (b"isi\nrusak \xff\n", {}, "Baris 2: bukan teks UTF-8"),
    (CONTENT, {"text": "teks"}, "Kolom yang ada: isi, unsur, desa"),
    (b"isi,unsur\nsatu\n", {}, "Baris 2 punya 1 kolom"),
    (b"isi\n" + b"x" * 20_001 + b"\n", {}, "teks 20001 karakter"),
])
def test_a_bad_file_stores_nothing_and_says_why(app, as_facilitator, sitting, content, fields, words):
    answer = upload(as_facilitator, *sitting, content=content, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert bodies(app, sitting[1]) == []


def test_a_sitting_of_another_consultation_is_refused(app, as_facilitator, sitting):
    with app.app_context():
        foreign = make_forum_session(make_consultation(), join_code="HHH333")
    answer = upload(as_facilitator, sitting[0], foreign)
    assert answer.status_code == 422
    assert bodies(app, foreign) == []


def test_an_undone_import_withdraws_its_entries_and_only_those(app, as_facilitator, sitting):
    upload(as_facilitator, *sitting)
    with app.app_context():
        batch_id = db.session.scalar(select(ImportBatch.id))

    as_facilitator.submit(f"/staff/imports/{batch_id}/undo")
    again = as_facilitator.submit(f"/staff/imports/{batch_id}/undo", follow_redirects=True)

    with app.app_context():
        counts = dict(db.session.execute(select(Submission.state, func.count()).group_by(Submission.state)).all())
    assert counts == {"withdrawn": 2, "accepted": 2}
    assert "sudah dibatalkan" in again.text


def test_an_interrupted_import_goes_on_where_it_stopped(app, sitting, monkeypatch):
    content = ("isi\n" + "".join(f"Masukan nomor {number} dari berkas.\n" for number in range(60))).encode()
    arguments = {"forum_session_id": sitting[1], "filename": "a.csv", "content_digest": sha256(content).hexdigest(),
                 "columns": services.Columns("isi"), "actor": COMMAND_LINE}
    with app.app_context():
        table = table_file.read(content, filename="a.csv")
        store, calls = services._store, []

        def lose_power(*rest):
            calls.append(rest)
            if len(calls) == 2:
                raise KeyboardInterrupt
            store(*rest)

        monkeypatch.setattr(services, "_store", lose_power)
        with pytest.raises(KeyboardInterrupt):
            services.import_table(table=table, now=utc_now(), **arguments)
        monkeypatch.setattr(services, "_store", store)

        done = services.import_table(table=table, now=utc_now(), **arguments)

    assert (done.n_rows, done.n_imported) == (60, 60)
    assert bodies(app, sitting[1]) == [f"Masukan nomor {number} dari berkas." for number in range(60)]


def test_planners_do_not_import(as_planner, sitting):
    assert upload(as_planner, *sitting).status_code == 403
