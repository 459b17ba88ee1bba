"""What holds over all web processes of a server: one key is one entry, and the limits of phones and sittings."""
import re
import secrets
from uuid import uuid4

from phone import PROBLEM, known_key, open_sitting, stored
from staff_client import sign_in_as
from web_processes import send_all, web_processes

from forum.audit import AuditEntry
from forum.db import CLOCK_AHEAD, db
from forum.submissions import receipt as receipts
from forum.submissions.fair import PHONE_WINDOW, SITTING_WINDOW

PER_PHONE, PER_SITTING = 6, 20


def entry(participant=None, **changes):
    """Fields of an idea with a key and a receipt of its own, and the key of its phone, or an invented one."""
    return {**PROBLEM, "key": str(uuid4()), "receipt": receipts.new(), **changes}, participant or secrets.token_hex(16)


def statuses(answers):
    return [status for status, *_rest in answers]


def test_what_one_process_took_the_others_know(app):
    """In one test, because to start the processes costs more than all that they are asked."""
    sitting = open_sitting(app)
    with web_processes(app, 2, ENTRIES_PER_PHONE=PER_PHONE, ENTRIES_PER_SITTING=PER_SITTING) as ports:
        one_key_is_one_entry(app, ports)
        limits_hold_until_a_facilitator_lifts_them(app, ports, sitting)


def one_key_is_one_entry(app, ports):
    key, phone = str(uuid4()), secrets.token_hex(16)
    other, texts = str(uuid4()), [f"Tulisan nomor {number} tentang selokan." for number in range(50)]
    # Each repeat brings another receipt code: the one that was stored is answered.
    repeats = send_all(ports, [entry(phone, key=key) for _ in range(200)], 20)
    changed = send_all(ports, [entry(phone, key=other, body=text) for text in texts], 20)
    again = send_all(ports, [entry(phone, key=key, body=text) for text in texts], 20)

    first, second = stored(app)
    assert statuses(repeats) == [201] * 200
    assert {said["receipt"] for _, said, _ in repeats} == {first["receipt"]}
    assert {said["key"] for _, said, _ in repeats} == {first["key"]} == {key}
    assert sorted(statuses(changed)) == [201] + [409] * 49, "one of them is stored, the others are told"
    (winner,) = [text for text, status in zip(texts, statuses(changed), strict=True) if status == 201]
    assert (second["key"], second["body"]) == (other, winner)
    assert statuses(again) == [409] * 50
    assert {said["state"] for status, said, _ in (*changed, *again) if status == 409} == {"already_sent"}
    assert (first["body"], first["number"], second["number"]) == (PROBLEM["body"], 1, 1)
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="submissions.submit").count() == 2


def limits_hold_until_a_facilitator_lifts_them(app, ports, sitting):
    one_phone = known_key(app)
    flood, crowd = [entry(one_phone) for _ in range(40)], [entry(known_key(app)) for _ in range(40)]
    script = [entry() for _ in range(40)]
    facilitator, page = sign_in_as(app, "facilitator"), f"/staff/sessions/{sitting}"
    before = len(stored(app))
    from_one = send_all(ports, flood, 10)
    n_from_one = len(stored(app)) - before
    from_script = send_all(ports, script, 10)
    n_of_script = len(stored(app)) - before - n_from_one
    from_many = send_all(ports, crowd, 10)
    everything = flood + script + crowd
    held_back = before + len(everything) - len(stored(app))
    seen = facilitator.get(page).text
    facilitator.submit(page + "/limits", {"limited": "no"})
    unsent = [one for one, (status, *_rest) in zip(everything, from_one + from_script + from_many, strict=True)
              if status == 429]
    later = send_all(ports, unsent, 10)

    assert sorted(statuses(from_one)) == [201] * PER_PHONE + [429] * (len(flood) - PER_PHONE)
    assert n_from_one == PER_PHONE
    # What a sitting may take comes back evenly while it is asked: how much that is depends on the machine.
    assert set(statuses(from_script)) == set(statuses(from_many)) == {201, 429}
    assert n_of_script < PER_SITTING - PER_PHONE, "a script that takes a new key each time leaves room for the others"
    for longest, answers in ((PHONE_WINDOW, from_one), (SITTING_WINDOW, from_script), (SITTING_WINDOW, from_many)):
        for _, said, headers in (one for one in answers if one[0] == 429):
            assert said["state"] == "too_many"
            assert 1 <= int(headers["Retry-After"]) <= (longest + CLOCK_AHEAD).total_seconds()
            assert re.search(r"tunggu\s+sekitar \d+ menit", said["message"]), said
    assert f"{held_back} kiriman diminta menunggu" in seen
    assert statuses(later) == [201] * held_back
    assert len({row["key"] for row in stored(app)}) == before + len(everything)
