"""Findings that went or came, or were only looked for: "the spasm seen in May | has gone"."""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import FINDINGS, Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import word_set

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
_CAME = word_set("came to")
_BEFORE_SOUGHT = frozenset(("for", "of", "a", "any", "an", "the", "possible", "occult", "underlying"))
_LONGEST_ASIDE = 10
_OR_ELSE = frozenset(("versus", "vs"))
_VERSUS = [[word] for word in _OR_ELSE]
_TOLD_NOW = word_set("told to be now")
_BEFORE = word_set("found before")
_NORMAL = word_set("normal by now")
_ABNORMAL = word_set("abnormal by now")
_LASTS = word_set("still there")
_WENT = word_set("went")
_BEHIND_WENT = word_set("behind what went")
_CAME_BACK = word_set("came back")
_EASES = word_set("eases")
_RESOLUTION = word_set("resolution")
_NO_RESOLUTION = word_set("no resolution")
_BEFORE_EASED = word_set("between easing and finding")
_CLAUSE_MARKS = frozenset((",", ";", ")"))
_HAD_HABIT = word_set("had a habit")
_TURNS = frozenset(("but", "yet", ";", ",", "though", "although", "while", "whereas"))
_NEW_REACH = 8
_THEN_REACH = 6
CHANGES = frozenset(
    (
        *(_GONE | _NOW | _BEFORE | _LASTS | _WENT | _EASES | _RESOLUTION | _FOUND_NONE | _OR_ELSE),
        *("what", "longer", "any", "none", "free", "neg", "never", "nil", "no"),
        *("went", "used", "current", "latest", "present", "recent"),
    )
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
        following = min(
            (one.start + (words[one.start] in _NORMAL) for one in found if one.start >= mention.end),
            default=len(words),
        )
        # "Radiating | pain", but "no weakness, | pain is now present"
        after = _behind_name(words, mention.end)
        if mention.kind == "test" and mention.told >= after:
            after = mention.told_end
        end = min(following, after + _REACH)
        was_denied = mention.status == "denied"
        if mention.status in ("present", "historical"):
            if (
                (_is_gone(words, after, end, is_graded=mention.fact in _GRADED) and mention.fact != _RETURNS)
                or _is_mistaken(words, mention.start, after, end)
                or _is_called_gone(words, mention.start)
                or (mention.kind != "test" and _is_answered_so(words, mention.start, mention.end))
                or _is_normal_by_now(words, mention, found)
                or _went_before(words, mention.start)
            ):
                mention.status = "denied"
            elif words[mention.end : mention.end + 1] in _VERSUS and following - mention.end in (1, 2):
                # "CRPS | vs. | ulnar neuropathy": neither is made out
                mention.status = "possible"
            elif mention.status == "historical":
                place = _carried(words, after, end)
                if place < end and words[place] in _LASTS and _GONE.isdisjoint(words[place : place + 3]):
                    mention.status = "present"
            elif "used" in words and _was_usual(words, mention):
                mention.status = "historical"
        if mention.status in ("present", "possible") and _is_sought(words, mention.start):
            if _is_not_found(words, mention.end):
                mention.status = "denied"
        elif (
            was_denied
            and mention.status == "denied"
            and (
                _has_come(words, after, end)
                or _is_new(words, after, end)
                or _went_in_part(words, after, end)
                or (mention.fact in _MAY_BE_EASED and _is_not_eased(words, mention))
            )
        ):
            mention.status = "present"


def _behind_name(words: list[str], end: int) -> int:
    """Give the place behind the words that name a finding: "radiating | leg pain |"."""
    for last in (end, end + 1, end + 2):
        if words[last : last + 1] in _OF_IT:
            return last + 1
        if words[last : last + 1] == [] or words[last] not in _CARRIES or words[last] in _JOINS:
            break
    return end


_JOINS = frozenset((",", ";", "and", "but", "is", "was", "are", "were"))


def _went_in_part(words: list[str], place: int, end: int) -> bool:
    """Say whether some of it is still there: "partially resolved", "resolved for two weeks"."""
    place = _carried(words, place, end)
    if place >= end:
        return False
    if words[place] in _IN_PART:
        return not (_WENT | _GONE).isdisjoint(words[place + 1 : place + 2])
    behind = words[place + 1 : place + 3]
    if words[place] not in _WENT or not behind:
        return False
    is_for_a_while = behind[0] == "for" and behind[-1] in _A_WHILE
    return behind[0] in _IN_PART or behind == ["in", "part"] or is_for_a_while


_A_WHILE = word_set("a while")


def _is_not_eased(words: list[str], mention: Mention) -> bool:
    """Say whether a denial is of relief, not of the finding: "no treatment has eased | the numbness |"."""
    place = mention.end - 1
    while place > mention.start and words[place] not in _EASES:
        place -= 1
    if words[place] not in _EASES:
        place = mention.start - 1
        while place > 0 and words[place] in _BEFORE_EASED:
            place -= 1
    if place < 1 or words[place] not in _EASES:
        return False
    before = words[max(0, place - _EASED_REACH) : place]
    return not _DENIES.isdisjoint(before) and _TURNS.isdisjoint(before)


_GRADED = frozenset(("reflex_change", "weakness"))
_RETURNS = "cancer"
"""A risk all the same when it is in remission."""
_EASED_REACH = 5
_DENIES = frozenset(("no", "not", "never", "nothing", "neither", "nor", "without", "failed", "fail"))
_MAY_BE_EASED = frozenset(
    (
        *("radiating_pain", "numbness", "weakness", "spasm", "guarding", "neuropathic_pain", "radiculopathy"),
        *("crepitus", "instability", "swelling", "tenderness", "foot_drop", "insomnia", "depression"),
    )
)


def _carried(words: list[str], place: int, end: int) -> int:
    """Give the place behind the words that only say where, when and by whom a finding was noted."""
    while place < end:
        if words[place] == "," and words[place + 1 : place + 2] == ["which"]:
            # "Depression, | which was severe in 2012, | has resolved"
            aside = words[place + 2 : min(end, place + _LONGEST_ASIDE)]
            place += 2 + aside.index(",") if "," in aside else 0
        elif not (
            words[place] in _CARRIES
            or words[place] in _FULLY
            or (begins_with_digit(words[place]) and words[place] not in _NORMAL)
        ):
            break
        place += 1
    return place


def _is_gone(words: list[str], place: int, end: int, *, is_graded: bool) -> bool:
    """Say whether what is told up to here is told to have gone; a reflex is normal at 2+, a spasm is not."""
    if words[place - 1] == "not" and words[place : place + 2] in _NOT_NOW:
        # "There was spasm in May, but not | today"
        return True
    start, place = place, _carried(words, place, end)
    if place >= end:
        return False
    word, before, behind = words[place], words[place - 1], words[place + 1 : place + 4]
    if word in _WENT or (word == "went" and behind[:1] == ["away"]):
        rest = words[place + 1 + (word == "went") : place + 1 + _REACH]
        has_object = bool(rest) and rest[0] not in _CLAUSE_MARKS and rest[0] not in _BEHIND_WENT
        is_whole = before != "be" and before not in _IN_PART and _CAME_BACK.isdisjoint(rest)
        if is_whole and not has_object:
            return True
    if word in _GONE:
        if not _GOES_SOMEWHERE.isdisjoint(behind[:1]):
            # "He is better and has gone | back to work"
            return False
        last = place - 1
        while last > start and words[last] in _FULLY:
            last -= 1
        is_told = words[last] in _BE_OR_HAVE or words[last] in _IT
        if place == start:
            # "Spasm | gone | with Soma" leaves the verb out; "numbness gone down the leg" went elsewhere.
            return word == "gone" and (behind[:1] == [] or not _AFTER_GONE.isdisjoint(behind[:1]))
        return is_told or before in _NOW
    if word == "no" and behind[:1] == ["longer"]:
        if behind[1:] in _NO_LONGER_SO:
            # "He used to have | insomnia but | no longer does"
            return True
        return before in _BE_OR_HAVE and (behind[1:2] == [] or not _SEEN.isdisjoint(behind[1:]))
    if word == "none":
        # "None was seen at first" tells of another time.
        rest = words[place + 1 : place + 6]
        return place > start and not _NOW.isdisjoint(rest) and not (_SEEN | _BE_OR_HAVE).isdisjoint(rest)
    if word in _NORMAL and (is_graded or not word[0].isdigit()):
        turn = next((at for at in range(place - 1, start - 1, -1) if words[at] in _TURNS), start - 1)
        lead = words[turn + 1 : place]
        # "It is now negative", not "the other leg is now normal"
        return (
            _OF_SAME.issuperset(lead)
            and not _BE_OR_HAVE.isdisjoint(lead)
            and not _NOW.isdisjoint(words[turn + 1 : place + 2])
        )
    if word == "remission":
        return before == "in"
    is_over = behind[:2] in (["any", "more"], ["any", "longer"]) or (
        # "Spasm was present in May and is not | now"
        (before == "but" or before in _BE_OR_HAVE) and behind[:1] in _NOT_NOW and len(behind) == 1
    )
    return word == "not" and is_over


_AFTER_GONE = _CLAUSE_MARKS | _BEHIND_WENT - {"without", "upon", "under", "over"} | {"now", "today"}
_NOT_NOW = (["now"], ["today"], ["currently"])


def _went_before(words: list[str], start: int) -> bool:
    """Say whether its end is told before a finding: "resolution of the | radicular symptoms |"."""
    place = start - 1
    while place > 0 and words[place] in _BEFORE_EASED and words[place] != "of":
        place -= 1
    if place < 1 or words[place] != "of" or words[place - 1] not in _RESOLUTION:
        return False
    return _NO_RESOLUTION.isdisjoint(words[max(0, place - 1 - _VIEW_REACH) : place - 1])


_OF_SAME = _IT | _NOW | _BE_OR_HAVE | {"but", "and"}


def _is_normal_by_now(words: list[str], mention: Mention, found: list[Mention]) -> bool:
    """Say whether the same is told not to be so now: "there was | weakness |, but strength is now normal"."""
    later = next(
        (
            one
            for one in found
            if one.fact == mention.fact and one.status == "denied" and one.start >= mention.end
        ),
        None,
    )
    if later is None:
        return False
    turn = next((at for at in range(mention.end, later.start) if words[at] in _TURNS), -1)
    return turn >= 0 and not _TOLD_NOW.isdisjoint(words[turn : max(later.end, later.told_end) + 2])


def _was_usual(words: list[str], mention: Mention) -> bool:
    """Say whether something was so once: "he used to have | spasm |"."""
    for at in range(max(0, mention.start - _THEN_REACH), min(mention.end, len(words) - 1)):
        if words[at] == "used" and words[at + 1] == "to" and at and words[at - 1] in _HAD_HABIT:
            return True
    return False


def _is_new(words: list[str], place: int, end: int) -> bool:
    """Say whether what is denied was only not there before: "where none had been seen before"."""
    for at in range(place, min(end, len(words))):
        if words[at] not in ("none", "not", "never"):
            continue
        before = words[at - 1]
        if not _NOW.isdisjoint(words[at:end]) or _BEFORE.isdisjoint(words[at : at + _NEW_REACH]):
            return False
        if at == place:
            # "A deficit | not seen before was found"
            is_seen = words[at] != "none" and not _SEEN.isdisjoint(words[at : at + 3])
            return is_seen and words[-1] not in _BEFORE
        return (words[at] == "none" and before in _WHERE) or (
            before in _BE_OR_HAVE and not _WHICH.isdisjoint(words[place:at])
        )
    return False


_IN_PART = word_set("in part")
_NOT_BEFORE = _BEFORE | {"not", "never"}
_WHERE = frozenset(("where", "when", "though", "although", "while"))
_WHICH = frozenset(("which", "that"))


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
    behind = place
    while behind < end and (words[behind] in _NOT_BEFORE or _carried(words, behind, behind + 1) > behind):
        behind += 1
    if behind < end and words[behind] in _ABNORMAL and words[behind - 1] in _NOW:
        return words[behind - 2] in _BE_OR_HAVE or words[behind - 2] in _TURNS
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
