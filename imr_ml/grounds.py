"""What speaks for and against an item: the guidelines' criteria, as far as request and summary state them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from imr_ml.extracting.items.answers import answers, claim_age
from imr_ml.extracting.items.bearing import ItemTexts, item_texts
from imr_ml.extracting.items.review import review_said
from imr_ml.letter import Span
from imr_ml.predicting import Asked, asked_items

GROUND_COLUMNS = (
    "item_id",
    "letter_id",
    "request",
    "criterion",
    "is_met",
    "source",
    "quote",
    "because",
    "utilization_review",
)


def find_grounds(asked: Asked) -> pd.DataFrame:
    """Tell for each disputed item what guidelines ask of its treatment, and what is stated of that.

    A reading of the text by rules (``resources/taxonomies/criteria.csv``), not a model: which criterion a
    reviewer will weigh, and how much, is not in it. What a request lacks are the rows with neither an answer
    nor a ``because``. The criteria are those of workers' compensation: items of the health plans' table have
    none.

    Parameters
    ----------
    asked : Letter, Case, dict, items table, or several letters or cases
        As for `imr_ml.predict`; everything known only with the decision is ignored.

    Returns
    -------
    DataFrame of shape (n_rows, 9)
        One row per item and criterion that its treatment has, items in the order asked: ``item_id``,
        ``letter_id``, ``request``, ``criterion``, ``is_met`` (true: stated; false: the contrary is stated;
        missing: neither), ``source`` (the guideline), ``quote`` (the sentences of the summary that say so;
        missing where the request alone does, or several facts together), ``because`` (what else is known of
        the item that says so; in a row without an answer, the amount that is stated and left open by the
        rules, with what else they ask for that is stated) and ``utilization_review`` (the reasons that the
        summary quotes for the denial of this item, where it gives none the decision; the same on each row of
        an item).

    Raises
    ------
    CaseError, TableError
        If there is nothing to ask about, or a table lacks what names an item.

    Examples
    --------
    >>> case = {"case_summary": "Norco improved function. No side effects.", "items": ["Norco 10/325mg #60"]}
    >>> grounds = find_grounds(case).set_index("criterion")["is_met"]
    >>> bool(grounds["function improved with the drug"]), grounds["opioid agreement"]
    (True, <NA>)
    """
    items = asked_items(asked)
    items = items[items["program"].ne("dmhc").fillna(True)]
    texts = item_texts(items)
    letters = _letters(items["letter_id"].tolist(), texts)
    reviews: dict[int, str | None] = {}
    ages = _claim_ages(items)
    rows = []
    for place, (item_id, letter_id, (request, original, summary, others), age) in enumerate(
        zip(items["item_id"], items["letter_id"], texts, ages, strict=True)
    ):
        if request is None:
            continue
        if place not in reviews:
            reviews |= _reviews(letters[letter_id, summary], texts)
        review = reviews[place]
        summary = summary or ""
        for one in answers(request, summary, others, original, months_since_injury=age):
            quote = " ... ".join(_words(summary, place) for place in one.places)
            said = (one.criterion, one.is_met, one.source, quote or None, one.because or None, review)
            rows.append((item_id, letter_id, request, *said))
    table = pd.DataFrame(rows, columns=list(GROUND_COLUMNS))
    types = {name: "boolean" if name == "is_met" else "str" for name in GROUND_COLUMNS}
    return table.astype(types)


def _words(summary: str, place: Span) -> str:
    return " ".join(summary[place.start : place.end].split())


def _letters(
    letter_ids: Sequence[str], texts: Sequence[ItemTexts]
) -> dict[tuple[str, str | None], list[int]]:
    """Give the rows of each letter; its items share their summary."""
    letters: dict[tuple[str, str | None], list[int]] = {}
    for place, (letter_id, (request, _, summary, _)) in enumerate(zip(letter_ids, texts, strict=True)):
        if request is not None:
            letters.setdefault((letter_id, summary), []).append(place)
    return letters


def _reviews(places: Sequence[int], texts: Sequence[ItemTexts]) -> dict[int, str | None]:
    """Give what utilization review said of each item of a letter, by its row."""
    _, _, summary, others = texts[places[0]]
    if not summary:
        return dict.fromkeys(places)
    own = [texts[place][0] or "" for place in places]
    # Items of the letter that are not asked about have reasons too.
    others = tuple(request for request in others or () if request not in own)
    originals = [*(texts[place][1] for place in places), *(None for _ in others)]
    said = review_said([*own, *others], summary, originals)
    return {
        place: " ... ".join(_words(summary, where) for where in one.told) or None
        for place, one in zip(places, said, strict=False)
    }


def _claim_ages(items: pd.DataFrame) -> list[float | None]:
    dates = [
        [None if pd.isna(date) else pd.Timestamp(date).date() for date in items[name]]
        if name in items
        else [None] * len(items)
        for name in ("injury_date", "ur_decision_date", "received_date")
    ]
    return [claim_age(*known) for known in zip(*dates, strict=True)]
