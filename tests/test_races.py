"""Two people at the same moment, in the worst order: both have read before either writes. Nothing is lost or twice.

PostgreSQL lets writers side by side, so every verb must hold the rows on which it decides.
"""
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from builders import make_submission
from racing import STAFF, at_once, count, refusals, six_entries
from sqlalchemy import select
from staff_client import make_account
from theme_builders import make_theme, score

from forum.answers import services as answers
from forum.answers.models import Publication, Response
from forum.db import db, hold, utc_now, writing
from forum.errors import StaleVersion
from forum.moderation import services as moderation
from forum.moderation.models import ModerationEntry
from forum.priorities import services as priorities
from forum.priorities.models import Assessment
from forum.reactions import receiving
from forum.reactions import services as reactions
from forum.reactions.models import Reaction, Stance
from forum.review import queries
from forum.review import services as review
from forum.review.models import Theme
from forum.submissions import services as submissions
from forum.submissions.models import Submission


@pytest.fixture
def forum(context):
    return six_entries(context)


class TestModeration:
    @pytest.mark.parametrize(("state", "verb"), [
        ("accepted", lambda entry: moderation.hide(submission_id=entry, reason="x", actor=STAFF, now=utc_now())),
        ("waiting", lambda entry: moderation.accept(submission_id=entry, actor=STAFF, now=utc_now())),
        ("hidden", lambda entry: moderation.restore(submission_id=entry, actor=STAFF, now=utc_now()))])
    def test_what_its_author_takes_back_stays_taken_back(self, forum, state, verb):
        app, _, sitting, _ = forum
        entry = make_submission(sitting, state=state)
        at_once(app, lambda: submissions.withdraw(submission_id=entry, now=utc_now()), lambda: verb(entry))
        assert db.session.get(Submission, entry).state == "withdrawn"

    def test_an_entry_is_hidden_once(self, forum):
        app, _, _, (entry, *_) = forum
        outcomes = at_once(app, *[lambda: moderation.hide(submission_id=entry, reason="x", actor=STAFF,
                                                          now=utc_now())] * 3)
        assert refusals(outcomes) == [moderation.NotInThisState] * 2
        assert count(ModerationEntry) == 1


class TestReactions:
    def react(self, sitting, entry, person="p", stance=Stance.AGREE, sequence=1):
        return reactions.react(forum_session_id=sitting, submission_id=entry, participant=person,
                               stance=stance, key=str(uuid4()), sequence=sequence, now=utc_now())

    def test_a_double_tap_is_one_reaction(self, forum):
        app, _, sitting, (entry, *_) = forum
        outcomes = at_once(app, *[lambda: self.react(sitting, entry)] * 3)
        assert refusals(outcomes) == []
        assert count(Reaction) == 1

    def test_two_phones_count_both(self, forum):
        app, _, sitting, (entry, *_) = forum
        outcomes = at_once(app, *[lambda person=person: self.react(sitting, entry, person) for person in "abc"])
        assert refusals(outcomes) == []
        assert count(Reaction) == 3

    def test_of_many_changes_at_once_the_last_of_the_phone_stays(self, forum):
        app, _, sitting, (entry, *_) = forum
        stances = (Stance.AGREE, Stance.PASS, Stance.AGREE, Stance.DISAGREE, Stance.PASS, Stance.AGREE)
        changes = [lambda number=number, stance=stance: self.react(sitting, entry, stance=stance, sequence=number)
                   for number, stance in enumerate((*stances, Stance.DISAGREE), start=1)]
        assert refusals(at_once(app, *reversed(changes))) == []
        row = db.session.scalars(select(Reaction)).one()
        assert (row.value, row.sequence) == (Stance.DISAGREE, len(changes))

    def test_two_processes_that_store_at_the_same_moment_keep_the_later_one(self, forum):
        """Each with its own door, as processes have: nothing but the database is between them."""
        app, _, sitting, entries = forum
        orders = [[receiving.Order(sitting, entry, "p", stance, str(uuid4()), sequence, utc_now())
                   for entry in entries[:3]] for sequence, stance in ((2, Stance.DISAGREE), (1, Stance.AGREE))]
        orders[1].reverse()
        outcomes = at_once(app, *[lambda batch=batch: receiving.store(batch) for batch in orders * 3])
        assert refusals(outcomes) == []
        assert [(row.value, row.sequence) for row in db.session.scalars(select(Reaction))] == [(-1, 2)] * 3


class TestAnswers:
    @pytest.mark.parametrize("version", [0, 1])
    def test_of_two_editors_one_is_told(self, forum, version):
        app, consultation_id, _, entries = forum
        theme_id = make_theme(consultation_id, "Rob", entries[:3])
        if version:
            answers.respond(theme_id=theme_id, status="not", text="Tulisan pertama.", version=0, actor=STAFF,
                            now=utc_now())

        outcomes = at_once(app, *[lambda text=text: answers.respond(
            theme_id=theme_id, status="partly", text=text, version=version, actor=STAFF, now=utc_now())
            for text in ("Tulisan si satu.", "Tulisan si dua.")])

        assert refusals(outcomes) == [StaleVersion]
        assert db.session.scalars(select(Response)).one().version == version + 1

    def test_results_are_published_once(self, forum):
        app, consultation_id, _, _ = forum
        outcomes = at_once(app, *[lambda: answers.publish(consultation_id=consultation_id, actor=STAFF,
                                                          now=utc_now())] * 2)
        assert refusals(outcomes) == []
        assert count(Publication) == 1

    def test_a_theme_that_is_being_dissolved_gets_no_answer(self, forum):
        app, consultation_id, _, entries = forum
        theme_id = make_theme(consultation_id, "Rob", entries[:3])
        outcomes = at_once(
            app, lambda: review.dismiss_theme(theme_id=theme_id, version=None, reason="x", actor=STAFF, now=utc_now()),
            lambda: answers.respond(theme_id=theme_id, status="partly", text="Sudah dianggarkan.", version=0,
                                    actor=STAFF, now=utc_now()))
        assert len(refusals(outcomes)) <= 1
        assert queries.verify(consultation_id).holds


class TestPriorities:
    def test_a_theme_that_is_dissolved_meanwhile_is_not_scored(self, forum):
        app, consultation_id, _, entries = forum
        theme_id = make_theme(consultation_id, "Rob", entries[:3])
        assessor = make_account("planner", "penilai")
        score(make_theme(consultation_id, "Lampu", entries[3:]), assessor, 1, 1, 1)
        held, let_go = Event(), Event()

        def dissolve_slowly():
            with app.app_context(), writing() as session:
                hold(Theme, theme_id).state = "dismissed"
                session.flush()
                held.set()
                let_go.wait(5)

        with ThreadPoolExecutor(2) as threads:
            dissolving = threads.submit(dissolve_slowly)
            held.wait(5)
            scoring = threads.submit(at_once, app, lambda: score(theme_id, assessor, 3, 4, 5))
            sleep(0.3)
            let_go.set()
            dissolving.result()

        assert refusals(scoring.result()) == [priorities.ThemeNotConfirmed]

    def test_first_sheets_and_decisions_at_the_same_moment_both_go_through(self, forum):
        app, consultation_id, _, entries = forum
        theme_id = make_theme(consultation_id, "Rob", entries[:3])
        assessors = [make_account("planner", f"penilai{number}") for number in range(2)]
        outcomes = at_once(
            app, *[lambda one=one: score(theme_id, one, 3, 4, 5) for one in assessors],
            lambda: review.rename_theme(theme_id=theme_id, version=1, title="Rob besar", actor=STAFF, now=utc_now()))
        assert refusals(outcomes) == []
        assert count(Assessment) == 2
        assert queries.verify(consultation_id).holds
