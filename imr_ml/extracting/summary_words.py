"""The words of a summary, and the phrases of its lexicons found among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from imr_ml.collecting import no_collection
from imr_ml.extracting.sentences import words_of
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
    *("shown", "possible after", "along"),
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


@cache
def _entry(facts: tuple[tuple[str, str, str], ...], cues: frozenset[str], parts: tuple[str, ...]) -> Entry:
    bits = sum(CUE[cue] for cue in cues)
    if facts:
        kinds = {kind for _, kind, _ in facts}
        bits |= TRAIT["fact"] | sum(TRAIT[name] for name, of in _KINDS.items() if not kinds.isdisjoint(of))
    return Entry(facts, bits | (TRAIT["part"] if parts else 0), parts)


class Node:
    """What ends with a word, what goes on behind it, and, of a first word, what it tells by itself."""

    __slots__ = ("entry", "fits", "following", "told")

    def __init__(self, entry: Entry | None, following: dict[str, Node], told: int = 0, fits: int = 0) -> None:
        self.entry = entry
        self.following = following
        self.told = told
        self.fits = fits


Phrasebook = dict[str, Node]


def find_hits(words: list[str], phrasebook: Phrasebook) -> tuple[list[Hit], int]:
    """Find the phrases from left to right, the longest first; no word belongs to two of them.

    Returns
    -------
    hits : list of Hit
    cues : int
        All cues and traits of the hits.
    """
    hits, cues, _, _ = look_up(words, phrasebook)
    return hits, cues


def look_up(words: list[str], phrasebook: Phrasebook) -> tuple[list[Hit], int, int, int]:
    """Find the phrases as `find_hits` does, and all bits of ``told`` and of ``fits`` of the single words."""
    hits: list[Hit] = []
    cues = taken = told = fits = 0
    end = len(words)
    for place, word in enumerate(words):
        node = phrasebook.get(word)
        if node is None:
            continue
        told |= node.told
        if node.fits:
            fits |= node.fits
        if place < taken:
            continue
        entry, following = node.entry, node.following
        ahead = last = place + 1
        while following and ahead < end and (further := following.get(words[ahead])) is not None:
            following = further.following
            ahead += 1
            if further.entry is not None:
                entry, last = further.entry, ahead
        if entry is not None:
            taken = last
            cues |= entry[1]
            hits.append((place, last, entry))
    return hits, cues, told, fits


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
    choices = []
    for element in _ELEMENT.findall(pattern):
        words = element.strip("()[]").split("|")
        phrases = {tuple(words_of(word)) for word in words}
        choices.append(sorted(phrases | {()} if element.startswith("(") else phrases))
    seen = set()
    for parts in itertools.product(*choices):
        phrase = tuple(itertools.chain.from_iterable(parts))
        if phrase not in seen:
            seen.add(phrase)
            yield phrase


@cache
@no_collection()
def phrasebook() -> Phrasebook:
    """Give every phrase of the summary lexicons by its first word."""
    facts: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    cues: dict[tuple[str, ...], set[str]] = {}
    for row in read_rows("lexicons/summary_facts.csv"):
        for pattern in row["phrases"].split(";"):
            pattern = pattern.strip()
            status = {"-": "denied", "~": "planned"}.get(pattern[0], "")
            for phrase in expanded(pattern.lstrip("-~")):
                fact = (row["fact"], row["kind"], status)
                if fact not in facts.setdefault(phrase, []):
                    facts[phrase].append(fact)
    for row in read_rows("lexicons/summary_cues.csv"):
        for pattern in row["phrases"].split(";"):
            for phrase in expanded(pattern):
                cues.setdefault(phrase, set()).add(row["cue"])
    for mark, cue in ((",", "comma"), (";", "stop"), (":", "colon"), ("(", "open"), (")", "close")):
        cues[(mark,)] = {cue}
    for phrase, drug in _drugs().items():
        facts.setdefault(phrase, []).append(drug)
    parts = _body_parts()
    body: Phrasebook = {}
    for phrase, of_body in parts.items():
        _add(body, phrase, _entry((), frozenset(), of_body))
    book: Phrasebook = {}
    of_sentences = {phrase: kept for phrase, given in cues.items() if (kept := given & _OF_SENTENCES)}
    telling: _Tree = {}
    for phrase in of_sentences.keys() | facts.keys():
        _grow(telling, phrase)
    for phrase in sorted(facts.keys() | cues.keys() | parts.keys()):
        said, given = facts.get(phrase, []), set(cues.get(phrase, ()))
        for part in _within(phrase, telling):
            # A longer phrase hides the shorter ones in it; what those say of the whole sentence stays.
            given |= {
                cue
                for cue in of_sentences.get(part, ())
                if not (cue.startswith("ur ") and any(own.startswith("ur ") for own in given))
                and not ("hidden" in given and (cue in ("review", "decision") or cue.startswith("ur ")))
            }
            if phrase not in facts and not said and phrase[0] not in _DENYING and "hidden" not in given:
                said = facts.get(part, [])
        named: tuple[str, ...] = ()
        if not body.keys().isdisjoint(phrase):
            named = tuple(part for *_, entry in find_hits(list(phrase), body)[0] for part in entry.parts)
        _add(book, phrase, _entry(tuple(said), frozenset(given), named))
    _share_ends(book, {})
    return book


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


_Tree = dict[str | None, Any]
"""Phrases by their words one after the other; None stands where a phrase ends."""


def _grow(tree: _Tree, phrase: tuple[str, ...]) -> None:
    for word in phrase:
        tree = tree.setdefault(word, {})
    tree[None] = True


def _within(phrase: tuple[str, ...], tree: _Tree) -> list[tuple[str, ...]]:
    """Give the shorter phrases of a tree that stand in a phrase, the longest first."""
    found = []
    size = len(phrase)
    for start, node in enumerate(map(tree.get, phrase)):
        end = start + 1
        while node is not None:
            if None in node and end - start < size:
                found.append((start - end, start, phrase[start:end]))
            if end == size:
                break
            node = node.get(phrase[end])
            end += 1
    found.sort()
    return [part for *_, part in found]


def _add(book: Phrasebook, phrase: tuple[str, ...], entry: Entry) -> None:
    for word in phrase[:-1]:
        book = book.setdefault(word, Node(None, {})).following
    book.setdefault(phrase[-1], Node(None, {})).entry = entry


def _share_ends(book: Phrasebook, ends: dict[Entry, Node]) -> None:
    """Let phrases that stand for the same end in the same node: fewer objects are found sooner."""
    for word, node in book.items():
        _share_ends(node.following, ends)
        if node.entry is not None and not node.following:
            book[word] = ends.setdefault(node.entry, node)


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
