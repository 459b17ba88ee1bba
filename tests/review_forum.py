"""A forum under review for tests: sixty entries of five themes, and a facilitator whose every step is accounted for."""

from analysis_texts import THEMES
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import func, select

from forum.db import db, writing
from forum.review import queries
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
