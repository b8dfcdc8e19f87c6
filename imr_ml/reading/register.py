"""Which letters were read already: copies are told from different letters of one case."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from imr_ml.reading.worker import Reading


class Twin(NamedTuple):
    """A letter read earlier that has the same words, or else the same id and other words."""

    source: str
    is_copy: bool


class Register:
    """Remembers every letter of a run in a temporary table, which leaves memory for the disk as it grows."""

    def __init__(self, database: sqlite3.Connection | None = None) -> None:
        self._database = database or sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TEMP TABLE letters (fingerprint BLOB PRIMARY KEY, letter_id TEXT UNIQUE, source TEXT) "
            "WITHOUT ROWID"  # one tree fewer to put each letter into
        )

    def add(self, reading: Reading, source: str) -> Twin | None:
        """Remember a letter, or give the earlier one that it repeats."""
        added = self._database.execute(
            "INSERT OR IGNORE INTO letters VALUES (?, ?, ?)",
            (reading.fingerprint, reading.letter_id, source),
        )
        if added.rowcount:
            return None
        earlier = self._database.execute(
            "SELECT source, fingerprint FROM letters WHERE fingerprint = ? UNION ALL "
            "SELECT source, fingerprint FROM letters WHERE letter_id = ?",
            (reading.fingerprint, reading.letter_id),
        ).fetchone()
        return Twin(earlier[0], earlier[1] == reading.fingerprint)


def twin_fault(letter_id: str, twin: Twin) -> str:
    """Say why a letter is left out that has the id of another one."""
    return (
        f"is letter {letter_id} like {twin.source}, which was read, but its words differ; "
        "keep one of the two, or name them apart"
    )
