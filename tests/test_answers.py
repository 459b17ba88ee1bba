"""The official response per theme, the public page, the receipt, and the open data."""
import re
from html import unescape

import pytest
from builders import make_consultation, make_forum_session, make_submission, noise
from theme_builders import make_theme

from forum.api.openapi import DOCUMENT
from forum.db import db
from forum.submissions.models import Submission

TEXT = "Masuk rencana kerja 2027: dua pompa baru."


@pytest.fixture
def theme(app):
    with app.app_context():
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        noise()
        members = [make_submission(sitting, f"Air pasang masuk rumah, telepon 0812-3456-78{number}0.",
                                   participant=f"p{number}") for number in range(4)]
        theme_id = make_theme(consultation_id, "Rob di pesisir", members)
        return consultation_id, theme_id, members


def respond(client, theme_id, status="partly", text=TEXT, version=0):
    return client.submit(f"/staff/themes/{theme_id}/response", {"status": status, "text": text, "version": version})


def test_a_response_is_seen_by_staff_and_by_the_author_of_an_entry(app, as_planner, client, theme):
    consultation_id, theme_id, members = theme
    assert respond(as_planner, theme_id).status_code == 303

    assert TEXT in as_planner.get(f"/staff/consultations/{consultation_id}/responses").text
    with app.app_context():
        code = db.session.get(Submission, members[0]).receipt_code
    assert TEXT in client.get(f"/r/{code}").text


def trail(page):
    """The lines of the way that an entry went, and which of them is where it is now."""
    lines = re.findall(r"<li([^>]*)>(.*?)(?:<br>|</li>)", page.partition('class="trail"')[2].partition("</ol>")[0])
    return [text for _, text in lines], [text for attributes, text in lines if "aria-current" in attributes]


def test_the_way_of_an_entry_ends_where_it_is_now(app, as_planner, client, theme):
    with app.app_context():
        receipt = f"/r/{db.session.get(Submission, theme[2][0]).receipt_code}"
    grouped = ["Masukan diterima", "Ikut dikelompokkan dengan masukan lain menjadi tema."]
    in_theme = "Masuk tema “Rob di pesisir”."
    lines, now = trail(client.get(receipt).text)
    assert (lines, now) == ([*grouped, in_theme], [in_theme])
    respond(as_planner, theme[1])
    lines, now = trail(client.get(receipt).text)
    assert (lines, now) == ([*grouped, in_theme, "Ditanggapi secara resmi."], ["Ditanggapi secara resmi."])


@pytest.mark.parametrize(("fields", "words"), [
    ({"status": ""}, "Pilih satu"), ({"status": "maybe"}, "Pilih satu"), ({"text": "ya"}, "paling sedikit 10"),
    ({"text": "x" * 3001}, "Paling banyak 3000"),
])
def test_an_unusable_response_is_refused_with_the_text_kept(as_planner, theme, fields, words):
    answer = respond(as_planner, theme[1], **fields)
    assert answer.status_code == 422
    assert words in answer.text
    if fields.get("text", "") != "":
        assert fields["text"] in answer.text


def test_the_second_of_two_editors_sees_what_the_first_wrote(as_planner, theme):
    respond(as_planner, theme[1])
    second = respond(as_planner, theme[1], text="Belum ada anggaran tahun ini.")

    assert second.status_code == 409
    assert TEXT in second.text
    assert "Belum ada anggaran tahun ini." in second.text
    seen = re.search(r'name="version" type="hidden" value="(\d+)"', second.text)[1]
    assert respond(as_planner, theme[1], text="Belum ada anggaran tahun ini.", version=seen).status_code == 303


def test_results_are_public_only_while_published(as_planner, client, theme):
    consultation_id, theme_id, _ = theme
    respond(as_planner, theme_id)
    results, data = f"/c/{consultation_id}/results", f"/api/v1/consultations/{consultation_id}/issues"
    assert client.get(results).status_code == client.get(data).status_code == 404

    as_planner.submit(f"/staff/consultations/{consultation_id}/responses/publish")
    page = client.get(results)
    assert page.status_code == client.get(data).status_code == 200
    assert TEXT in page.text
    assert "Rob di pesisir" in page.text
    assert "0812" not in page.text

    as_planner.submit(f"/staff/consultations/{consultation_id}/responses/unpublish")
    assert client.get(results).status_code == client.get(data).status_code == 404


def test_the_open_data_keeps_its_promise(as_planner, client, theme):
    consultation_id, theme_id, _ = theme
    respond(as_planner, theme_id)
    as_planner.submit(f"/staff/consultations/{consultation_id}/responses/publish")

    answer = client.get(f"/api/v1/consultations/{consultation_id}/issues").json

    schemas = DOCUMENT["components"]["schemas"]
    assert set(answer) == set(schemas["Issues"]["required"])
    [issue] = answer["issues"]
    assert set(issue) == set(schemas["Issue"]["required"])
    assert (issue["title"], issue["n_people"], issue["n_submissions"], issue["rank"]) == ("Rob di pesisir", 4, 4, None)
    assert issue["people_by_group"] == {"resident": 4}
    assert issue["response"] == {"status": "partly", "text": TEXT}
    assert "0812" not in str(answer)
    assert client.get("/api/openapi.json").json["openapi"].startswith("3.1")


def publish_groups(app, as_planner, client, **n_people):
    """The public page of one theme as one line of text, and what the open data say, for so many people per group."""
    with app.app_context():
        consultation_id = make_consultation()
        sitting = make_forum_session(consultation_id)
        members = [make_submission(sitting, f"Air pasang masuk rumah, gang {group} {number}.", group=group,
                                   participant=f"{group}{number}")
                   for group, count in n_people.items() for number in range(count)]
        make_theme(consultation_id, "Rob di pesisir", members)
    as_planner.submit(f"/staff/consultations/{consultation_id}/responses/publish")
    page = client.get(f"/c/{consultation_id}/results").text.partition("<article")[2]
    [issue] = client.get(f"/api/v1/consultations/{consultation_id}/issues").json["issues"]
    text = re.sub(r"</?span[^>]*>", "", page)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split()), issue["people_by_group"]


def test_a_count_that_is_withheld_for_the_sake_of_another_is_not_called_small(app, as_planner, client):
    page, data = publish_groups(app, as_planner, client, resident=7, academic=4, community=2)
    assert "Disampaikan 13 orang: Resident 7, Academic – (tidak ditampilkan), Community – (tidak ditampilkan)" in page
    assert "Angka yang kecil, atau yang dapat membuka angka kecil, tidak ditampilkan." in page
    assert "< 3" not in page
    assert data == {"resident": 7, "academic": None, "community": None}
    said = DOCUMENT["components"]["schemas"]["Issue"]["properties"]["people_by_group"]["description"]
    assert "null: withheld" in said
    assert "fewer than three, withheld" not in said


def test_groups_that_would_give_each_other_away_are_not_listed_at_all(app, as_planner, client):
    page, data = publish_groups(app, as_planner, client, resident=1, academic=1)
    assert "Disampaikan 2 orang Angka yang kecil" in page
    assert "Resident" not in page
    assert data == {}


def test_nothing_is_said_of_withheld_counts_where_all_are_shown(app, as_planner, client):
    page, data = publish_groups(app, as_planner, client, resident=4, academic=3)
    assert "Disampaikan 7 orang: Resident 4, Academic 3" in page
    assert "tidak ditampilkan" not in page
    assert data == {"resident": 4, "academic": 3}


def test_facilitators_read_and_planners_write(as_facilitator, theme):
    consultation_id, theme_id, _ = theme
    assert as_facilitator.get(f"/staff/consultations/{consultation_id}/responses").status_code == 200
    assert respond(as_facilitator, theme_id).status_code == 403
    assert as_facilitator.submit(f"/staff/consultations/{consultation_id}/responses/publish").status_code == 403
