"""Pain scores: how bad the pain is, with and without medication, and by how much it fell."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from imr_ml.extracting.care.results import is_spared
from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import ANYTHING, CUE, TOLD, TRAIT, Hit, word_set, word_values
from imr_ml.extracting.lexicon import SPELLED_NUMBERS, whole_number

_HISTORY = CUE["history"]
_DRUG = TRAIT["drug"]
_THERAPY = TRAIT["therapy"]
_CAN_HELP = TRAIT["can help"]
_TAKES = TOLD["taken"]

OFF = "off"
ON = "on"
NOW = "now"

_TAKEN = word_set("taken")
_DATE_BEFORE = word_set("date lead")
_UNIT = word_set("no score unit")
_SPAN_UNIT = _UNIT - {"point"}
_COUNTED = word_set("counted thing")
_WITH = word_set("with")
_WITHOUT = word_set("without")
_OTHER_SCORE = word_set("other score")
_FALL = word_set("falls")
_SCORE = word_set("score word")
_INSTRUMENT = word_set("instrument")
_FILLER = word_set("filler")
_RATED_PARTS = word_set("rated part")
_EXTREMES = word_set("extreme")
_BRIEF = word_set("with in brief")
_WAY = word_set("way")
_NOT = word_set("not taken")
_RUNNING = word_set("runs out")
_MISSED = word_set("missed")
_ALONE = word_set("medicated")
_RELIEF = word_set("relief")
_RELIEVES = word_set("relieves")
_BY = word_set("by percent")
_HOPED = word_set("relief hoped")
_BEFORE = word_set("before score")
_RANGING = word_set("ranging")
_GOAL = word_set("score hoped")
_SPARES = word_set("spares drug")

_AFTER_SCORE = {
    tuple(phrase.split()): 1 + int(length or len(phrase.split()))
    for phrase, length in word_values("score end").items()
}
_REACH = 4


class _Score(NamedTuple):
    """A score from `low` to `high`; `is_named`: whether it says by itself that it is one."""

    start: int
    end: int
    low: float
    high: float
    is_named: bool


def pain_mentions(words: list[str], hits: list[Hit], cues: int, told: int = ANYTHING) -> list[Mention]:
    """Give the pain scores of a sentence that speaks of pain, and the share by which it fell.

    Parameters
    ----------
    words, hits : list
        As `words_of` and `find_hits` give them.
    cues : int
        All cues and traits of the hits.

    Returns
    -------
    list of Mention
        Of kind ``score``: ``pain_score``, ``pain_with_medication``, ``pain_without_medication``; of kind
        ``amount``: ``pain_drop``, from 0 to 1.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
    >>> words = "pain is 8/10 without norco and 4/10 with it".split()
    >>> pain_mentions(words, *find_hits(words, phrasebook()))
    [pain_without_medication=present(8), pain_with_medication=present(4), pain_drop=present(0.5)]
    """
    spelled = SPELLED_NUMBERS
    numbers = [place for place, word in enumerate(words) if begins_with_digit(word) or word in spelled]
    if not numbers and HALVES.isdisjoint(words):
        return []
    taken: frozenset[int] = frozenset()
    names_taken = bool(told & _TAKES) and not _TAKEN.isdisjoint(words)
    if cues & _CAN_HELP or names_taken:
        taken = _taken(words, hits)
    scores = _scores(words, numbers, has_taken=bool(taken))
    if scores and not _GOAL.isdisjoint(words):
        scores = [score for score in scores if not _is_hoped(words, score.start)]
    found: list[Mention] = []
    if taken and len(scores) == 1 and (both := _on_and_off(words)):
        start, end, _, high, _ = scores[0]
        found = [_mention(f"pain_{state}_medication", "score", start, end, high) for state in both]
        return [*found, _mention("pain_drop", "amount", start, start + 1, 0.0)]
    if scores:
        if cues & _THERAPY and not _SPARES.isdisjoint(words):
            # "H-wave took the pain from 8 to 5 and he could stop | Norco": no scores with medication
            named = [place for place, _, entry in hits if entry.cues & _DRUG]
            if all(is_spared(words, place) for place in named):
                cues &= ~_DRUG
        states = _states(words, scores, taken)
        found = _named(words, hits, cues, scores, states, names_taken=names_taken)
        drop = _drop(words, scores, states)
        if drop is not None and taken:
            found.append(_mention("pain_drop", "amount", scores[0].start, scores[0].start + 1, drop))
    if taken and not any(one.fact == "pain_drop" for one in found):
        found += _percent(words, numbers, cues, names_taken=names_taken)
    return found


def _on_and_off(words: list[str]) -> tuple[str, ...]:
    """Say whether one score is that with what was taken and without it: "6/10 before and after Norco"."""
    text = " ".join(words)
    return ("with", "without") if any(f" {both} " in f" {text} " for both in _BOTH) else ()


_BOTH = word_set("with as without")


def _mention(fact: str, kind: str, start: int, end: int, value: float, status: str = "present") -> Mention:
    return Mention(fact, kind, start, end, status, round(value, 3))


def _taken(words: list[str], hits: list[Hit]) -> frozenset[int]:
    """Give the places of words that name what may help: a drug, a treatment, "medication", "it"."""
    places = {place for place, word in enumerate(words) if word in _TAKEN}
    for start, end, entry in hits:
        if entry.cues & _CAN_HELP and any(kind != "surgery" for _, kind, _ in entry.facts):
            places.update(range(start, end))
    return frozenset(places)


def _range(word: str) -> tuple[float, float] | None:
    """Read "7", "6-7", "7.5" or "seven" as lowest and highest; None for anything else or above ten."""
    number = SPELLED_NUMBERS.get(word)
    if number is not None:
        return (number, number) if number <= 10 else None
    if not begins_with_digit(word):
        return None
    parts = word.split("-")
    if len(parts) > 2 or not all(part.replace(".", "", 1).isdigit() for part in parts):
        return None
    low, high = float(parts[0]), float(parts[-1])
    return (low, high) if low <= high <= 10 else None


def _scores(words: list[str], numbers: list[int], *, has_taken: bool) -> list[_Score]:
    scores: list[_Score] = []
    reached = 0
    for place in numbers:
        if place < reached:
            continue
        word = words[place]
        before = words[place - 1] if place else ""
        if before == "of" and words[place - 2 : place - 1] in (["out"], ["scale"]):
            continue
        if word == "one" and before == "without":
            # "4/10 with a dose of Norco and 8/10 without | one"
            continue
        end, is_named = place + 1, False
        if words[end : end + 1] == ["("] and words[end + 2 : end + 3] == [")"]:
            # "nine (9)"
            if whole_number(words[end + 1]) != whole_number(word):
                continue
            end += 3
        is_range = _is_range(words, place)
        if is_range:
            end = place + 3
        after = tuple(words[end : end + 3])
        values = None
        if word.endswith("/10"):
            if (
                before not in _DATE_BEFORE
                or is_range
                or _is_start(words, place, end)
                or _is_rated(words, end)
                or (before == "from" and scores and _DOWN.issuperset(words[scores[-1].end : place - 1]))
                or (has_taken and scores and words[place - 2 : place] in _FROM)
            ):
                values, is_named = _range(word[:-3]), True
        elif reach := _AFTER_SCORE.get(after) or _AFTER_SCORE.get(after[:2]):
            values, is_named = _range(word), True
            end += reach - 1
        elif after[:1] and after[0] in _UNIT:
            continue
        elif (
            _is_told_of_pain(words, place, end, has_scores=bool(scores))
            or is_range
            or _follows_a_score_word(words, place)
            or _is_extreme(words, place)
            or _goes_on(words, place, scores)
            or _is_on_scale(words, place)
            or (before == "->" and scores and _came_down(words, place, scores[-1]))
            or _is_in_brief(words, place, end)
            or _is_bare_score(words, place, end, has_scores=bool(scores))
        ):
            values, is_named = _range(word), True
        elif has_taken and (
            _may_be_score(words, place, end, scores) or (scores and _is_of_a_dose(words, place, end))
        ):
            values = _range(word)
        if values is not None and is_range:
            highest = _range(words[place + 2].removesuffix("/10"))
            values = highest and (values[0], max(values[1], highest[1]))
        if (
            values is not None
            and (end >= len(words) or words[end] not in _COUNTED)
            and not _is_of_another(words, place)
        ):
            scores.append(_Score(place, min(end, len(words)), *values, is_named))
            reached = end
    return scores


_DOWN = _WAY | {","}
_BEARABLE = frozenset(("tolerable", "manageable", "comfortable", "bearable"))
_MOVES = frozenset(("from", "of", "to", "a", "an"))


def _is_of_another(words: list[str], place: int) -> bool:
    """Say whether a score is that of another complaint: "itching rated | 8/10", "has | 6 | on the Beck"."""
    if words[place + 1 : place + 2] == ["on"] and not _OTHER_SCORE.isdisjoint(words[place + 2 : place + 4]):
        return True
    for back in range(place - 1, max(place - _OTHER_REACH, -1), -1):
        if words[back] in _OTHER_COMPLAINT:
            return True
        if words[back] in _ENDS_SUBJECT or words[back] in _HURTS:
            return False
    return False


_OTHER_COMPLAINT = word_set("rated complaint")
_ENDS_SUBJECT = word_set("ends subject")
_HURTS = word_set("hurts so much")
_OTHER_REACH = 6


def _is_told_of_pain(words: list[str], place: int, end: int, *, has_scores: bool) -> bool:
    """Say whether a bare number is how bad pain is, by its verb or by when pain is so.

    "Pain | 7 |", "averages | 6 | and spikes to | 9 |", "| 3 | at rest and | 7 | with motion".
    """
    if not place or _range(words[place]) is None or _is_list_number(words, place):
        return False
    before = place - 1
    if words[before] == "scale" and words[before - 1] in _SCALES:
        return True
    if words[before] == ":" and words[before - 1] == ")" and words[before - 2] in _ACHE:
        # "Pain (VAS): 6"
        return True
    before -= words[before] in _VERBS_TO
    if before >= 0 and words[before] in _SWINGS and words[end : end + 1] != ["x"]:
        return not _ACHE.isdisjoint(words[max(0, before - _ACHE_REACH) : before])
    ahead = tuple(words[end : end + 2])
    if ahead == ("on", "a"):
        # "5 on a good day"
        ahead = ("on", "".join(words[end + 2 : end + 3]))
    if ahead in _WHEN_IN_PAIN and words[place - 1] in _BEFORE_WHEN:
        return not _ACHE.isdisjoint(words[max(0, place - _ACHE_REACH) : place])
    # "Pain 7-8", but "1. Neck pain 2. Headaches"
    if words[place - 1] not in _ACHE or (
        end < len(words)
        and words[end] != "->"
        and words[end] not in _CLAUSE_MARKS
        and words[end] not in _TODAY
    ):
        return False
    return (
        has_scores
        or "-" in words[place]
        or (end < len(words) and (words[end] == "->" or words[end] in _TODAY))
        or (
            words[place] >= "4"
            and not any(map(str.isdigit, words[:place]))
            and (":" not in words[:place] or _OF_DIAGNOSES.isdisjoint(words[: words.index(":")]))
        )
    )


_ACHE = word_set("scored ache")
_TODAY = frozenset(("today", "now", "currently", "presently"))
_OF_DIAGNOSES = word_set("head of diagnoses")
_SWINGS = word_set("score verb")
_VERBS_TO = frozenset(("to", "at", "around", "about", "up", "near"))
_SCALES = frozenset(("analog", "analogue", "rating", "pain"))
_BEFORE_WHEN = frozenset((*("pain", "is", "was", "of", "at", "to", "and", ",", "a", "but", "up"), "as"))
_WHEN_IN_PAIN = frozenset(
    (
        *(("at", "rest"), ("at", "night"), ("with", "motion"), ("with", "activity"), ("with", "use")),
        *(("with", "movement"), ("on", "good"), ("on", "bad"), ("in", "am"), ("on", "average")),
        *(("with", "walking"), ("with", "standing"), ("with", "sitting"), ("with", "exertion")),
        *(("with", "lifting"), ("during", "activity"), ("on", "movement"), ("on", "motion")),
    )
)
_ACHE_REACH = 12


def _is_range(words: list[str], place: int) -> bool:
    """Say whether the lower end of a range stands here: "fluctuates between | 5 | and 8", "| 6 | to 8/10"."""
    if (
        place
        and (words[place - 1] in _RANGING or words[place - 1] == "rated")
        and words[place + 1 : place + 2] == ["to"]
    ):
        # "Ranges | 4 | to 8"
        return place + 2 < len(words) and _range(words[place + 2].removesuffix("/10")) is not None
    if words[place + 1 : place + 2] == ["to"] and words[place + 2 : place + 3] and place:
        low, high = _range(words[place]), _range(words[place + 2].removesuffix("/10"))
        if words[place + 2].endswith("/10") and low and high and low[0] < high[1]:
            return words[place - 1] not in _MOVES
    return (
        place > 1
        and words[place - 1] in ("from", "between")
        and (words[place - 2] in _RANGING or (words[place - 1] == "between" and words[place - 2] in _ACHES))
        and words[place + 1 : place + 2] in (["to"], ["and"])
        and place + 2 < len(words)
        and _range(words[place + 2].removesuffix("/10")) is not None
    )


def _is_hoped(words: list[str], start: int) -> bool:
    """Say whether a score is one to be reached: "the goal is to get pain down to | 3/10 |"."""
    for back in range(start - 1, max(-1, start - _HOPE_REACH), -1):
        if words[back] in _GOAL:
            return True
        if words[back] in _CLAUSE_MARKS:
            break
    return False


_HOPE_REACH = 10


def _is_rated(words: list[str], end: int) -> bool:
    return words[end : end + 1] in (["with"], ["without"])


def _may_be_score(words: list[str], place: int, end: int, scores: list[_Score]) -> bool:
    """Say whether a bare number may be a score: "from a 9 to a 6", "7 with Norco and 10 without"."""
    if not _OTHER_SCORE.isdisjoint(words[max(0, place - 8) : place]):
        return False
    before = words[place - 1] if place else ""
    if before not in _FROM_TO and not _SPANS.isdisjoint(words[:place]) and _HURTS.isdisjoint(words):
        # "Walks 30 minutes with Norco, | 10 | without"
        return False
    if before in ("a", "an") and place > 1:
        before = words[place - 2]
    if before in _BEARABLE:
        # "To a | tolerable | 4"
        before = words[place - 3] if words[place - 2] in ("a", "an") else words[place - 2]
    if before == "from" and not _SPAN_UNIT.isdisjoint(words[max(0, place - _REACH) : place]):
        # "Stands 60 minutes, up from 5", but "lowers pain by one point, from 8 to 7"
        return False
    if before in ("from", "to") and _counts(words, place - 1):
        # "Cut pain pills from | 4 to 1"
        return False
    if before in ("from", "to", "->") or (scores and (scores[-1].end == place or before in _WITHOUT)):
        return True
    after = words[end] if end < len(words) else ""
    if before == ":" and _range(after) is not None:
        return True
    is_said = before in _BEFORE or before in _TAKEN
    return is_said and (
        not after
        or after in _WITH
        or after in _WITHOUT
        or after in _CLAUSE_MARKS
        or after == "to"
        or after in _ALONE
        or not _MISSED.isdisjoint(words[end : end + _REACH])
    )


def _is_of_a_dose(words: list[str], place: int, end: int) -> bool:
    """Say whether a bare number is told of by a dose: "7 before a dose and | 3 | an hour after"."""
    if not _SPANS.isdisjoint(words[:place]):
        return False
    if words[place - 1] == "otherwise":
        return end == len(words) or words[end] in _CLAUSE_MARKS
    if words[place - 1] not in _BEFORE_WHEN:
        return False
    behind = words[end : end + _WEARS_REACH]
    if behind[:1] and behind[0] in _ONCE:
        # "And | 9 | when it wears off"
        return not _WEARS.isdisjoint(behind)
    return behind[1:2] in _DOSE_SPANS and behind[2:3] in _PASSED


_DOSE_SPANS = (["hour"], ["hr"], ["minute"], ["min"])
_PASSED = (["after"], ["later"], ["afterward"], ["afterwards"])
_ONCE = frozenset(("when", "once", "after", "as", "if"))
_WEARS_REACH = 6


def _counts(words: list[str], place: int) -> bool:
    """Say whether what stands before "from", or before the "from" of this "to", are pills."""
    if words[place] == "to" and words[place - 2 : place - 1] == ["from"]:
        place -= 2
    if words[place] != "from":
        return False
    # "Cut Norco from six to two | tablets"
    behind = words[place + 4 : place + 6] if words[place + 2 : place + 3] == ["to"] else []
    # "From 8 to 3 | on a | ten-point scale", "from 8 to 3 | after a | dose"
    is_said_of_score = bool(behind) and behind[0] in _WITH
    return words[place - 1] in _PILLS or (not is_said_of_score and not _PILLS_A_DAY.isdisjoint(behind))


_FROM_TO = frozenset(("from", "to", "->"))
_SPANS = frozenset(("minute", "min", "hour", "hr", "block", "mile", "pound", "lb"))
_PILLS = frozenset(("pill", "tablet", "tab", "capsule", "dose"))
_PILLS_A_DAY = _PILLS | {"a", "d", "daily", "day", "per"}


def _follows_a_score_word(words: list[str], place: int) -> bool:
    if not _OTHER_SCORE.isdisjoint(words[max(0, place - 6) : place]):
        return False
    if place > 1 and words[place - 1] == "to" and words[place - 2] in _FALL:
        return True
    for back in range(place - 1, max(place - 6, -1), -1):
        if words[back] in _SCORE:
            named = words[max(0, back - _REACH) : back]
            return "pain" in named if words[back] == "level" else _INSTRUMENT.isdisjoint(named)
        if words[back] not in _FILLER and words[back] not in _RATED_PARTS:
            return False
    return False


def _is_on_scale(words: list[str], place: int) -> bool:
    """Say whether a number stands on a scale told before: "on a scale of 0 to 10 the pain is | 7"."""
    if words[place - 1] == ":" and words[place - 4 : place - 1] in _TO_TEN:
        # "Pain (0-10): 7"
        return True
    if "scale" not in words[:place]:
        return False
    scale = words.index("scale")
    ten = next((at for at in range(scale, min(scale + _SCALE_REACH, place)) if words[at].endswith("10")), 0)
    if not ten:
        return False
    for back in range(place - 1, ten, -1):
        if words[back] == "pain" or words[back] in _SCORE:
            return True
        if words[back] not in _FILLER and words[back] not in _ARTICLES and words[back] not in _RATED_PARTS:
            return False
    return False


_TO_TEN = (["(", "0-10", ")"], ["(", "1-10", ")"])
_SCALE_REACH = 6
_ARTICLES = frozenset(("a", "an"))


def _came_down(words: list[str], place: int, score: _Score) -> bool:
    """Say whether pain is now as an arrow points: "pain 6 -> | 4 |"."""
    return score.end == place - 1 and score.start > 0 and words[score.start - 1] in _ACHES


def _is_in_brief(words: list[str], place: int, end: int) -> bool:
    """Say whether a clause but tells how bad pain is, as charts do: "pain only | 3 |", "pain R | 7 |"."""
    if _range(words[place]) is None or (end < len(words) and words[end] not in _AFTER_BRIEF):
        return False
    names_pain, names_part = False, False
    for back in range(place - 1, -1, -1):
        word = words[back]
        if word in _CLAUSE_MARKS:
            break
        names_part = names_part or (names_pain and word in _RATED_PARTS)
        names_pain = names_pain or word in _ACHE
        if word not in _ACHE and word not in _AROUND_ACHE and word not in _RATED_PARTS:
            return False
    else:
        back = -1
    if back < 0 and end == len(words) and (names_part or (place == 1 and words[place] < "4")):
        # "1. Numbness 2. Neck pain | 3. |"
        return False
    return names_pain and (back < 0 or words[back] in (",", ";") or _OF_DIAGNOSES.isdisjoint(words[:back]))


_AFTER_BRIEF = frozenset((",", ";", ")", "with", "at", "rest", "on", "today", "now", "currently", "when"))
_AROUND_ACHE = word_set("around pain in brief")


def _is_extreme(words: list[str], place: int) -> bool:
    """Say whether a number is one of several of its kind: "pain now 6, | best | 3, worst 8"."""
    return _extreme_at(words, place) and any(
        _extreme_at(words, at) for at in range(max(0, place - 7), min(place + 8, len(words))) if at != place
    )


def _extreme_at(words: list[str], place: int) -> bool:
    before = place - 1 - (place > 1 and words[place - 1] in (":", "is", "was", "pain"))
    return before >= 0 and words[before] in _EXTREMES and _range(words[place]) is not None


def _goes_on(words: list[str], place: int, scores: list[_Score]) -> bool:
    """Say whether a number is the score of a further part: "rates the knee 3, | back | 6"."""
    between = words[scores[-1].end : place] if scores else []
    if between[:2] == ["at", "rest"] and between[2:] in _AND and words[place + 1 : place + 2] == ["with"]:
        # "Rated 3 at rest and | 6 | with use"
        return True
    if between[:1] == ["rest"] and len(between) <= _TWO and words[place + 1 : place + 2] not in _CLOSES:
        # "5 at rest, | 8 | weight bearing"
        return _range(words[place]) is not None
    if 1 < len(between) <= _REACH and between[0] in (",", "and"):
        return _RATED_PARTS.issuperset(between[1:])
    # "Pain: neck | 5 |, back 8"
    parts = words[max(0, place - _REACH) : place]
    if ":" not in parts or words[place + 1 : place + 2] not in _CLOSES:
        return False
    at = len(words[:place]) - parts[::-1].index(":") - 1
    return (
        at > 0
        and words[at - 1] in _ACHE
        and at + 1 < place
        and _RATED_PARTS.issuperset(words[at + 1 : place])
    )


_AND = (["and"], [","], ["but"])
_CLOSES: tuple[list[str], ...] = ([","], [";"], ["and"], [])


def _is_list_number(words: list[str], place: int) -> bool:
    """Say whether a number counts a list on: "1. Neck pain | 2. | Headache"."""
    return words[place].isdecimal() and str(int(words[place]) - 1) in words[:place]


def _is_bare_score(words: list[str], place: int, end: int, *, has_scores: bool) -> bool:
    """Say whether a bare number is how bad pain is: "the pain is | 6 |", "neck pain | 5 |, low back pain 8".

    Without a verb one number may be that of a list: "1. Neck pain 2. Headaches".
    """
    back = place - 1
    if words[back] in _ARTICLES and words[back - 1] in _PAIN_IS:
        # "Back pain at a 6 that does not radiate"
        is_all = end == len(words) or words[end] in _AFTER_BARE or words[end] in ("that", "which")
        return is_all and back > 1 and words[back - 2] in _ACHES
    if words[place - 1] == "(" and words[end : end + 1] == [")"]:
        back, end = back - 1, end + 1
    elif words[back] in _PAIN_IS:
        back -= 1 + (words[back - 1] in _PAIN_IS)
        if words[place - 1] == ":" and end == len(words) and len(words[place]) == 1 and words[place] < "2":
            return False
    elif not has_scores and not any(
        word in _ACHES and at + 1 != place and _follows_pain(words, at + 1)
        for at, word in enumerate(words[:-1])
    ):
        return False
    return back >= 0 and words[back] in _ACHES and (end == len(words) or words[end] in _AFTER_BARE)


def _follows_pain(words: list[str], place: int) -> bool:
    """Say whether a number right behind pain is not one of days or of a list."""
    at_end = place + 1 == len(words)
    return _range(words[place]) is not None and (at_end or words[place + 1] in _AFTER_BARE)


_ACHES = word_set("scored pain")
_PAIN_IS = word_set("before bare score")
_AFTER_BARE = word_set("after bare score")


def _is_start(words: list[str], start: int, end: int) -> bool:
    """Say whether a score is where pain came from: "from | 9/10 | to 5/10", "from a | 9 | only down to 5"."""
    ahead = words[end : end + 3]
    is_between = "to" in ahead and _WAY.issuperset(ahead[: ahead.index("to")])
    before = words[start - 1] if start else ""
    if before == "of" and not _FALL.isdisjoint(words[max(0, start - _REACH) : start]):
        # "Brings pain of | 9 | to 6"
        before = "from"
    if before in ("a", "an") and start > 1:
        before = words[start - 2]
    return is_between and before == "from"


def _states(words: list[str], scores: list[_Score], taken: frozenset[int]) -> list[str | None]:
    """Say of each score whether it is one with what was taken, or one without it.

    What is said between two scores belongs to the first, or behind a comma or an "and" to the second.
    """
    states: list[str | None] = [None] * len(scores)
    if not taken:
        return states
    starts = [0, *(score.end for score in scores)]
    ends = [*(score.start for score in scores), len(words)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for state, is_next in _said(words, start, end, taken):
            if number < len(scores) and (is_next or number == 0):
                states[number] = state
            elif number and states[number - 1] is None and not (is_next and _tells_more(words, start)):
                states[number - 1] = state
    for number, (one, other) in enumerate(pairwise(scores)):
        if OFF not in states and _is_lowered(words, one, other):
            # "Down to 3 from 8 with medication"
            states[number : number + 2] = [ON, OFF]
    if states == [None, OFF] and scores[0].high < scores[1].high:
        between = words[scores[0].end : scores[1].start]
        if not _COMPARED.isdisjoint(between) and _COMPARING.issuperset(between):
            # "4/10, | versus | 9/10 before the pump"
            states = [ON, OFF]
    if (
        states == [ON, None]
        and words[scores[1].start - 2 : scores[1].start] in _FROM
        and _AT_LAST.isdisjoint(words[scores[1].end :])
    ):
        # "4/10 with medication, | down from | 9/10"
        states = [ON, OFF]
    for number, (one, other) in enumerate(pairwise(scores)):
        if states[number : number + 2] == [OFF, OFF] and "otherwise" in words[one.end : other.start]:
            # "9/10 when Norco wears off, | otherwise | 4/10"
            states[number + 1] = ON
    if states == [OFF, None] and "otherwise" in words[: scores[0].start]:
        before = _said(words, 0, words.index("otherwise"), taken)
        states[1] = ON if any(state == ON for state, _ in before) else None
    if len(scores) == _TWO and not states.count(OFF) == states.count(ON) == 1:
        states = _in_turn(words, scores) or states
    if NOW in states:
        # "8/10 before Norco and | 4/10 now", but "6/10 with it; | 7/10 today"
        is_on = OFF in states and ON not in states
        states = [(ON if is_on else None) if state == NOW else state for state in states]
    for number, (one, other) in enumerate(pairwise(scores)):
        if _is_start(words, one.start, one.end) or (
            words[one.end : other.start] in _ARROWS and one.high > other.high
        ):
            if one.high < other.high and states[number] == OFF and _climbs(words, one):
                # "When Norco wears off pain climbs | from 4/10 to 8/10 |"
                states[number : number + 2] = [ON, OFF]
            elif states[number + 1] == OFF and one.high < other.high:
                states[number] = ON
            elif states[number] != OFF and one.high >= other.high and ON in states[number : number + 2]:
                states[number : number + 2] = [OFF, ON]
    return states


def _climbs(words: list[str], score: _Score) -> bool:
    return not _CLIMB.isdisjoint(words[max(0, score.start - _REACH) : score.start])


_CLIMB = frozenset(
    ("climb", "rise", "rose", "increase", "increased", "jump", "goe", "went", "return", "worsen")
)


def _in_turn(words: list[str], scores: list[_Score]) -> list[str | None] | None:
    """Give the states of "4/10 and 8/10 with and without medication", told in the order of the scores."""
    if words[scores[0].end : scores[1].start] not in _JOINING:
        return None
    for place in range(1, len(words) - 1):
        if words[place] == "and" and (words[place - 1], words[place + 1]) in _IN_TURN:
            return [ON, OFF] if words[place - 1] == "with" else [OFF, ON]
    return None


_TWO = 2
_DOES = frozenset(("doe", "does"))
_WHEN = frozenset(("when", "if"))
_FROM = (["down", "from"], ["compared", "with"], ["compared", "to"])
_AT_LAST = frozenset(("last", "previous", "prior", "visit", "ago"))
_COMPARED = frozenset(("versus", "down", "compared"))
_COMPARING = _COMPARED | {",", "from", "to", "with", "a", "an"}
_BEFOREHAND = frozenset(("before", "prior"))
_NOWADAYS = frozenset(("now", "currently", "presently"))
_INSIDE = (["board"], ["effect"])
_UNTIL = frozenset(("until", "till"))
_UNTIL_REACH = 6
_BEGUN = frozenset(("begun", "started", "added", "introduced", "prescribed", "starting", "beginning"))
_PAIN_WAS = frozenset(("pain", "it", "is", "was", "the", "his", "her", "a", "score", "level", "vas", "at"))
_WEARS = frozenset(("wear", "wearing", "wore", "worn"))
_ARROWS = (["->"], ["to"])
_JOINING = (["and"], [","], [",", "and"])
_IN_TURN = frozenset((("with", "without"), ("without", "with"), ("before", "after")))


def _tells_more(words: list[str], start: int) -> bool:
    """Say whether what follows a score tells of another matter: "7/10, and | without it he would be ill"."""
    return not _SUPPOSES.isdisjoint(words[start:]) or any(
        words[place] == "no" and words[place - 1] in _USES for place in range(start + 1, len(words))
    )


_SUPPOSES = word_set("would be")
_USES = word_set("use")


def _is_lowered(words: list[str], one: _Score, other: _Score) -> bool:
    """Say whether pain came down to one score from the other: "to a tolerable | 3 | from | 8 |"."""
    return (
        one.high < other.high
        and words[other.start - 1] == "from"
        and other.start - one.end <= 2
        and "to" in words[max(0, one.start - 3) : one.start]
    )


def _said(words: list[str], start: int, end: int, taken: frozenset[int]) -> list[tuple[str, bool]]:
    """Give what the words between two scores say of taking, and whether a mark stands before it."""
    said: list[tuple[str, bool]] = []
    has_mark = False
    for place in range(start, end):
        word = words[place]
        if word == ";":
            if end == len(words):
                break
            if not start:
                # "Sedated on her regimen; pain 7/10"
                said.clear()
        if word in _CLAUSE_MARKS:
            has_mark = True
            continue
        state = _state_at(words, place, end, taken)
        if state is not None:
            said.append((state, has_mark))
    return said


_CLAUSE_MARKS = word_set("score clause")


def _state_at(words: list[str], place: int, end: int, taken: frozenset[int]) -> str | None:
    word = words[place]
    before = words[place - 1] if place else ""
    if word in _UNTIL and _names(words, taken, place + 1, end):
        # "8/10 | until | Norco was begun", but "4/10 | until | Norco wears off"
        behind = words[place + 1 : min(end, place + 1 + _UNTIL_REACH)]
        return OFF if not _BEGUN.isdisjoint(behind) else None if _WEARS.isdisjoint(behind) else ON
    if word == "off" and before in _WEARS:
        # "When Norco wears | off | pain climbs from 4/10 to 8/10"
        return OFF if any(at in taken for at in range(max(0, place - 3), place)) else None
    if word in _WITHOUT or word == "pre":
        after = place + 1
        if word == "unmedicated" and _PAIN_WAS.issuperset(words[after:end]):
            return OFF
        # "Prior to and after", but not "prior to surgery"
        rest = words[after + 1 : end] if words[after : after + 1] == ["to"] else words[after:end]
        return OFF if _is_bare(rest) or _names(words, taken, after, end) else None
    if word in _NOT:
        rest = words[place + 1 : end]
        is_said = _names(words, taken, place + 1, end)
        is_said = (
            is_said
            or (word == "out" and _is_bare(rest))
            or (word == "not" and (_is_bare(rest) or rest[0] in ("taken", "used", "taking")))
        )
        return OFF if is_said and (word != "out" or before in _RUNNING) else None
    if word in _MISSED and any(at in taken for at in range(max(0, place - 3), place)):
        # "8 when doses were missed"
        return OFF
    if word in _NOWADAYS or (word == "today" and begins_with_digit(before)):
        return NOW
    if word == "otherwise" and begins_with_digit(before) and _is_bare(words[place + 1 : end]):
        # "6/10 with pills, 8/10 otherwise"
        return OFF
    if word == "otherwise" and end < len(words) and _PAIN_WAS.issuperset(words[place + 1 : end]):
        # "On Norco his pain, | otherwise | 8/10, is 3/10"
        return OFF
    if word in _BRIEF and place + 1 in taken and place + 1 < end:
        return ON if word == "c" else OFF
    if (
        word in _DOES
        and words[place - 2] in _WHEN
        and (place + 1 == end or words[place + 1] in _CLAUSE_MARKS)
    ):
        # "8/10 when he does not take Norco, 5/10 when he | does |"
        return ON
    if word in _ALONE or (word == "later" and before in _UNIT):
        return ON
    lead = words[max(0, place - 3) : place]
    if word in _USES and not _WHEN.isdisjoint(lead) and "not" not in lead:
        # "3/10 when he | takes | Norco and 8/10 when he skips it"
        return ON if _names(words, taken, place + 1, end) else None
    if word in ("on", "in") and words[place + 1 : place + 2] in _INSIDE:
        # "2/10 when Norco is | on board"
        return ON if any(at in taken for at in range(max(0, place - 3), place)) else None
    if word in ("used", "taken"):
        is_of_drug = any(at in taken for at in range(max(0, place - 3), place))
        return ON if is_of_drug and "not" not in words[max(0, place - 3) : place] else None
    if word == "after" and not _WEARS.isdisjoint(words[place : min(end, place + _WEARS_REACH)]):
        # "8 | after | Norco has worn off"
        return OFF
    if word in _WITH and before not in ("not", "without"):
        is_bare = (word == "after" and _is_bare(words[place + 1 : end])) or place + 1 == len(words)
        # "6/10 with and 10/10 without"
        is_bare = is_bare or (end < len(words) and words[place + 1 : end] == ["and"])
        return ON if is_bare or _names(words, taken, place + 1, end) else None
    return None


def _is_bare(rest: list[str]) -> bool:
    """Say whether nothing of its own follows: "8/10 without, 4/10 with Norco"."""
    return not rest or rest[0] in _CLAUSE_MARKS or rest[0] in (")", ":", "to", "it", "one")


def _names(words: list[str], taken: frozenset[int], start: int, end: int) -> bool:
    """Say whether what was taken is named within a few words, and not in a state of its own."""
    for place in range(start, min(end, start + _REACH)):
        if words[place] in _WITHOUT or words[place] in (",", ";", "no", "absence"):
            return False
        if place in taken:
            return True
    return False


_TOWARDS = word_set("towards")


def _falls(words: list[str], one: _Score, other: _Score, states: list[str | None]) -> bool:
    between = words[one.end : other.start]
    if not between or (("to" in between or "->" in between) and (_TOWARDS | _BEARABLE).issuperset(between)):
        return True
    return ON in states and "to" in between and not _FALL.isdisjoint(between)


def _is_eased(words: list[str], one: _Score, other: _Score) -> bool:
    """Say whether a second score only says with what the first is less: "8/10 and | 4/10 with Norco"."""
    return one.is_named and other.high <= one.high and _BESIDE.issuperset(words[one.end : other.start])


_BESIDE = word_set("beside a score")


def _drop(words: list[str], scores: list[_Score], states: list[str | None]) -> float | None:
    without = next((score.high for score, state in zip(scores, states, strict=True) if state == OFF), None)
    on = next((score.high for score, state in zip(scores, states, strict=True) if state == ON), None)
    if without is None or on is None:
        pairs = [
            (one, other)
            for one, other in pairwise(scores)
            if other.high <= one.high and _falls(words, one, other, states)
        ]
        if OFF not in states and states[-2:] == [None, ON] and _is_eased(words, *scores[-2:]):
            pairs = [(scores[-2], scores[-1])]
        if OFF in states or len(pairs) != 1:
            return None
        without, on = pairs[0][0].high, pairs[0][1].high
    return max(0.0, (without - on) / without) if without > 0 else None


def _named(
    words: list[str],
    hits: list[Hit],
    cues: int,
    scores: list[_Score],
    states: list[str | None],
    *,
    names_taken: bool,
) -> list[Mention]:
    is_drug = bool(cues & _DRUG) or names_taken
    mentions: list[Mention] = []
    is_past = False
    for number, (score, state) in enumerate(zip(scores, states, strict=True)):
        start, end, low, high, is_named = score
        last_end = scores[number - 1].end if number else 0
        fact = None
        starts = number + 1 < len(scores) and (
            _is_start(words, start, end)
            # "VAS | 8 | -> 5"
            or (words[end] == "->" and scores[number + 1].start == end + 1 and scores[number + 1].high < high)
        )
        if is_drug:
            if state is not None:
                fact = "pain_without_medication" if state == OFF else "pain_with_medication"
            elif starts and _is_lowered_by(words, hits, start):
                fact = "pain_without_medication"
            elif (
                number
                and _is_start(words, scores[number - 1].start, scores[number - 1].end)
                and _is_lowered_by(words, hits, scores[number - 1].start)
            ):
                fact = "pain_with_medication"
        if fact is None and not is_named:
            continue
        if cues & _HISTORY and not is_past:
            is_past = any(
                entry.cues & _HISTORY
                and last_end <= place < start
                and start - after <= _PAST_REACH
                # "8/10 prior to Norco and 4/10 an hour after"
                and words[after : after + 1] != ["to"]
                and not _is_told_anew(words, after, start)
                for place, after, entry in hits
            )
        # "4/10, versus 9/10 before the pump"
        is_old = state == OFF and not is_drug and not _BEFOREHAND.isdisjoint(words[end : end + 1])
        is_before = is_past or is_old or (fact is None and starts) or _is_of_last_visit(words, start, end)
        status = "historical" if is_before else "present"
        for value in (high, low) if low < high else (high,):
            mentions.append(_mention(fact or "pain_score", "score", start, end, value, status))
    return mentions


_PAST_REACH = 8


def _is_told_anew(words: list[str], after: int, start: int) -> bool:
    """Say whether pain is told of behind what is past: "status post repair, pain persists | 5/10 |"."""
    between = words[after + 1 : start]
    return "," in between and not _ACHES.isdisjoint(between[between.index(",") :])


def _is_of_last_visit(words: list[str], start: int, end: int) -> bool:
    """Say whether a score is older than the others: "6/10, was 7/10 at the last visit"."""
    return (words[start - 1] in _WAS or words[start - 1] == "(") and not _LAST.isdisjoint(
        words[end : end + _REACH + 2]
    )


_WAS = word_set("was")
_LAST = word_set("last time")


def _is_lowered_by(words: list[str], hits: list[Hit], start: int) -> bool:
    """Say whether medication is what takes pain down from a score: it is named before it."""
    return any(place < start and entry.cues & _CAN_HELP for place, _, entry in hits) or not _TAKEN.isdisjoint(
        words[:start]
    )


HALVES = frozenset(("half", "halved"))
_IN_HALF = word_set("before half")
_NO_SHARES = (["of"], ["than"])
_SHARED = word_set("shared relief")
_OF_SHARES = word_set("of a share")


def _percent(words: list[str], numbers: list[int], cues: int, *, names_taken: bool) -> list[Mention]:
    """Give the share of pain that a drug is said to relieve: "reduces pain by 50%", "60% relief"."""
    is_of_drug = bool(cues & _DRUG) or names_taken
    if not is_of_drug or cues & TRAIT["therapy"] or not _HOPED.isdisjoint(words):
        return []
    if "half" in words[2:]:
        place = words.index("half", 2)
        place -= words[place - 1] in ("one", "a")
        if words[place - 1] in _IN_HALF and not _RELIEVES.isdisjoint(words[max(0, place - 8) : place]):
            return [_mention("pain_drop", "amount", place, place + 1, 0.5)]
    if "halved" in words:
        place = words.index("halved")
        if "pain" in words[max(0, place - 6) : place + 6]:
            return [_mention("pain_drop", "amount", place, place + 1, 0.5)]
    for place in numbers:
        number = whole_number(words[place].split("-")[-1])
        # "Fell to 5", "fell from 60 to 30"
        is_score = (
            number is not None
            and words[place - 1 : place] == ["to"]
            and (number <= 10 or "from" in words[max(0, place - _REACH) : place])
        )
        if number is None or not 5 <= number <= 100 or is_score:
            continue
        # "Relief of 75%", "relief: 75%"
        is_named = place > 1 and words[place - 2] in _SHARED and words[place - 1] in _OF_SHARES
        if words[place - 1 : place] in _NO_SHARES and not is_named:
            continue
        ahead = words[place + 1 : place + 3]
        if ahead[:1] == ["percent"]:
            ahead = words[place + 2 : place + 4]
        is_relief = not _RELIEF.isdisjoint(ahead) and ahead[0] != ";"
        is_of_pain = ahead[:1] == ["of"] and "pain" in words[place + 1 : place + 6]
        is_by = (
            place > 0
            and words[place - 1] in _BY
            and not _RELIEVES.isdisjoint(words[max(0, place - 8) : place])
        )
        # "Pain decreased 40% with Norco"
        is_by = is_by or (number >= 15 and not number % 5 and words[place - 1] in _RELIEVES)
        if (is_relief or is_of_pain or is_by or is_named) and (not ahead or ahead[0] not in _UNIT):
            return [_mention("pain_drop", "amount", place, place + 1, number / 100)]
    return []
