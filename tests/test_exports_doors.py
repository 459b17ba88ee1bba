"""Who gets the files, what is recorded of each download, and that the same state makes the same bytes."""
import json
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from exporting import FORMATS, download, make_forum
from sqlalchemy import select
from staff_client import make_account
from theme_builders import score

from forum import audit
from forum.audit import AuditEntry
from forum.db import db, utc_now
from forum.exports import queries, services
from forum.exports.models import ExportRecord


@pytest.fixture
def forum(app):
    return make_forum(app)


class TestSameStateSameBytes:
    @pytest.mark.parametrize("fmt", FORMATS)
    def test_the_same_state_gives_the_same_bytes_name_and_hash_at_any_time(self, context, forum, fmt):
        actor, now = audit.Actor(None, "Uji"), utc_now()
        first = services.export(consultation_id=forum["consultation"], fmt=fmt, actor=actor, now=now)
        later = services.export(consultation_id=forum["consultation"], fmt=fmt, actor=actor,
                                now=now + timedelta(days=40))
        assert first == later

    def test_the_language_of_the_page_does_not_change_the_file(self, as_planner, forum):
        indonesian = download(as_planner, forum, "xlsx")
        as_planner.set_cookie("language", "en")
        assert download(as_planner, forum, "xlsx") == indonesian

    def test_a_new_score_changes_the_hash(self, context, forum):
        before = queries.issue_list(forum["consultation"]).content_hash
        score(forum["market"], make_account("planner", "tiga"), 3, 3, 3)
        assert queries.issue_list(forum["consultation"]).content_hash != before

    def test_the_hash_can_be_checked_from_the_json_file_alone(self, as_planner, forum):
        document = json.loads(download(as_planner, forum, "json"))
        canonical = json.dumps(document["list"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert sha256(canonical.encode()).hexdigest() == document["content_hash"]


class TestDoors:
    def test_every_download_is_recorded_with_its_hash(self, app, as_planner, forum):
        for fmt in FORMATS:
            download(as_planner, forum, fmt)
        with app.app_context():
            records = db.session.scalars(select(ExportRecord).order_by(ExportRecord.id)).all()
            content_hash = queries.issue_list(forum["consultation"]).content_hash
            assert [(record.format, record.n_lines, record.content_hash) for record in records] == [
                (fmt, 3, content_hash) for fmt in FORMATS]
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "exports.export")).all()
            assert [entry.subject_id for entry in entries] == [record.id for record in records]
            assert {entry.actor_id for entry in entries} == {as_planner.account_id}

    def test_the_page_shows_the_accounting_the_formats_and_the_history(self, as_planner, forum):
        before = as_planner.get(forum["page"]).text
        assert "Belum ada berkas yang diunduh." in before
        download(as_planner, forum, "csv")

        text = as_planner.get(forum["page"]).text

        assert "8 diterima = 4 di dalam tema" in text
        assert "sama dengan sekarang" in text
        for fmt in FORMATS:
            assert f"{forum['page']}/issues.{fmt}" in text

    @pytest.mark.parametrize(("fmt", "media_type"), [
        ("csv", "text/csv; charset=utf-8"), ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")])
    def test_a_file_comes_as_a_download_that_no_cache_keeps(self, as_planner, forum, fmt, media_type):
        answer = as_planner.get(f"{forum['page']}/issues.{fmt}")
        assert answer.headers["Content-Type"] == media_type
        assert re.fullmatch(rf'attachment; filename="isu-prioritas-\d+-[0-9a-f]{{8}}\.{fmt}"',
                            answer.headers["Content-Disposition"])
        assert answer.headers["Cache-Control"] == "no-store"

    def test_only_planner_and_administrator_enter(self, client, as_facilitator, as_administrator, forum):
        for path in (forum["page"], f"{forum['page']}/issues.csv"):
            assert client.get(path).status_code == 303
            assert as_facilitator.get(path).status_code == 403
            assert as_administrator.get(path).status_code == 200

    def test_another_format_or_consultation_is_not_found(self, as_planner, forum):
        assert as_planner.get(f"{forum['page']}/issues.docx").status_code == 404
        assert as_planner.get("/staff/consultations/999/exports").status_code == 404
        assert as_planner.get("/staff/consultations/999/exports/issues.csv").status_code == 404
