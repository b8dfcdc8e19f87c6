"""From the text of a letter to its record; each finding keeps its place in the cleaned text."""

from __future__ import annotations

from imr_ml.cleaning import clean
from imr_ml.letter import Letter
from imr_ml.parsing.header import read_header
from imr_ml.parsing.items import read_items
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.parsing.people import read_injury_date, read_represented, read_worker
from imr_ml.parsing.requests import fold
from imr_ml.parsing.reviewer import read_reviewer
from imr_ml.parsing.sections import find_sections

_WIDEST_LINE = 110


def parse_letter(text: str, *, source: str) -> Letter:
    """Read a letter from its text.

    Parameters
    ----------
    text : str
        As extracted: pages divided by form feeds, not yet cleaned.
    source : str
        Name of the file, for the record and for errors.

    Returns
    -------
    Letter
        Spans refer to ``Letter.text``, the cleaned text. What a known layout asks for and the letter lacks is
        named in ``warnings``.

    Raises
    ------
    ReadError
        If the text is not that of an IMR letter; the message names the marks that are missing.
    """
    page = Squeezed(clean(text))
    text = page.text
    sections = find_sections(page, source)
    summary = sections.summary
    facts = read_header(page, sections.layout, sections.header_end)
    read_reviewer(page, sections.layout, *sections.reviewer, facts)
    if summary:
        read_worker(page, summary.start, summary.end, facts)
        read_represented(page, summary.start, summary.end, facts)
        if "injury_date" not in facts.values:
            read_injury_date(page, summary.start, summary.end, facts)
        facts.spans["case_summary"] = summary
    items = read_items(
        page,
        sections.layout,
        sections.items_start,
        min(_WIDEST_LINE, max(map(len, text.split("\n")))),
        begins_with_request=sections.items_begin_with_request,
    )
    return Letter(
        source=source,
        layout=sections.layout_name,
        text=text,
        items=tuple(items),
        case_summary=fold(text[summary.start : summary.end]) if summary else None,
        is_synthetic=page.find_first(landmarks("synthetic", sections.layout)) is not None,
        warnings=(*sections.warnings, *facts.warnings),
        spans=facts.spans,
        **facts.values,
    )
