"""The words of a summary, and the phrases of its lexicons found among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from imr_ml.collecting import no_collection
from imr_ml.extracting.grammar.needs import NUMBER, Need, met
from imr_ml.extracting.grammar.sentences import begins_with_digit, words_of
from imr_ml.resources import read_rows

_ELEMENT = re.compile(r"\([^)]*\)|\[[^\]]*\]|\S+")


class Entry(NamedTuple):
    """What a phrase stands for: facts as (fact, kind, status or ""), cues and traits, parts of the body."""

    facts: tuple[tuple[str, str, str], ...]
    cues: int
    parts: tuple[str, ...]


Hit = tuple[int, int, Entry]
"""A phrase at ``words[start:end]``: start, end, what it stands for."""

_CUES = (
    *("comma", "open", "close", "stop", "no", "deny", "no after", "not denying", "restriction denied"),
    *("possible", "history", "family", "plan", "order", "plan after", "done", "done after", "continue"),
    *("reason", "abnormal", "normal", "helped", "failed", "with medication", "without medication", "pain"),
    *("injury", "review", "request word", "decision", "ur denied", "ur modified", "ur approved", "shows"),
    *("apart", "colon", "body mass", "hidden", "agrees", "disagrees", "history after", "supposed"),
    *("shown", "possible after", "along", "weighed", "general"),
)
CUE = {name: 1 << place for place, name in enumerate(_CUES)}
"""Each cue of ``lexicons/summary_cues.csv``, and the clause marks, as a bit of `Entry.cues`."""

CARE = frozenset(
    ("treatment", "injection", "surgery", "medication", "drug", "study", "monitoring", "referral")
)
THERAPIES = frozenset(("treatment", "injection"))
CAN_HELP = THERAPIES | {"surgery", "medication", "drug"}
_KINDS = {
    "care": CARE,
    "therapy": THERAPIES,
    "can help": CAN_HELP,
    "drug": frozenset(("drug",)),
    "study": frozenset(("study",)),
    "test": frozenset(("test",)),
}
TRAIT = {name: 1 << place for place, name in enumerate(("fact", "part", *_KINDS), start=len(_CUES))}
"""What an entry holds, as further bits of `Entry.cues`: any fact, any part, a fact of some kinds."""
BITS = {kind: sum(TRAIT[name] for name, of in _KINDS.items() if kind in of) for kind in THERAPIES}
"""The traits of a therapy of a kind, for those that only statements name."""


@cache
def _entry(facts: tuple[tuple[str, str, str], ...], cues: frozenset[str], parts: tuple[str, ...]) -> Entry:
    bits = sum(CUE[cue] for cue in cues)
    if facts:
        kinds = {kind for _, kind, _ in facts}
        bits |= TRAIT["fact"] | sum(TRAIT[name] for name, of in _KINDS.items() if not kinds.isdisjoint(of))
    return Entry(facts, bits | (TRAIT["part"] if parts else 0), parts)


class Step:
    """A place in a pattern: which words lead where from it, and what a phrase stands for that ends there.

    There are tens of thousands: two tuples take a quarter of the room of a dictionary.
    """

    __slots__ = ("meaning", "targets", "words")

    def __init__(self, words: tuple[str, ...], targets: tuple[Step, ...], meaning: int = -1) -> None:
        self.words = words
        self.targets = targets
        self.meaning = meaning


class Node:
    """A phrase or the beginning of one: what it stands for, what goes on behind it; made when first met.

    The phrases of all patterns are some 400,000, of which a hundred thousand letters hold some thousands.
    """

    __slots__ = ("entry", "fits", "following", "is_made", "leads_to", "needs", "phrase", "steps", "told")

    def __init__(self, phrase: tuple[str, ...], steps: tuple[Step, ...]) -> None:
        # Compiled, they lie in this order: what is asked of every word comes first, fetched at once.
        # Of a first word: what it tells by itself.
        self.told = 0
        self.fits = 0
        self.needs: tuple[Need, ...] = ()
        self.entry: Entry | None = None
        self.leads_to = 0
        self.is_made = False
        self.following: dict[str, Node] | None = None
        self.phrase = phrase
        self.steps = steps

    def make(self) -> None:
        """Find what the phrase stands for, and which words may follow it."""
        meanings = self.meanings()
        self.entry = _entry_of(self.phrase, meanings) if meanings else None
        for word in self.further():
            self.leads_to |= _first_letter(word)
        self.is_made = True

    def meanings(self) -> list[int]:
        """Give the numbers of the patterns that end here."""
        return sorted({step.meaning for step in self.steps if step.meaning >= 0})

    def further(self) -> dict[str, Node]:
        """Give the phrases that are longer by a word."""
        if self.following is None:
            self.following = _nodes(self.phrase, self.steps)
        return self.following


def _nodes(phrase: tuple[str, ...], steps: Iterable[Step]) -> dict[str, Node]:
    moves: dict[str, list[Step]] = {}
    for step in steps:
        for word, target in zip(step.words, step.targets, strict=True):
            known = moves.get(word)
            if known is None:
                moves[word] = [target]
            else:
                known.append(target)
    return {word: Node((*phrase, word), tuple(further)) for word, further in moves.items()}


def _first_letter(word: str) -> int:
    """Give the bit of the first letter of a word, which it may share with others."""
    return 1 << (ord(word[0]) & 31)


Phrasebook = dict[str, Node]
LookedUp = tuple[list[Hit], int, int, list[int]]
"""Of a sentence: phrases, their cues and traits, what single words tell, the patterns whose needs are met."""


def find_hits(words: list[str], phrasebook: Phrasebook) -> tuple[list[Hit], int]:
    """Find the phrases from left to right, the longest first; no word belongs to two of them.

    Returns
    -------
    hits : list of Hit
    cues : int
        All cues and traits of the hits.
    """
    hits, cues, _, _ = look_up(words, phrasebook, phrases_only=True)
    return hits, cues


TOLD = {
    name: 1 << place
    for place, name in enumerate(
        (
            *("number", "score", "date", "judgement", "unit", "side", "complaint", "examination", "in short"),
            *("reason", "beginning", "denied at end", "earlier", "landmark", "visit count", "again"),
            *("source", "taken", "wanted test", "result of a sign", "drawer", "operation", "further"),
            *("lasts", "injects", "surgeon", "given up", "turns from study", "dates care", "deferred"),
            *("needs a knee", "what is compounded", "turns to another", "passing", "refers back"),
        )
    )
}
"""What single words of a sentence tell by themselves, as bits of ``told``.

All numbers tell of a number, whether a phrase begins with them or not; "7/10" of a score, and those of a date
that are long enough for one: "2014", "3/1/14".
"""
ANYTHING = -1
"""All bits: nothing is known of what single words tell."""

_NUMBER = TOLD["number"]
_SCORE = TOLD["score"]
_DATE = TOLD["date"]
SHORTEST_DATE = 4
_LONGEST_SCORE = 5


def told_of_number(word: str) -> int:
    """Give the bits of ``told`` of a number, none of any other word.

    >>> told_of_number("7/10") == TOLD["number"] | TOLD["score"], told_of_number("pain")
    (True, 0)
    """
    if not begins_with_digit(word):
        return 0
    size = len(word)
    told = _NUMBER if size < SHORTEST_DATE else _NUMBER | _DATE
    if not word.endswith("/10"):
        return told
    # "12/5/10" may be a date, "7/10" is none.
    return told | _SCORE if size > _LONGEST_SCORE else _NUMBER | _SCORE


def look_up(words: list[str], phrasebook: Phrasebook, *, phrases_only: bool = False) -> LookedUp:
    """Find the phrases as `find_hits` does, all bits of ``told`` of the single words, and what they meet.

    That is the numbers of the patterns each of whose ``needs`` a word of the sentence meets.
    """
    hits: list[Hit] = []
    needs: list[tuple[Need, ...]] = []
    cues = taken = told = fits = 0
    end = len(words)
    for place, word in enumerate(words):
        node = phrasebook.get(word)
        if node is None:
            if of_number := told_of_number(word):
                told |= of_number
                if (number := phrasebook.get(NUMBER)) is not None:
                    fits |= number.fits
            continue
        told |= node.told
        if not phrases_only:
            if node.fits:
                fits |= node.fits
            if node.needs:
                needs.append(node.needs)
        if place < taken:
            continue
        if not node.is_made:
            node.make()
        entry = node.entry
        ahead = last = place + 1
        # Most words lead to no longer phrase, as a letter tells: what may follow is not even fetched.
        following: dict[str, Node] | None = None
        if ahead < end and node.leads_to & _first_letter(words[ahead]):
            following = node.following
        while following and (further := following.get(words[ahead])) is not None:
            if not further.is_made:
                further.make()
            ahead += 1
            if further.entry is not None:
                entry, last = further.entry, ahead
            following = None
            if ahead < end and further.leads_to & _first_letter(words[ahead]):
                following = further.following
        if entry is not None:
            taken = last
            cues |= entry[1]
            hits.append((place, last, entry))
    return hits, cues, told, met(needs, fits, words, has_number=bool(told & _NUMBER)) if needs else []


def place_in_order(words: list[str], needed: tuple[frozenset[str], ...], start: int = 0) -> int:
    """Give where the first word of the first set stands, -1 where those of the others do not follow in order.

    >>> place_in_order("he was not seen again".split(), (frozenset(("was", "is")), frozenset(("seen",))))
    1
    """
    first, place, end = -1, start, len(words)
    for element in needed:
        while place < end and words[place] not in element:
            place += 1
        if place == end:
            return -1
        if first < 0:
            first = place
        place += 1
    return first


def expanded(pattern: str) -> Iterator[tuple[str, ...]]:
    """Give every phrase that a pattern stands for, as the lexicons spell it.

    ``a|b`` is either word, ``(a|b c)`` either phrase or none, ``[a|b c]`` either phrase.

    >>> sorted(expanded("straight leg raise|raises (test)"))
    [('straight', 'leg', 'raise'), ('straight', 'leg', 'raise', 'test')]
    """
    seen = set()
    for parts in itertools.product(*_choices(pattern)):
        phrase = tuple(itertools.chain.from_iterable(parts))
        if phrase not in seen:
            seen.add(phrase)
            yield phrase


def _choices(pattern: str) -> list[list[tuple[str, ...]]]:
    """Give the phrases that each element of a pattern stands for; one of no words where it may lack."""
    choices = []
    for element in _ELEMENT.findall(pattern):
        phrases = {_words(written) for written in element.strip("()[]").split("|")}
        choices.append(sorted(phrases | {()} if element.startswith("(") else phrases))
    return choices


@cache
def _words(written: str) -> tuple[str, ...]:
    return tuple(words_of(written))


def _first_step(choices: Sequence[Sequence[tuple[str, ...]]], meaning: int) -> Step:
    """Give the place before a pattern's first element."""
    step = Step((), (), meaning)
    for phrases in reversed(choices):
        words: list[str] = []
        targets: list[Step] = []
        may_lack = () in phrases
        for phrase in phrases:
            if phrase:
                target = step
                for word in reversed(phrase[1:]):
                    target = Step((word,), (target,))
                words.append(phrase[0])
                targets.append(target)
        if may_lack:
            words += step.words
            targets += step.targets
        step = Step(tuple(words), tuple(targets), step.meaning if may_lack else -1)
    return step


class _Lexicons(NamedTuple):
    """All patterns by their first words, and what each stands for by its number: a fact, a cue or neither."""

    first: Phrasebook
    facts: dict[int, tuple[str, str, str]]
    cues: dict[int, str]


@cache
@no_collection()
def _lexicons() -> _Lexicons:
    facts: dict[int, tuple[str, str, str]] = {}
    cues: dict[int, str] = {}
    steps: list[Step] = []
    for row in read_rows("lexicons/summary_facts.csv"):
        for pattern in row["phrases"].split(";"):
            pattern = pattern.strip()
            status = {"-": "denied", "~": "planned"}.get(pattern[0], "")
            facts[len(steps)] = row["fact"], row["kind"], status
            steps.append(_first_step(_choices(pattern.lstrip("-~")), len(steps)))
    for row in read_rows("lexicons/summary_cues.csv"):
        for pattern in row["phrases"].split(";"):
            cues[len(steps)] = row["cue"]
            steps.append(_first_step(_choices(pattern), len(steps)))
    for mark, cue in ((",", "comma"), (";", "stop"), (":", "colon"), ("(", "open"), (")", "close")):
        cues[len(steps)] = cue
        steps.append(_first_step([[(mark,)]], len(steps)))
    for phrase, drug in _drugs().items():
        facts[len(steps)] = drug
        steps.append(_first_step([[phrase]], len(steps)))
    for phrase in _body_parts():
        steps.append(_first_step([[phrase]], len(steps)))
    return _Lexicons(_nodes((), steps), facts, cues)


def phrasebook() -> Phrasebook:
    """Give every phrase of the summary lexicons by its first word."""
    return _lexicons().first


def _entry_of(phrase: tuple[str, ...], meanings: Sequence[int]) -> Entry:
    """Give what a phrase stands for: by itself, by shorter phrases in it, by the parts of the body in it."""
    facts, cues = _said(meanings)
    given = set(cues)
    # "He works modified duty; an MRI is requested" modifies no request.
    is_hidden = "hidden" in given or any(kind == "work" for _, kind, _ in facts)
    for part_facts, part_cues in _within(phrase):
        # A longer phrase hides the shorter ones in it; what those say of the whole sentence stays.
        given |= {
            cue
            for cue in part_cues & _OF_SENTENCES
            if not (cue.startswith("ur ") and any(own.startswith("ur ") for own in given))
            and not (is_hidden and (cue in ("review", "decision") or cue.startswith("ur ")))
        }
        if not facts and phrase[0] not in _DENYING and "hidden" not in given:
            facts = part_facts
    return _entry(facts, frozenset(given), _parts_in(phrase))


def _said(meanings: Sequence[int]) -> tuple[tuple[tuple[str, str, str], ...], set[str]]:
    _, facts, cues = _lexicons()
    said = dict.fromkeys(facts[meaning] for meaning in meanings if meaning in facts)
    return tuple(said), {cues[meaning] for meaning in meanings if meaning in cues}


def _within(phrase: tuple[str, ...]) -> list[tuple[tuple[tuple[str, str, str], ...], set[str]]]:
    """Give what the shorter phrases in a phrase say by themselves, the longest first."""
    found = []
    size = len(phrase)
    for start in range(size):
        book = phrasebook()
        for end in range(start + 1, size + 1):
            node = book.get(phrase[end - 1])
            if node is None:
                break
            if end - start < size and (meanings := node.meanings()):
                found.append((start - end, start, _said(meanings)))
            book = node.further()
    found.sort(key=itemgetter(0, 1))
    return [said for *_, said in found]


def _parts_in(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """Give the parts of the body that the words of a phrase name, the longest names first."""
    known = _body_parts()
    named: tuple[str, ...] = ()
    start = 0
    while start < len(phrase):
        end = next((end for end in range(len(phrase), start, -1) if phrase[start:end] in known), 0)
        named += known[phrase[start:end]] if end else ()
        start = end or start + 1
    return named


_DENYING = frozenset(("no", "not", "without"))
_OF_SENTENCES = frozenset(
    (
        "review",
        "request word",
        "decision",
        "reason",
        "ur denied",
        "ur modified",
        "ur approved",
        "pain",
        "injury",
        "shows",
        "agrees",
        "disagrees",
    )
)


@cache
def word_set(name: str) -> frozenset[str]:
    """Give the words of a row of ``lexicons/summary_words.csv``, spelled as `words_of` spells them."""
    return frozenset(word_values(name))


def word_values(name: str) -> dict[str, float]:
    """Give the words of a row of ``lexicons/summary_words.csv``, each with its number or 0."""
    return _word_rows()[name]


@cache
def _word_rows() -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    for row in read_rows("lexicons/summary_words.csv"):
        words: dict[str, float] = {}
        for word in row["words"].split("|"):
            if word.startswith("{"):
                words |= rows[word[1:-1]]
            else:
                written, _, value = word.partition("=")
                words[written] = float(value or 0)
        rows[row["name"]] = words
    return rows


@cache
def _body_parts() -> dict[tuple[str, ...], tuple[str, ...]]:
    parts = {}
    for row in read_rows("lexicons/body_parts.csv"):
        named = tuple(part for part in row["body_parts"].split(";") if part)
        # "L4-5" is written "L4/5" too.
        for phrase in {row["phrase"], row["phrase"].replace("-", "/")}:
            parts[tuple(words_of(phrase))] = named
    return parts


@cache
def _drugs() -> dict[tuple[str, ...], tuple[str, str, str]]:
    return {
        tuple(words_of(row["name"])): (row["generics"], "drug", "")
        for row in reversed(read_rows("lexicons/drugs.csv"))
    }
