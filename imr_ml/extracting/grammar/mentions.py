"""What a sentence mentions: facts at their places, each with a status; and what their readers share."""

from __future__ import annotations

from typing import Literal

from imr_ml.extracting.grammar.words import CUE, Hit, word_set

Status = Literal["present", "denied", "historical", "planned", "unplanned", "possible", "quoted", "unrelated"]
"""``present``; ``denied``; ``historical``: in the past; ``planned``: wanted, requested or to come;
``unplanned``: said not to be wanted, which tells of none that was had or not;
``possible``: to be ruled out; ``quoted``: in utilization review's words; ``unrelated``: another person's,
of another injury, or an allergy."""
HAD = ("present", "historical")
"""Statuses of care that was had."""
FINDINGS = frozenset(("finding", "diagnosis", "image", "device"))
PAST_RISKS = frozenset(
    (
        *("gi_risk", "cardiovascular_risk", "renal_disease", "liver_disease", "diabetes", "smoking"),
        *("cancer", "lung_disease", "autoimmune_disease", "substance_use", "comorbidity"),
    )
)
"""Findings that count though they are past."""
DRUG_KINDS = frozenset(("drug", "medication"))
AFTER_REACH = 8
BE = word_set("copula")
LIST_REACH = 5
LONG_REACH = 14
STOP = CUE["stop"]
COLON = CUE["colon"]
NO = CUE["no"]
DENY = CUE["deny"]
CLAUSE_ENDS = STOP | COLON
DENIES = NO | DENY


class Mention:
    """A fact of a sentence, at ``words[start:end]``."""

    __slots__ = (
        "clause",
        "drug_class",
        "end",
        "fact",
        "is_complaint",
        "kind",
        "parts",
        "result",
        "side",
        "start",
        "status",
        "told",
        "told_end",
        "value",
    )

    def __init__(
        self, fact: str, kind: str, start: int, end: int, status: str, value: float | None = None
    ) -> None:
        self.fact = fact
        self.kind = kind
        self.start = start
        self.end = end
        self.status = status
        self.value = value
        self.result: str | None = None
        self.drug_class: str | None = None
        self.parts: tuple[str, ...] = ()
        self.side = ""
        self.is_complaint = False
        # Where the result of a test is told that stands apart from it.
        self.told = self.told_end = -1
        # Which clause it stands in, where a sentence turns to another subject.
        self.clause = 0

    def move(self, n_words: int, clause: int) -> None:
        """Let it stand so many words behind, in a clause of a sentence."""
        self.start += n_words
        self.end += n_words
        if self.told >= 0:
            self.told += n_words
            self.told_end += n_words
        self.clause = clause

    def __repr__(self) -> str:
        return f"{self.fact}={self.status}" + (f"({self.value:g})" if self.value is not None else "")


SentenceFacts = tuple[bool, list[Mention], list[Mention]]
"""Whether a sentence judges the record, what it reports, and what it mentions where it judges."""


def quoted_facts(hits: list[Hit]) -> list[Mention]:
    """Give the facts that a sentence of utilization review names, none of them asserted."""
    mentions = []
    for start, end, (facts, _, parts) in hits:
        for fact, kind, _ in facts:
            mentions.append(Mention(fact, kind, start, end, "quoted"))
        for part in parts:
            mentions.append(Mention(part, "part", start, end, "quoted"))
    return mentions


BE_VERBS = word_set("be")
# "Gait: antalgic", "sensory testing revealed a deficit": the result of the test right before.
INTRODUCES = word_set("introduces")
