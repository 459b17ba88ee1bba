"""``python -m analysis``: try the analysis on a file, without the web application."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from analysis import Document, EmbeddingUnavailable, Result, Settings, SimilarityIndex, analyze, mask
from analysis.concept_index import concept_index, general_index
from analysis.contract import MAX_SEED
from analysis.evaluation import agreement
from analysis.stem_table import write_table
from analysis.tables import BadTable, Table, read_table, table_text, write_whole
from analysis.whole_process import leave_at_once

BAR_WIDTH = 30
INTERRUPTED = 130  # what shells give for Ctrl-C: 128 + SIGINT
STAGE_NAMES = {
    "preprocess": "membaca teks",
    "represent": "mempelajari kata",
    "cluster": "mengelompokkan",
    "label": "memberi nama",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 2 = the file or an argument cannot be used (said in one line on stderr)."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (BadTable, EmbeddingUnavailable) as problem:
        print(problem, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe went away; nothing is left to say
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Mengelompokkan usulan dalam CSV atau TSV.")
    commands = parser.add_subparsers(required=True, metavar="PERINTAH")

    themes = _command(commands, "themes", _themes, "kelompokkan usulan; satu baris keluaran per baris masukan")
    _grouping_options(themes)
    themes.add_argument("--id", metavar="KOLOM", help="kolom pengenal; tanpa ini nomor baris")
    themes.add_argument("--json", action="store_true", help="seluruh hasil sebagai JSON")

    near = _command(commands, "similar", _similar, "cari usulan yang mirip dengan sebuah teks")
    near.add_argument("--query", required=True, metavar="TEKS")
    near.add_argument("--limit", type=_positive, default=3, metavar="N")
    near.add_argument("--id", metavar="KOLOM", help="kolom pengenal; tanpa ini nomor baris")

    _command(commands, "mask", _mask, "samarkan data pribadi; keluaran adalah berkas yang sama")

    evaluate = _command(commands, "evaluate", _evaluate, "bandingkan kelompok dengan kelompok yang dibuat orang")
    _grouping_options(evaluate)
    evaluate.add_argument("--truth", required=True, metavar="KOLOM", help="kolom kelompok yang benar")
    evaluate.add_argument("--json", action="store_true", help="nilai sebagai JSON")

    stems = commands.add_parser("stems", help="hitung ulang akar kata setelah tesaurus diubah")
    stems.set_defaults(run=_stems)
    return parser


def _command(commands, name: str, run, summary: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    command.add_argument("file", type=Path, metavar="BERKAS")
    how = "nama kolom teks, atau nomornya (mulai 1) bila berkas tanpa kepala kolom"
    command.add_argument("--text", required=True, metavar="KOLOM", help=how)
    command.add_argument("--out", type=Path, metavar="BERKAS", help="tulis ke berkas, bukan ke layar")
    return command


def _grouping_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=_seed, default=0, metavar="N")
    command.add_argument("--granularity", type=_above_zero, default=1.0, metavar="X", help="kasar < 1 < halus")
    command.add_argument("--embedding", metavar="FOLDER", help="model makna kata di komputer ini (model2vec)")


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"harus 0 sampai {MAX_SEED}")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("harus 1 atau lebih")
    return number


def _above_zero(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("harus lebih dari 0")
    return number


def _themes(options: argparse.Namespace) -> None:
    table = _read(options, options.id)
    result = _analyze(table, options)
    ids = _ids(table, options)
    if options.json:
        _write(options, _as_json(result, ids))
        return
    texts = table.column(options.text)
    # Keys, by which clusters of one size are in order, follow from row numbers here; texts do not.
    first_text = {cluster.key: min(texts[member.id] for member in cluster.members) for cluster in result.clusters}
    clusters = sorted(result.clusters, key=lambda cluster: (-len(cluster.members), first_text[cluster.key]))
    placed = {
        member.id: (number, cluster.label, member.confidence)
        for number, cluster in enumerate(clusters)
        for member in cluster.members
    }
    lines = [(name, *placed.get(row, (-1, "", 0.0))) for row, name in enumerate(ids)]
    _write(options, table_text([("id", "theme", "label", "confidence"), *lines]))


def _similar(options: argparse.Namespace) -> None:
    table = _read(options, options.id)
    texts, ids = table.column(options.text), _ids(table, options)
    index = SimilarityIndex(Document(row, text) for row, text in enumerate(texts))
    near = index.most_similar(options.query, options.limit)
    lines = [(ids[row], score, texts[row]) for row, score in near]
    _write(options, table_text([("id", "score", "text"), *lines]))


def _mask(options: argparse.Namespace) -> None:
    table = _read(options)
    position = table.position(options.text)
    rows = [[mask(cell) if place == position else cell for place, cell in enumerate(row)] for row in table.rows]
    header = [] if table.header is None else [table.header]
    _write(options, table_text([*header, *rows], table.delimiter))


def _stems(options: argparse.Namespace) -> None:
    print(f"{write_table()} kata")
    concept_index()  # both are kept, for a service that may not write beside the package
    general_index()


def _evaluate(options: argparse.Namespace) -> None:
    table = _read(options, options.truth)
    if not table.rows:
        raise BadTable("Berkas tidak berisi usulan.")
    result = _analyze(table, options)
    labels = [-1] * len(table.rows)
    for number, cluster in enumerate(result.clusters):
        for member in cluster.members:
            labels[member.id] = number
    scores = asdict(agreement(table.column(options.truth), labels))
    rounded = {name: round(value, 4) for name, value in scores.items()}
    if options.json:
        _write(options, json.dumps(rounded) + "\n")
    else:
        _write(options, "".join(f"{name}\t{value}\n" for name, value in rounded.items()))


def _read(options: argparse.Namespace, *more_columns: str | None) -> Table:
    return read_table(options.file, [options.text, *filter(None, more_columns)])


def _ids(table: Table, options: argparse.Namespace) -> list[str]:
    """The id column, or the number of each row from 1; ids may repeat in a file, so they only pass through."""
    return table.column(options.id) if options.id else [str(row + 1) for row in range(len(table.rows))]


def _analyze(table: Table, options: argparse.Namespace) -> Result:
    documents = [Document(row, text) for row, text in enumerate(table.column(options.text))]
    settings = Settings(seed=options.seed, granularity=options.granularity, embedding_folder=options.embedding)
    on_terminal = sys.stderr.isatty()
    result = analyze(documents, settings, progress=_draw_bar if on_terminal else None)
    if on_terminal:
        print("\r\033[K", end="", file=sys.stderr)
    for warning in result.warnings:
        print(warning.message, file=sys.stderr)
    return result


def _draw_bar(stage: str, share: float) -> None:
    done = round(BAR_WIDTH * share)
    bar = "█" * done + "░" * (BAR_WIDTH - done)
    print(f"\r\033[K{bar} {share:4.0%} {STAGE_NAMES[stage]}", end="", file=sys.stderr, flush=True)


def _as_json(result: Result, ids: Sequence[str]) -> str:
    """The whole result with the ids of the file instead of row numbers."""
    content = asdict(result)
    for cluster in content["clusters"]:
        for member in cluster["members"]:
            member["id"] = ids[member["id"]]
        cluster["quotes"] = [ids[row] for row in cluster["quotes"]]
    content["unassigned"] = [ids[row] for row in content["unassigned"]]
    content["versions"] = dict(content["versions"])
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write(options: argparse.Namespace, text: str) -> None:
    if options.out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the terminal's: a label may hold any character
        sys.stdout.write(text)
    else:
        write_whole(options.out, text)


if __name__ == "__main__":
    leave_at_once()
    raise SystemExit(main())
