"""Measuring time and memory: the invented texts, the processes, the limits."""

import json

import pytest

from bench.__main__ import main
from bench.many_texts import many_texts
from bench.speed import ANALYSIS, BERTOPIC, KMEANS, WITH_MODEL, Run, bars, one_process, table, write_texts


def test_the_first_texts_of_any_number_are_the_same():
    assert list(many_texts(50)) == list(many_texts(200))[:50]


def test_more_texts_hold_more_words():
    few, many = ({word for row in many_texts(size) for word in row.text.split()} for size in (300, 3_000))

    assert len(many) > 1.5 * len(few)
    assert len({row.label for row in many_texts(300)}) > 20


def test_a_process_tells_its_time_and_memory(tmp_path):
    path = tmp_path / "texts.tsv"
    write_texts(path, 20)

    run = one_process(KMEANS, path, 20)

    assert (run.method, run.n_texts) == (KMEANS, 20)
    assert 0.1 < run.cpu < 60
    assert run.wall > 0.1
    assert 50 < run.peak < 2_000


def test_a_process_that_fails_is_told(tmp_path):
    with pytest.raises(ValueError, match="failed on 5 texts"):
        one_process(KMEANS, tmp_path / "nowhere.tsv", 5)


def test_limits_are_ratios_of_what_was_run():
    runs = [
        Run(BERTOPIC, 1_000, 50.0, 60.0, 900),
        Run(WITH_MODEL, 1_000, 30.0, 50.0, 1_300),
        Run(ANALYSIS, 1_000, 2.0, 2.0, 200),
        Run(KMEANS, 10_000, 4.0, 4.0, 200),
        Run(ANALYSIS, 10_000, 10.0, 9.0, 1_200),
        Run(ANALYSIS, 100_000, 30.0, 29.0, 1_500),
        Run(ANALYSIS, 1_000_000, 310.0, 300.0, 1_999),
    ]

    met = bars(runs)

    assert [(bar.value, bar.limit, bar.is_met) for bar in met] == [
        (25.0, 20, True),
        (30.0, 20, True),
        (15.0, 20, False),
        (25.0, 20, True),
        (2.5, 3, True),
        (2.25, 3, True),
        (pytest.approx(10.33, abs=0.01), 10, False),
        (pytest.approx(10.34, abs=0.01), 10, False),
        (1_200, 1_000, False),
        (1_999, 2_000, True),
    ]
    assert table(runs, met).count("MISSED") == 4
    assert bars(runs[:1]) == []


def test_what_is_not_installed_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("bench.__main__.OUT", tmp_path)
    monkeypatch.setattr("bench.speed.measure", lambda *args, **more: [])
    monkeypatch.setattr("bench.bertopic_baseline.has_sentence_model", lambda: False)
    for there, hint in ((True, "make bench-model installs"), (False, "make bench installs it")):
        monkeypatch.setattr("bench.bertopic_baseline.is_installed", lambda there=there: there)
        assert main(["speed", "--sizes", "20"]) == 0
        assert hint in capsys.readouterr().out


def test_the_command_writes_what_it_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("bench.__main__.OUT", tmp_path)

    assert main(["speed", "--sizes", "30", "--rounds", "1"]) == 0

    stored = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    methods = [run["method"] for run in stored["runs"]]
    assert {ANALYSIS, KMEANS} <= set(methods)
    printed = capsys.readouterr().out
    assert all(method in printed for method in methods)
