"""Whether a verdict in words of its own is said plainly: by whom, of what, and bounded by nothing.

Prose can bend a wording in more ways than can be listed, so the ways in which it may stand are listed:
what may lead it in ("for these reasons", "I find that"), what may follow it ("at this time", "because"), and
what it is said of, a short name of the request or the denial. A verdict in any other frame decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from imr_ml.resources import read_rows


@cache
def _listed(kind: str) -> str:
    rows = read_rows("layouts/frames.csv")
    return "|".join(row["pattern"] for row in rows if row["kind"] == kind).replace(" ", r"\s+")


@cache
def _pattern(kind: str, before: str, behind: str) -> re.Pattern[str]:
    return re.compile(f"{before}(?:{_listed(kind)}){behind}", re.IGNORECASE)


def is_bounded(text: str) -> bool:
    """Say whether a clause holds what takes force from it, or gives it to another: "the surgeon feels"."""
    return _pattern("bar", r"\b", r"\b").search(text) is not None


def others_named(what: str) -> Iterator[re.Match[str]]:
    """Give what of a name tells that another thing is meant than the request: "the | first | brace"."""
    return _pattern("other", r"(?:\A\s*|\b)", "").finditer(what)


def is_plain_lead(before: str, clause: str) -> bool:
    """Say whether what a comma or colon parts from a verdict leaves it as it is: "As he improved, |"."""
    before = before.rstrip()
    if not before.endswith((",", ":")):
        return True
    lead = before[:-1]
    if _is_bounded_near(lead):
        return False
    if before.endswith(":") and len(lead.split()) > _FEWEST_GROUNDS:
        return True
    return _is_lead(lead) or (before.endswith(",") and _FOLLOWS.match(clause) is not None)


def _is_bounded_near(lead: str) -> bool:
    """Say whether a short clause, or the last of a long one, bounds the next: "The surgeon wrote, |"."""
    last = lead.rpartition(",")[2]
    return len(last.split()) <= _FEWEST_GROUNDS and is_bounded(last)


_FEWEST_GROUNDS = 7


def subject_of(before: str) -> str | None:
    """Give what a verdict is said of, by its clause up to it; None where the clause is of no plain form.

    The empty string where but a speaker, or nothing, stands before it: "For these reasons I |".
    """
    before = _INSERTED.sub(" ", _PARENTHESES.sub(" ", _BEFORE_AMOUNT.sub("", before)))
    lead, comma, rest = before.rpartition(",")
    rest = without_lead(rest)
    is_own = comma and _OWN.match(before, len(lead) + 1) is not None and _IF.search(lead) is None
    if (not is_speaker(rest.strip()) and is_bounded(rest)) or (not is_own and _is_bounded_near(lead)):
        return None
    if comma and not (_is_lead(lead) or _FOLLOWS.match(before, len(lead) + 1)):
        return None
    rest = (_joined_subject(before) or _joined_subject(rest) or rest).strip()
    return rest if not rest or is_speaker(rest) or _NAME.fullmatch(_ASKED.sub("", rest)) else None


def _joined_subject(text: str) -> str | None:
    """Give what the first of two predicates, or the last of two clauses, is said of."""
    told = without_lead(text)
    predicate = next((match for one in _JOINED_PREDICATES if (match := one.match(told))), None)
    if predicate:
        return None if is_bounded(text) else predicate["subject"]
    clause = _JOINED_CLAUSE.match(text)
    if clause is None or _OF_ANOTHER.search(clause["ground"]) or _told().search(clause["ground"]):
        return None
    return clause["subject"]


_OF_ANOTHER = re.compile(
    r"\b(?:that|whether|if|when|who|why|UR|utilization|carrier|surgeon|provider|physician|doctor|opinion|view|position|"
    r"premise|argument|sure|certain|convinced|would|could|might)\b",
    re.IGNORECASE,
)


def is_aim(text: str) -> bool:
    """Say whether what stands behind "to" tells what for: "regain motion"."""
    return _pattern("aim", r"\s*", r"\b").match(text) is not None


def is_speaker(text: str) -> bool:
    """Say whether a text is but the reviewer, or what speaks of no one: "I would", "there"."""
    return _SPEAKER.fullmatch(text) is not None


_SPEAKER = re.compile(
    r"(?:(?:the|this)(?:\s+(?:physician|expert|undersigned))?|it|there|my|his|her)(?:\s+reviewer)?"
    r"|(?:I|we|(?:this|the)\s+(?:physician\s+|expert\s+)?reviewer)(?:\s+(?:would|must|do|will|therefore|hereby))*",
    re.IGNORECASE,
)


_ASKED = re.compile(r"\A(?:Is|Are|Was|Were)\s+")


_PARENTHESES = re.compile(
    r",\s*(?:on\s+the\s+other\s+hand|by\s+contrast|in\s+contrast|however|moreover|too|in\s+turn),",
    re.IGNORECASE,
)
_INSERTED = re.compile(r",[^,]{1,60},\s*\Z")
# What a comma parts off may be any clause where what follows draws from it, or is the reviewer's own.
_FOLLOWS = re.compile(
    r"\s*(?:(?:and\s+)?(?:so|thus|hence|therefore|consequently|accordingly)\b|(?:and\s+)?(?:I|we|this\s+reviewer)\b|and\b)",
    re.IGNORECASE,
)


_BEFORE_AMOUNT = re.compile(r",(?=\s*(?:#|\d))|(?<=\d),(?=\s*\Z)")  # "Percocet 5/325 mg, #90, | is"
_OWN = re.compile(r"\s*(?:and|so|but)\s+(?:I|this\s+reviewer)\s", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|when|until|provided|once|assuming)\b", re.IGNORECASE)


def without_lead(text: str) -> str:
    """Leave out what leads in a verdict: "For these reasons I find that | the brace"."""
    text = text.strip()
    while match := _pattern("lead", "", r"(?:\b|(?<=:))\s*").match(text):
        if not match[0]:
            break
        text = text[match.end() :]
    return text


def _is_lead(text: str) -> bool:
    """Say whether a clause gives but grounds: "Since he improved, |", "In view of the weakness, |"."""
    ground, rest = _pattern("ground", r"\s*(?:and\s+|so\s+)?", r"\b"), without_lead(text)
    return not rest or ground.match(text) is not None or ground.match(rest) is not None


def is_plain_end(text: str, stop: int) -> bool:
    """Say whether a verdict ends at a place, or goes on in a plain way: "at this time", "because".

    What follows must not give it to another: "as the surgeon writes", "So says UR."
    """
    end = _end().match(text, stop)
    if end is None:
        return False
    rest = _SENTENCE_REST.match(text, stop)
    reason = rest[0] if rest else ""
    after = text[stop + len(reason) : stop + len(reason) + _NEXT]
    return not (_told().search(reason) or _POINTS_BACK.match(after))


@cache
def _told() -> re.Pattern[str]:
    return _pattern("told", r"\b", r"\b")


_SENTENCE_REST = re.compile(r"(?:\bDr\.|[^.;])*")
_NEXT = 90
# "That is the surgeon's claim.", "So UR held."
_POINTS_BACK = re.compile(
    r"[.;]\s+(?:at\s+least\s+)?(?:so|that|this|such|these|those|thus)\s+(?:(?:is|was|are|were)\s+)?[^.;]{0,40}?"
    r"\b(?:says|said|held|wrote|thinks|contends|argues|claims?|finding|position|view|words?|appeal|argument|opinion)\b",
    re.IGNORECASE,
)


def is_announced(previous: str, before: str) -> bool:
    """Say whether another's words are led in: "The letter reads as follows. |", "UR says: no tear; |"."""
    return _ANNOUNCES.search(previous) is not None or _LABELS.match(before) is not None


_ANNOUNCES = re.compile(
    r"\b(?:thus|as\s+follows|(?:two|three)\s+(?:points|reasons|grounds)|argument\s+is\s+\w+)\s*[.:]\s*\Z",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"[^.:]{0,30}\b(?:UR|utilization\s+review|letter|surgeon|provider|carrier)\b[^.:]{0,20}:", re.IGNORECASE
)


@cache
def _end() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[\s,]*\b(?:{_listed('tail')})\b)*"
        rf"(?:\s*(?:[.;:!)]|\Z)|\s*,?\s+(?:{_listed('reason')})\b(?![^.;]*\b(?:only|but\s+not|in\s+part)\b))",
        re.IGNORECASE,
    )


def named_object(text: str, at: int) -> str | None:
    """Give what a verb is said of, if that is a plain name and plainly ends the verdict."""
    name = _NAME_AND_END.match(text, at)
    while name and not is_plain_end(text, name.end()):
        # Its last words may belong to the end: "the brace | at this time".
        cut = name[0].rstrip().rfind(" ")
        name = _NAME_AND_END.fullmatch(text, at, at + cut) if cut > 0 else None
    return None if name is None or is_bounded(name[0]) else name[0]


def is_name(text: str) -> bool:
    """Say whether a text is one name and no clause: "the denial of the brace", but "the denial not"."""
    return _NAME.fullmatch(text.strip()) is not None and not is_bounded(text)


_DETERMINER = (
    r"(?:the|this|that|these|those|an?|its|his|her|their|my|both|all|each|either|any|no|such|neither|"
    r"[\w-]+(?:['\u2019]s|s['\u2019]))"
)
_LINK = (
    r"(?:of|for|to|on|in|at|by|and|or|from|with|without|dated|x|per|over|between|versus|about|regarding|"
    r"concerning|as\s+to)"
)
_NO_NAME = (
    rf"(?:{_DETERMINER}|{_LINK}|that|which|who|whom|whose|what|where|when|why|how|is|are|was|were|be|been|has|have|had|"
    r"do|does|did|will|would|shall|should|can|could|may|might|must|not|but|than|as|upon|after|before|against|about|regarding|"
    r"despite|because|since|if|unless|whether|only|while|there|I|we|he|she|until|once)"
)
_WORD = rf"(?!{_NO_NAME}(?![\w'\u2019-]))[\w#%&/.()+'\u2019-]*[\w%)]"
_NAMED = (
    rf"(?:(?:both|all)\s+(?:of\s+)?)?(?:(?:{_DETERMINER}|{_WORD}(?=\s+[\w-]+['\u2019]s?\b))\s+)*(?:(?:\w+\s+)?requests?\s+for\s+(?:an?\s+)?)?(?:{_WORD}\s+){{0,6}}{_WORD}"
    rf"(?:\s+{_LINK}\s+(?:to\s+)?(?!an?\s+(?!further|total))(?:{_DETERMINER}\s+)*{_WORD}(?:\s+{_WORD}){{0,5}}"
    rf"(?:\s+(?:the|this)\s+{_WORD}(?:\s+{_WORD}){{0,3}})?){{0,4}}"
    r"(?:\s+as\s+(?:requested|prescribed|written|submitted|proposed|ordered))?"
)
_PRONOUN = r"(?:it|this|that|these|those|they|them|both|all|neither)"
_NAME = re.compile(rf"(?:{_PRONOUN}|{_NAMED})", re.IGNORECASE)
_NAME_AND_END = re.compile(rf"\s*(?:{_NAMED}|{_PRONOUN})(?=\W|\Z)", re.IGNORECASE)


def _joined_predicate(verb: str, referring: str = "") -> re.Pattern[str]:
    return re.compile(
        rf"(?P<subject>[^,;:]+?)\s+(?:(?!that\b|who\b|which\b)\w+ly\s+)?(?:{verb})"
        rf"\s+[^;:]{{2,120}}?,?\s+and{referring}(?:\s+(?:is|are|was|were))?\s*\Z",
        re.IGNORECASE,
    )


# "The splint is reasonable and | should be provided"; any verb in -s, where no other is met.
_JOINED_PREDICATES = (
    _joined_predicate("is|are|was|were|meets|satisfies|exceeds", r"(?:\s+(?:it|they))?"),
    _joined_predicate("has|have|had|does|do|did|will|cannot|meet|exceed|satisfy|fall|lie|remain"),
    _joined_predicate(r"\w{2,}s"),
)
# "Every criterion is met and the injection | is medically necessary"
_JOINED_CLAUSE = re.compile(
    r"(?P<ground>[^,;:]+?\s(?:is|are|was|were|has|have|had|meets?)\s[^,;:]+?)\s+(?:and|so)\s+"
    r"(?P<subject>(?:the|this|these|its|both|all)\s[^,;:]+|I|we)\s*\Z",
    re.IGNORECASE,
)
