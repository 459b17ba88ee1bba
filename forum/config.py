"""Every setting of the application once: name, default, unit and meaning.

Order of precedence: these defaults, then ``instance/config.py`` (optional), then the
environment with the prefix ``FLASK_`` (``FLASK_WEB_THREADS=16``).
"""
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings table in the README."""

    name: str
    default: Any
    meaning: str


SETTINGS = (
    Setting("SQLALCHEMY_DATABASE_URI", None, "database address; empty = SQLite file in instance/"),
    Setting("QUEUE_URL", None, "job queue: sqlite:///FILE, redis://…, postgresql://… or inline; "
                               "empty = SQLite file in instance/"),
    Setting("INSTALLATION_NAME", "Forum Smart City", "name in the page header"),
    Setting("PUBLIC_URL", None, "address that phones use, printed in QR codes; empty = taken from the request"),
    Setting("DEFAULT_LANGUAGE", "id", "language of first contact: id or en"),
    Setting("DEFAULT_TIMEZONE", "Asia/Jakarta", "IANA time zone of pages that belong to no consultation"),
    Setting("SESSION_COOKIE_SECURE", False, "true when the site is reached by https only"),
    Setting("SESSION_COOKIE_SAMESITE", "Lax", "SameSite of the sign-in cookie"),
    Setting("SESSION_LIFETIME_HOURS", 12, "hours until a staff sign-in ends"),
    Setting("SIGN_IN_ATTEMPTS", 10, "failed sign-ins per account in 15 minutes before it waits"),
    Setting("SIGN_IN_ATTEMPTS_PER_ADDRESS", 100, "failed sign-ins per network address in 15 minutes; "
            "a browser on which the account signed in before is counted by itself"),
    Setting("PROXIES", 0, "number of reverse proxies in front whose X-Forwarded-* headers are trusted"),
    Setting("TRUSTED_HOSTS", None, "list of host names that are answered; empty = all"),
    Setting("MAX_CONTENT_LENGTH", 8 * 1024 * 1024, "bytes of the largest accepted request; "
            "a form with a photo is read up to 40 MB, so that its words come back"),
    Setting("MAX_FORM_MEMORY_SIZE", 2 * 1024 * 1024, "bytes of the largest accepted form field"),
    Setting("MAX_TEXT_CHARACTERS", 2000, "characters of one submission's text"),
    Setting("EMBEDDING_FOLDER", None, "folder with a local model of word meanings (model2vec); empty = none"),
    Setting("ENTRIES_PER_PHONE", 30, "entries that one phone may send in 10 minutes"),
    Setting("ENTRIES_PER_SITTING", 3000, "entries that the phones of one sitting may send in a minute"),
    Setting("REACTIONS_PER_PHONE", 300, "reactions, changes included, that one phone may send in 10 minutes"),
    Setting("REACTIONS_PER_SITTING", 12_000, "reactions that the phones of one sitting may send in a minute"),
    Setting("WRITE_TIMEOUT_SECONDS", 5, "seconds a request waits for its turn to write before 503"),
    Setting("WEB_THREADS", 32, "threads of the web server started by make run"),
    Setting("SECRET_KEY_FALLBACKS", None, "list of earlier secret keys that still open sessions"),
)

DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
