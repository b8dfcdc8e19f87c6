"""How much a request asks for: units, refills, visits, days.

Every function here reads a request as `plain_numbers` gives it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from imr_ml.extracting.lexicon import Remembered, fold
from imr_ml.resources import read_rows

_WEEKS_PER_MONTH = 4
_WEEKS_PER = {"week": 1, "mont": _WEEKS_PER_MONTH, "year": 12 * _WEEKS_PER_MONTH}


@cache
def _digits() -> dict[str, str]:
    return {row["word"]: row["digits"] for row in read_rows("lexicons/numbers.csv")}


# "Qty thirty, one tab daily" may lack its comma.
_ONE_AT_A_TIME = r"one (?:tab(?:let)?|cap(?:sule)?|pill|patch|po|by)\b"


@cache
def _spelled_out() -> re.Pattern[str]:
    """Give the pattern of numbers that words beside them make: "one hundred and twenty", "single visit"."""
    english = [row for row in read_rows("lexicons/numbers.csv") if row["source"] != "Spanish"]
    known = [(row["word"], int(row["digits"])) for row in english if row["digits"].isdigit()]
    ones = "|".join([word for word, number in known if 0 < number < 10])
    tens = "|".join([word for word, number in known if number >= 20 and not number % 10])
    teens = "|".join([word for word, number in known if 10 <= number < 20 and word != "dozen"])
    below_hundred = rf"(?:{tens})(?:[ -](?:{ones}))?|{teens}|{ones}"
    return re.compile(
        rf"(?<![a-z\d.-])(?:(?:(?P<hundreds>{ones}|[1-9]|an?)[ -]?)?hundred"
        rf"(?:[ -](?:and[ -])?(?P<rest>{below_hundred}))?"
        rf"|(?P<tens>{tens}) (?!{_ONE_AT_A_TIME})(?P<ones>{ones})"
        # "a single therapy session"; not "single level injection"
        rf"|(?P<one>single)(?=(?: [a-z]{{1,20}}){{0,2}} {_VISITS}\b))(?![a-z])",
        re.IGNORECASE,
    )


def _in_digits(match: re.Match[str]) -> str:
    if match["one"]:
        return "1"
    if match["tens"]:
        return str(_value(match["tens"]) + _value(match["ones"]))
    rest = sum([_value(word) for word in re.split("[ -]", match["rest"] or "")])
    return str(100 * (_value(match["hundreds"] or "a") or 1) + rest)


def _value(word: str) -> int:
    return int(word) if word.isdigit() else int(_digits().get(word.lower(), 0))


_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
# What a number of several words has, at the end of a run at the latest.
_SEVERAL_WORDS = re.compile(r"hundred|^single$|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)$")
_GLUED = re.compile(r"[A-Za-z]{2}\d|[A-Za-z]\.\d")
_UP_TO = r"(?:-|–|to|or)"
_UNIT_OF_TIMES = r"(?:times?|x|weeks?|wks?|months?)"
# What a number is of: "3 times", "4 weeks", "2/wk".
_COUNTABLE = re.compile(
    r" ?(?:(?:x|times?|visits?|sessions?|treatments?|weeks?|wks?|days?|months?|refills?|per)(?![a-z])"
    r"|/ ?(?:w(?:k|eek)?|mo(?:nth)?|day)?(?![a-z]))"
)
_STRENGTH = re.compile(r"[./]\d| ?(?:mg|mcg|g|gm|%)")
_RANGE = re.compile(rf"(?<![\d.#/-])\d{{1,3}} ?{_UP_TO} ?(\d{{1,3}})(?!\d|[-–]\d)")
# "(2)", "[2-3]", "(2x)"
_DIGITS = re.compile(r"\d+")
_BRACKETED_NUMBER = re.compile(rf"[(\[] ?(\d{{1,4}}(?: ?{_UP_TO} ?\d{{1,3}})?)( ?{_UNIT_OF_TIMES})? ?[)\]]")
_NUMBER_BEFORE = re.compile(rf"(?<!\w)(\d{{1,4}}(?: ?{_UP_TO} ?\d{{1,3}})?)( {_UNIT_OF_TIMES})? ?$")

_FEWEST_PIECES = 20
_ENDS = re.compile(r"$|[,;.]")


def _upper_end(match: re.Match[str]) -> str:
    """Give the upper end of a range of times: "2-3 times", "x 4-6"; leave "x 10-325mg"."""
    text = match.string
    is_counted = _COUNTABLE.match(text, match.end()) is not None
    if is_counted or (_is_behind_times(text, match.start()) and not _STRENGTH.match(text, match.end())):
        return match[1]
    return match[0]


def _without_brackets(match: re.Match[str]) -> str:
    """Take away a number in brackets that repeats another, and brackets around the only one."""
    text, number, has_unit = match.string, match[1], match[2] is not None
    before = _NUMBER_BEFORE.search(text, max(0, match.start() - 24), match.start())
    may_repeat = before is not None and (has_unit or not before[2])
    if before and may_repeat and _DIGITS.findall(before[1]) == _DIGITS.findall(number):
        # "Norco sixty (60)": so many are no weeks, and the brackets show that they are a count.
        is_count = number.isdigit() and int(number) >= _FEWEST_PIECES and _ENDS.match(text, match.end())
        return match[0] if is_count else ""
    if not has_unit and (_COUNTABLE.match(text, match.end()) or _is_behind_times(text, match.start())):
        return number
    return match[0]


def _is_behind_times(text: str, place: int) -> bool:
    before = text[max(0, place - 7) : place].rstrip()
    return before.endswith(" times") or (before.endswith("x") and not before[-2:-1].isalpha())


def plain_numbers(text: str) -> str:
    """Write the numbers of a text as digits, a range as its upper end, in lower case on one line.

    >>> plain_numbers("Eight (8) sessions, two to three times a week, twice")
    '8 sessions, 3 times a week, 2 times'
    >>> plain_numbers("one hundred and twenty (120) tablets")
    '120 tablets'
    """
    return plain_and_clues(text)[0]


def plain_and_clues(text: str) -> tuple[str, int]:
    """Give a text as `plain_numbers` does, and its clues: what it may say at all, as bits of `CLUE`."""
    runs = [_RUNS[run] for run in text.split()]
    plain = " ".join([run.plain for run in runs])
    clues = 0
    for run in runs:
        clues |= run.clues
    if clues & _IN_WORDS:
        text, count = _spelled_out().subn(_in_digits, " ".join(text.split()))
        if count:
            return plain_and_clues(text)
    if clues & _A_NUMBER:
        if "(" in plain or "[" in plain:
            plain = " ".join(_BRACKETED_NUMBER.sub(_without_brackets, plain).split()).replace(" ,", ",")
        if clues & _A_RANGE:
            plain = _RANGE.sub(_upper_end, plain)
    return plain, clues


_UNIT = r"""(?:tablets?|tabs?|capsules?|caps?|pills?|patch(?:es)?|grams?|gr?ms?|gr|g|ml|oz|ounces?|units?
    |box(?:es)?|tubes?|bottles?|vials?|pads?|each|ea|pairs?|kits?|lozenges?|suppositor(?:y|ies)|count|pens?
    |syringes?|inhalers?|films?|packs?|packets?|sachets?|ampules?|troches?|jars?|ct(?!\ (?:scan|of))
    |tubos?|tabletas?|pastillas?|capsulas?)"""
_VISITS = r"(?:sessions?|visits?|treatments?|appointments?|encounters?|adjustments?|sesion(?:es)?|visitas?)"
_DAYS = {"day": 1, "dia": 1, "week": 7, "wk": 7, "semana": 7, "month": 30, "mes": 30, "year": 365}
# A number behind, in brackets or in the next run.
_NUMBER_NEXT = r"(?: ?[\d#(\[]|$)"
# What some run of a text has, where the text says anything of the kind. A run is read with its numbers as
# digits, but before brackets and ranges are written out.
_CLUES = {
    "number": r"\d",
    "range": rf"(?:^|[\d)\]] ?){_UP_TO}(?: ?[\d(\[]|$)",
    "refill": r"fill|rf|\brefs?\b|resurtid",
    "dose": r"(?:^|[\d ])(?:m[gc]|milligram|microgram|μg|ug|meq|iu|%|percent|g(?:m|rams?)?\b)",
    "level": r"(?<![a-z0-9])[ctls](?: ?\d|$)",
    "length": rf"(?<![a-z])(?:{'|'.join(_DAYS)})",
    "visit": _VISITS,
    "week": "week|wk|semana",
    "month": "(?<![a-wyz])mo|(?<![a-z])mes",
    "x": "[x×*]",
    "time": r"\b(?:time|veces|vez)\b",
    "w": rf"(?<![a-z])w(?:ks?)?{_NUMBER_NEXT}",
    "gap": r"every|\bq|alternat",
    # Ways of counting units:
    "counted": r"#|no\.",
    "named": "quantity|qty|count|disp|cantidad",
    "measured": rf"(?<![a-z])(?x:{_UNIT})\b",
    "containers": rf"x{_NUMBER_NEXT}|tubes|bottles|jars",
    "boxed": "box|bottle|pack|bag",
    "bare": rf"(?:\b(?:x|times)|mg,?|,){_NUMBER_NEXT}",
    "listed": r"[,;(\[]",
    "multiplied": rf"\b(?:x|times|of){_NUMBER_NEXT}",
    "injections": "injection",
    "granted": "modified|reduced|certified|approved|authorized",
}
CLUE = {name: 1 << place for place, name in enumerate(_CLUES)}
"""The bit of each clue."""

_A_NUMBER = CLUE["number"]
_A_RANGE = CLUE["range"]
_A_VISIT = CLUE["visit"]
_A_GAP = CLUE["gap"]
_IN_WORDS = 1 << len(_CLUES)
A_GLUED_NUMBER = _IN_WORDS << 1
"""The clue of a number without a space before it."""
_CLUE_PATTERNS = tuple([(CLUE[name], re.compile(pattern)) for name, pattern in _CLUES.items()])


class _Run:
    """A run in lower case with its numbers as digits, and the bits of its clues."""

    __slots__ = ("clues", "plain")

    def __init__(self, run: str) -> None:
        # "DOS 4/3/14" is a date of service, not the Spanish two.
        digits = {} if "DOS" in run else _digits()
        folded = fold(run)
        self.plain = _WORD.sub(lambda match: digits.get(match[0], match[0]), folded)
        self.clues = sum([bit for bit, pattern in _CLUE_PATTERNS if pattern.search(self.plain)])
        if _SEVERAL_WORDS.search(folded):
            self.clues |= _IN_WORDS
        if _GLUED.search(run):
            self.clues |= A_GLUED_NUMBER


_RUNS: Remembered[_Run] = Remembered(_Run)


# --- units and refills ---------------------------------------------------------------------------------

_AMOUNT = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?|\d{1,6}(?:\.\d{1,3})?)"
_NOT_DAYS = r"(?!\d|\.\d| ?-? ?days?\b(?! ?supply ?[:\d]))"
# How a dose is taken: "1 tablet by mouth", "2 tabs q6h", "1 patch daily".
_DIRECTION = r"""(?:by|per(?!\ month|\ \d\d\ days)|po|p\.o|every|each|daily|a\ day|at|q\d|q\.|q[a-z]{1,3}\b
    |in\ the|orally
    |\d(?!\d?\ ?(?:refill|rf|repeat))|/|x\ ?\d|times|nightly|bid|b\.i\.d|tid
    |to\ affected|to\ the|with\ food|as\ needed|prn)"""

_BULK = r"(?:grams?|gr?ms?|g|ml|oz)"
_CONTAINER = r"(?:tube|bottle|jar)"
# "#90", "# 1 box", "#90 refills: 2"; not "#30 day supply", "#2 refills", "#100gm x 3 tubes"
_COUNTED = re.compile(
    rf"(?:#|\bno\.) ?{_AMOUNT}{_NOT_DAYS}(?! ?refills?\b(?! ?[x#:=]| ?(?:times )?\d))"
    rf"(?! ?-?{_BULK}(?: {_CONTAINER}s?)? ?x ?\d)"
)
# "#60| x 2 QTY 120", "#30| tablets x 3 boxes"; not "#60| x 2 refills"
_AGAIN = re.compile(
    r" ?(?:tab(?:let)?s?|cap(?:sule)?s?|pills?|patch(?:es)?)?,? ?\(?(?:x|times) ?(\d|1[0-2])"
    r"(?: (?P<packages>bottles?|box(?:es)?|packs?|packages?)\b)?"
    r"(?=\)?(?:$|[,;.)](?!\d)| ?\(?(?:qty|quantity|total)\b| ?=))"
)
# "QTY 120", "(total 120)", "= 120"
_IN_ALL = re.compile(
    rf"[ ,;()]{{0,3}}(?:\b(?:qty|quantity|total)\b[.:]?|=)"
    rf"(?: (?:of|is|qty|quantity):?)? ?#?{_AMOUNT}{_NOT_DAYS}"
)
# "2 bottles of 100", "3 boxes (30 patches each)"; not "2 bottles of 120 ml"
_PACKED = re.compile(
    r"(?<![\d./-])(\d{1,2}) (?:box(?:es)?|bottles?|packs?|packages?|bags?),? ?(?:of |\()#?"
    rf"{_AMOUNT}\b(?!\.\d| ?-?(?:{_BULK}|m[cg]g?)\b| ?(?:%|percent))"
)
# "quantity 90", "qty: 60.00", "quantity of 90", "dispense 60"
_NAMED = re.compile(
    rf"\b(?:quantity|qty|count|dispensed?|disp|cantidad)\.? ?(?:of|is|=|:|de)? ?#?{_AMOUNT}{_NOT_DAYS}"
)
# "60 tablets", "120 grams", "(90 count)"; not "1 tab by mouth", "25mg/ml", "1 gm #60", "1 gm IV", nor
# "stimulator 4 unit", a model
_INTO = r"(?:im|iv|ivpb|sq|sc|subq|intramuscular(?:ly)?|intravenous(?:ly)?|subcutaneous(?:ly)?)"
_MEASURED = re.compile(
    rf"(?<![\d./-])(?![2-9][ ]unit\b|\d{{1,2}}(?:\.\d)?[ ]?(?:gm?|grams?)[ ]{_INTO}\b)"
    rf"{_AMOUNT}[ ]?-?[ ]?{_UNIT}\b(?![ ]?{_DIRECTION})",
    re.VERBOSE,
)
# "100gm x 3 tubes", "100g tube x 3", "50 g tube, 2 tubes", "2 50 g tubes"
_CONTAINERS = re.compile(
    rf"\d ?-?{_BULK}(?: {_CONTAINER}s?)?"
    rf"(?: ?x ?(\d{{1,2}})\b(?! ?(?:days?|weeks?|months?))|,? \(?(\d{{1,2}}) {_CONTAINER}s\b)"
    rf"|(?<![\d./#-])(\d{{1,2}}) (?:(?:x )?\d{{1,3}} ?-?{_BULK} {_CONTAINER}s\b"
    rf"|{_CONTAINER}s,? \d{{1,3}} ?{_BULK}\b)"
)
# "box of 30", "1 box (30)"
_BOXED = re.compile(rf"\b(?:box|bottle|pack|package|bag) (?:of |\()#?{_AMOUNT}\b")
# "10/325mg x 60", "550mg, 60, 1 refill"; not "x 2 months"
_BARE = re.compile(
    r"(?:\b(?:x|times) ?|mg,? |, )(?:(\d{2,3})(?=$|,(?! \d)| (?:with|w/))"
    r"|(\d{1,3})(?=,? (?:with )?(?:no|without|\d{1,2}) (?:additional |more )?(?:refill|rf)))"
)
# "qhs (30)"; not "(2) daily"
_BRACKETED = re.compile(r"[(\[] ?(\d{1,4}) ?[)\]](?=$|[,;.]| (?:with|w/|and|no|\d{1,2} (?:refill|rf))\b)")
# "5 weekly injections"; not "Synvisc One injection"
_INJECTIONS = re.compile(
    r"(?<![\d./a-z-])(\d{1,2}) (?:weekly |monthly |more |consecutive )?injections\b"
    r"(?! (?:per|a|each|every|weekly|times)\b)"
)
# "x2", "times 1", "series of 3"; not "x 3 months"
_MULTIPLIED = re.compile(
    rf"(?:\bx|\btimes|\bseries of) ?{_AMOUNT}\b"
    r"(?! ?(?:days?|weeks?|wks?|months?|years?|hours?|minutes?|refills?|/))"
)
# "1 knee scooter", "2 lumbar injections"; not "3 phase bone scan", "2 level fusion"
_LEADING = re.compile(
    r"^(?:(?:retro|pro)(?:spective)?:? (?:request )?(?:for )?)?(\d{1,2}) (?=[a-z]{3})"
    r"(?!times|days?|weeks?|months?|hours?|phase|views?|levels?|points?|wheel|year|part|stage|step|inch|tesla|panel|lead|channel)"
)
# "NCV of the lower extremities, 2", "injections (4)"
_TRAILING = re.compile(r"[,;] ?(\d{1,2})$|\((\d{1,2})\)")


# "ESI #2", "block no. 3 at L4-5"; not "#12", nor "#1", which is one in either sense
_NTH = re.compile(r"(?:#|\bno\.) ?[2-9]\b(?![.,]\d)")


def without_ordinal(request: str) -> str:
    """Take out which of a series one injection is.

    >>> without_ordinal("repeat lumbar esi #2 at l4-5")
    'repeat lumbar esi  at l4-5'
    """
    return _NTH.sub("", request, count=1)


# "tooth #19", "teeth 14 and 15", "crown #3"
_TEETH = re.compile(
    r"(?:\b(?:tooth|teeth)(?: ?(?:no\.|numbers?|#))? ?#?|#) ?\d{1,2}\b"
    r"(?:(?: ?(?:,|-|&|,? ?and|through|to) ?)#?\d{1,2}\b)*"
)


def without_teeth(request: str) -> str:
    """Take the numbers of teeth out of a dental request: they count nothing.

    >>> without_teeth("root canal #19, crown for teeth #14 and #15, x 2")
    'root canal , crown for , x 2'
    """
    return _TEETH.sub("", request)


def find_quantity(
    request: str, *, is_drug: bool, skip: tuple[tuple[int, int], ...] = (), clues: int | None = None
) -> float | None:
    """Give the number of units that a request asks for.

    Parameters
    ----------
    request : str
    is_drug : bool
        Drugs are counted by "#90", "quantity 90" and "120 grams"; other things also by "x2" and a number
        in front. What counts is one fill, as it is with refills: "#60 x 2" is 60 unless the total is told,
        "2 bottles of 100" are 200. Where tubes or bottles of a weight are counted, they are the units ("121
        gm #2" are two); else the weight is, in the unit that is printed.
    skip : tuple of (int, int)
        Places that belong to a name ("Tylenol #3").
    clues : int or None
        Of the request, where they are known.

    Examples
    --------
    >>> find_quantity("norco 10/325mg #120", is_drug=True), find_quantity("#60 x 2 qty 120", is_drug=True)
    (120.0, 120.0)
    >>> find_quantity("gel 100 gm x 2 tubes", is_drug=True), find_quantity("gel 100 gm", is_drug=True)
    (2.0, 100.0)
    >>> find_quantity("1 tablet by mouth every 6 hours", is_drug=True)
    """
    match = _find_count(request, is_drug, skip, clues)
    if match is None:
        return None
    return _units(request, match) if is_drug else _number_in(match)


def _find_count(
    request: str, is_drug: bool, skip: tuple[tuple[int, int], ...], clues: int | None
) -> re.Match[str] | None:
    if clues is None:
        clues = plain_and_clues(request)[1]
    for clue, pattern in _OF_DRUGS if is_drug else _OF_OTHERS:
        match = pattern.search(request) if clues & clue else None
        while match:
            if not any(start < match.end() and match.start() < end for start, end in skip):
                return match
            match = pattern.search(request, match.end())
    return None


# "106.32gm", "60 ml": measured out, while tablets and tubes are counted.
_MEASURE = re.compile(r" ?-? ?(?:(g)(?:rams?|r?ms?|r)?|(ml)|(oz|ounces?))\b")


def find_measure(request: str, quantity: float, *, is_drug: bool) -> str | None:
    """Give in what a quantity is measured, ``g``, ``ml`` or ``oz``; None where units are counted.

    Parameters
    ----------
    request : str
    quantity : float
        As `find_quantity` gives it.
    is_drug : bool

    Examples
    --------
    >>> find_measure("diclofenac 1% 100 gm", 100.0, is_drug=True)
    'g'
    >>> find_measure("diclofenac 1% 100 gm x 3 tubes", 3.0, is_drug=True)
    """
    match = _find_count(request, is_drug, (), None)
    if match is None or _number_in(match) != quantity:
        return None
    measure = _MEASURE.match(request, match.end(match.lastindex or 0))
    if measure is None:
        return None
    return "g" if measure[1] else "ml" if measure[2] else "oz"


def _number_in(match: re.Match[str]) -> float:
    return float(match[match.lastindex or 0].replace(",", ""))


def _units(request: str, match: re.Match[str]) -> float:
    """Give the units of a drug that a count means, with the packages or the total told beside it."""
    number = _number_in(match)
    if match.re is _PACKED:
        return int(match[1]) * number
    if match.end() == len(request) or (match.re is not _COUNTED and match.re is not _NAMED):
        return number
    again = _AGAIN.match(request, match.end())
    if again is None:
        return number
    in_all = _IN_ALL.match(request, again.end())
    if in_all:
        return _number_in(in_all)
    return number * int(again[1]) if again["packages"] else number


# Each way of counting with its clue, without which it need not be looked for.
_OF_DRUGS = (
    (CLUE["boxed"], _PACKED),
    (CLUE["counted"], _COUNTED),
    (CLUE["named"], _NAMED),
    (CLUE["containers"], _CONTAINERS),
    (CLUE["boxed"], _BOXED),
    (CLUE["measured"], _MEASURED),
    (CLUE["bare"], _BARE),
    (CLUE["listed"], _BRACKETED),
)
_OF_OTHERS = (
    (CLUE["counted"], _COUNTED),
    (CLUE["named"], _NAMED),
    (CLUE["measured"], _MEASURED),
    (CLUE["multiplied"], _MULTIPLIED),
    (CLUE["injections"], _INJECTIONS),
    (CLUE["number"], _LEADING),
    (CLUE["listed"], _TRAILING),
)


_REFILL = r"(?:refill(?:s|ed|\(s\))?|rfs?|rfls?)\.?"
# Of "ref" a number must say that it counts: "ref x 1", "ref: 2".
_REF = r"refs?\.?(?=\ ?(?:x|\#|:|=))"
_REFILLS = re.compile(
    rf"""\b(?:{_REFILL}|{_REF})\ ?(?:x|\#|:|=|times|of|-|\()\ ?(?:x|\#|:)?\ ?(?P<after>\d{{1,2}}|none|zero)\b
    |   (?:(?<![\#\d./])|(?<=\bw/))(?:\bx\ ?|\b)
        (?P<before>\d{{1,2}}|an?(?=\ (?:additional\ )?refill\b)|no|without|zero|sin)[\ -]?
        (?:additional\ |monthly\ |more\ )?(?:{_REFILL}|repeats|resurtidos?)(?![a-z\d])(?!\ ?[x\#:=]|\ \d)
    |   \b{_REFILL}\ ?(?P<bare>\d{{1,2}})\b(?!\ ?(?:/|levels?))""",
    re.VERBOSE,
)

_MOST_REFILLS = 12


def find_refills(request: str) -> int | None:
    """Give the number of refills, 0 where the request says none.

    >>> find_refills("ibuprofen 600mg #90 with 2 refills"), find_refills("norco, no refills")
    (2, 0)
    """
    match = _REFILLS.search(request)
    if match is None:
        return None
    number = match["before"] or match["after"] or match["bare"]
    if not number.isdigit():
        return int(number in ("a", "an"))
    # "Norco refill #90" is filled again, with ninety.
    return int(number) if int(number) <= _MOST_REFILLS else None


# --- visits --------------------------------------------------------------------------------------------

_EACH = r"(?:\ ?/\ ?|\ (?:per|a|an|each|every|por|cada|in\ a|a\ la|al)\ |\ x\ )"

# One way of writing for each thing, where the text has the clue: "2x/wk x 6wks" becomes "2 times weekly times
# 6 weeks". A digit is searched for sooner than every place that has one before it.
_ONE_WAY = tuple(
    (CLUE[clue], re.compile(pattern), plain)
    for clue, pattern, plain in (
        ("w", r"(\d) ?w(?:ks?)? ?(?=\d)", r"\1 times weekly for "),
        ("x", r"(\d) ?[x×*] ?(?=\d)", r"\1 times "),
        ("x", r"(\d) ?x(?=[\s,/w]|a\b|$)", r"\1 times"),
        ("x", r"\bx ?(?=\d)", "times "),
        ("time", r"\b(?:time|veces|vez)\b", "times"),
        ("week", rf"{_EACH}(?:week|wk|semana)\b", " weekly"),
        ("week", r"\btimes ?(?:week|wk)\b", "times weekly"),
        ("week", r"(\d) ?-? ?(?:weeks?|wks?|semanas?)\b", r"\1 weeks"),
        ("month", rf"{_EACH}(?:month|mo|mes)\b", " monthly"),
        ("month", r"\btimes ?(?:month|mo)\b", "times monthly"),
        ("month", r"(\d) ?-? ?(?:months?|mos?|mes(?:es)?)\b", r"\1 months"),
    )
)
_BETWEEN = r"(?:for|times|over|during|por|up to|the next|a period of|at|a total of)"
_LINK = rf"(?:[ ,;/]{{1,2}}{_BETWEEN}){{0,3}}[ ,;/]{{1,2}}"
_NO_TIME = r"(?! ?(?:times|weekly|weeks?|wks?|monthly|months?|days?|hours?|hrs?|minutes?|mins?|mg|x)\b)"

# "8 physical therapy sessions", "18 sessions"; not "2 sessions weekly", "level 4 visit", "after 4 visits"
_TOTAL = re.compile(
    rf"(?<![\d./a-z-])(?<!level )(?<!after )(?!1 {_VISITS} (?:every|q))"
    rf"(\d{{1,3}}){_NO_TIME}(?: [a-z&/'()-]{{1,20}}){{0,5}}? {_VISITS}\b"
    r"(?! (?:weekly|monthly|times \d))"
)
_JOINED = re.compile(r" (?:and|with|plus|&) ")
_AFTER_THING = re.compile(r"(?:times|#|qty:?|quantity) ?$")
# "sessions #6", "visits: 12", "visits times 12"
_TOTAL_AFTER = re.compile(rf"{_VISITS} ?(?:times|#|:|=|qty:?|\() ?#?(\d{{1,3}})\b{_NO_TIME}")
# "total of 12", "12 total"
_TOTAL_NAMED = re.compile(r"\btotal(?:ing)?(?: of)?:? (\d{1,3})\b|\b(\d{1,3}) (?:in )?total\b")
# "2 times weekly for 6 weeks", "3 weekly times 2"
_RATE = re.compile(
    rf"(?<![\d./-])(?P<rate>\d{{1,2}})(?: (?:times|days?|{_VISITS}))? (?P<unit>weekly|monthly){_LINK}"
    rf"(?P<length>\d{{1,2}})(?: (?P<span>weeks|months))?\b(?! ?(?:minutes?|hours?|days?|{_VISITS}))"
)
# "6 weeks, 2 times weekly"
_RATE_AFTER = re.compile(
    rf"\b(?P<length>\d{{1,2}}) (?P<span>weeks|months){_LINK}(?P<rate>\d{{1,2}})"
    rf"(?: (?:times|{_VISITS}))? (?P<unit>weekly|monthly)\b"
)
# "2 times 6", "1 times 8 weeks"
_BY = re.compile(
    r"(?<![\d./-])(?P<rate>\d{1,2}) times (?P<length>\d{1,2})(?: weeks)?\b(?![./]| (?:months|days?|hours?))"
)
# "2 times/6 weeks" for a rate a week; not "1 times/6 weeks", one visit in six
_SLASHED = re.compile(r"(?<![\d./-])(?P<rate>[2-5]) times ?/ ?(?P<length>\d{1,2}) weeks\b")
# "daily times 10 days", "2 times a day for 5 days"; not "4 hours a day for 10 days"
_DAILY = re.compile(
    r"(?:(?<![\d./-])(?P<rate>\d) times ?)?(?<!hours )(?<!hrs )(?<!hour )(?<!minutes )\b"
    r"(?:daily|(?:a|per|each|every) day)(?: [a-z][a-z/-]*){0,4}?,? (?:for|times|over) (?:the next )?"
    r"(?P<length>\d{1,2}) days\b"
)
_OFTEN = r"(?<!\d )(?<!times )(?<!hours )(?<!hrs )\b(?P<unit>weekly|monthly)"
# "weekly for 6 weeks", "weekly psychotherapy for 3 months"; not "20 hours weekly for 6 weeks"
_WEEKLY = re.compile(
    rf"{_OFTEN}(?: [a-z][a-z/-]*){{0,6}}?,? (?:for|times) (?:the next )?"
    r"(?P<length>\d{1,2})(?: (?P<span>weeks|months))?\b(?! ?(?:minutes?|hours?|days?))"
)
# "weekly, 6 months"
_WEEKLY_LISTED = re.compile(rf"{_OFTEN}, (?P<length>\d{{1,2}}) (?P<span>weeks|months)\b")
# "6 of 12 requested visits": the rest is not in dispute.
_OF_ALL = re.compile(
    rf"\b(\d{{1,3}}) (?:out )?of (?:the )?(\d{{1,3}})(?=(?: [a-z][a-z/-]*){{0,4}}? {_VISITS}\b)"
)
# "4 visits of acupuncture a month for 3 months", "1 session of massage weekly for 6 weeks"
_SPREAD = re.compile(
    rf"(?<![\d./-])(\d{{1,2}}) ({_VISITS}) (?:of|for)(?: [a-z/&'-]+){{1,5}}?"
    rf"(?:({_EACH}(?:week|wk|month|mo|semana|mes)\b)|( (?:weekly|monthly)\b))"
    r"(?=[ ,;]{1,2}(?:(?:for|over|during|x|times) ?)?(?:the next |a period of )?(\d{1,2}))"
)
_MOST_WEEKLY = 5
# "4 weekly sessions of hypnotherapy", "2 weekly sessions of therapy for 6 weeks"
_PACED = re.compile(
    rf"(?<![\d./-])(\d{{1,2}}) (weekly|monthly) ({_VISITS})\b"
    r"(?:(?: (?:of|for)(?: [a-z/&'-]+){1,5}?)? (?:for|over|during|x|times) (?:the next )?"
    r"(\d{1,2})(?= ?[wm]))?"
)
# "every other week", "1 times every 2 weeks", "q2 weeks"
_SPACED = re.compile(
    rf"(?:(?<![\d./-])(?P<rate>\d{{1,2}})(?: times| {_VISITS})? )?"
    r"\b(?:every|q|on) ?(?P<gap>other|alternat(?:e|ing)|\d{1,2}) ?(?P<unit>week|month)s?\b"
)
# "for 12 weeks" beside it
_LASTING = re.compile(
    r"\b(?:for|times|over|during|,) ?(?:the next |a period of )?(\d{1,2}) (weeks?|months?|years?)\b"
)
# "physical therapy times 12", "#6", "qty 8", "(12)", "physical therapy, 6 more", "physical therapy 12"
_ONLY_NUMBER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:#|\bno\.|\bqty\.?:?|\bquantity:?) ?(\d{{1,3}})\b{_NO_TIME}",
        rf"\btimes (\d{{1,3}})\b{_NO_TIME}",
        r"\((\d{1,3})\)",
        r"\b(\d{1,2}) (?:more|additional|further)(?=[,;.)]| for\b|$)",
        r"[a-z][,;:]? (\d{1,2})(?: times)?$",
        rf"^(\d{{1,2}}) (?=[a-z]){_NO_TIME.replace(' ?', '', 1)}",
    )
)
_IN_BRACKETS = re.compile(r"\((\d{1,3})\)")
_AND = re.compile(r"\band\b|\bplus\b|&|\+|;")
_AND_THEN = re.compile(rf"{_AND.pattern}|,? then\b")
# "therapy times 6", "PT #6", "therapy 6", "trial of 6", "12 more"
_OF_SERVICE = re.compile(
    r"(?:\btimes |# ?|[a-z]:? )(\d{1,2})(?: times)?[ ,.]*$|^ ?(\d{1,2}) (?:more|additional)\b"
)
_MORE = re.compile(r"\b(?:then|plus|and|by),? (\d{1,2}) (?:more|additional)\b")


def find_sessions(
    request: str,
    *,
    counts_visits: bool,
    is_repeated: bool = False,
    is_of_all: bool = False,
    clues: int | None = None,
) -> int | None:
    """Give the number of visits that a request asks for.

    A stated total counts; else times a week by weeks (a month is four), a range at its upper end. Days,
    hours and rentals are not sessions.

    Parameters
    ----------
    request : str
    counts_visits : bool
        Whether the service is given in visits: only then do "x 12", "#6" and "2 x 6" mean sessions.
    is_repeated : bool
        Whether it may be given once a week or month, though it is not counted in visits, as injections are.
    is_of_all : bool
        Whether all services of the request are given in visits: then "A x 6 and B x 4" are ten.
    clues : int or None
        Of the request, where they are known.

    Examples
    --------
    >>> find_sessions("physical therapy 3 times a week for 6 weeks", counts_visits=True)
    18
    >>> find_sessions("6 sessions of acupuncture 1 times a week for 6 weeks", counts_visits=True)
    6
    >>> find_sessions("tens unit, 30 day rental", counts_visits=False)
    """
    if clues is None:
        clues = plain_and_clues(request)[1]
    names_visits = clues & _A_VISIT != 0
    is_repeated = is_repeated and ("week" in request or "month" in request or "ly" in request)
    if not counts_visits and not names_visits and not is_repeated:
        return None
    if names_visits and "ly " in request:
        request = _PACED.sub(_paced, request)
    if names_visits and " of " in request:
        request = _SPREAD.sub(_by_rate, _OF_ALL.sub(_disputed, request))
    for clue, pattern, plain in _ONE_WAY:
        if clues & clue:
            request = pattern.sub(plain, request)
    named = _TOTAL_NAMED.search(request) if counts_visits and "total" in request else None
    if named:
        return int(named[1] or named[2])
    totals = names_visits and (_totals(request) or list(_TOTAL_AFTER.finditer(request)))
    if totals:
        return _added(request, totals)
    if not counts_visits:
        return (sum(_rates(request)) or None) if is_repeated or names_visits else None
    if clues & _A_GAP and (spaced := _spaced(request)):
        return spaced
    if rates := _rates(request):
        bracketed = _IN_BRACKETS.search(request)
        return int(bracketed[1]) if bracketed else sum(rates)
    if "day" in request or "daily" in request:
        days = _DAILY.search(request)
        if days:
            return _visits(days.groupdict())
    if is_of_all and (added := _of_services(request)):
        return added
    found = (match for pattern in _ONLY_NUMBER if (match := pattern.search(request)))
    return next((int(match[1]) for match in found), None)


def _totals(request: str) -> list[re.Match[str]]:
    """Find the totals of visits, without the number of what was named before: "MRI times 3 and visit"."""
    return [
        match
        for match in _TOTAL.finditer(request)
        if not (_JOINED.search(match[0]) and _AFTER_THING.search(request, 0, match.start()))
    ]


def _added(request: str, totals: list[re.Match[str]]) -> int:
    """Add up totals that stand side by side ("2 sessions for A and 8 sessions for B")."""
    total = int(totals[0][1])
    for before, after in pairwise(totals):
        if _AND.search(request, before.end(), after.start()):
            total += int(after[1])
    more = _MORE.search(request, totals[-1].end()) if " more" in request or " additional" in request else None
    return total + int(more[1]) if more else total


def _disputed(match: re.Match[str]) -> str:
    return match[1] if int(match[1]) <= int(match[2]) else match[0]


def _by_rate(match: re.Match[str]) -> str:
    """Write a rate with its visits: "2 visits of therapy a week" is "2 visits a week"; leave a total.

    "6 sessions of acupuncture weekly for 6 weeks" are six.
    """
    number, length = int(match[1]), int(match[5])
    if match[4] and number > 1 and (number == length or ("weekly" in match[4] and number > _MOST_WEEKLY)):
        return match[0]
    return f"{number} {match[2]}{match[3] or match[4]}"


def _paced(match: re.Match[str]) -> str:
    number, length = match[1], match[4]
    if length is None or number == length:
        return f"{number} {match[3]}"
    return f"{number} {match[3]} {match[2]} for {length}"


def _of_services(request: str) -> int | None:
    """Add up the visits of several services, where each has its number: "A times 6 and B times 4"."""
    parts = _AND_THEN.split(request)
    found = [_OF_SERVICE.search(part) for part in parts] if len(parts) > 1 else [None]
    return sum(int(one[1] or one[2]) for one in found if one) if all(found) else None


def _rates(request: str) -> list[int]:
    is_spaced = "weekly" in request or "monthly" in request
    for pattern in _RATES_BY_WEEK if is_spaced else _RATES:
        if found := [_visits(match.groupdict()) for match in pattern.finditer(request)]:
            return found
    return []


_RATES_BY_WEEK = (_RATE, _RATE_AFTER, _BY, _SLASHED, _WEEKLY, _WEEKLY_LISTED)
_RATES = (_BY, _SLASHED)


def _visits(found: dict[str, str | None]) -> int:
    by_week = found.get("unit") != "monthly"
    weeks = _WEEKS_PER_MONTH if by_week and found.get("span") == "months" else 1
    return int(found.get("rate") or 1) * int(found["length"] or 1) * weeks


def _spaced(request: str) -> int | None:
    """Count visits that skip weeks or months: "every other week for 12 weeks"."""
    every = _SPACED.search(request)
    lasting = _LASTING.search(request, every.end()) or _LASTING.search(request) if every else None
    if not every or not lasting:
        return None
    gap = int(every["gap"]) if every["gap"].isdigit() else 2
    weeks = int(lasting[1]) * _WEEKS_PER[lasting[2][:4]]
    return int(every["rate"] or 1) * weeks // max(1, gap * _WEEKS_PER[every["unit"][:4]]) or None


# --- time ------------------------------------------------------------------------------------------------

# "days supply: 30", "days supply 30"; not "30 days supply 60 tablets"
_DAYS_SUPPLY = re.compile(r"\bdays?'? supply(?: ?[:=] ?| (?=\d{1,3}(?:$|,)))(\d{1,3})\b")
# The first digit comes before what may not stand before it: it is searched for sooner.
_DURATION = re.compile(
    r"(?P<number>\d(?:(?<![\d./-]\d)|(?<=\dx/\d))(?<!\bin \d)(?<!every \d)\d{0,2})"
    rf" ?-? ?(?P<unit>{'|'.join(_DAYS)})(?:e?s)?\b"
    r"(?![ -](?:old|post|ago|per|a|each|every)\b| ?/)"
)


def find_duration_days(request: str) -> int | None:
    """Give the days for which something is asked; weeks as 7, months as 30.

    Of several stated times the longest counts, and what follows another ("then") is added to it.

    >>> find_duration_days("cold therapy unit, 30 day rental"), find_duration_days("2 x a week for 6 weeks")
    (30, 42)
    >>> find_duration_days("3 x a week for 4 weeks, then 2 x a week for 4 weeks")
    56
    """
    supply = _DAYS_SUPPLY.search(request) if "supply" in request else None
    if supply:
        return int(supply[1])
    if "then " in request or "followed by" in request:
        return sum([_longest(phase) for phase in _PHASE.split(request)]) or None
    return _longest(request) or None


# "for 4 weeks, then", "for 4 weeks followed by"
_PHASE = re.compile(r"\b(?:then|followed by)\b")


def _longest(request: str) -> int:
    lengths = [int(match["number"]) * _DAYS[match["unit"]] for match in _DURATION.finditer(request)]
    return max(lengths, default=0)
