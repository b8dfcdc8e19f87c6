"""Work statuses of another time: only supposed, past, or followed by what came later."""

from __future__ import annotations

import itertools

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import word_set

_REACH = 5
_NEAR = 3
_IF = frozenset(("if", "unless"))
_WOULD = frozenset(("would", "might"))
_WAS = word_set("worked once")
_TURNS = word_set("work turns")
_AFTER = frozenset(("after", "following", "previously", "formerly", "earlier"))
_UNTIL = frozenset(("until", "till"))
_ENDED = word_set("work ended")
_GIVEN = word_set("work given")
_ENDS = word_set("clause end")


def settle_work(words: list[str], mentions: list[Mention]) -> None:
    """Let a status of work be none that holds where it is only supposed, or is told to be over.

    Examples
    --------
    >>> told = [Mention("off_work", "work", 2, 4, "present"), Mention("full_duty", "work", 7, 10, "present")]
    >>> settle_work("he was off work but is now back at full duty".split(), told)
    >>> told
    [off_work=historical, full_duty=present]
    """
    told = [one for one in mentions if one.kind == "work" and one.status == "present"]
    for one in told:
        if _is_supposed(words, one):
            one.status = "possible"
    told = sorted((one for one in told if one.status == "present"), key=lambda one: one.start)
    for one, following in itertools.zip_longest(told, told[1:]):
        if _is_of_before(words, one):
            one.status = "historical"
        elif following is None:
            if _is_over(words, one):
                one.status = "historical"
        elif following.fact != one.fact and following.start >= one.end:
            between = words[one.end : following.start]
            if not _AFTER.isdisjoint(between[-_REACH:]) and "which" not in between:
                # "Taken off work after a month of | modified duty"
                following.status = "historical"
            elif one.status == "present" and _is_past(words, one) and not _TURNS.isdisjoint(between):
                one.status = "historical"


def _is_supposed(words: list[str], work: Mention) -> bool:
    """Say whether work is told of as it would be: "if pain persists, he will be | off work"."""
    before = words[max(0, work.start - _REACH) : work.start]
    behind = words[work.end : work.end + 2]
    if not _WOULD.isdisjoint(before) or (not _IF.isdisjoint(behind) and "," not in behind):
        return True
    n_commas = 0
    for place in range(work.start - 1, -1, -1):
        if words[place] in _IF:
            return True
        n_commas += words[place] == ","
        if n_commas > 1 or words[place] in _ENDS:
            return False
    return False


def _is_of_before(words: list[str], work: Mention) -> bool:
    """Say whether work was so before the injury: "full duty | prior to the injury | , now TTD"."""
    behind = words[work.end : work.end + _REACH]
    return behind[:1] in _BEFORE and not _INJURY.isdisjoint(behind)


_BEFORE = (["prior"], ["before"])
_INJURY = frozenset(("injury", "accident", "incident", "doi"))


def _is_past(words: list[str], work: Mention) -> bool:
    return not _WAS.isdisjoint(words[max(0, work.start - _REACH) : work.start + 1])


def _is_over(words: list[str], work: Mention) -> bool:
    """Say whether it is told until when work was so: "he was on | light duty | until March"."""
    behind = words[work.end : work.end + _NEAR]
    place = next((at for at, word in enumerate(behind) if word in _UNTIL), -1)
    if place < 0 or not _is_past(words, work):
        return False
    if not _GIVEN.isdisjoint(words[max(0, work.start - _REACH) : work.end]):
        return False
    return not _ENDED.isdisjoint(words[work.end + place + 1 : work.end + place + 1 + _NEAR])
