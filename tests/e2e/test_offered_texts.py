"""What a phone offers of others, on cards and while one writes: never one's own, nothing that was hidden meanwhile."""
import re
from dataclasses import replace
from typing import Any

import pytest
from fault_proxy import HANG, PASS
from live_server import PHONE, Server
from outbox_phone import expect_all_sent, open_form, write
from playwright.sync_api import Page, expect
from reacting_phone import Reactions, moved_on, open_deck, press, text

import analysis

pytestmark = pytest.mark.browser

HOUSE = Reactions

# What a phone does with the answer is asked here; on a busy machine it may come after the phone has gone on without.
PATIENT = "AbortController.prototype.abort = () => {}"
TYPED = "Sampah menumpuk di TPS, truk pengangkut sampah jarang datang"


@pytest.fixture
def server(house: Reactions) -> Server:
    house.proxy.fault = PASS
    return replace(house.server, address=house.proxy.address)


@pytest.fixture
def patient_phone(open_browser) -> Page:
    """A phone that waits for whatever it is answered about what still stands."""
    phone = open_browser(PHONE, service_workers="block")
    phone.add_init_script(PATIENT)
    return phone


def correct(author: Page, house: Reactions, shown: str, text: str) -> None:
    """Correct the entry that phones show so, as the holder of its receipt."""
    (code,) = {code for body, code in house.read(
        "SELECT body, receipt_code FROM submission JOIN submission_version ON submission_id = submission.id").items()
        if analysis.mask(" ".join(body.split())).startswith(" ".join(shown.split()).removesuffix("…"))}
    author.goto(f"/r/{code}/correct")
    expect(author.locator(".idea-form[data-ready]")).to_be_attached()
    author.get_by_label("Tulis masukan Anda").fill(text)
    author.get_by_role("button", name="Simpan perbaikan").click()
    expect(author).to_have_url(re.compile(r"/r/\w+(\?.*)?$"))


def test_ones_own_idea_is_no_similar_idea(open_browser, server, house):
    phone = open_browser(PHONE, service_workers="block")
    phone.route("**/ideas", lambda route: route.abort())  # the first look at it is the one below
    open_form(phone, server)
    own = f"{TYPED} sejak musim hujan."
    write(phone, own)
    expect_all_sent(phone, 1)
    phone.unroute("**/ideas")
    assert own in phone.request.get(f"/s/{server.join_code}/ideas").json()["texts"].values()
    phone.reload()
    open_form(phone, server)
    phone.get_by_label("Tulis masukan Anda").fill(own)
    found = phone.locator("#similar-ideas li")
    expect(found.first).to_be_visible()
    assert own not in found.locator("p").all_text_contents()


def test_a_card_that_was_hidden_meanwhile_is_not_shown(patient_phone, server, house):
    phone = patient_phone
    kept: list[dict] = []
    phone.on("response", lambda answer: kept.extend(answer.json()["statements"])
             if answer.url.endswith("/statements") else None)
    open_deck(phone, server)
    press(phone, "Setuju")
    while not kept:
        phone.wait_for_timeout(20)
    shown = text(phone)
    following = [one["text"] for one in kept]
    coming = following[following.index(shown) + 1] if shown in following else following[0]
    house.hide(coming, "hidden")
    try:
        house.wait_until_known()
        press(phone, "Setuju")
        assert text(phone) != coming
        assert text(phone) == following[following.index(coming) + 1]
    finally:
        house.hide(coming, "accepted")


def test_a_list_that_comes_while_the_phone_asks_brings_no_hidden_card_back(patient_phone, server, house):
    phone, lists = patient_phone, []
    held: dict[str, Any] = {}
    phone.on("response", lambda answer: lists.append([one["text"] for one in answer.json()["statements"]])
             if answer.url.endswith("/statements") else None)
    open_deck(phone, server)
    press(phone, "Lewati")
    while not lists:
        phone.wait_for_timeout(20)
    phone.route("**/statements", lambda route: held.update(list=route, answer=route.fetch()))
    while "answer" not in held:  # few cards are left, and the phone asks for more
        press(phone, "Lewati")
    coming = lists[0][lists[0].index(before := text(phone)) + 1]
    phone.route("**/standing?*", lambda route: held.update(standing=route))
    house.hide(coming, "hidden")
    try:
        house.wait_until_known()
        phone.get_by_role("button", name="Lewati", exact=True).click()
        while "standing" not in held:
            phone.wait_for_timeout(20)
        held["list"].fulfill(response=held["answer"])
        while len(lists) < 2:
            phone.wait_for_timeout(20)
        phone.wait_for_timeout(300)  # for the page to read it
        held["standing"].continue_()
        moved_on(phone, before)
        assert text(phone) != coming
    finally:
        house.hide(coming, "accepted")


def test_a_card_that_was_corrected_meanwhile_is_shown_in_its_newest_words(patient_phone, open_browser, server, house):
    phone = patient_phone
    kept: list[str] = []
    phone.on("response", lambda answer: kept.extend(one["text"] for one in answer.json()["statements"])
             if answer.url.endswith("/statements") else None)
    open_deck(phone, server)
    passed = press(phone, "Lewati")
    while not kept:
        phone.wait_for_timeout(20)
    before = next(one for one in kept if one not in (passed, text(phone)))

    correct(open_browser(PHONE), house, before, "Sungai di hulu dikotori.")
    house.wait_until_known()
    while (shown := text(phone)) != "Sungai di hulu dikotori.":
        assert shown != before
        press(phone, "Lewati")


def test_a_network_that_does_not_answer_holds_up_no_card(open_browser, server, house):
    phone = open_browser(PHONE, service_workers="block")
    open_deck(phone, server)
    press(phone, "Lewati")
    house.proxy.fault = HANG
    assert press(phone, "Lewati") != press(phone, "Lewati")


def with_a_similar_idea(phone, server):
    """The text that is typed on a phone, the similar ideas that it shows, and what the first of them says."""
    open_form(phone, server)
    body, found = phone.get_by_label("Tulis masukan Anda"), phone.locator("#similar-ideas li p")
    body.fill(TYPED)
    expect(found.first).to_be_visible()
    return body, found, found.first.text_content()


def test_a_similar_idea_that_was_hidden_meanwhile_goes(patient_phone, server, house):
    phone = patient_phone
    body, found, gone = with_a_similar_idea(phone, server)
    whole = next(one for one in house.read("SELECT body, id FROM submission_version")
                 if " ".join(one.split()).startswith(gone.removesuffix("…")))
    house.hide(whole, "hidden")
    try:
        house.wait_until_known()
        body.fill(f"{TYPED}.")
        expect(found.filter(has_text=gone)).to_have_count(0)
    finally:
        house.hide(whole, "accepted")


def test_a_similar_idea_that_was_corrected_meanwhile_comes_in_its_newest_words(
        patient_phone, open_browser, server, house):
    phone = patient_phone
    body, found, before = with_a_similar_idea(phone, server)
    correct(open_browser(PHONE), house, before, f"{TYPED} ke pasar.")
    house.wait_until_known()
    body.fill(f"{TYPED}.")
    expect(found.filter(has_text=before)).to_have_count(0)
    with phone.expect_response("**/ideas"):
        body.fill(f"{TYPED}..")
    body.fill(f"{TYPED}...")
    expect(found.filter(has_text=f"{TYPED} ke pasar.")).to_be_visible()
