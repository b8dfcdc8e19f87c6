"""What a sentence tells of everybody, and so of nobody: guidelines, handouts, what a drug is for.

"ODG requires radiculopathy", "the brochure explains how a tennis elbow arises" and "a first-line agent for
neuropathic pain" name findings of which this worker may have none.
"""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import FINDINGS, Mention
from imr_ml.extracting.grammar.words import CUE, TOLD, TRAIT, Hit, word_set

TELLS_IN_GENERAL = TOLD["source"]
"""Words that name a source of general knowledge."""
_GENERAL = CUE["general"]

_GUIDELINES = word_set("guideline")
_TEXTS = word_set("text for all")
_ASKS = word_set("asks of everybody")
SOURCES = _GUIDELINES | _TEXTS | _ASKS
_LEADS = word_set("leads to a guideline")
_SPEAKS = word_set("speaks for all")
_MET = word_set("criteria met")
_WORKER = word_set("the worker again")
_NOUNS = word_set("worker by name")
_HIS = frozenset(("the", "this", "our"))
_WOULD = frozenset(("would", "could", "might"))
_VERBS = word_set("be") | _WOULD
_ARTICLES = frozenset(("a", "an"))
_CARE = TRAIT["care"]
_HANDED = frozenset(("to", "with", "for", "by"))
_NEAR = 4
_KINDS = FINDINGS | {"test", "part"}
_SAID = ("present", "denied", "historical")


def tell_in_general(words: list[str], hits: list[Hit], mentions: list[Mention]) -> None:
    """Let findings be possible only that a sentence names of everybody.

    What it names of the worker, before or behind, stays: "ODG asks for weakness, which | he has".
    """
    start = _begins_general(words, hits)
    if start < 0 or not _MET.isdisjoint(words):
        # "ODG criteria are met: the leg raise is positive"
        return
    end = _ends_general(words, start)
    for mention in mentions:
        if start <= mention.start < end and mention.kind in _KINDS and mention.status in _SAID:
            mention.status = "possible"


def _begins_general(words: list[str], hits: list[Hit]) -> int:
    """Give where general knowledge begins: with a guideline that heads its sentence or speaks, a handout."""
    for place, word in enumerate(words):
        if word in _TEXTS:
            return place
        if word in _GUIDELINES:
            if _LEADS.issuperset(words[:place]) or not _SPEAKS.isdisjoint(words[place + 1 : place + 2]):
                # "Radiculopathy, as the guideline defines it"
                return 0 if "as" in words[max(0, place - 2) : place] else place
        elif word in _ASKS and hits[0][1] == place and hits[0][0] <= 1 and hits[0][2].cues & _CARE:
            # "Fusion requires instability."
            return place
    for start, end, entry in hits:
        if entry.cues & _GENERAL and (words[0] in _ARTICLES or not _of_one_only(words, start, end)):
            return _clause_begins(words, start) if words[start] in _VERBS else start
    return -1


def _of_one_only(words: list[str], start: int, end: int) -> bool:
    """Say whether only a sentence that begins with an article tells of all: "a strain | is an injury of"."""
    return words[start] in _WOULD or (words[end - 1] == "of" and words[end - 2] != "absence")


def _clause_begins(words: list[str], verb: int) -> int:
    """Give where what is said of everybody began: "cauda equina syndrome | is a surgical emergency"."""
    for place in range(verb - 1, -1, -1):
        if _is_worker(words, place) or (words[place] == "and" and words[place - 1] == ","):
            return place + 1
    return 0


def _ends_general(words: list[str], start: int) -> int:
    """Give where the worker is spoken of again; "the booklet given to her" still tells everybody."""
    for place in range(start + 1, len(words)):
        if _is_worker(words, place) and not (place - start <= _NEAR and words[place - 1] in _HANDED):
            return place
    return len(words)


def _is_worker(words: list[str], place: int) -> bool:
    word = words[place]
    return word in _WORKER or (word in _NOUNS and place > 0 and words[place - 1] in _HIS)
