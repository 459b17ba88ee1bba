"""The form on a phone in a real browser: how soon it can be used on slow 3G and offline, and what pages weigh.

Usable means: the form is parsed to its last button and painted; nothing in it waits for a script. The network is the
browser's own simulation (400 kbit/s each way, 400 ms from request to answer; no delay for connecting). The machines are
shared, so of several rounds the median counts.
"""
from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.bar import Bar
from bench.chromium import chromium, missing, until_kept
from bench.page_weight import Weight, weigh
from bench.serving import Server, forum_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROUNDS = 5
PHONE = {"width": 360, "height": 740}
BITS_PER_SECOND, ROUND_TRIP_MS = 400_000, 400
FORM_BYTES, FORM_REQUESTS, LATER_BYTES = 14_000, 4, 60_000
FIRST_VISIT_MS, OFFLINE_MS = 1_500.0, 500.0

_USABLE_MS = """() => {
  const painted = performance.getEntriesByName('first-contentful-paint')[0];
  const page = performance.getEntriesByType('navigation')[0];
  return painted && page.domInteractive && document.querySelector('.idea-form button[type=submit]')
    ? Math.max(painted.startTime, page.domInteractive) : null;
}"""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from the beginning of the visit until the form can be used, one for each round."""

    slow_3g: tuple[float, ...]
    offline: tuple[float, ...]


def measure(rounds: int = ROUNDS) -> tuple[Times, list[Weight]]:
    """Visits of fresh phones to a fresh installation, then the weight of its pages."""
    with forum_server() as server, chromium() as browser:
        slow_3g = tuple(first_visit(browser, server) for _ in range(rounds))
        offline = tuple(second_visit_offline(browser, server) for _ in range(rounds))
        return Times(slow_3g, offline), weigh(browser, server)


def first_visit(browser: Browser, server: Server) -> float:
    """Milliseconds on slow 3G, nothing kept from before."""
    with _phone(browser, server) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", {
            "offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": BITS_PER_SECOND / 8,
            "uploadThroughput": BITS_PER_SECOND / 8})
        return _visit(page, server)


def second_visit_offline(browser: Browser, server: Server) -> float:
    """Milliseconds without any network, on a phone that has been here once."""
    with _phone(browser, server) as context:
        first = context.new_page()
        first.goto(f"/s/{server.code}")
        until_kept(first)
        first.close()
        context.set_offline(True)
        return _visit(context.new_page(), server)


def _phone(browser: Browser, server: Server) -> BrowserContext:
    return browser.new_context(viewport=PHONE, base_url=f"http://127.0.0.1:{server.port}", locale="id-ID")


def _visit(page: Page, server: Server) -> float:
    page.goto(f"/s/{server.code}", wait_until="commit")
    return round(page.wait_for_function(_USABLE_MS).json_value(), 1)


def bars(times: Times, weights: Sequence[Weight]) -> list[Bar]:
    """What this run can say about the limits."""
    form = next(one for one in weights if one.page == "form")
    return [
        Bar("first visit on slow 3G, ms until usable", statistics.median(times.slow_3g), FIRST_VISIT_MS, True),
        Bar("second visit offline, ms until usable", statistics.median(times.offline), OFFLINE_MS, True),
        Bar("form, bytes of the first visit", float(form.first_bytes), FORM_BYTES, True),
        Bar("form, requests of the first visit", float(form.first_requests), FORM_REQUESTS, True),
        Bar("form, bytes in idle time", float(form.later_bytes), LATER_BYTES, True),
    ]


def table(times: Times, weights: Sequence[Weight], met: Sequence[Bar]) -> str:
    lines = [f"{'ms until usable':24}" + "each round, sorted"]
    lines += [f"{name:24}" + "".join(f"{value:8.0f}" for value in sorted(values))
              for name, values in (("first visit, slow 3G", times.slow_3g), ("second visit, offline", times.offline))]
    lines += ["", f"{'page':24}{'bytes':>8}{'requests':>10}{'later bytes':>13}{'later requests':>16}"]
    lines += [f"{one.page:24}{one.first_bytes:8}{one.first_requests:10}{one.later_bytes:13}{one.later_requests:16}"
              for one in weights]
    return "\n".join([*lines, "", *map(str, met)])


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="of which the median counts")


def run(options: argparse.Namespace, out: Path) -> None:
    """Measure, print the tables, write ``phone.json`` to ``out``; without a browser say so in a line."""
    if missing():
        print(missing())
        return
    times, weights = measure(options.rounds)
    met = bars(times, weights)
    print(table(times, weights, met))
    out.mkdir(parents=True, exist_ok=True)
    (out / "phone.json").write_text(json.dumps({
        "times_ms": asdict(times), "pages": [asdict(one) for one in weights],
        "bars": [asdict(bar) | {"is_met": bar.is_met} for bar in met]}, indent=1) + "\n")
