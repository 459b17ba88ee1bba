"""What no page of ours sends: numbers beyond every table, characters that no database keeps, words for numbers."""
import io
import re

import pytest
from analysis_texts import FLOOD, WASTE
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import func, select
from theme_builders import make_theme

from forum import audit
from forum.audit import AuditEntry
from forum.db import db, utc_now
from forum.intake.models import ImportBatch
from forum.review import queries, services
from forum.review.models import Cluster, Decision, Theme

NUMBERS = ("2147483648", "9" * 5000, "-1", "", "x", "²")
BIG = ("2147483648", "9223372036854775808", "9" * 30)
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ids(app):
    """A consultation with a finished run, two themes and entries: what the forms below are about."""
    with app.app_context():
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        noise()
        members = [make_submission(sitting, text) for text in (*WASTE[:8], *FLOOD[:8])]
        run_id = services.start_run(consultation_id=consultation_id, actor=audit.COMMAND_LINE, now=utc_now())
        cluster = db.session.scalar(select(func.min(Cluster.id)).where(Cluster.run_id == run_id))
        undecided = queries.undecided_members(cluster)
        rest = [one for one in members if one not in undecided]
        # Once confirmed and undone, so that their rows come from the ledger like all others.
        first = make_theme(consultation_id, "Satu", rest[:2])
        second = make_theme(consultation_id, "Dua", rest[2:4])
        return {"consultation": consultation_id, "sitting": sitting, "cluster": cluster, "first": first,
                "second": second, "members": rest, "undecided": undecided, "loose": rest[4],
                "decision": db.session.scalar(select(func.max(Decision.id)))}


def forms(ids):
    """Path → a form of it that would be taken, as (name, value) of every field."""
    consultation, first, second = ids["consultation"], ids["first"], ids["second"]
    members = ids["members"]
    return {
        f"/staff/clusters/{ids['cluster']}/confirm": {"title": "Tiga", "n_shown": 1, "ticked": 1,
                                                      "submission_ids": ids["undecided"][0]},
        f"/staff/clusters/{ids['cluster']}/dismiss": {"reason": "Bukan tema", "n_shown": 1, "ticked": 1,
                                                      "submission_ids": ids["undecided"][0]},
        f"/staff/consultations/{consultation}/themes/merge": {"theme_ids": first, "title": "x"},
        f"/staff/consultations/{consultation}/themes/place": {"submission_ids": ids["loose"], "to_theme_id": first},
        f"/staff/themes/{first}/accept": {"submission_ids": ids["loose"], "ticked": 1, "version": 1},
        f"/staff/themes/{first}/rename": {"title": "Baru", "version": 1},
        f"/staff/themes/{first}/dimension": {"dimension_id": 1, "version": 1},
        f"/staff/themes/{first}/move": {"submission_ids": members[0], "to_theme_id": second, "version": 1,
                                        "reason": "x"},
        f"/staff/themes/{first}/split": {"submission_ids": members[0], "title": "Baru", "version": 1, "reason": "x"},
        f"/staff/themes/{first}/merge": {"to_theme_id": second, "version": 1, "reason": "x"},
        f"/staff/themes/{first}/dismiss": {"reason": "Bukan tema", "version": 1},
        f"/staff/themes/{first}/score": {"value_U": 3, "value_S": 3, "value_G": 3, "note": "x", "version": 0},
        f"/staff/themes/{first}/score/withdraw": {"version": 1},
        f"/staff/themes/{first}/response": {"status": "partly", "text": "Sudah dianggarkan.", "version": 0},
        f"/staff/submissions/{members[0]}/hide": {"reason_typed": "Data pribadi", "before": 5},
        f"/staff/consultations/{consultation}/runs": {"granularity": "1.0"},
        f"/staff/consultations/{consultation}/import": {"forum_session": ids["sitting"], "text": "isi",
                                                        "kind": "problem", "group": "", "area": ""},
        f"/staff/consultations/{consultation}/edit": {
            "title": "Judul", "purpose": "Mendengar usulan warga.", "controller": "Dinas", "contact": "kontak",
            "privacy_officer": "", "retention_months": 24, "moderation": "after", "version": 1},
        "/s/KRM479/react": {"submission": members[0], "value": "agree"},
    }


def test_no_number_or_character_in_any_field_breaks_a_form(app, as_administrator, ids):
    for path, fields in forms(ids).items():
        for name in fields:
            for value in (*NUMBERS, "a\x00b\x1b\x85"):
                answer = as_administrator.submit(path, {**fields, name: value})
                assert answer.status_code < 500, f"{path} {name}={value[:30]!r}"
    with app.app_context():
        titles = db.session.scalars(select(Theme.title)).all()
    assert not [title for title in titles if "\x00" in title]


def test_no_number_in_any_address_breaks_a_page(app, as_administrator, ids):
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule:
            continue
        for number in BIG:
            path = re.sub(r"<[^>]+>", number, rule.rule)
            method = as_administrator.get if "GET" in rule.methods else as_administrator.submit
            assert method(path).status_code == 404, path


@pytest.mark.parametrize("value", [*BIG, "-1", "x", "²"])
def test_no_number_in_any_query_breaks_a_page(as_administrator, ids, value):
    consultation = ids["consultation"]
    for path in ("/staff/", f"/staff/consultations/{consultation}/submissions",
                 f"/staff/consultations/{consultation}/themes", f"/staff/consultations/{consultation}/decisions"):
        assert as_administrator.get(path, query_string={"before": value, "after": value}).status_code == 200, path


@pytest.mark.parametrize("key", ["x", "nan_1", "0.5_99999999999999999999", "inf_2", "_", "0.5"])
def test_no_key_of_a_page_breaks_the_list_of_members(as_administrator, ids, key):
    assert as_administrator.get(f"/staff/themes/{ids['first']}", query_string={"after": key}).status_code in {200, 404}


def test_characters_that_no_database_keeps_are_neither_searched_nor_stored(app, as_administrator, ids):
    listed = as_administrator.get(f"/staff/consultations/{ids['consultation']}/submissions",
                                  query_string={"text": "sampah\x00"})
    assert listed.status_code == 200

    as_administrator.submit(f"/staff/consultations/{ids['consultation']}/import", {
        "forum_session": ids["sitting"], "text": "isi", "kind": "problem",
        "file": (io.BytesIO(b"isi\nPompa mati.\n"), "a\x00\x1bb" + "c" * 400 + ".csv")},
        content_type="multipart/form-data")

    with app.app_context():
        filename = db.session.scalars(select(ImportBatch.filename)).one()
    assert filename.isprintable()
    assert len(filename) <= 200


class TestForeignIds:
    """Every id in a form belongs to the consultation of the page, or the form is refused and nothing changes."""

    @pytest.fixture
    def foreign(self, app):
        with app.app_context():
            consultation_id = make_consultation(title="Forum ketiga")
            sitting = make_forum_session(consultation_id, join_code="FJK234")
            entries = [make_submission(sitting, text) for text in WASTE[:4]]
            return {"entries": entries, "sitting": sitting, "consultation": consultation_id,
                    "themes": [make_theme(consultation_id, "Asing satu", entries[:1]),
                               make_theme(consultation_id, "Asing dua", entries[1:2])]}

    def decisions(self, app):
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(Decision))

    def test_in_review(self, app, as_administrator, ids, foreign):
        consultation, first = ids["consultation"], ids["first"]
        theme, other = foreign["themes"]
        entry = foreign["entries"][2]
        before = self.decisions(app)
        for path, fields in (
                (f"/staff/consultations/{consultation}/themes/merge", {"theme_ids": [first, theme]}),
                (f"/staff/consultations/{consultation}/themes/merge", {"theme_ids": [theme, other]}),
                (f"/staff/consultations/{consultation}/themes/place", {"submission_ids": entry, "to_theme_id": first}),
                (f"/staff/consultations/{consultation}/themes/place", {"submission_ids": ids["loose"],
                                                                       "to_theme_id": theme}),
                (f"/staff/consultations/{consultation}/themes/place", {"submission_ids": entry, "title": "Baru"}),
                (f"/staff/themes/{first}/accept", {"submission_ids": entry, "ticked": 1}),
                (f"/staff/themes/{first}/move", {"submission_ids": ids["members"][0], "to_theme_id": theme}),
                (f"/staff/themes/{first}/move", {"submission_ids": foreign["entries"][0], "to_theme_id": "aside"}),
                (f"/staff/themes/{first}/split", {"submission_ids": foreign["entries"][0], "title": "Baru"}),
                (f"/staff/themes/{first}/merge", {"to_theme_id": theme}),
                (f"/staff/clusters/{ids['cluster']}/confirm", {"submission_ids": entry, "ticked": 1, "title": "Baru"}),
                (f"/staff/clusters/{ids['cluster']}/dismiss", {"submission_ids": entry, "ticked": 1, "reason": "x"})):
            answer = as_administrator.submit(path, fields)
            assert answer.status_code in {404, 409, 422}, f"{path} {fields} → {answer.status_code}"
        assert self.decisions(app) == before

    def test_in_imports(self, app, as_administrator, ids, foreign):
        answer = as_administrator.submit(f"/staff/consultations/{ids['consultation']}/import", {
            "forum_session": foreign["sitting"], "text": "isi", "kind": "problem",
            "file": (io.BytesIO(b"isi\nPompa mati.\n"), "a.csv")}, content_type="multipart/form-data")
        assert answer.status_code == 422
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(ImportBatch)) == 0

    def test_in_reactions(self, app, client, ids, foreign):
        client.post("/s/KRM479/react", data={"submission": foreign["entries"][0], "value": "agree"},
                    headers=FROM_OUR_PAGE)
        from forum.reactions.models import Reaction
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Reaction)) == 0


def test_every_staff_form_is_refused_without_its_token(app, as_administrator):
    for rule in app.url_map.iter_rules():
        audiences = app.view_functions[rule.endpoint].audiences
        if "POST" not in rule.methods or "participant" in audiences:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = as_administrator.post(path, headers=FROM_OUR_PAGE)
        assert answer.status_code in {400, 401}, f"POST {path} came in without a token: {answer.status_code}"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
