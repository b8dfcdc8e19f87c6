"""How far the words of a sentence reach that deny, date, plan or doubt: to what follows, or stood before."""

from __future__ import annotations

from itertools import pairwise

from imr_ml.extracting.grammar.mentions import (
    AFTER_REACH,
    BE,
    BE_VERBS,
    CLAUSE_ENDS,
    COLON,
    DENIES,
    DENY,
    DRUG_KINDS,
    FINDINGS,
    INTRODUCES,
    LIST_REACH,
    LONG_REACH,
    NO,
    PAST_RISKS,
    STOP,
    Mention,
)
from imr_ml.extracting.grammar.sentences import begins_with_digit
from imr_ml.extracting.grammar.words import CARE, CUE, word_set
from imr_ml.extracting.lexicon import whole_number

DENIED_AFTER = FINDINGS | CARE | {"outcome"}
_GONE = word_set("gone")
_SCORED_WORDS = frozenset(("pain", "score", "vas", "nrs"))
_ANSWERED = frozenset(("work",))
_NO_OR_NOT = frozenset(("no", "not"))
_NAMES_NEXT = frozenset(("for", "of"))
_AT_FIRST = 3
_BEHIND_CARE = frozenset(("after", "following", "since", "during"))
_MAY_BE_LISTED = ("present", "historical", "planned", "possible")
_VERBS = word_set("main verb")
_ASIDE = word_set("aside")
_DENIAL_REACH = 9
COMMA = CUE["comma"]
OPEN = CUE["open"]
_APART = CUE["apart"]
_NO_AFTER = CUE["no after"]
_POSSIBLE = CUE["possible"]
_HISTORY = CUE["history"]
_FAMILY = CUE["family"]
_CONTINUE = CUE["continue"]
_REASON = CUE["reason"]
_ALONG = CUE["along"]
_HISTORY_AFTER = CUE["history after"]
_SUPPOSED = CUE["supposed"]
_POSSIBLE_AFTER = CUE["possible after"]
PLAN = CUE["plan"]
_ORDER = CUE["order"]
_PLAN_AFTER = CUE["plan after"]
_WEIGHED = CUE["weighed"]
_DONE = CUE["done"]
_DONE_AFTER = CUE["done after"]
_ENDS_LISTS = STOP | PLAN | _ORDER | _DONE
_PLANS = PLAN | _ORDER | _PLAN_AFTER | _DONE | _DONE_AFTER | _REASON
ACTING = STOP | COLON | NO | DENY | _NO_AFTER | _POSSIBLE | _HISTORY | _FAMILY | _APART | _CONTINUE
_PLANS_OR_WEIGHS = PLAN | _PLAN_AFTER | _DONE | _WEIGHED
ACTING |= _PLANS | _HISTORY_AFTER | _POSSIBLE_AFTER | _ALONG | _WEIGHED
CLAUSE_MARKS = word_set("clause end") | {",", ")"}
_NONE = word_set("denied answer")
_YET = ["yet"]
_FAILS = word_set("fails")
_HEADS_DENIED = word_set("heads denied list")
_NEVER = frozenset(("not", "never", "yet"))
_HEADING_REACH = 3
_EFFECTS = frozenset(("response", "relief", "benefit", "effect", "result", "improvement", "outcome", "gain"))
NEGATIVE = frozenset(("negative", "neg"))
_HAS = frozenset(("has", "have", "had"))
_FOUND = word_set("found there")
_OF_ONE_VERB = frozenset(("is", "was"))
_HAD_VERBS = word_set("had before")
_SINCE_KINDS = frozenset(("surgery", "injection"))
_TURNED_DOWN = frozenset(("not", "denied", "refused", "declined", "never"))


class Scope:
    """How far the cues met so far reach: each ``..._to`` is the word where one ends, `reach` the last.

    What is named from `reach` on is present, or what its own phrase says.
    """

    denied_to = -1
    doubted_to = -1
    supposed_to = -1
    past_to = -1
    other_to = -1
    kept_to = -1
    reach = -1
    kin_end = -9
    is_strong = False
    is_narrow = False
    is_risk = False
    is_planned = False
    is_ordered = False
    has_wanted = False
    is_apart = False
    is_of_allergy = False
    keeps_drugs = False
    is_past_list = False
    is_of_disease = False
    clause = 0
    outside = 0
    denied_from = 0
    unwanted_from = -1
    resumed_at = -1
    needed_to = -1

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def pass_mark(self, cues: int, start: int, end: int) -> None:
        """End what ends at a comma, or does not reach out of brackets."""
        if cues & COMMA:
            if start == self.resumed_at or self._is_interrupted(start):
                return
            if start < self.denied_to and self.words[end : end + 1] == ["only"]:
                # "He takes no Norco, | only naproxen"
                self.denied_to = -1
            if start < max(self.denied_to, self.doubted_to) and (
                not _goes_on(self.words, end)
                or (self.is_of_disease and _OR.isdisjoint(self.words[end:]))
                or self._ends_list(start, end)
            ):
                if not self.is_risk:
                    self.doubted_to = self.supposed_to = -1
                if not self.is_strong:
                    self.denied_to = -1
            self.kept_to = -1
            if not self.is_past_list:
                self.past_to = -1
        elif cues & OPEN:
            self.outside = self.denied_to
        else:
            self.denied_to = self.outside
            self.reach = max(self.reach, self.denied_to)

    def _is_interrupted(self, start: int) -> bool:
        """Say whether a denial goes on behind a few words aside: "was not |, however, | using opioids"."""
        if (
            not self.denied_from
            or not self.denied_from <= start <= self.denied_from + 1
            or start >= self.denied_to
        ):
            return False
        if self.words[self.denied_from - 1] not in _NOT_YET or not _NOW.issuperset(
            self.words[self.denied_from : start]
        ):
            return False
        behind = self.words[start + 1 : start + 2 + _ASIDE_REACH]
        if "," not in behind or self.words[start + 1] not in _OPENS_ASIDE:
            return False
        self.resumed_at = start + 1 + behind.index(",")
        self.denied_to = max(self.denied_to, self.resumed_at + _DENIAL_REACH)
        self.reach = max(self.reach, self.denied_to)
        return True

    def _ends_list(self, start: int, end: int) -> bool:
        """Say whether ", and" joins no list but another clause: "no swelling of the knee, | and numbness"."""
        if self.is_strong or self.words[end : end + 1] != ["and"] or start >= self.denied_to:
            return False
        return _LISTING.isdisjoint(self.words[self.denied_from : start])

    def take_cues(self, cues: int, start: int, end: int, mentions: list[Mention]) -> None:
        """Let the cues of a phrase reach forward, or back to what has been mentioned."""
        is_yet = start == self.denied_from and self.words[start:end] == _YET
        if start < self.resumed_at or (is_yet and _FAILS.isdisjoint(self.words[end : end + 1])):
            # "Not, however, ...", "has not | yet | received therapy"
            return
        if self.reach < 0 and cues & ACTING == STOP:
            # The most frequent cue, and nothing that it could end.
            self.clause = len(mentions)
            self.is_strong = False
            return
        if cues & CLAUSE_ENDS and not (start < self.denied_to and self._is_of_none(start)):
            if not (start < self.supposed_to and self._keeps_supposing(start)):
                # "If the MRI showed | instability", "whether it is due to | a tear"
                self.doubted_to = self.supposed_to = -1
            self.denied_to = self.past_to = -1
            self.is_strong = False
            if cues & COLON and self.words[end : end + 1] and self.words[end] in _NONE:
                # "Numbness: none."
                # "MRI: negative" was done.
                kinds = FINDINGS if self.words[end] in NEGATIVE else DENIED_AFTER
                if self._tells_of_effect(start):
                    kinds = FINDINGS
                for mention in _listed_before(self.words, mentions[self.clause :], start, kinds):
                    mention.status = "denied"
            if cues & COLON and self._heads_denial(start):
                # "Not tried: therapy, acupuncture"
                self.denied_to, self.is_strong, self.denied_from = len(self.words), True, end
            self.clause = len(mentions)
            if cues & STOP and not self._stays_with_kin(start):
                self.other_to = -1
        if cues & DENIES:
            self.is_strong = not cues & NO
            self.unwanted_from = -1
            self.is_of_disease = _is_of_disease(self.words, start, mentions)
            self.denied_from = end
            if self.words[end - 2] in _HAS and self.words[end - 1] == "not" and self._ends_clause(end):
                # "Therapy has been tried and acupuncture has | not |"
                for mention in _listed_before(self.words, mentions[self.clause :], end - 2, CARE):
                    mention.status = "denied"
            is_elliptic = self.words[end - 1] == "not" and self.words[end - 2] in BE_VERBS
            if is_elliptic and self.clause and self._ends_clause(end) and not _FOUND.isdisjoint(self.words):
                # "Numbness is noted, while weakness is | not |"
                for mention in _listed_before(self.words, mentions[self.clause :], end - 2, FINDINGS):
                    mention.status = "denied"
            is_not_yet = self.words[end - 1 : end + 1] == ["not", "yet"] and self._ends_clause(end + 1)
            is_left_out = self.words[end - 1] in _NEVER_HAD and self._ends_clause(end)
            if is_not_yet or is_left_out:
                # "MRI | not yet |.", "Blocks | not yet tried |, Norco daily"
                for mention in _listed_before(self.words, mentions[self.clause :], start, CARE):
                    mention.status = "denied"
            self.is_narrow = self.words[start:end] == ["non"]
            self.denied_to = len(self.words) if self.is_strong else end + _DENIAL_REACH
            if self.words[start] == "nothing":
                # "Nothing on examination | suggests | that the low back pain is facet mediated"
                for place in range(end, min(end + LIST_REACH, len(self.words))):
                    if self.words[place] in _SUGGESTS:
                        self.denied_to = place + _DENIAL_REACH
            if self.is_narrow:
                # "Non-drug treatment of insomnia" denies no insomnia.
                self.denied_to = end + 1
            if is_left_out:
                self.denied_to = -1
        is_answer = start > 0 and self.words[start - 1] == ":"
        # "Spasm | absent |", but "absent reflexes"
        is_adjective = self.words[start:end] == ["absent"] and not self._ends_clause(end)
        is_lost = is_adjective or self.words[start - 1] in _FOUND_ABSENT or self._is_none_of_next(start, end)
        if (cues & _NO_AFTER and not is_lost) or (
            is_answer and cues & DENIES and self._is_answer(start, end)
        ):
            # "An infection, antibiotics for six weeks, resolved": the antibiotics were given.
            is_gone = (
                self.words[end - 1] in _GONE
                or self._is_none_now(end)
                or self.words[end - 2 : end] == ["ruled", "out"]
            )
            is_lacking = self.words[end - 1] in _LACKING
            kinds = FINDINGS if is_gone else DENIED_AFTER
            if (is_answer or self.words[start] == ":") and self._tells_of_effect(start - is_answer):
                kinds = FINDINGS
            if is_answer:
                if self.words[start] in _NO_OR_NOT:
                    # "MMI: no", "off work: no", "permanent and stationary: not yet"
                    kinds = kinds | _ANSWERED
                # "PT: none to date", "side effects: denied"
                listed = _listed_before(self.words, mentions, start - 1, kinds)
            else:
                listed = _listed_before(self.words, mentions[self.clause :], start, kinds)
                is_told = is_gone or self.words[start] == "none" or self.words[start - 1] in _THESE
                if not listed and self.clause and is_told:
                    listed = self._told_before(start, end, mentions, kinds)
                elif not listed and self.words[end - 1] in _IT:
                    # "He was screened for lupus, and the doctor says that he | does not have it |"
                    listed = [m for m in mentions if m.kind in FINDINGS and m.status in _MAY_BE_LISTED][-1:]
            if is_gone and self.words[end - 1] == "none" and mentions and mentions[-1].fact == "medication":
                # "Medication: none now"
                listed = [mentions[-1]]
            if is_lacking:
                listed = [one for one in listed if not _is_means(self.words, one.start)]
            if self._is_none_of_these(start, end):
                listed = [one for one in listed if one.kind not in CARE]
            if is_gone and len(listed) > 1 and self.words[start] not in BE_VERBS:
                listed = _last_of_clauses(self.words, listed)
            elif (
                self.words[start] == "not"
                and len(listed) > 1
                and _ENDS_LIST.isdisjoint(self.words[listed[-1].end : listed[0].start])
            ):
                # "Full thickness tear, AC arthrosis, SLAP | not seen": no list without an "and" or "or"
                del listed[1:]
            for mention in listed:
                mention.status = "denied"
            if not listed and self.words[start - 1] in _TURNS_TO_NOT:
                # "An MRI was ordered but | not done"
                listed = self._ordered_before(mentions)
            # "He has not started therapy": what it denies follows.
            is_before = (
                listed or is_answer or not (cues & DENIES or not _NOT_YET.isdisjoint(self.words[start:end]))
            )
            self.denied_to = -1 if is_before else end + LIST_REACH
        # "An injection was offered; | declined", not "he declined | surgery"
        if cues & _POSSIBLE_AFTER and (self.words[start] not in _DECLINED or self._ends_clause(end)):
            # "Numbness is to be expected", "a fracture must be ruled out"
            # "An MRI would be needed" is planned, "an MRI is the study of choice" is not.
            # "Numbness persists, and heavy work is avoided": what is put off is care.
            kinds = FINDINGS if cues & _PLAN_AFTER else DENIED_AFTER
            if self.words[end - 1] in _PUT_OFF:
                kinds = CARE
            for mention in _listed_before(self.words, mentions[self.clause :], start, kinds):
                if kinds is not CARE or self.words[mention.start - 1] not in _EARLIER:
                    # "An injection was mentioned", but "earlier therapy was mentioned"
                    mention.status = "possible"
        # "Radiculopathy versus neuropathy" is doubt, "15 degrees versus 35" is none.
        is_measure = self.words[start] == "versus" and self.words[end : end + 1] and self.words[end].isdigit()
        if (cues & _POSSIBLE and not is_measure) or (
            self.words[start] == "should" and self._is_inverted(start, end)
        ):
            self.doubted_to = end + LONG_REACH
            # "Risks such as infection, nerve injury and clots": to the end of the list.
            self.is_risk = self.words[start] in _RISKS
            if cues & _SUPPOSED:
                self.supposed_to = self.doubted_to
        if cues & _HISTORY:
            self.past_to = end + _DENIAL_REACH
            # "Past medications: Norco, Soma"
            self.is_past_list = self.words[end - 1] in _HEADS_PAST
            if self.is_past_list:
                self.past_to = len(self.words)
            if self.words[start] in _INSTEAD and "to" in self.words[end : self.past_to]:
                # "Switched from Norco to naproxen"
                self.past_to = self.words.index("to", end)
        elif cues & (_DONE | _CONTINUE) or (cues & PLAN and "and" in self.words[start - 1 : start + 1]):
            # "Discontinued tramadol and started Norco."
            self.past_to = -1
        if cues & DENIES and self._is_none_now(end):
            # "Norco at first, | not | now"
            cues |= _HISTORY_AFTER
        if cues & _HISTORY_AFTER and self._stops_what_follows(start, end):
            # "Takes Norco and has stopped | naproxen"
            self.past_to = end + _DENIAL_REACH
        elif cues & _HISTORY_AFTER or (
            cues & _HISTORY
            and self.words[start] in _STOPPED
            and (
                self._ends_clause(end)
                or self.words[end] in _FOR_REASON
                # "Norco stopped - nausea"
                or self.words[end] in _HARMS
                # "Norco (stopped 3/2014)"
                or self.words[end][0].isdigit()
            )
        ):
            # "Norco (no benefit, discontinued)"
            since = self.clause
            if self.words[start - 1] == ":" and mentions and mentions[-1].end == start - 1:
                # "Norco: discontinued"
                since = len(mentions) - 1
            stopped = _listed_before(self.words, mentions[since:], start, DRUG_KINDS)
            if not stopped and self.words[start - 1] in _THEN:
                # "Norco was taken for a month and then | stopped"
                stopped = _listed_before(self.words, mentions, start, DRUG_KINDS)
            if self.words[end : end + 1] in _LATER:
                # "Norco, d/c | next | week"
                stopped = []
            for number, mention in enumerate(stopped):
                if number and not _GIVES_REASON.isdisjoint(
                    self.words[mention.end : stopped[number - 1].start]
                ):
                    # "Norco, as naproxen caused nausea and | was stopped |"
                    break
                mention.status = "historical"
        if cues & _CONTINUE:
            if not cues & PLAN:
                self.kept_to = end + LIST_REACH
            # "Rx: therapy, Norco": the drug is taken, the therapy is to come.
            self.keeps_drugs = True
        elif cues & _ENDS_LISTS:
            self.keeps_drugs = False
            if cues & PLAN and (self.words[start] == "and" or self.words[start - 1 : start] == ["and"]):
                # "Continue therapy and start acupuncture"
                self.kept_to = -1
        if cues & _FAMILY:
            # "His wife, who has diabetes": what a "who" tells is still hers.
            self.other_to, self.kin_end = len(self.words), end
            self.is_of_allergy = self.words[start] in _ALLERGIC
            if start > 1 and self.words[start - 2] == "in":
                # "A head injury in his brother"
                for mention in mentions[self.clause :]:
                    mention.status = "unrelated"
        elif cues & _DONE and start and self.words[start - 1] == "and" and self.is_of_allergy:
            # "Allergic to Norco and takes naproxen"
            self.other_to = -1
        if cues & _APART:
            self.is_apart = True
        if cues & _PLANS_OR_WEIGHS and mentions and self._leave_unplanned(cues, start, end, mentions):
            cues &= ~_PLANS_OR_WEIGHS
        if cues & _PLANS:
            if cues & PLAN and start < self.denied_to and (cues & DENIES or self._is_wish_denied(start, end)):
                self.unwanted_from = end
            self._plan(cues, start, end, mentions)
        if cues & _WEIGHED:
            self._weigh(start, end, mentions)
        if cues & _ALONG and self.has_wanted:
            # "An MRI was requested, together with a brace."
            self.is_planned = True
        if self.is_apart or self.is_planned:
            self.reach = len(self.words)
        else:
            self.reach = max(self.other_to, self.doubted_to, self.denied_to, self.past_to)

    def _stays_with_kin(self, start: int) -> bool:
        """Say whether a clause goes on with another person: "his wife, and not he, | who |"."""
        if self.words[start] == "who":
            return start - self.kin_end <= 1 or _BEFORE_WHO.issuperset(self.words[self.kin_end : start])
        return self.words[start] in _GIVES_CAUSE and self.kin_end > 0

    def _tells_of_effect(self, colon: int) -> bool:
        """Say whether it is the effect of care that an answer denies: "response to the block |:| none"."""
        return not _EFFECTS.isdisjoint(self.words[max(0, colon - AFTER_REACH) : colon])

    def _heads_denial(self, colon: int) -> bool:
        """Say whether a heading ends here that denies what it lists: "studies not done |:|"."""
        lead = self.words[max(0, colon - _HEADING_REACH) : colon]
        return (
            len(lead) > 1
            and lead[-1] in _HEADS_DENIED
            and not _NEVER.isdisjoint(lead[:-1])
            and ";" not in lead
        )

    def _ordered_before(self, mentions: list[Mention]) -> list[Mention]:
        """Deny, besides, the care that the clause before planned: "an MRI was ordered but | not done"."""
        told: list[Mention] = []
        for mention in reversed(mentions[: self.clause]):
            if mention.kind == "part":
                continue
            if mention.kind not in CARE or mention.status != "planned":
                break
            if told and not _JOINING.issuperset(self.words[mention.end : told[-1].start]):
                break
            told.append(Mention(mention.fact, mention.kind, mention.start, mention.end, "denied"))
        mentions.extend(told)
        return told

    def _is_none_of_next(self, start: int, end: int) -> bool:
        """Say whether a "none" is of what follows: "ten visits of therapy and | none | of acupuncture"."""
        if self.words[start] == "none" and not _AT_TIMES.isdisjoint(self.words[end + 1 : end + 3]):
            # "Two Norco on workdays, | none | on weekends"
            return True
        if self.words[start] != "none" or self.words[start - 1] not in _JOINS:
            return False
        following = self.words[end : end + 2]
        if following[:1] == ["to"]:
            # "To the neck, | none | to the back", but "none to date"
            return following[1:] != ["date"]
        return following[:1] == ["of"] and not self._is_of_these(end)

    def _is_of_these(self, end: int) -> bool:
        """Say whether "of them" or its like follows."""
        following = self.words[end : end + 2]
        return following[:1] == ["of"] and not _THESE_SAID.isdisjoint(following[1:])

    def _is_none_of_these(self, start: int, end: int) -> bool:
        """Say whether a "none" tells of no effect: "therapy and blocks, | none | of which restored it"."""
        return (
            self.words[start] == "none"
            and self._is_of_these(end)
            and _BEGUN.isdisjoint(self.words[end : end + _BEGUN_REACH])
        )

    def _is_none_now(self, end: int) -> bool:
        """Say whether a denial is all that is told of now: "Norco at first, | none | now"."""
        return (
            end < len(self.words)
            and self.words[end] in _NOW
            and self.words[end - 1] in _NONE_OR_NOT
            and self._ends_clause(end + 1)
        )

    def _stops_what_follows(self, start: int, end: int) -> bool:
        """Say whether a drug was stopped that is named behind: "and has | stopped | naproxen"."""
        has_stopped = self.words[end - 1] in _STOPPED and self.words[end - 2] in _HAS
        # "He no longer used | Norco"
        return (
            (has_stopped or self.words[start] == "no")
            and not self._ends_clause(end)
            and self.words[end] not in _FOR_REASON
        )

    def _told_before(
        self, start: int, end: int, mentions: list[Mention], kinds: frozenset[str]
    ) -> list[Mention]:
        """Give what the clause before told of: "a spasm that | resolved", "but | none | was done"."""
        lead = start
        while lead and self.words[lead - 1] in _GONE_LEAD:
            lead -= 1
        if self.words[start] == "none":
            kinds = CARE
            if _CARRIED_OUT.isdisjoint(self.words[end : end + _DONE_REACH]):
                return []
        elif self.words[start - 1] in _THESE:
            kinds = CARE
        elif self.words[lead] not in _LEADS:
            return []
        told: list[Mention] = []
        for mention in reversed(mentions):
            between = self.words[mention.end : told[-1].start] if told else []
            if mention.kind in kinds and _JOINING.issuperset(between):
                told.append(mention)
            elif told:
                break
        return told

    def _is_answer(self, start: int, end: int) -> bool:
        """Say whether a denial is all that is answered: "PT: none yet", not "exam: no swelling"."""
        left = len(self.words) - end
        if left and self.words[end - 1] in _NAMES_NEXT:
            # "History: negative for | asthma"
            return False
        return left <= 0 or (left == 1 and (self.words[start] in _NONE or self.words[end] == "yet"))

    def _keeps_supposing(self, start: int) -> bool:
        """Say whether what is supposed goes on: "if the MRI | showed | a tear", "asked if | he was |"."""
        return self.words[start] in _KEEPS_SUPPOSING or self.words[start - 1] in ("if", "whether")

    def _is_of_none(self, start: int) -> bool:
        """Say whether a verb has a denied subject: "neither knee showed", "no study revealed"."""
        first = self.denied_from - 1
        return (
            start - first <= 3
            and self.words[start] in INTRODUCES
            and self.words[first] in ("neither", "nor", "no")
        )

    def _is_wish_denied(self, start: int, end: int) -> bool:
        """Say whether it is denied that care is wanted: "does |not recommend| an MRI", "sees |no need for|".

        What had not been asked for before, or was not needed then, was not had.
        """
        first = self.denied_from - 1
        if start - self.denied_from > _WISH_REACH or _WISHES.isdisjoint(self.words[start:end]):
            return False
        before = self.words[first - 1 : first] if first else []
        if before == ["did"] and not _NEEDS.isdisjoint(self.words[start:end]):
            return False
        return _NO_WISH.issuperset(self.words[first : first + 1]) and _HAS.isdisjoint(before)

    def _leave_unplanned(self, cues: int, place: int, end: int, mentions: list[Mention]) -> bool:
        """See whether care is wanted of none of which there is: "no | MRI or EMG | is planned"."""
        words = self.words
        is_asked = cues & (_PLAN_AFTER | _WEIGHED) or (words[place] in _ASKED and self._ends_clause(end))
        # "No therapy is being | prescribed |": what "was prescribed" was had, or not.
        if not is_asked and (words[end - 1] != "prescribed" or words[place - 1] not in _BEING):
            return False
        last = next((one for one in reversed(mentions) if one.kind != "part"), mentions[-1])
        if last.kind not in WANTED or place - last.end > AFTER_REACH or "," in words[last.end : place]:
            return False
        told = [last]
        lead = words[max(0, last.start - LIST_REACH) : last.start]
        # "I do not think that an MRI | is needed"
        is_opined = "not" in lead and not _OPINES.isdisjoint(lead[lead.index("not") + 1 :][:1])
        if last.status == "denied" and not is_opined:
            first = self.denied_from - 1
            if last.start >= self.denied_to or words[first] not in _NO_OF_CARE:
                return False
            told = [one for one in mentions if one.start > first and one.kind != "part"]
            between = words[first:place]
            if "," in between and _OR.isdisjoint(between):
                if "," not in words[max(first, last.start - _WISH_REACH) : last.start]:
                    return False
                # "No acupuncture so far, massage | is planned"
                last.status = "planned"
                return True
        elif not is_opined and (
            words[last.start - 1] not in _FURTHER or words[last.start - 2 : last.start - 1] != ["no"]
        ):
            # "No further | therapy | is planned": some was had.
            return False
        if any(one.status != last.status or one.kind not in WANTED for one in told):
            return False
        for mention in told:
            mention.status = "unplanned"
        return True

    def _plan(self, cues: int, start: int, end: int, mentions: list[Mention]) -> None:
        if cues & _ORDER:
            self.is_planned = self.is_ordered = True
        if cues & _DONE_AFTER:
            for mention in _listed_before(self.words, mentions, start, _PLANNABLE):
                mention.status = "present"
        if cues & _PLAN_AFTER and not (
            # "An MRI was done to rule out | a tear", but "MRI to rule out | a tear"
            self.words[start] == "to"
            and self.words[start + 1] in _PURPOSES
            and _is_told(self.words, start, end)
        ):
            is_wanted = "not" not in self.words[start:end] or self.words[start] == "if"
            is_wanted = is_wanted or self.words[end - 1] in _GRANTED
            # "Meds: Norco; Mobic; agreement to be signed": drugs further off are taken.
            listed = [
                m
                for m in mentions
                if m.kind in CARE
                and m.status in _MAY_BE_LISTED
                and (
                    m.kind not in DRUG_KINDS
                    or start - m.end <= AFTER_REACH
                    or ";" not in self.words[m.end : start]
                )
            ]
            is_list = bool(listed) and mentions[0].start <= _AT_FIRST and is_wanted
            if is_list and ";" in self.words[listed[0].end : start] and self.words[0] in _BEHIND_CARE:
                # "After six visits he works again; six more | are requested"
                is_list = False
            verb = start - (self.words[start] == "been")
            if not is_list or _has_verb(self.words[:verb]):
                listed = _listed_before(self.words, mentions[self.clause :], start, _PLANNABLE)
            if self.words[start] in _OF_ONE_VERB and len(listed) > 1:
                # "He had therapy and acupuncture | is requested"
                first, last = (find(m.start for m in listed) for find in (min, max))
                if not _HAD_VERBS.isdisjoint(self.words[:first]) and "and" in self.words[first:last]:
                    listed = [m for m in listed if m.start == last]
            for mention in listed:
                # "An MRI is not indicated": it is not planned, and may have been done before.
                mention.status = "planned" if is_wanted else _unwanted(mention)
            self.has_wanted = self.has_wanted or is_wanted
            heads = (
                not listed or self.words[end : end + 1] == [":"] or self.words[end : end + 2] == [",", "with"]
            )
            self.is_planned = self.is_planned or (is_wanted and heads)
            if is_wanted and self._adds_visits(end):
                self.is_planned = self.is_ordered = True
        if cues & PLAN and self.words[start] in _ASKED and (self._ends_clause(end) or self._is_dated(end)):
            # "Knee MRI and a brace requested."
            asked = _listed_before(self.words, mentions[self.clause :], start, _PLANNABLE)
            if not asked and mentions and self.words[mentions[-1].end : mentions[-1].end + 1] == [":"]:
                # "Acupuncture: 6 visits requested"
                asked = _listed_before(self.words, mentions[-1:], start, _PLANNABLE)
            is_unwanted = self.words[start - 1] == "not"
            if is_unwanted and not asked and self.words[start - 2] in _TURNS_TO_NOT:
                # "An MRI was considered but | not ordered"
                asked = _listed_before(self.words, mentions, start, _PLANNABLE)
            if asked and start - asked[0].end <= _ASKED_REACH:
                for mention in asked:
                    if not is_unwanted:
                        mention.status = "planned"
                    elif mention.kind in WANTED:
                        # "EMG | not requested"
                        mention.status = "unplanned"
                if self.words[end : end + 1] != [":"]:
                    return
        if cues & PLAN:
            self.is_planned = True
            if mentions and self._asks_for_visits(mentions[-1], start, end):
                mentions[-1].status = "planned"
        elif cues & _PLAN_AFTER:
            pass
        elif cues & _REASON or (cues & _DONE and not self.is_ordered):
            self.is_planned = False

    def _adds_visits(self, end: int) -> bool:
        """Say whether a number of visits is asked for, too: "a release was requested | and 12 visits"."""
        ahead = self.words[end + 1 : end + 2]
        return (
            self.words[end : end + 1] == ["and"]
            and ahead != []
            and whole_number(ahead[0]) is not None
            and not _has_verb(self.words[end:])
        )

    def _weigh(self, start: int, end: int, mentions: list[Mention]) -> None:
        """Let care be wanted, or not, that is only weighed: "an MRI | would help", "surgery | is no option".

        What was "necessary in 2012" was had, and "with Norco he could help" weighs no Norco.
        """
        words = self.words
        first, ahead = words[start], words[end : end + 1]
        if first in _WAS and end - start == _WAS_SO and ahead and not _AFTER_NEED.issuperset(ahead):
            return
        is_supposed = first in _SUPPOSES
        # Drugs that may help, or are necessary, are taken mostly.
        kinds = (_PLANNABLE if is_supposed else CARE) - DRUG_KINDS
        listed = [
            one
            for one in _listed_before(words, mentions[self.clause :], start, kinds)
            if one.status != "historical"
            and words[one.start - 1] not in _EARLIER
            # "He had an MRI, and surgery | would be the next step."
            and "," not in words[one.end : start]
        ]
        between = words[listed[0].end : start] if listed else []
        if between and (between[0] in _OWNS or not _OTHER_SUBJECTS.isdisjoint(between)):
            return
        is_unwanted = not _UNWANTED.isdisjoint(words[start:end])
        for mention in listed:
            mention.status = _unwanted(mention) if is_unwanted else "planned"
        if not listed and (first == "would" or "benefit" in words[start:end] or ahead == ["to"]):
            # "He could benefit from acupuncture", "it is reasonable to obtain an MRI"
            self.is_planned = True

    def _asks_for_visits(self, mention: Mention, start: int, end: int) -> bool:
        """Say whether care is named by him who asks for it: "the chiropractor | wants 12 visits"."""
        return (
            mention.end == start
            and self.words[start - 1] in _PRACTITIONERS
            and not _VISITS.isdisjoint(self.words[end : end + LIST_REACH])
            and "which" not in self.words[end:]
        )

    def _is_inverted(self, start: int, end: int) -> bool:
        """Say whether a "should" means "if": "should the spasm recur"."""
        # At the head of its clause it has its subject behind it, however long.
        is_head = not start or self.words[start - 1] in _BEFORE_SHOULD
        reach = LONG_REACH if is_head else LIST_REACH
        return not _WOULD_HAPPEN.isdisjoint(self.words[end + 1 : end + reach])

    def _is_needed(self, start: int) -> bool:
        """Say whether "without" tells that a drug is taken: "cannot do chores without | Norco".

        So do a score before it, and what would be where it opens its clause: "without | Norco he could not".
        What is denied may be what the drug does: "denied sedation on | Norco".
        """
        of = start - 1 - (self.words[start - 1] in _DETERMINERS or self.words[start - 1] in _OWN)
        if of > self.denied_from and self.words[of] in _UNDER:
            told = self.words[max(self.denied_from, of - _DOES_REACH) : of]
            if self.words[of - 1] in _DOES or not (_DOES.isdisjoint(told) or "," in told):
                return True
        if 0 <= self.needed_to < start and _LISTS_NEEDED.issuperset(self.words[self.needed_to : start]):
            # "Without Norco or | Soma | he would be unable to dress"
            return True
        at = self.denied_from - 1
        if self.words[at : at + 1] != ["without"] or not _OWN.issuperset(self.words[at + 1 : start]):
            return False
        before = self.words[:at]
        if not _UNABLE.isdisjoint(before) or any("/10" in word for word in before):
            return True
        if before and (before[-1] in _LACKED or (before[-2:-1] == ["no"] and before[-1] in _LACKED_GOOD)):
            # "Walking is impossible without | Norco", "no relief without | Norco"
            return True
        if not _SCORED_WORDS.isdisjoint(before) and before and before[-1][0].isdigit():
            # "Pain runs 7-8 without | Lyrica"
            return True
        behind = self.words[start : start + LIST_REACH]
        if before and before[-1] not in BE and any("/10" in word for word in behind):
            # "Pain without | Norco | is 9/10"
            return True
        rest = self.words[start:]
        if any(pair in _WITH_IT for pair in pairwise(rest)):
            # "Sleeps two hours without | Ambien | and six with it"
            return True
        if at and before[-1] not in CLAUSE_MARKS:
            return False
        if rest[1:2] and rest[1] not in _LISTS_DRUGS:
            # "Without | Ambien | she lies awake" denies the drug alone.
            self.denied_to = start + 1
        is_scored = any("/10" in word for word in rest) or any(
            word[0].isdigit() and not _SCORED_WORDS.isdisjoint(rest[:place])
            for place, word in enumerate(rest)
        )
        return is_scored or not _WOULD.isdisjoint(rest)

    def _is_of_neither(self, start: int) -> bool:
        """Say whether care was had of which none did good: "responded to neither | PT | nor | Norco |"."""
        for at in range(start - 1, max(1, start - _NEITHER_REACH), -1):
            if self.words[at] == "neither":
                return self.words[at - 1] in _OF_CARE and self.words[at - 2] in _DID_GOOD
            if self.words[at] in CLAUSE_MARKS:
                break
        return False

    def _is_no_cause(self, start: int) -> bool:
        """Say whether a drug is taken that is denied to cause something: "not due to | the opioid"."""
        between = self.words[self.denied_from : start]
        if not between or not _OF_CAUSE.issuperset(between):
            return False
        return not _CAUSING.isdisjoint(self.words[max(0, self.denied_from - LONG_REACH) : start])

    def _has_run_out(self, end: int) -> bool:
        """Say whether no more of a drug is in store: "has no | Norco | left"."""
        return self.words[end : end + 1] in _LEFT and (
            self._ends_clause(end + 1) or self.words[end + 1] in _BEHIND_LEFT
        )

    def _is_told_anew(self, start: int, since: list[str]) -> bool:
        """Say whether a study is no more of what is denied: "denies seizures, and an | EEG | was normal"."""
        return (
            self.words[max(0, start - 2) : start - 1] == ["and"]
            and self.words[start - 1] in _DETERMINERS
            and not BE_VERBS.isdisjoint(since[:1])
            and since[1:2] != ["not"]
        )

    def _is_begun_since(self, start: int) -> bool:
        """Say whether what is named only dates a denial: "has had no leg pain since | the laminectomy |"."""
        place = start - 1
        while place > self.denied_from and self.words[place] in _HAD_SINCE:
            place -= 1
        # "He has not since had therapy"
        is_dated = self.words[place] == "since" and place >= self.denied_from
        return is_dated and self.words[place - 1] not in _NEVER

    def _is_his(self, start: int) -> bool:
        """Say whether what a clause opens with is had: "Without his | brace he feels unsteady"."""
        at = self.denied_from - 1
        opens = at == 0 or self.words[at - 1] in CLAUSE_MARKS
        return (
            opens
            and self.words[at] == "without"
            and start == at + 2
            and self.words[start - 1] in ("the", "his", "her")
        )

    def _is_dated(self, place: int) -> bool:
        """Say whether a date ends a clause: "MRI scheduled for | 5/5"."""
        return "/" in self.words[place] and self.words[place][0].isdigit() and self._ends_clause(place + 1)

    def _ends_clause(self, place: int) -> bool:
        return place >= len(self.words) or self.words[place] in _ENDS_ASKED

    def status_of(self, kind: str, own: str, start: int, end: int) -> str:
        """Give the status of a fact named here; ``own`` is that of its phrase ("nonsmoker"), if any."""
        is_care = kind in CARE
        if self.is_apart or start < self.other_to:
            return "unrelated"
        if start < self.doubted_to and (
            not is_care or kind == "surgery" or not _AVOIDS.isdisjoint(self.words[max(0, start - 3) : start])
        ):
            return "possible"
        if start < self.supposed_to and self.words[start - 1] not in _TAKEN:
            # "If conservative care fails": none of it has happened; "if he takes Norco" is another matter.
            return "possible"
        if (
            start < self.denied_to
            and not (
                is_care and _is_aside(self.words[max(self.denied_from, self.unwanted_from) : start + 1], kind)
            )
            and (self.is_strong or not _begins_anew(self.words, self.denied_from, start))
        ):
            if not self.is_strong and not self.is_narrow:
                self.denied_to = max(self.denied_to, end + LIST_REACH)
                self.reach = max(self.reach, self.denied_to)
            if kind in DRUG_KINDS and self.words[end : end + 1] == ["present"]:
                # "No illicit substances, prescribed | opioid | present"
                return "present"
            if self._is_begun_since(start) or (kind in _SINCE_KINDS and self._is_since(start, end)):
                # "Has had no therapy since | the fusion"
                return "present"
            if kind in DRUG_KINDS and self.words[start - 1] in _OTHER:
                # "Takes no other | NSAID" says nothing of this one.
                return "possible"
            if kind in DRUG_KINDS and (self._is_no_cause(start) or self._has_run_out(end)):
                return "present"
            if kind in DRUG_KINDS and self._is_needed(start):
                self.needed_to = end
                return "present"
            if kind not in DRUG_KINDS and is_care and self._is_his(start):
                return "present"
            if is_care and self._is_of_neither(start):
                return "present"
            since = self.words[end : end + _SINCE_REACH]
            if kind == "study" and since and begins_with_digit(since[0]):
                # "No synovitis, ANA negative, ESR 8"
                return "present"
            if kind == "study" and since[:1] != [":"] and not INTRODUCES.isdisjoint(since[:1]):
                # "Negative for fracture and the MRI | showed | a tear"
                return "present"
            if kind == "study" and self._is_told_anew(start, since):
                return "present"
            if kind in _EVENTS and not _BEHIND_EVENT.isdisjoint(
                self.words[max(0, start - _EVENT_REACH) : start]
            ):
                # "She could not go out after a robber | held a gun |"
                return "present"
            if kind == "study" and since[:1] == ["since"] and _BEGINNING.isdisjoint(since):
                # "He has had no MRI since 2013": he had one then.
                return "historical"
            if self.unwanted_from >= 0 and kind in WANTED:
                return "unplanned"
            # "Not a nonsmoker" takes one denial back, "no drainage, afebrile" lists two.
            return "present" if own == "denied" and self.words[start - 1] != "," else "denied"
        if own:
            return own
        if start < self.past_to and kind in DRUG_KINDS:
            return "historical"
        if self.is_planned and is_care and self._is_why(start, end):
            # "Asks for massage as | acupuncture | did not help"
            self.is_planned = False
        if self.is_planned and start >= self.kept_to and (is_care or kind in _PLANNED_TOO):
            if kind == "surgery":
                # "Rx: carpal tunnel release, | Keflex for 5 days"
                self.keeps_drugs = False
            if ended := self._ends_care(kind, start):
                return ended
            # "Continue Norco, Flexeril and omeprazole": a list of drugs is kept to its end.
            return "present" if kind == "drug" and self.keeps_drugs else "planned"
        return "historical" if start < self.past_to else "present"

    def _is_since(self, start: int, end: int) -> bool:
        """Say whether something lacks since what is named here: "no therapy since the last | block"."""
        lead = self.words[max(self.denied_from, start - _SINCE_REACH) : start]
        if "since" not in lead:
            return False
        between = lead[lead.index("since") + 1 :]
        return _JOINS.isdisjoint(between) and _TURNED_DOWN.isdisjoint(self.words[end : end + _SINCE_REACH])

    def _ends_care(self, kind: str, start: int) -> str:
        """Give the status of care that a plan ends or lessens: "discontinue the | splint", "wean | Norco"."""
        place = start - 1
        while place > 0 and self.words[place] in _OF_WHAT_ENDS:
            place -= 1
        word = self.words[place]
        if word in _ENDS_CARE:
            return "historical" if kind in DRUG_KINDS else "present"
        return "present" if kind in DRUG_KINDS and word in _LESSENS else ""

    def asks_to_keep(self, fact: str, kind: str, start: int) -> bool:
        """Say whether care is had that is to go on: "recommends continuing | therapy"."""
        return self.is_planned and start < self.kept_to and kind == "treatment" and fact not in _NOT_ASKED_ON

    def _is_why(self, start: int, end: int) -> bool:
        """Say whether care is named for what it came to: "as | the injection | did not help"."""
        before = self.words[start - 2] if self.words[start - 1] in _DETERMINERS else self.words[start - 1]
        return before == "as" and self.words[end : end + 1] != [] and self.words[end] in _VERBS

    def status_of_part(self, start: int, end: int) -> str:
        """Give the status of a part of the body named by itself, empty where it is only spoken of.

        "No knee pain" denies the knee; "no tenderness of the knee" does not.
        """
        if self.is_apart or start < self.other_to:
            return ""
        if start < self.denied_to:
            return "denied" if _is_list_of_pain(self.words, end) else ""
        if start < self.doubted_to:
            return "possible"
        return "planned" if self.is_planned else "present"


def _is_list_of_pain(words: list[str], end: int) -> bool:
    """Say whether parts of the body listed up to here are those that hurt: "no hip | or ankle pain"."""
    for place in range(end, min(end + LIST_REACH, len(words))):
        if words[place] == "pain":
            return True
        if words[place] not in _LISTING and words[place] not in _PARTS:
            break
    return False


_PARTS = word_set("rated part")
_UNABLE = word_set("unable")
_OPENS_ASIDE = word_set("opens aside")
_LATER = (["next"], ["soon"], ["tomorrow"])
_NEVER_HAD = word_set("never had")
_NOW = word_set("now")
_NONE_OR_NOT = frozenset(("none", "not"))
_ASIDE_REACH = 5
_GIVES_CAUSE = frozenset(("because", "due", "owing"))
_IT = frozenset(("it", "them", "these", "those"))
_BEFORE_WHO = frozenset((",", "and", "not", "he", "she", "the", "patient", "worker"))
_EVENTS = frozenset(("event", "mechanism"))
_EVENT_REACH = 4
_BEHIND_EVENT = frozenset(("after", "since", "when", "because"))
_WOULD = word_set("would be")
_OWN = word_set("own drug")
_WITH_IT = frozenset((preposition, it) for preposition in ("with", "on") for it in ("it", "them"))
_LISTS_DRUGS = frozenset((",", "or", "and", "nor", "/"))
_LEFT = (["left"], ["remaining"])
_BEHIND_LEFT = frozenset(("over", "from", "at", "and", "but", "until", "since", "now", "after"))
_LISTS_NEEDED = _LISTS_DRUGS | {"the", "his", "her"}
_DOES = word_set("told of a drug")
_DOES_REACH = 6
_LACKED = word_set("lacking the drug")
_LACKED_GOOD = frozenset(("relief", "benefit", "sleep", "function", "life", "rest", "improvement"))
_AT_TIMES = frozenset(("weekend", "weekday", "workday", "night", "day", "evening", "morning", "bedtime"))
_CAUSING = word_set("causing")
_OF_CAUSE = _CAUSING | {"to", "by", "from", "of", "the", "his", "her", "be", "felt", "thought", "believed"}
_HARMS = word_set("harm once taken")
_UNDER = frozenset(("on", "with", "from", "since"))
_OTHER = frozenset(("other", "additional"))
_FOUND_ABSENT = word_set("found absent")
_DECLINED = frozenset(("declined", "deferred", "postponed", "refused"))
_HEADS_PAST = frozenset((":", "included", "include"))
_GIVES_REASON = word_set("gives reason of stopping")
_STOPPED = word_set("stopped drug")
_ENDS_CARE = word_set("ends care")
_LESSENS = word_set("lessens a drug")
_OF_WHAT_ENDS = word_set("of what ends")
_THEN = word_set("then stopped")
_FOR_REASON = word_set("reason of stopping")
_INSTEAD = word_set("changed drug")
_ALLERGIC = frozenset(("allergic", "allergy", "allergies"))
_PUT_OFF = word_set("put off")
_GONE_LEAD = word_set("lead of what is gone")
_JOINING = frozenset((",", "and", "or"))
_LEADS = frozenset(("and", "but", "which", "that"))
_THESE = word_set("these")
_TURNS_TO_NOT = frozenset(("but", "yet", "though", "although"))
_THESE_SAID = _THESE | {"the", "them", "it", "which"}
_CARRIED_OUT = word_set("carried out")
_DONE_REACH = 4
_BEGUN = word_set("of none of these")
_BEGUN_REACH = 6
_GRANTED = word_set("granted care")
_WAS = frozenset(("was", "were"))
_WAS_SO = 2
_AFTER_NEED = word_set("after need")
_SUPPOSES = frozenset(("would", "could", "might", "may"))
_OWNS = frozenset(("his", "her", "the"))
_OTHER_SUBJECTS = word_set("worker")
_UNWANTED = word_set("unwanted")
_EARLIER = word_set("earlier care")
_AVOIDS = word_set("avoids")
_NEITHER_REACH = 8
_OF_CARE = frozenset(("to", "from", "by", "with", "on"))
_DID_GOOD = word_set("did good")
_BEGINNING = word_set("since the start")
_HAD_SINCE = word_set("had since")
_SUGGESTS = word_set("suggests")
_SINCE_REACH = 6
_PRACTITIONERS = word_set("practitioner")
_VISITS = word_set("visits")
_KEEPS_SUPPOSING = word_set("introduces") | {"due"}
_WOULD_HAPPEN = word_set("would happen")
_BEFORE_SHOULD = frozenset((",", ";", "that"))
_RISKS = word_set("risk")
_LISTING = frozenset((",", "or", "nor"))
_NOT_YET = frozenset(("not", "never", "yet"))
_ARTICLES = frozenset(("a", "an"))
_DETERMINERS = _ARTICLES | {"the"}
_BEGINS_ANEW = word_set("begins anew")
_JOINS_ANEW = frozenset((",", "and"))
_PLANNED_TOO = ("outcome", "device")
_PLANNABLE = CARE | {"device"}
WANTED = CARE - DRUG_KINDS
"""Kinds of care of which a plan, or that there is none, is a fact of its own."""
_WISHES = word_set("wish")
_NEEDS = frozenset(("need", "needed", "require", "required"))
_WISH_REACH = 2
_NO_WISH = frozenset(("no", "not", "neither", "nor"))
_OPINES = frozenset(("agree", "believe", "consider", "feel", "think"))
_FURTHER = frozenset(("additional", "further", "more", "new", "other", "repeat"))
_BEING = frozenset(("are", "being", "is"))
_NO_OF_CARE = frozenset(("no", "neither", "nor"))
_ASKED = word_set("asked for")
_ASKED_REACH = 5
# "A refill of the pump"; nobody asks for home exercise.
_NOT_ASKED_ON = frozenset(("pump", "stimulator", "home_exercise"))
_PURPOSES = word_set("purpose of a study")
_ENDS_ASKED = word_set("after asked for")
_TAKEN = word_set("use")


def _is_told(words: list[str], start: int, end: int) -> bool:
    """Say whether a study with a purpose was done: "dopplers done | to exclude | a clot were negative"."""
    return words[start - 1] in _CARRIED_OUT or _has_verb(words[:start]) or _has_verb(words[end:])


def _unwanted(mention: Mention) -> str:
    """Give the status of what is said not to be wanted."""
    return "unplanned" if mention.kind in WANTED else "possible"


def _listed_before(
    words: list[str], mentions: list[Mention], place: int, kinds: frozenset[str]
) -> list[Mention]:
    """Give the facts of a list that ends right before a word: "therapy and an MRI | were ordered"."""
    listed: list[Mention] = []
    verb = min(place, len(words) - 1)
    for mention in reversed(mentions):
        between = words[mention.end : place]
        opening = between[2:3] if between[1:2] == ["and"] else between[1:2]
        starts_anew = between[:1] == [","] and opening in (["a"], ["an"], ["the"])
        if starts_anew or ";" in between or len(between) > (LIST_REACH if listed else AFTER_REACH):
            break
        if listed and not _JOINS.isdisjoint(between) and _has_verb(between):
            # "Therapy was completed and an MRI | was requested."
            break
        if not listed and not _JOINS.isdisjoint(between) and not _ASKS_ANEW.isdisjoint(between):
            # "He had twelve visits of therapy and another twelve | were requested."
            break
        if listed and _NO_REASON.isdisjoint(between) and not _GIVES_REASON.isdisjoint(between):
            # "Referral for massage was made after acupuncture | was completed"
            break
        if mention.kind == "part":
            place = min(place, mention.start)
            continue
        if listed and len(between) > 1 and "and" in between and words[verb] in _OF_ONE:
            # "Ibuprofen for the shoulder and therapy | has yet to start"
            break
        if kinds >= CARE and mention.kind in FINDINGS and _is_treated(words, mention, mentions):
            # "Treatment of insomnia | has not been offered"
            place = min(place, mention.start)
            continue
        if mention.kind in kinds and mention.status in _MAY_BE_LISTED:
            listed.append(mention)
        place = min(place, mention.start)
    return listed


def _last_of_clauses(words: list[str], listed: list[Mention]) -> list[Mention]:
    """Give what alone is gone where commas join clauses and no list: "edema, ecchymosis | resolved"."""
    if not _ENDS_LIST.isdisjoint(words[listed[-1].end : listed[0].start]):
        return listed
    last = listed[0]
    # "Foot drop" is a weakness too: what the same words name is gone with it.
    return [last, *[one for one in listed[1:] if one.end > last.start or not _is_described(words, one)]]


def _is_described(words: list[str], finding: Mention) -> bool:
    """Say whether more stands between two commas than the finding: "|mild dorsal edema|, ecchymosis"."""
    before = words[finding.start - 1] if finding.start else ","
    behind = words[finding.end] if finding.end < len(words) else ","
    return before not in _MARKS_OF_LIST or behind not in _MARKS_OF_LIST


_MARKS_OF_LIST = frozenset((",", ";", ":", "(", ")", "the", "his", "her"))
_ENDS_LIST = frozenset(("and", "or", "/"))


def _is_treated(words: list[str], finding: Mention, mentions: list[Mention]) -> bool:
    """Say whether a finding is what care named before it is for: "treatment of | insomnia |"."""
    before = finding.start - 1
    return words[before] in ("of", "for") and (
        words[before - 1] in _CARE_OF or any(one.kind in CARE and one.end == before for one in mentions)
    )


_CARE_OF = word_set("care of what")


def _is_means(words: list[str], start: int) -> bool:
    """Say whether care is what something was to come of: "benefit from the | injection | is lacking"."""
    place = start - 1
    while place > 0 and words[place] not in _ASIDE and start - place < _MEANS_REACH:
        place -= 1
    return words[place] in _ASIDE and words[place - 1] in _GOOD


# "Therapy as well as acupuncture", "red flags such as fever"
_NO_REASON = frozenset(("well", "such"))
_LACKING = word_set("lacking")
_GOOD = word_set("good of care")
_MEANS_REACH = 4
_OF_ONE = frozenset(("has", "is", "was"))


def _has_verb(words: list[str]) -> bool:
    """Say whether something is told, not only wanted: "therapy helped", not "therapy to help"."""
    return any(word in _VERBS and words[place - 1] != "to" for place, word in enumerate(words))


_JOINS = frozenset((",", "and", "but"))
_ASKS_ANEW = word_set("asks anew")


def _is_aside(between: list[str], kind: str) -> bool:
    """Say whether care stands aside of what is denied: "no relief from X", "no tear was seen on X"."""
    return not _ASIDE.isdisjoint(between) or (kind == "study" and ("on" in between or "since" in between))


def _is_of_disease(words: list[str], start: int, mentions: list[Mention]) -> bool:
    """Say whether a denial is of the disease named before it: "lymphoma |with no| recurrence, asthma"."""
    lead = start - (start > 0 and words[start - 1] == "with")
    if words[start] == "without" and mentions:
        # "Disc displacement of the jaw without reduction, and myalgia": what lacks is the disease's.
        named = next((one for one in reversed(mentions) if one.kind != "part"), mentions[-1])
        if named.kind == "diagnosis" and _MARKED.isdisjoint(words[named.end : start]):
            # "Radiculopathy without weakness, atrophy" goes on; an "and" would end a list of diseases.
            return start - named.end <= LIST_REACH and "and" in words[start:]
    return (
        bool(mentions)
        and mentions[-1].fact in PAST_RISKS
        and mentions[-1].end == lead
        and (lead < start or words[start] == "without")
    )


_MARKED = frozenset((",", ";", ":"))
_OR = word_set("or")


def _begins_anew(words: list[str], start: int, end: int) -> bool:
    """Say what a "no" does not deny: "no limp and | a cane", "without stenosis and | mild arthropathy"."""
    last = min(end, len(words) - 1)
    if start > last:
        return False
    if words[start] in _ARTICLES or "or" in words[start : last + LIST_REACH]:
        # "Without a cane, a brace or a walker", "no therapy, an injection, or acupuncture"
        return False
    if "," in words[start:last] and _tells_degree(words, start, last):
        return True
    return any(
        words[at] in _JOINS_ANEW
        and (
            words[at + 1] in (_BEGINS_ANEW if words[at] == "and" else _ARTICLES)
            # "No overhead work and 10 visits"
            or (words[at] == "and" and words[at + 1].isdigit())
        )
        for at in range(start, last)
    )


def _tells_degree(words: list[str], start: int, last: int) -> bool:
    """Say whether how much there is of something is told behind a comma: "no tremor, low back | mild | TTP".

    A list with "or" goes on: "no weakness, severe pain, or fever".
    """
    at = words.index(",", start)
    ahead = words[at + 1 : min(last, at + _DEGREE_REACH)]
    return not _DEGREES.isdisjoint(ahead) and _OR.isdisjoint(words[start : last + LIST_REACH])


_DEGREE_REACH = 5
_DEGREES = word_set("degree of finding")
_SAYS_ANEW = word_set("anew")


def _goes_on(words: list[str], place: int) -> bool:
    """Say whether a denied list goes on after a comma: another comma, an "or", or the end is near."""
    ahead = words[place : place + LIST_REACH]
    if not ahead or ahead[0] in ("but", "with", "and"):
        # "Negative for fever, chills, | and weight loss (5/5/14)."
        end = words.index("(", place) if "(" in ahead else len(words)
        is_last = bool(ahead) and ahead[0] == "and" and end - place <= LIST_REACH
        # "Not tried massage or acupuncture, | and TENS is requested"
        return is_last and len(ahead) > 1 and ahead[-2] not in BE_VERBS
    if "," in ahead or "or" in ahead or "nor" in ahead or len(ahead) < LIST_REACH - 1:
        return True
    # "Negative for fever, weight loss and incontinence."
    rest = words[place : place + LIST_REACH + 2]
    return "and" in ahead and len(words) - place <= len(rest) and _SAYS_ANEW.isdisjoint(rest)
