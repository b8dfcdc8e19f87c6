"""Where a summary answers what guidelines ask of an item, and where it contradicts itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from imr_ml.extracting.grammar.sentences import split_sentences
from imr_ml.extracting.items.bearing import (
    BEARING_COLUMNS,
    OF_THE_REQUEST,
    bearing,
    item_scope,
    said_of_item,
    scope_in,
)
from imr_ml.extracting.items.criteria import deciding, joining, judge, left_open, sources
from imr_ml.extracting.summaries.tables import (
    IN_USE,
    SentenceRecord,
    SummaryRecord,
    read_whole,
    record_of,
    sentence_records,
    summary_columns,
)
from imr_ml.letter import Span


class Answer(NamedTuple):
    """A criterion of guidelines, held against request and summary.

    Parameters
    ----------
    criterion, source : str
        What is asked, and by which guideline.
    is_met : bool or None
        Whether it is stated (true) or the contrary is (false); None where neither is.
    places : tuple of Span
        Sentences of the summary that say so; none where the request alone does, or several sentences
        together.
    because : str
        What is known from the request and its letter, or from several sentences together; of a criterion
        left open, all that is stated of it.
    joins : bool
        Whether it joins what other criteria of the item ask one by one.
    """

    criterion: str
    source: str
    is_met: bool | None
    places: tuple[Span, ...]
    because: str = ""
    joins: bool = False

    @property
    def is_open(self) -> bool:
        """Whether an amount is stated that its rules leave undecided, as `left_open` tells it."""
        return self.is_met is None and bool(self.because)


def answers(
    request: str,
    summary: str,
    other_requests: Sequence[str] | None = (),
    original: str | None = None,
    *,
    months_since_injury: float | None = None,
) -> tuple[Answer, ...]:
    """Hold an item against the criteria that guidelines have for its treatment.

    Parameters
    ----------
    request, summary : str
    other_requests : sequence of str or None
        Of the same letter; None where they are not known.
    original : str or None
        What was asked for, where a part of it was authorized.
    months_since_injury : float, optional
        How long the symptoms may have lasted, as `claim_age` gives it. It tells nothing of how long care did.

    Examples
    --------
    >>> summary = "She has low back pain. With Norco she can do chores."
    >>> met = [answer for answer in answers("Norco 10/325mg #60", summary) if answer.is_met]
    >>> met[0].criterion, [summary[place.start : place.end] for place in met[0].places]
    ('function improved with the drug', ['With Norco she can do chores.'])
    """
    record = read_whole(summary)
    bears = bearing(request, record, other_requests, original)
    scope = scope_in(record, item_scope(request, original))
    of_case = {} if months_since_injury is None else {"n_months_since_injury": months_since_injury}
    said = said_of_item(scope, record.sentences, bears) | of_case
    behind, source_of = deciding(scope.keys, said), sources(scope.keys, said)
    behind |= left_open(scope.keys, said)
    # A sentence says so where it does by itself, and the request without any sentence does not.
    without = said_of_item(scope, (), bearing(request, read_whole(""), (), original)) | of_case
    apart: dict[int, dict[str, float]] = {}
    for number, own_records in _sentences(record).items() if behind else ():
        alone = record_of([(False, record.mentioned[number], [])])
        apart[number] = said_of_item(scope, own_records, bearing(request, alone, (), original))
    spans = split_sentences(summary) if behind else ()
    found = []
    for name, is_met in judge(scope.keys, said).items():
        terms = behind.get(name, ())
        places = tuple(
            spans[number]
            for number, own in apart.items()
            if any(term.holds(own) and not term.holds(without) for term in terms)
        )
        known = [term.fact for term in terms if is_met is None or not places or term.fact in OF_THE_REQUEST]
        because = "; ".join(in_words(fact, said[fact]) for fact in dict.fromkeys(known))
        found.append(Answer(name, source_of[name], is_met, places, because, name in joining()))
    return tuple(found)


def in_words(fact: str, value: float) -> str:
    """Say what is known of an item.

    >>> in_words("n_sessions_total", 30.0)
    'visits asked for and known to be had before: 30'
    >>> in_words("is_care_had", 0.0)
    'not so: the same therapy, study, injection, device or operation was had'
    """
    # What the other answers would mean stands behind.
    meaning = re.split(r";| \(true\)| \(false|, from 0 to 1", _meanings()[fact], maxsplit=1)[0]
    if fact.startswith("n_"):
        return f"{meaning}: {in_figures(fact, value)}"
    return meaning if value else f"not so: {meaning}"


@cache
def _meanings() -> dict[str, str]:
    return {**summary_columns(), **BEARING_COLUMNS, **OF_THE_REQUEST, **OF_THE_CASE}


def in_figures(fact: str, value: float) -> str:
    """Write an amount as a page does: to one decimal, a share of pain in percent.

    >>> in_figures("months_of_symptoms", 2.839), in_figures("pain_score", 7.0), in_figures("pain_drop", 0.25)
    ('2.8', '7', '25%')
    """
    return f"{value:.0%}" if fact.endswith(_PAIN_DROP) else f"{round(value, 1):g}"


_PAIN_DROP = "pain_drop"


OF_THE_CASE = {"n_months_since_injury": "months from the injury to utilization review or the application"}
"""What criteria ask of the dates of a case, beside what they ask of its summary and request."""


def claim_age(
    injury: dt.date | None, ur_decision: dt.date | None = None, received: dt.date | None = None
) -> float | None:
    """Give the months from an injury to utilization review's decision, else to the application for review.

    Both are known before a reviewer is; None where a date lacks, or stands before the injury.

    >>> claim_age(dt.date(2016, 1, 1), dt.date(2016, 7, 1))
    6.0
    """
    until = ur_decision or received
    if injury is None or until is None or until < injury:
        return None
    return round((until - injury).days / _DAYS_A_MONTH, 1)


_DAYS_A_MONTH = 30.4


def _sentences(record: SummaryRecord) -> dict[int, list[SentenceRecord]]:
    """Give what each sentence states, by its number, where it states something."""
    found = {
        number: sentence_records(mentions) for number, mentions in enumerate(record.mentioned) if mentions
    }
    return {number: sentences for number, sentences in found.items() if sentences}


class Contradiction(NamedTuple):
    """A fact that a summary both states and denies of the same.

    Parameters
    ----------
    fact : str
        Its column.
    stated, denied : tuple of int
        The sentences, by number from 0.
    """

    fact: str
    stated: tuple[int, ...]
    denied: tuple[int, ...]


def contradictions(record: SummaryRecord) -> tuple[Contradiction, ...]:
    """Find what a summary both states and denies.

    Two sentences contradict each other where both name a part of the body in common or neither names any,
    and they do not speak of different sides or name different drugs or care: "the knee is stable" says
    nothing against "the shoulder is unstable", nor a complaint against what was examined. What a sentence
    both states and denies ("strength is 5/5 but for 4/5 of the wrist") counts as stated; where a fact sums up
    several signs or drugs, one may be and another not.

    Examples
    --------
    >>> record = read_whole("She denies numbness. There is numbness at night.")
    >>> contradictions(record)
    (Contradiction(fact='has_numbness', stated=(1,), denied=(0,)),)
    """
    said = record.said
    mixed = [fact for fact in said if fact in said.mixed and not _is_of_many(fact)] if said.mixed else []
    if not mixed:
        return ()
    # The name of a column has that of the fact in it, but where a drug helped.
    has_drugs = _OF_DRUGS in mixed
    sentences = {
        number: sentence_records(mentions)
        for number, mentions in enumerate(record.mentioned)
        if any(
            (has_drugs and one.kind == "drug") or any(one.fact in fact for fact in mixed) for one in mentions
        )
    }
    found = []
    for fact in mixed:
        true, false = (
            [
                (number, one)
                for number, records in sentences.items()
                for one in records
                if one.said.get(fact) == value
            ]
            for value in (1.0, 0.0)
        )
        complaints = {
            number
            for number in sentences
            if any(one.is_complaint and fact == f"has_{one.fact}" for one in record.mentioned[number])
        }
        pairs = [
            (number, other_number)
            for number, one in true
            for other_number, other in false
            if _is_of_same(one, other)
            and (number in complaints) == (other_number in complaints)
            # One drug may have helped and another not.
            and (fact != _OF_DRUGS or (one.drugs == other.drugs and one.classes == other.classes))
        ]
        both = {number for number, other in pairs if number == other}
        against = [(number, other) for number, other in pairs if other not in both]
        if against:
            stated, denied = (tuple(sorted(set(numbers))) for numbers in zip(*against, strict=True))
            found.append(Contradiction(fact, stated, denied))
    return tuple(found)


_OF_MANY = frozenset(("has_medication", "is_care_helpful", "has_objective_deficit", *IN_USE.values()))
_OF_DRUGS = "is_medication_helpful"


def _is_of_many(fact: str) -> bool:
    """Say whether a fact sums up several signs, drugs, treatments or places: one may be, another not."""
    return fact in _OF_MANY or fact.startswith(("has_drug_", "has_part_")) or fact.endswith("_signs")


def _is_of_same(one: SentenceRecord, other: SentenceRecord) -> bool:
    if bool(one.parts) != bool(other.parts) or (one.parts and one.parts.isdisjoint(other.parts)):
        return False
    if one.side and other.side and one.side != other.side:
        return False
    return not any(
        mine and yours and mine.isdisjoint(yours)
        for mine, yours in ((one.drugs, other.drugs), (one.care, other.care))
    )
