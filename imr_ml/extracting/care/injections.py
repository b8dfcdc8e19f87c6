"""Injections: of which kind they are, by what went in and into what, and what of their drugs is theirs."""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import word_set
from imr_ml.extracting.requests.drugs import topical_words

STEROID = "adrenal cortical steroids"
"""DWC's class of the drugs that joints are injected with."""


def name_injections(words: list[str], mentions: list[Mention]) -> None:
    """Let an injection be one of a steroid where the drug stands beside it: "injection (Kenalog, 40 mg)"."""
    unnamed = [mention for mention in mentions if mention.fact == "injection"]
    for injection in unnamed:
        for drug in mentions:
            near = 0 <= drug.start - injection.end <= _INJECTION_REACH
            if near and (drug.drug_class == STEROID or drug.fact == "steroid_injection"):
                injection.fact = "steroid_injection"
    named = [mention for mention in mentions if mention.fact in _INJECTED_AT]
    for injection in named:
        for drug in [one for one in mentions if one.fact == "steroid_injection"]:
            # "A sacroiliac injection | with Kenalog" is one injection.
            between = words[injection.end : drug.start]
            if 0 < len(between) <= _INJECTION_REACH and between[0] in _WITH:
                mentions.remove(drug)


def place_injections(words: list[str], mentions: list[Mention]) -> None:
    """Name an injection by what it went into, or by what went in.

    "The facet joints | were injected |", "an injection | into the sacroiliac joint", "Synvisc | was never
    injected |".
    """
    for one in [mention for mention in mentions if mention.fact in _UNPLACED]:
        behind = words[one.end : one.end + _PLACE_REACH]
        is_verb = words[one.end - 1] == "injected"
        if is_verb or not _INTO.isdisjoint(behind[:_INTO_REACH]):
            fact = _injected_at(behind)
            if not fact and is_verb:
                fact = _into_trigger_point(mentions, one.end, one.end + _INTO_REACH)
            if fact:
                one.fact = fact
                continue
        if not is_verb:
            continue
        before = words[max(0, one.end - 1 - _INJECTION_REACH) : one.end - 1]
        before = before[before.index(",") + 1 :] if "," in before else before
        if _BE.isdisjoint(before) and before[-1:] != ["joint"] and _JOINT_OR_POINT.isdisjoint(before[-1:]):
            continue
        verb = one.end - 1
        first = verb - len(before)
        given = [
            other
            for other in mentions
            if other is not one and other.start >= first and other.end < verb and other.kind in _GIVEN
        ]
        if given and _BE_NOT.issuperset(words[given[-1].end : verb]):
            is_denied = any(other.status == "denied" for other in [one, *given])
            for other in given:
                other.status = "denied" if is_denied else one.status
            mentions.remove(one)
            continue
        # "The SI joint is tender and the | hip was injected": another clause.
        clause = next(
            (at for at in range(len(before) - 1, 0, -1) if before[at - 1] == "and" and before[at] in _THE), 0
        )
        before = before[clause:]
        fact = _injected_at(before[::-1]) or _into_trigger_point(mentions, verb - len(before), verb)
        if fact:
            one.fact = fact


def _injected_at(words: list[str]) -> str:
    """Give the injection that goes into the joint named first, empty where none is named in its clause."""
    for word in words:
        if word in _FACET_JOINT:
            return "facet_injection"
        if word in _SACROILIAC_JOINT:
            return "sacroiliac_injection"
        if word in _ENDS_PLACE:
            break
    return ""


def _into_trigger_point(mentions: list[Mention], first: int, last: int) -> str:
    is_so = any(one.fact == "trigger_points" and first <= one.start < last for one in mentions)
    return "trigger_point_injection" if is_so else ""


def is_injected(words: list[str], drug: Mention) -> bool:
    """Say whether a drug goes in by a needle or a pump, not through the skin."""
    near = words[max(0, drug.start - _INJECTION_REACH) : drug.end + _INJECTION_REACH]
    if not PUMPED.isdisjoint(near):
        return True
    return not _INJECTED.isdisjoint(near) and topical_words().isdisjoint(near)


def let_injections_help(words: list[str], mentions: list[Mention]) -> None:
    """Let an injection help, not what it holds: "the injection of Kenalog gave relief"."""
    for one in mentions:
        is_of_joints = one.kind == "drug" and (one.drug_class == STEROID or one.fact in ANESTHETICS)
        if is_of_joints and one.result and is_injected(words, one):
            for injection in mentions:
                if injection.kind == "injection" and injection.start < one.start and not injection.result:
                    injection.result = one.result
            one.result = None


PUMPED = word_set("pumped")
ANESTHETICS = frozenset(("lidocaine", "bupivacaine", "ropivacaine"))
_INJECTED = word_set("injected")
_INJECTION_REACH = 8
_FACET_JOINT = word_set("facet joint")
_SACROILIAC_JOINT = word_set("sacroiliac joint")
# "Right SIJ injected", "trigger points injected"
_JOINT_OR_POINT = _FACET_JOINT | _SACROILIAC_JOINT | {"point"}
_ENDS_PLACE = frozenset((",", ";", "but", "with"))
_INTO = frozenset(("at", "in", "into", "of", "to"))
_INTO_REACH = 4
_PLACE_REACH = 9
_BE_NOT = word_set("be") | {"been", "not", "never", "has", "have", "had", "ever", "yet"}
_BE = word_set("be") | {"been"}
_THE = frozenset(("a", "an", "her", "his", "the"))
_UNPLACED = frozenset(("injection", "steroid_injection"))
_GIVEN = frozenset(("injection", "drug"))
_INJECTED_AT = frozenset(("epidural_injection", "facet_injection", "sacroiliac_injection", "nerve_block"))
_WITH = frozenset(("with", "of", "using"))
