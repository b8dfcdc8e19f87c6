"""The exceptions of imr-ml: each message names the file, row or argument, what was wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping


class ImrError(Exception):
    """Base of every error that imr-ml raises on purpose.

    Parameters
    ----------
    reason : str
        What was wrong and what to do.
    about : str, default=""
        What it was wrong with: a file as the user named it, or the parameter of a public function.

    Examples
    --------
    >>> print(ImrError("must be 1 or more, not 0", about="k"))
    k must be 1 or more, not 0
    """

    def __init__(self, reason: str, *, about: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about

    def __str__(self) -> str:
        return self.told_as({})

    def told_as(self, names: Mapping[str, str]) -> str:
        """Give the message to someone who knows the parameters of Python by other names.

        Parameters
        ----------
        names : mapping of str to str
            Parameters, and what they are called there: an option of a command, the file that was given.

        Examples
        --------
        >>> ImrError("no rows", about="items").told_as({"items": "items.csv"})
        'items.csv: no rows'
        >>> ImrError("ask for both by pool=True").told_as({"pool": "--pool"})
        'ask for both by --pool'
        """

        def told(found: re.Match[str]) -> str:
            name = found["name"]
            # Without an underscore or a value, a parameter's name is a word like any other.
            return names[name] if name in names and ("_" in name or found["on"]) else found[0]

        reason = re.sub(r"\b(?P<name>[a-z]\w*)(?P<on>=True)?", told, self.reason)
        about = names.get(self.about, self.about)
        if not about:
            return reason
        return f"{about} {reason}" if reason.startswith("must ") else f"{about}: {reason}"


def counted(number: int, thing: str) -> str:
    """Write a number of things.

    >>> counted(1, "letter"), counted(2000, "letter")
    ('1 letter', '2,000 letters')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


class ReadError(ImrError):
    """A file could not be read as a letter.

    Parameters
    ----------
    source : str
        The file as the user named it.
    reason : str
        What was wrong and what to do.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(reason, about=source)
        self.args = (source, reason)  # what a process sends to another, and pickle keeps
        self.source = source


class TableError(ImrError):
    """An items table does not have the agreed columns, types or keys."""


class CaseError(ImrError):
    """A case given for prediction lacks what a prediction needs."""


class TrainingError(ImrError):
    """The items cannot teach a model."""


class SplitError(ImrError):
    """Items cannot be divided into teaching and held-out parts as asked."""


class LeakageError(ImrError):
    """An audit found what a model could cheat by, and was asked to be strict."""


class ModelError(ImrError):
    """A saved model cannot be trusted or does not fit this installation."""


class OutputError(ImrError):
    """A result cannot be written where it was asked for."""
