"""A reading process: it takes entries from its parent, and may crash or hang without harm to the others."""

from __future__ import annotations

import hashlib
import mmap
import os
import pickle
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from imr_ml.errors import ReadError
from imr_ml.reading.sources import MAX_MEMBER_BYTES, Entry
from imr_ml.reading.text import decoded_text, is_pdf, pdf_text, read_text

if TYPE_CHECKING:
    from imr_ml.letter import Letter
    from imr_ml.parsing import Draft

Form = Literal["letter", "rows"]

MOST_ITEMS = 500
"""Real letters have up to 21 items; each repeats the summary and names all others in its row."""

_MAX_MEMORY = 2 * 2**30


class Reading(NamedTuple):
    """What became of one entry: an error, or a letter in the form that was asked for.

    Rows hold their values in the order of the items table's columns.
    """

    error: str | None = None
    letter_id: str = ""
    fingerprint: bytes = b""
    letter: Letter | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    warnings: tuple[str, ...] = ()


class Reader:
    """Reads entries; keeps the last archive open, whose members come in a row."""

    def __init__(self, form: Form) -> None:
        # What only a reading process needs, its parent does not load.
        from imr_ml.cleaning import clean
        from imr_ml.parsing import begin_letter, find_facts, find_items, finish_letter
        from imr_ml.rows import letter_rows

        self.form = form
        self.clean, self.begin_letter, self.finish_letter = clean, begin_letter, finish_letter
        self.letter_rows = letter_rows
        self.steps: tuple[Callable[[Entry, Any], Any], ...] = (
            self._extract,
            self._clean,
            self._begin,
            lambda _, draft: find_facts(draft),
            lambda _, draft: find_items(draft),
            self._finish,
            self._tell,
        )
        self.archive: zipfile.ZipFile | None = None

    def read(self, entry: Entry) -> Reading:
        """Read one entry; a fault in it, or in imr-ml, becomes its error."""
        return self.read_all([entry])[0]

    def read_all(self, batch: Sequence[Entry], begin: Callable[[int], None] | None = None) -> list[Reading]:
        """Read some entries; of each one that a step begins with, `begin` is told the number, from 1.

        Each step is taken with all of them before the next: in turns, PDFium and the parts of the parser
        would drive each other out of the processor's cache for every letter.
        """
        found: list[Any] = [Reading(entry.error) if entry.error else None for entry in batch]
        for step in self.steps:
            for place, entry in enumerate(batch):
                if isinstance(found[place], Reading):
                    continue
                if begin:
                    begin(place + 1)
                try:
                    found[place] = step(entry, found[place])
                except Exception as error:
                    found[place] = _fault(error)
        return found

    def _extract(self, entry: Entry, _: None) -> str:
        return read_text(entry.path) if entry.member < 0 else self._member_text(entry)

    def _clean(self, entry: Entry, text: str) -> tuple[str, str]:
        return self.clean(text), text

    def _begin(self, entry: Entry, texts: tuple[str, str]) -> Draft:
        return self.begin_letter(*texts, source=entry.source)

    def _finish(self, entry: Entry, draft: Draft) -> tuple[Letter, bytes]:
        letter = self.finish_letter(draft)
        if len(letter.items) > MOST_ITEMS:
            raise ReadError(entry.source, f"names {len(letter.items)} items; no letter has so many")
        return letter, fingerprint(draft.page.key)

    def _tell(self, entry: Entry, known: tuple[Letter, bytes]) -> Reading:
        letter, mark = known
        return Reading(
            None,
            letter.letter_id,
            mark,
            letter if self.form == "letter" else None,
            tuple(tuple(row.values()) for row in self.letter_rows(letter)) if self.form == "rows" else (),
            letter.warnings,
        )

    def _member_text(self, entry: Entry) -> str:
        try:
            if self.archive is None or self.archive.filename != entry.path:
                self.close()
                self.archive = zipfile.ZipFile(entry.path)
            with self.archive.open(self.archive.infolist()[entry.member]) as member:
                data = member.read(MAX_MEMBER_BYTES)
        except Exception as error:
            detail = str(error) or type(error).__name__
            raise ReadError(entry.source, f"cannot be unpacked ({detail}); get the archive again") from None
        if is_pdf(data[:1024], entry.source):
            return pdf_text(data, entry.source)
        return decoded_text(data, entry.source)

    def close(self) -> None:
        """Let go of the archive."""
        if self.archive is not None:
            self.archive.close()
            self.archive = None


def _fault(error: Exception) -> Reading:
    if isinstance(error, ReadError):
        return Reading(error.reason)
    if isinstance(error, MemoryError):
        return Reading("needs more memory than any letter should; look at the file")
    return Reading(f"met a fault of imr-ml ({type(error).__name__}: {error}); please report it")


def fingerprint(squeezed: str) -> bytes:
    r"""Give a letter's mark from its squeezed text, which copies have in common.

    They may differ in spaces, line ends, punctuation and capitals, and in letters that scanners confuse.

    >>> from imr_ml.parsing.landmarks import squeeze
    >>> fingerprint(squeeze("The knee,\nwas stable.")) == fingerprint(squeeze("The knee was\f stable"))
    True
    """
    return hashlib.blake2b(squeezed.encode(), digest_size=16).digest()


def send(pipe: BinaryIO, message: bytes) -> None:
    """Write one message with its length before it."""
    pipe.write(len(message).to_bytes(8, "little"))
    pipe.write(message)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Read one message; EOFError where the other side is gone."""
    size = pipe.read(8)
    message = pipe.read(int.from_bytes(size, "little")) if len(size) == 8 else b""
    if len(size) < 8 or len(message) < int.from_bytes(size, "little"):
        raise EOFError
    return message


def serve() -> None:
    """Answer batches of entries from stdin until it closes.

    Each batch is a pickled list of entries; the answer is a pickled list of their readings. Which entry of
    the batch was begun last stands in a small shared file, so that the parent knows which one is at fault
    when this process dies or hangs.
    """
    # Whatever a library prints must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    form, parent, progress_file = pickle.loads(receive(questions))
    _limit_memory()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with Path(progress_file).open("r+b") as file:
        begun = mmap.mmap(file.fileno(), 8)

    def begin(number: int) -> None:
        begun[0] = number  # the lowest byte: batches are small

    reader = Reader(form)
    send(answers, b"ready")
    try:
        while True:
            batch = pickle.loads(receive(questions))
            send(answers, pickle.dumps(reader.read_all(batch, begin), protocol=5))
    except (EOFError, BrokenPipeError):
        reader.close()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > _MAX_MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, hard))


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, even while a file hangs."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
