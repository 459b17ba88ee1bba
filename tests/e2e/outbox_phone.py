"""A phone that writes while the network misbehaves: what tests of the outbox do on a page, and what was stored."""
import json
import re
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from urllib.error import HTTPError
from urllib.request import urlopen

from fault_proxy import DEAD, FaultProxy
from live_server import Server, start_server, stop_server
from playwright.sync_api import Page, Response, expect

from forum.audit import LATE_LINES

WAITING = "Tersimpan di ponsel, belum terkirim"
_JAKARTA = timezone(timedelta(hours=7))


class House:
    """An application behind a network that can misbehave, and what it has stored."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.proxy = FaultProxy(server.address)

    def restart(self) -> None:
        stop_server(self.server)
        self.server = start_server(self.server.instance)
        self.proxy.backend = self.server.address

    def stored(self, words: str) -> list[str]:
        """Receipts of the entries whose text holds these words, in the order of their arrival."""
        with closing(sqlite3.connect(self.server.instance / "forum.db")) as database:
            return [code for code, in database.execute(
                "SELECT receipt_code FROM submission JOIN submission_version ON submission_id = submission.id"
                " WHERE body LIKE ? ORDER BY submission.id", (f"%{words}%",))]

    def set_state(self, state: str) -> None:
        self._change("UPDATE forum_session SET state = ? WHERE join_code = ?", state, self.server.join_code)

    def rename_sitting(self, before: str, after: str) -> None:
        self._change("UPDATE forum_session SET join_code = ? WHERE join_code = ?", after, before)

    def lift_limits(self) -> None:
        self._change("UPDATE forum_session SET is_limited = 0")

    def limit_again(self) -> None:
        self._change("UPDATE forum_session SET is_limited = 1")

    def wait_until_known(self) -> None:
        """Until the server tells phones of everything that happened in their sitting, or that there is none."""
        with closing(sqlite3.connect(self.server.instance / "forum.db", timeout=30)) as database:
            (newest,) = database.execute(
                "SELECT max(id) FROM audit_entry WHERE consultation_id ="
                " (SELECT consultation_id FROM forum_session WHERE join_code = ?)", (self.server.join_code,)).fetchone()
        for _ in range(600):
            try:
                with urlopen(f"{self.server.address}/s/{self.server.join_code}/state") as answer:
                    known = json.load(answer)["version"] // LATE_LINES
            except HTTPError:
                return
            if newest is not None and known >= newest:
                return
            time.sleep(0.05)
        raise AssertionError("the server never told phones of it")

    def _change(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.server.instance / "forum.db", timeout=30)) as database:
            database.execute(statement, values)
            # As every verb does: what phones are told is read anew when the log of their consultation has grown.
            columns = [name for _, name, *_ in database.execute("PRAGMA table_info(audit_entry)") if name != "id"]
            names = ", ".join(columns)
            database.execute(f"INSERT INTO audit_entry ({names}) SELECT {names} FROM audit_entry"
                             " WHERE id IN (SELECT max(id) FROM audit_entry GROUP BY consultation_id)")
            database.commit()


def open_form(page: Page, server: Server) -> None:
    """Open the form and wait until everything that scripts add is there."""
    page.goto(f"/s/{server.join_code}")
    expect(page.locator("#outbox[data-ready]")).to_be_attached()
    page.get_by_label("Warga").check()
    expect(page.locator("#area")).to_have_role("combobox")


def open_offline(page: Page, server: Server, house: House) -> None:
    """Open the form, wait until the phone keeps it with the ideas of others, and open it again without a network."""
    open_form(page, server)
    wait_until_kept(page, f"/s/{server.join_code}", f"/s/{server.join_code}/ideas")
    page.context.set_offline(True)
    house.proxy.fault = DEAD
    page.reload()


def write(page: Page, text: str) -> str:
    """Write and send one idea; return the receipt code that the phone shows at once."""
    page.get_by_role("radio", name=re.compile("^Masalah")).check()
    page.get_by_label("Tulis masukan Anda").fill(text)
    page.get_by_label("Saya setuju", exact=False).check()
    before = shown_code(page)
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_label("Tulis masukan Anda")).to_have_value("")
    expect(page.locator("[data-part=now] [data-part=code]")).not_to_have_text(before)
    return shown_code(page).replace("-", "")


def shown_code(page: Page) -> str:
    """The code of the newest entry, also while its receipt is out of sight."""
    return page.locator("[data-part=now] [data-part=code]").text_content()


def states(page: Page) -> list[str]:
    """State of every entry of this phone, newest first."""
    return page.locator("#outbox [data-part=list] [data-part=state]").all_text_contents()


def wait_until_kept(page: Page, *paths: str) -> None:
    """Until the service worker is in charge of the page and keeps these addresses."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    for path in paths:
        # Asked again and again: a promise, which is true already, would not be waited for.
        for _ in range(300):
            if page.evaluate("async (path) => Boolean(await caches.match(path))", path):
                break
            page.wait_for_timeout(50)
        else:
            raise AssertionError(f"{path} is not kept")


def expect_all_sent(page: Page, n: int) -> None:
    sent = page.locator("#outbox [data-part=list] [data-part=state]", has_text=re.compile("^Terkirim, kode"))
    expect(sent).to_have_count(n, timeout=40_000)


def expect_a_question_before_closing(page: Page) -> None:
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    for _ in range(100):
        if asked:
            break
        page.wait_for_timeout(50)
    assert asked == ["beforeunload"]


def time_of(answer: Response) -> str:
    """What a phone in Jakarta says of this refusal, as a pattern; it came in this minute or at the end of the last."""
    again = datetime.now(_JAKARTA) + timedelta(seconds=int(answer.headers["retry-after"]))
    return f"sekitar pukul ({again:%H[.]%M}|{again - timedelta(minutes=1):%H[.]%M})"
