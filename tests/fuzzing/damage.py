"""Damage done to invented letters, and what must hold of whatever is then read."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from imr_ml.errors import ReadError
from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter
from imr_ml.parsing.dates import with_digits
from imr_ml.reading import read_text
from imr_ml.resources import read_rows
from imr_ml.rows import letter_rows

LETTERS = Path(__file__).parents[1] / "letters"

Below = Callable[[int], int]
"""Gives a whole number from 0 to one less than its argument; where it comes from is the caller's affair."""

SNIPPETS = (
    "\f",
    "\n",
    " ",
    "\u00a0",
    "\u200b",
    "\ufffd",
    "\x00",
    "-\n",
    "Page 2 of 5\n\f",
    ": Upheld\n",
    ": Overturned\n",
    "Upheld",
    "OVERTURNED",
    " is medically necessary and appropriate.",
    " is notmedically necessary",
    " not ",
    "Claims Administrator guideline: ",
    "MAXIMUS guideline: ",
    "Decision rationale: ",
    "CLINICAL CASE SUMMARY\n",
    "IMR ISSUES, DECISIONS AND RATIONALES\n",
    "The Final Determination was based on decisions for the disputed items/services set forth below:\n",
    "HOW THE IMR FINAL DETERMINATION WAS MADE\n",
    "IMR DECISION(S) AND RATIONALE(S)\n",
    "DOCUMENTS REVIEWED\n",
    "1. The request for ",
    "2) MAXIMUS Federal Services, Inc. has determined the request for ",
    "1) Regarding the request for ",
    "Notice of Independent Medical Review Determination\n",
    "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE:\n",
    "Case Number: CM16-1234567\n",
    "Date of Injury: 02/30/2015 ",
    "99 year old ",
    "999-year-old female male ",
    "State(s) of Licensure: ",
    " was the original request. ",
    " was authorized by the Claims Administrator. ",
    "The remaining IMR eligible portion of the original request, ",
    " is: ",
    "Ⅷ½ǅ\u0130ﬃ",
    "\U0001d54f",
    "\u202e",
    "a\u0301" * 40,
)


@cache
def letter_texts() -> tuple[str, ...]:
    """The texts of all invented letters."""
    paths = sorted(LETTERS.glob("*.txt"))
    return tuple(read_text(path) for path in paths if path.read_bytes().strip())


def damaged(below: Below, *, most: int = 8) -> str:
    """Take a letter and do up to `most` things to it."""
    texts = letter_texts()
    text = texts[below(len(texts))]
    for _ in range(below(most + 1)):
        text = _STEPS[below(len(_STEPS))](text, below)
    return text


def _place(text: str, below: Below) -> int:
    return below(len(text) + 1)


def _piece(text: str, below: Below, most: int) -> tuple[int, int]:
    start = _place(text, below)
    return start, min(len(text), start + below(most))


def _insert(text: str, below: Below) -> str:
    at = _place(text, below)
    return text[:at] + SNIPPETS[below(len(SNIPPETS))] + text[at:]


def _remove(text: str, below: Below) -> str:
    start, end = _piece(text, below, 400)
    return text[:start] + text[end:]


def _repeat(text: str, below: Below) -> str:
    start, end = _piece(text, below, 600)
    return text[:end] + text[start:end] * (1 + below(4)) + text[end:]


def _move(text: str, below: Below) -> str:
    start, end = _piece(text, below, 600)
    rest = text[:start] + text[end:]
    at = _place(rest, below)
    return rest[:at] + text[start:end] + rest[at:]


def _truncate(text: str, below: Below) -> str:
    return text[: _place(text, below)]


def _behead(text: str, below: Below) -> str:
    return text[_place(text, below) :]


def _splice(text: str, below: Below) -> str:
    texts = letter_texts()
    other = texts[below(len(texts))]
    return text[: _place(text, below)] + other[_place(other, below) :]


def _change_case(text: str, below: Below) -> str:
    start, end = _piece(text, below, 300)
    change = (str.upper, str.lower, str.title, str.swapcase)[below(4)]
    return text[:start] + change(text[start:end]) + text[end:]


def _change_sign(text: str, below: Below) -> str:
    at = _place(text, below)
    return text[:at] + chr((below(0x250), below(0x10000), 32 + below(95))[below(3)]) + text[at + 1 :]


def _respace(text: str, below: Below) -> str:
    start, end = _piece(text, below, 300)
    old, new = ((" ", ""), (" ", "  "), ("\n", " "), (" ", "\n"), ("\n", "\n\n"), ("e", "e "))[below(6)]
    return text[:start] + text[start:end].replace(old, new) + text[end:]


_STEPS: Sequence[Callable[[str, Below], str]] = (
    _insert,
    _remove,
    _repeat,
    _move,
    _truncate,
    _behead,
    _splice,
    _change_case,
    _change_sign,
    _respace,
)


def read_or_refused(text: str) -> Letter | None:
    """Read a text and check what must hold of every letter; None where it is refused as no letter."""
    try:
        letter = parse_letter(text, source="damaged.txt")
    except ReadError:
        return None
    check_letter(letter, text)
    return letter


def check_letter(letter: Letter, text: str) -> None:
    """Check that a letter can be stored, keeps its places, and says nothing that its text does not say."""
    json.dumps(letter.to_dict()).encode()
    pickle.dumps(letter)
    without_words = [number for number, item in enumerate(letter.items, start=1) if not item.request.strip()]
    assert len(letter_rows(letter)) == len(letter.items) - len(without_words)
    assert all(f"item {number}: no words in its request" in letter.warnings for number in without_words)
    spans = [span for part in (letter, *letter.items) for span in part.spans.values()]
    assert all(0 <= span.start <= span.end <= len(letter.text) for span in spans)
    for item in letter.items:
        # The outcome stands where its place says; in layout D it may be told in any words.
        if item.outcome and letter.layout != "D":
            place = item.spans["outcome"]
            said = _squeezed(letter.text[place.start : place.end + 1])  # a last "rn" counts as one letter
            assert any(form in said for form in _forms(item.outcome)), item.outcome
    for item in letter.items:
        if place := item.spans.get("outcome"):
            # The heading of layout D says "not medically necessary" whatever was decided.
            assert "rationale for why" not in " ".join(letter.text[place.start : place.end].lower().split())
    if letter.case_number:
        # "CM16-00I1001" is one as a scanner read it.
        written = {re.sub("[^0-9]", "", one) for one in (text, with_digits(text))}
        assert any(re.sub("[^0-9]", "", letter.case_number) in digits for digits in written)
    assert letter.age_years is None or 0 <= letter.age_years <= 120


_NEGATIVE = ("negation", "unnecessary")
_SAID = {
    "upheld": (
        *("upheld", "uphold"),
        *(row["phrase"] for row in read_rows("layouts/statements.csv") if row["kind"] in _NEGATIVE),
    ),
    # However it is misspelled.
    "overturned": (
        "overturn",
        *(row["phrase"] for row in read_rows("layouts/statements.csv") if row["kind"] == "necessary"),
    ),
}
_LIKE = str.maketrans("i1|!0c", "lllloe")


def _squeezed(text: str) -> str:
    """The letters of a text only, those that scanners take for each other made alike."""
    return re.sub("[^a-z]", "", text.lower().translate(_LIKE))


def _forms(outcome: str) -> set[str]:
    """What says an outcome, also with m for rn or rn for m."""
    words = map(_squeezed, _SAID[outcome])
    return {form for word in words for form in (word, word.replace("rn", "m"), word.replace("m", "rn"))}
