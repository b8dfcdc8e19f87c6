"""Sentences in which the reviewer judges the record instead of reporting it.

The summary is written by the one who decides ("no rationale was offered", "records were not provided"):
such a sentence is nearer to the decision than to the patient, so it is kept out of every feature.
Utilization review's own reasons, which a summary may quote, are older than the review and stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from imr_ml.extracting.grammar.judging_words import judged_span
from imr_ml.extracting.grammar.sentences import TOKEN, split_sentences, words_of
from imr_ml.extracting.summaries.tables import read_record
from imr_ml.letter import Span


def judging_sentences(summary: str) -> tuple[Span, ...]:
    """Find the sentences of a summary that judge the record, or the parts of them that do.

    Parameters
    ----------
    summary : str
        The clinical case summary.

    Returns
    -------
    tuple of Span
        In order: whole sentences, or what stands after "but" or in brackets where only that judges.

    Examples
    --------
    >>> summary = "Pain is 7/10. There was no mention of the item. UR denied it for lack of evidence."
    >>> [summary[span.start : span.end] for span in judging_sentences(summary)]
    ['There was no mention of the item.']
    """
    return judging_places(summary, read_record(summary).judged)


def judging_places(summary: str, judged: Sequence[int]) -> tuple[Span, ...]:
    """Find what `judging_sentences` does, where the numbers of the judging sentences are known."""
    spans = split_sentences(summary) if judged else ()
    return tuple(_judging_part(summary, spans[number]) for number in judged)


def _judging_part(summary: str, sentence: Span) -> Span:
    """Narrow a judging sentence to the part of it that judges."""
    words = words_of(summary[sentence.start : sentence.end])
    start, end = judged_span(words)
    if start <= 0 and end >= len(words):
        return sentence
    places = [match.span() for match in TOKEN.finditer(summary, sentence.start, sentence.end)]
    return Span(
        places[start][0] if start > 0 else sentence.start,
        places[end][1] if end < len(places) else sentence.end,
    )


def without_judgements(summary: str) -> str:
    """Give the summary without what judges in it; the same words where nothing does."""
    return without(summary, judging_sentences(summary))


def without(summary: str, spans: Sequence[Span]) -> str:
    """Give the summary without some places of it; the same words where there is none."""
    if not spans:
        return summary
    kept, position = [], 0
    for span in spans:
        kept.append(summary[position : span.start].strip())
        position = span.end
    kept.append(summary[position:].strip())
    return " ".join(part for part in kept if part)
