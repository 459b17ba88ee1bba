"""Signing in and out, roles, and forms that outlive their sign-in."""
import pytest
from sqlalchemy import select
from staff_client import PASSWORD, make_account, sign_in_as

from forum.audit import AuditEntry
from forum.db import db

ACCOUNTS = "/staff/accounts"


def sign_in(client, username, password=PASSWORD):
    return client.submit("/staff/sign-in", {"username": username, "password": password, "next": "/staff/"})


@pytest.fixture
def facilitator(app):
    with app.app_context():
        return make_account("facilitator", "fasil")


@pytest.mark.usefixtures("facilitator")
class TestSignIn:
    def test_right_password_opens_the_staff_pages(self, client):
        assert sign_in(client, "fasil").status_code == 303
        assert client.get("/staff/").status_code == 200

    def test_wrong_password_is_refused_without_saying_which_part_is_wrong(self, client):
        wrong = sign_in(client, "fasil", "bukan itu sama sekali")
        absent = sign_in(client, "tidak-ada", "bukan itu sama sekali")
        assert wrong.status_code == absent.status_code == 422
        assert "tidak cocok" in wrong.text
        assert "tidak cocok" in absent.text

    def test_repeated_failures_make_the_account_wait_even_with_the_right_password(self, client):
        for _ in range(10):
            sign_in(client, "fasil", "bukan itu sama sekali")

        refused = sign_in(client, "fasil")

        assert refused.status_code == 429
        assert "Tunggu 15 menit" in refused.text

    def test_sign_out_ends_the_sign_in_also_for_a_copied_cookie(self, app, client):
        sign_in(client, "fasil")
        thief = app.test_client()
        thief.set_cookie("session", client.get_cookie("session").value)
        assert thief.get("/staff/").status_code == 200

        client.submit("/staff/sign-out")

        assert thief.get("/staff/").status_code == 303
        with app.app_context():
            actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions == ["accounts.sign_in", "accounts.sign_out"]

    def test_next_never_leads_to_another_host(self, client):
        for target in ("https://jahat.example/", "//jahat.example/", "/\\jahat.example", "/\t/jahat.example",
                       "/\r\n/jahat.example", "/staff\\..\\jahat", "jahat.example", ""):
            answer = client.submit("/staff/sign-in", {"username": "fasil", "password": PASSWORD, "next": target})
            assert answer.headers["Location"] == "/staff/"


class TestRoles:
    def test_another_role_gets_a_plain_refusal(self, as_facilitator):
        answer = as_facilitator.get(ACCOUNTS)
        assert answer.status_code == 403
        assert "Bukan halaman untuk peran Anda" in answer.text

    def test_administrator_adds_an_account_that_can_sign_in(self, as_administrator, client):
        answer = as_administrator.submit(ACCOUNTS, {"username": "Rencana", "name": "Bu Rencana", "role": "planner",
                                                    "password": PASSWORD})
        assert answer.status_code == 303
        assert sign_in(client, "rencana").status_code == 303

    def test_a_deactivated_account_is_out_at_once(self, app, as_administrator):
        planner = sign_in_as(app, "planner")
        assert planner.get("/staff/").status_code == 200

        as_administrator.submit(f"{ACCOUNTS}/{planner.account_id}", {"role": "planner"})

        assert planner.get("/staff/").status_code == 303

    @pytest.mark.parametrize("fields", [
        {"username": "a", "name": "x", "role": "planner", "password": PASSWORD},
        {"username": "baik", "name": "x", "role": "planner", "password": "pendek"},
        {"username": "baik", "name": "x", "role": "raja", "password": PASSWORD},
    ])
    def test_unusable_accounts_are_refused(self, as_administrator, fields):
        assert as_administrator.submit(ACCOUNTS, fields).status_code == 422


class TestExpiredForms:
    def test_a_form_without_token_comes_back_with_what_was_typed(self, as_administrator):
        answer = as_administrator.post(ACCOUNTS, data={"username": "baru", "name": "Nama Panjang"},
                                       headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 400
        assert "Nama Panjang" in answer.text

    def test_after_the_sign_in_expired_the_fields_survive_the_new_sign_in(self, client, facilitator):
        lost = client.submit("/staff/consultations/new", {"title": "Judul yang lama diketik"})
        assert lost.status_code == 401
        assert "Judul yang lama diketik" in lost.text

        back = client.submit("/staff/resume", {"username": "fasil", "password": PASSWORD,
                                               "resume_path": "/staff/consultations/new",
                                               "typed-title": "Judul yang lama diketik"})

        assert back.status_code == 200
        assert 'name="title" value="Judul yang lama diketik"' in back.text
        assert 'action="/staff/consultations/new"' in back.text

    def test_a_foreign_page_cannot_plant_fields(self, as_administrator):
        answer = as_administrator.post(ACCOUNTS, data={"username": "tanam"},
                                       headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://jahat.example"})
        assert answer.status_code == 403
        assert "tanam" not in answer.text

    def test_a_second_expiry_while_signing_in_again_still_keeps_the_fields(self, client, facilitator):
        lost = client.post("/staff/resume", headers={"Sec-Fetch-Site": "same-origin"}, data={
            "username": "fasil", "password": PASSWORD, "resume_path": "/staff/consultations/new",
            "typed-title": "Judul yang lama diketik"})
        assert lost.status_code == 401
        assert 'name="typed-title" value="Judul yang lama diketik"' in lost.text
        assert 'name="resume_path" value="/staff/consultations/new"' in lost.text
        assert PASSWORD not in lost.text

    def test_signing_in_or_out_on_a_stale_page_leads_to_a_fresh_sign_in_page(self, client, facilitator):
        for path in ("/staff/sign-in", "/staff/sign-out"):
            answer = client.post(path, headers={"Sec-Fetch-Site": "same-origin"},
                                 data={"username": "fasil", "password": PASSWORD, "next": "//jahat.example"})
            assert answer.status_code == 401
            assert 'action="/staff/sign-in"' in answer.text
            assert "jahat" not in answer.text


class TestOddInput:
    def test_nobody_is_found_by_control_characters_or_absurd_numbers(self, client, as_administrator):
        assert sign_in(client, "fa\x00sil").status_code == 422
        assert sign_in(client, "", "").status_code == 422
        assert as_administrator.get(f"{ACCOUNTS}/99999999999999999999").status_code == 404

    def test_control_characters_in_a_name_are_dropped(self, as_administrator):
        answer = as_administrator.submit(ACCOUNTS, {"username": "baru", "name": "Bu\x00 Baru", "role": "planner",
                                                    "password": PASSWORD})
        assert answer.status_code == 303
        assert "Bu Baru" in as_administrator.get(ACCOUNTS).text

    def test_nobody_locks_themselves_out(self, as_administrator):
        answer = as_administrator.submit(f"{ACCOUNTS}/{as_administrator.account_id}", {"role": "planner"})
        assert answer.status_code == 422
        assert "akun Anda sendiri" in answer.text
        assert as_administrator.get(ACCOUNTS).status_code == 200
