"""Guessing passwords, receipts and codes leads nowhere, and nobody in a hall behind one address is locked out by it."""
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from phone import FORM, FROM_OUR_PAGE, PROBLEM, hidden_fields, open_sitting, sent
from staff_client import PASSWORD, make_account

from forum.accounts import known_browser, routes
from forum.consultations import join_code
from forum.submissions import receipt as receipts
from forum.submissions.queries import submission_by_receipt

NOW = datetime(2031, 3, 4, 2, 0, tzinfo=UTC)
HALL = "203.0.113.7"
WRONG = "bukan itu sama sekali"


def address(number):
    return f"198.51.{100 + number // 250}.{number % 250}"


def from_one_or_many(number):
    """Every other time the address of the hall, else one of two hundred."""
    return HALL if number % 2 else address(number % 400 // 2)


def write(phone):
    """Open the form behind the hall's address, fill it in, send it."""
    here = {"REMOTE_ADDR": HALL}
    fields = {**hidden_fields(phone.get(FORM, environ_base=here).text), **PROBLEM}
    return phone.post(FORM, data=fields, headers=FROM_OUR_PAGE, environ_base=here)


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


@pytest.fixture
def share(database):
    """By how much fewer guesses there are on PostgreSQL: the doors are the same, so only its statements are new."""
    return 1 if database == "sqlite" else 10


class TestPasswords:
    def test_an_account_waits_after_ten_of_a_thousand_guesses_while_its_hall_goes_on(self, hall, share):
        client, phone = hall.test_client(), hall.test_client()
        n_guesses = 1_000 // share
        answers = [sign_in(client, "fasil", at=HALL)]  # gives this browser its token
        fields = {"username": "fasil", "password": WRONG, "csrf_token": client.token()}
        for number in range(1, n_guesses):
            answers.append(client.post("/staff/sign-in", data=fields, headers=FROM_OUR_PAGE,
                                       environ_base={"REMOTE_ADDR": from_one_or_many(number)}).status_code)
            if number % (n_guesses // 5) == 0:
                assert write(phone).status_code == 303
        assert answers == [422] * 10 + [429] * (n_guesses - 10)
        assert sign_in(client, "fasil", PASSWORD) == 429
        assert sign_in(client, "rencana", PASSWORD, at=address(1)) == 303, "another account may"

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


class TestReceipts:
    def test_a_code_holds_65_random_bits(self):
        assert len(receipts.ALPHABET) ** receipts.N_RANDOM >= 2 ** 64
        assert len(set(receipts.ALPHABET)) == len(receipts.ALPHABET)
        codes = [receipts.new() for _ in range(2_000)]
        assert len(set(codes)) == len(codes)
        for place in range(receipts.N_RANDOM):
            assert {code[place] for code in codes} == set(receipts.ALPHABET)

    def test_of_ten_thousand_guesses_none_finds_anything_and_all_look_alike(self, hall, share):
        """There is nobody to count them against: a hall shares an address. The length of the code is the guard."""
        owner, guesser = hall.test_client(), hall.test_client()
        path = sent(owner)
        code = path.rpartition("/")[2]
        near = [code[:place] + other + code[place + 1:receipts.N_RANDOM] for place in range(receipts.N_RANDOM)
                for other in receipts.ALPHABET if other != code[place]]
        guesses = [one + receipts.check_character(one) for one in near]  # well made, one character beside a real one
        chance = Random(4)
        guesses += ["".join(chance.choices(receipts.ALPHABET, k=len(code))) for _ in range(10_000 - len(guesses))]
        seldom = 10 * share  # asked as browsers ask; all are put to the question that stands behind each of the doors
        answers = [guesser.get(f"/r/{guess}", environ_base={"REMOTE_ADDR": from_one_or_many(number)})
                   for number, guess in enumerate(guesses[::seldom])]
        with hall.app_context():
            assert [guess for guess in guesses if submission_by_receipt(guess)] == []
            assert submission_by_receipt(code) is not None

        assert {(answer.status_code, len(answer.data)) for answer in answers} == {(404, len(answers[0].data))}
        assert len({answer.text.replace(guess, "")
                    for answer, guess in zip(answers, guesses[::seldom], strict=True)}) == 1
        assert owner.get(path, environ_base={"REMOTE_ADDR": HALL}).status_code == 200
        assert write(hall.test_client()).status_code == 303


def test_a_thousand_guesses_of_join_codes_keep_no_phone_out(hall, share):
    """A join code stands on the wall, it is no secret; but to guess must not cost the hall its door."""
    guesser, phone = hall.test_client(), hall.test_client()
    found = set()
    for number in range(1_000 // share):
        guess, here = join_code.make(), {"REMOTE_ADDR": from_one_or_many(number)}
        if number % 3 == 0:
            answer = guesser.post("/", data={"code": guess}, headers=FROM_OUR_PAGE, environ_base=here)
        else:
            answer = guesser.get(f"/s/{guess}" + ("/state" if number % 3 == 1 else ""), environ_base=here)
        found.add(answer.status_code)
    assert found == {404}
    answer = phone.post("/", data={"code": "krm 479"}, headers=FROM_OUR_PAGE, environ_base={"REMOTE_ADDR": HALL})
    assert answer.headers["Location"] == FORM
    assert write(phone).status_code == 303
