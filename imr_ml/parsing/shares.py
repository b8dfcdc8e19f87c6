"""What is granted in part: "for six sessions only", "is modified"; it is neither upheld nor overturned."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from imr_ml.extracting.lexicon import whole_number
from imr_ml.letter import Outcome
from imr_ml.resources import read_rows


def end_if_in_part(text: str, begin: int, at: int, stop: int, outcome: Outcome | None) -> int | None:
    """Give where a request ends on a part of which is decided; None where the decision is on the whole.

    Parameters
    ----------
    text : str
    begin : int
        Where the request begins.
    at, stop : int
        Where the decision's words begin and end.
    outcome : {"upheld", "overturned"} or None
        What they say.
    """
    modified = _pattern("before").search(text, begin, at)
    if modified:
        # "X | is modified: Y is medically necessary"
        return modified.start()
    return at if _is_limited(text, begin, at, stop, outcome) else None


def _is_limited(text: str, begin: int, end: int, stop: int, outcome: Outcome | None) -> bool:
    """Say whether what stands behind a decision in its sentence leaves it but a part of the request."""
    rest = _REST.match(text, stop)
    if rest is None or not rest[0].strip():
        return False
    if outcome == "upheld":
        return _pattern("refused").search(rest[0]) is not None
    return _pattern("behind").search(rest[0]) is not None or grants_fewer(text, begin, end, *rest.span())


def goes_on_with_share(text: str, stop: int, at: int) -> bool:
    """Say whether a second decision, at `at`, is on a share of what the first one decided.

    "Six visits are medically necessary; the other six visits |"
    """
    return _GOES_ON.fullmatch(text, stop, at) is not None


def tells_share(text: str, stop: int, at: int) -> bool:
    """Say whether a decision, at `at`, only tells what was granted of a request that was granted in part.

    "is medically necessary in part: six visits |"
    """
    return _SHARE.fullmatch(text, stop, at) is not None


# Nothing but a share of the same request stands between two decisions.
_GOES_ON = re.compile(
    r"(?:\s+and\s+appropriate)?(?:\s+as\s+(?:requested|written|prescribed|submitted))?\s*[;,.:]\s+"
    r"(?:(?:and|but|while|however,?|instead,?)\s+)?(?:the\s+)?"
    r"(?:other|rest|remain(?:ing|der)|balance|only|up\s+to|a\s+trial|\d{1,3}|two|three|four|five|six|eight|ten|"
    r"twelve)\b[^.:\n]{0,40}(?:\n[^.:\n]{1,40})?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:\s+(?:only\s+)?in\s+part|\s+partially)?\s*(?:[:;,.-][^.\n]{0,60}|and\s[^.:;\n]{0,20})(?:\n[^.\n]{1,80})?",
    re.IGNORECASE,
)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    rows = [row["pattern"] for row in read_rows("layouts/partial_grants.csv") if row["kind"] == kind]
    return re.compile("|".join(rows).replace(" ", r"\s+"), re.IGNORECASE)


# Up to the end of the sentence.
_REST = re.compile(r"(?:[^.;:\n]|\.(?=\d)|\n(?!\n)){1,200}")


def grants_fewer(text: str, begin: int, end: int, clause: int, stop: int) -> bool:
    """Say whether a clause grants fewer units than a request asks for: "Six visits are necessary"."""
    left = _LEFT.search(text, begin, end)
    asked = [int(left[left.lastindex or 0])] if left else []
    asked = asked or [int(number) for number in re.findall(r"\d+", text[begin:end])]
    units = _UNITS.finditer(text, clause, stop)
    granted = [whole_number(match[1].lower()) or 0 for match in units]
    return bool(asked and granted) and max(granted) < min(max(asked), *_products(asked))


def _products(numbers: list[int]) -> list[int]:
    return [first * second for first, second in pairwise(numbers)] or numbers


# "Remaining 4 of 8 visits", "6 authorized, 6 in dispute"
_LEFT = re.compile(
    r"\bremaining\s+(\d+)\b|\b(\d+)\s+(?:\w+\s+)?(?:remaining|(?:(?:are|is)\s+)?in\s+dispute)\b",
    re.IGNORECASE,
)
_UNITS = re.compile(
    r"\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|sixty|ninety)"
    r"(?:\s+\(\d+\))?\s+(?:visits|sessions|treatments|weeks|months|hours|days|tablets|units)\b",
    re.IGNORECASE,
)
