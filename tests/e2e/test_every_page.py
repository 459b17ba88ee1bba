"""Every page that the URL map knows, and every state of a sitting and of an entry, for everybody who can see it."""
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest
from accessible import check, check_words
from builders import make_forum_session, make_submission
from every_route import routes
from live_server import DESK, PHONE, Server, sign_in
from playwright.sync_api import Page, expect

from forum import audit, create_app
from forum.answers.services import publish, respond
from forum.consultations.asking import QuestionFacts, add_question
from forum.consultations.services import close_session
from forum.db import db, utc_now
from forum.moderation.services import hide
from forum.review.models import AnalysisRun, Cluster
from forum.review.running import start_run
from forum.review.services import confirm_cluster
from forum.submissions.models import Submission
from forum.submissions.services import withdraw

pytestmark = pytest.mark.browser

CONSULTATION = 1  # the sample
DRAFT, CLOSED, CLOSING = "RFT479", "TXT479", "TKT479"
BY_SCRIPTS = "#outbox, #deck, #my-reactions"
_STATES = ("accepted", "waiting", "hidden", "withdrawn")


@dataclass(frozen=True, slots=True)
class Furnished:
    """A house with one of everything: paths of its routes by who may enter, receipts by the state of their entry."""

    phone_paths: tuple[str, ...]
    desk_paths: tuple[str, ...]
    open_group_path: str
    receipts: dict[str, str]
    closing_id: int


@pytest.fixture(scope="module")
def furnished(server: Server) -> Furnished:
    app = create_app({"INSTANCE_PATH": str(server.instance)})
    with app.app_context():
        said = {"actor": audit.COMMAND_LINE, "now": utc_now()}
        for code, state in ((DRAFT, "draft"), (CLOSED, "closed")):
            make_forum_session(CONSULTATION, join_code=code, state=state)
        closing = make_forum_session(CONSULTATION, join_code=CLOSING)
        entries = {state: make_submission(closing, f"Halte di depan pasar tidak beratap ({state}).",
                                          state="waiting" if state == "waiting" else "accepted") for state in _STATES}
        hide(submission_id=entries["hidden"], reason="Menyebut nama orang.", **said)
        withdraw(submission_id=entries["withdrawn"], now=utc_now())
        for kind in ("text", "scale"):
            add_question(consultation_id=CONSULTATION, **said,
                         facts=QuestionFacts(kind, f"Nama {kind}?", f"Your {kind}?", (), is_required=False))
        group_id, open_group_id = _first_groups(start_run(consultation_id=CONSULTATION, **said))
        theme_id = confirm_cluster(cluster_id=group_id, title="Tema pertama", **said)
        respond(theme_id=theme_id, status="partly", text="Masuk rencana tahun depan.", version=0, **said)
        publish(consultation_id=CONSULTATION, **said)
        receipts = {state: db.session.get_one(Submission, entry).receipt_code for state, entry in entries.items()}
        found = [(route, "participant" in route.audiences or "public" in route.audiences)
                 for route in routes(app) if "GET" in (route.rule.methods or ())]
    return Furnished(tuple(route.path for route, is_open in found if is_open),
                     tuple(route.path for route, is_open in found if not is_open),
                     f"/staff/clusters/{open_group_id}", receipts, closing)


def _first_groups(run_id: int) -> Sequence[int]:
    """Two groups that the worker has found, once the run is done."""
    for _ in range(600):
        db.session.rollback()
        if db.session.get_one(AnalysisRun, run_id).state == "done":
            return db.session.scalars(
                db.select(Cluster.id).where(Cluster.run_id == run_id).order_by(Cluster.id).limit(2)).all()
        time.sleep(0.1)
    raise AssertionError("the worker did not analyse")


@pytest.fixture
def visit(open_browser) -> Callable[..., Page]:
    """Open browsers whose owners prefer no motion: colours are final as soon as they are painted."""
    return lambda viewport: open_browser(viewport, reduced_motion="reduce")


def walk(page: Page, server: Server, paths: Iterable[str]) -> list[str]:
    """Check all of them that are pages, in both languages; return these."""
    seen = []
    for path in paths:
        answer = page.request.get(path, max_redirects=0)
        if answer.headers.get("content-type", "").startswith("text/html") and "</html>" in answer.text():
            for language, look in (("id", check), ("en", check_words)):
                page.context.add_cookies([{"name": "language", "value": language, "url": server.address}])
                page.goto(path)
                expect(page.locator("html")).to_have_attribute("lang", language)
                for part in page.locator(BY_SCRIPTS).all():
                    expect(part).to_have_attribute("data-ready", "yes")
                look(page, f"{path} ({language})")
            seen.append(path)
    return seen


def test_every_page_of_participants(visit, server, furnished):
    phone = visit(PHONE)
    phone.goto(f"/s/{DRAFT}")
    expect(phone.get_by_text("belum dibuka")).not_to_have_count(0)
    states = [f"/s/{DRAFT}", f"/s/{CLOSED}", *(f"/r/{receipt}" for receipt in furnished.receipts.values()),
              f"/r/{furnished.receipts['hidden']}/correct", f"/r/{furnished.receipts['waiting']}/correct", "/r/0000",
              "/tidak-ada"]
    paths = [path.replace("KRM479", server.join_code) for path in furnished.phone_paths]

    seen = walk(phone, server, (*paths, *states))

    assert {"/", "/r", "/privacy", f"/c/{CONSULTATION}/results", *states} <= set(seen)


def test_every_page_of_staff(visit, server, furnished):
    desk = visit(DESK)
    sign_in(desk, server, "administrator")

    seen = walk(desk, server, (*furnished.desk_paths, furnished.open_group_path))

    assert len(seen) >= 20
    assert {"/staff/accounts/1", "/staff/consultations/1/edit", "/staff/consultations/1/sessions/new",
            "/staff/themes/1/response", "/staff/runs/1/map", "/staff/questions/1/edit",
            furnished.open_group_path} <= set(seen)


def test_what_is_said_to_those_who_come_too_late(visit, server, furnished):
    """On a phone that gets no scripts: sent again with other words, and closed while writing."""
    phone = visit(PHONE)
    phone.context.route("**/modules/**", lambda request: request.abort())

    def write(text: str) -> None:
        phone.get_by_label("Warga").check()
        phone.get_by_role("radio", name=re.compile("^Masalah")).check()
        phone.get_by_label("Tulis masukan Anda").fill(text)
        phone.get_by_label("Saya setuju", exact=False).check()

    phone.goto(f"/s/{CLOSING}")
    key = phone.locator("#key").input_value()
    write("Trotoar di depan sekolah rusak.")
    phone.get_by_role("button", name="Kirim").click()
    phone.goto(f"/s/{CLOSING}")
    phone.locator("#key").evaluate("(field, key) => { field.value = key; }", key)
    write("Trotoar di depan pasar rusak.")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_role("heading", name="Formulir ini sudah terkirim")).to_be_visible()
    check(phone, "already sent")

    phone.goto(f"/s/{CLOSING}")
    write("Zebra cross di depan kantor pos pudar.")
    with create_app({"INSTANCE_PATH": str(server.instance)}).app_context():
        close_session(forum_session_id=furnished.closing_id, actor=audit.COMMAND_LINE, now=utc_now())
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_role("heading", name="Sesi ini sudah ditutup")).to_be_visible()
    check(phone, "closed while writing")
