"""A phone that reacts, for the tests in a browser: the deck of cards, a finger on it, and what was stored."""
import sqlite3
from contextlib import closing

from live_server import Server
from outbox_phone import House
from playwright.sync_api import Page, expect

import analysis
from forum.security import digest


class Reactions(House):
    """The house, and who reacted how."""

    def stored_of(self, phone: Page) -> dict[str, int]:
        """Reactions of this phone by the text of the entry, as phones see it: personal data masked."""
        (key,) = [one["value"] for one in phone.context.cookies() if one["name"] == "participant"]
        stored = self.read("SELECT body, value FROM reaction JOIN submission_version USING (submission_id)"
                           " WHERE participant_digest = ?", digest(key))
        return {analysis.mask(body): value for body, value in stored.items()}

    def wait_for(self, phone: Page, expected: dict[str, int]) -> None:
        for _ in range(400):
            if self.stored_of(phone) == expected:
                return
            phone.wait_for_timeout(50)
        assert self.stored_of(phone) == expected

    def read(self, query: str, *arguments: str) -> dict[str, int]:
        with closing(sqlite3.connect(self.server.instance / "forum.db")) as database:
            return dict(database.execute(query, arguments).fetchall())

    def hide(self, text: str, state: str) -> None:
        with closing(sqlite3.connect(self.server.instance / "forum.db")) as database:
            (entry,) = [entry for entry, body in database.execute("SELECT submission_id, body FROM submission_version")
                        if analysis.mask(body) == text]
            database.execute("UPDATE submission SET state = ? WHERE id = ?", (state, entry))
            # The line that every such decision leaves: by it phones learn that something happened.
            database.execute(
                "INSERT INTO audit_entry (at, actor_name, action, subject_type, subject_id, consultation_id, detail)"
                " SELECT received_at, 'test', 'moderation.hide', 'submission', id, consultation_id, '{}'"
                " FROM submission WHERE id = ?", (entry,))
            database.commit()


def open_deck(page: Page, server: Server) -> None:
    page.goto(f"/s/{server.join_code}/react")
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("#deck[data-ready]")).to_be_attached()
    page.wait_for_timeout(300)  # a choice needs a breath after the card has come


def text(page: Page) -> str:
    expect(page.locator("[data-part=text]")).to_be_visible()
    return page.locator("[data-part=text]").text_content()


def moved_on(page: Page, before: str) -> None:
    expect(page.locator("[data-part=text]")).not_to_have_text(before)
    page.wait_for_timeout(300)


def press(page: Page, name: str) -> str:
    """Press a button; return what was reacted to."""
    before = text(page)
    page.get_by_role("button", name=name, exact=True).click()
    moved_on(page, before)
    return before


def expect_all_sent(page: Page) -> None:
    expect(page.locator("[data-part=waiting]")).to_have_text("", timeout=40_000)


def swipe(page: Page, x: int, y: int) -> None:
    """A finger on the card that moves so far and lets go."""
    box = page.locator("[data-part=statement]").bounding_box()
    start_x, start_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touches = page.context.new_cdp_session(page)
    touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start_x, "y": start_y}]})
    for step in range(1, 7):
        touches.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [
            {"x": start_x + x * step / 6, "y": start_y + y * step / 6}]})
        page.wait_for_timeout(16)
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touches.detach()
