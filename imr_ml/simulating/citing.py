"""Guideline lines, in the form that letters of each period have (domain notes, section 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from imr_ml.simulating.cases import SimulatedCase, SimulatedItem
from imr_ml.simulating.content import Content
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.wording import sentence

_SECTIONS_FROM = dt.date(2015, 7, 1)
_EDITION_2016_FROM = dt.date(2016, 7, 28)
_NOTHING_CITED = "{who} did not cite any medical evidence for its decision."
_SHARE_NOTHING = {"Claims Administrator": 79 / 439, "Expert Reviewer": 29 / 439}
_SAME_FAMILY = 0.5


def claims_administrator_line(dice: Dice, case: SimulatedCase, item: SimulatedItem, made_of: Content) -> str:
    """Write what utilization review cited."""
    return _line(dice, case, item, made_of, "Claims Administrator", case.dates["ur"])


def reviewer_line(dice: Dice, case: SimulatedCase, item: SimulatedItem, made_of: Content) -> str:
    """Write what the reviewer cited."""
    return _line(dice, case, item, made_of, "Expert Reviewer", case.dates["decided"])


def _line(
    dice: Dice, case: SimulatedCase, item: SimulatedItem, made_of: Content, who: str, date: dt.date
) -> str:
    if dice.chance(_SHARE_NOTHING[who]):
        return _NOTHING_CITED.format(who=f"The {who}")
    region = made_of.regions[case.region]
    topic = item.treatment.topic
    odg = item.treatment.odg or region["odg"]
    if who == "Claims Administrator" and not dice.chance(_SAME_FAMILY):
        topic = dice.pick(("odg", "chapter", topic))
    if topic == "odg":
        return f"{_outside(who, date)} {_odg(dice, odg, item)}"
    line = f"Decision based on MTUS {_mtus(dice, topic, item, region, date)}."
    if dice.chance(0.25):
        line += f" {_odg(dice, odg, item)}"
    return line


def _outside(who: str, date: dt.date) -> str:
    if date < dt.date(2016, 1, 1):
        return f"The {who} did not base their decision on the MTUS."
    return f"The {who} based their decision on recommendation(s) outside of the MTUS Guidelines."


def _odg(dice: Dice, chapter: str, item: SimulatedItem) -> str:
    topic = item.treatment.odg_topic or sentence(item.slots["thing"].removeprefix("the "))
    end = dice.pick((f", {topic}.", f", {topic}.", "."))
    return f"Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), {chapter}{end}"


def _mtus(dice: Dice, topic: str, item: SimulatedItem, region: Mapping[str, Any], date: dt.date) -> str:
    early = date < _SECTIONS_FROM
    if topic == "chapter":
        if early:
            return f"{region['chapter']} Page(s): {region['pages']}"
        surgical = item.treatment.name == "operation"
        section = (
            "Surgical Considerations"
            if surgical
            else dice.pick(("Special Studies", "Special Studies", "Initial Care", "Physical Methods"))
        )
        return f"{region['chapter']} 2004, Section(s): {section}"
    if topic == "acupuncture":
        return "Acupuncture Treatment Guidelines" if early else "Acupuncture Treatment 2007"
    if topic == "general":
        if early:
            return "General Approaches Page(s): 92"
        return "General Approaches 2004, Section(s): Cornerstones of Disability Prevention and Management"
    if topic == "opioid":
        test = item.treatment.name == "drug_test"
        if date >= _EDITION_2016_FROM:
            section = (
                "3.3.6 Opioids for Chronic Pain and Chronic Opioid Treatment: Use of Urine Drug Testing (UDT)"
                if test
                else "3.3.9 Opioids for Chronic Pain and Chronic Opioid Treatment: "
                "Maintenance of Chronic Opioid Treatment"
            )
            return f"Opioid Treatment 2016, Section(s): {section}"
        topic = "Drug testing|43|" if test else "Opioids, criteria for use|76-80|"
    old, pages, new = topic.split("|")
    if early:
        return f"Chronic Pain Treatment Guidelines {old} Page(s): {pages}"
    if date < _EDITION_2016_FROM:
        return f"Chronic Pain Medical Treatment 2009, Section(s): {old}"
    return f"Chronic Pain Medical Treatment 2016, Section(s): {new or old}"
