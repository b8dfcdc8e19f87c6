"""Parts of the body that a sentence only measures by: "IR to the buttock", "reflexes 2+ at the knees"."""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import word_set

BESIDE = word_set("beside landmark")
"""Words of which a sentence that has a landmark has one."""

_REFLEX = word_set("reflex beside landmark")
_MOVES = word_set("moves to landmark")
_WAY = word_set("way to landmark")
_AIDS = word_set("aid in hand")
_HOLDS = word_set("holds an aid")
_POSED = word_set("pose of landmark")
_OWNS = word_set("posed part")
_SEES = word_set("specialist of part")
_TESTED = word_set("beside reflex")
_FOUND = frozenset(("finding", "diagnosis"))
_SHORT_OF = _WAY | {"floor", "from", "short"}
_UPPER = frozenset(("hand", "upper extremity"))
_REACH = 12


def drop_landmarks(words: list[str], mentions: list[Mention]) -> list[Mention]:
    """Leave out the parts of the body that nothing is said of but where something else reaches or is seen.

    Examples
    --------
    >>> drop_landmarks("ir to buttock".split(), [Mention("pelvis", "part", 2, 3, "present")])
    []
    >>> drop_landmarks("buttock pain".split(), [Mention("pelvis", "part", 0, 1, "present")])
    [pelvis=present]
    """
    return [one for one in mentions if one.kind != "part" or not _is_landmark(words, one, mentions)]


def _is_landmark(words: list[str], part: Mention, mentions: list[Mention]) -> bool:
    start, end = part.start, part.end
    ahead = words[end] if end < len(words) else ";"
    if ahead in _SEES or (ahead == "and" and not _SEES.isdisjoint(words[end + 2 : end + 3])):
        # "Seen by an upper extremity specialist"
        return True
    if words[start] == "fingertip" and ahead in _SHORT_OF and "palm" not in words:
        # "Flexion with the | fingertips | to the knees"
        return True
    if ahead == "sign":
        # "Shoulder sign" of the thumb
        return True
    if (
        ahead in _POSED or (ahead == "in" and words[end + 1 : end + 2] != [] and words[end + 1] in _MOVES)
    ) and (_is_after_with(words, start)):
        # "Dorsiflexion 5 degrees with the knee | extended", "with the knee | in flexion"
        return True
    if part.fact in _UPPER and _is_behind(words, start, _AIDS, _HOLDS):
        # "A cane in his left hand"
        return True
    return _is_reached(words, start) or _is_of_reflex(words, part, mentions)


def _is_after_with(words: list[str], start: int) -> bool:
    place = start - 1
    while place > 0 and words[place] in _OWNS:
        place -= 1
    return place >= 0 and words[place] == "with"


def _is_behind(words: list[str], start: int, lead: frozenset[str], between: frozenset[str]) -> bool:
    """Say whether one of some words stands before a part, with nothing but some others in between."""
    place = start - 1
    while place >= 0 and start - place <= _REACH and words[place] in between:
        place -= 1
    return place >= 0 and words[place] in lead


def _is_reached(words: list[str], start: int) -> bool:
    """Say whether a motion reaches to a part: "internal rotation | to the | buttock"."""
    place = start - 1
    goes_to = False
    while place >= 0 and start - place <= _REACH and words[place] in _WAY:
        goes_to = goes_to or words[place] == "to"
        place -= 1
    return goes_to and place >= 0 and words[place] in _MOVES


def _is_of_reflex(words: list[str], part: Mention, mentions: list[Mention]) -> bool:
    """Say whether a part is where a reflex is tested: "hyperreflexia at the | knees"."""
    if any(
        part.start <= one.start <= part.end and one.kind in _FOUND and one.fact != "reflex_change"
        for one in mentions
    ):
        # "Reflexes intact and | ankle | swelling", "absent reflex, | foot drop |"
        return False
    return _is_behind(words, part.start, _REFLEX, _TESTED)
