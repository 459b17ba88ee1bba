"""A small HTTP client for load: keeps connections open and times each answer; it never leaves this machine."""
import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
ANSWER_SECONDS = 30.0


@dataclass(slots=True)
class Answer:
    """Status 0 stands for a connection that broke or stayed silent."""

    status: int
    seconds: float
    body: bytes = b""
    headers: bytes = b""


@dataclass(slots=True)
class Load:
    """What came back from many requests."""

    seconds: float
    answers: list[Answer] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def percentile(self, share: float) -> float:
        """Seconds within which this share (0..1) of the answers came."""
        times = sorted(answer.seconds for answer in self.answers)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0

    def failures(self, *expected: int) -> int:
        return sum(answer.status not in expected for answer in self.answers)


def get(path: str, **headers: str) -> bytes:
    return _request("GET", path, b"", headers)


def post(path: str, fields: dict[str, str], **headers: str) -> bytes:
    body = urlencode(fields).encode()
    return _request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded",
                                         "Content-Length": str(len(body)), "Sec-Fetch-Site": "same-origin",
                                         "Accept": "application/json", **headers})


def _request(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}",
             *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def ask(port: int, request: bytes, *, drop_answer: bool = False) -> Answer:
    """One request on a connection of its own; ``drop_answer`` hangs up after sending, as bad wifi does."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(request)
            await writer.drain()
            if drop_answer:
                await asyncio.sleep(0.005)
                return Answer(0, time.perf_counter() - began)
            async with asyncio.timeout(ANSWER_SECONDS):
                return await _read(reader, began)
        finally:
            writer.close()
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return Answer(0, time.perf_counter() - began)


def drive(port: int, make_request: Callable[[], bytes], *, connections: int, seconds: float) -> Load:
    """Send as fast as answers come over so many kept connections, for so long."""
    return asyncio.run(drive_here(port, make_request, connections=connections, seconds=seconds))


async def drive_here(port: int, make_request: Callable[[], bytes], *, connections: int, seconds: float) -> Load:
    """As `drive`, inside an event loop that has other things to do as well."""
    began = time.perf_counter()
    load = Load(seconds)
    await asyncio.gather(*(_connection(port, make_request, began + seconds, load) for _ in range(connections)))
    load.seconds = time.perf_counter() - began
    return load


async def _connection(port: int, make_request: Callable[[], bytes], end: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        while (began := time.perf_counter()) < end:
            writer.write(make_request())
            try:
                answer = await _read(reader, began)
            except (OSError, asyncio.IncompleteReadError):
                answer = Answer(0, time.perf_counter() - began)
            load.answers.append(answer)
            # The server ends a connection after an answer without a body, and says so.
            if not answer.status or b"connection: close" in answer.headers.lower():
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, port)
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader, began: float) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    body = await reader.readexactly(length) if length else b""
    return Answer(int(head[9:12]), time.perf_counter() - began, body, head)
