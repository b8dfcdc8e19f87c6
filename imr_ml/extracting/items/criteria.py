"""What guidelines ask of a treatment, held against what request and summary state: met, unmet, or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from imr_ml.resources import read_rows

_COMPARISONS = (">=", "<=", ">", "<")
_TERM = re.compile(rf"([!~]?)([a-z_0-9]+)(?:({'|'.join(_COMPARISONS)})([0-9.]+))?$")


class Term(NamedTuple):
    """A statement on one fact: true, denied, not said to be true, or an amount beside a bound."""

    fact: str
    sign: str
    bound: float

    @property
    def is_amount(self) -> bool:
        """Whether it holds an amount against a bound."""
        return self.sign in _COMPARISONS

    def holds(self, said: Mapping[str, float]) -> bool:
        """Tell whether it is stated so; of what is not stated, only that it is not said to be true."""
        value = said.get(self.fact)
        if self.sign == "~":
            return not value
        if value is None:
            return False
        if self.sign == "!":
            return value == 0
        if self.sign == ">=":
            return value >= self.bound
        if self.sign == "<=":
            return value <= self.bound
        if self.sign == ">":
            return value > self.bound
        return value < self.bound if self.sign == "<" else value > 0


Rule = tuple[tuple[Term, ...], ...]
"""Any of the alternatives, each of them all of its terms."""


class Criterion(NamedTuple):
    """One row of ``taxonomies/criteria.csv``."""

    name: str
    requested: frozenset[str]
    met: Rule
    unmet: Rule
    prevails: bool
    when: Rule
    unless: Rule
    joins: bool
    source: str

    def is_asked(self, said: Mapping[str, float]) -> bool:
        """Tell whether it is asked of such an item where that depends on what is stated."""
        return not _holds(self.unless, said) and (not self.when or _holds(self.when, said))


def _holds(rule: Rule, said: Mapping[str, float]) -> bool:
    return any(all(term.holds(said) for term in terms) for terms in rule)


def judge(keys: Sequence[str], said: Mapping[str, float]) -> dict[str, bool | None]:
    """Tell which criteria of a treatment are met, and which are not, by what is stated.

    Parameters
    ----------
    keys : sequence of str
        What the request is: its category, "category: subcategory", the same with ", spine" or ", limb",
        drug classes and care.
    said : mapping of str to float
        What is stated of it: 1 true, 0 denied, or an amount.

    Returns
    -------
    dict of str to bool or None
        By criterion that the treatment has: None where nothing is stated, or nothing that decides (see
        `left_open`); one that is both met and unmet counts as unmet, but for findings: one positive sign is
        not undone by another that is normal.

    Examples
    --------
    >>> said = {"has_functional_gain": 1.0, "has_opioid_agreement": 0.0}
    >>> found = judge(["Pharmaceuticals", "opioid"], said)
    >>> {name: is_met for name, is_met in found.items() if is_met is not None}
    {'function improved with the drug': True, 'opioid agreement': False, 'use watched over': False}
    """
    asked = _asked_of(keys, said)
    found = asked.unanswered.copy()
    for fact in asked.judging.keys() & said.keys():
        for name, is_met, terms in asked.judging[fact]:
            if found[name] is not asked.prevailing[name] and all(term.holds(said) for term in terms):
                found[name] = is_met
    return found


def deciding(keys: Sequence[str], said: Mapping[str, float]) -> dict[str, tuple[Term, ...]]:
    """Give the statements behind each answer of `judge`, by criterion; none for one without an answer.

    >>> found = deciding(["Pharmaceuticals", "opioid"], {"has_functional_gain": 1.0})
    >>> [term.fact for term in found["function improved with the drug"]]
    ['has_functional_gain']
    """
    answers = judge(keys, said)
    found: dict[str, dict[Term, None]] = {}
    for entries in _asked_of(keys, said).judging.values():
        for name, is_met, terms in entries:
            if answers[name] is is_met and all(term.holds(said) for term in terms):
                found.setdefault(name, {}).update(dict.fromkeys(term for term in terms if term.sign != "~"))
    return {name: tuple(terms) for name, terms in found.items()}


def left_open(keys: Sequence[str], said: Mapping[str, float]) -> dict[str, tuple[Term, ...]]:
    """Give what is stated of criteria that turn on an amount, where it is stated and `judge` has no answer.

    The amount lies between the bounds of the rules, or they ask for more beside it: what else they ask for
    follows, where it is stated. A criterion that turns on no amount, or on none that is stated, has no entry.

    >>> found = left_open(["Rehabilitation"], {"n_care_sessions_had": 4.0, "is_care_had": 1.0})
    >>> {name: [term.fact for term in terms] for name, terms in found.items()}
    {'first course': ['n_care_sessions_had']}
    """
    answers = judge(keys, said)
    found: dict[str, dict[Term, None]] = {}
    for fact, entries in _asked_of(keys, said).judging.items():
        for name, _, terms in entries if fact in said else ():
            if answers[name] is None and any(term.fact == fact and term.is_amount for term in terms):
                stated = [term.fact for term in terms if term.fact in said]
                found.setdefault(name, {}).update(
                    dict.fromkeys(Term(one, "" if said[one] else "!", 0.0) for one in stated)
                )
    return {name: tuple(terms) for name, terms in found.items()}


def sources(keys: Sequence[str], said: Mapping[str, float]) -> Mapping[str, str]:
    """Give the guideline behind each criterion of a treatment, by criterion; see `judge`."""
    return _asked_of(keys, said).sources


@cache
def criteria() -> tuple[Criterion, ...]:
    """Give the criteria in the order of the table."""
    return tuple(
        Criterion(
            row["criterion"],
            frozenset(_listed(row["requested"])),
            parse(row["met"]),
            parse(row["unmet"]),
            row["prevails"] == "met",
            parse(row["when"]),
            parse(row["unless"]),
            row["joins"] == "yes",
            row["source"],
        )
        for row in read_rows("taxonomies/criteria.csv")
    )


@cache
def joining() -> frozenset[str]:
    """Name the criteria that join what others ask one by one: where they are silent, those are too."""
    return frozenset(criterion.name for criterion in criteria() if criterion.joins)


class _Asked(NamedTuple):
    """What is asked of one treatment: all of it unanswered, and what can answer it.

    Each answer stands under a fact that must be stated for it: the criterion, the answer, its terms.
    `prevailing` is the answer that counts where both hold; `depending` are the criteria, by number, that are
    asked of some such items only.
    """

    unanswered: dict[str, bool | None]
    prevailing: dict[str, bool]
    sources: dict[str, str]
    judging: dict[str, list[tuple[str, bool, tuple[Term, ...]]]]
    depending: list[tuple[int, Criterion]]


def _asked_of(keys: Sequence[str], said: Mapping[str, float]) -> _Asked:
    asked = _asked(tuple(keys))
    if asked.depending:
        left_out = tuple([number for number, one in asked.depending if not one.is_asked(said)])
        return _asked(tuple(keys), left_out) if left_out else asked
    return asked


@cache
def _asked(keys: tuple[str, ...], left_out: tuple[int, ...] = ()) -> _Asked:
    asked = _Asked({}, {}, {}, {}, [])
    for number, criterion in enumerate(criteria()):
        if criterion.requested.isdisjoint(keys) or number in left_out:
            continue
        if criterion.when or criterion.unless:
            asked.depending.append((number, criterion))
        asked.unanswered[criterion.name] = None
        asked.prevailing[criterion.name] = criterion.prevails
        asked.sources[criterion.name] = criterion.source
        for is_met, rule in ((True, criterion.met), (False, criterion.unmet)):
            for terms in rule:
                needed = next(term.fact for term in terms if term.sign != "~")
                asked.judging.setdefault(needed, []).append((criterion.name, is_met, terms))
    return asked


def parse(rule: str) -> Rule:
    """Read a rule.

    Alternatives stand apart by ``;``, terms by ``&``; ``!`` stands before what must be denied, ``~`` before
    what must not be stated.

    >>> parse("n_months_used<1.1; !is_drug_taken & has_spasm")[1]
    (Term(fact='is_drug_taken', sign='!', bound=0.0), Term(fact='has_spasm', sign='', bound=0.0))
    """
    return tuple(_terms(part) for part in _listed(rule))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _terms(part: str) -> tuple[Term, ...]:
    terms = tuple(_term(term.strip()) for term in part.split("&"))
    if all(term.sign == "~" for term in terms):
        raise ValueError(f"taxonomies/criteria.csv: {part!r}: name a fact that must be stated beside ~fact")
    return terms


def _term(text: str) -> Term:
    found = _TERM.match(text)
    if found is None:
        raise ValueError(f"taxonomies/criteria.csv: {text!r}: write fact, !fact, ~fact or fact>=number")
    denied, fact, comparison, bound = found.groups()
    return Term(fact, comparison or denied, float(bound or 0))
