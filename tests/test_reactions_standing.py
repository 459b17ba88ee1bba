"""Which entries may still be shown: what phones ask that keep some, before they show them."""
import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from reacting import hide

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


@pytest.mark.parametrize("nonsense", ["", "x", "1.5", "-1", "9" * 40, "²"])
def test_nonsense_is_no_entry(client, entries, nonsense):
    answer = client.get(STANDING, query_string={"id": [nonsense, entries[0]]})
    assert (answer.status_code, answer.json) == (200, {"ids": entries[:1]})
