"""Words and figures as people read them."""
import pytest
from flask_babel import force_locale

from forum.audit import COMMAND_LINE
from forum.formatting import actor, beginning


@pytest.mark.parametrize(("text", "most", "expected"), [
    ("Lampu padam.", 40, "Lampu padam."), ("Lampu  gang\npadam", 40, "Lampu gang padam"),
    ("Lampu gang padam lagi", 13, "Lampu gang…"), ("Lampu, gang padam", 9, "Lampu…"),
    ("Hahahahahahahaha", 8, "Hahahah…"), ("A hahahahahahaha", 8, "A hahah…"), ("", 5, "")])
def test_a_beginning_is_cut_between_words(text, most, expected):
    assert beginning(text, most) == expected


@pytest.mark.parametrize(("name", "language", "expected"), [
    ("Bu Rini", "id", "Bu Rini"), (COMMAND_LINE.name, "id", "baris perintah"),
    (COMMAND_LINE.name, "en", "command line")])
def test_who_acted_is_named_in_the_language_of_the_reader(app, name, language, expected):
    with app.test_request_context(), force_locale(language):
        assert actor(name) == expected
