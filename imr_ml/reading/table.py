"""Letters straight to an items table on disk: streamed, resumable, whole or not at all."""

from __future__ import annotations

import csv
import pickle
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imr_ml.reading.journal import open_journal
from imr_ml.reading.pool import SECONDS_PER_FILE, count_processes, read_entries
from imr_ml.reading.register import Register, twin_fault
from imr_ml.reading.sources import Entry, as_paths, find_entries
from imr_ml.reading.worker import Reading
from imr_ml.writing import check_suffix, check_writable, whole_file

FAILURES_TOLD = 5
"""So many failures of a run are told with their reasons where it ends; the list beside the table has all."""
_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """What a run of `read_to_table` did.

    Parameters
    ----------
    n_files : int
        Documents found: files, and members of archives.
    n_letters, n_items : int
        Letters and items in the table.
    n_failures : int
        Documents that gave nothing; each stands in `failures_path` with the reason.
    n_copies : int
        Documents whose letter was read from another file already; not failures.
    n_with_warnings : int
        Letters in the table of which a part is missing or doubtful.
    n_resumed : int
        Documents that an interrupted run had read before.
    left_alone : mapping of str to int
        Numbers of other files met in folders and archives, by the ending of their names.
    items_path : Path or None
        The table; None where no item was read.
    failures_path : Path
        CSV of ``source`` and ``error``, with its header only where all went well.
    first_failures : sequence of str
        The first few of it, each the document and the reason.
    notes_path : Path or None
        CSV of ``source``, ``kind`` (``copy``, ``warning``) and ``note``; None where there is nothing to note.
    called : str
        What the documents are: ``letters``, or ``cases`` of the health plans' table.
    """

    n_files: int
    n_letters: int
    n_items: int
    n_failures: int
    n_copies: int
    n_with_warnings: int
    n_resumed: int
    left_alone: dict[str, int]
    items_path: Path | None
    failures_path: Path
    first_failures: Sequence[str]
    notes_path: Path | None
    called: str

    def __str__(self) -> str:
        lines = [f"{self.n_files} files: {self.n_letters} {self.called} with {self.n_items} items"]
        if self.n_resumed:
            lines.append(f"{self.n_resumed} of them had been read before the interruption")
        if self.n_copies:
            noted = f"; see {self.notes_path}" if self.notes_path else ""
            lines.append(f"{self.n_copies} copies of {self.called} were read once only{noted}")
        if self.n_with_warnings:
            lines.append(f"{self.n_with_warnings} letters lack a part or hold a doubt; see {self.notes_path}")
        if self.left_alone:
            others = ", ".join(f"{n} {ending}" for ending, n in sorted(self.left_alone.items()))
            lines.append(f"left alone, as hidden or not named .pdf, .txt or .zip: {others}")
        if self.n_failures:
            lines.append(f"{self.n_failures} could not be read; see {self.failures_path}")
            lines += [f"  {failure}" for failure in self.first_failures]
            if self.n_failures > len(self.first_failures):
                lines.append("  ...")
        return "\n".join(lines)


def read_to_table(
    sources: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    n_jobs: int = -1,
    progress: bool = False,
    seconds_per_file: float = SECONDS_PER_FILE,
) -> ReadingSummary:
    """Read letters into an items table on disk; memory does not grow with their number.

    The table and the lists beside it have the same bytes whatever `n_jobs`. They appear whole, at the end.
    Until then a hidden file beside `out` keeps what was read, so that the same call after an interruption
    reads nothing twice.

    Two files with the same words count once. Of two letters with one id (a case number, or without one the
    file's name) and different words the later one is a failure: an item can have one outcome only.

    Parameters
    ----------
    sources : str, Path or iterable of them
        Files, folders and .zip archives.
    out : str or Path
        The table, ``.parquet`` or ``.csv``; beside it come ``<name>.failures.csv`` and, where there is
        something to note, ``<name>.notes.csv``. No table is written where no item was read.
    n_jobs : int, default=-1
        Number of processes that read; -1 for one per core.
    progress : bool, default=False
        Show a progress bar, if stderr is a terminal.
    seconds_per_file : float
        What takes longer, plus ten seconds for each megabyte of its size, becomes a failure.

    Returns
    -------
    ReadingSummary

    Raises
    ------
    OutputError
        If a file cannot be written, or another run is writing it.
    """
    out, paths = Path(out), as_paths(sources)
    check_suffix(out, (".parquet", ".csv"))
    for path in (out, _beside(out, "failures"), _beside(out, "notes")):
        check_writable(path)
    n_processes = count_processes(n_jobs)
    left_alone: Counter[str] = Counter()
    with ExitStack() as stack:
        journal = stack.enter_context(open_journal(out))
        table = _Table(out, journal.database, stack)
        readings = read_entries(
            find_entries(paths, left_alone),
            "rows",
            n_jobs=n_processes,
            seconds_per_file=seconds_per_file,
            known=journal.find,
        )
        step = _progress(paths, stack) if progress and sys.stderr.isatty() else None
        for batch, answer, is_new in stack.enter_context(closing(readings)):
            if is_new:
                journal.keep(batch, answer)
            for entry, reading in zip(batch, pickle.loads(answer), strict=True):
                table.add(entry, reading, is_new=is_new)
            if step:
                step(len(batch))
        return table.finish(left_alone)


def _beside(out: Path, what: str) -> Path:
    return out.with_suffix(f".{what}.csv")


def _progress(paths: Sequence[Path], stack: ExitStack) -> Any:
    """Show a progress bar until the stack closes; what is given moves it on by one letter."""
    from tqdm import tqdm

    total = sum(1 for _ in find_entries(paths))
    bar = stack.enter_context(tqdm(total=total, unit=" letters", file=sys.stderr, leave=False))
    return bar.update


class _Table:
    """The table and the lists beside it, as they grow.

    What is listed waits in temporary tables of the journal's database, so that it costs no memory either.
    """

    def __init__(self, out: Path, database: sqlite3.Connection, stack: ExitStack) -> None:
        self.out, self.database, self.stack = out, database, stack
        self.register = Register(database)
        self.rows: list[tuple[Any, ...]] = []
        self.counts: Counter[str] = Counter()
        self.write: _CsvRows | _ParquetRows | None = None
        database.execute("CREATE TEMP TABLE failures (source TEXT, error TEXT)")
        database.execute("CREATE TEMP TABLE notes (source TEXT, kind TEXT, note TEXT)")

    def add(self, entry: Entry, reading: Reading, *, is_new: bool) -> None:
        self.counts["files"] += 1
        self.counts["resumed"] += not is_new
        if error := self._fault(entry, reading):
            self.counts["failures"] += 1
            self.database.execute("INSERT INTO failures VALUES (?, ?)", (entry.source, error))

    def _fault(self, entry: Entry, reading: Reading) -> str | None:
        """Take a letter's rows into the table, or say why it gives none."""
        if reading.error:
            return reading.error
        if twin := self.register.add(reading, entry.source):
            if not twin.is_copy:
                return twin_fault(reading.letter_id, twin)
            self.counts["copies"] += 1
            self._note(entry.source, "copy", f"the same letter as {twin.source}, which was read")
            return None
        if not reading.rows:
            return "; ".join(["names no disputed item", *reading.warnings])
        for warning in reading.warnings:
            self._note(entry.source, "warning", warning)
        self.counts["with_warnings"] += bool(reading.warnings)
        self.counts["letters"] += 1
        self.counts["items"] += len(reading.rows)
        self.rows.extend(reading.rows)
        if len(self.rows) >= _ROWS_AT_ONCE:
            self._flush()
        return None

    def _note(self, source: str, kind: str, note: str) -> None:
        self.database.execute("INSERT INTO notes VALUES (?, ?, ?)", (source, kind, note))

    def _flush(self) -> None:
        if not self.rows:
            return
        if self.write is None:
            partial = self.stack.enter_context(whole_file(self.out))
            rows_of = _CsvRows if self.out.suffix.lower() == ".csv" else _ParquetRows
            self.write = self.stack.enter_context(closing(rows_of(partial)))
        self.write(self.rows)
        self.rows = []

    def finish(self, left_alone: Counter[str]) -> ReadingSummary:
        self._flush()
        self._write_list("failures", ("source", "error"))
        notes_path = _beside(self.out, "notes")
        if has_notes := self.database.execute("SELECT 1 FROM notes LIMIT 1").fetchone() is not None:
            self._write_list("notes", ("source", "kind", "note"))
        else:
            notes_path.unlink(missing_ok=True)
        first = self.database.execute(
            "SELECT source, error FROM failures ORDER BY rowid LIMIT ?", (FAILURES_TOLD,)
        )
        names = ("files", "letters", "items", "failures", "copies", "with_warnings", "resumed")
        return ReadingSummary(
            **{f"n_{name}": self.counts[name] for name in names},
            left_alone=dict(left_alone),
            items_path=self.out if self.write else None,
            failures_path=_beside(self.out, "failures"),
            first_failures=[f"{source}: {error}" for source, error in first],
            notes_path=notes_path if has_notes else None,
            called="letters",
        )

    def _write_list(self, name: str, columns: tuple[str, ...]) -> None:
        rows = self.database.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY rowid")
        with (
            whole_file(_beside(self.out, name)) as partial,
            partial.open("w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


class _ParquetRows:
    """Rows to Parquet, one row group at a time."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        from imr_ml.columns import arrow_schema

        self._writer = pq.ParquetWriter(path, arrow_schema(), compression="zstd")

    def __call__(self, rows: list[tuple[Any, ...]]) -> None:
        from imr_ml.columns import arrow_rows

        self._writer.write_table(arrow_rows(rows))

    def close(self) -> None:
        self._writer.close()


class _CsvRows:
    """Rows to CSV, with one header."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", newline="", encoding="utf-8")
        self._is_first = True

    def __call__(self, rows: list[tuple[Any, ...]]) -> None:
        from imr_ml.columns import named_values
        from imr_ml.tabulating import csv_frame, frame_of

        csv_frame(frame_of(list(map(named_values, rows)))).to_csv(
            self._file, index=False, header=self._is_first, lineterminator="\n"
        )
        self._is_first = False

    def close(self) -> None:
        self._file.close()
