"""The facts of a summary's sentences, one after another: what one leaves open, the next may tell."""

from __future__ import annotations

from imr_ml.extracting.care.amounts import find_amounts
from imr_ml.extracting.care.conditions import let_conditions_hold
from imr_ml.extracting.care.decided import (
    DECIDED,
    acts_told,
    decided_care,
    grants_operation,
    review_begins,
    speaks_for_review,
    tells_act,
    verdict,
)
from imr_ml.extracting.care.injections import let_injections_help
from imr_ml.extracting.care.named_again import name_again, with_another_one
from imr_ml.extracting.care.referring import as_before, it_again
from imr_ml.extracting.care.results import (
    begins_with_it,
    fail_little_relief,
    failures,
    none_helped,
    tell_by_shares,
    tell_elliptic,
    tell_result_of,
    with_outcomes,
)
from imr_ml.extracting.care.sessions import (
    COUNTED,
    asked_again,
    had_of,
    names_no_therapy,
    unnamed_visits,
    without_unnamed,
)
from imr_ml.extracting.care.times import DATED_STUDIES, Dates, add_times, age_findings, spans_told
from imr_ml.extracting.findings.complaints import FELT, mark_complaints, still_complains
from imr_ml.extracting.findings.examined import Examined, add_examined, examined_place
from imr_ml.extracting.findings.menisci import drop_tears_elsewhere
from imr_ml.extracting.findings.onsets import add_onsets
from imr_ml.extracting.findings.passing import tell_what_passed
from imr_ml.extracting.findings.sides import add_sides, place_operations
from imr_ml.extracting.findings.studies import tell_study_result_of
from imr_ml.extracting.findings.working import settle_work
from imr_ml.extracting.grammar.assertions import assert_facts
from imr_ml.extracting.grammar.in_general import TELLS_IN_GENERAL, tell_in_general
from imr_ml.extracting.grammar.judging_words import gives_verdict_on_rest, judged_span
from imr_ml.extracting.grammar.landmarks import drop_landmarks
from imr_ml.extracting.grammar.mentions import HAD, Mention, SentenceFacts, quoted_facts
from imr_ml.extracting.grammar.statements import add_statements
from imr_ml.extracting.grammar.words import BITS, CUE, TOLD, TRAIT, Hit, word_set
from imr_ml.extracting.summaries.details import DETAILED, add_details
from imr_ml.extracting.summaries.looking_up import Sentences

_NONE: list[Mention] = []
_NOT_JUDGED = -1, -1

_JUDGES = TOLD["judgement"]
_MEASURES = TOLD["unit"]
_SIDED = TOLD["side"]
_COMPLAINS = TOLD["complaint"]
_EXAMINES = TOLD["examination"]
_GIVES_REASON = TOLD["reason"]
_BEGAN = TOLD["beginning"]
_PASSES = TOLD["passing"]
_BESIDE = TOLD["landmark"]
_COUNTS = TOLD["visit count"]
_AGAIN = TOLD["again"]
_NUMBERED = TOLD["number"]
_SCORED = TOLD["score"]
_DATED = TOLD["date"]
_NAMES_OPERATION = TOLD["operation"]
_DEFERS = TOLD["deferred"]
_MAY_EXAMINE = _NUMBERED | TOLD["drawer"]
_ASKS_FURTHER = TOLD["further"]
_LASTS = TOLD["lasts"]
_DATING = TOLD["dates care"]
_REFERS = TOLD["refers back"]
_NEEDS_KNEE = TOLD["needs a knee"]
_MAY_TELL_TIME = _MEASURES | _NUMBERED

_COMMA = CUE["comma"]
_COLON = CUE["colon"]
_NO = CUE["no"]
_FAILED = CUE["failed"]
_SHOWS = CUE["shows"]
_OF_ANOTHER = CUE["apart"]
_REVIEW = CUE["review"]
_NAMES_REQUEST = CUE["request word"]
_OF_ALL = CUE["general"]
_PLANS = CUE["plan"] | CUE["plan after"]
_DECIDES = CUE["ur denied"] | CUE["ur modified"] | CUE["ur approved"]

_HAS_CARE = TRAIT["care"]
_DRUG = TRAIT["drug"]
_THERAPY = TRAIT["therapy"]
_HAS_PART = TRAIT["part"]
_MAY_HELP = TRAIT["can help"]
_STUDY = TRAIT["study"]
_MAY_HELP_OR_STUDY = _MAY_HELP | _STUDY
_TEST = TRAIT["test"]

_GOES_ON = word_set("goes on")
"""Words with which a sentence may begin that tells the result of the care named in the one before it."""
_DONE_ON = word_set("done on")


def read_sentences(looked_up: Sentences, *, counting_only: bool = False) -> list[SentenceFacts]:
    """Read the facts of each sentence of a summary.

    Parameters
    ----------
    looked_up : list
        As `look_up_sentences` gives them.
    counting_only : bool, default=False
        Whether to leave out what counts for no table: the facts of judging sentences, and those that are
        named in the words of utilization review.
    """
    reader = _Reader(looked_up, counting_only=counting_only)
    for words, (hits, cues, told, met), _ in looked_up:
        reader.read_sentence(words, hits, cues, told, met)
    return _joined(reader.done(looked_up), looked_up)


def _joined(read: list[SentenceFacts], looked_up: Sentences) -> list[SentenceFacts]:
    """Put the clauses of each sentence together again, which clause a mention stands in marked."""
    if not any(n_before for _, _, n_before in looked_up):
        return read
    whole: list[SentenceFacts] = []
    clause = 0
    for (is_judging, reported, judged), (_, _, n_before) in zip(read, looked_up, strict=True):
        if not n_before:
            clause = 0
            whole.append((is_judging, reported, judged))
            continue
        clause += 1
        for mention in (*reported, *judged):
            mention.move(n_before, clause)
        before = whole[-1]
        whole[-1] = before[0] or is_judging, [*before[1], *reported], [*before[2], *judged]
    return whole


class _Reader:
    """What is read so far of a summary, and what its last sentences leave open."""

    def __init__(self, looked_up: Sentences, *, counting_only: bool) -> None:
        self.sentences = [words for words, _, _ in looked_up]
        self.counting_only = counting_only
        self.read: list[SentenceFacts] = []
        # Where utilization review's words stood last, which may go on; a reason of it is a refusal where no
        # act is told.
        self.quoted_last = -1
        self.has_act = False
        self.first_reason: tuple[int, Mention] | None = None
        # Care and studies whose result the next sentence may tell, care by the word that names it again.
        self.latest: list[Mention] = _NONE
        self.studied: list[Mention] = _NONE
        self.named: dict[str, str] = {}
        # What is examined, and since which sentence the worker complains.
        self.examined: Examined | None = None
        self.complaint = -1
        self.complains = False
        # Sentences that tell when care was had, and since when something lasts.
        self.dated: list[tuple[int, list[Mention]]] = []
        self.begun: list[tuple[int, list[Mention]]] = []

    def read_sentence(self, words: list[str], hits: list[Hit], cues: int, told: int, met: list[int]) -> None:
        """Read the next sentence. What its single words tell says which steps have something to find."""
        n_behind = len(self.read) - self.quoted_last if self.quoted_last >= 0 else 0
        if speaks_for_review(words, hits, cues, n_behind=n_behind):
            self.quoted_last = len(self.read)
            self.read.append((False, self._quoted(words, hits, cues, told, met), _NONE))
            return
        # What utilization review speaks of names no care that was had.
        if cues & _THERAPY or (told & _AGAIN and (self.named or "therapy" in words)):
            hits, cues = name_again(words, hits, cues, self.named)
        if cues & _THERAPY and "one" in words:
            hits, cues = with_another_one(words, hits, cues)
        judged, judged_to = judged_span(words) if told & _JUDGES else _NOT_JUDGED
        if judged >= 0:
            self.examined, self.complaint = None, -1
        if judged == 0 and judged_to == len(words) and self.counting_only:
            self.read.append((True, _NONE, _NONE))
            return
        mentions = self._reported(words, hits, cues, told, met, judged)
        if n_behind == 1 and cues & _DECIDES and gives_verdict_on_rest(words):
            mentions += acts_told(words, cues)
            self.has_act = True
            self.quoted_last = len(self.read)
        if judged < 0:
            self._note_times(words, mentions, cues, told)
            self.read.append((False, mentions, _NONE))
        else:
            in_judgement = [mention for mention in mentions if judged <= mention.start < judged_to]
            self.read.append((True, [one for one in mentions if one not in in_judgement], in_judgement))

    def done(self, looked_up: Sentences) -> list[SentenceFacts]:
        """Give what is read, with what only the whole summary tells: the outcome of its times, a refusal."""
        if self.first_reason is not None and not self.has_act:
            # "UR stated that the drug is not endorsed": reasons without a decision are those of a refusal.
            number, reason = self.first_reason
            self.read[number][1].append(Mention("ur_denied", "review", reason.start, reason.end, "present"))
        dates = Dates(self.sentences, [bool(told & _DATED) for _, (_, _, told, _), _ in looked_up])
        if self.dated:
            add_times(dates, self.dated)
        if self.begun:
            add_onsets(dates, self.begun)
        age_findings(dates, [mentions for _, mentions, _ in self.read])
        return self.read

    def _quoted(
        self, words: list[str], hits: list[Hit], cues: int, told: int, met: list[int]
    ) -> list[Mention]:
        """Read a sentence in utilization review's words, and the treating side's clause before them."""
        self.examined, self.complaint, self.studied = None, -1, _NONE
        cut = review_begins(words, hits)
        lead = _lead_facts(words[:cut], [hit for hit in hits if hit[1] <= cut], told) if cut else []
        own = [hit for hit in hits if hit[0] >= cut] if cut else hits
        mentions = [] if self.counting_only else quoted_facts(own)
        if told & _NAMES_OPERATION:
            mentions = add_statements(words, mentions, met=met, is_quoted=True)
        decided = verdict(
            words,
            hits,
            cues,
            cut,
            may_give_reason=bool(told & _GIVES_REASON),
            lead=lead,
            read=self.read,
            sentences=self.sentences,
        )
        self.has_act = self.has_act or tells_act(decided)
        if self.first_reason is None and cues & _REVIEW and decided and not told & _DEFERS:
            reason = next((one for one in decided if one.status == "present"), None)
            if reason is not None and reason.kind == "review":
                self.first_reason = len(self.read), reason
        mentions += decided
        if cues & _HAS_CARE and (cues & _NAMES_REQUEST or not DECIDED.isdisjoint(words)):
            asked = decided_care(words, own)
            places = {(one.fact, one.start) for one in asked}
            mentions = [one for one in mentions if (one.fact, one.start) not in places] + asked
            if grants_operation(words, decided, mentions):
                mentions.append(Mention("operation_denied", "result", cut, len(words), "denied"))
        if cues & _HAS_CARE and cues & _HAS_PART:
            place_operations(words, own, mentions)
        mentions = lead + mentions
        if cues & _STUDY and cues & _SHOWS:
            mentions += _dated_studies(words, hits, told)
        return mentions

    def _reported(
        self, words: list[str], hits: list[Hit], cues: int, told: int, met: list[int], judged: int
    ) -> list[Mention]:
        """Read a sentence of the treating side, or one that judges from the word `judged` on."""
        parts = self.examined.parts if self.examined is not None else ()
        if not parts and cues & _TEST and not cues & _HAS_PART and told & _MAY_EXAMINE:
            parts = _parts_told(self.read)
        found = assert_facts(words, hits, cues, parts, told)
        if cues & _HAS_PART and told & _BESIDE:
            found = drop_landmarks(words, found)
        if cues & _THERAPY:
            found = without_unnamed(found)
        goes_on = (
            judged < 0
            and self.latest is not _NONE
            and bool(words)
            and (words[0] in _GOES_ON or begins_with_it(words))
        )
        mentions = found
        # What judges the whole sentence counts for nothing.
        if judged:
            has_care = goes_on or bool(cues & _MAY_HELP_OR_STUDY)
            has_dates = bool(told & _NUMBERED and cues & _COMMA)
            mentions = add_statements(words, found, met=met, has_care=has_care, has_dates=has_dates)
            if mentions is not found:
                # Care that no phrase names has a result, too: "adjustments eased the back".
                for one in mentions:
                    cues |= BITS.get(one.kind, 0)
        if cues & DETAILED or (told & _SCORED and cues & _HAS_PART):
            add_details(words, hits, mentions, cues, told)
        if cues & _OF_ANOTHER:
            _set_apart(hits, mentions)
        if cues & _PLANS and told & _ASKS_FURTHER:
            before = self.latest or [one for _, found, _ in self.read for one in found]
            mentions = [*mentions, *asked_again(words, mentions, before)]
        if told & _NUMBERED and told & _COUNTS and (not cues & _THERAPY or names_no_therapy(mentions)):
            mentions = [*mentions, *unnamed_visits(words)]
        before = self.latest
        if cues & _MAY_HELP:
            self.latest = mentions
        elif goes_on:
            cues |= tell_result_of(self.latest, words, hits, mentions, cues)
            if told & _COUNTS:
                counted = [one for one in self.latest if one.fact in COUNTED]
                mentions = [*mentions, *had_of(counted, words, 0)] if counted else mentions
        else:
            self.latest = _NONE
        if told & _NEEDS_KNEE and mentions:
            mentions = drop_tears_elsewhere(words, mentions)
        if mentions is not found:
            mentions = with_outcomes(words, mentions)
        if cues & _MAY_HELP and cues & _NO and mentions:
            none_helped(words, mentions)
            if before is not _NONE and before is not mentions:
                tell_elliptic(words, mentions, before)
        if cues & _THERAPY and told & _LASTS:
            tell_by_shares(words, mentions)
        if cues & _FAILED and self.latest is not _NONE:
            mentions = [*mentions, *failures(words, mentions if cues & _MAY_HELP else self.latest)]
        self._tell_of_studies(words, hits, mentions, cues)
        if told & _MEASURES or cues & _MAY_HELP:
            mentions += find_amounts(words, cues, mentions, told)
            if cues & _THERAPY:
                fail_little_relief(words, mentions)
        if mentions and (cues & _OF_ALL or told & TELLS_IN_GENERAL):
            tell_in_general(words, hits, mentions)
        if cues & _MAY_HELP and told & _NUMBERED and (spans := spans_told(words, mentions)):
            mentions += spans
        if cues & _PLANS and cues & _MAY_HELP:
            let_conditions_hold(words, mentions)
        if cues & _DRUG and cues & _THERAPY:
            let_injections_help(words, mentions)
        self._mark_complaints(words, mentions, told)
        if told & _PASSES and mentions:
            tell_what_passed(words, mentions)
        if any(one.kind == "work" for one in mentions):
            settle_work(words, mentions)
        if told & _SIDED and mentions:
            add_sides(words, hits, mentions)
        if told & _REFERS and mentions:
            as_before(mentions, self.read)
        if goes_on and not cues & _MAY_HELP and mentions:
            mentions += it_again(words, mentions, self.latest)
        self._examine(words, hits, mentions, cues, told)
        return mentions

    def _tell_of_studies(self, words: list[str], hits: list[Hit], mentions: list[Mention], cues: int) -> None:
        """Let a sentence tell the result of the studies named in the one before."""
        if cues & _STUDY:
            self.studied = mentions
        elif self.studied is not _NONE:
            if words and words[0] in _GOES_ON:
                tell_study_result_of(self.studied, words, hits, mentions, cues)
            self.studied = _NONE

    def _mark_complaints(self, words: list[str], mentions: list[Mention], told: int) -> None:
        """Mark what the worker tells of, in this sentence or since an earlier one."""
        if told & _COMPLAINS:
            self.complaint, self.complains = len(self.read), False
            if mentions:
                mark_complaints(words, mentions)
        elif self.complaint >= 0 and mentions and not FELT.isdisjoint([mention.fact for mention in mentions]):
            since = [*(found for _, found, _ in self.read[self.complaint :]), mentions]
            told_since = self.sentences[self.complaint : len(self.read) + 1]
            self.complains = still_complains(told_since, since, is_known=self.complains)
            mark_complaints(words, mentions, goes_on=self.complains)
            self.complaint = len(self.read) if self.complains else -1

    def _examine(
        self, words: list[str], hits: list[Hit], mentions: list[Mention], cues: int, told: int
    ) -> None:
        """Follow an examination from part to part of the body."""
        turns_to = None
        if told & _EXAMINES or (cues & _COLON and cues & _HAS_PART):
            turns_to = examined_place(words, hits, mentions)
        if turns_to is not None:
            self.examined = turns_to
        elif self.examined is not None and mentions:
            self.examined = add_examined(words, mentions, self.examined, told)

    def _note_times(self, words: list[str], mentions: list[Mention], cues: int, told: int) -> None:
        """Keep what may tell when care was had, or since when something lasts."""
        if (
            cues & _MAY_HELP
            and ((told & _NUMBERED and told & _DATING) or any(one.kind == "surgery" for one in mentions))
        ) or (cues & _STUDY and told & _DATED and any(one.fact in DATED_STUDIES for one in mentions)):
            self.dated.append((len(self.read), mentions))
        if told & _BEGAN and told & _MAY_TELL_TIME:
            self.begun.append((len(self.read), mentions))


def _set_apart(hits: list[Hit], mentions: list[Mention]) -> None:
    """Let what came of another injury's care be of that: "for an unrelated claim, he had | gains"."""
    place = next(start for start, _, entry in hits if entry.cues & _OF_ANOTHER)
    for mention in mentions:
        if mention.kind == "outcome" and mention.start > place:
            mention.status = "unrelated"


def _parts_told(read: list[SentenceFacts]) -> tuple[str, ...]:
    """Give the parts of the body that a summary has named so far: one of them is examined."""
    parts = [
        one.fact
        for _, mentions, _ in read
        for one in mentions
        if one.kind == "part" and one.status == "present"
    ]
    return tuple(dict.fromkeys(parts))


def _lead_facts(words: list[str], hits: list[Hit], told: int) -> list[Mention]:
    """Give what a clause reports that stands before utilization review's."""
    cues = 0
    for _, _, entry in hits:
        cues |= entry.cues
    mentions = add_statements(
        words, assert_facts(words, hits, cues, (), told), has_care=bool(cues & _MAY_HELP_OR_STUDY)
    )
    if cues & DETAILED:
        add_details(words, hits, mentions, cues, told)
    return with_outcomes(words, mentions)


def _dated_studies(words: list[str], hits: list[Hit], told: int) -> list[Mention]:
    """Give the studies that utilization review tells of as done: "the EMG dated 5/1/13 | did not show"."""
    for start, end, entry in hits:
        if not entry.cues & _STUDY or words[end : end + 1] == [] or words[end] not in _DONE_ON:
            continue
        date = next((at for at in range(end + 1, min(end + 4, len(words))) if words[at][0].isdigit()), -1)
        if date < 0 or not any(
            date < at <= date + 4 and other.cues & (_SHOWS | _NO) for at, _, other in hits
        ):
            continue
        own = [(at - start, after - start, other) for at, after, other in hits if at >= start]
        studies = [m for m in _lead_facts(words[start:], own, told) if m.kind == "study" and m.start == 0]
        for study in studies:
            study.start, study.end = start, end
        return [study for study in studies if study.status in HAD]
    return []
