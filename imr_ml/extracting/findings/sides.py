"""Of which side of the body a sentence states what it states, where the words beside it say so."""

from __future__ import annotations

import itertools

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import CARE, CUE, Hit, word_set

_LEFT = word_set("left side")
_RIGHT = word_set("right side")
_SIDES = word_set("side")
_LETTERS = frozenset(("l", "r"))
_NOT_SIDES = word_set("no side")
_LEAVES = word_set("leaves")
_PLACED = word_set("place")
_SHOWN_IN = word_set("shown in")
_ENDS = word_set("phrase end")
_ANOTHER = word_set("another subject")
_ARTICLES = frozenset(("the", "his", "her", "a", "an"))
_LISTED = frozenset(("and", "or"))
_COMPARED = word_set("compared")
_BEFORE_REACH = 5
_AFTER_REACH = 8
_PAIR_REACH = 4
_VERB_REACH = 4
_SIDED_KINDS = frozenset(("finding", "diagnosis", "test")) | CARE - {"drug", "medication"}
_UNREAL = frozenset(("planned", "unplanned", "possible", "unrelated"))
_RESULTS = CUE["normal"] | CUE["abnormal"] | CUE["shown"]
_OF_CARE = frozenset(("amount", "outcome"))


def add_sides(words: list[str], hits: list[Hit], mentions: list[Mention]) -> None:
    """Say of which side findings, tests and care are: ``left``, ``right``, nothing where of both or untold.

    Examples
    --------
    >>> slr = Mention("straight_leg_raise", "test", 1, 2, "present")
    >>> add_sides("right slr is positive".split(), [], [slr])
    >>> slr.side
    'right'
    """
    sided = [
        one
        for one in mentions
        if (one.kind in _SIDED_KINDS and one.status not in _UNREAL)
        # An operation that is wanted or decided on is of a side as much as one that was had.
        or (one.kind == "surgery" and one.status == "planned")
        or one.fact == DECIDED_OPERATION
    ]
    if not sided:
        return
    sides = sides_named(words, hits)
    if not sides:
        return
    for mention in sided:
        mention.side = _side_of(words, hits, sides, mention)
    cared = [mention.side for mention in mentions if mention.kind in CARE]
    if cared and cared[0] and cared.count(cared[0]) == len(cared):
        # What came of care is told of the side that was treated.
        for mention in mentions:
            if mention.kind in _OF_CARE:
                mention.side = cared[0]


def place_operations(words: list[str], hits: list[Hit], mentions: list[Mention]) -> None:
    """Say of which part and side the operations are on which utilization review decided.

    Nothing where its words name several.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
    >>> words = "UR approved the operation on the left shoulder".split()
    >>> operation = Mention("surgery", "surgery", 3, 4, "planned")
    >>> place_operations(words, find_hits(words, phrasebook())[0], [operation])
    >>> operation.parts, operation.side
    (('shoulder',), 'left')
    """
    operations = [one for one in mentions if one.kind == "surgery" or one.fact == DECIDED_OPERATION]
    if not operations:
        return
    named = {entry.parts for _, _, entry in hits if entry.parts}
    parts = named.pop() if len(named) == 1 else ()
    sides = set(sides_named(words, hits).values())
    side = sides.pop() if len(sides) == 1 else ""
    for one in operations:
        one.parts, one.side = one.parts or parts, one.side or side


DECIDED_OPERATION = "operation_denied"


def sides_named(words: list[str], hits: list[Hit]) -> dict[int, str]:
    """Give the side at each word that names one; at those of "left and right" it is neither."""
    found: dict[int, str] = {}
    parts = None
    for place in [place for place, word in enumerate(words) if word in _SIDES]:
        word = words[place]
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _LETTERS:
            # "L knee", not "L5"
            if parts is None:
                parts = {start for start, _, entry in hits if entry.parts}
            if place + 1 not in parts or following.isdigit():
                continue
        elif following in _NOT_SIDES or words[place + 2 : place + 3] == ["dominant"]:
            continue
        elif word == "left" and place and words[place - 1] in _LEAVES:
            # "He left his work."
            continue
        found[place] = "left" if word in _LEFT else "right" if word in _RIGHT else ""
    places = list(found)
    for place, after in itertools.pairwise(places):
        between = words[place + 1 : after]
        if found[place] != found[after] and _are_joined(between):
            found[place] = found[after] = ""
    return found


def _are_joined(between: list[str]) -> bool:
    """Say whether words join two sides: "left and right", "left leg more than the right"."""
    return (len(between) == 1 and between[0] in _LISTED) or (
        len(between) <= _PAIR_REACH and not _COMPARED.isdisjoint(between)
    )


def _side_of(words: list[str], hits: list[Hit], sides: dict[int, str], mention: Mention) -> str:
    for start, end in ((mention.told, mention.told_end), (mention.start, mention.end)):
        if start < 0:
            continue
        for place in range(start, end):
            if place in sides:
                return sides[place]
        is_result = start != mention.start
        # "The left is negative."
        before = start - (is_result and words[start - 1] in _SHOWN_IN)
        place = _place_before(words, sides, before, 1 if is_result else _BEFORE_REACH)
        if place < 0:
            place = _place_after(words, hits, sides, end)
            if place >= 0 and _goes_on_to_other(words, hits, sides, place, place + 1):
                return ""
        if place >= 0:
            return sides[place]
    return _governing(words, hits, sides, mention)


def _goes_on_to_other(
    words: list[str], hits: list[Hit], sides: dict[int, str], place: int, start: int
) -> bool:
    """Say whether a list names the other side too: "tenderness of the right elbow, left wrist and neck"."""
    after = next((other for other in sides if other >= start), -1)
    if after < 0 or sides[after] == sides[place]:
        return False
    if any(start <= begin < after and (entry.facts or entry.cues & _RESULTS) for begin, _, entry in hits):
        return False
    if not _SHOWN_IN.isdisjoint(words[after + 1 : after + _VERB_REACH]):
        # "Effusion of the right knee, and the left knee is normal."
        return False
    return all(word == "," or word not in _ENDS for word in words[start:after])


def _place_before(words: list[str], sides: dict[int, str], start: int, reach: int) -> int:
    """Give the side in the words that describe what begins here: "right knee effusion"."""
    for place in range(start - 1, max(-1, start - 1 - reach), -1):
        if place in sides:
            return place
        if words[place] in _ENDS or words[place] in _PLACED or words[place] in _LISTED:
            break
    return -1


def _place_after(words: list[str], hits: list[Hit], sides: dict[int, str], end: int) -> int:
    """Give the side of the place that what ends here has: "effusion of the right knee"."""
    if end in sides:
        return end
    is_placed = False
    for place in range(end, min(end + _AFTER_REACH, len(words))):
        word = words[place]
        if word in _ENDS:
            break
        if place in sides:
            lead = place - 1 - (words[place - 1] in _ARTICLES)
            return place if words[lead] in _PLACED and lead >= end else -1
        if word in _LISTED:
            # "Tenderness and swelling of the right knee", not "pain in the neck and left shoulder"
            if is_placed or not any(start == place + 1 and entry.facts for start, _, entry in hits):
                break
        elif word in _PLACED:
            is_placed = True
    return -1


def _governing(words: list[str], hits: list[Hit], sides: dict[int, str], mention: Mention) -> str:
    """Give the side that a sentence speaks of as it goes on: "the right knee shows X, Y and Z"."""
    before = [place for place in sides if place < mention.start]
    if not before:
        return ""
    place = before[-1]
    if _SHOWN_IN.isdisjoint(words[place + 1 : mention.start]) and words[place + 1] != ",":
        return ""
    parts: tuple[str, ...] = ()
    last = place
    for start, end, entry in hits:
        if start > mention.end + _BEFORE_REACH:
            break
        if start <= place or not entry.parts:
            continue
        if not parts and start - place <= 2 and end <= mention.start:
            parts, last = entry.parts, end
        elif parts and set(parts).isdisjoint(entry.parts) and _ENDS.isdisjoint(words[mention.end : start]):
            # "The right knee shows effusion and there is tenderness of the neck."
            return ""
    if _goes_on_to_other(words, hits, sides, place, mention.end):
        return ""
    between = words[last + (not parts) : mention.start]
    if not _ANOTHER.isdisjoint(between):
        return ""
    is_told = not _SHOWN_IN.isdisjoint(between[:_VERB_REACH])
    # "On the left, reflexes are absent."
    leads = not parts and place <= 2 and words[0] in _PLACED and between[:1] == [","]
    return sides[place] if leads or (parts and is_told) else ""
