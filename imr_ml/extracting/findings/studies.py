"""What a study showed, and what was shown to be absent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from imr_ml.extracting.grammar.mentions import HAD, Mention
from imr_ml.extracting.grammar.scope import NEGATIVE
from imr_ml.extracting.grammar.words import (
    CAN_HELP,
    CUE,
    TOLD,
    Hit,
    word_set,
)

_COLON = CUE["colon"]
_AGREES = CUE["agrees"]
_DISAGREES = CUE["disagrees"]
_SHOWS = CUE["shows"]
_NORMAL = CUE["normal"]
_ABNORMAL = CUE["abnormal"]
_NO = CUE["no"]
_TURNS_AWAY = TOLD["turns from study"]


def add_study_results(
    words: list[str], hits: list[Hit], mentions: list[Mention], cues: int, told: int
) -> None:
    """Give each study that was had its result, where a sentence tells it."""
    turns = bool(told & _TURNS_AWAY)
    if turns:
        _tell_of_neither(words, mentions)
    studies = [m for m in mentions if m.kind == "study" and m.status in HAD]
    if not studies:
        return
    # What each study is held against is picked out once, so that a long list of studies stays quick to read.
    n_at: dict[int, int] = {}
    for study in studies:
        n_at[study.start] = n_at.get(study.start, 0) + 1
    shown = [
        mention
        for mention in mentions
        if mention.kind in ("diagnosis", "finding", "image")
        and mention.fact not in _OF_NO_STUDY
        and mention.status in ("present", "denied", "historical")
    ]
    results = [hit for hit in hits if hit[2].cues & (_NORMAL | _ABNORMAL)]
    for number, study in enumerate(studies):
        if study.told == study.start:
            continue
        # "CT myelogram" names two studies at one place.
        end = next((later.start for later in studies[number:] if later.start >= study.end), len(words))
        if turns:
            end = _study_end(words, study, end, hits)
        signs = {
            "abnormal" if mention.status in HAD else "normal"
            for mention in shown
            if study.end <= mention.start < end
        }
        is_told = False
        earlier = studies[number - 1] if number and studies[number - 1].fact != "urine_drug_test" else None
        is_other = earlier is not None and earlier.result in _OPPOSITE and _is_said_not(words, study.end)
        if earlier is not None and is_other:
            # "The EMG was normal; the MRI | was not |"
            signs = {_OPPOSITE[earlier.result or ""]}
            is_told = "abnormal" in signs
            study.told = study.end
        for start, after, entry in [] if is_other else results:
            if (
                len(studies) > 1
                and study.end < start <= study.end + _PLAIN_REACH
                and _is_plain(words[study.end : start])
            ):
                # "The EMG was | normal | and the MRI was abnormal"
                signs = {"normal"} if entry.cues & _NORMAL else {"abnormal"}
                is_told = "abnormal" in signs
                study.told = start
                break
            if n_at.get(after, 0) > (after == study.start):
                # "A normal MRI and an | abnormal | EMG"
                continue
            if len(studies) > 1 and study.start == after:
                study.told = start
            # "The EMG was normal, while | an ultrasound showed"
            is_before = 0 <= study.start - after <= 4 and _TURNS.isdisjoint(words[after : study.start])
            if entry.cues & _NORMAL and (study.end <= start < end or is_before):
                signs.add("normal")
            elif entry.cues & _ABNORMAL and not _POSITIVE.isdisjoint(words[start:after]):
                # "An abnormal EMG", "the nerve test came back abnormal"
                if words[start - 1] in _NOT_ANY:
                    # "No | abnormal | findings on MRI"
                    signs |= {"normal"} if is_before or study.end <= start < end else set()
                    continue
                is_told = is_told or is_before or study.end <= start < end
        if study.fact == "urine_drug_test":
            study.result = _consistency(words, mentions, hits, cues)
        elif (
            is_told
            or ("abnormal" in signs and (cues & (_SHOWS | _COLON) or _is_in_short(words, study)))
            or (earlier is None and _is_shown_on(words, study, mentions))
        ):
            study.result = "abnormal"
        elif "normal" in signs:
            study.result = "normal"
    _share_result(words, studies)


_PLAIN_REACH = 8
"""What stands between a study and a plain result is no longer: a part of the body and two words."""
_TURNS = frozenset((";", "while", "but", "whereas", "although", "though"))


def _is_in_short(words: list[str], study: Mention) -> bool:
    """Say whether a result follows a study without a verb: "| MRI | 6/14 L5-S1 protrusion"."""
    behind = words[study.end : study.end + _SHORT_REACH]
    is_dated = any("/" in word or (word.isdigit() and len(word) == _YEAR) for word in behind)
    return study.start <= _AT_FIRST and is_dated and _BE.isdisjoint(words[study.end :])


_SHORT_REACH = 6
_YEAR = 4
_AT_FIRST = 2


def _is_shown_on(words: list[str], study: Mention, mentions: list[Mention]) -> bool:
    """Say whether a diagnosis stands right before a study that shows it: "arthritis on | x-ray |"."""
    return words[study.start - 1] in _SHOWN_ON and any(
        one.end == study.start - 1 and one.kind == "diagnosis" and one.status in HAD for one in mentions
    )


_SHOWN_ON = frozenset(("on", "by", "per", "("))


def _share_result(words: list[str], studies: list[Mention]) -> None:
    """Give a list of studies the one result that is told of all: "MRI, EMG and X-rays | were | normal"."""
    if len(studies) == _TWO and "both" in words[studies[1].end : studies[1].end + _VERB_REACH]:
        # "A CT on the day of injury and a later MRI were | both | negative"
        studies[0].result = studies[0].result or studies[1].result
    is_told = False
    for study, following in pairwise(reversed(studies)):
        between = _without_part(words[following.end : study.start])
        if not is_told:
            told = _without_part(words[study.end : study.end + _PLAIN_REACH])
            told = told[told[:1] == [","] :]
            is_told = bool(study.result) and not _OF_SEVERAL.isdisjoint(told[:1])
        if following.result or not between or not _BETWEEN_STUDIES.issuperset(between):
            is_told = False
        elif is_told:
            following.result, following.told = study.result, study.start


def _tell_of_neither(words: list[str], mentions: list[Mention]) -> None:
    """Let studies be normal of which none showed anything: "neither the MRI nor the EMG | showed a tear"."""
    place = len(words)
    for study in reversed(mentions):
        if study.kind != "study" or study.status not in _DONE_OR_NOT:
            continue
        between = words[study.end : min(place, study.end + _LONGEST_PART)]
        is_other = "nor" not in between
        if place == len(words):
            # "Neither the MRI nor the EMG was | abnormal", but "was | obtained"
            is_other = _SHOW_NOTHING.isdisjoint(between) or _is_made(words, study.end)
        if is_other or "neither" not in words[max(0, study.start - _NEITHER_REACH) : study.start]:
            return
        study.status, study.result, study.told = "present", "normal", study.start
        place = study.start


def _is_made(words: list[str], start: int) -> bool:
    """Say whether it is told of studies that they were made or not: "was | obtained", "is in | place"."""
    return any(
        words[at] in _MADE and words[at - 1] in _BEFORE_MADE
        for at in range(start + 1, min(start + _NEITHER_REACH, len(words)))
    )


_BEFORE_MADE = word_set("be") | {"been", "yet", "on", "in", "ever"}
_DONE_OR_NOT = ("denied", "present")
_NEITHER_REACH = 12
_SHOW_NOTHING = word_set("shows nothing")
_MADE = word_set("made or sought")


def tell_study_result_of(
    studied: list[Mention], words: list[str], hits: list[Hit], mentions: list[Mention], cues: int
) -> None:
    """Give the studies of a sentence the result that the next one tells: "It was normal", "both showed"."""
    studies = [one for one in studied if one.kind == "study" and one.status in HAD]
    if not studies or (words[0] not in _OF_ALL and len({one.fact for one in studies}) > 1):
        return
    if any(one.result for one in studies):
        return
    verb = next((word for word in words[1:_VERB_REACH] if word in _BE or word in _TELLS), "")
    if not verb:
        return
    denied = words[0] in _OF_NONE or "not" in words[1:_VERB_REACH]
    signs = {
        "abnormal" if one.status in HAD else "normal"
        for one in mentions
        if one.kind in ("diagnosis", "image") and one.status in ("present", "denied")
    }
    for _, after, entry in hits:
        if verb in _BE and entry.cues & _NORMAL and words.index(verb) <= after <= _VERB_REACH + 2:
            signs.add("normal")
        elif verb in _BE and not _POSITIVE.isdisjoint(words[:after]):
            signs.add("abnormal")
    for study in studies:
        if study.fact == "urine_drug_test":
            study.result = _consistency(words, mentions, hits, cues)
        elif denied and verb not in _BE:
            study.result = "normal"
        elif signs:
            is_abnormal = ("abnormal" in signs) != (denied and "normal" not in signs)
            study.result = "abnormal" if is_abnormal else "normal"


_VERB_REACH = 4
_TWO = 2
_OF_ALL = word_set("said of all")
_OF_NONE = frozenset(("neither", "none"))
_TELLS = word_set("tells of study")


def _is_plain(between: list[str]) -> bool:
    """Say whether nothing but "was" stands between a study and its result."""
    between = _without_part(between)
    return 0 < len(between) <= 2 and between[0] in _BE and (len(between) == 1 or between[1] in _READ)


_NOT_ANY = frozenset(("no", "without", "any"))


def _is_said_not(words: list[str], end: int) -> bool:
    """Say whether a clause ends with "was not" right behind a study."""
    between = _without_part(words[end : end + _PLAIN_REACH])
    return (
        between[:1] != []
        and between[0] in _BE
        and between[1:2] == ["not"]
        and _ENDINGS.issuperset(between[2:3])
    )


_ENDINGS = frozenset((";", ","))
_OPPOSITE = {"normal": "abnormal", "abnormal": "normal"}


def _without_part(words: list[str]) -> list[str]:
    """Leave out of what, where or when a study is: "|of the lumbar spine| were normal"."""
    if words[:1] == [] or words[0] not in _BEFORE_PART:
        return words
    ends = (place for place, word in enumerate(words[:_LONGEST_PART]) if word in _AFTER_PART)
    return words[next(ends, 0) :]


_BEFORE_PART = frozenset(("of", "in", "from", "at", "on"))
_BE = word_set("be")
_READ = frozenset(("read", "also", "all", "both"))
_OF_SEVERAL = word_set("of several")
_AFTER_PART = _OF_SEVERAL | _BE | {"and", ","}
_LONGEST_PART = 6
_BETWEEN_STUDIES = word_set("between studies")
_OF_NO_STUDY = frozenset(
    ("earlier_study", "worsening", "improving", "complex_question", "test_question", "spinal_fusion")
)
_POSITIVE = word_set("positive")
_EXAMINED = word_set("examined")
_ANOTHER = word_set("another than a study")
TURNS = _EXAMINED | _ANOTHER | {"neither"}
"""Words of which one stands where a sentence turns from a study, or joins two that did not show a thing."""


def _study_end(words: list[str], study: Mention, end: int, hits: Sequence[Hit] = ()) -> int:
    """Give where a sentence turns from a study to an examination, or to what is made of its result.

    "X-rays were taken and | exam showed", "the MRI was normal; | he has sciatica".
    """
    told = next(
        (after for start, after, entry in hits if study.end <= start and entry.cues & (_NORMAL | _ABNORMAL)),
        end,
    )
    # "MRI examination" is no examination of the worker.
    for place in range(study.end + 1, end):
        if words[place] in _EXAMINED or (place >= told and words[place] in _ANOTHER):
            return place
    return end


def is_of_study(words: list[str], image: Mention, mentions: list[Mention]) -> bool:
    """Say whether a word for an abnormal image is said of one: "fluid" in a knee that is felt is none."""
    return any(
        study.kind == "study"
        and study.status != "planned"
        and (image.start < study.start or image.start < _study_end(words, study, len(words)))
        for study in mentions
    )


def _consistency(words: list[str], mentions: list[Mention], hits: list[Hit], cues: int) -> str | None:
    """Give the result of a urine test; what a statement says goes before what single words say.

    A test called negative and no more may lack what is prescribed, too.
    """
    for mention in mentions:
        if mention.fact == "urine_drug_test_consistent":
            return "normal" if mention.status == "present" else "abnormal"
    if cues & _DISAGREES:
        # "No unexpected drugs"
        denied = {end for _, end, entry in hits if entry.cues & _NO}
        found = [start for start, _, entry in hits if entry.cues & _DISAGREES]
        return "normal" if denied.issuperset(found) else "abnormal"
    is_clean = cues & _NORMAL and any(
        entry.cues & _NORMAL and NEGATIVE.isdisjoint(words[start:end]) for start, end, entry in hits
    )
    return "normal" if cues & _AGREES or is_clean else None


def tell_of_none(words: list[str], mentions: list[Mention]) -> None:
    """Let care be had of which none did any good: "neither gabapentin nor Cymbalta | helped"."""
    denied = [mention for mention in mentions if mention.status == "denied" and mention.kind in CAN_HELP]
    for mention in reversed(denied):
        place = mention.end
        while place < len(words) and words[place] in _BEFORE_GOOD:
            place += 1
        does_good = words[place : place + 1]
        if not _DOES_GOOD.isdisjoint(does_good) or any(
            one.start == place and one.status != "denied" for one in denied
        ):
            mention.status = "present"


_BEFORE_GOOD = word_set("before good")
_DOES_GOOD = word_set("does good")
