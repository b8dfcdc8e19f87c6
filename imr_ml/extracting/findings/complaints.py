"""Which deficits the worker tells of, beside those that an examination found."""

from __future__ import annotations

from imr_ml.extracting.grammar.mentions import Mention
from imr_ml.extracting.grammar.words import word_set

_COMPLAINS = word_set("complains")
_SAYS = word_set("worker says")
_WORKERS = word_set("worker")
_BETWEEN = word_set("before says")
_EXAMINES = word_set("examines")
_TURNS = word_set("turn")
_TREATED = word_set("treated for")
_SEEN = word_set("observed")
DEFICITS = frozenset(("weakness", "sensory_loss", "reflex_change", "neurological_deficit", "atrophy"))
FELT = DEFICITS - {"reflex_change"}
"""Deficits that a worker may tell of."""
_DENIES = frozenset(("deny", "denied", "denying"))
_BEFORE_DENIED = word_set("be") | word_set("before a denial")
_DENIED_REACH = 10
_CONCEDES = frozenset(("although", "despite", "though", "while", "notwithstanding"))
_FOUND = frozenset(("tenderness", "spasm", "guarding", "crepitus", "trigger_points"))


def mark_complaints(words: list[str], mentions: list[Mention], *, goes_on: bool = False) -> None:
    """Say which deficits are complaints: "he reports weakness", not "exam showed weakness".

    Parameters
    ----------
    words, mentions : sequence
        Of the sentence.
    goes_on : bool, default=False
        Whether it goes on with complaints, as `still_complains` says.

    Examples
    --------
    >>> weakness = Mention("weakness", "finding", 2, 3, "present")
    >>> mark_complaints("he reported weakness".split(), [weakness])
    >>> weakness.is_complaint
    True
    """
    for mention in mentions:
        # Grades and reflexes are an examiner's.
        if mention.fact in FELT and (mention.told < 0 or not words[mention.told][0].isdigit()):
            mention.is_complaint = (
                goes_on or _is_told(words, mention.start) or _is_denied(words, mention)
            ) and not _is_examined(words, mention)


def _is_denied(words: list[str], mention: Mention) -> bool:
    """Say whether the worker denies what stands here: "| weakness | is denied", "| denies N/T/W |"."""
    if mention.status != "denied":
        return False
    last = min(len(words), mention.end + _DENIED_REACH)
    return words[mention.start] in _DENIES or any(
        words[place] == "denied" and words[place - 1] in _BEFORE_DENIED
        for place in range(mention.start + 1, last)
    )


def _is_examined(words: list[str], mention: Mention) -> bool:
    """Say whether a result answers a complaint: "despite his numbness, | sensation | was intact"."""
    if (
        mention.status != "denied"
        or not words
        or words[0] not in _CONCEDES
        or "," not in words[: mention.start]
    ):
        return False
    return mention.told >= mention.end or not _EXAMINES.isdisjoint(words[mention.start : mention.end])


def still_complains(
    sentences: list[list[str]], mentioned: list[list[Mention]], *, is_known: bool = False
) -> bool:
    """Say whether the first sentence tells complaints, and nothing has been examined up to the last.

    Parameters
    ----------
    sentences, mentioned : sequence
        The words of each, and what it mentions.
    is_known : bool, default=False
        Whether the first is known to tell complaints.

    Examples
    --------
    >>> still_complains(["he report numbness".split(), "weakness too".split()], [[], []])
    True
    """
    if not is_known and not _is_told(sentences[0], len(sentences[0])):
        return False
    return not any(
        not _EXAMINES.isdisjoint(words)
        or not _SEEN.isdisjoint(words)
        or any(mention.kind == "test" or mention.fact in _FOUND for mention in mentions)
        for words, mentions in zip(sentences[1:], mentioned[1:], strict=True)
    )


def _is_told(words: list[str], place: int) -> bool:
    for before in range(place - 1, -1, -1):
        word = words[before]
        following = words[before + 1 : before + 2]
        # "He reports relief, but continues with weakness"
        if word in _EXAMINES or (word in _TURNS and _BETWEEN.isdisjoint(following)):
            return False
        # "Despite the complaints, strength is full."
        is_complaint = word in _COMPLAINS and following != [","]
        if (is_complaint and (word != "o" or words[before - 1] == "c")) or (
            word in _SAYS and _is_of_worker(words, before, place)
        ):
            return True
        if word in _TREATED and following == ["for"]:
            return True
    return False


def _is_of_worker(words: list[str], verb: int, place: int) -> bool:
    """Say whether the worker says something: "the patient reported", not "the report", "was noted"."""
    if verb == 0 or (verb == place - 1 and words[verb] == "reported"):
        return words[verb] != "report" and words[verb - 1] not in _EXAMINES
    subject = verb - 1
    while subject > 0 and words[subject] in _BETWEEN:
        subject -= 1
    if words[subject] == "and":
        # "She has pain and states that her arm is weak."
        named = (word for word in reversed(words[:subject]) if word in _WORKERS or word in _EXAMINES)
        return next(named, "") in _WORKERS
    return words[subject] in _WORKERS
