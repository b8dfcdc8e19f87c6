"""The disputed items of a letter: request, outcome, guidelines and rationale of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from imr_ml.letter import DisputedItem, Outcome, Span
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.parsing.paragraphs import paragraph_start
from imr_ml.parsing.requests import Request, fold, read_request

PARTS = ("claims_administrator_guideline", "reviewer_guideline", "rationale")


class Label(NamedTuple):
    """A part's label: where it begins and ends in the text."""

    start: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class Head:
    """An item's heading: where its request ends and its parts begin, and its outcome."""

    request_end: int
    end: int
    outcome: Outcome | None
    outcome_span: Span | None


_OUTCOMES: tuple[tuple[bytes, Outcome], ...] = (
    (b"upheld", "upheld"),
    (b"overturned", "overturned"),
    (b"overtumed", "overturned"),
)


def read_items(
    page: Squeezed, layout: str, start: int, width: int, *, begins_with_request: bool
) -> list[DisputedItem]:
    """Read the items that follow a place.

    Parameters
    ----------
    page : Squeezed
    layout : str
    start : int
        Offset in the text, after the section's introduction where there is one.
    width : int
        Length of full lines.
    begins_with_request : bool
        Whether the first request begins at `start`, or somewhere after it.

    Returns
    -------
    list of DisputedItem
        In the order of the letter.
    """
    text = page.text
    labels = find_labels(page, layout, start)
    heads = find_heads(page, labels, start)
    begins = []
    floor = start
    for number, head in enumerate(heads):
        if number == 0 and begins_with_request:
            begins.append(start)
        else:
            begins.append(request_start(text, floor, head.request_end, width))
        until = heads[number + 1].request_end if number + 1 < len(heads) else len(text)
        floor = max([head.end, *(label.end for label in labels if head.end <= label.start < until)])
    ends = [*begins[1:], len(text)]
    return [
        _item(text, read_request(text, begin, head.request_end), head, _own(labels, head.end, end), end)
        for begin, head, end in zip(begins, heads, ends, strict=True)
    ]


def _own(labels: list[Label], start: int, end: int) -> list[Label]:
    return [label for label in labels if start <= label.start < end]


def _item(text: str, request: Request, head: Head, labels: list[Label], end: int) -> DisputedItem:
    spans = {"request": request.span}
    if head.outcome_span:
        spans["outcome"] = head.outcome_span
    for name, part in (("original_request", request.original), ("authorized_request", request.authorized)):
        if part:
            spans[name] = part[1]
    values: dict[str, str] = {}
    for label, following in zip(labels, [*(label.start for label in labels[1:]), end], strict=True):
        span = _stripped(text, label.end, following)
        if span.start < span.end and label.part not in values:
            values[label.part] = fold(text[span.start : span.end])
            spans[label.part] = span
    return DisputedItem(
        request=request.request,
        outcome=head.outcome,
        original_request=request.original[0] if request.original else None,
        authorized_request=request.authorized[0] if request.authorized else None,
        prefixes=request.prefixes,
        service_dates=request.service_dates,
        spans=spans,
        **values,
    )


_LABEL_TAIL = re.compile(r"(?:'?s)?(?:\(s\))?\s{0,3}[:;.]?\s*")


def find_labels(page: Squeezed, layout: str, start: int) -> list[Label]:
    """Find the labels of the items' parts, in the order of the text."""
    first = page.place(start)
    labels = []
    for part in PARTS:
        for begin, end in page.find_all(landmarks(part, layout), first):
            tail = _LABEL_TAIL.match(page.text, page.end(end))
            after = tail.end() if tail else page.end(end)
            if ":" in page.text[page.end(end) : after] or page.stands_free(begin):
                labels.append(Label(page.start(begin), after, part))
    return sorted(set(labels))


def find_heads(page: Squeezed, labels: list[Label], start: int) -> list[Head]:
    """Find the ends of the items' headings: an outcome after a colon, or a first label without one."""
    heads = []
    taken = set()
    text = page.text
    starts = {page.place(label.start): label for label in labels}
    for word, outcome in _OUTCOMES:
        for begin, end in page.find_all((word,), page.place(start)):
            at, after = page.start(begin), page.end(end)
            if _is_decision(text, at, after, labelled=end in starts):
                heads.append(Head(at, after, outcome, Span(at, after)))
                taken.add(end)
    for place, label in starts.items():
        if label.part == "claims_administrator_guideline" and place not in taken:
            heads.append(Head(label.start, label.start, None, None))
    return sorted(heads, key=lambda head: head.request_end)


_DECISION_BEFORE = re.compile(r"[:;–-]\s*\Z")
_DECISION_AFTER = re.compile(r"[ .]{0,3}(?:\n|\Z)")


def _is_decision(text: str, at: int, after: int, *, labelled: bool) -> bool:
    before = text[max(0, at - 8) : at]
    marked = _DECISION_BEFORE.search(before) is not None
    if labelled:
        return marked or (text[at].isupper() and before.rstrip()[-1:] not in (".", "!", "?"))
    return marked and _DECISION_AFTER.match(text, after) is not None


_IS_MODIFIED = re.compile(
    r"remaining\s+(?:IMR[\s-]+eligible\s+)?portion|the\s+original\s+request\s*,", re.IGNORECASE
)
_BEGINS_MODIFIED = re.compile(
    r"(?:was|were)\s+the\s+original\s+request|leaving\s+the\s+original\s+request", re.IGNORECASE
)
_REACH = 1500


def request_start(text: str, floor: int, end: int, width: int) -> int:
    """Find where the heading that ends at a place begins, behind the rationale of the item before it."""
    floor = max(floor, end - 4000)
    begin = paragraph_start(text, floor, end, width)
    if _IS_MODIFIED.search(text, begin, end) and not _BEGINS_MODIFIED.search(text, begin, end):
        above = list(_BEGINS_MODIFIED.finditer(text, max(floor, begin - _REACH), begin))
        if above:
            begin = paragraph_start(text, floor, above[-1].start(), width)
    return begin


def _stripped(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))
