"""What tests showed: each takes its result from the words around it: normal, abnormal, absent or not told."""

from __future__ import annotations

from operator import itemgetter

from imr_ml.extracting.grammar.mentions import (
    AFTER_REACH,
    BE,
    BE_VERBS,
    CLAUSE_ENDS,
    DENIES,
    INTRODUCES,
    LIST_REACH,
    LONG_REACH,
    Mention,
)
from imr_ml.extracting.grammar.motion import is_full_motion, is_restricted_motion, is_weak_grip
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import CUE, Hit, word_set
from imr_ml.extracting.lexicon import whole_number

_NOT_ADJECTIVE = word_set("no adjective")
_ABNORMAL = CUE["abnormal"]
_NORMAL_CUES = CUE["normal"] | CUE["restriction denied"]
_SHOWN = CUE["shown"]
_RESULTS = _NORMAL_CUES | _ABNORMAL | _SHOWN
_DECIDING = _RESULTS | CLAUSE_ENDS | DENIES
SIGN_RESULTS = word_set("result of a sign")
ENDS = word_set("clause end")
_Event = tuple[int, int, str, "Mention | None"]
"""Start and end of a test, of a result (``normal``, ``abnormal``, ``absent``) or of a clause (``break``)."""


def _events(words: list[str], hits: list[Hit], tests: list[Mention]) -> list[_Event]:
    events: list[_Event] = [(test.start, test.end, "test", test) for test in tests]
    for test in tests:
        if test.fact in _FUNCTIONS or test.fact == "gait_change":
            continue
        during = test.start - (2 if words[test.start - 1] == "the" else 1)
        if words[during] in _DURING and words[during - 1] in _HURTS:
            # "Pain with McMurray's test", "no pain on resisted extension"
            is_denied = not _NOT.isdisjoint(words[max(0, during - 4) : during - 1])
            events.append((test.start - 1, test.start, "normal" if is_denied else "shown", None))
    covered = {test.start for test in tests}
    ends = {test.end for test in tests}
    if "not" in words:
        for place in range(2, len(words)):
            is_left_out = words[place] == "not" and words[place - 1] in _LEFT_OUT and place - 1 in ends
            if is_left_out and (place + 1 == len(words) or words[place + 1] in ENDS):
                # "Tinel's is positive but Phalen's is not"
                events.append((place, place + 1, "other", None))
    denied_from = -3
    for start, end, (_, cues, _) in hits:
        if not cues & _DECIDING:
            continue
        if cues & _RESULTS:
            if start not in covered:
                between = words[denied_from:start]
                is_denied = start - denied_from <= 2 and _PARTS_CLAUSES.isdisjoint(between)
                if cues & _SHOWN and words[end : end + 1] == ["by"]:
                    # "No arm symptoms were provoked by Spurling's"
                    is_denied = is_denied or _is_of_none(words, start, LIST_REACH)
                elif cues & _ABNORMAL and "neither" in words[max(0, start - LIST_REACH) : start]:
                    # "Neither leg showed a positive straight leg raise"
                    is_denied = True
                is_normal = bool(cues & _NORMAL_CUES) != is_denied
                if is_normal and words[end : end + 1] and words[end] in _EXCEPT:
                    # "Sensation was intact | except | over the left foot"
                    is_normal = not _is_of_function(tests, start)
                sign = "normal" if is_normal else "abnormal"
                if cues & _SHOWN and not is_normal:
                    sign = "shown"
                events.append((start, end, "absent" if "absent" in words[start:end] else sign, None))
        elif (
            cues & CLAUSE_ENDS
            and not _introduces(words, start, ends)
            # "Sensation in that limb is intact"
            and not (words[start] == "that" and words[start - 1] in _BEFORE_THAT)
        ):
            events.append((start, end, "break", None))
        if cues & DENIES:
            denied_from = end
    events.sort(key=_PLACE)
    return events


def _is_of_function(tests: list[Mention], start: int) -> bool:
    """Say whether a result that stands here is that of sensation, strength or reflexes."""
    before = [test for test in tests if test.end <= start]
    return bool(before) and before[-1].fact in _NERVES


_NERVES = frozenset(("sensory_loss", "reflex_change", "weakness"))
_EXCEPT = word_set("excepts")
_BEFORE_THAT = frozenset(("in", "of", "on", "over", "at", "to"))
_LEFT_OUT = word_set("verb left out")
_DURING = word_set("during")
_HURTS = word_set("hurts")
_NOT = word_set("no")
_PLACE = itemgetter(0, 1)
_TRIED = word_set("tried test")


def _introduces(words: list[str], start: int, ends: set[int]) -> bool:
    """Say whether a test's result follows: "Gait |:|", "motion of the neck |showed|", "done |and was|"."""
    if words[start] == "and":
        return words[start + 1 : start + 2] == ["was"] or words[start + 1 : start + 2] == ["were"]
    return (
        words[start] in INTRODUCES
        and (
            start in ends
            or any(end < start <= end + 5 and words[end] in ("of", "on", "at") for end in ends)
            # "Phalen's, both sides: negative"
            or any(_is_where(words[end:start]) for end in ends)
        )
    )


def _is_where(between: list[str]) -> bool:
    """Say whether only a side or a limb stands aside here: "SLR |, left side|: positive"."""
    return 1 < len(between) <= _NEAR and between[0] in _ASIDE_MARKS and _WHERE_TESTED.issuperset(between)


def _has_own_result(words: list[str], end: int, following: _Event | None, listed: str) -> bool:
    """Say whether a test has another result behind it: "Neer was positive and Hawkins | was negative"."""
    if following is None or following[2] not in _TELLING or following[2] == listed:
        return False
    if following[2] == "shown" and listed != "normal":
        # "Decreased flexion was painful"
        return False
    between = words[end : following[0]]
    if not between:
        return True
    # "Abnormal gait, motion of the toes is full"
    return between[-1] in BE and (len(between) == 1 or (between[0] in _PLACES and "," not in between))


_PLACES = word_set("places")
_TELLING = frozenset(("normal", "abnormal", "shown"))


def signs_found(
    words: list[str],
    hits: list[Hit],
    tests: list[Mention],
    examined: tuple[str, ...],
    *,
    names_drawer: bool,
) -> list[Mention]:
    """Give the tests that have a result: present where it is abnormal, denied where normal.

    A result stands right before its test ("decreased sensation"), also for those listed after it
    ("negative Neer, Hawkins"), or says it of the tests before ("sensation and strength are intact").
    """
    found, graded = _graded(words, tests)
    if names_drawer:
        for drawer in tests:
            if drawer.fact != "knee_signs" or "drawer" not in words[drawer.start : drawer.end]:
                continue
            if _is_of_ankle(words, drawer) or (
                "ankle" in examined and "knee" not in examined and _KNEE.isdisjoint(words)
            ):
                drawer.fact = "ankle_signs"
            if not _LOOSE.isdisjoint(words[drawer.end : drawer.end + _LOOSE_REACH]):
                # "Anterior drawer 2+"
                _set(drawer, "abnormal", found)
                graded.append(drawer)
    if graded:
        tests = [test for test in tests if test not in graded]
    pending: list[Mention] = []
    latest: Mention | None = None
    lapsed: Mention | None = None
    lapsed_at = 0
    before: _Event | None = None
    listed: tuple[str, int] | None = None
    events = _events(words, hits, tests)
    for event, following in zip(events, [*events[1:], None], strict=False):
        start, end, sign, test = event
        if sign == "break":
            lapsed, lapsed_at = latest, end
            pending, latest, before, listed = [], None, None, None
        elif test is not None:
            if latest is not None and not pending and _is_likewise(words, latest.end, start):
                # "Neer was positive, as were | Hawkins and Speed"
                listed = "normal" if latest.status == "denied" else "abnormal", end
            elif (
                before is not None
                # "Pivot shift neg. ROM 0-115": no motion is negative.
                and not (test.fact == "limited_motion" and words[before[0]] in SIGN_RESULTS)
                and _is_result_before(words, before, start, test)
                and not _has_own_result(words, end, following, before[2])
            ):
                listed = before[2], end
            elif (
                listed is not None
                and (_is_list(words[listed[1] : start]) or words[listed[1] : start] in _OF_ITS_OWN)
                and not _has_own_result(words, end, following, listed[0])
            ):
                listed = listed[0], end
            else:
                listed = None
                # "Flexion 40 degrees" has its own result, and takes none from what follows.
                if (
                    test.fact == "limited_motion" and is_restricted_motion(words, hits, start, end, examined)
                ) or (test.fact == "weakness" and words[start] in _GRIPS and is_weak_grip(words, end)):
                    _set(test, "abnormal", found)
                    latest = test
                elif test.fact == "limited_motion" and is_full_motion(words, end):
                    _set(test, "normal", found)
                elif test.fact != "limited_motion" or "degree" not in words[end : end + 4]:
                    if pending and _tells_how_far(words, pending[-1], start):
                        pending = []
                    pending.append(test)
            if listed is not None:
                _set(test, listed[0], found)
                latest = test
            before = None
        elif sign == "other":
            told = latest or lapsed
            if pending and told is not None:
                _set(pending[-1], "abnormal" if told.status == "denied" else "normal", found)
                latest, pending, listed, before = pending[-1], pending[:-1], None, None
        elif sign == "shown" and pending and pending[-1].fact in _FUNCTIONS:
            continue
        elif pending and _is_said_of(words, pending[-1], event, following):
            if sign != "normal" and _is_of_none(words, pending[-1].start):
                sign = "normal"
            for waiting in pending:
                _set(waiting, sign, found)
                waiting.told, waiting.told_end = start, end
            latest, pending, listed = pending[-1], [], None
            # "Neer's is positive, Hawkins' is negative": what it has said of one is not said of the next.
            before = None if words[event[1] : event[1] + 1] in _PARTING else event
        elif (
            not pending
            and (told := latest or lapsed) is not None
            and _is_said_too(words, told, event, following)
            and (told is latest or (start - lapsed_at <= 3 and _is_of_side(words, event)))
        ):
            again = latest = _copy(told)
            again.told, again.told_end = start, end
            _set(again, sign, found)
            listed, before = None, event
        elif sign != "shown" or before is None or start - before[1] > 1:
            # "Limited, painful motion": that it hurts is said besides.
            before = event
    # "No crepitus on motion" says nothing of the motion.
    return (
        found
        + [
            m
            for m in pending
            if m.status == "denied"
            and words[m.start - 1] not in _DURING
            # "No drawer test of the ankle was attempted" tells of no result.
            and _TRIED.isdisjoint(words[m.end : m.end + AFTER_REACH])
        ]
    )


def _is_likewise(words: list[str], end: int, start: int) -> bool:
    """Say whether the result of the test before is that of the one behind, too: "as was |the| Hawkins"."""
    verb = start - 1 - (words[start - 1] == "the")
    return verb - 1 > end and words[verb - 1] == "as" and words[verb] in BE_VERBS


def _tells_how_far(words: list[str], motion: Mention, start: int) -> bool:
    """Say whether a clause has told how far a motion goes: "flexion to mid-shin, | gait | is normal"."""
    between = words[motion.end : start]
    return motion.fact == "limited_motion" and "," in between and between[0] in _HOW_FAR


_HOW_FAR = word_set("how far a motion goes")
_PARTING = ([","], [")"])
_GRIPS = word_set("grip")
_ANKLE = word_set("ankle")
_KNEE = word_set("knee")
_LOOSE = frozenset(("1+", "2+", "3+"))
_LOOSE_REACH = 6


def _is_of_ankle(words: list[str], test: Mention) -> bool:
    """Say whether a drawer test is the ankle's: knees and ankles have one, and the nearest joint tells."""
    reach = [abs(place - test.start) for place, word in enumerate(words) if word in _ANKLE]
    return bool(reach) and all(
        abs(place - test.start) > min(reach) for place, word in enumerate(words) if word in _KNEE
    )


def _set(test: Mention, sign: str, found: list[Mention]) -> None:
    if test.status in ("present", "denied"):
        # An absent reflex is a finding, an absent sign is none.
        is_abnormal = sign in ("abnormal", "shown") or (sign == "absent" and test.fact in _FUNCTIONS)
        test.status = "present" if is_abnormal else "denied"
    found.append(test)


_FUNCTIONS = frozenset(("sensory_loss", "reflex_change", "weakness", "limited_motion"))


def _copy(test: Mention) -> Mention:
    return Mention(test.fact, test.kind, test.start, test.end, "present")


def _is_result_before(words: list[str], result: _Event, start: int, test: Mention) -> bool:
    """Say whether a result stands before its test: "decreased sensation", "pain was elicited by SLR"."""
    _, end, sign, _ = result
    if sign == "shown" and test.fact in _FUNCTIONS:
        return False
    between = words[end:start]
    is_agent = between[:1] in (["by"], ["with"]) and len(between) <= 3 and words[end - 1] in _ELICITED
    return is_agent or _is_adjective(between)


_ELICITED = word_set("elicited")


def _is_adjective(between: list[str]) -> bool:
    if len(between) > 6 or (len(between) > 2 and "," in between):
        return False
    return _NOT_ADJECTIVE.isdisjoint(between)


def _is_list(between: list[str]) -> bool:
    joined = "," in between or "and" in between or "or" in between or not between
    return joined and len(between) <= 4 and _NOT_ADJECTIVE.isdisjoint(between)


def _is_said_of(words: list[str], test: Mention, event: _Event, following: _Event | None) -> bool:
    """Say whether a result speaks of the tests before it: "reflexes were brisk", "Tinel's negative"."""
    start, end, *_ = event
    between = words[test.end : start]
    if between == ["("] or not BE.isdisjoint(between[-4:]):
        return True
    if len(between) > 2 and between[-1] == "," and "," in between[:2] and _is_aside_of(between, event[2]):
        # "SLR was, on this occasion, | positive", "Kemp's test, done to load the facets, | reproduced it"
        return True
    is_of_next = following is not None and following[3] is not None and following[0] - end <= 3
    if following is not None and is_of_next and "," not in words[end : following[0]]:
        return not between
    if _is_where(between[: len(between) - (between[-1:] == [":"])]):
        return True
    if between[:1] == [","] and "including" in words[max(0, test.start - _NEAR) : test.start]:
        # "Special tests, including Thessaly's, | did not reproduce the pain"
        between = between[1:]
    is_told = event[2] == "shown" or not INTRODUCES.isdisjoint(between)
    return len(between) <= (8 if is_told else 5) and "," not in between


def _is_aside_of(between: list[str], sign: str) -> bool:
    """Say whether one aside is all that stands between a test and its result."""
    return between.count(",") == 2 and (between[0] in BE_VERBS or (between[0] == "," and sign == "shown"))


def _is_of_none(words: list[str], start: int, reach: int = 4) -> bool:
    """Say whether a result is said of no test: "neither supine nor seated SLR was positive"."""
    if any(words[at : at + 2] == ["not", "one"] for at in range(max(0, start - LONG_REACH), start)):
        # "Of the tests, not one, Lasegue's included, was positive."
        return True
    for word in reversed(words[max(0, start - reach) : start]):
        if word in _NOT:
            return word not in ("not", "without")
        if word in (",", ";", "and", "with", "but"):
            return False
    return False


def _is_said_too(words: list[str], test: Mention, event: _Event, following: _Event | None) -> bool:
    """Say whether a test that has a result gets another: "positive on the left and negative on the right"."""
    start, end, *_ = event
    between = words[test.end : start]
    if following is not None and following[3] is not None and following[0] - end <= 6:
        return False
    after = words[end : end + 3]
    if len(between) > 10 or "no" in between:
        # "Tinel's was negative, and no swelling was | evident"
        return False
    if _is_of_side(words, event):
        return not _JOINED.isdisjoint(between)
    return ("and" in between or "but" in between) and ("on" in after or "in" in after or between[-1] in BE)


def _is_of_side(words: list[str], event: _Event) -> bool:
    """Say whether a result is told of a side: "right positive", "the left was normal"."""
    start, end, *_ = event
    before = start - 1 - (words[start - 1] in BE)
    return words[before] in _SIDES or (
        words[end : end + 1] == ["on"] and not _SIDES.isdisjoint(words[end + 1 : end + 3])
    )


_NEAR = 6
_ASIDE_MARKS = frozenset((",", "("))
_WHERE_TESTED = word_set("where tested")
# "Full strength of the extensor hallucis longus": one test, by two names.
_OF_ITS_OWN = (["of"], ["of", "the"])
_JOINED = frozenset((",", ";", "and", "but"))
_PARTS_CLAUSES = frozenset((",", ";", "and"))
_GRADABLE = frozenset(("reflex_change", "weakness", "limited_motion"))
_GRADE_REACH = 5


def _graded(words: list[str], tests: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Give strength or reflexes for each grade, and the tests (each the nearest to one) that have one.

    Reflexes of 1+ or 3+ are changed on one side; on both they are how this body is, and say nothing.
    """
    found: list[Mention] = []
    graded: list[Mention] = []
    if not any(test.fact in _GRADABLE for test in tests):
        return found, graded
    for start, end, is_reflex, grade in _grades(words):
        fitting = [test for test in tests if test.fact == ("reflex_change" if is_reflex else "weakness")]
        if not fitting and not is_reflex:
            # "Elbow flexion was 5/5": what is graded so is strength.
            moved = [
                t
                for t in tests
                if t.fact == "limited_motion" and (0 <= start - t.end <= _GRADE_REACH or t.start == end)
            ]
            fitting = [Mention("weakness", "test", t.start, t.end, t.status) for t in moved[-1:]]
            graded += moved[-1:]
        if fitting:
            nearest = _nearest(fitting, start, end)
            again = _copy(nearest)
            again.told, again.told_end = start, end
            is_normal = grade == 2 if is_reflex else grade >= 5
            again.status = "denied" if is_normal else "present"
            # "DTR (deep tendon reflexes) are 1+": one test, named twice
            graded += [test for test in fitting if test is nearest or 0 <= nearest.start - test.end <= 1]
            if not is_reflex or is_normal or not 1 <= grade < 4 or _is_of_one_side(words, nearest, end):
                found.append(again)
    return found, graded


def _nearest(tests: list[Mention], start: int, end: int) -> Mention:
    return min(tests, key=lambda test: max(test.start - end, start - test.end))


def _is_of_one_side(words: list[str], reflex: Mention, end: int) -> bool:
    """Say whether a grade is of one reflex or one side: not "DTR are 1+", "knee jerks 1+ bilaterally"."""
    near = words[max(0, reflex.start - LIST_REACH) : end + LIST_REACH]
    if not _BOTH_SIDES.isdisjoint(near):
        return False
    # "Reflexes are", not "the reflex is": words are read as singular.
    is_of_all = words[reflex.start] in ("dtr", "deep") or ("reflex" in near and not _ARE.isdisjoint(near))
    return not is_of_all or not _SIDES.isdisjoint(near)


_ARE = word_set("are")
_SIDES = word_set("one side")
_BOTH_SIDES = word_set("both sides")
_OUT_OF = frozenset(("out", "of"))
_GOES_ON = _OUT_OF | {"minus"}
# "L5-S1" is no grade of 5-.
_VERTEBRAE = frozenset("clts")


def _grades(words: list[str]) -> list[tuple[int, int, bool, float]]:
    """Find grades: first and last place, whether of a reflex ("2+") or of strength ("4/5"), the grade."""
    grades = []
    last = len(words) - 1
    for place, word in enumerate(words):
        if not begins_with_digit(word):
            if place == last or words[place + 1] not in _OUT_OF or (number := whole_number(word)) is None:
                continue
            # "Four out of five"
            word = str(int(number))
        if word[0] > "5":
            continue
        end, is_reflex = place + 1, False
        after: list[str] = []
        if place < last and words[place + 1] in _GOES_ON:
            after = ["5" if one == "five" else one for one in words[place + 1 : place + 5]]
        if word.endswith("/5") or word.endswith("/4") or word == "2/2":
            value, is_reflex = word.split("/")[0], not word.endswith("/5")
        elif after[:3] == ["out", "of", "5"]:
            value, end = word, place + 4
        elif after[:2] == ["of", "5"]:
            value, end = word, place + 3
        elif after == ["minus", "out", "of", "5"]:
            value, end = word + "-", place + 5
        elif len(word) == 2 and word[1] in "+-" and words[place - 1] not in _VERTEBRAE:
            value, is_reflex = word, True
        else:
            continue
        if value[:1].isdigit() and len(value) <= 2:
            grade = int(value[0]) + {"+": 0.2, "-": -0.5}.get(value[1:], 0.0)
            grades.append((place, end, is_reflex, 2.0 if is_reflex and value in ("2", "2+") else grade))
    return grades
