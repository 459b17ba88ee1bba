"""A contact beside an idea: a consent of its own, seen by facilitators one at a time, gone at a word, nowhere else."""
import io
import logging
import re
from zipfile import ZipFile

import pytest
from phone import (
    BODY,
    FORM,
    FROM_OUR_PAGE,
    JSON,
    PROBLEM,
    correct,
    hidden_fields,
    send,
    sent,
    stored,
)
from sqlalchemy import select
from theme_builders import make_theme

from forum.answers.models import Publication
from forum.audit import AuditEntry
from forum.consultations.models import Consultation, ForumSession, Notice
from forum.db import db, utc_now, writing
from forum.submissions import receiving
from forum.submissions.models import Contact

PHONE, NAME = "0812 7777 3131", "Mbak Sekar"
LEFT = {"contact": PHONE, "contact_name": NAME, "contact_consent": "y"}
TRACES = ("7777 3131", "77773131", "sekar.7777", "Sekar")  # long enough not to occur in a token by chance


@pytest.fixture
def entry(app, client, sitting):
    """Id and receipt path of an entry with a contact."""
    path = sent(client, **LEFT)
    return stored(app)[0]["entry"], path


def contacts(app):
    with app.app_context():
        return [(row.submission_id, row.address, row.name) for row in db.session.scalars(select(Contact))]


def looks(app):
    with app.app_context():
        return [(row.actor_name, row.subject_id, row.detail) for row in db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "moderation.see_contact"))]


def consultation_of(app, sitting):
    with app.app_context():
        return db.session.get(ForumSession, sitting).consultation_id


class TestOnTheForm:
    def test_the_form_offers_it_folded_away_with_an_unticked_box_and_the_words_of_the_notice(self, client, sitting):
        page = client.get(FORM).text
        fold = re.search(r"<details>\s*<summary>Boleh kami hubungi.*?</details>", page, re.DOTALL)[0]
        assert "Saya bersedia dihubungi Dinas Uji." in fold
        assert "checked" not in fold
        client.get("/language/en")
        assert "I agree that Dinas Uji contacts me." in client.get(FORM).text

    def test_an_idea_without_one_is_welcome(self, app, client, sitting):
        sent(client, contact="", contact_name="")
        assert contacts(app) == []

    @pytest.mark.parametrize("typed", [
        PHONE, "+62 812-7777-3131", "(0285) 421.093", "0285/421093", " warga@contoh.example ", "a.b+c@d-e.co.id"])
    def test_it_is_kept_apart_with_its_consent(self, app, client, sitting, typed):
        sent(client, **{**LEFT, "contact": typed})
        entry, = stored(app)
        assert contacts(app) == [(entry["entry"], typed.strip(), NAME)]
        with app.app_context():
            contact = db.session.scalars(select(Contact)).one()
            notice = db.session.get(Notice, contact.notice_id)
            assert notice.contact_words["id"] == "Saya bersedia dihubungi Dinas Uji."
            assert (utc_now() - contact.given_at).total_seconds() < 60

    @pytest.mark.parametrize(("typed", "field", "words"), [
        ({"contact": PHONE}, "contact_consent", "Centang persetujuan untuk dihubungi"),
        ({"contact_consent": "y"}, "contact", "Tulis kontak Anda, atau hapus centang"),
        ({"contact_name": NAME}, "contact", "Tulis kontak Anda, atau hapus centang"),
        ({**LEFT, "contact": "rumah sebelah pasar"}, "contact", "Tulis nomor telepon"),
        ({**LEFT, "contact": "12345"}, "contact", "Tulis nomor telepon"),
        ({**LEFT, "contact": "a@b"}, "contact", "Tulis nomor telepon"),
        ({**LEFT, "contact": "1" * 5000}, "contact", "Tulis nomor telepon"),
        ({**LEFT, "contact_name": "n" * 101}, "contact_name", "101 karakter, paling banyak 100")])
    def test_half_of_it_or_nonsense_is_explained_and_nothing_is_lost(self, app, client, sitting, typed, field, words):
        answer = send(client, **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'href="#{field}"' in answer.text
        assert "<details open>" in answer.text
        assert BODY in answer.text
        for name, value in typed.items():
            shown = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.text)[0]
            assert ("checked" if name == "contact_consent" else value) in shown
        assert stored(app) == []

        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **typed}
        told = client.post(FORM, data=fields, headers=JSON)
        assert told.status_code == 422
        assert words in told.json["errors"][field][0]

    def test_a_phone_that_sends_by_script_and_repeats_leaves_one(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **LEFT}
        for _ in range(3):
            assert client.post(FORM, data=fields, headers=JSON).status_code == 201
        assert [row[1:] for row in contacts(app)] == [(PHONE, NAME)]

    def test_a_late_repeat_does_not_bring_back_what_was_taken_away(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **LEFT}
        code = client.post(FORM, data=fields, headers=JSON).json["receipt"]
        client.post(f"/r/{code}/contact/withdraw", headers=FROM_OUR_PAGE)
        assert client.post(FORM, data=fields, headers=JSON).status_code == 201
        assert contacts(app) == []

    def test_where_it_is_not_asked_for_nothing_is_shown_or_kept(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **LEFT}
        with app.app_context(), writing() as session:
            consultation = session.get(Consultation, session.get(ForumSession, sitting).consultation_id)
            consultation.asks_contact = False
            session.add(Notice(consultation_id=consultation.id, number=2, items=[], created_at=utc_now()))
        assert "Boleh kami hubungi" not in client.get(FORM).text
        assert send(client, fields).status_code == 303
        assert send(client, **LEFT, key="7b0a51a2-7f6c-4f0e-9f5e-0d2f1f6e7a11").status_code == 303
        assert len(stored(app)) == 2
        assert contacts(app) == []

    def test_consent_to_older_words_is_asked_again_when_the_form_comes_back(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **LEFT, "body": ""}
        with app.app_context(), writing() as session:
            session.add(Notice(consultation_id=session.get(ForumSession, sitting).consultation_id, number=2, items=[],
                               contact_words={"id": "Kata baru.", "en": "New words."}, created_at=utc_now()))
        box = re.search(r'<input[^>]*name="contact_consent"[^>]*>', send(client, fields).text)[0]
        assert "checked" not in box

    def test_what_only_corrects_an_idea_leaves_the_contact_alone(self, app, client, entry):
        assert correct(client, entry[1], body="Kata lain sama sekali di sini.", **LEFT).status_code == 303
        assert [row[1:] for row in contacts(app)] == [(PHONE, NAME)]


class TestTakingItBack:
    def test_the_receipt_says_that_there_is_one_and_takes_it_back_alone(self, app, client, entry):
        _entry, path = entry
        assert "Hapus kontak saya" in client.get(path).text
        answer = client.post(path + "/contact/withdraw", headers=FROM_OUR_PAGE, follow_redirects=True)
        assert "Kontak Anda sudah dihapus" in answer.text
        assert "Hapus kontak saya" not in answer.text
        assert contacts(app) == []
        assert [row["state"] for row in stored(app)] == ["accepted"]
        client.post(path + "/contact/withdraw", headers=FROM_OUR_PAGE)
        with app.app_context():
            assert db.session.scalars(select(AuditEntry.action).where(
                AuditEntry.action == "submissions.withdraw_contact")).all() == ["submissions.withdraw_contact"]

    def test_it_goes_with_the_idea(self, app, client, entry):
        client.post(entry[1] + "/withdraw", headers=FROM_OUR_PAGE)
        assert contacts(app) == []

    def test_nobody_else_can(self, app, client, entry):
        assert client.post("/r/00000000000000/contact/withdraw", headers=FROM_OUR_PAGE).status_code == 404
        assert client.post(entry[1] + "/contact/withdraw", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert len(contacts(app)) == 1


class TestLookingAtIt:
    def test_a_facilitator_sees_one_after_a_click_that_is_written_down(self, app, as_facilitator, sitting, entry):
        listed = as_facilitator.get(f"/staff/consultations/{consultation_of(app, sitting)}/submissions").text
        assert f'action="/staff/submissions/{entry[0]}/contact"' in listed
        assert looks(app) == []
        for _ in range(2):
            page = as_facilitator.submit(f"/staff/submissions/{entry[0]}/contact")
            for words in (PHONE, NAME, "Saya bersedia dihubungi Dinas Uji.", BODY, "sudah dicatat"):
                assert words in page.text
            assert page.headers["Cache-Control"] == "no-store"
        assert looks(app) == [("Facilitator Uji", entry[0], {})] * 2

    def test_neither_planners_nor_phones_nor_a_plain_link_do(self, app, client, as_planner, as_facilitator, sitting,
                                                             entry):
        listed = as_planner.get(f"/staff/consultations/{consultation_of(app, sitting)}/submissions").text
        assert BODY in listed
        assert "Lihat kontak" not in listed
        path = f"/staff/submissions/{entry[0]}/contact"
        assert as_planner.submit(path).status_code == 403
        assert PHONE not in client.post(path, headers=FROM_OUR_PAGE).text
        assert as_facilitator.get(path).status_code == 405
        assert as_facilitator.post(path, headers=FROM_OUR_PAGE).status_code in (400, 403)
        assert looks(app) == []

    def test_an_administrator_may_as_everywhere(self, app, as_administrator, entry):
        assert PHONE in as_administrator.submit(f"/staff/submissions/{entry[0]}/contact").text
        assert len(looks(app)) == 1

    def test_one_that_was_taken_back_meanwhile_is_told_kindly(self, app, client, as_facilitator, entry):
        client.post(entry[1] + "/contact/withdraw", headers=FROM_OUR_PAGE)
        answer = as_facilitator.submit(f"/staff/submissions/{entry[0]}/contact", follow_redirects=True)
        assert "pengirim sudah menghapusnya" in answer.text
        assert as_facilitator.submit("/staff/submissions/999999/contact").status_code == 404
        assert looks(app) == []


def everything_of(app, browser, names):
    """What this browser is answered at every address of the house that can be read, by address."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in ("static", "accounts.sign_out"):
            continue
        addresses = [rule.rule]
        for converter, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule.rule):
            values = names.get(name, [1] if converter == "int" else ["csv"])
            addresses = [re.sub(rf"<(?:\w+:)?{name}>", str(value), one) for one in addresses for value in values]
        for address in addresses:
            with browser.get(address) as answer:
                if answer.status_code == 200:
                    found[address] = readable(answer.data)
    return found


def readable(data):
    if not data.startswith(b"PK\x03\x04"):
        return data.decode("utf-8", "replace")
    with ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


class TestNowhereElse:
    def test_no_page_file_answer_or_log_holds_it(self, app, client, as_facilitator, as_planner, as_administrator,
                                                 sitting, entry, caplog):
        caplog.set_level(logging.DEBUG)
        consultation_id = consultation_of(app, sitting)
        sent(client, body="Lampu di gang kami padam sejak Senin.", contact="sekar.7777@contoh.example",
             contact_name=NAME, contact_consent="y")
        as_facilitator.submit(f"/staff/consultations/{consultation_id}/runs")
        with app.app_context():
            theme_id = make_theme(consultation_id, "Selokan pasar", [entry[0]], quotes=[entry[0]])
            with writing() as session:
                session.add(Publication(consultation_id=consultation_id, published_at=utc_now(), actor_name="Uji"))
        as_facilitator.submit(f"/staff/submissions/{entry[0]}/contact")
        names = {"consultation_id": [consultation_id], "submission_id": [entry[0]], "theme_id": [theme_id],
                 "forum_session_id": [sitting], "code": ["KRM479", "en"], "receipt": [entry[1].removeprefix("/r/")],
                 "fmt": ["csv", "xlsx", "json", "docx", "pdf"]}

        seen = {}
        for browser in (client, as_facilitator, as_planner, as_administrator):
            seen |= {(id(browser), address): text for address, text in everything_of(app, browser, names).items()}

        assert len(seen) > 60
        assert len([text for text in seen.values() if "Selokan di depan pasar" in text]) >= 8
        assert [address for address, text in seen.items() for trace in TRACES if trace in text] == []
        assert not any(trace in caplog.text for trace in TRACES)
        with app.app_context():
            rest = [row for table in db.metadata.sorted_tables if table.name != "contact"
                    for row in db.session.execute(table.select())]
        assert len(rest) > 30
        assert not any(trace in str(row) for row in rest for trace in TRACES)

    def test_a_failure_while_it_is_stored_does_not_print_it(self, app, client, sitting, monkeypatch, caplog):
        app.config["PROPAGATE_EXCEPTIONS"] = False

        def fail(_session, entries):
            raise RuntimeError(f"cannot store {entries!r}")

        monkeypatch.setattr(receiving, "add_entries", fail)
        assert send(client, **LEFT).status_code == 500
        assert "cannot store" in caplog.text
        assert not any(trace in caplog.text for trace in TRACES)
