"""The quick stemmer gives the stems of the library, on words of every beginning and ending."""

from itertools import product
from random import Random

import pytest
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from analysis.quick_stemmer import QuickStemmer, rule_number, rules_for

PREFIXES = [
    *("di", "ke", "se", "be", "ber", "bel", "te", "ter", "me", "mem", "men", "meng", "meny", "menge", "pe", "pem"),
    *("pen", "peng", "peny", "per", "pel", "ku", "kau", "memper", "diper"),
]
SUFFIXES = ["lah", "kah", "tah", "pun", "ku", "mu", "nya", "i", "kan", "an", "annya", "kanlah", "inya", "e", "ne"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def dictionary():
    return ArrayDictionary(StemmerFactory().get_words())


def words(dictionary):
    """Affixes and infixes on roots and on noise."""
    random = Random(1)
    known = sorted(word for word in dictionary.words if word.isascii() and word.isalpha())
    for _ in range(400):
        noise = "".join(random.choices(LETTERS, k=random.randint(1, 8)))
        root = random.choice([noise, *random.choices(known, k=3)])
        yield random.choice(["", *PREFIXES]) + root + random.choice(["", *SUFFIXES])
        yield root[:1] + random.choice(["er", "el", "em", "in"]) + root[1:] + random.choice(["", *SUFFIXES])


def test_stems_are_those_of_the_library(dictionary):
    library, quick = Stemmer(dictionary), QuickStemmer(dictionary)
    tried = sorted(set(words(dictionary)))

    assert len(tried) > 600
    assert [quick.stem_word(word) for word in tried] == [library.stem_word(word) for word in tried]


def test_a_rule_that_is_passed_over_would_have_changed_nothing(dictionary):
    visitors = QuickStemmer(dictionary).visitor_provider.get_prefix_visitors()
    variants = [(rule_number(rule), one) for rule in visitors if rule_number(rule) for one in rule.disambiguators]
    beginnings = [*("".join(pair) for pair in product(LETTERS, repeat=2)), *PREFIXES, "ker", "sel", "gem", "kin"]
    for beginning, ending in product(beginnings, ["aran", "rasa", "caran", "erasi", "yaberan", "cerkan", "gean"]):
        word = beginning + ending
        assert {number for number, one in variants if one.disambiguate(word) is not None} <= rules_for(word), word


def test_words_known_by_heart(dictionary):
    stem = QuickStemmer(dictionary).stem_word
    stems = {"menyapu": "sapu", "perbaikan": "baik", "kinerja": "kerja", "kuambil": "ambil", "dilemparkannya": "lempar"}

    assert {word: stem(word) for word in stems} == stems
