"""Which words of a text spoke for its cluster, what it answers with, and where its meaning lies."""

import pytest
from analysis_texts import forum

from analysis import Document, analyze
from analysis.approach import COMBINED, OTHER, TECHNOLOGY, approach_of, approach_of_cluster
from analysis.preprocessing import Preprocessor


@pytest.fixture(scope="module")
def result():
    return analyze(forum())


def members(result):
    return {member.id: member for cluster in result.clusters for member in cluster.members}


def test_words_stand_in_the_text_as_written(result):
    texts = {document.id: document.text.casefold() for document in forum()}

    for member in members(result).values():
        assert 1 <= len(member.words) <= 5
        assert len(set(member.words)) == len(member.words)
        assert all(word.casefold() in texts[member.id] for word in member.words)


def test_the_loudest_words_are_those_of_the_theme(result):
    found = members(result)

    assert "rob" in " ".join(found["flood-03"].words).casefold().split()
    assert any("puskesmas" in word for word in found["clinic-00"].words)
    assert any("parkir" in word for word in found["parking-00"].words)
    assert not any("masjid" in word for word in found["light-00"].words[:1])


def test_a_phrase_of_the_thesaurus_speaks_whole_and_once(result):
    words = members(result)["parking-10"].words  # Mobil parkir menutup trotoar dan toko

    said = " ".join(words).split()
    assert len(said) == len(set(said))


def test_copies_have_the_same_words():
    copies = [Document(f"copy-{number}", forum()[0].text) for number in range(3)]

    found = members(analyze([*forum(), *copies]))

    assert {found[copy.id].words for copy in copies} == {found["waste-00"].words}


def test_each_member_has_the_sub_dimension_of_its_meaning(result):
    code, share = members(result)["waste-00"].dimension

    assert code == "environment.waste"
    assert 0.5 < share <= 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pasang sensor tinggi air dan kirim notifikasi lewat aplikasi", TECHNOLOGY),
        ("Bayar retribusi lewat QRIS saja", TECHNOLOGY),
        ("aplikasinya dibuat sederhana", TECHNOLOGY),
        ("Kerja bakti tiap Minggu dan jadwal piket", OTHER),
        ("Gotong royong ngresiki kali", OTHER),
        ("CCTV dan aplikasi laporan, ditambah ronda malam dan denda", COMBINED),
        ("Bau sekali kalau hujan", None),
        ("Tugas sekolah menumpuk", None),
        ("", None),
    ],
)
def test_answers_are_told_apart(text, kind):
    found = approach_of(Preprocessor().tokens(text))

    assert (found and found[0]) == kind
    assert found is None or 0 < found[1] < 1


def test_repeating_an_answer_makes_it_no_surer():
    preprocessor = Preprocessor()

    assert approach_of(preprocessor.tokens("CCTV CCTV CCTV")) == approach_of(preprocessor.tokens("CCTV"))
    assert approach_of(preprocessor.tokens("CCTV, sensor, drone"))[1] > approach_of(preprocessor.tokens("CCTV"))[1]


def test_a_cluster_answers_as_its_members_do():
    tech, other = (TECHNOLOGY, 0.5), (OTHER, 0.5)

    assert approach_of_cluster([tech] * 4)[0] == TECHNOLOGY
    assert approach_of_cluster([other] * 9 + [tech])[0] == OTHER
    assert approach_of_cluster([tech, other])[0] == COMBINED
    assert approach_of_cluster([None, None]) is None
    assert approach_of_cluster([tech] * 4)[1] > approach_of_cluster([tech] * 4 + [None] * 4)[1]
