"""The way into a sitting: QR, address and a code that reads back however it is typed."""
import re
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import segno
from builders import make_consultation, make_forum_session
from consulting import consultation_in, pack_in
from hypothesis import given
from hypothesis import strategies as st
from staff_client import sign_in_as

from forum.audit import COMMAND_LINE
from forum.consultations import join_code, queries, services
from forum.consultations.models import ForumSession
from forum.db import db, utc_now


@pytest.fixture
def pack_id(app):
    return pack_in(app)


@pytest.fixture
def consultation_id(app, pack_id):
    return consultation_in(app, pack_id)


class TestQr:
    def modules(self, svg):
        """Dark modules of the drawing as a set of (row, column), read from the path itself."""
        root = ElementTree.fromstring(svg)
        path = root.findall("{http://www.w3.org/2000/svg}path")[-1].get("d")
        x, y, dark = 0.0, 0.0, set()
        for command, numbers in re.findall(r"([MmhH])([^MmhH]*)", path):
            values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
            if command == "M":
                x, y = values
            elif command == "m":
                x, y = x + values[0], y + values[1]
            else:
                dark |= {(int(y), int(x) + step) for step in range(int(values[0]))}
                x += values[0]
        return dark

    def expected(self, address):
        matrix = segno.make(address, error="m", micro=False).matrix
        return {(row + 4, column + 4) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark}

    @pytest.mark.parametrize(("public_url", "base_url", "expected"), [
        (None, "http://192.168.1.5:8000/", "http://192.168.1.5:8000/s/KRM479"),
        ("https://forum.contoh.example", "http://localhost/", "https://forum.contoh.example/s/KRM479"),
        ("https://contoh.example/forum/", "http://localhost/forum/", "https://contoh.example/forum/s/KRM479"),
    ])
    def test_the_qr_holds_the_address_of_the_phone_form(self, make_app, public_url, base_url, expected):
        app = make_app(PUBLIC_URL=public_url)
        planner = sign_in_as(app, "planner")
        with app.app_context():
            sitting_id = make_forum_session(make_consultation())

        planner.set_cookie("session", planner.get_cookie("session").value, domain=urlsplit(base_url).hostname)

        answer = planner.get(f"/staff/sessions/{sitting_id}/qr.svg", base_url=base_url)

        assert answer.mimetype == "image/svg+xml"
        assert self.modules(answer.text) == self.expected(expected)
        assert self.modules(answer.text) != self.expected(expected.replace("KRM479", "KRM477"))
        assert "style" not in answer.text

    def test_the_projector_shows_code_and_address_to_type_and_the_state(self, make_app):
        app = make_app(PUBLIC_URL="https://forum.contoh.example")
        facilitator = sign_in_as(app, "facilitator")
        with app.app_context():
            sitting_id = make_forum_session(make_consultation(), state="draft")
        path = f"/staff/sessions/{sitting_id}/projector"

        before = unescape(facilitator.get(path).text)
        facilitator.submit(f"/staff/sessions/{sitting_id}/open")
        after = facilitator.get(path).text

        assert "KRM-479" in before
        assert 'class="qr-address">forum.contoh.example</b>' in before.replace("<wbr>", "")
        assert "Belum dibuka" in before
        assert "Terbuka: silakan kirim masukan" in after


class TestJoinCode:
    def test_made_codes_differ_and_keep_to_the_alphabet(self):
        codes = [join_code.make() for _ in range(200)]
        assert len(set(codes)) > 195
        assert all(re.fullmatch(f"[{join_code.ALPHABET}]{{{join_code.LENGTH}}}", code) for code in codes)

    @given(st.text(join_code.ALPHABET, min_size=6, max_size=6))
    def test_a_code_reads_back_as_itself_however_it_is_typed(self, code):
        for typed in (code, code.lower(), f" {code[:3]} - {code[3:]} ", "-".join(code), f"{code[:3]}–{code[3:]}"):
            assert join_code.normalize(typed) == code

    @given(st.text())
    def test_any_text_becomes_plain_capitals_and_twice_is_as_once(self, typed):
        once = join_code.normalize(typed)
        assert re.fullmatch(r"[A-Z0-9]*", once)
        assert join_code.normalize(once) == once

    @given(st.text(join_code.ALPHABET, min_size=6, max_size=6), st.data())
    def test_misread_and_misheard_characters_are_mended(self, code, data):
        mistaken = {"T": "BDGPT", "J": "CJ", "K": "HK", "M": "MN", "F": "FS", "R": "LR", "W": "VW", "2": "2Z",
                    "7": "71", "9": "98"}
        typed = "".join(data.draw(st.sampled_from(mistaken.get(character, character))) for character in code)
        assert join_code.normalize(typed) == code

    def test_no_two_characters_of_the_alphabet_look_or_sound_alike(self):
        families = ("0OQD", "1IL7", "2Z", "5S", "6G", "8B", "UVW", "BDGPTE", "CJ", "AHK", "MN", "FS", "LR", "89")
        for family in families:
            assert len(set(family) & set(join_code.ALPHABET)) <= 1, family
        assert not set("AEIOU") & set(join_code.ALPHABET)

    def test_a_sitting_is_found_by_a_code_typed_in_any_way(self, app, consultation_id):
        with app.app_context():
            sitting_id = make_forum_session(consultation_id, state="closed")
            for typed in ("KRM479", "krm-479", " k r m 4 7 9 ", "HLN419"):
                assert queries.session_by_code(typed).id == sitting_id
            for typed in ("", "KRM47", "KRM4799", "\x00KRM", "ＫＲＭ", "' OR 1=1 --", "9" * 10_000):
                assert queries.session_by_code(typed) is None

    def test_every_sitting_gets_a_code_of_its_own(self, app, consultation_id, monkeypatch):
        drawn = iter(["KRM479", "KRM479", "FJ2233"])
        monkeypatch.setattr(join_code, "make", lambda: next(drawn))
        with app.app_context():
            for expected in ("KRM479", "FJ2233"):
                sitting_id = services.create_session(consultation_id=consultation_id, title="Sesi", place="Aula",
                                                     starts_at=utc_now(), actor=COMMAND_LINE, now=utc_now())
                assert db.session.get(ForumSession, sitting_id).join_code == expected
