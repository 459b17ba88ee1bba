"""Phones at the edge of the wifi hold connections for minutes: a plain page must not wait for them.

Some drip an idea into the server, 20 bytes a second; as many read the form, 1 kB a second. Beside them somebody opens
the front page again and again, in turns with and without the slow phones, so that both figures are of one run.
"""
import argparse
import asyncio
import json
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.bar import Bar
from bench.http_client import HOST, Answer, Load, drive_here, get
from bench.phones import idea, send
from bench.serving import forum_server

PHONES = 60
ROUNDS = 3
ROUND_SECONDS = 6.0
BEGIN_SECONDS = 60
"""Within which every slow phone must have sent or read its first bytes."""

DRIP_BYTES, READ_BYTES = 20, 1_000
"""A second, for each phone."""

_LONG = "Selokan di depan pasar mampet. " * 60


@dataclass(slots=True)
class Patience:
    """Bytes that the slow phones got through, and how many of them were still at it when the last page was answered."""

    n_dripped: int = 0
    n_read: int = 0
    n_at_it: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all rounds: times of the plain page in milliseconds; slow phones, and how many of them outlasted it."""

    slow_phones: int
    outlasting: int
    quiet_p50_ms: float
    quiet_p95_ms: float
    slow_p50_ms: float
    slow_p95_ms: float
    answers: int
    failures: int
    dripped_bytes: int
    read_bytes: int

    @property
    def bars(self) -> list[Bar]:
        return [Bar("p95 of a plain page beside slow phones : quiet", self.slow_p95_ms / self.quiet_p95_ms, 3, True),
                Bar("slow phones that were waited for or cut off", float(self.slow_phones - self.outlasting), 0, True),
                Bar("pages that failed", float(self.failures), 0, True)]


def measure(phones: int = PHONES, rounds: int = ROUNDS, seconds: float = ROUND_SECONDS) -> Figures:
    """``phones`` of each kind against a fresh installation."""
    patience, quiet, beside = Patience(), Load(0.0), Load(0.0)
    with forum_server() as server:
        for _ in range(rounds):
            quiet.answers += asyncio.run(drive_here(server.port, _plain, connections=1, seconds=seconds)).answers
            beside.answers += asyncio.run(_beside(server.port, server.code, phones, seconds, patience))
    times = [round(1000 * load.percentile(share), 2) for load in (quiet, beside) for share in (0.5, 0.95)]
    return Figures(2 * phones * rounds, patience.n_at_it, *times, len(beside.answers),
                   quiet.failures(200) + beside.failures(200), patience.n_dripped, patience.n_read)


def _plain() -> bytes:
    return get("/")


async def _beside(port: int, code: str, phones: int, seconds: float, patience: Patience) -> list[Answer]:
    begun = asyncio.Semaphore(0)
    waiting = [asyncio.create_task(work) for _ in range(phones)
               for work in (_drip(port, send(code, idea() | {"body": _LONG}), patience, begun),
                            _sip(port, get(f"/s/{code}"), patience, begun))]
    async with asyncio.timeout(BEGIN_SECONDS):
        for _ in waiting:
            await begun.acquire()
    load = await drive_here(port, _plain, connections=1, seconds=seconds)
    patience.n_at_it += sum(not task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return load.answers


async def _drip(port: int, request: bytes, patience: Patience, begun: asyncio.Semaphore) -> None:
    """Send an idea, so slowly and so long a one that it does not arrive while this lasts."""
    _reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for start in range(0, len(request), DRIP_BYTES):
            writer.write(request[start:start + DRIP_BYTES])
            await writer.drain()
            patience.n_dripped += len(request[start:start + DRIP_BYTES])
            if start == 0:
                begun.release()
            await asyncio.sleep(1)
    finally:
        writer.close()


async def _sip(port: int, request: bytes, patience: Patience, begun: asyncio.Semaphore) -> None:
    """Read a page slowly through a small window, so that the server has to keep the rest."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, READ_BYTES)
    narrow.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(narrow, (HOST, port))
        await loop.sock_sendall(narrow, request)
        is_first = True
        while True:
            some = await loop.sock_recv(narrow, READ_BYTES)
            if not some:
                raise ConnectionResetError("the server hung up")
            patience.n_read += len(some)
            if is_first:
                begun.release()
                is_first = False
            await asyncio.sleep(1)
    finally:
        with suppress(OSError):
            narrow.close()


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--phones", type=int, default=PHONES, metavar="N", help="that send, and as many that read")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the table, write ``slow-phones.json`` to ``out``."""
    figures = measure(options.phones, options.rounds)
    print(f"plain page      p50 ms  p95 ms\nquiet         {figures.quiet_p50_ms:8.2f}{figures.quiet_p95_ms:8.2f}\n"
          f"slow phones   {figures.slow_p50_ms:8.2f}{figures.slow_p95_ms:8.2f}\n"
          f"{figures.slow_phones} slow phones sent {figures.dripped_bytes} and read {figures.read_bytes} bytes", "",
          *figures.bars, sep="\n")
    out.mkdir(parents=True, exist_ok=True)
    (out / "slow-phones.json").write_text(json.dumps(asdict(figures) | {
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in figures.bars]}, indent=1) + "\n")
