"""Files, folders and archives to letters, or straight to an items table."""

from imr_ml.reading.letters import Failure, iter_letters, read_letter, read_letters
from imr_ml.reading.table import ReadingSummary, read_to_table
from imr_ml.reading.text import read_text

__all__ = [
    "Failure",
    "ReadingSummary",
    "iter_letters",
    "read_letter",
    "read_letters",
    "read_text",
    "read_to_table",
]
