"""From the text of a letter to its record; each finding keeps its place in the cleaned text."""

from __future__ import annotations

from collections.abc import Sequence

from imr_ml.cleaning import clean
from imr_ml.errors import ReadError
from imr_ml.letter import DisputedItem, Letter
from imr_ml.parsing.conclusions import concludes
from imr_ml.parsing.header import Facts, find_case_number, header_behind, read_header
from imr_ml.parsing.items import read_items
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.parsing.notices import read_notice_items
from imr_ml.parsing.people import read_injury_date, read_represented, read_ur_date, read_worker
from imr_ml.parsing.requests import fold_paragraphs
from imr_ml.parsing.reviewer import read_reviewer
from imr_ml.parsing.reviews import read_review_items
from imr_ml.parsing.sections import Sections, find_sections, recognise, without_synthetic_mark
from imr_ml.parsing.surroundings import find_foreword, find_second_letter, is_titled, without_afterword


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
    return finish_letter(find_items(find_facts(begin_letter(clean(text), text, source=source))))


class Draft:
    """A letter as it is found, step by step: its headings, then its facts, then its items."""

    facts: Facts
    items: Sequence[DisputedItem]

    def __init__(
        self,
        source: str,
        text: str,
        page: Squeezed,
        sections: Sections,
        *,
        is_synthetic: bool,
        is_followed: bool,
    ) -> None:
        self.source = source
        self.text = text
        self.page = page
        self.sections = sections
        self.is_synthetic = is_synthetic
        self.is_followed = is_followed


def begin_letter(cleaned: str, text: str, *, source: str) -> Draft:
    """Begin a letter, as `parse_letter` does, from its cleaned text; `text` is what that was cleaned from."""
    page, is_synthetic = without_synthetic_mark(cleaned)
    second = find_second_letter(page)
    if second is not None:
        page = page.pieces([(0, second)])
    layout = recognise(page, source)
    sections = find_sections(page, layout)
    headings = [page.start(begin) for begin, _ in sections.headings.values()]
    behind = header_behind(page, layout, min(headings), max(headings)) if headings else None
    if behind:
        page = page.pieces([(behind, len(page.text)), (0, behind)])
        sections = find_sections(page, layout)
    return Draft(source, text, page, sections, is_synthetic=is_synthetic, is_followed=second is not None)


def find_facts(draft: Draft) -> Draft:
    """Add the facts of a letter that is begun."""
    facts = _read_facts(draft.page, draft.sections)
    if draft.is_followed:
        facts.warnings.append("a second letter follows; only the first was read")
    elif "case_number" not in facts.values and (found := find_case_number(draft.text)):
        # Only a page's footer names the case: it is known, but has no place in the cleaned text.
        facts.values["case_number"] = found[0]
    draft.facts = facts
    return draft


def find_items(draft: Draft) -> Draft:
    """Add the items of a letter whose facts are found."""
    draft.items = _read_items(draft.page, draft.sections, draft.facts)
    return draft


def finish_letter(draft: Draft) -> Letter:
    """Put together what was found of a letter."""
    source, page, sections, facts, items = draft.source, draft.page, draft.sections, draft.facts, draft.items
    layout = sections.layout
    summary = facts.spans.get("case_summary")
    tells_of_a_case = bool(facts.values.keys() & _TELLS_OF_A_CASE)
    foreword = find_foreword(page, sections)
    if items and not tells_of_a_case:
        is_excerpt = not summary and foreword and is_titled(page, foreword)
        if is_excerpt or not any(item.outcome for item in items):
            raise ReadError(
                source,
                f"holds parts of a letter of layout {layout}, but no case: neither dates nor a reviewer, and "
                f"{'a title of its own' if is_excerpt else 'no outcome'}; leave it out",
            )
    if foreword:
        words = page.words(foreword.start, foreword.end)
        facts.warnings.append(f'words before the letter were left out: "{_shortened(words)}"')
        items, afterword = without_afterword(page, items)
        if afterword:
            words = page.words(afterword.start, afterword.end)
            facts.warnings.append(f'words behind the letter were left out: "{_shortened(words)}"')
    if not items and not (summary and tells_of_a_case):
        raise ReadError(
            source,
            f"has headings of layout {layout} but neither disputed items nor a case summary with a header or "
            "a reviewer; if pages are missing, find them, else leave it out",
        )
    return Letter(
        source=source,
        layout=_named(page, layout),
        text=page.text,
        items=tuple(items),
        case_summary=fold_paragraphs(page.text[summary.start : summary.end]) if summary else None,
        is_synthetic=draft.is_synthetic,
        warnings=(*facts.warnings, *_missing(page, layout, items, facts)),
        spans=facts.spans,
        **facts.values,
    )


_LONGEST_QUOTED = 60


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_QUOTED else f"{words[:_LONGEST_QUOTED].rstrip()} ..."


# What letters have, and articles about letters lack.
_TELLS_OF_A_CASE = frozenset(
    (
        *("case_number", "assigned_date", "received_date", "decided_date", "injury_date", "ur_decision_date"),
        *("reviewer_specialties", "reviewer_states", "age_years"),
    )
)


def _named(page: Squeezed, layout: str) -> str:
    """Tell apart the two forms of layout A: A1 has the credentials in prose, A2 in a block, or nowhere."""
    if layout != "A":
        return layout
    if page.holds(landmarks("licensure", layout)) or page.holds(landmarks("specialty", layout)):
        return "A2"
    return "A1" if page.holds(landmarks("licence_in_prose", layout)) else "A2"


def _read_facts(page: Squeezed, sections: Sections) -> Facts:
    text = page.text
    summary = sections.span("summary")
    ends = [sections.start(part) for part in ("method", "reviewer", "summary", "issues", "issue")]
    facts = read_header(
        page, sections.layout, min((end for end in ends if end is not None), default=len(text))
    )
    reviewer = sections.span("reviewer") or sections.span("method")
    if "credentials" in sections.headings and reviewer:
        reviewer = sections.span("credentials") or reviewer
    if reviewer:
        own = "reviewer" in sections.headings
        read_reviewer(page, sections.layout, reviewer.start, reviewer.end, facts, sections_own=own)
    if summary:
        read_worker(page, summary.start, summary.end, facts)
        read_represented(page, summary.start, summary.end, facts)
        if "injury_date" not in facts.values:
            read_injury_date(page, summary.start, summary.end, facts)
        facts.spans["case_summary"] = summary
    for part in (summary, sections.span("documents")):
        if part and "ur_decision_date" not in facts.values:
            read_ur_date(page, part.start, part.end, facts)
    return facts


def _read_items(page: Squeezed, sections: Sections, facts: Facts) -> Sequence[DisputedItem]:
    layout = sections.layout
    end = sections.start("closing")
    end = len(page.text) if end is None else end
    if layout == "C":
        items, warnings = read_notice_items(page, sections, end)
        facts.warnings.extend(warnings)
        return items
    if layout == "D":
        return read_review_items(page, sections)
    issues = sections.span("issues")
    summary = sections.span("summary")
    start = issues.start if issues else summary.start if summary else 0
    # Letters of the change from B to A have the headings of the one and the items of the other.
    for form in ("B", "A") if layout == "B" else ("A", "B"):
        items = read_items(page, form, start, end, begins_with_request=issues is not None)
        if items:
            return items
    return []


_FACTS = {
    "case_number": "case number",
    "injury_date": "date of injury",
    "ur_decision_date": "date of the UR decision",
    "received_date": "date of the application",
    "assigned_date": "date of assignment",
    "decided_date": "date of the decision",
    "priority": "priority",
}
_PARTS = {
    "outcome": "outcome",
    "claims_administrator_guideline": "claims administrator's guideline",
    "reviewer_guideline": "reviewer's guideline",
    "rationale": "rationale",
}
# What the summary may state where the header does not.
_IN_SUMMARY = {"injury_date", "ur_decision_date"}
# What a layout never states is not missed.
_NOT_IN_LAYOUT = {
    "B": ("assigned_date",),
    "C": ("priority",),
    "D": (*_FACTS, "claims_administrator_guideline"),
}


def _missing(page: Squeezed, layout: str, items: Sequence[DisputedItem], facts: Facts) -> list[str]:
    """Name what the layout asks for and the letter lacks, and where heading and rationale disagree."""
    never = _NOT_IN_LAYOUT.get(layout, ())
    warnings = []
    absent = [name for fact, name in _FACTS.items() if fact not in facts.values and fact not in never]
    if absent:
        in_header = len(_FACTS) - len(never) - len(absent) - len(facts.values.keys() & _IN_SUMMARY)
        warnings.append(
            f"no {', no '.join(absent)}" if in_header > 0 else "no header (case number, dates, priority)"
        )
    for fact, name in (("reviewer_specialties", "specialty"), ("reviewer_states", "state of licensure")):
        if fact not in facts.values:
            warnings.append(f"no {name} of the reviewer")
    if "case_summary" not in facts.spans:
        warnings.append("no clinical case summary")
    if not items:
        warnings.append("no disputed items")
    for number, item in enumerate(items, start=1):
        absent = [name for part, name in _PARTS.items() if getattr(item, part) is None and part not in never]
        if absent:
            warnings.append(f"item {number}: no {', no '.join(absent)}")
        if not item.request:
            warnings.append(f"item {number}: no words in its request")
        place = item.spans.get("rationale")
        if place and item.outcome and layout != "D":
            concluded = concludes(page, place.start, place.end)
            if concluded not in (None, item.outcome):
                warnings.append(f"item {number}: {item.outcome}, but its rationale concludes otherwise")
    return warnings
