"""What reviewers see and are told: two at once, the accounting, the pages, the receipt."""
import re
from threading import Barrier, Thread

import pytest
from analysis_texts import WASTE
from builders import make_consultation, make_submission
from flask import render_template
from review_forum import Forum
from sqlalchemy import event, func, select
from staff_client import sign_in_as

from forum.audit import Actor, AuditEntry
from forum.db import db, utc_now, writing
from forum.review import queries, services
from forum.review.models import AnalysisRun, Cluster, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission


@pytest.fixture
def forum(app, as_facilitator):
    return Forum(app, as_facilitator)


class TestTwoEditors:
    def test_the_second_rename_is_refused_with_both_titles_and_keeps_what_was_typed(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        second = sign_in_as(forum.app, "facilitator", "kedua")
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Sampah pasar")

        answer = second.submit(f"/staff/themes/{waste}/rename", {"version": 1, "title": "Limbah kota",
                                                                 "for": "rename"})

        assert answer.status_code == 409
        assert "Sekarang berjudul “Sampah pasar”" in answer.text
        assert "“Limbah kota”, belum disimpan" in answer.text
        assert 'value="Limbah kota"' in answer.text
        assert "Facilitator Uji mengubah tema ini" in answer.text
        assert forum.theme("Sampah pasar").id == waste

    def test_the_same_group_is_confirmed_once(self, forum):
        forum.run()
        cluster_id, _size = forum.cluster_of("waste")
        forum.confirm("waste", "Sampah")
        answer = forum.do(f"/staff/clusters/{cluster_id}/confirm", 409, title="Limbah", to="board")
        assert "sudah masuk tema “Sampah”" in answer.text
        assert "“Limbah”, belum disimpan" in answer.text

    def test_a_merge_with_a_theme_that_changed_meanwhile_is_refused(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        seen = {f"version-{waste}": 1, f"version-{light}": 1}
        forum.do(f"/staff/themes/{light}/rename", version=1, title="Gang gelap")
        answer = forum.do(f"{forum.board}/merge", 409, theme_ids=[waste, light], **seen)
        assert "“Gang gelap”" in answer.text

    def test_work_on_a_theme_that_was_merged_away_says_where_it_went(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        forum.do(f"/staff/themes/{waste}/merge", to_theme_id=light, version=1)
        answer = forum.do(f"/staff/themes/{waste}/rename", 409, version=1, title="Limbah")
        assert "sudah digabung ke tema “Lampu”" in answer.text


    def test_two_who_confirm_at_the_same_moment_get_one_theme_and_one_refusal(self, forum):
        forum.run()
        cluster_id, size = forum.cluster_of("waste")
        start, outcomes = Barrier(2), []

        def confirm(title):
            with forum.app.app_context():
                start.wait()
                try:
                    outcomes.append(services.confirm_cluster(
                        cluster_id=cluster_id, title=title, actor=Actor(None, title), now=utc_now()))
                except services.DecisionRefused as refusal:
                    outcomes.append(str(refusal))

        threads = [Thread(target=confirm, args=(title,)) for title in ("Satu", "Dua")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        refusals = [outcome for outcome in outcomes if isinstance(outcome, str)]
        assert len(outcomes) == 2
        assert len(refusals) == 1
        assert "sudah masuk tema" in refusals[0]
        assert forum.check().in_themes == size


class TestAccounting:
    def test_every_entry_is_in_one_bucket_whatever_happens_to_it(self, forum):
        fresh = forum.check()
        assert (fresh.received, fresh.waiting) == (50, 50)
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        inside = sorted(forum.members(waste))
        before = forum.check()

        forum.set_state(inside[0], "hidden")
        forum.set_state(inside[1], "withdrawn")
        with forum.app.app_context():
            make_submission(forum.sitting, "Belum diperiksa petugas.", state="waiting")
            make_submission(forum.sitting, "Baru masuk setelah analisis.")

        after = forum.check()
        assert (after.hidden, after.withdrawn, after.received) == (1, 1, 52)
        assert after.in_themes == before.in_themes - 2
        assert after.waiting == before.waiting + 2
        page = forum.get(forum.board).text
        assert "52 diterima" in page
        assert "Tidak ada yang hilang." in page

    def test_the_identity_fails_and_verify_tells_when_a_row_is_lost(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        lost = min(forum.members(waste))
        with forum.app.app_context(), writing() as session:
            session.get_one(Theme, waste).state = "dismissed"
        with forum.app.app_context():
            broken = queries.verify(forum.id)
            assert not broken.holds
            assert not broken.accounting.holds
            assert broken.wrong_themes == (waste,)
        assert "Jumlahnya tidak cocok" in forum.get(forum.board).text
        with forum.app.app_context(), writing() as session:
            session.get_one(Theme, waste).state = "confirmed"
            session.delete(session.get_one(ThemeMember, lost))
        with forum.app.app_context():
            assert queries.verify(forum.id).wrong_members == (lost,)

    def test_live_members_leave_out_hidden_entries_and_dead_themes(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        hidden = min(forum.members(waste))
        forum.set_state(hidden, "hidden")
        forum.do(f"/staff/themes/{light}/dismiss", version=1, reason="Bukan tema")
        with forum.app.app_context():
            assert queries.members_of_themes(forum.id) == {waste: tuple(sorted(forum.members(waste) - {hidden}))}
            assert [theme.id for theme in queries.themes_confirmed(forum.id)] == [waste]


class TestPages:
    def test_the_board_asks_a_bounded_number_of_questions(self, forum):
        forum.run()
        for name in ("waste", "flood", "light"):
            forum.confirm(name, name)
        with forum.app.app_context():
            statements = []
            event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
            assert forum.get(forum.board).status_code == 200
            questions = [one for one in statements if one.startswith("SELECT")]
            assert 5 < len(questions) <= 15, questions

    def test_the_board_warns_of_mixed_groups_only_while_they_are_undecided(self, forum):
        forum.run()
        (first, _size), (second, _size) = forum.cluster_of("waste"), forum.cluster_of("light")
        with forum.app.app_context(), writing() as session:
            for cluster_id in (first, second):
                session.get_one(Cluster, cluster_id).is_mixed = True
            run_id = queries.latest_run(forum.id).id
            session.get_one(AnalysisRun, run_id).warnings = [
                {"code": "mixed_clusters", "count": 2, "message": "?"},
                {"code": "without_words", "count": 4, "message": "?"}]
        assert "2 kelompok usulan isinya campuran" in forum.get(forum.board).text
        forum.confirm("waste", "Sampah")
        assert "1 kelompok usulan isinya campuran" in forum.get(forum.board).text
        forum.do(f"/staff/clusters/{second}/dismiss", reason="Terlalu umum", n_shown=forum.cluster_of("light")[1])
        page = forum.get(forum.board).text
        assert "isinya campuran" not in page
        assert "4 masukan tidak memuat kata yang bermakna" in page
        # What the run brought stays as it was.
        assert "2 kelompok usulan isinya campuran" in forum.get(f"/staff/runs/{run_id}/changes").text

    def test_planners_read_everything_and_change_nothing(self, forum, as_planner):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        cluster_id, _size = forum.cluster_of("light")
        for path in (forum.board, f"/staff/themes/{waste}", f"/staff/clusters/{cluster_id}",
                     f"/staff/consultations/{forum.id}/decisions"):
            page = as_planner.get(path)
            assert page.status_code == 200
            assert page.text.count('method="post"') - page.text.count("/staff/sign-out") <= 2
            assert "Terima sebagai tema" not in page.text
            assert "Urungkan</button>" not in page.text
        for path in (f"/staff/clusters/{cluster_id}/confirm", f"/staff/themes/{waste}/rename",
                     f"/staff/decisions/{forum.last_decision()}/undo", f"/staff/consultations/{forum.id}/runs"):
            assert as_planner.submit(path, {"title": "X", "version": 1}).status_code == 403

    def test_members_are_listed_weak_first_and_continue_by_key(self, forum):
        many = forum.add("waste", [f"{text} nomor {number}" for number in range(6) for text in WASTE])
        forum.run()
        with forum.app.app_context():
            ids = queries.undecided_members(forum.cluster_of("waste")[0])
        waste = forum.confirm("waste", "Sampah")
        assert len(ids) > 50
        assert set(many) & set(ids)

        first = forum.get(f"/staff/themes/{waste}").text
        following = re.search(r"after=([^#\"]+)", first).group(1)
        second = forum.get(f"/staff/themes/{waste}?after={following}").text

        shown = [[int(one) for one in re.findall(r'name="submission_ids" value="(\d+)"', page)]
                 for page in (first, second)]
        assert len(shown[0]) == 50
        assert sorted(shown[0] + shown[1]) == ids
        with forum.app.app_context():
            sure = dict(db.session.execute(select(RunMember.submission_id, RunMember.confidence)).all())
        assert [sure[one] for one in shown[0]] == sorted(sure[one] for one in shown[0])

    def test_a_title_that_is_missing_or_too_long_is_refused(self, forum):
        forum.run()
        cluster_id, _size = forum.cluster_of("waste")
        for title in ("", "   ", "x" * 121):
            answer = forum.do(f"/staff/clusters/{cluster_id}/confirm", 422, title=title, to="board",
                              **{"for": f"c{cluster_id}"})
            assert "udul tema" in answer.text
        assert forum.decided() == {}

    def test_unknown_objects_are_not_found(self, forum):
        for path in ("/staff/consultations/999/themes", "/staff/themes/999", "/staff/clusters/999",
                     "/staff/runs/999", "/staff/runs/999/changes", "/staff/consultations/999/decisions",
                     "/staff/jobs/999"):
            assert forum.get(path).status_code == 404
        for path in ("/staff/decisions/999/undo", "/staff/themes/999/rename", "/staff/clusters/999/confirm",
                     "/staff/consultations/999/runs", "/staff/jobs/999/cancel"):
            assert forum.client.submit(path, {"title": "X"}).status_code == 404

    def test_entries_of_another_consultation_cannot_be_pulled_in(self, forum):
        with forum.app.app_context():
            foreign = db.session.scalar(select(func.max(Submission.id)).where(Submission.consultation_id != forum.id))
        answer = forum.do(f"{forum.board}/place", 409, submission_ids=[foreign], title="Curian")
        assert "disembunyikan atau ditarik" in answer.text

    def test_each_decision_leaves_one_audit_entry_without_texts(self, forum):
        forum.run()
        forum.confirm("waste", "Sampah")
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        with forum.app.app_context():
            entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("review."))
                                              .order_by(AuditEntry.id)))
        assert [entry.action for entry in entries] == [
            "review.start_run", "review.finish_run", "review.confirm", "review.undo"]
        assert "sampah" not in str([entry.detail for entry in entries]).lower()


def test_the_receipt_tells_the_theme_and_the_reason(forum):
    part = next(one for one in forum.app.extensions["forum_receipt_parts"] if one.__module__ == "forum.review.routes")
    forum.run()
    waste = forum.confirm("waste", "Sampah")
    ids = sorted(forum.members(waste))
    forum.do(f"/staff/themes/{waste}/move", version=1, submission_ids=ids[:1], to_theme_id="aside",
             reason="Bukan tentang sampah")
    with forum.app.app_context():
        moved, kept, undecided = (db.session.get(Submission, one) for one in
                                  (ids[0], ids[1], forum.entries["light"][0]))
        assert part(kept)["theme_title"] == "Sampah"
        assert (part(moved)["theme_title"], part(moved)["reason"]) == (None, "Bukan tentang sampah")
        assert part(undecided) is None
        with forum.app.test_request_context():
            page = render_template("review/_receipt.html", part=part(moved))
    assert "Alasan: Bukan tentang sampah" in page


def test_the_board_of_an_empty_consultation_says_what_to_do(forum):
    with forum.app.app_context():
        empty = make_consultation(title="Kosong")
    page = forum.get(f"/staff/consultations/{empty}/themes")
    assert page.status_code == 200
    assert "Belum pernah dianalisis" in page.text
