"""How many sessions of a treatment were had, where a sentence counts them."""

from __future__ import annotations

import itertools
import re

from imr_ml.extracting.grammar.mentions import HAD, Mention
from imr_ml.extracting.grammar.words import THERAPIES, word_set, word_values
from imr_ml.extracting.lexicon import whole_number


def count_sessions(words: list[str], mentions: list[Mention]) -> None:
    """Give each treatment the number of its sessions that a sentence tells."""
    therapies = [m for m in mentions if m.fact in COUNTED]
    if not therapies:
        return
    for place, word in enumerate(words):
        if word not in _UNITS:
            continue
        near = [m for m in therapies if m.start - 6 <= place <= m.end + (6 if len(therapies) > 1 else 10)]
        if words[place + 1 : place + 2] == ["of"]:
            near = [m for m in near if m.start >= place]
        if not near:
            continue
        is_rate = words[place + 1 : place + 2] == ["weekly"] or words[place + 2 : place + 3] == ["week"]
        count = None if is_rate else _count_before(words, place)
        if count is None and place + 1 < len(words):
            after = words[place + 1 : place + 3]
            if after[0] == "," and words[place + 3 : place + 5] == ["in", "all"]:
                after = after[1:]
            skipped = len(after) > 1 and after[0] in ("x", "time", ":", "for", "(", "number")
            told = words.index(after[0], place + 1) + skipped
            count = _number_from(words, told)
            if words[place + 2 : place + 3] in (["time"], ["x"], ["per"]):
                count = None
            elif skipped and not _TIMES.isdisjoint(words[told + 1 : told + 2]):
                # "Treatment x 26 weeks (PT)" counts no visits.
                count = None
            elif count is None:
                ahead = place + 1
                while ahead < len(words) and words[ahead] in _DONE_WORDS:
                    ahead += 1
                ahead = ahead if ahead < len(words) else place
                count = (
                    _number_from(words, ahead) if _OF_TIME.isdisjoint(words[ahead + 1 : ahead + 2]) else None
                )
        if count and words[place + 1 : place + 2] == ["each"]:
            # "Six sessions each of massage and acupuncture"
            for therapy in near:
                therapy.value = max(therapy.value or 0.0, count)
        elif count:
            therapy = _nearest(near, place)
            therapy.value = max(therapy.value or 0.0, count)
    if "which" in words and (count := _given_of(words)):
        therapies[0].value = count
    if "number" in words and (count := _number_of_visits(words)):
        therapies[0].value = count
    for therapy in therapies:
        if therapy.value and (used := _used_of_granted(words, therapy)):
            therapy.value = used
    wanted = [one for one in therapies if one.status == "planned"]
    if wanted and len({one.fact for one in therapies}) == 1 and not _HAVING.isdisjoint(words):
        mentions.extend(had_of(wanted, words, therapies[-1].end))
    if not (_WEEK.isdisjoint(words) or _WENT.isdisjoint(words)):
        therapies[0].value = max(therapies[0].value or 0.0, _times_weeks(words) or 0.0) or None
    if not _SEEN.isdisjoint(words):
        for place, word in enumerate(words):
            if word == "time" and place and (count := _number_to(words, place - 1)):
                nearest = _nearest(therapies, place)
                nearest.value = max(nearest.value or 0.0, count)
    for therapy in therapies:
        if words[therapy.start - 1 : therapy.start] == ["continue"]:
            # "Continue therapy, 6 visits": they are to come.
            therapy.value = None
            continue
        if therapy.value is None and therapy.fact == "psychotherapy" and "hour" in words:
            therapy.value = _hours_of(words, therapy)
        if therapy.value is None and (count := _bare_count(words, therapy)):
            therapy.value = count
            continue
        after = words[therapy.end : therapy.end + 2]
        beside = (*after[after[:1] == [":"] :][:1], *words[therapy.start - 1 : therapy.start])
        all_done = next(filter(None, map(_ALL_DONE.fullmatch, beside)), None)
        if therapy.value is None and all_done:
            # "PT 6/6 completed", "completed 12/12 PT"
            therapy.value = float(all_done[1])
            continue
        if therapy.value is None and "x" in words[therapy.end + 1 : therapy.end + _PART_REACH]:
            # "PT of the left knee x 5"
            times = words.index("x", therapy.end)
            if _NOT_OF_PARTS.isdisjoint(words[therapy.end : times]) and not words[times - 1].isdigit():
                after = words[times : times + 2]
                is_time = not _TIMES.isdisjoint(words[times + 2 : times + 3])
                therapy.value = None if is_time or len(after) < 2 else whole_number(after[1])
            continue
        if therapy.value is None and after[:1] in (["x"], ["time"]) and len(after) == 2:
            # "Therapy x 8 weeks" counts no visits.
            is_time = words[therapy.end + 2 : therapy.end + 3] in (["week"], ["month"], ["wk"])
            therapy.value = None if is_time else _number_from(words, therapy.end + 1)
        elif (
            therapy.value is None
            and not _UNITS.isdisjoint(words)
            and therapy.start
            and words[therapy.start] not in _TIMES
        ):
            # "24 visits of one and 8 of the other", "36 of one and 12 visits of the other"
            before = therapy.start - 1
            place = before - (words[before] == "of")
            therapy.value = whole_number(words[place]) if place >= 0 else None


def _nearest(therapies: list[Mention], place: int) -> Mention:
    return min(therapies, key=lambda therapy: max(therapy.start - place, place - therapy.end, 0))


def _hours_of(words: list[str], therapy: Mention) -> float | None:
    """Give the hours of a therapy that is had by the hour: "six hours | of CBT", not "two hours a week"."""
    place = therapy.start if words[therapy.start] == "hour" else therapy.start - 2
    if place < 1 or words[place] != "hour" or not _RATES.isdisjoint(words[therapy.end : therapy.end + 2]):
        return None
    count = _number_to(words, place - 1)
    return count if count and count <= _MOST_HOURS else None


_RATES = frozenset(("a", "per", "weekly", "each", "every", "monthly"))
_MOST_HOURS = 200


def _bare_count(words: list[str], therapy: Mention) -> float | None:
    """Give visits told without a word for them: "12 PT", "PT (x12)", "PT #8", "PT 2x6", "6 of 8 PT"."""
    start, end = therapy.start, therapy.end
    if words[end + 1 : end + 2] == ["x"] and words[end].isdigit() and words[end + 2 : end + 3]:
        # "PT 2x6", but not "2 x/wk"
        weeks = words[end + 2]
        is_course = (
            not _HAVING.isdisjoint(words)
            and weeks.isdigit()
            and int(words[end]) <= _MOST_OFTEN
            and int(weeks) <= _MOST_WEEKS
        )
        return float(words[end]) * float(weeks) if is_course else None
    if words[end : end + 1] and words[end] in _HAVING:
        # "PT attended: 10", "PT completed 16 (1/6 to 3/3)"
        told = end + 1 + (words[end + 1 : end + 2] == [":"])
        if told < len(words) and words[told].isdigit() and int(words[told]) <= _MOST_BARE:
            ends_so = _ends_count(words, told + 1) or words[told + 1] == "("
            return float(words[told]) if ends_so else None
    if words[start - 1 : start] != [] and words[start - 1] in _ATTENDED:
        # "Completed PT for the neck: three"
        colon = next((at for at in range(end, min(end + _PART_REACH, len(words))) if words[at] == ":"), -1)
        count = _number_from(words, colon + 1) if end < colon < len(words) - 1 else None
        if count and count <= _MOST_BARE and _ends_count(words, colon + 2):
            return count
    opened = end + (words[end : end + 1] == ["("])
    if words[end : end + 2] in _SO_FAR and words[end + 2 : end + 3] == [":"]:
        end = opened = end + 2
    # "Prior acupuncture: 4", "acupuncture to date: 22"
    answered = words[end : end + 1] == [":"]
    told = opened + answered + (opened > end and words[opened : opened + 1] in (["x"], ["#"]))
    if told < len(words) and words[told].isdigit():
        ends_so = words[told + 1 : told + 2] == [")"] if opened > end else _ends_count(words, told + 1)
        if ends_so and _FEWEST_BARE <= int(words[told]) <= _MOST_BARE:
            return float(words[told])
    before = start - 1
    while before > 0 and words[before] in _ADDED:
        before -= 1
    if before >= 0 and words[before].isalpha() and words[start] in _COUNTED_SO:
        # "Four massages", "six needlings"
        count = _number_to(words, before)
        return count if count and count >= _FEWEST_BARE and end < len(words) else None
    if before < 0 or not words[before][0].isdigit() or words[start] in _TIMES:
        # "16 | weeks of therapy |" counts no visits.
        return None
    number, slash, whole = words[before].partition("/")
    if slash:
        is_had = words[before - 1] in _HAVING or words[end : end + 1] in (["done"], ["completed"])
        is_share = is_had and number.isdigit() and whole.isdigit()
        return float(number) if is_share and int(number) <= int(whole) <= _MOST_BARE else None
    if words[before - 1] == "of" and (part := whole_number(words[before - 2])) and before > 1:
        return part
    is_bare = number.isdigit() and _FEWEST_BARE <= int(number) <= _MOST_BARE
    return float(number) if is_bare and (before == 0 or words[before - 1] in _BEFORE_BARE) else None


def _ends_count(words: list[str], place: int) -> bool:
    if place >= len(words) or words[place] in _AFTER_BARE or words[place : place + 2] in _SO_FAR:
        return True
    # "PT 14 | of 24"
    return words[place] == "of" and words[place + 1 : place + 2] != [] and words[place + 1].isdigit()


_COUNTED_SO = frozenset(("massage", "needling"))
_SO_FAR = (["to", "date"], ["so", "far"])
_MOST_OFTEN = 5
_MOST_WEEKS = 16
_FEWEST_BARE = 2
_MOST_BARE = 100
_BEFORE_BARE = word_set("before bare count")
_AFTER_BARE = frozenset((",", ";", ")", "(", "completed", "done", "so", "with", "without", "and"))


def had_of(therapies: list[Mention], words: list[str], start: int) -> list[Mention]:
    """Give a therapy again, as had so often: "8 more visits are requested; | 16 have been completed"."""
    if len({one.fact for one in therapies}) != 1 or _HAVING.isdisjoint(words):
        return []
    for place in range(start, len(words)):
        if words[place] not in _HAVING:
            continue
        ahead = place + 1 + (words[place + 1 : place + 2] in _ABOUT)
        count = _number_from(words, ahead) if ahead < len(words) else None
        counted = ahead
        if count is not None and _is_counted(words, ahead + 1, place):
            if not _NOT_HAD.isdisjoint(words[max(start, place - _LEAD_REACH) : place]):
                count = None
        else:
            # "Only 4 visits | have been | attended"
            counted = place - 1
            while counted > start and (words[counted] in _BEFORE_HAVING or words[counted] in _UNITS):
                counted -= 1
            count = _number_to(words, counted) if counted >= start else None
            has_unit = not _UNITS.isdisjoint(words[counted:place])
            if not has_unit and words[place] not in _ATTENDED:
                count = None
        if count:
            return [
                Mention(therapies[0].fact, therapies[0].kind, counted, place + 1, "present", count)
                if counted <= place
                else Mention(therapies[0].fact, therapies[0].kind, place, counted + 1, "present", count)
            ]
    return []


UNNAMED_VISITS = "unnamed_visits"
VISITS_HAD = "visits_had"
"""Visits of care that their sentence does not name, a mention of kind ``score``."""


def without_unnamed(mentions: list[Mention]) -> list[Mention]:
    """Leave out visits without a name where their therapy is named beside them: "acupuncture sessions"."""
    facts = {one.fact for one in mentions}
    if UNNAMED_VISITS not in facts or COUNTED.isdisjoint(facts):
        return mentions
    return [one for one in mentions if one.fact != UNNAMED_VISITS]


def names_no_therapy(mentions: list[Mention]) -> bool:
    """Say whether a sentence names no therapy or injection, or only visits."""
    return all(one.fact == UNNAMED_VISITS for one in mentions if one.kind in THERAPIES)


def unnamed_visits(words: list[str]) -> list[Mention]:
    """Give the visits that a sentence counts as had without naming the care: "visits attended: 5".

    >>> unnamed_visits("visit attended : 5".split())
    [visits_had=present(5)]
    >>> unnamed_visits("he completed 8 : rotation 70".split())
    [visits_had=present(8)]
    """
    for place, word in enumerate(words):
        if word in _BARELY_DONE and (bare := _bare_done(words, place)):
            return [bare]
        if word not in _UNITS or (place and words[place - 1] in _OFFICE):
            continue
        end = place + 1
        is_had = False
        while end < len(words) and words[end] in _DONE_WORDS:
            is_had = is_had or words[end] in _TOLD_HAD
            end += 1
        if is_had and end < len(words) and (count := _count_told(words, end)) is not None:
            # "Visits to date: 5", "sessions completed: none"
            return [Mention(VISITS_HAD, "score", place, end + 1, "present", count)]
        start = place - 1
        while start > 0 and words[start] in _ADDED and words[start] != "of":
            is_had = is_had or words[start] in _EARLIER
            start -= 1
        count = _number_to(words, start) if start >= 0 else None
        if count is None:
            continue
        if words[start - 1] == "of" and start > 1 and (part := whole_number(words[start - 2])):
            # "Completed: 10 of 12 visits"
            count, start = part, start - 2
        lead = words[max(0, start - _LEAD_REACH) : start]
        behind = words[place + 1 : place + 1 + _LEAD_REACH]
        is_used = _are_used(words, place + 1)
        if not _ASKED_FOR.isdisjoint((*lead, *behind)) and not is_used:
            continue
        is_dated = not start and bool(behind) and behind[0][0].isdigit() and "/" in behind[0]
        is_led = bool(lead) and (lead[-1] in _LEADS_HAD or (lead[-1] == ":" and lead[-2:-1] in _DONE_SO))
        is_followed = not _HAVING.isdisjoint(behind) and not _NOT_HAD.intersection(behind)
        if behind and not is_followed:
            # "Forty-four" is two words.
            is_first = start <= (start == 1 and whole_number(words[0]) is not None)
            is_followed = _tells_had(words, place + 1, is_first=is_first)
        if is_dated or is_led or is_followed or is_used or is_had:
            return [Mention(VISITS_HAD, "score", max(start, 0), place + 1, "present", count)]
    return []


def _are_used(words: list[str], place: int) -> bool:
    """Say whether visits, authorized or not, were used: "six visits | were authorized and attended"."""
    for word in words[place : place + 2 * _LEAD_REACH]:
        if word in _USED:
            return True
        if word in _NOT_HAD or whole_number(word) is not None:
            # "Of which three were used"
            return False
    return False


def _bare_done(words: list[str], place: int) -> Mention | None:
    """Give visits that no word names: "completed | 8: rotation is better", "six | done, motion improved"."""
    ahead = place + 1
    if ahead < len(words) and words[place] in _ATTENDED and words[place - 1 : place] != ["be"]:
        count = _number_from(words, ahead)
        behind = words[ahead + 1 : ahead + 2]
        if count and count <= _MOST_BARE and (not behind or behind[0] in _ENDS_BARE):
            return Mention(VISITS_HAD, "score", place, ahead + 1, "present", count)
    behind = words[ahead : ahead + 1]
    if not place or (behind and behind[0] not in _ENDS_BARE and behind[0] not in _DATES_DONE):
        return None
    count = _number_to(words, place - 1)
    first = place - 1 - (place > 1 and whole_number(words[place - 2]) is not None)
    if words[first - 1 : first] == ["of"] and first > 1 and (part := whole_number(words[first - 2])):
        # "10 of 12 done"
        count, first = part, first - 2
    if not count or not 1 < count <= _MOST_BARE or (first and words[first - 1] not in _BEGINS_BARE):
        return None
    return Mention(VISITS_HAD, "score", first, place + 1, "present", count)


_BARELY_DONE = word_set("barely done")
_ENDS_BARE = frozenset((",", ":", ";", "(", ")", "so"))
_DATES_DONE = frozenset(
    ("in", "last", "since", "during", "before", "over", "earlier", "previously", "already")
)
_BEGINS_BARE = frozenset((",", ";", ":", "(", "iw", "all", "after", "of", "beyond", "besides", "already"))


def _tells_had(words: list[str], place: int, *, is_first: bool) -> bool:
    """Say whether what goes on behind "six visits" tells that they were had: "so far", "| brought relief"."""
    if words[place : place + 2] in _TO_DATE or words[place] in _CAME_OF or words[place] in _BARELY_DONE:
        return True
    # "Forty visits | and he has no relief", "| over two years without a gain"
    return is_first and (
        (words[place] == "and" and words[place + 1 : place + 2] in _THE_WORKER)
        or (words[place] in _WITHOUT_MORE and _ASKED_FOR.isdisjoint(words))
    )


_TO_DATE = (["so", "far"], ["to", "date"], ["thus", "far"], ["up", "to"])
_CAME_OF = word_set("came of visits")
_THE_WORKER = (["he"], ["she"])
_WITHOUT_MORE = frozenset(("over", "without"))


def _count_told(words: list[str], place: int) -> float | None:
    """Give the count that stands alone at a place: "5", "0 of 6", "none"."""
    if words[place] == "none":
        return 0.0
    behind = words[place + 1 : place + 2]
    is_alone = not behind or not behind[0].isalpha() or behind[0] in _BEHIND_COUNT
    return _number_from(words, place) if is_alone else None


_OFFICE = frozenset(
    ("office", "clinic", "er", "last", "this", "current", "next", "up", "each", "every", "per")
)
_TOLD_HAD = frozenset(
    ("completed", "attended", "date", "done", "received", "had", "far", "used", "finished", "taken")
)
_ASKED_FOR = word_set("asks") | frozenset(("more", "additional", "authorized", "approved", "certified"))
_LEADS_HAD = frozenset(
    ("completed", "attended", "had", "received", "following", "after", "finished", "undergone")
)
_BEHIND_COUNT = frozenset(("of", "and", "with"))
_DONE_SO = (["completed"], ["attended"], ["date"], ["done"])


def asked_again(words: list[str], mentions: list[Mention], before: list[Mention]) -> list[Mention]:
    """Give care that it asks for again without its name: "six more are requested", "requests a third".

    Parameters
    ----------
    words, mentions : list
        Of the sentence.
    before : list of Mention
        Of the sentence before, where that tells of care, else of all before it.
    """
    for place, word in enumerate(words):
        if word not in _ASKS:
            continue
        for step in (-1, 1):
            end = place + step
            while 0 <= end < len(words) and (
                words[end] in _FURTHER or words[end] in _OF_FURTHER or whole_number(words[end]) is not None
            ):
                end += step
            between = words[end + 1 : place] if step < 0 else words[place + 1 : end]
            is_apart = not 0 <= end < len(words) or words[end] in _APART
            if not is_apart or _FURTHER.isdisjoint(between):
                continue
            named = [one for one in mentions if one.kind in THERAPIES and one.end <= min(end, place) + 1]
            named = [named[-1]] if named else _only_one(before)
            if named and named[0].kind != "injection" and not _INJECTED.isdisjoint(between):
                continue
            if named and named[0].status in HAD:
                return [Mention(named[0].fact, named[0].kind, place, place + 1, "planned")]
    return []


def grants_fewer(words: list[str], asked: list[list[str]]) -> bool:
    """Say whether fewer visits were granted than were asked for: "authorized | 40 hours" of 80.

    Parameters
    ----------
    words : list of str
        Of a sentence in which something is granted.
    asked : list of list of str
        The sentences before it that ask for care.
    """
    granted: dict[str, float] = {}
    for place, word in enumerate(words):
        if word in _GRANTS:
            near = words[max(0, place - _GRANT_REACH) : place + _GRANT_REACH + 1]
            granted |= {unit: min(numbers) for unit, numbers in _numbers_of_visits(near).items()}
            bare = whole_number(words[place + 1]) if place + 1 < len(words) else None
            if bare and (place + 2 == len(words) or words[place + 2] in _AFTER_GRANTED):
                # "Certified | two"
                granted.setdefault("visit", bare)
    if not granted:
        return False
    for sentence in asked:
        asked_for = _numbers_of_visits(sentence)
        if course := _times_weeks(sentence) or _of_course(sentence):
            asked_for.setdefault("visit", []).append(course)
        for unit, numbers in asked_for.items():
            if unit in granted and max(numbers) > granted[unit] and granted[unit] not in numbers:
                return True
    return False


def _numbers_of_visits(words: list[str]) -> dict[str, list[float]]:
    """Give the numbers of visits and of hours, each with the unit: "12 additional sessions", "80 hours"."""
    found: dict[str, list[float]] = {}
    for place, word in enumerate(words):
        if word in _UNITS or word == "hour":
            for back in range(place - 1, max(place - _COUNT_REACH, 0) - 1, -1):
                count = _number_to(words, back)
                if count:
                    found.setdefault("hour" if word == "hour" else "visit", []).append(count)
                    break
    return found


def _of_course(words: list[str]) -> float | None:
    """Give the visits of a course that is asked for in short form: "PT 2 x 6"."""
    for place in range(2, len(words) - 1):
        if words[place] == "x" and words[place - 2] in _OF_COURSES:
            often, weeks = whole_number(words[place - 1]), whole_number(words[place + 1])
            if often and weeks and often <= _MOST_OFTEN and weeks <= _MOST_WEEKS:
                return often * weeks
    return None


_OF_COURSES = word_set("of a course")
_AFTER_GRANTED = frozenset((",", ";", "of", "and", "only"))
_GRANTS = word_set("passed")
_GRANT_REACH = 4
_COUNT_REACH = 3


def _only_one(before: list[Mention]) -> list[Mention]:
    """Give the one kind of care that was told of, if no other was."""
    named = [one for one in before if one.kind in THERAPIES]
    return named[:1] if len({one.fact for one in named}) == 1 else []


_FURTHER = word_set("further")
_ASKS = word_set("asks")
_INJECTED = frozenset(("block", "shot"))
_OF_FURTHER = word_set("of further visits")
_APART = frozenset((",", ";", ":", "(", ")", "and", "but", "with", "so", "to", "he", "she"))


def _is_counted(words: list[str], place: int, verb: int) -> bool:
    """Say whether a number that ends here counts visits: "completed 8 | visits", "attended 4"."""
    following = words[place : place + 1]
    if following == ["of"] and words[verb] in _ATTENDED and words[place + 1 : place + 2]:
        # "Completed 4 of 6"
        return whole_number(words[place + 1]) is not None or words[place + 1] in _UNITS
    if following and following[0] in _ADDED:
        following = words[place + 1 : place + 2]
    if following and following[0] in _UNITS:
        return True
    return words[verb] in _ATTENDED and (not following or following[0] in _AFTER_COUNT)


_HAVING = word_set("has had visits")
_ATTENDED = frozenset(("attended", "completed"))
_ABOUT = (["only"], ["about"], ["approximately"], ["all"])
_EARLIER = frozenset(("prior", "previous", "earlier"))
_USED = frozenset(("attended", "used"))
_ADDED = frozenset(
    ("prior", "previous", "earlier", "such", "of", "approved", "authorized", "post", "op", "postop")
)
_AFTER_COUNT = frozenset((",", ";", "so", "to", "thus", ")", "and"))
_NOT_HAD = frozenset(("not", "never", "to", "if", "will", "once"))
_BEFORE_HAVING = frozenset(
    ("has", "have", "had", "been", "were", "was", "already", "prior", "previous", "of")
)
_LEAD_REACH = 3


def _given_of(words: list[str]) -> float | None:
    """Give how many of the visits that were asked for were given: "24 visits, of which 10 were given"."""
    place = words.index("which")
    if words[place - 1 : place] != ["of"] or not _GIVEN_OF.intersection(words[place + 1 : place + 5]):
        return None
    return _number_to(words, place - 2) or _number_from(words, min(place + 1, len(words) - 1))


_GIVEN_OF = word_set("given of")


def _number_of_visits(words: list[str]) -> float | None:
    """Give the number that stands far behind what it counts: "number of PT visits attended | is 8"."""
    place = words.index("number")
    if words[place + 1 : place + 2] != ["of"]:
        return None
    for at in range(place + 2, min(place + _NUMBER_REACH, len(words) - 1)):
        if words[at] in _COMES_TO:
            lead, ahead = words[place:at], at + 1 + (words[at + 1] in _NO_MORE_THAN)
            counts = not _UNITS.isdisjoint(lead) and not _HAVING.isdisjoint(lead)
            if not counts or not _ASKED_FOR.isdisjoint(lead) or ahead >= len(words):
                return None
            return _number_from(words, ahead) if _ends_count(words, ahead + 1) else None
    return None


_NUMBER_REACH = 18
_COMES_TO = frozenset(("is", "was", "totals", "total", ":"))
_NO_MORE_THAN = frozenset(("only", "now", "just", "about", "at"))


def _used_of_granted(words: list[str], therapy: Mention) -> float | None:
    """Give how many visits were used of those granted: "of ten PT visits | authorized, he used | four"."""
    lead = words[max(0, therapy.start - _OF_REACH) : therapy.start]
    behind = words[therapy.end : therapy.end + _OF_REACH]
    granted = next((at for at, word in enumerate(behind) if word in _GRANTS), -1)
    if "of" not in lead or granted < 0:
        return None
    used = had_of([therapy], words, therapy.end + granted + 1)
    return used[0].value if used else _bare_used(words, therapy.end + granted + 1)


def _bare_used(words: list[str], start: int) -> float | None:
    """Give a number that no unit follows: "he has | used four", "only | five were used"."""
    for place in range(start, len(words)):
        if words[place] in _HAVING and words[place] != "had":
            if not _NOT_HAD.isdisjoint(words[start:place]):
                return None
            ahead = place + 1 + (words[place + 1 : place + 2] in _ABOUT)
            if ahead < len(words) and (count := _number_from(words, ahead)) and _ends_count(words, ahead + 1):
                return count
            back = place - 1
            while back > start and words[back] in _BEFORE_HAVING:
                back -= 1
            return _number_to(words, back)
    return None


_OF_REACH = 4


def _number_from(words: list[str], place: int) -> float | None:
    """Give the number that begins at a place: "twenty-four" is two words."""
    number = whole_number(words[place])
    following = words[place + 1] if place + 1 < len(words) else ""
    return (
        number
        if number is None or not _is_tens(number, words[place], following)
        else number + (whole_number(following) or 0.0)
    )


def _number_to(words: list[str], place: int) -> float | None:
    """Give the number that ends at a place."""
    number = whole_number(words[place])
    before = whole_number(words[place - 1]) if place else None
    if words[place] == "dozen" and number:
        # "Half a dozen", "two dozen"
        return number / 2 if "half" in words[max(0, place - 2) : place] else number * (before or 1)
    return (
        number + before if number and before and _is_tens(before, words[place - 1], words[place]) else number
    )


def _is_tens(number: float, word: str, following: str) -> bool:
    one = whole_number(following) if following.isalpha() and word.isalpha() else None
    return number >= 20 and not number % 10 and one is not None and 0 < one < 10


_ALL_DONE = re.compile(r"(\d{1,2})/\1")
_PART_DONE = re.compile(r"(\d{1,2})/(\d{1,2})")
_PART_REACH = 6
_NOT_OF_PARTS = word_set("no place of care")
_TIMES = word_set("time unit")
COUNTED = frozenset(
    (
        *("physical_therapy", "occupational_therapy", "chiropractic", "acupuncture", "massage", "shockwave"),
        *("aquatic_therapy", "psychotherapy", "functional_restoration", "traction", "epidural_injection"),
    )
)
_SEEN = word_set("treated times")
_UNITS = word_set("visit unit")
_OF_VISITS = word_set("of visits")
_DONE_WORDS = word_set("done so far")
_OF_TIME = word_set("of time")
_NOT_COUNTS = word_set("no count")


def _times_weeks(words: list[str]) -> float | None:
    """Give the visits of "twice a week for six weeks", "three visits weekly for two months"."""
    for place in range(1, len(words) - 2):
        if words[place] == "weekly" or (words[place] in _WEEK and words[place - 1] in _EVERY):
            before = [_OFTEN.get(word) or whole_number(word) for word in words[max(0, place - 4) : place]]
            often = next(filter(None, reversed(before)), None)
            for number, unit in itertools.pairwise(words[place + 1 : place + 5]):
                weeks = whole_number(number)
                if often and weeks and unit in _WEEKS:
                    return often * weeks * _WEEKS[unit]
    return None


_EVERY = word_set("every")
_WEEK = frozenset(("week", "wk"))
_WENT = word_set("attended")
_OFTEN = word_values("often")
_WEEKS = word_values("course unit")


def _count_before(words: list[str], place: int) -> float | None:
    for back in range(place - 1, max(place - 7, -1), -1):
        if done := _ALL_DONE.fullmatch(words[back]):
            return float(done[1])
        if back and words[back - 1] in _HAVING and (share := _PART_DONE.fullmatch(words[back])):
            # "Completed 10/12 PT visits"
            return float(share[1]) if int(share[1]) <= int(share[2]) else None
        number = whole_number(words[back].removesuffix("+"))
        if number is not None:
            if not _TIMES.isdisjoint(words[back + 1 : back + 2]):
                # "16 weeks of therapy and drug treatment"
                return None
            if (whole := _number_to(words, back)) != number:
                # "twenty-four visits"
                return whole
            if words[back - 2 : back] == ["out", "of"] and back >= 3:
                return whole_number(words[back - 3])
            if words[back - 2 : back] == ["of", "the"] and (part := whole_number(words[back - 3])):
                return part
            if words[back - 1 : back] == ["of"] and back >= 2 and whole_number(words[back - 2]) is not None:
                # "10 of 12 visits"
                return whole_number(words[back - 2])
            return number if number <= 200 else None
        if words[back] in _ORDINALS:
            return _ORDINALS[words[back]]
        if words[back] == "of" and place - back <= 4 and back and (part := whole_number(words[back - 1])):
            # "nine of the approved visits"
            return part
        if words[back] in _NOT_COUNTS:
            return None
    return None


_ORDINALS = word_values("ordinal")


def counts_visits(word: str) -> bool:
    """Say whether a word counts visits, or is one."""
    return word in _OF_VISITS or whole_number(word) is not None
