"""What a summary says that bears on one item: same part, drug or therapy, and what the item depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import pandas as pd

from imr_ml.columns import written_list
from imr_ml.extracting.care.results import IMAGING
from imr_ml.extracting.care.sessions import COUNTED, UNNAMED_VISITS, VISITS_HAD
from imr_ml.extracting.grammar.mentions import HAD, Mention
from imr_ml.extracting.grammar.sentences import words_of
from imr_ml.extracting.grammar.words import CARE, THERAPIES, TRAIT, find_hits, phrasebook
from imr_ml.extracting.items.about import (
    ANY_CURRENT,
    CURRENTS,
    OTHER_SIDE,
    ItemScope,
    said_about,
    unnamed_care,
)
from imr_ml.extracting.items.criteria import judge
from imr_ml.extracting.requests.body import PARTS_OF, ROOTS
from imr_ml.extracting.requests.drugs import TOPICAL, TOPICAL_COMPOUND, acting
from imr_ml.extracting.requests.request import RequestFacts, read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment
from imr_ml.extracting.summaries.tables import (
    CONSERVATIVE,
    SentenceRecord,
    SummaryRecord,
    acting_of,
    class_column,
    column_of,
    part_column,
)
from imr_ml.extracting.tables import shared_texts, texts
from imr_ml.resources import read_rows

OPERATIONS = tuple(("Surgery", name) for name in ("Arthroscopic", "Non-arthroscopic", "Spine"))
ADJUNCT = ("Surgery", "Adjunct Surgical Services")

BEARING_COLUMNS = {
    "is_part_in_summary": "the summary speaks of a part of the body that the request names",
    "is_drug_taken": "the requested drug is or was taken, by what acts in it; false where others are named",
    "is_drug_class_taken": "a drug of the requested class is or was taken; false where other drugs are named",
    "is_drug_helpful": "the requested drug, or the drugs as a whole, helped (true) or failed (false)",
    "is_care_had": "the same therapy, study, injection, device or operation was had (true) or not (false)",
    "is_care_had_for_part": "it was had for the part and side that the request names; false where for others",
    "n_care_sessions_had": "sessions of the same therapy had for the part, the highest count",
    "is_care_had_helpful": "the same therapy, injection or device helped (true) or failed (false)",
    "is_imaging_of_part_done": "imaging of the requested part and side was done; false where of others only",
    "is_imaging_abnormal": "imaging of a requested part was abnormal (true) or normal (false)",
    "n_conservative_care": "kinds of conservative care had, without those told to be for other parts",
    "is_indication_stated": "what the request is for is stated (true) or only denied (false)",
    "is_dependent_on_operation": "the letter requests an operation that the item goes with, by part and side",
    "has_operation_in_letter": "another item of the letter is an operation",
    "has_nsaid_in_letter": "another item of the letter is an anti-inflammatory",
    "has_opioid_in_letter": "another item of the letter is an opioid",
    "n_other_items": "other items of the letter",
    "n_other_of_category": "other items of the letter in the same treatment category",
}
"""Columns of what bears on an item, with their meaning; missing where request or summary say nothing."""


def bearing(
    request: str,
    record: SummaryRecord,
    other_requests: Sequence[str] | None = (),
    original: str | None = None,
) -> dict[str, float]:
    """Hold one item against its summary and the other items of its letter.

    Parameters
    ----------
    request : str
    record : SummaryRecord
        As `read_record` gives it.
    other_requests : sequence of str or None
        Of the same letter; None where they are not known.
    original : str or None
        What was asked for, where a part of it was authorized.

    Returns
    -------
    dict of str to float
        By the names of `BEARING_COLUMNS`: 1 true, 0 false, or a count; what is unknown is left out.

    Examples
    --------
    >>> from imr_ml.extracting.summaries.tables import read_record
    >>> record = read_record("Low back pain. Six sessions of physical therapy helped.")
    >>> found = bearing("Physical therapy 2 x 6 for the lumbar spine", record)
    >>> found["is_part_in_summary"], found["n_care_sessions_had"], found["is_care_had_helpful"]
    (1.0, 6.0, 1.0)
    """
    facts = read_request_facts(request, original)
    category, subcategory = classify_treatment(request)
    wanted = requested_care(request)
    said = record.said
    found: dict[str, float] = {}
    parts = _parts_of(facts.body_parts, wanted)
    other_side = OTHER_SIDE.get(_side(facts), "none")
    if said and parts:
        found["is_part_in_summary"] = float(
            1.0 in [said.get(part_column(part)) for part in parts]
            # "No MRI of the knee has been done"
            or any(part in mention.parts for mention in record.care for part in parts)
        )
    if category == "Pharmaceuticals" and facts.drug_generics:
        found |= _drug_bearing(record, facts.drug_generics, facts.drug_classes)
    if wanted:
        found |= _care_bearing(record, wanted, parts, other_side)
    if parts:
        found |= _imaging_bearing(record, parts, other_side)
    if said:
        elsewhere = _conservative_elsewhere(record, parts, other_side) if parts else 0
        found["n_conservative_care"] = record.n_conservative_care - elsewhere
    if wanted or facts.drug_classes:
        indications = _indications(wanted, facts.drug_classes)
        if stated_for := [said[column] for column in indications if column in said]:
            found["is_indication_stated"] = max(stated_for)
    if other_requests is not None:
        others = [beside_others(one) for one in other_requests]
        _add_letter_bearing(found, category, others)
        goes_with = any(_is_operation_for(other, parts, other_side) for other in others)
        is_adjunct = (category, subcategory) == ADJUNCT
        if is_adjunct or (goes_with and _may_go_with_operation(category, subcategory, wanted)):
            found["is_dependent_on_operation"] = float(goes_with)
    return found


@lru_cache(maxsize=2**15)
def requested_care(request: str) -> frozenset[str]:
    """Name the therapies, studies, injections and operations of a request as summaries are read.

    >>> sorted(requested_care("MRI of the left knee and physical therapy"))
    ['mri', 'physical_therapy']
    """
    hits, cues = find_hits(words_of(request), phrasebook())
    if not cues & _HAS_CARE:
        return _NOTHING
    return frozenset(
        [
            fact
            for _, _, entry in hits
            for fact, kind, _ in entry.facts
            if kind in CARE and kind not in ("medication", "drug")
        ]
    )


_HAS_CARE = TRAIT["care"]
_NOTHING: frozenset[str] = frozenset()


def criteria_judged(
    request: str, record: SummaryRecord, bears: Mapping[str, float], original: str | None = None
) -> dict[str, bool | None]:
    """Tell what guidelines ask of an item and the summary states (true) or denies (false).

    Parameters
    ----------
    request : str
    record : SummaryRecord
    bears : mapping of str to float
        As `bearing` gives it.
    original : str or None
        What was asked for, where a part of it was authorized.

    Returns
    -------
    dict of str to bool or None
        By those criteria of ``taxonomies/criteria.csv`` that the treatment has; None where nothing is stated.

    Examples
    --------
    >>> from imr_ml.extracting.summaries.tables import read_record
    >>> record = read_record("With Norco he is able to do chores. A urine drug test was inconsistent.")
    >>> judged = criteria_judged("Norco 10/325mg #60", record, bearing("Norco 10/325mg #60", record))
    >>> judged["function improved with the drug"], judged["urine tests agree with the prescription"]
    (True, False)
    >>> judged["opioid agreement"] is None
    True
    """
    scope = scope_in(record, item_scope(request, original))
    if not scope.keys:
        return {}
    return judge(scope.keys, said_of_item(scope, record.sentences, bears))


def said_of_item(
    scope: ItemScope, sentences: Sequence[SentenceRecord], bears: Mapping[str, float]
) -> dict[str, float]:
    """Give what sentences state of an item, with what bears on it, and what its request says."""
    said = said_about(scope, sentences)
    said.update(bears)
    said.update(scope.said)
    if scope.generics and said.get("has_osteoarthritis") and _JOINT not in said:
        # "Voltaren gel", for whatever joint the arthritis is told of
        parts = [part for one in sentences if one.said.get("has_osteoarthritis") for part in one.parts]
        if parts:
            said[_JOINT] = float(not _PERIPHERAL.isdisjoint(parts))
    if _is_after_operation(said):
        said["is_after_operation"] = 1.0
    if scope.sessions:
        said["n_sessions_total"] = scope.sessions + said.get("n_care_sessions_had", 0.0)
    return said


def _is_after_operation(said: Mapping[str, float]) -> bool:
    """Tell whether an operation was so lately that care and drugs are for it, if not had for longer."""
    months = said.get("n_months_since_surgery")
    if months is None or months > _LATELY_MONTHS or said.get("has_long_use"):
        return False
    return said.get("n_months_used", 0.0) <= months + 1


# Acute pain, as guidelines on opioids divide it.
_LATELY_MONTHS = 1


@lru_cache(maxsize=2**15)
def item_scope(request: str, original: str | None = None) -> ItemScope:
    """Tell what a summary must speak of to speak of this item.

    >>> item_scope("MRI of the left knee").care
    frozenset({'mri'})
    """
    facts = read_request_facts(request, original)
    keys = treatment_keys(request, original)
    parts = _parts_of(facts.body_parts, requested_care(request))
    operated: tuple[str, ...] = ()
    if _PRE_OP in facts.prefixes and not _TESTS.isdisjoint(keys):
        # Before an operation the heart or the chest is looked at for the sake of another part.
        operated, parts = parts, operated
    if not parts and not _WALKING_AIDS.isdisjoint(words_of(request)):
        # A wrist that gives way needs no cane.
        parts = _WALKS_WITH
    is_drug = keys[:1] == ("Pharmaceuticals",)
    said = _said_of_request(facts, parts, original)
    if "pump" in requested_care(request):
        said["is_for_pump"] = 1.0
    said |= {fact: 1.0 for fact, words in _ASKED_FOR.items() if not words.isdisjoint(words_of(request))}
    if _FUSED in parts and not _FUSION.isdisjoint(words_of(request)):
        said["is_lumbar_fusion"] = 1.0
    if "is_nerve_release" in said:
        # What a nerve that is caught at the wrist does is seen in the hand.
        parts = (*parts, *(part for at in parts for part in _SUPPLIED.get(at, ())))
    if keys[:1] and keys[0] in _COUNTED:
        said["is_quantity_stated"] = float(bool(facts.quantity or facts.sessions))
    if _POST_OP in facts.prefixes or (
        classify_treatment(request) == ADJUNCT and _PRE_OP not in facts.prefixes
    ):
        said["is_after_operation"] = 1.0
    return ItemScope(
        keys,
        frozenset(parts),
        acting(facts.drug_generics, facts.drug_classes) if is_drug else frozenset(),
        _columns_of(facts.drug_classes),
        requested_care(request),
        said,
        facts.sessions,
        _side(facts),
        frozenset(operated),
    )


def scope_in(record: SummaryRecord, scope: ItemScope) -> ItemScope:
    """Give the scope of an item, with the parts that a summary says it is for where its request names none.

    >>> from imr_ml.extracting.summaries.tables import read_record
    >>> scope_in(read_record("Soma is prescribed for the neck."), item_scope("Soma 350mg #30")).parts
    frozenset({'neck/cervical'})
    """
    if scope.parts or not (scope.generics or scope.care):
        return scope
    parts = [
        part
        for mentions in record.mentioned
        for one in mentions
        if one.parts
        and (
            not scope.generics.isdisjoint(acting_of(one))
            if one.kind == "drug"
            else one.fact in scope.care and one.status == "planned"
        )
        for part in one.parts
    ]
    return scope._replace(parts=frozenset(covered_parts(tuple(parts)))) if parts else scope


_WALKING_AIDS = frozenset(("cane", "walker", "crutch", "crutches", "rollator", "wheelchair", "scooter"))
_ASKED_FOR = {
    "is_joint_replacement": frozenset(("arthroplasty", "replacement", "tka", "tkr", "tha", "thr", "tsa")),
    "is_nerve_release": frozenset(("carpal", "cubital", "tarsal", "ctr", "neurolysis", "neuroplasty")),
    "is_for_fitness": frozenset(("gym", "gymnasium", "fitness", "weight", "membership")),
    "is_for_shoulder": frozenset(("shoulder", "cuff", "subacromial", "acromioplasty", "rcr")),
    "is_cuff_repair": frozenset(("cuff", "rcr")),
}
_FUSED = "low back/lumbar"
_FUSION = frozenset(("fusion", "alif", "plif", "tlif", "xlif", "olif", "dlif", "arthrodesis"))
_SUPPLIED = {"wrist": ("hand", "finger"), "elbow": ("hand", "finger"), "ankle": ("foot", "toe")}
_POST_OP = "post-op"
_PRE_OP = "pre-op"
_TESTS = frozenset(
    (
        "Diagnostic Testing",
        "xray",
        "heart_tests",
        "lung_tests",
        "laboratory_tests",
        f"{ADJUNCT[0]}: {ADJUNCT[1]}",
    )
)
_COUNTED = ("Pharmaceuticals", "Rehabilitation", "Psych Services")


def _side(facts: RequestFacts) -> str:
    """Give the side of the body that an item is for, nothing where it is for both or names none."""
    return facts.laterality if facts.laterality in OTHER_SIDE else ""


def _said_of_request(facts: RequestFacts, parts: Sequence[str], original: str | None) -> dict[str, float]:
    said = {}
    if parts:
        said[_JOINT] = float(not _PERIPHERAL.isdisjoint(parts))
        if _HEAD.issuperset(parts):
            said["is_for_head"] = 1.0
        elif not _WHERE["limb"].isdisjoint(parts) and _WHERE["spine"].isdisjoint(parts):
            said["is_for_limb"] = 1.0
    if "celecoxib" in facts.drug_generics:
        said["is_selective"] = 1.0
    if facts.is_rental or facts.is_purchase:
        said["is_rental"] = float(facts.is_rental)
    if facts.sessions:
        said["n_sessions_requested"] = facts.sessions
    if facts.quantity:
        # What is left in dispute comes on top of what was authorized.
        whole = (read_request_facts(original).quantity or 0) if original else 0
        said["n_units_requested"] = max(whole, facts.quantity * (1 + (facts.refills or 0)))
    return said


@lru_cache(maxsize=2**15)
def treatment_keys(request: str, original: str | None = None) -> tuple[str, ...]:
    """Name what a request asks for as ``taxonomies/criteria.csv`` does; nothing for no known treatment.

    >>> treatment_keys("MRI of the lumbar spine")[2:]
    ('Diagnostic Testing: Imaging/Radiology, spine', 'mri')
    """
    category, subcategory = classify_treatment(request)
    if category is None:
        return ()
    facts = read_request_facts(request, original)
    parts, kind = covered_parts(facts.body_parts), f"{category}: {subcategory or 'of no class'}"
    where = [name for name, of in _WHERE.items() if not of.isdisjoint(parts)]
    # What is mixed into a cream for the skin is asked for as such, whatever it is by itself.
    classes = (TOPICAL_COMPOUND,) if TOPICAL_COMPOUND in facts.drug_classes else facts.drug_classes
    care = () if facts.is_compound else sorted(requested_care(request))
    named = (*classes, *care)
    return category, kind, *(f"{kind}, {name}" for name in where), *named


_JOINT = "is_part_peripheral_joint"
OF_THE_REQUEST = {
    "is_after_operation": "it is for the weeks after an operation",
    _JOINT: "it is for a joint that is reached through the skin",
    "is_for_head": "it is for the head and no other part",
    "is_for_limb": "it is for an arm or a leg, or a part of one, and not for the spine",
    "is_joint_replacement": "an operation replaces a joint",
    "is_lumbar_fusion": "an operation fuses the low back",
    "is_nerve_release": "an operation frees a nerve",
    "is_for_fitness": "a gym or a weight loss program is asked for",
    "is_for_shoulder": "it is for the shoulder",
    "is_cuff_repair": "an operation repairs the rotator cuff",
    "is_for_pump": "it is a pump that delivers drugs, or goes with one",
    "is_selective": "the drug spares the stomach",
    "is_rental": "a rental is asked for (false: a purchase)",
    "is_quantity_stated": "the request tells how many units or visits",
    "n_sessions_requested": "visits asked for",
    "n_sessions_total": "visits asked for and known to be had before",
    "n_units_requested": "units asked for, those authorized and refills included",
    "has_side_effects_of_others": "drugs other than the requested one have side effects",
}
"""What criteria ask of the request itself and of other drugs, beside `BEARING_COLUMNS`, with its meaning."""
_HEAD = frozenset(("head/brain",))
_PERIPHERAL = frozenset(("ankle", "elbow", "foot", "hand", "finger", "knee", "wrist"))
_WALKS_WITH = ("lower extremity", *PARTS_OF["lower extremity"], "pelvis", "low back/lumbar", "spine", "head")
_WHERE = {
    "spine": frozenset(("spine", *PARTS_OF["spine"])),
    "limb": frozenset(
        part for limb in ("upper extremity", "lower extremity") for part in (limb, *PARTS_OF[limb])
    ),
}


@lru_cache(maxsize=4096)
def covered_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the parts that a request speaks of: who asks for an arm asks for its hand."""
    return tuple(dict.fromkeys(part for named in parts for part in (named, *PARTS_OF.get(named, ()))))


def _parts_of(named: tuple[str, ...], care: frozenset[str]) -> tuple[str, ...]:
    """Give the parts that an item is about: nerves tested in a limb may suffer where they leave the spine."""
    parts = covered_parts(named)
    if _NERVE_TESTS.isdisjoint(care):
        return parts
    roots = (root for limb, root in ROOTS.items() if limb in named)
    return tuple(dict.fromkeys((*parts, *roots)))


_NERVE_TESTS = frozenset(("electrodiagnostics", "evoked_potentials"))


def _columns_of(classes: Iterable[str]) -> frozenset[str]:
    """Give the columns of drugs' classes: who speaks of "the topical cream" may mean a compound."""
    named = frozenset(map(class_column, classes))
    return named | {class_column(TOPICAL)} if class_column(TOPICAL_COMPOUND) in named else named


def _drug_bearing(
    record: SummaryRecord, generics: tuple[str, ...], classes: tuple[str, ...]
) -> dict[str, float]:
    found: dict[str, float] = {}
    drugs = record.drugs
    wanted = acting(generics, classes)
    same = [mention for mention in drugs if not wanted.isdisjoint(acting_of(mention))]
    taken = any(mention.status != "denied" for mention in same)
    if drugs:
        found["is_drug_taken"] = float(taken)
    of_class = _columns_of(classes)
    if drugs or record.has_drugs:
        found["is_drug_class_taken"] = float(1.0 in [record.said.get(name) for name in of_class])
    results = {mention.result for mention in same if mention.result}
    if not results and (taken or not drugs):
        results = {
            result for mentions in record.of_drugs for result in _results_of_drug(mentions, wanted, of_class)
        }
    if results:
        found["is_drug_helpful"] = float("helped" in results)
    return found


def _results_of_drug(
    mentions: Sequence[Mention], wanted: frozenset[str], classes: frozenset[str]
) -> Iterator[str]:
    """Give what a sentence that names no other drug tells of drugs as a whole, or of those of some classes.

    The wanted drug has failed where it was stopped and did harm.
    """
    drugs = [one for one in mentions if one.kind == "drug"]
    is_wanted = [not wanted.isdisjoint(acting_of(one)) for one in drugs]
    is_stopped = any(is_wanted) and all(one.status == "historical" for one in drugs)
    if is_stopped and any(one.fact == "side_effects" and one.status == "present" for one in mentions):
        yield "failed"
    # "Exercise, a brace and medication did nothing" tells of a course of care, not of its drugs.
    is_of_course = len({one.fact for one in mentions if one.kind in THERAPIES and one.status in HAD}) > 1
    if all(is_wanted) and not is_of_course:
        for one in mentions:
            is_drugs = one.kind == "medication" and one.status in HAD
            if is_drugs and one.result in _RESULTS and (one.fact == "medication" or _column(one) in classes):
                yield one.result


def _column(drugs: Mention) -> str:
    return column_of(drugs.kind, drugs.fact, None)


_RESULTS = ("helped", "failed")


def _care_bearing(
    record: SummaryRecord, wanted: frozenset[str], parts: Sequence[str], other_side: str
) -> dict[str, float]:
    # "An injection into the shoulder" is the steroid injection asked for there.
    loosely = unnamed_care(wanted)
    same = [
        mention
        for mention in record.care
        if mention.fact in wanted
        or (
            mention.fact in loosely
            and (
                mention.fact in ANY_CURRENT
                or (mention.fact == UNNAMED_VISITS and not mention.parts)
                or _is_for(mention.parts, parts)
            )
        )
    ]
    unnamed = _visits_of(record, wanted)
    if not same:
        had_so = {"is_care_had": float(unnamed > 0)} if unnamed is not None else {}
        if not had_so and (
            # "He has had no therapy"
            (not COUNTED.isdisjoint(wanted) and _has_no_care(record)) or _is_kind_denied(record, wanted)
        ):
            had_so = {"is_care_had": 0.0}
        return had_so | ({"n_care_sessions_had": unnamed} if unnamed else {})
    had = [mention for mention in same if mention.status != "denied"]
    found = {"is_care_had": float(bool(had))}
    # "The epidural cut his leg pain" was given at the spine.
    elsewhere = [m for m in had if m.fact in _AT_SPINE and _SPINE.isdisjoint(m.parts)]
    placed = [mention for mention in had if mention.parts and mention not in elsewhere]
    if placed and parts:
        is_for_part = any(_is_for(m.parts, parts) for m in placed if m.side != other_side)
        if is_for_part or not (unnamed or any(m.fact == UNNAMED_VISITS for m in had)):
            # Visits that are told without their name may have been for the part.
            found["is_care_had_for_part"] = float(is_for_part)
        # Visits and results of another part are none of this one.
        had = [m for m in had if not m.parts or m in elsewhere or _is_for(m.parts, parts)]
    elif had and parts and all(mention.side == other_side for mention in had):
        # "The left knee had therapy" tells of none for the right one.
        found["is_care_had_for_part"] = 0.0
    had = [mention for mention in had if mention.side != other_side]
    sessions = [mention.value for mention in had if mention.value]
    if had and not sessions and unnamed:
        sessions = [unnamed]
    if sessions:
        found["n_care_sessions_had"] = max(sessions)
    told = [mention for mention in had if mention.result in ("helped", "failed")]
    # What is told of TENS itself goes before what is told of another current.
    results = [m.result for m in told if m.fact in wanted] or [m.result for m in told]
    if results:
        found["is_care_had_helpful"] = float("helped" in results)
    return found


def _is_kind_denied(record: SummaryRecord, wanted: frozenset[str]) -> bool:
    """Say whether all care of the kind is denied: "no injections of any kind", "no electrical device"."""
    if not wanted.isdisjoint(CURRENTS):
        of_kind = [one.status for one in record.care if one.fact in ANY_CURRENT]
    elif any(name.endswith(_INJECTED) for name in wanted):
        of_kind = [one.status for one in record.care if one.fact.endswith(_INJECTED)]
    else:
        return False
    return bool(of_kind) and set(of_kind) == {"denied"}


_INJECTED = "injection"


def _has_no_care(record: SummaryRecord) -> bool:
    """Say whether therapy of any kind is denied, and none is told of."""
    said = record.said
    return (
        said.get("has_conservative_care") == 0.0
        and "is_conservative_care_failed" not in said
        and not record.n_conservative_care
    )


_AT_SPINE = frozenset(("epidural_injection", "facet_injection"))
_SPINE = frozenset(("spine", "neck/cervical", "mid back/thoracic", "low back/lumbar"))


def _visits_of(record: SummaryRecord, wanted: frozenset[str]) -> float | None:
    """Give the visits that are told of no care by its name, where no other care of visits is named."""
    if COUNTED.isdisjoint(wanted) or any(m.fact in COUNTED and m.fact not in wanted for m in record.care):
        return None
    told = [one for mentions in record.mentioned for one in mentions if one.fact == VISITS_HAD]
    # "No therapy has taken place"
    return max((one.value or 0.0 for one in told), default=None)


def _imaging_bearing(record: SummaryRecord, parts: Sequence[str], other_side: str) -> dict[str, float]:
    done = [m for m in record.care if m.fact in IMAGING and m.status != "denied" and m.parts]
    if not done:
        # "No MRI of the hip has been done"
        is_denied = any(
            m.fact in IMAGING and m.side != other_side and any(part in m.parts for part in parts)
            for m in record.care
        )
        return {"is_imaging_of_part_done": 0.0} if is_denied else {}
    of_part = [m for m in done if m.side != other_side and any(part in m.parts for part in parts)]
    found = {"is_imaging_of_part_done": float(bool(of_part))}
    results = [mention.result for mention in of_part if mention.result]
    if results:
        found["is_imaging_abnormal"] = float("abnormal" in results)
    return found


def _is_for(told: tuple[str, ...], parts: Sequence[str]) -> bool:
    """Say whether care for some parts of the body is for one of others: that of an arm is for its wrist."""
    covered = covered_parts(told)
    return any(part in covered for part in parts)


def _conservative_elsewhere(record: SummaryRecord, parts: Sequence[str], other_side: str) -> int:
    """Count the kinds of conservative care that were told to be for other parts or the other side only."""
    own: set[str] = set()
    others: set[str] = set()
    for mention in record.care:
        column = "has_any_injection" if mention.kind == "injection" else f"has_{mention.fact}"
        if column in CONSERVATIVE and mention.status != "denied":
            is_own = mention.side != other_side and _is_for(mention.parts, parts)
            (own if is_own or not mention.parts else others).add(column)
    return len(others - own)


def _is_operation_for(other: Beside, parts: Sequence[str], other_side: str) -> bool:
    """Say whether another item is an operation of the part and side of this one, where both name them."""
    placed = _WHERE_ALL.intersection(parts)
    return (
        other.is_operation
        and other.side != other_side
        and (not placed or not other.parts or not placed.isdisjoint(other.parts))
    )


def _may_go_with_operation(category: str | None, subcategory: str | None, wanted: frozenset[str]) -> bool:
    """Say whether such an item goes with the operation that stands beside it: equipment, tests before it."""
    is_equipment = category == "DMEPOS" and subcategory != "Electrical Stimulation"
    return is_equipment or not _BEFORE_OPERATIONS.isdisjoint(wanted)


_BEFORE_OPERATIONS = frozenset(("heart_tests", "laboratory_tests", "lung_tests", "medical_clearance"))
_WHERE_ALL = frozenset(part for parts in _WHERE.values() for part in parts)


def _add_letter_bearing(found: dict[str, float], category: str | None, others: Sequence[Beside]) -> None:
    found["n_other_items"] = float(len(others))
    found["has_operation_in_letter"] = float(any(other.is_operation for other in others))
    found["has_nsaid_in_letter"] = float(any(other.has_nsaid for other in others))
    found["has_opioid_in_letter"] = float(any(other.has_opioid for other in others))
    if category is not None:
        found["n_other_of_category"] = float([other.category for other in others].count(category))


class Beside(NamedTuple):
    """What an item is to the others of its letter."""

    category: str | None
    is_operation: bool
    has_nsaid: bool
    has_opioid: bool
    parts: frozenset[str]
    side: str


@lru_cache(maxsize=2**15)
def beside_others(request: str) -> Beside:
    """Tell what a request is to the other items of its letter.

    >>> beside_others("Arthroscopy of the right knee")[:2], beside_others("Norco 10/325mg #60").has_opioid
    (('Surgery', True), True)
    """
    treatment = classify_treatment(request)
    facts = read_request_facts(request, None)
    classes = facts.drug_classes
    return Beside(
        treatment[0],
        treatment in OPERATIONS,
        "NSAID" in classes,
        "opioid" in classes,
        _WHERE_ALL.intersection(covered_parts(facts.body_parts)),
        _side(facts),
    )


@lru_cache(maxsize=4096)
def _indications(wanted: frozenset[str], classes: tuple[str, ...]) -> tuple[str, ...]:
    named = [column for name in (*sorted(wanted), *classes) for column in _indication_rows().get(name, ())]
    return tuple(dict.fromkeys(named))


@cache
def _indication_rows() -> dict[str, tuple[str, ...]]:
    return {
        row["requested"]: tuple(_indication_column(name) for name in row["indications"].split(";"))
        for row in read_rows("lexicons/summary_indications.csv")
    }


def _indication_column(name: str) -> str:
    if name.endswith(" planned"):
        return f"is_{name.removesuffix(' planned')}_planned"
    return f"has_{name.replace(' ', '_')}"


def bearings(
    requests: Sequence[str | None],
    originals: Sequence[str | None],
    records: Sequence[SummaryRecord],
    others: Sequence[tuple[str, ...] | None],
) -> list[dict[str, float]]:
    """Give `bearing` of each row of a table; nothing where there is no request."""
    return [
        {} if request is None else bearing(request, record, of_letter, original)
        for request, original, record, of_letter in zip(requests, originals, records, others, strict=True)
    ]


ItemTexts = tuple[str | None, str | None, str | None, tuple[str, ...] | None]
"""Request, original request, summary, and the other requests of the letter, None where they are not known."""


def item_texts(items: pd.DataFrame) -> list[ItemTexts]:
    """Give the texts of each item: request, original request, summary, and its letter's other requests."""
    requests, originals = texts(items, "request"), texts(items, "original_request")
    return list(zip(requests, originals, shared_texts(items, "case_summary"), others_of(items), strict=True))


def others_of(items: pd.DataFrame) -> list[tuple[str, ...] | None]:
    """Give the other requests of each item's letter; None where the table does not hold all of its items.

    Examples
    --------
    >>> table = pd.DataFrame({"letter_id": ["a", "b", "a"], "request": ["MRI", "Norco", "Soma"]})
    >>> others_of(table), others_of(table[["request"]])
    ([('Soma',), (), ('MRI',)], [None, None, None])
    """
    if "other_requests" in items:
        listed = [_listed(requests) for requests in items["other_requests"].tolist()]
        if None in listed and "n_items" in items:
            # Missing are those of an only item, which has no others; else they are unknown.
            counts = items["n_items"].tolist()
            return [
                () if own is None and (pd.isna(count) or count <= 1) else own
                for own, count in zip(listed, counts, strict=True)
            ]
        return [own or () for own in listed]
    if "letter_id" not in items:
        return [None] * len(items)
    rows: dict[str, list[int]] = {}
    letters, requests = texts(items, "letter_id"), texts(items, "request")
    for row, letter in enumerate(letters):
        if letter is not None:
            rows.setdefault(letter, []).append(row)
    counts = items["n_items"].tolist() if "n_items" in items else [None] * len(items)
    return [
        tuple([one for other in rows[letter] if other != row and (one := requests[other])])
        if letter is not None and (pd.isna(count) or count == len(rows[letter]))
        else None
        for row, (letter, count) in enumerate(zip(letters, counts, strict=True))
    ]


def _listed(requests: object) -> tuple[str, ...] | None:
    """Give the texts of a cell that holds a list, also as a CSV holds it; None for a missing one."""
    if isinstance(requests, str):
        requests = _written(requests)
    if not isinstance(requests, (list, Iterable)):  # a list is known sooner
        return None
    return tuple([request for request in requests if isinstance(request, str)])


def _written(requests: str) -> object:
    try:
        return written_list(requests) if requests.startswith("[") else [requests]
    except ValueError:
        return [requests]
