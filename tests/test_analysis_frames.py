"""Openings and closings that recur make no theme and name none; what a theme begins with stays."""

from itertools import product

import pytest

from analysis import Document, analyze
from analysis.frames import find_frames, without_frames
from analysis.preprocessing import Preprocessor
from analysis.token_rows import TokenRows

MATTERS = {
    "jalan": ("aspal mengelupas dekat masjid dan banyak lubang", "jalan berlubang parah, motor jatuh kemarin",
              "tambalan aspal tidak rata dan jalan bergelombang", "lubang jalan makin dalam sejak truk lewat",
              "jalan rusak depan sekolah belum diaspal", "motor oleng karena aspal jalan pecah"),
    "sampah": ("sampah menumpuk di pinggir sungai, bau", "truk sampah jarang datang dan tumpukan membusuk",
               "tong sampah penuh, lalat banyak sekali", "orang buang sampah plastik tiap subuh",
               "sampah berserakan di lahan kosong, bau busuk", "gerobak sampah rusak sehingga tumpukan luber"),
    "air": ("pipa bocor sehingga air ledeng kecil", "air keran keruh dan bau kaporit",
            "pdam mati dua hari, air tidak mengalir", "meteran air rusak, tagihan pdam melonjak",
            "tekanan air ledeng lemah tiap sore", "air pdam coklat tidak bisa dipakai masak"),
}  # fmt: skip
OPENINGS = (
    "Titipan jamaah pengajian kami, izin meneruskan curahan berikut:",
    "Nomor tiket {} kanal sapa wargi kategori serbaneka.",
)
CLOSING = "Salam olahraga dari keluarga besar kami sekalian"


def framed() -> list[Document]:
    """Every matter's texts alternately under the two openings, so that the opening tells nothing."""
    documents = []
    for number, (theme, place) in enumerate(product(MATTERS, range(6))):
        opening = OPENINGS[number % 2].format(4_000 + number)
        documents.append(Document(f"{theme} {place}", f"{opening} {MATTERS[theme][place]}. {CLOSING}"))
    return documents


def rows_of(texts: list[str]) -> TokenRows:
    return TokenRows.of(map(Preprocessor().tokens, texts))


def test_framed_reports_are_grouped_by_what_they_are_about():
    result = analyze(framed())

    assert {frozenset(member.id.split()[0] for member in cluster.members) for cluster in result.clusters} == {
        frozenset({theme}) for theme in MATTERS
    }
    told = " ".join(f"{one.label} {' '.join(one.phrases)}" for one in result.clusters).lower()
    assert not {"jamaah", "pengajian", "tiket", "wargi", "serbaneka", "olahraga", "keluarga"} & set(told.split())
    assert not [
        word for one in result.clusters for member in one.members for word in member.words if "olahraga" in word
    ]


def test_the_search_tells_how_far_it_is_and_can_be_ended():
    texts = rows_of([document.text for document in framed()])
    shares: list[float] = []
    without_frames(texts, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) > len(texts)

    def end(share: float) -> None:
        if share > 0.6:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        without_frames(texts, progress=end)


def test_the_surface_of_a_frame_stays_and_its_stems_go():
    texts = [document.text for document in framed()]
    before, after = rows_of(texts), without_frames(rows_of(texts))

    assert [[token.surface for token in row] for row in after] == [[token.surface for token in row] for row in before]
    assert {token.stem for row in after for token in row} & {"pengajian", "kaji", "wargi", "olahraga", "raga"} == set()
    assert {"aspal", "sampah", "pdam"} <= {token.stem for row in after for token in row}


def test_a_theme_that_begins_alike_is_no_frame():
    places = ("warung", "masjid", "sekolah", "pasar", "jembatan", "makam", "balai", "terminal")
    lamps = [f"lampu jalan mati di depan {place}, gelap dan rawan jatuh" for place in places]
    others = [text for texts in MATTERS.values() for text in texts]

    assert not find_frames(list(rows_of(lamps + others)))


def test_a_text_that_is_all_frame_keeps_its_words():
    texts = [document.text for document in framed()]
    alone = " ".join((*texts[0].split()[:8], CLOSING))
    rows = list(without_frames(rows_of([*texts, alone])))

    assert any(token.stem for token in rows[-1])


@pytest.mark.parametrize("texts", [[], [""], ["satu"] * 9, ["", "", "", "", "", ""]])
def test_too_little_to_see_a_frame_in(texts):
    assert list(without_frames(rows_of(texts))) == list(rows_of(texts))


def test_any_order_finds_the_same_frames():
    texts = [document.text for document in framed()]

    assert find_frames(list(rows_of(texts))) == find_frames(list(rows_of(texts[::-1]))) != frozenset()
