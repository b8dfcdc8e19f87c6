"""The layout of a letter and where its sections stand."""

from __future__ import annotations

from dataclasses import dataclass

from imr_ml.errors import ReadError
from imr_ml.letter import Span
from imr_ml.parsing.landmarks import Squeezed, landmarks


@dataclass(frozen=True, slots=True)
class Sections:
    """Places in the text: header before `header_end`, credentials in `reviewer`, items from `items_start`."""

    layout: str
    layout_name: str
    header_end: int
    reviewer: tuple[int, int]
    summary: Span | None
    items_start: int
    items_begin_with_request: bool
    warnings: tuple[str, ...]


def find_sections(page: Squeezed, source: str) -> Sections:
    """Find the layout of a letter and its sections.

    Raises
    ------
    ReadError
        If the text is not that of an IMR letter.
    """
    layout = "A"
    heading = page.find_heading(landmarks("summary", layout))
    issues = page.find_heading(landmarks("issues", layout))
    if not heading or not issues:
        missing = [name for name, place in (("summary", heading), ("items", issues)) if not place]
        raise ReadError(source, f"not an IMR letter: no heading of the {' and the '.join(missing)}")
    method = page.find_heading(landmarks("method", layout), 0, heading[0])
    intro = page.find_first(landmarks("summary_intro", layout), heading[1], issues[0])
    items_intro = page.find_first(landmarks("issues_intro", layout), issues[1])
    header_end = page.start((method or heading)[0])
    licensure = page.find_first(landmarks("licensure", layout), 0, heading[0])
    return Sections(
        layout=layout,
        layout_name="A2"
        if licensure or not page.find_first(landmarks("credentials_in_prose", layout))
        else "A1",
        header_end=header_end,
        reviewer=(header_end, page.start(heading[0])),
        summary=_span(page, (intro or heading)[1], issues[0]),
        items_start=page.end((items_intro or issues)[1]),
        items_begin_with_request=items_intro is not None,
        warnings=(),
    )


_EDGES = " \n:;.-"


def _span(page: Squeezed, first: int, last: int) -> Span | None:
    start, end = page.end(first), page.start(last)
    text = page.text[start:end]
    stripped = text.lstrip(_EDGES)
    start += len(text) - len(stripped)
    end = start + len(stripped.rstrip())
    return Span(start, end) if start < end else None
