"""Items of layout D: issues at dispute, decided in the text of one rationale if at all."""

from __future__ import annotations

import dataclasses
import re

from imr_ml.letter import DisputedItem, Outcome, Span
from imr_ml.parsing.conclusions import Conclusion, conclusions
from imr_ml.parsing.decisions import sentence_begin
from imr_ml.parsing.items import Head, make_item, trimmed_ends
from imr_ml.parsing.landmarks import Squeezed
from imr_ml.parsing.names import names_of, own_words
from imr_ml.parsing.sections import Sections
from imr_ml.parsing.shares import grants_fewer
from imr_ml.parsing.splits import parted

_NUMBER = re.compile(
    r"(?:\A|(?<=[\s;.,]))(?:(?:Item|Issue)s?\s+(?=\(?\d{1,2}\s?[.):])|(?=\(?\d{1,2}\s?[.)]))"
    r"\(?(\d{1,2})\s?(?:[.)]:?|:)\s+(?=[A-Za-z(\"'])"
)
# "a) a brace"; in a rationale "Item a):"
_LETTER = re.compile(r"(?:\A|(?<=\n))(?:Items?\s+)?\(?([A-Za-z])\):?\s+(?=\S)")
_BULLET = re.compile(r"(?:\A|(?<=\n)|(?<=[;.,] ))[ ]?[•*-]\s+(?=\S)")
# A blank line behind a comma or before a small letter, a bracket or a quantity stands inside an issue.
_BETWEEN_ISSUES = re.compile(r"(?<!,)\n\n(?![a-z(#])")
# "Whether the request for X is medically necessary", "Is X medically necessary?", "Medical necessity of X"
_LEAD = re.compile(
    r"(?:(?:the\s+)?(?:issue|question)s?(?:\s+(?:at|in)\s+dispute)?\s+(?:is|are)\s*:?\s*)?"
    r"(?:(?:whether|is|are|was|were)\s+(?:or\s+not\s+)?)?(?:the\s+)?"
    r"(?:medical\s+necessity\s+(?:of|for)\s+)?(?:the\s+)?(?:(?:proposed|requested|disputed)\s+)?(?:requests?\s+for\s+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\b(?:is|are|was|were)\s+)?(?:medically\s+necessary(?:\s+and\s+appropriate)?)?"
    r"\s*[?.;,]?(?:\s+and)?\s*\Z",
    re.IGNORECASE,
)


def read_review_items(page: Squeezed, sections: Sections) -> list[DisputedItem]:
    """Read the items of layout D.

    The heading of the rationale says "NOT medically necessary" whatever was decided; an item has an outcome
    only where a sentence of the rationale decides it.
    """
    issue, rationale = sections.span("issue"), sections.span("rationale")
    if not issue:
        return []
    guidelines = sections.span("guidelines")
    requests = _requests(page.text, issue)
    rationales = _numbered(page.text, rationale, len(requests))
    cited = _numbered(page.text, guidelines, len(requests))
    items = []
    for number, outcome in enumerate(_outcomes(page, requests, rationale, rationales)):
        request = requests[number]
        head = Head(request.end, request.end, *(outcome or (None, None)))
        item = make_item(page, request.start, head, (), request.end)
        parts = {
            "rationale": rationales[number] if rationales else rationale,
            "reviewer_guideline": cited[number] if cited else guidelines,
        }
        items.append(_with_parts(page, item, parts))
    return items


def _numbered(text: str, section: Span | None, n_requests: int) -> list[Span] | None:
    """Give the part of a section under each request's number or letter; None where it is not so divided."""
    if section is None or n_requests < 2:
        return None
    signs = _signs(text[section.start : section.end])
    if len(signs) != n_requests:
        return None
    ends = [section.start + begin for begin, _ in signs[1:]] + [section.end]
    parts = [
        trimmed_ends(text, section.start + begin, end) for (_, begin), end in zip(signs, ends, strict=True)
    ]
    return [Span(start, end) for start, end in parts] if all(start < end for start, end in parts) else None


def _with_parts(page: Squeezed, item: DisputedItem, parts: dict[str, Span | None]) -> DisputedItem:
    places = {name: span for name, span in parts.items() if span}
    words = {name: page.words(span.start, span.end) for name, span in places.items()}
    if "reviewer_guideline" in words:
        words["reviewer_guideline"] = parted(words["reviewer_guideline"])
    return dataclasses.replace(item, spans={**item.spans, **places}, **words)  # type: ignore[arg-type]


def _requests(text: str, issue: Span) -> list[Span]:
    """Take the issues apart where they are numbered, bulleted or divided by blank lines."""
    words = text[issue.start : issue.end]
    marks = _signs(words)
    if marks:
        before = words[: marks[0][0]].rstrip()
        # The first sign may be gone with the heading; a lead-in ("The following:") is no request.
        firsts = [(0, 0)] if before and before[-1] != ":" else []
        marks = [*firsts, *marks]
        ends = [begin for begin, _ in marks[1:]]
        bounds = [(begin, end) for (_, begin), end in zip(marks, [*ends, len(words)], strict=True)]
    else:
        bounds = []
        at = 0
        for block in _BETWEEN_ISSUES.split(words):
            bounds.append((at, at + len(block)))
            at += len(block) + 2
    found = []
    for begin, end in bounds:
        start, stop = trimmed_ends(text, issue.start + begin, issue.start + end)
        lead = _LEAD.match(text, start, stop)
        start = lead.end() if lead else start
        tail = _TAIL.search(text, max(start, stop - 60), stop)
        stop = tail.start() if tail else stop
        if start < stop:
            found.append(Span(start, stop))
    return found


def _signs(words: str) -> list[tuple[int, int]]:
    """Find the numbers, counting up from 1, the letters from a, or else the bullets before the issues."""
    for pattern, first in ((_NUMBER, 1), (_LETTER, ord("a"))):
        marks: list[tuple[int, int]] = []
        for match in pattern.finditer(words):
            sign = match[1]
            if (int(sign) if sign.isdigit() else ord(sign.lower())) == first + len(marks):
                marks.append((match.start(), match.end()))
        if len(marks) > (pattern is _LETTER):
            return marks
    return [(match.start(), match.end()) for match in _BULLET.finditer(words)]


def _outcomes(
    page: Squeezed, requests: list[Span], rationale: Span | None, numbered: list[Span] | None
) -> list[tuple[Outcome, Span] | None]:
    names = frozenset(name for one in requests for name in names_of(page.text[one.start : one.end]))
    decided = conclusions(page, rationale.start, rationale.end, names) if rationale else []
    if not decided:
        return [None] * len(requests)
    if len(requests) == 1:
        if any(_is_of_a_part(page.text, one, requests[0]) for one in decided):
            return [None]
        return [_single(decided) or _single(_of_request(page, decided, requests[0]))]
    assert rationale
    if numbered:
        own = [[one for one in decided if part.start <= one.end <= part.end] for part in numbered]
        return [_single(sentences) if sentences else None for sentences in own]
    texts = [page.text[request.start : request.end] for request in requests]
    words = own_words(texts)
    named: list[list[Conclusion]] = [[] for _ in requests]
    in_part = set()
    unnamed = []
    for one in decided:
        hits = _named_in(page.text, words, one, rationale.start)
        for number in hits:
            named[number].append(one)
            if _is_of_a_part(page.text, one, requests[number]):
                in_part.add(number)
        if not hits:
            unnamed.append(one)
    together = [one for one in unnamed if _ALL_OF_THEM.search(page.text, one.clause, one.end)]
    if not any(named) and together and len({one.outcome for one in unnamed}) == 1:
        return [_single(together)] * len(requests)
    return [
        _single(sentences) if sentences and number not in in_part else None
        for number, sentences in enumerate(named)
    ]


def _named_in(text: str, words: list[set[str]], one: Conclusion, start: int) -> list[int]:
    """Give which requests a conclusion is of: what its clause names, its sentence or the one before it."""
    before = sentence_begin(text, start, max(start, one.start - 2))
    for begin, end in ((one.clause, one.end), (one.start, one.end), (before, one.start)):
        said = re.findall(r"[a-z0-9]+", text[begin:end].lower())
        scores = [len(own.intersection(said)) for own in words]
        if any(scores):
            hits = [number for number, score in enumerate(scores) if score == max(scores)]
            if len(hits) > 1:
                hits = _spoken_of(text[begin:end], words, hits)
            # What names several at once in passing decides none of them.
            if begin == one.clause or len(hits) == 1:
                return hits
            return []
        if _ALL_OF_THEM.search(text, one.clause, one.end):
            return []
    # "Soma 350 mg: a short course only is advised. ... Sixty more are not medically necessary."
    for label in _LABEL.findall(text, start, one.start)[::-1]:
        said = re.findall(r"[a-z0-9]+", label.lower())
        hits = [number for number, own in enumerate(words) if own.intersection(said)]
        if hits:
            return hits if len(hits) == 1 else []
    return []


_LABEL = re.compile(r"^[ ]*([^\n:.;]{3,80}|[^\n:;]{3,40}):", re.MULTILINE)


def _spoken_of(said: str, words: list[set[str]], hits: list[int]) -> list[int]:
    """Keep of the requests named those spoken of: "crowns for a chipped tooth"; none of a pair."""
    if _PAIRED.search(said):
        return []
    head = set(re.findall(r"[a-z0-9]+", _ASIDE.split(said, maxsplit=1)[0].lower()))
    return [number for number in hits if not words[number].isdisjoint(head)] or hits


_PAIRED = re.compile(r"\b(?:with|together|combination|either|respectively)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\s(?:for|in|on|while|after|before|without)\s", re.IGNORECASE)


def _is_of_a_part(text: str, one: Conclusion, request: Span) -> bool:
    return one.outcome == "overturned" and grants_fewer(text, request.start, request.end, one.clause, one.end)


def _of_request(page: Squeezed, decided: list[Conclusion], request: Span) -> list[Conclusion]:
    """Keep the conclusions whose clause names a request where the others are of another treatment."""
    words = set(re.findall(r"[a-z]{4,}", page.text[request.start : request.end].lower()))
    own = []
    for one in decided:
        said = set(re.findall(r"[a-z]+", page.text[one.clause : one.end].lower()))
        if not words.isdisjoint(said):
            own.append(one)
        elif not _OF_ANY_TREATMENT.isdisjoint(said):
            return []
    return own


_OF_ANY_TREATMENT = frozenset(
    (
        *("denial", "refusal", "decision", "determination", "request", "requested", "treatment"),
        *("it", "this", "they"),
    )
)


# A sentence that names no issue decides them all only where it speaks of several.
_ALL_OF_THEM = re.compile(
    r"\b(?:both|all|each|these|neither|none|requests|treatments|services|items|medications|drugs)\b",
    re.IGNORECASE,
)


def _single(decided: list[Conclusion]) -> tuple[Outcome, Span] | None:
    """Give the sense of sentences that all agree; where they differ, nothing is decided for sure.

    One at least must be plain; what is said in another frame decides nothing, but may stand against it.
    """
    plain = [sentence for sentence in decided if sentence.is_plain]
    if not plain or len({sentence.outcome for sentence in decided}) != 1:
        return None
    return plain[-1].outcome, Span(plain[-1].start, plain[-1].end)
