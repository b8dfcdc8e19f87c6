"""Statements that no phrase of fixed words holds: a word of one class near a word of another, in one clause.

"Walks 45 minutes, up from 10" and "ADLs are no better on Soma" both speak of function, and neither can be
listed. Rows of ``lexicons/summary_statements.csv`` put words and classes of words together; the first row of
a fact that a sentence fits says what holds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from imr_ml.extracting.grammar.assertions import MINUS
from imr_ml.extracting.grammar.mentions import DRUG_KINDS, Mention
from imr_ml.extracting.grammar.needs import ANY_NUMBER, Element, Needs
from imr_ml.extracting.grammar.scope import NEGATIVE
from imr_ml.extracting.grammar.sentences import begins_with_digit, is_year, words_of
from imr_ml.extracting.grammar.words import place_in_order, word_set, word_values
from imr_ml.extracting.lexicon import SPELLED_NUMBERS
from imr_ml.resources import read_rows

TABLE = "lexicons/summary_statements.csv"
ABOUT_CARE = frozenset(("care_outcome", "study_abnormal", "drug_harm"))
"""Statements that are no fact by themselves: they say how the care, study or drug of their sentence went."""

OF_HARM = frozenset(("side_effects", "drug_harm"))
"""Statements of harm that a drug did."""
_OUTCOMES = frozenset(("outcome", "outcome of care"))
_NOT_OR_NEVER = (["not"], ["never"])
_CLAUSE_MARKS = frozenset((",", ";", ":", "but"))
_GAPS = {"..": 3, "...": 8, "....": 16}
_END = -1
"""In place of a gap: the clause ends there."""
_READ_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STATUSES = frozenset(("present", "denied", "planned", "nothing", "aside", "falls", "rises", "climbs"))
# What stands in place of what states nothing: a mark that ends the clause, or any other word.
_HIDDEN = {"nothing": ";", "aside": "_"}
_BOUND = re.compile(r"(at least|from) (\d+(?:\.\d+)?)$")


class _Part:
    """One part of a pattern: a word of some, perhaps a number, that must or may stand there, or a gap.

    The gap of a list ("no ...") takes in no "and a".
    """

    def __init__(
        self, words: frozenset[str], gap: int, is_optional: bool, is_number: bool, is_of_list: bool
    ) -> None:
        self.words = words
        self.gap = gap
        self.is_optional = is_optional
        self.is_number = is_number
        self.is_of_list = is_of_list


class Rule:
    """One pattern of a row, the words that it needs, and whether the first of them begin it."""

    def __init__(
        self,
        fact: str,
        kind: str,
        status: str,
        bound: float,
        also: tuple[tuple[str, str, str], ...],
        parts: tuple[_Part, ...],
        needed: tuple[frozenset[str], ...],
        is_anchored: bool,
        names_no: bool,
        has_no: bool,
    ) -> None:
        self.fact = fact
        self.kind = kind
        self.status = status
        self.bound = bound
        self.also = also
        self.parts = parts
        self.needed = needed
        self.is_anchored = is_anchored
        self.names_no = names_no
        self.has_no = has_no
        self.is_about_care = fact in ABOUT_CARE
        self.is_hidden = status in _HIDDEN

    def find(self, words: list[str], numbers: list[int]) -> tuple[int, int]:
        """Give where the words begin and end that fit, -1 for none; `numbers` takes the places of numbers."""
        first = place_in_order(words, self.needed)
        if first < 0:
            return -1, -1
        for start in range(first if self.is_anchored else 0, len(words)):
            if self.is_anchored and words[start] not in self.needed[0]:
                continue
            end = _end(self.parts, 0, words, start, numbers)
            if end >= 0:
                return start, end
        return -1, -1


def _end(parts: tuple[_Part, ...], number: int, words: list[str], place: int, numbers: list[int]) -> int:
    """Give where the words end that fit the parts from a number on, -1 where none do.

    Of a gap as few words are tried first as will do, of what may stand there that it does.
    """
    size = len(numbers)
    while number < len(parts):
        part = parts[number]
        number += 1
        if part.gap == _END:
            if place < len(words) and words[place] not in _CLAUSE_MARKS:
                del numbers[size:]
                return -1
            continue
        if part.gap:
            for last in range(place, place + part.gap + 1):
                end = _end(parts, number, words, last, numbers)
                if end >= 0:
                    return end
                if last >= len(words) or words[last] in _CLAUSE_MARKS:
                    break
                if part.is_of_list and words[last] == "and" and words[last + 1 : last + 2] in _ARTICLES:
                    break
            del numbers[size:]
            return -1
        word = words[place] if place < len(words) else ""
        is_number = part.is_number and word not in part.words and _is_number(word)
        if is_number:
            numbers.append(place)
        if not is_number and word not in part.words:
            if not part.is_optional:
                del numbers[size:]
                return -1
        elif not part.is_optional:
            place += 1
        else:
            end = _end(parts, number, words, place + 1, numbers)
            if end >= 0:
                return end
            if is_number:
                numbers.pop()
    return place


_ARTICLES = (["a"], ["an"])


def _is_number(word: str) -> bool:
    # No word of a sentence has a hyphen in it: "forty-five" is two.
    return begins_with_digit(word) or word in SPELLED_NUMBERS


class _Rules(NamedTuple):
    """All rules in the order of the table, and what they need."""

    rules: tuple[Rule, ...]
    needs: Needs


def needs_of_rules() -> Needs:
    """Give what the rules need, by their numbers."""
    return _rules().needs


def operation_words() -> frozenset[str]:
    """Give the words of which one names each operation that utilization review may have decided on."""
    # "Manipulation under anesthesia" is one, manipulation alone is not.
    return _class("operation") | {"manipulation"}


def add_statements(
    words: list[str],
    mentions: list[Mention],
    *,
    met: list[int] | None = None,
    is_quoted: bool = False,
    has_care: bool = False,
    has_dates: bool = True,
) -> list[Mention]:
    """Add what the patterns find in a sentence, in place of what single phrases said of the same facts.

    Parameters
    ----------
    words, mentions : list
        Of the sentence.
    met : list of int or None
        The rules whose needs it meets, by `needs_of_rules`, where they are known already.
    is_quoted : bool, default=False
        Whether it is utilization review's: only what was decided on an operation is read then.
    has_care : bool, default=False
        Whether it may speak of care that was had: without, `ABOUT_CARE` is not looked for.
    has_dates : bool, default=True
        Whether it may hold dates with commas in them.

    Examples
    --------
    >>> add_statements("adl are no better on soma".split(), [])
    [functional_gain=denied]
    >>> add_statements("walking went from 5 to 20 minute".split(), [])
    [functional_gain=present]
    """
    table = _rules()
    if met is None:
        met = table.needs.met_by(words)
    rules: list[Rule] = []
    hides = False
    for number in met:
        rule = table.rules[number]
        if has_care or not rule.is_about_care:
            rules.append(rule)
            hides = hides or rule.is_hidden
    if hides:
        # What takes a statement back is looked for only where there is something to take back.
        said = {rule.fact for rule in rules if not rule.is_hidden}
        said.update([mention.fact for mention in mentions])
        rules = [rule for rule in rules if not rule.is_hidden or rule.fact in said]
    if is_quoted:
        rules = [rule for rule in rules if rule.fact in _QUOTED]
    if not rules:
        return mentions
    text = _without_date_commas(words) if has_dates else words
    found: dict[str, Mention] = {}
    texts: dict[str, list[str]] = {}
    numbers: list[int] = []
    masked: list[tuple[str, int, int]] = []
    for rule in rules:
        fact = rule.fact
        if fact in found:
            continue
        own = texts.get(fact, text) if texts else text
        numbers.clear()
        start, end = rule.find(own, numbers)
        if start < 0:
            continue
        if rule.is_hidden:
            masked.append((fact, start, end))
            texts[fact] = [*own[:start], *[_HIDDEN[rule.status]] * (end - start), *own[end:]]
            continue
        if _is_supposed(words, start) or (fact == "care_outcome" and _is_hoped(words, start)):
            continue
        if rule.kind in _STATED and rule.status == "present" and _is_of_kin_or_risk(words, start, end):
            continue
        if fact in _DONE_BY_KIN and _is_of_kin(words, start):
            # "His wife | does all the cooking" tells of no gain of his.
            continue
        if (
            rule.kind in _TESTED
            and _NONE_FOUND.isdisjoint(words[start:end])
            and any(
                m.fact == fact
                and m.start < end
                and start < m.end
                and m.told >= 0
                and words[m.told] in _PLAIN
                # "Lachman was negative in May and is now positive"
                and (
                    _BY_NOW.isdisjoint(words[m.told : end])
                    or any(m.told < other.start < end for other in mentions)
                )
                for m in mentions
            )
        ):
            # "Gait was antalgic and the strength was normal": what is told of the test itself stands.
            continue
        if rule.kind == "diagnosis" and (
            not _DOUBTS.isdisjoint(words[max(0, start - _DOUBT_REACH) : start])
            or any(m.fact == fact and m.status != "present" and m.start < end for m in mentions)
        ):
            continue
        if (
            rule.kind in _STATED
            and fact not in _OF_SUSPICION
            # "The provider is worried about misuse" tells of a sign of it, "look out for misuse" of none.
            and (fact != "aberrant_behavior" or _SUSPECTS.isdisjoint(words[start:end]))
            and any(
                # "Her daughter drives her" speaks of the patient all the same.
                m.kind in _DENIABLE and start <= m.start < end and m.status in _NOT_SAID[m.fact == fact :]
                for m in mentions
            )
        ):
            # "There is a risk of progressive weakness."
            continue
        status = _status(rule, own, numbers)
        if status == "nothing":
            continue
        if (
            fact == "no_lasting_gain"
            and status == "present"
            and _is_of_dose(words[start : end + 1], mentions)
        ):
            # "Relief from Norco | lasts four hours |": so long a dose acts.
            continue
        if rule.kind in _STATED and status == "present" and _is_averted(words, start):
            continue
        if fact in OF_HARM and not rule.names_no and not _NO.isdisjoint(words[start:end]):
            # "The nausea is | not | due to the opioid" says nothing of other harm.
            continue
        is_outcome_denied = status == "denied" and rule.kind in _OUTCOMES and not rule.has_no
        if is_outcome_denied and words[start - 1 : start] in _NOT_OR_NEVER:
            # "Did not | make him worse", "never | stopped working"
            continue
        if fact == "care_outcome" and status == "present" and tells_slight_share(words, start):
            status = "denied"
        is_turned = False
        is_open = rule.kind != "work" and is_doubted(words, start)
        if is_open and status == "denied":
            continue
        # "Not working as his employer cannot accommodate him": the "not" is used up by what it states.
        is_said = rule.kind == "work" and any(
            m.fact == fact and m.status == "present" and m.start < start for m in mentions
        )
        named = _named_status(rule, words, mentions, start, end) if status == "present" else ""
        if named == "unrelated":
            # "His father had | panic attacks"
            continue
        if named:
            # "Panic attacks | have never been diagnosed": a name alone is denied as any other is.
            status, is_turned = named, named == "denied"
        elif status == "present" and (
            (not is_said and _is_denied(words, start))
            or (not rule.names_no and not _NO.isdisjoint(words[start:end]))
            or _has_little(words[start:end])
            or is_open
            or _is_denied_after(words, end)
            or _is_answered_no(words, end)
        ):
            status, is_turned = "denied", True
        if fact == "study_abnormal" and status == "denied" and _shows_another(words, end, mentions):
            status = "present"
        if fact == "care_outcome" and status == "denied" and _is_help_after_all(words, start, end):
            status = "present"
        if (
            rule.status == "denied"
            and rule.kind in _DENIABLE
            and not rule.names_no
            and _is_not_so(words, start)
        ):
            # "Does not | sleep through the night"
            if fact not in _OPPOSED:
                continue
            status = "present"
        mention = Mention(fact, rule.kind, start, end, status)
        # "No neurological deficits in the legs"
        mention.parts = next((m.parts for m in mentions if m.fact == fact and start <= m.start < end), ())
        found[fact] = mention
        for other, kind, status in rule.also:
            if is_turned and status == "present":
                # "No triggering of the thumb"
                continue
            if status in _HIDDEN:
                # "Declined knee replacement | surgery"
                masked.append((other, start, end + 1))
                own = texts.get(other, text)
                texts[other] = [*own[:start], *[";"] * (end - start), *own[end:]]
            else:
                found.setdefault(other, Mention(other, kind, start, end, status))
    if not found and not masked:
        return mentions
    kept = [mention for mention in mentions if mention.fact not in found]
    # "A positive McMurray and a stable Lachman": one test is normal, another of the same joint is not.
    kept += [
        m
        for m in mentions
        if m.kind == "test"
        and m.status == "present"
        and m.fact in found
        and found[m.fact].status == "denied"
        and (m.end <= found[m.fact].start or found[m.fact].end <= m.start)
    ]
    if not _PARTS_CLAUSES.isdisjoint(words):
        # What another clause of a list says of the same fact stands beside it.
        kept += [
            m
            for m in mentions
            if m.fact in found
            and _is_apart(words, m, found[m.fact])
            and not _was_once(words, m, found[m.fact])
        ]
    for fact, start, end in masked:
        kept = [m for m in kept if m.fact != fact or m.start < start or end <= m.start]
    return kept + [mention for mention in found.values() if mention.status not in _HIDDEN]


def _named_status(rule: Rule, words: list[str], mentions: list[Mention], start: int, end: int) -> str:
    """Give what is said of a finding that words only name ("major | depression"), empty for more words."""
    if rule.kind in _CARE_NAMED:
        return _planned_name(rule, words, mentions, start, end)
    if rule.kind not in _STATED:
        return ""
    for mention in mentions:
        if (
            start <= mention.start
            and mention.end <= end
            and mention.status in _SAID
            and mention.kind in _STATED
            and end - start - (mention.end - mention.start) <= (mention.fact == rule.fact)
        ):
            return mention.status
    return ""


def _planned_name(rule: Rule, words: list[str], mentions: list[Mention], start: int, end: int) -> str:
    """Give what is said of care that words only name: "an | injection of steroid | is contemplated"."""
    if not _VERBS.isdisjoint(words[start:end]):
        return ""
    for mention in mentions:
        if mention.fact == rule.fact and start == mention.start and mention.end <= end:
            # A year or a colon tells of care that was had.
            is_name = all(word.isalpha() for word in words[start:end])
            return mention.status if is_name and mention.status in _OPEN_CARE else ""
    return ""


_CARE_NAMED = frozenset(("injection", "treatment", "surgery"))
_OPEN_CARE = ("planned", "unplanned", "possible", "denied")


def _shows_another(words: list[str], end: int, mentions: list[Mention]) -> bool:
    """Say whether a study showed something else: "failed to show a tear, | but did reveal arthritis"."""
    turn = next((at for at in range(end, len(words)) if words[at] in _TURNS), len(words))
    verb = turn + 1
    while verb < len(words) and words[verb] in _BEFORE_SHOWING:
        verb += 1
    return (
        words[verb : verb + 1] != []
        and words[verb] in _SHOWING
        and any(
            one.kind in ("diagnosis", "image") and one.status == "present" and one.start > verb
            for one in mentions
        )
    )


_TURNS = frozenset(("but", "though", "although", "yet"))
_BEFORE_SHOWING = frozenset(("it", "they", "did", "doe", "do", "also", "instead", "rather"))
_SHOWING = word_set("tells of study")


def _without_date_commas(words: list[str]) -> list[str]:
    """Give the words of a sentence with another in place of a date's comma, which ends no clause.

    Nor does one between part and date of a study, in brackets behind it.

    >>> _without_date_commas("on may 5 , 2014 , he".split())
    ['on', 'may', '5', '_', '2014', ',', 'he']
    >>> _without_date_commas("mri ( knee , 5/5/14 ) intact".split())
    ['mri', '(', 'knee', '_', '5/5/14', ')', 'intact']
    """
    text = [
        "_"
        if word == ","
        and 0 < place < len(words) - 1
        and _DAY.fullmatch(words[place - 1])
        and is_year(words[place + 1])
        else word
        for place, word in enumerate(words)
    ]
    for place, word in enumerate(text):
        is_note = word == "(" and place > 0 and text[place - 1] in _class("image")
        if is_note and ")" in text[place : place + _NOTE]:
            end = text.index(")", place)
            text[place:end] = ["_" if inner == "," else inner for inner in text[place:end]]
    return text


_NOTE = 12


_DAY = re.compile(r"\d{1,2}")


def _is_apart(words: list[str], mention: Mention, stated: Mention) -> bool:
    return mention.kind in _DENIABLE and not _PARTS_CLAUSES.isdisjoint(
        words[mention.end : stated.start] or words[stated.end : mention.start]
    )


_PARTS_CLAUSES = frozenset((";", "but", "yet"))


def _was_once(words: list[str], mention: Mention, stated: Mention) -> bool:
    """Say whether what is denied now was so before: "had | trouble sleeping | but | sleeps well | now"."""
    return (
        stated.status == "denied"
        and mention.end <= stated.start
        and not (mention.parts or stated.parts)
        and not _NOW.isdisjoint(words[max(0, stated.start - _NOW_REACH) : stated.end + _NOW_REACH])
        and not _ONCE.isdisjoint(words[max(0, mention.start - _ONCE_REACH) : mention.start])
    )


_NOW = word_set("by now")
_NOW_REACH = 2
_ONCE = word_set("was once so")
_ONCE_REACH = 4


_NO = word_set("no or free")
_PLAIN = word_set("plain result")
_BY_NOW = frozenset(("become", "now", "today", "turned"))
_TESTED = frozenset(("test", "finding"))
_DENIABLE = frozenset(("finding", "diagnosis", "test", "device"))
_STATED = frozenset(("finding", "diagnosis"))
_SAID = ("present", "denied", "unrelated")
_OF_SUSPICION = frozenset(("red_flags", "suspected_crps", "test_question"))
"""Facts that a mere suspicion states: "concerned about an infection"."""
_SUSPECTS = frozenset(("concern", "concerned", "fear", "feared", "suspect", "suspected", "suspicion"))
_SUSPECTS |= {"suspicious", "worried", "worry"}
_VERBS = word_set("main verb")
_NOT_SAID = ("unrelated", "possible")
_BE = word_set("be")
_OF_VERBS = word_set("no of verbs")
_DENY = word_set("denies")
_FOUND_ABSENT = word_set("found absent")
_BEGINS_ANEW = word_set("begins anew")
_OWNS = frozenset(("the", "his", "her"))
_THE_PART = 3
_ENDS = word_set("clause end")
_NO_REACH = 4
_OR_REACH = 6
_DOUBTS = word_set("doubt")
_DOUBT_REACH = 6
_DENY_REACH = 16


def _is_denied(words: list[str], start: int) -> bool:
    """Say whether what begins here is denied: by a "no" shortly before it, by a "denies" in its clause."""
    if words[start] in _DENIES_ITSELF:
        # "No car and | nobody to drive her"
        return False
    if is_far_from(words, start) or _is_too_much_for(words, start):
        return True
    is_near, has_and, has_or = True, False, not _OR.isdisjoint(words[start : start + _OR_REACH])
    for reach in range(1, min(start, _DENY_REACH) + 1):
        word = words[start - reach]
        if word in _ENDS or (word == "and" and words[start - reach + 1] in _BEGINS_ANEW):
            return False
        if word == "and" and reach == 1 and words[start] in _UNABLE:
            # "Lives without a lift and | cannot get out"
            return False
        if words[start] in _GIVES_CAUSE and reach > 1:
            # "Cannot take naproxen | because of his poor kidneys", "has not healed | despite care"
            return False
        if word == "and" and 1 < reach <= _THE_PART and words[start - reach + 1] in _OWNS:
            # "Without falling, and the back | flared"
            return False
        if word in _DENY and not _LACKS.isdisjoint(words[start - reach + 1 : start][:_LACKED]):
            # "Denies any loss of effect and says | he walks a mile"
            return False
        if word in _DENY or (word == "non" and reach == 1):
            return True
        ahead = words[start - reach + 1 : start - reach + 3]
        if (
            word in _FAILS
            and ahead[:1] == ["to"]
            and (reach == _RIGHT_BEHIND or not _class("not_shown").isdisjoint(ahead))
        ):
            # "The scan failed to reveal | a tear", "failed to | help him walk"
            return True
        is_inverted = word == "never" or (
            word == "time" and words[start - reach - 1 : start - reach] == ["no"]
        )
        if is_inverted and ahead[:1] and ahead[0] in _ASKING:
            # "Never has he had | side effects", "at no time did it | make him drowsy"
            return True
        if word == "nothing" and not _SUGGESTS.isdisjoint(words[start - reach + 1 : start]):
            # "Nothing on examination suggests that the pain is | facet mediated"
            return True
        if word == "without" and _lacks_drug(words[start - reach + 1 : start]):
            # "Pain is 9 without meds, and with them | he can walk", "without Ambien | she lies awake"
            continue
        is_near = is_near and word != "," and reach <= _NO_REACH
        has_and, has_or = has_and or word == "and", has_or or word in _OR
        # "No pain and locking" denies both, "not effective and caused nausea" does not.
        if (
            is_near
            and word in _NO
            and words[start] in _VERBS
            and words[start - 1] == "and"
            and ahead[0] in _HARM
        ):
            # "Has no side effects and | eases the pain"
            return False
        is_result = has_and and word in NEGATIVE and words[start - reach + 1] != "for"
        # "The leg raise was negative | and facet loading hurt"
        if is_near and word in _NO and not (has_and and word in _OF_VERBS) and not is_result:
            # "No more than | temporary help"
            return words[start - reach + 1 : start - reach + 3] != ["more", "than"]
        if has_or and word in _NO_LIST:
            # "no nausea, vomiting or drowsiness"
            return True
    return False


def _lacks_drug(behind: list[str]) -> bool:
    """Say whether what stands behind "without" begins with a drug, and no more than it is lacking."""
    named = next((word for word in behind if word not in _OWN_DRUG), "")
    return named in _MEDICATION or named in _class("any_drug")


_OWN_DRUG = word_set("own drug")
_HARM = word_set("denied harm")
_LACKS = frozenset(("lack", "loss", "absence", "waning"))
_LACKED = 3
_GIVES_CAUSE = frozenset(("because", "despite", "due", "owing"))
_DENIES_ITSELF = word_set("denies itself")
_MEDICATION = word_set("taken")
_SUGGESTS = word_set("suggests")
_FAILS = word_set("failed to show")
_UNABLE = frozenset(("cannot", "unable", "never"))
_RIGHT_BEHIND = 2
_ASKING = frozenset(("has", "have", "had", "did", "doe", "does", "was", "were", "is"))
_OR = word_set("or")
_NO_LIST = word_set("no of lists")


_SUPPOSING = word_set("supposing")


def _is_supposed(words: list[str], start: int) -> bool:
    """Say whether what begins here is only supposed: "if function improves" states no gain."""
    for word in reversed(words[max(0, start - _DENY_REACH) : start]):
        if word in _SUPPOSING:
            return True
        if word == "," or word in _ENDS:
            return False
    return False


def _is_of_dose(said: list[str], mentions: list[Mention]) -> bool:
    """Say whether the hours told of relief are those of a drug's dose, and are not called few."""
    return (
        not _HOURS.isdisjoint(said)
        and _TOO_SHORT.isdisjoint(said)
        and any(one.kind in DRUG_KINDS and one.status == "present" for one in mentions)
        and all(one.kind not in _GIVEN for one in mentions)
    )


_HOURS = frozenset(("hour", "hr", "h"))
_TOO_SHORT = word_set("too short relief")
_GIVEN = frozenset(("treatment", "injection", "surgery"))


def _is_averted(words: list[str], start: int) -> bool:
    """Say whether what begins here would be so but for a drug: "would be | in bed | but for Norco"."""
    if _WOULD.isdisjoint(words[max(0, start - _WOULD_REACH) : start]):
        return False
    for place, word in enumerate(words):
        if (
            word == "for"
            and words[place - 1] in _BUT
            and not _class("any_drug").isdisjoint(words[place + 1 : place + 4])
        ):
            return True
        if word == "without" and _lacks_drug(words[place + 1 :]):
            return True
    return False


_WOULD = frozenset(("would", "could"))
_WOULD_REACH = 4
_BUT = frozenset(("but", "not"))


def _is_of_kin_or_risk(words: list[str], start: int, end: int) -> bool:
    """Say whether another person has what begins here, or it only may come: "the risk of | a tear"."""
    behind = words[end : end + _RISK_REACH] if words[end : end + 1] in _AMONG else []
    near = words[max(0, start - _RISK_REACH) : start] + behind
    if not _RISK.isdisjoint(near) and "factor" not in near:
        # "Lists a prior ulcer among his risk factors" tells of one he had.
        return True
    return _is_of_kin(words, start)


def _is_of_kin(words: list[str], start: int) -> bool:
    for reach in range(1, min(start, _KIN_REACH) + 1):
        word = words[start - reach]
        if word in _ENDS or word in _TELLS_OF_WORKER:
            return False
        if word in _class("kin"):
            return True
    return False


_DONE_BY_KIN = frozenset(("functional_gain", "functional_limitation", "homebound"))
_RISK = frozenset(("risk", "complication", "consent"))
_RISK_REACH = 6
_AMONG = (["among"], ["as"])
_KIN_REACH = 4
_TELLS_OF_WORKER = frozenset(("he", "she", "that", "patient", "worker", "by", "with", "him", ","))


def _is_hoped(words: list[str], start: int) -> bool:
    """Say whether what care does is only looked for: "massage could | loosen the neck"."""
    return words[start] != "not" and not _HOPED.isdisjoint(words[max(0, start - _HOPED_REACH) : start])


_HOPED = word_set("hoped") - {"may"} | {"could"}
_HOPED_REACH = 2


def _has_little(words: list[str]) -> bool:
    """Say whether words deny without a "no": "the scan showed | little evidence | of it"."""
    return any(word in _LITTLE and other in _EVIDENCE for word, other in itertools.pairwise(words))


_LITTLE = word_set("hardly any")
_EVIDENCE = frozenset(("evidence", "indication", "sign", "suggestion"))


def _is_denied_after(words: list[str], end: int) -> bool:
    """Say whether the list that goes on here ends in a denial: "low mood, fear and panic | were denied"."""
    for place in range(end, min(end + _DENY_REACH, len(words) - 1)):
        if words[place] in _BE:
            behind = place + 1
            while behind < len(words) and words[behind] in _DEGREES:
                behind += 1
            said = words[behind] if behind < len(words) else ""
            if said in _LOOKED or (said == "not" and words[place - 1] not in _NO):
                # "Was looked for and not found", "is not among his complaints", "has been ruled out"
                rest = words[behind : behind + _LOOKED_REACH]
                return ("not" in rest and not _NOT_FOUND.isdisjoint(rest)) or rest[:2] == ["ruled", "out"]
            return said in _DENIED_SO and words[place - 1] not in _FOUND_ABSENT
        if words[place] in _ENDS:
            return False
    return False


_LOOKED = frozenset(("looked", "sought", "searched", "ruled"))
_LOOKED_REACH = 6
_NOT_FOUND = frozenset(("found", "seen", "among", "elicited", "present", "noted", "detected"))
_DOUBTFUL = word_set("doubtful")
_DENIED_SO = _DOUBTFUL | {"denied", "absent"}
_DEGREES = word_set("before a denial")


def is_doubted(words: list[str], start: int) -> bool:
    """Say whether what begins here is not held to be so: "it does not appear that therapy | failed".

    Examples
    --------
    >>> is_doubted("it is unlikely that therapy failed".split(), 4)
    True
    >>> is_doubted("there is no doubt that therapy failed".split(), 5)
    False
    >>> is_doubted("he does not appear depressed and failed therapy".split(), 6)
    False
    """
    for place in range(start, max(start - _DOUBTED_REACH, 0), -1):
        if place < start and (words[place] in _ENDS or words[place] in _JOINS):
            return False
        if words[place] not in _BEGINS_CLAIM:
            continue
        # "Cannot be said to have"
        last = place - 1 - (words[place - 1] == "to")
        view, before = words[last], words[max(0, last - _VIEW_REACH) : last]
        if view in _DOUBTFUL:
            return _NO.isdisjoint(before)
        if view in _VIEWS and not _NO.isdisjoint(before):
            return True
    return False


_DOUBTED_REACH = 9
_VIEW_REACH = 3
_JOINS = frozenset((",", "and"))
_BEGINS_CLAIM = word_set("begins a claim")
_VIEWS = word_set("held to be so")


_OPPOSED = frozenset(("insomnia", "gait_change", "functional_limitation"))
"""Facts that hold where what denies them is denied."""
_NOT_SO = word_set("not so")


def _is_help_after_all(words: list[str], start: int, end: int) -> bool:
    """Say whether a denial of help states some: "not | without benefit", "no relief | unless taken"."""
    if words[start] == "without" and words[start - 1 : start] in _NOT_OR_NEVER:
        return True
    behind = words[end : end + 1]
    if behind == ["without"]:
        return not _class("any_drug").isdisjoint(words[end + 1 : end + 3])
    return behind in _UNLESS


_UNLESS = (["unless"], ["except"])


def is_far_from(words: list[str], start: int) -> bool:
    """Say whether what begins here is the opposite of what is: "far from | helpful"."""
    return tuple(words[max(0, start - 2) : start]) in _FAR_FROM and not begins_with_digit(words[start])


_FAR_FROM = frozenset((("far", "from"), ("anything", "but"), ("less", "than")))


def tells_slight_share(words: list[str], place: int) -> bool:
    """Say whether a share too small to be felt stands here: "| 5 | % relief", not "x | 10 | relief"."""
    return words[place : place + 1] in _SLIGHT and (not place or words[place - 1] != "x")


_SLIGHT = (["5"], ["10"], ["15"], ["5-10"], ["10-15"])


def _is_not_so(words: list[str], start: int) -> bool:
    return words[start - 1 : start] != [] and (
        words[start - 1] in _NOT_SO
        or words[max(0, start - 2) : start] == ["unable", "to"]
        or _is_too_much_for(words, start)
    )


def _is_too_much_for(words: list[str], start: int) -> bool:
    """Say whether what begins here cannot be done: "too groggy to | drive"."""
    return words[start - 1 : start] == ["to"] and "too" in words[max(0, start - _TOO_REACH) : start - 2]


_TOO_REACH = 5


def _is_answered_no(words: list[str], end: int) -> bool:
    """Say whether a "none", "0" or minus answers what ends here: "giving way: | none", "GI bleeds | 0"."""
    if words[end : end + 3] == MINUS:
        return True
    # "Gains from opioids : | none"
    has_colon = words[end - 1] == ":"
    for place in range(end, min(end + _ANSWER_REACH, len(words))):
        word = words[place]
        if word in _ZERO or (has_colon and (word in _NONE or word == "no")):
            behind = words[place + 1 : place + 2]
            return not behind or behind[0] in _AFTER_ZERO
        if word not in _BEFORE_ZERO or word == ",":
            return False
        has_colon = has_colon or word == ":"
    return False


_ANSWER_REACH = 5
_ZERO = frozenset(("0", "zero"))
_NONE_FOUND = _ZERO | {"0/3", "0/4", "0/5", "0/6"}
_NONE = word_set("denied answer")
_BEFORE_ZERO = word_set("before a zero")
_AFTER_ZERO = word_set("after a zero")


_SECONDS = word_values("seconds")
_QUOTED = frozenset(("operation_denied", "surgery"))


def _status(rule: Rule, words: list[str], numbers: list[int]) -> str:
    if rule.status not in ("falls", "rises", "climbs", "at least", "from"):
        return rule.status
    units = [_SECONDS.get(words[place + 1]) if place + 1 < len(words) else None for place in numbers]
    # "40 to 15 minutes"
    of_both = units[-1] or units[0] or 1.0
    values = [_value(words[place]) * (unit or of_both) for unit, place in zip(units, numbers, strict=True)]
    if rule.bound:
        below = "denied" if rule.status == "at least" else "nothing"
        return "present" if values[-1] >= rule.bound else below
    if rule.status == "climbs":
        return "present" if values[-1] > values[0] else "nothing"
    if rule.fact == "care_outcome" and rule.status == "falls" and _LEAST <= values[0] <= 10:
        # A point of ten is no help: "TENS brought the pain from 8 to 7".
        values[0] -= 1.0
    is_true = values[-1] < values[0] if rule.status == "falls" else values[-1] > values[0]
    return "present" if is_true else "denied"


_LEAST = 5
"""The pain, of ten, from which a point less is little."""


def _value(written: str) -> float:
    if written in SPELLED_NUMBERS:
        return SPELLED_NUMBERS[written]
    number = _READ_NUMBER.match(written)
    return float(number[0]) if number else 0.0


@cache
def _rules() -> _Rules:
    rows = read_rows(TABLE)
    rules: list[Rule] = []
    shared: dict[_Written, _Part] = {}
    for row in rows:
        if row["kind"] == "class":
            continue
        bound = _BOUND.match(row["status"])
        status = bound[1] if bound else row["status"]
        if not bound and status not in _STATUSES:
            raise ValueError(f"{TABLE}: {status!r} of {row['fact']} is no status")
        also = tuple(_other(entry) for entry in row["also"].split(";") if entry.strip())
        for pattern in row["patterns"].split(";"):
            # Equal parts are one object.
            parts = tuple([shared.setdefault(one, _Part(*one)) for one in _read_pattern(pattern)])
            needed = tuple([p.words for p in parts if p.words and not (p.is_optional or p.is_number)])
            if not needed:
                raise ValueError(f"{TABLE}: {pattern!r} of {row['fact']} names no word that must stand there")
            limit = float(bound[2]) if bound else 0.0
            # "The knee has not flared": where a pattern has no room for it, a "not" within denies.
            has_no = any(not _NO.isdisjoint(p.words) for p in parts)
            names_no = has_no or (row["kind"] not in _DENIABLE and row["fact"] not in OF_HARM)
            first = pattern.split()[0]
            is_anchored = first[0] != "(" and "#" not in first.split("|")
            rules.append(
                Rule(
                    row["fact"],
                    row["kind"],
                    status,
                    limit,
                    also,
                    parts,
                    needed,
                    is_anchored,
                    names_no,
                    has_no,
                )
            )
    needs = Needs([(*rule.needed, *_numbers_needed(rule.parts)) for rule in rules])
    return _Rules(tuple(rules), needs)


def _numbers_needed(parts: Iterable[_Part]) -> list[Element]:
    """Give the element of numbers where one must stand there."""
    return [ANY_NUMBER] if any(p.is_number and not (p.is_optional or p.words) for p in parts) else []


def _other(entry: str) -> tuple[str, str, str]:
    fact, kind, status = entry.split()
    return fact, kind, status


_Written = tuple[frozenset[str], int, bool, bool, bool]
"""What a `_Part` is made of."""


def _read_pattern(pattern: str) -> list[_Written]:
    """Take a pattern apart.

    ``a|b`` is either word, ``(a)`` perhaps a word, ``{name}`` one of a class, ``#`` a number. Between words
    may stand up to three where it says ``..``, eight where ``...``, sixteen where ``....``, but no mark that
    ends a clause; ``,`` is one. At ``.`` the clause ends.
    """
    written = pattern.split()
    # "No limp and | a signed agreement": what an article begins is not denied.
    is_of_list = not _NO_LIST.isdisjoint(_words(written[0].strip("()").split("|")))
    parts: list[_Written] = []
    for part in written:
        if part in _GAPS or part == ".":
            parts.append((frozenset(), _GAPS.get(part, _END), False, False, is_of_list))
        else:
            choices = part.strip("()").split("|")
            parts.append((frozenset(_words(choices)), 0, part[0] == "(", "#" in choices, False))
    return parts


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
    """Give the words of a class, those of the classes in it included."""
    return frozenset(_words(_classes()[name].split("|")))


@cache
def _classes() -> dict[str, str]:
    return {row["fact"]: row["patterns"] for row in read_rows(TABLE) if row["kind"] == "class"}
