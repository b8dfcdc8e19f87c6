"""Statements that no phrase of fixed words holds: a word of one class near a word of another, in one clause.

"Walks 45 minutes, up from 10" and "ADLs are no better on Soma" both speak of function, and neither can be
listed. Rows of ``lexicons/summary_statements.csv`` put words and classes of words together; the first row of
a fact that a sentence fits says what holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, reduce
from operator import or_
from typing import Final, NamedTuple

from imr_ml.extracting.assertions import Mention
from imr_ml.extracting.lexicon import spelled_numbers
from imr_ml.extracting.sentences import words_of
from imr_ml.extracting.summary_words import place_in_order, word_set, word_values
from imr_ml.resources import read_rows

TABLE: Final = "lexicons/summary_statements.csv"
ABOUT_CARE: Final = frozenset(("care_outcome", "study_abnormal", "drug_harm"))
"""Statements that are no fact by themselves: they say how the care, study or drug of their sentence went."""

_DATE_COMMA: Final = re.compile(r" (\d{1,2}) , ((?:19|20)\d\d)(?= )")
_CLAUSE_MARKS: Final = ",;:"
_GAPS: Final = {"..": 3, "...": 8, "....": 16}
_READ_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STATUSES: Final = frozenset(("present", "denied", "planned", "nothing", "aside", "falls", "rises"))
# What stands in place of what states nothing: a mark that ends the clause, or any other word.
_HIDDEN: Final = {"nothing": " ;", "aside": " _"}
_BOUND: Final = re.compile(r"(at least|from) (\d+(?:\.\d+)?)$")


class Rule:
    """One pattern of a row, the words that it needs, and whether the first of them begin it."""

    def __init__(
        self,
        fact: str,
        kind: str,
        status: str,
        bound: float,
        also: tuple[tuple[str, str, str], ...],
        written: str,
        needed: tuple[frozenset[str], ...],
        is_anchored: bool,
        names_no: bool,
    ) -> None:
        self.fact = fact
        self.kind = kind
        self.status = status
        self.bound = bound
        self.also = also
        self.written = written
        self.needed = needed
        self.is_anchored = is_anchored
        self.names_no = names_no
        self.compiled: re.Pattern[str] | None = None

    def pattern(self) -> re.Pattern[str]:
        """Give the regular expression, compiled when first needed: one letter needs few of them."""
        if self.compiled is None:
            self.compiled = re.compile(self.written)
        return self.compiled


class _Rules(NamedTuple):
    """All rules, and by word, as bits, which of their elements it fits.

    The bits of the first elements of all rules come first, then those of the second elements, and so on;
    rules of many elements stand first, so that each such slice is shorter than the one before.
    """

    rules: tuple[Rule, ...]
    order: tuple[int, ...]
    fits: dict[str, int]
    first: int
    apart: int
    slices: tuple[tuple[int, int, int], ...]
    operations: frozenset[str]

    def fitting(self, fits: int, *, has_care: bool = True) -> list[Rule]:
        """Give the rules each of whose elements a sentence has a word for, in the order of the table."""
        found = fits & (self.first if has_care else self.apart)
        for start, members, others in self.slices:
            found &= (fits >> start) & members | others
            if not found:
                return []
        numbers = []
        while found:
            number = found.bit_length() - 1
            found ^= 1 << number
            numbers.append(self.order[number])
        return [self.rules[number] for number in sorted(numbers)]


def fits_of_words() -> dict[str, int]:
    """Give, by word, which elements of the patterns it fits, as bits for `add_statements`."""
    return _rules().fits


def add_statements(
    words: list[str],
    mentions: list[Mention],
    *,
    fits: int | None = None,
    is_quoted: bool = False,
    has_care: bool = False,
) -> list[Mention]:
    """Add what the patterns find in a sentence, in place of what single phrases said of the same facts.

    Parameters
    ----------
    words, mentions : list
        Of the sentence.
    fits : int or None
        All bits of `fits_of_words` for its words, where they are known already.
    is_quoted : bool, default=False
        Whether it is utilization review's: only what was decided on an operation is read then.
    has_care : bool, default=False
        Whether it may speak of care that was had: without, `ABOUT_CARE` is not looked for.

    Examples
    --------
    >>> add_statements("adl are no better on soma".split(), [])
    [functional_gain=denied]
    >>> add_statements("walking went from 5 to 20 minute".split(), [])
    [functional_gain=present]
    """
    table = _rules()
    if is_quoted and table.operations.isdisjoint(words):
        return mentions
    if fits is None:
        fits = reduce(or_, filter(None, map(table.fits.get, words)), 0)
    rules = table.fitting(fits, has_care=has_care)
    if not rules:
        return mentions
    # What takes a statement back is looked for only where there is something to take back.
    said = {rule.fact for rule in rules if rule.status not in _HIDDEN}
    said.update([mention.fact for mention in mentions])
    rules = [rule for rule in rules if rule.fact in said and (not is_quoted or rule.fact in _QUOTED)]
    if not rules:
        return mentions
    text = " " + " ".join(words) + " "
    starts: list[int] = []
    if "," in words:
        # The comma of a date ends no clause.
        text = _DATE_COMMA.sub(r" \1 _ \2", text)
    supposes = not _SUPPOSING.isdisjoint(words)
    found: dict[str, Mention] = {}
    texts: dict[str, str] = {}
    masked: list[tuple[str, int, int]] = []
    for rule in rules:
        fact = rule.fact
        if fact in found:
            continue
        own = texts.get(fact, text) if texts else text
        first = 0 if own is not text else place_in_order(words, rule.needed)
        if first < 0:
            continue
        pattern = rule.pattern()
        if own is not text or not rule.is_anchored:
            match = pattern.search(own)
        else:
            match = None
            if not starts:
                starts = _starts(words)
            for place in range(first, len(words)):
                if words[place] in rule.needed[0]:
                    match = pattern.match(text, starts[place])
                    if match is not None:
                        break
        if match is None:
            continue
        start = own.count(" ", 0, match.start())
        end = start + match[0].count(" ") - 1
        if rule.status in _HIDDEN:
            masked.append((fact, start, end))
            hidden = _HIDDEN[rule.status] * (end - start)
            texts[fact] = own[: match.start()] + hidden + own[match.end() - 1 :]
            continue
        if supposes and _is_supposed(words, start):
            continue
        if rule.kind == "diagnosis" and (
            not _DOUBTS.isdisjoint(words[max(0, start - _DOUBT_REACH) : start])
            or any(m.fact == fact and m.status != "present" and m.start < end for m in mentions)
        ):
            continue
        if (
            rule.kind in _STATED
            and fact not in _OF_SUSPICION
            and any(
                # "Her daughter drives her" speaks of the patient all the same.
                m.kind in _DENIABLE and start <= m.start < end and m.status in _NOT_SAID[m.fact == fact :]
                for m in mentions
            )
        ):
            # "There is a risk of progressive weakness."
            continue
        status = _status(rule, match)
        if status == "nothing":
            continue
        # "Not working as his employer cannot accommodate him": the "not" is used up by what it states.
        is_said = rule.kind == "work" and any(
            m.fact == fact and m.status == "present" and m.start < start for m in mentions
        )
        if status == "present" and (
            (not is_said and _is_denied(words, start))
            or (not rule.names_no and not _NO.isdisjoint(words[start:end]))
            or _is_denied_after(words, end)
        ):
            status = "denied"
        mention = Mention(fact, rule.kind, start, end, status)
        found[fact] = mention
        for other, kind, status in rule.also:
            if status in _HIDDEN:
                # "Declined knee replacement | surgery"
                masked.append((other, start, end + 1))
                parts = texts.get(other, text).split(" ")
                parts[start + 1 : end + 1] = [";"] * (end - start)
                texts[other] = " ".join(parts)
            else:
                found.setdefault(other, Mention(other, kind, start, end, status))
    if not found and not masked:
        return mentions
    kept = [mention for mention in mentions if mention.fact not in found]
    if ";" in words:
        # What another clause of a list says of the same fact stands beside it.
        kept += [m for m in mentions if m.fact in found and _is_apart(words, m, found[m.fact])]
    for fact, start, end in masked:
        kept = [m for m in kept if m.fact != fact or m.start < start or end <= m.start]
    return kept + [mention for mention in found.values() if mention.status not in _HIDDEN]


def _starts(words: list[str]) -> list[int]:
    """Give where the space before each word stands in the text of a sentence."""
    starts, start = [], 0
    for word in words:
        starts.append(start)
        start += len(word) + 1
    return starts


def _is_apart(words: list[str], mention: Mention, stated: Mention) -> bool:
    return mention.kind in _DENIABLE and (
        ";" in words[mention.end : stated.start] or ";" in words[stated.end : mention.start]
    )


_NO: Final = word_set("no or free")
_DENIABLE: Final = frozenset(("finding", "diagnosis", "test", "device"))
_STATED: Final = frozenset(("finding", "diagnosis"))
_OF_SUSPICION: Final = frozenset(("red_flags", "suspected_crps"))
"""Facts that a mere suspicion states: "concerned about an infection"."""
_NOT_SAID: Final = ("unrelated", "possible")
_BE: Final = word_set("be")
_OF_VERBS: Final = word_set("no of verbs")
_DENY: Final = word_set("denies")
_FOUND_ABSENT: Final = word_set("found absent")
_BEGINS_ANEW: Final = word_set("begins anew")
_OWNS: Final = frozenset(("the", "his", "her"))
_THE_PART: Final = 3
_ENDS: Final = word_set("clause end")
_NO_REACH: Final = 4
_DOUBTS: Final = word_set("doubt")
_DOUBT_REACH: Final = 6
_DENY_REACH: Final = 16


def _is_denied(words: list[str], start: int) -> bool:
    """Say whether what begins here is denied: by a "no" shortly before it, by a "denies" in its clause."""
    is_near, has_and, has_or = True, False, not _OR.isdisjoint(words[start : start + _NO_REACH])
    for reach in range(1, min(start, _DENY_REACH) + 1):
        word = words[start - reach]
        if word in _ENDS or (word == "and" and words[start - reach + 1] in _BEGINS_ANEW):
            return False
        if word == "and" and 1 < reach <= _THE_PART and words[start - reach + 1] in _OWNS:
            # "Without falling, and the back | flared"
            return False
        if word in _DENY or (word == "non" and reach == 1):
            return True
        is_near = is_near and word != "," and reach <= _NO_REACH
        has_and, has_or = has_and or word == "and", has_or or word in _OR
        # "No pain and locking" denies both, "not effective and caused nausea" does not.
        if is_near and word in _NO and not (has_and and word in _OF_VERBS):
            # "No more than | temporary help"
            return words[start - reach + 1 : start - reach + 3] != ["more", "than"]
        if has_or and word in _NO_LIST:
            # "no nausea, vomiting or drowsiness"
            return True
    return False


_OR: Final = word_set("or")
_NO_LIST: Final = word_set("no of lists")


_SUPPOSING: Final = word_set("supposing")


def _is_supposed(words: list[str], start: int) -> bool:
    """Say whether what begins here is only supposed: "if function improves" states no gain."""
    for word in reversed(words[max(0, start - _DENY_REACH) : start]):
        if word in _SUPPOSING:
            return True
        if word == "," or word in _ENDS:
            return False
    return False


def _is_denied_after(words: list[str], end: int) -> bool:
    """Say whether the list that goes on here ends in a denial: "low mood, fear and panic | were denied"."""
    for place in range(end, min(end + _DENY_REACH, len(words) - 1)):
        if words[place] in _BE:
            return words[place + 1] in ("denied", "absent") and words[place - 1] not in _FOUND_ABSENT
        if words[place] in _ENDS:
            return False
    return False


_SECONDS: Final = word_values("seconds")
_QUOTED: Final = frozenset(("operation_denied", "surgery"))


def _status(rule: Rule, match: re.Match[str]) -> str:
    if rule.status not in ("falls", "rises", "at least", "from"):
        return rule.status
    units = [
        _SECONDS.get(match.string[match.end(group) :].split(" ", 2)[1])
        for group in range(1, match.re.groups + 1)
    ]
    # "40 to 15 minutes"
    of_both = units[-1] or units[0] or 1.0
    values = [
        _value(written) * (unit or of_both) for unit, written in zip(units, match.groups(), strict=True)
    ]
    if rule.bound:
        below = "denied" if rule.status == "at least" else "nothing"
        return "present" if values[-1] >= rule.bound else below
    is_true = values[-1] < values[0] if rule.status == "falls" else values[-1] > values[0]
    return "present" if is_true else "denied"


def _value(written: str) -> float:
    if written in spelled_numbers():
        return spelled_numbers()[written]
    number = _READ_NUMBER.match(written)
    return float(number[0]) if number else 0.0


@cache
def _rules() -> _Rules:
    rules: list[Rule] = []
    elements: list[tuple[frozenset[str], ...]] = []
    shared: dict[frozenset[str], frozenset[str]] = {}
    for row in read_rows(TABLE):
        if row["kind"] == "class":
            continue
        bound = _BOUND.match(row["status"])
        status = bound[1] if bound else row["status"]
        if not bound and status not in _STATUSES:
            raise ValueError(f"{TABLE}: {status!r} of {row['fact']} is no status")
        also = tuple(_other(entry) for entry in row["also"].split(";") if entry.strip())
        for pattern in row["patterns"].split(";"):
            needed, written = _read_pattern(pattern)
            if not needed:
                raise ValueError(f"{TABLE}: {pattern!r} of {row['fact']} names no word that must stand there")
            limit = float(bound[2]) if bound else 0.0
            # "The knee has not flared": where a pattern has no room for it, a "not" within denies.
            names_no = row["kind"] not in _DENIABLE or not _NO.isdisjoint(
                word for part in pattern.split() for word in _words(part.strip("()").split("|"))
            )
            first = pattern.split()[0]
            is_anchored = first[0] != "(" and "#" not in first.split("|")
            # Equal sets are one object.
            sets = tuple([shared.setdefault(one, one) for one in needed])
            rules.append(
                Rule(row["fact"], row["kind"], status, limit, also, written, sets, is_anchored, names_no)
            )
            elements.append(sets)
    order = sorted(range(len(rules)), key=lambda number: -len(elements[number]))
    fits: dict[str, int] = {}
    slices: list[tuple[int, int, int]] = []
    start = 0
    for place in range(len(elements[order[0]])):
        having = [number for number in order if len(elements[number]) > place]
        for bit, number in enumerate(having, start):
            for word in elements[number][place]:
                fits[word] = fits.get(word, 0) | 1 << bit
        members = (1 << len(having)) - 1
        slices.append((start, members, ((1 << len(rules)) - 1) & ~members))
        start += len(having)
    apart = sum(1 << bit for bit, number in enumerate(order) if rules[number].fact not in ABOUT_CARE)
    return _Rules(
        tuple(rules), tuple(order), fits, slices[0][1], apart, tuple(slices[1:]), _class("operation")
    )


def _other(entry: str) -> tuple[str, str, str]:
    fact, kind, status = entry.split()
    return fact, kind, status


def _read_pattern(pattern: str) -> tuple[list[frozenset[str]], str]:
    """Give the words that a pattern needs, and its regular expression.

    ``a|b`` is either word, ``(a)`` perhaps a word, ``{name}`` one of a class, ``#`` a number. Between words
    may stand up to three where it says ``..``, eight where ``...``, sixteen where ``....``, but no mark that
    ends a clause; ``,`` is one.
    """
    written = " "
    needed = []
    # No word of a sentence has a hyphen in it: "forty-five" is two.
    numerals = sorted(word for word in spelled_numbers() if "-" not in word)
    number = rf"[0-9]\S*|{'|'.join(numerals)}"
    first = pattern.split()[0].strip("()").split("|")
    # "No limp and | a signed agreement": what an article begins is not denied.
    ahead = "" if _NO_LIST.isdisjoint(_words(first)) else "(?!and an? )"
    for part in pattern.split():
        if part in _GAPS:
            written += rf"(?:{ahead}[^ {_CLAUSE_MARKS}]+ ){{0,{_GAPS[part]}}}?"
        elif part == "#":
            written += f"({number}) "
        else:
            choices = part.strip("()").split("|")
            words = _words(choices)
            spelled = [*map(re.escape, sorted(words)), *([number] if "#" in choices else ())]
            written += f"(?:(?:{'|'.join(spelled)}) )" + ("?" if part[0] == "(" else "")
            if part[0] != "(" and "#" not in choices:
                needed.append(frozenset(words))
    return needed, written


def _words(choices: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for choice in choices:
        if choice[0] == "{":
            found |= _class(choice.strip("{}"))
        elif choice != "#":
            found.update(words_of(choice))
    return found


@cache
def _class(name: str) -> frozenset[str]:
    return frozenset(_words(_classes()[name].split("|")))


@cache
def _classes() -> dict[str, str]:
    return {row["fact"]: row["patterns"] for row in read_rows(TABLE) if row["kind"] == "class"}
