"""What the command line is asked about: letters, folders, cases, items tables, or a few words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imr_ml.errors import CaseError, TableError
from imr_ml.letter import Case
from imr_ml.reading import Failure, read_letters, read_text
from imr_ml.reading.sources import NO_LETTERS

if TYPE_CHECKING:
    import pandas as pd

    from imr_ml.letter import Letter


def ask(
    inputs: Sequence[Path], *, summary: Path | None = None, requests: Sequence[str] = ()
) -> tuple[list[list[Letter] | Case | pd.DataFrame], list[Failure]]:
    """Turn what a user names into what `imr_ml.predict` takes.

    Parameters
    ----------
    inputs : sequence of Path
        ``.json`` is a case or a list of cases, ``.parquet`` and ``.csv`` an items table, anything else a
        letter or a folder of letters.
    summary : Path, default=None
        A text file or PDF with the case summary that belongs to `requests`.
    requests : sequence of str
        The words of each disputed item of one case.

    Returns
    -------
    asked : list
        Never empty; letters stand together in one list.
    failures : list of Failure
        Letters, cases and tables that could not be read; they keep none of the others from being asked about.

    Raises
    ------
    CaseError
        If there is nothing to ask about or nothing of it can be read, or two cases have one name; the message
        says what to give.
    ReadError
        If `summary` cannot be read.
    """
    if summary is not None and not requests:
        raise CaseError("--summary needs at least one --item: name what is asked for")
    if not inputs and not requests:
        raise CaseError(
            "nothing is asked about: name letters, a folder, a case (.json) or an items table, or --item"
        )
    asked: list[Any] = []
    failures: list[Failure] = []
    letter_paths = []
    for path in inputs:
        suffix = path.suffix.lower()
        if suffix == ".json":
            cases, faults = _cases(path)
            asked += cases
            failures += faults
        elif suffix in (".parquet", ".csv"):
            from imr_ml.tabulating import read_items

            try:
                asked.append(read_items(path, complete=False))
            except TableError as error:
                failures.append(Failure(str(path), error.reason))
        else:
            letter_paths.append(path)
    if letter_paths:
        letters, faults = read_letters(letter_paths)
        with_items = [letter for letter in letters if letter.items]
        failures += map(_as_asked, faults)
        failures += (_without_items(letter) for letter in letters if not letter.items)
        if with_items:
            asked.append(with_items)
    if requests:
        text = None if summary is None else read_text(summary)
        asked.append(Case(requests=tuple(requests), case_summary=text))
    _check_names(asked)
    if not asked:
        raise CaseError("; ".join(map(str, failures[:5])))
    return asked, failures


def _check_names(asked: Iterable[Any]) -> None:
    """Refuse two cases of one name, whose answers could not be told apart."""
    names = Counter(one.case_id for one in asked if isinstance(one, Case))
    if repeated := [name for name, times in names.items() if times > 1]:
        raise CaseError(
            f"{names[repeated[0]]} cases are called {repeated[0]!r}; give each its own 'case_id' (by default "
            "the name of its file, and 'case' for --item)"
        )


def _as_asked(failure: Failure) -> Failure:
    """Say of a folder without letters what else may be asked about, which is not looked for in folders."""
    if failure.error != NO_LETTERS:
        return failure
    return Failure(failure.source, f"{failure.error}; name cases (.json) and items tables as files")


def _without_items(letter: Letter) -> Failure:
    return Failure(letter.source, "no disputed items were found in it; look at it with imr-ml show")


def _cases(path: Path) -> tuple[list[Case], list[Failure]]:
    """Read the cases of a file, and say which are none and why."""
    try:
        record = json.loads(_text(path))
    except OSError as error:
        return [], [Failure(str(path), f"cannot be read ({error.strerror or error})")]
    except (ValueError, RecursionError) as error:
        return [], [Failure(str(path), f"not JSON ({error}); see the README for the form of a case")]
    records = record if isinstance(record, list) else [record]
    if not records:
        return [], [Failure(str(path), "holds no case")]
    cases, faults = [], []
    for number, one in enumerate(records, start=1):
        name = path.stem if len(records) == 1 else f"{path.stem}-{number}"
        try:
            cases.append(Case.from_dict(one, case_id=name))
        except CaseError as error:
            faults.append(Failure(str(path), str(error)))
    return cases, faults


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return path.read_text(encoding="cp1252", errors="replace")
