"""Measuring the phone: which figures are held against which limit, and what is said without a browser."""
from bench import phone
from bench.page_weight import Weight
from bench.phone import Times, bars, table

DOOR = Weight("front door", 90_000, 30, 90_000, 30)


def met(times, form):
    return [bar.is_met for bar in bars(times, [DOOR, form])]


def test_the_median_counts_and_only_the_weight_of_the_form():
    light = Weight("form", 14_000, 4, 60_000, 17)
    assert met(Times((9_000.0, 1_400.0, 1_500.0), (90.0, 480.0, 900.0)), light) == [True] * 5


def test_whatever_is_over_its_limit_is_told():
    times, heavy = Times((1_501.0,), (501.0,)), Weight("form", 14_001, 5, 60_001, 17)
    assert met(times, heavy) == [False] * 5
    assert table(times, [DOOR, heavy], bars(times, [DOOR, heavy])).count("MISSED") == 5


def test_without_a_browser_it_says_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    phone.run(None, tmp_path)

    assert capsys.readouterr().out.startswith("MISSING: Chromium")
    assert list(tmp_path.iterdir()) == []
