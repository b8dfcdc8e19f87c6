"""Verdicts in words of their own: "I would authorize the brace", "the denial cannot stand".

What is said of a denial is the opposite of what it says of the request: who supports the denial refuses the
request. So each wording tells whether it favours what it is said of, and what that is is looked for apart.
"""

from __future__ import annotations

import re
from functools import cache

from imr_ml.extracting.lexicon import whole_number
from imr_ml.letter import Outcome
from imr_ml.parsing.decisions import sentence_begin
from imr_ml.parsing.frames import (
    is_aim,
    is_name,
    is_plain_end,
    is_plain_lead,
    is_speaker,
    named_object,
    others_named,
    subject_of,
    without_lead,
)
from imr_ml.resources import read_rows


@cache
def wordings() -> tuple[tuple[dict[str, str], re.Pattern[str]], ...]:
    """Give the rows of ``layouts/conclusions.csv`` with their patterns."""
    return tuple((row, _pattern(row["pattern"])) for row in read_rows("layouts/conclusions.csv"))


def _pattern(written: str) -> re.Pattern[str]:
    """Put in the words of each ``<kind>``, adverbs for ``~``, and any white space for a space."""
    for kind, words in _words().items():
        written = written.replace(f"<{kind}>", words)
    # "Is hardly warranted" is no "is warranted".
    written = written.replace("~", _adverbs())
    return re.compile(rf"\b(?:{written})\b".replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


@cache
def _adverbs() -> str:
    return f"(?:{_words()['adverb']} ){{0,2}}"


@cache
def _words() -> dict[str, str]:
    kinds: dict[str, list[str]] = {}
    for row in read_rows("layouts/verdict_words.csv"):
        kinds.setdefault(row["kind"], []).append(row["phrase"])
    return {kind: f"(?:{'|'.join(words)})" for kind, words in kinds.items()}


def outcome_told(
    row: dict[str, str], match: re.Match[str], start: int, clause: int, names: frozenset[str]
) -> Outcome | None:
    """Give what a wording decides of the request; None where it is said of something else.

    Parameters
    ----------
    row : dict of str to str
        The wording's row.
    match : re.Match
        Where it stands in the text.
    start, clause : int
        Offsets in the text where the rationale, and the clause of the wording, begin.
    names : frozenset of str
        Words of the requests, in lower case.
    """
    text = match.string
    groups = match.groupdict()
    favours = row["says"] in ("favours", "overturned")
    if groups.get("no") or groups.get("no2"):
        favours = not favours
    if row["of"] and row["says"] in ("favours", "opposes"):
        before = text[clause : match.start()]
        is_subject = row["of"] == "subject"
        what = before if is_subject else groups.get("what") or object_of(text, match.end())
        of_denial = _ends_with_denial(what) if is_subject else _denial_first().match(what) is not None
        if _PRONOUN.fullmatch(_INSERTED.sub("", what)):
            told = text[sentence_begin(text, start, max(start, clause - 2)) : match.start()]
            of_denial = _denial().search(told) is not None
            if names and row["about"] == "treatment" and not text[start : match.start()].rpartition(".")[0]:
                return None
            if names and not refers_to_request(text, start, match.start(), names):
                return None
            if of_denial and names_care(told, names):
                return None
        if row["about"] == "denial" and not of_denial:
            return None
        if of_denial and names:
            told = previous_sentence(text, start, sentence_begin(text, start, match.start()))
            if _DECIDED.search(told) and not names_request(told, names):
                return None  # "UR refused the scan. The refusal was sound."
        if row["about"] == "treatment" and not of_denial and not names_care(before, names):
            return None
        favours = favours != of_denial
    return "overturned" if favours else "upheld"


def is_plainly_said(
    row: dict[str, str], match: re.Match[str], begin: int, clause: int, names: frozenset[str]
) -> bool:
    """Say whether a wording stands in a plain frame, said of the request or of its denial by the reviewer.

    Parameters
    ----------
    row : dict of str to str
        The wording's row.
    match : re.Match
        Where it stands in the text.
    begin, clause : int
        Offsets in the text where its sentence and its clause begin.
    names : frozenset of str
        Words of the requests, in lower case; where there are none, any treatment may be spoken of.
    """
    text, stop = match.string, match.end()
    what = subject_of(text[clause : match.start()])
    if what is None or not is_plain_lead(text[begin:clause], text[clause : match.end()]):
        return False
    if _NOT_EACH.search(match[0]):
        return False
    if row["of"] == "subject":
        told = None if _PRONOUN.fullmatch(what) else what
        of_denial = told is not None and _denial_first().match(told) is not None
        return (
            is_plain_end(text, stop)
            and _is_at_issue(what, names)
            and (of_denial or _OF_TRUTH.search(match[0]) is None)
        )
    if "?" in match[0]:
        what = _ASKED.sub("", what)
    of_request = not row["of"] and not _denial_first().match(what) and _is_at_issue(what, names)
    if what and not of_request and not is_speaker(what):
        return False
    if row["of"] and row["says"] in ("favours", "opposes") and match.groupdict().get("what") is None:
        named = named_object(text, stop)
        return named is not None and _is_at_issue(named, names)
    told = match.groupdict().get("what")
    if told is None and not is_plain_end(text, stop):
        # "It would be wrong to withhold | the brace"
        told = named_object(text, stop)
        return told is not None and _is_at_issue(told, names)
    return is_plain_end(text, stop) and (told is None or (is_name(told) and _is_at_issue(told, names)))


_ASKED = re.compile(r"(?:is|are|was|were)\s+", re.IGNORECASE)
_NOT_EACH = re.compile(r"\bnot\s+(?:\w+\s+)?(?:both|all)\b", re.IGNORECASE)
# A view is right or wrong, a treatment is not: "This is wrong".
_OF_TRUTH = re.compile(
    r"\b(?:right|correct|sound|wrong|mistaken|incorrect|erroneous|error|mistake)\Z", re.IGNORECASE
)


_OF_LEAVE = re.compile(r"(?:the\s+)?(?:approval|authorization|certification)\b", re.IGNORECASE)


# "The brace is | medically unnecessary"
@cache
def _other_adverb() -> re.Pattern[str]:
    medically = r"(?:not|is|are|was|were)?m?e?d?i?c?a?l?ly"  # glued or divided, as it may be
    return re.compile(rf"\b(?!(?:{_words()['adverb']}|{medically})\b)\w+ly\b", re.IGNORECASE)


@cache
def _copula() -> re.Pattern[str]:
    adverbs = _adverbs().replace(" ", r"\s+")
    return re.compile(rf"\s(?:is|are|was|were|remains?)\s+{adverbs}\Z", re.IGNORECASE)


def is_of_request(
    text: str, start: int, begin: int, clause: int, at: int, stop: int, names: frozenset[str]
) -> bool:
    """Say whether what stands between two places is plainly said of a request.

    Parameters
    ----------
    text : str
    start, begin, clause : int
        Where the rationale, its sentence and its clause begin.
    at, stop : int
        Where it begins and ends.
    names : frozenset of str
    """
    what = subject_of(_copula().sub("", text[clause:at]))
    if _other_adverb().search(text, at, stop):
        return False  # "is apparently medically necessary"
    if not text[begin:at].strip():
        return is_plain_end(text, stop)
    return (
        what is not None
        and (not _PRONOUN.fullmatch(what) or refers_to_request(text, start, at, names))
        and is_plain_lead(text[begin:clause], text[clause:at])
        and is_plain_end(text, stop)
        and _denial_first().match(what) is None
        and _OF_LEAVE.match(what) is None
        and _is_at_issue(what, names)
    )


def _is_at_issue(what: str, names: frozenset[str]) -> bool:
    """Say whether a name is that of a denial, of a request, or of whatever was asked for."""
    what = what.strip()
    if not what or any(
        names.isdisjoint(_NAME_WORD.findall(other[0].lower())) for other in others_named(what)
    ):
        return False
    if _PRONOUN.fullmatch(what):
        return True
    head, link, rest = _split(what)
    denial = _denial_first().match(what)
    of_denial = denial is not None
    if denial and not _GOES_ON.match(what, denial.end()):
        return False  # "I confirm the denial | came late"
    if not of_denial and (_denial().search(head) or (link == "to" and not _leads_on_plainly(rest))):
        return False
    if not names:
        return True
    modifiers, of_the_body = name_words("modifier"), name_words("body")
    words = {
        word for word in _NAME_WORD.findall(head.lower()) if len(word) > 1 and whole_number(word) is None
    }
    others = words - names - name_words("request") - modifiers - name_words("unit")
    is_counted = _counts_request(head, words, names)
    if not of_denial and (others or not (names_request(head, names) or is_counted)):
        return False
    if rest and _OF_A_KIND.match(what) and link in ("for", "in") and not names_request(rest, names):
        return False
    parts, asked = of_the_body.intersection(_NAME_WORD.findall(rest.lower())), names & of_the_body
    # Of the spine, it must be the same part.
    parts, asked = parts - name_words("region") or parts, asked - name_words("region") or asked
    if (
        parts
        and asked
        and (parts.isdisjoint(asked) or (asked & name_words("side") and parts & name_words("side") - asked))
    ):
        return False  # "The MRI of | the neck", where one of the back was asked for
    if not (of_denial or parts) and words <= _called_words() | modifiers:
        # "Imaging studies are not", "the prescription of | another drug"
        own_words = names - _called_words()
        if (
            not (rest or is_counted)
            and words.isdisjoint(name_words("determiner"))
            and words.isdisjoint(own_words)
        ):
            return False
        if (link == "of" or (link == "for" and _INDEFINITE.match(what))) and not (
            names_request(rest, names) or _is_date_asked_for(rest, names)
        ):
            return False
    if rest and (of_denial or names.isdisjoint(_NAME_WORD.findall(head.lower()))):
        # "The denial of | the surgery"
        if _is_date_asked_for(rest, names):
            return True
        if link in _TOPICS:
            told = set(_NAME_WORD.findall(rest.lower()))
            return bool(told) and told - name_words("modifier") <= names
        return names_request(rest, names) or (
            of_denial and (_of_source().match(rest) or _OF_SUCH.search(rest)) is not None
        )
    return True


def _counts_request(head: str, words: set[str], names: frozenset[str]) -> bool:
    """Say whether but a number names a request, one of its own: "the ten days", "sixty more"."""
    numbers = {str(int(number)) for word in _COUNT.findall(head.lower()) if (number := whole_number(word))}
    units = {word.removesuffix("s") for word in words & name_words("unit")}
    counts = {f"{number} {unit}" for number in numbers for unit in units} if units else numbers
    return not counts.isdisjoint(names) and words <= name_words("modifier") | name_words("unit")


_INDEFINITE = re.compile(r"an?\s", re.IGNORECASE)
_COUNT = re.compile(r"[a-z]+|\d+")
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}\s*\Z")


def _is_date_asked_for(rest: str, names: frozenset[str]) -> bool:
    return _DATE.match(rest) is not None and "/".join(str(int(part)) for part in rest.split("/")) in names


def _leads_on_plainly(rest: str) -> bool:
    """Say whether "to" leads to leave or to an aim: "the decision to | reverse", "visits to | regain"."""
    return _TO_GRANT.match(rest) is not None or is_aim(rest)


_GOES_ON = re.compile(r"\s*\Z|\s+(?:of|for|to|by|dated|from|on|in|regarding|as|and)\b", re.IGNORECASE)
_TO_GRANT = re.compile(r"(?:overturn|approve|authorize|certify|reverse)\b", re.IGNORECASE)
# "Imaging for red flags"
_OF_A_KIND = re.compile(r"[a-z]+(?:ing|s|y)?\s+(?:for|in)\b", re.IGNORECASE)
_OF_SUCH = re.compile(r"\b(?:it|them|products|drugs|medications|studies|procedures)\s*\Z", re.IGNORECASE)


def _split(what: str) -> tuple[str, str, str]:
    match = _HEAD.search(what)
    return (what[: match.start()], match[0].strip().lower(), what[match.end() :]) if match else (what, "", "")


@cache
def _of_source() -> re.Pattern[str]:
    return re.compile(rf"(?:the\s+)?{_words()['source']}\b", re.IGNORECASE)


_NAME_WORD = re.compile(r"(?<![\w'\u2019])[a-z]+(?![\w'\u2019])")


def refers_to_request(text: str, start: int, at: int, names: frozenset[str]) -> bool:
    """Say whether "it" refers to a request or its denial: what is told right before must begin with one."""
    begin = sentence_begin(text, start, at)
    told = without_lead(text[begin:at])
    near = without_lead(told.rpartition(",")[2])
    if len(told.split()) < _FEWEST_TOLD or (len(near.split()) < 2 and not names_request(told, names)):
        told = previous_sentence(text, start, begin)
        if not told.strip():
            return True
    parts = told.rstrip(" ;").rpartition(";")
    if _REFERS_ON.match(told):
        return refers_to_request(text, start, sentence_begin(text, start, max(start, begin - 2)) + 1, names)
    if is_by_another(told) or _RIVAL.search(told):
        return False
    return any(_opens_with_request(part, names) for part in (parts[0], parts[2]))


def _opens_with_request(told: str, names: frozenset[str]) -> bool:
    opening = " ".join(told.split()[:_OPENING])
    return names_request(_split(opening)[0], names) or _denial_first().match(opening) is not None


def previous_sentence(text: str, start: int, begin: int) -> str:
    """Give the sentence that ends where another begins."""
    return text[sentence_begin(text, start, max(start, begin - 2)) : begin]


def is_by_another(sentence: str) -> bool:
    """Say whether a sentence tells what utilization review or the provider does: "UR denied the scan"."""
    return _BY_ANOTHER.match(sentence.lstrip()) is not None


_FEWEST_TOLD = 4
_REFERS_ON = re.compile(r"\s*(?:it|they)\b", re.IGNORECASE)
_OPENING = 7
_BY_ANOTHER = re.compile(
    r"(?:UR|utilization|the\s+(?:carrier|surgeon|provider|claims|adjuster|insurer|peer\s+reviewer|doctor|physician's|denial\s+letter))\b",
    re.IGNORECASE,
)
# "The brace needs a liner. It is": which of them?
_RIVAL = re.compile(
    r"\b(?:c[ao]mes?\s+with|needs?|requires?|wants?|instead\s+of|place\s+of|good\s+as|work\s+of)\s+(?:an?|the)\b",
    re.IGNORECASE,
)


def names_request(text: str, names: frozenset[str]) -> bool:
    """Say whether a text names a request, by a word of its own or as such."""
    own = names.difference(name_words("body")) | name_words("request")
    return not own.isdisjoint(re.findall(r"[a-z]+", text.lower()))


_TOPICS = ("about", "regarding", "concerning", "as to")
_HEAD = re.compile(
    rf"\s(?:of|for|to|on|in|at|by|from|with|without|dated|over|between|{'|'.join(_TOPICS)})\s", re.IGNORECASE
)


@cache
def name_words(kind: str) -> frozenset[str]:
    """Give the words of a kind by which the name of a request is told."""
    rows = [row["words"] for row in read_rows("layouts/name_words.csv") if row["kind"] == kind]
    return frozenset(word for words in rows for word in words.split())


@cache
def _called_words() -> frozenset[str]:
    rows = read_rows("layouts/treatment_names.csv")
    words = {word for row in rows for word in row["called"].split()}
    return frozenset(words | {f"{word}s" for word in words})


_DECIDED = re.compile(r"\b(?:denied|refused|declined|approved|authorized|certified|allowed)\b", re.IGNORECASE)


def object_of(text: str, at: int) -> str:
    """Give what follows a verb: "I would authorize | the ablation", up to the next clause."""
    return _OBJECT.match(text, at)[0]  # type: ignore[index]


_OBJECT = re.compile(r"(?:(?!\s(?:and|but|because|since|as|for|if)\b)[^.,;:])*")


def names_care(text: str, names: frozenset[str]) -> bool:
    """Say whether a text names a treatment, or one of the requests."""
    return _CARE.search(text) is not None or not names.isdisjoint(re.findall(r"[a-z]+", text.lower()))


_CARE = re.compile(
    r"\b(?:requests?|requested|appeal|approval|authorization|certification|treatments?|procedures?|services?|devices?|"
    r"items?|medications?|drugs?|therapy|stud(?:y|ies)|surgery|operation|injections?|purchase|rental|visits?|sessions?|"
    r"program|tests?|imaging|MRI|CT|block|supplies|it|they|this|course|trial|refills?|prescription|consultation|"
    r"evaluation|days?|hours?|[a-z]+(?:ectomy|plasty|scopy|otomy|odesis|graphy))\b(?!-)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\s*(?:it|this|that|both|they|them|these)\s*", re.IGNORECASE)
# ", however," between what is spoken of and what is said of it.
_INSERTED = re.compile(r",[^,]{1,40},\s*\Z")


@cache
def _denial() -> re.Pattern[str]:
    """Find what names utilization review's denial: "denial", "the carrier's view", "decision to refuse"."""
    words = _words()
    source = words["source"]
    of_source = rf"\s+(?:of|by)\s+(?:the\s+)?{source}"
    whose = (
        rf"(?:{source}(?:['\u2019]s)?|its|their|adverse|prior|initial|original|previous)"
        r"\s+(?:[\w-]+\s+){0,2}"
    )
    # Neither "the surgeon's decision" nor "the decision to operate" is one.
    own = r"(?<!['\u2019]s )(?<!his )(?<!her )"
    not_to_act = r"(?!\s+to\s+(?!den|refus|declin|withhold|non|reject|modif|limit|reduce))"
    of_others = (
        r"(?!\s+(?:of|by)\s+(?:the\s+|his\s+|her\s+)?(?:surgeon|provider|physician|doctor|patient|treat))"
    )
    return re.compile(
        rf"\b(?:{words['denial']}|{words['view']}(?={of_source})|(?:{whose}){words['view']}"
        rf"|(?:{own}|(?:{whose})){words['decision']}{not_to_act}{of_others})\b",
        re.IGNORECASE,
    )


@cache
def _denial_first() -> re.Pattern[str]:
    """Find it right behind a verb: "the prior denial", "UR"; not in "the brace despite the denial"."""
    return re.compile(
        rf"\s*(?:(?!{_NO_PART_OF_A_NAME}\b)[\w'\u2019-]+\s+){{0,5}}?{_denial().pattern}(?!\s+letter)"
        rf"|\s*(?:the\s+)?{_words()['source']}\b(?!['\u2019-]|\s+(?!(?:that|on|in|here|and)\b)[a-z]+)",
        re.IGNORECASE,
    )


_NO_PART_OF_A_NAME = (
    r"(?:of|for|to|that|which|who|whose|despite|after|over|by|from|in|on|against|and|or|but|with|without|before|"
    r"since|because|although|while|if|whether|when|as|notwithstanding|contrary|following|upon|is|are|was|were|has|"
    r"had|have|be|been|approved?|authorized?|allowed?|said|says)"
)


def _ends_with_denial(clause: str) -> bool:
    """Say whether a denial is what a clause goes on to speak of: "In my view the denial of the brace |"."""
    clause = without_lead(_INSERTED.sub(" ", clause))
    for match in _denial().finditer(clause):
        rest = clause[match.end() :]
        if _OF_WHAT.fullmatch(rest) and not _VERB.search(rest):
            return _GOVERNED.search(_LEAD.split(clause[: match.start()])[-1]) is None
    return False


_OF_WHAT = re.compile(
    r"\s*(?:(?:of|for|to|by|dated|from|on|in|regarding|concerning|as\s+to)\b[^.;,]*)?", re.IGNORECASE
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|says?|said|stat\w+|show\w*)\b", re.IGNORECASE)
_LEAD = re.compile(r"[,:;]|\b(?:that|and|but|so)\b", re.IGNORECASE)
_GOVERNED = re.compile(
    r"\b(?:of|for|to|despite|after|over|by|from|against|with|without|before|since|because|contrary|following|"
    r"notwithstanding|requests?|appeal)\b",
    re.IGNORECASE,
)
