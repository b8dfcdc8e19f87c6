"""What an unfinished run has read already, in one file beside its output, so that nothing is read twice."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from imr_ml.errors import OutputError
from imr_ml.reading.sources import Entry

_SECONDS_BETWEEN_SAVES = 1.0


class Journal:
    """The readings of an unfinished run, batch by batch as they came.

    A run that is resumed finds them by what tells an unchanged file: its name, size and time.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self._is_resumed = database.execute("SELECT 1 FROM batches LIMIT 1").fetchone() is not None
        self._last: tuple[int, list[object]] = (0, [])
        self._saved_at = time.monotonic()
        if self._is_resumed:
            self._list_entries()

    def _list_entries(self) -> None:
        self.database.execute(
            "CREATE TEMP TABLE known (path BLOB, member INTEGER, source TEXT, size INTEGER, "
            "mtime_ns INTEGER, batch INTEGER, place INTEGER, PRIMARY KEY (path, member))"
        )
        for batch, entries in self.database.execute("SELECT rowid, entries FROM batches ORDER BY rowid"):
            self.database.executemany(
                "INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*_marks(entry), batch, place) for place, entry in enumerate(pickle.loads(entries))],
            )

    def find(self, entry: Entry) -> bytes | None:
        """Give the reading, as `keep` took it, of an entry that was read before the interruption."""
        if not self._is_resumed or entry.error:
            return None
        found = self.database.execute(
            "SELECT batch, place FROM known WHERE path = ? AND member = ? "
            "AND source = ? AND size = ? AND mtime_ns = ?",
            _marks(entry),
        ).fetchone()
        if not found:
            return None
        batch, place = found
        if self._last[0] != batch:
            query = "SELECT readings FROM batches WHERE rowid = ?"
            self._last = batch, pickle.loads(self.database.execute(query, (batch,)).fetchone()[0])
        return pickle.dumps([self._last[1][place]], protocol=5)

    def keep(self, entries: Sequence[Entry], readings: bytes) -> None:
        """Keep the pickled readings of some entries; they are safe from an interruption within a second."""
        self.database.execute("INSERT INTO batches VALUES (?, ?)", (pickle.dumps(entries), readings))
        if time.monotonic() - self._saved_at > _SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        """Put on disk what was kept so far."""
        self.database.execute("COMMIT")
        self.database.execute("BEGIN EXCLUSIVE")
        self._saved_at = time.monotonic()


def _marks(entry: Entry) -> tuple[bytes, int, str, int, int]:
    return os.fsencode(entry.path), entry.member, entry.source, entry.size, entry.mtime_ns


@contextmanager
def open_journal(out: Path) -> Iterator[Journal]:
    """Open the journal of a run that writes `out`; it is removed at the end of a whole run only.

    Raises
    ------
    OutputError
        If another run is writing `out`, or the journal cannot be written.
    """
    path = out.with_name(f".{out.name}.unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        try:
            journal = _opened(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # spoiled; all of it can be read again
            path.unlink()
            journal = _opened(path)
        try:
            yield journal
        except BaseException:
            with suppress(sqlite3.OperationalError):  # a full disk: the first error tells it
                journal.save()
            raise
        else:
            _remove_abandoned(out)
            path.unlink()
        finally:
            journal.database.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise OutputError(f"{out}: another run is writing it; wait for its end") from None
        raise OutputError(f"{path}: cannot be written ({error})") from None


def _opened(path: Path) -> Journal:
    database = sqlite3.connect(path, timeout=0.5, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")
        # A batch has some hundred kilobytes: in the largest pages it takes a third of the time.
        database.execute("PRAGMA page_size = 65536")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("CREATE TABLE IF NOT EXISTS reader (version TEXT)")
        version = _reader_version()
        if database.execute("SELECT version FROM reader").fetchall() != [(version,)]:
            database.execute("DROP TABLE IF EXISTS batches")
            database.execute("DELETE FROM reader")
            database.execute("INSERT INTO reader VALUES (?)", (version,))
            database.execute("CREATE TABLE batches (entries BLOB, readings BLOB)")
    except BaseException:
        database.close()
        raise
    return Journal(database)


def _reader_version() -> str:
    """Change with every file of the package: what another version has read is read again."""
    package = Path(__file__).resolve().parents[1]
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".toml", ".csv", ".json"))
    known = [(str(path.relative_to(package)), *path.stat()[6:9:2]) for path in files]
    return hashlib.sha256(repr(known).encode()).hexdigest()


def _remove_abandoned(out: Path) -> None:
    """Remove the half-written tables of runs that were killed; no other run writes while this one does."""
    for partial in out.parent.glob(f".{out.name}.*{out.suffix}"):
        partial.unlink()
