"""Guards besides those of every route: cookies, audiences, hosts, secrets, what a log may say."""
import stat
from dataclasses import replace

import pytest
from phone import BODY, correct, open_sitting, sent
from sqlalchemy.exc import IntegrityError

from forum.failures import trace_without_values
from forum.security import secret_key
from forum.submissions import services


def test_the_sign_in_cookie_is_out_of_reach_of_scripts(client):
    cookie = client.get("/staff/sign-in").headers.get("Set-Cookie", "")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_are_secure_when_the_setting_says_so(make_app):
    client = make_app(SESSION_COOKIE_SECURE=True).test_client()
    assert "Secure" in client.get("/staff/sign-in").headers["Set-Cookie"]


def test_an_undeclared_view_answers_nobody(app, as_administrator):
    app.view_functions["healthz"] = lambda: "open by mistake"
    assert as_administrator.get("/healthz").status_code == 403


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first = secret_key(str(tmp_path))

    assert secret_key(str(tmp_path)) == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_language_choice_never_leads_to_another_host(client):
    answer = client.get("/language/en", headers={"Referer": "http://localhost//jahat.example/x"})
    assert answer.headers["Location"] == "/jahat.example/x"
    answer = client.get("/language/en", headers={"Referer": "https://jahat.example/x"})
    assert answer.headers["Location"] == "/"
    assert client.get("/language/xx").status_code == 404


@pytest.mark.parametrize("path", ["/", "/staff/", "/tidak-ada", "/language/en"])
def test_only_trusted_hosts_are_answered(make_app, path):
    client = make_app(TRUSTED_HOSTS=["forum.example"]).test_client()
    assert client.get(path, base_url="http://forum.example").status_code in {200, 303, 404}
    answer = client.get(path, base_url="http://jahat.example")
    assert answer.status_code == 400
    assert "jahat" not in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_an_oversized_request_gets_plain_words(make_app):
    client = make_app(MAX_CONTENT_LENGTH=1000).test_client()
    answer = client.post("/", data={"code": "A" * 5000}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text


def test_an_error_of_the_database_carries_no_words_or_codes_into_the_log(make_app, caplog, monkeypatch):
    app = make_app(TESTING=False)
    open_sitting(app)
    client = app.test_client()
    path = sent(client)
    real = services.correct
    # A kind that the table's own rule refuses: PostgreSQL then quotes the whole row in its message.
    monkeypatch.setattr(services, "correct", lambda content, **rest: real(
        content=replace(content, kind="gosip"), **rest))

    answer = correct(client, path, body="Ini rahasia saya sendiri.")

    assert answer.status_code == 500
    assert "unexpected error at POST /r/<receipt>/correct" in caplog.text
    assert "IntegrityError" in caplog.text
    for secret in ("rahasia", "gosip", path.rpartition("/")[2]):
        assert secret not in caplog.text


def test_a_trace_names_the_place_and_the_kind_of_every_error_in_the_chain():
    try:
        try:
            raise IntegrityError("INSERT", {"body": BODY}, ValueError(BODY))
        except IntegrityError as error:
            raise KeyError("kolom") from error
    except KeyError as error:
        trace = trace_without_values(error)
    assert trace.count("test_security.py") == 2
    assert "IntegrityError (ValueError, no code)" in trace
    assert trace.endswith("KeyError: 'kolom'")
    assert BODY not in trace
