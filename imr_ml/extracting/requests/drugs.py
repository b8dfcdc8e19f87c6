"""Drugs in requests: their ingredients, class, strength and form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise

from imr_ml.resources import read_rows

TOPICAL = "topical analgesic"
TOPICAL_COMPOUND = "topical compound"
_COMPOUND_WORDS = frozenset(("base", "compound", "compounded", "compounding"))
_WEIGHT_WORDS = frozenset(("g", "gm", "gram"))
# A mixture has one class: that of the ingredient for which it is controlled, else of the first.
_RULING_CLASSES = ("opioid", "barbiturate")
_SKIN_CLASSES = (TOPICAL, TOPICAL_COMPOUND)


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


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug named at ``text[start:end]``."""

    drug: Drug
    start: int
    end: int


@cache
def drug_names() -> tuple[tuple[str, Drug], ...]:
    """Give every name of the lexicon with its drug."""
    return tuple(
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
    )


@cache
def dose_forms() -> dict[str, str]:
    """Give the words for dose forms, singular, with the form that each means."""
    return {row["word"]: row["form"] for row in read_rows("lexicons/dose_forms.csv")}


@cache
def topical_words() -> frozenset[str]:
    """Words that say that a drug goes on the skin; so does a strength in per cent."""
    rows = read_rows("lexicons/dose_forms.csv")
    return frozenset({row["word"] for row in rows if row["is_topical"] == "yes"} | {"%"})


def class_of(drugs: list[Drug], request_words: list[str]) -> str | None:
    """Give DWC's class of a product by its ingredients and the words around them.

    Parameters
    ----------
    drugs : sequence of Drug
        At least one, in the order of the request.
    request_words : sequence of str
        As `words` gives them: a topical form or a compounding base among them changes the class.
    """
    first = drugs[0]
    if is_topical_compound(drugs, request_words):
        return TOPICAL_COMPOUND
    if not topical_words().isdisjoint(request_words):
        return first.topical_class or first.drug_class
    return next((drug.drug_class for drug in drugs if drug.drug_class in _RULING_CLASSES), first.drug_class)


def implied_generics(text: str, mention: Mention) -> tuple[str, ...]:
    """Give the ingredient that a strength of two parts implies behind a drug of one: "hydrocodone 10/325".

    >>> drug = dict(drug_names())["hydrocodone"]
    >>> implied_generics("hydrocodone 10/325mg", Mention(drug, 0, 11))
    ('acetaminophen',)
    """
    known = _implied().get(mention.drug.generics)
    match = _SECOND_STRENGTH.match(text, mention.end) if known else None
    second = known.get(float(match[1])) if known and match else None
    return (second,) if second else ()


_SALT = r"(?:bitartrate|hydrochloride|hcl|phosphate|sodium|potassium|dr|er|sr|ir|tab(?:let)?s?)"
_SECOND_STRENGTH = re.compile(
    rf"[\s(-]*(?:{_SALT}[\s(-]+){{0,2}}\d{{1,4}}(?:\.\d{{1,4}})?\s?(?:mg)?\s?[/-]\s?(\d{{1,4}}(?:\.\d{{1,2}})?)(?![\d%])",
    re.IGNORECASE,
)


@cache
def _implied() -> dict[tuple[str, ...], dict[float, str]]:
    known: dict[tuple[str, ...], dict[float, str]] = {}
    for row in read_rows("lexicons/implied_ingredients.csv"):
        by_strength = known.setdefault((row["generic"],), {})
        by_strength.update((float(strength), row["second"]) for strength in row["strengths"].split(";"))
    return known


@lru_cache(maxsize=2**12)
def acting(generics: tuple[str, ...], classes: tuple[str | None, ...]) -> frozenset[str]:
    """Give the ingredients by which a drug is known: those that have its class by themselves.

    What Norco shares with Percocet is no reason to call them the same drug.

    Parameters
    ----------
    generics : tuple of str
        Ingredients of one drug, or of several.
    classes : tuple of str or None
        DWC's class of each.

    Examples
    --------
    >>> acting(("hydrocodone", "acetaminophen"), ("opioid",)), acting(("acetaminophen",), ("misc analgesic",))
    (frozenset({'hydrocodone'}), frozenset({'acetaminophen'}))
    """
    if len(generics) < 2:
        return frozenset(generics)
    own = _own_classes()
    named = [name for name in generics if not own.get(name, _NO_CLASSES).isdisjoint(classes)]
    # An ingredient that is sold in mixtures only is what such a mixture is for.
    return frozenset(named or [name for name in generics if name not in own] or generics)


_NO_CLASSES: frozenset[str] = frozenset()


@cache
def _own_classes() -> dict[str, frozenset[str]]:
    """Give the classes of each ingredient that is sold alone."""
    alone: dict[str, frozenset[str]] = {}
    for _, drug in drug_names():
        if len(drug.generics) == 1:
            name = drug.generics[0]
            known = [one for one in (drug.drug_class, drug.topical_class) if one]
            alone[name] = alone.get(name, _NO_CLASSES).union(known)
    return alone


def is_topical_compound(drugs: list[Drug], request_words: list[str]) -> bool:
    """Say whether a pharmacy mixes the drugs for the skin ("Flurbiprofen 20%/Baclofen 5% in cream base")."""
    is_compounded = not _COMPOUND_WORDS.isdisjoint(request_words)
    is_weighed = len(drugs) > 2 and not _WEIGHT_WORDS.isdisjoint(request_words)
    if not is_compounded and not is_weighed and topical_words().isdisjoint(request_words):
        return False
    for_skin = [drug for drug in drugs if drug.topical_class or drug.drug_class in _SKIN_CLASSES]
    if not for_skin or drugs[0].is_brand:
        return False
    # Two drugs in one cream, not two drugs in one list: those have tablets or counts of their own.
    is_mixture = len({drug.generics for drug in drugs}) > 1 and (
        request_words.count("%") > 1 or ("mg" not in request_words and request_words.count("#") < 2)
    )
    is_kept_by_pharmacies = any(drug.topical_class == TOPICAL_COMPOUND for drug in drugs)
    return is_compounded or (is_mixture and (len(drugs) > 2 or is_kept_by_pharmacies))


def products(text: str, mentions: list[Mention]) -> list[list[Mention]]:
    """Group the drugs of a request into products: "A 10mg/B 325mg" is one, "A 10mg, B 325mg" two.

    A drug named twice, as brand and generic, is one product.
    """
    groups: list[list[Mention]] = []
    known: set[str] = set()
    for mention in mentions:
        generics = set(mention.drug.generics)
        if groups:
            between = text[groups[-1][-1].end : mention.start]
            if (
                known & generics
                or (_JOINT.search(between) and not _PART.search(between))
                or (_ONLY_AND.match(between) and frozenset(known | generics) in _controlled_mixtures())
            ):
                groups[-1].append(mention)
                known |= generics
                continue
        groups.append([mention])
        known = generics
    return groups


def are_several(groups: list[list[Mention]]) -> bool:
    """Say whether products are several drugs, of which one may be named in several ways.

    Parameters
    ----------
    groups : sequence of sequences of Mention
        As `products` gives them. Two brands that share an ingredient are one group there, and two drugs.
    """
    if len(groups) > 1:
        return True
    brands = [frozenset(one.drug.generics) for group in groups for one in group if one.drug.is_brand]
    return any(not (one <= other or other <= one) for one, other in combinations(brands, 2))


@cache
def _controlled_mixtures() -> frozenset[frozenset[str]]:
    """Ingredients that one tablet holds together, of which one is controlled ("hydrocodone and APAP")."""
    return frozenset(
        frozenset(drug.generics)
        for _, drug in drug_names()
        if len(drug.generics) > 1 and drug.drug_class in _RULING_CLASSES
    )


# A salt may stand before it, no strength: "Hydrocodone bitartrate and ".
_ONLY_AND = re.compile(r"[a-z ,.]{0,24}\band\s$", re.IGNORECASE)
_JOINT = re.compile(r"[/+&]|-\s*$|\bwith\b|\bw/", re.IGNORECASE)
_PART = re.compile(r"[,;]|\band\b|#", re.IGNORECASE)

# "10/325mg", "75-0.2mg", "4%-27.5%", "25mg/ml", "10mg/1ml", "50 mcg/hr", "1percent"
_NUMBER = r"(?:\d+(?:,\d{3})+|\d{1,6})?(?:\.\d{1,5})?(?<=\d)"
_UNIT = r"(?:mg|milligrams?|micrograms?|mcg|µg|ug|meq|iu|%|percent)"
_PER = r"(?:\s?/\s?\d{0,4}(?:\.\d{1,3})?\s?(?:ml|hr|hour|h|gm|g)\b)"
_GRAMS = r"\d{{1,{}}}(?:\.\d{{1,2}})?\s?(?:gm?|grams?)"
# and "1gm #120", "17 gm daily", "1 gm IV": few grams, right before a count or a directive; not "apply 4 gm
# qid"
_STRENGTH = re.compile(
    rf"(?<![\w.])(?=[\d.])(?:(?:{_NUMBER}\s?{_UNIT}?\s?[-/]\s?){{0,4}}{_NUMBER}\s?{_UNIT}(?![a-z]){_PER}?"
    rf"|(?=\d)(?<!apply )(?<!use )(?:{_GRAMS.format(1)}(?=,?\s?#|\s(?:tab|cap))"
    rf"|{_GRAMS.format(2)}(?=,?\s(?:po|by|daily|once|twice|per|every|[bt]id|q[a-z\d]{{1,3}}"
    r"|im|iv|ivpb|sq|sc|subq|intramuscular(?:ly)?|intravenous(?:ly)?|subcutaneous(?:ly)?)\b)))",
    re.IGNORECASE,
)
_WEIGHT = re.compile(r"[\d\s](?:m[gc]|µg|ug|meq|iu)", re.IGNORECASE)
# "Norco 10/325 #60", "Robaxin-750 qty 60", "Soma 350, Norco 10/325": the unit left out
_BARE_STRENGTH = re.compile(
    r"[\s)-]{1,3}(\d{1,4}(?:\.\d{1,3})?(?:[/-]\d{1,4}(?:\.\d{1,3})?){0,2})"
    r"(?=\s*(?:#|\(#|$|[,;](?!\d)|(?:and|qty|quantity)\b)"
    # "Norco 10/325 one po tid": what has two parts is no count of tablets.
    r"|(?<=[/-]\d{3})\s+(?:\d|one|two|take|po|by|tab|cap|bid|tid|qid|q\d|every|daily|prn|no\.|x))",
    re.IGNORECASE,
)


def find_strengths(text: str, groups: list[list[Mention]]) -> list[str]:
    """Give the strengths of a request as printed, in their order; several of a drug asked for in several.

    Parameters
    ----------
    text : str
        The request.
    groups : sequence of sequences of Mention
        As `products` gives them. Without any, only strengths in mg or mcg count: "50%" may mean anything.

    Examples
    --------
    >>> find_strengths("Xyzal 5mg #30", [])
    ['5mg']
    >>> drug = Mention(dict(drug_names())["morphine"], 0, 8)
    >>> find_strengths("Morphine 15mg #60 and 30mg #30", [[drug]])
    ['15mg', '30mg']
    """
    if not groups and not _WEIGHT.search(text):
        return []
    found = [(match.start(), match[0].strip()) for match in _STRENGTH.finditer(text)]
    if not groups:
        return [printed for _, printed in found[:1] if not printed.lower().endswith(("%", "percent"))]
    ends = _ends(groups)
    if found and (found[0][0] < groups[0][0].start or len(ends) == 1):
        # "20% A, 5% B": each strength stands before its drug.
        return [printed for _, printed in (_listed(text, found, 0, len(text)) if len(ends) == 1 else found)]
    strengths, later = [], 0
    for end, following in pairwise([*ends, (len(text) + 1, 0)]):
        start, stop = end[1], following[0]
        while later < len(found) and found[later][0] < end[0]:
            later += 1
        if later < len(found) and found[later][0] < stop:
            strengths += [printed for _, printed in _listed(text, found, later, stop)]
        elif bare := _BARE_STRENGTH.match(text, start):
            strengths.append(bare[1])
            more = _LISTED_BARE.match(text, bare.end(1))
            while more and more.end() <= stop:
                strengths.append(more[1])
                more = _LISTED_BARE.match(text, more.end())
    return strengths


# "15mg, 30mg and| 60mg #90", "300mg #90 and| 600mg #60", "30mg (7) and| 60mg (30)"
_COUNT = r"(?:#\s?\d{1,4}|x\s?\d{2,4}\b|\(#?\d{1,4}\))"
_AND = r"(?:[,;]?\s?(?:and|plus|&)\s|[,;]\s?)"
_LISTED = re.compile(rf"\s?(?:{_COUNT}\s?)?{_AND}", re.IGNORECASE)
# Not "50mg, 400 mg a day"
_ENDS_STRENGTH = re.compile(
    rf"\s?(?:$|[,;&)]|{_COUNT}|#|and\b|plus\b|tab|cap|qty|quantity|patch|er\b|pill)(?!\s?(?:max|daily|per)\b)",
    re.IGNORECASE,
)
# "Norco 5/325| and 10/325 #60"
_LISTED_BARE = re.compile(
    rf"\s?(?:{_COUNT}\s?)?{_AND}(\d{{1,4}}(?:\.\d{{1,3}})?[/-]\d{{2,4}})(?=\s?(?:$|[,;]|{_COUNT}|and\b|qty\b|quantity\b))",
    re.IGNORECASE,
)


def _listed(text: str, found: list[tuple[int, str]], first: int, stop: int) -> list[tuple[int, str]]:
    """Give a strength, and those of the same drug that are listed behind it, up to a place in the text."""
    last = first
    for number in range(first + 1, len(found)):
        start, printed = found[number]
        end = found[last][0] + len(found[last][1])
        is_next = start < stop and _LISTED.fullmatch(text, end, start)
        if not is_next or not _ENDS_STRENGTH.match(text, start + len(printed)):
            break
        last = number
    return found[first : last + 1]


def _ends(groups: list[list[Mention]]) -> list[tuple[int, int]]:
    """Give for each ingredient where its first name begins, and where the last of them in a row ends."""
    ends: list[tuple[int, int]] = []
    named: tuple[str, ...] = ()
    for mention in (mention for group in groups for mention in group):
        if mention.drug.generics == named:
            ends[-1] = ends[-1][0], mention.end
        else:
            ends.append((mention.start, mention.end))
        named = mention.drug.generics
    return ends


def find_form(request_words: list[str]) -> str | None:
    """Give the dose form that the words name first.

    >>> find_form(["lidocaine", "ointment", "5", "%"])
    'ointment'
    """
    forms = dose_forms()
    for word in request_words:
        if word in forms:
            return forms[word]
    return None
