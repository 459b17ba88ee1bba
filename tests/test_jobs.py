"""Long work: the row tells the truth, cancel works, orphans start again, the queue survives processes."""
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import machine
import pytest
import redis

from forum import jobs
from forum.db import db, utc_now, writing
from forum.jobs import Job
from forum.write_lock import WriteTimeout


def add_job(kind="count", **payload):
    with writing():
        job = jobs.add(kind=kind, payload=payload, consultation_id=None, actor_id=None, actor_name="uji", now=utc_now())
        return job.id


def job_row(job_id):
    db.session.rollback()
    return db.session.get_one(Job, job_id)


def test_a_handler_reports_stages_and_ends_done(context):
    seen = []

    def count(handle):
        handle.report("first", 0.2)
        seen.append((job_row(handle.job_id).stage, job_row(handle.job_id).share))
        handle.report("second", 0.9)

    jobs.handler(context, "count", count)
    job_id = add_job()
    jobs.dispatch(job_id)

    job = job_row(job_id)
    assert seen == [("first", 0.2)]
    assert (job.state, job.stage, job.share) == ("done", "second", 1.0)
    assert job.finished_at >= job.started_at


def test_a_cancelled_job_stops_at_its_next_report(context):
    reached = []

    def endless(handle):
        handle.report("working", 0.1)
        jobs.request_cancel(handle.job_id)
        handle.report("more", 0.2)
        reached.append("never")

    jobs.handler(context, "count", endless)
    job_id = add_job()
    jobs.dispatch(job_id)

    assert job_row(job_id).state == "cancelled"
    assert reached == []


def test_a_queued_job_is_cancelled_before_it_begins(context):
    jobs.handler(context, "count", lambda handle: pytest.fail("must not run"))
    job_id = add_job()
    jobs.request_cancel(job_id)
    jobs.dispatch(job_id)

    assert job_row(job_id).state == "cancelled"


def test_a_failing_handler_leaves_its_reason(make_app):
    app = make_app(PROPAGATE_JOB_ERRORS=False)
    with app.app_context():
        def broken(handle):
            raise ValueError("kolom tidak ada")

        jobs.handler(app, "count", broken)
        job_id = add_job()
        jobs.dispatch(job_id)

        assert job_row(job_id).state == "failed"
        assert "kolom tidak ada" in job_row(job_id).message


def test_delivered_twice_runs_once(context):
    runs = []
    jobs.handler(context, "count", lambda handle: runs.append(handle.job_id))
    job_id = add_job()
    jobs.dispatch(job_id)
    jobs.dispatch(job_id)

    assert runs == [job_id]


def test_a_job_whose_worker_went_silent_starts_again(context):
    runs = []
    jobs.handler(context, "count", lambda handle: runs.append(handle.job_id))
    silent, busy = add_job(), add_job()
    with writing() as session:
        for job_id, minutes in ((silent, 5), (busy, 0)):
            job = session.get_one(Job, job_id)
            job.state, job.heartbeat_at = "running", utc_now() - timedelta(minutes=minutes)

    assert jobs.revive_orphans() == [silent]
    assert runs == [silent]


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def queue_url(request, tmp_path):
    """Address of a real queue of each kind; what is not there is named in the closing lines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.db'}"
    if request.param == "redis":
        url = os.environ.get("FORUM_TEST_REDIS", "redis://127.0.0.1:6379/15")
        try:
            redis.Redis.from_url(url, socket_connect_timeout=2).ping()
        except redis.ConnectionError:
            machine.lacks("Redis", "no server answers at FORUM_TEST_REDIS")
        return url
    server = request.getfixturevalue("postgres")
    if server is None:
        machine.lacks("PostgreSQL", "no server answers at FORUM_TEST_POSTGRES")
    return server.database_url


@pytest.mark.sqlite_only
def test_a_worker_process_empties_the_queue_of_another_process(make_app, queue_url):
    app = make_app(QUEUE_URL=queue_url)
    app.extensions["huey"].flush()
    with app.app_context():
        job_id = add_job("unknown kind")
        jobs.dispatch(job_id)
        worker = subprocess.Popen(
            [sys.executable, "-m", "forum.serve", "--worker"],
            env={"FLASK_INSTANCE_PATH": app.instance_path, "FLASK_QUEUE_URL": queue_url, "PATH": ""},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while job_row(job_id).state in ("queued", "running") and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            worker.terminate()
            code = worker.wait(15)
        assert job_row(job_id).state == "failed"
        assert "no handler" in job_row(job_id).message
    app.extensions["huey"].flush()
    app.extensions["huey"].storage.close()
    assert code == 0


@pytest.mark.sqlite_only
def test_a_worker_whose_parent_died_before_it_was_ready_does_not_stay(app):
    parent = subprocess.Popen([sys.executable, "-c", ""])
    parent.wait()
    worker = subprocess.Popen(
        [sys.executable, "-m", "forum.serve", "--worker", "--parent", str(parent.pid)],
        env={"FLASK_INSTANCE_PATH": app.instance_path, "PATH": ""}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        worker.wait(30)
    finally:
        worker.kill()


def test_a_heartbeat_survives_a_busy_moment(context, monkeypatch, caplog):
    monkeypatch.setattr(jobs, "_HEARTBEAT_LIMIT", timedelta(seconds=0.2))
    real, busy = jobs.writing, [True]

    def writing_or_busy():
        if threading.current_thread().name.startswith("heartbeat") and busy:
            busy.pop()
            raise WriteTimeout
        return real()

    def long_work(handle):
        began = job_row(handle.job_id).heartbeat_at
        deadline = time.monotonic() + 10
        while job_row(handle.job_id).heartbeat_at == began and time.monotonic() < deadline:
            time.sleep(0.02)

    monkeypatch.setattr(jobs, "writing", writing_or_busy)
    jobs.handler(context, "count", long_work)
    job_id = add_job()
    began = utc_now()
    jobs.dispatch(job_id)

    assert "heartbeat of job" in caplog.text
    assert utc_now() - began < timedelta(seconds=9)
    assert job_row(job_id).state == "done"
