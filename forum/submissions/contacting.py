"""An optional contact beside an idea: as typed, what is wrong with it, and who left one.

It rests on a consent of its own, lies in a table of its own, and leaves the server on no way: facilitators see one
at a time (`forum.moderation`), its author takes it back on the receipt page.
"""
import re
from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from forum.db import db
from forum.formatting import number
from forum.submissions.models import Contact
from forum.submissions.storing import LeftContact

FIELDS = ("contact", "contact_name", "contact_consent")
MAX_ADDRESS_CHARACTERS = 254  # of an e-mail address (RFC 5321, 4.5.3.1.3)
MAX_NAME_CHARACTERS = 100
# A telephone number as people write it (ITU E.164: at most 15 digits), or something with one @ and a dot behind it.
# Read by browsers too, so without what only Python knows.
ADDRESS_PATTERN = r"\s*(\+?[\-\s.\(\)\/]*([0-9][\-\s.\(\)\/]*){7,15}|[^@\s]+@[^@\s.]+(\.[^@\s.]+)+)\s*"

# Said by the server, and by the phone before it promises anything.
ADDRESS_MISSING = _l("Tulis kontak Anda, atau hapus centang dan nama di bawahnya.")
ADDRESS_UNUSABLE = _l("Tulis nomor telepon (misalnya 0812 3456 7890) atau alamat surel (misalnya nama@contoh.id).")
CONSENT_MISSING = _l("Centang persetujuan untuk dihubungi, atau kosongkan kontak. Masukan tetap dapat dikirim tanpa "
                     "kontak.")

Typed = Mapping[str, str]


def mistake_in_address(typed: Typed) -> str | None:
    address = typed["contact"]
    if not address:
        return str(ADDRESS_MISSING) if typed["contact_name"] or typed["contact_consent"] else None
    if len(address) > MAX_ADDRESS_CHARACTERS or not re.fullmatch(ADDRESS_PATTERN, address):
        return str(ADDRESS_UNUSABLE)
    return None


def mistake_in_name(typed: Typed) -> str | None:
    if len(typed["contact_name"]) <= MAX_NAME_CHARACTERS:
        return None
    return _("Isian ini %(length)s karakter, paling banyak %(limit)s.",
             length=number(len(typed["contact_name"])), limit=number(MAX_NAME_CHARACTERS))


def mistake_in_consent(typed: Typed) -> str | None:
    return str(CONSENT_MISSING) if typed["contact"] and not typed["contact_consent"] else None


def left(typed: Typed) -> LeftContact | None:
    """What a faultless form leaves: nothing without a contact and its consent."""
    if not typed["contact"] or not typed["contact_consent"]:
        return None
    return LeftContact(typed["contact"], typed["contact_name"])


def has_contact(submission_id: int) -> bool:
    return bool(with_contact([submission_id]))


def with_contact(submission_ids: list[int]) -> set[int]:
    """Those of these entries whose author left a contact."""
    return set(db.session.scalars(select(Contact.submission_id).where(Contact.submission_id.in_(submission_ids))))
