"""What a summary says of one item: the sentences that speak of other parts, drugs or care are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from imr_ml.extracting.care.results import IMAGING
from imr_ml.extracting.care.sessions import COUNTED, UNNAMED_VISITS
from imr_ml.extracting.findings.examined import PARTS_OF_TEST
from imr_ml.extracting.summaries.tables import SentenceRecord, add_groups, merge

_OF_CARE = frozenset(("is_care_helpful", "is_medication_helpful"))
_OF_OTHERS = "has_side_effects_of_others"
_OF_DRUGS = "is_medication_helpful"
_OF_COURSE = frozenset(
    (
        "has_functional_gain",
        "has_no_lasting_gain",
        "has_side_effects",
        "has_first_use",
        "has_long_use",
        "has_earlier_study",
        "n_months_used",
        "n_relief_percent",
        "n_pain_with_medication",
        "n_pain_without_medication",
    )
)
OUTCOMES = _OF_CARE | _OF_COURSE | {"n_relief_weeks", "n_pain_drop"}
"""Facts that say what came of a drug or of care: of the item only where no other drug or care is named."""
_OF_OTHER_DRUGS = OUTCOMES - {"has_side_effects"}
"""What of these a sentence on drugs does not tell of care: that drugs are not tolerated speaks for it."""
_LABORATORY = "laboratory_tests"
_SINCE = "n_months_since_study"
_OF_TESTED_DRUGS = _OF_OTHER_DRUGS - {"has_long_use", "n_months_used"}
"""Laboratory tests are asked for the safety of drugs that are taken for long."""

_LIMB_OF = {
    "low back/lumbar": frozenset(("lower extremity", "foot", "ankle")),
    "neck/cervical": frozenset(("upper extremity", "hand", "finger", "wrist")),
}
_NERVE_FACTS = frozenset(
    (
        "has_radiating_pain",
        "has_radiculopathy",
        "has_numbness",
        "has_weakness",
        "has_sensory_loss",
        "has_reflex_change",
        "has_neurological_deficit",
        "has_objective_deficit",
        "has_straight_leg_raise",
        "has_spurling",
        "has_foot_drop",
        "has_progressive_deficit",
        "n_months_of_symptoms",
        "has_electrodiagnostics",
        "is_electrodiagnostics_abnormal",
        "has_nerve_entrapment",
    )
)

_LOCAL_FACTS = _NERVE_FACTS | frozenset(
    (
        *("has_spasm", "has_guarding", "has_tenderness", "has_swelling", "has_trigger_points"),
        *("has_exacerbation", "has_worsening", "has_improving", "has_neuropathic_pain", "has_crps"),
        *(
            "has_osteoarthritis",
            "has_chondromalacia",
            "has_sprain_strain",
            "has_tendinopathy",
            "has_myofascial_pain",
        ),
        *("has_fracture", "has_wound", "has_dislocation", "has_disc_disease", "has_spinal_stenosis"),
    )
)
"""What is found of one part of the body and says nothing of a drug for another."""

_OF_OPERATION = frozenset(("is_operation_denied", "is_surgery_planned"))

OTHER_SIDE = {"left": "right", "right": "left"}


class ItemScope(NamedTuple):
    """What a summary must speak of to speak of an item, and what the request itself says of it.

    Parameters
    ----------
    keys : tuple of str
        The treatment, as ``taxonomies/criteria.csv`` names it.
    parts, generics, classes, care : frozenset of str
        Parts of the body, ingredients of the drug, columns of its classes, care as `requested_care` names it.
    said : mapping of str to float
        Facts of the request, by name.
    sessions : int or None
        Visits in dispute.
    side : {"left", "right", ""}
        Of the body, where the request names one.
    operated : frozenset of str
        Parts of the operation that an item comes before, which looks at others for its sake.
    """

    keys: tuple[str, ...] = ()
    parts: frozenset[str] = frozenset()
    generics: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    care: frozenset[str] = frozenset()
    said: Mapping[str, float] = {}
    sessions: int | None = None
    side: str = ""
    operated: frozenset[str] = frozenset()


def said_about(scope: ItemScope, sentences: Iterable[SentenceRecord]) -> dict[str, float]:
    """Give what sentences of a summary state of an item, by the names of `summary_columns`.

    A sentence that names parts of the body counts where the item is for one of them, or for none; what it
    says of nerves also where it names the limb to which the item's part of the spine sends them. For a drug
    only what was found of other parts is left out. What is of the other side of the body says nothing of the
    item. What came of a drug or of care counts where the sentence names the item's own (or its class), or
    drugs as a whole, or no care at all; that other drugs are not tolerated counts for care.

    Parameters
    ----------
    scope : ItemScope
    sentences : iterable of SentenceRecord

    Returns
    -------
    dict of str to float
        1 true, 0 false, or an amount; what is not stated is left out.

    Examples
    --------
    >>> from imr_ml.extracting.summaries.tables import read_record
    >>> record = read_record("Norco improved function. Soma was not effective and caused drowsiness.")
    >>> norco = ItemScope(generics=frozenset({"hydrocodone", "acetaminophen"}))
    >>> said = said_about(norco, record.sentences)
    >>> said["has_functional_gain"], "has_side_effects" in said
    (1.0, False)
    """
    said: dict[str, float] = {}
    own: dict[str, float] = {}
    wanted, own_parts, own_care = scope.generics, scope.parts, scope.care
    unnamed = unnamed_care(own_care)
    own_classes = scope.classes
    nerve_parts = _nerve_parts(own_parts)
    other_side = OTHER_SIDE.get(scope.side, "none")
    for_others = OUTCOMES if wanted else _OF_TESTED_DRUGS if _LABORATORY in own_care else _OF_OTHER_DRUGS
    for sentence in sentences:
        if sentence.side == other_side:
            continue
        stated = sentence.said
        if scope.operated and sentence.parts and scope.operated.isdisjoint(sentence.parts):
            stated = {name: value for name, value in stated.items() if name not in _OF_OPERATION}
        if sentence.parts and own_parts and own_parts.isdisjoint(sentence.parts):
            of_nerves = _NERVE_FACTS if not nerve_parts.isdisjoint(sentence.parts) else frozenset()
            if not wanted:
                merge(said, {name: value for name, value in stated.items() if name in of_nerves})
                continue
            # A drug may be swallowed for one part and act elsewhere; what is found there speaks for another.
            elsewhere = _LOCAL_FACTS - of_nerves
            if not elsewhere.isdisjoint(stated):
                stated = {name: value for name, value in stated.items() if name not in elsewhere}
        if wanted:
            names_it = not wanted.isdisjoint(sentence.drugs)
            if names_it and sentence.helped and _OF_DRUGS in stated:
                stated = _of_own_drug(stated, sentence.helped, wanted)
            is_own = (
                names_it
                if sentence.drugs
                else not own_classes.isdisjoint(sentence.classes)
                if sentence.classes
                # "With the pills she rides a bicycle again" is told of each of them; that "exercise, a brace
                # and medication did nothing" is told of a course of care.
                else not sentence.care or ("is_medication_helpful" in stated and len(sentence.care) == 1)
            )
        elif own_care:
            names_it = not own_care.isdisjoint(sentence.care) or not unnamed.isdisjoint(sentence.care)
            # "With the pills she rides a bicycle again" tells nothing of therapy.
            is_own = names_it or not (sentence.care or sentence.drugs or "has_medication" in stated)
        else:
            names_it, is_own = False, True
        if own_care and not names_it and sentence.care and _SINCE in stated:
            # "An MRI was done a month ago" is no recent test of the urine.
            rest = is_own or OUTCOMES.isdisjoint(stated)
            left_out = {_SINCE} if rest else {_SINCE, *for_others}
            merge(said, {name: value for name, value in stated.items() if name not in left_out})
        elif is_own or OUTCOMES.isdisjoint(stated):
            merge(own if names_it else said, stated)
        else:
            merge(said, {name: value for name, value in stated.items() if name not in for_others})
            if wanted and stated.get("has_side_effects"):
                said[_OF_OTHERS] = 1.0
    if own_parts and not wanted:
        for test, parts in PARTS_OF_TEST.items():
            if own_parts.isdisjoint(parts):
                said.pop(f"has_{test}", None)
    # What is said by name counts before what is said of no drug or care in particular.
    said.update(own)
    if own.get("has_functional_gain") and "has_no_lasting_gain" not in own:
        said.pop("has_no_lasting_gain", None)
    add_groups(said)
    return said


def _of_own_drug(
    stated: Mapping[str, float], helped: Mapping[str, float], wanted: Collection[str]
) -> dict[str, float]:
    """Give what is stated with the help that the drug itself was: "Norco, and | Soma with benefit"."""
    own = [helped[name] for name in wanted if name in helped]
    if own:
        return {**stated, _OF_DRUGS: max(own)}
    return {name: value for name, value in stated.items() if name not in _OF_CARE}


def unnamed_care(care: Collection[str]) -> set[str]:
    """Give the words that mean care without its name: "the last injection" is the one asked for again.

    "The earlier sessions" are of the therapy asked for again.
    So is "the stimulator" a device for the skin where one is asked for, and stimulation that is not said to
    be another kind is TENS.
    """
    found = {"injection"} if any(name.endswith("_injection") for name in care) else set()
    if not COUNTED.isdisjoint(care):
        found.add(UNNAMED_VISITS)
    if not CURRENTS.isdisjoint(care):
        found |= ANY_CURRENT - {"tens"}
    return found if IMAGING.isdisjoint(care) else found | {"unnamed_imaging"}


CURRENTS = frozenset(("tens", "electrical_stimulation"))
ANY_CURRENT = CURRENTS | {"stimulator"}


def _nerve_parts(parts: Collection[str]) -> set[str]:
    """Give the limbs of parts of the spine, and the parts of the spine of whole limbs."""
    found: set[str] = set()
    for part, limb in _LIMB_OF.items():
        if part in parts:
            found |= limb
        if not {"upper extremity", "lower extremity"}.isdisjoint(limb.intersection(parts)):
            found.add(part)
    return found
