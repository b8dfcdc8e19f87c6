"""Findings that went or came, or were only looked for: "the spasm seen in May | has gone"."""

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
_BEFORE_RESOLVED = frozenset((",", ";", ":", "(", "a", "an", "of", "his", "her", "the", "now", "post", "and"))
_ANSWERS = frozenset(("negative", "neg", "never", "no", "none", "nil"))
_FREE_OF = frozenset(("of", "from", "fluid", "fragment", "air", "body", "movement", "range", "edge"))
_ENDS_ANSWER = frozenset((",", ";", ")", "and", "but"))
_OF_IT = (["pain"], ["symptom"], ["complaint"])
_NO_LONGER_SO = (["doe"], ["do"])
_IT = frozenset(("it", "they", "these", "this", "which", "both", "all"))
_GOES_SOMEWHERE = word_set("behind going somewhere")
_FULLY = word_set("fully")
_SOUGHT = word_set("looking for a disease")
_FOUND_NONE = word_set("found none")
_CAME = word_set("came back")
_BEFORE_SOUGHT = frozenset(("for", "of", "a", "any", "an", "the", "possible", "occult", "underlying"))
_LONGEST_ASIDE = 10
_OR_ELSE = frozenset(("versus", "vs"))
_VERSUS = [[word] for word in _OR_ELSE]
CHANGES = (
    _GONE
    | _NOW
    | _FOUND_NONE
    | _OR_ELSE
    | {"what", "longer", "any", "none", "free", "neg", "never", "nil", "no"}
)
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
            if (
                _is_gone(words, after, end)
                or _is_mistaken(words, mention.start, after, end)
                or _is_called_gone(words, mention.start)
                or (mention.kind != "test" and _is_answered_so(words, mention.start, mention.end))
            ):
                mention.status = "denied"
            elif words[mention.end : mention.end + 1] in _VERSUS and following - mention.end in (1, 2):
                # "CRPS | vs. | ulnar neuropathy": neither is made out
                mention.status = "possible"
        if mention.status in ("present", "possible") and _is_sought(words, mention.start):
            if _is_not_found(words, mention.end):
                mention.status = "denied"
        elif mention.status == "denied" and _has_come(words, after, end):
            mention.status = "present"


def _carried(words: list[str], place: int, end: int) -> int:
    """Give the place behind the words that only say where, when and by whom a finding was noted."""
    while place < end:
        if words[place] == "," and words[place + 1 : place + 2] == ["which"]:
            # "Depression, | which was severe in 2012, | has resolved"
            aside = words[place + 2 : min(end, place + _LONGEST_ASIDE)]
            place += 2 + aside.index(",") if "," in aside else 0
        elif not (words[place] in _CARRIES or words[place] in _FULLY or begins_with_digit(words[place])):
            break
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
        while place > start and before in _FULLY:
            place -= 1
            before = words[place - 1]
        return place > start and (before in _BE_OR_HAVE or before in _NOW or before in _IT)
    if word == "no" and behind[:1] == ["longer"]:
        if behind[1:] in _NO_LONGER_SO:
            # "He used to have | insomnia but | no longer does"
            return True
        return before in _BE_OR_HAVE and (behind[1:2] == [] or not _SEEN.isdisjoint(behind[1:]))
    if word == "none":
        # "None was seen at first" tells of another time.
        rest = words[place + 1 : place + 6]
        return place > start and not _NOW.isdisjoint(rest) and not (_SEEN | _BE_OR_HAVE).isdisjoint(rest)
    return word == "not" and behind[:2] in (["any", "more"], ["any", "longer"])


def _is_called_gone(words: list[str], start: int) -> bool:
    """Say whether a finding is called one that has gone: "history of | resolved | cellulitis"."""
    return words[start - 1 : start] == ["resolved"] and (start == 1 or words[start - 2] in _BEFORE_RESOLVED)


def _is_answered_so(words: list[str], start: int, end: int) -> bool:
    """Say whether a dash, which is no word, stood between a finding and its answer: "asthma - | negative".

    "He is | seizure-|free" says as much, "free of" is of what follows.
    """
    if "free" in words[start + 1 : end]:
        return True
    answer, behind = [*words[end : end + 2], ",", ","][:2]
    return (answer in _ANSWERS and behind in _ENDS_ANSWER) or (answer == "free" and behind not in _FREE_OF)


def _is_sought(words: list[str], start: int) -> bool:
    """Say whether what stands here was looked for: "a workup for | fibromyalgia"."""
    while start and words[start - 1] in _BEFORE_SOUGHT:
        start -= 1
    return start > 0 and words[start - 1] in _SOUGHT and words[start] in ("for", "of")


def _is_not_found(words: list[str], end: int) -> bool:
    """Say whether what was looked for up to here was not found: "| was negative"."""
    while words[end : end + 1] and words[end] in _CAME:
        end += 1
    return words[end : end + 1] != [] and words[end] in _FOUND_NONE


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
