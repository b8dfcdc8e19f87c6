"""Items of layout C: decisions in a list that stands twice, then the grounds of each under its number."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from imr_ml.letter import DisputedItem, Outcome, Span
from imr_ml.parsing.decisions import find_statements
from imr_ml.parsing.items import Head, Label, find_labels, make_item
from imr_ml.parsing.landmarks import Squeezed, landmarks, squeeze
from imr_ml.parsing.sections import Sections
from imr_ml.parsing.shares import end_if_in_part, goes_on_with_share

_PARTS = (
    *("request", "guidelines", "claims_administrator_guideline", "undisputed", "reviewer_guideline"),
    "rationale",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A line of the list: its number, where its request stands, and what was decided."""

    number: int | None
    begin: int
    end: int
    outcome: Outcome | None
    outcome_span: Span | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What stands under "1) Regarding the request for X:", up to the next."""

    number: int | None
    begin: int
    request_end: int
    end: int
    labels: tuple[Label, ...]


def read_notice_items(page: Squeezed, sections: Sections, end: int) -> tuple[list[DisputedItem], list[str]]:
    """Read the items of layout C, each once, with what was contradictory in words.

    Parameters
    ----------
    page : Squeezed
    sections : Sections
    end : int
        Offset in the text where the last item ends.
    """
    warnings: list[str] = []
    grounds = _find_grounds(page, end)
    headings = sorted(begin for begin, _ in sections.headings.values())
    summary = sections.span("summary")
    decisions = _find_decisions(page, headings, summary, grounds[0].begin if grounds else end)
    decisions = _once_each(page, decisions, sections.start("decisions"), warnings)
    pairs = _matched(page.text, decisions, grounds)
    items = []
    for decision, ground in pairs:
        head = _head(decision, ground)
        begin = decision.begin if decision else ground.begin if ground else 0
        labels = ground.labels if ground else ()
        items.append(make_item(page, begin, head, labels, ground.end if ground else head.end))
    return items, warnings


def _head(decision: Decision | None, ground: Grounds | None) -> Head:
    if decision:
        return Head(decision.end, decision.end, decision.outcome, decision.outcome_span)
    assert ground
    return Head(ground.request_end, ground.request_end)


_NUMBER_BEFORE = re.compile(r"(\d{1,2})\s?[).:]\s*(?:MAXIMUS.{0,40})?\Z", re.IGNORECASE | re.DOTALL)
_LONGEST_REQUEST = 1500


def _number_before(text: str, at: int) -> int | None:
    match = _NUMBER_BEFORE.search(text, max(0, at - 60), at)
    return int(match[1]) if match else None


def _is_quoted(page: Squeezed, begin: int, summary: Span) -> bool:
    """Say whether a sentence of the summary tells of a decision: that of an earlier review."""
    at = page.start(begin)
    if not summary.start < at < summary.end:
        return False
    before = _WHO_DECIDED.sub("", page.text[max(summary.start, at - _LONGEST_NAME) : at]).rstrip()
    return not before.endswith(_BEFORE_DECISION)


_WHO_DECIDED = re.compile(r"MAXIMUS.{0,40}\Z", re.IGNORECASE | re.DOTALL)
_LONGEST_NAME = 80
_BEFORE_DECISION = tuple(".:;)!?")


def _find_decisions(
    page: Squeezed, headings: Sequence[int], summary: Span | None, end: int
) -> list[Decision]:
    """Find the lines of both lists; what a heading divides from a line does not decide it."""
    text = page.text
    last = page.place(end)
    leads = sorted(page.find_all(landmarks("decided", "C"), 0, last))
    leads = [lead for number, lead in enumerate(leads) if not number or lead[0] >= leads[number - 1][1]]
    leads = [lead for lead in leads if not (summary and _is_quoted(page, lead[0], summary))]
    decisions = []
    for number, (begin, after) in enumerate(leads):
        until = min(leads[number + 1][0] if number + 1 < len(leads) else last, after + _LONGEST_REQUEST)
        heading = bisect_left(headings, after)
        until = min(until, headings[heading]) if heading < len(headings) else until
        statements = find_statements(page, after, until)
        statement = statements[0] if statements else None
        start = page.end(after)
        # "the retrospective request for X": when it was asked is the request's own word.
        start = (
            page.text.rfind(kind[0], 0, start)
            if (kind := _KIND.search(text, page.start(begin), start))
            else start
        )
        if statement:
            stop, close = page.start(statement.start), page.end(statement.end)
            part_end = end_if_in_part(text, start, stop, close, statement.outcome)
            in_part = part_end is not None or any(
                second.outcome != statement.outcome
                and goes_on_with_share(text, close, page.start(second.start))
                for second in statements[1:2]
            )
            outcome = None if in_part else statement.outcome
            span = Span(stop, close) if outcome else None
            stop = stop if part_end is None else part_end
        else:
            stop, span, outcome = _line_end(text, start, page.start(until)), None, None
            rest = _UNDECIDED.search(text, max(start, stop - _LONGEST_HOLE), stop)
            stop = rest.start() if rest else stop
        decisions.append(Decision(_number_before(text, page.start(begin)), start, stop, outcome, span))
    return decisions


_KIND = re.compile(r"(?:retro|pro)spective\s+requests?\s+for\Z", re.IGNORECASE)
# "Norco is [REDACTED] and appropriate.": a hole where the decision was.
_UNDECIDED = re.compile(r"\s+(?:is|are|was|were)\b[^\n]*\Z")
_LONGEST_HOLE = 60


def _line_end(text: str, start: int, end: int) -> int:
    at = text.find("\n", start, end)
    return at if at >= 0 else end


def _once_each(
    page: Squeezed, decisions: Sequence[Decision], second: int | None, warnings: list[str]
) -> list[Decision]:
    """Keep each decision once.

    Where the two lists are as long as each other, decisions of one rank are one; else those of one number, or
    of the same words.
    """
    words = [squeeze(page.text[decision.begin : decision.end]) for decision in decisions]
    half = sum(decision.begin < second for decision in decisions) if second is not None else 0
    by_rank = 2 * half == len(decisions) and all(
        decisions[rank].number in (None, decisions[half + rank].number) or words[rank] == words[half + rank]
        for rank in range(half)
    )
    known: dict[str, object] = {}
    kept: dict[object, list[Decision]] = {}
    for rank, (decision, said) in enumerate(zip(decisions, words, strict=True)):
        own = decision.number if decision.number is not None else known.get(said, said)
        key = rank % half if by_rank and half else own
        known.setdefault(said, key)
        kept.setdefault(key, []).append(decision)
    merged = []
    for rank, same in enumerate(kept.values(), start=1):
        outcomes = {decision.outcome for decision in same if decision.outcome}
        best = next((decision for decision in same if decision.outcome), same[0])
        if len(outcomes) > 1:
            warnings.append(f"item {rank}: decided both ways; its outcome is left out")
            best = replace(best, outcome=None, outcome_span=None)
        merged.append(best)
    if all(decision.number for decision in merged):
        # A line that is gone from the first list stands in the second.
        merged.sort(key=lambda decision: decision.number or 0)
    return merged


def _find_grounds(page: Squeezed, end: int) -> list[Grounds]:
    text = page.text
    labels = find_labels(page, "C", 0, end, _PARTS)
    starts = [number for number, label in enumerate(labels) if label.part == "request"]
    grounds = []
    for place, first in enumerate(starts):
        last = starts[place + 1] if place + 1 < len(starts) else len(labels)
        stop = labels[last].start if last < len(labels) else end
        stop = _before_number(text, labels[first].end, stop) if last < len(labels) else stop
        own = tuple(labels[first + 1 : last])
        request_end = own[0].start if own else _line_end(text, labels[first].end, stop)
        number = _number_before(text, labels[first].start)
        grounds.append(Grounds(number, labels[first].end, request_end, stop, own))
    return grounds


_TRAILING_NUMBER = re.compile(r"\s*\(?\d{1,2}\s?[).:]\s*\Z")


def _before_number(text: str, start: int, end: int) -> int:
    match = _TRAILING_NUMBER.search(text, max(start, end - 12), end)
    return match.start() if match else end


_ALIKE = 0.8
_MOST_COMPARED = 400


def _matched(
    text: str, decisions: Sequence[Decision], grounds: Sequence[Grounds]
) -> list[tuple[Decision | None, Grounds | None]]:
    """Pair decisions with their grounds: by number, else by rank where there are as many of both."""
    if not decisions:
        return [(None, ground) for ground in grounds]
    numbers = [ground.number for ground in grounds]
    if all(decision.number in numbers for decision in decisions) and len(set(numbers)) == len(numbers):
        by_number = {ground.number: ground for ground in grounds}
        return [(decision, by_number[decision.number]) for decision in decisions]
    if len(decisions) == len(grounds):
        return list(zip(decisions, grounds, strict=True))
    left = list(grounds) if len(decisions) * len(grounds) <= _MOST_COMPARED else []
    pairs: list[tuple[Decision | None, Grounds | None]] = []
    for decision in decisions:
        words = text[decision.begin : decision.end].lower()
        best = max(left, key=lambda ground: _likeness(text, ground, words), default=None)
        if best and _likeness(text, best, words) >= _ALIKE:
            left.remove(best)
            pairs.append((decision, best))
        else:
            pairs.append((decision, None))
    return pairs


def _likeness(text: str, ground: Grounds, words: str) -> float:
    return SequenceMatcher(None, text[ground.begin : ground.request_end].lower()[:200], words[:200]).ratio()
