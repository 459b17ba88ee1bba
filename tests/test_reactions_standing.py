"""Which entries may still be shown: what phones ask that keep some, before they show them."""
import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from phone import correct, open_sitting, sent, stored
from reacting import hide

from forum import recent

STANDING = "/s/KRM479/standing"


@pytest.fixture
def entries(app):
    with app.app_context():
        sitting = make_forum_session(make_consultation())
        noise()
        return [make_submission(sitting, body) for body in (
            "Perbaiki pintu air di muara.", "Cat ulang marka di depan pasar.", "Tambah bangku di halte.")]


def test_only_what_is_shown_and_was_asked_for_stands(app, client, entries):
    hide(app, entries[1])
    assert client.get(STANDING, query_string={"id": entries[:2]}).json == {"ids": entries[:1]}
    assert client.get(STANDING, query_string={"id": [entries[2], 999_999]}).json == {"ids": entries[2:]}
    assert client.get(STANDING).json == {"ids": []}


def test_nothing_of_another_consultation_is_told(app, client, entries):
    with app.app_context():
        elsewhere = make_submission(make_forum_session(make_consultation(), join_code="ABC234"), "Di kota lain.")
    assert client.get(STANDING, query_string={"id": [elsewhere, entries[0]]}).json == {"ids": entries[:1]}


def test_what_was_corrected_stands_in_its_newest_words_only(app, client, monkeypatch):
    monkeypatch.setattr(recent, "KEPT_SECONDS", 0.0)
    open_sitting(app)
    path = sent(client, body="Pak Bejo mengotori selokan.")
    (version,) = stored(app)
    entry = version["entry"]
    before = client.get(STANDING, query_string={"id": f"{entry}v1"})
    assert before.json == {"ids": [entry]}

    assert correct(client, path, body="Selokan dikotori.").status_code == 303

    known = {"If-None-Match": before.headers["ETag"]}
    assert client.get(STANDING, query_string={"id": f"{entry}v1"}, headers=known).json == {"ids": []}
    assert client.get(STANDING, query_string={"id": f"{entry}v2"}).json == {"ids": [entry]}
    # What a phone kept that knew no versions, and so cannot name one.
    assert client.get(STANDING, query_string={"id": [entry]}).json == {"ids": [entry]}
    assert client.get(STANDING, query_string={"id": f"{entry}v"}).json == {"ids": [entry]}


@pytest.mark.parametrize("nonsense", ["", "x", "1.5", "-1", "9" * 40, "²", "v", "v1", "1v1v1", "1vx", "1v-1"])
def test_nonsense_is_no_entry(client, entries, nonsense):
    answer = client.get(STANDING, query_string={"id": [nonsense, entries[0]]})
    assert (answer.status_code, answer.json) == (200, {"ids": entries[:1]})
