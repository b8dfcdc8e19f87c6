"""Invented cases: a worker, what the record says, and what is asked for. No words of a letter, no outcome."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imr_ml.simulating.content import Content, Fact, Treatment
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.wording import listed, phrase, sentence, wording

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MORE = {
    "none": (("", 0.85), ("Initial ", 0.15)),
    "some": (("", 0.6), ("Additional ", 0.3), ("Continued ", 0.1)),
}
_RETROSPECTIVE = frozenset(("Pharmaceuticals", "Diagnostic Testing", "DMEPOS"))
_SHARE_RETROSPECTIVE = 0.03
_DAYS_OLD = {"acute": (21, 89), "subacute": (100, 700), "chronic": (800, 7300)}


@dataclass(slots=True)
class SimulatedItem:
    """One invented request with what the record says about it.

    Parameters
    ----------
    request : str
        The part in dispute.
    original, authorized : str or None
        Where a part was authorized: what was asked for, and what was granted.
    facts : dict of str to str
        Level of every fact that bears on the item.
    stated : tuple of str
        Those of its facts that are stated for this item alone.
    slots : dict of str to str
        Words of this item for its sentences.
    primary : int or None
        Index of the operation in the same letter that the item goes with.
    """

    treatment: Treatment
    request: str
    facts: dict[str, str]
    stated: tuple[str, ...]
    slots: Mapping[str, str]
    original: str | None = None
    authorized: str | None = None
    primary: int | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is meant for a part of which the record says nothing."""
        return self.facts.get("site") == "elsewhere"


@dataclass(slots=True)
class SimulatedCase:
    """One invented case, before any outcome.

    Parameters
    ----------
    name : str
        Case number.
    style, region : str
        Who writes, and the part of the body that the case is about: keys of the resources.
    dates : dict of str to date
        ``injury``, ``earlier`` and last ``visit``, ``rfa`` (request), ``ur`` (its review), ``received``,
        ``assigned``, ``decided``, each no earlier than the one before.
    chronicity : {"acute", "subacute", "chronic"}
        Age of the claim at the review: up to 3 months, up to 2 years, older.
    thoroughness : float
        How well the record documents what speaks for a treatment; nowhere stated, seen in the facts only.
    facts : dict of str to str
        Levels of the facts of the letter and of the worker.
    slots : dict of str to str
        Words for its sentences.
    items : list of SimulatedItem
    """

    name: str
    style: str
    region: str
    sex: str
    dates: Mapping[str, dt.date]
    chronicity: str
    thoroughness: float
    facts: dict[str, str]
    slots: dict[str, str]
    items: list[SimulatedItem] = field(default_factory=list)

    @property
    def year(self) -> int:
        """Year of the utilization review, which sets the base rate."""
        return self.dates["ur"].year


def draw_case(dice: Dice, number: int, made_of: Content) -> SimulatedCase:
    """Draw the case of this number, from its own stream."""
    chronicity = dice.weighted(made_of.facts["chronicity"].shares["chronic"])
    dates = _draw_dates(dice, dice.pick(made_of.years), chronicity)
    case = SimulatedCase(
        name=f"SYN{dates['received'].year % 100:02}-{number:07}",
        style=dice.weighted((name, entry["share"]) for name, entry in made_of.styles.items()),
        region=dice.weighted((name, entry["share"]) for name, entry in made_of.regions.items()),
        sex=dice.weighted((("male", 0.59), ("female", 0.41))),
        dates=dates,
        chronicity=chronicity,
        thoroughness=made_of.spread_of_thoroughness * dice.normal(),
        facts={"chronicity": chronicity},
        slots={},
    )
    case.slots = _draw_slots(dice, case, made_of)
    for fact in made_of.facts.values():
        if fact.scope == "letter" and fact.name not in case.facts:
            case.facts[fact.name] = dice.weighted(_shares(case, fact))
    for kind in _draw_kinds(dice, made_of):
        case.items.append(_draw_item(dice, case, made_of.treatments[kind], made_of))
    return case


def _draw_dates(dice: Dice, year: int, chronicity: str) -> dict[str, dt.date]:
    ur = dt.date(year, 1, 1) + dt.timedelta(days=dice.integer(3, 363))
    rfa = ur - dt.timedelta(days=dice.integer(4, 14))
    visit = rfa - dt.timedelta(days=dice.integer(0, 6))
    injury = ur - dt.timedelta(days=dice.integer(*_DAYS_OLD[chronicity]))
    injury = min(injury, visit - dt.timedelta(days=10))
    earlier = visit - dt.timedelta(days=min(dice.integer(20, 75), (visit - injury).days - 3))
    received = ur + dt.timedelta(days=dice.integer(4, 29))
    assigned = received + dt.timedelta(days=dice.integer(2, 12))
    wait = (43, 62) if dt.date(2015, 7, 1) <= assigned < dt.date(2016, 1, 1) else (21, 39)
    decided = assigned + dt.timedelta(days=dice.integer(*wait))
    return {
        "injury": injury,
        "earlier": earlier,
        "visit": visit,
        "rfa": rfa,
        "ur": ur,
        "received": received,
        "assigned": assigned,
        "decided": decided,
    }


def written(date: dt.date, form: str) -> str:
    """Write a date in a house style.

    >>> written(dt.date(2016, 3, 5), "long")
    'March 5, 2016'
    """
    if form == "long":
        return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"
    if form == "slashed":
        return f"{date.month:02}/{date.day:02}/{date.year}"
    if form == "dashed":
        return f"{date.month:02}-{date.day:02}-{date.year}"
    if form == "dashed_short":
        return f"{date.month}-{date.day}-{date.year % 100:02}"
    return f"{date.month}/{date.day}/{date.year % 100:02}"


def _time(days: int) -> str:
    return f"{max(days // 7, 2)} weeks" if days < 75 else f"{days // 30} months"


def _draw_slots(dice: Dice, case: SimulatedCase, made_of: Content) -> dict[str, str]:
    style = made_of.styles[case.style]
    region = made_of.regions[case.region]
    dates = case.dates
    male = case.sex == "male"
    days = (dates["visit"] - dates["injury"]).days
    age = min(max(round(46 + 11 * dice.normal()), 19), 78)
    one_side = dice.pick(("left", "right"))
    sided = region.get("sided", False)
    worker, doctor = style["worker"], style["doctor"]
    slots = {name: written(date, style["date"]) for name, date in dates.items()}
    slots |= {
        "age": str(age),
        "sex": case.sex,
        "w": f"the {worker}",
        "W": f"The {worker}",
        "dr": f"the {doctor}",
        "Dr": f"The {doctor}",
        "his_dr": "the doctor's",
        "He": "He" if male else "She",
        "he": "he" if male else "she",
        "him": "him" if male else "her",
        "himself": "himself" if male else "herself",
        "His": "His" if male else "Her",
        "his": "his" if male else "her",
        "one_side": one_side,
        "one_side_cap": one_side.capitalize(),
        "level": dice.pick(region["levels"]),
        "root": dice.pick(region["root"]),
        "strength": dice.pick(("4/5", "4-/5", "3/5", "4+/5")),
        "area": f"{one_side} {region['area']}" if sided else region["area"],
        "region": f"{one_side} {region['name']}" if sided else region["name"],
        "limb": region["limb"],
        "limbs": region["limbs"],
        "month": _MONTHS[dates["earlier"].month - 1],
        "years": str(dice.integer(2, max(2, min(9, days // 365)))),
        "old_year": str(dice.integer(dates["injury"].year, max(dates["injury"].year, dates["ur"].year - 1))),
        "ago": _time(dice.integer(20, max(21, min(150, days - 5)))),
        "care_time": _time(dice.integer(30, max(31, min(200, days - 3)))),
        "pt_visits": str(dice.integer(6, 10) if days < 90 else dice.integer(8, 24)),
    }
    for name in ("note", "other_note"):
        before = dates["visit"] - dt.timedelta(days=dice.integer(6, max(6, min(days - 3, 240))))
        slots[name] = written(before, style["date"])
    slots["Area"] = sentence(slots["area"])
    for name, source in (
        ("deficit", "deficit"),
        ("soft", "soft"),
        ("normal", "normal"),
        ("mild", "mild_imaging"),
        ("bad", "bad_imaging"),
        ("general", "general"),
        ("mechanism", "mechanisms"),
        ("brace", "braces"),
        ("injection", "injections"),
        ("operation", "operations"),
    ):
        slots[name] = phrase(dice, region[source], slots)
    slots["other_finding"] = phrase(
        dice, [text for text in region["general"] if text != slots["general"]], slots
    )
    # Of the part that an item may be meant for in vain, the summary must say nothing.
    elsewhere, other = _several(dice, [entry for entry in made_of.regions.values() if entry is not region], 2)
    slots["elsewhere"] = _part(dice, elsewhere)
    slots["other_part"] = _part(dice, other)
    diagnoses = _several(dice, region["diagnoses"], dice.integer(1, 3))
    slots["diagnoses"] = listed([f"{one_side} {d}" if sided else d for d in diagnoses])
    slots["diagnosis"] = f"{one_side} {diagnoses[0]}" if sided else diagnoses[0]
    return slots


def _several(dice: Dice, options: Sequence[Any], number: int) -> list[Any]:
    left = list(options)
    return [left.pop(int(dice.uniform() * len(left))) for _ in range(min(number, len(left)))]


def _draw_kinds(dice: Dice, made_of: Content) -> list[str]:
    """Draw the kinds of one letter: one theme, as items of one visit come together."""
    number = dice.weighted(made_of.items_per_letter)
    if number >= 9:
        number += dice.integer(0, 5)
    weights = made_of.weights
    themes: dict[str, float] = {}
    for name, treatment in made_of.treatments.items():
        total = sum(treatment.themes.values())
        for theme, part in treatment.themes.items():
            if theme != "surgical":
                themes[theme] = themes.get(theme, 0.0) + weights[name] * part / total
    mean_items = sum(n * share for n, share in made_of.items_per_letter)
    if number > 4:
        themes.pop("mental")
    surgical = dice.chance(weights["operation"] * mean_items)
    theme = "surgical" if surgical else dice.weighted(themes.items())
    options = [
        (name, weights[name] * treatment.themes[theme] / sum(treatment.themes.values()))
        for name, treatment in made_of.treatments.items()
        if theme in treatment.themes and name != "operation"
    ]
    kinds = ["operation"] if theme == "surgical" else []
    for _ in range(40):
        if len(kinds) == number:
            break
        kind = dice.weighted(options)
        repeats = kinds.count(kind)
        if repeats < _most(made_of.treatments[kind]):
            kinds.append(kind)
    return kinds


def _most(treatment: Treatment) -> int:
    """Say how many items of a kind one letter can hold."""
    if treatment.products:
        return 2 if len(treatment.products) > 6 else 1
    return 5 if treatment.name == "adjunct" else 1


def _draw_item(dice: Dice, case: SimulatedCase, treatment: Treatment, made_of: Content) -> SimulatedItem:
    facts = {
        name: _level(dice, case, treatment, name, made_of) for name in treatment.effects if name != "site"
    }
    if treatment.is_sited:
        facts["site"] = "elsewhere" if dice.chance(made_of.share_elsewhere) else "main"
    # What has not been given yet has brought nothing yet.
    if facts.get("drug_term") == "first":
        facts.pop("drug_gain", None)
    if facts.get("visits") == "none":
        facts.pop("therapy_gain", None)
    words = _draw_words(dice, case, treatment, facts, made_of)
    for _ in range(20):
        if all(words.differ(item) for item in case.items):
            break
        words = _draw_words(dice, case, treatment, facts, made_of)
    request = words.request
    if words.original is None and treatment.category in _RETROSPECTIVE and dice.chance(_SHARE_RETROSPECTIVE):
        day = case.dates["visit"]
        request = f"Retrospective {request} (DOS: {day.month}/{day.day}/{day.year})"
    return SimulatedItem(
        treatment=treatment,
        request=request,
        original=words.original,
        authorized=words.authorized,
        facts=facts,
        stated=tuple(name for name in facts if made_of.facts[name].scope == "item"),
        slots=words.slots,
        primary=0 if treatment.name == "adjunct" else None,
    )


def _level(dice: Dice, case: SimulatedCase, treatment: Treatment, name: str, made_of: Content) -> str:
    """Find what the record says; facts of the worker are drawn once and hold for every item."""
    fact = made_of.facts[name]
    if name in case.facts:
        return case.facts[name]
    shares = _shares(case, fact)
    if name == "visits" and treatment.name == "physical_therapy":
        # The same record cannot call therapy untried and count its visits.
        if case.facts["conservative"] in ("untried", "unstated"):
            return "none"
        level = dice.weighted((level, share) for level, share in shares if level != "none")
        case.slots["pt_visits"] = str(dice.integer(4, 9) if level == "few" else dice.integer(26, 48))
        return level
    if name == "use_risk" and any(item.treatment.name == "opioid" for item in case.items):
        shares = [(level, share) for level, share in shares if level != "none"]
    level = dice.weighted(shares)
    if fact.scope == "worker":
        case.facts[name] = level
    return level


def _shares(case: SimulatedCase, fact: Fact) -> list[tuple[str, float]]:
    """Give the levels' shares in this record: one that documents well does so for all its items."""
    return [
        (level, share * math.exp(case.thoroughness * fact.favor.get(level, 0.0)))
        for level, share in fact.shares[case.chronicity]
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """How an item is asked for."""

    request: str
    slots: Mapping[str, str]
    original: str | None = None
    authorized: str | None = None

    def differ(self, item: SimulatedItem) -> bool:
        """Say whether these words name another treatment than the item does."""
        same_drug = item.treatment.products and item.slots["thing"] == self.slots["thing"]
        return item.request != self.request and not same_drug


def _draw_words(
    dice: Dice, case: SimulatedCase, treatment: Treatment, facts: Mapping[str, str], made_of: Content
) -> _Words:
    part = case.slots["elsewhere" if facts.get("site") == "elsewhere" else "region"]
    slots = {**case.slots, "part": part, "part_cap": sentence(part), "site_name": part}
    # Twice the share, since only drugs and courses of therapy are asked for by number.
    is_partial = treatment.is_counted and dice.chance(2.0 * made_of.share_partial)
    if treatment.products:
        return _drug_words(dice, treatment, facts["size"], slots, is_partial)
    thing = dice.pick(treatment.things)
    slots |= {"thing": thing, "thing_cap": sentence(thing)}
    if treatment.results:
        slots["mild"] = phrase(dice, treatment.results, slots)
    if treatment.sessions:
        return _course_words(dice, treatment, facts, slots, is_partial)
    return _Words(sentence(phrase(dice, _placed(treatment.words, facts), slots)), slots)


def _placed(words: Sequence[str], facts: Mapping[str, str]) -> Sequence[str]:
    """Keep the words that name the part, where it is another than the record's own."""
    if facts.get("site") != "elsewhere":
        return words
    return [text for text in words if wording(text).slots() & {"part", "part_cap"}]


def _drug_words(
    dice: Dice, treatment: Treatment, size: str, slots: dict[str, str], is_partial: bool
) -> _Words:
    product, strength, small, large = dice.pick(treatment.products)
    slots["thing"] = "the compound" if treatment.unit else product
    slots["thing_cap"] = sentence(slots["thing"])
    name = f"{product} {strength}".strip()
    if size == "unspecified":
        return _Words(dice.pick((f"{name} (unknown quantity)", name, f"prescription of {product}")), slots)
    count = dice.pick(large if size == "above" else small)
    has_refills = treatment.has_refills and size == "above" and dice.chance(0.4)
    refills = dice.integer(1, 5) if has_refills else 0

    def asked_for(number: int, refills: int) -> str:
        amount = f", {number} {treatment.unit}" if treatment.unit else f" #{number}"
        return name + amount + (f" with {refills} refill{_s(refills)}" if refills else "")

    if is_partial and count >= 4:
        granted = max(count // dice.pick((2, 3)), 1)
        return _Words(
            asked_for(count - granted, refills), slots, asked_for(count, refills), asked_for(granted, 0)
        )
    return _Words(asked_for(count, refills), slots)


def _course_words(
    dice: Dice, treatment: Treatment, facts: Mapping[str, str], slots: dict[str, str], is_partial: bool
) -> _Words:
    slots["more"] = dice.weighted(_MORE["none" if facts["visits"] == "none" else "some"])
    if facts["size"] == "unspecified":
        words = _placed(treatment.words_unspecified, facts)
        return _Words(sentence(phrase(dice, words, slots)), slots)
    times, weeks = dice.pick(treatment.sessions[1 if facts["size"] == "above" else 0])
    total = times * weeks
    if is_partial and total > 3:
        granted = max(total // dice.pick((2, 3)), 1)
        course = sentence(f"{slots['more']}{slots['thing']} for the {slots['part']}, ")
        left, all_of_it, given = (f"{course}{n} session{_s(n)}" for n in (total - granted, total, granted))
        return _Words(left, slots, all_of_it, given)
    often = "once" if times == 1 else f"{times} times"
    schedules = (
        f"{often} a week for {weeks} weeks",
        f"{times}x{weeks}",
        f"{often} per week for {weeks} weeks ({total} sessions)",
    )
    slots |= {"times": dice.pick(schedules), "count": str(total)}
    return _Words(sentence(phrase(dice, _placed(treatment.words, facts), slots)), slots)


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _part(dice: Dice, region: Mapping[str, Any]) -> str:
    """Name a part of the body, with a side where it has one."""
    name: str = region["name"]
    return f"{dice.pick(('left', 'right'))} {name}" if region.get("sided") else name
