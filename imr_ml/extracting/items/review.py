"""What utilization review said of each item, as far as the summary tells it: its reasons, or its decision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from imr_ml.extracting.care.decided import REVIEW_ACTS
from imr_ml.extracting.grammar.words import CARE
from imr_ml.extracting.items.about import ItemScope, unnamed_care
from imr_ml.extracting.items.bearing import ADJUNCT, OPERATIONS, covered_parts, item_scope
from imr_ml.extracting.lexicon import words
from imr_ml.extracting.requests.request import read_request_facts
from imr_ml.extracting.requests.treatments import Category, Service, classify_treatment, request_phrases
from imr_ml.extracting.summaries.summary import Finding, summary_findings
from imr_ml.extracting.summaries.tables import column_of, read_whole
from imr_ml.letter import Span
from imr_ml.resources import read_rows

# "denied the MRI due to no red flags; no muscle spasm to support the use of Norflex": a reason for each item.
_CLAUSE_END = re.compile(
    r";\s*(?:and\s+)?"
    r"|,\s+(?:(?:and|or|as well as)\s+)?(?=(?:no|not|lack\w*|insufficient|absence|absent|without"
    r"|non-?certification|denial|modification|the request|there|it (?:was|is))\b)"
    r"|\s+and\s+(?=(?:the request|non-?certification|denial|modification)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3
_BEFORE_REASON = re.compile(
    r"\b(?:due to|because|since|given|secondary to|based (?:up)?on|on the (?:basis|grounds)"
    r"|(?:as|noting|stating|citing) (?:there|the|a|an|no|lack|it|he|she)|that there|for lack|no|not|lack)\b",
    re.IGNORECASE,
)
# What is asked for, among reasons: "no findings to warrant the MRI".
_BEFORE_ASKED = re.compile(
    r"\b(?:support|warrant|justify|require|substantiate|request(?:ed)?|need|necessity|use|indication|approve)\b",
    re.IGNORECASE,
)
_GIVES_REASON = re.compile(r"\b(?:due to|because|on the (?:basis|grounds))\b", re.IGNORECASE)
_NAMES_REQUEST = re.compile(r"\brequests? for\b", re.IGNORECASE)


class ReviewSaid(NamedTuple):
    """Where a summary tells what utilization review said of an item.

    Parameters
    ----------
    reasons : tuple of Span
        Sentences of the summary, or parts of them, that give a reason.
    acts : tuple of Span
        Those that tell of a denial or modification without a reason.
    """

    reasons: tuple[Span, ...] = ()
    acts: tuple[Span, ...] = ()

    @property
    def told(self) -> tuple[Span, ...]:
        """The reasons, or where there is none the first sentence that tells of the decision."""
        return self.reasons or self.acts[:1]


def review_said(
    requests: Sequence[str], summary: str, originals: Sequence[str | None] | None = None
) -> list[ReviewSaid]:
    """Tell for each item of a letter what utilization review said of it.

    A reason belongs to the items whose treatment it names; where it names none, to those of the sentence
    before it, and at first to all.

    Parameters
    ----------
    requests : sequence of str
        Of one letter.
    summary : str
    originals : sequence of (str or None), optional
        What was asked for, where a part of it was authorized.

    Examples
    --------
    >>> summary = "Utilization review denied the MRI due to no red flags; no gain to support Norco."
    >>> said = review_said(["Norco 10/325mg #60", "MRI of the left knee"], summary)
    >>> [[summary[place.start : place.end] for place in one.reasons] for one in said]
    [['no gain to support Norco.'], ['Utilization review denied the MRI due to no red flags']]
    """
    if not any(fact.startswith("is_ur_") for fact in read_whole(summary).said):
        return [ReviewSaid() for _ in requests]
    findings = summary_findings(summary, of_review_only=True)
    items = [_Item.of(*pair) for pair in zip(requests, originals or [None] * len(requests), strict=True)]
    reasons: list[list[Span]] = [[] for _ in items]
    acts: list[list[Span]] = [[] for _ in items]
    about: frozenset[int] = frozenset(range(len(items)))
    for sentence, facts in review_sentences(findings).items():
        inside = [one for one in findings if one.sentence == sentence and one.kind != "review"]
        told = _where_told(facts, summary[sentence.start : sentence.end])
        of: dict[int, list[Span]] = {}
        for clause in _clauses(summary, sentence):
            about = _named(items, summary, clause, inside, about)
            for number in about:
                of.setdefault(number, []).append(clause)
        if told is not None:
            for number, clauses in of.items():
                (reasons if told else acts)[number] += _joined(clauses)
    said = [ReviewSaid(tuple(why), tuple(what)) for why, what in zip(reasons, acts, strict=True)]
    operations = [one for one, item in zip(said, items, strict=True) if item.category in OPERATIONS]
    return [
        # What goes with an operation falls with it.
        operations[0] if operations and not any(one) and item.category == ADJUNCT else one
        for one, item in zip(said, items, strict=True)
    ]


def _where_told(facts: Sequence[str], sentence: str) -> bool | None:
    """Tell whether a sentence gives a reason or tells of a denial only; None for one that does neither."""
    if set(facts) == {"ur_approved"}:
        return None
    if not REVIEW_ACTS.keys() >= set(facts) or _GIVES_REASON.search(sentence):
        return True
    return False if facts else None


def review_sentences(findings: Iterable[Finding]) -> dict[Span, tuple[str, ...]]:
    """Give the sentences in utilization review's words, each with what they tell of its decision."""
    found: dict[Span, dict[str, None]] = {}
    for finding in findings:
        if finding.kind == "review" or finding.status == "quoted":
            facts = found.setdefault(finding.sentence, {})
            if finding.kind == "review" and finding.status == "present":
                facts[finding.fact] = None
    return {sentence: tuple(facts) for sentence, facts in found.items()}


def review_label(facts: Sequence[str]) -> str:
    """Say what a sentence tells of utilization review.

    >>> review_label(["ur_denied", "ur_no_deficit"])
    'utilization review: denied; found no red flag or neurological deficit'
    """
    told = [REVIEW_ACTS.get(fact) or _reasons()[fact] for fact in facts]
    return f"utilization review: {'; '.join(told)}" if told else "utilization review's words"


@cache
def _reasons() -> dict[str, str]:
    return {
        row["fact"]: row["meaning"].removeprefix("utilization review ")
        for row in read_rows("lexicons/summary_ur_reasons.csv")
    }


class _Item(NamedTuple):
    """What names an item: its drugs, care and parts of the body, the kinds of its treatment."""

    scope: ItemScope
    category: Category
    kinds: frozenset[Category]
    form: str | None

    @classmethod
    def of(cls, request: str, original: str | None) -> _Item:
        category = classify_treatment(request)
        named = {kind for kind, weight in _services(request) if weight in _WEIGHTY}
        form = read_request_facts(request, original).dose_form
        return cls(item_scope(request, original), category, frozenset((category, *named)), form)


_WEIGHTY = ("service", "decisive")


def _services(text: str) -> list[tuple[Category, str]]:
    """Give the kinds of treatment that words name, each with its weight."""
    named = [one.entry for one in request_phrases().find(words(text))]
    return [((one.category, one.subcategory), one.weight) for one in named if isinstance(one, Service)]


def _clauses(summary: str, sentence: Span) -> list[Span]:
    found, start = [], sentence.start
    for cut in _CLAUSE_END.finditer(summary, sentence.start, sentence.end):
        if len(summary[start : cut.start()].split()) >= _FEWEST_WORDS:
            found.append(Span(start, cut.start()))
            start = cut.end()
    return [*found, Span(start, sentence.end)]


def _named(
    items: Sequence[_Item],
    summary: str,
    clause: Span,
    findings: Sequence[Finding],
    before: frozenset[int],
) -> frozenset[int]:
    """Give the items that a clause is about: those named before its reason, else in it, else those before."""
    text = summary[clause.start : clause.end]
    reason = _BEFORE_REASON.search(text)
    turn = clause.start + (reason.start() if reason else len(text))
    head = [one for one in findings if clause.start <= one.span.start < turn]
    if named := _of(items, head, summary[clause.start : turn]):
        return named
    names_another = any(one.kind in CARE and one.fact not in _IN_GENERAL for one in head)
    if names_another or (len(items) > 1 and _NAMES_REQUEST.search(summary, clause.start, turn)):
        return frozenset()
    asked = _BEFORE_ASKED.search(summary, turn, clause.end)
    start = asked.end() if asked else clause.end
    tail = [
        one
        for one in findings
        if turn <= one.span.start < clause.end and (one.kind == "drug" or one.span.start >= start)
    ]
    return _of(items, tail, summary[start : clause.end]) or before


_IN_GENERAL = frozenset(("conservative_care", "medication"))


def _of(items: Sequence[_Item], findings: Sequence[Finding], text: str) -> frozenset[int]:
    """Give the items that findings name with the parts beside them, else those of a kind that words name."""
    drugs = {drug for one in findings if one.kind == "drug" for drug in one.fact.split(";")}
    classes = {column_of(one.kind, one.fact, None) for one in findings if one.kind == "medication"}
    care = [(one.fact, _parts_of(one, findings)) for one in findings if one.kind in CARE]
    care += [("surgery", frozenset()) for one in findings if one.fact == "operation_denied"]
    kinds = {kind for kind, _ in _services(text)}
    found = set()
    for number, item in enumerate(items):
        scope = item.scope
        own_care = scope.care | unnamed_care(scope.care)
        if "injection" in scope.care:
            own_care |= {"steroid_injection"}
        if scope.generics:
            is_own = not scope.generics.isdisjoint(drugs) or not scope.classes.isdisjoint(classes)
        elif not own_care:
            is_own = not item.kinds.isdisjoint(kinds)
        else:
            is_own = any(
                fact in own_care and not (parts and scope.parts and scope.parts.isdisjoint(parts))
                for fact, parts in care
            )
        if is_own:
            found.add(number)
    if not found and not any(fact not in _IN_GENERAL for fact, _ in care):
        found = {number for number, item in enumerate(items) if not item.kinds.isdisjoint(kinds)}
    if not found and not drugs:
        # "The oral suspensions were denied"
        named = set(words(text))
        found = {number for number, item in enumerate(items) if item.form in named}
    return frozenset(found)


def _parts_of(care: Finding, findings: Sequence[Finding]) -> frozenset[str]:
    """Give the parts of the body that stand beside care: "cervical MRI", "MRI of the neck and left arm"."""
    named = [one.fact for one in findings if one.kind == "part" and 0 <= care.span.start - one.span.end <= 1]
    for one in findings:
        if one.span.start >= care.span.end:
            if one.kind in CARE:
                break
            if one.kind == "part":
                named.append(one.fact)
    return frozenset(covered_parts(tuple(named)))


def _joined(clauses: Sequence[Span]) -> list[Span]:
    """Make one of clauses that follow each other."""
    found: list[Span] = []
    for clause in clauses:
        if found and clause.start - found[-1].end <= _LONGEST_CUT:
            found[-1] = Span(found[-1].start, clause.end)
        else:
            found.append(clause)
    return found


_LONGEST_CUT = 14
