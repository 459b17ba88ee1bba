"""What the analysis tells about its groups, on the pages: words, firmness, subthemes, suggestions, map, what moved."""
import html
import re

import pytest
from analysis_texts import THEMES, WASTE
from builders import make_consultation, make_forum_session
from review_forum import Forum
from sqlalchemy import select, update

from forum.consultations.models import Consultation, Dimension
from forum.db import db, utc_now, writing
from forum.review import queries
from forum.review.forms import firmness
from forum.review.models import AnalysisRun, Cluster, RunMember
from forum.submissions.models import Submission, SubmissionVersion


@pytest.fixture
def forum(app, as_facilitator):
    made = Forum(app, as_facilitator)
    made.run()
    return made


def rows(forum, *columns):
    with forum.app.app_context():
        return db.session.execute(select(*columns).where(
            RunMember.run_id == queries.latest_run(forum.id).id).order_by(RunMember.submission_id)).all()


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def run_path(forum, page):
    with forum.app.app_context():
        return f"/staff/runs/{queries.latest_run(forum.id).id}/{page}"


def test_a_run_stores_what_explains_it(forum):
    for words, place, because in rows(forum, RunMember.words, RunMember.x, RunMember.moved_because):
        assert len(words) <= 5
        assert -1 <= place <= 1
        assert because is None
    assert all(one.words for one in rows(forum, RunMember.words, RunMember.cluster_id) if one.cluster_id)


def test_the_page_of_a_group_says_why_each_entry_is_there(forum):
    cluster_id, _size = forum.cluster_of("waste")
    page = forum.get(f"/staff/clusters/{cluster_id}")

    stored = rows(forum, RunMember.cluster_id, RunMember.words)
    words = next(one.words for one in stored if one.cluster_id == cluster_id)
    assert "Kata penentu:" in page.text
    assert all(f'<q class="telling">{html.escape(word)}</q>' in page.text for word in words)
    assert "Kekokohan" in page.text
    assert "Saran cara Tanpa teknologi" in text_of(page)


def test_a_suggested_dimension_is_named_once_the_city_pack_has_it(forum):
    cluster_id, _size = forum.cluster_of("waste")
    path = f"/staff/clusters/{cluster_id}"
    assert "Saran dimensi" not in forum.get(path).text

    with forum.app.app_context(), writing() as session:
        code, share = session.get_one(Cluster, cluster_id).suggested["dimensions"][0]
        pack_id = session.get_one(Consultation, forum.id).pack_id
        session.add(Dimension(pack_id=pack_id, code=code, name_id="Sampah & limbah", name_en="Waste", position=9))

    assert f"Saran dimensi Sampah & limbah {round(100 * share)} %" in text_of(forum.get(path))


def test_firmness_has_three_words():
    assert [firmness(value) for value in (1.0, 0.75, 0.74, 0.6, 0.59, 0.0)] == [
        "firm", "firm", "fair", "fair", "shaky", "shaky"]


@pytest.mark.parametrize(("stability", "word", "shown"), [
    (0.7451, "Kokoh", "0,75"), (0.744, "Cukup kokoh", "0,74"), (0.595, "Cukup kokoh", "0,60"),
    (0.5949, "Goyah", "0,59")])
def test_the_word_for_firmness_agrees_with_the_number_beside_it(forum, stability, word, shown):
    cluster_id, _size = forum.cluster_of("waste")
    with forum.app.app_context(), writing() as session:
        session.get_one(Cluster, cluster_id).stability = stability
    assert f"Kekokohan {word} {shown} dari 1" in text_of(forum.get(f"/staff/clusters/{cluster_id}"))


@pytest.mark.parametrize(("confidence", "word", "shown"), [
    (0.3951, "Cocok", 40), (0.3949, "Cukup cocok", 39), (0.4, "Cocok", 40), (0.1449, "Kurang cocok", 14),
    (0.1451, "Cukup cocok", 15)])
def test_the_word_for_an_entry_agrees_with_the_number_beside_it(forum, confidence, word, shown):
    cluster_id, _size = forum.cluster_of("waste")
    with forum.app.app_context(), writing() as session:
        session.execute(update(RunMember).where(RunMember.cluster_id == cluster_id).values(confidence=confidence))
    assert re.findall(r"(\w+ cocok|Cocok) (\d+)\s%", text_of(forum.get(f"/staff/clusters/{cluster_id}")))[0] == (
        word, str(shown))


def test_a_group_shows_its_second_level_folded(forum):
    cluster_id, _size = forum.cluster_of("waste")
    with forum.app.app_context(), writing() as session:
        session.execute(update(Cluster).where(Cluster.id == cluster_id).values(
            sub_themes=[{"label": "Bank sampah", "members": [1, 2, 3]}, {"label": "Truk <b>", "members": [4, 5, 6]}]))

    for path in (f"/staff/clusters/{cluster_id}", forum.board):
        page = forum.get(path).text
        assert "2 subtema" in page
        assert "Truk &lt;b&gt;" in page


def test_the_map_draws_every_group_and_entry_and_a_table_says_the_same(forum):
    page = forum.get(run_path(forum, "map"))

    with forum.app.app_context():
        clusters = list(db.session.scalars(select(Cluster).where(
            Cluster.run_id == queries.latest_run(forum.id).id)))
    assert page.status_code == 200
    assert page.text.count("<circle") == 2 * len(clusters) + 50
    for cluster in clusters:
        assert page.text.count(f'href="/staff/clusters/{cluster.id}"') == 2
        assert html.escape(cluster.label) in page.text
    assert " style=" not in page.text


def test_a_hidden_entry_is_no_dot(forum):
    forum.do(f"/staff/submissions/{forum.entries['waste'][0]}/hide", reason="Uji")

    with forum.app.app_context():
        n_clusters = len(list(db.session.scalars(select(Cluster.id).where(
            Cluster.run_id == queries.latest_run(forum.id).id))))
    assert forum.get(run_path(forum, "map")).text.count("<circle") == 2 * n_clusters + 49


def test_a_run_of_an_older_version_is_shown_without_what_it_lacks(forum):
    with forum.app.app_context(), writing() as session:
        session.execute(update(Cluster).values(
            key=None, stability=None, sub_themes=None, suggested=None, x=None, y=None, radius=None))
        session.execute(update(RunMember).values(words=None, suggested=None, x=None, y=None))
    cluster_id, _size = forum.cluster_of("waste")

    for path in (forum.board, f"/staff/clusters/{cluster_id}", run_path(forum, "changes")):
        page = forum.get(path)
        assert page.status_code == 200
        assert "Kata penentu" not in page.text
    assert "belum punya peta" in forum.get(run_path(forum, "map")).text
    forum.run()
    assert "Apa yang berubah" not in forum.get(run_path(forum, "changes")).text


def test_a_group_keeps_its_key_in_the_next_run(forum):
    def keys():
        with forum.app.app_context():
            return set(db.session.scalars(select(Cluster.key).where(
                Cluster.run_id == queries.latest_run(forum.id).id)))

    before = keys()
    forum.add("waste", [text + " lagi" for text in WASTE[:3]])
    forum.run()

    assert len(keys() & before) >= len(before) - 1


def test_what_moved_is_told_with_the_reason_and_the_words(forum):
    corrected = forum.entries["waste"][0]
    with forum.app.app_context(), writing() as session:
        session.get_one(Submission, corrected).current_number = 2
        session.add(SubmissionVersion(submission_id=corrected, number=2, kind="problem",
                                      body="Antrean pasien puskesmas panjang, dokter dan obat kurang",
                                      created_at=utc_now()))
    forum.run()

    page = forum.get(run_path(forum, "changes"))
    assert "Apa yang berubah" in page.text
    assert "Isinya diubah pengirim; sekarang di" in text_of(page)
    assert "Antrean pasien puskesmas panjang" in page.text
    assert "puskesmas" in " ".join(re.findall(r'<q class="telling">([^<]*)</q>', page.text))


def test_entries_drawn_to_a_theme_are_told(forum):
    cluster_id, _size = forum.cluster_of("light")
    some = forum.entries["light"][:5]
    forum.do(f"/staff/clusters/{cluster_id}/confirm", ticked="1", title="Lampu jalan", submission_ids=some)
    with forum.app.app_context(), writing() as session:
        old = session.get_one(Cluster, cluster_id)
        session.execute(update(RunMember).where(RunMember.cluster_id == old.id).values(cluster_id=None))
    forum.run()

    page = text_of(forum.get(run_path(forum, "changes")))
    assert page.count("Tertarik ke tema “Lampu jalan” yang sudah ditetapkan.") == len(forum.entries["light"]) - 5
    assert "Semula di luar semua kelompok" not in page


def test_entries_that_were_in_no_group_are_told_with_their_group_of_now(forum):
    cluster_id, _size = forum.cluster_of("flood")
    with forum.app.app_context(), writing() as session:
        label = session.get_one(Cluster, cluster_id).label
        session.execute(update(RunMember).where(RunMember.submission_id.in_(forum.entries["flood"][:3]))
                        .values(cluster_id=None))
    forum.run()

    page = text_of(forum.get(run_path(forum, "changes")))
    assert page.count(f"Semula di luar semua kelompok; sekarang di “{label}”.") == 3
    assert "Tertarik ke tema" not in page


def test_decided_entries_are_not_listed_as_moved(forum):
    forum.confirm("flood", "Rob")
    forum.run()

    assert "Apa yang berubah" not in forum.get(run_path(forum, "changes")).text


def test_a_forum_without_groups_has_no_map(app, as_facilitator):
    with app.app_context():
        consultation_id = make_consultation()
        make_forum_session(consultation_id)
    as_facilitator.submit(f"/staff/consultations/{consultation_id}/runs")
    with app.app_context():
        run_id = queries.latest_run(consultation_id).id

    assert "belum punya peta" in as_facilitator.get(f"/staff/runs/{run_id}/map").text


def test_the_map_of_a_run_that_is_not_done_is_not_there(app, forum):
    with app.app_context(), writing() as session:
        session.execute(update(AnalysisRun).values(state="failed"))
        run_id = session.scalar(select(AnalysisRun.id))

    assert forum.get(f"/staff/runs/{run_id}/map").status_code == 404


@pytest.mark.parametrize("name", sorted(THEMES))
def test_planners_read_the_same(forum, as_planner, name):
    cluster_id, _size = forum.cluster_of(name)

    assert "Kata penentu:" in as_planner.get(f"/staff/clusters/{cluster_id}").text
