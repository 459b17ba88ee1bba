"""What pages of other sites can do to a phone or to staff who are signed in, in a real browser: nothing."""
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest
from fault_proxy import PASS
from live_server import DESK, PHONE, Server, sign_in
from outbox_phone import House, open_offline
from playwright.sync_api import Browser, Page, expect

from forum.submissions import receipt

pytestmark = pytest.mark.browser



class OtherSite:
    """A site on this machine, but another one for a browser: it goes by another name than the application."""

    def __init__(self) -> None:
        self.content = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = f"<!doctype html><title>Lain</title>{site.content}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def show(self, page: Page, content: str) -> None:
        self.content = content
        page.goto(self.address)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    site = OtherSite()
    yield site
    site.stop()


@pytest.fixture
def server(house: House) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a browser that has been on our form, and knows nothing bad of the other site yet."""
    context = browser.new_context(viewport=PHONE, base_url=server.address, locale="id-ID")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"/s/{server.join_code}")
    yield page
    context.close()


def fields(words: str) -> dict[str, str]:
    return {"kind": "problem", "body": words, "group": "resident", "area": "-", "consent": "y", "key": str(uuid4()),
            "receipt": receipt.new()}


def form(action: str, values: dict[str, str], enctype: str) -> str:
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in values.items())
    return f'<form method="post" action="{action}" enctype="{enctype}">{inputs}<button>Hadiah</button></form>'


@pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
def test_a_form_of_another_site_writes_nothing(page, server, house, other_site, enctype):
    values = fields("Ditulis situs lain: air keruh.")
    other_site.show(page, form(f"{server.address}/s/{server.join_code}", values, enctype))
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Hadiah").click()
    assert answer.value.status == 403
    assert house.stored("Ditulis situs lain") == []
    # The same from our own page is taken; else the test would say nothing.
    page.goto(f"/s/{server.join_code}")
    values = fields(f"Ditulis di sini {enctype}: air keruh.")
    status = page.evaluate("""async ([path, values]) => (await fetch(path, {
      method: 'POST', body: new URLSearchParams(values), headers: { Accept: 'application/json' } })).status""",
                           [f"/s/{server.join_code}", values])
    assert status == 201
    assert house.stored(f"Ditulis di sini {enctype}") == [values["receipt"]]


def test_a_script_of_another_site_reads_and_writes_nothing(page, server, house, other_site):
    other_site.show(page, "")
    outcomes = page.evaluate("""async ([address, values]) => {
      const ask = (options) => fetch(address, options).then(async (answer) => answer.type + await answer.text(),
        () => 'refused');
      const body = () => new URLSearchParams(values);
      return [await ask({}), await ask({ method: 'POST', body: body() }),
        await ask({ method: 'POST', body: body(), mode: 'no-cors', credentials: 'include' }),
        await ask({ method: 'POST', body: JSON.stringify(values), headers: { 'Content-Type': 'application/json' } }),
        await ask({ mode: 'no-cors', credentials: 'include' })];
    }""", [f"{server.address}/s/{server.join_code}", fields("Skrip situs lain: air keruh.")])
    assert set(outcomes) <= {"refused", "opaque"}, "an opaque answer says nothing, not even its status"
    assert house.stored("Skrip situs lain") == []


def test_a_form_of_another_site_does_nothing_in_the_name_of_staff(browser, server, other_site):
    context = browser.new_context(viewport=DESK, base_url=server.address, locale="id-ID")
    try:
        page = context.new_page()
        sign_in(page, server, "administrator")
        expect(page.get_by_role("link", name="Akun").first).to_be_visible()
        other_site.show(page, form(f"{server.address}/staff/accounts", {
            "username": "penyusup", "name": "Penyusup", "role": "administrator",
            "password": "kata sandi penyusup"}, "application/x-www-form-urlencoded"))
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.get_by_role("button", name="Hadiah").click()
        assert answer.value.status == 403
        page.goto("/staff/accounts")
        expect(page.get_by_text("administrator").first).to_be_visible()
        expect(page.get_by_text("penyusup")).to_have_count(0)
    finally:
        context.close()


def test_no_other_site_shows_the_form_in_a_frame(page, server, other_site):
    other_site.show(page, f'<iframe src="{server.address}/s/{server.join_code}" width="300" height="500"></iframe>')
    frame = page.frame_locator("iframe")
    page.wait_for_load_state()  # frames included
    expect(frame.get_by_label("Tulis masukan Anda")).to_have_count(0)
    expect(frame.locator("form")).to_have_count(0)


def test_a_page_that_the_phone_kept_runs_no_script_from_within(page, server, house):
    """The headers are kept with it."""
    run = "() => { const script = document.createElement('script'); script.textContent = 'window.ran = true';" \
          " document.head.append(script); return window.ran ?? false; }"
    assert page.evaluate(run) is False
    open_offline(page, server, house)
    expect(page.get_by_label("Tulis masukan Anda")).to_be_visible()
    assert page.evaluate(run) is False
