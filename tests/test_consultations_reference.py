"""Planning documents: read from text, DOCX and PDF by one command, used by every later run, and never let out."""
import io
import json
import zipfile

import docx
import pypdf
import pytest
from builders import make_consultation, make_forum_session, make_pack, make_submission
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from review_forum import Forum
from sqlalchemy import select

import analysis
from forum.audit import AuditEntry
from forum.consultations import reference_file
from forum.consultations.models import Consultation, ReferenceDocument
from forum.consultations.reference_file import UnreadableDocument
from forum.db import db, writing
from forum.review import queries
from forum.review.background import background

PLAN = """Rencana Kerja Kota Contoh

Pembangunan tanggul dan pompa air mengurangi rob yang meng-
genangi rumah warga pesisir. Pengangkut sampah melayani semua TPS.

12

Lampu penerangan jalan tenaga surya dipasang di gang yang gelap.
"""
PARAGRAPHS = [
    "Rencana Kerja Kota Contoh",
    "Pembangunan tanggul dan pompa air mengurangi rob yang menggenangi rumah warga pesisir. Pengangkut sampah melayani "
    "semua TPS.",
    "Lampu penerangan jalan tenaga surya dipasang di gang yang gelap.",
]


def docx_file(*, table=False):
    document = docx.Document()
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    if table:
        row = document.add_table(rows=1, cols=2).rows[0]
        row.cells[0].text, row.cells[1].text = "Program bank sampah", "timbangan dan gerobak pengangkut"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf_file(lines=(), *, password=None):
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data("".join(f"BT /F1 12 Tf 50 {800 - 20 * row} Td ({line}) Tj ET\n"
                            for row, line in enumerate(lines)).encode())
    page[NameObject("/Contents")] = stream
    if password is not None:
        writer.encrypt(user_password=password, owner_password="pemilik", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zip_bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (reference_file.MAX_UNPACKED_BYTES + 1))
    return buffer.getvalue()


class TestReading:
    def test_a_text_becomes_paragraphs_without_page_numbers_and_broken_words(self):
        assert reference_file.read(PLAN.encode()) == PARAGRAPHS
        assert reference_file.read(b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()) == PARAGRAPHS

    def test_a_docx_is_read_with_its_tables(self):
        assert reference_file.read(docx_file()) == PARAGRAPHS
        assert reference_file.read(docx_file(table=True))[-1] == (
            "Program bank sampah. timbangan dan gerobak pengangkut")

    def test_a_pdf_is_read_also_when_only_changes_are_locked(self):
        lines = ["Tanggul dan pompa air mengurangi rob", "di rumah warga pesisir."]
        expected = ["Tanggul dan pompa air mengurangi rob di rumah warga pesisir."]
        assert reference_file.read(pdf_file(lines)) == expected
        assert reference_file.read(pdf_file(lines, password="")) == expected

    def test_long_paragraphs_are_cut_between_sentences_and_equal_ones_count_once(self):
        sentence = "Sampah menumpuk di depan pasar setiap pagi."
        (block,) = reference_file.read("\n\n".join([sentence] * 3).encode())
        assert block == sentence

        cut = reference_file.read(" ".join(f"{sentence} Nomor {number} juga begitu." for number in range(40)).encode())
        assert all(len(paragraph.split()) <= 80 and paragraph.endswith(".") for paragraph in cut)
        assert len(cut) > 5

    @pytest.mark.parametrize(("content", "words"), [
        (b"", "tidak memuat kalimat"), (b"  \n 12 \n", "tidak memuat kalimat"),
        (b"\xff\xfe\x00rusak", "rusak"), (b"teks\x00biner yang panjang sekali", "rusak"),
        (b"PK\x03\x04 bukan arsip", "rusak"), (b"%PDF-1.7 bukan pdf", "rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "Word lama"),
        (pdf_file(), "hasil pindai"), (pdf_file(["Rahasia dinas yang panjang"], password="sandi"), "terkunci"),
    ], ids=["empty", "no-words", "not-utf8", "nul", "broken-docx", "broken-pdf", "old-word", "scanned", "locked"])
    def test_what_cannot_be_read_is_refused_in_plain_words(self, context, content, words):
        with pytest.raises(UnreadableDocument, match=words):
            reference_file.read(content)

    def test_archives_that_unfold_without_end_are_refused_unopened(self, context):
        with pytest.raises(UnreadableDocument, match="terlalu besar setelah dibuka"):
            reference_file.read(zip_bomb())

    def test_files_that_are_too_large_or_too_long_are_refused(self, context, monkeypatch):
        monkeypatch.setattr(reference_file, "MAX_CHARACTERS", 100)
        with pytest.raises(UnreadableDocument, match="terlalu panjang"):
            reference_file.read(PLAN.encode())
        monkeypatch.setattr(reference_file, "MAX_PAGES", 0)
        with pytest.raises(UnreadableDocument, match="terlalu panjang"):
            reference_file.read(pdf_file(["Tanggul dan pompa air"]))
        monkeypatch.setattr(reference_file, "MAX_BYTES", 99)
        with pytest.raises(UnreadableDocument, match="lebih dari"):
            reference_file.read(PLAN.encode())


class TestCommand:
    @pytest.fixture
    def learn(self, app):
        runner = app.test_cli_runner()
        return lambda *arguments: runner.invoke(args=["forum", "learn", *map(str, arguments)])

    def test_documents_are_learnt_listed_and_forgotten(self, app, learn, tmp_path):
        (tmp_path / "RPJMD 2025.txt").write_text(PLAN, encoding="utf-8")
        (tmp_path / "notulen.docx").write_bytes(docx_file(table=True))

        assert learn(tmp_path / "RPJMD 2025.txt", tmp_path / "notulen.docx").exit_code == 0
        assert learn("--list").output == "1\t3 paragraf\tRPJMD 2025\n2\t4 paragraf\tnotulen\n"
        assert learn("--forget", 1).exit_code == 0
        assert learn("--list").output == "2\t4 paragraf\tnotulen\n"
        with app.app_context():
            actions = list(db.session.scalars(select(AuditEntry.action).where(
                AuditEntry.subject_type == "reference_document").order_by(AuditEntry.id)))
            assert actions == ["consultations.learn_document"] * 2 + ["consultations.forget_document"]

    def test_a_title_may_be_given(self, learn, tmp_path):
        (tmp_path / "x.pdf").write_bytes(pdf_file(["Tanggul dan pompa air mengurangi rob"]))
        learn(tmp_path / "x.pdf", "--title", "Masterplan kota cerdas")
        assert "Masterplan kota cerdas" in learn("--list").output

    @pytest.mark.parametrize(("content", "words"), [
        (b"", "kosong.txt: Berkas ini tidak memuat kalimat"), (pdf_file(), "kosong.txt: PDF ini tidak memuat teks"),
    ])
    def test_a_bad_file_is_one_line_and_exit_code_2(self, app, learn, tmp_path, content, words):
        (tmp_path / "kosong.txt").write_bytes(content)
        result = learn(tmp_path / "kosong.txt")
        assert result.exit_code == 2
        assert words in result.output
        assert len(result.output.splitlines()) == 1
        with app.app_context():
            assert db.session.scalar(select(ReferenceDocument)) is None

    @pytest.mark.parametrize("arguments", [(), ("--list", "--forget", 1), ("--forget", 7)])
    def test_an_unclear_wish_is_one_line_and_exit_code_2(self, learn, arguments):
        result = learn(*arguments)
        assert result.exit_code == 2
        assert len(result.output.splitlines()) == 1

    def test_the_same_file_is_not_learnt_twice(self, learn, tmp_path):
        (tmp_path / "a.txt").write_text(PLAN, encoding="utf-8")
        assert learn(tmp_path / "a.txt").exit_code == 0
        again = learn(tmp_path / "a.txt")
        assert again.exit_code == 2
        assert "sudah dipelajari sebagai nomor 1" in again.output


class TestUse:
    @pytest.fixture
    def forum(self, app, as_facilitator):
        return Forum(app, as_facilitator)

    def learn(self, forum, tmp_path):
        path = tmp_path / "rpjmd.txt"
        path.write_text(PLAN + "\n\nKosmodrom rahasia menggenangi gang TPS pompa.\n", encoding="utf-8")
        assert forum.app.test_cli_runner().invoke(args=["forum", "learn", str(path)]).exit_code == 0

    def test_a_run_reads_them_and_remembers_which(self, forum, tmp_path):
        forum.run()
        with forum.app.app_context():
            before = queries.latest_run(forum.id)
            assert before.settings["background"] == {"documents": [], "consultations": [], "n_texts": 0}
        self.learn(forum, tmp_path)
        forum.run()

        with forum.app.app_context():
            after = queries.latest_run(forum.id)
            assert after.settings["background"] == {"documents": [1], "consultations": [], "n_texts": 4}
            assert after.fingerprint != before.fingerprint
        assert "1 dokumen rujukan dan 0 konsultasi sebelumnya" in forum.get(f"/staff/runs/{after.id}/changes").text
        assert "dokumen rujukan" not in forum.get(f"/staff/runs/{before.id}/changes").text

    def test_they_leave_the_server_on_no_page_and_in_no_file(self, forum, tmp_path):
        self.learn(forum, tmp_path)
        forum.run()
        forum.confirm("waste", "Sampah kota")
        own = f"/staff/consultations/{forum.id}"
        pages = [forum.board, own, f"{own}/submissions", f"{own}/ranking", "/staff/", "/api/v1/openapi.json"]
        assert sum(forum.get(page).status_code == 200 for page in pages) >= 4
        for page in pages:
            assert "osmodrom" not in forum.get(page).text
        for fmt in ("csv", "json", "xlsx"):
            out = tmp_path / f"out.{fmt}"
            done = forum.app.test_cli_runner().invoke(
                args=["forum", "export", str(forum.id), "--format", fmt, "--out", str(out)])
            assert done.exit_code == 0, done.output
            content = out.read_bytes()
            if fmt == "xlsx":
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"".join(archive.read(name) for name in archive.namelist())
            assert b"osmodrom" not in content
            assert b"rpjmd" not in content

    def test_earlier_real_consultations_of_the_same_city_are_background(self, context):
        pack = make_pack("kota-uji")
        earlier, sample, later = (make_consultation(title=title, pack_id=pack) for title in ("Satu", "Contoh", "Tiga"))
        elsewhere = make_consultation(title="Kota lain", pack_id=make_pack("kota-lain"))
        now = make_consultation(title="Kini", pack_id=pack)
        with writing() as session:
            session.get_one(Consultation, sample).is_sample = True
        for number, one in enumerate((earlier, sample, elsewhere, now)):
            make_submission(make_forum_session(one, join_code=f"KRM47{number}"), f"Masukan {number} tentang rob")
        make_submission(make_forum_session(later, join_code="KRM478"), "Disembunyikan", state="hidden")

        known = background(db.session.get_one(Consultation, now))

        assert known.texts == ("Masukan 0 tentang rob",)
        assert known.as_setting() == {"documents": [], "consultations": [earlier], "n_texts": 1}
        assert background(db.session.get_one(Consultation, earlier)).texts == ()

    def test_the_setting_that_a_run_keeps_holds_no_text(self, forum, tmp_path, monkeypatch):
        self.learn(forum, tmp_path)
        seen = []
        real = analysis.analyze_with_placer
        monkeypatch.setattr(analysis, "analyze_with_placer",
                            lambda *arguments: (seen.append(arguments[-1]), real(*arguments))[1])
        forum.run()

        assert any("Kosmodrom" in text for text in seen[0])
        with forum.app.app_context():
            assert "osmodrom" not in json.dumps(queries.latest_run(forum.id).settings)
