"""A real browser for measurements: the Chromium of this machine, driven by Playwright."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")
_KEPT_SECONDS = 30
_IS_KEPT = """async () => {
  const ideas = document.querySelector('[data-ideas]')?.dataset.ideas;
  const kept = await Promise.all([location.pathname, ideas || '/'].map((path) => caches.match(path)));
  return kept.every(Boolean);
}"""


def executable() -> str | None:
    """Path of the browser: the variable CHROMIUM, else what is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def missing() -> str:
    """What this machine lacks for a browser, in a line; empty when nothing is."""
    if find_spec("playwright") is None:
        return "MISSING: playwright, which drives the browser (it comes with `make bench`)"
    return "" if executable() else "MISSING: Chromium (install it, or name it in CHROMIUM)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The running browser; nothing may be `missing`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


def until_kept(page: Page) -> None:
    """Until the service worker keeps this page and the ideas that it names.

    Raises
    ------
    ValueError
        It does not within `_KEPT_SECONDS`.
    """
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    for _ in range(_KEPT_SECONDS * 10):
        # Asked again and again: a promise, which is true already, would not be waited for.
        if page.evaluate(_IS_KEPT):
            return
        page.wait_for_timeout(100)
    raise ValueError(f"the service worker does not keep {page.url}")
