"""Scoring themes and reading the ranked list, with rank, firmness and support beside it."""
import re

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import event, select
from staff_client import make_account
from theme_builders import make_theme, score

from forum import audit
from forum.audit import AuditEntry
from forum.consultations.models import Consultation
from forum.db import db, utc_now, writing
from forum.errors import NotFound, StaleVersion
from forum.priorities import queries, services
from forum.priorities.issues import Name, Share, without_small_cells
from forum.priorities.models import Assessment, Criterion, Score
from forum.review.models import Theme
from forum.submissions.models import Submission

GOOD = {"value_U": "5", "value_S": "4", "value_G": "3", "note": "", "version": "0"}


@pytest.fixture
def forum(app):
    """Two themes: flooding (four entries of three people) and street lights (one entry), besides other forums."""
    with app.app_context():
        noise()
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        flood = [
            make_submission(sitting, "Jalan kampung kami terendam tiap pasang.", participant="ani", group="resident"),
            make_submission(sitting, "Rob masuk dapur, hubungi 081234567890 bila perlu.", participant="ani",
                            group="resident", kind="proposal", approach="technology"),
            make_submission(sitting, "Pompa air di ujung gang tidak pernah menyala.", participant="budi",
                            group="academic", area="99.01.1002"),
            make_submission(sitting, "Tanggul retak, air asin naik ke sawah.", group="resident"),
        ]
        lights = [make_submission(sitting, "Lampu jalan mati sebulan.", participant="citra", group="community")]
        loose = make_submission(sitting, "Salam untuk semua panitia.", participant="dewi", group=None, area=None)
        return {
            "consultation": consultation_id, "sitting": sitting, "flood_entries": flood, "loose": loose,
            "flood": make_theme(consultation_id, "Genangan rob", flood, quotes=[flood[1]], phrases=["rob", "pompa"],
                                dimension="environment.protection"),
            "lights": make_theme(consultation_id, "Lampu jalan", lights, dimension="living"),
            "ranking": f"/staff/consultations/{consultation_id}/priorities",
        }


def page(forum, theme="flood"):
    return f"/staff/themes/{forum[theme]}/score"


def issue(forum, theme="flood"):
    return next(one for one in queries.ranked_issues(forum["consultation"]) if one.theme_id == forum[theme])


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


class TestRankedIssues:
    def test_rank_means_and_spread_come_from_all_assessors(self, context, forum):
        first, second = make_account("planner", "satu"), make_account("planner", "dua")
        score(forum["flood"], first, 5, 5, 4)
        score(forum["flood"], second, 3, 5, 2)
        score(forum["lights"], first, 1, 2, 3)

        issues = queries.ranked_issues(forum["consultation"])

        assert [(one.theme_id, one.ranked.rank) for one in issues] == [(forum["flood"], 1), (forum["lights"], 2)]
        flood = issues[0].ranked
        assert (flood.total, flood.means) == (12.0, {"U": 4.0, "S": 5.0, "G": 3.0})
        assert (flood.lowest, flood.highest, flood.deviation, flood.n_assessors) == (10.0, 14.0, 2.0, 2)

    def test_support_counts_people_once_and_by_group_and_area(self, context, forum):
        support = issue(forum).support
        assert (support.n_people, support.n_entries) == (3, 4)
        assert [(share.name.code, share.n_people) for share in support.by_group] == [("resident", 2), ("academic", 1)]
        assert [(share.name.name_id, share.n_people) for share in support.by_area] == [("Pesisir", 2), ("Bukit", 1)]
        assert support.kinds == {"problem": 3, "proposal": 1}
        assert support.approaches == {"": 3, "technology": 1}

    def test_hidden_and_withdrawn_entries_support_nothing_and_are_not_quoted(self, context, forum):
        quoted, other = forum["flood_entries"][1], forum["flood_entries"][3]
        with writing() as session:
            session.get_one(Submission, quoted).state = "hidden"
            withdrawn = session.get_one(Submission, other)
            withdrawn.state, withdrawn.withdrawn_at = "withdrawn", utc_now()

        flood = issue(forum)

        assert flood.submission_ids == (forum["flood_entries"][0], forum["flood_entries"][2])
        assert (flood.support.n_people, flood.support.n_entries) == (2, 2)
        assert {quote.submission_id for quote in flood.quotes} == set(flood.submission_ids)

    def test_quotes_are_word_for_word_with_personal_data_masked(self, context, forum):
        quote, = issue(forum).quotes
        assert quote.submission_id == forum["flood_entries"][1]
        assert quote.text == "Rob masuk dapur, hubungi [nomor telepon] bila perlu."

    def test_dimension_and_sub_dimension_are_told_apart(self, context, forum):
        flood, lights = issue(forum), issue(forum, "lights")
        assert (flood.dimension.code, flood.sub_dimension.code) == ("environment", "environment.protection")
        assert (lights.dimension.code, lights.sub_dimension) == ("living", None)

    def test_ties_share_a_rank_in_order_of_title_and_unscored_themes_come_last(self, context, forum):
        assessor = make_account("planner")
        third = make_theme(forum["consultation"], "Alun-alun kotor")
        waiting = make_theme(forum["consultation"], "Aaa belum dinilai")
        for theme_id, values in ((forum["lights"], (3, 3, 3)), (forum["flood"], (4, 3, 2)), (third, (1, 1, 1))):
            score(theme_id, assessor, *values)

        issues = queries.ranked_issues(forum["consultation"])

        assert [(one.title, one.ranked.rank if one.ranked else None) for one in issues] == [
            ("Genangan rob", 1), ("Lampu jalan", 1), ("Alun-alun kotor", 3), ("Aaa belum dinilai", None)]
        assert issues[3].theme_id == waiting

    def test_representation_counts_everybody_and_names_groups_without_anybody(self, context, forum):
        pack_id = db.session.get_one(Consultation, forum["consultation"]).pack_id
        everybody = queries.representation(forum["consultation"], pack_id=pack_id)
        assert (everybody.n_people, everybody.n_entries) == (5, 6)
        assert [(share.name.code, share.n_people) for share in everybody.by_group] == [
            ("resident", 2), ("academic", 1), ("community", 1), ("", 1)]

    @pytest.mark.parametrize("n_themes", [1, 12])
    def test_the_number_of_queries_does_not_grow_with_the_list(self, context, forum, n_themes):
        assessor = make_account("planner")
        for number in range(n_themes):
            entry = make_submission(forum["sitting"], f"Masukan {number}", participant=str(number))
            score(make_theme(forum["consultation"], f"Tema {number}", [entry]), assessor, 3, 3, 3)
        statements = []
        event.listen(db.engine, "before_cursor_execute", lambda *details: statements.append(details[2]))

        issues = queries.ranked_issues(forum["consultation"])

        assert len(issues) == n_themes + 2
        assert len(statements) <= 12, statements


class TestRankingPage:
    def test_it_shows_rank_range_means_support_and_progress(self, app, as_planner, forum):
        with app.app_context():
            score(forum["flood"], make_account("planner", "kedua"), 4, 4, 4)
        as_planner.submit(page(forum), GOOD)
        as_planner.submit(page(forum, "lights"), {**GOOD, "value_U": "1"})

        text = as_planner.get(forum["ranking"]).text.replace("\u00a0", " ")

        assert text.index("Genangan rob") < text.index("Lampu jalan")
        assert 'aria-label="Peringkat 1, rentang tetap 1"' in text
        assert "12,00" in text
        assert "3 orang" in text
        assert "2/2" in text
        assert "1/2" in text
        assert "Kepner dan Tregoe" in text

    def test_unscored_themes_are_listed_apart_with_a_link(self, as_planner, forum):
        text = as_planner.get(forum["ranking"]).text
        unscored = text[text.index('id="unscored"'):]
        assert page(forum) in unscored
        assert "Daftar peringkat" not in text

    def test_a_theme_title_is_text_and_never_markup(self, app, as_planner, forum):
        with app.app_context():
            make_theme(forum["consultation"], "<script>alert(1)</script>")
        text = as_planner.get(forum["ranking"]).text
        assert "&lt;script&gt;alert(1)" in text
        assert not re.search(r"<script>", text)

    def test_without_themes_it_points_back_to_the_review(self, app, as_planner):
        with app.app_context():
            consultation_id = make_consultation()
        text = as_planner.get(f"/staff/consultations/{consultation_id}/priorities").text
        assert "Belum ada tema" in text
        assert f"/staff/consultations/{consultation_id}/themes" in text

    def test_it_speaks_english(self, as_planner, forum):
        as_planner.set_cookie("language", "en")
        text = as_planner.get(page(forum)).text
        assert "How pressing is it to act" in text


def test_small_cells_are_withheld_on_public_pages_and_cannot_be_worked_out():
    def shares(*counts):
        return [Share(Name(str(place), "", ""), count) for place, count in enumerate(counts)]

    def shown(*counts):
        return [count for _, count in without_small_cells(shares(*counts))]

    assert shown(9, 3, 0) == [9, 3, 0]
    assert shown(9, 2, 1) == [9, None, None]
    assert shown(9, 5, 2) == [9, None, None]
    assert shown(2) == [None]
