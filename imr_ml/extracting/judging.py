"""Sentences in which the reviewer judges the record instead of reporting it.

The summary is written by the one who decides ("no rationale was offered", "records were not provided"):
such a sentence is nearer to the decision than to the patient, so it is kept out of every feature.
Utilization review's own reasons, which a summary may quote, are older than the review and stay.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from imr_ml.extracting.sentences import sentence_bounds
from imr_ml.letter import Span

_GAP = r"(?:[^\s.;:!?]+[\s,]+){{0,{0}}}?"
_BETWEEN = r"[\s,\-/()\"'’“”\[\]]+"
_WORD = re.compile(r"[^\W\d_]+")


def judging_sentences(summary: str) -> tuple[Span, ...]:
    """Find the sentences of a summary that judge the record.

    Parameters
    ----------
    summary : str
        The clinical case summary.

    Returns
    -------
    tuple of Span
        Whole sentences, in order.

    Examples
    --------
    >>> summary = "Pain is 7/10. There was no mention of the item. UR denied it for lack of evidence."
    >>> [summary[span.start : span.end] for span in judging_sentences(summary)]
    ['There was no mention of the item.']
    """
    spans = []
    was_quoted = False
    for start, end in sentence_bounds(summary):
        sentence = summary[start:end].lower()
        is_quoted = quotes_utilization_review(sentence, after_quotation=was_quoted)
        if not is_quoted and judged_from(sentence) is not None:
            spans.append(Span(start, end))
        was_quoted = is_quoted
    return tuple(spans)


def without_judgements(summary: str) -> str:
    """Give the summary without its judging sentences; the same words where there are none."""
    spans = judging_sentences(summary)
    if not spans:
        return summary
    kept, position = [], 0
    for span in spans:
        kept.append(summary[position : span.start].strip())
        position = span.end
    kept.append(summary[position:].strip())
    return " ".join(part for part in kept if part)


def quotes_utilization_review(sentence: str, *, after_quotation: bool = False) -> bool:
    """Say whether a sentence in lower case gives the words of utilization review or goes on with them."""
    patterns = _patterns()
    return patterns.quoted.search(sentence) is not None or (
        after_quotation and patterns.continued.match(sentence) is not None
    )


def judged_from(sentence: str) -> int | None:
    """Find where the judgement in a sentence in lower case begins; None where there is none."""
    patterns = _patterns()
    needed = set(_WORD.findall(sentence)) & patterns.judged.keys()
    for word in needed & patterns.exempt.keys():
        sentence = patterns.exempt[word].sub(lambda found: "-" * len(found[0]), sentence)
    starts = [found.start() for word in needed if (found := patterns.judged[word].search(sentence))]
    return min(starts, default=None)


@dataclass(frozen=True, slots=True)
class _Patterns:
    judged: dict[str, re.Pattern[str]]
    exempt: dict[str, re.Pattern[str]]
    quoted: re.Pattern[str]
    continued: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    path = files("imr_ml") / "resources" / "lexicons" / "summary_judging.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    classes = {row["pattern"]: row["note"] for row in rows if row["kind"] == "class"}

    def by_needed_word(kind: str) -> dict[str, re.Pattern[str]]:
        groups: dict[str, list[str]] = {}
        for row in rows:
            if row["kind"] == kind:
                for word in row["needs"].split("|"):
                    groups.setdefault(word, []).append(expression(row["pattern"], classes))
        return {word: re.compile("|".join(parts)) for word, parts in groups.items()}

    def any_of(kind: str) -> re.Pattern[str]:
        return re.compile("|".join(expression(r["pattern"], classes) for r in rows if r["kind"] == kind))

    return _Patterns(
        by_needed_word("judged"), by_needed_word("exempt"), any_of("quoted"), any_of("continued")
    )


def expression(pattern: str, classes: dict[str, str]) -> str:
    """Write a pattern of the resource as a regular expression.

    Words are separated by single spaces; ``a|b`` is either word, ``{name}`` any word of a class, ``..`` up
    to two and ``...`` up to eight words in between, never beyond the end of a clause.
    """
    written = ""
    for part in pattern.split():
        if part in ("..", "..."):
            written += _GAP.format(2 if part == ".." else 8)
            continue
        words = classes[part[1:-1]] if part.startswith("{") else part
        written += rf"\b(?:{words})\b{_BETWEEN}" if part != "'" else ""
    return written.removesuffix(_BETWEEN)
