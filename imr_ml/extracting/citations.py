"""Guideline citations, read like legal ones: family, edition, sections, pages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from imr_ml.extracting.lexicon import Found, Line, Phrases, fold, singular_words
from imr_ml.months import SHORT_MONTHS
from imr_ml.resources import read_rows

NONE_CITED = "none cited"
OTHER = "other"
_BARE = ("odg", "acoem", "mtus")
_WITHOUT_SECTIONS = frozenset((NONE_CITED, OTHER, *_BARE[1:]))
_CHAPTER_WITHIN_WORDS = 8


class Citation(NamedTuple):
    """One guideline that a line of a letter cites.

    Parameters
    ----------
    family : str
        One of the families of ``taxonomies/guidelines.csv``: ``mtus chronic pain``, ``acoem low back``,
        ``odg pain``, a bare ``mtus``, ``acoem`` or ``odg`` where no chapter is named, ``other`` for any
        other source, ``none cited`` where the line says that nothing was cited.
    edition : str or None
        Year; where none is printed, that of the only edition which the title can mean.
    sections : tuple of str
        Topics, as printed.
    pages : tuple of str
        As printed: "52-54".
    start, end : int
        Its place in the line.
    """

    family: str
    edition: str | None
    sections: tuple[str, ...]
    pages: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Title:
    kind: str
    family: str
    edition: str | None


_KINDS_OF = {
    "anchor": ("title", "source", "other", "nothing", "unnamed"),
    "denial": ("denies next", "denies last"),
}


@cache
def _titles(
    kind: Literal["anchor", "odg chapter", "acoem chapter", "mtus chapter", "denial"],
) -> Phrases[_Title]:
    kinds = _KINDS_OF.get(kind, (kind,))
    return Phrases(
        (row["title"], _Title(row["kind"], row["family"], row["edition"] or None))
        for row in read_rows("taxonomies/guidelines.csv")
        if row["kind"] in kinds
    )


@lru_cache(maxsize=2**15)
def parse_citations(text: str) -> tuple[Citation, ...]:
    """Read a guideline line of a letter, of the claims administrator or of the reviewer.

    Parameters
    ----------
    text : str
        Such as "Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies."

    Returns
    -------
    tuple of Citation
        In the order of the line; each family once. Empty for a line that names no guideline.

    Examples
    --------
    >>> line = "Decision based on MTUS Low Back Complaints Page(s): 303. Decision based on ODG, Pain Chapter."
    >>> [(one.family, one.edition, one.pages) for one in parse_citations(line)]
    [('acoem low back', '2004', ('303',)), ('odg pain', None, ())]
    """
    line = Line(text)
    anchors = _titles("anchor").find(line.words)
    if not anchors:
        return ()
    if not _starts_of_denials().isdisjoint(line.words):
        anchors = _without_denied(line, anchors)
    anchors = _settled(line, anchors)
    folded = fold(text)
    cited: list[Citation] = []
    for number, anchor in enumerate(anchors, start=1):
        if anchor.entry.kind not in _NOT_CITED:
            last = anchors[number].start if number < len(anchors) else len(line.words)
            cited += _read(line, folded, anchor, last)
    if not cited:
        # "Decision based on Non-MTUS Citation <a source that no row knows>"
        cited = [
            Citation(OTHER, None, (), (), line.place_of(anchor.start)[0], len(text))
            for anchor in anchors
            if anchor.entry.kind == "unnamed"
        ]
    return _once(cited)


_NOT_CITED = ("nothing", "unnamed")


@cache
def _starts_of_denials() -> frozenset[str]:
    rows = read_rows("taxonomies/guidelines.csv")
    return frozenset(
        singular_words(row["title"])[0]
        for row in rows
        if row["kind"] in _KINDS_OF["denial"] or row["family"] == NONE_CITED
    )


def _without_denied(line: Line, anchors: list[Found[_Title]]) -> list[Found[_Title]]:
    """Join a guideline to the words that say that it was not cited: nothing of it is read.

    Denied is what stands next to such words ("no mention of the MTUS", "The MTUS was not referenced"), with
    what an "or" or a "nor" adds to it.
    """
    starts, ends = [one.start for one in anchors], [one.end for one in anchors]
    denials = _denials(line, anchors, starts)
    if not denials:
        return anchors
    settled = list(anchors)
    between = _Between(line)
    for denial in denials:
        is_last = denial.entry.kind == "denies last"
        if is_last:
            denied = _last_denied(between, anchors, bisect_right(ends, denial.start) - 1, denial)
        else:
            denied = _next_denied(between, anchors, bisect_left(starts, denial.end), denial)
        entry = _Title("source" if denial.entry.family else "nothing", denial.entry.family, None)
        for place in denied:
            settled[place] = Found(settled[place].start, settled[place].end, entry)
        if denied:
            # The words that deny it belong to the nearest: what is read of another ends before them.
            nearest = settled[denied[-1 if is_last else 0]]
            nearest.start, nearest.end = min(nearest.start, denial.start), max(nearest.end, denial.end)
    return settled


def _denials(line: Line, anchors: list[Found[_Title]], starts: list[int]) -> list[Found[_Title]]:
    """Find what denies a guideline beside it, and what says that "no guideline" or "none" was cited."""
    found = []
    for denial in _titles("denial").find(line.words):
        # "did not base their decision on the MTUS" is a phrase of its own.
        around = bisect_right(starts, denial.start) - 1
        if around < 0 or anchors[around].end < denial.end:
            found.append(denial)
    for anchor in anchors:
        if anchor.entry.family == NONE_CITED:
            kind = "denies last" if line.words[anchor.end - 1] == "cited" else "denies next"
            found.append(Found(anchor.start, anchor.end, _Title(kind, NONE_CITED, None)))
    return found


class _Between:
    """What stands between two words of a line, whose places are looked up once."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.places = [line.place_of(word) for word in range(len(line.words))]

    def text(self, end: int, start: int) -> str:
        """Give the text from the end of the words before `end` to word number `start`."""
        return self.line.text[self.places[end - 1][1] : self.places[start][0]]


def _last_denied(between: _Between, anchors: list[Found[_Title]], last: int, denial: Found[_Title]) -> range:
    """Give the places of the anchors, the `last` and what is joined to it, that a denial is said of.

    Nothing but a chapter and a verb stands between.
    """
    if last < 0:
        return range(0)
    end = anchors[last].end
    if denial.start - end > _CHAPTER_WITHIN_WORDS:
        return range(0)
    if _NEXT_CLAUSE.search(between.text(end, denial.start)):
        return range(0)
    if not _chapter_words().issuperset(between.line.words[end : denial.start]):
        return range(0)
    first = last
    while first and _JOINED.fullmatch(between.text(anchors[first - 1].end, anchors[first].start)):
        first -= 1
    return range(first, last + 1)


def _next_denied(between: _Between, anchors: list[Found[_Title]], first: int, denial: Found[_Title]) -> range:
    """Give the places of the anchors, the `first` and what is joined to it, that stand behind a denial."""
    if first == len(anchors) or not _BEFORE_NAME.fullmatch(between.text(denial.end, anchors[first].start)):
        return range(0)
    last = first
    for place in range(first + 1, len(anchors)):
        joined = _OR_ALSO.fullmatch(between.text(anchors[place - 1].end, anchors[place].start))
        if not joined:
            break
        if joined[1]:
            last = place
    return range(first, last + 1)


@cache
def _chapter_words() -> frozenset[str]:
    """Give the words of chapters' names, and those that may follow them up to what is said of them."""
    chapters = [
        row["title"]
        for row in read_rows("taxonomies/guidelines.csv")
        if row["kind"] in ("odg chapter", "acoem chapter")
    ]
    return frozenset(word for phrase in (*chapters, *_AFTER_CHAPTER) for word in singular_words(phrase))


_AFTER_CHAPTER = ("chapter", "section", "guidelines", "was", "were", "is", "are", "has been", "have been")
_NEXT_CLAUSE = re.compile(r"[.,;:(]")
_BEFORE_NAME = re.compile(r"\s(?:(?:to|on|any|either|the|ca|california)\s)*", re.IGNORECASE)
# "the MTUS and the ODG were not cited"
_JOINED = re.compile(r"(?:\sguidelines?)?(?:\s(?:and|or|nor)\s|/)(?:the\s)?", re.IGNORECASE)
# "did not cite the MTUS, ACOEM or ODG": a comma alone adds nothing.
_OR_ALSO = re.compile(r"(?:\sguidelines?)?(?:,\s|(,?\s(?:or|nor)\s|/))(?:the\s)?", re.IGNORECASE)


def _settled(line: Line, anchors: list[Found[_Title]]) -> list[Found[_Title]]:
    """Join what names one guideline: its publisher in brackets behind it, ODG and its own drug list.

    Guidelines in a list ("MTUS Chronic Pain, Opioids, and Postsurgical Guidelines") are put in.
    """
    settled: list[Found[_Title]] = []
    text_words = line.words
    n_words = len(text_words)
    if "9792" in line.text:
        anchors = _of_regulation(line, anchors)
    for place, anchor in enumerate(anchors):
        family = anchor.entry.family
        if family == "acoem" and settled and (joined := _published(line, settled[-1], anchor)):
            settled[-1] = joined
            continue
        is_unnamed = family == _FORMULARY and text_words[anchor.start] != "mtus"
        if is_unnamed and settled and settled[-1].entry.family.startswith("odg"):
            continue
        settled.append(anchor)
        if anchor.end < n_words and text_words[anchor.end] in _starts_of_listed() and family[:4] == "mtus":
            following = anchors[place + 1] if place + 1 < len(anchors) else None
            settled += _listed(text_words, anchor, following)
    return settled


@cache
def _starts_of_listed() -> frozenset[str]:
    rows = read_rows("taxonomies/guidelines.csv")
    return frozenset(
        {"and", *(singular_words(row["title"])[0] for row in rows if row["kind"] == "mtus chapter")}
    )


def _of_regulation(line: Line, anchors: list[Found[_Title]]) -> list[Found[_Title]]:
    """Take the regulation that adopted the MTUS for what it is: no source of its own, nor a second MTUS.

    "Chronic Pain Guidelines 8 C.C.R. 9792.20 - 9792.26 MTUS (Effective July 18, 2009)" is one citation.
    """
    regulations = [match.span() for match in _REGULATION.finditer(line.text)]
    settled: list[Found[_Title]] = []
    number = end = 0
    for anchor in anchors:
        entry = anchor.entry
        place = line.place_of(anchor.start)[0]
        while number < len(regulations) and regulations[number][1] <= place:
            number += 1
        is_within = number < len(regulations) and regulations[number][0] <= place
        if is_within and entry.kind in ("source", "other"):
            of_title = bool(settled) and settled[-1].entry.kind == "title"
            if of_title and _GUIDELINES_ONLY.fullmatch(line.text[end : regulations[number][0]]):
                continue
            if entry.kind == "other":
                anchor = Found(anchor.start, anchor.end, _Title("source", "mtus", None))
        settled.append(anchor)
        end = line.place_of(anchor.end - 1)[1]
    return settled


# "8 C.C.R. §§9792.20 - 9792.26 MTUS", "Title 8, California Code of Regulations, section 9792.24.3",
# "8 C.C.R. Page(s): 9792.20-9792.26": the sections that are the MTUS.
_SUBSECTION = r"9792\.2\d(?:\.\d{1,2}){0,2}"
_REGULATION = re.compile(
    r"(?:\b(?:title\s)?8,?\s)?(?:\bC\.?\s?C\.?\s?R\b\.?|\bCalifornia Code of Regulations?\b)?"
    r"(?:,?\stitle\s8)?"
    r"[\s,:(]{0,3}(?:pages?(?:\(s\))?[\s:]{0,2})?(?:§{1,2}|sections?(?:\(s\))?:?)?\s?\b"
    rf"{_SUBSECTION}(?:\s?(?:-|–|to|through|and|&)\s?(?:{_SUBSECTION}|\.?2\d\b)|\s{_SUBSECTION})?"
    r"(?:,?\set\sseq\b\.?)?"
    r"(?:[\s),]{1,3}\(?MTUS\b\)?)?",
    re.IGNORECASE,
)
_GUIDELINES_ONLY = re.compile(r"(?:[\s,;:()-]|\b(?:Medical|Treatment|Guidelines?)\b)*", re.IGNORECASE)
_FORMULARY = "mtus drug formulary"
# "(ACOEM)", "(ACOEM 2018)", "(ACOEM, May 15, 2017)"
_PUBLISHER = re.compile(r"\(\s?ACOEM\b[\s,]{0,2}([^()]{0,30})\)", re.IGNORECASE)


def _published(line: Line, title: Found[_Title], publisher: Found[_Title]) -> Found[_Title] | None:
    """Give a title with "(ACOEM)" behind it: of MTUS chapters that are ACOEM's, the later edition."""
    text, entry = line.text, title.entry
    if not entry.family.startswith(("mtus", "acoem")):
        return None
    place = line.place_of(publisher.start)[0]
    if not _PUBLISHER.match(text, text.rfind("(", 0, place)):
        return None
    between = text[line.place_of(title.end - 1)[1] : place]
    if entry.kind == "source":
        is_named = between.count(".") == 0 and any(letter.isalpha() for letter in between)
        return Found(title.start, title.end, publisher.entry) if is_named else None
    if entry.family.startswith("acoem"):
        return title if _SUBTITLE.fullmatch(between) else None
    if not _BEFORE_PUBLISHER.fullmatch(between):
        return None
    own = entry.family.replace("mtus", "acoem")
    is_known = own in _acoem_families()
    return Found(title.start, title.end, _Title(entry.kind, own, None)) if is_known else title


_SUBTITLE = re.compile(r"[^.;()]{0,60}\(\s?")
_BEFORE_PUBLISHER = re.compile(
    r"(?:[\s,]|Medical|Treatment|Disorders|Guidelines?|(?:19|20)\d\d)*\(\s?", re.IGNORECASE
)


@cache
def _acoem_families() -> frozenset[str]:
    return frozenset(
        row["family"] for row in read_rows("taxonomies/guidelines.csv") if row["kind"] == "acoem chapter"
    )


def _listed(
    text_words: list[str], anchor: Found[_Title], following: Found[_Title] | None
) -> list[Found[_Title]]:
    """Give the parts of the MTUS that are named after another, before "Guidelines" or the title of a last."""
    last = following.start if following else len(text_words)
    found: list[Found[_Title]] = []
    place = anchor.end
    for one in _titles("mtus chapter").find(text_words[anchor.end : last]):
        start = anchor.end + one.start
        if text_words[place:start] not in _COMMA_OR_AND:
            break
        place = anchor.end + one.end
        found.append(Found(start, place, one.entry))
    tail = [word for word in text_words[place:last] if word not in _BETWEEN_LISTED]
    is_closed = tail[:1] == ["guideline"]
    if not tail and following:
        is_closed = following.entry.family.startswith("mtus ") and text_words[following.start] != "mtus"
    return found if is_closed else []


_COMMA_OR_AND: tuple[list[str], ...] = ([], ["and"])
_BETWEEN_LISTED = ("and", "medical", "treatment", "rehabilitation")


def _read(line: Line, folded: str, anchor: Found[_Title], last: int) -> list[Citation]:
    """Read what follows a title or a source, up to word number `last`."""
    is_bare = anchor.entry.kind == "source" and anchor.entry.family in _BARE
    titles = (_chapters(line, anchor, last) if is_bare else []) or [anchor]
    cited: list[Citation] = []
    # The first chapter begins where its source does.
    start = line.place_of(anchor.start)[0]
    for number, title in enumerate(titles, start=1):
        title_end = line.place_of(title.end - 1)[1]
        stop = titles[number].start if number < len(titles) else last
        end = line.place_of(stop)[0] if stop < len(line.words) else len(line.text)
        cited.append(_cite(line.text, folded, title.entry, start, title_end, end))
        start = end
    return cited


def _chapters(line: Line, anchor: Found[_Title], last: int) -> list[Found[_Title]]:
    """Chapters that a citation names: one near its name, and those that say that they are.

    The MTUS took its chapters from ACOEM; after its bare name anything else may follow, so that only what
    stands next to it is near.
    """
    is_within = 1 if anchor.entry.family == "mtus" else _CHAPTER_WITHIN_WORDS
    kind: Literal["odg chapter", "acoem chapter"] = (
        "odg chapter" if anchor.entry.family == "odg" else "acoem chapter"
    )
    found = _titles(kind).find(line.words[anchor.end : last])
    chapters: list[Found[_Title]] = []
    for one in found:
        place = Found(anchor.end + one.start, anchor.end + one.end, one.entry)
        is_near = not chapters and one.start < is_within
        is_numbered = line.words[place.start] in _CHAPTER_WORDS and line.words[place.end - 1].isdigit()
        if (
            is_near
            or is_numbered
            or _CHAPTER_TAIL.match(line.text, line.place_of(place.end - 1)[1])
            or (kind == "odg chapter" and chapters and _is_next_listed(line, place))
        ):
            chapters.append(place)
            if is_numbered:
                chapters += _more_numbered(line, place)
    return chapters


def _is_next_listed(line: Line, place: Found[_Title]) -> bool:
    """Say whether a chapter begins the next part of a list: "Knee & Leg, Bracing; Shoulder, Slings"."""
    start, end = line.place_of(place.start)[0], line.place_of(place.end - 1)[1]
    return line.text[max(0, start - 2) : start].strip() == ";" and line.text[end : end + 1] in _AFTER_LISTED


# A topic, the next chapter, or the end.
_AFTER_LISTED = frozenset((",", ":", ";", ".", ""))


def _more_numbered(line: Line, chapter: Found[_Title]) -> list[Found[_Title]]:
    """Give the chapters whose numbers follow that of another: "Chapters 8 and 12", "Chapter 2, 3 and 5".

    A comma alone joins, and a dash spans, only what is called chapters: after "Chapter 12," pages may follow.
    """
    text = line.text
    start, end = line.place_of(chapter.start)[0], line.place_of(chapter.end - 1)[1]
    is_plural = _CHAPTERS.match(text, start) is not None
    found: list[Found[_Title]] = []
    sure, word, number = 0, chapter.end, int(line.words[chapter.end - 1])
    while more := _NEXT_NUMBER.match(text, end):
        joined_by, next_number = more[1].strip(" ,\n").lower(), int(more[2])
        is_span = joined_by in _SPANS
        if next_number > _LAST_CHAPTER or (is_span and not is_plural):
            break
        numbers = range(number + 1, next_number + 1) if is_span else (next_number,)
        word_end = word + joined_by.isalpha() + 1
        found += [Found(word, word_end, _numbered()[one]) for one in numbers if one in _numbered()]
        end, word, number = more.end(), word_end, next_number
        if is_plural or joined_by:
            sure = len(found)
    return found[:sure]


@cache
def _numbered() -> dict[int, _Title]:
    """Give the chapters of ACOEM's second edition that the MTUS or a letter names, by number."""
    rows = read_rows("taxonomies/guidelines.csv")
    return {
        int(row["title"].removeprefix("Chapter ")): _Title(row["kind"], row["family"], row["edition"] or None)
        for row in rows
        if row["kind"] == "acoem chapter" and row["title"].startswith("Chapter ")
    }


_CHAPTER_WORDS = ("chapter", "ch")
_LAST_CHAPTER = 16
_CHAPTERS = re.compile(r"(?:chapters|chs)\b", re.IGNORECASE)
_SPANS = ("-", "–", "to", "through")
# No number of a range, of a table or of an edition: "8-12", "12.3", "3rd".
_NEXT_NUMBER = re.compile(
    r"(\s?,\s?(?:and\s|&\s|or\s)?|\s?[-–&]\s?|\s(?:and|or|to|through)\s)"
    r"(\d{1,2})(?!\w|\s?[-–/]\s?\d|\.\d)",
    re.IGNORECASE,
)


_CHAPTER_TAIL = re.compile(
    r"\s{0,2}(?:-\s?)?(?:chapter|section|\((?:updated|acute|chronic|online))", re.IGNORECASE
)
_MONTH = rf"(?:{'|'.join(SHORT_MONTHS)})[a-z]{{0,6}}\.?"
# "2016", "(2016)", "(February 2016", "(Effective July 18, 2009"
_YEAR_NEXT = re.compile(
    r"[\s,(:-]{0,3}(?:(?:effective|revised|dated) )?"
    rf"(?:{_MONTH} (?:\d{{1,2}}, )?|\d{{1,2}}/\d{{1,2}}/)?((?:19|20)\d\d)\b(?!/)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(r"(?<![\d/.:;-])(?:^|[\s(])((?:19|20)\d\d)(?=[),.;]|$)")
# "MTUS Chronic Pain Guidelines, Opioids, 2016"
_YEAR_LAST = re.compile(r",\s\(?((?:19|20)\d\d)\)?[\s.;]{0,3}$")
# "Workplace Mental Health Guideline: PTSD and ASD 2018"
_YEAR_AFTER_SUBTITLE = re.compile(r"\s?[^,;.\d]{1,60}[\s(]((?:19|20)\d\d)(?=[),.;:]|$)")
# Between the name of a source and its chapter: "ODG-TWC 2014 Pain".
_YEAR_WITHIN = re.compile(r"(?<![\d/.:;-])[\s(]((?:19|20)\d\d)(?=[\s),.;])")
# "Page(s): pg. 91-93 & 124", "p 163", "page 78 of 127"; the numbers of a regulation are no pages.
_PAGE_LABEL = r"\b(?:(?:pages?(?:\(s\))?|pgs?\.?|pp?\.|(?-i:pp?(?=\s\d)))\s?:?\s?){1,2}"
_PAGE = r"\d{1,4}(?!\.?\d)"
_PAGES = re.compile(
    rf"{_PAGE_LABEL}({_PAGE}(?:\s?[-–,&]\s?{_PAGE}|,?\s?and\s{_PAGE}){{0,9}})(?:\sof\s{_PAGE})?",
    re.IGNORECASE,
)
# "Page(s): table 12-8, 308-310"
_TABLE_BEFORE_PAGES = re.compile(
    rf"({_PAGE_LABEL})((?:table|figure)\s\d{{1,2}}(?:-\d{{1,2}})?)(?:\s?[,;&]|\sand)(?=\s\d)", re.IGNORECASE
)
_NEXT_PAGE = re.compile(r",?\s?and\s|\s?[,&]\s?", re.IGNORECASE)
# In lower case:
_LATER_EDITION = re.compile(r"\b(?:3rd|third) (?:ed\b|edition)|\bv(?:ersion|\.)? ?3\b")
_SECTIONS = re.compile(r"\bsections?(?:\s?\(s\))?\s?:\s?")
_LEAD_IN = re.compile(
    r"\b(?:decision based on|the (?:claims administrator|expert reviewer|physician reviewer))\b|\smtus\s*$"
)


def _cite(text: str, folded: str, title: _Title, start: int, title_end: int, end: int) -> Citation:
    name, rest = text[start:title_end], text[title_end:end]
    if not rest.strip(_NOTHING_SAID):
        length = len(rest.rstrip(_EDGES))
        edition = _edition(title, name, "", "")
        return Citation(title.family, edition, (), (), start, title_end + length)
    # A pattern is tried only where its words are: most lines have few of them.
    said = folded[title_end:end]
    if "based on" in said or "administrator" in said or "reviewer" in said or "mtus" in said:
        lead_in = _LEAD_IN.search(said)
        if lead_in:
            rest, said = rest[: lead_in.start()], said[: lead_in.start()]
    length = len(rest.rstrip(_EDGES))
    if "(" in rest and "acoem" in said:
        rest = " ".join(_PUBLISHER.sub(r" \1 ", rest).split())
        said = fold(rest)
    if "9792" in rest:
        rest = " ".join(_REGULATION.sub(" ", rest).split())
        said = fold(rest)
    has_pages = "page" in said or "pg" in said or "p." in said or " p " in said or " pp " in said
    if has_pages and ("table" in said or "figure" in said):
        rest = " ".join(_TABLE_BEFORE_PAGES.sub(r", \2, \1", rest).split())
        said = fold(rest)
    has_sections = title.family not in _WITHOUT_SECTIONS
    return Citation(
        title.family,
        _edition(title, name, rest, said),
        _sections(title, name, rest, said, has_pages=has_pages) if has_sections else (),
        _pages(rest) if has_pages else (),
        start,
        title_end + length,
    )


def _edition(title: _Title, name: str, rest: str, said: str) -> str | None:
    if title.family in (NONE_CITED, OTHER):
        return None
    year = None
    if _may_name_year(name):
        year = _YEAR_WITHIN.search(name) or _YEAR_ALONE.search(name)
    if not year and _may_name_year(rest):
        named = _GUIDELINES.match(rest)
        year = _YEAR_NEXT.match(rest, named.end() if named else 0)
        if not year and title.family.startswith("odg"):
            year = _YEAR_ALONE.search(rest)
        if not year and not title.family.startswith("odg"):
            year = _YEAR_LAST.search(rest)
        if not year and title.edition is None:
            year = _YEAR_AFTER_SUBTITLE.match(rest)
    if year:
        return year[year.re.groups]
    if title.edition is None:
        return None
    told = name.lower() + said
    is_later = ("3" in told or "third" in told) and _LATER_EDITION.search(told)
    return None if is_later else title.edition


def _may_name_year(text: str) -> bool:
    return "20" in text or "19" in text


_GUIDELINES = re.compile(r"^(?:\s*\b(?:Medical|Treatment|Disorders|Guidelines?)\b)+", re.IGNORECASE)


def _pages(rest: str) -> tuple[str, ...]:
    return tuple(
        part.strip() for match in _PAGES.finditer(rest) for part in _NEXT_PAGE.split(match[1]) if part.strip()
    )


def _sections(title: _Title, name: str, rest: str, said: str, *, has_pages: bool) -> tuple[str, ...]:
    labelled = _SECTIONS.search(said) if "section" in said else None
    if labelled:
        topics = rest[labelled.end() :]
    else:
        topics = _ASIDES.sub(" ", rest) if "(" in rest else rest
        if ")" in topics and name.rfind("(") > name.rfind(")"):
            topics = _REST_OF_ASIDE.sub("", topics)
        topics = _UPDATED.sub(" ", topics) if "pdated" in topics or "/" in topics else topics
        named = _GUIDELINES.match(topics)
        topics = topics[named.end() :] if named else topics
        may_be_dated = _may_name_year(topics)
        dated = _YEAR_NEXT.match(topics) if may_be_dated else None
        if may_be_dated and not dated and title.edition is None and title.family.startswith("acoem"):
            dated = _YEAR_AFTER_SUBTITLE.match(topics)
        topics = topics[dated.end() :] if dated else topics
        untitled = _UNTITLED.match(topics)
        topics = topics[untitled.end() :] if untitled else topics
    if has_pages:
        # What stands behind pages is another topic.
        topics = _PAGES.sub(", ", topics)
    parts = _parted(topics)
    if len(parts) > 1:
        for name, hidden in _names_with_comma():
            topics = topics.replace(name, hidden)
        parts = [part.replace("\0", ",") for part in _parted(topics)]
    found = [trimmed for part in parts if (trimmed := _trimmed(part)) and _names_topic(trimmed)]
    return tuple(found if len(found) < 2 else dict.fromkeys(found))


def _parted(topics: str) -> list[str]:
    """Part topics at commas and semicolons, but for commas within a name ("Opioids, criteria for use")."""
    return _NEXT_TOPIC.split(topics) if "," in topics or ";" in topics else [topics]


_NEXT_TOPIC = re.compile(r"[,;]\s+(?:and\s+)?(?=[A-Z\d]|(?:table|figure)\s\d)")
_NAMES_SOMETHING = re.compile(r"[A-Za-z\d]")
# What else a citation has between commas: the publisher's index, labels of pages, years and editions.
_NO_TOPIC = frozenset(
    ("index", "treatment index", "web", "online", "online version", "page", "pages", "page(s)")
)
_NO_TOPIC_IN_NUMBERS = re.compile(
    rf"(?:{_MONTH} (?:\d{{1,2}}, )?)?(?:19|20)\d\d|chapter \d{{1,2}}|8 C\.?\s?C\.?\s?R"
    r"|\d{1,2}(?:st|nd|rd|th) ed(?:ition|\.)?(?: \(?(?:web|online)(?: version)?\)?)?",
    re.IGNORECASE,
)


def _names_topic(part: str) -> bool:
    if part.lower() in _NO_TOPIC or not _NAMES_SOMETHING.search(part):
        return False
    has_number = part[0].isdigit() or part[-1].isdigit()
    return not (has_number and _NO_TOPIC_IN_NUMBERS.fullmatch(part))


@cache
def _names_with_comma() -> tuple[tuple[str, str], ...]:
    names = [row["name"] for row in read_rows("lexicons/guideline_sections.csv")]
    return tuple((name, name.replace(",", "\0")) for name in names if "," in name)


def _trimmed(part: str) -> str:
    part = part.strip(_EDGES)
    last_word = part.rpartition(" ")[2].lower()
    if last_word in _TAIL_ENDS or last_word.isdigit():
        part = _TAIL.sub("", part).strip(_EDGES)
    opened = part.count("(") - part.count(")") if "(" in part or ")" in part else 0
    if opened:
        part = (
            (part.lstrip("(") if part.startswith("(") else part.rstrip("("))
            if opened > 0
            else part.strip(")")
        )
        part = part.strip(_EDGES)
    return part[1:-1] if part.startswith("(") and part.endswith(")") and part.count("(") == 1 else part


_EDGES = " \t\n,;:.-–/"
_NOTHING_SAID = _EDGES + "()"
_UPDATED = re.compile(
    r"\b(?:(?:last |most recently )?(?:updated|revised|accessed)|as of|dated):?(?: on)? "
    r"(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}"
    rf"|{_MONTH} (?:\d{{1,2}}, )?\d{{4}}|(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    r"\((?:updated|acute|chronic|online|thoracic|lumbar|odg|ca\b)[^()]{0,60}\)", re.IGNORECASE
)
# "Low Back (Thoracic" begins it: "and Lumbar, Acute and Chronic)"
_REST_OF_ASIDE = re.compile(
    r"^(?:[\s,&/]|\b(?:and|thoracic|lumbar|cervical|spine|acute|chronic)\b)*\)", re.IGNORECASE
)
# What stands between the name of a guideline and its topic, and between two guidelines.
_UNTITLED = re.compile(
    r"^(?:[\s,:;/)-]+|\(?(?:19|20)\d\d\b\)?"
    r"|\((?=ch)|\b(?:ODG|Medical|Treatment|Guidelines?"
    r"|(?:chapter|ch\.)(?: \d{1,2}\b(?![.\d]))?|section|Disorders"
    r"|(?:in )?Workers'? Comp(?:ensation)?|Procedure Summary)\b)+",
    re.IGNORECASE,
)

# What leads on to the next guideline: "and on the", "and Chapter 12" (before "Low Back Complaints").
_TAIL = re.compile(
    r"(?:[\s,;]|^)(?:(?:and|or|nor|but|not|on|by|from|the|also|chapter \d{1,2}"
    r"|(?:which )?(?:is|are|was|were)(?: not)?(?: part of)?"
    r"|(?:was|were) (?:also )?(?:cited|used|referenced|reviewed))(?:\s|$)){1,4}$",
    re.IGNORECASE,
)
_TAIL_ENDS = frozenset(("and", "or", "nor", "but", "not", "on", "by", "from", "the", "also")) | frozenset(
    ("is", "are", "was", "were", "of", "cited", "used", "referenced", "reviewed")
)


def _once(cited: Sequence[Citation]) -> tuple[Citation, ...]:
    """Join what is cited twice, and drop a bare source beside one of its chapters."""
    if len(cited) < 2:
        return tuple(cited)
    by_family: dict[str, Citation] = {}
    for one in cited:
        known = by_family.get(one.family)
        by_family[one.family] = (
            one
            if known is None
            else Citation(
                one.family,
                known.edition or one.edition,
                tuple(dict.fromkeys((*known.sections, *one.sections))),
                tuple(dict.fromkeys((*known.pages, *one.pages))),
                known.start,
                one.end,
            )
        )
    for bare in _BARE:
        more = [name for name in by_family if name.startswith(bare + " ")]
        if bare == "mtus":
            more += [name for name in by_family if name.startswith("acoem")]
        if more and (dropped := by_family.pop(bare, None)) and dropped.edition and len(more) == 1:
            # "MTUS 2020: ACOEM Low Back Disorders"
            only = by_family[more[0]]
            by_family[only.family] = Citation(
                only.family, only.edition or dropped.edition, only.sections, only.pages, only.start, only.end
            )
    if len(by_family) > 1:
        by_family.pop(NONE_CITED, None)
    return tuple(by_family.values())


def citation_facts(text: str | None) -> dict[str, str | None]:
    """Give the columns of ``facts`` about a guideline line; None where it says nothing.

    Returns
    -------
    dict
        ``guideline_family``, ``guideline_edition``, ``guideline_sections``, ``guideline_pages``, each with
        ``;`` between several, in the order of the line.
    """
    cited = parse_citations(text) if text else ()
    return {
        "guideline_family": _joined([one.family for one in cited]),
        "guideline_edition": _joined([one.edition for one in cited if one.edition]),
        "guideline_sections": _joined([section for one in cited for section in one.sections]),
        "guideline_pages": _joined([page for one in cited for page in one.pages]),
    }


def _joined(parts: Sequence[str]) -> str | None:
    if len(parts) < 2:
        return (parts[0] or None) if parts else None
    return ";".join(dict.fromkeys(parts))
