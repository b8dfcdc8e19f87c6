"""The layout of a letter and where its sections stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from imr_ml.errors import ReadError
from imr_ml.letter import Span, span_of
from imr_ml.parsing.dates import find_date
from imr_ml.parsing.decisions import find_statements
from imr_ml.parsing.landmarks import Squeezed, landmarks, layouts, parts, squeeze
from imr_ml.resources import read_rows

_ENOUGH_MARKS = 3
_FEWEST_MARKS = 2
_MARKS_NAMED = 3


def recognise(page: Squeezed, source: str) -> str:
    """Name the layout of a letter by the marks that it bears.

    Raises
    ------
    ReadError
        If it bears fewer than two marks of any layout; the message names some that are missing. Or if it
        begins as another document, which may quote as many marks as it likes.
    """
    method = page.key.find(_METHOD)
    _refuse_other_document(page, source, method)
    _refuse_quotation(page, source, method)
    if method >= 0:
        _refuse_commentary(page, source, method)
    layout = _layout_of(page, source)
    if method < 0 and (title := page.find_heading(landmarks("title", layout))):
        _refuse_commentary(page, source, title[0])
    return layout


def _layout_of(page: Squeezed, source: str) -> str:
    best, most = "", 0
    for layout, marks in layouts().items():
        if layout == "*":
            continue
        count = 0
        for _, mark in marks:
            count += page.has_heading(mark)
            if count >= _ENOUGH_MARKS:
                return layout
        if count > most:
            best, most = layout, count
    # A mark counts where it stands as a heading: other documents speak of them in their sentences.
    shared = sum(any(page.stands_free(at) for at, _ in page.find_all((mark,))) for _, mark in layouts()["*"])
    if most + shared < _FEWEST_MARKS:
        raise ReadError(source, _not_a_letter(page))
    return best or next(iter(layouts()))


_TOP = 400
_METHOD = squeeze("HOW THE IMR FINAL DETERMINATION WAS MADE")


def _refuse_other_document(page: Squeezed, source: str, method: int) -> None:
    top = method if 0 <= method <= _TOP else min(_TOP, len(page.key))
    for begin, end in page.find_all(landmarks("other_document", "*"), 0, top):
        start, stop = page.start(begin), page.end(end)
        begins_line = page.text[:start].rstrip(" ")[-1:] in ("", "\n")
        ends_line = page.text[stop:].lstrip(" .:")[:1] in ("", "\n")
        # Titles behind a letter's first heading are of documents reviewed.
        is_title = begins_line and (ends_line or page.text[start:stop].isupper())
        if is_title and begin < _first_heading(page, _marks(but="*"), default=len(page.key)):
            raise ReadError(
                source,
                f'begins as another document ("{page.words(start, stop)}"); '
                "if a letter follows, save its pages as a file of their own",
            )


def _marks(but: str = "") -> list[str]:
    return [key for layout, known in layouts().items() if layout != but for _, key in known]


def _first_heading(page: Squeezed, marks: Sequence[str], *, default: int) -> int:
    return min((found[0] for mark in marks if (found := page.find_heading((mark,)))), default=default)


# Most headers hold none.
_SENTENCE_END = re.compile(r"[.!?](?<=[a-z].)\s")
_FEWEST_SENTENCES = 2
_FEWEST_WORDS = 8
# A label's colon ends no sentence, and what stands before it is none.
_SENTENCE = re.compile(r"(?:\A|(?<=[.!?\n]))[\s\"'\u201c\u2018*]*([^.!?:;]{24,400}[.!?])")


def _refuse_commentary(page: Squeezed, source: str, until: int) -> None:
    """Refuse a document that tells of something before the letter that it holds.

    Before its first heading a letter has its header, and no sentence but those of a cover, which speaks to
    someone first. What such a document says behind the letter would be taken for the last item's rationale:
    nothing tells where a rationale ends. A title, one sentence or a mail's head tells of nothing: a letter
    saved so is read.
    """
    if len(_SENTENCE_END.findall(page.text, 0, page.start(until))) < _FEWEST_SENTENCES:
        return
    before = page.text[: page.start(min([until, *spoken_to(page, until)]))]
    told = [one[1] for one in _SENTENCE.finditer(before) if len(one[1].split()) >= _FEWEST_WORDS]
    if len(told) >= _FEWEST_SENTENCES:
        raise ReadError(
            source,
            f'tells of something else before a letter ("{" ".join(told[0].split()[:_FEWEST_WORDS])} ..."); '
            "if a letter follows, save its pages as a file of their own",
        )


def spoken_to(page: Squeezed, until: int) -> list[int]:
    """Give where a cover's words begin a line or a sentence, and its labels ("To:") a line with a colon."""
    spoken = page.find_all(landmarks("cover", "*", "phrase"), 0, until)
    labels = page.find_all(landmarks("cover", "*", "label"), 0, until)
    spoken += [found for found in labels if page.text.startswith((":", " :"), page.end(found[1]))]
    return [begin for begin, _ in spoken if page.stands_free(begin)]


_HEADER_REACH = 400
# A colon, and nothing but opening quotation marks up to the end of the line.
_INTRODUCED = re.compile(r"[ ]?:[ \"'\u201c\u2018*_]*(?:\n|$)")


def _refuse_quotation(page: Squeezed, source: str, method: int) -> None:
    """Refuse a document, whatever its title, that introduces the letter in it as a quotation.

    Its own words before and after would be taken for the letter's. A cover sheet introduces nothing, and what
    a letter itself quotes stands behind its first heading.
    """
    leads = page.find_all(landmarks("quotation", "*"), 0, method if method >= 0 else None)
    introduced = [
        (begin, end)
        for begin, end in leads
        if page.begins_word(begin) and _INTRODUCED.match(page.text, page.end(end))
    ]
    if not introduced:
        return
    first = _first_heading(page, [*_marks(), *landmarks("letterhead", "*")], default=0)
    for begin, end in introduced:
        # Only the letter's header may stand between.
        if 0 <= first - end <= _HEADER_REACH:
            words = page.words(page.start(begin), page.end(end))
            raise ReadError(
                source,
                f'quotes a letter ("... {words}:") and is none itself; '
                "save the letter's pages as a file of their own",
            )


def _not_a_letter(page: Squeezed) -> str:
    if not page.key:
        return "holds no text; if it is a scan, make it searchable (OCR) first"
    known = [mark for layout in ("*", *layouts()) for mark in layouts()[layout]]
    missing = [f'"{phrase}"' for phrase, key in known if key not in page.key][:_MARKS_NAMED]
    return (
        f"is not an IMR final determination letter of a known layout: no {', no '.join(missing)}; "
        "leave it out, or add its headings to resources/layouts/landmarks.csv"
    )


_LONGEST_MARK = 160
# As imr-ml prints it; damage and repetition are left to the landmarks.
_PRINTED_MARK = re.compile(r"SYNTHETIC LETTER[^\n]{0,100}?: not a real determination[ .)*\]-]*")


def without_synthetic_mark(text: str) -> tuple[Squeezed, bool]:
    """Take out the lines that mark a letter as made up by imr-ml, and say whether there were any."""
    printed = _PRINTED_MARK.match(text)
    if printed:
        text = text[printed.end() :].strip("\n ")
    page = Squeezed(text)
    kept, at = [], 0
    for begin, end in page.find_all(landmarks("synthetic", "*")):
        closing = page.find_first(landmarks("synthetic_end", "*"), end, end + _LONGEST_MARK)
        start = page.start(begin)
        line_end = text.find("\n", page.end(end))
        stop = page.end(closing[1]) if closing else line_end if line_end >= 0 else len(text)
        if start >= at:
            kept.append((at, at + len(text[at:start].rstrip(" -(*["))))
            at = stop
    if not at:
        return page, printed is not None
    kept.append((len(text) - len(text[at:].lstrip(" .)-*]")), len(text)))
    return page.pieces(kept), True


class Sections:
    """The headings of a letter.

    Parameters
    ----------
    layout : str
    headings : mapping of str to (int, int)
        By part, the places in the key where its heading begins and its content begins.
    page : Squeezed
    """

    def __init__(self, layout: str, headings: dict[str, tuple[int, int]], page: Squeezed) -> None:
        self.layout = layout
        self.headings = headings
        self.page = page
        self._spans: dict[str, Span | None] = {}

    def span(self, part: str) -> Span | None:
        """Give where the content of a part stands, up to the next heading; None where it has none."""
        if part not in self.headings:
            return None
        if part not in self._spans:
            first, last = self.headings[part][1], len(self.page.key)
            for begin, _ in self.headings.values():
                if first <= begin < last:
                    last = begin
            self._spans[part] = stripped(self.page, first, last)
        return self._spans[part]

    def start(self, part: str) -> int | None:
        """Give where the heading of a part begins in the text."""
        return self.page.start(self.headings[part][0]) if part in self.headings else None


@cache
def _headings(layout: str) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Give the parts of a layout that have headings, with these and what introduces their content."""
    return tuple(
        (part, landmarks(part, layout, "heading"), landmarks(f"{part}_intro", layout))
        for part in parts(layout, "heading")
        if part != "closing"
    )


def find_sections(page: Squeezed, layout: str) -> Sections:
    """Find the headings of a letter of a known layout."""
    headings: dict[str, tuple[int, int]] = {}
    for part, phrases, intro in _headings(layout):
        found = page.find_heading(phrases)
        after = found[1] if found else 0
        said = page.find_first(intro, after) if intro else None
        if said and found and said[0] - found[1] > _INTRO_REACH:
            said = None
        if said and page.key.endswith(_DATED, said[0], said[1]):
            date = find_date(page.text, page.end(said[1]), page.end(said[1]) + _DATE_REACH)
            said = (said[0], page.place(date[2])) if date else said
        if said and not found:
            found = page.place(_sentence_begin(page.text, page.start(said[0]))), said[1]
        if found:
            headings[part] = found[0], (said or found)[1]
    # A covering page closes like a letter: only what follows every other heading ends the items.
    last = max((end for _, end in headings.values()), default=0)
    for phrase in landmarks("rationale", layout, "label")[-1:]:
        last = max(last, page.key.rfind(phrase))
    closings = [
        page.find_heading((phrase,), last)
        for phrase in landmarks("closing", layout, "heading")
        if page.key.find(phrase, last) >= 0
    ]
    remark = _find_remark(page, last)
    if remark and not find_statements(page, remark[1], len(page.key)):
        closings.append(remark)
    if closing := min(filter(None, closings), default=None):
        headings["closing"] = closing
    return Sections(layout, headings, page)


_REMARK_REACH = 40
_BEFORE_REMARK = " *-_|>"


@cache
def _remarks() -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the remarks, and with which signs a line that holds one may begin."""
    rows = read_rows("layouts/landmarks.csv")
    remarks = tuple(row["phrase"].lower() for row in rows if row["kind"] == "remark")
    firsts = {first for remark in remarks for first in (remark[0], remark[0].upper())}
    return remarks, frozenset({*firsts, *_BEFORE_REMARK})


def _find_remark(page: Squeezed, place: int) -> tuple[int, int] | None:
    """Find the first line behind a place that begins as the end of a mail or a web page does."""
    text, (remarks, firsts) = page.text, _remarks()
    at = text.find("\n", page.end(place)) + 1
    for line in text[at:].split("\n") if at else ():
        if line[:1] in firsts and line[:_REMARK_REACH].lstrip(_BEFORE_REMARK).lower().startswith(remarks):
            begin = page.place(at)
            return begin, begin + 1
        at += len(line) + 1
    return None


_INTRO_REACH = 200
_DATE_REACH = 30
_DATED = squeeze("dated")


def _sentence_begin(text: str, at: int) -> int:
    return max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) + 1


_EDGES = " \n:;.-)*•"
_RULES = " \n-_=*"


def stripped(page: Squeezed, first: int, last: int) -> Span | None:
    """Give the place of a content between two places of the key, without the signs that end its heading."""
    text, start, end = page.text, page.end(first), page.start(last)
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _RULES:
        end -= 1
    return span_of((start, end)) if start < end else None
