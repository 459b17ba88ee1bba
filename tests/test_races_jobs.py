"""At the same moment: accounts that guess or are named, jobs that are begun and cancelled, files that are read."""
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from racing import STAFF, at_once, count, refusals, six_entries
from sqlalchemy import func, select
from staff_client import make_account

from forum import jobs
from forum.accounts import services as accounts
from forum.accounts.models import Account
from forum.db import db, utc_now, writing
from forum.intake import services as intake
from forum.intake import table_file
from forum.intake.models import ImportBatch
from forum.jobs import Job
from forum.submissions.models import Submission

CONTENT = ("isi\n" + "".join(f"Pompa nomor {number} mati.\n" for number in range(60))).encode()


@pytest.fixture
def forum(context):
    return six_entries(context)


class TestAccounts:
    def test_a_username_is_given_once(self, forum):
        app, *_ = forum
        outcomes = at_once(app, *[lambda: accounts.add_account(
            username="budi", name="Budi", role="planner", password="kata sandi panjang", actor=STAFF,
            now=utc_now())] * 2)
        assert refusals(outcomes) == [accounts.UnusableAccount]
        assert count(Account) == 1

    def test_guesses_at_the_same_moment_are_counted_one_by_one(self, app):
        with app.app_context():
            make_account("planner", "budi")

        def guess(number):
            return app.test_client().submit("/staff/sign-in", {
                "username": "budi", "password": f"tebakan {number}", "next": ""}).status_code

        with ThreadPoolExecutor(25) as threads:
            statuses = sorted(threads.map(guess, range(25)))
        assert statuses == [422] * 10 + [429] * 15


class TestJobs:
    def test_a_job_is_begun_by_one_worker(self, forum):
        app, *_ = forum
        runs = []
        jobs.handler(app, "count", lambda handle: runs.append(handle.job_id))
        with writing():
            job_id = jobs.add(kind="count", payload={}, consultation_id=None, actor_id=None, actor_name="x",
                              now=utc_now()).id
        at_once(app, *[lambda: jobs.run_here(job_id)] * 3)
        assert runs == [job_id]

    def test_a_job_that_is_cancelled_as_it_begins_stops(self, forum):
        app, *_ = forum
        reached = []

        def work(handle):
            handle.report("begun", 0.1)
            reached.append(handle.job_id)

        jobs.handler(app, "count", work)
        with writing():
            job_id = jobs.add(kind="count", payload={}, consultation_id=None, actor_id=None, actor_name="x",
                              now=utc_now()).id
        at_once(app, lambda: jobs.run_here(job_id), lambda: jobs.request_cancel(job_id))
        job = db.session.get_one(Job, job_id)
        assert job.state == "cancelled" or reached
        assert job.is_finished


class TestImports:
    def table(self, sitting):
        return {"forum_session_id": sitting, "table": table_file.read(CONTENT, filename="a.csv"), "filename": "a.csv",
                "content_digest": sha256(CONTENT).hexdigest(), "columns": intake.Columns("isi"), "actor": STAFF,
                "now": utc_now()}

    def stored(self):
        return db.session.scalar(select(func.count()).select_from(Submission).where(Submission.source == "import"))

    def test_the_same_file_twice_at_once_is_stored_once(self, forum):
        app, _, sitting, _ = forum
        table = self.table(sitting)
        at_once(app, *[lambda: intake.import_table(**table)] * 3)
        assert self.stored() == 60
        assert db.session.scalars(select(ImportBatch)).one().n_imported == 60

    def test_an_import_that_is_undone_while_it_runs_leaves_nothing(self, forum, monkeypatch):
        _, _, sitting, _ = forum
        store = intake._store
        calls = []

        def undone_meanwhile(batch_id, *rest):
            calls.append(batch_id)
            if len(calls) == 2:
                intake.undo_import(batch_id=batch_id, actor=STAFF, now=utc_now())
            store(batch_id, *rest)

        monkeypatch.setattr(intake, "_store", undone_meanwhile)
        with pytest.raises(intake.AlreadyUndone):
            intake.import_table(**self.table(sitting))

        states = db.session.execute(select(Submission.state, func.count()).where(
            Submission.source == "import").group_by(Submission.state)).all()
        assert [tuple(row) for row in states] == [("withdrawn", intake._ROWS_PER_WRITE)]

    def test_an_import_is_undone_once(self, forum):
        app, _, sitting, _ = forum
        batch_id = intake.import_table(**self.table(sitting)).batch_id
        outcomes = at_once(app, *[lambda: intake.undo_import(batch_id=batch_id, actor=STAFF, now=utc_now())] * 2)
        assert refusals(outcomes) == [intake.AlreadyUndone]
