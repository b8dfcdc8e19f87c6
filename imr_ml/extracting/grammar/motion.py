"""What is told in bare numbers: "knee flexion 80 degrees" is restricted, 20 against 90 pounds weak."""

from __future__ import annotations

from functools import cache

from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import Hit, word_set
from imr_ml.extracting.lexicon import SPELLED_NUMBERS
from imr_ml.resources import read_rows

_BE = word_set("be")
_DURING = word_set("during")
_MEASURED = word_set("measured")
_BEHIND = word_set("behind measure")
_DEGREE = word_set("degree")
_OTHER_WORDS = word_set("describes motion")
_NO_MEASURE = word_set("no measure of motion")
_NOT_REACHED = word_set("motion not reached")
_ANOTHER = word_set("another motion")
_LEFT = word_set("left side")
_RIGHT = word_set("right side")
_LEADS = frozenset(("of", "on", "in"))
_AGAINST = frozenset(("versus", "vs", "against"))
_REACH = 6
_DESCRIBED_REACH = 3
_PART_REACH = 8
_LEAST_BARE = 10
_LEAST_NORMAL = 20
_MOST_NORMAL = 180


def spell_motions(words: list[str]) -> list[str]:
    """Write motions out that stand in short before their degrees: "abd 95, ER 40", but not "abd soft".

    >>> spell_motions("shoulder ff 120 , abd 95/180 , seen in er".split())
    ['shoulder', 'flexion', '120', ',', 'abduction', '95/180', ',', 'seen', 'in', 'er']
    """
    if SHORT_MOTIONS.keys().isdisjoint(words):
        return words
    return [
        SHORT_MOTIONS[word]
        if word in SHORT_MOTIONS and (_has_degrees(words, place + 1) or _is_judged(words, place))
        else word
        for place, word in enumerate(words)
    ]


SHORT_MOTIONS = {
    "flex": "flexion",
    "ff": "flexion",
    "fe": "flexion",
    "ext": "extension",
    "abd": "abduction",
    "add": "adduction",
    "er": "exorotation",
    "ir": "endorotation",
    "rot": "rotation",
    "df": "dorsiflexion",
    "pf": "plantarflexion",
    "pron": "pronation",
    "sup": "supination",
}
_MOTIONS = frozenset(SHORT_MOTIONS.values())
_JUDGED = frozenset(("limited", "restricted"))
_BEFORE_DEGREES = frozenset(
    (":", "to", "is", "l", "r", "left", "right", "and", "lag", *_JUDGED, *SHORT_MOTIONS)
)
_DEGREES_REACH = 3


def _has_degrees(words: list[str], start: int) -> bool:
    """Say whether a motion's degrees follow: "40", "0-95", "95/180", but no grade and no date."""
    for word in words[start : start + _DEGREES_REACH]:
        if not word[0].isdigit():
            if word not in _BEFORE_DEGREES:
                return False
            continue
        reached, slash, normal = word.partition("/")
        if slash:
            return reached.isdigit() and normal.isdigit() and _LEAST_NORMAL <= int(normal) <= _MOST_NORMAL
        return _number(word) <= _MOST_NORMAL and all(part.isdigit() for part in word.split("-"))
    return False


def _is_judged(words: list[str], place: int) -> bool:
    """Say whether a motion is called limited instead: "ext limited", "limited | flex"."""
    return (place > 0 and words[place - 1] in _JUDGED) or (
        place + 1 < len(words) and words[place + 1] in _JUDGED
    )


def _of_pair(words: list[str], start: int, end: int) -> float:
    """Give the degrees of one of two motions told together, 0 for none: "flexion/extension 40/10"."""
    if words[end : end + 1] and words[end] in _MOTIONS:
        return _number(words[end + 1].partition("/")[0]) if "/" in "".join(words[end + 1 : end + 2]) else 0
    if start and words[start - 1] in _MOTIONS and "/" in "".join(words[end : end + 1]):
        return _number(words[end].partition("/")[2])
    return 0


def is_restricted_motion(
    words: list[str], hits: list[Hit], start: int, end: int, examined: tuple[str, ...] = ()
) -> bool:
    """Say whether the motion at ``words[start:end]`` is measured, and less than normal of its part.

    Less means by more than 5 degrees and more than a tenth, within which measures of one joint agree. Nothing
    is said of motion whose part of the body is not named, or of which a brace or a plan speaks. Where a
    sentence names no part, the motion is that of the `examined` one.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
    >>> words = "left knee flexion 80 degree".split()
    >>> is_restricted_motion(words, find_hits(words, phrasebook())[0], 2, 3)
    True
    >>> words = "left knee flexion 130 degree".split()
    >>> is_restricted_motion(words, find_hits(words, phrasebook())[0], 2, 3)
    False
    """
    reached = normal = 0.0
    before, behind = words[max(0, start - 1) : start], words[end : end + 1]
    paired = _of_pair(words, start, end)
    # Most motions are told without a measure: the words beside them say so at once.
    if paired:
        reached = paired
    elif behind and (behind[0] in _MEASURED or behind[0][0].isdigit() or _is_side(behind[0])):
        reached, normal = _measured_behind(words, start, end)
    if not reached and before and (before[0] in _LEADS or before[0] in _OTHER_WORDS):
        reached = _measured_before(words, start)
    if not reached or not _ANOTHER.isdisjoint(before) or not _NOT_REACHED.isdisjoint(words):
        return False
    if not normal:
        motion = " ".join(words[start:end])
        parts = _parts_of(words, hits, start, end)
        if not parts and motion in _OF_SHOULDER:
            parts = ("shoulder",)
        elif examined and not parts and not any(entry.parts for _, _, entry in hits):
            parts = examined
        # Where several parts may be meant, the one that moves least.
        normal = min([of for part in parts if (of := _normals().get((part, motion)))], default=0)
    return reached < normal - max(5, normal / 10)


_OF_SHOULDER = frozenset(("forward elevation", "overhead elevation"))
"""Motions that a shoulder alone has, whether it is named or not."""


def _is_side(word: str) -> bool:
    return word in _LEFT or word in _RIGHT


def is_full_motion(words: list[str], end: int) -> bool:
    """Say whether the motion that ends at ``words[end]`` reaches all that is normal: "flexion 60/60".

    Examples
    --------
    >>> is_full_motion("lumbar flexion 60/60".split(), 2)
    True
    """
    place = end + (words[end : end + 1] != [] and words[end] in _MEASURED)
    if end > 1 and words[end - 2] in _MOTIONS:
        # "Flexion/extension 30/30"
        return False
    if place >= len(words):
        return False
    reached, _, normal = words[place].partition("/")
    return reached == normal and normal.isdigit() and _LEAST_NORMAL <= int(normal) <= _MOST_NORMAL


def _measured_behind(words: list[str], start: int, end: int) -> tuple[float, float]:
    """Give the degrees of "flexion is 40 degrees" or "flexion 40", and the normal ones of "flexion 40/90"."""
    before = start - 1
    while before >= 0 and words[before] in _OTHER_WORDS:
        before -= 1
    if before >= 0 and words[before] in _DURING and words[end : end + 1] and words[end] not in _BE:
        # "Pain with flexion at 40 degrees"
        return 0, 0
    is_range = words[end - 1] in _RANGES
    for place in range(end, min(end + _REACH, len(words))):
        word = words[place]
        if word[0].isdigit():
            if is_range and _lacks_beginning(words, place):
                return 1, _MOST_NORMAL
            if words[place - 1] not in _OTHER_THAN_MOTION and (upper := _upper_end(words, place)):
                return upper, 0
            reached, slash, normal = word.partition("/")
            if slash:
                is_motion = normal.isdigit() and _LEAST_NORMAL <= int(normal) <= _MOST_NORMAL
                return (_number(reached), float(normal)) if is_motion and not int(normal) % 5 else (0, 0)
            following = words[place + 1] if place + 1 < len(words) else ","
            if following == "to" and words[place + 2 : place + 3] and (word == "0" or is_range):
                reached, following = words[place + 2], (words[place + 3 : place + 4] or [","])[0]
            value = _number(reached)
            if _is_share_of_normal(words, place + 1):
                return value, 100
            if other := _of_other_side(words, place + 1):
                return value, other
            is_told = following in _DEGREE or (
                (following in _BEHIND or _is_side(following)) and value >= _LEAST_BARE
            )
            return (value if is_told else 0), 0
        if word not in _MEASURED and word not in _OTHER_WORDS:
            break
    return 0, 0


def _of_other_side(words: list[str], place: int) -> float:
    """Give the degrees of the other side, 0 for none: "15 degrees | versus 35", "15 | vs 35 on the left"."""
    place += words[place : place + 1] != [] and words[place] in _DEGREE
    if place + 1 < len(words) and words[place] in _AGAINST:
        return _number(words[place + 1])
    return 0


def _lacks_beginning(words: list[str], place: int) -> bool:
    """Say whether a joint does not reach where its motion begins: "motion of | 15-60 |", "10 to 90"."""
    low, dash, high = words[place].partition("-")
    if not dash and words[place + 1 : place + 2] == ["to"]:
        high = "".join(words[place + 2 : place + 3])
    return low.isdigit() and high.isdigit() and _LEAST_BARE <= int(low) < int(high) <= _MOST_NORMAL


def _is_share_of_normal(words: list[str], place: int) -> bool:
    """Say whether a number is a share of all motion, in percent: "60 | percent of normal", "60 | normal"."""
    while place < len(words) and words[place] in _OF_NORMAL:
        place += 1
    return place < len(words) and words[place] in _NORMAL


_OF_NORMAL = frozenset(("percent", "of", "the"))
_NORMAL = frozenset(("normal", "nl", "expected", "full"))
_RANGES = frozenset(("motion", "movement", "rom", "arom", "prom", "arc", "range"))


def _upper_end(words: list[str], place: int) -> float:
    """Give the upper end of a range of degrees, 0 for none: "between | 80 | and 90 degrees"."""
    if words[place + 1 : place + 2] in (["to"], ["and"]) and words[place] != "0":
        highest, following = words[place + 2 : place + 3], words[place + 3 : place + 4]
        if highest and following and following[0] in _DEGREE:
            low, high = _number(words[place].rstrip("-")), _number(highest[0].rstrip("-"))
            return high if 0 < low < high else 0.0
    return 0.0


_OTHER_THAN_MOTION = frozenset(("from", "gained"))


def _measured_before(words: list[str], start: int) -> float:
    """Give the degrees of "40 degrees of flexion", not of what is lacking, gained or done in that posture."""
    place = start - 1
    while place > 0 and start - place <= _DESCRIBED_REACH and words[place] in _OTHER_WORDS:
        place -= 1
    if place < 2 or words[place] not in _LEADS or words[place - 1] not in _DEGREE:
        return 0
    if place >= 3 and not _NO_MEASURE.isdisjoint(words[max(0, place - 4) : place - 2]):
        return 0
    return _number(words[place - 2])


def _number(written: str) -> float:
    """Give a whole number, the last of a range ("95-100"), or 0."""
    last = written.rstrip("-").rpartition("-")[2]
    return float(last) if last.isdigit() else SPELLED_NUMBERS.get(written, 0.0)


def _parts_of(words: list[str], hits: list[Hit], start: int, end: int) -> tuple[str, ...]:
    """Give the part that moves: the last one named before, or one right behind, in the same clause."""
    latest: tuple[str, ...] = ()
    for first, last, entry in hits:
        if not entry.parts:
            continue
        if last <= end:
            latest = () if ";" in words[last:start] else entry.parts
        elif not latest and first - end <= _PART_REACH and not _stops(words[end:first]):
            return entry.parts
        else:
            break
    return latest


def _stops(between: list[str]) -> bool:
    return "," in between or ";" in between or "and" in between


_WEIGHT = word_set("weight")
_GRIP_REACH = 24
_WEAKER = 0.75


def is_weak_grip(words: list[str], end: int) -> bool:
    """Say whether a grip, named up to ``words[end]``, is measured on both sides and much weaker on one.

    Both hands differ by a tenth or so in health; a quarter is weakness. Of several trials it is the mean.

    Examples
    --------
    >>> is_weak_grip("grip was 20 lb on the right and 90 lb on the left".split(), 1)
    True
    >>> is_weak_grip("grip : right 88/90/86 , left 92/90/90 lb".split(), 1)
    False
    >>> is_weak_grip("grip 35 lb ( r 62 )".split(), 1)
    True
    >>> is_weak_grip("jamar r 20/18/21 l 40/42/41".split(), 1)
    True
    """
    ahead = words[end : end + _GRIP_REACH]
    bare = [word for word in ahead[:_BRACKETED_WITH_UNIT] if word not in _WEIGHT]
    if _is_other_side_bracketed(bare):
        # "Grip 35 (R 62)"
        return float(bare[0]) < _WEAKER * float(bare[3])
    if _WEIGHT.isdisjoint(ahead) and not any(_is_of_trials(word) for word in ahead[:_TRIALS_REACH]):
        return False
    sides: list[str] = []
    trials: list[list[float]] = []
    is_new = True
    for word in ahead:
        if word in _LEFT or word in _RIGHT:
            sides.append("left" if word in _LEFT else "right")
            is_new = True
        elif begins_with_digit(word):
            # "15/18/16" are three trials.
            numbers = [float(number) for number in word.split("/") if number.replace(".", "", 1).isdigit()]
            if is_new:
                trials.append([])
            trials[-1] += numbers
            is_new = False
    if len(sides) < 2 or sides[0] == sides[1] or len(trials) < 2 or not trials[0] or not trials[1]:
        return False
    means = [sum(numbers) / len(numbers) for numbers in trials[:2]]
    return min(means) < _WEAKER * max(means)


def _is_other_side_bracketed(ahead: list[str]) -> bool:
    return (
        len(ahead) >= _BRACKETED
        and ahead[0].isdigit()
        and ahead[1] == "("
        and (ahead[2] in _LEFT or ahead[2] in _RIGHT)
        and ahead[3].isdigit()
        and ahead[4] == ")"
    )


_BRACKETED = 5
_BRACKETED_WITH_UNIT = 7
_TRIALS_REACH = 3
_SLASHES = 2


def _is_of_trials(word: str) -> bool:
    """Say whether a word holds the three trials of a grip, "20/18/21", which need no unit."""
    return word.count("/") == _SLASHES and word.replace("/", "").isdigit()


@cache
def _normals() -> dict[tuple[str, str], float]:
    return {
        (part, row["motion"]): float(row["degrees"])
        for row in read_rows("lexicons/normal_motion.csv")
        for part in row["body_part"].split(";")
    }
