"""The sentences of a summary, and clauses with subjects of their own, looked up in the phrasebook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from imr_ml.extracting.care.amounts import UNITS_AND_DOSES
from imr_ml.extracting.care.decided import DEFERRED, reason_words
from imr_ml.extracting.care.named_again import NAMED_AGAIN
from imr_ml.extracting.care.referring import REFERS, named_in, refer_back
from imr_ml.extracting.care.results import LASTS
from imr_ml.extracting.care.sessions import UNNAMED_VISITS
from imr_ml.extracting.care.stopped import GIVES_UP
from imr_ml.extracting.findings.onsets import BEGAN
from imr_ml.extracting.findings.pain import HALVES
from imr_ml.extracting.findings.passing import CHANGES
from imr_ml.extracting.findings.studies import TURNS
from imr_ml.extracting.grammar.assertions import DENIED_AT_END, EARLIER, WANTING
from imr_ml.extracting.grammar.in_general import SOURCES
from imr_ml.extracting.grammar.judging_words import judging_words
from imr_ml.extracting.grammar.landmarks import BESIDE
from imr_ml.extracting.grammar.motion import SHORT_MOTIONS, spell_motions
from imr_ml.extracting.grammar.needs import NUMBER
from imr_ml.extracting.grammar.statements import needs_of_rules, operation_words
from imr_ml.extracting.grammar.words import (
    CAN_HELP,
    CUE,
    TOLD,
    TRAIT,
    Hit,
    LookedUp,
    Node,
    Phrasebook,
    look_up,
    phrasebook,
    told_of_number,
    word_set,
)
from imr_ml.extracting.lexicon import SPELLED_NUMBERS

Sentences = list[tuple[list[str], LookedUp, int]]
"""Words of a sentence or of a clause, what is found of them in the phrasebook, and how many stand before them
in the sentence."""

_IN_SHORT = TOLD["in short"]
_REFERS = TOLD["refers back"]
_NUMBER = TOLD["number"]
# Words of ``summary_words.csv``, by the name of their row.
_TOLD_BY_ROWS = (
    *("side", "visit count", "taken", "result of a sign", "further", "injects", "dates care"),
    *("needs a knee", "what is compounded"),
)


def look_up_sentences(sentences: list[list[str]]) -> Sentences:
    """Look up the words of each sentence of a summary, what is written in short spelled out.

    A sentence that says one thing of a drug, therapy or part of the body and turns to another one is read as
    two: "Motrin did nothing, whereas | Norco lets him walk a mile".
    """
    book = telling_phrasebook()
    found: Sentences = []
    before: tuple[list[str], Sequence[Hit]] | None = None
    formed: dict[str, str] = {}
    for words in sentences:
        looked_up = look_up(words, book)
        if looked_up[2] & _IN_SHORT:
            words = spell_motions(_spell_reason(words) if "2/2" in words else words)
            looked_up = look_up(words, book)
        if looked_up[2] & _REFERS:
            told = refer_back(words, looked_up[0], before, formed)
            if told is words:
                # What names a form alone refers to nothing.
                looked_up = (looked_up[0], looked_up[1], looked_up[2] & ~_REFERS, looked_up[3])
            else:
                words = told
                looked_up = _telling(look_up(words, book), _REFERS)
        if not looked_up[2] & _REFERS or len(named_in(words, looked_up[0])) > 1:
            # "The former helped. The latter did not." speak of the same two.
            before = words, looked_up[0]
        first = 0
        refers = looked_up[2] & _REFERS
        if looked_up[2] & _TURNS and looked_up[1] & _SUBJECT and not _is_whole(looked_up):
            for turn in _turns(words, looked_up[0]):
                clause = words[first:turn]
                found.append((clause, _telling(look_up(clause, book), refers), first))
                first = turn + 1
        rest = words[first:]
        found.append((rest, _telling(look_up(rest, book), refers), first) if first else (words, looked_up, 0))
    return found


def _telling(looked_up: LookedUp, told: int) -> LookedUp:
    hits, cues, own, met = looked_up
    return (hits, cues, own | told, met) if told else looked_up


def _is_whole(looked_up: LookedUp) -> bool:
    """Say whether a sentence plans or tells what review did: "has allowed him to cook" is no approval."""
    return bool(looked_up[1] & _WHOLE) and any(
        entry.cues & _WHOLE and not any(kind == "outcome" for _, kind, _ in entry.facts)
        for _, _, entry in looked_up[0]
    )


def _turns(words: list[str], hits: list[Hit]) -> list[int]:
    """Give the places of the words at which a sentence turns to another subject of the same kind."""
    turns: list[int] = []
    first = 0
    for place, word in enumerate(words):
        if word not in _TURN or place - first < _SHORTEST or len(words) - place <= _SHORTEST:
            continue
        behind = next((hit for hit in hits if hit[0] > place), None)
        if behind is None or behind[0] - place > _NEAR or not behind[2].cues & _SUBJECT:
            continue
        is_of_care = bool(behind[2].cues & _MAY_HELP)
        if is_of_care and len(words) - _listed_to(words, hits, behind) < _SHORTEST:
            # "Soma helped, but Norco | did not" tells what in the first half.
            continue
        own = _subjects(behind, is_of_care=is_of_care)
        others = [
            _subjects(hit, is_of_care=is_of_care)
            for hit in hits
            if first <= hit[0] and hit[1] <= place and hit[2].cues & (_MAY_HELP if is_of_care else _HAS_PART)
        ]
        if (
            own
            and others
            and all(own.isdisjoint(other) for other in others)
            and not _VERBS.isdisjoint(words[first:place])
            and (is_of_care or not _VERBS.isdisjoint(words[place:]))
        ):
            turns.append(place)
            first = place + 1
    return turns


def _listed_to(words: list[str], hits: list[Hit], first: Hit) -> int:
    """Give where a list ends that begins with some care: "Soma and an injection | gave none"."""
    end = first[1]
    for start, after, entry in hits:
        if end < start <= end + 2 and words[end] in _LISTS and entry.cues & _MAY_HELP:
            end = after
    return end


def _subjects(hit: Hit, *, is_of_care: bool) -> set[str]:
    entry = hit[2]
    if not is_of_care:
        return set(entry.parts)
    return {fact for fact, kind, _ in entry.facts if kind in CAN_HELP and fact != UNNAMED_VISITS}


_TURN = word_set("turn")
_SHORTEST = 3
_LISTS = frozenset(("and", "or", ","))
_MAY_HELP = TRAIT["can help"]
_HAS_PART = TRAIT["part"]
_SUBJECT = _MAY_HELP | _HAS_PART
_OF_REVIEW = CUE["review"] | CUE["decision"] | CUE["ur denied"] | CUE["ur modified"] | CUE["ur approved"]
_PLANS = CUE["plan"] | CUE["order"] | CUE["plan after"] | CUE["request word"]
_WHOLE = _OF_REVIEW | _PLANS
_TURNS = TOLD["turns to another"]
_VERBS = word_set("main verb")


@cache
def telling_phrasebook() -> Phrasebook:
    """Give the phrasebook, and by first word what single words tell: bits of `TOLD`, needs of statements."""
    book, rules = phrasebook(), needs_of_rules()
    told: dict[str, int] = {}
    for name, words in (
        ("judgement", judging_words()),
        ("unit", UNITS_AND_DOSES),
        ("complaint", word_set("complains") | word_set("worker says") | word_set("treated for")),
        ("examination", word_set("examination")),
        ("in short", {"2/2"} | SHORT_MOTIONS.keys()),
        ("reason", reason_words()),
        ("beginning", BEGAN),
        ("denied at end", DENIED_AT_END),
        ("earlier", EARLIER),
        ("landmark", BESIDE),
        ("again", NAMED_AGAIN),
        ("source", SOURCES),
        ("wanted test", WANTING),
        ("operation", operation_words()),
        ("lasts", LASTS),
        ("given up", GIVES_UP),
        ("turns from study", TURNS),
        ("turns to another", _TURN),
        ("passing", CHANGES),
        ("deferred", DEFERRED),
        ("refers back", REFERS),
        *((word, {word}) for word in ("drawer", "surgeon")),
        *((row, word_set(row)) for row in _TOLD_BY_ROWS),
        ("number", SPELLED_NUMBERS.keys() | HALVES),
    ):
        for word in words:
            told[word] = told.get(word, 0) | TOLD[name]
    telling = dict(book)
    for word in book.keys() | rules.by_word.keys() | rules.fits.keys() | told.keys():
        node = telling.setdefault(word, Node((word,), ()))
        node.told = told.get(word, 0) | told_of_number(word)
        node.needs = rules.by_word.get(word, ())
        node.fits = rules.fits.get(word, 0) | (rules.fits.get(NUMBER, 0) if node.told & _NUMBER else 0)
    return telling


def _spell_reason(words: list[str]) -> list[str]:
    """Write "2/2" out, "secondary to", where it is no grade of a reflex: "limited 2/2 pain"."""
    return [
        "secondary"
        if word == "2/2" and place and _REFLEXES.isdisjoint(words[max(0, place - _NEAR) : place])
        else word
        for place, word in enumerate(words)
    ]


_REFLEXES = word_set("graded reflex")
_NEAR = 6
