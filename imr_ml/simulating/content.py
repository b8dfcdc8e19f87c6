"""What letters are made of: treatments, facts, regions, styles and sentences, read from the resources."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from imr_ml.published import calibration_proposal, yearly_overturn_rates
from imr_ml.resources import read_resource

Sentences = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One thing that a record can say of a fact."""

    name: str
    summary: Sentences
    grounds: Sentences


@dataclass(frozen=True, slots=True)
class Fact:
    """A question that decides some items, and the answers that a record can give."""

    name: str
    scope: str
    place: str
    levels: Mapping[str, Level]
    shares: Mapping[str, tuple[tuple[str, float], ...]]
    """Shares of the levels by age of the claim."""
    favor: Mapping[str, float]
    """How much each level speaks for a treatment, on average; empty for what no writer can influence."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A kind of treatment: how it is asked for and what decides it."""

    name: str
    category: str
    published: str
    part: float
    overturn_rate: float
    share: float
    themes: Mapping[str, float]
    effects: Mapping[str, Mapping[str, float]]
    products: tuple[tuple[str, str, tuple[int, ...], tuple[int, ...]], ...]
    unit: str | None
    has_refills: bool
    things: Sentences
    words: Sentences
    words_unspecified: Sentences
    results: Sentences
    sessions: tuple[tuple[tuple[int, int], ...], ...]
    topic: str
    odg: str | None
    odg_topic: str | None
    guideline: Sentences
    is_sited: bool

    @property
    def is_counted(self) -> bool:
        """Whether it is asked for by number, so that a part of it can be authorized."""
        return bool(self.products or self.sessions)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that letters are made of."""

    treatments: Mapping[str, Treatment]
    facts: Mapping[str, Fact]
    regions: Mapping[str, Mapping[str, Any]]
    styles: Mapping[str, Mapping[str, Any]]
    sentences: Mapping[str, Any]
    specialties: tuple[tuple[str, float], ...]
    states: tuple[tuple[str, float], ...]
    items_per_letter: tuple[tuple[int, float], ...]
    intercepts: Mapping[str, float]
    weights: Mapping[str, float]
    strength: float
    spread_of_thoroughness: float
    letter_correlation: float
    effect_of_n_items: tuple[tuple[int, float], ...]
    effect_of_partial: float
    share_partial: float
    share_elsewhere: float
    years: tuple[int, ...]
    effect_of_year: Mapping[int, float]


@cache
def content() -> Content:
    """Read the resources once."""
    proposal = calibration_proposal()
    categories = {row["category"]: row for row in proposal["categories"]}
    fitted = _read("calibration.toml")
    people = _read("reviewers.toml")
    years = tuple(fitted["years"])
    rates = yearly_overturn_rates(years)
    treatments = _treatments(_read("treatments.toml"), categories)
    return Content(
        treatments=treatments,
        facts={name: _fact(name, entry, treatments) for name, entry in _read("facts.toml").items()},
        regions=_read("regions.toml"),
        styles=_read("styles.toml"),
        sentences=_read("wording.toml"),
        specialties=tuple(people["specialties"].items()),
        states=tuple(people["states"].items()),
        items_per_letter=tuple(
            (int(number.rstrip("+")), share) for number, share in proposal["items_per_letter"].items()
        ),
        intercepts=fitted["intercepts"],
        weights=fitted["weights"],
        strength=fitted["strength"],
        spread_of_thoroughness=fitted["spread_of_thoroughness"],
        letter_correlation=fitted["letter_correlation"],
        effect_of_n_items=tuple((low, effect) for low, effect in fitted["effect_of_n_items"]),
        effect_of_partial=fitted["effect_of_partial"],
        share_partial=proposal["share_of_items_partly_authorized_by_UR"],
        share_elsewhere=fitted["share_elsewhere"],
        years=years,
        effect_of_year=_centred_logits(rates),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(read_resource(f"simulating/{name}"))


def _centred_logits(rates: Mapping[int, float]) -> dict[int, float]:
    logits = {year: math.log(rate / (1 - rate)) for year, rate in rates.items()}
    middle = sum(logits.values()) / len(logits)
    return {year: logit - middle for year, logit in logits.items()}


def _fact(name: str, entry: Mapping[str, Any], treatments: Mapping[str, Treatment]) -> Fact:
    levels = {
        level: Level(level, tuple(words["summary"]), tuple(words["grounds"]))
        for level, words in entry["levels"].items()
    }
    chronic = tuple((level, words["share"]) for level, words in entry["levels"].items())
    effects = [treatment.effects[name] for treatment in treatments.values() if name in treatment.effects]
    depends_on_writer = entry["place"] != "none" and name not in ("findings", "course", "red_flag")
    return Fact(
        name=name,
        scope=entry["scope"],
        place=entry["place"],
        levels=levels,
        shares={
            age: tuple(entry[age].items()) if age in entry else chronic
            for age in ("acute", "subacute", "chronic")
        },
        favor={level: sum(effect[level] for effect in effects) / len(effects) for level in levels}
        if depends_on_writer
        else {},
    )


def _treatments(
    entries: Mapping[str, Mapping[str, Any]], categories: Mapping[str, Mapping[str, Any]]
) -> dict[str, Treatment]:
    return {
        name: Treatment(
            name=name,
            category=entry["category"],
            published=entry["published"],
            part=entry["part"],
            overturn_rate=entry.get("rate") or _rest_rate(entry["published"], entries, categories),
            share=entry["part"] * categories[entry["published"]]["share"],
            themes=entry["themes"],
            effects=entry["effects"],
            products=tuple(
                (product, strength, tuple(small), tuple(large))
                for product, strength, small, large in entry.get("products", ())
            ),
            unit=entry.get("unit"),
            has_refills=entry.get("refills", True),
            things=tuple(entry.get("things", ())),
            words=tuple(entry.get("words", ())),
            words_unspecified=tuple(entry.get("words_unspecified", ())),
            results=tuple(entry.get("results", ())),
            sessions=tuple(tuple((t, w) for t, w in pairs) for pairs in entry.get("sessions", ())),
            topic=entry["topic"],
            odg=entry.get("odg"),
            odg_topic=entry.get("odg_topic"),
            guideline=tuple(entry["guideline"]),
            is_sited=entry.get("sited", False),
        )
        for name, entry in entries.items()
    }


def _rest_rate(
    published: str,
    entries: Mapping[str, Mapping[str, Any]],
    categories: Mapping[str, Mapping[str, Any]],
) -> float:
    """Give what is left of a category's rate for the kinds that have none of their own."""
    kinds = [entry for entry in entries.values() if entry["published"] == published]
    own = sum(entry["part"] * entry["rate"] for entry in kinds if "rate" in entry)
    rest = sum(entry["part"] for entry in kinds if "rate" not in entry)
    rate: float = (categories[published]["overturn_rate"] - own) / rest
    return rate
