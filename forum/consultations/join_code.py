"""Codes that are read aloud in a noisy hall, read off a wall from the last row, and typed on phones."""
import secrets
import unicodedata

# Of each family of characters that look or sound alike, one member at most.
# Alike to the eye: 0 O Q D, 1 I L 7, 2 Z, 5 S, 6 G, 8 B, U V W.
# Alike to the ear when spelled in Indonesian: be de ge pe te, ce je, we ve, ha ka, em en, ef es, el er,
# and delapan sembilan. No vowel either, so that no code spells a word that nobody wants on the wall.
ALPHABET = "FJKMRTWXY23479"
LENGTH = 6
# What a person writes down who misread or misheard: the left-out members of a family become the kept one.
_MISTAKEN = str.maketrans({
    "B": "T", "D": "T", "G": "T", "P": "T", "C": "J", "H": "K", "N": "M", "S": "F", "L": "R", "V": "W",
    "Z": "2", "1": "7", "8": "9",
})
_LONGEST_TYPED = 40


def make() -> str:
    """A random code: 14^6 = 7.5 million, so that two sittings hardly ever draw the same one.

    It is a name to be shown to a whole hall, not a secret; the database keeps it unique.
    """
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalize(typed: str) -> str:
    """What a person typed as it is stored: capitals without spaces and hyphens, mistaken characters mended.

    A code from `make` comes back unchanged. What can be no code comes back as some text that names none.
    """
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).upper()
    return "".join(character for character in plain if character.isascii() and character.isalnum()).translate(_MISTAKEN)
