"""What an examination turned to: the part and side of the body of what the sentences after it find."""

from __future__ import annotations

from typing import NamedTuple

from imr_ml.extracting.findings.sides import sides_named
from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import ANYTHING, TOLD, Hit, word_set

_SIDES = word_set("side")
_EXAMINATION = word_set("examination")
_NAMES_PLACE = word_set("names examined part")
_COMPLAINS = word_set("complains")
_MAY_COMPLAIN = TOLD["complaint"]
_SIDED = TOLD["side"]
_NAMES_DRAWER = TOLD["drawer"]
_LONGEST_HEADING = 5
_FOUND_KINDS = frozenset(("finding", "test", "part"))

PARTS_OF_TEST = {
    "straight_leg_raise": frozenset(("low back/lumbar", "lower extremity")),
    "spurling": frozenset(("neck/cervical", "upper extremity")),
    "shoulder_signs": frozenset(("shoulder",)),
    "elbow_signs": frozenset(("elbow",)),
    "hip_signs": frozenset(("hip",)),
    "knee_signs": frozenset(("knee",)),
    "ankle_signs": frozenset(("ankle", "foot")),
}
"""Tests that are of a part of the body though no part is named: Lachman's test is of a knee."""

# What is found where the examination was last; what is told of nerves may be of a whole limb.
_HERE = frozenset(
    (
        *("tenderness", "joint_line_tenderness", "spasm", "guarding", "swelling", "instability", "crepitus"),
        *("joint_laxity", "joint_locking", "trigger_points", "limited_motion"),
    )
)
_PLACED = _HERE | {
    *("atrophy", "sensory_loss", "weakness", "reflex_change", "nerve_entrapment_signs"),
    *("skin_changes", "scar", "facet_signs", "finkelstein"),
    *PARTS_OF_TEST,
}


_OF_NO_SIDE = frozenset(
    ("neck/cervical", "mid back/thoracic", "low back/lumbar", "spine", "head/brain", "abdomen")
)


class Examined(NamedTuple):
    """What an examination turned to last.

    Parameters
    ----------
    parts : tuple of str
        Parts of the body; none where it has named none, or several.
    side : {"left", "right", ""}
    is_named : bool
        Whether the examination was said to be of them; else the last finding was there.
    """

    parts: tuple[str, ...] = ()
    side: str = ""
    is_named: bool = False


def examined_place(words: list[str], hits: list[Hit], mentions: list[Mention]) -> Examined | None:
    """Give what a sentence says to have been examined, or where its examination found something.

    None for a sentence that tells of no examination.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
    >>> words = "examination of the left knee revealed an effusion".split()
    >>> examined_place(words, find_hits(words, phrasebook())[0], [])
    Examined(parts=('knee',), side='left', is_named=True)
    """
    placed = [hit for hit in hits if hit[2].parts]
    start, end = _names_examined(words, placed) if placed else (0, 0)
    named = [part for first, _, entry in placed if start <= first < end for part in entry.parts]
    if not named or any(
        first >= end and not set(named).issuperset(entry.parts) for first, _, entry in placed
    ):
        return None if _EXAMINATION.isdisjoint(words) else _where_found(mentions)
    parts = tuple(dict.fromkeys(named))
    sides = {side for place, side in sides_named(words, hits).items() if start <= place < end}
    # "The left elbow and neck" are not both left.
    has_side = len(sides) == 1 and (len(parts) == 1 or _OF_NO_SIDE.isdisjoint(parts))
    return Examined(parts, sides.pop() if has_side else "", is_named=True)


def _where_found(mentions: list[Mention]) -> Examined:
    """Give the only part of the body that findings name, and their side where all have it."""
    if any(one.fact == "radiating_pain" or not _is_found(one) for one in mentions):
        # The part is that to which pain radiates, or that of a diagnosis or of care.
        return Examined()
    parts = {part for one in mentions for part in ((one.fact,) if one.kind == "part" else one.parts)}
    sides = {one.side for one in mentions if one.kind in ("finding", "test")}
    return Examined(tuple(parts), sides.pop() if len(sides) == 1 else "") if len(parts) == 1 else Examined()


def _is_found(mention: Mention) -> bool:
    return mention.kind in _FOUND_KINDS and mention.status in ("present", "denied")


def _names_examined(words: list[str], placed: list[Hit]) -> tuple[int, int]:
    """Give the words that name what is examined: "exam of |the knee|", "|Left knee|: ", "|knee| exam"."""
    ends = {start: end for start, end, _ in placed}
    for place, word in enumerate(words):
        if word in _EXAMINATION:
            start = end = place + 1
            while end < len(words) and (end in ends or words[end] in _NAMES_PLACE or words[end] in _SIDES):
                end = ends.get(end, end + 1)
            if any(start <= first < end for first in ends):
                return start, end
            before = next((first for first, after in ends.items() if after == place), place)
            return max(0, before - 1), place
        if word == ":" and 0 < place <= _LONGEST_HEADING:
            is_heading = all(
                word in _NAMES_PLACE or word in _SIDES or any(s <= at < e for s, e in ends.items())
                for at, word in enumerate(words[:place])
            )
            if is_heading:
                return 0, place
    return 0, 0


def add_examined(
    words: list[str], mentions: list[Mention], examined: Examined, told: int = ANYTHING
) -> Examined | None:
    """Let findings be of what was examined in a sentence before; give what the next one goes on with.

    Nothing where this one turns to a complaint or to care.

    Examples
    --------
    >>> swelling = Mention("swelling", "finding", 2, 3, "present")
    >>> add_examined("there is swelling".split(), [swelling], Examined(("knee",), "left"), told=0)
    Examined(parts=('knee',), side='left', is_named=False)
    >>> swelling.side, swelling.parts
    ('left', ('knee',))
    """
    # "Motion was limited due to complaints of pain" tells no complaint.
    if told & _MAY_COMPLAIN and any(
        word in _COMPLAINS and words[place - 1] != "to" for place, word in enumerate(words)
    ):
        return None
    parts = set(examined.parts)
    # "Left rotation" of the neck is of no side.
    has_sides = bool(told & _SIDED) and _OF_NO_SIDE.isdisjoint(parts)
    if "ankle" in parts and "knee" not in parts and told & _NAMES_DRAWER:
        for mention in mentions:
            if mention.fact == "knee_signs":
                mention.fact = "ankle_signs"
    is_elsewhere = False
    for mention in mentions:
        if not _is_found(mention):
            return None
        own = (mention.fact,) if mention.kind == "part" else PARTS_OF_TEST.get(mention.fact, mention.parts)
        is_elsewhere = is_elsewhere or (bool(own) and parts.isdisjoint(own))
        is_elsewhere = is_elsewhere or (has_sides and mention.side != examined.side)
    if is_elsewhere:
        return _where_found(mentions)
    if not parts:
        return examined
    facts = _PLACED if examined.is_named else _HERE
    for mention in mentions:
        if mention.fact in facts and mention.kind != "part":
            mention.side = mention.side or examined.side
            mention.parts = mention.parts or examined.parts
    return examined
