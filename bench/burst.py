"""A whole hall presses Kirim within seconds, a fifth of it loses the reply: all is stored, once, without an error.

Each phone has a connection and a participant key of its own; all share one address, and the limits of the sitting
are those of an ordinary installation. A phone that lost its reply sends again after the pause of the outbox.
"""
import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.bar import Bar
from bench.http_client import Answer, Load, ask
from bench.phones import idea, send
from bench.serving import forum_server
from bench.stored import read_stored

PHONES = 1_000
WITHIN_SECONDS = (10.0, 3.0)
LOST_SHARE = 0.2
PAUSE_SECONDS = (0.25, 0.5)
"""The first pause of the outbox (``static/outbox_queue.js``)."""

MOST_P99_MS = {10.0: 150.0, 3.0: 500.0}
"""For two idle cores, phones included."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One burst. Times in milliseconds from a phone's connecting to its answer; lost replies have none."""

    phones: int
    within_seconds: float
    lost_replies: int
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    missing: int
    doubled: int
    renamed: int
    is_intact: bool

    @property
    def is_clean(self) -> bool:
        return self.is_intact and not (self.errors or self.missing or self.doubled or self.renamed)


def measure(phones: int, within_seconds: float, *, seed: int = 1) -> Verdict:
    """One burst against a fresh installation."""
    with forum_server() as server:
        fields = [idea() for _ in range(phones)]
        chance = random.Random(seed)
        starts = [chance.uniform(0, within_seconds) for _ in range(phones)]
        losers = set(chance.sample(range(phones), round(LOST_SHARE * phones)))
        answers = asyncio.run(_burst(server.port, [
            (start, send(server.code, one), number in losers)
            for number, (start, one) in enumerate(zip(starts, fields, strict=True))]))
        stored = read_stored(server.instance / "forum.db")
    receipts = {one["key"]: one["receipt"] for one in fields}
    load = Load(within_seconds, answers)
    return Verdict(
        phones, within_seconds, len(losers), load.failures(201),
        *(round(1000 * load.percentile(share), 1) for share in (0.5, 0.95, 0.99)),
        missing=len(receipts.keys() - stored.receipts.keys()), doubled=stored.n_doubled,
        renamed=sum(stored.receipts.get(key, receipt) != receipt for key, receipt in receipts.items())
        + sum(not _names(answer, receipts) for answer in answers if answer.status == 201),
        is_intact=stored.is_intact)


async def _burst(port: int, requests: Sequence[tuple[float, bytes, bool]]) -> list[Answer]:
    began = time.perf_counter()
    return list(await asyncio.gather(*(_phone(port, began + start, request, loses)
                                       for start, request, loses in requests)))


async def _phone(port: int, start: float, request: bytes, loses_reply: bool) -> Answer:
    await asyncio.sleep(start - time.perf_counter())
    if loses_reply:
        await ask(port, request, drop_answer=True)
        await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    return await ask(port, request)


def _names(answer: Answer, receipts: dict[str, str]) -> bool:
    """Whether an acknowledgement names a key that was sent and the receipt that belongs to it."""
    said = json.loads(answer.body)
    return receipts.get(said["key"]) == said["receipt"]


def bars(verdicts: Sequence[Verdict]) -> list[Bar]:
    """What this run can say about the limits."""
    found = []
    for one in verdicts:
        name = f"{one.phones:,} phones within {one.within_seconds:g} s"
        wrong = one.errors + one.missing + one.doubled + one.renamed + (not one.is_intact)
        found.append(Bar(f"{name}: errors, lost, doubled", float(wrong), 0, True))
        if one.within_seconds in MOST_P99_MS:
            found.append(Bar(f"{name}: p99 ms", one.p99_ms, MOST_P99_MS[one.within_seconds], True))
    return found


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--phones", type=int, default=PHONES, metavar="N")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``burst.json`` to ``out``."""
    verdicts = [measure(options.phones, seconds) for seconds in WITHIN_SECONDS]
    met = bars(verdicts)
    print(f"{'phones':>6}{'within s':>10}{'lost replies':>14}{'errors':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    for one in verdicts:
        print(f"{one.phones:6}{one.within_seconds:10g}{one.lost_replies:14}{one.errors:8}{one.p50_ms:9.1f}"
              f"{one.p95_ms:9.1f}{one.p99_ms:9.1f}")
    print("", *met, sep="\n")
    out.mkdir(parents=True, exist_ok=True)
    (out / "burst.json").write_text(json.dumps({
        "bursts": [asdict(one) for one in verdicts],
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in met]}, indent=1) + "\n")
