"""How long symptoms have lasted: dated injuries and what a summary says of the time since."""

from __future__ import annotations

from collections.abc import Iterable

from imr_ml.extracting.care.amounts import MONTHS_OF, VAGUE, vague_number
from imr_ml.extracting.care.times import Dated, Dates, is_of_another_time
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, Mention
from imr_ml.extracting.grammar.words import CARE, word_set
from imr_ml.extracting.lexicon import whole_number

_INJURY = word_set("injury")
_BEGINS = word_set("begins")
_ACHES = word_set("ache")
BEGAN = _INJURY | _BEGINS | _ACHES | {"duration", "history"}
"""Words that name an injury, a complaint or its time."""

_VISIT = word_set("time of visit")
_TO_DATE = word_set("leads to onset")
_TO_DATE_OR_ACHE = _TO_DATE | _ACHES
_RELIEVED = word_set("relief of ache")
_AGO = frozenset(("ago", "earlier", "previously", "back"))
_SYMPTOMS = (["symptom"], ["pain"], ["complaint"])
_BEFORE_NOW = (["before"], ["prior"])
_LAST = frozenset(("last",))
_AFTER = frozenset(("after", "following", "post", "from", "since"))
_OF_TIME = frozenset(("for", "x", "of", "lasting", "past", "last", "the", ":"))
_ROUNDLY = frozenset(
    ("more", "than", "at", "least", "about", "approximately", "nearly", "over", "roughly", "some")
)
_ON = frozenset(("on", "in", "around", "since"))
_ENDS = word_set("clause end")
_DATE_REACH = 6
_BEFORE_REACH = 6
_CLAUSE_REACH = 14
_ACHE_REACH = 6
_VISIT_REACH = 4
_LONGEST = 600
_ACUTE = 0.9


def add_onsets(dates: Dates, told: Iterable[tuple[int, list[Mention]]]) -> None:
    """Add how many months ago injuries were and complaints began, to the mentions of their sentences.

    The latest date of a summary stands for the time of the request, as it does for operations.

    Parameters
    ----------
    dates : Dates
        Of the sentences.
    told : iterable of (int, list of Mention)
        Sentences with one of the words of `BEGAN`, by number, and what they mention; added to.

    Examples
    --------
    >>> words = ["he was injured on 3/1/2014".split(), "seen on 9/1/2014".split()]
    >>> mentions: list[Mention] = []
    >>> add_onsets(Dates(words), [(0, mentions)])
    >>> mentions
    [months_of_symptoms=present(6)]
    """
    dated: list[tuple[list[Mention], Dated]] = []
    for number, mentions in told:
        words = dates.sentences[number]
        own = dates.of(number)
        if own and (date := _date_of_onset(words, own)) is not None:
            dated.append((mentions, date))
        for place, word in enumerate(words):
            if word not in MONTHS_OF or not place:
                continue
            amount, start = _amount(words, place)
            if amount and amount < _LONGEST and _is_of_symptoms(words, start, place, mentions):
                _add(mentions, start, place + 1, amount * MONTHS_OF[word])
    if not dated:
        return
    onsets = {date.months for _, date in dated}
    now, is_visit = 0.0, False
    for number, words in enumerate(dates.sentences):
        for date in dates.of(number):
            if date.is_year or date.months < now or date.months in onsets or is_of_another_time(words, date):
                continue
            is_visit = (is_visit and date.months == now) or not _VISIT.isdisjoint(
                words[max(0, date.start - _VISIT_REACH) : date.end + 2]
            )
            now = date.months
    for mentions, date in dated:
        months = (now // 12 - date.months // 12) * 12 if date.is_year else now - date.months
        # What was done soon after the injury is not all that was done.
        if now and months > 0 and (is_visit or months >= _ACUTE):
            _add(mentions, date.start, date.end, months)


def _add(mentions: list[Mention], start: int, end: int, months: float) -> None:
    mentions.append(Mention("months_of_symptoms", "amount", start, end, "present", round(months, 3)))


def _date_of_onset(words: list[str], dates: list[Dated]) -> Dated | None:
    """Give the date of an injury: "injured on |", "DOI: |", "on | he was hurt", "pain since |"."""
    for place, word in enumerate(words):
        if word not in _TELLS_ONSET:
            continue
        is_begun = word in _BEGINS and not _ACHES.isdisjoint(
            words[max(0, place - _ACHE_REACH) : place + _ACHE_REACH]
        )
        if word == "since" and place and words[place - 1] in _ACHES:
            is_begun = True
        if word not in _INJURY and not is_begun:
            continue
        for date in dates:
            is_near = 0 < date.start - place <= _DATE_REACH
            leads = _TO_DATE_OR_ACHE if is_begun else _TO_DATE
            if is_near and leads.issuperset(words[place + 1 : date.start]):
                return date
        if word in _INJURED:
            for date in dates:
                is_lead = date.start > 0 and words[date.start - 1] in _ON
                between = words[date.end : place]
                if (
                    is_lead
                    and len(between) <= _BEFORE_REACH
                    and date.end <= place
                    and _ENDS.isdisjoint(between)
                ):
                    return date
    return None


_INJURED = frozenset(("injured", "hurt", "sustained"))
_TELLS_ONSET = _INJURY | _BEGINS | {"since"}


def _amount(words: list[str], place: int) -> tuple[float, int]:
    """Give the number before a unit of time, 0 for none, and where it begins."""
    word = words[place - 1]
    if word in _LAST and place > 1 and words[place - 2] not in _OF_TIME:
        # "He was hurt last week"
        return 1.0, place - 1
    if word == ")" and place > 3:
        # "Six (6) months"
        return whole_number(words[place - 2]) or 0.0, place - 4
    if words[max(0, place - 2) : place] == ["half", "a"]:
        return 0.5, place - 2
    if word in VAGUE:
        vague, start = vague_number(words, place)
        if vague is not None:
            return vague, start - (words[start - 1] == "a")
    number = 1.0 if word in ("a", "an") else whole_number(word.rstrip("+-"))
    if number is None and word.replace(".", "", 1).isdigit():
        number = float(word)
    if number is not None and number < 10 and place > 1 and word.isalpha() and words[place - 2].isalpha():
        tens = whole_number(words[place - 2])
        if tens is not None and tens >= 20 and not tens % 10:
            return tens + number, place - 2
    return number or 0.0, place - 1


def _is_of_symptoms(words: list[str], start: int, place: int, mentions: list[Mention]) -> bool:
    """Say whether a time is that of the symptoms or since the injury, and not of care or of its effect."""
    ahead = words[place + 1 : place + 4]
    first = _clause_start(words, start)
    before = words[first:start]
    if _is_age_of_injury(words, start, place):
        return True
    if ahead[:1] == ["old"]:
        # "A 4-day-old spasm"
        return words[place] != "year" and not _ACHES.isdisjoint(words[place + 2 : place + 5])
    if any(
        one.kind in DRUG_KINDS or (one.kind in CARE and one.status != "planned")
        for one in mentions
        if first <= one.start < place + _ACHE_REACH
    ):
        return False
    is_last = words[start] in _LAST
    if is_last:
        return not _INJURY.isdisjoint(before[-_ACHE_REACH:])
    if not _AGO.isdisjoint(ahead[:1]) or (
        ahead[:1] in _BEFORE_NOW and not _VISIT.isdisjoint(words[place + 2 : place + 5])
    ):
        if not _INJURY.isdisjoint(before) or not _INJURY.isdisjoint(words[place + 2 : place + 6]):
            return True
        return not _ACHES.isdisjoint(before) and not _BEGINS.isdisjoint(before)
    since = next((at for at in range(place + 1, min(place + 5, len(words))) if words[at] in _AFTER), -1)
    if since > 0 and not _INJURY.isdisjoint(words[since + 1 : since + 6]):
        # "Seen four days after a lifting injury", "two weeks have passed since the fall"
        return words[since] == "since" or "out" in ahead or not _VISIT.isdisjoint(words)
    if not _RELIEVED.isdisjoint((*before, *ahead)):
        return False
    if ahead[:2] == ["history", "of"] or ahead[:1] == ["of"]:
        # "A three-week history of pain", "four years of low back pain"
        return not _ACHES.isdisjoint(words[place + 2 : place + 2 + _ACHE_REACH])
    while before and before[-1] in _ROUNDLY:
        before = before[:-1]
    if not before or (before[-1] not in _OF_TIME and before[-1] not in _ACHES):
        return False
    if before[-1] == ":":
        return "duration" in before or before[-2:-1] in _SYMPTOMS or not _INJURY.isdisjoint(before)
    if before[-1] == "of":
        # "Pain of two weeks' duration", "knee pain of 14 weeks"
        return not _ACHES.isdisjoint(before if ahead[:1] == ["duration"] else before[-2:])
    return not _ACHES.isdisjoint(before[-_ACHE_REACH:])


def _is_age_of_injury(words: list[str], start: int, place: int) -> bool:
    """Say whether a time tells how old the injury is by now: "14 months | post injury"."""
    lead = start
    while lead and (words[lead - 1] in _ROUNDLY or words[lead - 1] in _BY_NOW):
        lead -= 1
    if words[place + 1 : place + 2] == ["old"] or words[start - 1 : start] == ["back"]:
        # "His injury dates | back six years"
        lead -= words[lead - 1 : lead] == ["back"] and words[max(0, lead - 2)] in _DATES
        lead -= words[lead - 1 : lead] in ([word] for word in _DATES)
        return bool(lead) and lead < start and words[lead - 1] in _INJURY
    if lead and lead == start:
        # "He went back to work six weeks | post injury"
        return False
    behind = place + 1
    while behind < len(words) and words[behind] in _POST:
        behind += 1
    if behind == place + 1:
        return False
    return not _INJURY.isdisjoint(words[behind : behind + _POST_REACH])


_BY_NOW = frozenset(("is", "now", "already", "currently", "presently", "remain"))
_DATES = frozenset(("date", "dating", "go", "dated"))
_POST = frozenset(("status", "s", "p", "post", "from", "out", "after", "following"))
_POST_REACH = 4


def _clause_start(words: list[str], start: int) -> int:
    for place in range(start - 1, max(-1, start - _CLAUSE_REACH), -1):
        if words[place] == ";":
            return place + 1
    return max(0, start - _CLAUSE_REACH)
