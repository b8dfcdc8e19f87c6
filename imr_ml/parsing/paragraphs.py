"""Where a paragraph begins, in text whose paragraphs extraction ran together."""

from __future__ import annotations

import re

from imr_ml.parsing.landmarks import Squeezed

# A rationale's last words, run into the next item's heading without the line end that divided them.
_GLUED = re.compile(r"[.!?](?<=[a-z)\"'].)[\"')\]]*(?=[A-Z0-9])")
_CONCLUSION = (
    r"(?:necessary|necessity|upheld|overturned|appropriate|supported|indicated|established|certified|"
    r"warranted|recommended|approved|denied|authorized|reasonable)"
)
_CONCLUDED = re.compile(rf"\b{_CONCLUSION}[\"')\]]*[.!?][\"')\]]*\s+(?=[\"(]?[A-Z0-9])")
_SENTENCE_ENDS = (".", "!", "?")
_CLOSING = "\"')]"
_CONCLUDED_UNSTOPPED = re.compile(rf"\b{_CONCLUSION}\Z")
_LONGEST_CONCLUSION = len("recommended") + 1
_OPEN_END = re.compile(r"(?:[,:;(/&+-]|\b(?:and|or|of|for|with|the|to|in|a|an|at|by|per|x|times|DOS))\Z")
_LONGEST_OPEN_END = len("times") + 1
# No request begins so.
_GOES_ON = re.compile(
    r"[&+/(),;#]|- ?\d|[\d./]+ ?(?:mg|mcg|gm?|ml|%),? *(?:#|\d|tab|cap|x\b|:|qty|quantity)", re.IGNORECASE
)
_SHORT_LINE = 0.7


def paragraph_start(page: Squeezed, floor: int, end: int, *, in_full_lines: bool = True) -> int:
    """Find where the paragraph that ends at a place begins.

    Lines are taken upwards as long as they run on: until a line that ends a sentence, a blank line, or a line
    broken long before its end.

    Parameters
    ----------
    page : Squeezed
    floor, end : int
        The paragraph lies in ``page.text[floor:end]``.
    in_full_lines : bool
        Whether a short line ends a paragraph.

    Returns
    -------
    int
        ``floor <= start <= end``.
    """
    text = page.text
    begin = text.rfind("\n", floor, end) + 1 or floor
    while begin > floor:
        previous = text.rfind("\n", floor, begin - 1) + 1 or floor
        if previous == begin - 1 and previous > floor:
            # A blank line divides paragraphs, but for one that a page's end left inside a phrase.
            above = text.rfind("\n", floor, previous - 1) + 1 or floor
            if not _OPEN_END.search(text[above : previous - 1]):
                break
            previous = above
        elif _ends_paragraph(text[previous : begin - 1], text[begin:end], page if in_full_lines else None):
            break
        begin = previous
    return _after_last_sentence(text, begin, end)


def _ends_paragraph(line: str, following: str, page: Squeezed | None) -> bool:
    if not following.strip(" \n:"):
        return False
    if not line or line.rstrip(_CLOSING).endswith(_SENTENCE_ENDS):
        return True
    # Where only the end can match, searching there is far cheaper.
    if following[0].islower() or _OPEN_END.search(line, max(0, len(line) - _LONGEST_OPEN_END)):
        return False
    if _CONCLUDED_UNSTOPPED.search(line, max(0, len(line) - _LONGEST_CONCLUSION)):
        return True
    return page is not None and len(line) < _SHORT_LINE * page.width and not _GOES_ON.match(following)


def _after_last_sentence(text: str, begin: int, end: int) -> int:
    heading = text[begin:end]
    if not any(stop in heading for stop in ".!?"):
        return begin
    for pattern in (_GLUED, _CONCLUDED):
        found = list(pattern.finditer(text, begin, end))
        if found:
            begin = found[-1].end()
    return begin


_SENTENCE = re.compile(r"(?<![A-Z])(?<!Dr)(?<!vs)(?<!No)[.!?][\"')\]]*\s+(?=[\"(]?[A-Z0-9])")


def last_sentence(text: str, begin: int, end: int) -> int:
    """Find where the last sentence before a place begins, at `begin` where there is but one.

    >>> last_sentence("It is not supported. Norco 10/325mg #60: ", 0, 41)
    21
    """
    found = list(_SENTENCE.finditer(text, begin, end))
    return found[-1].end() if found else begin
