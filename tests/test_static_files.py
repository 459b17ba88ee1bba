"""Own files under addresses that change with their content; what phones keep to open the form without a network."""
import re
from pathlib import Path

import pytest

from forum.static_files import (
    FORM_FILES,
    FORM_MODULES,
    REACTION_FILES,
    REACTION_MODULES,
    module_url,
    static_url,
)

YEAR = "max-age=31536000"
STATIC = Path(__file__).parent.parent / "forum" / "static"
TEMPLATES = STATIC.parent / "templates"


@pytest.fixture
def addresses(app):
    with app.test_request_context():
        return static_url("phone.css"), module_url("outbox.js")


def test_files_are_kept_for_a_year_under_their_fingerprint(client, addresses):
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert YEAR in answer.headers["Cache-Control"]


def test_an_older_address_of_a_script_gets_todays_and_is_not_kept(client, addresses):
    older = re.sub(r"/modules/\w+/", "/modules/0123456789/", addresses[1])
    with client.get(addresses[1]) as today, client.get(older) as answer:
        assert answer.data == today.data
        assert YEAR not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", [*FORM_MODULES, *REACTION_MODULES])
def test_what_a_phone_gets_of_a_script_is_the_script_without_comments_indents_and_most_ends_of_lines(
        client, addresses, name):
    source = (STATIC / name).read_text(encoding="utf-8")
    code = re.sub(r"(^|(?<=\s))//( .*)?$", "", source, flags=re.MULTILINE)
    with client.get(addresses[1].replace("outbox.js", name)) as answer:
        assert answer.mimetype == "text/javascript"
        got = answer.text
    assert "//" not in got, "a comment that is left would swallow the line that follows."
    assert "".join(got.split()) == "".join(code.split())
    assert not re.search(r"[;,{(\[]\n", got)


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_text_in_a_script_goes_over_lines_so_that_indents_mean_nothing(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line.count("`") % 2 == 0, line


@pytest.mark.parametrize("name", ["phone.css", "there-is-none.js", "..%2Fsecurity.py"])
def test_only_scripts_are_modules(client, addresses, name):
    assert client.get(addresses[1].replace("outbox.js", name)).status_code == 404


def scripts_of(*names):
    """These scripts and all that they load by relative names."""
    needed, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += set(re.findall(r"from '\./([\w.]+)'", (STATIC / name).read_text(encoding="utf-8"))) - needed
    return needed


def named_in(*templates):
    """The scripts that these templates name."""
    return {name for template in templates
            for name in re.findall(r"module_url\('([\w.]+)'\)", (TEMPLATES / template).read_text(encoding="utf-8"))}


def test_phones_keep_every_script_that_a_page_needs(client):
    form_page = named_in("submissions/form.html", "submissions/_outbox.html")
    assert scripts_of(*form_page) == set(FORM_MODULES)
    assert scripts_of(*form_page, *named_in("reactions/statement.html", "reactions/mine.html")) == {
        *FORM_MODULES, *REACTION_MODULES}
    kept = (*FORM_FILES, *FORM_MODULES, *REACTION_FILES, *REACTION_MODULES)
    assert len(set(kept)) == len(kept), "a cache takes nothing twice."

    script = client.get("/sw.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cache-Control"] == "no-cache"
    form, reactions, *_ = script.text.split("\n")
    assert all(f"/{name}" in form for name in (*FORM_FILES, *FORM_MODULES))
    assert all(f"/{name}" in reactions for name in (*REACTION_FILES, *REACTION_MODULES))


class TestOldestBrowsers:
    """What docs/operations.md promises: nothing on pages of participants needs a newer browser."""

    SCRIPTS = re.compile(
        r"\.at\(|\.findLast|\.to(?:Sorted|Reversed|Spliced)\(|\.with\(|structuredClone|\bgroupBy\(|\bhasOwn\(|fromAsync"
        r"|AbortSignal\.(?:any|timeout)|\.submitter|requestSubmit|showModal|showPopover|\.inert\b|checkVisibility"
        r"|withResolvers|\(\?<[=!]|\bstatic \{|^  (?:async )?#\w+\(|^(?:const .* = )?await ", re.MULTILINE)
    STYLES = re.compile(r"&|\d[dsl]v[hw]\b|@container|@layer|@scope|color-mix|oklch|light-dark")
    PAGES = re.compile(r"<dialog|\s(?:popover|inert)\b")

    @pytest.mark.parametrize("name", ["service_worker.js", *FORM_MODULES, *REACTION_MODULES])
    def test_scripts(self, name):
        source = re.sub(r"//.*", "", (STATIC / name).read_text(encoding="utf-8"))
        assert not self.SCRIPTS.findall(source), f"{name}: a phone of 2021 does not know this; say it in older words."

    @pytest.mark.parametrize("name", [*FORM_FILES, *REACTION_FILES])
    def test_styles(self, name):
        source = (STATIC / name).read_text(encoding="utf-8")
        assert not self.STYLES.findall(source), f"{name}: a phone of 2021 does not know this."

    def test_pages(self):
        rooms = (TEMPLATES / room for room in ("submissions", "reactions"))
        pages = [TEMPLATES / "public.html", *(page for room in rooms for page in room.iterdir())]
        assert [page.name for page in pages if self.PAGES.search(page.read_text(encoding="utf-8"))] == []
