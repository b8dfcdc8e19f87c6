"""What an item's source is called: workers' compensation publishes letters, health plans a table of cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_OF_CASES = {"letter": "case", "letters": "cases", "Letter": "Case", "Letters": "Cases"}
_LETTER = re.compile(rf"\b(?:{'|'.join(_OF_CASES)})\b")
_DATA = ("places", "word", "group")
"""What stands under these names are words of the table, not ours."""


def sources_of(program: str) -> str:
    """Name what the items of a program come from.

    >>> sources_of("dwc"), sources_of("dmhc"), sources_of("dmhc+dwc")
    ('letters', 'cases', 'letters')
    """
    return "cases" if program == "dmhc" else "letters"


def speaking_of(program: str, told: Any) -> Any:
    """Say of cases what is said of letters, where a program has cases.

    Parameters
    ----------
    program : str
        As in ``metrics.json``.
    told : object
        Text, or plain values at any depth; single words, which name things for programs, are kept.

    Examples
    --------
    >>> speaking_of("dmhc", {"letter": "All items of a letter stay together. Letters are drawn."})
    {'letter': 'All items of a case stay together. Cases are drawn.'}
    >>> speaking_of("dwc", "once a letter"), speaking_of("dmhc", ["letter", "letter_id of a row"])
    ('once a letter', ['letter', 'letter_id of a row'])
    """
    if sources_of(program) == "letters":
        return told
    if isinstance(told, str):
        return _LETTER.sub(lambda found: _OF_CASES[found[0]], told) if " " in told else told
    if isinstance(told, Mapping):
        return {name: part if name in _DATA else speaking_of(program, part) for name, part in told.items()}
    return [speaking_of(program, part) for part in told] if isinstance(told, list) else told
