"""Invented cases: a worker, what the record says, and what is asked for. No words of a letter, no outcome."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imr_ml.simulating.content import Content, Fact, Treatment
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.wording import listed, phrase, sentence

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
    """

    treatment: Treatment
    request: str
    facts: dict[str, str]
    stated: tuple[str, ...]
    slots: Mapping[str, str]
    original: str | None = None
    authorized: str | None = None
    primary: int | None = None
    asides: tuple[str, ...] = ()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is meant for a part of which the record says nothing."""
        return self.facts.get("site") == "elsewhere"


@dataclass(slots=True)
class SimulatedCase:
    """One invented case, before any outcome."""

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


def draw_case(dice: Dice, name: str, year: int, made_of: Content) -> SimulatedCase:
    """Draw one case.

    Parameters
    ----------
    dice : Dice
        The letter's own stream.
    name : str
        Case number.
    year : int
        Of the utilization review.
    made_of : Content
    """
    chronicity = dice.weighted(made_of.facts["chronicity"].shares["chronic"])
    dates = _draw_dates(dice, year, chronicity)
    style = dice.weighted((name, entry["share"]) for name, entry in made_of.styles.items())
    region = dice.weighted((name, entry["share"]) for name, entry in made_of.regions.items())
    sex = dice.weighted((("male", 0.59), ("female", 0.41)))
    case = SimulatedCase(
        name=name,
        style=style,
        region=region,
        sex=sex,
        dates=dates,
        chronicity=chronicity,
        thoroughness=made_of.spread_of_thoroughness * dice.normal(),
        facts={"chronicity": chronicity},
        slots={},
    )
    case.slots = _draw_slots(dice, case, made_of)
    for fact in made_of.facts.values():
        if fact.scope == "letter" and fact.name != "chronicity":
            case.facts[fact.name] = dice.weighted(_shares(case, fact))
    kinds = _draw_kinds(dice, made_of)
    used: set[str] = set()
    for kind in kinds:
        _add_item(dice, case, made_of.treatments[kind], made_of, used)
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
    weights = {name: made_of.weights.get(name, t.share) for name, t in made_of.treatments.items()}
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
    return {"adjunct": 5, "consult": 2}.get(treatment.name, 1)


def _add_item(
    dice: Dice, case: SimulatedCase, treatment: Treatment, made_of: Content, used: set[str]
) -> None:
    facts = {
        name: _level(dice, case, treatment, name, made_of) for name in treatment.effects if name != "site"
    }
    if treatment.is_sited:
        facts["site"] = "elsewhere" if dice.chance(made_of.share_elsewhere) else "main"
    if facts.get("drug_term") == "first":
        facts.pop("drug_gain", None)
    if facts.get("visits") == "none":
        facts.pop("therapy_gain", None)
    for _ in range(20):
        request, original, authorized, slots = _draw_request(dice, case, treatment, facts, made_of)
        if request not in used:
            break
    if original is None and treatment.category in _RETROSPECTIVE and dice.chance(_SHARE_RETROSPECTIVE):
        day = case.dates["visit"]
        request = f"Retrospective {request} (DOS: {day.month}/{day.day}/{day.year})"
    used.add(request)
    case.items.append(
        SimulatedItem(
            treatment=treatment,
            request=request,
            original=original,
            authorized=authorized,
            facts=facts,
            stated=tuple(name for name in facts if made_of.facts[name].scope == "item"),
            slots=slots,
            primary=0 if treatment.name == "adjunct" else None,
        )
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
    elif name == "use_risk" and any(item.treatment.name == "opioid" for item in case.items):
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


def _draw_request(
    dice: Dice, case: SimulatedCase, treatment: Treatment, facts: Mapping[str, str], made_of: Content
) -> tuple[str, str | None, str | None, dict[str, str]]:
    size = facts.get("size")
    slots = dict(case.slots)
    elsewhere = facts.get("site") == "elsewhere"
    part = case.slots["elsewhere"] if elsewhere else case.slots["region"]
    slots |= {"part": part, "part_cap": sentence(part), "site_name": part}
    partial = treatment.is_counted and dice.chance(2.0 * made_of.share_partial)
    if treatment.products:
        product, strength, small, large = dice.pick(treatment.products)
        slots["thing"] = "the compound" if treatment.name == "compound" else product
        slots["thing_cap"] = sentence(slots["thing"])
        name = f"{product} {strength}".strip()
        if size == "unspecified":
            asked = dice.pick((f"{name} (unknown quantity)", name, f"prescription of {product}"))
            return asked, None, None, slots
        count = dice.pick(large if size == "above" else small)
        more = treatment.has_refills and size == "above" and dice.chance(0.4)
        refills = dice.integer(1, 5) if more else 0

        def asked_for(number: int, refills: int) -> str:
            tail = f" with {refills} refill{'s' if refills > 1 else ''}" if refills else ""
            return f"{name}, {number} {treatment.unit}{tail}" if treatment.unit else f"{name} #{number}{tail}"

        if partial and count >= 4:
            granted = max(count // dice.pick((2, 3)), 1)
            return (
                asked_for(count - granted, refills),
                asked_for(count, refills),
                asked_for(granted, 0),
                slots,
            )
        return asked_for(count, refills), None, None, slots
    thing = dice.pick(treatment.things)
    slots |= {"thing": thing, "thing_cap": sentence(thing)}
    if treatment.sessions:
        slots["more"] = dice.weighted(_MORE["none" if facts["visits"] == "none" else "some"])
    if treatment.results:
        slots["mild"] = phrase(dice, treatment.results, slots)
    if size == "unspecified":
        return sentence(phrase(dice, treatment.words_unspecified, slots)), None, None, slots
    if treatment.sessions:
        times, weeks = dice.pick(treatment.sessions[1 if size == "above" else 0])
        total = times * weeks
        often = "once" if times == 1 else f"{times} times"
        slots |= {
            "times": dice.pick(
                (
                    f"{often} a week for {weeks} weeks",
                    f"{times}x{weeks}",
                    f"{often} per week for {weeks} weeks ({total} sessions)",
                )
            ),
            "count": str(total),
        }
        asked = sentence(phrase(dice, treatment.words, slots))
        if partial and total > 3:
            granted = max(total // dice.pick((2, 3)), 1)
            words = sentence(f"{slots['more']}{thing} for the {part}")
            return (
                f"{words}, {total - granted} session{'s' if total - granted > 1 else ''}",
                f"{words}, {total} sessions",
                f"{words}, {granted} session{'s' if granted > 1 else ''}",
                slots,
            )
        return asked, None, None, slots
    return sentence(phrase(dice, treatment.words, slots)), None, None, slots


def _part(dice: Dice, region: Mapping[str, Any]) -> str:
    """Name a part of the body, with a side where it has one."""
    name: str = region["name"]
    return f"{dice.pick(('left', 'right'))} {name}" if region.get("sided") else name
