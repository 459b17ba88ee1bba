"""A run while it works: its progress is told, and it can be cancelled cleanly."""
import pytest
from analysis_runs import ACTOR, make_forum, start, state_of
from sqlalchemy import func, select

import analysis
from forum import jobs
from forum.db import db, utc_now, writing
from forum.jobs import Job
from forum.review import queries, services
from forum.review.models import AnalysisRun


@pytest.fixture
def forum(context):
    return make_forum()


@pytest.fixture
def waiting_queue(context, monkeypatch):
    """Jobs are queued and stay there, as when the worker is busy."""
    monkeypatch.setattr(jobs, "dispatch", lambda job_id: None)


class TestCancel:
    @pytest.mark.usefixtures("waiting_queue")
    def test_a_waiting_run_is_cancelled_at_once(self, forum, as_facilitator):
        run_id = start(forum[0])
        job_id = db.session.get_one(AnalysisRun, run_id).job_id
        answer = as_facilitator.submit(f"/staff/jobs/{job_id}/cancel", {"back": f"/staff/runs/{run_id}"})
        assert answer.headers["Location"] == f"/staff/runs/{run_id}"
        assert state_of(run_id) == "cancelled"
        assert "dibatalkan sebelum selesai" in as_facilitator.get(f"/staff/runs/{run_id}").text

    @pytest.mark.usefixtures("waiting_queue")
    def test_planners_watch_but_do_not_stop_a_run(self, forum, as_planner):
        run_id = start(forum[0])
        job_id = db.session.get_one(AnalysisRun, run_id).job_id
        assert as_planner.get(f"/staff/jobs/{job_id}").status_code == 200
        assert as_planner.submit(f"/staff/jobs/{job_id}/cancel").status_code == 403
        assert state_of(run_id) == "queued"

    def test_a_working_run_stops_at_the_next_report_and_stays_invisible(self, forum, monkeypatch):
        real = analysis.analyze_with_placer

        def cancelled_meanwhile(*arguments):
            job_id = db.session.scalar(select(func.max(Job.id)))
            services.cancel_job(job_id=job_id, actor=ACTOR, now=utc_now())
            return real(*arguments)

        monkeypatch.setattr(analysis, "analyze_with_placer", cancelled_meanwhile)
        run_id = start(forum[0])
        assert state_of(run_id) == "cancelled"
        assert queries.latest_run(forum[0]) is None
        assert queries.accounting(forum[0]).waiting == 30

    def test_the_way_back_never_leaves_the_site(self, forum, as_facilitator):
        start(forum[0])
        job_id = db.session.scalar(select(func.max(Job.id)))
        for target in ("https://jahat.example/", "//jahat.example", "/staff/\\jahat", "/staff/\r\nX: y"):
            answer = as_facilitator.submit(f"/staff/jobs/{job_id}/cancel", {"back": target})
            assert answer.headers["Location"] == "/staff/"


class TestProgress:
    @pytest.mark.usefixtures("waiting_queue")
    def test_the_page_names_the_stages_and_works_without_scripts(self, forum, as_facilitator):
        run_id = start(forum[0])
        job_id = db.session.get_one(AnalysisRun, run_id).job_id
        with writing() as session:
            job = session.get_one(Job, job_id)
            job.state, job.stage, job.share = "running", analysis.STAGE_CLUSTER, 0.61

        page = as_facilitator.get(f"/staff/runs/{run_id}").text
        answer = as_facilitator.get(f"/staff/jobs/{job_id}").json

        assert "Memberi nama dan memilih kutipan" in page
        assert '<meta http-equiv="refresh"' in page
        assert f'data-progress-url="/staff/jobs/{job_id}"' in page
        assert answer == {"state": "running", "stage": "cluster", "stage_label": "Mengelompokkan", "share": 0.61,
                          "done": False, "message": ""}

    def test_a_finished_run_leads_to_what_it_brought(self, forum, as_facilitator):
        run_id = start(forum[0])
        assert as_facilitator.get(f"/staff/runs/{run_id}").headers["Location"] == f"/staff/runs/{run_id}/changes"

    def test_strangers_do_not_see_jobs(self, forum, client):
        start(forum[0])
        assert client.get("/staff/jobs/1").status_code == 303
