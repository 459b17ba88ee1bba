"""Words and figures as people read them."""
import pytest

from forum.formatting import beginning


@pytest.mark.parametrize(("text", "most", "expected"), [
    ("Lampu padam.", 40, "Lampu padam."), ("Lampu  gang\npadam", 40, "Lampu gang padam"),
    ("Lampu gang padam lagi", 13, "Lampu gang…"), ("Lampu, gang padam", 9, "Lampu…"),
    ("Hahahahahahahaha", 8, "Hahahah…"), ("A hahahahahahaha", 8, "A hahah…"), ("", 5, "")])
def test_a_beginning_is_cut_between_words(text, most, expected):
    assert beginning(text, most) == expected
