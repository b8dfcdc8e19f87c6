"""The exceptions of imr-ml: each message names the file or row, what was wrong and what to do."""


class ImrError(Exception):
    """Base of every error that imr-ml raises on purpose."""


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
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


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
