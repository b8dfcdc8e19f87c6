"""The sentences of a summary, their words looked up in the phrasebook."""

from __future__ import annotations

from functools import cache

from imr_ml.extracting.amounts import UNITS_AND_DOSES
from imr_ml.extracting.assertions import DENIED_AT_END, EARLIER, WANTING
from imr_ml.extracting.decided import DEFERRED, reason_words
from imr_ml.extracting.in_general import SOURCES
from imr_ml.extracting.judging_words import judging_words
from imr_ml.extracting.landmarks import BESIDE
from imr_ml.extracting.lexicon import spelled_numbers
from imr_ml.extracting.motion import SHORT_MOTIONS, spell_motions
from imr_ml.extracting.named_again import NAMED_AGAIN
from imr_ml.extracting.needs import NUMBER
from imr_ml.extracting.onsets import BEGAN
from imr_ml.extracting.pain import HALVES
from imr_ml.extracting.results import LASTS
from imr_ml.extracting.statements import needs_of_rules, operation_words
from imr_ml.extracting.stopped import GIVES_UP
from imr_ml.extracting.studies import TURNS
from imr_ml.extracting.summary_words import (
    TOLD,
    LookedUp,
    Node,
    Phrasebook,
    look_up,
    phrasebook,
    told_of_number,
    word_set,
)

Sentences = list[tuple[list[str], LookedUp]]
"""The words of each sentence, and what is found of them in the phrasebook."""

_IN_SHORT = TOLD["in short"]
_NUMBER = TOLD["number"]
# Words of ``summary_words.csv``, by the name of their row.
_TOLD_BY_ROWS = (
    *("side", "visit count", "taken", "result of a sign", "further", "injects", "dates care"),
    *("needs a knee", "what is compounded"),
)


def look_up_sentences(sentences: list[list[str]]) -> Sentences:
    """Look up the words of each sentence of a summary, what is written in short spelled out."""
    book = telling_phrasebook()
    found: Sentences = []
    for words in sentences:
        looked_up = look_up(words, book)
        if looked_up[2] & _IN_SHORT:
            words = spell_motions(_spell_reason(words) if "2/2" in words else words)
            looked_up = look_up(words, book)
        found.append((words, looked_up))
    return found


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
        ("deferred", DEFERRED),
        *((word, {word}) for word in ("drawer", "surgeon")),
        *((row, word_set(row)) for row in _TOLD_BY_ROWS),
        ("number", spelled_numbers().keys() | HALVES),
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
