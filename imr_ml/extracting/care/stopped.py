"""Drugs that are taken no longer: not tolerated, or told of as "off" them."""

from __future__ import annotations

import itertools

from imr_ml.extracting.grammar.mentions import DRUG_KINDS, Mention
from imr_ml.extracting.grammar.sentences import is_year
from imr_ml.extracting.grammar.words import word_set


def stop_drugs(words: list[str], mentions: list[Mention], *, gives_up: bool, is_denying: bool) -> None:
    """Let drugs be taken no longer that were not tolerated, that one is off, or that nauseated the worker."""
    if is_denying and not _HARMS.isdisjoint(words):
        _take_back_harmful(words, mentions)
    if is_denying and not _UNTIL.isdisjoint(words):
        _begin_lately(words, mentions)
    if gives_up:
        _stop_untolerated(words, mentions)
        _stop_given_up(words, mentions)
        _stop_finished(words, mentions)
        _stop_weaned(words, mentions)
        _stop_by_now(words, mentions)
        if "last" in words:
            _stop_last_taken(words, mentions)


_UNTIL = frozenset(("until", "till", "before"))
_LATELY = frozenset(("ago", "today", "this", "last", "yesterday"))
_LATELY_REACH = 5


def _begin_lately(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken that were not until of late: "had not taken | Soma | until ten days ago"."""
    ends = [
        place
        for place, word in enumerate(words)
        if word in _UNTIL and _is_of_late(words[place + 1 : place + 1 + _LATELY_REACH])
    ]
    for drug in mentions:
        if drug.kind in DRUG_KINDS and drug.status == "denied" and ends:
            drug.status = "present"


def _is_of_late(words: list[str]) -> bool:
    """Say whether words begin with a time not long ago: "ten days | ago", not "; | this is his first"."""
    return any(word in _LATELY for word in itertools.takewhile(lambda word: word not in _MARKS, words))


_MARKS = frozenset((",", ";", ":", "and", "but"))
_TOLERATED_REACH = 3
_INTOLERANT = word_set("intolerant")
_TOLERATES = word_set("tolerates")
_NOT_ABLE = word_set("not able")
_TO_DRUG = word_set("to untolerated drug")
_FROM_DRUG = word_set("from untolerated drug")
_TOLERATES_IT = frozenset(("tolerate", "tolerating"))
_ENDS_OBJECT = word_set("phrase mark") | {"because", "due", "as", "since", "or", "for", "at", "well"}


def _stop_untolerated(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer that were not: "could not tolerate X or Y", "X was not tolerated"."""
    drugs = [
        one
        for one in mentions
        if one.kind in DRUG_KINDS and one.fact != "medication" and one.status == "present"
    ]
    for place, word in enumerate(words):
        if word not in _TOLERATES:
            continue
        denials = [at for at in range(max(0, place - _TOLERATED_REACH), place) if words[at] in _NOT_ABLE]
        if not denials and word not in _INTOLERANT:
            continue
        end = denials[0] if denials else place
        place += 1
        for drug in drugs:
            if drug.start >= place and _TO_DRUG.issuperset(words[place : drug.start]):
                drug.status = "historical"
                place = drug.end
        if word in _TOLERATES_IT and place < len(words) and words[place] not in _ENDS_OBJECT:
            # "Norco was taken and he could not tolerate | sitting"
            continue
        for drug in reversed(drugs):
            if drug.end <= end and _FROM_DRUG.issuperset(words[drug.end : end]):
                drug.status = "historical"
                end = drug.start


def _take_back_harmful(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs have been taken whose harm keeps the worker from them: "cannot take X because of nausea"."""
    for drug in mentions:
        if drug.kind not in DRUG_KINDS or drug.status != "denied":
            continue
        before = words[max(0, drug.start - _REACH) : drug.start]
        if _NOT_ABLE.isdisjoint(before) or _TAKE.isdisjoint(before):
            continue
        behind = words[drug.end : drug.end + _REACH]
        because = next((at for at, word in enumerate(behind) if word in _BECAUSE), -1)
        if because >= 0 and not _HARMS.isdisjoint(behind[because:]):
            drug.status = "historical"


_REACH = 5
_TAKE = word_set("use")
_BECAUSE = word_set("reason of stopping")
_HARMS = word_set("harm once taken")

_OFF = word_set("off a drug")
_BEFORE_OFF = word_set("before off a drug")
_AT_TIMES = frozenset(("when", "whenever", "if", "while", "once", "whether", "day", "not", "never", "cannot"))


def _stop_given_up(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer that one is off: "on Mobic, | off Percocet", not "pain 8/10 off Norco"."""
    for place, word in enumerate(words):
        is_not = not _NEVER.isdisjoint(words[max(0, place - _NEVER_REACH) : place])
        if word == "off" and place and (words[place - 1] in _COMES or is_not):
            _come_off(words, place, mentions)
            continue
        if word != "off" or (place and words[place - 1] not in _BEFORE_OFF):
            continue
        if place > 1 and words[place - 1] == "and" and words[place - 2] == "on":
            continue
        if not _AT_TIMES.isdisjoint(words[max(0, place - _REACH) : place]):
            # "Pain is 9/10 when he is | off Norco"
            continue
        reach = place + 1
        for drug in mentions:
            if drug.kind not in DRUG_KINDS or drug.start < reach:
                continue
            if not _OFF.issuperset(words[reach : drug.start]) or any(
                word.endswith("/10") for word in words[drug.end : drug.end + 2]
            ):
                # "5/10 on Norco, off Norco | 8/10"
                break
            if drug.status == "present":
                drug.status = "historical"
            reach = drug.end


_COMES = frozenset(("come", "came", "get", "got", "gotten", "gone"))
_COME_REACH = 6
_NEVER = frozenset(("not", "never"))
_NEVER_REACH = 3
_MANAGED = frozenset(("able", "managed", "succeeded"))
_COMES_NOT = frozenset(("not", "cannot", "never", "unable", "failed", "unsuccessful", "without"))
_IS_TO_COME = frozenset(
    ("will", "would", "should", "may", "might", "can", "could", "if", "when", "until", "before")
)


def _come_off(words: list[str], off: int, mentions: list[Mention]) -> None:
    """Let drugs be taken no longer that one came off, and be taken that one could not come off."""
    drugs = [
        one
        for one in mentions
        if one.kind in DRUG_KINDS and one.start > off and _OFF.issuperset(words[off + 1 : one.start])
    ]
    lead = words[max(0, off - 1 - _COME_REACH) : off - (words[off - 1] not in _NEVER)]
    if not _COMES_NOT.isdisjoint(lead):
        for drug in drugs:
            if drug.status == "denied":
                drug.status = "present"
        return
    if not _IS_TO_COME.isdisjoint(lead) or (lead[-1:] == ["to"] and _MANAGED.isdisjoint(lead)):
        # "She wants to come off Norco."
        return
    for drug in drugs:
        if drug.status == "present":
            drug.status = "historical"


_FINISHED = word_set("finished drug")
_TAKEN_UP = word_set("taken up again")
_WEAN = frozenset(("wean", "weaning", "taper", "tapering"))
_STOPPED = word_set("stopped since")
_LAPSED = word_set("lapsed drug")
GIVES_UP = _TOLERATES | _FINISHED | {"off", "last", "give"} | _TAKEN_UP | _WEAN | _STOPPED | _LAPSED
"""Words of which one stands where a drug is taken no longer, but for the harm that it did, or is again."""
_ALL_OF_THEM = frozenset(("all", "both"))
_OF_COURSE = word_set("course of a drug")
_AFTER_FINISH = word_set("behind a finished drug")
_FINISH_REACH = 10


def _stop_finished(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer whose course is told to have ended: "Norco x 3 d | finished"."""
    drugs = [one for one in mentions if one.kind == "drug"]
    for number, drug in enumerate(drugs):
        following = drugs[number + 1].start if number + 1 < len(drugs) else len(words)
        place = drug.end
        end = min(following + 1, place + _FINISH_REACH, len(words))
        while place < end and (words[place] in _OF_COURSE or words[place][0].isdigit()):
            place += 1
        is_given_up = drug.start > 1 and words[drug.start - 1] == "up" and words[drug.start - 2] in _GIVING
        if words[max(0, drug.start - 3) : drug.start] == ["to", "give", "up"] and drug.start > _UP_TO:
            # "Had to give up | Celebrex"
            is_given_up = words[drug.start - _UP_TO - 1] in _HAD_TO
        if drug.status == "present" and (is_given_up or _is_replaced(words, drug.end, following)):
            drug.status = "historical"
        if place >= end or words[place] not in _FINISHED:
            continue
        behind = "".join(words[place + 1 : place + 2])
        if words[place] in _TAPERS:
            is_ended = behind == "off" or words[place + 1 : place + 3] == ["to", "off"]
        elif words[place] == "used":
            is_ended = behind == "up"
        elif words[place] == "none":
            # "Norco x 3 d then none"
            is_ended = behind in _SINCE or words[place - 1] == "then"
        else:
            # "Finished 3/14", but "Motrin, and completed 5 visits"
            is_ended = not behind or "/" in behind or behind in _AFTER_FINISH
        if is_ended:
            are_all = not _ALL_OF_THEM.isdisjoint(words[drug.end : place])
            for one in drugs[: number + 1] if are_all else (drug,):
                if one.status == "present":
                    one.status = "historical"


def _stop_weaned(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer whose wean is over: "Norco was not renewed, as the | wean is complete"."""
    for place, word in enumerate(words):
        behind = words[place + 1 : place + 4]
        if (
            word in _WEAN
            and not _IS_OVER.isdisjoint(behind)
            and not _WAS_OR_IS.isdisjoint(behind)
            and _NOT_OVER.isdisjoint(words[max(0, place - 3) : place + 4])
        ):
            for drug in mentions:
                if drug.kind in DRUG_KINDS and drug.status == "present" and drug.end <= place + 1:
                    drug.status = "historical"


_IS_OVER = frozenset(("complete", "completed", "finished", "done", "over", "successful"))
_WAS_OR_IS = frozenset(("is", "was", "been", "has"))
_NOT_OVER = frozenset(
    ("not", "never", "no", "once", "when", "until", "if", "after", "nearly", "almost", "half")
)


def _stop_by_now(words: list[str], mentions: list[Mention]) -> None:
    """Let a drug be taken no longer that was begun "but has since been | stopped", or "not | refilled"."""
    drugs = [one for one in mentions if one.kind == "drug"]
    for place, word in enumerate(words):
        if word not in _STOPPED and word not in _LAPSED:
            continue
        start = place
        while start and words[start - 1] in _HAS_SINCE:
            start -= 1
        lead = words[start:place]
        before = [one for one in drugs if one.end <= start]
        if not before or _WAS_STOPPED.isdisjoint(lead) or not _TAKEN_UP.isdisjoint(words[place + 1 :]):
            continue
        last = before[-1]
        if word in _LAPSED:
            # "Naproxen 500 mg | was not refilled", not "The brace was not renewed"
            is_of_drug = "not" in lead and _OF_COURSE.issuperset(
                [one for one in words[last.end : start] if not one[0].isdigit()]
            )
        else:
            # "Naproxen was begun | but has been stopped", not "Naproxen helped and therapy | was stopped"
            is_of_drug = (
                "not" not in lead and not _PASSIVE.isdisjoint(lead) and words[start - 1] in _SAME_SUBJECT
            )
        if is_of_drug and last.status == "present":
            last.status = "historical"


def _stop_last_taken(words: list[str], mentions: list[Mention]) -> None:
    """Let a drug be taken no longer that was so long ago: "last used Norco | in 2010 |"."""
    last = next((at for at, word in enumerate(words[:-1]) if word == "last" and words[at + 1] in _USED), -1)
    if last < 0 or not _is_long_ago(words[last : last + _LAST_REACH]):
        return
    drugs = [one for one in mentions if one.kind in DRUG_KINDS and one.status == "present"]
    for drug in drugs:
        near = words[drug.end : last] if drug.end <= last else words[last + 2 : drug.start]
        if len(near) <= _NEAR_LAST and _MARKS.isdisjoint(near):
            drug.status = "historical"


def _is_long_ago(words: list[str]) -> bool:
    return any(
        (word in _LONG and behind == "ago") or (word in _IN and is_year(behind))
        for word, behind in itertools.pairwise(words)
    )


_USED = word_set("last used")
_LONG = frozenset(("year", "month"))
_IN = word_set("behind in")
_LAST_REACH = 14
_NEAR_LAST = 4
_PASSIVE = frozenset(("was", "were", "been"))
_WAS_STOPPED = frozenset(("was", "were", "has", "have", "had", "been"))
_HAS_SINCE = _WAS_STOPPED | frozenset(
    ("since", "then", "later", "now", "recently", "subsequently", "not", "again")
)
_SAME_SUBJECT = frozenset(("but", "and", "which"))


def take_up_again(words: list[str], mentions: list[Mention]) -> None:
    """Let a drug be taken that was stopped for a time only: "Mobic was stopped but had to be | resumed"."""
    drugs = [one for one in mentions if one.kind in DRUG_KINDS]
    for place, word in enumerate(words):
        if word not in _TAKEN_UP or (word == "back" and words[place - 1 : place + 2] not in _WENT_BACK_ON):
            continue
        end = place + 1 + (word == "back")
        # "Stopped Norco and resumed | work" takes up no drug.
        if end < len(words) and words[end] not in _BEHIND_TAKEN_UP and not words[end][0].isdigit():
            continue
        lead = words[max(0, place - _TAKEN_UP_REACH) : place]
        if not _NOT_TAKEN_UP.isdisjoint(lead) or lead[-2:] == ["may", "be"]:
            continue
        if _is_stopped_after(words, place):
            # "Resumed in May but has since been | stopped"
            continue
        before = [one for one in drugs if one.end <= place]
        if not before or any(place < one.start for one in drugs):
            continue
        last = before[-1]
        # "She tried to go without naproxen but had to | restart | it"
        is_missed = words[last.start - 1 : last.start] == ["without"] and words[end : end + 1] == ["it"]
        for one in before:
            if one.start == last.start and one.status == ("denied" if is_missed else "historical"):
                one.status = "present"


def _is_stopped_after(words: list[str], place: int) -> bool:
    return any(
        words[at] in _STOPPED and words[at - 1] in _HAS_SINCE and words[at - 1] != "not"
        for at in range(place + 1, len(words))
    )


_WENT_BACK_ON = tuple([verb, "back", "on"] for verb in ("went", "goes", "is", "got", "put", "gone", "now"))
_BEHIND_TAKEN_UP = word_set("behind a drug taken up again")
_NOT_TAKEN_UP = frozenset(("not", "never", "nor", "cannot", "if", "could", "would", "wants"))
_TAKEN_UP_REACH = 5


def _is_replaced(words: list[str], start: int, following: int) -> bool:
    """Say whether a drug gave way to the next, or was given up: "Norco itched, so | switched to | Mobic"."""
    if following < len(words) and words[following - 2 : following] == ["switched", "to"]:
        return start < following - 1
    return any(
        words[place] == "given" and words[place - 1] in _WAS and words[place + 1 : place + 2] == ["up"]
        for place in range(start + 1, following)
    )


_HAD_TO = frozenset(("had", "forced", "obliged"))
_UP_TO = 3
_GIVING = frozenset(("gave", "given", "gives"))
_WAS = frozenset(("was", "were", "been"))
_TAPERS = frozenset(("tapered", "weaned"))
_SINCE = frozenset(("since", "now", "thereafter", "currently"))
