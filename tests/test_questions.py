"""Questions of a consultation: asked on the phone, judged, kept through corrections, read by staff, exported."""
import csv
import io
import json
import re

import pytest
from builders import make_submission
from openpyxl import load_workbook
from phone import FORM, FROM_OUR_PAGE, JSON, PROBLEM, correct, hidden_fields, send, sent, stored
from staff_client import sign_in_as
from theme_builders import make_theme

from forum.audit import COMMAND_LINE
from forum.consultations import asking, services
from forum.consultations.asking import QuestionFacts
from forum.consultations.models import ForumSession, Question
from forum.consultations.questions import MAX_OPEN
from forum.db import db, utc_now

LINE = QuestionFacts("text", "Apa nama kelompok Anda?", "What is your group called?", (), False)
ONE = QuestionFacts("choice", "Seberapa sering naik angkutan?", "How often by bus?",
                    (("Setiap hari", "Every day"), ("Jarang", "")), True)
SEVERAL = QuestionFacts("choices", "Fasilitas apa yang kurang?", "",
                        (("Halte", ""), ("Trotoar", ""), ("Lampu", "")), False)
SCALE = QuestionFacts("scale", "Seberapa puas Anda?", "", (), False)


@pytest.fixture
def consultation_id(app, sitting):
    with app.app_context():
        return db.session.get(ForumSession, sitting).consultation_id


@pytest.fixture
def asked(app, consultation_id):
    """One question of each kind; their field names by kind."""
    return {facts.kind: f"q{ask(app, consultation_id, facts)}" for facts in (LINE, ONE, SEVERAL, SCALE)}


def ask(app, consultation_id, facts):
    with app.app_context():
        return asking.add_question(consultation_id=consultation_id, facts=facts, actor=COMMAND_LINE, now=utc_now())


def close(app, name):
    with app.app_context():
        asking.close_question(question_id=int(name[1:]), is_open=False, actor=COMMAND_LINE, now=utc_now())


def answers(app):
    return [row["answers"] for row in stored(app)]


def everything(asked):
    return {asked["text"]: " Karang  Taruna ", asked["choice"]: "1", asked["choices"]: ["2", "0"], asked["scale"]: "4"}


def expected(asked):
    keys = {kind: name[1:] for kind, name in asked.items()}
    return {keys["text"]: "Karang Taruna", keys["choice"]: 1, keys["choices"]: [0, 2], keys["scale"]: 4}


class TestOnThePhone:
    def test_the_form_asks_in_the_language_of_the_reader(self, client, asked):
        page = client.get(FORM).text
        assert "Apa nama kelompok Anda?" in page
        assert page.index("Seberapa sering naik angkutan?") < page.index("Seberapa puas Anda?")
        client.set_cookie("language", "en")
        page = client.get(FORM).text
        assert "What is your group called?" in page
        assert "Every day" in page
        assert "Jarang" in page  # not translated: better than nothing

    def test_every_kind_of_answer_is_stored_and_shown_on_the_receipt(self, app, client, asked):
        path = sent(client, **everything(asked))
        assert answers(app) == [expected(asked)]
        page = client.get(path).text
        for words in ("Karang Taruna", "Jarang", "Halte; Lampu", "<dd>4</dd>"):
            assert words in page

    def test_a_script_sends_the_same_and_a_repeat_is_the_same_entry(self, app, client, asked):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **everything(asked)}
        first = client.post(FORM, data=fields, headers=JSON)
        again = client.post(FORM, data=fields, headers=JSON)
        other = client.post(FORM, data={**fields, asked["scale"]: "5"}, headers=JSON)
        assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
        assert answers(app) == [expected(asked)]

    def test_only_the_required_one_must_be_answered_and_the_summary_leads_to_it(self, app, client, asked):
        answer = send(client, **{asked["text"]: "Karang Taruna"})
        assert answer.status_code == 422
        assert f'href="#{asked["choice"]}-0"' in answer.text
        assert "Jawab pertanyaan “Seberapa sering naik angkutan?”." in answer.text
        assert 'value="Karang Taruna"' in answer.text
        assert answers(app) == []
        assert send(client, **{asked["choice"]: "0"}).status_code == 303

    @pytest.mark.parametrize(("kind", "value"), [
        ("choice", "2"), ("choice", "-1"), ("choice", "satu"), ("choices", ["0", "9"]), ("scale", "6"), ("scale", "0"),
        ("text", "x" * 201)])
    def test_what_is_no_answer_is_refused_and_nothing_typed_is_lost(self, app, client, asked, kind, value):
        answer = send(client, **{asked["choice"]: "0", asked[kind]: value})
        assert answer.status_code == 422
        assert PROBLEM["body"] in answer.text
        assert answers(app) == []

    def test_an_optional_scale_can_be_left_and_taken_back_without_a_script(self, app, client, asked):
        page = client.get(FORM).text
        none = rf'<input (?![^>]*checked)[^>]*name="{asked["scale"]}"[^>]*value="">'
        assert re.search(none, page), "no choice takes an answer back"
        assert "Tidak ingin menjawab" in page
        assert send(client, **{asked["choice"]: "0", asked["scale"]: ""}).status_code == 303
        path = sent(client, **everything(asked))
        assert correct(client, path, **{**everything(asked), asked["scale"]: ""}).status_code == 303
        scale = asked["scale"][1:]
        assert [scale in row for row in answers(app)] == [False, True, False]

    def test_a_form_opened_before_the_question_came_is_still_welcome(self, app, client, sitting, consultation_id):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        ask(app, consultation_id, ONE)
        assert client.post(FORM, data=fields, headers=FROM_OUR_PAGE).status_code == 303
        assert answers(app) == [{}]

    def test_an_answer_to_a_question_that_closed_meanwhile_is_kept(self, app, client, asked):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM, **everything(asked)}
        close(app, asked["text"])
        assert asked["text"] not in client.get(FORM).text
        assert client.post(FORM, data=fields, headers=FROM_OUR_PAGE).status_code == 303
        assert answers(app) == [expected(asked)]

    def test_without_questions_nothing_is_added_to_the_form(self, app, client, sitting):
        assert 'name="asked"' not in client.get(FORM).text
        sent(client)
        assert answers(app) == [{}]

    def test_a_correction_changes_open_answers_and_keeps_closed_ones(self, app, client, asked):
        path = sent(client, **everything(asked))
        close(app, asked["text"])
        page = client.get(path + "/correct").text
        assert re.search(rf'<input[^>]*checked[^>]*id="{asked["scale"]}-3"', page)
        assert len(re.findall(rf'<input[^>]*name="{asked["choices"]}"[^>]*checked', page)) == 2

        assert correct(client, path, **{asked["choice"]: "0", asked["scale"]: "2"}).status_code == 303

        keys = {kind: name[1:] for kind, name in asked.items()}
        assert answers(app) == [expected(asked), {keys["text"]: "Karang Taruna", keys["choice"]: 0, keys["scale"]: 2}]
        page = client.get(path).text
        assert "Setiap hari" in page
        assert "Jarang" in page  # the earlier version


class TestForStaff:
    def page(self, consultation_id):
        return f"/staff/consultations/{consultation_id}/questions"

    def fields(self, facts=ONE):
        return {"text_id": facts.text_id, "text_en": facts.text_en, "kind": facts.kind,
                "options": "\r\n".join(f"{one} | {other}" for one, other in facts.options), "is_required": "y"}

    def test_a_facilitator_writes_one_and_the_phone_asks_it(self, app, client, as_facilitator, consultation_id):
        answer = as_facilitator.submit(self.page(consultation_id), self.fields())
        assert answer.status_code == 303
        with app.app_context():
            question = db.session.scalars(db.select(Question)).one()
            assert (question.text_id, question.is_required, question.options) == (
                ONE.text_id, True, [{"id": "Setiap hari", "en": "Every day"}, {"id": "Jarang", "en": ""}])
        assert ONE.text_id in as_facilitator.get(self.page(consultation_id)).text
        assert ONE.text_id in as_facilitator.get(f"/staff/consultations/{consultation_id}").text
        assert ONE.text_id in client.get(FORM).text

    @pytest.mark.parametrize("changes", [
        {"text_id": ""}, {"text_id": "x" * 201}, {"kind": "essay"}, {"options": "satu"}, {"options": "satu\nSatu"},
        {"options": "\n".join(str(number) for number in range(11))}, {"options": "dua\n" + "x" * 101}])
    def test_what_cannot_be_asked_is_refused_with_what_was_typed(self, app, as_facilitator, consultation_id, changes):
        answer = as_facilitator.submit(self.page(consultation_id), {**self.fields(), **changes})
        assert answer.status_code == 422
        assert "How often by bus?" in answer.text
        with app.app_context():
            assert db.session.scalar(db.select(db.func.count()).select_from(Question)) == 0

    def test_what_phones_may_have_asked_is_closed_but_never_changed(self, app, as_facilitator, asked):
        question = f"/staff/questions/{asked['choice'][1:]}"
        assert as_facilitator.submit(question + "/edit", self.fields(LINE)).status_code == 409
        answer = as_facilitator.submit(question + "/remove")
        assert "artinya tidak boleh berubah" in as_facilitator.get(answer.headers["Location"]).text
        as_facilitator.submit(question + "/close")
        with app.app_context():
            row = db.session.get(Question, int(asked["choice"][1:]))
            assert (row.kind, row.text_id, row.is_open) == ("choice", ONE.text_id, False)
        as_facilitator.submit(question + "/reopen")
        with app.app_context():
            assert db.session.get(Question, int(asked["choice"][1:])).is_open

    def test_before_any_sitting_opens_it_can_be_changed_moved_and_removed(self, app, as_facilitator, consultation_id,
                                                                           sitting):
        with app.app_context():
            services.close_session(forum_session_id=sitting, actor=COMMAND_LINE, now=utc_now())
        first, second = ask(app, consultation_id, LINE), ask(app, consultation_id, SCALE)
        edit = f"/staff/questions/{first}/edit"
        assert LINE.text_id in as_facilitator.get(edit).text
        assert as_facilitator.submit(edit, self.fields(ONE)).status_code == 303
        assert "Setiap hari | Every day" in as_facilitator.get(edit).text
        as_facilitator.submit(f"/staff/questions/{second}/move")
        page = as_facilitator.get(self.page(consultation_id)).text
        assert page.index(SCALE.text_id) < page.index(ONE.text_id)
        as_facilitator.submit(f"/staff/questions/{second}/remove")
        assert SCALE.text_id not in as_facilitator.get(self.page(consultation_id)).text

    def test_there_is_an_end_to_questions(self, app, as_facilitator, consultation_id):
        for _number in range(MAX_OPEN):
            last = ask(app, consultation_id, SCALE)
        answer = as_facilitator.submit(self.page(consultation_id), self.fields())
        assert answer.status_code == 409
        close(app, f"q{last}")
        assert as_facilitator.submit(self.page(consultation_id), self.fields()).status_code == 303

    def test_others_do_not_enter(self, app, client, as_planner, asked, consultation_id):
        for path in (self.page(consultation_id), f"/staff/questions/{asked['text'][1:]}/edit"):
            assert client.get(path).status_code == 303
            assert as_planner.get(path).status_code == 403
        assert as_planner.submit(f"/staff/questions/{asked['text'][1:]}/close").status_code == 403

    def test_answers_stand_beside_the_entry_in_moderation_and_review(self, app, client, as_facilitator, asked,
                                                                    consultation_id):
        sent(client, **everything(asked))
        with app.app_context():
            theme_id = make_theme(consultation_id, "Angkutan", [stored(app)[0]["entry"]])
        for path in (f"/staff/consultations/{consultation_id}/submissions", f"/staff/themes/{theme_id}"):
            page = as_facilitator.get(path).text
            assert "<b>Fasilitas apa yang kurang?</b> Halte; Lampu" in page


class TestInFiles:
    @pytest.fixture
    def files(self, app, client, asked, sitting, consultation_id):
        keys = {kind: name[1:] for kind, name in asked.items()}
        sent(client, **everything(asked) | {asked["text"]: "=1+1 telepon 0812-3456-7890"})
        with app.app_context():
            make_submission(sitting, "Tanpa jawaban.")
            make_submission(sitting, "Rahasia.", state="hidden", answers={keys["text"]: "RAHASIA"})
        planner = sign_in_as(app, "planner")
        page = f"/staff/consultations/{consultation_id}/exports"
        assert "issues.answers.csv" in planner.get(page).text
        return {fmt: planner.get(f"{page}/issues.{fmt}").data for fmt in ("answers.csv", "xlsx", "json", "csv")}

    def test_every_question_has_a_column_of_its_own_inert_and_masked(self, files):
        table = list(csv.reader(io.StringIO(files["answers.csv"].decode("utf-8-sig"), newline=""), strict=True))
        questions = [LINE.text_id, ONE.text_id, SEVERAL.text_id, SCALE.text_id]
        assert table[0][-4:] == questions
        assert len(table) == 3
        assert table[1][-3:] == ["Jarang", "Halte; Lampu", "4"]
        assert table[1][-4].startswith("'=1+1")
        assert table[2][-4:] == [""] * 4

        heading, first, second = load_workbook(io.BytesIO(files["xlsx"]))["Daftar Masukan"].iter_rows()
        assert [cell.value for cell in heading][-4:] == questions
        assert first[-4].value.startswith("=1+1")
        assert first[-4].data_type == "s"
        assert [cell.value for cell in second][-4:] == [None] * 4

        document = json.loads(files["json"])
        assert document["questions"] == questions
        assert [answer[1:] for answer in document["answers"].values()] == [["Jarang", "Halte; Lampu", "4"]]

    def test_what_is_hidden_or_personal_leaves_in_no_file(self, files):
        for fmt in ("answers.csv", "json", "csv"):
            assert "RAHASIA" not in files[fmt].decode()
            assert "0812" not in files[fmt].decode()
