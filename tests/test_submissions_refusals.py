"""Whatever is wrong with a form, it is said in plain words and nothing typed is lost."""
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from uuid import uuid4

import pytest
from builders import make_consultation, make_forum_session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phone import BODY, FORM, FROM_OUR_PAGE, PROBLEM, close_sitting, hidden_fields, send, sent, stored

REFUSED = [
    ({"body": ""}, "Tulis masukan Anda."),
    ({"body": " \r\n\t "}, "Tulis masukan Anda."),
    ({"body": "rob!"}, "terlalu pendek"),
    ({"body": "rob naik " * 2223}, "20.006 karakter, paling banyak 2.000"),
    ({"kind": ""}, "Pilih jenis masukan"),
    ({"kind": "complaint"}, "Pilih jenis masukan"),
    ({"group": ""}, "Pilih unsur"),
    ({"group": "zzz"}, "Pilih unsur"),
    ({"area": "zzz"}, "Pilih kelurahan dari daftar"),
    ({"dimension": "zzz"}, "Pilih salah satu bidang"),
    ({"kind": "proposal", "approach": "zzz"}, "Pilih salah satu cara"),
    ({"kind": "practice"}, "Tulis di mana praktik baik ini berjalan"),
    ({"kind": "evaluation", "rating": "3"}, "Tulis nama program"),
    ({"kind": "evaluation", "programme": "Angkutan"}, "Pilih nilai 1 sampai 5"),
    ({"kind": "evaluation", "programme": "Angkutan", "rating": "6"}, "Pilih nilai 1 sampai 5"),
    ({"place": "a" * 201}, "201 karakter, paling banyak 200"),
    ({"consent": None}, "Centang persetujuan"),
]
HOSTILE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
FIELDS = ("kind", "body", "group", "area", "place", "approach", "dimension", "practice_where", "practice_owner",
          "programme", "rating", "consent", "key", "receipt", "notice")


class TestRefusals:
    @pytest.mark.parametrize(("changes", "message"), REFUSED)
    def test_each_says_what_to_do_and_loses_nothing(self, app, client, sitting, changes, message):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, "place": "Gang 3", **changes}
        answer = client.post(FORM, data=fields, headers=FROM_OUR_PAGE)

        assert answer.status_code == 422
        assert message in unescape(answer.text)
        assert 'class="error-summary"' in answer.text
        assert unescape(re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", answer.text, re.DOTALL)[1]) == (
            fields["body"].strip())
        assert f'value="{fields["place"]}"' in answer.text
        assert hidden_fields(answer.text) == hidden_fields(client.get(FORM).text) | {
            "key": fields["key"], "receipt": fields["receipt"]}
        assert stored(app) == []

    def test_every_mistake_links_to_its_field(self, client, sitting):
        page = send(client, kind="", group="", body="", area="zzz", consent=None).text
        targets = re.findall(r'<li><a href="#([\w-]+)">', page)
        assert targets == ["group-0", "area", "kind-0", "body", "consent"]
        for target in targets:
            assert f'id="{target}"' in page

    @pytest.mark.parametrize("key", ["", "abc", "00000000-0000-1000-8000-000000000000", None])
    def test_a_form_without_a_usable_key_comes_back_with_a_fresh_one(self, app, client, sitting, key):
        answer = send(client, key=key)

        assert answer.status_code == 422
        assert "perlu disegarkan" in answer.text
        assert BODY in answer.text
        fresh = hidden_fields(answer.text)
        assert send(client, {**PROBLEM, **fresh}).status_code == 303
        assert [row["key"] for row in stored(app)] == [fresh["key"]]

    def test_a_sitting_that_closes_while_somebody_writes_hands_the_text_back(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, "place": "Gang 3"}
        close_sitting(app, sitting)

        answer = client.post(FORM, data=fields, headers=FROM_OUR_PAGE)

        assert answer.status_code == 409
        assert "belum tersimpan" in answer.text
        assert BODY in answer.text
        assert "Gang 3" in answer.text
        assert "kontak@contoh.example" in answer.text
        assert stored(app) == []

    @pytest.mark.sqlite_only
    def test_a_busy_database_is_said_with_the_text_kept(self, make_app):
        app = make_app(WRITE_TIMEOUT_SECONDS=0.2)
        with app.app_context():
            make_forum_session(make_consultation())
        client = app.test_client()
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}

        with ThreadPoolExecutor(1) as elsewhere, app.extensions["forum_write_lock"].held():
            answer = elsewhere.submit(client.post, FORM, data=fields, headers=FROM_OUR_PAGE).result()

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "belum tersimpan" in answer.text
        assert BODY in answer.text
        assert send(client, {**PROBLEM, **hidden_fields(answer.text)}).status_code == 303
        assert len(stored(app)) == 1

    def test_control_characters_become_spaces_and_line_breaks_stay(self, app, client, sitting):
        sent(client, body="Baris satu\r\nbaris\x00dua\x1b\ttiga\x85", place="a\x00b")
        entry, = stored(app)
        assert entry["body"] == "Baris satu\nbaris dua \ttiga"
        assert entry["place"] == "a b"

    def test_script_in_a_text_stays_text(self, client, sitting):
        path = sent(client, body="<script>alert(1)</script> & 'kutip'", place='"><img src=x>')
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page

    @pytest.mark.parametrize("limit", [2000])
    def test_a_text_of_just_the_limit_is_taken(self, app, client, sitting, limit):
        sent(client, body="é\r\n" * (limit // 2 - 1) + "ab")
        assert [len(row["body"]) for row in stored(app)] == [limit]


@HOSTILE
@given(fields=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXT)), valid=st.booleans())
def test_no_form_breaks_the_server(client, sitting, fields, valid):
    if valid:
        fields = {**PROBLEM, **fields, "key": str(uuid4()), "kind": "problem", "group": "resident", "area": "",
                  "dimension": "", "consent": "y"}
    answer = client.post(FORM, data=fields, headers=FROM_OUR_PAGE)
    assert answer.status_code in ({303, 422} if valid else {303, 409, 422})
    if answer.status_code == 303:
        assert client.get(answer.headers["Location"]).status_code == 200


@HOSTILE
@given(raw=st.binary(max_size=80))
def test_no_bytes_break_the_server(client, sitting, raw):
    answer = client.post(FORM, data=b"kind=problem&body=" + raw, headers=FROM_OUR_PAGE,
                         content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422


@HOSTILE
@given(typed=TEXT)
def test_no_code_breaks_the_server(client, sitting, typed):
    for path in ("/", "/r"):
        answer = client.post(path, data={"code": typed, "receipt": typed}, headers=FROM_OUR_PAGE)
        assert answer.status_code in {404, 422}
