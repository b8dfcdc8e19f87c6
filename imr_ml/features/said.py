"""What the texts of an item say, in words; without scikit-learn, so that reading processes start quickly."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain
from sys import intern
from typing import NamedTuple

import joblib
import numpy as np
from joblib.externals.loky import get_reusable_executor

from imr_ml.collecting import no_collection
from imr_ml.extracting.items.bearing import ItemTexts, bearing, criteria_judged
from imr_ml.extracting.requests.drugs import drug_names
from imr_ml.extracting.requests.request import names_several_drugs, read_request_facts
from imr_ml.extracting.requests.treatments import classify_treatment
from imr_ml.extracting.summaries.judging import judging_places
from imr_ml.extracting.summaries.tables import class_column, summary_records
from imr_ml.letter import Span
from imr_ml.resources import read_rows

# Pain: mild to 3, moderate to 6, severe above. Visits: the trial, the course and the cap of most therapy
# guidelines. Body mass index: WHO's classes of obesity. Months: short use, the acute and subacute phase, a
# year. Relief: half, and six weeks of it, is what guidelines ask of an injection. Units: 30, 60 and 90 are a
# month of one, two and three a day.
_PAIN_BANDS = (3, 6, 10)
_SESSION_BANDS = (6, 12, 24)
_BODY_MASS_BANDS = (24, 29, 34, 39)
_COUNT_BANDS = (1, 2, 4)
_MONTH_BANDS = (1, 3, 6, 12)
_PERCENT_BANDS = (29, 49, 69)
_WEEK_BANDS = (2, 5, 11)
_DOSE_BANDS = (50, 80, 120)
_QUANTITY_BANDS = (30, 60, 90, 120)
_DURATION_BANDS = (7, 30, 90)
_GIVEN_IN_VISITS = ("Rehabilitation", "Psych Services")

MANY_ITEMS = 5_000
"""From so many unread items on, they are read by processes side by side, one per core: fewer are read before
those have started. `LOKY_MAX_CPU_COUNT` in the environment limits them."""


class ItemReading(NamedTuple):
    """One item as read: what judges in the summary, and see `imr_ml.features.reading.READ_COLUMNS`."""

    judged: tuple[Span, ...]
    requested: tuple[str, ...]
    stated: tuple[str, ...]
    bears: tuple[str, ...]
    answers: tuple[str, ...]


# What is remembered is small, some 500 bytes an item: folds and replays read the same ones again and again.
_remembered: dict[str, ItemReading] = {}
_MOST_REMEMBERED = 2**17
_PART = 500
_KEY_BYTES = 12


def text_key(texts: ItemTexts) -> str:
    """Give a short name of an item's texts, another one for any other texts."""
    return blake2b(repr(texts).encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).hexdigest()


def read_texts(items: Sequence[ItemTexts]) -> list[ItemReading]:
    """Read the texts of items; those that were read lately are remembered."""
    return [reading for _, reading in read_keyed(items, {})]


def read_keyed(items: Sequence[ItemTexts], known: Mapping[str, ItemReading]) -> list[tuple[str, ItemReading]]:
    """Give the `text_key` of each item with its reading; what is known already is not read."""
    keys = [text_key(texts) for texts in items]
    old = {key: _remembered.get(key) or known.get(key) for key in keys}
    new = {key: texts for key, texts in zip(keys, items, strict=True) if old[key] is None}
    unread = list(new.values())
    parts = [unread[start : start + _PART] for start in range(0, len(unread), _PART)]
    if len(unread) < MANY_ITEMS or joblib.cpu_count() == 1 or multiprocessing.current_process().daemon:
        readings = list(chain.from_iterable(map(_read_part, parts)))
    else:
        tasks = (joblib.delayed(_read_part)(part) for part in parts)
        try:
            readings = list(chain.from_iterable(joblib.Parallel(n_jobs=-1, batch_size=1)(tasks)))
        finally:
            # Idle processes would keep their memory, and a process that began this one waiting for its end.
            get_reusable_executor().shutdown(wait=True)
    found = {key: reading for key, reading in old.items() if reading is not None}
    found |= zip(new, readings, strict=True)
    if len(_remembered) + sum(key not in _remembered for key in found) > _MOST_REMEMBERED:
        _remembered.clear()
    if len(found) <= _MOST_REMEMBERED:
        _remembered.update(found)
    return [(key, found[key]) for key in keys]


def _read_part(items: Sequence[ItemTexts]) -> list[ItemReading]:
    # Each step is taken with all of them before the next: in turns they drive each other out of the
    # processor's cache.
    with no_collection():
        summaries = [summary for _, _, summary, _ in items]
        records, rows = summary_records(summaries)
        different = dict.fromkeys(summary or "" for summary in summaries)
        spans = [judging_places(text, record.judged) for text, record in zip(different, records, strict=True)]
        stated = [tuple(map(_mark, record.said, record.said.values())) for record in records]
        requested = [
            () if request is None else _read_request(request, original) for request, original, *_ in items
        ]
        bears = [
            {} if request is None else bearing(request, records[row], others, original)
            for (request, original, _, others), row in zip(items, rows, strict=True)
        ]
        judged = [
            {} if request is None else criteria_judged(request, records[row], own, original)
            for (request, original, *_), row, own in zip(items, rows, bears, strict=True)
        ]
        return [
            _reading(spans[row], _NO_SUMMARY if summary is None else stated[row], marks, own, answers)
            for summary, row, marks, own, answers in zip(
                summaries, rows, requested, bears, judged, strict=True
            )
        ]


_NO_SUMMARY = ("no summary",)


def _reading(
    spans: tuple[Span, ...],
    stated: tuple[str, ...],
    requested: tuple[str, ...],
    bears: dict[str, float],
    judged: dict[str, bool | None],
) -> ItemReading:
    answers = {name: is_met for name, is_met in judged.items() if is_met is not None}
    return ItemReading(
        spans,
        requested,
        stated,
        tuple(map(_item_mark, bears, bears.values())),
        tuple(map(_criterion_mark, answers, answers.values())),
    )


@lru_cache(maxsize=2**15)
def _read_request(request: str, original: str | None) -> tuple[str, ...]:
    facts = read_request_facts(request, original)
    category, subcategory = classify_treatment(request)
    marks = [
        *(f"drug class: {name}" for name in facts.drug_classes),
        *(f"drug: {name}" for name in facts.drug_generics),
        *(f"body part: {part}" for part in facts.body_parts),
        *(f"side: {side}" for side in (facts.laterality or "").split(";") if side),
    ]
    if facts.dose_form:
        marks.append(f"form: {facts.dose_form}")
    if facts.course:
        marks.append(f"course: {facts.course}")
    if facts.guidance:
        marks.append(f"guided by {facts.guidance}")
    said = {
        "compounded for the skin": facts.is_compound,
        "several drugs": len(facts.drug_generics) > 1 and names_several_drugs(original or request),
        "several body parts": len(facts.body_parts) > 1,
        "several spinal levels": len(facts.spinal_levels) > 1,
        "rental": facts.is_rental,
        "purchase": facts.is_purchase,
        "with anesthesia": facts.is_with_anesthesia,
        "refills": bool(facts.refills),
        "part authorized: less than half in dispute": (facts.share_in_dispute or 1) < 0.5,
        "part authorized: half or more in dispute": 0.5 <= (facts.share_in_dispute or 0) < 1,
    }
    marks += [name for name, is_said in said.items() if is_said]
    if facts.drug_generics or category == "Pharmaceuticals":
        marks.append(band("units", facts.quantity, _QUANTITY_BANDS))
    if facts.sessions or category in _GIVEN_IN_VISITS:
        marks += [band("visits", facts.sessions, _SESSION_BANDS)]
        marks += [f"{subcategory}, {band('visits', facts.sessions, _SESSION_BANDS)}"]
    if category == "DMEPOS":
        marks.append(band("days of use", facts.duration_days, _DURATION_BANDS))
    return tuple(map(intern, marks))


@lru_cache(maxsize=2**12)
def _item_mark(name: str, value: float) -> str:
    return f"item: {_mark(name, value)}"


@lru_cache(maxsize=2**12)
def _criterion_mark(name: str, is_met: bool) -> str:
    return f"{'met' if is_met else 'unmet'}: {name}"


@lru_cache(maxsize=2**12)
def _mark(name: str, value: float) -> str:
    """Name one statement as a physician would.

    >>> _mark("has_spasm", 0.0), _mark("is_mri_planned", 1.0), _mark("n_pain_score", 8.0)
    ('no spasm', 'MRI planned', 'pain score: 7 to 10')
    >>> _mark("has_straight_leg_raise", 0.0), _mark("is_mri_abnormal", 0.0), _mark("is_off_work", 0.0)
    ('negative straight leg raise', 'MRI normal', 'not off work')
    """
    kind, _, words = name.partition("_")
    words = words.replace("_", " ")
    stated, denied = _wordings().get(name, (words, ""))
    if kind == "n":
        return _amount(name, stated, value)
    if name in _wordings():
        return stated if value else denied or f"no {stated}"
    for start, (kind_stated, kind_denied) in _OF_KINDS.items():
        if name.startswith(start):
            named = _class_names().get(name, name.removeprefix(start).replace("_", " "))
            return (kind_stated if value else kind_denied).format(named)
    if kind == "has":
        return words if value else f"no {words}"
    care, _, result = words.rpartition(" ")
    if result not in _RESULTS:
        return words if value else f"not {words}"
    care = _wordings().get(f"has_{care.replace(' ', '_')}", (care, ""))[0]
    if value:
        return f"{care} {result}"
    return f"{care} normal" if result == "abnormal" else f"{care} not {result}"


_RESULTS = ("planned", "helpful", "abnormal", "consistent", "failed", "high")
# Only amounts have a colon: by that they are told from facts (`OutcomeModel.facts_told`).
_OF_KINDS = {
    "has_part_": ("{} in the summary", "{} without complaint"),
    "has_drug_": ("drug class {} taken", "drug class {} not taken"),
    "has_mechanism_": ("injury by {}", "injury not by {}"),
}


@cache
def _wordings() -> dict[str, tuple[str, str]]:
    """Give by column the words for what it states and for what it denies, where rules would mislead."""
    rows = read_rows("lexicons/feature_names.csv")
    return {row["column"]: (row["stated"], row["denied"]) for row in rows}


@cache
def _class_names() -> dict[str, str]:
    classes = {name for _, drug in drug_names() for name in (drug.drug_class, drug.topical_class) if name}
    return {class_column(name): name for name in classes}


def _amount(name: str, what: str, value: float) -> str:
    if name == "n_pain_drop":
        value = 100 * value
    if not value:
        return f"{what}: none"
    return band(what, float(np.ceil(value)), _bands(name))


def _bands(name: str) -> tuple[int, ...]:
    if name.startswith(("n_pain_score", "n_pain_with", "n_lowest")):
        return _PAIN_BANDS
    if name.endswith(("_sessions", "_had")):
        return _SESSION_BANDS
    if name.startswith("n_months"):
        return _MONTH_BANDS
    named = {
        "n_body_mass_index": _BODY_MASS_BANDS,
        "n_relief_percent": _PERCENT_BANDS,
        "n_pain_drop": _PERCENT_BANDS,
        "n_relief_weeks": _WEEK_BANDS,
        "n_morphine_equivalent": _DOSE_BANDS,
    }
    return named.get(name, _COUNT_BANDS)


def band(what: str, amount: float | None, ends: tuple[int, ...]) -> str:
    """Name the band of an amount.

    >>> band("visits", 8, (6, 12, 24)), band("visits", None, (6, 12, 24)), band("visits", 30, (6, 12, 24))
    ('visits: 7 to 12', 'visits: not stated', 'visits: over 24')
    >>> band("drugs", 2, (1, 2, 4))
    'drugs: 2'
    """
    if amount is None:
        return f"{what}: not stated"
    lower = 0
    for end in ends:
        if amount <= end:
            return f"{what}: {end}" if lower + 1 == end else f"{what}: {lower + 1} to {end}"
        lower = end
    return f"{what}: over {ends[-1]}"
