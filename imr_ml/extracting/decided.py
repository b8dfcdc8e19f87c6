"""Care that utilization review decided on was asked for: "UR denied | an MRI |", "| the MRI | was denied"."""

from __future__ import annotations

from collections.abc import Sequence

from imr_ml.extracting.assertions import Mention
from imr_ml.extracting.summary_words import Hit, word_set

DECIDED = word_set("decided")
"""Words of a decision; without one a sentence decides on nothing."""

_PASSIVE = word_set("be") | {"been", "being", "not", "partially", "conditionally", "also", "all", "both"}
_REASONS = word_set("ends what is decided")
_ASKS = frozenset(("request", "authorization", "certification", "appeal", "rfa", "order"))
_KINDS = frozenset(("injection", "study", "surgery", "treatment"))
# No care of its own, or what a reason names rather than a request.
_NO_REQUESTS = frozenset(("conservative_care", "home_exercise", "injection", "weaning"))


def decided_care(words: Sequence[str], hits: Sequence[Hit]) -> list[Mention]:
    """Give the care that a sentence of utilization review decides on, planned; not that of its reasons.

    Examples
    --------
    >>> from imr_ml.extracting.summary_words import find_hits, phrasebook
    >>> words = "UR denied an mri because no acupuncture was tried".split()
    >>> decided_care(words, find_hits(words, phrasebook())[0])
    [mri=planned]
    """
    spans = _spans(words)
    if not spans:
        return []
    return [
        Mention(fact, kind, start, end, "planned")
        for start, end, (facts, _, _) in hits
        if any(first <= start and end <= last for first, last in spans)
        for fact, kind, status in facts
        if kind in _KINDS and not status and fact not in _NO_REQUESTS
    ]


def _spans(words: Sequence[str]) -> list[tuple[int, int]]:
    """Give where what is decided on stands: before a passive, else behind the verb."""
    found = []
    last = 0
    for place, word in enumerate(words):
        if word not in DECIDED:
            continue
        behind = _behind(words, place + 1)
        has_object = behind > place + 1 and words[place + 1] != ","
        if has_object and not (place and words[place - 1] in _PASSIVE):
            found.append((place + 1, behind))
        else:
            found.append((_before(words, place, last), place))
        last = place + 1
    return found


def _behind(words: Sequence[str], start: int) -> int:
    """Give where an object ends that begins here."""
    for place in range(start, len(words)):
        if words[place] in _REASONS and not (words[place] == "for" and words[place - 1] in _ASKS):
            return place
    return len(words)


def _before(words: Sequence[str], end: int, first: int) -> int:
    """Give where a subject begins that ends here."""
    for place in range(end - 1, first - 1, -1):
        if words[place] in _REASONS and words[place] not in (",", "for"):
            return place + 1
    return first
