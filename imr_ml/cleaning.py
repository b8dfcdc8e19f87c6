"""Small steps from text to text that undo what extraction and printing did; no step knows a heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache

from imr_ml.resources import read_rows

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROL = re.compile(r"[\x00-\x01\x03-\x08\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    r"""Apply every step in the usual order.

    Parameters
    ----------
    text : str
        Text as extracted: pages divided by form feeds, any kind of line end.

    Returns
    -------
    str
        Lines without outer spaces, words divided by one space, paragraphs by at most one blank line.

    Examples
    --------
    >>> clean("The  re\x02quest\r\nis not\f medically\u00a0necessary. ")
    'The re-quest\nis not\nmedically necessary.'
    """
    for step in STEPS:
        text = step(text)
    return text


def fold_line_ends(text: str) -> str:
    r"""Write every line end as a line feed.

    >>> fold_line_ends("a\r\nb\rc")
    'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, wherever a run of characters allows it.

    >>> repair_mojibake("the workerâ€™s knee at 90Â°")
    'the worker’s knee at 90°'
    """
    if text.isascii() or not _MOJIBAKE_START.search(text):
        return text
    return _MOJIBAKE.sub(_as_utf8, text)


# UTF-8 lead bytes as Windows-1252 shows them, then continuation bytes (0x80-0xBF) likewise.
_CONTINUATION = "".join(
    re.escape(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)) + re.escape(chr(byte))
    for byte in range(0x80, 0xC0)
)
_MOJIBAKE_START = re.compile(f"[Â-ô][{_CONTINUATION}]")
_MOJIBAKE = re.compile(f"[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}}")


def _as_utf8(match: re.Match[str]) -> str:
    try:
        return b"".join(
            bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in match.group()
        ).decode("utf-8")
    except UnicodeError:
        return match.group()


@cache
def _characters() -> dict[str, str]:
    return {_decoded(row["code"]): _decoded(row["becomes"]) for row in read_rows("characters.csv")}


def _decoded(codes: str) -> str:
    return "".join(chr(int(code.removeprefix("U+"), 16)) for code in codes.split())


def fold_characters(text: str) -> str:
    """Write ligatures, curly quotes, odd spaces, dashes and bullets in one way; drop invisible characters.

    >>> fold_characters("“ﬁnding”\u200b – C5\u00a0to C6")
    '"finding" - C5 to C6'
    """
    if not text.isascii():
        table = _characters()
        for character in set(_NOT_ASCII.findall(text)):
            if character in table:
                text = text.replace(character, table[character])
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text


_LINE_END_HYPHEN = re.compile(
    r"(?<=[^\W_])(?:[\x02\ufffe\u00ad][ \t]*\n?|-[ \t]*\n[ \t\n]*(?=[a-z0-9]))(?=[^\W_])"
)
_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_LONGEST_PART = 30


def join_hyphens(text: str) -> str:
    r"""Close words that a line end divided; the hyphen goes where the letter writes the word without one.

    >>> join_hyphens("treat\x02ment, treatment; self\x02directed; 08-07-\n2015")
    'treatment, treatment; self-directed; 08-07-2015'
    """
    if not ("-\n" in text or "- \n" in text or "\x02" in text or "\ufffe" in text or "\u00ad" in text):
        return text
    words = set(_WORD.findall(text))

    def joined(match: re.Match[str]) -> str:
        before = _LAST_WORD.search(text, max(0, match.start() - _LONGEST_PART), match.start())
        after = _WORD.match(text, match.end(), match.end() + _LONGEST_PART)
        return "" if before and after and before.group() + after.group() in words else "-"

    return _LINE_END_HYPHEN.sub(joined, text)


_SPACES = re.compile(r"[ \t\v]{2,}|[\t\v]")


def strip_lines(text: str) -> str:
    r"""Drop the spaces around lines and double ones inside; form feeds stay.

    >>> strip_lines("  a \t b \n c ")
    'a b\nc'
    """
    if _SPACES.search(text):
        text = _SPACES.sub(" ", text)
    return "\n".join([line.strip(" ") for line in text.split("\n")])


_CASE_NUMBER = re.compile(r"\bC\s?M\s?\d\d\s?-\s?\d{5,8}\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_EDGE_LINES = 3
_LONGEST_FURNITURE = 120


def drop_furniture(text: str) -> str:
    r"""Drop page numbers and the headers and footers that pages repeat; pages then follow line on line.

    >>> drop_furniture("CM14-0000001\none\nPage 1 of 2\fCM14-0000001\ntwo\nPage 2 of 2")
    'CM14-0000001\none\ntwo'
    """
    pages = [page.strip("\n ").split("\n") for page in text.split("\f")]
    if len(pages) > 1:
        repeated = _repeated_at_edges(pages)
        pages = [_without_edges(page, number, repeated) for number, page in enumerate(pages, start=1)]
    lines = [line for page in pages for line in page]
    known = _furniture()
    if known.search(text):
        lines = [line for line in lines if not (len(line) <= _LONGEST_FURNITURE and known.fullmatch(line))]
    return "\n".join(_without_running_titles(lines))


@cache
def _furniture() -> re.Pattern[str]:
    patterns = "|".join(row["pattern"] for row in read_rows("layouts/furniture.csv"))
    return re.compile(f"^(?:{patterns})$", re.IGNORECASE | re.MULTILINE)


def _folded(line: str) -> str:
    return _DIGITS.sub("#", line.lower())


def _edges(page: list[str]) -> list[tuple[int, int]]:
    """Give rows at the page's edges with their rank: 1, 2, 3 from the top, -1, -2, -3 from the bottom."""
    reach = range(min(len(page), 10))
    top = [row for row in reach if page[row]][:_EDGE_LINES]
    bottom = [len(page) - 1 - row for row in reach if page[len(page) - 1 - row]][:_EDGE_LINES]
    return [(row, rank) for rank, row in enumerate(top, start=1)] + [
        (row, -rank) for rank, row in enumerate(bottom, start=1)
    ]


_PROSE_WORD = re.compile(r"(?:^| )[a-z]")
_MOST_PROSE_WORDS = 3


def _repeated_at_edges(pages: list[list[str]]) -> set[tuple[int, str]]:
    """Give the title-like lines, without their digits, that stand at the same place of all pages but one."""
    counts: Counter[tuple[int, str]] = Counter()
    for page in pages:
        for row, rank in _edges(page):
            line = page[row]
            if (
                3 < len(line) <= _LONGEST_FURNITURE
                and line[-1] not in ".:;,"
                and len(_PROSE_WORD.findall(line)) <= _MOST_PROSE_WORDS
                and not _LABELLED.search(line)
            ):
                counts[rank, _folded(line)] += 1
    return {place for place, count in counts.items() if count >= max(2, len(pages) - 1)}


_LABELLED = re.compile(r"[:;] ?[A-Za-z]{3}|[a-z]:")


def _without_edges(page: list[str], number: int, repeated: set[tuple[int, str]]) -> list[str]:
    gone: set[int] = set()
    kept: set[int] = set()
    for row, rank in _edges(page):
        bare = page[row].strip("- ")
        is_number = bare.isdecimal() and len(bare) <= 3 and abs(int(bare) - number) <= 1
        if is_number or (rank, _folded(page[row])) in repeated:
            (kept if rank > 0 and number == 1 and not is_number else gone).add(row)
    gone -= kept
    return [line for row, line in enumerate(page) if row not in gone] if gone else page


def _without_running_titles(lines: list[str]) -> list[str]:
    """Drop lines that name the case again, and lines of numbers that count up from 1 or 2 as pages do."""
    gone: set[int] = set()
    named = False
    numbers: list[int] = []
    for row, line in enumerate(lines):
        if len(line) <= _LONGEST_NUMBER and line.isdecimal():
            numbers.append(row)
        elif len(line) <= _LONGEST_FURNITURE and "-" in line and _CASE_NUMBER.search(line):
            if named and line[-1] != "." and len(_PROSE_WORD.findall(line)) <= _MOST_PROSE_WORDS:
                gone.add(row)
            named = True
    counted = [int(lines[row]) for row in numbers]
    if counted and counted in (list(range(1, len(counted) + 1)), list(range(2, len(counted) + 2))):
        gone.update(numbers)
    return [line for row, line in enumerate(lines) if row not in gone] if gone else lines


_LONGEST_NUMBER = 3


_WRAPPED_OVER_BLANK = re.compile(r"[^.:?!\n]\n\n(?=[a-z])")
_BLANK_LINES = re.compile(r"\n\n+")


def single_space(text: str) -> str:
    r"""Close double spacing, so that a blank line divides paragraphs and nothing else.

    >>> single_space("the request\n\nis not\n\nnecessary.\n\n\n\nNext")
    'the request\nis not\nnecessary.\n\nNext'
    """
    text = text.strip("\n ")
    if "\n\n" not in text:
        return text
    n_filled = sum(map(bool, text.split("\n")))
    if len(_WRAPPED_OVER_BLANK.findall(text)) > 0.2 * n_filled:
        return _BLANK_LINES.sub(lambda run: "\n" if len(run.group()) == 2 else "\n\n", text)
    return _BLANK_LINES.sub("\n\n", text)


STEPS: tuple[Callable[[str], str], ...] = (
    fold_line_ends,
    repair_mojibake,
    fold_characters,
    join_hyphens,
    strip_lines,
    drop_furniture,
    single_space,
)
"""The usual order: characters first, then words over line ends, then lines, then pages and paragraphs."""
