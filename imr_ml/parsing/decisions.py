"""What a sentence decides: "is (not) medically necessary", glued, wrapped or misspelled."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_ml.letter import Outcome
from imr_ml.parsing.landmarks import Squeezed, forms, squeeze
from imr_ml.resources import read_rows


class Statement(NamedTuple):
    """A statement of necessity: its places in the key, from its verb on, and what it says."""

    start: int
    end: int
    outcome: Outcome | None


@cache
def _words(kind: str) -> tuple[bytes, ...]:
    rows = read_rows("layouts/statements.csv")
    found = {form for row in rows if row["kind"] == kind for form in forms(row["phrase"])}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


_AND_APPROPRIATE = squeeze("and appropriate")
_LONGEST_LEAD = 60
_USUAL = squeeze("is not")


def find_statements(page: Squeezed, first: int, last: int) -> list[Statement]:
    """Find the statements "is (not) medically necessary" between two places of the key, in their order."""
    found = []
    for phrase in _words("necessary"):
        for begin, end in page.find_all((phrase,), first, last):
            start, outcome = _sense(page, begin, first)
            if page.key.startswith(_AND_APPROPRIATE, end):
                end += len(_AND_APPROPRIATE)
            found.append(Statement(start, end, outcome))
    for phrase in _words("unnecessary"):
        found.extend(Statement(begin, end, "upheld") for begin, end in page.find_all((phrase,), first, last))
    return sorted(found)


def _sense(page: Squeezed, begin: int, first: int) -> tuple[int, Outcome | None]:
    """Read backwards from the phrase: fillers, perhaps a negation, then a verb."""
    if page.key.endswith(_USUAL, first, begin) and page.begins_word(begin - len(_USUAL)):
        return begin - len(_USUAL), "upheld"
    floor = max(first, begin - _LONGEST_LEAD)
    at, negated = begin, False
    while at > floor:
        kind, word = _word_before(page, floor, at)
        if not word:
            break
        at -= len(word)
        if kind == "verb":
            return at, "upheld" if negated else "overturned"
        if kind == "supposition":
            return begin, None
        negated |= kind == "negation"
    return (at, "upheld") if negated else (begin, None)


def _word_before(page: Squeezed, floor: int, at: int) -> tuple[str, bytes]:
    """Name the kind of the listed word that ends at a place, if one does."""
    for kind, word in _words_by_last().get(page.key[at - 1], ()):
        start = at - len(word)
        if page.key.endswith(word, floor, at) and (
            page.begins_word(start) or (kind != "verb" and page.key.endswith(_BEFORE_GLUED, floor, start))
        ):
            return kind, word
    return "", b""


@cache
def _words_by_last() -> dict[int, list[tuple[str, bytes]]]:
    table: dict[int, list[tuple[str, bytes]]] = {}
    for kind in ("filler", "negation", "verb", "supposition"):
        for word in _words(kind):
            table.setdefault(word[-1], []).append((kind, word))
    return table


# What may be glued to the word that follows it: "isnot medically", "notdeemed".
_BEFORE_GLUED = tuple(map(squeeze, ("not", " is", "are", "was", "were")))

_SENTENCE_BEGIN = re.compile(r"[.!?](?:[\"')\]]*\s+(?=[\"(]?[A-Z0-9])|(?<=[a-z)].)(?=[A-Z][a-z]))|[:;]\n\n")
_CONDITION = re.compile(
    r"[\s,]*(?:only|if|when|unless|without|provided|for (?!th)|in (?!th)|as (?:stated|an option)|until|"
    r"except|to|after|where|following)\b",
    re.IGNORECASE,
)
# The heading of layout D's rationale, a letter glued to it or not, says "NOT" whatever was decided.
_HEADING_OF_D = re.compile(r"rationale\s+for\s+why\b", re.IGNORECASE)
_USUAL_SENTENCE = 100
_LONGEST_SENTENCE = 500
_MOST_STATEMENTS = 50


class Conclusion(NamedTuple):
    """A sentence that decides: where it begins and its statement ends in the text, and its sense."""

    start: int
    end: int
    outcome: Outcome


def conclusions(page: Squeezed, start: int, end: int) -> list[Conclusion]:
    """Find the sentences of a rationale that decide, the last fifty at most.

    A statement under a condition ("is considered medically necessary only when"), in doubt ("no evidence
    that it is medically necessary") or in another's words ("the provider states that") decides nothing.
    """
    first, last = page.place(start), page.place(end)
    statements = find_statements(page, first, last)
    for outcome in _SENSES:
        for phrase in _words(outcome):
            statements.extend(
                Statement(begin, after, outcome)
                for begin, after in page.find_all((phrase,), first, last)
                if page.begins_word(begin)
            )
    found = []
    for statement in sorted(statements)[-_MOST_STATEMENTS:]:
        concluded = _concluded(page, statement, start, end)
        if concluded and not is_of_another(page, statement, start, end):
            found.append(concluded)
    return found


_SENSES: tuple[Outcome, Outcome] = ("upheld", "overturned")


def _sentence_begin(text: str, start: int, at: int) -> int:
    """Find where the sentence that stands before a place begins; most are short, so look near first."""
    for length in (_USUAL_SENTENCE, _LONGEST_SENTENCE):
        begin = max(start, at - length)
        # What tells a sentence's beginning may be the very place.
        ends = [match.end() for match in _SENTENCE_BEGIN.finditer(text, begin, at + 2) if match.end() <= at]
        if ends:
            return ends[-1]
    return begin


def _concluded(page: Squeezed, statement: Statement, start: int, end: int) -> Conclusion | None:
    if statement.outcome is None:
        return None
    at, after = page.start(statement.start), page.end(statement.end)
    if _CONDITION.match(page.text, after, min(end, after + 30)):
        return None
    begin = _sentence_begin(page.text, start, at)
    if "why" in page.text[begin:at].lower() and _HEADING_OF_D.search(page.text, begin, at):
        return None
    clause = _clause_begin(page.text, begin, at)
    if statement.outcome == "overturned" and _pattern("doubt").search(page.text, clause, at):
        return None
    if _is_general(page.text, clause, after):
        return _contrasted(page.text, begin, after, end, statement.outcome)
    return Conclusion(begin, after, statement.outcome)


def _clause_begin(text: str, begin: int, at: int) -> int:
    """Find where the clause that holds a place begins: behind a semicolon, "but", ", in this case"."""
    clause = max(begin, text.rfind(";", begin, at) + 1)
    for match in _pattern("contrast").finditer(text, clause, at):
        before = text[clause : match.start()].rstrip()
        parted = text[match.start() : match.end()].lower() in _ALWAYS_PART or before.endswith(
            (",", ":", "-", ")")
        )
        if parted and not (_LEADS_ON.search(before) or _TELLS.search(text, match.end(), at)):
            clause = match.end()
    return clause


_ALWAYS_PART = ("but", "however", "yet")
# "that, in this case, it is": no new clause; "here the notes show it is": not the reviewer's word for it.
_LEADS_ON = re.compile(r"\b(?:that|whether|if|why|how|when|nor|and|or|as),?\Z", re.IGNORECASE)
_TELLS = re.compile(
    r"\b(?:that|whether|if|why|how|(?:show|prov|establish|support|suggest|indicat|document|demonstrat|explain|"
    r"clarif|convinc|persuad|mean|say|sa(?:id|ys)|stat)\w*)\b",
    re.IGNORECASE,
)


def _is_general(text: str, clause: int, after: int) -> bool:
    """Say whether a clause speaks of a rule rather than of the case: "is often not medically necessary"."""
    comma = text.rfind(",", clause, after)
    # "As it is seldom of use, the brace is not", but "Braces are, as a rule, not".
    begin = comma if len(text[comma:after].split()) > _FEWEST_IN_CLAUSE else clause
    return _pattern("general").search(text, begin, after) is not None


_FEWEST_IN_CLAUSE = 4


def _contrasted(text: str, begin: int, after: int, end: int, outcome: Outcome) -> Conclusion | None:
    """Read "is often not necessary, but here it is": what a rule's sentence goes on to say of the case."""
    match = _HERE_IT_IS.match(text, after, end) if outcome == "upheld" else None
    if match is None or not _pattern("contrast").search(text, after, match.end()):
        return None
    return Conclusion(begin, match.end(), "overturned")


_HERE_IT_IS = re.compile(r"[^.;:?!]{2,90}?\b(?:is|are|was|were)(?=[.;])", re.IGNORECASE)


def concludes(page: Squeezed, start: int, end: int) -> Outcome | None:
    """Give what a rationale concludes: the sense of its last sentence on medical necessity that decides.

    It must be the reviewer's own: what utilization review, a provider or a guideline said, or what stands in
    quotation marks, decides nothing. Where the request is then granted or refused in other words ("should be
    authorized") against that sentence, the rationale is taken to leave the question open.
    """
    if page.flat.endswith(_PLAINLY_UPHELD, start, end):  # as most rationales end
        _, stop, sentence = page.flat[max(start, end - _USUAL_SENTENCE) : end - 1].rpartition(". ")
        if stop and "why" not in sentence and not _is_said_by_another(sentence, ""):
            return "upheld"
    first, last = page.place(start), page.place(end)
    stop_at = last
    for _ in range(_MOST_TRIED):
        begin, length = _last_phrase(page.key, first, stop_at)
        if begin < 0:
            break
        lead, outcome = _sense(page, begin, first)
        statement = Statement(lead, begin + length, outcome)
        concluded = _concluded(page, statement, start, end)
        if concluded and not is_of_another(page, statement, start, end):
            opposite = _SENSES[concluded.outcome == "upheld"]
            after = page.find_all(_words(opposite), begin + length, last)
            return None if any(page.begins_word(at) for at, _ in after) else concluded.outcome
        stop_at = begin
    return None


def is_of_another(page: Squeezed, statement: Statement, start: int, end: int) -> bool:
    """Say whether a statement between two places of the text is told in another's words."""
    at, after = page.start(statement.start), page.end(statement.end)
    begin = _sentence_begin(page.text, start, at)
    return _is_said_by_another(page.text[begin:at], page.text[after : min(end, after + _USUAL_SENTENCE)])


def _is_said_by_another(before: str, after: str) -> bool:
    """Say whether a statement is another's, by what stands in its sentence before it and right after it."""
    if before.count('"') % 2:
        return True
    if not _leading_words().isdisjoint(before.lower().split()):
        clause = max(before.rfind(","), before.rfind(";")) + 1
        said = next(
            (m for m in _pattern("said").finditer(before, clause) if not _is_passive(before, m)), None
        )
        if (
            said
            and not _pattern("own").search(before, clause, said.start())
            and (
                _pattern("another").search(before, 0, said.start())
                or _pattern("source").search(before, clause, said.start())
            )
        ):
            return True
        led_in = _ACCORDING.search(before)
        if led_in and _pattern("another").match(before, led_in.end()):
            return True
    led_in = _ACCORDING.match(after)
    return led_in is not None and _pattern("another").match(after, led_in.end()) is not None


def _is_passive(text: str, verb: re.Match[str]) -> bool:
    """Say whether a verb is the statement's own: "the brace is considered medically necessary"."""
    return text[: verb.start()].lower().endswith(_BEFORE_PASSIVE)


_BEFORE_PASSIVE = tuple(f" {word} " for word in ("is", "are", "was", "were", "be", "been", "not"))


@cache
def _leading_words() -> frozenset[str]:
    """Give the first words of what leads in another's words: without any of them, nothing is led in."""
    rows = read_rows("layouts/statements.csv")
    said = {row["phrase"].split()[0].lower() for row in rows if row["kind"] == "said"}
    words = said | {"according", "view", "opinion"}
    return frozenset(word + sign for word in words for sign in ("", ",", ":", ";"))


_ACCORDING = re.compile(
    r"[\s,]*\b(?:according\s+to|in\s+the\s+(?:view|opinion)\s+of)\s+(?:the\s+)?", re.IGNORECASE
)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """Give the words of a kind as whole words; those in capitals are abbreviations and stay so."""
    phrases = [row["phrase"] for row in read_rows("layouts/statements.csv") if row["kind"] == kind]
    spaced = [(phrase, r"\s+".join(map(re.escape, phrase.split()))) for phrase in phrases]
    forms = [pattern if phrase.isupper() else f"(?i:{pattern})" for phrase, pattern in spaced]
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")


_PLAINLY_UPHELD = (" is not medically necessary.", " is not medically necessary and appropriate.")
_MOST_TRIED = 5
_NECESSARY = squeeze("medically necessary")


def _last_phrase(key: bytes, first: int, stop: int) -> tuple[int, int]:
    """Find the last "medically necessary" and its length; a misspelled one only where no right one is."""
    begin = key.rfind(_NECESSARY, first, stop)
    if begin >= 0:
        return begin, len(_NECESSARY)
    return max((key.rfind(phrase, first, stop), len(phrase)) for phrase in _words("necessary"))
