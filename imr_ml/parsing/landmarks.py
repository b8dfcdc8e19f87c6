"""Fixed phrases of the layouts, found whatever extraction did to their spaces, case and punctuation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import numpy as np

from imr_ml.resources import read_rows

# Letters that scanners confuse count as one: i, l and 1; o and 0; s and 5; c and e; m and rn.
_FOLD = bytes(range(256)).lower().translate(bytes.maketrans(b"i105e", b"llosc"))
_DROPPED = bytes(code for code in range(256) if code > 127 or not chr(code).isalnum())
_FOLD_OR_NUL = bytes(0 if code in _DROPPED else _FOLD[code] for code in range(256))


def squeeze(text: str) -> str:
    r"""Keep the letters and digits of a text, folded, so that only the order of letters counts.

    >>> squeeze("CLINICAL  CASE\nSummary:") == squeeze("Clin ical Case Summary")
    True
    """
    return text.encode("ascii", "replace").translate(_FOLD, _DROPPED).decode()


def forms(phrase: str) -> set[str]:
    """Give the squeezed forms of a phrase: as it is, and with "rn" read as "m"."""
    return {squeeze(phrase), Squeezed(phrase).key}


def _key_and_places(text: str) -> tuple[str, np.ndarray]:
    folded = text.encode("ascii", "replace").translate(_FOLD_OR_NUL).replace(b"rn", b"m\0")
    letters = np.frombuffer(folded, np.uint8)
    places = (letters != 0).nonzero()[0]
    # Half as wide, they leave more of the processor's cache to the texts. Compiled code is quicker with text
    # than with bytes.
    return letters[places].tobytes().decode(), places.astype(np.int32)


class Squeezed:
    """A text and its squeezed form, with the way back from the one to the other.

    Parameters
    ----------
    text : str
        The cleaned text of a letter; ``flat`` is the same on one line.
    squeezed : tuple of (str, ndarray of shape (n_letters,)) or None
        Its squeezed form and the place of each letter of that, where they are known already.
    """

    def __init__(self, text: str, squeezed: tuple[str, np.ndarray] | None = None) -> None:
        key, places = squeezed or _key_and_places(text)
        self.text = text
        self.flat = text.replace("\n", " ")
        self.key = key
        self._places = places.data
        self._known: dict[int, int] = {}
        self._width = 0

    @property
    def width(self) -> int:
        """Length of full lines."""
        if not self._width:
            self._width = min(_WIDEST_LINE, max(map(len, self.text.split("\n"))))
        return self._width

    def pieces(self, kept: Sequence[tuple[int, int]]) -> Squeezed:
        """Give the text that is left of some of its pieces, one blank line at most where they meet.

        Parameters
        ----------
        kept : sequence of (int, int)
            Where the pieces begin and end in the text, in their order.
        """
        text = ""
        keys, places = [], []
        for start, end in kept:
            piece = self.text[start:end]
            bare = piece.lstrip("\n")
            if not text:
                piece = piece.lstrip("\n ")
            elif len(text) - len(text.rstrip("\n")) + len(piece) - len(bare) > _BLANK_LINE:
                text, piece = text.rstrip("\n") + "\n" * _BLANK_LINE, bare
            first, last = self.place(start), self.place(end)
            keys.append(self.key[first:last])
            places.append(np.asarray(self._places[first:last]) + (len(text) + len(piece) - end))
            text += piece
        return Squeezed(text.rstrip("\n "), ("".join(keys), np.concatenate(places)))

    def start(self, place: int) -> int:
        """Give where in the text a place of the key begins."""
        return self._places[place] if place < len(self.key) else len(self.text)

    def end(self, place: int) -> int:
        """Give where in the text the part of the key before a place ends."""
        return self._places[place - 1] + 1 if place else 0

    def place(self, offset: int) -> int:
        """Give the first place of the key that is not before an offset of the text."""
        known = self._known.get(offset)
        if known is None:
            known = self._known[offset] = bisect_left(self._places, offset)
        return known

    def words(self, start: int, end: int) -> str:
        """Give a part of the text on one line."""
        part = self.flat[start:end]
        return " ".join(part.split()) if part.rfind("  ") >= 0 else part.strip()  # far quicker than `in`

    def find_all(
        self, phrases: Sequence[str], start: int = 0, end: int | None = None
    ) -> list[tuple[int, int]]:
        """Give the places of phrases, each as start and end in the key, in no order across phrases."""
        key, found = self.key, []
        end = len(key) if end is None else end
        for core, _, members in _by_core(phrases):
            cores = []
            at = key.find(core, start, end)
            while at >= 0:
                cores.append(at)
                at = key.find(core, at + 1, end)
            for phrase, lead in members if cores else ():
                free = start
                for at in cores:
                    begin, after = at - lead, at - lead + len(phrase)
                    # Compiled, a slice costs a third of `startswith`.
                    if free <= begin and after <= end and key[begin:after] == phrase:
                        free = after
                        found.append((begin, after))
        return found

    def find_first(
        self, phrases: Sequence[str], start: int = 0, end: int | None = None
    ) -> tuple[int, int] | None:
        """Give the first place of any of the phrases, the longest where several begin there."""
        key = self.key
        end = len(key) if end is None else end
        best: tuple[int, int] | None = None
        for core, reach, members in _by_core(phrases):
            first = key.find(core, start, end)
            if first < 0:
                continue
            first = max(start, first - reach)
            for phrase, _ in members:
                at = key.find(phrase, first, end if best is None else min(end, best[0] + len(phrase)))
                if at >= 0 and (best is None or (at, -len(phrase)) < (best[0], best[0] - best[1])):
                    best = at, at + len(phrase)
        return best

    def holds(self, phrases: Sequence[str]) -> bool:
        """Say whether any of the phrases stands anywhere."""
        key = self.key
        for core, _, members in _by_core(phrases):
            at = key.find(core)
            while at >= 0:
                if any(at >= lead and key.startswith(phrase, at - lead) for phrase, lead in members):
                    return True
                at = key.find(core, at + 1)
        return False

    def stands_free(self, place: int) -> bool:
        """Say whether a place begins a line or follows the end of a sentence, as a heading does."""
        at = self.start(place)
        before = self.text[max(0, at - _LOOK_BACK) : at]
        bare = before.rstrip(_LOOSE)
        if not bare or bare[-1] in _ENDS:
            return True
        return before.rstrip().endswith((".", ")")) and _NUMBER.search(before) is not None

    def begins_line(self, place: int) -> bool:
        """Say whether a place is the first of its line."""
        at = self.start(place)
        return at == 0 or self.text[at - 1] == "\n"

    def begins_word(self, place: int) -> bool:
        """Say whether no letter stands right before a place."""
        at = self.start(place)
        return at == 0 or not self.text[at - 1].isalpha()

    def find_heading(
        self, phrases: Sequence[str], start: int = 0, end: int | None = None
    ) -> tuple[int, int] | None:
        """Give the first place where a phrase stands as a heading does, or is all in capitals."""
        key = self.key
        end = len(key) if end is None else end
        for phrase in phrases:
            at = key.find(phrase, start, end)
            while at >= 0:
                after = at + len(phrase)
                if self._is_heading(at, after):
                    return at, after
                at = key.find(phrase, after, end)
        return None

    def has_heading(self, phrase: str) -> bool:
        """Say whether a phrase stands as a heading anywhere."""
        at = self.key.find(phrase)
        while at >= 0:
            if self.begins_line(at) or self._is_heading(at, at + len(phrase)):
                return True
            at = self.key.find(phrase, at + len(phrase))
        return False

    def _is_heading(self, begin: int, end: int) -> bool:
        return self.stands_free(begin) or self.text[self.start(begin) : self.end(end)].isupper()


_WIDEST_LINE = 110
_BLANK_LINE = 2
_LOOSE = " \t•*-–_#\"'([0123456789)]"
_ENDS = "\n.:;!?"
_NUMBER = re.compile(r"(?:^|[^\w#/.-])\(?\d{1,2}[.)]\s*\Z")
_LOOK_BACK = 40


@cache
def landmarks(part: str, layout: str, kind: str = "") -> tuple[str, ...]:
    """Give the squeezed phrases of a part in a layout, the longest first; all kinds unless one is named."""
    found = {
        form
        for row in read_rows("layouts/landmarks.csv")
        if row["part"] == part and row["layout"] in (layout, "*") and row["kind"] in (kind or row["kind"],)
        for form in forms(row["phrase"])
    }
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


@cache
def parts(layout: str, kind: str) -> tuple[str, ...]:
    """Name the parts of a layout that are found by landmarks of a kind."""
    rows = read_rows("layouts/landmarks.csv")
    return tuple(
        dict.fromkeys(row["part"] for row in rows if row["layout"] in (layout, "*") and row["kind"] == kind)
    )


@cache
def layouts() -> dict[str, tuple[tuple[str, str], ...]]:
    """Give, by layout, the marks that tell it: as printed, and squeezed."""
    marks: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("layouts/landmarks.csv"):
        if row["part"] == "mark":
            marks.setdefault(row["layout"], []).append((row["phrase"], Squeezed(row["phrase"]).key))
    return {layout: tuple(phrases) for layout, phrases in marks.items()}


_SHORTEST_CORE = 5
_LONGEST_CORE = 12


@cache
def _by_core(phrases: tuple[str, ...]) -> tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]:
    """Group phrases by what they share: where that is not found, none of them need be looked for.

    Each group has its core, the most letters that stand before the core, and its phrases with the letters
    that stand before the core in each.
    """
    groups = []
    left = list(phrases)
    while left:
        cores = {
            left[0][begin:end]
            for begin in range(len(left[0]))
            for end in range(begin + _SHORTEST_CORE, min(begin + _LONGEST_CORE, len(left[0])) + 1)
        }
        core = max(
            cores or {left[0]},
            key=lambda core: (sum(core in phrase for phrase in left), len(core), core),
        )
        members = tuple((phrase, phrase.find(core)) for phrase in left if core in phrase)
        groups.append((core, max(lead for _, lead in members), members))
        left = [phrase for phrase in left if core not in phrase]
    return tuple(groups)
