"""Guessing passwords, receipts and codes leads nowhere, and nobody in a hall behind one address is locked out by it."""
import re
from datetime import UTC, datetime, timedelta

import pytest
from phone import FORM, FROM_OUR_PAGE, PROBLEM, hidden_fields, open_sitting, sent
from staff_client import PASSWORD, make_account

from forum.accounts import known_browser, routes
from forum.consultations import join_code
from forum.submissions import receipt as receipts

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
HALL = "203.0.113.7"
WRONG = "bukan itu sama sekali"


def address(number):
    return f"198.51.{100 + number // 250}.{number % 250}"


def sign_in(client, username, password=WRONG, at=HALL):
    return client.submit("/staff/sign-in", {"username": username, "password": password},
                         environ_base={"REMOTE_ADDR": at}).status_code


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A function that moves the server's clock on."""
    now = [NOW]
    monkeypatch.setattr(routes, "utc_now", lambda: now[0])
    monkeypatch.setattr("forum.accounts.signed_in.utc_now", lambda: now[0])

    def on(**time):
        now[0] += timedelta(**time)

    return on


@pytest.fixture
def hall(make_app):
    """Accounts fasil and rencana, an open sitting, and a limit of 12 failures for each address."""
    app = make_app(SIGN_IN_ATTEMPTS_PER_ADDRESS=12)
    open_sitting(app)
    with app.app_context():
        make_account("facilitator", "fasil")
        make_account("planner", "rencana")
    return app


class TestPasswords:
    @pytest.mark.parametrize("n_addresses", [1, 200])
    def test_an_account_waits_after_ten_guesses_from_wherever(self, make_app, n_addresses):
        app = make_app()
        with app.app_context():
            make_account("facilitator", "fasil")
        client = app.test_client()
        answers = [sign_in(client, "fasil", at=address(number % n_addresses)) for number in range(200)]
        assert answers == [422] * 10 + [429] * 190
        assert sign_in(client, "fasil", PASSWORD) == 429

    def test_one_address_waits_after_its_share_of_all_accounts(self, hall):
        client = hall.test_client()
        answers = [sign_in(client, ("fasil", "rencana")[number % 2]) for number in range(40)]
        assert answers == [422] * 12 + [429] * 28
        assert sign_in(client, "rencana", PASSWORD, at=address(1)) == 303, "another address may"

    def test_waiting_ends(self, hall, clock):
        client = hall.test_client()
        for _ in range(11):
            sign_in(client, "fasil")
        assert sign_in(client, "fasil", PASSWORD) == 429
        clock(minutes=14)
        assert sign_in(client, "fasil", PASSWORD) == 429
        clock(minutes=1, seconds=1)
        assert sign_in(client, "fasil", PASSWORD) == 303

    def test_a_phone_in_the_hall_cannot_keep_the_facilitator_out(self, hall):
        laptop, phone = hall.test_client(), hall.test_client()
        assert sign_in(laptop, "fasil", PASSWORD) == 303
        laptop.submit("/staff/sign-out")
        for number in range(30):
            sign_in(phone, ("fasil", "rencana")[number % 2])
        assert sign_in(phone, "fasil", PASSWORD) == 429

        assert sign_in(laptop, "fasil", PASSWORD) == 303
        assert sign_in(phone, "fasil", PASSWORD) == 429, "what the laptop may does not reset the phone's count"

    def test_a_known_browser_guesses_ten_times_and_only_for_its_accounts(self, hall):
        laptop = hall.test_client()
        assert sign_in(laptop, "fasil", PASSWORD) == 303
        laptop.submit("/staff/sign-out")
        assert [sign_in(laptop, "fasil") for _ in range(15)] == [422] * 10 + [429] * 5
        assert sign_in(hall.test_client(), "fasil", PASSWORD) == 303, "its guesses are its own"
        assert [sign_in(laptop, "rencana") for _ in range(15)] == [422] * 10 + [429] * 5

    @pytest.mark.parametrize("cookie", ["", "x", "WyJ4IixbMV1d", "WyJ4IixbMV1d.AAAA"])
    def test_a_made_up_cookie_makes_no_browser_known(self, hall, cookie):
        phone = hall.test_client()
        phone.set_cookie(known_browser.COOKIE, cookie, path="/staff/")
        assert [sign_in(phone, "fasil") for _ in range(12)] == [422] * 10 + [429] * 2

    def test_the_cookie_stays_among_staff_pages_and_out_of_reach_of_scripts(self, hall):
        laptop = hall.test_client()
        answer = laptop.submit("/staff/sign-in", {"username": "fasil", "password": PASSWORD})
        (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(known_browser.COOKIE)]
        for part in ("HttpOnly", "SameSite=Lax", "Path=/staff/"):
            assert part in cookie
        assert "fasil" not in cookie

    def test_phones_behind_the_guesser_go_on(self, hall):
        client = hall.test_client()
        for _ in range(20):
            sign_in(client, "fasil")
        phone = hall.test_client()
        page = phone.get(FORM, environ_base={"REMOTE_ADDR": HALL})
        answer = phone.post(FORM, data={**hidden_fields(page.text), **PROBLEM}, headers=FROM_OUR_PAGE,
                            environ_base={"REMOTE_ADDR": HALL})
        assert (page.status_code, answer.status_code) == (200, 303)


class TestReceipts:
    def test_a_code_holds_65_random_bits(self):
        assert len(receipts.ALPHABET) ** receipts.N_RANDOM >= 2 ** 64
        assert len(set(receipts.ALPHABET)) == len(receipts.ALPHABET)
        codes = [receipts.new() for _ in range(2_000)]
        assert len(set(codes)) == len(codes)
        for place in range(receipts.N_RANDOM):
            assert {code[place] for code in codes} == set(receipts.ALPHABET)

    @pytest.mark.parametrize("n_addresses", [1, 200])
    def test_guesses_find_nothing_and_look_all_alike(self, hall, n_addresses):
        """There is nobody to count them against: a hall shares an address. The length of the code is the guard."""
        owner = hall.test_client()
        path = sent(owner)
        code = path.rpartition("/")[2]
        at = receipts.ALPHABET.index(code[0])
        near = [receipts.ALPHABET[at - step] + code[1:receipts.N_RANDOM] for step in range(1, 30)]
        guesses = [one + receipts.check_character(one) for one in near]  # well made, one character beside a real one
        guesses += [one + code[-1] for one in near]  # mostly misread
        guesses += [receipts.new() for _ in range(140)]
        guesser = hall.test_client()
        answers = [guesser.get(f"/r/{guess}", environ_base={"REMOTE_ADDR": address(number % n_addresses)})
                   for number, guess in enumerate(guesses)]
        assert {(answer.status_code, len(answer.data)) for answer in answers} == {(404, len(answers[0].data))}
        assert len({answer.text.replace(guess, "") for answer, guess in zip(answers, guesses, strict=True)}) == 1
        assert owner.get(path, environ_base={"REMOTE_ADDR": address(0)}).status_code == 200


@pytest.mark.parametrize("n_addresses", [1, 200])
def test_guessing_join_codes_keeps_no_phone_out(hall, n_addresses):
    """A join code stands on the wall, it is no secret; but to guess must not cost the hall its door."""
    guesser = hall.test_client()
    found = set()
    for number in range(200):
        guess, here = join_code.make(), {"REMOTE_ADDR": address(number % n_addresses)}
        found.add(guesser.post("/", data={"code": guess}, headers=FROM_OUR_PAGE, environ_base=here).status_code)
        found.add(guesser.get(f"/s/{guess}", environ_base=here).status_code)
    assert found == {404}
    phone = hall.test_client()
    answer = phone.post("/", data={"code": "krm 479"}, headers=FROM_OUR_PAGE, environ_base={"REMOTE_ADDR": address(0)})
    assert answer.headers["Location"] == FORM
    assert re.fullmatch(r"/r/\w{14}", sent(phone))
