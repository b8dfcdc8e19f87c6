"""When findings were made: the visit that a sentence names, or that a sentence before it does."""

from __future__ import annotations

from collections.abc import Sequence

from imr_ml.extracting.care.times import Dated, dates_of
from imr_ml.extracting.grammar.mentions import HAD, Mention
from imr_ml.extracting.grammar.words import word_set

Times = list[tuple[int, float]]
"""From which word on a sentence tells of which time, in months since the year 0."""

_VISITS = word_set("visit word")
_LEADS = word_set("visit date lead")
_EARLIER = word_set("at first")
_NOW = word_set("at present")
_LEAD_REACH = 7
_STUDY_REACH = 6
_RANGE_REACH = 2
_OPENING = 2
_AT_FIRST = 0.0
_LATEST = 1e6


def times_told(
    sentences: list[list[str]], facts: Sequence[tuple[bool, list[Mention], list[Mention]]]
) -> list[Times]:
    """Give the times that each sentence of a summary tells of; nothing where that is not told.

    A date is that of findings where it opens a sentence ("on 3/4/2013 he had") or is that of a visit or a
    study ("the exam of", "MRI dated"). A visit's is also that of the sentences after it, up to the next.
    "Currently" is the latest of these dates, "initially" is before them all.

    Parameters
    ----------
    sentences : sequence of list of str
        The words of each sentence.
    facts : sequence
        What each states, as `read_summary` gives it.

    Examples
    --------
    >>> sentences = [one.split() for one in ("seen on 3/4/2013", "spasm was noted", "currently he has none")]
    >>> times_told(sentences, [(False, [], [])] * 3)[1:]
    [[(-1, 24158.129032258064)], [(0, 24158.129032258064)]]
    """
    told: list[Times] = []
    carried: float | None = None
    latest = _AT_FIRST
    for words, (is_judging, mentions, _) in zip(sentences, facts, strict=True):
        if is_judging or any(mention.kind == "review" for mention in mentions):
            carried = None
            told.append([])
            continue
        dates = [date for date in dates_of(words) if not date.is_year]
        times, is_visit = _dated(words, dates, mentions) if dates else ([], False)
        if times:
            latest = max(latest, times[-1][1])
        relative = (
            []
            if _NOW.isdisjoint(words) and _EARLIER.isdisjoint(words)
            else [
                (place, _LATEST if word in _NOW else _AT_FIRST)
                for place, word in enumerate(words)
                if word in _NOW or word in _EARLIER
            ]
        )
        if dates and not _VISITS.isdisjoint(words):
            carried = times[-1][1] if is_visit else None
        elif relative and relative[0][0] < _OPENING:
            carried = relative[0][1] if relative[0][1] else None
        if relative:
            times = sorted(times + relative)
        if not times and carried is not None and not dates:
            times = [(-1, carried)]
        told.append(times)
    if latest == _AT_FIRST:
        return told
    return [[(place, min(time, latest)) for place, time in times] for times in told]


def _dated(words: list[str], dates: list[Dated], mentions: list[Mention]) -> tuple[Times, bool]:
    """Give the dates of visits and studies of a sentence, and whether it tells of one visit only.

    None where a date is neither's, or one of a span of time.
    """
    times: Times = []
    had = [one for one in mentions if one.status in HAD and one.kind in ("study", "surgery")]
    is_visit = not had
    end = -_OPENING - 1
    for date in dates:
        start = date.start
        while start > max(0, date.start - _LEAD_REACH) and words[start - 1] in _LEADS:
            start -= 1
        is_own = start == 0 or words[start - 1] in _VISITS
        is_of_study = any(one.kind == "study" and 0 <= date.start - one.end <= _STUDY_REACH for one in had)
        if not (is_own or is_of_study) or date.start - end <= _RANGE_REACH:
            return [], False
        times.append((date.start, date.months))
        end = date.end
    return times, is_visit


def time_of(mention: Mention, times: Times) -> float | None:
    """Give the time of which a sentence tells where it states a finding; None where it tells none."""
    place = mention.told if mention.told >= 0 else mention.start
    before = [time for start, time in times if start <= place]
    return before[-1] if before else times[0][1] if times else None
