"""Proposed groups of the analysis before that the new one does not propose any more: told once, plainly."""
import html
import re

import pytest
from review_forum import Forum
from sqlalchemy import select, update

from forum.db import db, writing
from forum.review import queries
from forum.review.models import Cluster, RunMember

HEADING = "Kelompok yang tidak muncul lagi"


@pytest.fixture
def forum(app, as_facilitator):
    made = Forum(app, as_facilitator)
    made.run()
    return made


def throw_together(forum, label, submission_ids):
    """Make the run propose a group that no analysis of these texts would."""
    with forum.app.app_context(), writing() as session:
        run = queries.latest_run(forum.id)
        odd = Cluster(run_id=run.id, number=99, label=label, size=len(submission_ids), cohesion=0.1, key="odd",
                      stability=0.1)
        session.add(odd)
        session.flush()
        session.execute(update(RunMember).where(RunMember.run_id == run.id, RunMember.submission_id.in_(submission_ids))
                        .values(cluster_id=odd.id))
        return odd.id


def changes_of(forum):
    with forum.app.app_context():
        run_id = queries.latest_run(forum.id).id
    page = re.sub(r"<[^>]+>", " ", forum.get(f"/staff/runs/{run_id}/changes").text)
    return re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", html.unescape(page)))


def label_of(forum, name):
    with forum.app.app_context():
        return db.session.scalar(select(Cluster.label).where(Cluster.id == forum.cluster_of(name)[0]))


def test_a_group_that_is_gone_is_told_with_where_its_entries_are_now(forum):
    cluster_id, _size = forum.cluster_of("flood")
    forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked="1", title="Rob",
             submission_ids=forum.entries["flood"][:6])
    throw_together(forum, "serba-serbi", forum.entries["flood"][6:10] + forum.entries["light"][:2])
    forum.run()

    told = (f"“serba-serbi” (6 masukan): 4 disarankan untuk tema “Rob”, 2 ke kelompok usulan "
            f"“{label_of(forum, 'light')}”")
    page = changes_of(forum)
    assert HEADING in page
    assert told in page
    assert "1 tidak muncul lagi." in page

    # What is decided later changes nothing of what the analysis brought.
    forum.do(f"/staff/clusters/{forum.cluster_of('light')[0]}/dismiss", reason="Terlalu umum",
             n_shown=forum.cluster_of("light")[1])
    assert "(6 masukan): 4 disarankan untuk tema “Rob”" in changes_of(forum)


def test_only_entries_that_were_undecided_and_are_still_there_are_counted(forum):
    odd = throw_together(forum, "serba-serbi", forum.entries["flood"][6:9] + forum.entries["light"][:2])
    forum.do(f"/staff/clusters/{odd}/dismiss", ticked="1", reason="Terlalu umum",
             submission_ids=forum.entries["light"][:1])
    forum.set_state(forum.entries["flood"][6], "hidden")
    forum.run()

    assert "“serba-serbi” (3 masukan): 2 ke kelompok usulan" in changes_of(forum)


def test_entries_that_fit_nowhere_now_are_named_so(forum):
    strange = forum.add("strange", ["xyzzy plugh", "qwertz uiop"])
    forum.run()
    throw_together(forum, "aneh", strange)
    forum.run()

    assert "“aneh” (2 masukan): 2 di luar semua kelompok" in changes_of(forum)


def test_groups_that_were_decided_or_go_on_are_not_told(forum):
    forum.confirm("flood", "Rob")
    odd = throw_together(forum, "serba-serbi", forum.entries["light"][:2])
    forum.do(f"/staff/clusters/{odd}/dismiss", reason="Terlalu umum", n_shown=2)
    forum.run()

    page = changes_of(forum)
    assert HEADING not in page
    assert "0 tidak muncul lagi." in page


def test_a_run_of_a_version_without_keys_tells_nothing_of_groups_that_are_gone(forum):
    with forum.app.app_context(), writing() as session:
        session.execute(update(Cluster).values(key=None))
    forum.run()

    assert HEADING not in changes_of(forum)
