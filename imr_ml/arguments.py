"""What public functions are given, checked in one place: an error says what to give instead."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from imr_ml.errors import CaseError, ImrError, ModelError, TableError
from imr_ml.letter import Case, Letter


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of argument: how it is known, what it is called, how to come by it, and the error without it."""

    fits: Callable[[Any], bool]
    called: str
    advice: str
    error: type[ImrError] = ImrError


def check_kind(value: Any, kind: str, *, about: str) -> None:
    """Refuse an argument of another kind than a function takes.

    Parameters
    ----------
    value : object
    kind : str
        One of `_KINDS`.
    about : str
        The parameter.

    Raises
    ------
    ImrError
        Of the class that the function raises for that argument; the message says what to give instead.

    Examples
    --------
    >>> check_kind(3, "number", about="error_rate")
    >>> check_kind("3", "number", about="error_rate")
    Traceback (most recent call last):
    imr_ml.errors.ImrError: error_rate must be a number, not the text '3'
    """
    wanted = _KINDS[kind]
    if not wanted.fits(value):
        advice = f"; {wanted.advice}" if wanted.advice else ""
        raise wanted.error(f"must be {wanted.called}, not {_described(value)}{advice}", about=about)


def check_whole(value: Any, *, about: str, least: int, error: type[ImrError] = ImrError) -> None:
    """Refuse what is no whole number, or one below `least`."""
    check_kind(value, "whole number", about=about)
    if value < least:
        raise error(f"must be {least} or more, not {value}", about=about)


def as_several(value: Any) -> list[Any]:
    """Give several things, of which one may stand alone: a text, a path, a case, a table is one thing.

    >>> as_several("letter"), as_several(("letter", "time")), as_several(None)
    (['letter'], ['letter', 'time'], [None])
    """
    is_one = isinstance(value, str | bytes | Mapping) or hasattr(value, "iloc")  # what pandas has
    return [value] if is_one or not isinstance(value, Iterable) else list(value)


def _described(value: Any) -> str:
    """Tell what was given, in the words of someone who gave it."""
    if isinstance(value, str):
        return f"the text {value if len(value) <= 60 else value[:60] + '...'!r}"
    if value is None:
        return "None"
    if isinstance(value, os.PathLike):
        return f"the path {os.fspath(value)!r}"
    if type(value).__name__ == "Series":
        return "a Series; df[[...]] and df.loc[[...]] keep one column or row a table"
    if isinstance(value, bool | Real):
        return repr(value)
    return f"a {type(value).__name__}"


def _is_table(value: Any) -> bool:
    import pandas as pd  # readers of letters never need it

    return isinstance(value, pd.DataFrame)


def _is_model(value: Any) -> bool:
    from imr_ml.model import OutcomeModel

    return isinstance(value, OutcomeModel)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


_KINDS = {
    "table": _Kind(
        _is_table,
        "an items table (a DataFrame)",
        "read_items reads one from a file, items_table makes one of letters",
        TableError,
    ),
    "model": _Kind(_is_model, "a model", "train makes one, load_model loads one from its folder", ModelError),
    # Of what can be scored, more than models of this package: whatever predicts.
    "scorer": _Kind(
        lambda value: hasattr(value, "predict_proba") and hasattr(value, "has_seen"),
        "a model",
        "train makes one, load_model loads one from its folder",
        ModelError,
    ),
    "letter": _Kind(
        lambda value: isinstance(value, Letter),
        "one Letter or several",
        "read_letter reads one; read_letters gives several, and beside them a list of failures",
        TableError,
    ),
    "asked": _Kind(
        lambda value: isinstance(value, Letter | Case | Mapping),
        "a Letter, a case (a dict with 'items', or a Case), several of them, or an items table",
        "read_letter reads a letter, read_items an items table",
        CaseError,
    ),
    "evaluation": _Kind(lambda value: hasattr(value, "save_into"), "an Evaluation", "evaluate gives one"),
    "fit": _Kind(callable, "a function of items and a seed that gives a model", ""),
    "name": _Kind(lambda value: isinstance(value, str), "a name, or several", ""),
    "path": _Kind(
        lambda value: isinstance(value, str | os.PathLike),
        "the name of a file or folder (a str or Path)",
        "",
    ),
    "number": _Kind(lambda value: isinstance(value, Real) and not isinstance(value, bool), "a number", ""),
    "whole number": _Kind(_is_whole, "a whole number", ""),
    # "no" and 0 would be taken for True and False by chance.
    "switch": _Kind(lambda value: type(value).__name__ in ("bool", "bool_"), "True or False", ""),
}
