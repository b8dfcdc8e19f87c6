"""Files, folders and archives to letters, or straight to an items table.

Names are loaded when first used: a reading process needs none of what its parent does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {"ReadingSummary": "table", "read_to_table": "table", "read_text": "text"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'imr_ml.reading' has no attribute {name!r}")
    return getattr(import_module(f"imr_ml.reading.{_MODULES.get(name, 'letters')}"), name)
