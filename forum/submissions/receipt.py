"""Receipt codes: made at random, read aloud, typed by hand, checked before anything is looked up.

A code is 13 characters of Crockford's base 32 (65 random bits: no I, L, O, U) and one check
character. The check is a sum over the field GF(32) in which each place has a weight of its own, so
it catches every single wrong character and every two characters that changed places.
"""
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
N_RANDOM = 13
LENGTH = N_RANDOM + 1
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive: the powers of x are 31 different weights


def new() -> str:
    """A fresh code of 14 characters, without separators."""
    random_part = "".join(secrets.choice(ALPHABET) for _ in range(N_RANDOM))
    return random_part + check_character(random_part)


def normalize(typed: str) -> str:
    """A code as people type it (lower case, spaces, hyphens, O for 0, I or L for 1) in its stored form.

    The result is not checked: see `is_valid`.
    """
    return _SEPARATORS.sub("", typed).upper().translate(_LOOK_ALIKES)


def is_valid(code: str) -> bool:
    """Whether a normalized code has the right length, characters and check character."""
    return (len(code) == LENGTH and all(character in _VALUES for character in code)
            and check_character(code[:N_RANDOM]) == code[N_RANDOM])


def check_character(random_part: str) -> str:
    """The check character of 13 characters of `ALPHABET`, by Horner's rule over GF(32)."""
    total = 0
    for character in random_part:
        total = (total ^ _VALUES[character]) << 1
        if total > 31:
            total ^= _FIELD_POLYNOMIAL
    return ALPHABET[total]
