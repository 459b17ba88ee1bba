"""What every page weighs over the wire on a first visit, compressed as the server sends it, with all that it loads."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.chromium import until_kept
from bench.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

DESK = {"width": 1280, "height": 800}
PARTICIPANT_PAGES = {
    "front door": "/", "form": "/s/{code}", "reactions": "/s/{code}/react", "notice": "/s/{code}/notice",
    "privacy": "/privacy", "find a receipt": "/r"}
STAFF_PAGES = {
    "consultations": "/staff/", "consultation": "/staff/consultations/1", "sitting": "/staff/sessions/1",
    "wall": "/staff/sessions/1/projector", "collect": "/staff/consultations/1/submissions",
    "themes": "/staff/consultations/1/themes", "priorities": "/staff/consultations/1/priorities",
    "responses": "/staff/consultations/1/responses", "export": "/staff/consultations/1/exports"}

# What is asked for after the page is complete waits for idle time: it is counted apart.
_LATER = """() => performance.getEntriesByType('resource')
  .filter((one) => one.startTime >= performance.getEntriesByType('navigation')[0].loadEventStart)
  .map((one) => one.name)"""


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of the bodies as they came, and requests: until the page was complete, and later in idle time."""

    page: str
    first_bytes: int
    first_requests: int
    later_bytes: int
    later_requests: int


def weigh(browser: Browser, server: Server) -> list[Weight]:
    """All pages, each in a browser that has been nowhere before (staff: signed in, nothing kept)."""
    signed_in = _signed_in(browser, server)
    visits = [(name, address, None) for name, address in PARTICIPANT_PAGES.items()]
    visits += [(name, address, signed_in) for name, address in STAFF_PAGES.items()]
    found = []
    for name, address, cookies in visits:
        with _context(browser, server, cookies) as context:
            found.append(weight_of(context.new_page(), name, address.format(code=server.code)))
    return found


def _context(browser: Browser, server: Server, cookies: list[dict[str, object]] | None = None) -> BrowserContext:
    context = browser.new_context(viewport=DESK, base_url=f"http://127.0.0.1:{server.port}", locale="id-ID")
    context.add_cookies(cookies or [])
    return context


def _signed_in(browser: Browser, server: Server) -> list[dict[str, object]]:
    """The cookies of the sample's administrator."""
    sign_ins = dict(line.split(" ", 1) for line in (server.instance / "sample-sign-ins.txt").read_text().splitlines())
    with _context(browser, server) as context:
        page = context.new_page()
        page.goto("/staff/")
        page.get_by_label("Nama akun").fill("administrator")
        page.get_by_label("Kata sandi").fill(sign_ins["administrator"])
        page.get_by_role("button", name="Masuk").click()
        page.get_by_role("link", name=re.compile("data contoh")).wait_for()
        return context.cookies()


def weight_of(page: Page, name: str, address: str) -> Weight:
    """What a fresh ``page`` loads of an address, on a browser context that has been nowhere before.

    Raises
    ------
    ValueError
        Something was not answered with 200.
    """
    answers: list[Response] = []
    # Of the whole browser: what the service worker fetches belongs to no page.
    page.context.on("response", lambda answer: answers.append(answer) if not answer.url.startswith("data:") else None)
    page.goto(address)
    _until_quiet(page)
    wrong = [f"{answer.url} answered {answer.status}" for answer in answers if answer.status != 200]
    if wrong:
        raise ValueError("; ".join(wrong))
    later = set(page.evaluate(_LATER))
    weights = [(answer.request.service_worker is not None or answer.url in later, _bytes_of(answer))
               for answer in answers if not _was_kept(answer)]
    first, idle = ([size for is_later, size in weights if is_later is which] for which in (False, True))
    return Weight(name, sum(first), len(first), sum(idle), len(idle))


def _bytes_of(answer: Response) -> int:
    """As the server counted them: the browser itself tells nothing of the script of a service worker."""
    return int(answer.headers["content-length"])


def _was_kept(answer: Response) -> bool:
    """Whether the browser had it already; it then counts less than nothing, headers taken off."""
    return answer.request.sizes()["responseBodySize"] < 0


def _until_quiet(page: Page) -> None:
    """Until nothing more comes; pages with an outbox are first kept by the service worker."""
    if page.locator("#outbox").count():
        until_kept(page)
    page.wait_for_load_state("networkidle")
