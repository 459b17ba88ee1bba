"""The application as ``make run`` starts it, and a real Chromium in front of it."""
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import machine
import pytest
from live_server import Server, start_server, stop_server
from outbox_phone import House
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

PICTURES = Path(__file__).parent.parent / "artifacts"
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
def first_started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation after its first start, to be copied: to make the sample takes as long as a start."""
    instance = tmp_path_factory.mktemp("first") / "instance"
    stop_server(start_server(instance))
    return instance


@pytest.fixture(scope="module")
def server(first_started: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One installation per file of tests: what one file decides on the sample must not meet the next."""
    running = start_server(shutil.copytree(first_started, tmp_path_factory.mktemp("browser") / "instance"))
    yield running
    stop_server(running)


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, first_started: Path,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation per file, behind a network that can misbehave; a file may name the kind it needs (HOUSE)."""
    running = start_server(shutil.copytree(first_started, tmp_path_factory.mktemp("house") / "instance"))
    house = getattr(request.module, "HOUSE", House)(running)
    yield house
    house.proxy.stop()
    stop_server(house.server)


@pytest.fixture(scope="session")
def chromium() -> dict[str, Any]:
    """How Chromium is started."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        machine.lacks("Chromium", "install it (apt-get install chromium) or name it in CHROMIUM")
    return {"executable_path": executable, "args": list(_QUIET)}


@pytest.fixture(scope="session")
def browsers(chromium: dict[str, Any]) -> Iterator[list[Browser]]:
    """The Chromium that all tests share, last of those that were needed."""
    with sync_playwright() as playwright:
        running = [playwright.chromium.launch(**chromium)]
        yield running
        running[-1].close()


@pytest.fixture
def browser(browsers: list[Browser], chromium: dict[str, Any]) -> Browser:
    if not browsers[-1].is_connected():  # it died in another test, which says so
        browsers.append(browsers[-1].browser_type.launch(**chromium))
    return browsers[-1]


def leave(context: BrowserContext) -> None:
    """Close a browser's pages, then the browser: Chromium falls over one that goes while a page asks whether to."""
    for page in context.pages:
        page.close()
    context.close()


_EXPECTED = ("Failed to load resource", "MIME type")


@pytest.fixture
def open_browser(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own (phone, desk, with or without scripts); whatever it complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # The browser reports the answer 4xx of a refused form as an error, and the page of a captive portal in the
        # place of a script; that is what the tests are about.
        if message.type == "error" and not any(words in message.text for words in _EXPECTED):
            complaints.append(message.text)

    def open_page(viewport: dict[str, int], **options: object) -> Page:
        context = browser.new_context(viewport=viewport, base_url=server.address, locale="id-ID", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(f"foreign host: {request.url}")
                if not request.url.startswith((server.address, "data:", "blob:")) else None)
        return page

    yield open_page
    for context in contexts:
        leave(context)
    assert complaints == []


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keep a screenshot of the whole page in an ignored folder, to be looked at."""
    PICTURES.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return take
