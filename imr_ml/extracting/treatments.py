"""The treatment category of a request, in the names of DWC's own search form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from imr_ml.extracting.lexicon import Found, Phrases, words
from imr_ml.resources import read_rows

Weight = Literal["adjunct", "decisive", "service", "general", "rider"]
WEIGHTS: tuple[Weight, ...] = ("adjunct", "decisive", "service", "general", "rider")
"""How much a phrase says, most first (``taxonomies/treatments.csv``).

``adjunct`` ties the request to an operation; ``decisive`` names a service whatever else is said
(a functional capacity evaluation); ``service`` names one, and the first named counts; ``general`` words
("evaluation", "unit") count where no service is named; a ``rider`` (fluoroscopic guidance) comes last.
"""

_COMPOUND_WORDS = frozenset(("base", "compound", "compounded"))
_OPERATIONS = ("Arthroscopic", "Non-arthroscopic", "Spine")


@dataclass(frozen=True, slots=True)
class Service:
    """What a phrase of the taxonomy stands for."""

    category: str
    subcategory: str | None
    weight: Weight


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug by one of its names (``lexicons/drugs.csv``).

    Parameters
    ----------
    name : str
        As the lexicon prints it.
    is_brand : bool
    generics : tuple of str
        Ingredients without salt or release form, lower case.
    drug_class : str or None
        DWC's class; None where its form has none for this drug.
    topical_class : str or None
        The class that takes its place in a cream, gel, ointment or patch.
    injected_category : str or None
        The category of an injection of it, where that is a procedure rather than a drug.
    """

    name: str
    is_brand: bool
    generics: tuple[str, ...]
    drug_class: str | None
    topical_class: str | None
    injected_category: str | None


@cache
def request_phrases() -> Phrases[Service | Drug]:
    """Give the one finder of services and drugs in requests."""
    services: list[tuple[str, Service | Drug]] = [
        (
            row["phrase"],
            Service(row["category"], row["subcategory"] or None, _weight(row["weight"])),
        )
        for row in read_rows("taxonomies/treatments.csv")
    ]
    drugs: list[tuple[str, Service | Drug]] = [
        (
            row["name"],
            Drug(
                row["name"],
                row["kind"] == "brand",
                tuple(row["generics"].split(";")),
                row["drug_class"] or None,
                row["topical_class"] or None,
                row["injected_category"] or None,
            ),
        )
        for row in read_rows("lexicons/drugs.csv")
    ]
    return Phrases([*services, *drugs])


@lru_cache(maxsize=2**14)
def classify_treatment(request: str) -> tuple[str | None, str | None]:
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
    request_words = words(request)
    return category_of(request_words, request_phrases().find(request_words))


def category_of(
    request_words: list[str], found: list[Found[Service | Drug]]
) -> tuple[str | None, str | None]:
    """Decide between the phrases found in a request; see `classify_treatment`."""
    best: Found[Service | Drug] | None = None
    best_rank = len(WEIGHTS)
    adjunct: Found[Service | Drug] | None = None
    for one in found:
        weight: Weight = "service" if isinstance(one.entry, Drug) else one.entry.weight
        if weight == "adjunct":
            adjunct = adjunct or one
        elif (rank := WEIGHTS.index(weight)) < best_rank:
            best, best_rank = one, rank
    if adjunct and not (best and best.start < adjunct.start and _is_operation(best.entry)):
        assert isinstance(adjunct.entry, Service)
        return adjunct.entry.category, adjunct.entry.subcategory
    if best is None:
        return None, None
    if isinstance(best.entry, Drug):
        return _drug_category(best, request_words, found)
    category, subcategory = best.entry.category, best.entry.subcategory
    if (category, subcategory) == ("Surgery", "Non-arthroscopic") and any(
        isinstance(one.entry, Service) and one.entry.subcategory == "Arthroscopic" for one in found
    ):
        return category, "Arthroscopic"
    return category, subcategory


def _is_operation(entry: Service | Drug) -> bool:
    return isinstance(entry, Service) and entry.category == "Surgery" and entry.subcategory in _OPERATIONS


def _drug_category(
    best: Found[Service | Drug], request_words: list[str], found: list[Found[Service | Drug]]
) -> tuple[str | None, str | None]:
    drugs = tuple(one.entry for one in found if isinstance(one.entry, Drug))
    injected = drugs[0].injected_category
    if injected and any(
        isinstance(one.entry, Service) and one.entry.category == "Injection" for one in found
    ):
        return injected, injected
    return "Pharmaceuticals", class_of(drugs, request_words)


def class_of(drugs: tuple[Drug, ...], request_words: list[str]) -> str | None:
    """Give DWC's class of the drug or compound that a request names first.

    Parameters
    ----------
    drugs : tuple of Drug
        At least one, in the order of the request.
    request_words : list of str
        As `words` gives them: a topical form or a compounding base among them changes the class.
    """
    first = drugs[0]
    if not _topical_words().isdisjoint(request_words) or not _COMPOUND_WORDS.isdisjoint(request_words):
        mixed = sum(word == "%" for word in request_words) > 1 and len(drugs) > 1
        compounded = not _COMPOUND_WORDS.isdisjoint(request_words) and not first.is_brand
        if first.topical_class and (mixed or compounded):
            return "topical compound"
        return first.topical_class or first.drug_class
    return first.drug_class


@cache
def _topical_words() -> frozenset[str]:
    """Words that say that a drug goes on the skin; so does a strength in per cent."""
    rows = read_rows("lexicons/dose_forms.csv")
    return frozenset({row["word"] for row in rows if row["is_topical"] == "yes"} | {"%"})


def _weight(name: str) -> Weight:
    for weight in WEIGHTS:
        if name == weight:
            return weight
    raise ValueError(f"treatments.csv: weight {name!r}; it must be one of {', '.join(WEIGHTS)}")
