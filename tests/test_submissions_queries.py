"""Receipt codes, and the reads of entries that later rooms build on."""

from builders import make_pack, make_submission
from hypothesis import given
from hypothesis import strategies as st
from phone import FORM, correct, send, sent, stored

from forum.consultations.models import ForumSession, StakeholderGroup
from forum.db import db, writing
from forum.submissions import queries
from forum.submissions import receipt as receipts
from forum.submissions.models import Submission


class TestReceiptCodes:
    @given(st.text(receipts.ALPHABET, min_size=13, max_size=13))
    def test_every_single_wrong_character_is_noticed(self, random_part):
        code = random_part + receipts.check_character(random_part)
        assert receipts.is_valid(code)
        for place in range(len(code)):
            for other in set(receipts.ALPHABET) - {code[place]}:
                assert not receipts.is_valid(code[:place] + other + code[place + 1:])

    @given(st.text(receipts.ALPHABET, min_size=13, max_size=13), st.integers(0, 13), st.integers(0, 13))
    def test_two_characters_that_changed_places_are_noticed(self, random_part, one, other):
        characters = list(random_part + receipts.check_character(random_part))
        code = "".join(characters)
        characters[one], characters[other] = characters[other], characters[one]
        swapped = "".join(characters)
        assert receipts.is_valid(swapped) == (swapped == code)

    @given(st.text(max_size=40))
    def test_any_text_can_be_looked_up(self, typed):
        code = receipts.normalize(typed)
        assert receipts.normalize(code) == code
        assert receipts.is_valid(code) in {True, False}

    def test_fresh_codes_are_valid_different_and_survive_being_read_aloud(self):
        codes = {receipts.new() for _ in range(2000)}
        assert len(codes) == 2000
        for code in codes:
            assert receipts.is_valid(code)
            assert not set(code) & set("ILOU")
            assert receipts.normalize(f" {code[:4]}–{code[4:9]} {code[9:]}".lower().replace("0", "o")) == code
        assert {character for code in codes for character in code[:13]} == set(receipts.ALPHABET)


class TestQueries:
    def test_people_are_counted_once_per_theme_group_and_area(self, app, client, sitting):

        with app.app_context():
            one = make_submission(sitting, participant="a", group="resident")
            two = make_submission(sitting, participant="a", group="academic")
            three = make_submission(sitting, participant="b", area="99.01.1002")
            four = make_submission(sitting, participant=None, area=None)
            five = make_submission(sitting, participant=None, group=None)
            six = make_submission(sitting, participant="c", state="hidden")
            themes = {1: [one, two, three], 2: [two, four, five, six]}
            pairs = db.union_all(*[
                db.select(db.literal(theme).label("theme_id"), Submission.id).where(Submission.id.in_(ids))
                for theme, ids in themes.items()])

            found = queries.people_by(pairs)
            first, second = found[1], found[2]

            rows = db.session.execute(db.select(Submission.id, Submission.group_id, Submission.area_id)).all()
            group = {submission: group_id for submission, group_id, _ in rows}
            area = {submission: area_id for submission, _, area_id in rows}
        assert set(found) == {1, 2}
        assert (first.n_people, first.n_entries) == (2, 3)
        assert first.by_group == {group[one]: 2, group[two]: 1}
        assert first.by_area == {area[one]: 1, area[three]: 1}
        assert (second.n_people, second.n_entries) == (3, 3)
        assert second.by_group == {group[two]: 1, group[four]: 1, None: 1}
        assert second.by_area == {area[two]: 2, None: 1}

    def test_the_analysis_reads_what_accepted_entries_say_now(self, app, client, sitting):


        path = sent(client, place="Gang 3")
        correct(client, path, body="Pompa di ujung gang mati.", place="Gang 4")
        with app.app_context():
            make_submission(sitting, "Disembunyikan.", state="hidden")
            make_submission(sitting, "Menunggu dulu.", state="waiting")
            practice = make_submission(sitting, "Sampah dipilah sejak dari rumah.", kind="practice",
                                       practice_where="RW 5", practice_owner="PKK")
            consultation_id = db.session.get(ForumSession, sitting).consultation_id

            first = stored(app)[0]["entry"]
            assert queries.texts_for_analysis(consultation_id) == [
                (first, "Pompa di ujung gang mati.\nGang 4", 2),
                (practice, "Sampah dipilah sejak dari rumah.\nRW 5\nPKK", 1)]
            assert queries.count_by_state(consultation_id) == {
                "waiting": 1, "accepted": 2, "hidden": 1, "withdrawn": 0}
            assert [(entry.id, version.number) for entry, version in queries.entries(consultation_id)] == [
                (first, 2), (practice, 1)]
            assert [entry.id for entry, _ in queries.entries(consultation_id, after_id=first, limit=1)] == [practice]
            assert [version.body for _, version in queries.entries(consultation_id, state="hidden")] == [
                "Disembunyikan."]

    def test_choices_belong_to_the_pack_of_the_consultation(self, app, client, sitting):
        with app.app_context():
            other = make_pack("kota-ketiga")
            with writing() as session:
                session.query(StakeholderGroup).filter_by(pack_id=other, code="resident").one().code = "asing"
        assert "asing" not in client.get(FORM).text
        assert send(client, group="asing").status_code == 422
