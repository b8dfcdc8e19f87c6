"""What a treatment came to: the results that a sentence tells, each with the care that it is of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from imr_ml.extracting.care.sessions import counts_visits
from imr_ml.extracting.grammar.assertions import MINUS
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, HAD, Mention
from imr_ml.extracting.grammar.statements import (
    ABOUT_CARE,
    OF_HARM,
    is_doubted,
    is_far_from,
    tells_slight_share,
)
from imr_ml.extracting.grammar.words import (
    CAN_HELP,
    CUE,
    THERAPIES,
    TRAIT,
    Hit,
    word_set,
)
from imr_ml.extracting.lexicon import whole_number

_PROGRAM = "functional_restoration"
_AROUND = 20
_COMMA = CUE["comma"]
_HELPED = CUE["helped"]
_FAILED = CUE["failed"]
_OUTCOME = CUE["helped"] | CUE["failed"]
_NO = CUE["no"]
_NO_OR_DENY = _NO | CUE["deny"]
_THERAPY = TRAIT["therapy"]
_MAY_HELP = TRAIT["can help"]


def with_outcomes(words: list[str], mentions: list[Mention]) -> list[Mention]:
    """Let what is stated of the care or study of a sentence be its result, and long use be that of a drug."""
    if not any(mention.kind in DRUG_KINDS for mention in mentions):
        mentions = [mention for mention in mentions if mention.fact != "long_use"]
    stated = {mention.fact: mention.status == "present" for mention in mentions if mention.fact in ABOUT_CARE}
    if any(mention.fact == _PROGRAM for mention in mentions) and any(
        mention.fact == "functional_gain" and mention.status == "present" for mention in mentions
    ):
        for mention in mentions:
            if mention.fact == _PROGRAM and mention.status in HAD and mention.result is None:
                mention.result = "helped"
    if "care_outcome" not in stated:
        _tell_by_gain(words, mentions)
    if not stated:
        return mentions
    had = [mention for mention in mentions if mention.status in HAD]
    if (
        "drug_harm" in stated
        and any(mention.kind in DRUG_KINDS for mention in had)
        and not any(mention.fact == "side_effects" for mention in mentions)
    ):
        for mention in mentions:
            if mention.fact == "drug_harm":
                mention.fact = "side_effects"
    if "study_abnormal" in stated:
        studies = [mention for mention in had if mention.fact in IMAGING]
        nerve_studies = [mention for mention in had if mention.fact == "electrodiagnostics"]
        told = next(mention for mention in mentions if mention.fact == "study_abnormal")
        # Where several are named, it is said of those that its words reach.
        reached = [m for m in studies if m.start < told.end and told.start < m.end]
        reached += [m for m in nerve_studies if m.start < told.end and told.start < m.end]
        for mention in reached or studies:
            if mention.told >= 0:
                continue
            mention.result = "abnormal" if stated["study_abnormal"] else "normal"
    if "care_outcome" in stated:
        cared = [mention for mention in had if mention.kind in CAN_HELP and mention.kind != "surgery"]
        if ";" in words:
            # "Zoloft is taken; Paxil was stopped because of nausea"
            at = next(mention.start for mention in mentions if mention.fact == "care_outcome")
            cared = [one for one in cared if not _parted(words, one, at)] or cared
        # Where several are named, what helped and what did not was told apart by the words beside each.
        is_of_all = not any(m.result for m in cared) or (
            len(_named(cared)) == 1 and not _has_other(words, cared)
        )
        if is_of_all and stated["care_outcome"]:
            # "Tramadol was stopped; Norco eases the pain": what is taken does.
            taken = [mention for mention in cared if mention.status == "present"]
            drugs = {mention.kind for mention in cared} <= DRUG_KINDS
            cared = taken if drugs and taken else cared
        for mention in without_spared(words, cared, mentions):
            if stated["care_outcome"] and _did_harm(mention, cared, mentions):
                continue
            if is_of_all and not (mention.result == "helped" and _is_excepted(words, mention)):
                mention.result = "helped" if stated["care_outcome"] else "failed"
        if not stated["care_outcome"]:
            _tell_by_gain(words, mentions)
    return [mention for mention in mentions if mention.fact not in ABOUT_CARE]


def _has_other(words: list[str], cared: list[Mention]) -> bool:
    """Say whether the same was had twice: "an injection into the left hip and | one | into the right"."""
    return "one" in words and any(words[one.start] == "one" for one in cared)


def _did_harm(care: Mention, cared: list[Mention], mentions: list[Mention]) -> bool:
    """Say whether harm is told of one care, good of other: "Motrin | upsets his stomach, | Norco helps"."""
    behind = min((one.start for one in cared if one.start >= care.end), default=-1)
    # "Norco helps, Motrin | upsets his stomach |"
    is_later = any(one.fact == "care_outcome" and one.end <= care.start for one in mentions)
    return any(
        one.fact in OF_HARM
        and one.status == "present"
        and care.end <= one.start
        and (one.end <= behind or (is_later and behind < 0))
        for one in mentions
    )


def _named(cared: list[Mention]) -> set[str]:
    """Give the care that is named, once where two words name a drug: "topical | lidocaine"."""
    beside = {place for one in cared if one.kind == "drug" for place in (one.start, one.end)}
    return {
        one.fact
        for one in cared
        if one.kind != "medication" or (one.start not in beside and one.end not in beside)
    }


def none_helped(words: list[str], mentions: list[Mention]) -> None:
    """Let care fail of which none helped: "neither acupuncture nor massage | gave | relief".

    What "neither" denies is the help and not the care.
    """
    start = next((at for at, word in enumerate(words) if word in _NONE_OF), -1)
    if words[:3] == _NOT_ONE_OF:
        start = 2
    cared = [one for one in mentions if one.kind in CAN_HELP and one.start > start >= 0]
    if not cared or (words[start] == "none" and words[start + 1 : start + 2] != ["of"]):
        return
    end = next((at for at in range(cared[0].end, len(words)) if words[at] in _BRINGS), len(words))
    for one in cared:
        if one.end <= end < len(words):
            one.status, one.result = "present", "failed"


_NONE_OF = frozenset(("neither", "none"))
_NOT_ONE_OF = ["not", "one", "of"]
_BRINGS = word_set("brings help")


def _tell_by_gain(words: list[str], mentions: list[Mention]) -> None:
    """Let care help with which function is better, where no other is named: "in the brace he can cook"."""
    if not any(one.fact == "functional_gain" and one.status == "present" for one in mentions):
        return
    # "Postoperative therapy let him cook" tells of the therapy.
    cared = [
        one
        for one in mentions
        if one.kind in CAN_HELP and not (one.kind == "surgery" and words[one.start] in _POSTOP)
    ]
    if any(one.kind == "surgery" or one.status not in HAD for one in cared):
        return
    facts = [one.fact for one in cared]
    again = {fact for fact in facts if facts.count(fact) > 1}
    if len(again) == 1 and not any(one.result for one in cared):
        # "TENS and massage; with massage he can cook"
        cared = [one for one in cared if one.fact in again]
    if any(one.result for one in cared):
        # "Massage failed, | acupuncture | let him cook"
        gain = next(one for one in mentions if one.fact == "functional_gain" and one.status == "present")
        cared = cared if all(one.result in (None, "failed") for one in cared) else []
        last = next((one for one in reversed(cared) if one.end <= gain.start), None)
        cared = [one for one in cared if last is not None and one.fact == last.fact]
        if any(one.result for one in cared):
            return
    if len({one.fact for one in cared}) == 1 and cared[0].kind not in DRUG_KINDS:
        for mention in cared:
            mention.result = "helped"


_POSTOP = frozenset(("post", "postop", "postoperative", "postoperatively", "postsurgical"))


def _parted(words: list[str], care: Mention, place: int) -> bool:
    return ";" in words[min(care.start, place) : max(care.start, place)]


def tell_result_of(
    care: list[Mention], words: list[str], hits: list[Hit], mentions: list[Mention], cues: int
) -> int:
    """Give a therapy, the only care of its sentence, the result that the next one tells.

    Where there are several, the next tells of all, or of none: "both helped", "none of these | helped".
    Returns the traits of therapies where there is a result, for amounts are then of it.
    """
    told = {mention.status == "present" for mention in mentions if mention.fact == "care_outcome"}
    with_it = begins_with_it(words)
    gains = with_it and any(one.fact in _BETTER and one.status == "present" for one in mentions)
    is_of_gain = gains and not told
    told = told or {True} if gains else told
    if not told and with_it and words[0] in _LATER:
        # "Since then his pain has worsened" says when, and not what of.
        return 0
    lacks = any(mention.fact == "no_lasting_gain" and mention.status == "present" for mention in mentions)
    if not told and not lacks and not cues & _OUTCOME:
        return 0
    therapies = [m for m in care if m.kind in CAN_HELP and m.status in HAD]
    is_of_all = words[0] in _OF_ALL
    if not therapies or (len({mention.fact for mention in therapies}) != 1 and not is_of_all):
        return 0
    if therapies[0].kind not in THERAPIES and not is_of_all and not with_it and not _speaks_of_it(words):
        return 0
    failed = (result == "failed" for *_, result in _outcomes(words, hits))
    is_failure = lacks or (False in told if told else any(failed))
    for therapy in therapies:
        therapy.result = therapy.result or ("failed" if is_failure else "helped")
    # A score that fell is no share of relief.
    return 0 if is_of_gain else _THERAPY | _MAY_HELP


_BETTER = frozenset(("functional_gain", "improving"))


def tell_elliptic(words: list[str], mentions: list[Mention], before: list[Mention]) -> None:
    """Let care fail of which a sentence of its own denies what helped before: "acupuncture | did not"."""
    if words[-1] != "not" or len(words) < _SHORTEST or words[-2] not in _ELLIPTIC:
        return
    if not any(one.result == "helped" for one in before):
        return
    cared = [one for one in mentions if one.kind in CAN_HELP and one.status in _HAD_OR_DENIED]
    for one in _list_up_to(words, cared, 0, len(words) - 2):
        if one.result is None:
            one.status, one.result = "present", "failed"


def begins_with_it(words: list[str]) -> bool:
    """Say whether a sentence begins with the care named before it: "with it | he can cook", "since then"."""
    if len(words) < _SHORTEST or words[0] not in _WITH:
        return False
    # "With these visits | he can cook", not "on this visit"
    return words[1] in _IT or (words[0] != "on" and words[1] in _THIS and words[2] in _BEHIND_THIS)


_SHORTEST = 3
_LATER = frozenset(("since", "after", "following"))
_WITH = word_set("led by care")
_IT = frozenset(("it", "them", "then"))
_THIS = frozenset(("this", "that", "these", "those"))
_BEHIND_THIS = word_set("care again")


def _speaks_of_it(words: list[str]) -> bool:
    """Say whether its subject is the drug named before: "it | eases the pain", not "it was noted"."""
    return words[0] == "it" and words[1:2] != [] and words[1] not in _SAYS_NOTHING


_SAYS_NOTHING = frozenset(("is", "was", "appear", "appears", "appeared", "seem", "seems", "seemed"))


def tell_by_scores(words: list[str], mentions: list[Mention]) -> None:
    """Let care help by which pain fell: "9/10 before the pump and 4/10 now"; or fail, where it did not.

    Where several kinds of care are named, or what one came to is told, scores tell nothing.
    """
    drop = max(one.value or 0.0 for one in mentions if one.fact == "pain_drop")
    if drop and any(one.fact == "no_lasting_gain" and one.status == "present" for one in mentions):
        return
    able = [one for one in mentions if one.kind in CAN_HELP and one.kind != "surgery"]
    cared = without_spared(words, [one for one in able if one.status in HAD], mentions)
    if drop and not cared and all(one.kind in DRUG_KINDS or _is_lacked(words, one) for one in able):
        # "8/10 when he does not take Norco, 5/10 when he does": he takes it.
        cared = [one for one in able if one.status == "denied"]
        for mention in cared:
            mention.status = "present"
    if any(one.result for one in cared):
        return
    if {one.kind for one in cared} <= DRUG_KINDS:
        # "Tramadol was abandoned; Norco cuts the pain from 8 to 4"
        cared = [one for one in cared if one.status == "present"] or cared
    is_of_one = len({one.fact for one in cared}) == 1 or {one.kind for one in cared} <= DRUG_KINDS
    if is_of_one and not _LITTLE_DROP <= drop < _NOTICED_DROP:
        for mention in cared:
            mention.result = "helped" if drop >= _NOTICED_DROP else "failed"


def _is_lacked(words: list[str], care: Mention) -> bool:
    """Say whether a score is of being without care: "8/10 without | TENS, 5/10 with it"."""
    start = care.start
    while start and words[start - 1] in _OWN:
        start -= 1
    if words[start - 1 : start] not in _WITHOUT:
        return False
    return any(pair in _WITH_IT for pair in itertools.pairwise(words[care.end :]))


_OWN = frozenset(("the", "his", "her", "home", "a"))
_WITHOUT = (["without"], ["off"])
_WITH_IT = frozenset(itertools.product(("with", "on", "using", "wearing"), ("it", "them", "the")))
_NOTICED_DROP = 0.31
_LITTLE_DROP = 0.15
"""Below it a score fell by a point, which is no help."""


def is_spared(words: list[str], start: int) -> bool:
    """Say whether less is taken of a drug that begins at a place: "he could cut down on | Norco"."""
    if not _TO.isdisjoint(words) and _falls_behind(words, start):
        return True
    back = start - 1
    while back > 0 and words[back] in _BEFORE_SPARED:
        back -= 1
    if back > 0 and words[back] == "on" and words[back - 1] in _DOWN:
        back -= 2
    elif back > 0 and words[back] == "up" and words[back - 1] in _GIVES_UP:
        # "Able to give up | Norco"
        return True
    elif back > 0 and words[back] in _COMES_OFF and words[back + 1 : back + 2] == ["off"]:
        # "Able to come off | opioids"
        return True
    elif back > 0 and words[back] == "for" and words[back - 1] == "need":
        # "With less | need for | Imitrex"
        back -= 2
    while back > 0 and words[back] in _OF_USE:
        back -= 1
    return back >= 0 and words[back] in _SPARES


def _falls_behind(words: list[str], start: int) -> bool:
    """Say whether fewer pills are told right behind a drug: "pain 8 to 4, | Norco 4 to 2 a day"."""
    place = start + 1
    while place < min(start + _FALL_REACH, len(words)) and words[place] in _BEFORE_FALL:
        place += 1
    number, to, less = (*words[place : place + 3], "", "", "")[:3]
    return to in _TO and number.isdigit() and less.isdigit() and int(number) > int(less)


_TO = frozenset(("to", "->", "→"))
_FALL_REACH = 6
_BEFORE_FALL = frozenset(
    ("from", "use", "intake", "cut", "reduced", "down", "decreased", "dropped", "fell", ":", "acetaminophen")
)
_SPARES = word_set("spares drug")
_BEFORE_SPARED = frozenset(
    ("the", "his", "her", "oral", "any", "of", "off", "daily", "all", "evening", "morning", "bedtime")
)
_OF_USE = frozenset(
    ("use", "intake", "dose", "taking", "using", "amount", "reliance", "dependence", "his", "her")
)
_DOWN = frozenset(("down", "back"))
_COMES_OFF = frozenset(("come", "came", "coming", "get", "got", "gotten", "getting"))
_GIVES_UP = frozenset(("give", "giving", "gave", "given"))


def without_spared(words: list[str], cared: list[Mention], mentions: list[Mention]) -> list[Mention]:
    """Leave out the drugs of which less is taken thanks to other care, for it is that care which helps."""
    if not cared or (_SPARES.isdisjoint(words) and _TO.isdisjoint(words) and _GIVES_UP.isdisjoint(words)):
        return cared
    kept = [one for one in cared if one.kind not in DRUG_KINDS or not is_spared(words, one.start)]
    if any(one.kind in CAN_HELP and one.kind not in DRUG_KINDS for one in mentions):
        # "He wants acupuncture again, which let him cut down on Norco"
        return kept
    return kept or cared


def tell_by_spared(words: list[str], mentions: list[Mention]) -> None:
    """Let care help with which less of a drug is needed: "uses a TENS unit, with less need for | Norco"."""
    if _SPARES.isdisjoint(words) and _GIVES_UP.isdisjoint(words):
        return
    cared = [one for one in mentions if one.kind in CAN_HELP and one.kind != "surgery" and one.status in HAD]
    spared = [one for one in cared if one.kind in DRUG_KINDS and is_spared(words, one.start)]
    others = [one for one in cared if one.kind not in DRUG_KINDS]
    if not spared or not others or any(one.result for one in others):
        return
    # "A trial of H-wave | cut | his use of Norco"
    acts = any(
        words[one.end + (words[one.end : one.end + 1] in _HAS_OR_HAVE) :][:1] in _SPARING for one in others
    )
    if len({one.fact for one in others}) == 1 and (acts or not _ABLE.isdisjoint(words)):
        for one in others:
            one.result = "helped"


_ABLE = word_set("spared able")
_HAS_OR_HAVE = (["has"], ["have"], ["had"])
_SPARING = tuple([word] for word in _SPARES)


def failures(words: list[str], mentions: list[Mention]) -> list[Mention]:
    """Give the failure of care that a sentence calls so: "therapy | failed", not "brought no relief".

    A trial of an implant that failed is no failure of conservative care.
    """
    if _CALLED_FAILURE.isdisjoint(words):
        return []
    failed = [m for m in mentions if m.result == "failed" and m.kind in CAN_HELP and m.kind != "surgery"]
    return [
        Mention("conservative_care_failed", "result", one.start, one.end, "present")
        for one in failed
        if one.fact not in _IMPLANTS
    ][:1]


_CALLED_FAILURE = word_set("called failure")
_IMPLANTS = frozenset(("stimulator", "pump"))


def tell_by_shares(words: list[str], mentions: list[Mention]) -> None:
    """Let injections help of which a share of relief is told so: "epidural 2/14: | 80% x 3 months"."""
    for _, share, injection in shares_told(words, mentions):
        if share >= _NOTICED_SHARE:
            injection.result = "helped"


def fail_little_relief(words: list[str], mentions: list[Mention]) -> None:
    """Let care fail of which only a small share of relief is told: "a month of TENS with | 15% | relief".

    Where function is better too, or less of a drug is needed, it helped all the same.
    """
    shares = [one.value or 0.0 for one in mentions if one.fact == "relief_percent"]
    if not shares or max(shares) >= _HARDLY_SHARE:
        return
    cared = [one for one in mentions if one.kind in CAN_HELP and one.result == "helped"]
    is_of_one = len({one.fact for one in cared}) == 1 and cared[0].kind not in DRUG_KINDS
    gains = any(one.fact in _GAINS and one.status == "present" for one in mentions)
    spares = any(one.kind in DRUG_KINDS and is_spared(words, one.start) for one in mentions)
    # "Therapy improved flexion by 20%" measures no pain.
    if is_of_one and not gains and not spares and not _OF_PAIN.isdisjoint(words):
        for mention in cared:
            mention.result = "failed"


_HARDLY_SHARE = 25
_OF_PAIN = word_set("named relief") | word_set("scored ache") | {"better", "symptom", "relieved"}
_GAINS = frozenset(("functional_gain", "weaning", "improving"))


def shares_told(words: list[str], mentions: list[Mention]) -> Iterator[tuple[int, float, Mention]]:
    """Give the shares that are told with how long they lasted, each with its place and its injection."""
    for place in range(1, len(words) - 3):
        if words[place + 1] not in LASTS or words[place + 3] not in _LASTING_UNITS:
            continue
        share = whole_number(words[place])
        if share is None or not _LOWEST_SHARE <= share <= 100:
            continue
        if share % 5 and (words[place - 1], words[place + 1]) != (":", "for"):
            # "Epidural 3/18/2019: | 56 | for 8 weeks"
            continue
        told = [one for one in mentions if one.kind == "injection" and one.status in HAD and one.end <= place]
        is_of_next = words[place - 1] not in _ORDINALS and told and ";" in words[told[-1].end : place]
        if told and place - told[-1].end <= _SHARE_REACH and not is_of_next:
            yield place, share, told[-1]


# "Epidurals x 2; first | 80% for 2 months"
_ORDINALS = frozenset(("first", "second", "third", "last", "latter"))
LASTS = frozenset(("x", "for"))
"""Between a share of relief and how long it lasted."""
_MONTHS = word_set("time unit")
_LASTING_UNITS = _MONTHS | {"hour", "hr", "h"}
_LOWEST_SHARE = 20
_NOTICED_SHARE = 30
_SHARE_REACH = 14


_OF_ALL = word_set("said of all")
_DENIED_REACH = 5
_EXCEPT = frozenset(("except", "but", "besides"))
_STOPPED = word_set("stopped drug")
_THAN_REACH = 3
_FROM_REACH = 2
_OPENS = frozenset((",", ";", "but", "and"))
_SINCE = (["since"], ["after"])
_OR = word_set("or")
IMAGING = frozenset(("xray", "mri", "ct", "bone_scan", "ultrasound_study", "unnamed_imaging"))
_LOOKS_AHEAD = word_set("looks ahead")
_LOOKS_BACK = word_set("looks back")


def add_outcomes(words: list[str], hits: list[Hit], mentions: list[Mention]) -> None:
    """Say of treatments that they helped or failed: of those before ("X helped") or after ("failed X")."""
    cared = [m for m in mentions if m.kind in CAN_HELP and m.status in HAD]
    cared = without_spared(words, cared, mentions)
    if not cared:
        return
    outcomes = list(_outcomes(words, hits))
    for start, end, result in outcomes:
        # What names care may hold its outcome: "sleep hygiene did not help".
        before = [m for m in reversed(cared) if m.start < start and start - m.end <= _AROUND]
        after = [m for m in cared if m.start >= end and m.start - end <= _AROUND]
        if result == "helped" and after and not _USE_OF.isdisjoint(words[after[0].end : after[0].end + 1]):
            # "Acupuncture reduced ibuprofen | use |"
            after = []
        if words[end : end + 1] == ["than"] and before:
            # "The brace gave more relief | than | TENS"
            after = []
        if before and after:
            before, after = _of_clause(words, before, after, start, end)
        if (
            before
            and after
            and "," not in words[before[0].end : start]
            and "," in words[end : after[0].start]
        ):
            # "Therapy x 12 | some relief |, chiropractic no help"
            after = []
        behind = words[end : end + 1]
        if result == "helped" and after and "neither" in words[end : end + 2]:
            # "Responded | to neither | PT nor gabapentin"
            result, before = "failed", []
        if (
            before
            and after
            and ("than" in words[end : end + _THAN_REACH] or (behind == [","] and words[start - 1] == ","))
        ):
            # "H-wave gave more relief | than TENS", "therapy 12/12 done, | some better |, Motrin as needed"
            after = []
        if before and after and ":" in words[before[0].end : start] and "," in words[end : after[0].start]:
            # "Home TENS, 30 days: | some relief |, medication the same"
            after = []
        if after and result == "failed" and not before and behind and behind[0] in _EXCEPT:
            # "Nothing has helped | except | the epidural"
            result = "helped"
        if behind in _SINCE and after and _was_stopped(words, after[0], behind):
            # "Heartburn has lessened | since Motrin was stopped"
            continue
        looks_ahead = words[end - 1] in _LOOKS_AHEAD or behind == ["since"]
        if after and after[0].start - end <= _FROM_REACH:
            # "But good benefit from a brace", "no relief with massage, some relief with acupuncture"
            opens = not _OPENS.isdisjoint(words[max(0, start - 2) : start])
            looks_ahead = looks_ahead or behind == ["from"] or (behind == ["with"] and opens)
        if looks_ahead and after and not _is_verb_of(words, before, start):
            before = []
        elif before and (
            (words[start] in _AUXILIARY_VERBS and behind in _CLAUSE_OVER)
            or not _LOOKS_BACK.isdisjoint(words[max(0, start - 3) : start])
            or (after and _is_of_amount(words, before[0].end, start))
        ):
            after = []
        if len(before) > 1 and _is_within(words, before[0], before[1]):
            # "TENS in PT: no help"
            before = before[1:]
        is_before = not after or bool(before and start - before[0].end < after[0].start - end)
        if before and before[0].fact in _COLLECTIVE and _names_kinds(words, end):
            is_before = True
        chain = before if is_before else after
        if not chain:
            continue
        if is_before and result == "failed" and _is_excepted(words, chain[0]):
            # "Except for the epidural, nothing | has helped"
            chain[0].result = "helped"
            continue
        chain[0].result = result
        if is_before and len(chain) > 1 and _is_injected_with(words, chain[0], chain[1]):
            # "Hip injection | with | Celestone: good for two months"
            chain[1].result = result
        if is_before and (collective := _collective(words, cared, chain, start)) is not None:
            # "Conservative care, made up of PT and an epidural, | has failed"
            for kind in cared:
                if collective.start <= kind.start < start:
                    kind.result = kind.result or result
            continue
        if is_before and chain[0].fact in _COLLECTIVE and (said := _names_kinds(words, end)):
            _tell_kinds(words, [m for m in cared if m.start >= said], said, result)
        if is_before and (
            _is_relative(words, chain[0].end, start) or not _is_said_of_all(words, chain, start)
        ):
            for mention in chain[1:]:
                # "Synvisc" is both a drug and an injection.
                if mention.end > chain[0].start:
                    mention.result = result
            continue
        reach = 2 if is_before else 3 if result == "helped" else 8
        is_of_list = is_before and (
            words[start - 1] == ";" or not _LIST_ENDS.isdisjoint(words[chain[0].end : start])
        )
        for last, following in itertools.pairwise(chain):
            between = words[min(last.end, following.end) : max(last.start, following.start)]
            if len(between) > reach:
                # "A, B, and an X", "A as well as B"
                between = [word for word in between if word not in _IN_LISTS]
            if len(between) > reach and not _COURSES.isdisjoint(between):
                # "Massage and a | course of | prednisone"
                between = [word for word in between if word not in _OF_COURSE]
            if len(between) > reach:
                # "TENS, and a | back | brace", "relaxants, and | 24 | visits"
                between = [word for word in between if word not in _PARTS]
                between = between[:-1] if whole_number(between[-1]) is not None else between
            if len(between) > reach and (
                is_of_list or ("and" in between and whole_number(between[0]) is not None)
            ):
                # "12 sessions of chiropractic and 8 of therapy": how often it was is no clause between.
                between = [word for word in between if not counts_visits(word)]
            first, after_first = min(last.end, following.end), max(last.start, following.start)
            if (
                len(between) > reach
                or ";" in between
                or (is_before and _is_other_clause(words, last, following))
            ):
                break
            if following.result and any(first <= other < after_first for other, *_ in outcomes):
                # "Found massage helpful and acupuncture | unhelpful |"
                break
            following.result = result
    if outcomes and not _MAY_BE_ELLIPTIC.isdisjoint(words):
        _add_elliptic(words, mentions, outcomes)


def _is_excepted(words: list[str], care: Mention) -> bool:
    """Say whether nothing is told to have helped but this: "apart from | massage |, nothing helps"."""
    lead = words[max(0, care.start - _LIST_REACH) : care.start]
    excepts = not _EXCEPTED.isdisjoint(lead) or "other than" in " ".join(lead)
    return excepts and not _NOTHING.isdisjoint(words[care.end :])


_EXCEPTED = word_set("excepts") | {"besides", "apart", "aside"}
_NOTHING = frozenset(("nothing", "none"))
_LIST_REACH = 4


def _is_injected_with(words: list[str], drug: Mention, injection: Mention) -> bool:
    if drug.kind != "drug" or injection.kind != "injection":
        return False
    between = words[injection.end : drug.start]
    return 0 < len(between) <= _INJECTED_REACH and not _INJECTED_WITH.isdisjoint(between)


_INJECTED_REACH = 5
_INJECTED_WITH = frozenset(("with", "of", "using", "("))


def _was_stopped(words: list[str], care: Mention, behind: list[str]) -> bool:
    """Say whether it is the end of care that did good: "since | Motrin | was stopped"."""
    if care.status == "historical" and care.kind in DRUG_KINDS:
        return True
    return behind == ["since"] and not _STOPPED.isdisjoint(words[care.end : care.end + 3])


def _is_relative(words: list[str], end: int, start: int) -> bool:
    """Say whether an outcome is that of the last of a list: "therapy and an injection | which | helped"."""
    behind = next((place for place in range(end, start) if words[place] in _RELATIVE), -1)
    return behind >= 0 and words[behind] != ","


def _is_other_clause(words: list[str], last: Mention, before: Mention) -> bool:
    """Say whether care stands in a clause of its own: "wears a brace |, and the | injection helped"."""
    between = words[before.end : last.start]
    return between[:2] == [",", "and"] and not _WEARS.isdisjoint(
        words[max(0, before.start - 3) : before.start]
    )


_WEARS = word_set("wears")


def _add_elliptic(words: list[str], mentions: list[Mention], outcomes: list[tuple[int, int, str]]) -> None:
    """Tell the result of care whose verb is left out: "therapy helped; acupuncture | did not"."""
    cared = [m for m in mentions if m.kind in CAN_HELP and m.status in _HAD_OR_DENIED]
    for place in range(outcomes[0][1], len(words)):
        told, result = max((end, result) for _, end, result in outcomes if end <= max(place, outcomes[0][1]))
        is_opposite = words[place : place + 1] == ["not"]
        before, behind = words[place - 1], words[place + 1 : place + 2]
        named: list[Mention] = []
        ends = not behind or behind[0] in _ENDS_ELLIPSIS
        is_none = words[place : place + 1] == ["none"]
        if is_opposite and before in _ELLIPTIC and ends:
            # "Acupuncture did not", "acupuncture, which did not"
            named = _list_up_to(words, cared, told, place - 1)
        elif is_opposite and behind == ["at"] and words[place + 2 : place + 3] == ["all"]:
            # "The epidural helped, massage | not at all"
            named = _list_up_to(words, cared, told, place)
        elif ends and result == "failed" and words[place] in _ELLIPTIC:
            # "Massage was not helpful, but acupuncture | was |"
            named = _list_up_to(words, cared, told, place)
            named = named if named and words[named[-1].start - 1] in _TURNS_TO else []
            is_opposite = bool(named)
        elif is_none and ends and before in _GAVE:
            # "Massage gave relief, acupuncture gave | none"
            named = _list_up_to(words, cared, told, place - 1)
            is_opposite = result == "helped"
        elif is_none and before in _TURNS and behind and behind[0] in _LOOKS_AHEAD:
            # "Some relief with massage but | none with acupuncture"
            named = [m for m in cared if 0 <= m.start - (place + 2) <= 1][:1]
            is_opposite = result == "helped"
        elif is_opposite and before in _TURNS:
            # "But not from acupuncture"
            first = place + 1 + (behind != [] and behind[0] in _LOOKS_AHEAD)
            named = [m for m in cared if 0 <= m.start - first <= 1][:1]
        elif words[place] in _LIKEWISE and behind and behind[0] in _ELLIPTIC:
            # "As did acupuncture", "nor did acupuncture"
            named = [m for m in cared if 0 <= m.start - (place + 2) <= 1][:1]
            named = [*named, *_list_from(words, cared, named[0])] if named else []
        for mention in named:
            mention.status = "present" if mention.status == "denied" else mention.status
            mention.result = result if not is_opposite else "failed" if result == "helped" else "helped"


def _list_up_to(words: list[str], cared: list[Mention], start: int, end: int) -> list[Mention]:
    """Give the care of a list that ends at a place: "massage and acupuncture |, which | did not"."""
    is_relative = words[end - 1] == "which"
    while words[end - 1] in _RELATIVE or counts_visits(words[end - 1]):
        end -= 1
    # "TENS | at home | did not", "TENS, used for a month, which | did not"
    last = max((one.end for one in cared if start <= one.start and one.end <= end), default=end)
    aside = words[last:end]
    if aside and (is_relative or aside[0] in _OPENS_ASIDE):
        end = last if len(aside) <= _ASIDE_REACH and _BETWEEN_CARE.isdisjoint(aside[1:]) else end
    named: list[Mention] = []
    for mention in reversed(cared):
        if mention.start < start or mention.end > end:
            continue
        if not (_BETWEEN_CARE.issuperset(words[mention.end : end]) if named else mention.end == end):
            break
        named.append(mention)
        end = mention.start
    return named


def _list_from(words: list[str], cared: list[Mention], first: Mention) -> list[Mention]:
    """Give the care that a list goes on with: "nor did massage | or acupuncture"."""
    named: list[Mention] = []
    end = first.end
    for mention in cared:
        if mention.start < end:
            continue
        if not _BETWEEN_CARE.issuperset(words[end : mention.start]):
            break
        named.append(mention)
        end = mention.end
    return named


_ASIDE_REACH = 8
_OPENS_ASIDE = frozenset(("at", "in", "for", "during", "to", "of"))
_IN_LISTS = word_set("in a list of care")
_BETWEEN_CARE = _IN_LISTS | {",", "and", "or"}
_TURNS_TO = word_set("turn") | {"an", "the"}
_GAVE = word_set("gave none")
_ELLIPTIC = word_set("elliptic verb")
_ENDS_ELLIPSIS = word_set("clause end") | {",", "and", ")"}
_HAD_OR_DENIED = frozenset((*HAD, "denied"))
_RELATIVE = frozenset((",", "which", "that"))
_TURNS = frozenset(("but", "and", ","))
_LIKEWISE = word_set("likewise")
_MAY_BE_ELLIPTIC = _LIKEWISE | {"not", "none"}


def _names_kinds(words: list[str], end: int) -> int:
    """Give where the kinds of care begin that are told behind an outcome: "failed, including | A and B"."""
    place = end + (words[end : end + 1] == [","])
    if words[place : place + 1] in ([":"], ["("]):
        return place + 1
    return place + 1 if words[place : place + 1] and words[place] in _INCLUDING else 0


def _collective(words: list[str], cared: list[Mention], chain: list[Mention], start: int) -> Mention | None:
    """Give the care of which those before an outcome are only kinds, where the outcome is that of all."""
    if len(chain) < 2 or _is_relative(words, chain[0].end, start):
        return None
    collective = next((m for m in cared if m.fact in _COLLECTIVE and m.end <= chain[0].start), None)
    if collective is None or ";" in words[collective.end : start]:
        return None
    opening = words[collective.end : collective.end + _OPENING_REACH]
    if "(" in opening:
        return collective if words[collective.end :].index(")") < start - collective.end else None
    return None if _INCLUDING.isdisjoint(opening) else collective


_OPENING_REACH = 7


def _tell_kinds(words: list[str], kinds: list[Mention], start: int, result: str) -> None:
    """Give each kind of care of a list the result of all, unless it has its own."""
    for kind in kinds:
        between = words[start : kind.start]
        if len(between) > _KIND_REACH or not _ENDS_KINDS.isdisjoint(between):
            break
        kind.result = kind.result or result
        start = kind.end


_OF_COURSE = word_set("course of care")
_PARTS = word_set("rated part")
_COURSES = _OF_COURSE - {"of"}
_COLLECTIVE = frozenset(("conservative_care",))
_INCLUDING = word_set("names kinds")
_ENDS_KINDS = word_set("ends kinds")
_KIND_REACH = 6


def _is_of_amount(words: list[str], end: int, start: int) -> bool:
    """Say whether help is that of care which ends at a place: "an injection with | two weeks of | relief"."""
    between = words[end:start]
    return (
        0 < len(between) <= _AMOUNT_REACH
        and between[0] == "with"
        and between[-1] == "of"
        and any(whole_number(word) is not None for word in between)
    )


_AMOUNT_REACH = 7
_LIST_ENDS = word_set("list end")
_USE_OF = word_set("use of drug")


def _is_within(words: list[str], care: Mention, other: Mention) -> bool:
    """Say whether care is only where other care was tried: "a TENS unit during | therapy |"."""
    if words[care.start - 1] in ("in", "during", "at"):
        # "TENS, which she used for two months in therapy"
        between = words[other.end : care.start - 1]
        return all(word in _USED_IN or word in _MONTHS or word.isdigit() for word in between)
    between = words[other.end : care.start]
    if between == ["with"] and care.fact == "brace" and other.kind == "treatment":
        # "PT with SI belt, good carryover"
        return True
    # "Hand therapy visits | with a | brace"
    return (
        care.kind == "treatment" == other.kind
        and 2 <= len(between) <= _WITHIN_REACH
        and any(between[at] == "with" and between[at + 1] in _ARTICLES for at in range(len(between) - 1))
        and _ENDS_WITHIN.isdisjoint(between)
    )


_USED_IN = word_set("used in")
_WITHIN_REACH = 5
_ARTICLES = frozenset(("a", "an"))
_ENDS_WITHIN = frozenset((",", ";", "and", "or", "but"))


def _outcomes(words: list[str], hits: list[Hit]) -> Iterator[tuple[int, int, str]]:
    """Give the places of words that tell that care ``helped`` or ``failed``; denied help is failure.

    Of what is only doubted nothing is told: "it cannot be said that therapy | failed".
    """
    denied_from = denied_to = -1
    for start, end, entry in hits:
        if entry.cues & _COMMA and _OR.isdisjoint(words[end : end + _DENIED_REACH]):
            # "No side effects, function improved"
            denied_to = -1
        if entry.cues & _NO_OR_DENY and words[end : end + 1] not in _BUT:
            # "Nothing | but Norco has helped"
            denied_from, denied_to = end, end + _DENIED_REACH
        if entry.cues & _OUTCOME and is_doubted(words, start):
            continue
        if entry.cues & _FAILED:
            lead = words[max(0, start - _GIVEN_REACH) : start]
            if not _GIVING_UP.isdisjoint(lead) and not _FAILS.isdisjoint(words[start:end]):
                # "An attempt to wean Percocet failed"
                continue
            if start < denied_to and (words[start] in _FAILS or words[start] in _MAKES_WORSE):
                # "Has not yet failed conservative care", "did not make him worse" tell no failure.
                continue
            if words[start] == "without" and words[start - 1 : start] in _NOT_SO:
                yield start, end, "helped"
                continue
            if words[end - 1] in _FAILS_TO:
                denied_from, denied_to = end, end + _DENIED_REACH
            yield start, end, "failed"
        elif entry.cues & _HELPED and not _is_aim(words, start):
            if words[start] in _WORKS and "how" in words[max(0, start - _UP_REACH) : start]:
                # "He was shown how the unit works"
                continue
            # "Acupuncture (-) | benefit |"
            is_minus = words[max(0, start - 3) : start] == MINUS
            is_denied = start < denied_to and not _is_told_anew(words, denied_from, start)
            is_none = is_denied or _is_nor(words, start) or _is_slight(words, start, end)
            is_none = is_none or is_minus or is_far_from(words, start)
            yield start, end, "failed" if is_none else "helped"


def _is_told_anew(words: list[str], denied: int, start: int) -> bool:
    """Say whether a verb behind "and" is no longer denied: "caused no nausea and | gave | relief".

    What does not cause harm may do good: "does not cause nausea and | eases | the pain".
    """
    verbs = _BEGINS_ANEW if _DENIED_HARM.isdisjoint(words[denied - 1 : denied + 1]) else _VERBS
    return any(words[at] == "and" and words[at + 1] in verbs for at in range(denied + 1, start))


_BEGINS_ANEW = word_set("begins anew")
_DENIED_HARM = word_set("denied harm")
_VERBS = word_set("main verb")


def _is_slight(words: list[str], start: int, end: int) -> bool:
    """Say whether relief is hardly any: "5 % | relief", "relieves | only 10 % of the pain"."""
    if words[end - 1] in _RELIEF_ITSELF:
        return start > 0 and tells_slight_share(words, start - 1)
    while end < len(words) and words[end] in _ABOUT:
        end += 1
    return words[end + 1 : end + 2] == ["of"] and "pain" in words[end:] and tells_slight_share(words, end)


_NOT_SO = (["not"], ["never"])
_MAKES_WORSE = word_set("makes worse")
_BUT = (["but"], ["except"], ["besides"])
_RELIEF_ITSELF = frozenset(("relief", "improvement", "benefit"))
_ABOUT = word_set("only about")


def _is_nor(words: list[str], start: int) -> bool:
    """Say whether what does good has denied care for its subject: "nor | a TENS unit | was of benefit"."""
    for place in range(start - 1, max(start - _NOR_REACH, -1), -1):
        if words[place] == "nor":
            return True
        if words[place] in _ENDS_ELLIPSIS:
            return False
    return False


_NOR_REACH = 9


def _of_clause(
    words: list[str], before: list[Mention], after: list[Mention], start: int, end: int
) -> tuple[list[Mention], list[Mention]]:
    """Keep the care that stands in the brackets or the part of a list in which its outcome does."""
    opened = max((place for place in range(before[0].end, start) if words[place] == "("), default=-1)
    if opened >= 0 and ")" not in words[opened:start] and ")" in words[end : after[0].start]:
        return before[:1], []
    if ";" not in words[before[-1].end : after[-1].start]:
        return before, after
    own_before = [m for m in before if ";" not in words[m.end : start]]
    own_after = [m for m in after if ";" not in words[end : m.start]]
    return (own_before, own_after) if own_before or own_after else (before, after)


def _is_verb_of(words: list[str], before: list[Mention], start: int) -> bool:
    """Say whether care is the subject of a verb that may look ahead too: "acupuncture | had failed"."""
    if before and before[0].end == start and words[start + 1 : start + 2] in _CLAUSE_OVER:
        # "Acupuncture | failed |, but massage helped"
        return True
    verb = start if words[start] in _AUXILIARIES else start - 1
    return bool(before) and before[0].end == verb and words[verb] in _AUXILIARIES


_CLAUSE_OVER = ([","], ["but"], ["and"], ["while"])
_AUXILIARIES = word_set("auxiliary")
_AUXILIARY_VERBS = frozenset(("has", "have", "had", "did", "does", "do", "is", "was", "were"))


def _is_aim(words: list[str], place: int) -> bool:
    """Say whether help is hoped for: "for pain relief", "may be of benefit", not "seems to help"."""
    # "He could not live without the pump" hopes for nothing.
    if words[place - 1] == "could" and words[place] != "not":
        return True
    for back in range(place - 1, max(-1, place - 1 - _HOPE_REACH), -1):
        if (
            words[back] in _HOPES
            and not (words[back] == "may" and back and words[back - 1] in _BEFORE_MONTHS)
            # "IF unit: good relief" names a current, and supposes nothing.
            and not (words[back] == "if" and words[back + 1] in _CURRENTS)
        ):
            return True
        if words[back] in _CLAUSE_ENDS and place - back > 4:
            break
    while place > 1 and words[place - 1] in _KINDS_OF_RELIEF:
        # "For short-term relief"
        place -= 1
    if words[place - 2 : place - 1] == ["to"] and words[place - 1] in _GIVES:
        # "Prescribed to provide relief", not "continues to provide relief"
        place -= 1
    if not place or words[place - 1] not in ("for", "to"):
        return False
    return words[place - 1] == "for" or words[max(0, place - 2)] not in _SEEMS


_HOPE_REACH = 8
_BEFORE_MONTHS = word_set("month lead")
_CLAUSE_ENDS = word_set("score clause")
_GIVES = word_set("gives")
_KINDS_OF_RELIEF = word_set("kind of relief")
_WORKS = frozenset(("work", "works", "worked"))
_FAILS = word_set("fails")
_FAILS_TO = word_set("fails to")
_GIVING_UP = word_set("giving up")
_UP_REACH = 5
_GIVEN_REACH = 8
_HOPES = word_set("hoped")
_CURRENTS = frozenset(("unit", "stim", "current"))
_SEEMS = word_set("seems")


_JOINED = frozenset(("and", "or", "nor", "well"))


def _is_said_of_all(words: list[str], chain: list[Mention], start: int) -> bool:
    """Say whether an outcome is that of a list: "A, B and C failed", not "A, B (failed)", "A, B failed"."""
    if len(chain) == 1 or "(" in words[chain[0].end : start]:
        return False
    if "all" in words[chain[0].end : start] or words[start - 1] == ";":
        # "A, B, C, all failed", "A x 8, B x 6; no relief"
        return True
    between = words[chain[1].end : chain[0].start]
    return not between or not _JOINED.isdisjoint(between)
