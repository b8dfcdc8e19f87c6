"""Letters from invented cases: the fixed text of layout A, a summary of the facts, reasons that fit them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imr_ml.simulating.cases import SimulatedCase, SimulatedItem
from imr_ml.simulating.citing import claims_administrator_line, reviewer_line
from imr_ml.simulating.content import Content
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.outcomes import fact_effects
from imr_ml.simulating.wording import listed, say

_A2_FROM = dt.date(2015, 7, 1)
_SHARE_OF_HEADERS_BEFORE = 0.75
_OPIOID_TAIL_FROM = dt.date(2016, 7, 28)
MARK = "SYNTHETIC LETTER made by imr-ml simulate, seed {seed}: not a real determination"

_INDEPENDENCE = (
    "MAXIMUS Federal Services sent the complete case file to {a_reviewer} reviewer. He/she has no "
    "affiliation with the employer, employee, providers or the claims administrator. {credentials}He/she "
    "has been in active clinical practice for more than five years and is currently working at least 24 "
    "hours a week in active practice. The {reviewer} reviewer was selected based on his/her clinical "
    "experience, education, background, and expertise in the same or similar specialties that evaluate "
    "and/or treat the medical condition and disputed items/{service}. He/she is familiar with governing laws "
    "and regulations, including the strength of evidence hierarchy that applies to Independent Medical "
    "Review determinations."
)
_SUMMARY_INTRO = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, "
    "including all medical records:"
)
_ITEMS_INTRO = (
    "The Final Determination was based on decisions for the disputed items/services set forth below:"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter that stands by itself: a row of the header table, a heading or a paragraph."""

    text: str
    role: str = "paragraph"


def letter_blocks(
    dice: Dice, case: SimulatedCase, overturned: Sequence[bool], made_of: Content, *, seed: int
) -> list[Block]:
    """Write one letter.

    Parameters
    ----------
    dice : Dice
        For the choice of words; no outcome depends on it.
    case : SimulatedCase
    overturned : sequence of bool
        One per item.
    made_of : Content
    seed : int
        Named in the line that says what the letter is.

    Returns
    -------
    list of Block
        In the order of the page.
    """
    decided = case.dates["decided"]
    block_of_credentials = decided >= _A2_FROM
    blocks = [Block(MARK.format(seed=seed), "mark")]
    if block_of_credentials or dice.chance(_SHARE_OF_HEADERS_BEFORE):
        blocks += _header(case)
    blocks.append(Block("HOW THE IMR FINAL DETERMINATION WAS MADE", "heading"))
    blocks += _reviewer(dice, decided, made_of, block_of_credentials)
    blocks.append(Block("CLINICAL CASE SUMMARY", "heading"))
    blocks.append(Block(_SUMMARY_INTRO))
    wordiness = dice.pick(_WORDINESS)
    summary = summary_sentences(dice, case, made_of, wordiness=wordiness)
    blocks.append(Block(" ".join(summary)))
    blocks.append(Block("IMR ISSUES, DECISIONS AND RATIONALES", "heading"))
    blocks.append(Block(_ITEMS_INTRO))
    for item, won in zip(case.items, overturned, strict=True):
        blocks.append(Block(f"{item_heading(dice, item)}: {'Overturned' if won else 'Upheld'}", "item"))
        blocks.append(
            Block(
                f"Claims Administrator guideline: {claims_administrator_line(dice, case, item, made_of)}",
                "guideline",
            )
        )
        blocks.append(Block(f"MAXIMUS guideline: {reviewer_line(dice, case, item, made_of)}", "guideline"))
        first = dice.integer(2, max(2, len(summary) - 4))
        retold = summary[first : first + dice.integer(1, 5)] if dice.chance(wordiness) else []
        beside = overturned[item.primary] if item.primary is not None else None
        reasons = rationale(dice, case, item, won, made_of, retold=retold, operation_won=beside)
        blocks.append(Block(f"Decision rationale: {reasons}", "rationale"))
    return blocks


def _header(case: SimulatedCase) -> list[Block]:
    day = {name: f"{date.month:02}/{date.day:02}/{date.year}" for name, date in case.dates.items()}
    return [
        Block(f"Case Number:|{case.name}", "row"),
        Block(f"Date Assigned:|{day['assigned']}|Date of Injury:|{day['injury']}", "row"),
        Block(f"Decision Date:|{day['decided']}|UR Denial Date:|{day['ur']}", "row"),
        Block(f"Priority:|Standard|Application Received:|{day['received']}", "row"),
    ]


def _reviewer(dice: Dice, decided: dt.date, made_of: Content, block_of_credentials: bool) -> list[Block]:
    specialty = dice.weighted(made_of.specialties)
    states = [dice.weighted(made_of.states)]
    while dice.chance(0.3) and len(states) < 3:
        state = dice.weighted(made_of.states)
        if state not in states:
            states.append(state)
    kind = "physician" if decided < dt.date(2014, 9, 1) else "expert"
    words = {"reviewer": kind, "a_reviewer": "a physician" if kind == "physician" else "an expert"}
    if block_of_credentials:
        return [
            Block(_INDEPENDENCE.format(credentials="", service="Service", **words)),
            Block("The Expert Reviewer has the following credentials:", "line"),
            Block(f"State(s) of Licensure: {', '.join(states)}", "line"),
            Block(f"Certification(s)/Specialty: {specialty}", "line"),
        ]
    credentials = (
        f"The {kind} reviewer is Board Certified in {specialty.replace(', ', ' and ')} "
        f"and is licensed to practice in {listed(states)}. "
    )
    return [Block(_INDEPENDENCE.format(credentials=credentials, service="services", **words))]


def item_heading(dice: Dice, item: SimulatedItem) -> str:
    """Write what is disputed, with the part that was authorized where there is one."""
    if item.original is None:
        return item.request
    if dice.chance(0.75):
        return (
            f"{item.original} was the original request. {item.authorized} was authorized by the Claims "
            f"Administrator. The remaining IMR eligible portion of the original request, {item.request} is"
        )
    return (
        f"{item.original} was the original request. The Claims Administrator authorized {item.authorized}, "
        f"leaving the remaining IMR eligible portion of the original request, {item.request} is"
    )


_WORDINESS = (0.6, 0.78, 0.88, 0.94)
"""Chance of one more sentence, by writer: from some 150 words of summary to some 400."""


def summary_sentences(
    dice: Dice, case: SimulatedCase, made_of: Content, *, wordiness: float = 0.75
) -> list[str]:
    """Write the clinical case summary: every fact that bears on an item, between others that bear on none."""
    style = made_of.styles[case.style]
    common = made_of.sentences
    slots = dict(case.slots)
    places: dict[str, list[str]] = {
        place: [] for place in ("history", "complaint", "exam", "studies", "medication", "plan", "work")
    }
    for name, level in case.facts.items():
        _state(dice, places, made_of, name, level, slots)
    for item in case.items:
        for name in item.stated:
            _state(dice, places, made_of, name, item.facts[name], item.slots)
    _add_asides(dice, case, places, made_of, wordiness)

    requests = [item.original or item.request for item in case.items]
    slots["items"] = _named(dice, requests, common["ordinary"])
    head = [
        say(dice, style["open"], slots),
        say(dice, style["diagnoses"], slots),
        *_shuffled(dice, places["history"]),
    ]
    head += _some(dice, common["extra_visit"], slots, wordiness - 0.2)
    middle = [say(dice, common["visit"], slots), *places["complaint"]]
    middle += _some(dice, common["complaint"], slots, wordiness)
    middle += places["exam"]
    middle += _some(dice, common["general_exam"], slots, wordiness)
    middle += places["studies"] + _shuffled(dice, places["medication"])
    end = [*places["plan"], *places["work"]]
    if not places["work"]:
        end += _work(dice, common, slots, wordiness)
    end = _shuffled(dice, end)
    if dice.chance(0.8):
        end.append(say(dice, common["plan"], slots))
    slots["items"] = _named(dice, requests, common["ordinary"])
    # Without a header block the denial's date in these words is the only one that tells the year.
    end.append(say(dice, style["denial"], slots))
    if dice.chance(0.2):
        end.append(say(dice, common["reason"], slots))
    if dice.chance(0.15):
        end.append(say(dice, common["judging"], slots))
    return [*head, *middle, *end]


def _work(dice: Dice, common: Mapping[str, Any], slots: Mapping[str, str], wordiness: float) -> list[str]:
    said = []
    if dice.chance(wordiness):
        said.append(say(dice, common["work"][dice.pick(("full", "modified", "off"))], slots))
    if dice.chance(wordiness - 0.4):
        said.append(say(dice, common["occupation"], slots))
    return said


def _state(
    dice: Dice,
    places: Mapping[str, list[str]],
    made_of: Content,
    name: str,
    level: str,
    slots: Mapping[str, str],
) -> None:
    fact = made_of.facts[name]
    wordings = fact.levels[level].summary
    if wordings and fact.place != "none":
        places[fact.place].append(say(dice, wordings, slots))


_ASIDE_FACTS = ("smoker", "gi_risk", "insomnia", "mood", "return_to_work")


def _add_asides(
    dice: Dice, case: SimulatedCase, places: Mapping[str, list[str]], made_of: Content, wordiness: float
) -> None:
    """Add what decides other items elsewhere, and what decides nothing."""
    for name in _ASIDE_FACTS:
        if name not in case.facts and dice.chance(0.2):
            level = dice.weighted(made_of.facts[name].shares["chronic"])
            _state(dice, places, made_of, name, level, case.slots)
    places["history"] += _some(dice, made_of.sentences["aside"], case.slots, wordiness)


def _some(dice: Dice, wordings: Sequence[str], slots: Mapping[str, str], chance: float) -> list[str]:
    """Say some of the wordings, none twice: one more with the given chance, and so on."""
    left = list(wordings)
    said = []
    while left and dice.chance(chance):
        said.append(say(dice, (left.pop(int(dice.uniform() * len(left))),), slots))
    return said


def _shuffled(dice: Dice, sentences: Sequence[str]) -> list[str]:
    left = list(dict.fromkeys(sentences))
    return [left.pop(int(dice.uniform() * len(left))) for _ in range(len(left))]


def _named(dice: Dice, requests: Sequence[str], ordinary: Sequence[str]) -> str:
    if len(requests) > 5:
        return dice.pick(("the items listed below", "several medications and services", "the items at issue"))
    return listed([_inside(request, ordinary) for request in requests])


def _inside(request: str, ordinary: Sequence[str]) -> str:
    """Give a request as it stands inside a sentence: names keep their capital, ordinary words do not."""
    if request.split(" ", 1)[0].lower() in ordinary:
        return request[:1].lower() + request[1:]
    return request


def rationale(
    dice: Dice,
    case: SimulatedCase,
    item: SimulatedItem,
    overturned: bool,
    made_of: Content,
    *,
    retold: Sequence[str] = (),
    operation_won: bool | None = None,
) -> str:
    """Write the reviewer's reasons: guideline, the facts that weighed most, a conclusion of the same sign.

    Sentences of the summary that are `retold` stand before the reasons, as they do in letters. What goes with
    an operation is reasoned from whether `operation_won`.
    """
    common = made_of.sentences
    verdict = "overturned" if overturned else "upheld"
    slots = dict(item.slots)
    by_name = item.treatment.products and dice.chance(0.5)
    request = item.slots["thing"] if by_name else item.request
    slots |= {"request": _inside(request, common["ordinary"]), "request_cap": request}
    parts = [say(dice, common["lead"]["odg" if item.treatment.topic == "odg" else "mtus"], slots)]
    parts += _guideline(dice, item, slots)
    parts += _some(dice, common["recap"]["all"], slots, 0.6)
    if dice.chance(0.7):
        parts.append(say(dice, common["recap"]["asked"], slots))
    parts += retold
    if operation_won is None:
        parts += _grounds(dice, item, overturned, made_of, slots)
    else:
        fate = "both" if overturned else "operation_only" if operation_won else "neither"
        parts.append(say(dice, common["with_operation"][fate], slots))
    parts.append(say(dice, common["balance"][verdict], slots))
    parts.append(say(dice, common["conclusion"][verdict], slots))
    if (
        item.treatment.name == "opioid"
        and not overturned
        and case.dates["decided"] >= _OPIOID_TAIL_FROM
        and dice.chance(0.7)
    ):
        parts.append(say(dice, common["weaning"]["all"], slots))
    return " ".join(parts)


def _guideline(dice: Dice, item: SimulatedItem, slots: Mapping[str, str]) -> list[str]:
    return _shuffled(dice, [say(dice, (text,), slots) for text in item.treatment.guideline])[
        : dice.integer(1, 4)
    ]


def _grounds(
    dice: Dice, item: SimulatedItem, overturned: bool, made_of: Content, slots: Mapping[str, str]
) -> list[str]:
    sign = 1 if overturned else -1
    effects = sorted(fact_effects(item, made_of).items(), key=lambda pair: -sign * pair[1])
    with_it = [name for name, effect in effects if sign * effect > 0.15][: dice.integer(2, 4)]
    against = [name for name, effect in reversed(effects) if sign * effect < -0.5]
    texts = [say(dice, made_of.facts[name].levels[item.facts[name]].grounds, slots) for name in with_it]
    if not texts:
        texts.append(
            say(dice, made_of.sentences["judgment"]["overturned" if overturned else "upheld"], slots)
        )
    if against and dice.chance(0.4):
        ground = say(dice, made_of.facts[against[0]].levels[item.facts[against[0]]].grounds, slots)
        said = made_of.sentences["concession"]["overturned" if overturned else "upheld"]
        texts.insert(0, say(dice, said, {**slots, "ground": ground[:1].lower() + ground[1:]}))
    return texts


def wrapped(text: str, width: int) -> list[str]:
    """Break a paragraph into lines of at most `width` characters, between words only."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return lines


LINE_WIDTH = 95
_ROW = re.compile(r"\|")


def letter_text(blocks: Sequence[Block]) -> str:
    """Give a letter as text: lines of at most 95 characters, a blank line between its parts."""
    lines: list[str] = []
    last = ""
    for block in blocks:
        tight = block.role == last and block.role in ("row", "line")
        if lines and not tight:
            lines.append("")
        lines += wrapped(_ROW.sub(" ", block.text) if block.role == "row" else block.text, LINE_WIDTH)
        last = block.role
    return "\n".join(lines) + "\n"
