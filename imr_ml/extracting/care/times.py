"""How long ago: dated operations and first uses of drugs against the latest date that a summary states."""

from __future__ import annotations

import re
from collections.abc import Iterable

from imr_ml.extracting.grammar.mentions import HAD, Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import SHORTEST_DATE, word_set
from imr_ml.months import full_year, month_number

_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)?\d\d)")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[/-]((?:19|20)\d\d)")
_YEAR = re.compile(r"(?:19[5-9]|20[0-3])\d")
_AFTER_REACH = 8
_BEFORE_REACH = 5
_LONG = 12
_NOT_OF_CARE = word_set("no event")
_ONGOING = word_set("since")
_LAST = frozenset(("last",))
_PART_OF_YEAR = frozenset(("early", "late", "mid", "about", "around", "approximately", "at"))
_BEGUN = word_set("begun on")
_ENDED = word_set("ended on")
_TREATED_WITH = (["with"], ["by"], ["using"])
_LEADS = word_set("on date")
_JOINS_DATES = word_set("joins dates")


class Dated:
    """A date of a sentence: its words, its months since the year 0, and whether only the year is known."""

    __slots__ = ("end", "is_last", "is_year", "months", "start")

    def __init__(
        self, start: int, end: int, months: float, *, is_year: bool = False, is_last: bool = False
    ) -> None:
        self.start = start
        self.end = end
        self.months = months
        self.is_year = is_year
        self.is_last = is_last


class Dates:
    """The dates of each sentence of a summary, each looked for once and only where there may be some.

    Parameters
    ----------
    sentences : list of list of str
        The words of each sentence.
    may_date : list of bool, default=None
        Whether each may name a date, where that is known.
    """

    def __init__(self, sentences: list[list[str]], may_date: list[bool] | None = None) -> None:
        self.sentences = sentences
        self._may_date = may_date
        self._found: dict[int, list[Dated]] = {}

    def of(self, number: int) -> list[Dated]:
        """Give the dates of a sentence by its number, in their order."""
        if self._may_date is not None and not self._may_date[number]:
            return []
        known = self._found.get(number)
        if known is None:
            known = self._found[number] = dates_of(self.sentences[number])
        return known


def add_times(dates: Dates, dated: Iterable[tuple[int, list[Mention]]]) -> None:
    """Add how many months ago operations were, urine was tested and drugs were begun, to their sentences.

    The latest date of a summary stands for the time of the request. What has that date itself tells nothing.

    Parameters
    ----------
    dates : Dates
        Of the sentences.
    dated : iterable of (int, list of Mention)
        Sentences that name an operation or a drug, by number, and what they mention; added to.

    Examples
    --------
    >>> words = ["he had a laminectomy on 3/1/2014".split(), "seen on 9/1/2014".split()]
    >>> mentions = [Mention("surgery", "surgery", 3, 4, "present")]
    >>> add_times(Dates(words), [(0, mentions)])
    >>> mentions
    [surgery=present, months_since_surgery=present(6)]
    """
    now = 0.0
    found = []
    for number, mentions in dated:
        words, own = dates.sentences[number], dates.of(number)
        if not own:
            continue
        for event in [one for one in mentions if one.status in HAD and _is_dated(one)]:
            date = _date_of(words, event, own)
            if date is not None:
                found.append((mentions, event, date))
    if not found:
        return
    # What an operation, a plan or the end of a leave is dated with says nothing of when it was told.
    events = {date.months for _, event, date in found if event.kind in _ONCE}
    for number, words in enumerate(dates.sentences):
        told = (date for date in dates.of(number) if not date.is_year and not is_of_another_time(words, date))
        now = max([now, *(date.months for date in told if date.months not in events)])
    for mentions, event, date in found:
        months = (now // 12 - date.months // 12) * 12 if date.is_year else now - date.months
        if date.is_last:
            # "Last Norco 11/2013"
            if months >= _LONG_AGO and event.kind in _OF_DRUGS:
                event.status = "historical"
            continue
        if event.kind == "drug" and date.is_year and not now:
            # "Norco since 2009", and no other date
            _add_long_use(mentions, date)
        if months < (1 if date.is_year else _SHORTEST) or (event.kind == "treatment" and date.is_year):
            continue
        fact = _TIMES[event.kind]
        time = Mention(
            fact,
            "amount",
            date.start,
            date.end,
            "present",
            float(round(months)) if months >= 1 else round(months, 2),
        )
        time.side = event.side
        mentions.append(time)
        if event.kind == "drug" and months >= _LONG:
            _add_long_use(mentions, date)


def _is_dated(event: Mention) -> bool:
    return event.kind in _DATED and (event.kind != "study" or event.fact in DATED_STUDIES)


def _add_long_use(mentions: list[Mention], date: Dated) -> None:
    if not any(one.fact == "long_use" for one in mentions):
        mentions.append(Mention("long_use", "outcome", date.start, date.end, "present"))


_OF_DRUGS = frozenset(("drug", "medication"))
DATED_STUDIES = frozenset(("urine_drug_test",))
"""Studies that are asked for again because the last was long ago."""
_TIMES = {
    "surgery": "months_since_surgery",
    "drug": "months_used",
    "treatment": "months_of_care",
    "study": "months_since_study",
}
_ONCE = frozenset(("surgery", "study"))
_DATED = frozenset((*_TIMES, "medication"))
_LONG_AGO = 3
_SHORTEST = 0.1


def spans_told(words: list[str], mentions: list[Mention]) -> list[Mention]:
    """Give how long care or a drug was had whose first and last days are told: "PT 1/12/2015-3/6/2015".

    >>> care = [Mention("physical_therapy", "treatment", 0, 1, "present")]
    >>> spans_told("PT 1/12/2015-3/12/2015".split(), care)
    [months_of_care=present(2)]
    """
    found = []
    for place, word in enumerate(words):
        span = _SPAN.fullmatch(word) if len(word) >= _SHORTEST_SPAN else None
        if span is None:
            continue
        months = _months_of(span[1], span[2])
        if not 0 < months <= _LONGEST_SPAN:
            continue
        for event in mentions:
            between = words[event.end : place] if event.end <= place else words[place + 1 : event.start]
            if event.kind not in _TIMES or event.status not in HAD or event.kind in _ONCE:
                continue
            if len(between) <= _SPAN_REACH and _PARTS_SPANS.isdisjoint(between):
                fact = _TIMES[event.kind]
                found.append(Mention(fact, "amount", place, place + 1, "present", round(months, 3)))
                break
    return found


def _months_of(first: str, last: str) -> float:
    """Give the months of a span, 0 where it may be one of days as well as of months: "3/12-3/20"."""
    if first.count("/") == last.count("/") == 1 and len(last) <= _SHORT_DATE:
        (month, year), (last_month, last_year) = (map(int, date.split("/")) for date in (first, last))
        if min(year, last_year) < _FIRST_YEAR or (year != last_year and month <= last_month):
            return 0.0
        return float(last_month - month + 12 * (last_year - year))
    begun, ended = (dates_of([date])[:1] for date in _filled(first, last))
    return ended[0].months - begun[0].months if begun and ended else 0.0


_SHORT_DATE = 5
_FIRST_YEAR = 10


def _filled(first: str, last: str) -> tuple[str, str]:
    """Give both dates of a span in full: the first of "2/2-3/4/15" has the year of the last."""
    parts, of_last = first.split("/"), last.split("/")
    return (first if len(parts) >= len(of_last) else f"{first}/{of_last[-1]}"), last


_SPAN = re.compile(
    r"(\d{1,2}/\d{1,2}(?:/\d\d(?:\d\d)?)?|\d{1,2}/\d{4})-(\d{1,2}/\d{1,2}(?:/\d\d(?:\d\d)?)?|\d{1,2}/\d{4})"
)
_SHORTEST_SPAN = 9
_LONGEST_SPAN = 240
_SPAN_REACH = 5
_PARTS_SPANS = frozenset((",", ";"))


def age_findings(dates: Dates, mentioned: list[list[Mention]]) -> None:
    """Let what sentences found that open with the year of an old entry be past: "In an entry of 2009, ...".

    Care, drugs and diagnoses stay as they are; what was not found then says nothing of now.

    Parameters
    ----------
    dates : Dates
        Of the sentences.
    mentioned : sequence of list of Mention
        What each mentions; changed.

    Examples
    --------
    >>> words = ["back in 2008 , there was spasm".split(), "seen on 9/1/2014".split()]
    >>> mentions = [Mention("spasm", "finding", 5, 6, "present")]
    >>> age_findings(Dates(words), [mentions, []])
    >>> mentions
    [spasm=historical]
    """
    years = {number: year for number, words in enumerate(dates.sentences) if (year := _opening_year(words))}
    if not years:
        return
    told = [date for number in range(len(dates.sentences)) for date in dates.of(number) if not date.is_year]
    now = int(max((date.months for date in told), default=0.0)) // 12
    for number, year in years.items():
        if year >= now:
            continue
        mentions = mentioned[number]
        mentions[:] = [one for one in mentions if one.kind not in _FOUND or one.status == "present"]
        for mention in mentions:
            if mention.kind in _FOUND:
                mention.status = "historical"


_NOT_OF_NOW = word_set("not of now")
_NOT_OF_NOW_REACH = 4


def is_of_another_time(words: list[str], date: Dated) -> bool:
    """Say whether a date is not that of a visit or report: "disabled until |", "the revision of |"."""
    before = words[max(0, date.start - _NOT_OF_NOW_REACH) : date.start]
    # "Through the present (June 2014)"
    return not _NOT_OF_NOW.isdisjoint(before) and "present" not in before


_FOUND = frozenset(("finding", "test", "outcome", "work", "device"))
_OPENS = word_set("opens an entry")
_OPENING = 7


def _opening_year(words: list[str]) -> int:
    """Give the year that a sentence opens with, 0 for none."""
    if not words or words[0] not in _OPENS:
        return 0
    for place in range(1, min(_OPENING, len(words) - 1)):
        if words[place + 1] == "," and _YEAR.fullmatch(words[place]):
            return int(words[place])
    return 0


def _date_of(words: list[str], event: Mention, dates: list[Dated]) -> Dated | None:
    """Give the date of an event: one among its words, that follows it, or that stands right before it."""
    if event.kind in _ONCE:
        for date in dates:
            # "An | operative report dated 8/11/2014 describes | a fusion"
            if event.start < date.start < event.end:
                return date
    for number, date in enumerate(dates):
        between = words[event.end : date.start]
        if event.end <= date.start <= event.end + _AFTER_REACH and _NOT_OF_CARE.isdisjoint(between):
            for later in dates[number + 1 :]:
                # "Surgery in 2010, 2012 and again in 2013"
                if event.kind in _ONCE and _JOINS_DATES.issuperset(words[date.end : later.start]):
                    date = later
            if event.kind not in _ONCE:
                if not _LAST.isdisjoint((*words[max(0, event.start - 3) : event.start], *between[:1])):
                    return Dated(date.start, date.end, date.months, is_year=date.is_year, is_last=True)
                # "Since at least 2010"
                lead = date.start - (2 if words[date.start - 2 : date.start] == ["at", "least"] else 0)
                # "Since early 2010"
                lead -= words[lead - 1] in _PART_OF_YEAR
                is_open = words[date.start][-1] == "-" and words[date.end : date.end + 1] == ["present"]
                is_ongoing = (words[lead - 1] in _ONGOING or is_open) and words[event.start - 1] != "off"
                if event.kind == "treatment" and not _PARTS_SPANS.isdisjoint(between):
                    return None
                if not is_ongoing and ";" not in between:
                    # "Naproxen was begun on 2/3/2015", "start date of naproxen: 1/14/2013"
                    led = (*words[max(0, event.start - _BEFORE_REACH) : event.start], *between)
                    if event.kind == "treatment" and not _ENDED.isdisjoint(words):
                        return None
                    is_ongoing = not _BEGUN.isdisjoint(led) and _ENDED.isdisjoint(led)
                    # "Tizanidine was first dispensed on 11/3/13"
                    is_ongoing = is_ongoing or (
                        "first" in between and not _GIVEN.isdisjoint(between) and _STOPPED.isdisjoint(words)
                    )
                return date if is_ongoing and event.kind != "medication" else None
            return date if ";" not in between else None
    if event.kind == "treatment":
        for date in dates:
            # "Treated since 8/2013 with therapy"
            between = words[date.end : event.start]
            if (
                words[date.start - 1] in _ONGOING
                and between[:1] in _TREATED_WITH
                and len(between) <= _BEFORE_REACH
            ):
                return date
    if event.kind == "drug":
        return _date_before_drug(words, event, dates)
    if event.kind not in _ONCE:
        return None
    for date in reversed(dates):
        # "On 8/11/2014 she underwent a fusion", not "the MRI of 2011 showed postoperative changes"
        leads = date.start == 0 or words[date.start - 1] in _LEADS
        if leads and 0 <= event.start - date.end <= _BEFORE_REACH:
            before = words[max(0, date.start - 3) : date.start]
            return date if _NOT_OF_CARE.isdisjoint(before) else None
    return None


def _date_before_drug(words: list[str], drug: Mention, dates: list[Dated]) -> Dated | None:
    """Give the date since which a drug is taken that stands before it: "since | 2013 | he took"."""
    for date in reversed(dates):
        if date.start and words[date.start - 1] == "since" and 0 < drug.start - date.end <= _AFTER_REACH:
            between = words[date.end : drug.start]
            is_of_drug = not _TAKEN.isdisjoint(between) and _NOT_OF_CARE.isdisjoint(between)
            return date if is_of_drug and _PARTED.isdisjoint(between) else None
    return None


_GIVEN = word_set("first given")
_STOPPED = word_set("stopped drug")
_PARTED = frozenset((";", "and", "but"))
_TAKEN = word_set("taken since")


def dates_of(words: list[str]) -> list[Dated]:
    """Give the dates that a sentence names, in their order."""
    dates = []
    for place, written in enumerate(words):
        # Most numbers are shorter than any date.
        if not begins_with_digit(written) or len(written) < SHORTEST_DATE:
            continue
        # "1/5/15-present"
        word = written.removesuffix("-")
        if word.isdigit():
            if _YEAR.fullmatch(word):
                dates.append(_with_year(words, place, int(word)))
        elif numeric := _NUMERIC.fullmatch(word):
            month, year = int(numeric[1]), full_year(numeric[3])
            if 1 <= month <= 12:
                dates.append(Dated(place, place + 1, year * 12 + month - 1 + int(numeric[2]) / 31))
        elif (month_and_year := _MONTH_AND_YEAR.fullmatch(word)) and 1 <= int(month_and_year[1]) <= 12:
            months = int(month_and_year[2]) * 12 + int(month_and_year[1]) - 0.5
            dates.append(Dated(place, place + 1, months))
    return dates


def _with_year(words: list[str], place: int, year: int) -> Dated:
    """Give the date that ends with a year: "March 5, | 2014 |", "March | 2014 |", or the year alone."""
    month_place = place - 1 - (words[place - 1] == ",")
    if words[month_place].isdigit():
        month_place -= 1
    month = month_number(words[month_place] if month_place >= 0 else "")
    if not month:
        return Dated(place, place + 1, year * 12, is_year=True)
    day = words[month_place + 1]
    day_number = int(day) if len(day) < 3 and day.isdigit() else 15
    return Dated(month_place, place + 1, year * 12 + month - 1 + day_number / 31)
