"""Steps from a typed text to tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import stemming
from analysis.lexicon import protected_terms, short_forms, stop_words
from analysis.preprocessing import MAX_TOKENS, Preprocessor, clean_text, content_stem, normalize_word
from analysis.spelling import as_meant, is_known
from analysis.stemming import root_words, stem


def stems(text: str, place_names: tuple[str, ...] = ()) -> list[str]:
    return [token.stem for token in Preprocessor(place_names).tokens(text) if token.stem]


def test_the_stemmer_looks_roots_up_by_hash():
    assert isinstance(root_words(), dict | set | frozenset), "install PySastrawi, not Sastrawi: lists are 600x slower"
    assert len(root_words()) > 20_000


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("kebanjiran", "banjir"),
        ("tergenang", "genang"),
        ("dibersihkan", "bersih"),
        ("sampahe", "sampah"),
        ("kaline", "kali"),
        ("pju", "pju"),
        ("perizinan", "perizinan"),
        ("banyu", "banyu"),
        ("水", "水"),
    ],
)
def test_stems(word, root):
    assert stem(word) == root


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Jalan2", "jalan"),
        ("temen2nya", "temennya"),
        ("anak-anak", "anak"),
        ("anak-anaknya", "anaknya"),
        ("bangeeeet", "banget"),
        ("maaf", "maaf"),
        ("TPS3R", "tps3r"),
        ("ma’af", "ma'af"),
    ],
)
def test_spelling_is_evened_out(typed, normal):
    assert normalize_word(typed) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Assalamualaikum Wr. Wb., mohon bapak/ibu lurah segera menindaklanjuti laporan kami, terima kasih",
        "nuwun sewu pak, niki nyuwun tulung nggih, matur suwun",
        "Kulo nyuwun panjenengan kersa ditindaklanjuti, monggo, matur sembah nuwun",
        "Assalamu'alaikum, ngapunten nggih pak lurah, kulo badhe matur, menawi kepareng",
        "mohon tindak lanjut dan realisasi usulan kami, mohon maaf sebelumnya, makasih min",
        "sampun ngantos dereng wonten, mbten saged, amargi lajeng dados ngoten niku",
        "muga-muga diparingi, sugeng enjang, wilujeng sonten",
        "plis dong kak, wkwk, gausah lama lama yaa",
        "yg dgn utk krn blm sdh bgt",
        "👍🙏 😡😡",
        "12345 08123456789 3.000.000",
        "https://contoh.id/halaman?x=1 siti@contoh.id @pemkot",
        "a i u",
        "x" * 41,
    ],
)
def test_frames_stop_words_and_noise_leave_nothing(text):
    assert stems(text) == []


def test_protected_terms_are_neither_cut_nor_dropped_in_any_spelling():
    assert {"rob", "pju", "pdam", "ipal", "tpa", "tps3r", "pelabuhan"} <= set(protected_terms())
    for term in protected_terms():
        assert stems(f"mohon {term.upper()} segera") == [term]
        assert stem(term) == term


def test_each_word_type_is_stemmed_once(monkeypatch):
    worked_out = []

    def spy(word: str) -> str:
        worked_out.append(word)
        return real(word)

    real = stemming.compute_stem
    monkeypatch.setattr(stemming, "compute_stem", spy)
    monkeypatch.setattr(stemming, "_stems", {})

    found = [stem(word) for word in ["kelimpungan", "berjingkrakan", "kelimpungan"] * 50]

    assert worked_out == ["kelimpungan", "berjingkrakan"]
    assert found[:2] == found[-3:-1]


def test_content_words_of_both_languages_stay():
    assert stems("Mohon lampu PJU di gang yang gelap segera diperbaiki") == ["lampu", "pju", "gelap"]
    assert stems("sampahe numpuk ning pinggir kali") == ["sampah", "numpuk", "kali"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smpah", "sampah"),
        ("lmpu mati", "lampu mati"),
        ("sklh jauh", "sekolah jauh"),
        ("lobangnya dalam", "lubang dalam"),
        ("perijinan", "perizinan"),
        ("selokn", "selokan"),
        ("selokann", "selokan"),
        ("seolkan", "selokan"),
        ("kebersijan", "kebersihan"),
        ("drainse mampet", "drainase mampet"),
        ("minta dibersihin", "minta dibersihkan"),
    ],
)
def test_badly_typed_words_count_as_those_that_were_meant(typed, meant):
    assert stems(typed) == stems(meant) != []


@pytest.mark.parametrize("typed", ["dkt", "sblh", "drpd", "tmpat", "kmrn", "pdhl"])
def test_short_forms_of_stop_words_are_stop_words(typed):
    assert stems(typed) == []


@pytest.mark.parametrize("typed", ["rusak", "sekolah", "rob", "warung", "kerja", "numpuk", "kali", "pompa", "banyu"])
def test_a_known_word_is_never_taken_for_a_slip(typed):
    assert as_meant(typed) == typed


def test_what_may_be_a_name_is_read_as_typed():
    assert stems("kami di Selokn") == ["selokn"]
    assert stems("Selokn buntu") == stems("SELOKN BUNTU") == ["selokan", "buntu"]


def test_a_foreign_text_is_read_as_typed():
    foreign = "xelq vormt kalin selokn drutz omqel pravt zuls"

    assert "selokn" in stems(foreign)
    assert "selokan" in stems("air di selokn mampet lagi")


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_what_is_meant_is_a_known_word_or_the_word_itself(word):
    meant = as_meant(word)

    assert meant == word or is_known(meant)
    assert as_meant(meant) == meant


def test_short_forms_lead_to_words_and_are_none_themselves():
    for form, whole in short_forms().items():
        assert form == form.lower()
        assert form not in protected_terms()
        assert form not in stop_words()
        assert whole not in short_forms()
        assert is_known(whole), whole


def test_place_names_of_the_settings_carry_no_theme():
    names = ("Kali Baros", "Klego", "PKK")

    assert stems("Sampah di Klego dan KALI BAROS menumpuk", names) == ["sampah", "tumpuk"]
    assert stems("kali kotor", names) == ["kali", "kotor"]
    assert stems("ibu PKK", names) == ["pkk"]


def test_a_capitalised_unknown_word_after_a_street_marker_is_a_name():
    assert stems("Lampu di jalan Wreksomoyo mati") == ["lampu", "jalan", "mati"]
    assert stems("jalan Rusak parah") == ["jalan", "rusak", "parah"]
    assert stems("acara wreksomoyo meriah") == ["acara", "wreksomoyo", "riah"]


def test_surface_and_breaks_are_kept_for_labels():
    tokens = Preprocessor().tokens("Lampu mati. Gang Gelap")

    assert [token.surface for token in tokens] == ["lampu", "mati", "gang", "gelap"]
    assert [token.after_break for token in tokens] == [True, False, True, False]


def test_control_characters_and_width_variants_are_one_text():
    assert clean_text("ban\x00jir") == "ban jir"
    assert stems("ｂａｎｊｉｒ\u200b") == ["banjir"]


def test_a_book_is_read_only_at_its_beginning():
    assert len(Preprocessor().tokens("banjir " * 50_000)) == MAX_TOKENS


def test_word_lists_do_not_contradict_each_other():
    assert stop_words().isdisjoint(protected_terms())
    assert all(word == word.lower() for word in stop_words())
    assert len(stop_words()) > 1_000
    assert content_stem("rob") == "rob"
