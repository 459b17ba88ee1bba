"""How moments, numbers and codes look on a page: Indonesian dates, local time with its zone."""
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask_babel import format_date, format_decimal, format_time, get_locale
from flask_babel import gettext as _

from forum.audit import COMMAND_LINE

# Indonesian law names three zones; abroad the IANA name is shown.
_ZONE_LABELS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def init_app(app: Flask) -> None:
    app.add_template_filter(local_date, "wib_date")
    app.add_template_filter(local_time, "wib_time")
    app.add_template_filter(local_datetime, "wib_datetime")
    app.add_template_filter(number)
    app.add_template_filter(beginning)
    app.add_template_filter(actor)
    app.add_template_filter(join_code)
    app.add_template_filter(receipt_code)
    app.add_template_filter(public_id)
    app.add_template_filter(localized)


def current_zone() -> ZoneInfo:
    """Time zone of the consultation on the page, else the installation's."""
    return ZoneInfo(g.get("timezone") or current_app.config["DEFAULT_TIMEZONE"])


def zone_label(zone: ZoneInfo) -> str:
    return _ZONE_LABELS.get(zone.key, zone.key)


def local_date(moment: datetime) -> str:
    """Senin, 9 Desember 2024."""
    return format_date(moment.astimezone(current_zone()).date(), "EEEE, d MMMM y", rebase=False)


def local_time(moment: datetime) -> str:
    """13.45 WIB; in English 13:45 WIB."""
    zone = current_zone()
    locale = get_locale()
    pattern = "HH:mm" if locale and locale.language == "en" else "HH.mm"
    return f"{format_time(moment.astimezone(zone).time(), pattern, rebase=False)} {zone_label(zone)}"


def local_datetime(moment: datetime) -> str:
    """Senin, 9 Desember 2024, 13.45 WIB."""
    return f"{local_date(moment)}, {local_time(moment)}"


def number(value: float, decimals: int = 0) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern)


def beginning(text: str, most: int) -> str:
    """A text on one line, cut between words to at most so many characters, with an ellipsis where it goes on."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    # A word that fills half of it is cut inside: better than almost nothing.
    at = cut.rfind(" ")
    return cut[: at if at > most // 2 else most - 1].rstrip(" ,;:–-") + "…"


def actor(name: str) -> str:
    """Who acted, as the log has it: people have names, the command line is called so in the reader's language."""
    return _("baris perintah") if name == COMMAND_LINE.name else name


def join_code(code: str) -> str:
    """KRM479 read aloud as KRM-479."""
    return f"{code[:3]}-{code[3:]}"


def receipt_code(code: str) -> str:
    """Fourteen characters in groups that can be read aloud: 4-4-6 would tire, so 4-5-5."""
    return "-".join((code[:4], code[4:9], code[9:]))


def public_id(submission_id: int) -> str:
    """The name of a submission in reports; says nothing of its author: M-00042."""
    return f"M-{submission_id:05d}"


def localized(row: object, attribute: str) -> str:
    """The column of a row in the reader's language: ``row.name_id`` or ``row.name_en``."""
    locale = get_locale()
    text = getattr(row, f"{attribute}_{locale.language if locale else 'id'}", "")
    return text or getattr(row, f"{attribute}_id")
