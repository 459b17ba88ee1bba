"""Scoring themes: sheets of several assessors, refusals that lose nothing, themes that are gone."""
import pytest
from prioritising import GOOD, make_forum, page
from sqlalchemy import select
from staff_client import make_account
from theme_builders import make_theme, score

from forum import audit
from forum.audit import AuditEntry
from forum.db import db, utc_now, writing
from forum.errors import NotFound, StaleVersion
from forum.priorities import queries, services
from forum.priorities.models import Assessment, Criterion, Score
from forum.review.models import Theme


@pytest.fixture
def forum(app):
    return make_forum(app)


class TestScoring:
    def test_the_form_asks_one_question_per_criterion_and_writes_nothing(self, app, as_planner, forum):
        shown = as_planner.get(page(forum))
        assert shown.status_code == 200
        assert shown.text.count('type="radio"') == 15
        assert "Seberapa mendesak" in shown.text
        with app.app_context():
            assert db.session.scalars(select(Criterion)).all() == []

    def test_first_score_stores_the_criteria_and_leads_to_the_next_unscored_theme(self, app, as_planner, forum):
        answer = as_planner.submit(page(forum), GOOD)

        assert answer.status_code == 303
        assert answer.location == page(forum, "lights")
        with app.app_context():
            criteria = queries.stored_criteria(forum["consultation"])
            assert [(one.code, one.weight, one.scale_min, one.scale_max) for one in criteria] == [
                ("U", 1.0, 1, 5), ("S", 1.0, 1, 5), ("G", 1.0, 1, 5)]
            assert [sheet.values for sheet in queries.sheets_of(forum["flood"])] == [{"U": 5, "S": 4, "G": 3}]

    def test_after_the_last_theme_the_ranking_opens(self, as_planner, forum):
        as_planner.submit(page(forum), GOOD)
        assert as_planner.submit(page(forum, "lights"), GOOD).location == forum["ranking"]

    def test_the_ranking_opens_when_it_was_asked_for(self, as_planner, forum):
        assert as_planner.submit(page(forum), {**GOOD, "then": "ranking"}).location == forum["ranking"]

    def test_next_after_the_last_title_starts_again_at_the_top(self, as_planner, forum):
        assert as_planner.submit(page(forum, "lights"), GOOD).location == page(forum, "flood")

    def test_themes_without_entries_come_last(self, app, as_planner, forum):
        with app.app_context():
            forum["airport"] = make_theme(forum["consultation"], "Bandar udara")

        shown = as_planner.get(forum["ranking"]).text

        unscored = shown[shown.index('id="unscored"'):]
        assert unscored.index("Genangan rob") < unscored.index("Lampu jalan") < unscored.index("Bandar udara")
        assert page(forum) in shown
        assert as_planner.submit(page(forum), GOOD).location == page(forum, "lights")
        assert as_planner.submit(page(forum, "lights"), GOOD).location == page(forum, "airport")
        assert as_planner.submit(page(forum, "airport"), GOOD).location == forum["ranking"]

    @pytest.mark.parametrize(("fields", "words"), [
        ({"value_U": "6"}, "Nilai Urgensi harus dari 1 sampai 5."),
        ({"value_U": "0"}, "Nilai Urgensi harus dari 1 sampai 5."),
        ({"value_S": "-1"}, "Nilai Keseriusan harus dari 1 sampai 5."),
        ({"value_G": "tinggi"}, "Nilai Perkembangan harus dari 1 sampai 5."),
        ({"value_G": ""}, "Pilih nilai Perkembangan."),
        ({"note": "x" * 1001}, "Catatan terlalu panjang."),
    ])
    def test_what_is_outside_the_scale_is_refused_in_words_and_the_rest_survives(self, app, as_planner, forum, fields,
                                                                                 words):
        answer = as_planner.submit(page(forum), {**GOOD, "note": "Alasan saya panjang", **fields})

        assert answer.status_code == 422
        assert words in answer.text
        assert answer.text.count(" checked") == sum(1 <= int(value) <= 5 for name, value in {**GOOD, **fields}.items()
                                                    if name.startswith("value_") and value.lstrip("-").isdigit())
        assert "note" in fields or "Alasan saya panjang" in answer.text
        with app.app_context():
            assert db.session.scalars(select(Assessment)).all() == []

    def test_a_second_save_replaces_the_sheet_and_counts_its_version(self, app, as_planner, forum):
        as_planner.submit(page(forum), GOOD)
        changed = as_planner.submit(page(forum), {**GOOD, "value_U": "1", "version": "1", "note": "Turun."})

        assert changed.status_code == 303
        with app.app_context():
            sheet, = queries.sheets_of(forum["flood"])
            assert (sheet.values, sheet.version, sheet.note) == ({"U": 1, "S": 4, "G": 3}, 2, "Turun.")

    def test_a_stale_sheet_says_what_is_stored_and_keeps_what_was_typed(self, app, as_planner, forum):
        as_planner.submit(page(forum), GOOD)

        refused = as_planner.submit(page(forum), {**GOOD, "value_U": "2", "note": "Versi kedua"})

        assert refused.status_code == 409
        assert "U 5, S 4, G 3" in refused.text
        assert "Versi kedua" in refused.text
        assert 'name="version" type="hidden" value="1"' in refused.text
        with app.app_context():
            sheet, = queries.sheets_of(forum["flood"])
            assert sheet.values["U"] == 5

    def test_withdrawing_removes_only_ones_own_sheet(self, app, as_planner, forum):
        with app.app_context():
            score(forum["flood"], make_account("planner", "kedua"), 2, 2, 2)
        as_planner.submit(page(forum), GOOD)

        answer = as_planner.submit(f"{page(forum)}/withdraw", {"version": "1"})

        assert answer.status_code == 303
        with app.app_context():
            assert [sheet.values["U"] for sheet in queries.sheets_of(forum["flood"])] == [2]
            assert len(db.session.scalars(select(Score)).all()) == 3

    def test_withdrawing_twice_or_an_older_version_is_refused(self, as_planner, forum):
        as_planner.submit(page(forum), GOOD)
        assert as_planner.submit(f"{page(forum)}/withdraw", {"version": "9"}).status_code == 409
        assert as_planner.submit(f"{page(forum)}/withdraw", {"version": "1"}).status_code == 303
        assert as_planner.submit(f"{page(forum)}/withdraw", {"version": "1"}).status_code == 404

    def test_the_audit_log_holds_the_values_before_and_after(self, app, as_planner, forum):
        as_planner.submit(page(forum), GOOD)
        as_planner.submit(page(forum), {**GOOD, "value_U": "1", "version": "1"})
        as_planner.submit(f"{page(forum)}/withdraw", {"version": "2"})

        with app.app_context():
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "theme")
                                         .order_by(AuditEntry.id)).all()
            first, second = {"U": 5, "S": 4, "G": 3}, {"U": 1, "S": 4, "G": 3}
            assert [(entry.action, entry.detail["before"], entry.detail["after"]) for entry in entries] == [
                ("priorities.score", {}, first), ("priorities.score", first, second),
                ("priorities.withdraw_assessment", second, {})]
            assert {entry.actor_id for entry in entries} == {as_planner.account_id}

    def test_others_values_are_shown_only_after_ones_own_are_in(self, app, as_planner, forum):
        with app.app_context():
            score(forum["flood"], make_account("planner", "kedua"), 2, 2, 2, note="Rahasia sampai dinilai")

        before = as_planner.get(page(forum)).text
        as_planner.submit(page(forum), GOOD)
        after = as_planner.get(page(forum)).text

        assert "Rahasia sampai dinilai" not in before
        assert "Nilai semua penilai" not in before
        assert "Rahasia sampai dinilai" in after

    def test_the_score_page_shows_masked_quotes_and_support(self, as_planner, forum):
        text = as_planner.get(page(forum)).text
        assert "Rob masuk dapur" in text
        assert "081234567890" not in text
        assert "3 orang" in text
        assert "4 masukan" in text


class TestWhoMay:
    def test_facilitator_reads_the_ranking_but_does_not_score(self, as_facilitator, forum):
        ranking = as_facilitator.get(forum["ranking"])
        assert ranking.status_code == 200
        assert page(forum) not in ranking.text
        assert as_facilitator.get(page(forum)).status_code == 403
        assert as_facilitator.submit(page(forum), GOOD).status_code == 403
        assert as_facilitator.submit(f"{page(forum)}/withdraw", {"version": "1"}).status_code == 403

    def test_administrator_may_both(self, as_administrator, forum):
        assert as_administrator.get(forum["ranking"]).status_code == 200
        assert as_administrator.submit(page(forum), GOOD).status_code == 303

    def test_strangers_are_sent_to_the_sign_in_page(self, client, forum):
        assert client.get(forum["ranking"]).location.startswith("/staff/sign-in")

    def test_the_command_line_is_no_assessor(self, context, forum):
        with pytest.raises(services.NoAssessor):
            services.score_theme(theme_id=forum["flood"], values={"U": 1, "S": 1, "G": 1}, note="", version=0,
                                 actor=audit.COMMAND_LINE, now=utc_now())


class TestThemesThatAreGone:
    def test_a_merged_theme_leads_to_the_one_that_took_it_in(self, app, as_planner, forum):
        with app.app_context(), writing() as session:
            theme = session.get_one(Theme, forum["lights"])
            theme.state, theme.merged_into_id = "merged", forum["flood"]
        assert as_planner.get(page(forum, "lights")).location == page(forum)
        assert as_planner.submit(page(forum, "lights"), GOOD).status_code == 409

    def test_a_dismissed_theme_leads_to_the_ranking_and_leaves_it(self, app, as_planner, forum):
        as_planner.submit(page(forum, "lights"), GOOD)
        with app.app_context():
            with writing() as session:
                session.get_one(Theme, forum["lights"]).state = "dismissed"
            assert [one.theme_id for one in queries.ranked_issues(forum["consultation"])] == [forum["flood"]]
            assert {one.name: one.n_scored for one in queries.progress(forum["consultation"])} == {"Planner Uji": 0}
        assert as_planner.get(page(forum, "lights")).location == forum["ranking"]

    def test_themes_and_consultations_that_never_were_are_not_found(self, as_planner, forum):
        assert as_planner.get("/staff/themes/999/score").status_code == 404
        assert as_planner.get("/staff/consultations/999/priorities").status_code == 404


class TestServices:
    def test_criteria_are_made_once(self, context, forum):
        first = services.ensure_criteria(consultation_id=forum["consultation"], actor=audit.COMMAND_LINE,
                                         now=utc_now())
        again = services.ensure_criteria(consultation_id=forum["consultation"], actor=audit.COMMAND_LINE,
                                         now=utc_now())
        assert first == again
        assert len(first) == 3
        with pytest.raises(NotFound):
            services.ensure_criteria(consultation_id=999, actor=audit.COMMAND_LINE, now=utc_now())

    @pytest.mark.parametrize("values", [
        {"U": 1, "S": 1}, {"U": 1, "S": 1, "G": 6}, {"U": 1, "S": 1, "G": 1.5}, {"U": 1, "S": 1, "G": 1, "X": 1}])
    def test_incomplete_and_unknown_values_are_refused(self, context, forum, values):
        with pytest.raises(services.UnusableScore):
            services.score_theme(theme_id=forum["flood"], values=values, note="", version=0,
                                 actor=audit.Actor(make_account("planner"), "Uji"), now=utc_now())
        assert db.session.scalars(select(Assessment)).all() == []

    def test_a_sheet_that_exists_is_not_made_a_second_time(self, context, forum):
        assessor = make_account("planner")
        score(forum["flood"], assessor, 3, 3, 3)
        with pytest.raises(StaleVersion):
            score(forum["flood"], assessor, 4, 4, 4)
        assert len(db.session.scalars(select(Assessment)).all()) == 1
