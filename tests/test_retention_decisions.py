"""When words go, decisions, runs and what is counted stay as true as before."""
from uuid import uuid4

import pytest
from aging import age, consultation_of, everything_stored, purging, rows
from builders import make_submission
from review_forum import Forum
from sqlalchemy import select
from staff_client import make_account
from theme_builders import make_theme, score

from forum.consultations.models import Consultation
from forum.db import db, utc_now, writing
from forum.priorities.support import representation, support_by_theme
from forum.reactions.models import Reaction
from forum.review.models import AnalysisRun, Cluster, RunMember, RunPlacer
from forum.submissions.models import Submission
from forum.submissions.retention import cutoff


@pytest.fixture
def purge(app):
    return purging(app)


class TestDecisionsAndRuns:
    def test_the_ledger_and_every_count_stay_true_and_earlier_runs_go(self, app, as_facilitator, purge):
        forum = Forum(app, as_facilitator)
        forum.run()
        name = next(iter(forum.entries))
        forum.confirm(name, "Tema pertama")
        forum.run()
        forum.run()
        before = forum.check()
        assert (len(rows(app, AnalysisRun)), bool(rows(app, RunPlacer))) == (3, True)
        assert any(row.words for row in rows(app, RunMember))
        age(app, forum.sitting)

        purge()

        assert forum.check() == before
        run, = rows(app, AnalysisRun)
        assert rows(app, RunPlacer) == []
        assert {row.run_id for row in (*rows(app, RunMember), *rows(app, Cluster))} == {run.id}
        assert not any(row.words or row.moved_from for row in rows(app, RunMember))
        assert as_facilitator.get(forum.board).status_code == 200
        result = app.test_cli_runner().invoke(args=["forum", "verify"])
        assert result.exit_code == 0, result.output

    def test_while_words_remain_runs_stay_but_not_the_words_of_those_that_went(self, app, as_facilitator, purge):
        forum = Forum(app, as_facilitator)
        forum.run()
        gone = forum.entries[next(iter(forum.entries))][0]
        with app.app_context(), writing() as session:
            session.get_one(Submission, gone).received_at = cutoff(utc_now(), 30)
        purge()
        assert len(rows(app, AnalysisRun)) == 1
        assert rows(app, RunPlacer)
        words = {row.submission_id: row.words for row in rows(app, RunMember)}
        assert words.pop(gone) is None
        assert any(words.values())
        forum.run()  # a later run goes on without it
        forum.check()

    def test_people_are_counted_as_before_and_no_phone_leads_to_them(self, app, sitting, purge):
        with app.app_context():
            consultation_id = consultation_of(app, sitting)
            entries = [make_submission(sitting, f"Masukan {number}.", participant=who)
                       for number, who in enumerate(("ani", "ani", "budi", None))]
            score(make_theme(consultation_id, "Tema", entries), make_account("planner"), 5, 4, 3)
            ani = db.session.get_one(Submission, entries[0]).participant_digest
            with writing() as session:
                session.add_all(Reaction(submission_id=entries[2], participant_digest=who, value=1, key=str(uuid4()),
                                         sequence=1, created_at=utc_now(), changed_at=utc_now())
                                for who in (ani, "f" * 64))
            pack_id = db.session.get_one(Consultation, consultation_id).pack_id
            before = (support_by_theme(consultation_id, pack_id=pack_id), representation(consultation_id,
                                                                                        pack_id=pack_id))
        age(app, sitting)
        purge()
        with app.app_context():
            assert (support_by_theme(consultation_id, pack_id=pack_id),
                    representation(consultation_id, pack_id=pack_id)) == before
            first = db.session.get_one(Submission, entries[0]).participant_digest
            reactions = db.session.scalars(select(Reaction.participant_digest)).all()
            assert first in reactions
            assert ani not in (first, *reactions)
        assert ani not in everything_stored(app)
        assert "f" * 64 not in everything_stored(app)
