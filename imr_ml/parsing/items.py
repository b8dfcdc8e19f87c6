"""The disputed items of a letter: request, outcome, guidelines and rationale of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from imr_ml.letter import DisputedItem, Outcome, Span, span_of
from imr_ml.parsing.decisions import Statement, find_statements, is_of_another
from imr_ml.parsing.landmarks import Squeezed, landmarks
from imr_ml.parsing.paragraphs import last_sentence, paragraph_start
from imr_ml.parsing.requests import is_modified, modified_begin, read_request
from imr_ml.parsing.shares import end_if_in_part, goes_on_with_share, tells_share
from imr_ml.parsing.splits import mended, parted

PARTS = ("claims_administrator_guideline", "reviewer_guideline", "rationale")


class Label:
    """A part's label: where it begins, where its value begins, which part it is; its place in the key."""

    def __init__(self, start: int, end: int, part: str, place: int) -> None:
        self.start = start
        self.end = end
        self.part = part
        self.place = place


class Head:
    """An item's heading.

    The request stands from `begin` (None: from the beginning of its paragraph) to `request_end`, the item's
    parts from `end`; `start` is where the heading begins, its number and lead-in included.
    """

    def __init__(
        self,
        request_end: int,
        end: int,
        outcome: Outcome | None = None,
        outcome_span: Span | None = None,
        begin: int | None = None,
        start: int | None = None,
    ) -> None:
        self.request_end = request_end
        self.end = end
        self.outcome = outcome
        self.outcome_span = outcome_span
        self.begin = begin
        self.start = start


def read_items(
    page: Squeezed, layout: str, start: int, end: int, *, begins_with_request: bool
) -> list[DisputedItem]:
    """Read the items of layouts A and B between two places of the text.

    Parameters
    ----------
    page : Squeezed
    layout : str
    start, end : int
        Offsets in the text; `start` after the section's introduction where there is one.
    begins_with_request : bool
        Whether the first request begins at `start`, or somewhere after it.

    Returns
    -------
    list of DisputedItem
        In the order of the letter.
    """
    text = page.text
    labels = find_labels(page, layout, start, end)
    heads = (stated_heads if layout == "B" else worded_heads)(page, labels, start, end)
    label_starts = [label.start for label in labels]
    begins: list[int] = []
    starts: list[int] = []
    floor = start
    for number, head in enumerate(heads):
        if head.begin is not None:
            begins.append(max(floor, head.begin))
        elif number == 0 and begins_with_request:
            begins.append(start)
        else:
            begins.append(request_start(page, floor, head.request_end))
        starts.append(begins[-1] if head.start is None else max(floor, head.start))
        until = heads[number + 1].request_end if number + 1 < len(heads) else end
        own = labels[bisect_left(label_starts, head.end) : bisect_left(label_starts, until)]
        floor = head.end
        for label in own:
            floor = max(floor, label.end)
    items = []
    for number, (begin, head, stop) in enumerate(
        zip(begins, heads, [*starts, end][1:], strict=True), start=1
    ):
        own = labels[bisect_left(label_starts, head.end) : bisect_left(label_starts, stop)]
        if head.begin is None or layout == "B":
            begin = after_number(text, begin, head.request_end, number)
            lead = _REQUEST_FOR.match(text, begin, head.request_end) if layout == "B" else None
            begin = lead.end() if lead else begin
        items.append(make_item(page, begin, head, own, stop))
    return items


def make_item(page: Squeezed, begin: int, head: Head, labels: Sequence[Label], end: int) -> DisputedItem:
    """Put an item together from its heading and the labels of its parts."""
    request = read_request(page, begin, head.request_end)
    spans = {"request": request.span}
    original, authorized = request.original, request.authorized
    if head.outcome_span:
        spans["outcome"] = head.outcome_span
    if original:
        spans["original_request"] = original
    if authorized:
        spans["authorized_request"] = authorized
    if request.prefixes_span:
        spans["prefixes"] = request.prefixes_span
    if request.service_dates_span:
        spans["service_dates"] = request.service_dates_span
    values = read_parts(page, labels, end, spans)
    # "The provider did not dispute the guidelines": it only ends what was cited before.
    values.pop("undisputed", None), spans.pop("undisputed", None)
    if "guidelines" in values:
        # Layout C: what both cited stands under one label; alone, it is the reviewer's.
        both, place = values.pop("guidelines"), spans.pop("guidelines")
        if "reviewer_guideline" not in values and "claims_administrator_guideline" not in values:
            values["reviewer_guideline"], spans["reviewer_guideline"] = both, place
    return DisputedItem(
        request=mended(page.words(request.span.start, request.span.end)),
        outcome=head.outcome,
        original_request=mended(page.words(original.start, original.end)) if original else None,
        authorized_request=mended(page.words(authorized.start, authorized.end)) if authorized else None,
        prefixes=request.prefixes,
        service_dates=request.service_dates,
        spans=spans,
        **values,
    )


def read_parts(page: Squeezed, labels: Sequence[Label], end: int, spans: dict[str, Span]) -> dict[str, str]:
    """Give the values that labels announce, each up to the next label; their places go into `spans`.

    After the rationale's label no other counts, for rationales quote what they please.
    """
    text = page.text
    values: dict[str, str] = {}
    led_in: set[str] = set()
    for number, label in enumerate(labels):
        is_last = label.part == "rationale" or number + 1 == len(labels)
        start, stop = trimmed_ends(text, label.end, end if is_last else labels[number + 1].start)
        is_lead = label.start == label.end
        if is_lead:
            led_in.add(label.part)
            cited = _BASED_ON.search(text, start, stop)
            start = cited.end() if cited else start
        # "found that no section applied. The reviewer relied on X": what a label names counts more.
        if start < stop and (label.part not in values or (label.part in led_in and not is_lead)):
            said = page.words(start, stop)
            values[label.part] = said if label.part == "rationale" else parted(said)
            spans[label.part] = span_of((start, stop))
        if label.part == "rationale":
            break
    return values


# "The reviewer found that no section of the MTUS applies. Per ..., the reviewer based his/her decision on X"
_BASED_ON = re.compile(r"\b(?:based\s+(?:his/her|his|her|their|its)\s+decision|relied)\s+(?:up)?on\s+(?=\S)")


def trimmed_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the white space at both ends."""
    first, last = start, end
    while first < end and text[first].isspace():
        first += 1
    while last > start and text[last - 1].isspace():
        last -= 1
    return first, last


_LABEL_KINDS = ("label", "lead")
_LABEL_TAIL = re.compile(r"(?:'?s\b)?(?:\(s\))?\s{0,3}[:;.-]?\s*")


@cache
def _label_phrases(
    layout: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], dict[str, list[tuple[str, str]]]]:
    """Give what announces the parts; and by phrase which of them, as which kind."""
    announced: dict[str, list[tuple[str, str]]] = {}
    for part in names:
        for kind in _LABEL_KINDS:
            for phrase in landmarks(part, layout, kind):
                announced.setdefault(phrase, []).append((part, kind))
    return tuple(announced), announced


def find_labels(
    page: Squeezed, layout: str, start: int, end: int, names: Sequence[str] = PARTS
) -> list[Label]:
    """Find the labels of the items' parts, in the order of the text."""
    first, last = page.place(start), page.place(end)
    text = page.text
    found: list[tuple[int, int, str, int]] = []
    phrases, announced = _label_phrases(layout, tuple(names))
    for begin, after in page.find_all(phrases, first, last):
        at = page.end(after)
        if text.startswith(": ", at) and not text[at + 2 : at + 3].isspace():  # the usual tail
            value = at + 2
        else:
            tail = _LABEL_TAIL.match(text, at)
            value = tail.end() if tail else at
            in_sentence = layout == "A" and text[value : value + 1].islower()
            if ":" not in text[at:value] and (in_sentence or not page.stands_free(begin)):
                continue
        start = page.start(begin)
        for part, kind in announced[page.key[begin:after]]:
            found.append((start, start if kind == "lead" else value, part, begin))
    labels: list[Label] = []
    for start, value, part, begin in sorted(found):
        if not labels or start > labels[-1].start:
            labels.append(Label(start, value, part, begin))
    return labels


_OUTCOMES: tuple[Outcome, Outcome] = ("upheld", "overturned")


def worded_heads(page: Squeezed, labels: Sequence[Label], start: int, end: int) -> list[Head]:
    """Find headings that end in "Upheld" or "Overturned" (layout A), or in a first label without either."""
    text = page.text
    first, last = page.place(start), page.place(end)
    heads = []
    taken = set()
    places = {label.place: label for label in labels}
    for outcome in _OUTCOMES:
        for begin, after in page.find_all(landmarks(f"outcome_{outcome}", "A"), first, last):
            at, stop = page.start(begin), page.end(after)
            if _is_decision(text, at, stop, labelled=after in places):
                taken.add(after)
                qualified = _qualified_at(text, at)
                if qualified is not None:
                    heads.append(Head(qualified, stop))
                else:
                    heads.append(Head(at, stop, outcome, span_of((at, stop))))
    ends = sorted(head.end for head in heads)
    for place, label in places.items():
        if label.part == "claims_administrator_guideline" and place not in taken:
            rank = bisect_left(ends, label.start)
            if rank and _is_title_between(labels, ends[rank - 1], label.start):
                continue
            other = _OTHER_DECISION.search(text, max(start, label.start - _LONGEST_DECISION), label.start)
            heads.append(Head(other.start() if other else label.start, label.start))
    heads.sort(key=lambda head: head.request_end)
    if heads:
        floor = max([heads[-1].end, *(label.end for label in labels)])
        cut = _cut_off_head(page, floor, end)
        heads += [cut] if cut else []
    return heads


def _cut_off_head(page: Squeezed, floor: int, end: int) -> Head | None:
    """Find a heading of which the letter's end left no more than the request: "Lumbar brace, purchase:"."""
    text = page.text
    _, last = trimmed_ends(text, floor, end)
    if last < len(text.rstrip()) or not text.endswith(":", floor, last):
        return None
    begin = text.rfind("\n\n", floor, last) + 2
    if begin < 2 or last - begin > _LONGEST_REQUEST or text[begin].islower():
        return None
    return Head(last - 1, last, begin=begin)


def _is_title_between(labels: Sequence[Label], end: int, start: int) -> bool:
    """Tell whether nothing but a page's title may divide a decision from its first label."""
    return start - end <= _LONGEST_TITLE and not any(end <= label.start < start for label in labels)


_LONGEST_TITLE = 90
# "Overturned in part", "Modified": a decision, but neither of the two.
_OTHER_DECISION = re.compile(
    r":\s*(?:[a-z/]+ ){0,3}(?:upheld|overturned|modified)\b[^\n:]{0,40}\s*\Z", re.IGNORECASE
)
_LONGEST_DECISION = 100
_BEFORE_DECISION = (":", ";", "–", "-")
_DECISION_AFTER = re.compile(r"[ .]{0,3}(?:\n|\Z)")
# "Partially Overturned", "Upheld/Overturned": not what the words say alone.
_QUALIFIED = re.compile(r"(?:partial(?:ly)?|in part|partly|not|un|/|or)[\s-]*\Z", re.IGNORECASE)


def _is_decision(text: str, at: int, after: int, *, labelled: bool) -> bool:
    before = text[max(0, at - 12) : at].rstrip()
    marked = before.endswith(_BEFORE_DECISION)
    if labelled:
        return marked or (text[at].isupper() and not before.endswith((".", "!", "?")))
    return marked and _DECISION_AFTER.match(text, after) is not None


def _qualified_at(text: str, at: int) -> int | None:
    """Give where a decision begins that is not what its words say alone: "Norco: | Partial | Overturn"."""
    start = max(0, at - 12)
    if text.endswith(": ", start, at):
        return None
    found = _QUALIFIED.search(text, start, at)
    return found.start() if found else None


# "1. The request for", "2) ", "(3) ", "#4. ", at a line's beginning or glued to the sentence before.
_NUMBER = re.compile(
    r"(?:\A|(?<=[\n])|(?<=[.:;!?] )|(?<=[a-z)][.:]))[(#•*\s]{0,4}(\d{1,2})\s?[.):]\)?\s*(?=[A-Za-z(\"'])"
)
_REQUEST_FOR = re.compile(
    r"the\s+(?:disputed\s+|current\s+)?requests?\s+for\s+(?:the\s+)?(?=\S)|requests?\s+for\s+(?=\S)|the\s+(?=\w+\s+requests?\s+for)",
    re.IGNORECASE,
)
_LONGEST_HEADING = 1500


def stated_heads(page: Squeezed, labels: Sequence[Label], start: int, end: int) -> list[Head]:
    """Find headings of the form "1. The request for X is (not) medically necessary and appropriate." (B)."""
    labelled = {label.place for label in labels}
    heads: list[Head] = []
    floor, in_part = start, False
    for statement in find_statements(page, page.place(start), page.place(end)):
        at, stop = page.start(statement.start), page.end(statement.end)
        if statement.end not in labelled and is_of_another(page, statement, floor, end):
            continue
        if heads and heads[-1].outcome != statement.outcome and goes_on_with_share(page.text, floor, at):
            # "Six visits are medically necessary; the other six visits are not"
            heads[-1] = _in_part(page.text, heads[-1], stop)
            floor = stop
            continue
        if in_part and tells_share(page.text, floor, at):
            # "is medically necessary in part: six visits are medically necessary; six are not"
            heads[-1].end = stop
            floor = stop
            continue
        begin = _request_begin(page, floor, at, numbered_only=statement.end not in labelled)
        if begin:
            heads.append(_stated_head(page.text, statement, *begin, at, stop))
            floor, in_part = stop, heads[-1].outcome is None
    return _with_undecided(page, heads, labels, start)


def _stated_head(text: str, statement: Statement, start: int, begin: int, at: int, stop: int) -> Head:
    """Give the heading of a statement; what was granted in part has no outcome."""
    end = end_if_in_part(text, begin, at, stop, statement.outcome)
    if end is not None:
        return Head(end, stop, begin=begin, start=start)
    span = span_of((at, stop)) if statement.outcome else None
    return Head(at, stop, statement.outcome, span, begin, start)


def _in_part(text: str, head: Head, end: int) -> Head:
    """Give the heading of a request that is granted in part: neither upheld nor overturned."""
    begin = head.request_end if head.begin is None else head.begin
    share = text.rfind(":", begin, head.request_end)
    request_end = share if share > begin else head.request_end
    return Head(request_end, end, begin=head.begin, start=head.start)


def _request_begin(page: Squeezed, floor: int, end: int, *, numbered_only: bool) -> tuple[int, int] | None:
    """Find where a heading begins, and where its number and "The request for" end."""
    text = page.text
    floor = max(floor, end - _LONGEST_HEADING)
    for number in reversed(list(_NUMBER.finditer(text, floor, end))):
        lead = _REQUEST_FOR.match(text, number.end(), end)
        if lead:
            return number.start(), lead.end()
        if not numbered_only:
            return number.start(), number.end()
    if numbered_only:
        return None
    begin = paragraph_start(page, floor, end, in_full_lines=False)
    lead = _REQUEST_FOR.match(text, begin, end)
    return begin, lead.end() if lead else begin


def _with_undecided(page: Squeezed, heads: list[Head], labels: Sequence[Label], start: int) -> list[Head]:
    """Add a heading without outcome where a first label follows none."""
    found = list(heads)
    floor, seen = start, set(PARTS)
    waiting = list(heads)
    for label in labels:
        while waiting and waiting[0].request_end <= label.start:
            floor, seen = waiting.pop(0).end, set()
        if label.part in seen or "rationale" in seen:
            begin = _request_begin(page, floor, label.start, numbered_only=True)
            if begin:
                found.append(Head(label.start, label.start, None, None, begin[1], begin[0]))
                seen = set()
        seen.add(label.part)
        floor = label.end
    return sorted(found, key=lambda head: head.request_end)


def after_number(text: str, begin: int, end: int, number: int) -> int:
    """Leave out the number of an item where it is the item's own."""
    match = _OWN_NUMBER.match(text, begin, end)
    return match.end() if match and int(match[1]) == number else begin


_OWN_NUMBER = re.compile(r"[\s:.(#•*-]*(\d{1,2})\s?[.)]\)?\s+(?=[A-Za-z(\"'])")


_REACH = 1500
_LONGEST_REQUEST = 300


def request_start(page: Squeezed, floor: int, end: int) -> int:
    """Find where the heading that ends at a place begins, behind the rationale of the item before it."""
    floor = max(floor, end - 2 * _REACH)
    begin = paragraph_start(page, floor, end)
    if is_modified(page, begin, end):
        said = modified_begin(page, max(floor, begin - _REACH), end)
        if said is not None:
            begin = last_sentence(page.text, paragraph_start(page, floor, said), said)
    elif end - begin > _LONGEST_REQUEST:
        begin = last_sentence(page.text, begin, end)
    return begin
