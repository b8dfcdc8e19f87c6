"""How long and how much: what a sentence says of a drug's use, of relief, of the time since an operation."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from imr_ml.extracting.care.results import LASTS, shares_told
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, HAD, Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit, is_year
from imr_ml.extracting.grammar.words import ANYTHING, CUE, THERAPIES, TOLD, TRAIT, word_set, word_values
from imr_ml.extracting.lexicon import whole_number

AMOUNTS = {
    "months_used": "longest time for which a drug is said to have been taken, in months",
    "months_since_surgery": "time since an operation, in months, the shortest",
    "months_since_study": "time since imaging or another study, in months, the shortest",
    "months_of_symptoms": "longest time since the injury, or that symptoms are said to last, in months",
    "months_of_care": "longest time that conservative care is said to have lasted, in months",
    "relief_percent": "largest relief by an injection, therapy or operation, in percent",
    "relief_weeks": "longest relief by an injection or therapy, in weeks",
    "pain_drop": "largest share by which a pain score fell with a drug or treatment, from 0 to 1",
    "morphine_equivalent": "morphine equivalent dose, in mg a day, the highest",
}
"""Amounts by name, each the column ``n_<name>`` of a table of facts."""

SHORTEST = frozenset(("months_since_surgery", "months_since_study"))
"""Amounts of which the lowest counts where several are stated; of the others it is the highest."""

_DAYS_A_MONTH = 30.4
MONTHS_OF = {unit: days / _DAYS_A_MONTH for unit, days in word_values("time unit").items()}
_WEEKS_A_MONTH = _DAYS_A_MONTH / 7
_UNITS = word_set("time unit")
_LONG_UNITS = frozenset([unit for unit, months in MONTHS_OF.items() if months >= 1])
_STARTS = word_set("starts")
_LASTING = word_set("lasting")
_OPERATED = word_set("operated")
_AFTER = word_set("after event")
_INJURY = word_set("injury behind time")
_GAVE = word_set("gave")
_MEASURES = word_set("measure of function")
_RELIEF = word_set("relief or pain")
_NAMED_RELIEF = word_set("named relief")
_LESS = word_set("fell")
_DOSES = word_set("dose")
_DRUG, _THERAPY, _STUDY, _CAN_HELP = (TRAIT[name] for name in ("drug", "therapy", "study", "can help"))
_OUTCOME = CUE["helped"] | CUE["failed"]
_NAMES_UNITS = TOLD["unit"]
_LASTS = TOLD["lasts"]
_PAIN = CUE["pain"]
_OUTCOME_OR_PAIN = _OUTCOME | _PAIN
UNITS_AND_DOSES = _UNITS | _DOSES | frozenset(("pod", "pow")) | frozenset(word_values("how often"))


def find_amounts(words: list[str], cues: int, mentions: list[Mention], told: int = ANYTHING) -> list[Mention]:
    """Give what a sentence says of durations, relief and doses, as mentions of kind ``amount``.

    >>> find_amounts("norco has been taken for 3 month".split(), TRAIT["drug"], [])
    [months_used=present(3)]
    """
    found: list[tuple[str, int, float]] = []
    names_units = bool(told & _NAMES_UNITS)
    if cues & _STUDY and names_units and not _HOW_OFTEN.keys().isdisjoint(words):
        found += _intervals(words, mentions)
    if names_units:
        found += _durations(words, cues, mentions)
    if cues & _THERAPY and told & _LASTS:
        found += [("relief_percent", place, share) for place, share, _ in shares_told(words, mentions)]
    if (
        cues & _CAN_HELP
        and cues & _OUTCOME_OR_PAIN
        and (cues & _THERAPY or _is_after_surgery(cues, mentions))
    ):
        found += _relief(words)
    if names_units:
        found += _doses(words)
        found += _after_operation(words)
    return [_amount(name, place, value) for name, place, value in found]


def _after_operation(words: list[str]) -> Iterator[tuple[str, int, float]]:
    """Give the time since an operation whose unit stands before its number: "POD 10", "post-op week 6"."""
    for place, word in enumerate(words[:-1]):
        if word == "day" and words[place + 2 : place + 4] in _OF_CARE:
            # "Day 8 of care"
            if (number := _number(words[place + 1])) is not None:
                yield "months_of_care", place, number * MONTHS_OF[word]
            continue
        days = _POSTOP_DAY.get(word)
        if days is None and word in _UNITS and place and words[place - 1] in _POSTOP:
            days = MONTHS_OF[word]
        if days is not None and (number := _number(words[place + 1])) is not None and number < _MOST_AFTER:
            yield "months_since_surgery", place, number * days


_POSTOP_DAY = {"pod": 1 / _DAYS_A_MONTH, "pow": 7 / _DAYS_A_MONTH}
_POSTOP = frozenset(("postop", "postoperative", "postoperatively", "op", "operative"))
_MOST_AFTER = 100
_OF_CARE = (["of", "care"], ["of", "treatment"], ["of", "therapy"])


def _is_after_surgery(cues: int, mentions: list[Mention]) -> bool:
    """Say whether relief may be that of an operation: "80% better than before the surgery"."""
    return not cues & _DRUG and any(one.kind == "surgery" and one.status in HAD for one in mentions)


def _amount(name: str, place: int, value: float) -> Mention:
    return Mention(name, "amount", place, place + 1, "present", round(value, 3))


def _durations(words: list[str], cues: int, mentions: list[Mention]) -> Iterator[tuple[str, int, float]]:
    is_operated = any(mention.kind == "surgery" and mention.status != "denied" for mention in mentions)
    had = [one for one in mentions if one.kind in THERAPIES and one.status in HAD] if cues & _THERAPY else []
    care = [one for one in had if one.kind == "treatment"]
    for place, word in enumerate(words):
        if word not in _UNITS or not place:
            continue
        start = place - 1
        number: float | None = None
        if words[start] in VAGUE:
            number, start = vague_number(words, place)
        if number is None:
            number = _number(words[start])
        is_nth = number is None and words[start] in _IN_A_ROW and words[start - 1] in _ORDINALS
        if is_nth:
            # "The fifth consecutive month"
            start -= 1
            number = _ORDINALS[words[start]]
        elif number is None and words[start] in _IN_A_ROW:
            # "Nine straight months"
            start -= 1
            number = _number(words[start])
        elif word in _WHOLE and number is None and words[start - 1] == "the" and words[start] in _LAST:
            number = 1.0
        if number is not None and 0 < number < 10 and place > 1 and words[start].isalpha():
            tens = whole_number(words[start - 1]) if words[start - 1].isalpha() else None
            if tens is not None and tens >= 20 and not tens % 10:
                # "Thirty-nine weeks"
                number, start = number + tens, start - 1
        if number is None and words[place - 1] == ")" and place > 3:
            number, start = _number(words[place - 2]), place - 4
        if words[max(0, place - 2) : place] == ["half", "a"]:
            number, start = 0.5, place - 2
        elif words[max(0, place - 3) : place] == ["and", "a", "half"] and place > 3:
            number, start = _number(words[place - 4]), place - 4
            number = number and number + 0.5
        # "On one day", "a 50 year old", but "the MRI is three years old"
        is_aged = words[place + 1 : place + 2] == ["old"] and not _is_age_of_study(words, place, mentions)
        is_moment = (word == "day" and number == 1) or is_aged
        lately = words[max(0, place - 4) : place - 1]
        if (
            number is None
            and cues & _STUDY
            and words[place - 1] in _LATEST
            and not _RECENTLY.isdisjoint(lately)
        ):
            # "Tested as recently as the preceding month"
            yield "months_since_study", start, MONTHS_OF[word]
        if number is None and is_operated and words[place - 1] in _LATEST and words[place - 2] not in _THE:
            # "He had surgery last month"
            yield "months_since_surgery", start, MONTHS_OF[word]
        if number is None and words[place - 1] in _EACH and cues & _STUDY:
            # "A screen every month"
            number = 1.0
        # "Six times 4 weeks", but "operated on for the first time 4 weeks ago"
        is_rate = words[start - 1 : start] == ["time"] and words[max(0, start - 2)] not in _NTH
        if number is None or number > 400 or is_moment or is_rate:
            continue
        if words[start] == "a" and start and (words[start - 1] in _OFTEN or whole_number(words[start - 1])):
            # "Two a week", "twice a week"
            continue
        months = number * MONTHS_OF[word]
        if words[start - 1] in _TO_COME:
            # "Over the next three months"
            continue
        ahead = words[place + 1 : place + 3]
        is_ago = (
            "ago" in ahead
            or "earlier" in ahead
            or _is_before_now(words, place)
            or _is_since_start(words, place, mentions)
        )
        before = words[max(0, start - 3) : start]
        is_bracketed = words[start - 1] == "(" or (
            # "Norco (chronic, 4 years)"
            words[start - 1] == "," and words[max(0, start - 3) : start - 2] == ["("]
        )
        bracket = "x" if is_bracketed and ahead[:1] == [")"] else ""
        if cues & _STUDY and not is_ago and _is_since_study(words, place, mentions):
            yield "months_since_study", start, months
            continue
        if words[start - 1] in _INTERVALS:
            # "Refilled | every | 3 months"
            continue
        is_after = (
            (not _AFTER.isdisjoint(ahead) and words[place + 1 : place + 3] not in _AFTER_ANOTHER)
            or "since" in words[place + 1 : place + 6]
            # "Surgery 18 months prior to this report"
            or (is_operated and (_is_before_now(words, place) or _goes_back(words, start, place, mentions)))
            or (words[start - 1] == "at" and not _POSTOP.isdisjoint(words[max(0, start - 3) : start - 1]))
            or (words[place + 1 : place + 2] == ["from"] and _is_operation_next(place + 1, mentions))
        )
        is_next = ahead[:1] != ["of"] and any(one.kind == "surgery" and one.end == start for one in mentions)
        if (
            is_operated
            and (words[start - 1] in _TIMES_MARK or is_next)
            and _is_right_after(words, start, mentions)
        ):
            # "S/p TKA x 8 weeks", "s/p TKA 8 weeks"
            yield "months_since_surgery", start, months
            continue
        # "9 months status post | work injury"
        reach = 6 if _STATUS_POST_WORDS.issuperset(words[place + 1 : place + 3]) else 4
        is_after_injury = not _INJURY.isdisjoint(words[place + 2 : place + reach])
        if is_after and not is_after_injury and (is_operated or not _OPERATED.isdisjoint(words)):
            # "Norco for six weeks after surgery" is no time gone by since.
            if words[start - 1] != "for":
                yield "months_since_surgery", start, months
            elif cues & _DRUG and not _TOOK_SO_LONG.isdisjoint(before):
                yield "months_used", start, months
        elif cues & _STUDY and (
            (is_ago and _is_of_same_clause(words, place, mentions))
            or _is_age_of_study(words, place, mentions)
        ):
            yield "months_since_study", start, months
        elif words[start - 1] == "of" and words[max(0, start - 2)] in _ACHES:
            # "Chronic knee pain | of | 2 years", beside therapy
            continue
        elif (
            care
            and not is_ago
            and _is_of_care(words, start, place, care)
            and not _is_of_listed_drug(words, start, care, mentions)
        ):
            yield "months_of_care", start, months
        elif (
            had
            and not is_ago
            and words[start] not in _LAST
            and words[start - 1] != "within"
            and not _is_of_drug_apart(words, start, had, mentions)
            and not (words[start - 1] == "of" and words[start - 2] in _TRIED_FOR)
            and _may_be_of_relief(words, cues, place)
            and any(";" not in words[min(one.end, place) : max(one.start, place)] for one in had)
        ):
            yield "relief_weeks", start, months * _WEEKS_A_MONTH
        elif (
            (cues & _DRUG or not _DRUG_WORDS.isdisjoint(words))
            and not (
                _STARTS.isdisjoint(words)
                if is_ago
                else not is_nth
                and "duration" not in words
                and _LASTING.isdisjoint((*_next_to(before), *ahead[:1], bracket))
                and not _is_on_drug(words, start, mentions)
                and not _is_spell_on(words, place, mentions)
            )
            and (is_ago or is_nth or _is_of_use(words, start, place, mentions))
        ):
            yield "months_used", start, months


def vague_number(words: list[str], place: int) -> tuple[float | None, int]:
    """Give the number before a unit of time that no numeral tells, None where there is none, and its place.

    A couple is two. "Several months" are three at least, which tells a long time from a short one; how long
    "several days" are nobody knows, and three of them would be made up.

    >>> vague_number("for a couple of week".split(), 4), vague_number("for several month".split(), 2)
    ((2.0, 2), (3.0, 1))
    >>> vague_number("for several day".split(), 2)
    (None, 1)
    """
    before = place - 1
    if words[before] == "of" and before and words[before - 1] in _COUPLE:
        return _COUPLE[words[before - 1]], before - 1
    if words[before] in _COUPLE:
        return _COUPLE[words[before]], before
    return (_VAGUE.get(words[before]) if words[place] in _LONG_UNITS else None), before


_TIMES_MARK = frozenset(("x",))
_ACHES = word_set("ache")


def _next_to(before: list[str]) -> list[str]:
    """Leave out a colon that is not right before a time: "Meds: Norco | 4 / day"."""
    return [*(word for word in before[:-1] if word != ":"), *before[-1:]]


_INTERVALS = word_set("each") | {"per"}


def _is_right_after(words: list[str], start: int, mentions: list[Mention]) -> bool:
    """Say whether a time is that since an operation: "s/p | fusion x 8 weeks"."""
    behind = max((one.end for one in mentions if one.end <= start), default=-1)
    # "CTR" names what it is done for, too.
    last = next((one for one in mentions if one.end == behind and one.kind == "surgery"), None)
    if last is None or last.status not in HAD or start - last.end > _CARE_REACH:
        return False
    return _STATUS_POST.issubset(words[max(0, last.start - _CARE_REACH) : last.start]) or "status" in words


_STATUS_POST = frozenset(("s", "p"))
_STATUS_POST_WORDS = frozenset(("status", "post", "s", "p"))


def _is_operation_next(place: int, mentions: list[Mention]) -> bool:
    """Say whether an operation is named right behind a word: "nine months from | the laminectomy"."""
    return any(one.kind == "surgery" and place < one.start <= place + 4 for one in mentions)


def _is_before_now(words: list[str], place: int) -> bool:
    """Say whether a time goes back from the request or the visit: "begun two weeks before the request"."""
    is_before = words[place + 1 : place + 2] in (["before"], ["prior"])
    return is_before and not _NOW.isdisjoint(words[place + 2 : place + 6])


def _goes_back(words: list[str], start: int, place: int, mentions: list[Mention]) -> bool:
    """Say whether so long has passed since an operation: "operated on | 4 weeks | earlier", "dates back"."""
    if words[start - 1] == "back" and words[max(0, start - 2)] in _DATES_BACK:
        return True
    behind = words[place + 1 : place + 3]
    if behind[:1] not in _EARLIER or (len(behind) > 1 and behind[1] not in _MARKS):
        return False
    return any(one.kind == "surgery" and 0 <= start - one.end <= _CARE_REACH for one in mentions)


_DATES_BACK = frozenset(("date", "dating", "dated", "go", "going", "went"))
_EARLIER = (["earlier"], ["previously"], ["back"], ["before"], ["prior"])


def _is_since_start(words: list[str], place: int, mentions: list[Mention]) -> bool:
    """Say whether a time has gone by since a drug was begun: "18 months | since Soma was added"."""
    place += 1
    while words[place : place + 1] and words[place] in _GONE_BY:
        place += 1
    if words[place : place + 1] != ["since"]:
        return False
    end = min(place + _START_REACH, len(words))
    end = next((at for at in range(place, end) if words[at] in _CLAUSE_END), end)
    return not _STARTS.isdisjoint(words[place + 1 : end]) and any(
        m.kind in DRUG_KINDS and place < m.start < end for m in mentions
    )


_START_REACH = 10
_GONE_BY = frozenset(("has", "have", "had", "now", "passed", "elapsed", "gone", "by"))
_CLAUSE_END = frozenset((",", ";", "and", "but"))


def _is_of_use(words: list[str], start: int, place: int, mentions: list[Mention]) -> bool:
    """Say whether a time is that of a drug's use, not of pain, of work or of what is planned."""
    drugs = [m for m in mentions if m.kind in DRUG_KINDS]
    ahead = words[place + 1 : place + 3]
    if ahead[:1] == ["early"] or ahead[:1] == ["late"]:
        # "Ran out of Norco ten days | early"
        return False
    if _is_spell_on(words, place, mentions):
        return True
    if (ahead[:1] == ["of"] or ahead == [")", "of"]) and any(place < m.start <= place + 4 for m in drugs):
        return True
    ends = {m.end - 1: m for m in drugs}
    is_used = False
    for back in range(start - 1, max(-1, start - _USE_REACH), -1):
        word = words[back]
        if word == ";":
            break
        if back in ends:
            if not _ENDS_USE.isdisjoint(words[max(0, ends[back].start - 2) : ends[back].end]):
                # "Off | Norco for three months"
                return False
            left_off = words[ends[back].start - 1] in _MISSES and words[start - 1] == "for"
            if left_off or not _PAUSES.isdisjoint(words[ends[back].end : start]):
                # "Norco was | held for five days", "| missed | Norco for four days"
                return False
            return is_used or ends[back].status in HAD
        is_used = is_used or word in _TAKES
        if word in _NOT_OF_USE and "for" not in words[max(0, back - _AIM_REACH) : back]:
            return is_used
    if is_used or not drugs:
        return True
    # "For six months he has used Norco"
    ahead = words[place + 1 : min((m.start for m in drugs if m.start > place), default=place)]
    return not (_TAKES | _TOOK).isdisjoint(ahead) and _APART.isdisjoint(ahead)


_USE_REACH = 12
_AIM_REACH = 4
_TOOK = word_set("use")
_TOOK_SO_LONG = frozenset(("taken", "used", "took"))
_APART = word_set("joins care") | {";"}
_NOT_OF_USE = word_set("not of use")
_ENDS_USE = frozenset(
    ("off", "without", "taper", "tapering", "tapered", "wean", "weaning", "weaned", "reduce", "detox", "quit")
)
_MISSES = frozenset(("missed", "skipped", "stopped", "held", "withheld"))
_PAUSES = frozenset(("held", "withheld", "paused", "suspended", "interrupted", "skipped", "ran"))


def _is_of_drug_apart(words: list[str], start: int, had: list[Mention], mentions: list[Mention]) -> bool:
    """Say whether a time is of a drug that a mark parts from care: "pump, 60% relief; | Ambien x 6 years"."""
    if words[start - 1] not in LASTS:
        return False
    drug = max((m for m in mentions if m.end <= start and m.kind in DRUG_KINDS), key=_end, default=None)
    if drug is None or start - drug.end > _CARE_REACH:
        return False
    last = max((one.end for one in had if one.end <= start), default=0)
    return last <= drug.start and not _APART_MARKS.isdisjoint(words[last : drug.start])


_end = attrgetter("end")
_APART_MARKS = frozenset((";", ":"))


def _is_of_listed_drug(words: list[str], start: int, care: list[Mention], mentions: list[Mention]) -> bool:
    """Say whether a time is of the drug right before it in a list: "PT x 4, | ibuprofen x 10 days"."""
    if words[start - 1] != "x":
        return False
    drug = next((m for m in mentions if m.kind == "drug" and m.end == start - 1), None)
    return drug is not None and words[drug.start - 1] in _APART_LISTED


_APART_LISTED = frozenset((",", ";", ":"))


def _is_on_drug(words: list[str], start: int, mentions: list[Mention]) -> bool:
    """Say whether a time stands right behind a drug that is taken: "he is on Norco six months"."""
    drug = next((m for m in mentions if m.end == start and m.kind in DRUG_KINDS), None)
    return drug is not None and not _TAKES.isdisjoint(words[max(0, drug.start - 2) : drug.start])


def _is_spell_on(words: list[str], place: int, mentions: list[Mention]) -> bool:
    """Say whether a time is spent on a drug: "three | years | on tramadol"."""
    return words[place + 1 : place + 2] == ["on"] and any(
        m.kind in DRUG_KINDS and m.status in HAD and 0 < m.start - place <= _SPELL_REACH for m in mentions
    )


_SPELL_REACH = 3
_TAKES = word_set("takes")
_NOW = word_set("time of request")
_IN_A_ROW = word_set("in a row")
_OFTEN = word_values("often")
_TO_COME = word_set("to come")
_LAST = word_set("last time")
_WHOLE = ("year", "month")
_ORDINALS = word_values("ordinal")
_NTH = _ORDINALS.keys() | {"first"}


def _intervals(words: list[str], mentions: list[Mention]) -> Iterator[tuple[str, int, float]]:
    """Give how often a study is done: the last was no longer ago ("monthly urine tests")."""
    studies = [one for one in mentions if one.kind == "study" and one.status in HAD]
    for place, word in enumerate(words):
        if word in _HOW_OFTEN and any(
            -2 <= one.start - place <= 3 or place - one.end in (0, 1) for one in studies
        ):
            yield "months_since_study", place, _HOW_OFTEN[word] / _DAYS_A_MONTH


_HOW_OFTEN = word_values("how often")


def _is_since_study(words: list[str], place: int, mentions: list[Mention]) -> bool:
    """Tell whether a time has gone by since a study, or goes by between studies.

    "Tested six weeks | before", "a month | since the last test", "a screen every | month", "no screening for
    over a | year".
    """
    studies = [one for one in mentions if one.kind == "study"]
    if any(one.status in HAD for one in studies):
        ahead = words[place + 1 : place + 3]
        if ahead and ahead[0] in _BEFORE_NOW:
            return len(ahead) == 1 or ahead[1] in _MARKS
        if ahead[:1] == ["since"]:
            return any(place < one.start <= place + _CARE_REACH for one in studies)
        spread = words[max(0, place - 2) : place]
        return not _EACH.isdisjoint(spread) and any(one.end <= place for one in studies)
    return not _FOR.isdisjoint(words[max(0, place - 4) : place]) and any(
        one.end <= place and one.status != "planned" for one in studies
    )


_COUPLE = word_values("couple")
_VAGUE = word_values("vague number")
VAGUE = _VAGUE.keys() | _COUPLE.keys() | {"of"}
"""Words before a unit of time of which each may end a number without a numeral: "a couple |of| weeks"."""
_BEFORE_NOW = word_set("before now")
_EACH = word_set("each")
_MARKS = word_set("phrase mark")
_THE = word_set("spans")
_LATEST = word_set("latest")
_RECENTLY = word_set("recently")


def _is_age_of_study(words: list[str], place: int, mentions: list[Mention]) -> bool:
    """Say whether a time is how old a study is: "the MRI is 18 months old", "a year since the last MRI"."""
    if words[place + 1 : place + 2] == ["old"] and _is_of_latest_one(words, place):
        # "Repeat MRI of the neck, the last one being eight years old"
        return any(one.kind == "study" and 0 < place - one.end <= _ONE_REACH for one in mentions)
    # "The MRI dates back two years."
    if words[place + 1 : place + 2] == ["old"] or "back" in words[max(0, place - 4) : place]:
        return any(one.kind == "study" and 0 < place - one.end <= _STUDY_REACH for one in mentions)
    return "since" in words[place + 1 : place + 5] and any(
        one.kind == "study" and 0 < one.start - place <= _STUDY_REACH + 3 for one in mentions
    )


def _is_of_latest_one(words: list[str], place: int) -> bool:
    for back in range(max(1, place - _STUDY_REACH), place):
        if words[back] == "one" and words[back - 1] in _LATEST:
            return True
    return False


_STUDY_REACH = 6
_ONE_REACH = 16


def _is_of_same_clause(words: list[str], place: int, mentions: list[Mention]) -> bool:
    """Say whether no semicolon parts a time from the study: "he quit a year | ago; MRI negative"."""
    return ";" not in words or any(
        one.kind == "study" and ";" not in words[min(place, one.end) : max(place, one.start)]
        for one in mentions
    )


def _may_be_of_relief(words: list[str], cues: int, place: int) -> bool:
    """Say whether a time may be that of relief, not of what was taken: "a month of meloxicam"."""
    ahead = words[place + 1 : place + 3]
    if place > 2 and words[place - 2] in LASTS and words[place - 3] in _ROUND_SHARES:
        # "80% x 3 months"
        return True
    if ahead[:1] == ["off"] or ahead[:1] == ["without"] or ahead == ["with", "no"]:
        return False
    if ahead[:1] == ["and"] and "not" in words[place + 2 : place + 4]:
        # "Lasted 16 weeks and did not help"
        return False
    if words[place + 1 : place + 2] == ["of"] and _RELIEF.isdisjoint(words[place + 2 : place + 5]):
        return False
    lead = words[max(0, place - _CARE_REACH) : place]
    if "off" in lead and not _WEARS.isdisjoint(lead):
        # "The epidural wore off after | 8 weeks"
        return True
    return bool(cues & CUE["helped"]) or not (_LESS | _LASTED | _HELPS).isdisjoint(words)


_WEARS = frozenset(("wore", "worn", "wear", "wearing"))


_ROUND_SHARES = frozenset(str(share) for share in range(20, 105, 5))
_LASTED = word_set("lasted")
_HELPS = word_set("helps so long")
_CARE_REACH = 6


def _is_of_care(words: list[str], start: int, place: int, care: list[Mention]) -> bool:
    """Say whether a time is that of care, not of its relief: "six weeks of therapy", "therapy for a year"."""
    if any(one.start <= place < one.end for one in care):
        # "Two | weeks of therapy |"
        return True
    # "A 12-week course of care"
    of = place + 1 + bool(words[place + 1 : place + 2] and words[place + 1] in _TRIED_FOR)
    if words[of : of + 1] == ["of"]:
        # "Two weeks of relief, then therapy"
        reach = min((one.start for one in care if one.start > place), default=place)
        return place < reach <= place + _CARE_REACH and _RELIEF.isdisjoint(words[of + 1 : reach])
    if words[start - 1] not in _FOR and any(
        one.start == place + 1 and one.kind == "treatment" for one in care
    ):
        # "Six weeks | PT"
        return True
    nearest = max((one for one in care if one.end <= start), key=attrgetter("end"), default=None)
    if _is_treated_so_long(words, start, place, care):
        return True
    if nearest is None:
        return False
    between = words[nearest.end : start]
    if between == ["("] and words[place + 1 : place + 2] == [")"]:
        # "Physical therapy (6 weeks)"
        return True
    if between[-1:] == ["for"] and between[-2:-1] and between[-2] in _GOOD and between[-3:-2]:
        # "Therapy without improvement | for 7 months"
        return between[-3] in _LACKS
    # "Care of the cervical spine over six weeks": which part it is of takes it no further away.
    if len([word for word in between if word not in _OF_THE_PART]) > _CARE_REACH:
        return False
    if not _OF_LEAVE.isdisjoint(between):
        return False
    return (
        _ONGOING.isdisjoint(words[max(0, nearest.start - 3) : nearest.start])
        and ("duration" in words or not _FOR.isdisjoint(between))
        and (
            _RELIEF_NAMED.isdisjoint(words if "lasted" in between else between)
            or (not _WAS_PROVIDED.isdisjoint(between) and _RELIEF_NAMED.intersection(between) == {"provided"})
        )
    )


def _is_treated_so_long(words: list[str], start: int, place: int, care: list[Mention]) -> bool:
    """Say whether a time stands between being treated and the care: "treated for a year | with a brace"."""
    if words[start - 1] not in _FOR_OR_OVER or _TREATED.isdisjoint(
        words[max(0, start - _CARE_REACH) : start]
    ):
        return False
    reach = min((one.start for one in care if one.start > place), default=place)
    between = words[place + 1 : reach]
    return 0 < len(between) <= _CARE_REACH and between[0] in _WITH_CARE and ";" not in between


_FOR_OR_OVER = frozenset(("for", "over", "past", "last", "during", "the"))
_TREATED = frozenset(("treated", "treatment", "managed", "care", "management"))
_WITH_CARE = frozenset(("with", "has", "by", "consisted", "included", "using", "through", "have"))
_GOOD = frozenset(("improvement", "relief", "benefit", "change", "success", "progress", "response"))
_LACKS = word_set("no") | {"any", "lasting", "significant", "little", "much", "real", "sustained"}
# "Continuation of therapy for two weeks" is asked for.
_ONGOING = word_set("another course")
_FOR = word_set("for so long")
_OF_THE_PART = word_set("rated part") | {"of", "the", "his", "her", "left", "right", "spine", "c", "l", "t"}
_WAS_PROVIDED = frozenset(("been", "was", "were"))
_OF_LEAVE = word_set("of leave")
_TRIED_FOR = word_set("tried for")
_RELIEF_NAMED = word_set("brought relief")


_DRUG_WORDS = word_set("drug word")


def _numbered(words: list[str]) -> list[int]:
    """Give the places of words that begin with a digit."""
    return [place for place, word in enumerate(words) if begins_with_digit(word) or word == "zero"]


# "Fusion in 2009 and removal of hardware two years | after |"
_AFTER_ANOTHER = (["after"], ["after", ","], ["after", ";"])
_PARTS_OF_ALL = word_values("share")
_HALVES = frozenset(("half", "halved", "quarter"))
_LASTED_FOR = frozenset(("for", "over", "during", ",", "and"))


def _parts_of_all(words: list[str]) -> Iterator[tuple[str, int, float]]:
    """Give relief told in parts: "half of his pain", "dropped by three quarters"."""
    for place, word in enumerate(words):
        if word in _PARTS_OF_ALL and not _RELIEF.isdisjoint(words[max(0, place - 6) : place + 6]):
            times = whole_number(words[place - 1]) if place and word != "half" else None
            behind = words[place + 1 : place + 4]
            if behind[:1] == ["time"] or not (_UNITS.isdisjoint(behind) or behind[0] in _LASTED_FOR):
                # "Half an | hour", but "fell by half for two | months"
                continue
            # "The | third injection" is a number of it, "a third" is a share.
            if word in _HALVES or times is not None or words[place - 1] == "a" or behind[:1] == ["of"]:
                share = _PARTS_OF_ALL[word] * (times if times in (2, 3) else 1.0)
                yield "relief_percent", place, share - _is_bound(words, place)


def _whole_relief(words: list[str]) -> Iterator[tuple[str, int, float]]:
    """Give relief that was whole: "complete relief", "total pain relief", not "no complete relief"."""
    for place, word in enumerate(words[:-1]):
        if word not in _WHOLLY:
            continue
        behind = place + 1 + (words[place + 1] == "pain")
        if words[behind : behind + 1] not in _ALL_RELIEF:
            continue
        if _DENIES.isdisjoint((*words[max(0, place - 4) : place], *words[behind + 1 : behind + 4])):
            yield "relief_percent", place, 100.0


_WHOLLY = frozenset(("complete", "total", "full"))
_ALL_RELIEF = (["relief"], ["resolution"])
_DENIES = word_set("no or free") | {"never", "until", "not", "less", "near", "nearly", "almost"}


def _relief(words: list[str]) -> Iterator[tuple[str, int, float]]:
    if not _PARTS_OF_ALL.keys().isdisjoint(words):
        yield from _parts_of_all(words)
    if not _WHOLLY.isdisjoint(words):
        yield from _whole_relief(words)
    if "percent" in words:
        for place in range(1, len(words)):
            if words[place] == "percent" and words[place - 1].isalpha():
                number = whole_number(words[place - 1])
                # "Relief from the block: about seventy | percent"
                before = words[max(0, place - 10) : place - 1]
                is_relief = not _RELIEF.isdisjoint(words[place + 1 : place + 3])
                if number and (is_relief or not _NAMED_RELIEF.isdisjoint(before)):
                    yield "relief_percent", place - 1, number
    for place in _numbered(words):
        number = _number(words[place].split("-")[-1])
        before = words[place - 1 : place]
        # "Therapy x 10 helped"
        is_counted = before == ["which"] or before == ["x"] or (number == 10 and before in (["of"], ["to"]))
        if number is None or not 10 <= number <= 100 or is_counted:
            continue
        if before == ["to"] and place > 1 and (_number(words[place - 2]) or 0) > number:
            # "The score fell from 34 to 20"
            continue
        ahead = words[place + 1 : place + 3]
        # "From 45 to 70 degrees"
        unit = words[place + 3 : place + 4] if ahead[:1] == ["to"] else ahead[:1]
        if ahead and (ahead[0] in _UNITS or ahead[0] in _MEASURES or ahead[0] == "time"):
            # "A trial of 30 | days", "seen 10 | times, with benefit"
            continue
        if number % 5 and not (ahead and ahead[0] in _NAMED_RELIEF):
            # A share of relief is a round number, but where it is named as relief at once.
            continue
        is_of_pain = ahead[:1] == ["of"] and "pain" in words[place + 2 : place + 5]
        if (
            not _RELIEF.isdisjoint(ahead)
            or is_of_pain
            or (place > 1 and words[place - 2] in _NAMED_RELIEF)
            # "Relief with the block: | 60%"
            or (before == [":"] and not _NAMED_RELIEF.isdisjoint(words[max(0, place - 6) : place]))
            or (
                not _GAVE.isdisjoint(words[max(0, place - 2) : place])
                and _UNITS.isdisjoint(ahead)
                and _MEASURES.isdisjoint(unit)
                and not _RELIEF.isdisjoint(words[max(0, place - 10) : place + 8])
            )
        ):
            yield "relief_percent", place, number - _is_bound(words, place)


def _is_bound(words: list[str], place: int) -> bool:
    """Say whether a number is one that was not reached: "less than | 50"."""
    return words[place - 1] in _UNDER or words[max(0, place - 2) : place] == ["less", "than"]


_UNDER = frozenset(("under", "below"))


def _doses(words: list[str]) -> Iterator[tuple[str, int, float]]:
    for place, word in enumerate(words):
        if word not in _DOSES or (
            word == "equivalent" and "morphine" not in words[max(0, place - 2) : place]
        ):
            continue
        if not _CEILING.isdisjoint(words[place + 1 : place + 2]):
            # "Below the 120 MED ceiling" tells a bound and no dose.
            continue
        amount = [one for one in words[max(0, place - 3) : place] if one != "oral"]
        is_equal = amount[-1:] == ["mg"] and not _EQUALS.isdisjoint(words[max(0, place - 5) : place])
        if word == "morphine" and not ((is_equal or amount[-2:] == ["mg", "of"]) and _is_daily(words, place)):
            continue
        if word == "med" and place and words[place - 1] in _NO_DOSE:
            continue
        if word != "morphine" and (changed := _changed_dose(words, place)) is not None:
            yield "morphine_equivalent", changed, float(words[changed])
            continue
        reach = range(max(0, place - _DOSE_REACH), min(place + _DOSE_REACH + 2, len(words)))
        near = sorted((abs(at - place), at) for at in reach if at != place)
        for _, at in near:
            number = whole_number(words[at])
            between = words[min(at, place) + 1 : max(at, place)]
            if words[at + 1 : at + 2] in _HOURS:
                # "150 mg morphine equivalents per | 24 hours"
                continue
            if number is not None and (
                (word != "med" and (at - place < _DOSE_REACH or _OF_DOSES.issuperset(between)))
                # "PT #10, meds" names no dose.
                or (number >= 5 and _OF_DOSES.issuperset(between) and (at > place or "," not in between))
            ):
                yield "morphine_equivalent", at, number
                break


_EQUALS = word_set("dose equals")


def _changed_dose(words: list[str], place: int) -> int | None:
    """Give where the dose stands to which one came: "gone from 40 mg to | 220 | mg", "to | 40 | from 120".

    Nothing where the words between are others, as of what is planned.
    """
    text = words[place + 1 : place + _CHANGE_REACH]
    numbers = [at for at, word in enumerate(text) if word.isdecimal() and not is_year(word)][:2]
    if len(numbers) < 2:
        return None
    first, second = numbers
    lead, between = text[:first], [word for word in text[first + 1 : second] if word not in _DOSE_UNITS]
    if lead and _OF_CHANGES.issuperset(lead) and _is_told_anew(between, text[second + 1 :]):
        # "The MED, 40 in 2014, is now | 160 |"
        return place + 1 + second
    if not lead or not _OF_CHANGES.issuperset(lead) or _CHANGES.isdisjoint(lead):
        return None
    is_down_from = between[-1:] == ["from"] and {"was", ",", "down", "up"}.issuperset(between[:-1])
    if lead[-1] == "from" and between[-1:] == ["to"] and {"up", "down"}.issuperset(between[:-1]):
        return place + 1 + second
    return place + 1 + first if lead[-1] in ("to", "at") and is_down_from else None


def _is_told_anew(between: list[str], behind: list[str]) -> bool:
    """Say whether words between two doses tell that the second is that of today: "in 2014, is now"."""
    behind = [word for word in behind if word not in _DOSE_UNITS]
    is_now = not _TODAY.isdisjoint(between) or not _TODAY.isdisjoint(behind[:1])
    return is_now and all(word in _TOLD_ANEW or is_year(word) for word in between)


_TODAY = frozenset(("now", "currently", "today", "presently"))
_TOLD_ANEW = _TODAY | {
    *("in", "at", "last", "year", "month", "before", "previously", "initially", "earlier", "first", "ago"),
    *(",", "and", "but", "is", "it", "has", "risen", "fallen", "come", "down", "up", "to", "stand"),
}
_CHANGE_REACH = 18
_CHANGES = word_set("change of a dose")
_OF_CHANGES = (
    _CHANGES
    | word_set("of a dose")
    | {"has", "had", "have", "been", "from", "more", "than", "since", "then", "dosing"}
)
_DOSE_UNITS = frozenset(("mg", "med", "mme", "milligram", "per", "day", "a", "daily", "/"))
_DOSE_REACH = 5
_HOURS = (["hour"], ["hr"], ["h"])


def _is_daily(words: list[str], place: int) -> bool:
    return not _DAILY.isdisjoint(words[place + 1 : place + 4])


# "Meds: Norco 10" names drugs.
_OF_DOSES = word_set("of a dose")
_NO_DOSE = word_set("no dose")
_DAILY = word_set("daily")
_CEILING = word_set("ceiling")


def _number(word: str) -> float | None:
    if "." in word and word.replace(".", "", 1).isdigit():
        # "3.5 months"
        return float(word)
    return 1.0 if word in ("a", "an") else whole_number(word.removesuffix("+"))
