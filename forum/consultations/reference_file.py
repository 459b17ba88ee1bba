"""Read a planning document (text, DOCX or PDF) as paragraphs, or say in one line why that is not possible."""
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from http import HTTPStatus

from flask_babel import gettext as _

from forum.errors import ForumError
from forum.typed import clean_line

MAX_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 200_000_000  # a DOCX is an archive: a small one can hold very much
MAX_PAGES = 3_000
MAX_CHARACTERS = 5_000_000  # about 2,500 full pages
_FEWEST_WORDS, _MOST_WORDS = 4, 80  # of a paragraph: page numbers say nothing, endless ones join everything

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_BLANK_LINES = re.compile(r"\n\s*\n")
_BROKEN_WORD = re.compile(r"(?<=[a-z])-\n\s*(?=[a-z])")


class UnreadableDocument(ForumError):
    """Nothing can be learnt from the file; the message says why and what to do."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


def read(content: bytes) -> list[str]:
    """Paragraphs of a document in its order, each once; what kind of file it is shows in its first bytes.

    Raises `UnreadableDocument` for files that are too large, locked, broken, scanned, empty or of another kind.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableDocument(_("Berkas lebih dari %(count)s MB. Bagi menjadi beberapa berkas.",
                                   count=MAX_BYTES // 1_000_000))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(_("Berkas Word lama atau yang terkunci kata sandi tidak terbaca. Simpan sebagai DOCX "
                                   "tanpa kata sandi."))
    is_pdf = b"%PDF-" in content[:1024]
    parts = _limited(_pdf_pages if is_pdf else _docx_parts if content.startswith(b"PK") else _plain_text, content)
    found = list(dict.fromkeys(paragraph for part in parts for paragraph in _paragraphs(part)))
    if not found:
        raise UnreadableDocument(
            _("PDF ini tidak memuat teks, mungkin hasil pindai. Jalankan OCR dahulu.") if is_pdf
            else _("Berkas ini tidak memuat kalimat yang dapat dipelajari."))
    return found


def _limited(reader: Callable[[bytes], Iterator[str]], content: bytes) -> list[str]:
    """All parts that a reader finds; whatever goes wrong inside a foreign file is one plain refusal."""
    parts, n_characters = [], 0
    try:
        for part in reader(content):
            parts.append(part)
            n_characters += len(part)
            if n_characters > MAX_CHARACTERS:
                raise UnreadableDocument(_("Dokumen ini terlalu panjang. Bagi menjadi beberapa berkas."))
    except UnreadableDocument:
        raise
    except Exception as error:  # the libraries fail on broken files in many ways
        raise UnreadableDocument(
            _("Berkas ini rusak atau bukan dokumen yang dikenal (teks UTF-8, DOCX, PDF).")) from error
    return parts


def _plain_text(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("not a text")
    yield text.replace("\r\n", "\n")


def _docx_parts(content: bytes) -> Iterator[str]:
    """Paragraphs, then the rows of tables."""
    import docx  # a quarter of a second, and only this command needs it

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise UnreadableDocument(_("Isi berkas ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas."))
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            yield ". ".join(dict.fromkeys(cell.text.strip() for cell in row.cells))


def _pdf_pages(content: bytes) -> Iterator[str]:
    import pypdf  # as above

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends in a file is no news for people
    pdf = pypdf.PdfReader(io.BytesIO(content))
    if pdf.is_encrypted and not _opens_without_password(pdf):
        raise UnreadableDocument(_("PDF ini terkunci kata sandi. Simpan salinan tanpa kata sandi."))
    if len(pdf.pages) > MAX_PAGES:
        raise UnreadableDocument(_("Dokumen ini terlalu panjang. Bagi menjadi beberapa berkas."))
    for page in pdf.pages:
        yield page.extract_text()


def _opens_without_password(pdf: object) -> bool:
    try:
        return bool(pdf.decrypt(""))
    except Exception:  # a cipher for which no library is installed
        return False


def _paragraphs(text: str) -> Iterator[str]:
    """Blocks between blank lines on one line each, long ones cut between sentences."""
    for block in _BLANK_LINES.split(_BROKEN_WORD.sub("", text)):
        words: list[str] = []
        for sentence in _SENTENCE_END.split(block):
            more = clean_line(sentence).split()
            if words and len(words) + len(more) > _MOST_WORDS:
                yield from _if_long_enough(words)
                words = []
            words += more
        yield from _if_long_enough(words)


def _if_long_enough(words: list[str]) -> Iterator[str]:
    if len(words) >= _FEWEST_WORDS:
        yield " ".join(words)
