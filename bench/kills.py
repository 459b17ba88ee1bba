"""The server is killed again and again while phones send: nothing acknowledged may be lost, doubled or renamed.

Phones behave as the outbox does: an entry stays until its receipt comes back, and now and then one that was
acknowledged is sent once more, as after a lost answer. The phones' own notes are the judge, not the server's log.
"""
import argparse
import asyncio
import json
import random
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.http_client import ask
from bench.phones import idea, send
from bench.serving import Server, start_forum
from bench.stored import read_stored

KILLS = 20
PHONES = 40
BETWEEN_SECONDS = (0.3, 1.5)
"""A kill comes so long after the first acknowledgement that followed the last one."""

REPEATED_SHARE = 0.1
PAUSE_SECONDS = 0.05
DRAIN_SECONDS = 60
UNLIMITED = {"FLASK_ENTRIES_PER_SITTING": "1000000000", "FLASK_ENTRIES_PER_PHONE": "1000000000"}


@dataclass(slots=True)
class Notes:
    """What the phones know: receipts by key of what was acknowledged, how often they tried, what was wrong."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    n_attempts: int = 0
    renamed: set[str] = field(default_factory=set)
    first_after: list[float] = field(default_factory=list)

    def note(self, key: str, body: bytes) -> None:
        answer = json.loads(body)
        if answer["key"] != key or self.acknowledged.setdefault(key, answer["receipt"]) != answer["receipt"]:
            self.renamed.add(key)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts over the whole run; ``lost``, ``doubled``, ``renamed`` (another receipt) and ``unsent`` must be 0."""

    kills: int
    attempts: int
    acknowledged: int
    rows: int
    lost: int
    doubled: int
    renamed: int
    unsent: int
    slowest_first_answer: float
    is_intact: bool

    @property
    def is_clean(self) -> bool:
        return self.is_intact and not (self.lost or self.doubled or self.renamed or self.unsent)


def measure(kills: int = KILLS, phones: int = PHONES, seed: int = 0) -> Verdict:
    """Kill the server so often under load, start it again each time, then let the phones finish and compare."""
    with TemporaryDirectory(prefix="forum-bench-") as folder:
        instance = Path(folder) / "instance"
        server = start_forum(instance, environment=UNLIMITED)
        try:
            notes, unsent, server = asyncio.run(_run(server, kills, phones, random.Random(seed)))
        finally:
            server.kill()
        return _compare(instance / "forum.db", notes, kills, unsent)


async def _run(server: Server, kills: int, phones: int, chance: random.Random) -> tuple[Notes, int, Server]:
    notes, stop = Notes(), asyncio.Event()
    waiting = [asyncio.create_task(_phone(server.port, server.code, notes, stop, random.Random(number)))
               for number in range(phones)]
    for _ in range(kills):
        await _next_acknowledgement(notes)
        await asyncio.sleep(chance.uniform(*BETWEEN_SECONDS))
        await asyncio.to_thread(server.kill)
        server = await asyncio.to_thread(start_forum, server.instance, server.port, UNLIMITED)
        began = time.perf_counter()
        await _next_acknowledgement(notes)
        notes.first_after.append(time.perf_counter() - began)
    stop.set()
    done, late = await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
    for phone in late:
        phone.cancel()
    for phone in done:
        phone.result()
    return notes, len(late), server


async def _next_acknowledgement(notes: Notes) -> None:
    known = len(notes.acknowledged)
    while len(notes.acknowledged) == known:
        await asyncio.sleep(0.01)


async def _phone(port: int, code: str, notes: Notes, stop: asyncio.Event, chance: random.Random) -> None:
    """Send one idea after the other, each until it is acknowledged."""
    while not stop.is_set():
        fields = idea()
        request = send(code, fields)
        while True:
            notes.n_attempts += 1
            answer = await ask(port, request)
            if answer.status in (200, 201):
                notes.note(fields["key"], answer.body)
                if chance.random() >= REPEATED_SHARE:
                    break
            await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE_SECONDS)
        await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE_SECONDS)


def _compare(database: Path, notes: Notes, kills: int, unsent: int) -> Verdict:
    stored = read_stored(database)
    lost = sum(key not in stored.receipts for key in notes.acknowledged)
    renamed = notes.renamed | {key for key, receipt in notes.acknowledged.items()
                               if stored.receipts.get(key, receipt) != receipt}
    return Verdict(kills, notes.n_attempts, len(notes.acknowledged), stored.n_rows, lost, stored.n_doubled,
                   len(renamed), unsent, round(max(notes.first_after, default=0.0), 2), stored.is_intact)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print one line, write ``kills.json`` to ``out``."""
    verdict = measure(options.kills)
    print("  ".join(f"{name} {value}" for name, value in asdict(verdict).items()),
          "ok" if verdict.is_clean else "FAILED")
    out.mkdir(parents=True, exist_ok=True)
    (out / "kills.json").write_text(json.dumps(asdict(verdict), indent=1) + "\n")
