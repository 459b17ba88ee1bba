"""The English catalogue holds exactly the texts of the code, and a browser that asks for English gets it."""
import os
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "forum" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
COMPILED = SOURCE.with_suffix(".mo")
# A text is one string; one that counts is a pair, singular and plural.
Text = str | tuple[str, ...]

# Words that Indonesian and English share.
SAME_IN_BOTH = {"Administrator", "Format", "Kelurahan", "Total"}

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
_TEXT_OF_AN_ELEMENT = re.compile(r">\s*([^<>]+?)\s*<")


def forms_of(text: Text) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def compile_catalogue() -> bytes:
    with SOURCE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def translations_in(compiled: bytes) -> dict[Text, Text]:
    """What a compiled catalogue answers; its header, which names the compiler's version, is left out."""
    return {_hashable(message.id): _hashable(message.string) for message in read_mo(BytesIO(compiled)) if message.id}


def _hashable(text: str | list[str] | tuple[str, ...]) -> Text:
    return text if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with SOURCE.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def translated(english: Catalog) -> dict[Text, Text]:
    return {message.id: message.string for message in english if message.id}


@pytest.fixture(scope="module")
def texts_of_the_code() -> dict[Text, str]:
    """Every text that a page can show, with a place where it stands; found as `make messages` finds them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(["_l", "lazy_gettext"])}
    found = extract_from_dir(ROOT / "forum", method_map=methods, options_map=options, keywords=keywords)
    # An identifier: a plural and a singular call with the same words are one entry, kept under the pair.
    places = {text: f"forum/{name}:{line}" for name, line, text, _comments, _context in found}
    singular_of_pairs = {text[0] for text in places if isinstance(text, tuple)}
    return {text: place for text, place in places.items() if text not in singular_of_pairs}


@pytest.fixture(scope="session")
def compiled_catalogue() -> None:
    """The file that the application reads, made anew if it is missing or older than its source."""
    wanted = compile_catalogue()
    if not COMPILED.exists() or translations_in(COMPILED.read_bytes()) != translations_in(wanted):
        fresh = COMPILED.with_name(f".{COMPILED.name}.{os.getpid()}")
        fresh.write_bytes(wanted)
        fresh.replace(COMPILED)  # whole or not at all: another process may be reading it


def test_extraction_sees_code_and_templates(texts_of_the_code):
    places = texts_of_the_code.values()
    assert sum(".py:" in place for place in places) > 100
    assert sum(".html:" in place for place in places) > 100
    assert any(isinstance(text, tuple) for text in texts_of_the_code), "no text that counts was found."


def test_every_text_of_the_code_has_an_english_one(texts_of_the_code, translated):
    without = {text: place for text, place in texts_of_the_code.items()
               if text not in translated or not all(forms_of(translated[text]))}
    assert not without, f"run `make messages`, then translate in {SOURCE.relative_to(ROOT)}: {without}"


def test_every_plural_has_both_forms(translated):
    for text, english_text in translated.items():
        if isinstance(text, tuple):
            assert isinstance(english_text, tuple), f"{text}: give a singular and a plural."
            assert len(english_text) == 2, f"{text}: give a singular and a plural."


def test_the_catalogue_holds_nothing_that_the_code_has_lost(texts_of_the_code, translated, english):
    lost = [text for text in translated if text not in texts_of_the_code]
    assert not lost, f"remove from {SOURCE.relative_to(ROOT)}: {lost}"
    assert not english.obsolete, f"remove the lines that begin with #~: {list(english.obsolete)}"


def test_nothing_is_fuzzy(english):
    guessed = [message.id for message in english if message.id and message.fuzzy]
    assert not guessed, f"gettext ignores guesses: translate and remove the mark from {guessed}"


def test_placeholders_are_the_same(translated):
    for text, english_text in translated.items():
        wanted = sorted(_PLACEHOLDER.findall(forms_of(text)[0]))
        for form in (*forms_of(text), *forms_of(english_text)):
            assert sorted(_PLACEHOLDER.findall(form)) == wanted, f"{form!r} should have the placeholders {wanted}."


def test_no_indonesian_text_stands_for_its_translation(translated):
    copied = {text for text, english_text in translated.items()
              if not set(forms_of(text)).isdisjoint(forms_of(english_text))}
    assert copied == SAME_IN_BOTH, f"translate, or name as shared words: {copied ^ SAME_IN_BOTH}"


def test_the_header_names_the_project(english):
    header = english.header_comment + str(dict(english.mime_headers))
    assert not re.search(r"PROJECT|ORGANIZATION|FULL NAME|EMAIL|LL@li\.org", header), "fill in the header."
    assert (english.project, english.locale_identifier, english.num_plurals) == ("Forum Smart City", "en", 2)


# Before the tests below, which make the file anew.
def test_the_compiled_catalogue_is_up_to_date(translated):
    fresh = translations_in(compile_catalogue())
    assert fresh == translated
    if COMPILED.exists():
        assert translations_in(COMPILED.read_bytes()) == fresh, "run `make translations`."


def texts_on(page: str) -> set[str]:
    """The text of every element that holds nothing but text."""
    return {unescape(text) for text in _TEXT_OF_AN_ELEMENT.findall(page)}


@pytest.mark.parametrize("path", ["/", "/staff/sign-in"])
@pytest.mark.usefixtures("compiled_catalogue")
def test_a_browser_that_chose_english_gets_english(client, translated, path):
    before = client.get(path)
    assert before.status_code == 200
    assert '<html lang="id">' in before.text
    indonesian = texts_on(before.text) & set(translated)
    assert len(indonesian) >= 4, "the page shows hardly any text of the catalogue."

    assert client.get("/language/en").status_code == 303
    after = client.get(path)
    assert '<html lang="en">' in after.text
    shown = texts_on(after.text)
    assert shown >= {translated[text] for text in indonesian}
    assert shown.isdisjoint(indonesian - SAME_IN_BOTH)

    client.get("/language/id")
    assert texts_on(client.get(path).text) & set(translated) == indonesian
