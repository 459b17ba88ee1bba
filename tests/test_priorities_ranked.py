"""The ranked list, with rank, firmness and support beside it."""
import re

import pytest
from builders import make_consultation, make_submission
from prioritising import GOOD, issue, make_forum, page
from sqlalchemy import event
from staff_client import make_account
from theme_builders import make_theme, score

from forum.consultations.models import Consultation
from forum.db import db, utc_now, writing
from forum.priorities import queries
from forum.submissions.models import Submission


@pytest.fixture
def forum(app):
    return make_forum(app)


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
