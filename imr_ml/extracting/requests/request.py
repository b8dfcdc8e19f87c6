"""What one request says, put together from its drugs, quantities and body parts."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from imr_ml.extracting.lexicon import with_plain_signs, word_places, words
from imr_ml.extracting.requests.body import find_body_parts, find_spinal_levels, with_letters
from imr_ml.extracting.requests.drugs import (
    TOPICAL_COMPOUND,
    Drug,
    Mention,
    are_several,
    class_of,
    find_form,
    find_strengths,
    implied_generics,
    is_topical_compound,
    products,
)
from imr_ml.extracting.requests.quantities import (
    A_GLUED_NUMBER,
    CLUE,
    find_duration_days,
    find_quantity,
    find_refills,
    find_sessions,
    plain_and_clues,
    without_ordinal,
    without_teeth,
)
from imr_ml.extracting.requests.riders import course_of, find_riders, laterality_of
from imr_ml.extracting.requests.treatments import (
    Named,
    Service,
    drug_mentions,
    injected_as,
    main_service,
    take_apart,
)

_DENTAL = "Dental Services"
_COUNTED_IN_VISITS = (
    "Rehabilitation",
    "Psych Services",
    "Evaluation & Management",
    "Home Health",
    "Therapies",
)
_NUMBER = re.compile(
    r"(?<![\w.-])\d+(?:\.\d+)?(?= ?(?:hours?|hrs?|minutes?|mins?|times|days|weeks|months|miles)\b)"
)
_A_NUMBER = CLUE["number"]
_A_REFILL = CLUE["refill"]
_A_DOSE = CLUE["dose"]
_A_COUNT = CLUE["counted"]
_A_LIST = CLUE["listed"]
_A_LEVEL = CLUE["level"]
_A_LENGTH = CLUE["length"]
_A_GRANT = CLUE["granted"]
_LAB = "Lab & Pathology"


class RequestFacts(NamedTuple):
    """What a request states; None, False or an empty tuple where it states nothing.

    ``strength``, ``quantity``, ``refills``, ``sessions`` and ``duration_days`` describe the part in
    dispute, everything else the whole heading.

    Parameters
    ----------
    drug_generics, drug_classes, drug_brands : tuple of str
        Ingredients without salt or release form; DWC's classes; brands as the lexicon prints them.
    dose_form : str or None
        Such as ``tablet``, ``cream``, ``patch``.
    is_compound : bool
        Whether the drugs are mixed by a pharmacy for the skin.
    strengths : tuple of str
        As printed, one per product or ingredient.
    quantity : float or None
        Number of units in one fill, or in all where a total is told: tablets, grams, millilitres, pieces;
        packages where several of a weight are asked for; of several drugs that of the first.
    refills, sessions, duration_days : int or None
        See `quantities`.
    is_rental, is_purchase : bool
        A drug is always bought: of that alone, purchase says nothing.
    guidance, contrast, course : str or None
        See `quantities`.
    is_with_anesthesia : bool
    body_parts, spinal_levels : tuple of str
        See `body`.
    laterality : str or None
    prefixes : tuple of str
        As ``DisputedItem.prefixes``, wherever in the heading they stand.
    share_in_dispute : float or None
        The part in dispute as a share of what was asked for, above 0 and up to 1; None where no part was
        authorized or nothing can be counted.
    """

    drug_generics: tuple[str, ...] = ()
    drug_classes: tuple[str, ...] = ()
    drug_brands: tuple[str, ...] = ()
    dose_form: str | None = None
    is_compound: bool = False
    strengths: tuple[str, ...] = ()
    quantity: float | None = None
    refills: int | None = None
    sessions: int | None = None
    duration_days: int | None = None
    is_rental: bool = False
    is_purchase: bool = False
    guidance: str | None = None
    is_with_anesthesia: bool = False
    contrast: str | None = None
    course: str | None = None
    body_parts: tuple[str, ...] = ()
    spinal_levels: tuple[str, ...] = ()
    laterality: str | None = None
    prefixes: tuple[str, ...] = ()
    share_in_dispute: float | None = None


@lru_cache(maxsize=2**15)
def read_request_facts(request: str, original: str | None = None) -> RequestFacts:
    """Read what a request states.

    Parameters
    ----------
    request : str
        The part in dispute.
    original : str or None
        What was asked for, where the claims administrator authorized a part of it.

    Examples
    --------
    >>> facts = read_request_facts("Norco 10/325mg #120 with 1 refill")
    >>> facts.drug_generics, facts.strengths, facts.quantity, facts.refills
    (('hydrocodone', 'acetaminophen'), ('10/325mg',), 120.0, 1)
    """
    heading = _Heading(original or request)
    disputed = _Heading(request) if original and original != request else heading
    drugs = [mention.drug for mention in heading.mentions]
    groups = products(heading.text, heading.mentions) if drugs else []
    disputed_groups = groups if disputed is heading else products(disputed.text, disputed.mentions)
    mixed = bool(drugs) and is_topical_compound(drugs, heading.words)
    classes = _classes(heading, groups, mixed)
    riders = find_riders(heading.words)
    # "T3, T4" in a laboratory are no vertebrae.
    may_name_levels = heading.clues & _A_LEVEL and heading.subcategory != _LAB
    levels = find_spinal_levels(_without_drugs(heading)) if may_name_levels else ()
    may_name_strengths = disputed.clues & _A_NUMBER and (disputed_groups or disputed.clues & _A_DOSE)
    supply = riders.get("supply", ())
    # By place, for by name it takes three times as long.
    return RequestFacts(
        _generics(heading) if drugs else (),
        classes,
        _once([drug.name for drug in drugs if drug.is_brand]),
        find_form(heading.words) if drugs else None,
        # "Compound cream" names no drug, and a mixture's brand none of its drugs.
        mixed or classes[:1] == (TOPICAL_COMPOUND,),
        tuple(find_strengths(disputed.text, disputed_groups)) if may_name_strengths else (),
        disputed.quantity,
        disputed.refills,
        disputed.sessions,
        find_duration_days(disputed.plain) if disputed.clues & _A_LENGTH else None,
        "rental" in supply,
        "purchase" in supply and _is_not_only_drug(heading),
        riders.get("guidance", _NONE)[0],
        "anesthesia" in riders,
        riders.get("contrast", _NONE)[0],
        course_of(riders),
        find_body_parts(heading.words, levels),
        levels,
        laterality_of(riders, heading.text),
        riders.get("prefix", ()),
        _share(disputed, heading) if disputed is not heading else heading.share,
    )


_NONE = (None,)


@lru_cache(maxsize=2**12)
def names_several_drugs(request: str) -> bool:
    """Say whether a request names several drugs: a mixture of several ingredients is one.

    >>> names_several_drugs("Norco 10/325mg #60"), names_several_drugs("Norco #60 and Soma #30")
    (False, True)
    """
    request_words, found, *_ = take_apart(request)
    mentions = drug_mentions(request, found)
    if len(mentions) < 2 or is_topical_compound([mention.drug for mention in mentions], request_words):
        return False
    return are_several(products(request, mentions))


def _without_drugs(heading: _Heading) -> str:
    """Give the text without drugs, which are no vertebrae: "T3 #60" is Tylenol No. 3."""
    text = heading.text
    for one in heading.mentions:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _is_not_only_drug(heading: _Heading) -> bool:
    return heading.category != "Pharmaceuticals" or any(
        isinstance(one.entry, Service)
        and one.entry.category == "DMEPOS"
        and one.entry.weight in ("decisive", "service")
        for one in heading.found
    )


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names)) if names else ()


def _generics(heading: _Heading) -> tuple[str, ...]:
    named = [
        (*mention.drug.generics, *implied_generics(heading.text, mention)) for mention in heading.mentions
    ]
    return _once([name for generics in named for name in generics])


# "(modified to #45 for weaning)", "(UR certified 6 visits)", "(6 authorized, 6 denied)", ", 6 certified"
_GRANTED = re.compile(
    r"(?:(?P<bracket>\()|[,;]) ?(?:(?:by )?ur )?(?:"
    r"(?:modified|reduced|certified|approved|authorized)(?: by ur| by utilization review)?(?: to| for)?"
    r" #?(\d{1,4})(?:\.0+)?(?![\d.]|"
    r" ?(?:weeks?|wks?|months?|days?|times|x|m[cg]g?|%|/|refill|rf))[^()]{0,40}"
    r"|#?(\d{1,4})(?: [a-z]{1,20}){0,2} (?:were |was )?(?:authorized|certified|approved)"
    r"(?: by [a-z ]{1,30})?(?:[,;] ?\d[^()]{0,40})?) ?(?(bracket)\)|$)"
)

# "Protonix20mg", "Percocet5/325mg#45", "venlafaxine ER75mg"; "P.T.3x4wks"
_GLUED_NUMBER = re.compile(
    r"(?<=[A-Za-z]{2})(?=\d{1,4}(?:[./-]\d{1,4}){0,2}\s?m[gc])|(?<=[A-Za-z]\.)(?=\d{1,2}\s?x)", re.IGNORECASE
)


class _Heading:
    """A request taken apart once for all facts."""

    def __init__(self, text: str) -> None:
        text = with_plain_signs(text)
        plain, clues = plain_and_clues(text)
        if clues & A_GLUED_NUMBER and (parted := _GLUED_NUMBER.sub(" ", text)) != text:
            text = parted
            plain, clues = plain_and_clues(text)
        self.text = text
        self.words, self.found, self.category, self.subcategory = take_apart(text)
        self.mentions = drug_mentions(text, self.found)
        granted = _GRANTED.search(plain) if clues & _A_GRANT and clues & _A_NUMBER else None
        if granted:
            plain = plain[: granted.start()].rstrip() + plain[granted.end() :]
        self.plain, self.clues = plain, clues
        self.share: float | None = None
        self.refills = find_refills(plain) if clues & _A_REFILL else None
        self.quantity: float | None = None
        self.sessions: int | None = None
        if not clues & _A_NUMBER:
            return
        main = main_service(self.found)
        if self.mentions and _names_visits(self.found) and self._reads_apart(main):
            return
        is_injected = _is_injected(self.words, main)
        counts_visits = _counts_visits(main, self.category)
        self.sessions = find_sessions(
            plain,
            counts_visits=counts_visits,
            is_repeated=is_injected,
            is_of_all=counts_visits and _are_all_visits(self.found),
            clues=clues,
        )
        if not self.sessions:
            has_teeth = self.subcategory == _DENTAL or "tooth" in plain or "teeth" in plain
            counted = without_teeth(plain) if has_teeth else plain
            if clues & _A_COUNT and main and _names_nth(main, text):
                counted = without_ordinal(counted)
            if clues & _A_LEVEL and clues & _A_LIST:
                counted = with_letters(counted)
            is_drug = _is_counted_as_drug(main, self.category) and not is_injected
            skip = _numbered_names(self.mentions, plain)
            self.quantity = find_quantity(counted, is_drug=is_drug, skip=skip, clues=clues)
        if granted:
            self._leave_out(int(granted[2] or granted[3]))

    def _leave_out(self, granted: int) -> None:
        """Leave what was authorized out of what was asked for: the rest is in dispute."""
        asked = self.sessions or self.quantity
        if not asked or not 0 < granted < asked:
            return
        self.share = (asked - granted) / asked
        if self.sessions:
            self.sessions -= granted
        else:
            self.quantity = asked - granted

    def _reads_apart(self, main: Named | None) -> bool:
        """Read the quantity of drugs and the visits of what is asked for beside them; False if there is none.

        What is said of either says nothing of the other: "Norco #120 with follow-up visit" are no 120 visits.
        """
        parts = _drugs_and_visits(self.text, self.found, main)
        if parts is None:
            return False
        plain, clues = plain_and_clues(parts[0])
        quantity = None
        if clues & _A_NUMBER:
            quantity = find_quantity(
                plain, is_drug=True, skip=_numbered_names(self.mentions, plain), clues=clues
            )
        if quantity is None and (main is None or not isinstance(main.entry, Drug)):
            # "Acupuncture with a capsaicin patch, 2 times a week for 6 weeks"
            return False
        visits, visit_clues = plain_and_clues(parts[1])
        sessions = None
        if visit_clues & _A_NUMBER:
            sessions = find_sessions(visits, counts_visits=True, is_of_all=True, clues=visit_clues)
        if quantity is None and (sessions is None or find_quantity(visits, is_drug=True) is not None):
            # "Humira, 2 pens a month" asks for no percutaneous stimulation.
            return False
        self.quantity, self.sessions = quantity, sessions
        return True

    @property
    def units(self) -> float | None:
        """All that is asked for, in units or visits, refills included."""
        return self.sessions or self.pieces

    @property
    def pieces(self) -> float | None:
        """All that is asked for in units, refills included."""
        if self.quantity is None or not self.refills:
            return self.quantity
        # "Three refills of X #60" leaves the first fill out; "X #60 with 3 refills" has it.
        return self.quantity * (self.refills if "refill" in self.words[:2] else self.refills + 1)


def _counts_visits(main: Named | None, category: str | None) -> bool:
    if main is None or isinstance(main.entry, Drug) or main.entry.subcategory == _DENTAL:
        return False
    return category in _COUNTED_IN_VISITS or _is_in_visits(main.entry)


def _is_in_visits(service: Service) -> bool:
    """Say whether a service is given in visits: all of its category are, or sessions leave it its own."""
    repeated_as = service.repeated_as
    return service.category in _COUNTED_IN_VISITS or (
        repeated_as is not None and repeated_as[0] == service.category
    )


def _names_visits(found: list[Named]) -> bool:
    return any(isinstance(one.entry, Service) and _is_in_visits(one.entry) for one in found)


def _drugs_and_visits(text: str, found: list[Named], main: Named | None) -> tuple[str, str] | None:
    """Give what of a request is of its drugs and what of its visits, where it joins both.

    None where it does not, as a drug that goes in by the treatment is no second thing: "iontophoresis with
    dexamethasone".

    Examples
    --------
    >>> _, found, *_ = take_apart("Norco #120 and 6 visits of acupuncture")
    >>> _drugs_and_visits("Norco #120 and 6 visits of acupuncture", found, found[0])
    ('Norco #120', '6 visits of acupuncture')
    """
    kinds = [_kind_of(one) for one in found]
    if "drug" not in kinds or "visit" not in kinds or main is None or _kind_of(main) == "other":
        return None
    places = word_places(text)
    parts: dict[str, list[str]] = {"drug": [], "visit": [], "other": []}
    last, kind, begin = None, "", 0
    for one, own in zip(found, kinds, strict=True):
        if not own:
            continue
        if last and own != kind:
            joints = list(_JOINS.finditer(text, places[last.end - 1][1], places[one.start][0]))
            if joints and not (own == "drug" and _may_hold_drug(last) and _BY_WAY.search(joints[-1][0])):
                parts[kind].append(text[begin : joints[-1].start()])
                kind, begin = own, joints[-1].end()
        kind, last = kind or own, one
    parts[kind].append(text[begin:])
    drugs, visits = ["; ".join(part.strip() for part in parts[name]) for name in ("drug", "visit")]
    return (drugs, visits) if drugs and visits else None


_JOINS = re.compile(r"\b(?:and|with|plus|then)\b|\bw/|[&,;+]", re.IGNORECASE)
_BY_WAY = re.compile("w", re.IGNORECASE)


def _may_hold_drug(one: Named) -> bool:
    """Say whether a service may be given by way of a drug, as iontophoresis is; no visit to a doctor is."""
    return isinstance(one.entry, Service) and one.entry.category == "Rehabilitation"


def _kind_of(one: Named) -> str:
    """Say what a phrase asks for: a drug, visits, something else, or nothing by itself."""
    if isinstance(one.entry, Drug):
        return "drug"
    if one.entry.weight in ("rider", "adjunct"):
        return ""
    if _is_in_visits(one.entry):
        return "visit"
    # "Tablets", "injection" are of what is named beside them.
    return "" if one.entry.weight == "general" else "other"


def _are_all_visits(found: list[Named]) -> bool:
    return all(
        isinstance(one.entry, Service) and (_is_in_visits(one.entry) or one.entry.weight == "rider")
        for one in found
    )


def _names_nth(main: Named, text: str) -> bool:
    """Say whether a number tells which injection is meant: "ESI #2" is the second, "blocks #2" are two."""
    if isinstance(main.entry, Drug) or main.entry.category != "Injection":
        return False
    end = word_places(text)[main.end - 1][1]
    return text[end - 1 : end] not in ("s", "S") and _NTH.match(text, end) is not None


# Right behind the name: "ESI at L4-5, #2" are two.
_NTH = re.compile(r"\s?(?:#|no\.)", re.IGNORECASE)
_ALWAYS_INJECTED = ("viscosupplementation", "injection")
_GIVEN_BY_NEEDLE = frozenset(("injection", "infusion"))


def _is_injected(request_words: list[str], main: Named | None) -> bool:
    if not _GIVEN_BY_NEEDLE.isdisjoint(request_words):
        return True
    return main is not None and isinstance(main.entry, Drug) and main.entry.drug_class in _ALWAYS_INJECTED


def _is_counted_as_drug(main: Named | None, category: str | None) -> bool:
    return category == "Pharmaceuticals" or (main is not None and isinstance(main.entry, Drug))


def _numbered_names(mentions: list[Mention], plain: str) -> tuple[tuple[int, int], ...]:
    """Places of drug names that hold a number ("Tylenol #3"), in the plain text."""
    names = [one.drug.name.lower() for one in mentions if one.drug.name[-1].isdigit()]
    starts = [(name, plain.find(name)) for name in names]
    places = [(start, start + len(name)) for name, start in starts if start >= 0]
    if "codeine" in plain and (numbered := _NUMBERED_CODEINE.search(plain)):
        places.append(numbered.span())
    return tuple(places)


# "Tylenol with codeine #3"
_NUMBERED_CODEINE = re.compile(r"\bcodeine,? (?:#|no\.) ?[234]\b")


def _classes(heading: _Heading, groups: list[list[Mention]], mixed: bool) -> tuple[str, ...]:
    drugs = [mention.drug for mention in heading.mentions]
    if not drugs:
        # "Compound cream" names a class, though no drug.
        return (heading.subcategory,) if heading.category == "Pharmaceuticals" and heading.subcategory else ()
    if mixed:
        return (TOPICAL_COMPOUND,)
    if injected_as(drugs, heading.found):
        return ("injection",)
    if len(groups) == 1:
        name = class_of(drugs, heading.words)
        return (name,) if name else ()
    # The form of one drug in a list ("tramadol #60, lidocaine patch") says nothing about the others.
    starts = [0, *(group[0].start for group in groups[1:]), len(heading.text)]
    named = (
        class_of([mention.drug for mention in group], words(heading.text[start:end]))
        for group, (start, end) in zip(groups, pairwise(starts), strict=True)
    )
    return tuple(dict.fromkeys(name for name in named if name))


def _share(disputed: _Heading, heading: _Heading) -> float | None:
    part, whole = disputed.units, heading.units
    if heading.sessions and disputed.pieces and not disputed.sessions:
        # Of drugs and visits the drugs are in dispute.
        whole = heading.pieces
    if part and whole and part != whole:
        return part / whole if part < whole else None
    return _share_of_number(disputed.plain, heading.plain)


def _share_of_number(disputed: str, original: str) -> float | None:
    """Give the share where no count of units tells it, but the only amount that differs does.

    >>> _share_of_number("aide 6 hours a day, 5 times a week", "aide 12 hours a day, 5 times a week")
    0.5
    """
    pairs = list(zip(_NUMBER.findall(disputed), _NUMBER.findall(original), strict=False))
    ratios = [float(part) / float(whole) for part, whole in pairs if part != whole and float(whole)]
    is_alike = _NUMBER.sub("#", disputed) == _NUMBER.sub("#", original)
    return ratios[0] if is_alike and len(ratios) == 1 and ratios[0] < 1 else None
