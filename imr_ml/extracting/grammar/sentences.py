"""The sentences of a summary and their words.

A text is read run by run, a run being what stands between white space. What a run holds, and where a
sentence may end in it, is worked out once and remembered: a text costs little more than its splitting.
"""

from __future__ import annotations

import itertools
import re
import sys
from functools import cache

from imr_ml.extracting.lexicon import Remembered, singular, spelled
from imr_ml.letter import Span
from imr_ml.resources import read_rows

# A plus or minus counts where it stands for a word: "SLR + on the left", "+ Neer", "Tinel (-)"; so does an
# arrow: "sitting 10 -> 30 min", and "Tinel -, reflexes =.".
TOKEN = re.compile(
    r"(?<![A-Za-z.])[PO]\.T\.(?![A-Za-z])|(?<![A-Za-z])(?:[Ww]/[Oo](?:[Uu][Tt])?|[Dd]/[Cc]['’]?[Dd])(?![A-Za-z])|[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?|[0-9]+(?:[+-]?[./-][0-9]+)*(?:[+-](?!>))?|[,;:()]|(?<![\w+])\+{1,4}(?![0-9+])|(?<=[A-Za-z]{2})\+{1,4}(?![\w+])|(?<=\()[-=](?=\))|(?<!\S)[-=](?=[,;.]\s|[,;.]$)|[-=]>|→|(?<![^\s(])&(?![^\s)])|(?<![^\s(])\?(?![^A-Za-z\s])"
)
_RUN_WITH_STOP = re.compile(r"(?<!\S)([^\s.?!]*[.?!]\S*)\s*")
# A stop that is followed by a space, or that lost its space ("MTUS.The").
_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=[A-Z][a-z]|[A-Z]?$)")
_LAST_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_WORD = 24
_LONGEST_ABBREVIATION = 6
_LONGEST_SENTENCE = 700
_LONGEST_PLAIN = 60
_FEWEST_HEADINGS = 3
_LONGEST_HEADING = 3
_MOST_FORMS = 2**17

# Between the words stand marks that no token is spelled like: where a sentence may end, an abbreviation
# ("no.") that ends one unless a number follows, and one ("wks.") that ends one before a label ("Plan:").
_END = "."
_UNLESS_NUMBER = "#"
_IF_LABEL = "~"
_ON_CONDITION = frozenset((_UNLESS_NUMBER, _IF_LABEL))
_MARKS = frozenset((_END, *_ON_CONDITION))


def _forms_of(run: str) -> tuple[str, ...]:
    """Give the words of a run, as the lexicons spell them, and the marks between them."""
    if run in _FULL_MOTION:
        # "No spasm, FROM, SLR (-)": full range of motion, and no preposition
        run = run.replace("FROM", "fullrom")
    if run.startswith(_TYLENOLS):
        run = "Tylenol" + run[1:]
    forms: list[str] = []
    position = 0
    for end, marks in _stops(run):
        forms += map(_form, TOKEN.findall(run, position, end))
        forms += marks
        position = end
    forms += map(_form, TOKEN.findall(run, position))
    # The same word is the same object everywhere, and most runs are words: a look-up need not compare
    # letters, and fetches less.
    return tuple(map(sys.intern, forms))


def _ends_in(run: str) -> tuple[int, ...]:
    """Give where a sentence may end within a run."""
    return tuple(end for end, _ in _stops(run))


# "US elbow: tear", but "told us".
_CASE_MATTERS = {
    "US": "ultrasound",
    "PT": "PT",
    "OT": "OT",
    "P.T.": "PT",
    "O.T.": "OT",
    "UR": "UR",
    "CURES": "CURES",
    "HAs": "headache",
    "EDS": "edx",
    # "?CRPS" and "? CRPS" are doubts, "CRPS?" may ask anything.
    "?": "possible",
}
# With codeine.
_TYLENOLS = ("T#3", "T#4")
_THERAPIES = ("PT", "P.T", "O.T")
_POSSESSIVE = frozenset(("'s", "’s"))
_FULL_MOTION = frozenset(("FROM,", "FROM.", "FROM;", "FROM)", "FROM),", "FROM)."))


def _form(token: str) -> str:
    """Give the lexicons' spelling of a token: singular, lower case, contractions undone, slips corrected."""
    if token in _CASE_MATTERS:
        return _CASE_MATTERS[token]
    if token[:2] == "UR" and token[2:] in _POSSESSIVE:
        # "UR's physician"
        return "UR"
    if token[0] == "+":
        # "Finkelstein +++"
        return "+"
    word = token.lower()
    if not word.isascii():
        word = word.replace("’", "'")
    base, apostrophe, ending = word.partition("'")
    if apostrophe and ending == "t":
        return "cannot" if base == "can" else "not"
    if apostrophe and ending != "s":
        base += ending
    base = singular(base)
    if len(base) >= _SHORTEST_CORRECTED:
        base = spelled(base)
    return _spellings().get(base, base)


# Shorter words of a summary are too often near a drug's name by chance.
_SHORTEST_CORRECTED = 7


@cache
def _spellings() -> dict[str, str]:
    return {row["written"]: row["meant"] for row in read_rows("lexicons/summary_spellings.csv")}


def _stops(run: str) -> list[tuple[int, tuple[str, ...]]]:
    """Find where a sentence may end within a run, with the marks that say on what it depends."""
    if "." not in run and "?" not in run and "!" not in run:
        return []
    found = []
    for stop in _STOP.finditer(run, run[0] == "?"):
        marks = _marks(run[: stop.start()][-_LONGEST_WORD:]) if stop[0][0] == "." else (_END,)
        if marks:
            found.append((stop.end(), marks))
    return found


def _marks(before: str) -> tuple[str, ...]:
    if len(before) >= _LONGEST_ABBREVIATION and before[-_LONGEST_ABBREVIATION:].isalpha():
        return (_END,)
    # Read backwards: searched for from the front, each letter would be tried as the first.
    found = _LAST_WORD.match(before[::-1])
    if found is None:
        return (_END,)
    written = found[0][::-1]
    if written in _CASE_MATTERS:
        # "Pt. is 40", but "12 sessions of PT. He is 40".
        return (_END,)
    word = written.lower()
    before_number, before_label, always = _abbreviations()
    if before.endswith(_THERAPIES):
        # "24 visits of PT. He smokes", but "PT. IS A MALE"
        return _IF_LABEL, _END
    if word in before_number:
        return _UNLESS_NUMBER, _END
    if word in before_label:
        return _IF_LABEL, _END
    is_dotted = before[-found.end() - 2 :].lower() in _DOTTED
    return () if word in always or is_dotted else (_END,)


_DOTTED = frozenset(("e.g", "i.e", "y.o"))


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    rows = read_rows("lexicons/abbreviations.csv")
    before_number, before_label, always = (
        frozenset(row["abbreviation"] for row in rows if row["ends"] == kind)
        for kind in ("before number", "before label", "always")
    )
    return before_number, before_label, always


_FORMS: Remembered[tuple[str, ...]] = Remembered(_forms_of, _MOST_FORMS)
_STOPS: Remembered[tuple[int, ...]] = Remembered(_ends_in, _MOST_FORMS)


def words_of(text: str) -> list[str]:
    """Give the words, numbers and clause marks of a text as the lexicons spell them.

    They are those of ``TOKEN.finditer(text)``, one by one.

    >>> words_of("The worker's pain didn't radiate: 7/10, 4-5/10.")
    ['the', 'worker', 'pain', 'not', 'radiate', ':', '7/10', ',', '4-5/10']
    """
    return [word for word in _marked_words(text) if word not in _MARKS]


def begins_with_digit(word: str) -> bool:
    """Say whether a word begins with a digit.

    >>> begins_with_digit("7/10"), begins_with_digit("pain"), begins_with_digit("")
    (True, False, False)
    """
    # Compared as numbers: comparing texts takes twice as long.
    return word != "" and 48 <= ord(word[0]) < 58


def is_year(word: str) -> bool:
    """Say whether a word is a year of this century or the last.

    >>> is_year("2014"), is_year("2140"), is_year("3/2014")
    (True, False, False)
    """
    return _YEAR.fullmatch(word) is not None


_YEAR = re.compile(r"(?:19|20)\d\d")


def _marked_words(text: str) -> list[str]:
    words: list[str] = []
    known = _FORMS.known
    for run in text.split():
        forms = known.get(run)
        if forms is None:
            forms = _FORMS.read(run)
        if len(forms) == 1:
            words.append(forms[0])
        else:
            words.extend(forms)
    return words


def _asked(text: str) -> str:
    """Let a short question that is answered at once be a heading: "Physical therapy|?| None."."""
    return _QUESTION.sub(r"\1:", text) if "?" in text else text


_QUESTION = re.compile(
    r"((?:^|(?<=[.;!?]\s))(?:[A-Za-z/-]+ ){0,3}[A-Za-z/-]+)\?"
    r"(?=\s+(?:[Nn]one|[Nn]ever|[Nn]o|[Nn]ot|[Dd]enie[sd]|[Nn]il|[Yy]es|[Tt]ried)\b)"
)


def sentence_words(text: str) -> list[list[str]]:
    """Give the words of each sentence of a text; see `split_sentences`.

    >>> sentence_words("Seen by Dr. Who. Pain is 7/10.")
    [['seen', 'by', 'dr', 'who'], ['pain', 'is', '7/10']]
    """
    words = _marked_words(_asked(text))
    words.append(_END)
    sentences = []
    first = place = 0
    last = len(words) - 1
    has_marks = False
    while first < last:
        place = words.index(_END, place)
        before = words[place - 1]
        is_mark = before in _ON_CONDITION
        if (
            place < last
            and (is_mark or before.isdigit() or words[place + 1] in _NUMBERS)
            and not _is_end(words, first, place)
        ):
            has_marks = True
        else:
            sentence = words[first:place]
            if has_marks or is_mark:
                sentence = [word for word in sentence if word not in _MARKS]
                has_marks = False
            if len(sentence) > _LONGEST_PLAIN:
                cuts = _cuts(sentence)
                sentences += [sentence[start:end] for start, end in itertools.pairwise(cuts)]
            else:
                sentences.append(sentence)
            first = place + 1
        place += 1
    return sentences


def _is_end(words: list[str], first: int, place: int) -> bool:
    """Say whether a sentence that begins at `first` ends at the mark at `place`."""
    before = words[place - 1]
    if before is _UNLESS_NUMBER:
        return not words[place + 1][0].isdigit()
    if before is _IF_LABEL:
        return words[place + 1] in _LABELS or ":" in words[place + 2 : place + 5]
    # The mark of a numbered list ends nothing.
    if before.isdigit() and (place - 1 == first or _goes_on_with(words, first, place - 1)):
        return False
    return not _goes_on_with(words, first, place + 1)


def _goes_on_with(words: list[str], first: int, place: int) -> bool:
    """Say whether a number goes on with a list of what is planned: "Plan: 1. MRI. | 2. | Brace"."""
    number = words[place]
    if number not in _NUMBERS or words[place + 1 : place + 2] != [_END] or ":" not in words[first:place]:
        return False
    colon = words.index(":", first, place)
    if words[colon - 1] not in _HEADS_PLAN or words[colon + 1] != "1":
        return False
    return number == "1" or _NUMBERS[number] in words[colon:place]


# A heading, or what begins a sentence and stands behind no abbreviation: "x 3 wks. He", "no fx. There".
_LABELS = frozenset(
    (
        *(
            "UR",
            _END,
            "he",
            "she",
            "they",
            "it",
            "there",
            "this",
            "patient",
            "worker",
            "applicant",
            "claimant",
        ),
        *("employee", "reviewer", "utilization", "also", "currently", "today", "diagnosis", "tx", "deny"),
        # What an examination turns to next: "pivot neg. ROM 0-115".
        *("rom", "sen", "sensation", "motor", "strength", "dtr", "reflex", "gait", "spasm", "grip", "slr"),
        *("no", "mri", "ct", "emg", "ncv", "eeg", "xr", "uds", "CURES", "lab", "has", "had", "us", "take"),
        *("ultrasound", "hinged", "brace", "splint", "cast", "crutch", "wear", "work", "pain", "bmi"),
    )
)
_NUMBERS = {str(number): str(number - 1) for number in range(1, 10)}
_HEADS_PLAN = frozenset(("plan", "recommendation", "request", "requested", "recommended", "rec", "rfa"))


def split_sentences(text: str) -> tuple[Span, ...]:
    """Find the sentences of a text; line breaks, wherever they fall, change nothing.

    A full stop ends a sentence unless it belongs to an abbreviation ("Dr.", "no. 3"), an initial, a
    number or the mark of a numbered list; one that lost its space ("MTUS.The") ends it too.

    Returns
    -------
    tuple of Span
        In order, without the white space between them; together they hold every other character. The first
        ones are those of which `sentence_words` gives the words; what may follow has none.

    Examples
    --------
    >>> text = "Seen by Dr. Who for 2.5 hours.Given Tylenol no. 3. Pain is 7/10."
    >>> [text[s.start : s.end] for s in split_sentences(text)]
    ['Seen by Dr. Who for 2.5 hours.', 'Given Tylenol no. 3.', 'Pain is 7/10.']
    """
    text = _asked(text)
    words = _marked_words(text)
    words.append(_END)
    spans: list[Span] = []
    first = place = 0
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for run in _RUN_WITH_STOP.finditer(text):
        for stop in _STOPS[run[1]]:
            place = words.index(_END, place)
            if _is_end(words, first, place):
                _add(spans, text, start, run.start() + stop, place - first)
                first = place + 1
                start = run.start() + stop if stop < len(run[1]) else run.end()
            place += 1
    if start < end:
        _add(spans, text, start, end, len(words) - first)
    return tuple(spans)


def _add(spans: list[Span], text: str, start: int, end: int, n_marked: int) -> None:
    """Add a sentence of so many words and marks, or the parts into which it is cut."""
    if n_marked > _LONGEST_PLAIN:
        places = [word.start() for word in TOKEN.finditer(text, start, end)]
        if len(places) > _LONGEST_PLAIN:
            for cut in _cuts(words_of(text[start:end]))[1:-1]:
                spans.append(Span(start, start + len(text[start : places[cut]].rstrip())))
                start = places[cut]
    spans.append(Span(start, end))


def _cuts(words: list[str]) -> list[int]:
    """Give where the parts of a long sentence begin, and its end.

    A chart without full stops is cut at its headings ("Diagnosis: ... Medications: ..."); nothing is longer
    than the longest sentence, so that reading stays linear.
    """
    cuts = [0]
    if words.count(":") >= _FEWEST_HEADINGS:
        headings = [
            start for place, word in enumerate(words) if word == ":" and (start := _heading(words, place))
        ]
        if len(headings) >= _FEWEST_HEADINGS:
            cuts += headings
    cuts.append(len(words))
    return [*itertools.chain.from_iterable(map(_parts, cuts, cuts[1:])), len(words)]


def _parts(start: int, end: int) -> range:
    return range(start, end, _LONGEST_SENTENCE)


def _heading(words: list[str], colon: int) -> int:
    """Give where the heading before a colon begins, 0 for none; a date may stand in between."""
    end = colon
    while end > 0 and (words[end - 1] in "()" or words[end - 1][0].isdigit()):
        end -= 1
    headings = _headings()
    starts = range(max(0, end - _LONGEST_HEADING), end)
    return next((start for start in starts if tuple(words[start:end]) in headings), 0)


@cache
def _headings() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words_of(row["heading"])) for row in read_rows("lexicons/summary_headings.csv"))
