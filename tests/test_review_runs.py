"""Analysis runs: started once, repeatable after a crash, invisible until they are done."""
import pytest
from analysis_runs import ACTOR, begin_again, make_forum, rows_of, start, state_of
from analysis_texts import WASTE
from builders import make_consultation, make_forum_session, make_submission
from sqlalchemy import select

import analysis
from forum import jobs
from forum.db import db, utc_now, writing
from forum.jobs import Job
from forum.review import analyzing, changes, queries, running, services, storing, wording
from forum.review.ledger import Line, replay
from forum.review.models import AnalysisRun, Cluster, Theme
from forum.submissions.models import Submission, SubmissionVersion


@pytest.fixture
def forum(context):
    return make_forum()


@pytest.fixture
def waiting_queue(context, monkeypatch):
    """Jobs are queued and stay there, as when the worker is busy."""
    monkeypatch.setattr(jobs, "dispatch", lambda job_id: None)


class Crash(Exception):
    """Stands for the worker being killed."""


class TestOutcome:
    def test_a_run_reads_every_accepted_entry_once_and_stores_what_it_needs_to_be_repeated(self, forum):
        consultation_id, sitting = forum
        hidden = make_submission(sitting, "Disembunyikan.", state="hidden")
        run = db.session.get(AnalysisRun, start(consultation_id, granularity=running.FINE))
        _clusters, members = rows_of(run.id)
        assert len(members) == run.n_documents == 30
        assert hidden not in [member.submission_id for member in members]
        assert run.settings["granularity"] == running.FINE
        assert run.fingerprint
        assert run.versions
        assert sum(member.number is None for member in members) == run.n_unassigned
        assert queries.latest_run(consultation_id).id == run.id

    def test_the_same_entries_and_decisions_give_the_same_rows(self, forum):
        consultation_id, _sitting = forum
        first, second = start(consultation_id), start(consultation_id)
        assert rows_of(first) == rows_of(second)
        assert len({db.session.get(AnalysisRun, one).fingerprint for one in (first, second)}) == 1

    def test_old_names_of_villages_reach_the_analysis_as_places(self, forum, monkeypatch):
        seen = []
        real = analysis.analyze_with_placer
        monkeypatch.setattr(analysis, "analyze_with_placer", lambda documents, settings, *rest: (
            seen.append(settings.place_names), real(documents, settings, *rest))[1])
        start(forum[0])
        assert seen == [("Bukit", "Pesisir", "Pesisir Lor", "Utara")]

    @pytest.mark.parametrize("n_entries", [0, 1, 5])
    def test_very_small_forums_get_a_plain_word_and_lose_nothing(self, context, as_facilitator, n_entries):
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        for text in WASTE[:n_entries]:
            make_submission(sitting, text)
        run = db.session.get(AnalysisRun, start(consultation_id))
        assert run.state == "done"
        assert run.warnings
        assert queries.verify(consultation_id).holds
        assert queries.accounting(consultation_id).unassigned == n_entries
        page = as_facilitator.get(f"/staff/consultations/{consultation_id}/themes").text
        with as_facilitator.application.test_request_context():
            assert wording.warning_text(run.warnings[0]) in page
        assert as_facilitator.get(f"/staff/runs/{run.id}/changes").status_code == 200


class TestOneAtATime:
    @pytest.mark.usefixtures("waiting_queue")
    def test_a_second_run_is_refused_while_one_waits_or_works(self, forum, as_facilitator):
        run_id = start(forum[0])
        with pytest.raises(running.RunUnderWay):
            start(forum[0])
        answer = as_facilitator.submit(f"/staff/consultations/{forum[0]}/runs")
        assert answer.status_code == 409
        assert "sedang berjalan" in answer.text
        assert as_facilitator.get(f"/staff/runs/{run_id}").status_code == 200

    @pytest.mark.usefixtures("waiting_queue")
    def test_another_consultation_may_run_at_the_same_time(self, forum):
        other = make_consultation(title="Lain")
        assert start(forum[0]) != start(other)

    @pytest.mark.usefixtures("waiting_queue")
    def test_a_run_whose_job_ended_without_it_does_not_block_the_next(self, forum):
        run_id = start(forum[0])
        with writing() as session:
            session.get_one(Job, session.get_one(AnalysisRun, run_id).job_id).state = "failed"
        assert start(forum[0]) != run_id
        assert state_of(run_id) == "failed"


class TestCrash:
    @pytest.mark.parametrize("chunks_before", [0, 1, 3])
    def test_a_crash_while_storing_leaves_nothing_visible_and_the_repeat_gives_the_same_rows(
            self, forum, monkeypatch, chunks_before):
        consultation_id, _sitting = forum
        expected = rows_of(start(consultation_id))
        earlier = queries.latest_run(consultation_id).id
        for size in ("_SMALLEST_CHUNK", "_FIRST_CHUNK", "_LARGEST_CHUNK"):
            monkeypatch.setattr(storing, size, 5)  # also when this machine is slow or quick
        monkeypatch.setattr(analyzing, "_end", lambda run_id, state: None)  # a killed worker tidies nothing up
        written = []
        still_running = storing._still_running

        def killed(run_id):
            if len(written) > chunks_before:
                raise Crash
            written.append(run_id)
            return still_running(run_id)

        with monkeypatch.context() as patch:
            patch.setattr(storing, "_still_running", killed)
            run_id = start(consultation_id)
        assert state_of(run_id) == "running"
        assert queries.latest_run(consultation_id).id == earlier
        assert queries.verify(consultation_id).holds

        begin_again(run_id)

        assert state_of(run_id) == "done"
        assert rows_of(run_id) == expected

    def test_a_job_delivered_after_its_run_is_done_changes_nothing(self, forum):
        run_id = start(forum[0])
        before = rows_of(run_id), db.session.get_one(AnalysisRun, run_id).finished_at
        begin_again(run_id)
        db.session.rollback()
        assert (rows_of(run_id), db.session.get_one(AnalysisRun, run_id).finished_at) == before

    def test_a_failure_is_shown_plainly_and_a_new_run_can_start(self, context, forum, as_facilitator, monkeypatch):
        context.config["PROPAGATE_JOB_ERRORS"] = False  # the job ends as it does outside of tests

        def broken(*_arguments):
            raise Crash("the secret inside")

        with monkeypatch.context() as patch:
            patch.setattr(analysis, "analyze_with_placer", broken)
            run_id = start(forum[0])
        assert state_of(run_id) == "failed"
        page = as_facilitator.get(f"/staff/runs/{run_id}").text
        assert "gagal sebelum selesai" in page
        assert "the secret inside" not in page
        job_id = db.session.get_one(AnalysisRun, run_id).job_id
        answer = as_facilitator.get(f"/staff/jobs/{job_id}").json
        assert (answer["state"], answer["done"]) == ("failed", False)
        assert "secret" not in answer["message"]
        assert state_of(start(forum[0])) == "done"


class TestChanges:
    def confirm_largest(self, consultation_id, title="Tema uji"):
        run = queries.latest_run(consultation_id)
        cluster_id = db.session.scalar(select(Cluster.id).where(Cluster.run_id == run.id, Cluster.number == 1))
        return services.confirm_cluster(cluster_id=cluster_id, title=title, actor=ACTOR, now=utc_now())

    def test_new_entries_suggestions_and_corrections_are_told(self, forum, as_facilitator):
        consultation_id, sitting = forum
        start(consultation_id)
        theme_id = self.confirm_largest(consultation_id)
        decided = queries.members_of_themes(consultation_id)[theme_id]
        texts = queries.texts_of(decided)
        for member in decided[:6]:
            make_submission(sitting, texts[member] + " lagi")
        with writing() as session:
            session.get_one(Submission, decided[0]).current_number = 2
            session.add(SubmissionVersion(submission_id=decided[0], number=2, kind="problem",
                                          body="Sekarang tentang hal lain.", created_at=utc_now()))

        found = changes.changes(db.session.get(AnalysisRun, start(consultation_id)))

        assert found.n_new_entries == 6
        assert [(one.theme.id, one.n_entries > 3) for one in found.suggestions] == [(theme_id, True)]
        assert [one.submission_id for one in found.corrected] == [decided[0]]
        assert found.n_decided == len(decided)
        page = as_facilitator.get(f"/staff/runs/{queries.latest_run(consultation_id).id}/changes").text
        assert "Sekarang tentang hal lain." in page
        assert "Tidak satu pun berubah." in page

    def test_what_people_decided_reaches_the_analysis_as_guidance(self):
        outcome = replay([Line(1, "confirm", 7, {"title": "A", "members": [1, 2, 9]}),
                          Line(2, "dismiss", None, {"members": [3, 8], "label": "B"}),
                          Line(3, "confirm", 8, {"title": "C", "members": [4]}),
                          Line(4, "dismiss", 8, {"members": [4], "label": "C"}),
                          Line(5, "confirm", 9, {"title": "D", "members": [], "planned": True})])
        guidance = analyzing.guidance_from(outcome, {1, 2, 3, 4, 5})
        assert guidance == analysis.Guidance(themes=(analysis.Theme("7", (1, 2), "A"), analysis.Theme("9", (), "D")),
                                             set_aside=frozenset({3, 4}))

    def test_a_theme_merged_while_the_analysis_works_keeps_its_suggestions(self, forum, monkeypatch):
        consultation_id, sitting = forum
        start(consultation_id)
        first = self.confirm_largest(consultation_id, "Satu")
        cluster_id = db.session.scalar(select(Cluster.id).where(Cluster.number == 2))
        second = services.confirm_cluster(cluster_id=cluster_id, title="Dua", actor=ACTOR, now=utc_now())
        texts = queries.texts_of(queries.members_of_themes(consultation_id)[first])
        for text in list(texts.values())[:6]:
            make_submission(sitting, text + " lagi")
        real = analysis.analyze_with_placer

        def merged_meanwhile(*arguments):
            services.merge_themes(theme_id=second, version=1, others={first: 1}, actor=ACTOR, now=utc_now())
            return real(*arguments)

        monkeypatch.setattr(analysis, "analyze_with_placer", merged_meanwhile)
        start(consultation_id)

        assert len(queries.suggested_members(db.session.get(Theme, second))) > 3
        assert queries.verify(consultation_id).holds
