"""The measuring itself: samples, tables and baselines of ``bench``."""

import argparse
import json
import random
from collections import Counter

import pytest
from analysis_texts import GOLD, forum

from analysis import Document, Settings, analyze
from bench import bertopic_baseline, constraints, group_file, labels, slips
from bench.__main__ import main
from bench.groupings import METHODS
from bench.labelled import Labelled, draw, read_tsv
from bench.quality import Cell, measure, read_sets, table, write

ROWS = [Labelled(document.text, GOLD[document.id]) for document in forum()]


def test_a_sample_is_the_same_every_time_and_another_with_another_seed():
    assert draw(ROWS, 30, 1, "a") == draw(ROWS, 30, 1, "a") != draw(ROWS, 30, 2, "a")
    assert Counter(draw(ROWS, 0, 1, "a")) == Counter(ROWS)
    assert len(draw(ROWS, 30, 1, "a")) == 30


def test_a_small_sample_draws_from_few_themes():
    many = [Labelled(f"{theme} {number}", str(theme)) for theme in range(30) for number in range(10)]

    assert len({row.label for row in draw(many, 60, 0, "many")}) <= 8


def test_a_line_without_three_fields_is_told(tmp_path):
    (tmp_path / "set.tsv").write_text("satu\tdua\tid\nsatu\tdua\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"set.tsv, line 2"):
        read_tsv(tmp_path / "set.tsv")


def test_the_demo_and_a_folder_are_read(tmp_path):
    (tmp_path / "own.tsv").write_text("sampah menumpuk\twaste\tid\n", encoding="utf-8")

    sets = read_sets(tmp_path)

    assert sets["own"] == [Labelled("sampah menumpuk", "waste")]
    assert any(name.startswith("demo-") and len(rows) > 300 for name, rows in sets.items())
    assert {name: len({row.label for row in rows}) for name, rows in sets.items() if name.startswith("blind-")} == {
        "blind-ideas": 24, "blind-reports": 20}
    with pytest.raises(ValueError, match="no TSV file"):
        read_sets(tmp_path / "nowhere")


def test_every_method_stands_in_one_table_and_in_the_file(tmp_path):
    cells = measure({"five themes": ROWS}, [40, 1000], 2, report=lambda line: None)
    write(cells, tmp_path / "out" / "quality.json")

    assert [(cell.n_texts, cell.n_samples) for cell in cells] == [(40, 2)] * len(METHODS) + [(60, 1)] * len(METHODS)
    of_analysis = next(cell for cell in cells if cell.method == "analysis" and cell.n_texts == 60)
    assert of_analysis.ami > 90
    assert all(-5 <= cell.ami <= 100 and 0 <= cell.coverage <= 1 for cell in cells)
    assert len(table(cells).splitlines()) == len(cells) + 1
    stored = [Cell(**row) for row in json.loads((tmp_path / "out" / "quality.json").read_text(encoding="utf-8"))]
    assert stored == cells


def test_one_method_groups_a_file_as_a_process_would(tmp_path, capsys):
    path = tmp_path / "set.tsv"
    path.write_text("".join(f"{row.text}\t{row.label}\tid\n" for row in ROWS), encoding="utf-8")

    assert group_file.main([str(path), "--method", "TF-IDF + k-means (true k)"]) == 0

    groups = capsys.readouterr().out.split()
    assert len(groups) == len(ROWS)
    assert len(set(groups)) == 5
    assert group_file.main([str(tmp_path / "nowhere.tsv"), "--method", "analysis"]) == 2


def test_bertopic_stands_beside_the_others_or_is_said_to_be_missing(monkeypatch, tmp_path, capsys):
    assert (bertopic_baseline.NAME in METHODS) == bertopic_baseline.is_installed()
    assert (bertopic_baseline.NAME_WITH_MODEL in METHODS) == bertopic_baseline.has_sentence_model()

    monkeypatch.setattr("bench.bertopic_baseline.is_installed", lambda: False)
    monkeypatch.setattr("bench.quality.METHODS", {})
    monkeypatch.setattr("bench.__main__.OUT", tmp_path)
    assert main(["quality", "--sizes", "20", "--seeds", "1"]) == 0
    assert "make bench installs it" in capsys.readouterr().out


def test_decisions_of_people_are_kept_and_their_effect_on_the_rest_is_told(tmp_path):
    effects = constraints.measure({"five themes": ROWS}, 50, 2, report=lambda line: None)
    write(effects, tmp_path / "constraints.json")

    assert [effect.decision for effect in effects] == list(constraints.decisions({}))
    of_pins = effects[0]
    assert (of_pins.n_samples, of_pins.n_decided) == (2, constraints.N_PINS)
    assert all(effect.kept == 1 for effect in effects)
    assert all(abs(effect.after - effect.before - effect.gain) < 0.11 for effect in effects)
    assert of_pins.after > 80
    assert len(constraints.table(effects).splitlines()) == len(effects) + 1
    assert len(json.loads((tmp_path / "constraints.json").read_text(encoding="utf-8"))) == len(effects)


def test_themes_get_the_titles_that_their_set_knows():
    titles = constraints.read_titles()["demo-pekalongan"]
    named = constraints.decisions(titles)["10 pins, titled"](["waste", "light"] * 10, None, 0)
    assert {theme.title for theme in named.themes} == {titles["waste"], ""}
    assert {theme.title for theme in constraints.pins(["waste", "light"] * 10, None, 0).themes} == {""}

    plan = constraints.decisions(titles)["0 pins, planned"](["waste", "tourism", "light"] * 10, None, 0)
    assert [(theme.title, theme.members) for theme in plan.themes] == [(titles["tourism"], ()), (titles["waste"], ())]
    both = constraints.decisions(titles)["10 pins, planned"](["waste"] * 10 + ["tourism"] * 90, None, 0)
    assert sum(len(theme.members) for theme in both.themes) == constraints.N_PINS
    assert {theme.key for theme in both.themes} == {"waste", "tourism"}


def test_a_merge_joins_two_groups_of_one_theme_and_a_split_parts_a_mixed_one():
    texts = [row.text for row in ROWS]
    result = analyze((Document(number, text) for number, text in enumerate(texts)), Settings(granularity=3.0))
    one_theme, by_group = ["all"] * len(texts), {}
    for number, cluster in enumerate(result.clusters):
        by_group |= {member.id: str(number) for member in cluster.members}

    merged = constraints.merge(one_theme, result, 0)
    assert len(result.clusters) > 1
    assert [theme.key for theme in merged.themes] == ["all"]
    assert len({by_group[row] for row in merged.themes[0].members}) == 2
    assert constraints.split(one_theme, result, 0).themes == ()

    parity = [str(number % 2) for number in range(len(texts))]
    parted = constraints.split(parity, result, 0)
    assert [theme.key for theme in parted.themes] == ["0", "1"]
    assert len({by_group[row] for theme in parted.themes for row in theme.members}) == 1
    distinct = [by_group.get(number, "-") for number in range(len(texts))]
    assert constraints.merge(distinct, result, 0).themes == ()


def test_texts_in_a_group_of_another_theme_are_moved_to_their_own():
    result = analyze(Document(number, row.text) for number, row in enumerate(ROWS))
    truth = [row.label for row in ROWS]
    groups = [[member.id for member in cluster.members] for cluster in result.clusters]
    (wrong, other) = groups[0][-1], groups[1]
    truth[wrong] = Counter(truth[row] for row in other).most_common(1)[0][0]

    themes = {theme.key: theme.members for theme in constraints.corrections(truth, result, 0).themes}

    assert wrong in themes[truth[wrong]]
    assert set(other[: constraints.N_READ]) <= set(themes[truth[wrong]])
    assert all(truth[row] == key for key, members in themes.items() for row in members)


def test_the_precision_of_a_phrase_is_the_share_of_its_texts_with_the_theme():
    sample = [Labelled("Lampu gang mati", "light"), Labelled("lampu  GANG padam", "light"), Labelled("gang macet", "x")]
    texts = ["lampu gang mati", "lampu gang padam", "gang macet"]

    assert labels.precision("Lampu gang", "light", texts, sample) == 1
    assert labels.precision("Gang", "x", texts, sample) == pytest.approx(1 / 3)
    assert labels.precision("Rob", "light", texts, sample) is None


def test_labels_lead_to_their_themes_on_the_demo():
    rows = read_sets(None)["demo-pekalongan"]

    cell = labels.measure("demo", [draw(rows, 200, 0, "demo-pekalongan")])

    assert cell.phrase_precision >= 0.75
    assert 0 <= cell.named_by_concept < 1


def test_words_are_spoilt_as_often_as_asked_and_alike_in_every_run():
    text = "Lampu jalan di gang Mawar mati"

    assert slips.spoilt(text, 0, random.Random(1)) == text
    all_spoilt = slips.spoilt(text, 1, random.Random(1))
    assert all_spoilt == slips.spoilt(text, 1, random.Random(1))
    pairs = zip(text.lower().split(), all_spoilt.split(), strict=True)
    changed = [(one, other) for one, other in pairs if one != other]
    assert [one for one, _ in changed] == ["lampu", "jalan", "gang", "mawar", "mati"]
    assert all(other[0] == one[0] for one, other in changed)


def test_what_slips_cost_is_told(tmp_path, capsys):
    slips.run(argparse.Namespace(data=None, seeds=2, size=40), tmp_path)

    found = json.loads((tmp_path / "slips.json").read_text())
    assert {one["data"] for one in found} >= {"demo-pekalongan", "blind-ideas"}
    assert all(one["loss"] == pytest.approx(one["as_written"] - one["spoilt"], abs=0.11) for one in found)
    assert "demo-pekalongan" in capsys.readouterr().out
