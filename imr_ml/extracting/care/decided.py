"""What utilization review decided, as a summary tells it: in which sentences, on what care, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from imr_ml.extracting.care.sessions import grants_fewer
from imr_ml.extracting.grammar.judging_words import (
    Verdict,
    bare_verdict,
    begins_with_verdict,
    continues_quotation,
    expression,
    grants_some,
    quotes_utilization_review,
    recounts_record,
    tells_decision,
)
from imr_ml.extracting.grammar.mentions import Mention, SentenceFacts, quoted_facts
from imr_ml.extracting.grammar.needs import Element, Needs
from imr_ml.extracting.grammar.sentences import begins_with_digit, words_of
from imr_ml.extracting.grammar.words import CARE, CUE, TRAIT, Hit, place_in_order, word_set
from imr_ml.extracting.lexicon import SPELLED_NUMBERS, whole_number
from imr_ml.resources import read_rows

REVIEW_ACTS = {f"ur_{act}": act for act in ("denied", "modified", "approved")}
"""What utilization review did, by the fact of a summary that tells it."""

_HAS_CARE = TRAIT["care"]
_REVIEW = CUE["review"]
_APPROVES = CUE["ur approved"]
_MODIFIES = CUE["ur modified"]
_REFUSED_CUE = CUE["ur denied"]
_REFUSES_ANY = _REFUSED_CUE | CUE["decision"]
_REFUSES = _REFUSES_ANY | _MODIFIES
_GIVES_VERDICT = _REFUSED_CUE | _APPROVES
_MAY_DECIDE = CUE["no"] | _REFUSED_CUE | _MODIFIES | _APPROVES


def speaks_for_review(words: list[str], hits: list[Hit], cues: int, *, n_behind: int) -> bool:
    """Say whether a sentence is in utilization review's words, as one behind them may be that goes on.

    Parameters
    ----------
    words, hits, cues
        Of the sentence.
    n_behind : int
        How many sentences it stands behind the last one in those words: 1 for the next, 0 for none before.
    """
    goes_on = n_behind == 1
    if cues & _GIVES_VERDICT:
        found = bare_verdict(words)
        if found is not None and not _names_review(words, hits, found):
            # The reviewer's own, unless it goes on with utilization review's words.
            may_go_on = 0 < n_behind <= _QUOTATION_REACH
            return goes_on or (may_go_on and (found.is_past or continues_quotation(words)))
    if (
        (quotes_utilization_review(cues) and not (cues & _REVIEW and recounts_record(words, cues)))
        or begins_with_verdict(words)
        or (goes_on and continues_quotation(words))
    ):
        return True
    if cues & _MAY_DECIDE and tells_decision(words):
        return True
    if not words or not cues & _HAS_CARE:
        return False
    if cues & _REFUSES and _decides_on_care(words, hits):
        return True
    # No one else certifies care.
    is_certified = words[-1] == "certified" and words[-2:-1] != [] and words[-2] in _TO_BE
    return bool(cues & _APPROVES) and (is_certified or (words[-1] == "not" and grants_some(words)))


def _names_review(words: list[str], hits: list[Hit], found: Verdict) -> bool:
    """Say whether words beside a verdict name utilization review, or it is told as its verdicts are."""
    if begins_with_verdict(words) or tells_decision(words):
        return True
    return any(
        entry.cues & _REVIEW and (end <= found.start or start >= found.end) for start, end, entry in hits
    )


_QUOTATION_REACH = 5


def review_begins(words: list[str], hits: list[Hit]) -> int:
    """Give where utilization review's words begin behind a clause of the treating side, 0 where they do not.

    "A second injection was requested, | and utilization review denied it."
    """
    first = next((start for start, _, entry in hits if entry.cues & _REVIEW), 0)
    if len(words) - first <= _LONGEST_TAG and not _SPEECH.isdisjoint(words[first:]):
        # "The MRI was negative, the claims administrator contended."
        return 0
    if words[first] == "UR" and first > _SHORTEST_LEAD and _BEFORE_UR.isdisjoint(words[first - 1 : first]):
        # Lists have no full stops: "recheck of the urine | UR modified both drugs"
        return first
    for place in range(first - 1, max(first - _LONGEST_LEAD_IN, _SHORTEST_LEAD), -1):
        if words[place] in (",", ";"):
            return place
        if words[place] not in _LEAD_INS:
            break
    return 0


_LONGEST_TAG = 6
_SPEECH = word_set("speech")
_LONGEST_LEAD_IN = 6
_SHORTEST_LEAD = 4
_LEAD_INS = word_set("lead in")
_BEFORE_UR = word_set("before review")


def _refuses_what_is_named(words: list[str]) -> bool:
    """Say whether a refusal names nothing: "the denial of 3/3/2015", "denied it"."""
    return any(
        word in _REFUSAL and any(other in _IT or other[0].isdigit() for other in words[place + 1 : place + 3])
        for place, word in enumerate(words)
    )


_REFUSAL = word_set("refusal")
DEFERRED = frozenset(("defer", "deferred", "deferring", "pended"))
"""Words of what was neither refused nor granted."""
_IT = word_set("what is named")


def _refuses_operation(
    words: list[str], hits: list[Hit], cut: int, lead: list[Mention], read: list[SentenceFacts]
) -> bool:
    """Say whether what is refused, named by "it" or not at all, is the operation wanted before."""
    if _refuses_what_is_named(words):
        latest = lead or (read[-1][1] if read else [])
        wanted = {one.kind for one in latest if one.status == "planned"}
        # "It" is an operation where no other care is wanted.
        return "surgery" in wanted and wanted <= _WITH_OPERATION
    refusal = _refuses_all(words, cut)
    if refusal < 0 or any(m.kind in CARE for m in quoted_facts(hits) if cut <= m.start < refusal):
        return False
    # "UR denied." is said of all that is asked for last.
    for _, mentions, _ in reversed(read[-_ASKED_REACH:]):
        wanted = {one.kind for one in mentions if one.status == "planned" and one.kind in CARE}
        if wanted:
            return "surgery" in wanted
    return False


def _refuses_all(words: list[str], start: int) -> int:
    """Give the place of a refusal that names nothing, -1 where there is none: "UR denied as ..."."""
    for place in range(start, min(start + _VERDICT_REACH, len(words))):
        if words[place] in _REFUSALS or (place and words[place] in _GRANTS and words[place - 1] in _NON):
            behind = words[place + 1 : place + 2]
            return place if not behind or behind[0] in _BEHIND_VERDICT else -1
    return -1


_WITH_OPERATION = frozenset(("surgery", "device"))
_ASKED_REACH = 4
_VERDICT_REACH = 7
_REFUSALS = word_set("bare refusal")
_GRANTS = word_set("granted word")
_NON = frozenset(("non", "not"))
_BEHIND_VERDICT = word_set("behind bare refusal")


def _asking(sentences: list[list[str]], read: list[SentenceFacts]) -> list[list[str]]:
    """Give the sentences read so far that ask for care."""
    return [
        words
        for words, (_, mentions, _) in zip(sentences, read, strict=False)
        if any(one.status == "planned" and one.kind in CARE for one in mentions)
    ]


def _decides_on_care(words: list[str], hits: list[Hit]) -> bool:
    """Say whether a sentence refuses or cuts care as only utilization review does: "Norco was denied"."""
    for place, word in enumerate(words):
        if word in _REFUSED and _is_verdict_on(words, hits, place):
            return True
        if not place or (words[place - 1] not in _TO_BE and not _ends_request(words, place)):
            continue
        ahead = words[place + 1 : place + 1 + _CUT_REACH]
        is_cut = word in _CUT and any(whole_number(number) is not None for number in ahead)
        if word in _GRANTED and words[-1] == "not" and words[-2] in _TO_BE and ";" in words[place:]:
            # "Norco was approved; the brace and the injection were not."
            return True
        # Whoever else refuses is named: "by the worker".
        if (word not in _REFUSED and not is_cut) or ahead[:1] == ["by"]:
            continue
        if (
            not is_cut
            and _WHY.isdisjoint(words[place + 1 : place + 1 + _WHY_REACH])
            and any(start > place and entry.cues & _HAS_CARE for start, _, entry in hits)
        ):
            # "The MRI was denied, so a CT was done", but "denied in the absence of therapy"
            continue
        subject = place - 1
        if words[subject] not in _TO_BE:
            # "An MRI was requested and rejected"
            subject -= 2 if words[place - 3] in _TO_BE else 1
        if any(
            entry.cues & _HAS_CARE
            and 0 <= subject - end <= _SUBJECT_REACH
            and _SPEAKERS.isdisjoint(words[end:subject])
            and _WORKERS_USE.isdisjoint(words[max(0, start - 2) : start])
            # "Narcotic | use | is denied"
            and not (words[end : end + 1] == ["use"] and "medication" in [one[1] for one in entry.facts])
            for start, end, entry in hits
        ):
            return True
    return False


def _ends_request(words: list[str], place: int) -> bool:
    """Say whether a refusal follows what was asked for: "an MRI was requested and | rejected"."""
    return place > 1 and words[place - 1] in _AND and words[place - 2] in _ASKED


def _is_verdict_on(words: list[str], hits: list[Hit], place: int) -> bool:
    """Say whether care is refused, as a date or colon behind shows: "MRI | denied | 2/1: no flags"."""
    ahead = words[place + 1 : place + 2]
    is_short = ahead == [":"] or (bool(ahead) and ahead[0][0].isdigit() and "/" in ahead[0])
    # "PT 12 | denied : no gain"
    subject = place - 1 if place > 1 and words[place - 1].isdigit() else place
    return is_short and any(
        end in (place, subject)
        and entry.cues & _HAS_CARE
        and _WORKERS_USE.isdisjoint(words[max(0, start - 2) : start])
        for start, end, entry in hits
    )


_REFUSED = word_set("refused care")
_CUT = word_set("cut care")
_GRANTED = frozenset(("approved", "certified", "authorized"))
_CUT_REACH = 3
_AND = frozenset(("and", "but"))
_ASKED = word_set("asked before a verdict")
_WHY = word_set("behind a verdict")
_WHY_REACH = 6
_TO_BE = word_set("be")
_SPEAKERS = word_set("speaker")
_WORKERS_USE = word_set("no request of review")
_SUBJECT_REACH = 4


DECIDED = word_set("decided")
"""Words of a decision; without one a sentence decides on nothing."""

_PASSIVE = word_set("be") | {"been", "being", "not", "partially", "conditionally", "also", "all", "both"}
_REASONS = word_set("ends what is decided")
_ASKS = frozenset(("request", "authorization", "certification", "appeal", "rfa", "order"))
_REQUESTS = frozenset(("request", "requested"))
_TELLS_CARE = _REQUESTS | DECIDED
_HEADING = frozenset(("regarding", "concerning"))
_NO_REQUEST = (["no"], ["any"], ["without"])
_ASKING_REACH = 5
_FOR_WHOM = word_set("for whom")
_FOR_REASON = word_set("for what reason")
_FOR_REACH = 4
_KINDS = frozenset(("injection", "study", "surgery", "treatment"))
# No care of its own, or what a reason names rather than a request.
_NO_REQUESTS = frozenset(("conservative_care", "home_exercise", "injection", "weaning"))


def decided_care(words: Sequence[str], hits: Sequence[Hit]) -> list[Mention]:
    """Give the care that a sentence of utilization review decides on, planned; not that of its reasons.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
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


def grants_operation(words: list[str], decided: Sequence[Mention], mentions: Sequence[Mention]) -> bool:
    """Say whether an operation is the one thing that utilization review decided on, and it approved."""
    if any(one.fact == "operation_denied" for one in mentions) or not _AROUND.isdisjoint(words):
        return False
    acts = {one.fact for one in decided if one.fact in REVIEW_ACTS and one.status == "present"}
    wanted = {one.kind for one in mentions if one.status == "planned" and one.kind in _KINDS}
    return acts == {"ur_approved"} and wanted == {"surgery"}


_AROUND = word_set("around an operation")
"""Words with which an operation is named to tell when other care is had."""


def _spans(words: Sequence[str]) -> list[tuple[int, int]]:
    """Give where what is decided on stands: before a passive, else behind the verb."""
    found = []
    last = 0
    if words[0] in _HEADING and "," in words:
        # "Regarding the MRI, the request is not necessary"
        found.append((1, words.index(",")))
    for place, word in enumerate(words):
        if word not in _TELLS_CARE:
            continue
        if word in _REQUESTS:
            if start := _asked_from(words, place):
                found.append((start, _behind(words, start)))
            continue
        behind = _behind(words, place + 1)
        has_object = behind > place + 1 and words[place + 1] != ","
        if has_object and not (place and words[place - 1] in _PASSIVE):
            found.append((place + 1, behind))
        else:
            found.append((_before(words, place, last), place))
        last = place + 1
    return found


def _asked_from(words: Sequence[str], place: int) -> int:
    """Give where the care begins that is asked for here, 0 for none: "requested | it", "request for | it"."""
    if words[place] == "requested":
        # "No reason for the requested imaging" names again what was asked for.
        return 0 if place and (words[place - 1] in _PASSIVE or words[place - 1] == "the") else place + 1
    if words[place - 1 : place] in _NO_REQUEST:
        return 0
    for ahead in range(place + 1, min(place + 1 + _ASKING_REACH, len(words))):
        if words[ahead] == "for":
            return ahead + 1
        if words[ahead] in _REASONS or words[ahead] in DECIDED:
            return 0
    return 0


def _behind(words: Sequence[str], start: int) -> int:
    """Give where an object ends that begins here."""
    for place in range(start, len(words)):
        if words[place] in _REASONS and not (words[place] == "for" and _is_for_whom(words, place)):
            return place
    return len(words)


def _is_for_whom(words: Sequence[str], place: int) -> bool:
    """Say whether a "for" gives no reason: "request | for an MRI", "therapy | for 6 weeks | for the neck"."""
    if words[place - 1] in _ASKS:
        return True
    ahead = words[place + 1 : place + 1 + _FOR_REACH]
    if not ahead or not (ahead[0] in _FOR_WHOM or begins_with_digit(ahead[0]) or ahead[0] in SPELLED_NUMBERS):
        return False
    return _FOR_REASON.isdisjoint(ahead)


def _before(words: Sequence[str], end: int, first: int) -> int:
    """Give where a subject begins that ends here."""
    for place in range(end - 1, first - 1, -1):
        if words[place] in _REASONS and words[place] not in (",", "for"):
            return place + 1
    return first


_ACT_CUES = tuple((CUE[f"ur {act}"], fact) for fact, act in REVIEW_ACTS.items())


# "UR: X is not recommended"
_REASON_GIVEN = CUE["reason"] | CUE["colon"]
_REASON_REACH = 40


def acts_told(words: list[str], cues: int) -> list[Mention]:
    """Give what a sentence tells that was done with a request."""
    return [Mention(fact, "review", 0, len(words), "present") for cue, fact in _ACT_CUES if cue & cues]


def verdict(
    words: list[str],
    hits: list[Hit],
    cues: int,
    cut: int,
    *,
    may_give_reason: bool,
    lead: list[Mention],
    read: list[SentenceFacts],
    sentences: list[list[str]],
) -> list[Mention]:
    """Give what utilization review decided, whose words begin at `cut`, and why.

    The clause before these words reports `lead`; `read` are the facts of the sentences before, the first ones
    of all `sentences`.
    """
    found = _review_facts(words, hits, cues, cut, may_give_reason=may_give_reason)
    if cues & _APPROVES and not cues & _MODIFIES and grants_fewer(words, _asking(sentences, read)):
        found = [one for one in found if one.fact != "ur_modified" and one.status == "present"]
        for one in found:
            one.fact = "ur_modified" if one.fact == "ur_approved" else one.fact
    if cues & _REFUSES_ANY and _refuses_operation(words, hits, cut, lead, read):
        found.append(Mention("operation_denied", "result", 0, len(words), "present"))
    if words[-1] == "not" and not cues & _REFUSED_CUE and grants_some(words):
        found.append(Mention("ur_denied", "review", 0, len(words), "present"))
    return found


def tells_act(decided: list[Mention]) -> bool:
    """Say whether it is told that utilization review denied, modified or approved something."""
    return any(one.fact in REVIEW_ACTS and one.status == "present" for one in decided)


def _review_facts(
    words: list[str], hits: list[Hit], cues: int, cut: int, *, may_give_reason: bool
) -> list[Mention]:
    """Give what a sentence of utilization review tells that it did, and why."""
    own = words[cut:]
    reasons: dict[str, None] = {}
    taken_back: dict[str, list[tuple[int, int]]] = {}
    if may_give_reason:
        is_given = bool(cues & _REASON_GIVEN) or not _BEFORE_REASON.isdisjoint(own)
        reasons, taken_back = _reasons(own, is_given=is_given)
    facts = [
        fact
        for cue, fact in _ACT_CUES
        if cue & cues and (fact not in taken_back or _is_told_outside(hits, cue, cut, taken_back[fact]))
    ]
    if "ur_no_improvement" in reasons and "beyond" in own and "acute" in own:
        # "Braces have no lasting benefit beyond the acute phase": so the guideline says.
        reasons = dict.fromkeys(
            "ur_not_recommended" if one == "ur_no_improvement" else one for one in reasons
        )
    facts += [fact for fact in reasons if fact not in facts]
    if taken_back.pop("ur_approved", None) and "ur_approved" not in facts and "ur_denied" not in facts:
        # "Certified neither" denies.
        facts.append("ur_denied")
    found = [Mention(fact, "review", 0, len(own), "present") for fact in facts]
    return found + [Mention(one, "review", 0, len(own), "denied") for one in taken_back if one not in facts]


def _is_told_outside(hits: list[Hit], cue: int, cut: int, spans: list[tuple[int, int]]) -> bool:
    """Say whether an act is told elsewhere than where it is taken back: "denied nothing but | a brace"."""
    return any(
        entry.cues & cue
        and start >= cut
        and not any(first < end - cut and start - cut < last for first, last in spans)
        for start, end, entry in hits
    )


# What utilization review says is not there is a reason without further words.
_MISSED = word_set("missing")
_BEFORE_REASON = word_set("gives reason")
# "UR accepted that | no | benefit was shown" takes nothing back, nor does what a guideline asks.
_TAKEN_BACK_BY = word_set("takes nothing back")
# "UR noted that benefit was | not shown"
_NOT_UNDONE = (
    r"(?!(?:(?!(?:but|and|although|though|yet) )[^\s,;:]+ ){0,4}"
    r"(?:absent|insufficient|lacked|lacking|never|no|not|only|without) )"
)


def _reasons(words: list[str], *, is_given: bool) -> tuple[dict[str, None], dict[str, list[tuple[int, int]]]]:
    """Name the reasons that a sentence of utilization review gives, in so many words or not, and its acts.

    With them those that it takes back, and where: "UR agreed that conservative care had failed".
    """
    wordings, needs = _review_reasons()
    found: dict[str, None] = {}
    taken_back: dict[str, list[tuple[int, int]]] = {}
    acts, reasons = words, _without_concession(words)
    for number in needs.met_by(words):
        wording = wordings[number]
        fact = wording.fact
        if wording.takes_back:
            if (span := wording.find(words, is_given=is_given)) is not None:
                taken_back.setdefault(fact, []).append(span)
                start, end = span
                acts = [*acts[:start], *["_"] * (end - start), *acts[end:]] if wording.is_act else acts
            continue
        if fact in found or (fact in taken_back and not wording.is_act):
            continue
        if wording.find(acts if wording.is_act else reasons, is_given=is_given) is not None:
            found[fact] = None
    return found, taken_back


def _without_concession(words: list[str]) -> list[str]:
    """Give the words without what is conceded, up to a comma: "UR denied it | although PT had failed"."""
    start = next((place for place, word in enumerate(words) if word in _CONCEDES), -1)
    if start < 0:
        return words
    end = words.index(",", start) if "," in words[start:] else len(words)
    return [*words[:start], *["_"] * (end - start), *words[end:]]


_CONCEDES = frozenset(("although", "though"))


class _Wording:
    """A pattern of what utilization review did or why, and the words that it needs, in order."""

    def __init__(
        self, fact: str, needed: tuple[Element, ...], pattern: re.Pattern[str], takes_back: bool
    ) -> None:
        self.fact = fact
        self.takes_back = takes_back
        self.needed = needed
        self.own = frozenset().union(*needed)
        self.pattern = pattern
        self.is_act = fact in REVIEW_ACTS

    def find(self, words: list[str], *, is_given: bool) -> tuple[int, int] | None:
        """Give where a sentence has it; a reason where the sentence says that it gives one, or at a lack."""
        place = -1
        while (place := place_in_order(words, self.needed, place + 1)) >= 0:
            if self.takes_back and place and words[place - 1] in _NON:
                # "non | certified in full"
                continue
            if is_given or self.is_act or self.takes_back or words[place] in _MISSED:
                # The end of a sentence ends a clause too: "cold unit no."
                ahead = " ".join(words[place : place + _REASON_REACH]) + " ; "
                found = self.pattern.match(ahead)
                if found and not (self.takes_back and self._has_between(found[0].split())):
                    return place, place + found[0].count(" ")
        return None

    def _has_between(self, words: list[str]) -> bool:
        """Say whether a negation or a condition stands between the pattern's words."""
        return any(word in _TAKEN_BACK_BY and word not in self.own for word in words)


class _Wordings(NamedTuple):
    """All wordings, acts before reasons, and what they need."""

    wordings: tuple[_Wording, ...]
    needs: Needs


def reason_words() -> set[str]:
    """Give the words with one of which each wording of an act or reason begins."""
    return {word for wording in _review_reasons().wordings for word in wording.needed[0]}


@cache
def _review_reasons() -> _Wordings:
    wordings: list[_Wording] = []
    for row in read_rows("lexicons/summary_ur_reasons.csv"):
        takes_back = row["pattern"].startswith("!")
        pattern = row["pattern"].removeprefix("!")
        choices = [part.split("|") for part in pattern.split() if part not in ("..", "...", "#")]
        needed = tuple(
            # The end of a sentence may stand for a semicolon.
            [frozenset([words_of(word)[0] for word in words]) for words in choices if ";" not in words]
        )
        written = expression(pattern, {}) + (_NOT_UNDONE if takes_back else "")
        wordings.append(_Wording(row["fact"], needed, re.compile(written), takes_back))
    # What is taken back is looked for first.
    wordings.sort(key=lambda wording: (not wording.takes_back, not wording.is_act))
    return _Wordings(tuple(wordings), Needs([wording.needed for wording in wordings]))
