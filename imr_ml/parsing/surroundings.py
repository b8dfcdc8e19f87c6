"""What stands around a letter in its file: a mail's head, a title, a reader's remarks, another letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from imr_ml.letter import DisputedItem, Span
from imr_ml.parsing.conclusions import conclusions
from imr_ml.parsing.header import DATES
from imr_ml.parsing.landmarks import Squeezed, landmarks, layouts, squeeze
from imr_ml.parsing.sections import Sections, spoken_to

_RATIONALE, _SUMMARY = squeeze("rationale"), squeeze("Case Summary")


def find_second_letter(page: Squeezed) -> int | None:
    """Find where another letter begins behind the first: a summary's heading behind a rationale tells it.

    Returns
    -------
    int or None
        Where in the text its header begins, or its first heading.
    """
    at = page.key.find(_SUMMARY, page.key.find(_RATIONALE) + 1)
    reasons = sorted(end for _, end in page.find_all(_of_any_layout("rationale"))) if at >= 0 else []
    while at >= 0:
        after = at + len(_SUMMARY)
        if before := bisect_right(reasons, at):
            last = reasons[before - 1]
            heading = page.find_heading(_of_any_layout("summary"), max(last, at - _LONGEST_LEAD), after)
            if heading:
                own = page.find_all(_of_any_layout(*_HEADER), last, heading[0])
                begins = [heading[0], *(begin for begin, _ in own if page.begins_line(begin))]
                return page.start(min(begins))
        at = page.key.find(_SUMMARY, after)
    return None


_LONGEST_LEAD = len(squeeze("Expert Reviewer Clinical"))


_HEADER = (
    "case_number",
    "priority",
    *DATES,
    "letterhead",
    "title",
    "synthetic",
    "method",
    "decisions",
    "issue",
)


@cache
def _of_any_layout(*parts: str) -> tuple[str, ...]:
    found = {phrase for part in parts for layout in layouts() for phrase in landmarks(part, layout)}
    return tuple(sorted(found))


_FEWEST_LETTERS = 3


def find_foreword(page: Squeezed, sections: Sections) -> Span | None:
    """Find the words before a letter: those before its letterhead, its header and its headings.

    Parameters
    ----------
    page : Squeezed
    sections : Sections

    Returns
    -------
    Span or None
        None where the letter begins with the text.
    """
    own_words = _of_any_layout(*_HEADER)
    first = min((begin for begin, _ in sections.headings.values()), default=0)
    if first < _FEWEST_LETTERS or page.key.startswith(own_words):
        return None
    own = page.find_all(own_words, 0, first)
    begin = min([first, *(place for place, _ in own if page.stands_free(place))])
    if begin < _FEWEST_LETTERS:
        return None
    return Span(0, len(page.text[: page.start(begin)].rstrip()))


_TITLE = re.compile(r"[^a-z\n][^\n]{3,90}[^.,;\n](?:\n\n|\Z)")


def is_titled(page: Squeezed, foreword: Span) -> bool:
    """Say whether the words before a letter are a title's or a mail's, not the end of what a letter says."""
    is_title = _TITLE.match(page.text, 0, foreword.end) is not None
    return is_title or bool(spoken_to(page, page.place(foreword.end)))


_PARAGRAPH_END = re.compile(r"\n\n")
_CONCLUDES_NEAR_END = 40


def without_afterword(
    page: Squeezed, items: Sequence[DisputedItem]
) -> tuple[list[DisputedItem], Span | None]:
    """Leave out of the last rationale the paragraphs that follow the one in which it concludes.

    For letters with words before them only, which somebody put there and may have gone on behind: a letter's
    own rationale may say more once it has concluded, and nothing but its sense tells that from remarks.

    Returns
    -------
    items : list of DisputedItem
    left_out : Span or None
    """
    kept = list(items)
    place = kept[-1].spans.get("rationale") if kept else None
    if place is None or page.text.find("\n\n", place.start, place.end) < 0:
        return kept, None
    for concluded in conclusions(page, place.start, place.end):
        if concluded.outcome != kept[-1].outcome:
            continue
        found = _PARAGRAPH_END.search(page.text, concluded.end, place.end)
        if found is None:
            break
        if found.start() - concluded.end <= _CONCLUDES_NEAR_END:
            spans = dict(kept[-1].spans)
            spans["rationale"] = Span(place.start, found.start())
            kept[-1] = replace(kept[-1], rationale=page.words(place.start, found.start()), spans=spans)
            return kept, Span(found.end(), place.end)
    return kept, None
