"""The facts of a letter at their places in its text, for a person to check."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from imr_ml.extracting.citations import Citation, parse_citations
from imr_ml.extracting.grammar.sentences import split_sentences
from imr_ml.extracting.items.answers import Answer, answers, claim_age, contradictions, in_figures, in_words
from imr_ml.extracting.items.bearing import bearing
from imr_ml.extracting.items.review import ReviewSaid, review_label, review_said, review_sentences
from imr_ml.extracting.lexicon import word_places, words
from imr_ml.extracting.requests.body import body_phrases
from imr_ml.extracting.requests.drugs import Drug
from imr_ml.extracting.requests.quantities import find_measure, plain_numbers
from imr_ml.extracting.requests.request import RequestFacts, read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment, request_phrases
from imr_ml.extracting.summaries.judging import judging_sentences
from imr_ml.extracting.summaries.summary import Finding, summary_findings
from imr_ml.extracting.summaries.tables import read_whole
from imr_ml.letter import DisputedItem, Letter, Span
from imr_ml.resources import read_rows
from imr_ml.showing import FACT_KINDS, Mark, place_in_summary

_REQUESTED, _DRUG, _SERVICE, _PART, _CITED, _REVIEWED, _JUDGED = (
    FACT_KINDS[name] for name in ("requested", "drug", "service", "part", "citation", "review", "judgement")
)


def letter_marks(letter: Letter) -> list[Mark]:
    """Give the facts of a letter's requests, citations and summary with their places.

    Parameters
    ----------
    letter : Letter

    Returns
    -------
    list of Mark
        As `imr_ml.showing.render_html` takes them.
    """
    marks: list[Mark] = []
    if letter.case_summary and "case_summary" in letter.spans:
        marks += _summary_marks(letter, letter.case_summary)
    for item in letter.items:
        marks += _request_marks(letter, item)
        guideline = item.spans.get("claims_administrator_guideline")
        if guideline:
            marks += _citation_marks(letter.text, guideline)
    return marks


def letter_answers(letter: Letter) -> list[tuple[Answer, ...]]:
    """Hold each item against its guidelines' criteria, as `answers` does, with the places in the letter."""
    found = []
    for number, item in enumerate(letter.items):
        own = answers(
            item.request,
            letter.case_summary or "",
            _others(letter, number),
            item.original_request,
            months_since_injury=claim_age(letter.injury_date, letter.ur_decision_date, letter.received_date),
        )
        found.append(tuple(one._replace(places=_in_letter(letter, one.places)) for one in own))
    return found


def letter_readings(letter: Letter) -> list[list[tuple[str, str]]]:
    """Tell of each item how its request and citation were read, and what of summary and letter bears on it.

    Returns
    -------
    list of list of tuple
        Names and what stands under them, for each item.
    """
    record = read_whole(letter.case_summary or "")
    found = []
    for number, item in enumerate(letter.items):
        facts = read_request_facts(item.request, item.original_request)
        bears = bearing(item.request, record, _others(letter, number), item.original_request)
        cited = map(citation_label, parse_citations(item.claims_administrator_guideline or ""))
        told = {
            "request read as": request_label(item.request, facts),
            "guideline read as": " | ".join(cited),
            "bears on it": "; ".join(
                in_words(name, value)
                for name, value in bears.items()
                if value or not name.startswith(_OF_LETTER)
            ),
        }
        found.append([(name, value) for name, value in told.items() if value])
    return found


# Of other items only what there is: "not so: another item is an opioid" tells nothing.
_OF_LETTER = ("has_", "n_other")


def _others(letter: Letter, number: int) -> list[str]:
    return [item.request for place, item in enumerate(letter.items) if place != number and item.request]


def letter_reviews(letter: Letter) -> list[ReviewSaid]:
    """Tell what utilization review said of each item, as `review_said` does, with places in the letter."""
    said = review_said(
        [item.request for item in letter.items],
        letter.case_summary or "",
        [item.original_request for item in letter.items],
    )
    return [ReviewSaid(_in_letter(letter, one.reasons), _in_letter(letter, one.acts)) for one in said]


def letter_contradictions(letter: Letter) -> list[tuple[str, tuple[Span, ...], tuple[Span, ...]]]:
    """Give what the summary both states and denies, in words, with the sentences of the letter for each."""
    summary = letter.case_summary or ""
    spans = split_sentences(summary)
    found = []
    for one in contradictions(read_whole(summary)):
        stated, denied = (
            _in_letter(letter, [spans[number] for number in numbers]) for numbers in (one.stated, one.denied)
        )
        found.append((one.fact.split("_", 1)[1].replace("_", " "), stated, denied))
    return found


def _in_letter(letter: Letter, places: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(place_in_summary(letter, place.start, place.end) for place in places)


def _request_marks(letter: Letter, item: DisputedItem) -> list[Mark]:
    span = item.spans.get("request")
    if span is None:
        return []
    text = letter.text[span.start : span.end]
    facts = read_request_facts(item.request, item.original_request)
    marks = [Mark(span, _REQUESTED, request_label(item.request, facts))]
    text_words, places = words(text), word_places(text)
    for named in request_phrases().find(text_words):
        place = _within(span, places[named.start][0], places[named.end - 1][1])
        if isinstance(named.entry, Drug):
            label = f"{'; '.join(named.entry.generics)} ({named.entry.drug_class or 'no class of DWC'})"
            marks.append(Mark(place, _DRUG, label))
        elif named.entry.weight != "general":
            label = ": ".join(filter(None, (named.entry.category, named.entry.subcategory)))
            marks.append(Mark(place, _SERVICE, label))
    for part in body_phrases().find(text_words):
        if part.entry:
            place = _within(span, places[part.start][0], places[part.end - 1][1])
            marks.append(Mark(place, _PART, "; ".join(part.entry)))
    return marks


def request_label(request: str, facts: RequestFacts) -> str:
    """Say in one line what a request asks for.

    >>> request = "Physical therapy 2 times a week for 6 weeks, left knee"
    >>> request_label(request, read_request_facts(request))
    'Rehabilitation: PT/OT; 12 sessions; 42 days; knee; left'
    """
    category, subcategory = classify_treatment(request)
    supply = [
        name for name, is_asked in (("rental", facts.is_rental), ("purchase", facts.is_purchase)) if is_asked
    ]
    parts = [
        ": ".join(filter(None, (category, subcategory))) or "no known treatment",
        "; ".join(facts.drug_generics),
        facts.dose_form or "",
        "; ".join(facts.strengths),
        "" if facts.quantity is None else f"{facts.quantity:g} {_unit_of(request, facts, category)}",
        "" if facts.refills is None else f"{facts.refills} refills",
        "" if facts.sessions is None else f"{facts.sessions} sessions",
        "" if facts.duration_days is None else f"{facts.duration_days} days",
        " or ".join(supply),
        "; ".join(facts.body_parts),
        "; ".join(facts.spinal_levels),
        facts.laterality or "",
        f"by {facts.guidance}" if facts.guidance else "",
        f"{facts.contrast} contrast" if facts.contrast else "",
        "with anesthesia" if facts.is_with_anesthesia else "",
        facts.course or "",
        "" if facts.share_in_dispute is None else f"{facts.share_in_dispute:.0%} of the original request",
    ]
    return "; ".join(part for part in parts if part)


def _unit_of(request: str, facts: RequestFacts, category: str | None) -> str:
    """Give in what the quantity is measured; where a part was authorized, the text has that of the whole."""
    plain, is_drug = plain_numbers(request), category == "Pharmaceuticals"
    part = facts.quantity or 0.0
    whole = round(part / (facts.share_in_dispute or 1.0), 3)
    measures = [find_measure(plain, quantity, is_drug=is_drug) for quantity in (part, whole)]
    return measures[0] or measures[1] or "units"


def _citation_marks(text: str, span: Span) -> list[Mark]:
    return [
        Mark(_within(span, cited.start, cited.end), _CITED, citation_label(cited))
        for cited in parse_citations(text[span.start : span.end])
    ]


def citation_label(cited: Citation) -> str:
    """Say in one line what is cited: family and edition, sections, pages.

    >>> citation_label(*parse_citations("MTUS Low Back Complaints, Special Studies Page(s): 303, 308-310."))
    'acoem low back 2004; Special Studies; pages 303, 308-310'
    """
    # In a letter a section may run over the end of a line.
    sections = [" ".join(section.split()) for section in cited.sections]
    pages = f"page{'s' if len(cited.pages) > 1 else ''} {', '.join(cited.pages)}" if cited.pages else ""
    name = " ".join(filter(None, (cited.family, cited.edition)))
    return "; ".join(filter(None, (name, *sections, pages)))


def _summary_marks(letter: Letter, summary: str) -> list[Mark]:
    findings = summary_findings(summary)
    named = {finding.span for finding in findings if finding.kind != "part"}
    marks = [
        Mark(place_in_summary(letter, span.start, span.end), _JUDGED, "judges the record: not used")
        for span in judging_sentences(summary)
    ]
    marks += [
        Mark(place_in_summary(letter, span.start, span.end), _REVIEWED, review_label(facts))
        for span, facts in review_sentences(findings).items()
    ]
    for finding in findings:
        # A part within the name of a fact needs no mark of its own.
        if finding.is_judged or finding.kind in ("image", "review"):
            continue
        if finding.kind != "part" or finding.span not in named:
            place = place_in_summary(letter, finding.span.start, finding.span.end)
            marks.append(Mark(place, *_told(finding)))
    return marks


def _told(finding: Finding) -> tuple[str, str, str]:
    """Give the kind of a fact, its name with what belongs to it, and how it is said."""
    kind = FACT_KINDS.get(finding.kind, FACT_KINDS["outcome"])
    is_test = finding.kind == "test"
    status = "normal" if is_test and finding.status == "denied" else finding.status
    said = [finding.fact.replace("_", " ").replace(";", " and ")]
    if is_test and status == "present" and finding.fact not in _named_when_found():
        said.append("positive")
    if finding.value is not None:
        said.append(in_figures(finding.fact, finding.value))
    said += [part for part in (finding.result, finding.drug_class, finding.side, *finding.parts) if part]
    if finding.is_complaint:
        said.append("complained of")
    return kind, ", ".join(said), status


@cache
def _named_when_found() -> frozenset[str]:
    """Give the facts that tests find and other words name too: "weakness" needs no "positive"."""
    rows = read_rows("lexicons/summary_facts.csv")
    return frozenset(row["fact"] for row in rows if row["kind"] == "finding")


def _within(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end)
