"""The worker's age and sex, and whether the worker is represented, as the case summary tells them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from imr_ml.extracting.lexicon import SPELLED_NUMBERS
from imr_ml.months import SHORT_MONTHS
from imr_ml.parsing.dates import DIGITS, find_date, find_dates
from imr_ml.parsing.decisions import sentence_begin
from imr_ml.parsing.header import Facts
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.resources import read_rows


def _words(*kinds: str) -> list[str]:
    return [row["word"] for row in read_rows("layouts/people.csv") if row["kind"] in kinds]


def _any(*kinds: str) -> str:
    """Give the pattern of any word of some kinds."""
    words = _words(*kinds)
    return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in words) + ")"


def _numbers(values: range) -> str:
    words = [word for word, value in SPELLED_NUMBERS.items() if value in values]
    return "|".join(sorted(words, key=len, reverse=True))


# A co-worker is another.
_WORKER = r"(?<!co-)" + _any("worker")
_TENS, _UNITS, _TEENS = _numbers(range(20, 100, 10)), _numbers(range(1, 10)), _numbers(range(14, 20))
# A ligature may have left a space: "fi fty".
_SPELLED = rf"(?:(?:{_TENS})(?:[\s-]?(?:{_UNITS}))?|{_TEENS})".replace("fi", r"fi\s?")
_SPELLED_PART = re.compile(_numbers(range(100)), re.IGNORECASE)
# "50-year-old", "60 y/o", "45yo", "57 years of age", "year 60 old", "age 52", "fifty-two (52) year old"
_AGE = re.compile(
    r"(?:(?<![\d/.#-])(?P<age>(?<=\ba )[1-9]\s\d|(?<=\bis )[1-9]\s\d|[1-9][lO]|\d{1,3})"
    rf"|\b(?P<spelled>{_SPELLED})(?:\s?\(\d\d\))?)"
    r"\s?-?\s?(?:(?:years?|yrs?\.?|y)[\s/-]{0,3}(?:old|o\b|of\s+age)|y\.?\s?o\.?(?![a-z]))"
    # The others begin a word: most places are told from one look.
    r"|\b(?:year\s+(?P<garbled>\d{1,3})\s+old\b"
    rf"|(?:{_WORKER}\s+is|(?:(?:wo)?man|(?:gentle|fore)man|lady|{_WORKER})\s+of(?=\s|{_SPELLED})|s?he\s+is|(?:fe)?male(?:\s+of|,))\s*(?P<bare>\d\d|{_SPELLED})\b(?=\s*(?:[.,;)]|(?:and|who|with)\b|(?:years|yrs)\b(?!\s+(?:ago|of\s+(?!age)|post))))"
    rf"|turned\s+(?P<turned>\d\d|{_SPELLED})\b(?=\s+(?:this|last|in|on)\b|[.,;])"
    r"|(?-i:A)n?\s(?!(?:course|total|series|trial|period|history|score|program|dose|supply)\b)(?:[a-z-]+\s){1,2}of\s"
    rf"(?P<opening>\d\d|{_SPELLED})(?=[.,;]|\s(?:who|with)\b)"
    rf"|(?:aged?|age\s+of|age\s+is|age:|age\s+(?:given|listed|stated)\s+as)\s+(?P<stated>\d{{1,3}}|{_SPELLED})\b(?!\s*(?:%|percent|years?\s+(?:ago|of\s+(?:service|employment)))))",
    re.IGNORECASE,
)
# Where no age is told so: "This 45 F", "45/F", "Mr. , 63,", "31 yrs now"
_BARE_AGE = re.compile(
    "|".join(
        row["pattern"]
        .replace("<nn>", rf"(?P<bare{number}>\d\d)")
        .replace("<age>", rf"(?P<bare{number}>\d\d|{_SPELLED})")
        .replace("<worker>", _WORKER)
        .replace(" ?", r"\s?")
        .replace(" ", r"\s+")
        for number, row in enumerate(read_rows("layouts/ages.csv"))
    ),
    re.IGNORECASE,
)
# "a 20-year-old injury", "45 years old at the time of injury", "her 12 year old daughter"
_NOT_OF_WORKER = re.compile(
    r"[\s-]{0,3}(?:industrial\s+|work\s+|old\s+)?"
    rf"(?:{_any('old thing', 'relative')}s?|{_any('parent')}(?!\s+of))\b"
    # "A 53-year-old claims examiner"
    r"(?!\s+(?:examiner|adjuster|handler|processor|clerk|manager|assistant|supervisor)\b)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    rf"\b(?:{_any('relative', 'parent')}s?|{_any('before age')})"
    r"(?:[\s,(]+(?:is|was|has|have|who|a|an|the|of|age|aged|ages|now|then|his|her|\d{1,2}\s+and)\b){0,4}[\s,(]*\Z",
    re.IGNORECASE,
)
_SEX = {
    "male": "male", "man": "male", "gentleman": "male", "m": "male",
    "female": "female", "woman": "female", "lady": "female", "f": "female",
    "mr": "male", "his": "male", "ms": "female", "mrs": "female", "miss": "female", "her": "female",
}  # fmt: skip
# Extraction may have split it: "femal e".
_SEX_WORD = r"(?P<sex>f\s?e[\s-]{0,2}m\s?a\s?l\s?e|m\s?a\s?l\s?e|woman|man|gentleman|lady)"
_SEX_AFTER_AGE = re.compile(
    rf"[\s,)-]*(?:(?:[a-z]+(?:-[a-z]+)*|\(\w+\))[\s,/-]+){{0,4}}?\(?{_SEX_WORD}\b|[\s,./-]*(?:[RL]H\s?D?\s+)?(?:[WBHL]|AA)?(?P<letter>[MF])\b",
    re.IGNORECASE,
)
# The age may be redacted: "This   -year-old male".
_SEX_AFTER_HOLE = re.compile(
    rf"(?<!\d[\s-])\byears?[\s-]{{1,2}}old\s+(?:[a-z-]+\s+){{0,3}}?{_SEX_WORD}\b", re.IGNORECASE
)
# "Records describe a right-handed male, a machinist"
_SEX_AT_FIRST = re.compile(
    rf"(?:[^.!?]{{0,60}}?\s)??(?:an?|this)\s+(?:[a-z-]+\s+){{0,3}}?{_SEX_WORD}\b(?!['\u2019-])", re.IGNORECASE
)
_SEX_BEFORE_AGE = re.compile(rf"{_SEX_WORD}(?:\s+of\b|,)", re.IGNORECASE)
# "Patient: F, 45 y.o."
_LETTER_BEFORE_AGE = re.compile(r"(?<![\w.])([MF])[\s,/]{1,3}\Z")
_SEX_OF_WORKER = re.compile(
    rf"\b{_WORKER}(?:\s+(?:is|was)|,)\s+an?\s+(?:[a-z-]+\s+){{0,3}}?{_SEX_WORD}\b"
    rf"|\b{_SEX_WORD.replace('sex', 'sex2')}\s+{_WORKER}\b"
    r"|\b(?-i:(?P<title>Mr|Ms|Mrs|Miss)\.?\s+(?=[A-Z_\[█*]|(?:is|was|has)\b))"
    r"|\b(?:sex|gender)(?:\s+(?:is|as))?\s?:?\s(?P<stated>(?:fe)?male|[MF])\b|(?-i:\b[Tt]he)\s(?P<noun>(?:wo)?man|lady|gentleman)\s(?:is|was|has|had)\b|\b\d\d,\s(?P<behind_age>(?:wo)?man)\b|(?<=\.\s)(?P<alone>(?:fe)?male)(?=\.)"
    rf"|\b{_WORKER},?\s+in\s+(?P<aged>his|her)\s+(?:(?:early|mid|late)[\s-]+)?(?:twent|thirt|fort|fift|sixt|sevent)ies\b",
    re.IGNORECASE,
)
# "T he" and "T his" are split words.
_PRONOUN = re.compile(r"\b(?<!\b[A-Z] )(?:(?P<male>he|his|him)|(?P<female>she|hers?))\b", re.IGNORECASE)


def read_worker(page: Squeezed, start: int, end: int, facts: Facts) -> None:
    """Read age and sex from the summary, which stands in ``text[start:end]``."""
    text = page.text
    age = _find_age(text, start, end)
    if age:
        facts.add("age_years", _years(age), age.start(), age.end())
    _read_sex(text, start, end, age, facts)


def _years(match: re.Match[str]) -> int:
    said = match[match.lastgroup or 0]
    if said[0].isdigit():
        return int("".join(said.split()).translate(DIGITS))  # "5l-year-old"
    whole = said.lower().replace("fi ", "fi")
    return int(sum(SPELLED_NUMBERS[part] for part in _SPELLED_PART.findall(whole)))


def _find_age(text: str, start: int, end: int) -> re.Match[str] | None:
    for pattern in (_AGE, _BARE_AGE):
        for match in pattern.finditer(text, start, end):
            before = text[max(start, match.start() - 40) : match.start()]
            if match[0][:3].lower() == "age":  # "His age", but "his wife, age 50"
                before = _WHOSE.sub("", before)
            of_worker = not (_is_of_another(before) or _NOT_OF_WORKER.match(text, match.end(), end))
            if of_worker and _years(match) <= _OLDEST:
                return match
    return None


_OLDEST = 120
_WHOSE = re.compile(r"\b(?:his|her|the|as\s+to)\s+\Z", re.IGNORECASE)
_RELATIVES = _words("relative", "parent")
_OTHER_WORDS = frozenset(
    (*(word.split()[-1] for word in _words("before age")), *_RELATIVES, *(f"{word}s" for word in _RELATIVES))
)


def _is_of_another(before: str) -> bool:
    words = {word.strip(".,;(") for word in before.lower().split()[-6:]}
    return not words.isdisjoint(_OTHER_WORDS) and _OTHERS.search(before) is not None


def _read_sex(text: str, start: int, end: int, age: re.Match[str] | None, facts: Facts) -> None:
    if age and (match := _SEX_BEFORE_AGE.match(text, age.start())):
        _add_sex(match["sex"], match.start("sex"), match.end("sex"), facts)
        return
    if age and (match := _SEX_AFTER_AGE.match(text, age.end(), min(end, age.end() + 80))):
        group = "sex" if match["sex"] else "letter"
        _add_sex(match[group], match.start(group), match.end(group), facts)
        return
    if age and (match := _LETTER_BEFORE_AGE.search(text, max(start, age.start() - 8), age.start())):
        _add_sex(match[1], match.start(1), match.end(1), facts)
        return
    match = _SEX_OF_WORKER.search(text, start, min(end, start + 1500))
    if not age and not match:
        match = _SEX_AFTER_HOLE.search(text, start, min(end, start + 200))
    if match:
        group = match.lastgroup or "sex"
        _add_sex(match[group], match.start(group), match.end(group), facts)
        return
    match = _SEX_AT_FIRST.match(text, start, min(end, start + _OPENING))
    if match and not _is_of_another(text[max(start, match.start() - 40) : match.start()]):
        _add_sex(match["sex"], match.start("sex"), match.end("sex"), facts)
        return
    pronouns = [
        match for match in _PRONOUN.finditer(text, start, end) if not _may_be_of_other(text, start, match)
    ]
    if pronouns:
        (sex, n_most), *others = Counter(match.lastgroup for match in pronouns).most_common()
        first = next(match for match in pronouns if match.lastgroup == sex)
        # One may be a doctor's, of whom the sentence before tells.
        if not others or n_most >= _FAR_MORE * others[0][1]:
            facts.add("sex", sex, first.start(), first.end())


_FAR_MORE = 4


def _may_be_of_other(text: str, start: int, pronoun: re.Match[str]) -> bool:
    """Say whether a pronoun may stand for a doctor or another person: the last whom its sentence names."""
    before = text[max(start, pronoun.start() - _SENTENCE_REACH) : pronoun.start()]
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    named = [
        # "The 45-year-old truck driver hurt his back": that is the worker.
        match["other"] and not _AGED.search(before, 0, match.start())
        for match in _PERSON.finditer(before, ends[-1] if ends else 0)
    ]
    return bool(named and named[-1])


_SENTENCE_REACH = 300
_AGED = re.compile(r"\bold\s+(?:[\w-]+\s+){0,3}\Z", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z]|\Z)")
_PERSON = re.compile(
    rf"\b(?:(?P<other>{_any('relative', 'parent', 'other person')}s?)|{_WORKER})(?![A-Za-z]|['\u2019]s\b)",
    re.IGNORECASE,
)


def _add_sex(word: str, start: int, end: int, facts: Facts) -> None:
    word = "".join(word.lower().replace("-", "").split())
    sex = _SEX[word]
    facts.add("sex", sex, start, end)


_ATTORNEY = _any("attorney")
_AN_ATTORNEY = rf"(?:(?:an?|his|her|the|legal)\s+)*{_ATTORNEY}"
_REPRESENTED = re.compile(
    r"(?:\b(?:an?|the|this|is|was|remains|old|y/o|yo)\s+|,\s*|\b(?=unrepresented\s)|(?<=[.;]\s)(?=not\s))(?P<no>n\s?o\s?t\s+)?(?:legally\s+|currently\s+)?(?P<un>un[\s-]?|non-?|self-)?represented(?![a-z])"
    rf"(?!\s+(?:(?:as|that|the|an?|in|here)\b|by\s+(?!{_AN_ATTORNEY}|[\[_█*,.]|X{{2}}|law\b|(?-i:Mr|Ms)\b)))"
    rf"|\brepresented\s+by\s+{_AN_ATTORNEY}\b|(?P<own>\bin\s+(?:pro\s+per|propria\s+persona)|\bpro\s+se)\b"
    rf"|\b{_ATTORNEY}\s+represents\b|\b(?P<without>no)\s+{_ATTORNEY}\s+(?:is|was|has\s+been)\b"
    rf"|\b(?:(?P<none>(?:does|do|did)\s+not\s+have\s+an?|has\s+no|without\s+an?)|has\s+(?:retained\s+)?an?|retained\s+an?)\s+{_ATTORNEY}\b"
    rf"|\b{_WORKER}(?:'s|s')?\s+{_ATTORNEY}\b",
    re.IGNORECASE,
)


_REPRESENTATION = ("represented", "pro per", "propria persona", "pro se", *_words("attorney"))
_REACH = 120


def read_represented(page: Squeezed, start: int, end: int, facts: Facts) -> None:
    """Read whether the worker has an attorney, where the summary says so."""
    text = page.text
    summary = text[start:end]
    if not summary.isupper() and not any(hint in summary for hint in _REPRESENTATION):
        return
    for at in _places(_REPRESENTATION, summary.lower(), start):
        match = _REPRESENTED.search(text, max(start, at - _REACH), min(end, at + _REACH))
        if match:
            facts.add(
                "represented",
                not (match["no"] or match["un"] or match["own"] or match["none"] or match["without"]),
                match.start(),
                match.end(),
            )
            return


def _places(words: tuple[str, ...], lowered: str, start: int) -> list[int]:
    """Give where words stand in a part of a text, which begins at a place; "counsel" not in "counseled"."""
    return sorted(
        start + match.start()
        for word in words
        if word in lowered
        for match in re.finditer(rf"{word}(?![a-z])", lowered)
    )


# "date of injury of 02-22-1998", "injury on Oct 7 2002", "injured on10/18/2010", "was hurt on 4/4/1994"
_INJURED = re.compile(
    rf"\b{_any('injury')}\b(?:\.(?=\s?\d))?"
    r"(?:[\s:,(]+(?:was|is|of|on|dated|date|occurred|occurring|took|place|happened|reported|as|at|work|to|the|both|hips?|knees?|back|neck|spine|shoulders?|wrists?|given|listed|stated|recorded|from|dates|through|ending|ended)(?![a-z])){0,4}[\s:,(]*(?=[\dA-Z])",
    re.IGNORECASE,
)


_MONTH = "|".join(SHORT_MONTHS)
# "strained his back on 6/6/2012", "hit by a hoist, July 19, 2012", "an accident with a van on 9/4/2011";
# not "fell and had surgery on 6/6/2012".
_HURT = re.compile(
    rf"(?:\b|(?<=who)){_any('hurt')}\b"
    rf"(?:(?!\b(?:and|then|had|has|underwent|seen|surgery|until|after|since)\b)[^.;,]){{0,60}}?"
    rf"(?:\bon[\s\"(]+(?=\d|{_MONTH})|,\s(?={_MONTH}))",
    re.IGNORECASE,
)
# "with a 3-8-99 injury of the back"; "on 3/8/1999, he slipped", not "he slipped again"
_THEN_INJURED = re.compile(
    r"\s+(?:(?:industrial|work|work-related|lifting|date\s+of)\s+)?(?:injury|accident|fall|incident)\b"
    rf"|,?\s+(?:(?:when|he|she|was|the|{_WORKER})\s+){{0,4}}{_any('hurt')}\b(?!\s+again)"
    r"|,?\s+(?:while|when|as)\s+(?:he|she)\s+was\s+[a-z]+ing\b",
    re.IGNORECASE,
)
# The first date of a summary, in its first sentence: "A nurse bitten on 4 July 2012"; not "was seen on".
_OPENS_WITH_INJURY = re.compile(
    r"(?:[^.!?]|[.!?](?!\s+[A-Z])){4,}\s(?:on|since|of|dated)(?:\s+or\s+about)?[\s(\"]+(?:the\s+)?",
    re.IGNORECASE,
)
# "DOB withheld. On April 16th 2012 he stepped off a curb."
_HE_ON_DATE = re.compile(r"(?:\A|[.!?]\s+)On\s+\Z")
_REST_OF_SENTENCE = re.compile(
    rf",?\s+(?:(?:he|she|{_WORKER}|the\s+{_WORKER})\s[^.!?]+|[^.!?]*\b{_any('hurt')}\b[^.!?]*)", re.IGNORECASE
)
_OF_OTHER_EVENT = re.compile(rf"\b{_any('other event', 'review')}(?![a-z])", re.IGNORECASE)
_OPENING = 400


def read_injury_date(page: Squeezed, start: int, end: int, facts: Facts) -> None:
    """Read the date of injury from the summary, for letters without a header."""
    text = page.text
    for pattern, last in ((_INJURED, end), (_HURT, min(end, start + _OPENING))):
        if found := _date_behind(pattern, text, start, last, end):
            facts.add("injury_date", *found)
            return
    dates = find_dates(text, start, min(end, start + _OPENING))
    for date in dates:
        if _THEN_INJURED.match(text, date[2], end):
            facts.add("injury_date", *date)
            return
    if dates:
        opening = text[start : dates[0][1]]
        sentence = _REST_OF_SENTENCE.match(text, dates[0][2], end)
        told = opening + sentence[0] if sentence and _HE_ON_DATE.search(opening) else opening
        if (told != opening or _OPENS_WITH_INJURY.fullmatch(opening)) and not _OF_OTHER_EVENT.search(told):
            facts.add("injury_date", *dates[0])


_UR = r"\b(?:utilization\s+review|(?-i:UR))\b"
# "In a utilization review report dated October 28, 2014", "The Utilization Review (12-01-2016)",
# "UR denied the request on 1/9/14"; more words may tell another date ("denied the MRI done on 1/9/14").
_REVIEWED = re.compile(
    rf"{_UR}\s*(?:\([^()\n]{{1,40}}\)\s+)?"
    r"(?:(?:report|review|determination|decision|denial|non-?certification|letter|notice)\b\s*){0,2}"
    r"(?:(?:denied|modified|non-?certified)\s+(?:(?:the|it|both|all|them|this|requests?)\s+){0,2})?"
    r"(?:was\s+)?(?:(?:made|issued|rendered|wrote|said|decided)\s+)?(?:,?\s*in\s+(?:its|the|a)\s+(?:letter|report|decision|notice)\s+)?(?:,?\s*(?:dated?|on|of|from)[\s:]\s*(?:the\s+)?|[(:,]\s*(?=\d)|(?=\d))(?=[\dA-Z])",
    re.IGNORECASE,
)
# "MRI of", "seen on": a date right behind it is that of another event; so is "the request of".
_EVENT = re.compile(rf"\b{_any('other event')}(?![a-z])", re.IGNORECASE)
_BOUND = re.compile(
    rf"{_EVENT.pattern}[^.;,]{{0,25}}\Z|\w(?<!\bdate)\s+(?:of|from)\s+(?:the\s+)?\Z", re.IGNORECASE
)
# What a refusal may speak of itself: "by letter of", "denied the request on", "the request for an MRI was".
_OF_REFUSAL = re.compile(
    r"\b(?:(?:letter|report|review|decision|determination|notice)s?\b|requests?\s+for\s[^.;,]*?(?=\s(?:was|were)\b)"
    rf"|{_any('reviewer')}\s(?:noted|stated|told|reported)\b|followed\b"
    r"|requests?\b(?!\s+(?:of|dated|from)\b))",
    re.IGNORECASE,
)
_REFUSED = re.compile(rf"\b(?:{_any('refusal')}|(?P<weak>{_any('weak refusal')}))(?![a-z])", re.IGNORECASE)
_REVIEWER = re.compile(rf"\b{_any('reviewer')}(?![a-z])", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|was|were|been|be|and):?\s+\Z", re.IGNORECASE)
# "He denies pain", "was declined by the patient"
_OF_WORKER = re.compile(rf"\b(?:he|she|who|{_WORKER})\s+(?:\w+ly\s+)?\Z", re.IGNORECASE)
_BY_WORKER = re.compile(rf"\bby\s+(?:the\s+)?{_WORKER}|\b(?:he|she)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:request|certification|authorization|approval)", re.IGNORECASE)
_LONGEST_BETWEEN = 80


def read_ur_date(page: Squeezed, start: int, end: int, facts: Facts) -> None:
    """Read the date of utilization review's decision from the summary, for letters without a header."""
    text = page.text
    summary = text[start:end]
    named = [at for at in (summary.lower().find("utilization"), summary.find("UR")) if at >= 0]
    if named and (found := _date_behind(_REVIEWED, text, start + min(named), end, end)):
        facts.add("ur_decision_date", *found)
        return
    for date in find_dates(text, start, end):
        if _is_of_refusal(text, start, *date[1:], end):
            facts.add("ur_decision_date", *date)
            return


def _is_of_refusal(text: str, start: int, at: int, after: int, end: int) -> bool:
    """Say whether a date is that of a refusal in its sentence: "denied on |", "by letter of | it was"."""
    begin = sentence_begin(text, start, at)
    stop = _SENTENCE_END.search(text, after, end)
    sentence = text[begin : stop.start() if stop else end]
    before, behind = sentence[: at - begin], sentence[after - begin :]
    for match in _REFUSED.finditer(before):
        between = before[match.end() :]
        if (
            len(between) < _LONGEST_BETWEEN
            and (not match["weak"] or _is_on_request(sentence))
            and not _OF_WORKER.search(before[: match.start()])
            and not _BY_WORKER.search(between)
            and not _BOUND.search(_OF_REFUSAL.sub("@", between))
        ):
            return True
    refused = _REFUSED.search(behind)
    if refused is None or _BOUND.search(_OF_REFUSAL.sub("@", before)):
        return False
    between = behind[: refused.start()]
    return (
        len(between) < _LONGEST_BETWEEN
        and not find_dates(between)  # which would be nearer
        and ((_PASSIVE.search(between) is not None and not refused["weak"]) or _is_on_request(sentence))
        and not _EVENT.search(_OF_REFUSAL.sub("@", f"{between} {refused[0]}"))
        and not _BY_WORKER.search(between)
    )


def _is_on_request(sentence: str) -> bool:
    """Say whether a sentence tells of utilization review, or of what was asked for."""
    return _REVIEWER.search(sentence) is not None or _ASKED.search(sentence) is not None


def _date_behind(
    pattern: re.Pattern[str], text: str, start: int, last: int, end: int
) -> tuple[dt.date, int, int] | None:
    """Find the first date right behind what a pattern matches up to a place; it may reach to the end."""
    for match in pattern.finditer(text, start, last):
        found = find_date(text, match.end(), min(end, match.end() + _LONGEST_DATE))
        if found and found[1] == match.end():
            return found
    return None


_LONGEST_DATE = 24
