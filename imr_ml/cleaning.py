"""Small steps from text to text that undo what extraction and printing did; no step knows a heading."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import cache

from imr_ml.resources import lexicon_phrases, read_rows


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
    text = unquote_lines(fold_characters(repair_mojibake(fold_line_ends(text))))
    # Most letters need nothing more than a look at each line, which is then had once for three steps.
    text = _single_spaces(text)
    lines = _without_furniture(text, _stripped_lines(text))
    if "\f" in text or sum(map(len, lines)) + len(lines) - 1 != len(text):  # else they are the text's own
        text = "\n".join(lines)
    text = text.strip("\n ")
    return join_hyphens(text if _is_single_spaced(lines) else single_space(text))


def fold_line_ends(text: str) -> str:
    r"""Write every line end as a line feed.

    >>> fold_line_ends("a\r\nb\rc")
    'a\nb\nc'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


_QUOTE_MARKS = re.compile(r"(?:^|(?<=\f))[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_WHO_WROTE = re.compile(r"(?:^|(?<=\f))[^>\n\f]+:[ \t]*[\n\f]\s*(?=>)", re.MULTILINE)
_FILLED_LINE = re.compile(r"[^\n\f]*\S[^\n\f]*")


def unquote_lines(text: str) -> str:
    r"""Drop the marks before lines that a mail quotes, and who wrote them, where most lines are quoted.

    >>> unquote_lines("On May 5, Pat wrote:\n> The knee:\n> it hurts.")
    'The knee:\nit hurts.'
    """
    if ">" not in text:
        return text
    n_quoted = len(_QUOTE_MARKS.findall(text))
    if not n_quoted or 2 * n_quoted <= len(_FILLED_LINE.findall(text)):
        return text
    return _QUOTE_MARKS.sub("", _WHO_WROTE.sub("", text))


# UTF-8 lead bytes as Windows-1252 shows them, then continuation bytes (0x80-0xBF) likewise.
_CONTINUATION = "".join(
    re.escape(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)) + re.escape(chr(byte))
    for byte in range(0x80, 0xC0)
)
_MOJIBAKE = re.compile(f"[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}}")


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, wherever a run of characters allows it.

    >>> repair_mojibake("the workerâ€™s knee at 90Â°")
    'the worker’s knee at 90°'
    """
    for _ in range(_MOST_MISREADINGS):
        if text.isascii() or not any(lead in text for lead in _LEADS):
            break
        misread, text = text, _MOJIBAKE.sub(_as_utf8, text)
        if text == misread:
            break
    # The last byte of a closing quotation mark has no character in Windows-1252 and is often lost.
    return text.replace("â€", "”")


# Some texts went the wrong way twice.
_MOST_MISREADINGS = 3


# What the lead bytes of Latin letters, signs, ligatures and quotes look like.
_LEADS = "ÂÃÄÅËÎÏâïð"


def _as_utf8(match: re.Match[str]) -> str:
    try:
        return b"".join(
            bytes([ord(character)]) if ord(character) < 256 else character.encode("cp1252")
            for character in match.group()
        ).decode("utf-8")
    except UnicodeError:
        return match.group()


_ASCII = bytes(range(128))
# Tabs, line ends and form feeds stay, and U+0002, a hyphen at a line end.
_CONTROL = bytes({*range(32), 127} - {*b"\t\n\v\f\x02"})


def fold_characters(text: str) -> str:
    """Write ligatures, curly quotes, odd spaces, dashes and bullets in one way; drop invisible characters.

    >>> fold_characters("“ﬁnding”\u200b – C5\u00a0to C6")
    '"finding" - C5 to C6'
    """
    if not text.isascii():
        table = characters()
        others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
        for character in set(others.decode("utf-8", "surrogatepass")):
            if character in table:
                text = text.replace(character, table[character])
    raw = text.encode("utf-8", "surrogatepass")
    kept = raw.translate(None, _CONTROL)
    return text if len(kept) == len(raw) else kept.decode("utf-8", "surrogatepass")


@cache
def characters() -> dict[str, str]:
    """Give what each character of ``characters.csv`` becomes; nothing for one that is dropped."""
    return {_decoded(row["code"]): _decoded(row["becomes"]) for row in read_rows("characters.csv")}


def _decoded(codes: str) -> str:
    return "".join(chr(int(code.removeprefix("U+"), 16)) for code in codes.split())


def strip_lines(text: str) -> str:
    r"""Drop the spaces around lines and double ones inside; form feeds stay.

    >>> strip_lines("  a \t b \n c ")
    'a b\nc'
    """
    return "\n".join(_stripped_lines(_single_spaces(text)))


def _single_spaces(text: str) -> str:
    if "\t" in text or "\v" in text:
        text = text.replace("\t", " ").replace("\v", " ")
    while text.rfind("  ") >= 0:  # in prose far quicker than `in`, as below
        text = text.replace("  ", " ")
    return text


def _stripped_lines(text: str) -> list[str]:
    if "\f" not in text and text.isascii():
        return list(map(str.strip, text.split("\n")))  # the quickest way; there is no white space but spaces
    return [line.strip(" ") for line in text.split("\n")]


# A line that is a case number and no more, which pages may bear without its "CM".
_BARE_NUMBER = re.compile(r"(?:(?:C\s?M|SYN|IMR)\s?[-#]?\s?)?(\d\d)\s?-\s?(\d{6,7})", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")
_CASE_NUMBER = re.compile(r"\bC\s?M\s?\d\d\s?-\s?\d{5,8}\b", re.IGNORECASE)
_EDGE_LINES = 3
_EDGE_CHARACTERS = 400
_LONGEST_FURNITURE = 90
_LONGEST_NUMBER = 3
_MOST_PROSE_WORDS = 3


def drop_furniture(text: str) -> str:
    r"""Drop page numbers and the headers and footers that pages repeat; pages then follow line on line.

    >>> drop_furniture("CM14-0000001\none\nPage 1 of 2\fCM14-0000001\ntwo\nPage 2 of 2")
    'CM14-0000001\none\ntwo'
    """
    return "\n".join(_without_furniture(text, text.split("\n")))


def _without_furniture(text: str, lines: list[str]) -> list[str]:
    """Drop the furniture of a text that is given whole and, without the spaces around them, as its lines."""
    titles = [pattern for hint, pattern in _titles() if hint in text]
    has_pages = "\f" in text
    if titles or has_pages:
        text = "\n".join(lines)
    for pattern in titles:
        text = pattern.sub("", text)
    if has_pages:
        pages = [page.strip("\n ") for page in text.split("\f")]
        edges = [_edges(page) for page in pages]
        repeated = _repeated(edges)
        text = "\n".join(
            _without_edges(page, number, edge, repeated).strip("\n ")
            for number, (page, edge) in enumerate(zip(pages, edges, strict=True), start=1)
        )
    return _without_running_titles(text.split("\n") if titles or has_pages else lines)


def _edges(page: str) -> dict[int, str]:
    """Give the lines at a page's edges by rank: 1, 2, 3 from the top, -1, -2, -3 from the bottom."""
    top = [line for line in page[:_EDGE_CHARACTERS].split("\n") if line][:_EDGE_LINES]
    bottom = [line for line in page[-_EDGE_CHARACTERS:].split("\n") if line][: -_EDGE_LINES - 1 : -1]
    return dict(enumerate(top, start=1)) | {-rank: line for rank, line in enumerate(bottom, start=1)}


_DIGITS = re.compile(r"\d+")


def _repeated(edges: list[dict[int, str]]) -> set[tuple[int, str]]:
    """Give the title-like lines, without their digits, that stand at the same place of all pages but one."""
    counts = Counter(
        (rank, _DIGITS.sub("", line))
        for edge in edges
        for rank, line in edge.items()
        # A single word, such as "Upheld", may end several pages by chance.
        if len(line) <= _LONGEST_FURNITURE
        and not line.isalpha()
        and _is_title(line)
        and not _LABELLED.search(line)
    )
    needed = max(2, len(edges) - 1)
    return {place for place, count in counts.items() if count >= needed and len(place[1].strip(" -")) > 2}


_LABELLED = re.compile(r"[:;] ?[A-Za-z]{3}|[a-z]:")


def _is_title(line: str) -> bool:
    """Tell a page's header or footer from a line of prose: a wrapped "is not medically" must never go."""
    if line[0].islower() or (line[-1] in ".:;," and not (line.isupper() or line.endswith("Inc."))):
        return False
    words = line.split()
    n_prose_words = sum(word[0].islower() for word in words)
    return n_prose_words <= min(_MOST_PROSE_WORDS, len(words) // 2)


_PAGED = re.compile(r"[^,;(] page (\d{1,3})\Z", re.IGNORECASE)


def _names_page(line: str, number: int) -> bool:
    """Tell a footer that ends in the page's own number: "IMR form 12 Page 3"."""
    match = _PAGED.search(line)
    return match is not None and int(match[1]) == number and _is_title(line)


def _stands_apart(page: str, line: str) -> bool:
    before = page.removesuffix(line) if page.endswith(line) else ""
    return before.endswith(("\n\n", ".\n", ":\n")) or page.startswith(f"{line}\n\n")


def _without_edges(page: str, number: int, edge: dict[int, str], repeated: set[tuple[int, str]]) -> str:
    gone: dict[int, bool] = {}
    for rank, line in edge.items():
        bare = line.strip("- ")
        is_number = len(bare) <= _LONGEST_NUMBER and bare.isdecimal()
        # Form feeds may be lost: what stands apart at an edge need not be the page's own number.
        is_number = is_number and (abs(int(bare) - number) <= 1 or _stands_apart(page, line))
        is_number = is_number or ("0" <= line[-1] <= "9" and _names_page(line, number))
        if is_number or (repeated and (rank, _DIGITS.sub("", line)) in repeated):
            # The first page's header names the case: that one stays.
            gone[rank] = is_number or number > 1 or rank < 0
    if not any(gone.values()):
        return page
    lines = page.split("\n")
    filled = [row for row, line in enumerate(lines) if line]
    kept = {filled[rank - 1] for rank, goes in gone.items() if not goes}
    rows = {filled[rank - 1 if rank > 0 else rank] for rank, goes in gone.items() if goes} - kept
    return "\n".join(line for row, line in enumerate(lines) if row not in rows)


@cache
def _furniture() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]], frozenset[str]]:
    """Give the pattern of lines that are furniture, and by first letter with which words those begin.

    Then the first letters of those that need not end in a digit.
    """
    rows = read_rows("layouts/furniture.csv")
    patterns = "|".join(row["pattern"] for row in rows)
    begins = sorted({begin for row in rows for begin in row["begins"].split("|")})
    firsts = {first for begin in begins for first in (begin[0], begin[0].upper())}
    by_first = {first: tuple(begin for begin in begins if begin[0] == first.lower()) for first in firsts}
    others = [row["begins"] for row in rows if not row["pattern"].endswith(_DIGITS_LAST)]
    first = {begin[0] for of_row in others for begin in of_row.split("|")}
    # Two of them may share a line: "MAXIMUS Federal Services, Inc.  Page 3".
    pattern = re.compile(rf"(?:{patterns})(?:[ ,|-]{{1,3}}(?:{patterns}))?", re.IGNORECASE)
    return pattern, by_first, frozenset(first | {letter.upper() for letter in first})


_DIGITS_LAST = r"\d{1,3}"


@cache
def _titles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Give the running titles that are told wherever they stand, each with words that it cannot lack."""
    rows = [row for row in read_rows("layouts/furniture.csv") if row["hint"]]
    return tuple(
        (row["hint"], re.compile(rf"(?<=\n)(?:{row['pattern']})\n|{row['pattern']}", re.IGNORECASE))
        for row in rows
    )


_LONGEST_PAGE = len("Page 100 of 100")
_NUMERALS = frozenset("0123456789")
_ENDS_IN_PAGE = re.compile(r"\bpage \d{1,3} ?(?:of|/) ?\d{1,3}\Z", re.IGNORECASE)
_DATED = re.compile(r"\d[/-]\d\d?[/-]\d\d")


def _without_running_titles(lines: list[str]) -> list[str]:
    """Drop known furniture, lines that name the case again, and numbers that count up as pages do."""
    known, begins, firsts = _furniture()
    gone: set[int] = set()
    numbers: list[int] = []
    bare: dict[str, list[int]] = {}
    named: set[str] = set()
    cases: set[str] = set()
    for row, line in enumerate(lines):
        if not 0 < len(line) <= _LONGEST_FURNITURE or (
            line[0] not in firsts and line[-1] not in _NUMERALS and "-" not in line
        ):
            continue
        if len(line) <= _LONGEST_NUMBER and line.isdecimal():
            numbers.append(row)
        elif line.lower().startswith(begins.get(line[0], ())) and known.fullmatch(line):
            gone.add(row)
        elif "-" in line and line[-1].isdecimal() and (number := _BARE_NUMBER.fullmatch(line)):
            bare.setdefault(number[1] + number[2], []).append(row)
        elif "-" in line and ("CM" in line or "cm" in line) and (case := _CASE_NUMBER.search(line)):
            # Behind a covering page, the header names the case again; its facts stand nowhere else.
            is_header = line not in named and _says_more(line)
            if (named or bare) and not is_header and _is_title(line):
                gone.update(_header_again(lines, row))
            else:
                cases.add(_NOT_DIGITS.sub("", case.group()))
            named.add(line)
        elif (
            line[-1].isdecimal()
            and "age " in line[-_LONGEST_PAGE:].lower()
            and _is_title(line)
            and (_ENDS_IN_PAGE.search(line) or (_PAGED.search(line) and _is_inside(lines, row)))
        ):
            gone.add(row)
    for case_digits, rows in bare.items():
        if case_digits in cases:
            gone.update(rows)
        elif len(rows) > 1:
            gone.update(rows if _is_inside(lines, rows[0]) else rows[1:])
    counted = [int(lines[row]) for row in numbers]
    if counted and counted in (list(range(1, len(counted) + 1)), list(range(2, len(counted) + 2))):
        gone.update(numbers)
    if not gone:
        return lines
    gone = _with_gaps(lines, gone)
    return [line for row, line in enumerate(lines) if row not in gone]


def _with_gaps(lines: list[str], gone: set[int]) -> set[int]:
    """Add the blank lines around furniture that stands inside a sentence."""
    kept = [row for row, line in enumerate(lines) if line and row not in gone]
    gaps = set(gone)
    for rank in {bisect_left(kept, row) for row in gone}:
        if 0 < rank < len(kept):
            above, below = kept[rank - 1], kept[rank]
            if lines[above][-1] not in ".:?!" and lines[below][0].islower():
                gaps.update(range(above + 1, below))
    return gaps


def _header_again(lines: list[str], row: int) -> list[int]:
    """Give the row of a line that names the case; of a header on each page, also what it goes on with."""
    first = next(filter(None, lines))
    top = [*lines[: lines.index(first) + _HEADER_LINES], ""]
    if row < len(top) or lines[row] != first:
        return [row]
    again = [row]
    for following in range(row + 1, min(row + 2 * _HEADER_LINES, len(lines))):
        if lines[following] not in top:
            break
        if lines[following]:
            again.append(following)
    # With the first heading behind it, it is the header of a second letter.
    return again if len(again) <= _HEADER_LINES // 2 else [row]


_HEADER_LINES = 12
_CASE_LABEL = re.compile(r"case (?:number|no)\b\.?:?", re.IGNORECASE)


def _says_more(line: str) -> bool:
    """Say whether a line that names the case has a date or another label too: perhaps a fact of its own."""
    return _DATED.search(line) is not None or ":" in _CASE_LABEL.sub("", line)


def _is_inside(lines: list[str], row: int) -> bool:
    """Say whether a line parts a sentence, as a page's header does."""
    before = next(filter(None, reversed(lines[max(0, row - _EDGE_LINES) : row])), "")
    after = next(filter(None, lines[row + 1 : row + 1 + _EDGE_LINES]), "")
    return bool(before) and not _is_title(before) and before[-1] != ":" and after[:1].islower()


# Patterns that begin with the line ends are searched far faster than those that begin with any character.
_WRAPPED_OVER_BLANK = re.compile(r"\n\n(?=[a-z])(?<=[^.:?!\n]\n\n)")
_SINGLE_LINE_END = re.compile(r"[^\n]\n(?!\n)")
_WRAPPED_WIDER = re.compile(r"(?<=[^.:?!\n])\n{3,}(?=[a-z])")
_SHARE_WRAPPED = 0.2
_BLANK_LINES = re.compile(r"\n\n+")


def single_space(text: str) -> str:
    r"""Close double spacing, so that a blank line divides paragraphs and nothing else.

    >>> single_space("the request\n\nis not\n\nnecessary.\n\n\n\nNext")
    'the request\nis not\nnecessary.\n\nNext'
    """
    text = text.strip("\n ")
    if "\n\n" not in text:
        return text
    n_wrapped = len(_WRAPPED_OVER_BLANK.findall(text))
    n_filled = sum(map(bool, text.split("\n")))
    if "\n\n\n" in text:
        wider = [len(run) for run in _WRAPPED_WIDER.findall(text)]
        if len(wider) > _SHARE_WRAPPED * n_filled:
            least = min(wider)
            return _BLANK_LINES.sub(lambda run: "\n" if len(run.group()) <= least else "\n\n", text)
    if n_wrapped > _SHARE_WRAPPED * n_filled or (n_wrapped and not _SINGLE_LINE_END.search(text)):
        return _BLANK_LINES.sub(lambda run: "\n" if len(run.group()) == 2 else "\n\n", text)
    return _BLANK_LINES.sub("\n\n", text)


_ENDS_SENTENCE = ".:?!"


def _is_single_spaced(lines: list[str]) -> bool:
    """Say whether each blank line stands alone and divides paragraphs: then `single_space` has no work."""
    row = 0
    try:
        while True:
            row = lines.index("", row + 1)
            above, below = lines[row - 1], lines[row + 1]
            if not above or not below or ("a" <= below[0] <= "z" and above[-1] not in _ENDS_SENTENCE):
                return False
    except (ValueError, IndexError):  # no further blank line, or only the last
        return True


_SOFT_HYPHENS = ("\x02", "\ufffe", "\u00ad")
_LAST_LETTERS = re.compile(r"[^\W\d_]+\Z")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_PART = 30
_MOST_LOOKED_UP = 200


def join_hyphens(text: str) -> str:
    r"""Close words that a line end divided; the hyphen goes where it divides syllables rather than words.

    >>> join_hyphens("treat\x02ment, treatment; self\x02directed; a bi-\nopsy; 08-07-\n2015; Non-\nMTUS")
    'treatment, treatment; self-directed; a biopsy; 08-07-2015; Non-MTUS'
    """
    for hyphen in _SOFT_HYPHENS:
        if hyphen in text:
            text = _joined(text.replace(hyphen + "\n", hyphen), hyphen)
    if text.rfind("-\n") >= 0:
        text = _joined(_HYPHEN_AT_PAGE_END.sub("-\n", text) if "-\n\n" in text else text, "-\n")
    return text


_HYPHEN_AT_PAGE_END = re.compile(r"(?<=[a-z])-\n\n(?=[a-z])")


def _joined(text: str, hyphen: str) -> str:
    pieces = []
    begin = n_looked_up = 0
    at = text.find(hyphen)
    while at >= 0:
        end = at + len(hyphen)
        if hyphen == "-\n" and not _runs_on(text[max(0, at - 1) : at], text[end : end + 2]):
            at = text.find(hyphen, end)
            continue
        before = _LAST_LETTERS.search(text, max(0, at - _LONGEST_PART), at)
        after = _FIRST_LETTERS.match(text, end, end + _LONGEST_PART)
        is_word = False
        if before and after and n_looked_up < _MOST_LOOKED_UP:
            n_looked_up += 1
            is_word = _is_one_word(before.group(), after.group(), text, end, hyphen[0])
        pieces.append(text[begin:at] if is_word else text[begin:at] + "-")
        begin = end
        at = text.find(hyphen, end)
    return "".join([*pieces, text[begin:]])


def _runs_on(before: str, after: str) -> bool:
    """Say whether a hyphen at a line end joins the lines: "bi-|opsy", "Non-|MTUS", "C5-|C6"; not "4.1-|A"."""
    return (
        before.isalnum()
        and after[:1].isalnum()
        and (not after[0].isupper() or before.isalpha() or after[1:].isdecimal())
    )


def _is_one_word(first: str, second: str, text: str, end: int, hyphen: str) -> bool:
    """Say whether two parts are syllables of a word: known whole, or neither part stands as a word."""
    if first + second in text:
        return True
    known = _lexicon_words()
    word = (first + second).lower()
    if not known.isdisjoint((word, word.removesuffix("s"))) and f"{first}-{second}".lower() not in known:
        return True
    if len(first) == 1 or first.isupper() or not second.islower() or first.lower() in _compounds():
        return False
    # A printed hyphen mostly stays: the part before it counts as a word. A soft one is no sign.
    edge = r"[\w\u00ad-]" if hyphen == "\u00ad" else r"[\w-]"
    either = re.compile(rf"(?<!{edge})(?:{first}|{second})(?!{edge})", re.IGNORECASE)
    return not (either.search(text, 0, end) or either.search(text, end + len(second)))


@cache
def _lexicon_words() -> frozenset[str]:
    """Give the words of treatments, drugs and parts of the body, "ultrasound" and the like."""
    return frozenset(word for phrase in lexicon_phrases() for word in phrase.lower().split())


@cache
def _compounds() -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("compounds.csv"))
