"""Letters from files and folders, as records."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from imr_ml.arguments import check_kind
from imr_ml.errors import ReadError
from imr_ml.reading.pool import SECONDS_PER_FILE, read_entries
from imr_ml.reading.register import Register, twin_fault
from imr_ml.reading.sources import as_paths, find_entries
from imr_ml.reading.text import read_text, readable
from imr_ml.reading.worker import Reading

if TYPE_CHECKING:
    from imr_ml.letter import Letter


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gave no letter.

    Parameters
    ----------
    source : str
        The file, as tables name it.
    error : str
        What was wrong and what to do.
    copy_of : str or None
        The file with the same letter that was read instead; nothing is lost then.
    """

    source: str
    error: str
    copy_of: str | None = None

    def __str__(self) -> str:
        return f"{self.source}: {self.error}"


def read_letter(path: str | Path) -> Letter:
    """Read one letter from a PDF or a text file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Letter
        With the name of the file as its ``source``.

    Raises
    ------
    ReadError
        If the file cannot be read, holds no text or is no IMR letter; the message names the file as given.
    """
    from imr_ml.parsing import parse_letter

    check_kind(path, "path", about="path")
    text = read_text(path)
    try:
        return parse_letter(text, source=readable(Path(path).name))
    except ReadError as error:
        raise ReadError(readable(str(path)), error.reason) from None


def read_letters(
    paths: str | Path | Iterable[str | Path], *, n_jobs: int = 1
) -> tuple[list[Letter], list[Failure]]:
    """Read the letters of files, folders and archives.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Folders are searched to any depth for names that end in .pdf, .txt or .zip; one without any is
        a failure.
    n_jobs : int, default=1
        Number of processes that read; -1 for one per core. The result does not depend on it.

    Returns
    -------
    letters : list of Letter
        In the order given, and by name within a folder. A letter of which only a part could be read is among
        them, with ``warnings``.
    failures : list of Failure
        The files that gave no letter, with the reason; among them copies of letters that were read.

    Examples
    --------
    >>> letters, failures = read_letters(["no/such/folder"])
    >>> letters, str(failures[0])
    ([], 'no/such/folder: no such file or folder')
    """
    letters: list[Letter] = []
    failures: list[Failure] = []
    for one in iter_letters(paths, n_jobs=n_jobs):
        if isinstance(one, Failure):
            failures.append(one)
        else:
            letters.append(one)
    return letters, failures


def iter_letters(
    paths: str | Path | Iterable[str | Path], *, n_jobs: int = 1, seconds_per_file: float = SECONDS_PER_FILE
) -> Iterator[Letter | Failure]:
    """Read letters one after the other, for folders of any size: memory does not grow with their number.

    Parameters
    ----------
    paths, n_jobs
        As in `read_letters`.
    seconds_per_file : float
        What takes longer, plus ten seconds for each megabyte of its size, is given up.

    Yields
    ------
    Letter or Failure
        One for each file, in the order of `read_letters`.
    """
    register = Register()
    entries = find_entries(as_paths(paths))
    readings = read_entries(entries, "letter", n_jobs=n_jobs, seconds_per_file=seconds_per_file)
    with closing(readings):
        answers = (zip(batch, pickle.loads(answer), strict=True) for batch, answer, _ in readings)
        reading: Reading
        for entry, reading in chain.from_iterable(answers):
            if reading.letter is None:
                yield Failure(entry.source, reading.error or "")
            elif twin := register.add(reading, entry.source):
                if twin.is_copy:
                    yield Failure(entry.source, f"is a copy of {twin.source}, which was read", twin.source)
                else:
                    yield Failure(entry.source, twin_fault(reading.letter_id, twin))
            else:
                yield reading.letter
