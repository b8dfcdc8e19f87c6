"""What a rationale concludes: the reviewer's own sentences on the case, no rule, no other's view."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from imr_ml.letter import Outcome
from imr_ml.parsing.decisions import (
    USUAL_SENTENCE,
    Statement,
    find_statements,
    is_in_quotation,
    is_of_another,
    is_said_by_another,
    pattern_of,
    sense_of,
    sentence_begin,
    words_of,
)
from imr_ml.parsing.frames import is_announced
from imr_ml.parsing.landmarks import Squeezed, squeeze
from imr_ml.parsing.verdicts import (
    is_by_another,
    is_of_request,
    is_plainly_said,
    names_request,
    object_of,
    outcome_told,
    previous_sentence,
    wordings,
)
from imr_ml.resources import read_rows


class Conclusion(NamedTuple):
    """A sentence that decides: where it begins and its statement ends in the text, and its sense.

    `clause` is where the clause of the statement begins; `is_weak` tells that it may be but a rule ("without
    weakness, further studies are not medically necessary"): it counts beside no other, and at the end only.
    """

    start: int
    end: int
    outcome: Outcome
    clause: int
    is_weak: bool = False
    is_plain: bool = True


_SENSES: tuple[Outcome, Outcome] = ("upheld", "overturned")
_MOST_STATEMENTS = 50


def conclusions(
    page: Squeezed, start: int, end: int, names: frozenset[str] = frozenset()
) -> list[Conclusion]:
    """Find the sentences of a rationale that decide, the last fifty at most.

    A statement of a rule ("is often not medically necessary"), under a condition ("is considered medically
    necessary only when"), in doubt ("no evidence that it is medically necessary"), denied ("I see no reason
    to call it not medically necessary") or in another's words ("the provider states that") decides nothing.

    Parameters
    ----------
    page : Squeezed
    start, end : int
        Offsets of the rationale in the text.
    names : frozenset of str, optional
        Words of the requests, in lower case: what is "warranted" must be one of them or a treatment.
    """
    first, last = page.place(start), page.place(end)
    statements = find_statements(page, first, last)
    found = []
    for statement in statements[-_MOST_STATEMENTS:]:
        concluded = _concluded(page, statement, start, end)
        if concluded and not is_of_another(page, statement, start, end):
            framed = not names or _is_framed(page, start, statement, concluded, names)
            found.append(concluded._replace(is_plain=framed))
            # "The brace is necessary, whereas the pump is not."
            opposed = _contrasted(page.text, concluded.start, concluded.end, end, concluded.outcome)
            if opposed and (framed or names_request(page.text[opposed.clause : opposed.end], names)):
                found.append(opposed)
    found = sorted({*found, *_worded(page.text, start, end, names)})
    # What was decided before does not count beside what is decided now.
    found = [one for one in found if not _EARLIER.search(page.text, one.start, one.end)] or found
    return [one for one in found if not one.is_weak] or [
        one for one in found if not page.text[one.end : end].rstrip(" \n").rstrip('.)"')
    ]


def _is_framed(
    page: Squeezed, start: int, statement: Statement, one: Conclusion, names: frozenset[str]
) -> bool:
    """Say whether a statement of necessity is plainly of a request; what is set against a rule is."""
    at, after = page.start(statement.start), page.end(statement.end)
    if is_announced(previous_sentence(page.text, start, one.start), page.text[one.start : at]):
        return False
    clause = max(one.clause, _clause_begin(page.text, one.start, at))
    return one.end != after or is_of_request(page.text, start, one.start, clause, at, after, names)


_EARLIER_WORDS = ("prior", "previous", "earlier", "first", "initial", "past")
_EARLIER = re.compile(
    rf"\b(?:{'|'.join(_EARLIER_WORDS)})\b[^.;:]{{0,60}}\b(?:was|were|had been)\b", re.IGNORECASE
)


def _worded(text: str, start: int, end: int, names: frozenset[str]) -> list[Conclusion]:
    """Find conclusions in words of their own: "the medical necessity of the brace is not established"."""
    found = []
    for row, pattern in wordings():
        for match in pattern.finditer(text, start, end):
            at, stop = match.span()
            begin = sentence_begin(text, start, at)
            clause = _clause_begin(text, begin, at)
            if row["of"] == "order" and (
                text[begin:at].strip() or is_by_another(previous_sentence(text, start, begin))
            ):
                continue
            if _SPEAKER.match(text, at):
                clause = max(clause, *(text.rfind(sign, begin, at) + 1 for sign in ",;:"))
                clause = at if _JOINS.search(text, clause, at) else clause
            if is_announced(previous_sentence(text, start, begin), text[begin:at]):
                continue
            is_plain = is_plainly_said(row, match, begin, clause, names)
            if text.startswith(" ", stop) or text[stop - 1 : stop].isspace():
                stop += len(object_of(text, stop))
            outcome = outcome_told(row, match, start, clause, names)
            before = text[clause:at]
            if is_plain and (parted := _PARTED.match(before)):
                before = before[parted.end() :]
            if outcome and not (
                pattern_of("condition").search(before)
                or pattern_of("denied").search(before)
                or _is_doubted(row, before)
                or _REASONS.search(before)
                or (row["about"] == "treatment" and _is_general(text, clause, stop))
                or _INVERTED.match(text, begin)
                or _CONDITION.match(text, stop, min(end, stop + 30))
                or _ELSEWHERE.match(text, stop, end)
                or _QUESTION.match(text, stop, end)
                or is_in_quotation(text, start, at)
                or is_said_by_another(text[begin:at], "")
            ):
                found.append(Conclusion(begin, stop, outcome, clause, is_plain=is_plain))
    return found


def _is_doubted(row: dict[str, str], before: str) -> bool:
    """Say whether a wording is said in doubt: "not shown that it should be approved"; refusals may be."""
    if row["about"] == "denial":
        before = _JOINED.split(before)[-1]
    elif row["says"] not in ("favours", "overturned"):
        return False
    return pattern_of("doubt").search(before) is not None


# "It is premature and | should not be approved", but "Nobody says that he fell and | ..."
_PARTED = re.compile(
    r"(?:(?!\b(?:that|whether|if|when|unless|until|once|who|why|how|where|as)\b).)*\b(?:and|so)\b",
    re.IGNORECASE | re.DOTALL,
)
# "Nothing says why it should be dispensed"
_REASONS = re.compile(r"\b(?:why|whether)\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|but|so)\b", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:and|but|so)\s+\Z", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:I|we|reviewer)\b", re.IGNORECASE)
# "is denied by the carrier", "was upheld on reconsideration"
_ELSEWHERE = re.compile(
    r"\s+(?:by\s+(?:the\s+)?(?:UR\b|utilization|claims|carrier|insurer|adjuster|administrator|peer|plan)|on\s+(?:appeal|re))",
    re.IGNORECASE,
)


# "Had the trial failed, the pump should be denied."
_INVERTED = re.compile(r"\s*(?:Had|Were|Should)\s")
_CONDITION = re.compile(
    r"[\s,]*(?:only|in part|if|when|unless|without|provided|for (?!th|her\b|his\b|him\b|M[rs])|"
    r"in (?:some|certain|select|selected|rare|cases|patients|people|persons|workers|those|acute|chronic|"
    r"general|most|many)|as\s+(?:stated|an\s+option|a\s+(?:routine|rule|matter))|until|except|after|where|"
    r"following)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^.!?]{0,80}\?")
# The heading of layout D's rationale, a letter glued to it or not, says "NOT" whatever was decided.
_HEADING_OF_D = re.compile(r"rationale\s+for\s+why\b", re.IGNORECASE)


def _concluded(page: Squeezed, statement: Statement, start: int, end: int) -> Conclusion | None:
    text, outcome = page.text, statement.outcome
    at, after = page.start(statement.start), page.end(statement.end)
    begin = sentence_begin(text, start, at)
    if statement.is_in_part:
        return None
    if outcome is None:
        # "All criteria are met. Medically necessary." "Supplies medically necessary."
        before = _NOT_LETTERS.sub(" ", text[begin:at]).lower().split()
        alone = (
            len(before) <= _LONGEST_ALONE
            and text.startswith(".", after)
            and _telling_words().union(_NO_SUBJECT).isdisjoint(before)
        )
        return Conclusion(begin, after, "overturned", begin) if alone else None
    if _CONDITION.match(text, after, min(end, after + 30)) or _QUESTION.match(text, after, end):
        return None
    if _INVERTED.match(text, begin):
        return None
    if "why" in text[begin:at].lower() and _HEADING_OF_D.search(text, begin, at):
        return None
    if _telling_words().isdisjoint(_NOT_LETTERS.sub(" ", text[begin:at]).lower().split()):
        return Conclusion(begin, after, outcome, begin, _OF_A_KIND.search(text[begin:at]) is not None)
    clause = _clause_begin(text, begin, at)
    if _LEADS_IN.search(text, clause, at) and not _AFFIRMS.search(text, clause, at):
        return None
    if pattern_of("denied").search(text, clause, at):
        return None
    # "would be medically necessary under the one and not medically necessary under the other"
    if _WITHOUT_VERB.match(text, at) and pattern_of("supposition").search(text, clause, at):
        return None
    if outcome == "overturned":
        under = clause if _is_parted(text, begin, clause) else begin
        if pattern_of("doubt").search(text, clause, at) or pattern_of("condition").search(text, under, at):
            return None
    if _is_general(text, clause, after) or (
        outcome == "overturned" and _EARLIER.search(text, clause, min(end, at + len("were ")))
    ):
        return _contrasted(text, begin, after, end, outcome)
    return Conclusion(begin, after, outcome, clause, _is_of_a_kind(text, begin, clause, at))


_WITHOUT_VERB = re.compile(r"(?:not|nor|never)\b", re.IGNORECASE)
_NO_SUBJECT = frozenset(
    ("as", "is", "are", "was", "were", "be", "been", "only", "deemed", "considered", "partially")
)
_NOT_LETTERS = re.compile(r"[^A-Za-z]+")


@cache
def _telling_words() -> frozenset[str]:
    """Give the words without one of which a sentence that decides holds nothing to weigh: most have none."""
    kinds = ("contrast", "denied", "doubt", "condition", "general")
    rows = [row for row in read_rows("layouts/statements.csv") if row["kind"] in kinds]
    own = ("that", "whether", "why", "how", "and", "so", "where", "once", "absent", "absence")
    # The longest word of a phrase is the rarest: "case" of "in this case".
    return frozenset(max(_NOT_LETTERS.split(row["phrase"].lower()), key=len) for row in rows).union(
        own, _EARLIER_WORDS
    )


# What leads it in must affirm it: "conclude that it is". "A brace that was asked for" leads in none.
_LEADS_IN = re.compile(
    r"\b(?:(?<!for )(?<!on )(?<!in )(?<!of )(?<!at )(?<!with )(?<!to )(?<!by )"
    r"that(?!\s*(?:[.;:]|,\s+(?:and|but|so)\b)|\s+(?:was|were|is|are|has|have|had|he|she|they)\b)|whether|why|how)\b",
    re.IGNORECASE,
)
_AFFIRMS = re.compile(
    r"\b(?:find|finds|found|finding|conclude|concludes|concluded|conclusion|agree|agrees|believe|believes|hold|holds|"
    r"determine[sd]?|judge[sd]?|opinion|clear|evident|establish\w*|show[sn]?|demonstrate[sd]?|supports?|confirms?|"
    r"persuaded|convinced|satisfied|follows|such|so|given|now|necessary|I|we|reviewer|undersigned)\b",
    re.IGNORECASE,
)


def _clause_begin(text: str, begin: int, at: int) -> int:
    """Find where the clause that holds a place begins: behind "but", ", in this case", ", and the"."""
    clause = max(begin, text.rfind(";", begin, at) + 1)
    for match in _clause_starts().finditer(text, clause, at + _LONGEST_SUBJECT):
        if match.start(match.lastgroup or 0) > at:
            break
        before = text[clause : match.start()].rstrip(" ,:-\n")
        is_strong = match["strong"] is not None
        if _LEADS_ON.search(before) or _TELLS.search(text, match.end(), at):
            continue
        if is_strong or _CONCEDES.match(before) or not _OPENS.search(before) or match["joined"]:
            clause = match.end() if is_strong else match.start(match.lastgroup or 0)
    return clause


# "and the | denial": a clause may begin where its first word is looked for.
_LONGEST_SUBJECT = len("determination")


@cache
def _clause_starts() -> re.Pattern[str]:
    parted = pattern_of("contrast").pattern
    return re.compile(
        rf"(?P<strong>\b(?:but|however|yet)\b|[,:)-]\s*(?:and\s+|so\s+)?{parted})"
        r"|[,:]\s*(?:(?:and|so|thus|hence|therefore)\s+)?(?P<weak>(?:the|this|these|it|both|all|his|her)\b)"
        r"|\b(?:and|so)\s+(?:therefore\s+|thus\s+)?"
        r"(?P<joined>(?:the|this|these)\s+(?:request|denial|refusal|determination|decision))",
        re.IGNORECASE,
    )


def _is_parted(text: str, begin: int, clause: int) -> bool:
    """Say whether a clause stands free of conditions told before it: behind "but", "so" or a semicolon."""
    return clause > begin and _PARTS.search(text, begin, clause) is not None


_PARTS = re.compile(
    r"(?:;|\b(?:but|however|yet|so|therefore|thus|hence|here|case|instance)\b,?)\s*\Z", re.IGNORECASE
)
# "that, in this case, it is" goes on; "why, after so many, the therapy is" too.
_LEADS_ON = re.compile(r"\b(?:that|whether|if|why|how|when|nor|or|as)\Z", re.IGNORECASE)
_OPENS = re.compile(
    r"\b(?:that(?!\s*(?:[.;:]|,\s+(?:and|but|so)\b))|whether|if|why|how|when|unless|until)\b", re.IGNORECASE
)
_CONCEDES = re.compile(
    r"\s*(?:while|though|although|even\s+(?:though|if)|because|since|as|given|despite|contrary|notwithstanding|"
    r"in\s+spite|with|after)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:that(?!\s+(?:item|request|one|part|treatment|drug|medication|service|study)\b)|whether|if|why|how|(?:show|prov|establish|support|suggest|indicat|document|demonstrat|explain|"
    r"clarif|convinc|persuad|mean|say|sa(?:id|ys)|stat)\w*)\b",
    re.IGNORECASE,
)


def _is_of_a_kind(text: str, begin: int, clause: int, at: int) -> bool:
    """Say whether a statement is of a kind: "a brace is", or under a condition "further studies are"."""
    subject = text[max(clause, text.rfind(",", clause, at)) : at]
    return _OF_A_KIND.search(subject) is not None or (
        _UNDER_CONDITION.search(text, begin, at) is not None and _DEFINITE.search(subject) is None
    )


_OF_A_KIND = re.compile(r"\A[\s,;]*(?:an?|such|any)\s", re.IGNORECASE)
_UNDER_CONDITION = re.compile(
    r"\b(?:if|unless|when|where|without|absent|absence|once|until)\b", re.IGNORECASE
)
_DEFINITE = re.compile(
    r"\b(?:(?<!\bin )the|this|these|that|those|it|they|its|his|her|both|neither|all|requested|request|I|"
    r"reviewer)\b",
    re.IGNORECASE,
)


def _is_general(text: str, clause: int, after: int) -> bool:
    """Say whether a clause speaks of a rule rather than of the case: "is often not medically necessary"."""
    comma = text.rfind(",", clause, after)
    # "As it is seldom of use, the brace is not", but "Braces are, as a rule, not".
    begin = comma if len(text[comma:after].split()) > _FEWEST_IN_CLAUSE else clause
    return pattern_of("general").search(text, begin, after) is not None


_FEWEST_IN_CLAUSE = 4
_LONGEST_ALONE = 6


def _contrasted(text: str, begin: int, after: int, end: int, outcome: Outcome) -> Conclusion | None:
    """Read "is often not necessary, but here it is": what a sentence goes on to say against a rule."""
    match = _GOES_ON.match(text, after, end)
    opposite = _SENSES[outcome == "upheld"]
    if match is None or (match["no"] is None) != (opposite == "overturned"):
        return None
    return Conclusion(begin, match.end(), opposite, after)


_GOES_ON = re.compile(
    r"[^.;:?!]{0,40}[;,]?\s(?:but|though|yet|while|whereas|here|this|these|the|it|they|further|more|additional)\b[^.;:?!]{0,70}?"
    r"\b(?:is|are|was|were)(?P<no>\s+not|n't)?(?=[.;])",
    re.IGNORECASE,
)
_PLAINLY_UPHELD = (" is not medically necessary.", " is not medically necessary and appropriate.")
_MOST_TRIED = 5
_NECESSARY = squeeze("medically necessary")


def concludes(page: Squeezed, start: int, end: int) -> Outcome | None:
    """Give what a rationale concludes: the sense of its last sentence on medical necessity that decides.

    It must be the reviewer's own: what utilization review, a provider or a guideline said, or what stands in
    quotation marks, decides nothing. Where the request is then granted or refused in other words ("should be
    authorized") against that sentence, the rationale is taken to leave the question open.
    """
    if page.flat.endswith(_PLAINLY_UPHELD, start, end):  # as most rationales end
        _, stop, sentence = page.flat[max(start, end - USUAL_SENTENCE) : end - 1].rpartition(". ")
        if stop and "why" not in sentence and not is_said_by_another(sentence, ""):
            return "upheld"
    first, last = page.place(start), page.place(end)
    stop_at = last
    for _ in range(_MOST_TRIED):
        begin, length = _last_phrase(page.key, first, stop_at)
        if begin < 0:
            break
        lead, outcome = sense_of(page, begin, first)
        statement = Statement(lead, begin + length, outcome, outcome is None and lead < begin)
        concluded = _concluded(page, statement, start, end)
        if concluded and not is_of_another(page, statement, start, end):
            opposite = _SENSES[concluded.outcome == "upheld"]
            after = page.find_all(words_of(opposite), begin + length, last)
            return None if any(page.begins_word(at) for at, _ in after) else concluded.outcome
        stop_at = begin
    return None


def _last_phrase(key: str, first: int, stop: int) -> tuple[int, int]:
    """Find the last "medically necessary" and its length; a misspelled one only where no right one is."""
    begin = key.rfind(_NECESSARY, first, stop)
    if begin >= 0:
        return begin, len(_NECESSARY)
    return max((key.rfind(phrase, first, stop), len(phrase)) for phrase in words_of("necessary"))
