"""Where the sentences of a summary begin and end."""

from __future__ import annotations

import re
from functools import cache

from imr_ml.letter import Span
from imr_ml.resources import read_rows

_STOP = re.compile(r"([.!?]+[\"'”’)\]]*)(?:\s+|(?=[A-Z][a-z])|(?=[A-Z]\s)|$)")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_WORD = 24
_LONGEST_ABBREVIATION = 6
# Nobody writes such a sentence: text without full stops is cut, so that reading stays linear.
_LONGEST_SENTENCE = 4_000


def split_sentences(text: str) -> tuple[Span, ...]:
    """Find the sentences of a text; line breaks, wherever they fall, change nothing.

    A full stop ends a sentence unless it belongs to an abbreviation ("Dr.", "no. 3"), an initial, a
    number or the mark of a numbered list; one that lost its space ("MTUS.The") ends it too.

    Returns
    -------
    tuple of Span
        In order, without the white space between them; together they hold every other character.

    Examples
    --------
    >>> text = "Seen by Dr. Who for 2.5 hours.Given Tylenol no. 3. Pain is 7/10."
    >>> [text[s.start : s.end] for s in split_sentences(text)]
    ['Seen by Dr. Who for 2.5 hours.', 'Given Tylenol no. 3.', 'Pain is 7/10.']
    """
    return tuple(Span(start, end) for start, end in sentence_bounds(text))


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Give what `split_sentences` does as plain pairs, for callers that read many texts."""
    bounds: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for stop in _STOP.finditer(text):
        end = stop.end()
        if end < len(text) and not _ends(text, start, stop.start(), end):
            continue
        _add(bounds, text, start, stop.end(1))
        start = end
    _add(bounds, text, start, len(text.rstrip()))
    return bounds


def _add(bounds: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while end - start > _LONGEST_SENTENCE:
        last = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE) + 1 or start + _LONGEST_SENTENCE
        bounds.append((start, start + len(text[start:last].rstrip())))
        start = last + len(text[last:end]) - len(text[last:end].lstrip())
    if start < end:
        bounds.append((start, end))


def _ends(text: str, start: int, stop: int, following: int) -> bool:
    if text[stop] != "." or text[max(start, stop - _LONGEST_ABBREVIATION) : stop].isalpha():
        return True
    # Read backwards: searched for from the front, each letter would be tried as the first.
    tail = text[max(start, stop - _LONGEST_WORD) : stop]
    found = _WORD.match(tail[::-1].removeprefix("\n"))
    if found is None:
        return True
    word = found[0][::-1].lower()
    begin = stop - text.endswith("\n", start, stop) - found.end()
    if word.isdigit():
        return bool(text[start:begin].strip())
    before_number, always = _abbreviations()
    if word in before_number:
        return not text[following].isdigit()
    return word not in always and text[begin - 2 : stop].lower() not in ("e.g", "i.e")


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str]]:
    rows = read_rows("lexicons/abbreviations.csv")
    before_number, always = (
        frozenset(row["abbreviation"] for row in rows if row["ends"] == kind)
        for kind in ("before number", "always")
    )
    return before_number, always
