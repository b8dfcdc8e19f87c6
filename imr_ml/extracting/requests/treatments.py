"""The treatment category of a request, in the names of DWC's own search form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from imr_ml.extracting.lexicon import Found, Phrases, word_places, words
from imr_ml.extracting.requests.body import find_spinal_levels
from imr_ml.extracting.requests.drugs import (
    Drug,
    Mention,
    class_of,
    drug_names,
    is_topical_compound,
    products,
)
from imr_ml.resources import read_rows

Weight = Literal["adjunct", "decisive", "service", "general", "rider"]
WEIGHTS: tuple[Weight, ...] = ("adjunct", "decisive", "service", "general", "rider")
"""How much a phrase says, most first (``taxonomies/treatments.csv``).

``adjunct`` ties the request to an operation; ``decisive`` and ``service`` name a service, and the first named
counts, but a drug never before a decisive one ("Prialt pump trial"); ``general`` words ("evaluation", "unit")
count where no service is named; a ``rider`` (fluoroscopic guidance) comes last.
"""

_SERVICE = WEIGHTS.index("service")

Category = tuple[str | None, str | None]
# Who is seen says what kind of visit it is: "follow-up with psychologist".
_VISIT = ("Evaluation & Management", "Medical Specialties")
_PRECISER_VISITS = (
    ("Psych Services", "Evaluation & Management"),
    ("Evaluation & Management", "Dental Services"),
)
_OPERATIONS = ("Arthroscopic", "Non-arthroscopic", "Spine")
_REPETITION = frozenset(("time", "session", "visit", "week", "treatment"))


@dataclass(frozen=True, slots=True)
class Service:
    """What a phrase of the taxonomy stands for.

    Parameters
    ----------
    category : str
    subcategory : str or None
    weight : str
        One of `WEIGHTS`.
    repeated_as : tuple of (str, str) or None
        Category and subcategory where it is asked for in sessions ("ultrasound 2 times a week"); its own
        where it always is, though its category is not ("work hardening").
    """

    category: str
    subcategory: str | None
    weight: Weight
    repeated_as: tuple[str, str] | None = None


Named = Found[Service | Drug]


@cache
def request_phrases() -> Phrases[Service | Drug]:
    """Give the one finder of services and drugs in requests."""
    services: list[tuple[str, Service | Drug]] = [
        (row["phrase"], _service(row)) for row in read_rows("taxonomies/treatments.csv")
    ]
    return Phrases([*services, *drug_names()])


def _service(row: dict[str, str]) -> Service:
    category, _, subcategory = row["repeated_as"].partition(": ")
    weights = {name: name for name in WEIGHTS}
    return Service(
        row["category"],
        row["subcategory"] or None,
        weights[row["weight"]],  # type: ignore[index]
        (category, subcategory) if category else None,
    )


@lru_cache(maxsize=2**15)
def classify_treatment(request: str) -> Category:
    """Give the treatment category and subcategory of a request, in DWC's own names.

    Parameters
    ----------
    request : str
        The words of a disputed item.

    Returns
    -------
    tuple of (str or None, str or None)
        Category and subcategory of DWC's search form of 2017 (``resources/README.md``); for
        Pharmaceuticals the subcategory is the drug class. None where the words name no known treatment.

    Notes
    -----
    What is done before, during or after an operation belongs to it, though it may read as a laboratory
    test, a device, a drug or therapy. Of several services the first named counts.

    Examples
    --------
    >>> classify_treatment("Norco 10/325mg #120")
    ('Pharmaceuticals', 'opioid')
    >>> classify_treatment("Associated surgical service: Cold therapy unit")
    ('Surgery', 'Adjunct Surgical Services')
    >>> classify_treatment("as discussed")
    (None, None)
    """
    return take_apart(request)[2:]


@lru_cache(maxsize=2**14)
def take_apart(request: str) -> tuple[list[str], list[Named], str | None, str | None]:
    """Give the words of a request, the phrases among them, category and subcategory.

    The latest are remembered, for the facts of the items of a table are read first, then what bears on them.
    """
    request_words = words(request)
    found = request_phrases().find(request_words)
    return request_words, found, *category_of(request, request_words, found)


def category_of(request: str, request_words: list[str], found: list[Named]) -> Category:
    """Decide between the phrases found in a request; see `classify_treatment`."""
    if not found:
        return None, None
    main = main_service(found)
    adjunct = next((one for one in found if _is_adjunct(one.entry)), None)
    if adjunct and not (main and main.start < adjunct.start and _is_operation(main.entry)):
        assert isinstance(adjunct.entry, Service)
        return adjunct.entry.category, adjunct.entry.subcategory
    if main is None:
        return None, None
    if isinstance(main.entry, Drug):
        return _drug_category(request, request_words, found)
    if _is_operation(main.entry) and _is_visit_about(main, request, found):
        return _SURGICAL_CONSULT
    if main.entry.repeated_as and not _REPETITION.isdisjoint(request_words):
        return main.entry.repeated_as
    if main.entry.subcategory == "Non-arthroscopic" and _names(found, ("Surgery", "Arthroscopic")):
        return "Surgery", "Arthroscopic"
    if main.entry.weight == "general" and _is_operation(main.entry) and find_spinal_levels(request):
        # "Decompression L4-5"
        return "Surgery", "Spine"
    if (main.entry.category, main.entry.subcategory) == _VISIT:
        return next((kind for kind in _PRECISER_VISITS if _names(found, kind)), _VISIT)
    return main.entry.category, main.entry.subcategory


def main_service(found: list[Named]) -> Named | None:
    """Give the service or drug that a request is about, whatever operation it belongs to."""
    main: Named | None = None
    rank = len(WEIGHTS)
    for one in found:
        entry = one.entry
        if isinstance(entry, Drug):
            if rank > _SERVICE:
                main, rank = one, _SERVICE
        elif entry.weight != "adjunct":
            own = max(_SERVICE, WEIGHTS.index(entry.weight))
            before_drug = entry.weight == "decisive" and main is not None and isinstance(main.entry, Drug)
            if own < rank or before_drug or (own == rank and main and _is_preciser(entry, main.entry)):
                main, rank = one, own
    return main


def _is_preciser(entry: Service, than: Service | Drug) -> bool:
    """Say whether two words name a drug, and only the second of what class: "prescription of a cream"."""
    return (
        isinstance(than, Service)
        and entry.category == than.category
        and than.subcategory is None
        and entry.subcategory is not None
    )


def _is_adjunct(entry: Service | Drug) -> bool:
    return isinstance(entry, Service) and entry.weight == "adjunct"


def _is_operation(entry: Service | Drug) -> bool:
    return isinstance(entry, Service) and entry.category == "Surgery" and entry.subcategory in _OPERATIONS


def _is_visit_about(operation: Named, request: str, found: list[Named]) -> bool:
    """Say whether an operation is only what a visit is about: "knee surgery consult", "referral for ACDF"."""
    visits = [one for one in found if _is_visit(one.entry)]
    if not visits:
        return False
    places = word_places(request)
    for visit in visits:
        if visit.start >= operation.end:
            if _SAME_NAME.fullmatch(request, places[operation.end - 1][1], places[visit.start][0]):
                return True
        elif visit.end <= operation.start and _ABOUT.fullmatch(
            request, places[visit.end - 1][1], places[operation.start][0]
        ):
            return True
    return False


def _is_visit(entry: Service | Drug) -> bool:
    return isinstance(entry, Service) and (entry.category, entry.subcategory) in _VISITS


_SURGICAL_CONSULT = ("Surgery", "Surgical Consult")
_VISITS = frozenset((_VISIT, _SURGICAL_CONSULT))
_SIDE = r"(?:the |an? )?(?:(?:left|right|bilateral|possible|potential) )*"
# What may stand between an operation and the visit: "Lumbar fusion L4-5 consult", "hand surgery clinic visit"
_SAME_NAME = re.compile(
    r"[\s-]*(?:\(?[ctls]\d[\w/-]*\)?\s)?(?:(?:specialist|specialty|clinic|department|office|new patient)\s)?"
    r"(?:(?:initial|repeat|second|re)[\s-])?",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"\s(?:for|to|re:?|regarding|about|concerning|to discuss) {_SIDE}", re.IGNORECASE)


def _names(found: list[Named], kind: tuple[str, str]) -> bool:
    return any(
        isinstance(one.entry, Service) and (one.entry.category, one.entry.subcategory) == kind
        for one in found
    )


def _drug_category(request: str, request_words: list[str], found: list[Named]) -> Category:
    drugs = [one.entry for one in found if isinstance(one.entry, Drug)]
    if procedure := injected_as(drugs, found):
        return procedure, procedure
    if len(drugs) == 1 or is_topical_compound(drugs, request_words):
        return "Pharmaceuticals", class_of(drugs, request_words)
    # The first of a list of drugs counts; the form of the second is its own.
    groups = products(request, drug_mentions(request, found))
    if len(groups) > 1:
        drugs, request_words = [one.drug for one in groups[0]], words(request[: groups[1][0].start])
    return "Pharmaceuticals", class_of(drugs, request_words)


def drug_mentions(request: str, found: list[Named]) -> list[Mention]:
    """Give the drugs among the phrases of a request with their places in it."""
    drugs = [(one.entry, one.start, one.end) for one in found if isinstance(one.entry, Drug)]
    if not drugs:
        return []
    places = word_places(request)
    return [Mention(drug, places[start][0], places[end - 1][1]) for drug, start, end in drugs]


def injected_as(drugs: list[Drug], found: list[Named]) -> str | None:
    """Give the category of an injection of the drugs, where that is a procedure rather than a drug."""
    is_injection = any(isinstance(one.entry, Service) and one.entry.category == "Injection" for one in found)
    return drugs[0].injected_category if is_injection and drugs else None
