"""What an idea must hold to be taken, said once: for the forms of the pages and for what phones send by script.

Every message says what to do. Nothing is refused by the browser, so that everything typed reaches the server
and comes back in the page.
"""
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from forum.consultations.questions import Asked
from forum.formatting import number
from forum.submissions import answering, contacting
from forum.submissions.models import APPROACHES, KINDS
from forum.submissions.queries import PackChoices
from forum.submissions.storing import Content
from forum.typed import clean_line, clean_text

MIN_BODY_CHARACTERS = 5
MAX_LINE_CHARACTERS = 200
TOO_SHORT = _l("Tulisan terlalu pendek. Ceritakan sedikit lebih banyak.")
MISSING = {
    "group": _l("Pilih unsur yang Anda wakili."), "kind": _l("Pilih jenis masukan Anda."),
    "body": _l("Tulis masukan Anda."), "practice_where": _l("Tulis di mana praktik baik ini berjalan."),
    "programme": _l("Tulis nama program yang Anda nilai."), "rating": _l("Pilih nilai 1 sampai 5 untuk program ini."),
    "consent": _l("Centang persetujuan agar masukan Anda boleh kami simpan."),
}
"""What is said of a field that must not be left empty, by the server and on the phone."""
NO_AREA = "-"
"""Said not to say, which is an answer to remember."""

RATINGS = {str(score): score for score in range(1, 6)}
TEXTS = ("body", "place", "practice_where", "practice_owner", "programme")
AUTHOR_FIELDS = ("group", "area")
IDEA_FIELDS = ("kind", "body", "place", "approach", "practice_where", "practice_owner", "programme", "rating",
               "dimension")
FORM_FIELDS = (*AUTHOR_FIELDS, *IDEA_FIELDS, *contacting.FIELDS, "consent")
_BOXES = ("consent", "contact_consent")
# Fields besides the text, by kind; what was typed into the fields of another kind is not stored.
FIELDS_OF_KIND = {
    "problem": ("place", "dimension_id"), "proposal": ("place", "approach", "dimension_id"),
    "practice": ("practice_where", "practice_owner", "dimension_id"), "evaluation": ("programme", "rating"),
}

Typed = Mapping[str, str]


def read(form: MultiDict[str, str], questions: Sequence[Asked] = (), *, asks_contact: bool = False) -> dict[str, str]:
    """The whole form as a browser sent it: every one of `FORM_FIELDS` and the answers, texts cleaned.

    A contact that nobody asked for is not read.
    """
    sent = form.to_dict()  # asked for what is not there, the form of a request costs ten times as much
    typed = {name: sent.get(name, "") for name in FORM_FIELDS}
    for name in _BOXES:
        if typed[name] == "false":
            typed[name] = ""
    if not asks_contact:
        typed |= dict.fromkeys(contacting.FIELDS, "")
    return (typed | {name: clean_text(typed[name]) for name in TEXTS}
            | {name: clean_line(typed[name]) for name in ("contact", "contact_name")} | answering.read(form, questions))


def mistakes(typed: Typed, choices: PackChoices, fields: tuple[str, ...],
             questions: Sequence[Asked] = ()) -> dict[str, str]:
    """What is wrong with these of its fields, in their order, then with the answers; empty when all is well."""
    found = ((name, _RULES[name](typed, choices)) for name in fields)
    return {name: message for name, message in found if message} | answering.mistakes(typed, questions)


def content(typed: Typed, choices: PackChoices, questions: Sequence[Asked] = ()) -> Content:
    """What a faultless idea says, without the fields of other kinds."""
    kind = typed["kind"]
    values: dict[str, Any] = {
        "approach": typed["approach"] or None, "rating": RATINGS.get(typed["rating"]),
        "dimension_id": choices.dimension_ids.get(typed["dimension"]),
        **{name: typed[name] for name in TEXTS if name != "body"}}
    return Content(kind=kind, body=typed["body"], answers=answering.values(typed, questions),
                   **{name: values[name] for name in FIELDS_OF_KIND[kind]})


def area_code(typed: Typed) -> str | None:
    return typed["area"] if typed["area"] not in ("", NO_AREA) else None


def _group(typed: Typed, choices: PackChoices) -> str | None:
    return None if typed["group"] in choices.group_ids else str(MISSING["group"])


def _area(typed: Typed, choices: PackChoices) -> str | None:
    if area_code(typed) in (None, *choices.area_ids):
        return None
    return _("Pilih kelurahan dari daftar, atau “Luar kota atau tidak ingin menyebut”.")


def _kind(typed: Typed, _choices: PackChoices) -> str | None:
    return None if typed["kind"] in KINDS else str(MISSING["kind"])


def _body(typed: Typed, _choices: PackChoices) -> str | None:
    length, limit = len(typed["body"]), current_app.config["MAX_TEXT_CHARACTERS"]
    if not length:
        return str(MISSING["body"])
    if length < MIN_BODY_CHARACTERS:
        return str(TOO_SHORT)
    if length > limit:
        return _("Tulisan Anda %(length)s karakter, paling banyak %(limit)s. Ringkas %(over)s karakter, "
                 "atau kirim sebagai beberapa masukan.",
                 length=number(length), limit=number(limit), over=number(length - limit))
    return None


def _line(typed: Typed, name: str) -> str | None:
    if not _is_used(typed, name):
        return None
    if name in MISSING and not typed[name]:
        return str(MISSING[name])
    if len(typed[name]) > MAX_LINE_CHARACTERS:
        return _("Isian ini %(length)s karakter, paling banyak %(limit)s.",
                 length=number(len(typed[name])), limit=number(MAX_LINE_CHARACTERS))
    return None


def _rating(typed: Typed, _choices: PackChoices) -> str | None:
    if _is_used(typed, "rating") and typed["rating"] not in RATINGS:
        return str(MISSING["rating"])
    return None


def _approach(typed: Typed, _choices: PackChoices) -> str | None:
    if _is_used(typed, "approach") and typed["approach"] not in ("", *APPROACHES):
        return _("Pilih salah satu cara, atau “Belum tahu”.")
    return None


def _dimension(typed: Typed, choices: PackChoices) -> str | None:
    if _is_used(typed, "dimension_id") and typed["dimension"] not in ("", *choices.dimension_ids):
        return _("Pilih salah satu bidang, atau “Belum tahu”.")
    return None


def _consent(typed: Typed, _choices: PackChoices) -> str | None:
    return None if typed["consent"] else str(MISSING["consent"])


def _is_used(typed: Typed, name: str) -> bool:
    return name in FIELDS_OF_KIND.get(typed["kind"], ())


_RULES: dict[str, Callable[[Typed, PackChoices], str | None]] = {
    "group": _group, "area": _area, "kind": _kind, "body": _body,
    "place": lambda typed, _choices: _line(typed, "place"),
    "approach": _approach,
    "practice_where": lambda typed, _choices: _line(typed, "practice_where"),
    "practice_owner": lambda typed, _choices: _line(typed, "practice_owner"),
    "programme": lambda typed, _choices: _line(typed, "programme"),
    "rating": _rating, "dimension": _dimension, "consent": _consent,
    "contact": lambda typed, _choices: contacting.mistake_in_address(typed),
    "contact_name": lambda typed, _choices: contacting.mistake_in_name(typed),
    "contact_consent": lambda typed, _choices: contacting.mistake_in_consent(typed),
}
