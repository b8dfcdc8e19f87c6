"""Facts that a clinical case summary states, each with its place, status and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter, itemgetter

from imr_ml.extracting.amounts import UNITS_AND_DOSES, find_amounts
from imr_ml.extracting.assertions import (
    DENIED_AT_END,
    DRUG_KINDS,
    EARLIER,
    HAD,
    Mention,
    SentenceFacts,
    Status,
    assert_facts,
    quoted_facts,
)
from imr_ml.extracting.complaints import FELT, mark_complaints, still_complains
from imr_ml.extracting.decided import (
    DECIDED,
    REVIEW_ACTS,
    acts_told,
    asking,
    decided_care,
    reason_words,
    refuses_operation,
    review_begins,
    review_facts,
    speaks_for_review,
)
from imr_ml.extracting.drugs import topical_words
from imr_ml.extracting.examined import Examined, add_examined, examined_place
from imr_ml.extracting.judging_words import (
    gives_verdict_on_rest,
    grants_some,
    judged_span,
    judging_words,
)
from imr_ml.extracting.landmarks import BESIDE, drop_landmarks
from imr_ml.extracting.lexicon import spelled_numbers
from imr_ml.extracting.motion import SHORT_MOTIONS, spell_motions
from imr_ml.extracting.needs import NUMBER
from imr_ml.extracting.onsets import BEGAN, add_onsets
from imr_ml.extracting.pain import HALVES, pain_mentions
from imr_ml.extracting.results import (
    IMAGING,
    LASTS,
    add_outcomes,
    failures,
    tell_by_scores,
    tell_by_shares,
    tell_by_spared,
    tell_result_of,
    with_outcomes,
)
from imr_ml.extracting.sentences import (
    TOKEN,
    begins_with_digit,
    sentence_words,
    split_sentences,
    words_of,
)
from imr_ml.extracting.sessions import (
    ASKS_FURTHER,
    COUNTED,
    asked_again,
    count_sessions,
    grants_fewer,
    had_of,
    unnamed_visits,
)
from imr_ml.extracting.sides import add_sides
from imr_ml.extracting.statements import add_statements, needs_of_rules
from imr_ml.extracting.stopped import stop_drugs
from imr_ml.extracting.studies import add_study_results, is_of_study, tell_of_none, tell_study_result_of
from imr_ml.extracting.summary_words import (
    CARE,
    CUE,
    DATED,
    ENDS_IN_DENIAL,
    NAMES_EARLIER,
    NUMBERED,
    SCORED,
    TRAIT,
    Entry,
    Hit,
    LookedUp,
    Node,
    Phrasebook,
    look_up,
    phrasebook,
    told_of_number,
    word_set,
)
from imr_ml.extracting.times import Dates, add_times, age_findings, spans_told
from imr_ml.letter import Span
from imr_ml.resources import read_rows


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact at one place of a summary.

    Parameters
    ----------
    fact : str
        Its name in ``lexicons/summary_facts.csv``, or ``body part``, ``pain score`` and their like.
    kind : str
        The kind of fact: ``finding``, ``diagnosis``, ``treatment``, ``drug``, ``study``, ``work`` and so on.
    status : {"present", "denied", "historical", "planned", "possible", "quoted", "unrelated"}
    span : Span
        The words that name it: ``summary[span.start : span.end]``.
    sentence : Span
        The sentence that they stand in.
    value : float or None
        A pain score from 0 to 10, a number of sessions, a body mass index.
    result : str or None
        ``abnormal`` or ``normal`` for a study, ``helped`` or ``failed`` for a treatment.
    drug_class : str or None
        DWC's class of a drug.
    parts : tuple of str
        Parts of the body that it is about, where the words beside it say so, or the examination before it.
    side : {"left", "right", ""}
        Of the body, where these say so; none where both.
    is_complaint : bool
        Whether it is a deficit that the worker tells of, beside those that an examination found.
    is_judged : bool
        Whether the sentence judges the record; by default such facts count for nothing.
    """

    fact: str
    kind: str
    status: Status
    span: Span
    sentence: Span
    value: float | None = None
    result: str | None = None
    drug_class: str | None = None
    parts: tuple[str, ...] = ()
    side: str = ""
    is_complaint: bool = False
    is_judged: bool = False


def summary_findings(summary: str, *, of_review_only: bool = False) -> tuple[Finding, ...]:
    """Read the facts that a summary states.

    Parameters
    ----------
    summary : str
        The clinical case summary; line and page breaks, double spaces and the like change nothing.
    of_review_only : bool, default=False
        Whether to give those of sentences in utilization review's words only.

    Returns
    -------
    tuple of Finding
        In the order of the text. Contradictory statements are all kept.

    Examples
    --------
    >>> summary = "He denies numbness. Physical therapy (6 sessions) helped. An MRI was requested."
    >>> [(f.fact, f.status, f.value) for f in summary_findings(summary)]
    [('numbness', 'denied', None), ('physical_therapy', 'present', 6.0), ('mri', 'planned', None)]
    """
    findings = []
    sentences = zip(split_sentences(summary), read_summary(summary), strict=False)
    for span, (_, reported, judged) in sentences:
        mentions = sorted([*reported, *judged], key=attrgetter("start")) if judged else reported
        if not mentions or (
            of_review_only and not any(m.kind == "review" or m.status == "quoted" for m in mentions)
        ):
            continue
        places = [m.span() for m in TOKEN.finditer(summary, span.start, span.end)]
        words = words_of(summary[span.start : span.end]) if any(m.kind == "image" for m in mentions) else []
        for mention in mentions:
            if mention.kind == "image" and not is_of_study(words, mention, mentions):
                continue
            findings.append(
                Finding(
                    mention.fact,
                    mention.kind,
                    mention.status,  # type: ignore[arg-type]
                    Span(places[mention.start][0], places[mention.end - 1][1]),
                    span,
                    mention.value,
                    mention.result,
                    mention.drug_class,
                    mention.parts,
                    mention.side,
                    mention.is_complaint,
                    mention in judged,
                )
            )
    return tuple(findings)


@lru_cache(maxsize=2**4)
def read_summary(summary: str) -> Sequence[SentenceFacts]:
    """Read the facts of each sentence of a summary, without their places in its text.

    The latest are remembered: facts of an item and reasons of utilization review are asked of the same one.
    """
    return read_sentences(look_up_sentences(sentence_words(summary)))


Sentences = list[tuple[list[str], LookedUp]]
"""The words of each sentence, and what is found of them in the phrasebook."""


def look_up_sentences(sentences: list[list[str]]) -> Sentences:
    """Look up the words of each sentence of a summary, what is written in short spelled out."""
    book = _telling_phrasebook()
    found: Sentences = []
    for words in sentences:
        looked_up = look_up(words, book)
        told = looked_up[2]
        if told & _IN_SHORT:
            words = spell_motions(_spell_reason(words) if "2/2" in words else words)
            looked_up = look_up(words, book)
        found.append((words, looked_up))
    return found


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
    read: list[SentenceFacts] = []
    was_quoted = False
    latest: list[Mention] = _NONE
    studied: list[Mention] = _NONE
    dated: list[tuple[int, list[Mention]]] = []
    begun: list[tuple[int, list[Mention]]] = []
    examined: Examined | None = None
    complaint, complains = -1, False
    named: dict[str, str] = {}
    reviewed: list[Mention] = []
    first_reason: tuple[int, Mention] | None = None
    sentences = [words for words, _ in looked_up]
    for words, (hits, cues, told, met) in looked_up:
        # What single words tell says which of the following steps have something to find.
        after_review = was_quoted
        was_quoted = speaks_for_review(words, hits, cues, goes_on=was_quoted)
        if was_quoted:
            examined, complaint, studied = None, -1, _NONE
            cut = review_begins(words, hits)
            lead = _lead_facts(words[:cut], [hit for hit in hits if hit[1] <= cut], told) if cut else []
            own = [hit for hit in hits if hit[0] >= cut] if cut else hits
            mentions = [] if counting_only else quoted_facts(own)
            mentions = add_statements(words, mentions, met=met, is_quoted=True)
            decided = review_facts(words[cut:], cues, may_give_reason=bool(told & _GIVES_REASON))
            reviewed += decided
            if decided and first_reason is None and cues & _REVIEW and _DEFERRED.isdisjoint(words):
                first_reason = len(read), decided[0]
            if cues & _APPROVES and not cues & _MODIFIES and grants_fewer(words, asking(sentences, read)):
                decided = [one for one in decided if one.fact != "ur_modified"]
                for one in decided:
                    one.fact = "ur_modified" if one.fact == "ur_approved" else one.fact
            mentions += decided
            if cues & _REFUSES_ANY and refuses_operation(words, hits, cut, lead, read):
                mentions.append(Mention("operation_denied", "result", 0, len(words), "present"))
            if words[-1] == "not" and not cues & _REFUSED_CUE and grants_some(words):
                mentions.append(Mention("ur_denied", "review", 0, len(words), "present"))
                reviewed.append(mentions[-1])
            if cues & _HAS_CARE and not DECIDED.isdisjoint(words):
                asked = decided_care(words, own)
                places = {(one.fact, one.start) for one in asked}
                mentions = [one for one in mentions if (one.fact, one.start) not in places] + asked
            mentions = lead + mentions
            if cues & _STUDY and cues & _SHOWS:
                mentions += _dated_studies(words, hits, told)
            read.append((False, mentions, _NONE))
            continue
        # What utilization review speaks of names no care that was had.
        if cues & _THERAPY or (told & _AGAIN and (named or "therapy" in words)):
            hits, cues = _name_again(words, hits, cues, named)
        judged, judged_to = judged_span(words) if told & _JUDGES else _NOT_JUDGED
        if judged >= 0:
            examined, complaint = None, -1
        if judged == 0 and judged_to == len(words) and counting_only:
            read.append((True, _NONE, _NONE))
            continue
        parts = examined.parts if examined is not None else ()
        if not parts and cues & _TEST and not cues & _HAS_PART and (told & NUMBERED or "drawer" in words):
            parts = _parts_told(read)
        found = assert_facts(words, hits, cues, parts, told)
        if cues & _HAS_PART and told & _BESIDE:
            found = drop_landmarks(words, found)
        # What judges the whole sentence counts for nothing.
        goes_on = judged < 0 and latest is not _NONE and bool(words) and words[0] in _GOES_ON
        has_care = goes_on or bool(cues & _MAY_HELP_OR_STUDY)
        mentions = found
        if judged:
            has_dates = bool(told & NUMBERED and cues & _COMMA)
            mentions = add_statements(words, found, met=met, has_care=has_care, has_dates=has_dates)
        if cues & _HAS_DETAILS or (told & SCORED and cues & _HAS_PART):
            _add_details(words, hits, mentions, cues, told)
        if cues & _OF_ANOTHER:
            _set_apart(hits, mentions)
        if cues & _PLANS and not ASKS_FURTHER.isdisjoint(words):
            mentions = [*mentions, *asked_again(words, mentions, latest)]
        if told & NUMBERED and told & _COUNTS and not cues & _THERAPY:
            mentions = [*mentions, *unnamed_visits(words)]
        if cues & _MAY_HELP:
            latest = mentions
        elif goes_on:
            cues |= tell_result_of(latest, words, hits, mentions, cues)
            if told & _COUNTS:
                counted = [one for one in latest if one.fact in COUNTED]
                mentions = [*mentions, *had_of(counted, words, 0)] if counted else mentions
        else:
            latest = _NONE
        if mentions is not found:
            mentions = with_outcomes(words, mentions)
        if cues & _THERAPY and not LASTS.isdisjoint(words):
            tell_by_shares(words, mentions)
        if cues & _FAILED and latest is not _NONE:
            mentions = [*mentions, *failures(words, mentions if cues & _MAY_HELP else latest)]
        if cues & _STUDY:
            studied = mentions
        elif studied is not _NONE:
            if words and words[0] in _GOES_ON:
                tell_study_result_of(studied, words, hits, mentions, cues)
            studied = _NONE
        if told & _MEASURES or cues & _MAY_HELP:
            mentions += find_amounts(words, cues, mentions, names_units=bool(told & _MEASURES))
        if cues & _MAY_HELP and told & NUMBERED and (spans := spans_told(words, mentions)):
            mentions += spans
        if cues & _DRUG and cues & _THERAPY:
            _let_injections_help(words, mentions)
        if told & _TOLD:
            complaint, complains = len(read), False
            if mentions:
                mark_complaints(words, mentions)
        elif complaint >= 0 and mentions and not FELT.isdisjoint([mention.fact for mention in mentions]):
            since = [*(found for _, found, _ in read[complaint:]), mentions]
            complains = still_complains(sentences[complaint : len(read) + 1], since, is_known=complains)
            mark_complaints(words, mentions, goes_on=complains)
            complaint = len(read) if complains else -1
        if told & _SIDED and mentions:
            add_sides(words, hits, mentions)
        turns_to = None
        if told & _EXAMINES or (cues & _COLON and cues & _HAS_PART):
            turns_to = examined_place(words, hits, mentions)
        if turns_to is not None:
            examined = turns_to
        elif examined is not None and mentions:
            examined = add_examined(words, mentions, examined, names_side=bool(told & _SIDED))
        if after_review and cues & _DECIDES and gives_verdict_on_rest(words):
            decided = acts_told(words, cues)
            reviewed += decided
            mentions += decided
            was_quoted = True
        if judged < 0:
            if cues & _MAY_HELP and (
                (told & NUMBERED and not _DATING.isdisjoint(words))
                or any(one.kind == "surgery" for one in mentions)
            ):
                dated.append((len(read), mentions))
            if told & _BEGAN and told & _MAY_TELL_TIME:
                begun.append((len(read), mentions))
            read.append((False, mentions, _NONE))
        else:
            in_judgement = [mention for mention in mentions if judged <= mention.start < judged_to]
            read.append((True, [one for one in mentions if one not in in_judgement], in_judgement))
    if first_reason is not None and not any(one.fact in REVIEW_ACTS for one in reviewed):
        # "UR stated that the drug is not endorsed": reasons without a decision are those of a refusal.
        number, reason = first_reason
        read[number][1].append(Mention("ur_denied", "review", reason.start, reason.end, "present"))
    dates = Dates(sentences, [bool(told & DATED) for _, (_, _, told, _) in looked_up])
    if dated:
        add_times(dates, dated)
    if begun:
        add_onsets(dates, begun)
    age_findings(dates, [mentions for _, mentions, _ in read])
    return read


# Neither refused nor granted.
_DEFERRED = frozenset(("defer", "deferred", "deferring", "pended"))


def _spell_reason(words: list[str]) -> list[str]:
    """Write "2/2" out, "secondary to", where it is no grade of a reflex: "limited 2/2 pain"."""
    return [
        "secondary"
        if word == "2/2" and place and _REFLEXES.isdisjoint(words[max(0, place - _NEAR) : place])
        else word
        for place, word in enumerate(words)
    ]


_REFLEXES = word_set("graded reflex")


def _set_apart(hits: list[Hit], mentions: list[Mention]) -> None:
    """Let what came of another injury's care be of that: "for an unrelated claim, he had | gains"."""
    place = next(start for start, _, entry in hits if entry.cues & _OF_ANOTHER)
    for mention in mentions:
        if mention.kind == "outcome" and mention.start > place:
            mention.status = "unrelated"


_OF_ANOTHER = CUE["apart"]


def _name_again(words: list[str], hits: list[Hit], cues: int, named: dict[str, str]) -> tuple[list[Hit], int]:
    """Let "the second injection" be of the kind named last, "the program" be the one attended.

    "Therapy | helped" is the one named last, physical therapy where none was.

    `named` holds the care named so far by the word that stands for it; it is added to.
    """
    again = hits
    for number, (start, end, entry) in enumerate(hits):
        if not entry.cues & _THERAPY:
            continue
        for fact, kind, status in entry.facts:
            if fact == "injection" and status == "":
                before = words[max(0, start - _NAMED_REACH) : start]
                if "injection" in named and not _SAME.isdisjoint(before):
                    again = again if again is not hits else list(hits)
                    again[number] = (
                        start,
                        end,
                        Entry(((named["injection"], kind, ""),), entry.cues, entry.parts),
                    )
            elif kind == "injection":
                named["injection"] = fact
            elif fact == _PROGRAM:
                named["program"] = fact
            elif fact in _CALLED_THERAPY:
                named["therapy"] = fact
    if "program" in named and "program" in words:
        place = words.index("program")
        is_free = not any(start <= place < end for start, end, _ in hits)
        if is_free and place and words[place - 1] in _SAME and not cues & _THERAPY:
            entry = Entry(((_PROGRAM, "treatment", ""),), _OF_PROGRAM, ())
            again = sorted([*again, (place, place + 1, entry)], key=_START)
            cues |= _OF_PROGRAM
    if "therapy" in words and (place := _bare_therapy(words, hits)) >= 0:
        fact = named.get("therapy", "physical_therapy")
        bare = (place, place + 1, Entry(((fact, "treatment", ""),), _OF_PROGRAM, ()))
        again = sorted([*again, bare], key=_START)
        cues |= _OF_PROGRAM
    return again, cues


def _bare_therapy(words: list[str], hits: list[Hit]) -> int:
    """Give the place of a therapy that is not named and did something, -1 where there is none."""
    place = words.index("therapy")
    behind = words[place + 1 : place + 2]
    if not behind or (behind[0] not in _DOES and not begins_with_digit(behind[0])):
        return -1
    if place and (words[place - 1] not in _BEFORE_BARE or behind == ["was"]):
        # "That therapy was denied" tells of none that was had.
        return -1
    return -1 if any(start <= place < end and entry.facts for start, end, entry in hits) else place


_BEFORE_BARE = frozenset(("that", ",", ";"))
_CALLED_THERAPY = frozenset(("physical_therapy", "occupational_therapy", "psychotherapy", "aquatic_therapy"))
_DOES = word_set("therapy does")


_DATING = word_set("dates care")
_SAME = word_set("same care")
_NAMED_REACH = 3
_NAMED_AGAIN = frozenset(("therapy", "program"))
_PROGRAM = "functional_restoration"
_OF_PROGRAM = TRAIT["fact"] | TRAIT["care"] | TRAIT["therapy"] | TRAIT["can help"]
_START = itemgetter(0)


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
    if cues & _HAS_DETAILS:
        _add_details(words, hits, mentions, cues, told)
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


_DONE_ON = word_set("done on")


_NONE: list[Mention] = []
_NOT_JUDGED = -1, -1
_JUDGES = 1
_MEASURES = 2
_SIDED = 4
_TOLD = 8
_EXAMINES = 16
_IN_SHORT = 64
_GIVES_REASON = 128
_BEGAN = 256
# 512 and 1024 are those of `assert_facts`.
_BESIDE = 2048
_COUNTS = 4096
_AGAIN = 32768
_MAY_TELL_TIME = _MEASURES | NUMBERED
_NUMBERS_OR_COUNTS = NUMBERED | _COUNTS


@cache
def _telling_phrasebook() -> Phrasebook:
    """Give the phrasebook, and by first word what single words tell: the bits above, needs of statements."""
    book, rules = phrasebook(), needs_of_rules()
    told: dict[str, int] = {}
    for bit, words in (
        (_JUDGES, judging_words()),
        (_MEASURES, UNITS_AND_DOSES),
        (_SIDED, word_set("side")),
        (_TOLD, word_set("complains") | word_set("worker says") | word_set("treated for")),
        (_EXAMINES, word_set("examination")),
        (_IN_SHORT, {"2/2"} | SHORT_MOTIONS.keys()),
        (_GIVES_REASON, reason_words()),
        (_BEGAN, BEGAN),
        (ENDS_IN_DENIAL, DENIED_AT_END),
        (NAMES_EARLIER, EARLIER),
        (_BESIDE, BESIDE),
        (_COUNTS, word_set("visit count")),
        (_AGAIN, _NAMED_AGAIN),
        (NUMBERED, spelled_numbers().keys() | HALVES),
    ):
        for word in words:
            told[word] = told.get(word, 0) | bit
    telling = dict(book)
    for word in book.keys() | rules.by_word.keys() | rules.fits.keys() | told.keys():
        node = telling.setdefault(word, Node((word,), ()))
        node.told = told.get(word, 0) | told_of_number(word)
        node.needs = rules.by_word.get(word, ())
        node.fits = rules.fits.get(word, 0) | (rules.fits.get(NUMBER, 0) if node.told & NUMBERED else 0)
    return telling


_STEROID = "adrenal cortical steroids"
_NASAL = word_set("nasal")
_BREATHED = word_set("breathed")
_INHALED = word_set("breathed steroid")
_AROUND = 20
_NEAR = 6
_COMMA = CUE["comma"]
_COLON = CUE["colon"]
_ENDS_PARTS = CUE["stop"] | _COLON
_SHOWS = CUE["shows"]
_BODY_MASS = CUE["body mass"]
_OUTCOME = CUE["helped"] | CUE["failed"]
_FAILED = CUE["failed"]
_NO = CUE["no"]
_REVIEW = CUE["review"]
_PLANS = CUE["plan"] | CUE["plan after"]
_REFUSED_CUE = CUE["ur denied"]
_REFUSES_ANY = _REFUSED_CUE | CUE["decision"]
_MODIFIES = CUE["ur modified"]
_APPROVES = CUE["ur approved"]
_DECIDES = _REFUSED_CUE | _MODIFIES | _APPROVES


_HAS_CARE = TRAIT["care"]
_DRUG = TRAIT["drug"]
_THERAPY = TRAIT["therapy"]
_STUDY = TRAIT["study"]
_HAS_PART = TRAIT["part"]
_MAY_HELP = TRAIT["can help"]
_TEST = TRAIT["test"]
_MAY_HELP_OR_STUDY = _MAY_HELP | _STUDY
_SCORED = CUE["pain"] | CUE["with medication"] | CUE["without medication"]
_HAS_DETAILS = _SCORED | _HAS_CARE | _BODY_MASS


def _add_details(words: list[str], hits: list[Hit], mentions: list[Mention], cues: int, told: int) -> None:
    # Some scores nothing names: "8/10, 4/10 with Norco".
    scored: list[Mention] = _NONE
    if told & NUMBERED and (
        cues & _SCORED
        or (told & SCORED and (cues & _MAY_HELP or (cues & _HAS_PART and not cues & _HAS_CARE)))
    ):
        scored = pain_mentions(words, hits, cues)
        mentions.extend(scored)
        if scored and not cues & _MAY_HELP and not _UNNAMED.isdisjoint(words):
            drop = next((one for one in scored if one.fact == "pain_drop"), None)
            if drop is not None and any(one.fact == "pain_without_medication" for one in scored):
                # "Pain is 9/10 unmedicated and 5/10 after dosing"
                mentions.append(Mention("medication", "medication", drop.start, drop.end, "present"))
                tell_by_scores(words, mentions)
    if cues & _DRUG:
        # What a pump delivers is compounded too, and no cream.
        is_compounded = not _COMPOUND.isdisjoint(words) and _PUMPED.isdisjoint(words)
        for mention in mentions:
            if mention.kind == "drug":
                first = mention.start - (words[mention.start - 1 : mention.start] == ["topical"])
                mention.drug_class = drug_class(mention.fact, words[first : mention.end + 2])
                if is_compounded and not _COMPOUND.isdisjoint(words[max(0, first - _COMPOUND_REACH) : first]):
                    mention.drug_class = "topical compound"
                if mention.drug_class == _STEROID:
                    before = mention.start - (4 if mention.fact in _INHALED else 1)
                    near = words[max(0, before) : mention.end + 2]
                    if not _BREATHED.isdisjoint(near):
                        mention.drug_class = "asthma" if _NASAL.isdisjoint(near) else ""
                elif mention.fact in _ANESTHETICS and cues & _THERAPY and _is_injected(words, mention):
                    mention.drug_class = ""
        if "film" in words:
            _drop_drug_films(words, mentions)
        if "(" in words:
            _tell_of_brackets(words, mentions)
        stop_drugs(words, mentions, is_denying=bool(cues & _NO))
        if cues & _THERAPY:
            _name_injections(words, mentions)
        if cues & _STUDY and any(mention.fact == "urine_drug_test" for mention in mentions):
            # What a urine test did not find may be taken all the same.
            for mention in mentions:
                is_found = mention.drug_class == "cannabinoid" and not _FOUND_IN.isdisjoint(words)
                if mention.kind in DRUG_KINDS and (mention.status == "denied" or is_found):
                    mention.status = "possible"
    if cues & _HAS_CARE:
        if cues & _PLANS and "surgeon" in words:
            _drop_asking_surgeon(words, mentions)
        if cues & _HAS_PART:
            _add_parts(words, hits, mentions)
        if cues & _THERAPY and told & _NUMBERS_OR_COUNTS:
            count_sessions(words, mentions)
        if cues & _STUDY:
            _drop_unnamed(words, mentions)
            add_study_results(words, hits, mentions, cues)
        if cues & _MAY_HELP and cues & _NO:
            tell_of_none(words, mentions)
        if cues & _MAY_HELP and cues & _DENIES and not _NOW.isdisjoint(words):
            _tell_of_none_now(words, mentions)
        if cues & _OUTCOME and cues & _MAY_HELP:
            add_outcomes(words, hits, mentions)
        if scored and any(one.fact == "pain_drop" for one in scored):
            tell_by_scores(words, mentions)
        if cues & _DRUG and cues & _THERAPY:
            tell_by_spared(words, mentions)
    if cues & _BODY_MASS:
        mentions.extend(_body_mass_index(words, hits))


def _drop_drug_films(words: list[str], mentions: list[Mention]) -> None:
    """Drop X-rays that are a drug's form: "Suboxone 8 mg films"."""
    drugs = [mention for mention in mentions if mention.kind == "drug"]
    for film in [mention for mention in mentions if mention.fact == "xray"]:
        if words[film.start] == "film" and any(
            0 <= film.start - drug.end <= _NEAR and "," not in words[drug.end : film.start] for drug in drugs
        ):
            mentions.remove(film)


def _tell_of_brackets(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs in brackets be what a cream holds, and no drugs where a laboratory measures them."""
    for place, word in enumerate(words):
        if word != "(" or not place:
            continue
        before = words[place - 1]
        if before not in _CREAMS and before not in _MEASURED:
            continue
        end = words.index(")", place) if ")" in words[place:] else len(words)
        for drug in [one for one in mentions if one.kind == "drug" and place < one.start < end]:
            if before in _CREAMS:
                drug.drug_class = "topical compound"
            else:
                mentions.remove(drug)


_CREAMS = word_set("what is compounded")
_MEASURED = word_set("laboratory")


def _is_injected(words: list[str], drug: Mention) -> bool:
    near = words[max(0, drug.start - _INJECTION_REACH) : drug.end + _INJECTION_REACH]
    if not _PUMPED.isdisjoint(near):
        return True
    return not _INJECTED.isdisjoint(near) and topical_words().isdisjoint(near)


_UNNAMED = word_set("unnamed drug")


def _let_injections_help(words: list[str], mentions: list[Mention]) -> None:
    """Let an injection help, not what it holds: "the injection of Kenalog gave relief"."""
    for one in mentions:
        is_of_joints = one.kind == "drug" and (one.drug_class == _STEROID or one.fact in _ANESTHETICS)
        if is_of_joints and one.result and _is_injected(words, one):
            for injection in mentions:
                if injection.kind == "injection" and injection.start < one.start and not injection.result:
                    injection.result = one.result
            one.result = None


_COMPOUND = word_set("compound")
_COMPOUND_REACH = 8
_PUMPED = word_set("pumped")
_ANESTHETICS = frozenset(("lidocaine", "bupivacaine", "ropivacaine"))
_INJECTED = word_set("injected")
_INJECTION_REACH = 8


def _name_injections(words: list[str], mentions: list[Mention]) -> None:
    """Let an injection be one of a steroid where the drug stands beside it: "injection (Kenalog, 40 mg)"."""
    unnamed = [mention for mention in mentions if mention.fact == "injection"]
    for injection in unnamed:
        for drug in mentions:
            near = 0 <= drug.start - injection.end <= _INJECTION_REACH
            if near and (drug.drug_class == _STEROID or drug.fact == "steroid_injection"):
                injection.fact = "steroid_injection"
    named = [mention for mention in mentions if mention.fact in _INJECTED_AT]
    for injection in named:
        for drug in [one for one in mentions if one.fact == "steroid_injection"]:
            # "A sacroiliac injection | with Kenalog" is one injection.
            between = words[injection.end : drug.start]
            if 0 < len(between) <= _INJECTION_REACH and between[0] in _WITH:
                mentions.remove(drug)


def _drop_asking_surgeon(words: list[str], mentions: list[Mention]) -> None:
    """Drop the surgeon who asks for care, for that is the treating one: "the surgeon | requests therapy"."""
    for mention in mentions:
        if mention.fact == "surgery_consult" and words[mention.end - 1] == "surgeon":
            behind = words[mention.end : mention.end + _ASKING_REACH]
            if not _ASKS.isdisjoint(behind) and _PARTS_SPEECH.isdisjoint(behind):
                mentions.remove(mention)
                return


_ASKS = word_set("surgeon asks")
_ASKING_REACH = 3
_PARTS_SPEECH = frozenset((",", "who", "for", "and"))
_INJECTED_AT = frozenset(("epidural_injection", "facet_injection", "sacroiliac_injection", "nerve_block"))
_WITH = frozenset(("with", "of", "using"))


def _drop_unnamed(words: list[str], mentions: list[Mention]) -> None:
    """Drop "Imaging:" before the studies that it heads, and the radiologist who read one that is named."""
    unnamed = [mention for mention in mentions if mention.fact == "unnamed_imaging"]
    if not unnamed:
        return
    last = max((m.start for m in mentions if m.fact in IMAGING and m.fact != "unnamed_imaging"), default=-1)
    for mention in unnamed:
        is_heading = words[mention.end : mention.end + 1] == [":"]
        if (is_heading and mention.end < last) or (words[mention.start] == "radiologist" and last >= 0):
            mentions.remove(mention)


_GOES_ON = word_set("goes on")
"""Words with which a sentence may begin that tells the result of the care named in the one before it."""


@cache
def _drug_classes() -> dict[str, tuple[str, str]]:
    classes: dict[str, tuple[str, str]] = {}
    for row in read_rows("lexicons/drugs.csv"):
        usual, topical = classes.get(row["generics"], ("", ""))
        classes[row["generics"]] = (usual or row["drug_class"], topical or row["topical_class"])
    return {generics: (usual, topical or usual) for generics, (usual, topical) in classes.items()}


def drug_class(generics: str, words: list[str]) -> str:
    """Give DWC's class of a drug; the topical one where its name or the words after it say so."""
    usual, topical = _drug_classes()[generics]
    return usual if topical_words().isdisjoint(words) else topical


def _add_parts(words: list[str], hits: list[Hit], mentions: list[Mention]) -> None:
    """Say of which part of the body care was: named before ("lumbar MRI") or after ("MRI of the neck")."""
    starts = sorted(mention.start for mention in mentions if mention.kind in CARE)
    placed = [hit for hit in hits if hit[2].parts]
    for mention in mentions:
        if mention.parts or mention.kind not in CARE or mention.kind in DRUG_KINDS:
            continue
        if mention.fact in _OF_NO_PART:
            continue
        following = next((start for start in starts if start > mention.start), 10**6)
        before = _parts_before(words, placed, mention.start)
        is_own = True
        named: list[str] = []
        for _, end, entry in before:
            named += entry.parts
            is_own = is_own and _JOINS.isdisjoint(words[end : mention.start])
        if not named and mention.kind == "study" and mention.status == "present":
            # What a study shows names its part: "An X-ray revealed that the wrist was broken".
            end = min(following, mention.end + _AROUND)
            named = [p for start, _, entry in placed if mention.end <= start < end for p in entry.parts]
        if not named or not is_own:
            # "Therapy of the shoulder and MRI of the knee": its own part goes before its neighbour's.
            end = _phrase_start(words, placed, mention.end, following)
            named = _parts_after(hits, mention.end, end) or named
        mention.parts = tuple(dict.fromkeys(named))


_JOINS = word_set("joins care")


def _parts_before(words: list[str], placed: list[Hit], start: int) -> list[Hit]:
    """Give the parts of the body named right before a place."""
    return [hit for hit in placed if start - 2 <= hit[1] <= start and "," not in words[hit[1] : start]]


def _phrase_start(words: list[str], placed: list[Hit], end: int, start: int) -> int:
    """Give where the phrase of the next care begins, which stands at `start`: "therapy |and lumbar MRI"."""
    if start < len(words) and any(
        _JOINS.isdisjoint(words[hit[1] : start]) for hit in _parts_before(words, placed, start)
    ):
        for place in range(start - 1, end - 1, -1):
            if words[place] in _JOINS or words[place] == ",":
                return place
    return start


_OF_NO_PART = frozenset(
    (
        *("heart_tests", "laboratory_tests", "urine_drug_test", "sleep_study", "psychological_evaluation"),
        *("functional_capacity_evaluation", "psychotherapy", "functional_restoration", "home_health"),
    )
)


def _parts_after(hits: list[Hit], start: int, end: int) -> list[str]:
    parts: list[str] = []
    last = start
    for place, after, entry in hits:
        if place < start:
            continue
        if place >= end or place - last > _NEAR or entry.cues & _ENDS_PARTS:
            break
        if entry.cues & _COMMA and not parts:
            break
        if entry.parts:
            parts += entry.parts
            last = after
    return parts


def _body_mass_index(words: list[str], hits: list[Hit]) -> list[Mention]:
    place = next(end for _, end, entry in hits if entry.cues & _BODY_MASS)
    for ahead in range(place, min(place + 5, len(words))):
        try:
            value = float(words[ahead])
        except ValueError:
            continue
        if 10 <= value <= 100:
            found = [Mention("body_mass_index", "score", ahead, ahead + 1, "present", value)]
            if value >= _OBESE:
                found.append(Mention("obesity", "finding", ahead, ahead + 1, "present"))
            return found
    return []


_OBESE = 30

_FOUND_IN = word_set("found in urine")
_DENIES = _NO | CUE["no after"]


def _tell_of_none_now(words: list[str], mentions: list[Mention]) -> None:
    """Let drugs be taken no longer where none is now: "medication: none now, | Norco | after surgery"."""
    for mention in mentions:
        if (
            mention.fact == "medication"
            and mention.status == "denied"
            and words[mention.end - 1] in _MEDICINES
        ):
            mention.result = STOPPED
            if not _NOW_SO.isdisjoint(words[mention.end : mention.end + _NEAR]):
                for drug in mentions:
                    if drug.kind == "drug" and drug.status == "present":
                        drug.status = "historical"


_NOW = word_set("now taken")
_MEDICINES = frozenset(("drug", "med", "medication", "medicine", "pill", "prescription", "tablet"))
_NOW_SO = frozenset(("currently", "now", "presently"))
STOPPED = "stopped"
"""The result of medication of which none is taken now."""
