"""Statements of necessity, "is (not) medically necessary", glued, wrapped or misspelled; whose they are."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_ml.letter import Outcome
from imr_ml.parsing.landmarks import Squeezed, forms, squeeze
from imr_ml.resources import read_rows


class Statement(NamedTuple):
    """A statement of necessity: its places in the key, from its verb on, and what it says.

    What is necessary in part has no outcome.
    """

    start: int
    end: int
    outcome: Outcome | None
    is_in_part: bool = False


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """Give the phrases of a kind, squeezed, the longest first."""
    rows = read_rows("layouts/statements.csv")
    found = {form for row in rows if row["kind"] == kind for form in forms(row["phrase"])}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


_AND_APPROPRIATE = squeeze("and appropriate")
_IN_PART = tuple(map(squeeze, ("in part", "only in part", "partially")))
_WHOLLY = frozenset(map(squeeze, ("entirely", "fully", "wholly", "completely")))
_PARTIAL = tuple(map(squeeze, ("partially", "partly", "in part")))
_LONGEST_LEAD = 60
_USUAL = squeeze("is not")


def find_statements(page: Squeezed, first: int, last: int) -> list[Statement]:
    """Find the statements "is (not) medically necessary" between two places of the key, in their order."""
    found = []
    for phrase in words_of("necessary"):
        for begin, end in page.find_all((phrase,), first, last):
            start, outcome = sense_of(page, begin, first)
            if page.key.startswith(_AND_APPROPRIATE, end):
                end += len(_AND_APPROPRIATE)
            in_part = page.key.startswith(_IN_PART, end) or (outcome is None and start < begin)
            found.append(Statement(start, end, None if in_part else outcome, in_part))
    for phrase in words_of("unnecessary"):
        found.extend(Statement(begin, end, "upheld") for begin, end in page.find_all((phrase,), first, last))
    return sorted(found)


def sense_of(page: Squeezed, begin: int, first: int) -> tuple[int, Outcome | None]:
    """Read backwards from the phrase: fillers, perhaps a negation, then a verb.

    There is no outcome where it is necessary "partially", or "not entirely".
    """
    if page.key.endswith(_USUAL, first, begin) and page.begins_word(begin - len(_USUAL)):
        return begin - len(_USUAL), "upheld"
    floor = max(first, begin - _LONGEST_LEAD)
    at, negated, wholly, in_part = begin, False, False, False
    while at > floor:
        kind, word = _word_before(page, floor, at)
        if not word:
            word = _adverb_before(page, at)
        if not word and (word := next((one for one in _PARTIAL if page.key.endswith(one, floor, at)), "")):
            in_part = True
        if not word:
            break
        at -= len(word)
        if kind == "verb":
            return at, None if in_part else "upheld" if negated else "overturned"
        if kind == "supposition":
            return begin, None
        in_part |= wholly and kind == "negation"
        wholly |= word in _WHOLLY
        negated |= kind == "negation"
    return (at, "upheld") if negated and not in_part else (begin, None)


def _word_before(page: Squeezed, floor: int, at: int) -> tuple[str, str]:
    """Name the kind of the listed word that ends at a place, if one does."""
    for kind, word in _words_by_last().get(page.key[at - 1], ()):
        start = at - len(word)
        if page.key.endswith(word, floor, at) and (
            page.begins_word(start) or (kind != "verb" and page.key.endswith(_BEFORE_GLUED, floor, start))
        ):
            return kind, word
    return "", ""


def _adverb_before(page: Squeezed, at: int) -> str:
    """Give what leaves a statement as it is: "is certainly", "is, notwithstanding the denial, necessary"."""
    stop = page.end(at)
    match = _ADVERB.search(page.text, max(0, stop - _LONGEST_ADVERB), stop)
    if match is None and page.text.startswith(",", stop):
        match = _INSERTED.search(page.text, max(0, stop - _LONGEST_INSERTED), stop)
    return squeeze(match[1]) if match else ""


_LONGEST_ADVERB = 20
_LONGEST_INSERTED = 60
_INSERTED = re.compile(
    r",\s*((?:notwithstanding|despite|in\s+spite\s+of|after|on)\s[^,.;:]+)\Z", re.IGNORECASE
)
_ADVERB = re.compile(
    r"(?<![\w-])(?!(?:partial|on|near|hard|scarce|bare|most|part|usual|general|typical|normal|rare|possib|probab|"
    r"potential|like|arguab|conditional|previous|former|initial|original|wrong|mistaken|false|improper|incorrect|erroneous|unjust|bare|respective)ly)([a-z]{3,}ly),?\s*\Z",
    re.IGNORECASE,
)


@cache
def _words_by_last() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for kind in ("filler", "negation", "verb", "supposition"):
        for word in words_of(kind):
            table.setdefault(word[-1], []).append((kind, word))
    return table


# What may be glued to the word that follows it: "isnot medically", "notdeemed".
_BEFORE_GLUED = tuple(map(squeeze, ("not", " is", "are", "was", "were")))

# Patterns that begin with a sign are searched far faster than those that begin with alternatives.
_SENTENCE_BEGIN = re.compile(
    r"[.!?:;](?:(?<=[.!?])(?:[\"')\]]*\s+(?=[\"(]?[A-Z0-9])|(?<=[a-z)].)(?=[A-Z][a-z]))|(?<=[:;])\n\n)"
)
USUAL_SENTENCE = 100
_LONGEST_SENTENCE = 500


def sentence_begin(text: str, start: int, at: int) -> int:
    """Find where the sentence that stands before a place begins; most are short, so look near first."""
    for length in (USUAL_SENTENCE, _LONGEST_SENTENCE):
        begin = max(start, at - length)
        # What tells a sentence's beginning may be the very place.
        ends = [match.end() for match in _SENTENCE_BEGIN.finditer(text, begin, at + 2) if match.end() <= at]
        if ends:
            return ends[-1]
    return begin


def is_of_another(page: Squeezed, statement: Statement, start: int, end: int) -> bool:
    """Say whether a statement between two places of the text is told in another's words."""
    at, after = page.start(statement.start), page.end(statement.end)
    if is_in_quotation(page.text, start, at):
        return True
    begin = sentence_begin(page.text, start, at)
    return is_said_by_another(page.text[begin:at], page.text[after : min(end, after + USUAL_SENTENCE)])


def is_in_quotation(text: str, start: int, at: int) -> bool:
    """Say whether a quotation mark before a place, behind another, is open; that of an inch is none."""
    start = max(start, at - _LONGEST_QUOTED)
    return text.find('"', start, at) >= 0 and len(_QUOTE.findall(text, start, at)) % 2 == 1


_LONGEST_QUOTED = 3000
_QUOTE = re.compile(r"(?<!\d)\"")


def is_said_by_another(before: str, after: str) -> bool:
    """Say whether a statement is another's, by what stands in its sentence before it and right after it."""
    if before.count('"') % 2:
        return True
    if not _leading_words().isdisjoint(before.lower().split()):
        clause = max(before.rfind(","), before.rfind(";")) + 1
        said = next(
            (m for m in pattern_of("said").finditer(before, clause) if not _is_passive(before, m)), None
        )
        if (
            said
            and not pattern_of("own").search(before, clause, said.start())
            and (
                pattern_of("another").search(before, 0, said.start())
                or pattern_of("source").search(before, clause, said.start())
            )
        ):
            return True
        led_in = _ACCORDING.search(before)
        if led_in and pattern_of("another").search(before, led_in.end(), led_in.end() + _LONGEST_NAME):
            return True
    led_in = _ACCORDING.match(after)
    return led_in is not None and pattern_of("another").match(after, led_in.end()) is not None


def _is_passive(text: str, verb: re.Match[str]) -> bool:
    """Say whether a verb is the statement's own: "the brace is considered medically necessary"."""
    return text[: verb.start()].lower().endswith(_BEFORE_PASSIVE)


_BEFORE_PASSIVE = tuple(f" {word} " for word in ("is", "are", "was", "were", "be", "been", "not"))


@cache
def _leading_words() -> frozenset[str]:
    """Give the first words of what leads in another's words: without any of them, nothing is led in."""
    rows = read_rows("layouts/statements.csv")
    said = {row["phrase"].split()[0].lower() for row in rows if row["kind"] == "said"}
    words = said | {"according", "view", "opinion", "criteria", "standards", "account"}
    return frozenset(word + sign for word in words for sign in ("", ",", ":", ";"))


_LONGEST_NAME = 40
_ACCORDING = re.compile(
    r"[\s,]*\b(?:according\s+to|in\s+the\s+(?:view|opinion)\s+of|"
    r"by(?=\s+(?:the\s+)?\w+['\u2019]s?\s+(?:own\s+)?(?:criteria|standards|account)\b))\s+(?:the\s+)?",
    re.IGNORECASE,
)


@cache
def pattern_of(kind: str) -> re.Pattern[str]:
    """Give the words of a kind as whole words; those in capitals are abbreviations and stay so."""
    phrases = [row["phrase"] for row in read_rows("layouts/statements.csv") if row["kind"] == kind]
    spaced = [(phrase, r"\s+".join(map(re.escape, phrase.split()))) for phrase in phrases]
    forms = [pattern if phrase.isupper() else f"(?i:{pattern})" for phrase, pattern in spaced]
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")
