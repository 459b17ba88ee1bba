"""Pages with gaps are packed once and filled for each phone: whatever a browser unpacks is the filled page."""
import gzip

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from phone import FORM, hidden_fields, open_sitting

from forum import packing
from forum.packing import Template

GAPS = ("<one>", "<number two>")
FILLINGS = {"<one>": "AAAAA", "<number two>": "<number two>"}
PACKED = {"Accept-Encoding": "br, gzip"}
words = st.sampled_from(["air ", "rob ", "selokan ", "é", "\n", "0000 ", "A", *GAPS]) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def filled(page):
    for gap, filling in FILLINGS.items():
        page = page.replace(gap, filling)
    return page


@settings(max_examples=200)
@given(st.lists(words, max_size=60).map("".join))
def test_what_is_unpacked_is_the_filled_page(page):
    app = Flask(__name__)
    with app.test_request_context(headers=PACKED):
        response = Template(page, GAPS).response(FILLINGS)
        assert gzip.decompress(response.data).decode() == filled(page)
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
    with app.test_request_context():
        response = Template(page, GAPS).response(FILLINGS)
        assert response.data.decode() == filled(page)
        assert "Content-Encoding" not in response.headers


def test_nothing_is_taken_from_a_gap_that_was_filled_since():
    """What stood in a gap when the page was packed, or stands in another phone's, is not what is referred back to."""
    page = "<number two> <number two><number tw <number two>"
    with Flask(__name__).test_request_context(headers=PACKED):
        packed = Template(page, ("<number two>",)).response({"<number two>": "#" * 12}).data
    assert gzip.decompress(packed) == b"#" * 12 + b" " + b"#" * 12 + b"<number tw " + b"#" * 12


def test_a_page_longer_than_the_window_of_the_packing():
    page = "".join(f"baris {number} <one> lagi\n" for number in range(9000))
    with Flask(__name__).test_request_context(headers=PACKED):
        packed = Template(page, GAPS).response(FILLINGS).data
    assert gzip.decompress(packed).decode() == filled(page)


def test_every_phone_gets_the_form_with_a_key_and_receipt_of_its_own(app):
    open_sitting(app)
    plain = app.test_client().get(FORM)
    packed = [app.test_client().get(FORM, headers=PACKED) for _ in range(3)]
    pages = [gzip.decompress(one.data).decode() for one in packed]
    each = [hidden_fields(page) for page in (plain.text, *pages)]
    assert len({one["key"] for one in each}) == len({one["receipt"] for one in each}) == 4
    for page, fields in zip(pages, each[1:], strict=True):
        assert page.replace(fields["key"], each[0]["key"]).replace(
            fields["receipt"], each[0]["receipt"]) == plain.text
    assert all(one.headers["Content-Encoding"] == "gzip" and one.headers["Cache-Control"] == "no-store"
               for one in packed)
    # No more to carry than a page that is packed as it leaves.
    assert max(len(one.data) for one in packed) < len(gzip.compress(plain.data, 6)) + 100


@pytest.fixture
def packings(monkeypatch):
    """The bodies that were packed."""
    seen = []
    pack = packing._packed
    monkeypatch.setattr(packing, "_packed", lambda body: seen.append(body) or pack(body))
    packing._packed_once.cache_clear()
    return seen


def test_what_is_the_same_for_many_is_packed_once(app, packings):
    open_sitting(app)
    script = app.test_client().get(FORM).text.partition('type="module" src="')[2].partition('"')[0]
    for _ in range(3):
        answer = app.test_client().get(script, headers=PACKED)
        assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packings) == 1
    for _ in range(3):
        assert app.test_client().get("/privacy", headers=PACKED).headers["Content-Encoding"] == "gzip"
    assert len(packings) == 4
