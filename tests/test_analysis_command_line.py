"""``python -m analysis`` on files, good and bad."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from analysis_texts import GOLD, forum

from analysis.__main__ import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def ideas(tmp_path: Path) -> Path:
    path = tmp_path / "usulan.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out)
        writer.writerow(["kode", "isi", "tema"])
        writer.writerows([document.id, document.text, GOLD[document.id]] for document in forum())
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Tab-separated without header: text, theme."""
    path = tmp_path / "usulan.tsv"
    path.write_text("".join(f"{document.text}\t{GOLD[document.id]}\n" for document in forum()), encoding="utf-8")
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_themes_writes_one_line_per_row_in_order(ideas, capsys):
    assert main(["themes", str(ideas), "--text", "isi", "--id", "kode"]) == 0

    lines = rows(capsys.readouterr().out)
    assert [line["id"] for line in lines] == list(GOLD)
    assert list(lines[0]) == ["id", "theme", "label", "confidence"]
    assert {line["theme"] for line in lines} >= {"0", "1", "2", "3", "4"}
    assert all((line["theme"] == "-1") == (line["label"] == "") for line in lines)
    assert all(0 <= float(line["confidence"]) <= 1 for line in lines)


def test_without_an_id_column_the_row_numbers_stand_in(bare, capsys):
    assert main(["themes", str(bare), "--text", "1"]) == 0

    assert [line["id"] for line in rows(capsys.readouterr().out)] == [str(number) for number in range(1, 61)]


def test_rows_without_content_are_unassigned_and_not_lost(tmp_path, capsys):
    path = tmp_path / "campuran.csv"
    texts = [document.text for document in forum()]
    lines = ["nomor;isi", "a;😀", "a;", "b", *(f'c;"{text}"' for text in texts)]
    path.write_text("\n".join(lines), encoding="utf-8")

    assert main(["themes", str(path), "--text", "isi", "--id", "nomor"]) == 0

    found = rows(capsys.readouterr().out)
    assert [line["id"] for line in found[:3]] == ["a", "a", "b"]
    assert [(line["theme"], line["label"]) for line in found[:3]] == [("-1", "")] * 3
    assert len(found) == 63


def test_the_same_file_and_seed_give_the_same_bytes(ideas, tmp_path):
    outs = [tmp_path / "satu.csv", tmp_path / "dua.csv"]

    for out in outs:
        assert main(["themes", str(ideas), "--text", "isi", "--seed", "5", "--out", str(out)]) == 0

    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dua.csv", "satu.csv", "usulan.csv"]


def test_the_order_of_lines_changes_no_line(ideas, tmp_path):
    """Not even the numbers of groups of one size."""
    head, *lines = ideas.read_text(encoding="utf-8-sig").splitlines()
    turned = tmp_path / "terbalik.csv"
    turned.write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    outs = [tmp_path / "satu.csv", tmp_path / "dua.csv"]

    for path, out in zip((ideas, turned), outs, strict=True):
        assert main(["themes", str(path), "--text", "isi", "--id", "kode", "--out", str(out)]) == 0

    assert sorted(outs[0].read_text().splitlines()) == sorted(outs[1].read_text().splitlines())


def test_json_holds_the_whole_result_with_the_ids_of_the_file(ideas, capsys):
    assert main(["themes", str(ideas), "--text", "isi", "--id", "kode", "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    members = [member["id"] for cluster in result["clusters"] for member in cluster["members"]]
    assert sorted([*members, *result["unassigned"]]) == sorted(GOLD)
    assert result["clusters"][0]["label"]
    assert result["settings"]["seed"] == 0
    assert len(result["fingerprint"]) == 64


def test_evaluate_prints_the_scores(bare, capsys):
    assert main(["evaluate", str(bare), "--text", "1", "--truth", "2"]) == 0

    scores = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert list(scores) == ["v_measure", "ami", "ari", "purity", "b_cubed_f1", "n_clusters", "coverage"]
    assert float(scores["ami"]) > 0.9


def test_similar_prints_the_nearest_rows(ideas, capsys):
    question = ["--query", "lampu gang gelap", "--limit", "2"]

    assert main(["similar", str(ideas), "--text", "isi", "--id", "kode", *question]) == 0

    found = rows(capsys.readouterr().out)
    assert [line["id"].split("-")[0] for line in found] == ["light", "light"]


def test_mask_gives_the_file_back_without_personal_data(tmp_path, capsys):
    path = tmp_path / "data.tsv"
    path.write_text('nama\tisi\nTarno\thubungi 0812-3456-7890 "segera"\nSiti\taman\n', encoding="utf-8")

    assert main(["mask", str(path), "--text", "isi"]) == 0

    table = list(csv.reader(io.StringIO(capsys.readouterr().out), delimiter="\t"))
    assert table == [["nama", "isi"], ["Tarno", 'hubungi [nomor telepon] "segera"'], ["Siti", "aman"]]


BAD_FILES = {
    "missing": (None, "isi", "tidak ditemukan"),
    "empty": (b"", "isi", "kosong"),
    "not UTF-8": (b"isi\nbagus\nk\xe9\xe8\n", "isi", "UTF-8 (baris 3)"),
    "Latin-1": ("isi\nmalam\ncafé\n".encode("latin-1"), "isi", "UTF-8 (baris 3)"),
    "UTF-16 without its mark": ("isi\nteks\n".encode("utf-16-le"), "isi", "Kolom 'isi' tidak ada"),
    "a heading of many lines": (b'"isi\nsemua",kode\nrob,1\n', "isi", "isi semua, kode"),
    "half of UTF-16": ("isi\nteks\n".encode("utf-16")[:-1], "isi", "UTF-8 (baris"),
    "only blank lines": (b"\n\r\n\n", "isi", "kosong"),
    "spreadsheet": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe", "isi", "UTF-8"),
    "no such column": (b"kode,teks\n1,rob\n", "isi", "kode, teks"),
    "no such number": (b"1,rob\n", "3", "2 kolom"),
    "number zero": (b"1,rob\n", "0", "2 kolom"),
    "broken quotes": (b'isi,b\n"rob" x,1\n', "isi", "baris 2"),
    "quotes that never close": (b'isi,b\n"rob,1\nsampah,2\n', "isi", "rusak di baris 3"),
    "text cut at its comma": (b"isi,b\nrob,1\nsampah, selokan, bau,2\n", "isi", "Data ke-2 memiliki 4 kolom"),
}


@pytest.mark.parametrize(("content", "column", "words"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_gets_one_clear_line_and_code_2(content, column, words, tmp_path, capsys):
    path = tmp_path / "usulan.csv"
    if content is not None:
        path.write_bytes(content)

    assert main(["themes", str(path), "--text", column]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert words in printed.err


GOOD_FILES = {
    "mark of UTF-8": ("kode,isi\na,rob\nb,sampah\n".encode("utf-8-sig"), ["a", "b"]),
    "UTF-16 of a spreadsheet": ("kode\tisi\r\na\trob\r\nb\tsampah\r\n".encode("utf-16"), ["a", "b"]),
    "semicolons": (b"kode;isi\na;rob, tinggi\nb;sampah\n", ["a", "b"]),
    "bars": (b"kode|isi\na|rob, tinggi\n", ["a"]),
    "commas in a quoted heading": (b'kode;isi;"nama, alamat, dan lain-lain"\na;rob;x\n', ["a"]),
    "line ends of Windows": (b'kode,isi\r\na,"rob\r\ntinggi"\r\nb,sampah\r\n', ["a", "b"]),
    "line ends of old Macintoshes": (b"kode,isi\ra,rob\rb,sampah\r", ["a", "b"]),
    "quotes with line ends": (b'kode,isi\na,"rob ""besar""\n\ndan sampah"\nb,lampu', ["a", "b"]),
    "NUL": (b"kode,isi\na,ro\x00b\nb,\x00\n", ["a", "b"]),
    "blank lines": (b"kode,isi\n\na,rob\n\n\nb,sampah\n\n", ["a", "b"]),
    "rows with nothing in them": (b'kode,isi\n,\na,rob\n"",""\n', ["", "a", ""]),
    "short and padded rows": (b"kode,isi,c\na\nb,rob,1,,\n", ["a", "b"]),
    "one id twice": (b"kode,isi\na,rob\na,sampah\n", ["a", "a"]),
    "a row": (b"kode,isi\na,rob\n", ["a"]),
    "only the heading": (b"kode,isi\n", []),
}


@pytest.mark.parametrize(("content", "ids"), GOOD_FILES.values(), ids=GOOD_FILES.keys())
def test_files_as_people_have_them_give_one_line_per_row(content, ids, tmp_path, capsys):
    path = tmp_path / "usulan.csv"
    path.write_bytes(content)

    assert main(["themes", str(path), "--text", "isi", "--id", "kode"]) == 0

    printed = capsys.readouterr()
    assert [line["id"] for line in rows(printed.out)] == ids
    assert {line["theme"] for line in rows(printed.out)} <= {"-1"}
    assert printed.err.count("\n") >= 1  # why nothing was grouped


def test_one_text_per_line_may_hold_commas(tmp_path, capsys):
    path = tmp_path / "usulan.txt"
    path.write_text("Rob masuk rumah\nSampah, selokan, bau 081200001111\n", encoding="utf-8")

    assert main(["mask", str(path), "--text", "1"]) == 0

    assert capsys.readouterr().out == "Rob masuk rumah\nSampah, selokan, bau [nomor telepon]\n"


def test_any_terminal_gets_utf_8(tmp_path):
    path = tmp_path / "usulan.csv"
    path.write_text("isi\nꦫꦺꦴꦧ 🌊 081200001111\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "analysis", "mask", str(path), "--text", "isi"],
        capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert done.stdout.decode("utf-8") == "isi\nꦫꦺꦴꦧ 🌊 [nomor telepon]\n"


def test_ctrl_c_ends_without_a_traceback(ideas, capsys, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.__main__.analyze", interrupt)

    assert main(["themes", str(ideas), "--text", "isi"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_folder_and_an_unwritable_place_are_named(ideas, tmp_path, capsys):
    assert main(["mask", str(tmp_path), "--text", "isi"]) == 2
    assert main(["mask", str(ideas / "bukan folder.csv"), "--text", "isi"]) == 2
    assert main(["mask", str(ideas), "--text", "isi", "--out", str(tmp_path / "tidak ada" / "x.csv")]) == 2

    assert capsys.readouterr().err.count("\n") == 3


def test_a_model_of_meanings_that_is_not_there_is_one_line_and_code_2(ideas, tmp_path, capsys):
    assert main(["themes", str(ideas), "--text", "isi", "--embedding", str(tmp_path / "tidak ada")]) == 2

    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "tidak ada atau kosong" in error


SENSELESS = [["--seed", "-1"], ["--seed", "4294967296"], ["--seed", "x"], ["--granularity", "0"]]


@pytest.mark.parametrize("arguments", SENSELESS)
def test_senseless_arguments_end_with_code_2(arguments, ideas, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["themes", str(ideas), "--text", "isi", *arguments])

    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_failed_write_leaves_the_old_file_whole(ideas, tmp_path, monkeypatch):
    out = tmp_path / "hasil.csv"
    out.write_text("lama", encoding="utf-8")

    def fail(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)

    assert main(["themes", str(ideas), "--text", "isi", "--out", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "lama"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hasil.csv", "usulan.csv"]


def test_the_module_runs_as_a_command_and_is_silent_without_a_terminal(bare):
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "themes", str(bare), "--text", "1"],
        capture_output=True, check=True, cwd=ROOT,
    )

    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 61


def test_a_bar_with_stage_names_is_drawn_on_a_terminal(ideas, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    assert main(["themes", str(ideas), "--text", "isi"]) == 0

    drawn = capsys.readouterr().err
    assert "mengelompokkan" in drawn
    assert "100%" in drawn
