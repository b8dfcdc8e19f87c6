"""What a letter says, in its own words: frozen records without rules, files or tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

from imr_ml.errors import CaseError

Outcome = Literal["upheld", "overturned"]
"""``upheld``: the denial stands. ``overturned``: the treatment is necessary (the positive class)."""

Sex = Literal["female", "male"]


class Span(NamedTuple):
    """A place in the cleaned text of a letter: ``text[start:end]``."""

    start: int
    end: int


span_of: Callable[[tuple[int, int]], Span] = partial(tuple.__new__, Span)
"""Make a `Span` of its two ends; a letter has many, and the constructor of a named tuple is interpreted."""


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """One disputed treatment of a letter: the unit of prediction.

    Parameters
    ----------
    request : str
        The words of the part in dispute ("Norco 10/325mg #120"), white space folded.
    outcome : {"upheld", "overturned"} or None
        None where the letter states none; it is never guessed.
    original_request, authorized_request : str or None
        Where the claims administrator authorized a part: what was asked for, and what was granted.
    prefixes : tuple of str
        Of ``retrospective``, ``associated surgical service``, ``pre-op``, ``post-op``, ``additional``,
        ``continued``, ``initial``, in the order in which the request has them.
    service_dates : tuple of date
        Dates of service that a retrospective request names.
    claims_administrator_guideline : str or None
        What utilization review cited; known at filing.
    reviewer_guideline, rationale : str or None
        The reviewer's own words; known with the decision only.
    spans : mapping of str to Span
        Where each part stands in ``Letter.text``, by the names of these fields.
    """

    request: str
    outcome: Outcome | None = None
    claims_administrator_guideline: str | None = None
    reviewer_guideline: str | None = None
    rationale: str | None = None
    original_request: str | None = None
    authorized_request: str | None = None
    prefixes: tuple[str, ...] = ()
    service_dates: tuple[dt.date, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """One IMR final determination letter.

    Parameters
    ----------
    source : str
        Name of the file that it was read from.
    layout : str
        Name of the layout in ``resources/layouts`` that it follows ("A1", "A2", "B", "C", "D").
    text : str
        The cleaned text that every span refers to.
    items : tuple of DisputedItem
        In the order of the letter.
    case_summary : str or None
        The clinical case summary without its fixed introduction, its paragraphs on lines of their own.
    case_number : str or None
        Such as ``CM16-0221706``.
    injury_date, ur_decision_date, received_date, assigned_date, decided_date : date or None
        Injury; utilization review's denial; application received; case assigned; final determination.
    priority : str or None
        ``standard`` or ``expedited``.
    represented : bool or None
        Whether the worker has an attorney, where the letter says so.
    age_years : int or None
        Age that the summary states, 0 to 120.
    sex : {"female", "male"} or None
    reviewer_specialties, reviewer_states : tuple of str
        The reviewer's boards and licences, as normalised in ``resources``.
    is_synthetic : bool
        True for a letter that imr-ml itself made up, which says so in its text.
    warnings : tuple of str
        What is missing or contradictory, in words.
    spans : mapping of str to Span
        Where each fact stands in ``text``, by the names of these fields.
    """

    source: str
    layout: str
    text: str
    items: tuple[DisputedItem, ...]
    case_summary: str | None = None
    case_number: str | None = None
    injury_date: dt.date | None = None
    ur_decision_date: dt.date | None = None
    received_date: dt.date | None = None
    assigned_date: dt.date | None = None
    decided_date: dt.date | None = None
    priority: str | None = None
    represented: bool | None = None
    age_years: int | None = None
    sex: Sex | None = None
    reviewer_specialties: tuple[str, ...] = ()
    reviewer_states: tuple[str, ...] = ()
    is_synthetic: bool = False
    warnings: tuple[str, ...] = ()
    spans: Mapping[str, Span] = field(default_factory=dict)

    @property
    def letter_id(self) -> str:
        """The case number, or the source without its ending, which differs from file to file."""
        if self.case_number:
            return self.case_number
        stem, _, ending = self.source.rpartition(".")
        return stem if stem and "/" not in ending else self.source

    def to_dict(self) -> dict[str, Any]:
        """Give the letter as plain values that ``json`` can write; dates as ``YYYY-MM-DD``."""
        plain: dict[str, Any] = {"letter_id": self.letter_id, **_plain(dataclasses.asdict(self))}
        return plain


@dataclass(frozen=True, slots=True)
class Case:
    """What a user has before any decision: one or more requests and, where known, the clinical facts.

    Parameters
    ----------
    requests : tuple of str
        The words of each disputed item; at least one, none empty.
    claims_administrator_guidelines : tuple of (str or None)
        What utilization review cited for each request; empty where unknown for all.
    case_summary, age_years, sex, injury_date, ur_decision_date, received_date, priority
        As in `Letter`; None where unknown.
    case_id : str
        Becomes ``letter_id`` in the answer.
    """

    requests: tuple[str, ...]
    claims_administrator_guidelines: tuple[str | None, ...] = ()
    case_summary: str | None = None
    age_years: int | None = None
    sex: Sex | None = None
    injury_date: dt.date | None = None
    ur_decision_date: dt.date | None = None
    received_date: dt.date | None = None
    priority: str | None = None
    case_id: str = "case"

    def __post_init__(self) -> None:
        if isinstance(self.requests, str):
            raise CaseError(f"{self.case_id}: requests must be several texts, as in ({self.requests!r},)")
        if not self.requests:
            raise CaseError(f"{self.case_id}: no items; give at least one request in 'items'")
        for position, request in enumerate(self.requests, start=1):
            if not isinstance(request, str) or not request.strip():
                raise CaseError(
                    f"{self.case_id}: item {position} has no words in 'request'; say what is asked for"
                )
        for text in (self.case_id, self.case_summary, *self.requests, *self.claims_administrator_guidelines):
            if text and not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text):
                raise CaseError(
                    f"{self.case_id!a}: a text holds half a character (a lone surrogate); write it anew"
                )
        if len(self.claims_administrator_guidelines) not in (0, len(self.requests)):
            raise CaseError(f"{self.case_id}: give one guideline per request, or none at all")

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], *, case_id: str = "case") -> Case:
        """Read a case from its JSON form (see the README); unknown keys are refused by name.

        Examples
        --------
        >>> Case.from_dict({"items": [{"request": "Norco 10/325mg #120"}], "age_years": 50}).age_years
        50
        """
        if not isinstance(record, Mapping):
            raise CaseError(f"{case_id}: a case is an object with 'items', not {type(record).__name__}")
        case_id = str(record.get("case_id") or case_id)
        known = {"case_id", "items", "case_summary", "age_years", "sex", "priority", *_CASE_DATES}
        if unknown := sorted(set(record) - known):
            raise CaseError(
                f"{case_id}: unknown key {unknown[0]!r}; a case may hold {', '.join(sorted(known))}"
            )
        items = record.get("items")
        if not isinstance(items, list) or not items:
            raise CaseError(
                f"{case_id}: no items; give 'items' as a list with at least one {{'request': ...}}"
            )
        requests, guidelines = [], []
        for position, item in enumerate(items, start=1):
            item = {"request": item} if isinstance(item, str) else item
            if not isinstance(item, Mapping) or item.get("request") is None:
                raise CaseError(f"{case_id}: item {position} has no 'request'; say what is asked for")
            if not isinstance(item["request"], str):
                raise CaseError(
                    f"{case_id}: item {position}: 'request' must be text, not {item['request']!r}"
                )
            if unknown := sorted(set(item) - {"request", "claims_administrator_guideline"}):
                raise CaseError(
                    f"{case_id}: item {position} has an unknown key {unknown[0]!r}; an item may hold "
                    "claims_administrator_guideline, request"
                )
            requests.append(item["request"])
            guidelines.append(_text(item, "claims_administrator_guideline", f"{case_id}: item {position}"))
        return cls(
            requests=tuple(requests),
            claims_administrator_guidelines=tuple(guidelines),
            case_summary=_text(record, "case_summary", case_id),
            age_years=_age(record.get("age_years"), case_id),
            sex=_one_of(record, "sex", ("female", "male"), case_id),
            priority=_one_of(record, "priority", ("standard", "expedited"), case_id),
            case_id=case_id,
            **{name: _date(record.get(name), name, case_id) for name in _CASE_DATES},
        )


_CASE_DATES = ("injury_date", "ur_decision_date", "received_date")
# What lies outside is a slip of the keyboard.
_CASE_YEARS = (1900, 2100)


def _text(record: Mapping[str, Any], name: str, where: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise CaseError(f"{where}: '{name}' must be text, not {type(value).__name__}")
    return value


def _age(value: Any, case_id: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 120:
        raise CaseError(f"{case_id}: 'age_years' must be a number from 0 to 120, not {value!r}")
    return int(value)


def _one_of(record: Mapping[str, Any], name: str, allowed: tuple[str, ...], case_id: str) -> Any:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value.lower() not in allowed:
        raise CaseError(f"{case_id}: '{name}' must be one of {', '.join(allowed)}, not {value!r}")
    return value.lower()


def _date(value: Any, name: str, case_id: str) -> dt.date | None:
    if value is None:
        return None
    try:
        date = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise CaseError(f"{case_id}: '{name}' must be a date as YYYY-MM-DD, not {value!r}") from None
    if not _CASE_YEARS[0] <= date.year <= _CASE_YEARS[1]:
        raise CaseError(
            f"{case_id}: '{name}' is {value}; its year must lie from {_CASE_YEARS[0]} to {_CASE_YEARS[1]}"
        )
    return date


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return value._asdict()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value
