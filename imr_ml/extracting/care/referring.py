"""Care that is named by its place, its form or not again: "the former", "the gel", "has used it"."""

from __future__ import annotations

from collections.abc import Sequence

from imr_ml.extracting.grammar.mentions import DRUG_KINDS, Mention
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import CAN_HELP, Hit, word_set

_FORMER = word_set("first of two")
_LATTER = word_set("second of two")
_ORDINALS = frozenset(("first", "second"))
_FORMS = word_set("form of a drug")
_TAKES = word_set("takes it")
REFERS = _FORMER | _LATTER | _FORMS | {"it"}
"""Words of which one stands in every sentence that names care so."""

_DOES = word_set("main verb")
_NOT_OF_CARE = word_set("former or latter what")
_THE = ("the", "this", "these")


def refer_back(
    words: list[str],
    hits: Sequence[Hit],
    before: tuple[list[str], Sequence[Hit]] | None,
    formed: dict[str, str],
) -> list[str]:
    """Put the names of care for the words that refer to it, as many words as there were.

    Parameters
    ----------
    words, hits : list
        Of the sentence.
    before : tuple of list, or None
        Words and hits of the sentence before it.
    formed : dict of str to str
        The drug that was named with each form so far, nothing where there were several; it is added to.

    Examples
    --------
    >>> from imr_ml.extracting.grammar.words import find_hits, phrasebook
    >>> first, second = "he took norco and soma".split(), "the latter helped".split()
    >>> known = phrasebook()
    >>> refer_back(second, find_hits(second, known)[0], (first, find_hits(first, known)[0]), {})
    ['the', 'soma', 'helped']
    """
    told = words
    for place, word in enumerate(words):
        if word not in REFERS or not place:
            continue
        name: list[str] = []
        if word == "it":
            if words[place - 1] in _TAKES and told is words and before is not None:
                name = _only_drug(*before, words[place - 1])
        elif word in _FORMS:
            if words[place - 1] in _THE:
                name = [formed[word], word] if formed.get(word) else []
            else:
                _note_form(words, hits, place, formed)
        elif words[place - 1] == "the" and _is_of_care(words, place):
            name = _one_of_two(words, hits, place, before, is_again=told is not words)
        if name:
            told = [*told[: place - 1], *name, *told[place + 1 :]]
    return told


def _is_of_care(words: list[str], place: int) -> bool:
    """Say whether it is one of two that were named: not "the former | employer", "the first | visit"."""
    behind = words[place + 1] if place + 1 < len(words) else ","
    if words[place] in _ORDINALS:
        return behind in _DOES
    return behind not in _NOT_OF_CARE and not begins_with_digit(behind)


def _only_drug(words: list[str], hits: Sequence[Hit], verb: str) -> list[str]:
    """Give what is taken in "she has used | it", where one drug and no other care is named before."""
    named = named_in(words, hits)
    if len(named) != 1:
        return []
    ((fact, name),) = named.items()
    is_drug = any((fact, "drug", "") in entry.facts for _, _, entry in hits)
    return [verb, name[0]] if is_drug and len(name) == 1 else []


def _one_of_two(
    words: list[str],
    hits: Sequence[Hit],
    place: int,
    before: tuple[list[str], Sequence[Hit]] | None,
    *,
    is_again: bool,
) -> list[str]:
    own = [hit for hit in hits if hit[1] <= place]
    named = named_in(words, own)
    if (
        len(named) < 2
        and before is not None
        and (is_again or not any(hit[2].facts or hit[2].parts for hit in own))
    ):
        # "Neck and back pain, | the latter | radiating" speaks of no care of the sentence before.
        named = named_in(*before)
    if len(named) != 2:
        return []
    first, second = named.values()
    name = first if words[place] in _FORMER else second if words[place] in _LATTER else []
    return ["the", *name] if len(name) == 1 else name if len(name) == 2 else []


def named_in(words: list[str], hits: Sequence[Hit]) -> dict[str, list[str]]:
    """Give the care that hits name, in order: the words of each by what they mean."""
    named: dict[str, list[str]] = {}
    for start, end, entry in hits:
        for fact, kind, _ in entry.facts:
            if kind in CAN_HELP and fact != "medication":
                named.setdefault(fact, words[start:end])
    return named


def _note_form(words: list[str], hits: Sequence[Hit], place: int, formed: dict[str, str]) -> None:
    """Note of which drug a form is: "voltaren | gel", "lidoderm 5 % | patch"."""
    for start, end, entry in hits:
        is_next = end == place or start <= place < end or words[end:place] in _STRENGTHS
        if is_next and any(kind == "drug" for _, kind, _ in entry.facts):
            form = words[place]
            formed[form] = words[start] if formed.get(form, words[start]) == words[start] else ""
            return


_STRENGTHS = (["5", "%"], ["1", "%"], ["topical"])


def as_before(mentions: list[Mention], read: Sequence[tuple[bool, list[Mention], list[Mention]]]) -> None:
    """Let care that is referred to be stopped or denied as it was where it had its name."""
    for mention in mentions:
        if mention.status != "present" or mention.kind not in CAN_HELP:
            continue
        earlier = [one for one in mentions if one.fact == mention.fact and one.end <= mention.start] or next(
            (
                same
                for _, told, _ in reversed(read)
                if (same := [one for one in told if one.fact == mention.fact and one.kind == mention.kind])
            ),
            [],
        )
        if earlier and earlier[-1].status in ("historical", "denied"):
            mention.status = earlier[-1].status


def it_again(words: list[str], mentions: list[Mention], latest: list[Mention]) -> list[Mention]:
    """Give the drug that "it" stands for where what came of it is told: "it | makes him sleepy".

    Nothing where several were named last. That it is spoken of does not say whether it is taken.
    """
    if not any(one.kind == "outcome" for one in mentions):
        return []
    place = next((at for at, word in enumerate(words) if word == "it"), -1)
    if place < 0 or (place and words[place - 1] not in _BEFORE_IT):
        return []
    named = [one for one in latest if one.kind in CAN_HELP and one.fact != "medication"]
    if len({one.fact for one in named}) != 1 or named[0].kind not in DRUG_KINDS:
        return []
    again = Mention(named[0].fact, named[0].kind, place, place + 1, "possible")
    again.drug_class = named[0].drug_class
    return [again]


_BEFORE_IT = word_set("before it")
