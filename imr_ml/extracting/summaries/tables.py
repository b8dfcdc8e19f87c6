"""The facts of summaries as a table: one row per item, one column per fact, missing where nothing is said."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from imr_ml.extracting.care.amounts import AMOUNTS, SHORTEST
from imr_ml.extracting.care.decided import REVIEW_ACTS
from imr_ml.extracting.care.results import IMAGING
from imr_ml.extracting.findings.complaints import DEFICITS
from imr_ml.extracting.findings.visits import time_of, times_told
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, HAD, PAST_RISKS, Mention, SentenceFacts
from imr_ml.extracting.grammar.sentences import sentence_words
from imr_ml.extracting.grammar.words import CARE, THERAPIES
from imr_ml.extracting.requests.body import PARTS_OF, ROOTS
from imr_ml.extracting.requests.drugs import acting
from imr_ml.extracting.summaries.details import OF_ANY_KIND, STOPPED
from imr_ml.extracting.summaries.looking_up import look_up_sentences
from imr_ml.extracting.summaries.reader import read_sentences
from imr_ml.extracting.summaries.summary import read_summary
from imr_ml.resources import read_rows

_HAD_OR_NOT = frozenset(("present", "historical", "denied"))
_CARE = ("study", "treatment", "injection", "surgery", "monitoring", "referral")
_KINDS_HAD_IN_THE_PAST = frozenset(("diagnosis", "medication", "drug", "event", "mechanism", *_CARE))
GROUPS: dict[str, tuple[tuple[str, ...], str]] = {
    "has_radicular_signs": (
        ("radiating_pain", "radiculopathy", "straight_leg_raise", "spurling"),
        "radiating pain, radiculopathy, a positive straight leg raise or Spurling's test",
    ),
    "has_any_red_flag": (
        (
            *("red_flags", "cauda_equina", "foot_drop", "progressive_deficit", "cancer", "infection"),
            "systemic_signs",
        ),
        "red flags in those words, or one of them: bladder or bowel signs, foot drop, a deficit that gets "
        "worse, cancer, infection, fever or weight loss",
    ),
    "has_psychological_symptoms": (
        ("depression", "anxiety", "stress_disorder", "suicidal_thoughts"),
        "depression, anxiety, a stress disorder or suicidal thoughts",
    ),
    "has_imaging": (tuple(sorted(IMAGING)), "any imaging has been done"),
    "has_any_injection": ((), "any injection has been given"),
}
"""Columns that sum up others: true where one is, false where some are denied and none is true.

Without members: of all facts of kind ``injection``.
"""
_DISEASES = frozenset(f"has_{disease}_disease" for disease in ("autoimmune", "liver", "lung", "renal")) | {
    "has_cancer",
    "has_cardiovascular_risk",
    "has_diabetes",
}
"""Each is a disease beside the injury (``has_comorbidity``); that one is denied says nothing of others."""
_DEFICIT = "has_objective_deficit"
# What is injected into a joint helps as an injection does, not as "drugs" do.
_INJECTED_CLASSES = frozenset(("has_drug_viscosupplementation",))
IN_USE = {
    "has_drug_opioid": "is_opioid_in_use",
    "has_drug_nsaid": "is_nsaid_in_use",
    "has_drug_benzodiazepine": "is_benzodiazepine_in_use",
}
"""Columns that say whether a drug of a class is in use: false where it was stopped or never taken."""
RESULTS = {
    "prescription_monitoring_consistent": "CURES or its like agrees with what is prescribed",
    "opioid_risk_high": "the risk of misuse is rated high or moderate (true) or low (false)",
    "first_line_failed": "drugs of first choice failed (true), or help or were never tried (false)",
    "operation_denied": "utilization review or the carrier denied an operation",
    "restricted_before": "work was restricted as a part of past treatment",
}
"""Results, each the column ``is_<name>``, that only patterns of ``summary_statements.csv`` state."""
_REGIONS = ("neck/cervical", "mid back/thoracic", "low back/lumbar")
_WITH_RESULT = (
    "xray",
    "mri",
    "ct",
    "electrodiagnostics",
    "bone_scan",
    "ultrasound_study",
    "unnamed_imaging",
)
CONSERVATIVE = frozenset(
    f"has_{kind}"
    for kind in (
        *(
            "physical_therapy",
            "occupational_therapy",
            "chiropractic",
            "acupuncture",
            "home_exercise",
            "massage",
        ),
        *("aquatic_therapy", "tens", "heat_or_cold", "brace", "activity_modification", "any_injection"),
        *("medication", "conservative_care", "electrical_stimulation", "traction"),
    )
)
_SESSIONS = (
    *("physical_therapy", "occupational_therapy", "chiropractic", "acupuncture", "massage"),
    *("aquatic_therapy", "psychotherapy"),
)
_CLASS_WORDS = {
    "sedative": "sedative-hypnotic",
    "topical": "topical analgesic",
    "gi_protection": "PPI",
    "oral_steroid": "adrenal cortical steroids",
    "nsaid": "NSAID",
    "anti_epilepsy": "anti-epilepsy",
    "muscle_relaxant": "muscle relaxant",
    "topical_compound": "topical compound",
    "gi_agent": "GI agent",
    "anti_infective": "anti-infective",
}


@cache
def part_column(part: str) -> str:
    """Name the column of a part of the body.

    >>> part_column("low back/lumbar")
    'has_part_low_back'
    """
    return "has_part_" + part.split("/")[0].replace(" ", "_")


@cache
def class_column(drug_class: str) -> str:
    """Name the column of a drug class.

    >>> class_column("nutritional (medical food)")
    'has_drug_nutritional'
    """
    return "has_drug_" + re.sub(r"[^a-z0-9]+", "_", drug_class.split(" (")[0].lower())


@cache
def summary_columns() -> dict[str, str]:
    """Give every column of `summary_facts` and what it means.

    A ``has_`` or ``is_`` column is true where the summary states the fact, false where it denies it, and
    missing where it does neither; where it does both, true, but for what a later dated examination found
    otherwise. What utilization review says, what is planned, possible or another person's, and what stands
    in a judging sentence does not count; care that utilization review decided on was asked for (planned).
    """
    columns: dict[str, str] = {}
    for row in read_rows("lexicons/summary_facts.csv"):
        if row["kind"] in ("medication", "image"):
            continue
        if row["kind"] == "work":
            columns[f"is_{row['fact']}"] = f"work status: {row['meaning']}"
        elif row["kind"] in _CARE:
            columns[f"has_{row['fact']}"] = f"{row['meaning']} had, now or before"
            columns[f"is_{row['fact']}_planned"] = f"{row['meaning']} planned, recommended or requested"
        elif row["kind"] in ("event", "mechanism"):
            columns[f"has_mechanism_{row['fact']}"] = f"mechanism of injury: {row['meaning']}"
        else:
            columns.setdefault(f"has_{row['fact']}", row["meaning"])
    columns |= {name: meaning for name, (_, meaning) in GROUPS.items()}
    columns[_DEFICIT] = (
        "weakness, loss of sensation, changed reflexes, atrophy or a neurological deficit was found, and not "
        "only complained of"
    )
    columns |= {f"is_{fact}_abnormal": f"result of the {fact}: true abnormal" for fact in _WITH_RESULT}
    columns["is_urine_drug_test_consistent"] = "urine tests agree with what is prescribed, or one does not"
    columns |= {f"is_{fact}": meaning for fact, meaning in RESULTS.items()}
    columns |= {
        now: f"{ever.removeprefix('has_drug_')} drugs are taken now (true), or were stopped or never taken"
        for ever, now in IN_USE.items()
    }
    columns["is_conservative_care_failed"] = "a treatment other than surgery failed, in those words"
    columns["is_care_helpful"] = (
        "a treatment or drug helped or function improved (true), or failed and none helped (false)"
    )
    for row in read_rows("lexicons/summary_facts.csv"):
        if row["kind"] in THERAPIES:
            columns[f"is_{row['fact']}_helpful"] = f"{row['meaning']} helped (true) or failed (false)"
    columns["has_medication"] = "any drug is or was taken"
    columns["is_medication_helpful"] = "drugs helped (true) or failed (false)"
    for drug_class in sorted({row["drug_class"] for row in read_rows("lexicons/drugs.csv")} - {""}):
        columns[class_column(drug_class)] = f"takes or took a drug of class {drug_class}"
    for part in _parts():
        columns[part_column(part)] = f"complaint, diagnosis, finding or treatment of: {part}"
    for fact, act in REVIEW_ACTS.items():
        columns[f"is_{fact}"] = f"utilization review {act} a request, as the summary says"
    for row in read_rows("lexicons/summary_ur_reasons.csv"):
        if row["fact"] not in REVIEW_ACTS:
            columns[f"is_{row['fact']}"] = f"reason of the denial: {row['meaning']}"
    columns |= {
        f"n_{therapy}_sessions": f"sessions of {therapy} had; the highest count" for therapy in _SESSIONS
    }
    columns |= {
        **{f"n_{name}": meaning for name, meaning in AMOUNTS.items()},
        "n_pain_score": "highest pain score stated as current, 0 to 10",
        "n_lowest_pain_score": "lowest pain score stated as current, 0 to 10",
        "n_pain_with_medication": "highest pain score with medication, 0 to 10",
        "n_pain_without_medication": "highest pain score without medication, 0 to 10",
        "n_body_mass_index": "body mass index, in kg per square metre",
        "n_body_parts": "parts of the body that the summary speaks of",
        "n_drugs": "different drugs taken, by generic name",
        "n_diagnoses": "different kinds of diagnosis",
        "n_treatments": "different treatments had, injections and surgery included",
    }
    return columns


@cache
def _parts() -> tuple[str, ...]:
    named = [part for row in read_rows("lexicons/body_parts.csv") for part in row["body_parts"].split(";")]
    return tuple(dict.fromkeys(part for part in named if part))


class Said(dict[str, float]):
    """What is stated, by column: 1 true, 0 false, or an amount; `mixed` names what is both."""

    def __init__(self) -> None:
        super().__init__()
        self.mixed: frozenset[str] = frozenset()


class SummaryRecord:
    """A summary as far as tables and items need it.

    What is asked of it by several items is worked out once, by hand: compiled, a `cached_property` is an
    ordinary one.

    Parameters
    ----------
    said : Said
        As `stated` gives it.
    care : tuple of Mention
        Therapies, studies, injections, operations and drugs that were had or denied.
    judged : tuple of int
        Which sentences judge the record, by number from 0.
    n_conservative_care : float
        Different kinds of conservative care had.
    mentioned : tuple of list of Mention
        What each sentence mentions outside of judgements, in order; nothing for many.
    """

    def __init__(
        self,
        said: Said,
        care: tuple[Mention, ...],
        judged: tuple[int, ...],
        n_conservative_care: float,
        mentioned: tuple[list[Mention], ...],
    ) -> None:
        self.said = said
        self.care = care
        self.judged = judged
        self.n_conservative_care = n_conservative_care
        self.mentioned = mentioned
        self._sentences: tuple[SentenceRecord, ...] | None = None
        self._of_drugs: tuple[list[Mention], ...] | None = None

    @property
    def sentences(self) -> tuple[SentenceRecord, ...]:
        """What is stated, apart for all sentences that speak of the same parts, side, drugs and care."""
        if self._sentences is None:
            self._sentences = _apart(self.mentioned)
        return self._sentences

    @property
    def drugs(self) -> tuple[Mention, ...]:
        """The drugs among the care that was had or denied."""
        return tuple([mention for mention in self.care if mention.kind == "drug"])

    @property
    def of_drugs(self) -> tuple[list[Mention], ...]:
        """What each sentence mentions that names drugs, apart or as a whole."""
        if self._of_drugs is None:
            self._of_drugs = tuple(
                [
                    mentions
                    for mentions in self.mentioned
                    if any(mention.kind in DRUG_KINDS for mention in mentions)
                ]
            )
        return self._of_drugs

    @property
    def has_drugs(self) -> bool:
        """Whether it states or denies a drug of any class."""
        return any(name.startswith("has_drug_") for name in self.said)


def _apart(mentioned: tuple[list[Mention], ...]) -> tuple[SentenceRecord, ...]:
    alike: dict[tuple[Any, ...], SentenceRecord] = {}
    before: SentenceRecord | None = None
    for mentions in mentioned:
        for sentence in sentence_records(mentions) if mentions else ():
            sentence = sentence if before is None else _of_the_same(before, sentence)
            before = sentence
            known = alike.setdefault(sentence.speaks_of(), sentence)
            if known is not sentence:
                merge(known.said, sentence.said)
                merge(known.helped, sentence.helped)
    return tuple(alike.values())


def _of_the_same(before: SentenceRecord, sentence: SentenceRecord) -> SentenceRecord:
    """Let a gain that names no care be of what was praised right before: "Soma helps. | He walks a mile"."""
    if not (before.drugs or before.care) or sentence.drugs or sentence.classes or sentence.care:
        return sentence
    gained = sentence.said.get("has_functional_gain")
    if gained is None or gained not in [before.said.get(name) for name in _TOLD_OF_CARE]:
        return sentence
    return SentenceRecord(
        sentence.said, sentence.parts, before.drugs, before.classes, before.care, sentence.side
    )


_TOLD_OF_CARE = ("has_functional_gain", "is_medication_helpful", "is_care_helpful")


class SentenceRecord:
    """What sentences state that speak of the same parts of the body and side, drugs and care.

    `helped` tells by ingredient which drugs helped (1) and which failed (0), where their results stand apart.
    """

    def __init__(
        self,
        said: dict[str, float],
        parts: frozenset[str],
        drugs: frozenset[str],
        classes: frozenset[str],
        care: frozenset[str],
        side: str = "",
        helped: Mapping[str, float] | None = None,
    ) -> None:
        self.said = said
        self.parts = parts
        self.drugs = drugs
        self.classes = classes
        self.care = care
        self.side = side
        self.helped = dict(helped or {})

    def speaks_of(self) -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], str]:
        """Give all but what is stated."""
        return self.parts, self.drugs, self.classes, self.care, self.side


_BODY_MASS = "body_mass_index"


@lru_cache(maxsize=2**8)
def read_record(summary: str) -> SummaryRecord:
    """Read a summary; judging sentences, plans and utilization review's words are no care had.

    The latest are remembered, for the items of a letter share their summary.
    """
    sentences = sentence_words(summary)
    return record_of(read_sentences(look_up_sentences(sentences), counting_only=True), sentences)


@lru_cache(maxsize=2**4)
def read_whole(summary: str) -> SummaryRecord:
    """Read a summary as `read_record` does, from the reading that `summary_findings` shares."""
    return record_of(read_summary(summary), sentence_words(summary))


def record_of(sentences: Sequence[SentenceFacts], words: list[list[str]] | None = None) -> SummaryRecord:
    """Give the record of a summary, or of some of its sentences, as `read_summary` reads them.

    With the words of each sentence, what an examination found counts only where a later one of the same part
    did not find the contrary.
    """
    said = stated(sentences)
    if words is not None and said.mixed:
        latest = _latest_found(sentences, words, said.mixed)
        if latest is not sentences:
            sentences = latest
            said = stated(sentences)
    care = [
        mention
        for _, mentions, _ in sentences
        for mention in mentions
        if mention.kind in CARE and mention.status in _HAD_OR_NOT
    ]
    judged = tuple(number for number, (is_judged, *_) in enumerate(sentences) if is_judged)
    conservative = [name for name in CONSERVATIVE if said.get(name) == 1.0]
    mentioned = tuple([mentions for _, mentions, _ in sentences])
    return SummaryRecord(said, tuple(care), judged, float(len(conservative)), mentioned)


def _latest_found(
    sentences: Sequence[SentenceFacts], words: list[list[str]], mixed: frozenset[str]
) -> Sequence[SentenceFacts]:
    """Leave out what a later examination contradicts; the same sentences where none does."""
    columns = _may_change()
    if mixed.isdisjoint(columns):
        return sentences
    facts = {columns[column] for column in columns.keys() & mixed}
    found: dict[str, list[tuple[int, Mention]]] = {}
    for number, (_, mentions, _) in enumerate(sentences):
        for mention in mentions:
            if mention.fact in facts and mention.status in ("present", "denied"):
                found.setdefault(mention.fact, []).append((number, mention))
    if not any(_may_be_undone(places, sentences) for places in found.values()):
        return sentences
    times = times_told(words, sentences)
    outdated: dict[int, list[Mention]] = {}
    for places in found.values():
        dated = [
            (number, mention, time)
            for number, mention in places
            if (time := time_of(mention, times[number])) is not None
        ]
        for number, mention, time in dated:
            of_same = [
                (when, other.status)
                for place, other, when in dated
                if (not other.side or not mention.side or other.side == mention.side)
                and (place == number or _is_of_same_parts(sentences[place][1], sentences[number][1]))
            ]
            latest = max(when for when, _ in of_same)
            if latest > time and not any(
                status == mention.status for when, status in of_same if when == latest
            ):
                outdated.setdefault(number, []).append(mention)
    if not outdated:
        return sentences
    return [
        (is_judging, [one for one in mentions if one not in outdated.get(number, ())], judged)
        for number, (is_judging, mentions, judged) in enumerate(sentences)
    ]


def _may_be_undone(places: Sequence[tuple[int, Mention]], sentences: Sequence[SentenceFacts]) -> bool:
    """Say whether one fact is both stated and denied of what may be the same part and side."""
    return any(
        one.status != other.status
        and (not one.side or not other.side or one.side == other.side)
        and (number == place or _is_of_same_parts(sentences[number][1], sentences[place][1]))
        for (number, one), (place, other) in itertools.combinations(places, 2)
    )


@cache
def _may_change() -> dict[str, str]:
    """Give the columns of what an examination finds, and a later one may not: no diagnosis and no risk."""
    rows = read_rows("lexicons/summary_facts.csv")
    facts = {row["fact"] for row in rows if row["kind"] in ("finding", "test")} - PAST_RISKS
    return {f"has_{fact}": fact for fact in facts}


def _is_of_same_parts(one: list[Mention], other: list[Mention]) -> bool:
    mine, yours = (
        {
            part
            for mention in mentions
            for part in ((mention.fact,) if mention.kind == "part" else mention.parts)
        }
        for mentions in (one, other)
    )
    return not mine.isdisjoint(yours) if mine and yours else not mine and not yours


def sentence_records(mentions: list[Mention]) -> list[SentenceRecord]:
    """Give what one sentence states, apart for each clause and side of the body; nothing for none.

    What it finds of nerves is apart for arms and legs where it speaks of both: "tender neck; numb left foot".
    """
    if mentions and (last := mentions[-1].clause):
        clauses = [[one for one in mentions if one.clause == clause] for clause in range(last + 1)]
        return [found for own in clauses for found in _clause_records(own)]
    return _clause_records(mentions)


def _clause_records(mentions: list[Mention]) -> list[SentenceRecord]:
    sides: dict[tuple[str, str], Said] = {}
    parts: set[str] = set()
    drugs: set[str] = set()
    classes: set[str] = set()
    care: set[str] = set()
    helped: dict[str, float] = {}
    halves = {_HALF_OF[one.fact] for one in mentions if one.kind == "part" and one.fact in _HALF_OF}
    for mention in mentions:
        kind = mention.kind
        if mention.status in ("quoted", "unrelated"):
            continue
        if kind == "part":
            parts.add(mention.fact)
            continue
        parts.update(mention.parts)
        if kind == "drug":
            drugs.update(acting_of(mention))
            classes.add(class_column(mention.drug_class) if mention.drug_class else "")
            if mention.result in _HELPED:
                merge(helped, dict.fromkeys(acting_of(mention), _HELPED[mention.result]))
        elif kind == "medication":
            if mention.fact != "medication":
                classes.add(column_of(kind, mention.fact, None))
        elif kind in CARE:
            care.add(mention.fact)
        if kind != "score" and kind != "image":
            of_part = _part_found(mention, mentions) if len(halves) > 1 and mention.fact in _OF_NERVES else ""
            side = mention.side, of_part
            if side not in sides:
                sides[side] = Said()
            _state(sides[side], mention, kind, mention.status)
        elif mention.fact in _SCORES_OF_ITEMS and mention.value is not None and mention.status == "present":
            # "Without tramadol 9/10": what it is with it may stand in the next sentence.
            merge(sides.setdefault(("", ""), Said()), {f"n_{mention.fact}": mention.value})
    named = frozenset(drugs), frozenset(classes), frozenset(care)
    failed = _failed_beside_others(mentions) if len(care) > 1 else None
    found: list[SentenceRecord] = []
    for (half, of_part), said in sides.items():
        own_parts = frozenset((of_part,)) if of_part else frozenset(parts)
        if failed is None or (_NO_GAIN not in said and _GAIN not in said):
            if said:
                found.append(SentenceRecord(said, own_parts, *named, half, helped))
            continue
        # "Massage did nothing, with acupuncture he can cook": the gain is of what did not fail, and that
        # nothing lasted is of what did.
        lost = {
            name: said[name]
            for name in (_NO_GAIN, _GAIN)
            if name in said and said[name] == (name == _NO_GAIN)
        }
        rest = {name: value for name, value in said.items() if name not in lost}
        if lost:
            found.append(SentenceRecord(lost, own_parts, frozenset(), frozenset(), failed, half))
        # A gain that the next sentence tells goes on with the last of them.
        found.append(SentenceRecord(rest, own_parts, named[0], named[1], named[2] - failed, half, helped))
    return found


def _failed_beside_others(mentions: list[Mention]) -> frozenset[str] | None:
    """Give the care of a clause that failed where other care did not, nothing where all or none did."""
    results: dict[str, str | None] = {}
    for one in mentions:
        if one.kind in THERAPIES and one.status in HAD and (one.result or one.fact not in results):
            results[one.fact] = "helped" if "helped" in (one.result, results.get(one.fact)) else one.result
    failed = frozenset(fact for fact, result in results.items() if result == "failed")
    if not failed or len(failed) == len(results):
        return None
    is_told = any(f"has_{one.fact}" == _NO_GAIN for one in mentions)
    # "Massage failed and acupuncture gave brief relief" leaves open of which it is told.
    return None if is_told and "helped" not in results.values() else failed


_GAIN = "has_functional_gain"
_NO_GAIN = "has_no_lasting_gain"


_HELPED = {"helped": 1.0, "failed": 0.0}
_OF_NERVES = frozenset(
    ("sensory_loss", "numbness", "weakness", "reflex_change", "atrophy", "radiating_pain", "foot_drop")
)
_HALF_OF = {part: limb for limb, root in ROOTS.items() for part in (root, limb, *PARTS_OF[limb])}


def _part_found(found: Mention, mentions: list[Mention]) -> str:
    """Give the part of which a finding is told: the next one before another finding, else the last before."""
    last = ""
    for other in mentions:
        if other.kind == "part":
            if other.start >= found.start:
                return other.fact
            last = other.fact
        elif other.start > found.start and other.kind in ("finding", "test"):
            break
    return last


def acting_of(drug: Mention) -> frozenset[str]:
    """Give the ingredients by which a drug that is mentioned is known; see `acting`."""
    return _acting_in(drug.fact, drug.drug_class)


@lru_cache(maxsize=2**12)
def _acting_in(generics: str, drug_class: str | None) -> frozenset[str]:
    return acting(tuple(generics.split(";")), (drug_class,))


def merge(said: dict[str, float], more: Mapping[str, float]) -> None:
    """Add what another sentence states: what is stated and denied is true, of amounts the highest counts."""
    for name, value in more.items():
        if name not in said:
            said[name] = value
        elif name in _LOWEST:
            said[name] = min(said[name], value)
        elif value > said[name]:
            said[name] = value


_CONSISTENT = "is_urine_drug_test_consistent"
_LOWEST = frozenset(
    (
        *(f"n_{name}" for name in SHORTEST),
        *(_CONSISTENT, "is_prescription_monitoring_consistent"),
    )
)


def summary_records(summaries: Sequence[str | None]) -> tuple[list[SummaryRecord], list[int]]:
    """Give the record of each different summary of a table, and the number of each row's in that list."""
    numbers: dict[str, int] = {}
    rows = [numbers.setdefault(text or "", len(numbers)) for text in summaries]
    # Each step is taken with many of them before the next: in turns they drive each other out of the
    # processor's cache. None is remembered: what lives on would be looked through in each search for cycles.
    words = [sentence_words(summary) for summary in numbers]
    records: list[SummaryRecord] = []
    for start in range(0, len(words), _AT_ONCE):
        part = words[start : start + _AT_ONCE]
        looked_up = [look_up_sentences(sentences) for sentences in part]
        read = [read_sentences(found, counting_only=True) for found in looked_up]
        records += map(record_of, read, part)
    return records, rows


_AT_ONCE = 2**9


def fact_columns(
    said: Sequence[dict[str, float]], names: Sequence[str], rows: Sequence[int]
) -> dict[str, Any]:
    """Give columns of facts by name: ``boolean`` for ``has_`` and ``is_``, ``Float64`` for ``n_``.

    Parameters
    ----------
    said : sequence of dict of str to float
        Statements, as `stated` gives them; a fact that one leaves out is missing.
    names : sequence of str
        Of every column.
    rows : sequence of int
        Which of `said` each row of the table shows.
    """
    shape = len(names), len(said)
    numbers = {name: number for number, name in enumerate(names)}
    sizes = list(map(len, said))
    n_stated = sum(sizes)
    columns = np.fromiter(map(numbers.__getitem__, itertools.chain.from_iterable(said)), np.intp, n_stated)
    found = columns, np.repeat(np.arange(len(said)), sizes)
    values, missing = np.zeros(shape), np.ones(shape, dtype=bool)
    values[found] = np.fromiter(itertools.chain.from_iterable(map(dict.values, said)), float, n_stated)
    missing[found] = False
    shown = np.asarray(rows, dtype=np.intp)
    missing, is_true = missing[:, shown], (values > 0)[:, shown]
    return {
        name: pd.arrays.FloatingArray(values[number][shown], missing[number])
        if name.startswith("n_")
        else pd.arrays.BooleanArray(is_true[number], missing[number])
        for number, name in enumerate(names)
    }


def stated(sentences: Iterable[SentenceFacts]) -> Said:
    """Give what a summary states, by column; what it does not state is left out."""
    said = Said()
    drugs: set[str] = set()
    scores: dict[str, list[float]] = {}
    in_use: dict[str, dict[str, bool]] = {}
    given_up: dict[str, set[str]] = {}
    for _, mentions, _ in sentences:
        for mention in mentions:
            kind, status = mention.kind, mention.status
            if kind == "part":
                if status in ("present", "denied"):
                    _set(said, part_column(mention.fact), status == "present")
            elif kind == "score":
                if mention.value is not None and status == "present":
                    scores.setdefault(mention.fact, []).append(mention.value)
            elif kind != "image" and status != "quoted":
                _state(said, mention, kind, status)
                if kind == "drug" and status == "present":
                    drugs.add(mention.fact)
                elif mention.fact == "medication" and (status == "present" or mention.result == STOPPED):
                    # "Past treatment: naproxen. He takes no medicine now."
                    given_up = {} if status == "present" else {of: set(named) for of, named in in_use.items()}
                if kind in DRUG_KINDS and status in _HAD_OR_NOT:
                    column = column_of(kind, mention.fact, mention.drug_class)
                    if column in IN_USE:
                        taken = in_use.setdefault(IN_USE[column], {})
                        if kind == "drug" and status != "present":
                            # "Opioids nauseate him, so Norco was stopped"
                            taken.pop("", None)
                        taken[mention.fact if kind == "drug" else ""] = status == "present"
                        given_up.get(IN_USE[column], set()).discard(mention.fact)
    for column, taken in in_use.items():
        taken.update(dict.fromkeys(given_up.get(column, ()), False))
        # "He took Motrin for years. Motrin was stopped": what is told last of a drug stands.
        if column in said and not any(taken.values()):
            said[column] = 0.0
    columns = _column_groups()
    if not said.keys().isdisjoint(columns.regions):
        said.pop(columns.spine, None)
    if scores.get("pain_score"):
        said["n_pain_score"] = max(scores["pain_score"])
        said["n_lowest_pain_score"] = min(scores["pain_score"])
    for fact in ("pain_with_medication", "pain_without_medication", _BODY_MASS):
        if scores.get(fact):
            said[f"n_{fact}"] = max(scores[fact])
    add_groups(said)
    if said:
        counts = {"n_body_parts": 0, "n_drugs": len(drugs), "n_diagnoses": 0, "n_treatments": 0}
        for name, value in said.items():
            if value == 1.0 and (counted_in := columns.counted_in.get(name)):
                counts[counted_in] += 1
        said |= counts
    return said


def add_groups(said: dict[str, float]) -> None:
    """Add the columns that sum up others (see `GROUPS`), and the fall of pain that two sentences state."""
    if "n_pain_drop" not in said and said.keys() >= _SCORES:
        without, on = said["n_pain_without_medication"], said["n_pain_with_medication"]
        if without > 0:
            said["n_pain_drop"] = round(max(0.0, (without - on) / without), 3)
    for name, members in _column_groups().groups.items():
        if not said.keys().isdisjoint(members):
            said[name] = max(said[column] for column in said.keys() & members)
    if any(said.get(disease) for disease in said.keys() & _DISEASES):
        said["has_comorbidity"] = 1.0
    if said.get("has_functional_gain"):
        said["is_care_helpful"] = 1.0


_SCORES = {"n_pain_without_medication", "n_pain_with_medication"}
_SCORES_OF_ITEMS = frozenset((_BODY_MASS, "pain_without_medication", "pain_with_medication"))


@dataclass(frozen=True, slots=True)
class _ColumnGroups:
    groups: dict[str, frozenset[str]]
    counted_in: dict[str, str]
    regions: frozenset[str]
    spine: str


@cache
def _column_groups() -> _ColumnGroups:
    def of_kinds(*kinds: str) -> frozenset[str]:
        rows = read_rows("lexicons/summary_facts.csv")
        return frozenset(f"has_{row['fact']}" for row in rows if row["kind"] in kinds)

    return _ColumnGroups(
        {
            name: frozenset(f"has_{fact}" for fact in facts) or of_kinds("injection")
            for name, (facts, _) in GROUPS.items()
        },
        {
            **dict.fromkeys(map(part_column, _parts()), "n_body_parts"),
            **dict.fromkeys(of_kinds("diagnosis"), "n_diagnoses"),
            **dict.fromkeys(of_kinds("treatment", "injection", "surgery"), "n_treatments"),
        },
        frozenset(part_column(part) for part in _REGIONS),
        part_column("spine"),
    )


def _state(said: Said, mention: Mention, kind: str, status: str) -> None:
    fact = mention.fact
    if kind == "review":
        merge(said, {f"is_{fact}": 1.0 if status == "present" else 0.0})
        return
    if kind == "result":
        name, value = f"is_{fact}", float(status == "present")
        if said.get(name, value) != value:
            said.mixed |= {name}
        merge(said, {name: value})
        return
    if kind == "amount":
        if mention.value is not None:
            merge(said, {f"n_{fact}": mention.value})
        return
    if status == "planned" and kind in _CARE:
        said[f"is_{fact}_planned"] = 1.0
        return
    if status == "unplanned" and kind in _CARE:
        # What is planned in one place and not in another is planned.
        said.setdefault(f"is_{fact}_planned", 0.0)
        return
    is_true = status == "present" or (
        status == "historical" and (kind in _KINDS_HAD_IN_THE_PAST or fact in PAST_RISKS)
    )
    if not is_true and status != "denied":
        return
    if fact == "unnamed_imaging" and status == "denied" and mention.result != OF_ANY_KIND:
        # "No imaging" denies every kind, and none of an unknown one.
        said.setdefault("has_imaging", 0.0)
        return
    column = column_of(kind, fact, mention.drug_class)
    _set(said, column, is_true)
    if fact in DEFICITS and not mention.is_complaint:
        _set(said, _DEFICIT, is_true)
    if column in IN_USE:
        _set(said, IN_USE[column], status == "present")
    if kind not in CARE:
        return
    if kind in ("medication", "drug"):
        if is_true and column != "has_medication":
            # That one drug is not taken says nothing of others.
            _set(said, "has_medication", True)
        if mention.result and column not in _INJECTED_CLASSES:
            _state_outcome(said, "medication", mention.result)
    elif is_true:
        if mention.result:
            if kind in THERAPIES:
                _state_outcome(said, fact, mention.result)
            elif fact in _WITH_RESULT:
                _set(said, f"is_{fact}_abnormal", mention.result == "abnormal")
            elif fact == "urine_drug_test":
                consistent = float(mention.result == "normal")
                if said.get(_CONSISTENT, consistent) != consistent:
                    said.mixed |= {_CONSISTENT}
                merge(said, {_CONSISTENT: consistent})
        if mention.value and fact in _SESSIONS:
            name = f"n_{fact}_sessions"
            said[name] = max(said.get(name, 0.0), mention.value)


def _set(said: Said, name: str, is_true: bool) -> None:
    """State a fact; what is stated and denied is true."""
    if not is_true:
        if said.setdefault(name, 0.0):
            said.mixed |= {name}
        return
    if said.get(name) == 0.0:
        said.mixed |= {name}
    said[name] = 1.0


def _state_outcome(said: Said, fact: str, result: str) -> None:
    if result not in ("helped", "failed"):
        return
    has_helped = result == "helped"
    _set(said, f"is_{fact}_helpful", has_helped)
    _set(said, "is_care_helpful", has_helped)
    if has_helped:
        return
    if fact == "conservative_care":
        said["is_conservative_care_failed"] = 1.0
    if fact not in _WITHOUT_COURSE:
        # Relief that there was none of is none that lasted.
        _set(said, "has_no_lasting_gain", True)


# What is worn, done or taken day by day is no course of care that ends in a gain.
_WITHOUT_COURSE = frozenset(
    (
        *("medication", "brace", "tens", "stimulator", "pump", "activity_modification", "sleep_hygiene"),
        *("heat_or_cold", "home_exercise", "home_health", "conservative_care"),
    )
)


def column_of(kind: str, fact: str, drug_class: str | None) -> str:
    """Name the column of a fact of some kind.

    >>> column_of("work", "full_duty", None), column_of("drug", "ibuprofen", "NSAID")
    ('is_full_duty', 'has_drug_nsaid')
    """
    if kind == "drug":
        return class_column(drug_class) if drug_class else "has_medication"
    of_kind = _NAMED.get(kind)
    if of_kind is None:
        of_kind = _NAMED[kind] = {}
    column = of_kind.get(fact)
    if column is None:
        column = of_kind[fact] = _column_of(kind, fact)
    return column


_NAMED: dict[str, dict[str, str]] = {}
"""The columns named before, by kind and fact."""


def _column_of(kind: str, fact: str) -> str:
    if kind == "work":
        return f"is_{fact}"
    if kind in ("event", "mechanism"):
        return f"has_mechanism_{fact}"
    if kind == "medication":
        # "First-line medications" are no class of DWC's, but drugs.
        column = class_column(_CLASS_WORDS.get(fact, fact))
        return column if column in summary_columns() else "has_medication"
    return f"has_{fact}"
