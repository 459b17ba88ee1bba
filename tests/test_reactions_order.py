"""Attention spreads evenly: what many phones in a hall are offered, and how many reactions each entry then has."""
import random
from collections import Counter
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from sqlalchemy import event

from forum.db import db, utc_now
from forum.reactions import queries, receiving
from forum.reactions.models import Stance


class Hall:
    """Phones that react to what they are offered."""

    def __init__(self, n_entries: int) -> None:
        self.consultation_id = make_consultation()
        self.sitting = make_forum_session(self.consultation_id)
        noise()
        self.entries = [make_submission(self.sitting, f"Usulan nomor {number}.") for number in range(n_entries)]
        self.seen: Counter[int] = Counter(dict.fromkeys(self.entries, 0))
        self.now = utc_now()

    def offered(self, phone: str, limit: int) -> list[int]:
        return [one.id for one in queries.offered(self.consultation_id, phone, now=self.now, limit=limit)]

    def react(self, phone: str, entries: list[int]) -> None:
        receiving.store([
            receiving.Order(self.sitting, entry, phone, Stance.AGREE, str(uuid4()), None, self.now, is_known=True)
            for entry in entries])
        self.seen.update(entries)

    @property
    def spread(self) -> int:
        return max(self.seen.values()) - min(self.seen.values())


def test_one_by_one_every_entry_gets_the_same_attention(context):
    hall = Hall(40)
    turns = [f"phone {number}" for number in range(30) for _ in range(12)]
    random.Random(4).shuffle(turns)
    for phone in turns:
        hall.react(phone, hall.offered(phone, 1))
    assert sum(hall.seen.values()) == 360
    assert hall.spread <= 2


def test_also_when_every_phone_took_its_entries_before_anybody_had_reacted(context):
    hall = Hall(60)
    ahead = {f"phone {number}": hall.offered(f"phone {number}", 20) for number in range(60)}
    for phone, entries in ahead.items():
        assert len(set(entries)) == 20
        hall.react(phone, entries)
    # 20 each on average; a rule that is the same for all phones would leave 40 entries with none.
    assert min(hall.seen.values()) >= 6
    for phone in ahead:  # the next round makes good what the first left behind
        hall.react(phone, hall.offered(phone, 20))
    assert min(hall.seen.values()) >= 35


@pytest.mark.parametrize("n_entries", [30, 90])
def test_among_equals_the_new_are_likelier_to_come_early(context, n_entries):
    hall = Hall(n_entries)
    third = n_entries // 3
    first = Counter(entry for number in range(120) for entry in hall.offered(f"phone {number}", 3))
    newest, oldest = (sum(first[entry] for entry in part) for part in (hall.entries[-third:], hall.entries[:third]))
    assert newest > 1.5 * oldest
    assert oldest > 0


def test_what_was_written_a_minute_ago_is_next_for_everybody(context):
    hall = Hall(10)
    for number in range(3):
        hall.react(f"phone {number}", hall.entries)
    fresh = make_submission(hall.sitting, "Baru saja ditulis.")
    assert {tuple(hall.offered(f"late {number}", 1)) for number in range(8)} == {(fresh,)}


def test_one_statement_reads_all_however_many_there_are(context):
    hall = Hall(25)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    for limit in (1, 20):
        statements.clear()
        assert len(hall.offered("phone", limit)) == limit
        assert len([text for text in statements if text.startswith("SELECT")]) == 1
