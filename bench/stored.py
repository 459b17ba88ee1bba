"""What a server has stored of what phones sent, read from its database file once it has ended or stands still."""
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stored:
    """``receipts`` by key; ``n_rows`` counts rows, so that a key stored twice shows."""

    receipts: dict[str, str]
    n_rows: int
    is_intact: bool

    @property
    def n_doubled(self) -> int:
        return self.n_rows - len(self.receipts)


def read_stored(database: Path) -> Stored:
    """Entries that came from phones, and whether the file is whole: each has its text and its consent."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT key, receipt_code FROM submission WHERE source = 'phone'").fetchall()
        is_whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        n_orphans = connection.execute(
            "SELECT count(*) FROM submission WHERE source = 'phone' AND ("
            "NOT EXISTS (SELECT 1 FROM submission_version v WHERE v.submission_id = submission.id) OR "
            "NOT EXISTS (SELECT 1 FROM consent c WHERE c.submission_id = submission.id))").fetchone()[0]
    return Stored(dict(rows), len(rows), is_whole and not n_orphans)
