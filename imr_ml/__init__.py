"""Read California Independent Medical Review letters and predict their outcomes, item by item.

Names are loaded when first used, so that ``import imr_ml`` and ``imr-ml --help`` stay quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imr_ml.backtesting import backtest
    from imr_ml.evaluation import evaluate
    from imr_ml.grounds import find_grounds
    from imr_ml.letter import Case, DisputedItem, Letter
    from imr_ml.precedents import find_precedents
    from imr_ml.predicting import predict
    from imr_ml.reading import read_letter, read_letters
    from imr_ml.saving import load_model, save_model
    from imr_ml.tabulating import items_table, read_items, write_items
    from imr_ml.training import train

__version__ = "0.1.0"

__all__ = [
    "Case",
    "DisputedItem",
    "Letter",
    "backtest",
    "evaluate",
    "facts",
    "find_grounds",
    "find_precedents",
    "items_table",
    "load_model",
    "predict",
    "read_items",
    "read_letter",
    "read_letters",
    "save_model",
    "train",
    "write_items",
]

_ROOMS = {
    "Case": "letter",
    "DisputedItem": "letter",
    "Letter": "letter",
    "backtest": "backtesting",
    "evaluate": "evaluation",
    "facts": "extracting",
    "find_grounds": "grounds",
    "find_precedents": "precedents",
    "items_table": "tabulating",
    "load_model": "saving",
    "predict": "predicting",
    "read_items": "tabulating",
    "read_letter": "reading",
    "read_letters": "reading",
    "save_model": "saving",
    "train": "training",
    "write_items": "tabulating",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'imr_ml' has no attribute {name!r}")
    return getattr(import_module(f"imr_ml.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
