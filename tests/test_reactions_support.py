"""What reactions add to a theme: distinct supporters, whatever is merged; and the same sign in every file."""
import csv
import io
import json

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from openpyxl import load_workbook
from phone import change as set_fields
from theme_builders import make_theme

from forum.db import db, utc_now
from forum.exports import xlsx_file
from forum.formatting import public_id
from forum.priorities.support import support_by_theme
from forum.reactions import receiving
from forum.reactions.models import Stance
from forum.security import digest
from forum.submissions.models import Submission

BUTTONS = {"agree": 2, "disagree": 1, "pass": 0}
"""How many people press each button on the entry about the pump."""


@pytest.fixture
def hall(app):
    """Two entries by Ani and one by nobody known, all in one theme; ids of consultation, sitting, theme, entries."""
    with app.app_context():
        noise()
        consultation = make_consultation()
        sitting = make_forum_session(consultation)
        entries = [make_submission(sitting, "Pompa tidak menyala.", participant="ani"),
                   make_submission(sitting, "Rob masuk dapur.", participant="ani"),
                   make_submission(sitting, "Jalan terendam.")]
        return consultation, sitting, make_theme(consultation, "Genangan rob", entries, quotes=entries[:1]), entries


def react(sitting, entry, person, stance):
    order = receiving.Order(sitting, entry, digest(person), stance, f"{person}-{entry}", None, utc_now())
    assert receiving.store([order]) == [receiving.Answer.STORED]


def test_a_theme_counts_distinct_people(app, hall):
    consultation, sitting, theme, (pump, kitchen, road) = hall
    with app.app_context():
        react(sitting, pump, "budi", Stance.AGREE)
        react(sitting, kitchen, "budi", Stance.AGREE)  # once more the same person
        react(sitting, road, "ani", Stance.AGREE)  # has written already
        react(sitting, road, "citra", Stance.DISAGREE)
        react(sitting, pump, "citra", Stance.PASS)
        pack = db.session.get(Submission, pump).forum_session.consultation.pack_id
        support, _ = support_by_theme(consultation, pack_id=pack)[theme]
        assert (support.n_people, support.n_entries) == (2, 3)
        assert support.n_supporters == 3  # Ani, Budi, and whoever wrote about the road
        assert (support.n_agree, support.n_disagree, support.n_pass) == (2, 1, 1)

        set_fields(app, Submission, road, state="hidden")
        db.session.rollback()  # look again
        support, _ = support_by_theme(consultation, pack_id=pack)[theme]
        assert (support.n_supporters, support.n_agree, support.n_disagree, support.n_pass) == (2, 1, 0, 1)


def test_without_reactions_supporters_are_those_who_wrote(app, hall):
    consultation, _, theme, (pump, *_) = hall
    with app.app_context():
        pack = db.session.get(Submission, pump).forum_session.consultation.pack_id
        support, _ = support_by_theme(consultation, pack_id=pack)[theme]
    assert (support.n_supporters, support.n_agree, support.n_disagree, support.n_pass) == (2, 0, 0, 0)


def test_the_sign_is_the_same_from_the_button_to_every_file(app, as_planner, hall):
    """Through the door that phones use, by the value of the button itself, to the cells that leave the house."""
    consultation, _, _, (pump, *_) = hall
    for button, count in BUTTONS.items():
        for _ in range(count):
            phone = app.test_client()
            assert f'name="value" value="{button}"' in phone.get(f"/s/KRM479/react?change={pump}").text
            answer = phone.post("/s/KRM479/react", data={"submission": pump, "value": button},
                                headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 303
    files = {fmt: as_planner.get(f"/staff/consultations/{consultation}/exports/issues.{fmt}").data
             for fmt in ("csv", "xlsx", "json")}

    (line,) = csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig")))
    assert [line[name] for name in ("Orang setuju", "Orang tidak setuju", "Orang melewati")] == ["2", "1", "0"]
    assert line["Jumlah pendukung"] == "4"
    document = json.loads(files["json"])
    assert document["reactions"] == {public_id(pump): BUTTONS}
    assert {name: document["list"]["rows"][0][f"n_{name}"] for name in BUTTONS} == BUTTONS
    book = load_workbook(io.BytesIO(files["xlsx"]))
    for sheet, names, ids in ((xlsx_file.ISSUES, ("Orang setuju", "Orang tidak setuju", "Orang melewati"), "Kode isu"),
                              (xlsx_file.ENTRIES, ("Setuju", "Tidak setuju", "Lewati"), "ID masukan")):
        heading, *rows = book[sheet].iter_rows(values_only=True)
        (row,) = [dict(zip(heading, row, strict=True)) for row in rows
                  if row[heading.index(ids)] in (public_id(pump), line["Kode isu"])]
        assert [row[name] for name in names] == list(BUTTONS.values())


def test_planners_see_it_beside_the_score(app, as_planner, hall):
    consultation, sitting, _, (pump, *_) = hall
    address = f"/staff/consultations/{consultation}/priorities"
    assert "Tanggapan:" not in as_planner.get(address).text
    with app.app_context():
        react(sitting, pump, "budi", Stance.AGREE)
        react(sitting, pump, "citra", Stance.DISAGREE)
    page = as_planner.get(address).text
    assert "3 pendukung: penulis dan yang setuju." in page
    assert "Tanggapan: 1 setuju, 1 tidak setuju, 0 melewati." in page
