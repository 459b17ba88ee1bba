"""The command line: from an empty database to a list, and clear words with exit code 2 when it cannot be done."""
import csv
import io
import re

import pytest
from builders import make_consultation, make_forum_session, make_submission
from sqlalchemy import delete, select
from staff_client import PASSWORD

from forum import demo
from forum.accounts.models import Account
from forum.consultations.models import Consultation, ForumSession
from forum.db import db, writing
from forum.review.models import ThemeMember
from forum.submissions.models import Submission, SubmissionVersion


@pytest.fixture
def flask(app):
    """Run ``flask …`` as the terminal would."""
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(args=list(arguments), **options)


@pytest.fixture
def sitting(app):
    with app.app_context():
        consultation_id = make_consultation()
        return consultation_id, make_forum_session(consultation_id)


class TestAccounts:
    def test_an_added_account_signs_in_with_the_printed_password(self, flask, client):
        printed = flask("accounts", "add", "budi", "--role", "planner", "--name", "Pak Budi").output.split()
        assert printed[0] == "budi"
        assert len(printed[1]) >= 16

        answer = client.submit("/staff/sign-in", {"username": "budi", "password": printed[1]})

        assert answer.status_code == 303
        assert "budi\tplanner\taktif\tPak Budi" in flask("accounts", "list").output

    def test_a_new_password_is_read_from_standard_input(self, flask, client):
        flask("accounts", "add", "budi", "--role", "planner")
        assert flask("accounts", "passwd", "budi", "--password-stdin", input=f"{PASSWORD}\n").exit_code == 0

        assert client.submit("/staff/sign-in", {"username": "budi", "password": PASSWORD}).status_code == 303

    @pytest.mark.parametrize("arguments", [
        ("accounts", "add", "x", "--role", "planner"), ("accounts", "passwd", "tidak-ada"),
        ("forum", "open", "XXXXXX"), ("forum", "analyze", "99"), ("forum", "verify", "99"),
    ])
    def test_a_refusal_is_one_line_and_exit_code_2(self, flask, arguments):
        result = flask(*arguments)
        assert result.exit_code == 2
        assert len(result.output.strip().splitlines()) == 1


class TestFromPackToList:
    def test_the_whole_way(self, flask, app, tmp_path):
        assert flask("forum", "pack", str(demo.packs_with_demo()[0])).exit_code == 0
        created = flask("forum", "create", "--title", "Forum baris perintah", "--purpose", "Mendengar masukan.",
                        "--controller", "Dinas Uji", "--contact", "kontak@contoh.example",
                        "--starts", "2026-01-20T09:00")
        consultation_id, code = created.output.split()
        assert flask("forum", "open", code).exit_code == 0
        table = tmp_path / "masukan.tsv"
        bodies = [f"{place} {what}" for place in ("Gang mawar", "Jalan melati", "Pasar pagi", "Tepi kali")
                  for what in ("tergenang air pasang", "lampunya mati", "sampahnya menumpuk", "jalannya berlubang")]
        table.write_text("\n".join(f"{body}\tlabel" for body in bodies) + "\n", encoding="utf-8")

        imported = flask("forum", "import", str(table), "--session", code, "--text", "1")
        assert "16 baris: 16 menjadi masukan, 0 tanpa teks" in imported.output
        assert flask("forum", "analyze", consultation_id).exit_code == 0
        assert "diterima 16 =" in flask("forum", "verify", code).output
        assert flask("forum", "export", consultation_id, "--out", str(tmp_path / "isu.csv")).exit_code == 0
        assert flask("forum", "close", code).exit_code == 0

        content = (tmp_path / "isu.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[0] == "No"
        with app.app_context():
            stored = db.session.scalars(select(SubmissionVersion.body).order_by(SubmissionVersion.id)).all()
            forum_session = db.session.scalar(select(ForumSession))
        assert stored == bodies
        assert forum_session.starts_at.isoformat() == "2026-01-20T02:00:00+00:00"
        assert forum_session.state == "closed"

    def test_a_bad_file_names_its_line_and_stores_nothing(self, flask, app, sitting, tmp_path):
        table = tmp_path / "rusak.csv"
        table.write_bytes(b"isi\nbaik\nrusak \xff\n")

        result = flask("forum", "import", str(table), "--session", "KRM479", "--text", "isi")

        assert result.exit_code == 2
        assert "Baris 3: bukan teks UTF-8" in result.output
        with app.app_context():
            assert db.session.scalar(select(Submission.id)) is None


class TestDemo:
    def test_the_sample_is_marked_and_complete(self, flask, app):
        assert flask("forum", "demo").exit_code == 0

        folder = demo.packs_with_demo()[0]
        with (folder / "demo" / "submissions.csv").open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        with app.app_context():
            stored = db.session.scalars(select(SubmissionVersion.body).order_by(SubmissionVersion.id)).all()
            people = {digest for (digest,) in db.session.execute(select(Submission.participant_digest))}
            assert db.session.scalar(select(ForumSession)).consultation.is_sample
        assert stored == [row["body"] for row in rows]
        assert len(people) == len({row["participant"] for row in rows})

    def test_two_samples_live_side_by_side(self, flask):
        assert flask("forum", "demo").exit_code == 0
        assert flask("forum", "demo").exit_code == 0
        assert flask("forum", "verify").output.count(": benar") == 2


class TestFirstStart:
    """The first start of all, interrupted at any moment, is completed by the next one."""

    @pytest.mark.parametrize("n_pieces", [0, 1, 5])
    def test_an_interrupted_sample_is_completed_and_not_doubled(self, context, monkeypatch, n_pieces):
        store, calls = demo._store, []

        def lose_power(*rest):
            if len(calls) == n_pieces:
                raise KeyboardInterrupt
            calls.append(rest)
            store(*rest)

        with monkeypatch.context() as patch:
            patch.setattr(demo, "_store", lose_power)
            with pytest.raises(KeyboardInterrupt):
                demo.prepare_first_start()
        second = demo.prepare_first_start()
        third = demo.prepare_first_start()

        with (demo.packs_with_demo()[0] / "demo" / "submissions.csv").open(encoding="utf-8", newline="") as handle:
            bodies = [row["body"] for row in csv.DictReader(handle)]
        assert db.session.scalars(select(SubmissionVersion.body).order_by(SubmissionVersion.id)).all() == bodies
        assert second.join_code == third.join_code == db.session.scalars(select(ForumSession)).one().join_code

    def test_a_sample_without_its_sitting_is_completed_too(self, context, monkeypatch):
        def lose_power(**_options):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(demo.consultations, "create_session", lose_power)
            with pytest.raises(KeyboardInterrupt):
                demo.prepare_first_start()
        demo.prepare_first_start()
        assert db.session.scalars(select(Consultation)).one().is_sample
        assert db.session.scalars(select(ForumSession)).one().is_open

    def test_no_account_is_left_without_its_password(self, context, monkeypatch):
        def lose_power(*_rest, **_options):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(demo, "add_accounts", lose_power)
            with pytest.raises(KeyboardInterrupt):
                demo.prepare_first_start()

        started = demo.prepare_first_start()

        lines = [f"{username} {password}" for username, password in started.sign_ins]
        assert started.sign_ins_path.read_text(encoding="utf-8").splitlines() == lines
        assert len(lines) == len(db.session.scalars(select(Account)).all()) == 3


class TestVerify:
    def test_it_fails_when_the_stored_themes_differ_from_the_ledger(self, flask, app, sitting):
        from theme_builders import make_theme

        with app.app_context():
            members = [make_submission(sitting[1], f"Air pasang di gang {number}.") for number in range(3)]
            make_theme(sitting[0], "Rob", members)
            assert flask("forum", "verify").exit_code == 0
            with writing() as session:
                session.execute(delete(ThemeMember).where(ThemeMember.submission_id == members[0]))

        result = flask("forum", "verify")

        assert result.exit_code == 1
        assert "TIDAK BENAR" in result.output


def test_the_doctor_names_what_is_missing(flask):
    result = flask("doctor")
    assert result.exit_code == 1
    assert re.search(r"PERLU +administrator aktif: 0", result.output)
