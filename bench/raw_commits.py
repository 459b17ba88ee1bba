"""Rows that one thread stores in SQLite, a durable commit each: what a disk allows to whoever stores one by one."""
import argparse
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory


def raw_commits(seconds: float) -> float:
    """Rows per second, WAL and ``synchronous=FULL``."""
    with TemporaryDirectory(prefix="forum-bench-") as folder, closing(
            sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
        n_rows, began = 0, time.perf_counter()
        while (taken := time.perf_counter() - began) < seconds:
            connection.execute("INSERT INTO entry (key, body) VALUES (?, ?)", (f"{n_rows:036}", "x" * 200))
            n_rows += 1
    return n_rows / taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    print(raw_commits(parser.parse_args().seconds))
