"""From proposed groups to themes: what people decide stands, whatever is analysed again, and nothing is lost."""
import re
from threading import Barrier, Thread

import pytest
from analysis_texts import CLINIC, FLOOD, LIGHT, PARKING, THEMES, WASTE
from builders import make_consultation, make_forum_session, make_submission, noise
from flask import render_template
from sqlalchemy import event, func, select
from staff_client import sign_in_as

from forum.audit import Actor, AuditEntry
from forum.consultations.models import Dimension
from forum.db import db, utc_now, writing
from forum.review import queries, services
from forum.review.models import Cluster, Decision, RunMember, Theme, ThemeMember
from forum.submissions.models import Submission


class Forum:
    """A consultation with sixty entries of five themes, seen by a facilitator; every step checks the accounting."""

    def __init__(self, app, client):
        self.app, self.client = app, client
        with app.app_context():
            self.id = make_consultation()
            self.sitting = make_forum_session(self.id)
            noise()
        self.entries = {}
        for name, texts in THEMES.items():
            self.add(name, texts[:10])

    def add(self, name, texts):
        with self.app.app_context():
            made = [make_submission(self.sitting, text) for text in texts]
        self.entries.setdefault(name, []).extend(made)
        return made

    def get(self, path):
        return self.client.get(path)

    def do(self, path, status=303, **fields):
        answer = self.client.submit(path, fields)
        assert answer.status_code == status, answer.text
        self.check()
        return answer

    def check(self):
        with self.app.app_context():
            verified = queries.verify(self.id)
            assert verified.holds, verified
        return verified.accounting

    def run(self):
        self.do(f"/staff/consultations/{self.id}/runs")

    @property
    def board(self):
        return f"/staff/consultations/{self.id}/themes"

    def cluster_of(self, name):
        """Id and size of the group of the latest run that holds most entries of a known theme."""
        with self.app.app_context():
            run = queries.latest_run(self.id)
            return db.session.execute(
                select(Cluster.id, Cluster.size).join(RunMember, RunMember.cluster_id == Cluster.id)
                .where(Cluster.run_id == run.id, RunMember.submission_id.in_(self.entries[name]))
                .group_by(Cluster.id, Cluster.size).order_by(func.count().desc()).limit(1)).one()

    def confirm(self, name, title):
        cluster_id, _size = self.cluster_of(name)
        self.do(f"/staff/clusters/{cluster_id}/confirm", title=title)
        return self.theme(title).id

    def theme(self, title):
        with self.app.app_context():
            return db.session.scalars(select(Theme).where(Theme.consultation_id == self.id,
                                                          Theme.title == title)).one()

    def members(self, theme_id):
        with self.app.app_context():
            return set(db.session.scalars(select(ThemeMember.submission_id).where(
                ThemeMember.theme_id == theme_id)))

    def decided(self):
        with self.app.app_context():
            rows = db.session.execute(select(ThemeMember.submission_id, ThemeMember.theme_id))
            return dict(rows.all())

    def set_state(self, submission_id, state):
        with self.app.app_context(), writing() as session:
            session.get_one(Submission, submission_id).state = state

    def last_decision(self):
        with self.app.app_context():
            return db.session.scalar(select(func.max(Decision.id)).where(Decision.consultation_id == self.id))


@pytest.fixture
def forum(app, as_facilitator):
    return Forum(app, as_facilitator)


class TestJourney:
    def test_three_themes_confirmed_renamed_and_merged_survive_a_second_run_with_thirty_new_entries(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah menumpuk")
        flood = forum.confirm("flood", "Rob")
        light = forum.confirm("light", "Gang gelap")
        forum.do(f"/staff/themes/{flood}/rename", version=forum.theme("Rob").version, title="Rob dan tanggul")
        forum.do(f"{forum.board}/merge", theme_ids=[flood, light], title="Rob dan lampu")
        decided = forum.decided()
        survivor = forum.theme("Rob dan lampu").id
        assert set(decided.values()) == {waste, survivor}

        for name, texts in (("waste", WASTE), ("flood", FLOOD), ("light", LIGHT), ("clinic", CLINIC),
                            ("parking", PARKING)):
            forum.add(name, [f"{text} sekali lagi" for text in texts[4:10]])
        forum.run()

        assert forum.decided() == decided
        page = forum.get(forum.board).text
        assert "Rob dan lampu" in page
        assert "masukan baru cocok" in page
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        assert len(set(suggested) & set(forum.entries["waste"][10:])) >= 4
        assert not set(suggested) & set(decided)

    def test_suggested_entries_join_with_one_tap(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:8]])
        forum.run()
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        before = forum.members(waste)

        stale = forum.do(f"/staff/themes/{waste}/accept", 409, n_shown=len(suggested) + 1)
        assert "berubah sejak halaman Anda dibuka" in stale.text
        forum.do(f"/staff/themes/{waste}/accept", n_shown=len(suggested), to="board")

        assert forum.members(waste) == before | set(suggested)

    def test_suggestions_follow_a_theme_into_the_one_it_was_merged_into(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        forum.add("waste", [f"{text} sekali lagi" for text in WASTE[2:8]])
        forum.run()
        with forum.app.app_context():
            suggested = queries.suggested_members(db.session.get(Theme, waste))
        assert suggested

        forum.do(f"/staff/themes/{waste}/merge", to_theme_id=light, version=forum.theme("Sampah").version)

        with forum.app.app_context():
            assert set(suggested) <= set(queries.suggested_members(db.session.get(Theme, light)))

    def test_some_entries_of_a_group_become_a_theme_and_the_rest_keeps_waiting(self, forum):
        forum.run()
        cluster_id, size = forum.cluster_of("clinic")
        with forum.app.app_context():
            chosen = queries.undecided_members(cluster_id)[:3]

        forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked=1, submission_ids=chosen, title="Antrean")

        assert forum.members(forum.theme("Antrean").id) == set(chosen)
        assert forum.check().in_themes == 3
        assert f"{size - 3}</b> belum diputuskan" in forum.get(f"/staff/clusters/{cluster_id}").text

    def test_split_move_and_dismiss_keep_every_entry(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        ids = sorted(forum.members(waste))

        forum.do(f"/staff/themes/{waste}/split", version=1, submission_ids=ids[:3], title="Bank sampah")
        forum.do(f"/staff/themes/{waste}/move", version=2, submission_ids=ids[3:5], to_theme_id=light)
        forum.do(f"/staff/themes/{waste}/move", version=3, submission_ids=ids[5:6], to_theme_id="aside",
                 reason="Bukan tentang sampah")
        bank = forum.theme("Bank sampah")
        forum.do(f"/staff/themes/{bank.id}/dismiss", version=bank.version, reason="Terlalu umum")

        assert forum.members(waste) == set(ids[6:])
        assert set(ids[3:5]) <= forum.members(light)
        decided = forum.decided()
        assert [decided[one] for one in (*ids[:3], ids[5])] == [None] * 4
        assert "Pembuatan" not in forum.get(f"/staff/themes/{bank.id}").text
        assert "sudah dibubarkan" in forum.get(f"/staff/themes/{bank.id}").text

    def test_a_group_that_is_no_theme_needs_a_reason_and_is_not_proposed_again(self, forum):
        forum.run()
        cluster_id, size = forum.cluster_of("parking")
        refused = forum.do(f"/staff/clusters/{cluster_id}/dismiss", 422, to="board")
        assert "Tulis alasannya" in refused.text

        forum.do(f"/staff/clusters/{cluster_id}/dismiss", reason="Di luar kewenangan kota", to="board")
        assert forum.check().unassigned >= size
        forum.run()

        with forum.app.app_context():
            set_aside = {entry for entry, theme_id in forum.decided().items() if theme_id is None}
            run = queries.latest_run(forum.id)
            clustered = set(db.session.scalars(select(RunMember.submission_id).where(
                RunMember.run_id == run.id, RunMember.cluster_id.is_not(None))))
        assert len(set_aside) == size
        assert not set_aside & clustered

    def test_unassigned_entries_find_a_place_by_hand(self, forum):
        forum.run()
        light = forum.confirm("light", "Lampu")
        cluster_id, _size = forum.cluster_of("parking")
        forum.do(f"/staff/clusters/{cluster_id}/dismiss", reason="Bukan tema")
        aside = sorted(entry for entry, theme_id in forum.decided().items() if theme_id is None)

        refused = forum.do(f"{forum.board}/place", 422, submission_ids=aside[:2], **{"for": "place"})
        assert re.search(rf'value="{aside[0]}" checked', refused.text)
        forum.do(f"{forum.board}/place", submission_ids=aside[:2], to_theme_id=light)
        forum.do(f"{forum.board}/place", submission_ids=aside[2:4], title="Karcis parkir")

        assert set(aside[:2]) <= forum.members(light)
        assert forum.members(forum.theme("Karcis parkir").id) == set(aside[2:4])

    def test_dimension_is_chosen_from_the_consultations_own_pack(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        with forum.app.app_context():
            packs = db.session.execute(select(Dimension.pack_id, func.min(Dimension.id), func.min(Dimension.name_id))
                                       .group_by(Dimension.pack_id).order_by(Dimension.pack_id)).all()
        forum.do(f"/staff/themes/{waste}/dimension", version=1, dimension_id=packs[0][1])
        forum.do(f"/staff/themes/{waste}/dimension", 422, version=2, dimension_id=packs[1][1])
        assert forum.theme("Sampah").dimension_id == packs[0][1]


class TestUndo:
    def test_the_last_decision_is_undone_from_the_board_in_words(self, forum):
        forum.run()
        waste, light = forum.confirm("waste", "Sampah"), forum.confirm("light", "Lampu")
        before = forum.decided()
        forum.do(f"/staff/themes/{waste}/merge", to_theme_id=light, version=1)
        board = forum.get(forum.board).text
        assert "Menggabungkan “Sampah” ke tema “Lampu”." in board

        forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="board")

        assert forum.decided() == before
        assert forum.theme("Sampah").state == "confirmed"
        page = forum.get(forum.board).text
        assert "Baru saja diurungkan:" in page
        assert "Menetapkan tema “Lampu”" in page

    def test_what_was_undone_can_be_brought_back_and_undone_again(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah rumah")
        for expected in ("Sampah", "Limbah rumah", "Sampah"):
            forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="ledger")
            assert forum.theme(expected).id == waste

    def test_a_confirmation_that_is_undone_returns_its_entries_to_the_proposals(self, forum):
        forum.run()
        before = forum.check()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        assert forum.check() == before
        assert forum.decided() == {}
        assert "sudah diurungkan" in forum.get(f"/staff/themes/{waste}").text

        forum.do(f"/staff/decisions/{forum.last_decision()}/undo")
        assert forum.theme("Sampah").state == "confirmed"
        assert len(forum.members(waste)) == forum.check().in_themes

    def test_an_older_decision_under_later_ones_is_refused_and_they_are_named(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        confirmation = forum.last_decision()
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah")

        refused = forum.do(f"/staff/decisions/{confirmation}/undo", 409, to="ledger")

        assert "Urungkan dahulu: Mengganti judul tema “Sampah” menjadi “Limbah”." in refused.text
        assert forum.theme("Limbah").state == "confirmed"

    def test_a_line_is_not_undone_twice(self, forum):
        forum.run()
        forum.confirm("waste", "Sampah")
        line = forum.last_decision()
        forum.do(f"/staff/decisions/{line}/undo")
        assert "sudah diurungkan" in forum.do(f"/staff/decisions/{line}/undo", 409).text

    def test_the_ledger_page_tells_everything_with_author(self, forum):
        forum.run()
        waste = forum.confirm("waste", "Sampah")
        forum.do(f"/staff/themes/{waste}/rename", version=1, title="Limbah")
        forum.do(f"/staff/decisions/{forum.last_decision()}/undo", to="ledger")
        page = forum.get(f"/staff/consultations/{forum.id}/decisions").text
        assert "Mengurungkan: Mengganti judul tema “Sampah” menjadi “Limbah”." in page
        assert "Facilitator Uji" in page
        assert page.count("Urungkan</button>") == 1
        assert page.count("Kembalikan</button>") == 1


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
        assert [entry.action for entry in entries] == ["review.start_run", "review.confirm", "review.undo"]
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
