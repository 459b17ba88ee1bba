"""Guards that hold on every route of the URL map: forms of other sites change nothing, headers are on every answer."""
from io import BytesIO

import pytest
from every_route import UNSAFE, everything_stored, furnish, routes
from staff_client import sign_in_as

FOREIGN = ({"Origin": "https://jahat.example"}, {"Origin": "null"}, {"Origin": "http://localhost:81"},
           {"Origin": "http://localhost.jahat.example"}, {"Sec-Fetch-Site": "cross-site"},
           {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"})
# What a form or a script of another site can send without asking first, and what else a body may claim to be.
CONTENT_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
                 "application/json", "", "text/plain; application/json")
FIELDS = {"title": "Judul tanam", "name": "Tanam", "reason": "Tanam", "value": "agree", "submission": "1",
          "limited": "no", "ideas": "no", "role": "administrator", "username": "tanam", "password": "kata sandi tanam"}


@pytest.fixture
def house(app):
    """A signed-in administrator in a house that has one of everything, and all its routes."""
    administrator = sign_in_as(app, "administrator")
    furnish(app, administrator)
    with app.app_context():
        return administrator, routes(app)


class TestForeignForms:
    def test_no_route_takes_a_form_from_another_site_even_with_a_token(self, app, house):
        administrator, every = house
        before = everything_stored(app)
        administrator.submit("/staff/tidak-ada")  # gives this sign-in its token
        fields = {**FIELDS, "csrf_token": administrator.token()}
        taken = [(route.rule.rule, headers) for route in every if route.changes for headers in FOREIGN
                 if administrator.post(route.path, data=fields, headers=headers).status_code != 403]
        assert taken == []
        assert everything_stored(app) == before

    def test_no_staff_route_takes_a_form_without_its_token(self, app, house):
        administrator, every = house
        before = everything_stored(app)
        taken = []
        for route in every:
            if not route.changes or "participant" in route.audiences:
                continue
            for content_type in CONTENT_TYPES:
                for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"X-CSRFToken": "tebakan"}):
                    body = BytesIO(b"title=tanam&csrf_token=tebakan")
                    answer = administrator.post(route.path, input_stream=body, content_type=content_type,
                                                content_length=30, headers=headers)
                    if answer.status_code not in {400, 401, 403}:
                        taken.append((route.rule.rule, content_type, headers, answer.status_code))
        assert taken == []
        assert everything_stored(app) == before

    def test_a_token_of_another_sign_in_is_none(self, app, house):
        administrator, every = house
        before = everything_stored(app)
        with administrator.session_transaction() as session:
            session["csrf_token"] = "1" * 40
        stolen = app.test_client().token()
        taken = [route.rule.rule for route in every if route.changes and "participant" not in route.audiences
                 and administrator.post(route.path, data={**FIELDS, "csrf_token": stolen},
                                        headers={"Sec-Fetch-Site": "same-origin"}).status_code not in {400, 401, 403}]
        assert taken == []
        assert everything_stored(app) == before

    def test_the_same_forms_are_taken_from_our_own_pages(self, app, house):
        """Else the tests before would say nothing."""
        administrator, every = house
        before = everything_stored(app)
        taken = [route.rule.rule for route in every if route.changes and "sign-out" not in route.path
                 and administrator.submit(route.path, FIELDS).status_code in {200, 303}]
        assert len(taken) >= 15, taken
        assert everything_stored(app) != before

    def test_reading_changes_nothing(self, app, house):
        administrator, every = house
        without = ("export_record", "audit_entry")  # a download is written down
        before = everything_stored(app, without=without)
        for route in every:
            for method in (route.rule.methods or set()) - UNSAFE:
                with administrator.open(route.path, method=method) as answer:
                    assert answer.status_code < 500, route.rule.rule
        assert everything_stored(app, without=without) == before

    def test_methods_that_a_route_does_not_name_are_refused(self, house):
        administrator, every = house
        odd = [(route.rule.rule, method) for route in every for method in UNSAFE - route.changes
               if administrator.open(route.path, method=method, headers={"Sec-Fetch-Site": "same-origin"}).status_code
               not in {404, 405}]
        assert odd == []


def faults(answer, *, https=False):
    """What is wrong with the headers of an answer, in words."""
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers.get("Content-Security-Policy", "").split(";"))
    wanted = {"default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "object-src": "'none'",
              "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'"}
    found = [f"{name} {policy.get(name)}" for name, value in wanted.items() if policy.get(name) != value]
    found += [f"policy allows {word}" for word in ("unsafe", "*", "http:", "https:", "blob:")
              if word in headers.get("Content-Security-Policy", "")]
    for name, value in (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
                        ("Cross-Origin-Opener-Policy", "same-origin")):
        if headers.getlist(name) != [value]:
            found.append(f"{name} {headers.getlist(name)}")
    if ("Strict-Transport-Security" in headers) != https:
        found.append(f"HSTS {headers.get('Strict-Transport-Security')}")
    is_personal = answer.request.path.startswith(("/staff", "/r/")) or "Set-Cookie" in headers
    if is_personal and headers.get("Cache-Control") != "no-store":
        found.append(f"Cache-Control {headers.get('Cache-Control')}")
    if "Cache-Control" not in headers:
        found.append("no Cache-Control")
    if "Server" in headers or "X-Powered-By" in headers:
        found.append("names its software")
    return found


class TestHeaders:
    def test_on_every_answer_of_every_route(self, app, house):
        administrator, every = house
        bad, seen = [], set()
        for who in (app.test_client(), administrator):
            for route in every:
                for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT"):
                    # Without a token, so that nobody is signed out on the way.
                    with who.open(route.path, method=method) as answer:
                        seen.add(answer.status_code)
                        if found := faults(answer):
                            bad.append((method, route.rule.rule, answer.status_code, found))
        assert bad == []
        assert seen >= {200, 303, 404, 405}, seen

    def test_on_every_answer_over_https(self, app, house):
        _administrator, every = house
        client = app.test_client()
        bad = []
        for route in every:
            with client.get(route.path, base_url="https://localhost") as answer:
                if found := faults(answer, https=True):
                    bad.append((route.rule.rule, answer.status_code, found))
        assert bad == []

    def test_on_what_is_unchanged(self, house):
        administrator, every = house
        unchanged = 0
        for route in every:
            with administrator.get(route.path) as first:
                etag = first.headers.get("ETag")
            if etag:
                with administrator.get(route.path, headers={"If-None-Match": etag}) as answer:
                    assert answer.status_code == 304, route.rule.rule
                    assert faults(answer) == [], route.rule.rule
                unchanged += 1
        assert unchanged >= 4

    def test_on_errors_of_every_kind(self, make_app):
        def breaks():
            raise RuntimeError("rusak")

        breaks.audiences = ("public",)
        app = make_app(TESTING=False, TRUSTED_HOSTS=["localhost"], MAX_CONTENT_LENGTH=1000)
        app.view_functions["healthz"] = breaks
        client = app.test_client()
        ours = {"Sec-Fetch-Site": "same-origin"}
        answers = {
            500: client.get("/healthz"), 404: client.get("/tidak-ada"), 405: client.put("/"),
            403: client.post("/", headers={"Origin": "https://jahat.example"}),
            413: client.post("/", data={"code": "A" * 5000}, headers=ours),
            422: client.post("/", data={}, headers=ours),
            400: client.get("/", base_url="http://jahat.example"), 303: client.get("/staff/"),
            401: client.post("/staff/accounts", headers=ours),
        }
        assert {status: answer.status_code for status, answer in answers.items()} == {
            status: status for status in answers}
        assert {status: found for status, answer in answers.items() if (found := faults(answer))} == {}
