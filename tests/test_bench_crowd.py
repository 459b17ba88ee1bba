"""Measuring a hall: what counts as clean, what is held against which limit, and guesses that are near."""
import pytest

from bench import burst, receipts, slow_disk, slow_phones
from bench.burst import Verdict
from bench.receipts import Kind, near_miss
from forum.submissions import receipt

CLEAN = Verdict(phones=1000, within_seconds=3.0, lost_replies=200, errors=0, p50_ms=90.0, p95_ms=300.0, p99_ms=400.0,
                missing=0, doubled=0, renamed=0, is_intact=True)


def changed(verdict, **changes):
    return Verdict(**{name: getattr(verdict, name) for name in Verdict.__slots__} | changes)


def met(bars):
    return [bar.is_met for bar in bars]


@pytest.mark.parametrize("fault", [{"errors": 1}, {"missing": 1}, {"doubled": 1}, {"renamed": 1}, {"is_intact": False}])
def test_one_fault_makes_a_burst_unclean(fault):
    assert CLEAN.is_clean
    assert met(burst.bars([CLEAN])) == [True, True]
    assert not changed(CLEAN, **fault).is_clean
    assert met(burst.bars([changed(CLEAN, **fault)])) == [False, True]


def test_a_burst_is_held_against_the_limit_of_its_length():
    assert met(burst.bars([changed(CLEAN, p99_ms=501.0)])) == [True, False]
    assert met(burst.bars([changed(CLEAN, within_seconds=10.0)])) == [True, False]
    assert len(burst.bars([changed(CLEAN, within_seconds=1.0)])) == 1


def test_slow_phones_must_neither_be_waited_for_nor_slow_a_page_threefold():
    figures = slow_phones.Figures(120, 120, 2.0, 5.0, 2.0, 14.9, 900, 0, 60 * 20, 60 * 1000)
    assert met(figures.bars) == [True, True, True]
    assert met(slow_phones.Figures(120, 119, 2.0, 5.0, 2.0, 15.1, 900, 1, 60 * 20, 60 * 1000).bars) == [False] * 3


def test_a_near_miss_is_well_formed_and_shares_all_but_one_random_character():
    for _ in range(50):
        known = receipt.new()
        near = near_miss(known)
        assert receipt.is_valid(near)
        assert [a == b for a, b in zip(known, near, strict=True)][:receipt.N_RANDOM] == [True] * 12 + [False]


REFUSED = ((404, 4172),)


@pytest.mark.parametrize(("right", "near", "far", "misread", "expected"), [
    (52.0, Kind("near", 50.0, REFUSED), Kind("far", 51.0, REFUSED), Kind("misread", 50.5, REFUSED), [True] * 3),
    (54.0, Kind("near", 50.0, REFUSED), Kind("far", 52.0, REFUSED), Kind("misread", 52.0, REFUSED),
     [False, True, True]),
    (52.0, Kind("near", 50.0, REFUSED), Kind("far", 53.0, REFUSED), Kind("misread", 52.0, REFUSED),
     [True, False, True]),
    (47.0, Kind("near", 50.0, REFUSED), Kind("far", 50.0, REFUSED), Kind("misread", 50.0, ((404, 4170),)),
     [False, True, False])])
def test_codes_must_be_alike_in_time_and_refusals_in_status_and_length(right, near, far, misread, expected):
    assert met(receipts.bars([Kind("right", right, ((200, 5690),)), near, far, misread])) == expected


def test_a_misread_code_is_refused_by_its_check_character():
    known = receipt.new()
    assert not receipt.is_valid(receipts.misread(known))
    assert receipts.misread(known)[:-1] == known[:-1]


def test_without_a_compiler_the_slow_disk_says_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(slow_disk, "compiler", lambda: None)
    slow_disk.run(None, tmp_path)

    assert capsys.readouterr().out.startswith("MISSING: a C compiler")
    assert list(tmp_path.iterdir()) == []
    assert met(slow_disk.Figures(58.0, 304.0, 0).bars) == [True, True]
    assert met(slow_disk.Figures(58.0, 230.0, 1).bars) == [False, False]
