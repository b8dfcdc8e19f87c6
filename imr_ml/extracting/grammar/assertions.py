"""What a sentence asserts: each fact present, denied, past, planned, possible, or someone else's words.

A small NegEx (Chapman et al. 2001, Journal of Biomedical Informatics 34, 301-310) of our own: the words that
deny, date, plan or doubt are rows of ``lexicons/summary_cues.csv``; each covers what follows it up to the
end of its clause, or what stands before it. Tests ("straight leg raise") take their result from the words
around them.
"""

from __future__ import annotations

from operator import attrgetter

from imr_ml.extracting.grammar.mentions import AFTER_REACH, DRUG_KINDS, FINDINGS, PAST_RISKS, Mention
from imr_ml.extracting.grammar.scope import (
    ACTING,
    CLAUSE_MARKS,
    COMMA,
    DENIED_AFTER,
    OPEN,
    PLAN,
    WANTED,
    Scope,
)
from imr_ml.extracting.grammar.signs import ENDS, SIGN_RESULTS, signs_found
from imr_ml.extracting.grammar.words import ANYTHING, CARE, CUE, TOLD, TRAIT, Hit, word_set

_CLOSE = CUE["close"]
_INJURY = CUE["injury"]
_BRACKETS = OPEN | _CLOSE
_MARKS = COMMA | _BRACKETS
_SCOPING = ACTING | _MARKS
_SAYING = TRAIT["fact"] | TRAIT["part"]
_TEST = TRAIT["test"]
_CARE = TRAIT["care"]


def assert_facts(
    words: list[str], hits: list[Hit], cues: int, examined: tuple[str, ...] = (), told: int = ANYTHING
) -> list[Mention]:
    """Give the facts that one sentence mentions, with their status.

    Parameters
    ----------
    words, hits : list
        As `words_of` and `find_hits` give them.
    cues : int
        All cues and traits of the hits.
    examined : tuple of str
        Parts of the body of which the examination goes on, where the sentence names none.
    told : int
        What its single words tell, as `look_up` gives it.
    """
    mentions: list[Mention] = []
    if not cues & _SAYING:
        return mentions
    # Most sentences deny, date and plan nothing: what they name is present, and commas end nothing.
    scope = Scope(words) if cues & ACTING else None
    denied_of: list[tuple[int, tuple[str, ...]]] = []
    for start, end, (facts, own, parts) in hits:
        if scope is not None and own & _SCOPING:
            if own & ACTING:
                scope.take_cues(own, start, end, mentions)
            elif start < scope.reach or start < scope.kept_to or own & _BRACKETS:
                scope.pass_mark(own, start, end)
        if not own & _SAYING:
            continue
        named = ""
        for fact, kind, status in facts:
            if kind == "mechanism" and not cues & _INJURY:
                continue
            if scope is not None and start < scope.reach:
                status = scope.status_of(kind, status, start, end)
                if status == "unrelated" and fact in PAST_RISKS and start >= scope.other_to:
                    # "Long before this injury he had asthma": it is his all the same.
                    status = "historical"
            if own & PLAN and (kind == "referral" or fact in _CLEARANCES):
                # "The surgeon wants", "cleared by cardiology for": whom he sees, and then what is wanted.
                status = "present"
            named = status or "present"
            mention = Mention(fact, kind, start, end, named)
            mentions.append(mention)
            if scope is not None and named == "present" and scope.asks_to_keep(fact, kind, start):
                mentions.append(Mention(fact, kind, start, end, "planned"))
            if parts and kind != "test":
                mention.parts = parts
        if parts and not own & _TEST:
            if not named:
                named = "present" if scope is None else scope.status_of_part(start, end)
                if not named and scope is not None and start < scope.denied_to:
                    denied_of.append((start, parts))
            elif named == "denied":
                # "No foot drop" denies no foot.
                continue
            if named:
                for part in parts:
                    mentions.append(Mention(part, "part", start, end, named))
    if cues & _CARE and told & _NAMES_EARLIER:
        _add_earlier_ones(words, mentions)
    if cues & _CARE and any(mention.fact in _CLEARANCES for mention in mentions):
        for mention in mentions:
            if (
                mention.kind in WANTED
                and mention.status == "present"
                and _is_cleared_for(words, mention.start)
            ):
                mention.status = "planned"
    if denied_of:
        _place_denied(mentions, words, denied_of)
    if mentions and "negative" in words:
        _read_minus_signs(words, mentions)
    if mentions and told & _ENDS_IN_DENIAL:
        _deny_counted_none(words, mentions)
        if _OF_CLAIM.isdisjoint(words):
            _deny_listed(words, mentions)
    if cues & _TEST:
        tests = [mention for mention in mentions if mention.kind == "test"]
        if told & _WANTS:
            tests = [test for test in tests if not _is_wanted(words, test.start)]
        mentions = [mention for mention in mentions if mention.kind != "test"]
        found = signs_found(words, hits, tests, examined, names_drawer=bool(told & _NAMES_DRAWER))
        if told & _TELLS_OF_SIGN:
            found = [mention for mention in found if not _is_of_sign(words, mention)]
        mentions += found
        mentions.sort(key=attrgetter("start"))
    return mentions


def _is_cleared_for(words: list[str], start: int) -> bool:
    """Say whether clearance is for the care named here: "psychological clearance for the | pump"."""
    while start and words[start - 1] in _BEFORE_CARE:
        start -= 1
    return words[max(0, start - 2) : start] == ["clearance", "for"]


_BEFORE_CARE = frozenset(
    ("a", "an", "the", "his", "her", "this", "any", "spinal", "cord", "lumbar", "cervical")
)


def _place_denied(
    mentions: list[Mention], words: list[str], placed: list[tuple[int, tuple[str, ...]]]
) -> None:
    """Let denied findings be of the parts named with them: "no | tenderness | or swelling of the knee"."""
    denied = [one for one in mentions if one.status == "denied" and one.kind in _OF_PART and not one.parts]
    for mention in denied:
        named: list[str] = []
        for start, parts in placed:
            between = words[mention.end : start] if start >= mention.end else words[start + 1 : mention.start]
            if len(between) <= _PART_REACH and _ELSEWHERE.isdisjoint(between):
                named += parts
        mention.parts = tuple(dict.fromkeys(named))


def _add_earlier_ones(words: list[str], mentions: list[Mention]) -> None:
    """Let care have been had of which an earlier one is told: "an MRI is requested; the last | showed"."""
    for place in range(2, len(words) - 1):
        if words[place - 1] not in _EARLIER_ONE or (words[place] != "one" and words[place - 1] != "last"):
            continue
        if words[place] not in _WAS_HAD and words[place + 1] not in _WAS_HAD:
            continue
        wanted = [one for one in mentions if one.kind in _HAD_AGAIN and one.end < place]
        if wanted and wanted[-1].status == "planned":
            one = wanted[-1]
            mentions.append(Mention(one.fact, one.kind, place - 1, place + 1, "present"))
            mentions.sort(key=attrgetter("start"))
            return


EARLIER = frozenset(("one", "last"))
"""Words that may name earlier care again."""
_NAMES_EARLIER = TOLD["earlier"]
_WANTS = TOLD["wanted test"]
_TELLS_OF_SIGN = TOLD["result of a sign"]
_NAMES_DRAWER = TOLD["drawer"]
_HAD_AGAIN = frozenset(("injection", "study", "surgery"))
_EARLIER_ONE = word_set("earlier one")
_WAS_HAD = word_set("tells of earlier one")


def _read_minus_signs(words: list[str], mentions: list[Mention]) -> None:
    """Deny findings with a minus before or behind them: "(-) numbness", "numbness (-)", "GERD -; HTN +"."""
    for mention in mentions:
        if mention.kind not in _OF_PART or mention.status != "present":
            continue
        # "GERD: (-)"
        after = mention.end + (words[mention.end : mention.end + 2] == [":", "("])
        before, behind = words[max(0, mention.start - 3) : mention.start], words[after : after + 3]
        is_bare = behind[:1] == ["negative"] and (len(behind) == 1 or behind[1] in _BEHIND_MINUS)
        if before == MINUS or (behind == MINUS and before != _PLUS) or is_bare:
            mention.status = "denied"


def _deny_listed(words: list[str], mentions: list[Mention]) -> None:
    """Deny what ends a clause with it: "vertigo is noted, tinnitus | denied", "sedative use | denied"."""
    for mention in mentions:
        end = mention.end
        if mention.kind in DRUG_KINDS and words[end : end + 1] == ["use"]:
            # A drug that is denied itself is one that utilization review denied.
            end += 1
            end += words[end : end + 1] in _IS_DENIED
        elif mention.kind not in FINDINGS:
            continue
        if (
            mention.status in _HAD_OR_WANTED
            and words[end : end + 1] == ["denied"]
            and (end + 1 == len(words) or words[end + 1] in CLAUSE_MARKS)
        ):
            mention.status = "denied"


_IS_DENIED = (["is"], ["was"])
_OF_CLAIM = word_set("of a claim")
_HAD_OR_WANTED = frozenset(("present", "historical"))
MINUS = ["(", "negative", ")"]
_BEHIND_MINUS = frozenset((",", ";", ")"))
_PLUS = ["(", "+", ")"]
_OF_PART = ("finding", "diagnosis")
_PART_REACH = 8
_ELSEWHERE = word_set("denied elsewhere")


def _deny_counted_none(words: list[str], mentions: list[Mention]) -> None:
    """Deny what is counted and comes to none: "PT visits to date: | 0 |", "| 0 | falls", "spasm | 0/4 |"."""
    for place, word in enumerate(words):
        if word not in _ZEROS:
            continue
        behind = words[place + 1] if place + 1 < len(words) else ";"
        before = [one for one in mentions if one.end <= place and one.kind != "part"]
        last = before[-1] if before else None
        between = words[last.end : place] if last is not None else []
        is_graded = word in _GRADED_NONE
        if (
            last is not None
            and last.kind in (FINDINGS if is_graded else CARE if "/" in word else _COUNTABLE)
            and last.fact not in _MEASURED
            and len(between) <= AFTER_REACH
            and _BEFORE_NONE.issuperset(between)
            and (is_graded or behind in _AFTER_NONE or not behind.isalpha())
            and words[place + 1 : place + 2] != ["%"]
        ):
            # "Opioids 0 mg a day" were taken before.
            last.status = "historical" if behind == "mg" and last.kind in DRUG_KINDS else "denied"
            if len(before) > 1 and before[-2].end == last.start and before[-2].kind in DRUG_KINDS:
                # "Opioid tablets: | 0 |"
                before[-2].status = "denied"
        ahead = next((one for one in mentions if one.start > place and one.kind != "part"), None)
        if "/" in word or ahead is None or ahead.kind not in _COUNTABLE or ahead.fact in _MEASURED:
            continue
        if not _NONE_OF.issuperset(words[place + 1 : ahead.start]):
            continue
        # "Tobacco: 0 packs a day", "smokes 0 cigarettes"
        is_same = last is not None and last.fact == ahead.fact and len(between) <= 1
        if is_same or not place or words[place - 1] in _BEGINS_NONE:
            ahead.status = "denied"
        if is_same and last is not None:
            last.status = "denied"


_GRADED_NONE = frozenset(("0/2", "0/3", "0/4"))
_ZEROS = frozenset(("0", "zero", "0/6", "0/8", "0/12", "0/18", "0/24")) | _GRADED_NONE
DENIED_AT_END = _ZEROS | {"denied"}
"""Words behind what they deny."""
_ENDS_IN_DENIAL = TOLD["denied at end"]
_COUNTABLE = DENIED_AFTER | {"mechanism", "event"}
_MEASURED = frozenset(("limited_motion", "weakness", "functional_limitation"))
_BEFORE_NONE = word_set("before a zero")
_AFTER_NONE = word_set("after a zero")
_BEGINS_NONE = word_set("begins with zero")
_NONE_OF = word_set("zero of")


def _is_of_sign(words: list[str], motion: Mention) -> bool:
    """Say whether a result is a sign's and not a motion's: "pain with | rotation |, Spurling negative"."""
    if motion.fact != "limited_motion" or motion.kind != "test":
        return False
    if not _RESULT_WORDS.isdisjoint(words[max(0, motion.start - _RESULT_REACH) : motion.start]):
        # "Painful motion, positive Tinel"
        return False
    for word in words[motion.end : motion.end + _RESULT_REACH]:
        if word in _RESULT_WORDS or word[0].isdigit():
            # "Flexion 45 degrees, negative leg raise" has a result of its own; so has "flexion 60/90".
            return word in SIGN_RESULTS or (motion.status == "denied" and _is_part_of_all(word))
    return False


def _is_part_of_all(word: str) -> bool:
    """Say whether a motion reaches less than it should: "60/90"."""
    reached, _, whole = word.partition("/")
    return reached.isdigit() and whole.isdigit() and int(reached) < int(whole)


_RESULT_REACH = 8
_RESULT_WORDS = word_set("any result")
_GAINS = word_set("to gain")
_AIMS = word_set("aim")
WANTING = _GAINS | _AIMS
"""Words of a sentence that may only want a test to be better."""
_GAIN_REACH = 5


def _is_wanted(words: list[str], start: int) -> bool:
    """Say whether what is named here is what care is to bring: "to regain full | motion", "the goal is"."""
    for place in range(start - 1, max(start - _GAIN_REACH, 0) - 1, -1):
        if words[place] in ENDS:
            return False
        if words[place] in _AIMS or (words[place] in _GAINS and place and words[place - 1] == "to"):
            return True
    return False


_CLEARANCES = frozenset(("medical_clearance", "psychological_clearance"))
