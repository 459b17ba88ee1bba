"""Own files under addresses that change with their content; what phones keep to open the form without a network."""
import re
from pathlib import Path

import pytest

from forum.static_files import KEPT_FILES, KEPT_MODULES, module_url, static_url

YEAR = "max-age=31536000"
STATIC = Path(__file__).parent.parent / "forum" / "static"


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


@pytest.mark.parametrize("name", ["phone.css", "there-is-none.js", "..%2Fsecurity.py"])
def test_only_scripts_are_modules(client, addresses, name):
    assert client.get(addresses[1].replace("outbox.js", name)).status_code == 404


def test_phones_keep_every_script_that_the_form_needs(client):
    needed, waiting = set(), ["outbox.js"]
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += set(re.findall(r"from '\./([\w.]+)'", (STATIC / name).read_text(encoding="utf-8"))) - needed
    assert needed == set(KEPT_MODULES)

    assert len({*KEPT_FILES, *KEPT_MODULES}) == len(KEPT_FILES) + len(KEPT_MODULES), "a cache takes nothing twice."
    script = client.get("/sw.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cache-Control"] == "no-cache"
    for name in (*KEPT_FILES, *KEPT_MODULES):
        assert f"/{name}" in script.text.partition("\n")[0]
