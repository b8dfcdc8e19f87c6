"""Operations that are only spoken of: "if therapy fails, fusion", "he may need surgery", "a candidate for".

Such an operation may come, but nobody has asked for it: it is possible, not planned.
"""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import CARE, word_set

_IF = word_set("if care fails")
_FAILS = word_set("comes to nothing")
_BETTER = word_set("gets better")
_NOT = frozenset(("no", "not", "without"))
_MAY = word_set("may be needed")
_NEED = word_set("needs an operation")
_ASKED = word_set("asks for an operation")
_NEEDED = frozenset(("considered", "indicated", "necessary", "needed", "required", "warranted"))
_CLAUSE_MARKS = frozenset((",", ";", ":", "that", "and", "but"))
_CONDITION_REACH = 8
_NOT_REACH = 4
_NEED_REACH = 3
_BEFORE_REACH = 8
_AFTER_REACH = 4


def let_conditions_hold(words: list[str], mentions: list[Mention]) -> None:
    """Let planned operations be possible only that wait for other care to fail, or may be needed some day.

    >>> fusion = Mention("surgery", "surgery", 5, 6, "planned")
    >>> let_conditions_hold("if therapy fail , a fusion is planned".split(), [fusion])
    >>> fusion.status
    'possible'
    """
    planned = [one for one in mentions if one.kind == "surgery" and one.status == "planned"]
    if not planned:
        return
    conditions = [place for place in range(len(words)) if _awaits_failure(words, place)]
    is_asked = not _ASKED.isdisjoint(words)
    for mention in planned:
        if any(_is_under(words, mentions, mention, place) for place in conditions) or (
            not is_asked and _may_be_needed(words, mention)
        ):
            mention.status = "possible"


def _awaits_failure(words: list[str], place: int) -> bool:
    """Say whether a condition begins that care comes to nothing: "|if| not better", "|unless| better"."""
    word = words[place]
    if word not in _IF or (word == "should" and place and words[place - 1] not in _CLAUSE_MARKS):
        # "Surgery |should| not be delayed"
        return False
    clause = words[place + 1 : place + 1 + _CONDITION_REACH]
    if ";" in clause:
        clause = clause[: clause.index(";")]
    if word == "unless":
        return not _BETTER.isdisjoint(clause)
    return not _FAILS.isdisjoint(clause) or any(
        one in _NOT and not _BETTER.isdisjoint(clause[at + 1 : at + 1 + _NOT_REACH])
        for at, one in enumerate(clause)
    )


def _is_under(words: list[str], mentions: list[Mention], operation: Mention, place: int) -> bool:
    """Say whether a condition is that of an operation, and not of other care named nearer to it."""
    if place < operation.start:
        return ";" not in words[place : operation.start]
    nearer = any(
        one is not operation and one.kind in CARE and operation.end <= one.start < place for one in mentions
    )
    return not nearer and ";" not in words[operation.end : place]


def _may_be_needed(words: list[str], operation: Mention) -> bool:
    """Say whether an operation is only thought of: "|may need| surgery", "surgery |may be needed|"."""
    first = max(0, operation.start - _BEFORE_REACH)
    for place in range(first, operation.end):
        if words[place] == "candidate" and "not" not in words[first:place]:
            return True
        if words[place] in _MAY and not _NEED.isdisjoint(words[place + 1 : place + 1 + _NEED_REACH]):
            return ";" not in words[place : operation.start]
    behind = words[operation.end : operation.end + _AFTER_REACH]
    return behind[:1] == ["candidate"] or (
        not _MAY.isdisjoint(behind[:1]) and not _NEEDED.isdisjoint(behind[1:])
    )
