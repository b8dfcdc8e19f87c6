"""Facts that a clinical case summary states, each with its place, status and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from imr_ml.extracting.findings.studies import is_of_study
from imr_ml.extracting.grammar.mentions import SentenceFacts, Status
from imr_ml.extracting.grammar.sentences import TOKEN, sentence_words, split_sentences, words_of
from imr_ml.extracting.summaries.looking_up import look_up_sentences
from imr_ml.extracting.summaries.reader import read_sentences
from imr_ml.letter import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact at one place of a summary.

    Parameters
    ----------
    fact : str
        Its name in ``lexicons/summary_facts.csv``, or ``body part``, ``pain score`` and their like.
    kind : str
        The kind of fact: ``finding``, ``diagnosis``, ``treatment``, ``drug``, ``study``, ``work`` and so on.
    status : {"present", "denied", "historical", "planned", "unplanned", "possible", "quoted", "unrelated"}
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
