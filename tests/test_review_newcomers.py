"""Entries that come after a run are shown with a provisional place, and lead to a new run when it is worth while."""
import pytest
from analysis_texts import THEMES
from review_forum import Forum
from sqlalchemy import func, select

import analysis
from forum.db import db, writing
from forum.review import newcomers, queries
from forum.review.models import RunPlacer


@pytest.fixture
def forum(app, as_facilitator):
    return Forum(app, as_facilitator)


def since_latest(forum):
    with forum.app.app_context():
        return newcomers.since(queries.latest_run(forum.id))


def test_without_a_run_nothing_is_new(forum):
    assert since_latest(forum) == newcomers.Newcomers()
    assert "Usulan baru" not in forum.get(forum.board).text


def test_a_new_entry_stands_provisionally_in_a_proposed_group_then_in_the_theme_it_becomes(forum):
    forum.run()
    assert "Usulan baru" not in forum.get(forum.board).text
    forum.add("waste", ["Truk sampah jarang datang, TPS meluber penuh sampah"])

    (entry,) = since_latest(forum).entries
    assert entry.title
    assert not entry.is_theme
    page = forum.get(forum.board).text
    assert "sementara di kelompok usulan" in page
    assert "Truk sampah jarang datang" in page

    waste = forum.confirm("waste", "Sampah kota")
    (entry,) = since_latest(forum).entries
    assert (entry.title, entry.is_theme) == ("Sampah kota", True)
    assert entry.submission_id not in forum.members(waste), "a provisional place is no decision"
    assert forum.check().waiting > 0


def test_an_entry_about_nothing_known_has_no_place(forum):
    forum.run()
    forum.add("other", ["Xylofon kriptografi"])

    (entry,) = since_latest(forum).entries
    assert entry.title == ""
    assert "Belum cocok dengan kelompok mana pun" in forum.get(forum.board).text


def test_decided_hidden_and_read_entries_are_not_new(forum):
    forum.run()
    theme = forum.confirm("light", "Lampu")
    first, second, third = forum.add("light", ["Lampu gang mati", "PJU padam lagi", "Gang gelap, tiang miring"])
    assert [entry.submission_id for entry in since_latest(forum).entries] == [third, second, first]

    forum.do(f"{forum.board}/place", submission_ids=[first], to_theme_id=theme)
    forum.set_state(second, "hidden")
    assert [entry.submission_id for entry in since_latest(forum).entries] == [third]

    forum.run()
    assert since_latest(forum).entries == ()


def test_a_new_run_is_suggested_when_the_forum_has_grown(forum):
    forum.run()
    forum.add("clinic", THEMES["clinic"][10:])
    assert "Analisis baru disarankan" not in forum.get(forum.board).text

    forum.add("waste", [f"{text}, tolong" for text in THEMES["waste"]])
    assert "Analisis baru disarankan" in forum.get(forum.board).text
    assert since_latest(forum).advice.reasons[0] == "grown"

    forum.run()
    assert "Analisis baru disarankan" not in forum.get(forum.board).text


def test_the_number_of_new_entries_is_told_when_not_all_are_placed(forum, monkeypatch):
    forum.run()
    monkeypatch.setattr(newcomers, "MOST_PLACED", 4)
    monkeypatch.setattr(newcomers, "SHOWN", 3)
    forum.add("waste", THEMES["waste"][:7])

    found = since_latest(forum)

    assert (len(found.entries), found.n_entries, found.advice.n_new) == (3, 7, 7)
    assert "3 yang terbaru dari 7" in forum.get(forum.board).text


def test_only_the_latest_run_keeps_what_it_learnt(forum):
    forum.run()
    forum.add("waste", ["TPS penuh"])
    forum.run()

    with forum.app.app_context():
        assert list(db.session.scalars(select(RunPlacer.run_id))) == [queries.latest_run(forum.id).id]


@pytest.mark.parametrize("content", [b"", b"from another version"])
def test_what_another_version_learnt_is_left_alone(forum, content):
    forum.run()
    with forum.app.app_context(), writing() as session:
        session.get_one(RunPlacer, queries.latest_run(forum.id).id).content = content
    forum.add("waste", ["TPS penuh sampah"])

    (entry,) = since_latest(forum).entries

    assert entry.title == ""
    assert forum.get(forum.board).status_code == 200


def test_placers_kept_in_memory_are_few(forum, monkeypatch):
    monkeypatch.setattr(newcomers, "_KEPT_PLACERS", 1)
    forum.run()
    forum.add("waste", ["TPS penuh sampah"])
    assert since_latest(forum).entries[0].title
    forum.run()
    forum.add("waste", ["Truk sampah terlambat"])
    assert since_latest(forum).entries[0].title

    with forum.app.app_context():
        assert list(forum.app.extensions["forum_placers"]) == [queries.latest_run(forum.id).id]
        assert db.session.scalar(select(func.count()).select_from(RunPlacer)) == 1


def test_what_was_placed_once_is_remembered_and_the_memory_is_bounded(forum, monkeypatch):
    forum.run()
    forum.add("waste", ["TPS penuh sampah", "Truk sampah terlambat"])
    before = since_latest(forum).entries
    asked = []
    real = analysis.Placer.place_all
    monkeypatch.setattr(analysis.Placer, "place_all", lambda self, texts: (asked.extend(texts), real(self, texts))[1])

    assert since_latest(forum).entries == before
    assert asked == []

    monkeypatch.setattr(newcomers, "_MOST_REMEMBERED", 1)
    forum.add("waste", ["Bank sampah perlu timbangan"])
    assert since_latest(forum).entries[1:] == before
    assert asked == ["Bank sampah perlu timbangan"]
