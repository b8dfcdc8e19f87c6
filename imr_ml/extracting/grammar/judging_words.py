"""The words of a sentence that judge the record or quote utilization review, by ``summary_judging.csv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from imr_ml.extracting.grammar.needs import rarest_first
from imr_ml.extracting.grammar.sentences import begins_with_digit, words_of
from imr_ml.extracting.grammar.words import CUE, word_set
from imr_ml.extracting.lexicon import SPELLED_NUMBERS
from imr_ml.resources import read_rows

_GAP = r"(?:[^\s,;:]+ (?:, )?){{0,{0}}}?"
_REACH = 14


def quotes_utilization_review(cues: int) -> bool:
    """Say whether the cues found in a sentence make it the words of utilization review."""
    return bool(cues & _REVIEW) or cues & _DECIDED == _DECIDED or cues & _BOTH == _BOTH


_REVIEW = CUE["review"]
# "Norco was denied, naproxen was approved."
_BOTH = CUE["ur denied"] | CUE["ur approved"]
_DECIDED = CUE["decision"] | CUE["request word"]


def recounts_record(words: list[str], cues: int) -> bool:
    """Say whether a report of utilization review is only where the record is recounted, and decides nothing.

    Examples
    --------
    >>> recounts_record("the UR report of 8/6/2013 describe : numbness".split(), _REVIEW)
    True
    >>> recounts_record("per the UR report , norco was denied".split(), _REVIEW | CUE["decision"])
    False
    """
    if cues & _DECIDES:
        return False
    for place, word in enumerate(words[:_RECOUNT_REACH]):
        if word in _REPORTS:
            lead, ahead = words[:place], words[place + 1 : place + 1 + _RECOUNT_REACH]
            is_told = not _ACCORDING.isdisjoint(lead[:3]) and not _WORKERS.isdisjoint(ahead)
            return is_told or not _RECOUNTS.isdisjoint(ahead)
    return False


_DECIDES = CUE["decision"] | CUE["ur denied"] | CUE["ur modified"] | CUE["ur approved"]
_REPORTS = word_set("review report")
_RECOUNTS = word_set("recounts")
_ACCORDING = word_set("according to")
_WORKERS = word_set("worker")
_RECOUNT_REACH = 9


def begins_with_verdict(words: list[str]) -> bool:
    """Say whether a sentence begins as terse writers give utilization review's: "Denied 5/12/14 as ..."."""
    if len(words) < 2 or not (words[0] in _VERDICTS or words[0] in _HEADS):
        return False
    return begins_with_digit(words[1]) or (words[0] in _VERDICTS and words[1] in _AFTER_VERDICTS)


class Verdict(NamedTuple):
    """A verdict at ``words[start:end]`` of which the words do not say whose it is."""

    start: int
    end: int
    is_past: bool


def bare_verdict(words: list[str]) -> Verdict | None:
    """Find a verdict on a request that names no one: "is not medically necessary", "is not certified".

    What was found, deemed or certified is an act of utilization review, and so is what has a date; "Norco is
    denied" tells of one, too.

    Examples
    --------
    >>> bare_verdict("therefore , the request is not certified".split())
    Verdict(start=4, end=7, is_past=False)
    >>> bare_verdict("the request was not certified".split())
    >>> bare_verdict("the drug was deemed not medically necessary".split())
    """
    for place, word in enumerate(words):
        if word not in _ENDS_VERDICT:
            continue
        if (
            word in _CERTIFIED
            or (word in _NECESSARY and words[place - 1] == "medically")
            or (word in _ANSWERS and not _REQUESTS.isdisjoint(words[:place]))
        ):
            start = place
            while start and words[start - 1] in _BEFORE_VERDICT:
                start -= 1
            verb = words[start - 1] if start else ""
            if word in _ANSWERS and _is_dated(words):
                return None
            if verb in _NOW:
                return Verdict(start - 1, place + 1, is_past=False)
            if word not in _NECESSARY or not _DEEMED.isdisjoint(words[start:place]):
                return None
            if not start:
                # "Not medically necessary."
                return Verdict(0, place + 1, is_past=False)
            if verb in _TO_BE and not _is_dated(words):
                return Verdict(start - 1, place + 1, is_past=True)
    return None


def _is_dated(words: list[str]) -> bool:
    return any(begins_with_digit(word) and "/" in word for word in words)


_CERTIFIED = frozenset(("certified", "noncertified"))
_ANSWERS = frozenset(("approved", "authorized", "denied", "granted", "overturned", "upheld"))
_REQUESTS = frozenset(("request", "requests"))
_NECESSARY = frozenset(("necessary", "unnecessary"))
_ENDS_VERDICT = _CERTIFIED | _ANSWERS | _NECESSARY
_NOW = frozenset(("is", "are"))
_BEFORE_VERDICT = word_set("before a verdict")


def grants_some(words: list[str]) -> bool:
    """Say whether a part was granted: "the drug was approved; the injection | was not |".

    >>> grants_some("the drug was approved ; the injection was not".split())
    True
    """
    ends_so = words[-1:] == ["not"] and words[-2] in _TO_BE
    return ends_so and any(
        word in _PASSED and words[place - 1] in _TO_BE for place, word in enumerate(words[1:], start=1)
    )


def tells_decision(words: list[str]) -> bool:
    """Say whether a dated decision decides: "the determination of 12/29/2014 | denied the surgery"."""
    for place, word in enumerate(words[:_DECISION_REACH]):
        if word in _HEADS:
            ahead = words[place + 1 : place + 1 + _DECISION_REACH]
            verb = next((at for at, one in enumerate(ahead) if one in _DECIDES_SO), -1)
            is_dated = any(
                one[0].isdigit() for one in words[max(0, place - 2) : place] + ahead[: max(0, verb)]
            )
            is_verb = verb >= 0 and (not verb or ahead[verb - 1] not in _TO_BE)
            return is_dated and is_verb and _OTHER_COURTS.isdisjoint(words)
    return False


_DECIDES_SO = word_set("decides so")
_TO_BE = word_set("be")
_OTHER_COURTS = word_set("other court")
_DECISION_REACH = 6
_HEADS = word_set("verdict heading")
_VERDICTS = word_set("verdict")
_AFTER_VERDICTS = word_set("after verdict")


def continues_quotation(words: list[str]) -> bool:
    """Say whether a sentence begins as one that goes on with utilization review's words."""
    patterns = _patterns()
    begins_so = bool(words) and words[0] in patterns.continuing
    if begins_so and patterns.continued.match(" ".join(words[:6]) + " ") is not None:
        return True
    if _finds_wanting(words):
        return True
    # "UR: polysomnogram approved. Botox denied: not recommended."
    return not _VERDICTS.isdisjoint(words) and _gives_verdict(words)


def _finds_wanting(words: list[str]) -> bool:
    """Say whether a request is not what another is: "The test was not, since", "was deemed premature"."""
    for place, word in enumerate(words[1:_LONGEST_REST], start=1):
        if word in _TO_BE:
            ahead = words[place + 1 : place + 3]
            is_short = ahead[:1] == ["not"] and (len(ahead) == 1 or ahead[1] in _AFTER_NOT)
            is_deemed = len(ahead) > 1 and ahead[0] in _DEEMED and ahead[1] in _WANTING
            return (is_short or is_deemed) and _NOT_ASKED.isdisjoint(words[:place])
    return False


_AFTER_NOT = frozenset((",", ";", "as", "because", "due", "since"))
_DEEMED = frozenset(("considered", "deemed", "felt", "found", "held", "judged"))
_WANTING = word_set("found wanting")


def _gives_verdict(words: list[str]) -> bool:
    """Say whether a sentence decides on what stands before it, as terse writers do: "brace denied"."""
    place = next(place for place, word in enumerate(words) if word in _VERDICTS)
    ahead = words[place + 1 : place + 2]
    is_said_of_care = 0 < place <= _LONGEST_VERDICT and _SPEAKERS.isdisjoint(words[:place])
    return is_said_of_care and (not ahead or ahead[0] not in _NOT_AFTER_VERDICTS)


def gives_verdict_on_rest(words: list[str]) -> bool:
    """Say whether a sentence behind one of utilization review tells what became of the rest.

    Examples
    --------
    >>> gives_verdict_on_rest("the surgery was certified".split())
    True
    >>> gives_verdict_on_rest("he was certified as disabled".split())
    False
    """
    for place, word in enumerate(words[:_LONGEST_REST]):
        if word in _PASSED or word in _VERDICTS:
            subject = words[: place - 1]
            is_passive = place > 1 and not _TO_BE.isdisjoint(words[max(0, place - 2) : place])
            is_asked = word not in _REFUSED or not _OF_REQUEST.isdisjoint(subject)
            return (
                is_passive
                and is_asked
                and _NOT_ASKED.isdisjoint(subject)
                and _AGENTS.isdisjoint(words[place:])
            )
    return False


_PASSED = word_set("passed")
_REFUSED = frozenset(("denied",))
_OF_REQUEST = word_set("of a request")
_NOT_ASKED = word_set("no request of its own")
_AGENTS = word_set("other authority")
_LONGEST_REST = 12
_LONGEST_VERDICT = 6
_SPEAKERS = word_set("speaker")
_NOT_AFTER_VERDICTS = word_set("no verdict before")


def judging_words() -> frozenset[str]:
    """Give the words without one of which no sentence judges."""
    return _patterns().needed


def judged_span(words: list[str]) -> tuple[int, int]:
    """Give the words of a sentence, as `words_of` gives it, that judge the record; -1, -1 for none.

    A sentence that reports first keeps that half: "He has low back pain, but | no rationale was given"; so
    does one that judges in brackets only. Else the whole sentence judges.
    """
    patterns = _patterns()
    for place, word in enumerate(words):
        if word not in patterns.needed:
            continue
        # Most judge nothing: what exempts them is asked for last.
        if _fits(patterns.judged[word], words, place) and not (
            word in patterns.exempt and _fits(patterns.exempt[word], words, place)
        ):
            if "(" in words[:place] and ")" in words[place:] and ")" not in words[:place]:
                return words.index("("), words.index(")", place)
            start = max((cut for cut in range(place) if _turns(words, cut)), default=0)
            return start, _judged_end(words, place)
    return -1, -1


class _Around:
    """Patterns of the words before a word, where it matters, and from it on.

    The first of each are the words of which one must stand right before it, none where any may; the last
    those of which its sentence must have one, none where it may stand alone. `beside` has the last of all.
    """

    def __init__(self, patterns: list[_Side]) -> None:
        self.patterns = patterns
        alone = any(not beside for _, _, _, beside in patterns)
        self.beside = frozenset() if alone else frozenset().union(*(beside for _, _, _, beside in patterns))


_Side = tuple[frozenset[str], "re.Pattern[str] | None", "re.Pattern[str]", frozenset[str]]


def _fits(around: _Around, words: list[str], place: int) -> bool:
    if around.beside and around.beside.isdisjoint(words):
        return False
    last = words[place - 1] if place else ""
    ahead = behind = ""
    for next_to, before, after, beside in around.patterns:
        if (next_to and last not in next_to) or (beside and beside.isdisjoint(words)):
            continue
        ahead = ahead or " ".join(words[place : place + _REACH]) + " "
        if not after.match(ahead):
            continue
        if before is None:
            return True
        behind = behind or " ".join(words[max(0, place - _REACH) : place]) + " "
        if before.search(behind):
            return True
    return False


_TURNS = word_set("turn")
_BESIDES = word_set("says besides")


def _turns(words: list[str], place: int) -> bool:
    """Say whether what is said up to a word stands: "a test was negative, | which was not explained"."""
    return words[place] in _TURNS or (words[place] == "which" and words[place - 1] == ",")


def _judged_end(words: list[str], place: int) -> int:
    """Give where a judgement ends: "no mention of reflux; | also, he limps"."""
    last = len(words)
    return next((at for at in range(place, last - 1) if words[at] == ";" and words[at + 1] in _BESIDES), last)


@dataclass(frozen=True, slots=True)
class _Patterns:
    judged: dict[str, _Around]
    exempt: dict[str, _Around]
    needed: frozenset[str]
    continued: re.Pattern[str]
    continuing: frozenset[str]


@cache
def _patterns() -> _Patterns:
    rows = read_rows("lexicons/summary_judging.csv")
    classes = {row["pattern"]: row["note"] for row in rows if row["kind"] == "class"}
    written: dict[str, dict[str, list[tuple[str, str]]]] = {"judged": {}, "exempt": {}}
    for row in rows:
        if row["kind"] not in written:
            continue
        for word in row["needs"].split("|") if row["needs"] else ():
            (needed,) = words_of(word)
            written[row["kind"]].setdefault(needed, []).append(_split(row["pattern"], word))
    continued = [row["pattern"] for row in rows if row["kind"] == "continued"]
    first_words = [word for pattern in continued for word in pattern.split()[0].split("|")]
    return _Patterns(
        {word: _around(patterns, classes) for word, patterns in written["judged"].items()},
        {word: _around(patterns, classes) for word, patterns in written["exempt"].items()},
        frozenset(written["judged"]),
        re.compile("|".join(expression(pattern, classes) for pattern in continued)),
        frozenset(words_of(word)[0] for word in first_words),
    )


def _around(patterns: list[tuple[str, str]], classes: dict[str, str]) -> _Around:
    """Put the patterns around one word together, each as `_split` gives it."""
    groups: dict[str, list[str]] = {}
    for before, after in patterns:
        groups.setdefault(before, []).append(after)
    return _Around(
        [
            (
                _last_words(before, classes),
                re.compile(expression(before, classes) + "$") if before else None,
                re.compile("|".join(expression(after, classes) for after in afters)),
                _beside(before, afters, classes),
            )
            for before, afters in groups.items()
        ]
    )


def _beside(before: str, afters: list[str], classes: dict[str, str]) -> frozenset[str]:
    """Give the rarest words that patterns ask for besides their first, none where one asks for no others."""
    beside: set[str] = set()
    for after in afters:
        parts = [part for part in before.split() + after.split()[1:] if part not in ("#", "..", "...")]
        if not parts:
            return frozenset()
        beside |= rarest_first(_spelled(part, classes) for part in parts)[0]
    return frozenset(beside)


def _last_words(pattern: str, classes: dict[str, str]) -> frozenset[str]:
    """Give the words with which a pattern may end, none where it ends with a gap or a number."""
    last = pattern.split()[-1:]
    return _spelled(last[0], classes) if last and last[0] not in ("#", "..", "...") else frozenset()


def _split(pattern: str, needed: str) -> tuple[str, str]:
    parts = pattern.split()
    place = next(i for i, part in enumerate(parts) if needed in part.split("|"))
    return " ".join(parts[:place]), " ".join(parts[place:])


def expression(pattern: str, classes: dict[str, str]) -> str:
    """Write a pattern of the resource as a regular expression over words joined by spaces.

    Words are separated by single spaces; ``a|b`` is either word, ``{name}`` any word of a class, ``#`` a
    number, ``..`` up to two and ``...`` up to eight words in between, never beyond the end of a clause.
    """
    written = ""
    for part in pattern.split():
        if part in ("..", "..."):
            written += _GAP.format(2 if part == ".." else 8)
            continue
        if part == "#":
            numerals = "|".join(word for word in SPELLED_NUMBERS if "-" not in word)
            written += rf"(?:[0-9]+|{numerals}) "
            continue
        written += rf"(?:{'|'.join(map(re.escape, sorted(_spelled(part, classes))))}) "
    return r"(?<!\S)" + written


def _spelled(part: str, classes: dict[str, str]) -> frozenset[str]:
    """Give the words of a part of a pattern."""
    words = classes[part[1:-1]] if part.startswith("{") else part
    return frozenset([words_of(word)[0] for word in words.split("|")])
