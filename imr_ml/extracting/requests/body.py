"""Parts of the body that a request names: regions and spinal levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from imr_ml.extracting.lexicon import Phrases, fold
from imr_ml.resources import read_rows

BODY_PARTS = (
    "neck/cervical",
    "mid back/thoracic",
    "low back/lumbar",
    "spine",
    "shoulder",
    "elbow",
    "wrist",
    "hand",
    "finger",
    "upper extremity",
    "hip",
    "knee",
    "ankle",
    "foot",
    "lower extremity",
    "pelvis",
    "abdomen",
    "chest",
    "head/brain",
    "ear",
)
"""Every part, in the order in which `find_body_parts` gives them."""
PARTS_OF = {
    "spine": ("neck/cervical", "mid back/thoracic", "low back/lumbar"),
    "upper extremity": ("shoulder", "elbow", "wrist", "hand", "finger"),
    "lower extremity": ("hip", "knee", "ankle", "foot"),
}
"""Parts that lie in a larger one."""
ROOTS = {"upper extremity": "neck/cervical", "lower extremity": "low back/lumbar"}
"""The part of the spine whose nerves reach a limb."""

_REGION_OF = {"c": BODY_PARTS[0], "t": BODY_PARTS[1], "l": BODY_PARTS[2], "s": BODY_PARTS[2]}
_SPINE = "spine"


@cache
def body_phrases() -> Phrases[tuple[str, ...]]:
    """Give the finder of body parts; a phrase without parts ("knee scooter") only hides its words."""
    rows = [
        (row["phrase"], tuple(part for part in row["body_parts"].split(";") if part))
        for row in read_rows("lexicons/body_parts.csv")
    ]
    joined = [(phrase, parts) for phrase, parts in rows if " and " in phrase]
    # A sign for "and" is no word: "upper & lower back", "upper/lower back". Each may have its own side: "left
    # upper and right lower extremity".
    between = (" ", *(f"{word}{side} " for side in _SIDES for word in (" and ", " ")))
    written = [(phrase.replace(" and ", words), parts) for phrase, parts in joined for words in between]
    return Phrases([*rows, *written])


_SIDES = ("left", "right", "lt", "rt", "bilateral")


def find_body_parts(request_words: list[str], levels: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the parts of the body that a request names, in the order of `BODY_PARTS`.

    Parameters
    ----------
    request_words : sequence of str
        As `words` gives them.
    levels : sequence of str
        Spinal levels of the request, as `find_spinal_levels` gives them; they name their region.

    Notes
    -----
    "Back" alone is the low back; "spine" counts only where no region of it is named.

    Examples
    --------
    >>> find_body_parts(["mri", "of", "neck", "and", "right", "hand"])
    ('neck/cervical', 'hand')
    """
    parts = [part for found in body_phrases().find(request_words) for part in found.entry]
    parts += [_REGION_OF[level[0].lower()] for level in levels]
    if len(parts) < 2:
        return tuple(parts)
    named = set(parts)
    if _SPINE in named and not named.isdisjoint(BODY_PARTS[:3]):
        named.discard(_SPINE)
    return tuple([part for part in BODY_PARTS if part in named])


_LEVEL = r"(?:c ?[1-8]|t ?(?:1[0-2]|[1-9])|l ?[1-6]|s ?[1-5])"
_LEVEL_CLUE = re.compile(r"[ctls] ?\d")
_NUMBER = r"(?:1[0-2]|[1-9])"
# "L4-5, L5-S1", "C5-C6", "L3, L4 and L5", "T12/L1", "C5-6-7", "L3-L4-L5-S1"
_NEXT = rf"(?:{_LEVEL}|{_NUMBER})"
_JOIN = r" ?[-/] ?"
_TO = r"(?: to | through | thru )"
_LEVELS = re.compile(
    rf"(?<![a-z0-9])(?P<one>{_LEVEL})(?:(?:{_JOIN}{_NEXT})+|{_TO}{_NEXT}(?!/\d))?(?![a-z0-9])"
)
# "L3-4| to L5-S1": from one disc to another
_LAST_DISC = re.compile(rf"{_TO}(?P<from>{_LEVEL}){_JOIN}(?P<to>{_NEXT})(?![a-z0-9-])")
_LISTED = r" ?(?:, ?(?:and |& ?)?|& ?|and )"
_WITHOUT_LETTER = re.compile(
    rf"{_LISTED}(?P<one>{_NUMBER}) ?- ?(?:s ?(?=1))?(?P<other>{_NUMBER})"
    r"(?![a-z0-9/-]| ?(?:weeks|times|x\b))"
)
# "L3|, 4, 5", "C4| and 5 medial branch": what follows is no word that the number may count.
_SINGLE_WITHOUT_LETTER = re.compile(
    rf"{_LISTED}(?P<number>{_NUMBER})(?=(?:{_LISTED}{_NEXT}){{0,8}}"
    r"(?:[ .;)]*$|[,;)]? (?:and |& )?"
    r"(?:left|right|bilateral|facet|medial|dorsal|median|mbb|rfa?|radiofrequency|nerve|levels?|under|with"
    r"|tfesi|esi|epidural|transforaminal|selective|snrb|block|fusion|acdf|laminectomy|discectomy)\b))"
)
_EACH = re.compile(r"[ctls]? ?\d+")
_REGIONS = "ctls"
_LOWEST = {"c": 7, "t": 12, "l": 5}


def with_letters(text: str) -> str:
    """Give each number of a list of vertebrae, in lower case, the letter of the first, where they go on.

    >>> with_letters("mbb at l3, 4, 5"), with_letters("mbb at l3, 2"), with_letters("esi l4, 5 visits")
    ('mbb at l3, l4, l5', 'mbb at l3, 2', 'esi l4, 5 visits')
    """
    written, begin = "", 0
    match = _LEVELS.search(text)
    while match:
        one, *others = [level.replace(" ", "") for level in _EACH.findall(match[0])]
        end = match.end()
        while (
            not others
            and (listed := _SINGLE_WITHOUT_LETTER.match(text, end))
            and _below(one) == f"{one[0]}{listed['number']}"
        ):
            one, end = _below(one), listed.end()
            written += text[begin : listed.start("number")] + one[0]
            begin = listed.start("number")
        match = _LEVELS.search(text, end)
    return written + text[begin:]


def find_spinal_levels(request: str) -> tuple[str, ...]:
    """Give the spinal levels that a request names, as "L4" or "L4-L5"; of three joined ones each two.

    Examples
    --------
    >>> find_spinal_levels("Facet joint injections L4-5, L5-S1"), find_spinal_levels("C5-6-7 fusion")
    (('L4-L5', 'L5-S1'), ('C5-C6', 'C6-C7'))
    >>> find_spinal_levels("RFA L3 through L5"), find_spinal_levels("Facets L3-4 to L5-S1")
    (('L3-L5',), ('L3-L4', 'L4-L5', 'L5-S1'))
    """
    folded = fold(request)
    if not _LEVEL_CLUE.search(folded):
        return ()
    if "," in folded or "&" in folded or " and " in folded:
        folded = with_letters(folded)
    found: dict[str, None] = {}
    match = _LEVELS.search(folded)
    while match:
        end = match.end()
        one, *others = [level.replace(" ", "") for level in _EACH.findall(match[0])]
        if not others:
            found.setdefault(one.upper())
        for number, other in enumerate(others):
            if other.isdigit():
                other = ("s" if one == "l5" and other == "1" else one[0]) + other
            if number and _rank(other) < _rank(one):
                # "L4-5/2-16"
                break
            if other != one:
                found.setdefault(f"{one}-{other}".upper())
            one = other
        if others and (last := _LAST_DISC.match(folded, end)):
            # Discs follow each other, so those between the first and the last are meant too.
            upper = last["from"].replace(" ", "")
            while _rank(one) < _rank(upper):
                found.setdefault(f"{one}-{_below(one)}".upper())
                one = _below(one)
        # "L3-4|, 4-5 and 5-1"
        while others and (more := _WITHOUT_LETTER.match(folded, end)) and more["one"] == one[1:]:
            other = "s1" if one == "l5" and more["other"] == "1" else one[0] + more["other"]
            if other != "s1" and _rank(other) != _rank(one) + 1:
                break
            found.setdefault(f"{one}-{other}".upper())
            one, end = other, more.end()
        match = _LEVELS.search(folded, end)
    return tuple(found)


def _rank(level: str) -> int:
    return 20 * _REGIONS.index(level[0]) + int(level[1:])


def _below(level: str) -> str:
    """Give the level below another one.

    >>> _below("l4"), _below("l5"), _below("c7")
    ('l5', 's1', 't1')
    """
    region, number = level[0], int(level[1:])
    if number >= _LOWEST.get(region, number + 1):
        return f"{_REGIONS[_REGIONS.index(region) + 1]}1"
    return f"{region}{number + 1}"
