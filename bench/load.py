"""Submissions under load over real HTTP, against the server as ``make run`` starts it.

Beside them in the same run: a bare Flask page on the same kind of server, with its threads (what the bars compare
with) and in its loop, where submissions are answered too; and rows that one thread writes into SQLite one commit at a
time. The machines are shared, so only ratios inside one run are worth comparing.
"""
import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.bar import Bar
from bench.http_client import Load, drive, get
from bench.phones import idea, send
from bench.raw_commits import raw_commits
from bench.serving import Server, forum_server, hello_server

ROUND_SECONDS = 3.0
ROUNDS = 5
CONNECTIONS = 16
MANY_CONNECTIONS = 64
UNLIMITED = {"FLASK_ENTRIES_PER_SITTING": "1000000000"}
"""The fair limit of a sitting would end the measurement after a few seconds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request: medians over the rounds. Times in milliseconds; CPU of the web process per request."""

    what: str
    connections: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    failures: int


def measure(rounds: int = ROUNDS) -> tuple[list[Row], float, list[Bar]]:
    """Rows, commits per second of the raw loop, and the bars. All servers are up together, rounds interleaved."""
    with forum_server(UNLIMITED) as forum, hello_server() as hello, hello_server("--in-the-loop") as looped:
        state = f"/s/{forum.code}/state"
        etag = _etag(forum, state)
        kinds: list[tuple[str, Server, Callable[[], bytes], int, tuple[int, ...]]] = [
            ("bare Flask", hello, lambda: get("/"), CONNECTIONS, (200,)),
            ("bare Flask, in the loop", looped, lambda: get("/"), CONNECTIONS, (200,)),
            ("submission", forum, lambda: send(forum.code, idea()), CONNECTIONS, (201,)),
            ("form page", forum, lambda: get(f"/s/{forum.code}", Accept_Encoding="gzip"), CONNECTIONS, (200,)),
            ("unchanged poll (304)", forum, lambda: get(state, If_None_Match=etag), CONNECTIONS, (304,)),
            ("bare Flask, many", hello, lambda: get("/"), MANY_CONNECTIONS, (200,)),
            ("submission, many", forum, lambda: send(forum.code, idea()), MANY_CONNECTIONS, (201,)),
        ]
        taken: dict[str, list[tuple[Load, float]]] = {name: [] for name, *_ in kinds}
        commits = []
        for _ in range(rounds):
            for name, server, make_request, connections, _expected in kinds:
                if name.startswith("unchanged"):
                    etag = _etag(forum, state)
                before = server.cpu_seconds()
                load = drive(server.port, make_request, connections=connections, seconds=ROUND_SECONDS)
                taken[name].append((load, server.cpu_seconds() - before))
            commits.append(raw_commits(1.0))
    rows = [_row(name, connections, expected, taken[name]) for name, _s, _m, connections, expected in kinds]
    return rows, statistics.median(commits), _bars({row.what: row for row in rows})


def _etag(server: Server, path: str) -> str:
    time.sleep(1.2)  # what is kept in memory must be as new as the last entry
    head = drive(server.port, lambda: get(path), connections=1, seconds=0.01).answers[0].headers.decode()
    return next(line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("etag"))


def _row(name: str, connections: int, expected: tuple[int, ...], rounds: list[tuple[Load, float]]) -> Row:
    def median(figure: Callable[[Load, float], float]) -> float:
        return round(statistics.median(figure(load, cpu) for load, cpu in rounds), 3)

    return Row(name, connections, median(lambda load, _: load.per_second),
               median(lambda load, cpu: 1000 * cpu / max(len(load.answers), 1)),
               *(median(lambda load, _, share=share: 1000 * load.percentile(share)) for share in (0.5, 0.95, 0.99)),
               sum(load.failures(*expected) for load, _ in rounds))


def _bars(rows: dict[str, Row]) -> list[Bar]:
    hello, many = rows["bare Flask"], rows["submission, many"]
    sent, poll = rows["submission"], rows["unchanged poll (304)"]
    return [
        Bar("submissions/s : hello's", sent.per_second / hello.per_second, 0.25, False),
        Bar("CPU of a submission : hello's", sent.cpu_ms / hello.cpu_ms, 3.5, True),
        Bar("p99 : p50 of submissions at 64 connections", many.p99_ms / many.p50_ms, 3.0, True),
        Bar("unchanged polls/s : hello's", poll.per_second / hello.per_second, 0.7, False),
        Bar("answers that were not as expected", float(sum(row.failures for row in rows.values())), 0.0, True),
    ]


def table(rows: list[Row], commits: float, bars: list[Bar]) -> str:
    lines = [f"{'what':24}{'conn.':>6}{'req/s':>9}{'CPU ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'failed':>8}"]
    lines += [f"{row.what:24}{row.connections:6}{row.per_second:9.0f}{row.cpu_ms:9.2f}{row.p50_ms:9.1f}"
              f"{row.p95_ms:9.1f}{row.p99_ms:9.1f}{row.failures:8}" for row in rows]
    lines += [f"SQLite, one row a commit, one thread: {commits:.0f} rows/s", ""]
    lines += map(str, bars)
    return "\n".join(lines)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="of which the median counts")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``load.json`` to ``out``."""
    rows, commits, bars = measure(options.rounds)
    print(table(rows, commits, bars))
    out.mkdir(parents=True, exist_ok=True)
    (out / "load.json").write_text(json.dumps({
        "rows": [asdict(row) for row in rows], "raw_commits_per_second": commits,
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in bars]}, indent=1) + "\n")
