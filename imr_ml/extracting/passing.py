"""Findings that went or came: "the spasm seen in May | has gone", "absent then, it is | now present"."""

from __future__ import annotations

from imr_ml.extracting.assertions import FINDINGS, Mention
from imr_ml.extracting.sentences import begins_with_digit
from imr_ml.extracting.summary_words import word_set

_OF_FINDINGS = FINDINGS | {"test"}
_REACH = 16
_VIEW_REACH = 4

_CARRIES = word_set("carries a finding")
_GONE = word_set("gone by now")
_COMES = word_set("come by now")
_BE_OR_HAVE = word_set("is or has")
_NOW = word_set("by now")
_SEEN = word_set("seen at an examination")
_HELD = word_set("held to be at first")
_PROVED = word_set("is or proved")
_OF_IT = (["pain"], ["symptom"], ["complaint"])
_IT = frozenset(("it", "they", "these", "this", "which", "both", "all"))
_GOES_SOMEWHERE = word_set("behind going somewhere")
CHANGES = _GONE | _NOW | {"what", "longer", "any", "none"}
"""Words of which one stands in every sentence that tells so."""


def tell_what_passed(words: list[str], mentions: list[Mention]) -> None:
    """Deny findings that are told to have gone or to have been taken for others, and state those that came.

    Parameters
    ----------
    words, mentions : list
        Of the sentence.

    Examples
    --------
    >>> spasm = Mention("spasm", "finding", 1, 2, "present")
    >>> tell_what_passed("the spasm noted in may has gone".split(), [spasm])
    >>> spasm
    spasm=denied
    """
    found = [one for one in mentions if one.kind in _OF_FINDINGS]
    for mention in found:
        following = min((one.start for one in found if one.start >= mention.end), default=len(words))
        # "Radiating | pain", but "no weakness, | pain is now present"
        after = mention.end + (words[mention.end : mention.end + 1] in _OF_IT)
        end = min(following, after + _REACH)
        if mention.status in ("present", "historical"):
            if _is_gone(words, after, end) or _is_mistaken(words, mention.start, after, end):
                mention.status = "denied"
        elif mention.status == "denied" and _has_come(words, after, end):
            mention.status = "present"


def _carried(words: list[str], place: int, end: int) -> int:
    """Give the place behind the words that only say where, when and by whom a finding was noted."""
    while place < end and (words[place] in _CARRIES or begins_with_digit(words[place])):
        place += 1
    return place


def _is_gone(words: list[str], place: int, end: int) -> bool:
    """Say whether what is told up to here is told to have gone."""
    start, place = place, _carried(words, place, end)
    if place == end:
        return False
    word, before, behind = words[place], words[place - 1], words[place + 1 : place + 4]
    if word in _GONE:
        if not _GOES_SOMEWHERE.isdisjoint(behind[:1]):
            # "He is better and has gone | back to work"
            return False
        return place > start and (before in _BE_OR_HAVE or before in _NOW or before in _IT)
    if word == "no" and behind[:1] == ["longer"]:
        return before in _BE_OR_HAVE and (behind[1:2] == [] or not _SEEN.isdisjoint(behind[1:]))
    if word == "none":
        # "None was seen at first" tells of another time.
        rest = words[place + 1 : place + 6]
        return place > start and not _NOW.isdisjoint(rest) and not (_SEEN | _BE_OR_HAVE).isdisjoint(rest)
    return word == "not" and behind[:2] in (["any", "more"], ["any", "longer"])


def _has_come(words: list[str], place: int, end: int) -> bool:
    """Say whether what was denied up to here is told to be there now."""
    behind = _carried(words, place, end)
    for at in range(place + 1, min(behind + 1, end)):
        if words[at] in _COMES and words[at - 1] in _NOW:
            # "There was no limp before; now there | is"
            return words[at] != "there" or words[at + 1 : at + 2] == ["is"]
        if words[at] in _COMES and words[at - 1] in _BE_OR_HAVE and words[at - 2] in _NOW:
            return True
    return False


def _is_mistaken(words: list[str], start: int, after: int, end: int) -> bool:
    """Say whether what stands here was only held to be so: "what was thought to be | spasm | is a cramp"."""
    before = words[max(0, start - 2 * _VIEW_REACH) : start]
    return (
        "what" in before
        and not _HELD.isdisjoint(before[before.index("what") :])
        and not _PROVED.isdisjoint(words[after : min(end, after + _VIEW_REACH)])
    )
