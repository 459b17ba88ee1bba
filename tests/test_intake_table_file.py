"""Reading tables: what is text is kept to the letter, what is not is refused with its line."""
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import create_app
from forum.intake.table_file import UnreadableFile, read


@pytest.fixture(scope="module", autouse=True)
def words(tmp_path_factory):
    """Messages are translated, so they need a request-less application around them."""
    app = create_app({"INSTANCE_PATH": str(tmp_path_factory.mktemp("instance")), "TESTING": True,
                      "QUEUE_URL": "inline"})
    with app.app_context():
        yield


def test_reads_csv_with_header_byte_order_mark_and_quotes():
    table = read('\ufeffisi,unsur\n"Jalan, gang, dan ""got""",warga\n'.encode(), filename="a.csv")
    assert table.columns == ("isi", "unsur")
    assert table.rows == ((2, ('Jalan, gang, dan "got"', "warga")),)


def test_finds_semicolons_that_spreadsheets_in_indonesia_write():
    assert read(b"isi;unsur\nsatu, dua;warga\n", filename="a.csv").rows[0][1] == ("satu, dua", "warga")


def test_reads_tsv_without_header_and_keeps_quotation_marks():
    table = read(b'kata "aneh\tlabel\n', filename="a.tsv", has_header=False)
    assert table.columns == ("1", "2")
    assert table.rows == ((1, ('kata "aneh', "label")),)


def test_counts_lines_also_over_fields_with_line_breaks():
    table = read(b'isi\n"dua\nbaris"\ntiga\n', filename="a.csv")
    assert [line for line, _ in table.rows] == [2, 4]


@pytest.mark.parametrize(("content", "words"), [
    (b"isi\nbaik\nb\xe9cak\n", "Baris 3"),
    (b"isi\nba\0ik\n", "Baris 2"),
    (b'isi,unsur\n"tak ditutup,warga\n', "Baris 2"),
    (b"isi,unsur\nsatu,dua\nsatu,dua,tiga\n", "Baris 3 punya 3 kolom, seharusnya 2"),
    (b"", "tidak berisi baris"),
    (b"isi\n", "tidak berisi baris"),
])
def test_what_is_not_a_table_is_refused_with_its_line(content, words):
    with pytest.raises(UnreadableFile, match=words):
        read(content, filename="a.csv")


def test_a_missing_column_names_those_that_are_there():
    table = read(b"isi,unsur\nsatu,dua\n", filename="a.csv")
    assert table.column(" ISI ") == 0
    with pytest.raises(UnreadableFile, match="Kolom yang ada: isi, unsur"):
        table.column("teks")


cell = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=30)


@settings(max_examples=60)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=8))
def test_whatever_a_spreadsheet_writes_comes_back_to_the_letter(rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("isi", "unsur"))
    writer.writerows(rows)
    kept = [row for row in rows if any(field.strip() for field in row)]
    if not kept:
        return
    assert [row for _, row in read(buffer.getvalue().encode(), filename="a.csv").rows] == kept
