"""Care that is named again by another word: "the second injection", "the program", bare "therapy"."""

from __future__ import annotations

from operator import itemgetter

from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import CAN_HELP, TRAIT, Entry, Hit, word_set

_THERAPY = TRAIT["therapy"]


def name_again(words: list[str], hits: list[Hit], cues: int, named: dict[str, str]) -> tuple[list[Hit], int]:
    """Let "the second injection" be of the kind named last, "the program" be the one attended.

    "Therapy | helped" is the one named last, physical therapy where none was.

    `named` holds the care named so far by the word that stands for it; it is added to.
    """
    again = hits
    for number, (start, end, entry) in enumerate(hits):
        if not entry.cues & _THERAPY:
            continue
        for fact, kind, status in entry.facts:
            if fact == "injection" and status == "":
                before = words[max(0, start - _NAMED_REACH) : start]
                if "injection" in named and not _SAME.isdisjoint(before):
                    again = again if again is not hits else list(hits)
                    again[number] = (
                        start,
                        end,
                        Entry(((named["injection"], kind, ""),), entry.cues, entry.parts),
                    )
            elif kind == "injection":
                named["injection"] = fact
            elif fact == _PROGRAM:
                named["program"] = fact
            elif fact in _CALLED_THERAPY:
                named["therapy"] = fact
    if "program" in named and "program" in words:
        place = words.index("program")
        is_free = not any(start <= place < end for start, end, _ in hits)
        if is_free and place and words[place - 1] in _SAME and not cues & _THERAPY:
            entry = Entry(((_PROGRAM, "treatment", ""),), _OF_PROGRAM, ())
            again = sorted([*again, (place, place + 1, entry)], key=_START)
            cues |= _OF_PROGRAM
    if "therapy" in words and (place := _bare_therapy(words, hits)) >= 0:
        fact = named.get("therapy", "physical_therapy")
        bare = (place, place + 1, Entry(((fact, "treatment", ""),), _OF_PROGRAM, ()))
        again = sorted([*again, bare], key=_START)
        cues |= _OF_PROGRAM
    return again, cues


def with_another_one(words: list[str], hits: list[Hit], cues: int) -> tuple[list[Hit], int]:
    """Let "one" be the therapy named before: "an injection into the left hip and | one | into the right"."""
    for place in range(2, len(words) - 3):
        if words[place] != "one" or words[place - 1] not in _JOINED or words[place + 1] not in _INTO:
            continue
        before = [entry for _, end, entry in hits if end <= place and entry.cues & _THERAPY]
        if before and words[place + 2] in _THE:
            fact, kind, _ = next(one for one in before[-1].facts if one[1] in CAN_HELP)
            again = Entry(((fact, kind, ""),), before[-1].cues & _CARE_TRAITS, ())
            return sorted([*hits, (place, place + 1, again)], key=_START), cues | again.cues
    return hits, cues


_JOINED = frozenset(("and", "but", ",", "then"))
_INTO = frozenset(("into", "in", "to", "on", "of", "at", "for"))
_THE = frozenset(("the", "his", "her", "left", "right"))
_CARE_TRAITS = sum(TRAIT[name] for name in ("fact", "care", "therapy", "can help", "drug"))


def _bare_therapy(words: list[str], hits: list[Hit]) -> int:
    """Give the place of a therapy that is not named and did something, -1 where there is none."""
    place = words.index("therapy")
    behind = words[place + 1 : place + 2]
    if place and (words[place - 1] in _ATTENDS or _is_found(words, place) or _is_gained_from(words, place)):
        # "Attends | therapy | for depression" is none of the body.
        is_named = any(start <= place < end and entry.facts for start, end, entry in hits)
        return -1 if is_named or not _OF_MIND.isdisjoint(words) else place
    if not behind or (behind[0] not in _DOES and not begins_with_digit(behind[0])):
        return -1
    if place and (words[place - 1] not in _BEFORE_BARE or behind == ["was"]):
        # "That therapy was denied" tells of none that was had.
        return -1
    return -1 if any(start <= place < end and entry.facts for start, end, entry in hits) else place


def _is_found(words: list[str], place: int) -> bool:
    """Say whether someone finds that it goes well or badly: "she feels | therapy | is beneficial"."""
    finds = place - 2 if words[place - 1] == "that" else place - 1
    return (
        finds > 0
        and words[finds] in _FINDS
        and (words[place + 1 : place + 2] in _BEING or words[finds] in _JUDGES)
        and not _GOES.isdisjoint(words[place + 1 : place + 1 + _GOES_REACH])
        and _ONLY_MAY.isdisjoint(words[:finds])
    )


def _is_gained_from(words: list[str], place: int) -> bool:
    """Say whether what it gave is told: "has benefited from | therapy", "responded well to | therapy"."""
    gains = place - (3 if words[place - 2] == "well" else 2)
    if gains <= 0 or words[place - 1] not in _OF_WHAT or words[gains] not in _GAINS:
        return False
    if words[gains - 1] == "to" and words[gains - 2] not in _CONTINUES:
        # "Is expected to benefit from therapy"
        return False
    return _ONLY_MAY.isdisjoint(words[:gains])


_FINDS = word_set("finds therapy")
_BEING = (["is"], ["was"], ["has"])
_GOES = word_set("therapy goes")
_GOES_REACH = 5
# "Found | therapy | helpful"
_JUDGES = frozenset(("find", "found"))
_GAINS = word_set("gains by")
_OF_WHAT = frozenset(("from", "with", "to"))
_CONTINUES = frozenset(("continue", "continued", "continuing"))
_ONLY_MAY = word_set("only may gain")
_ATTENDS = frozenset(("attend", "attended", "attending"))
_OF_MIND = word_set("of the mind")
_BEFORE_BARE = frozenset(("that", ",", ";"))
_CALLED_THERAPY = frozenset(("physical_therapy", "occupational_therapy", "psychotherapy", "aquatic_therapy"))
_DOES = word_set("therapy does")


_SAME = word_set("same care")
_NAMED_REACH = 3
NAMED_AGAIN = frozenset(("therapy", "program"))
_PROGRAM = "functional_restoration"
_OF_PROGRAM = TRAIT["fact"] | TRAIT["care"] | TRAIT["therapy"] | TRAIT["can help"]
_START = itemgetter(0)
