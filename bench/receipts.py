"""Whether the time of an answer tells anything of a guessed receipt code: right ones, near, far and misread ones.

A near miss has 12 of the 13 random characters of a code that exists; near and far misses are well formed, check
character included, so that each reaches the database. A misread code has a wrong check character and does not. Asked
in turns, so that whatever disturbs the machine disturbs all alike.
"""
import argparse
import asyncio
import json
import random
import secrets
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.bar import Bar
from bench.http_client import Answer, ask, get
from bench.phones import idea, send
from bench.serving import forum_server
from forum.submissions import receipt

REQUESTS = 2_000
ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of code: median milliseconds of its answers, and every (status, bytes) among them."""

    what: str
    median_ms: float
    answers: tuple[tuple[int, int], ...]


def measure(requests: int = REQUESTS) -> list[Kind]:
    """So many requests of each kind against a fresh installation with `ENTRIES` ideas: right, near, far, misread."""
    with forum_server() as server:
        return asyncio.run(_ask(server.port, server.code, requests))


async def _ask(port: int, code: str, requests: int) -> list[Kind]:
    ideas = [idea() for _ in range(ENTRIES)]
    for one in ideas:
        await ask(port, send(code, one))
    kinds: list[tuple[str, Callable[[str], str], list[Answer]]] = [
        ("right", lambda known: known, []), ("near", near_miss, []), ("far", lambda _known: receipt.new(), []),
        ("misread", misread, [])]
    chance = random.Random(1)
    for number in range(requests):
        known = ideas[number % ENTRIES]["receipt"]
        # In another order each time: whoever comes after a whole page waits a little longer.
        for _what, guess, answers in chance.sample(kinds, len(kinds)):
            answers.append(await ask(port, get(f"/r/{guess(known)}")))
    return [Kind(what, round(1000 * statistics.median(one.seconds for one in answers), 3),
                 tuple(sorted({(one.status, len(one.body)) for one in answers}))) for what, _guess, answers in kinds]


def near_miss(known: str) -> str:
    """A well-formed code that differs from ``known`` in its last random character and the check character."""
    kept = known[:receipt.N_RANDOM - 1]
    other = kept + secrets.choice(receipt.ALPHABET.replace(known[len(kept)], ""))
    return other + receipt.check_character(other)


def misread(known: str) -> str:
    """``known`` with another check character: refused before anything is looked up."""
    return known[:-1] + secrets.choice(receipt.ALPHABET.replace(known[-1], ""))


def bars(kinds: list[Kind]) -> list[Bar]:
    """What this run can say about the limits."""
    right, *wrong = kinds
    refusals = {answer for kind in wrong for answer in kind.answers}
    return [Bar("time of a right code : a wrong one, either way",
                max(_apart(right.median_ms, kind.median_ms) for kind in wrong), 1.05, True),
            Bar("time of a wrong code : another wrong one", _apart(*(kind.median_ms for kind in wrong)), 1.05, True),
            Bar("kinds of refusal that can be told apart", float(len(refusals) - 1), 0, True)]


def _apart(*times: float) -> float:
    return max(times) / min(times)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--requests", type=int, default=REQUESTS, metavar="N", help="of each kind")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``receipts.json`` to ``out``."""
    kinds = measure(options.requests)
    met = bars(kinds)
    print(f"{'code':8}{'median ms':>10}  (status, bytes)")
    for one in kinds:
        print(f"{one.what:8}{one.median_ms:10.2f}  {', '.join(map(str, one.answers[:3]))}")
    print("", *met, sep="\n")
    out.mkdir(parents=True, exist_ok=True)
    (out / "receipts.json").write_text(json.dumps({
        "kinds": [asdict(one) for one in kinds],
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in met]}, indent=1) + "\n")
