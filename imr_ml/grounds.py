"""What speaks for and against an item: the guidelines' criteria, as far as request and summary state them."""

from __future__ import annotations

import pandas as pd

from imr_ml.extracting.answers import answers
from imr_ml.extracting.bearing import item_texts
from imr_ml.predicting import Asked, asked_items

GROUND_COLUMNS = ("item_id", "letter_id", "request", "criterion", "is_met", "source", "quote")


def find_grounds(asked: Asked) -> pd.DataFrame:
    """Tell for each disputed item what guidelines ask of its treatment, and what is stated of that.

    A reading of the text by rules (``resources/taxonomies/criteria.csv``), not a model: which criterion a
    reviewer will weigh, and how much, is not in it. What a request lacks are the rows without an answer. The
    criteria are those of workers' compensation: items of the health plans' table have none.

    Parameters
    ----------
    asked : Letter, Case, dict, items table, or several letters or cases
        As for `imr_ml.predict`; everything known only with the decision is ignored.

    Returns
    -------
    DataFrame of shape (n_rows, 7)
        One row per item and criterion that its treatment has, items in the order asked: ``item_id``,
        ``letter_id``, ``request``, ``criterion``, ``is_met`` (true: stated; false: the contrary is stated;
        missing: neither), ``source`` (the guideline) and ``quote`` (the sentences of the summary that say so;
        missing where the request alone does, or several facts together).

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
    rows = []
    for item_id, letter_id, (request, original, summary, others) in zip(
        items["item_id"], items["letter_id"], item_texts(items), strict=True
    ):
        if request is None:
            continue
        summary = summary or ""
        for one in answers(request, summary, others, original):
            quote = " ... ".join(" ".join(summary[place.start : place.end].split()) for place in one.places)
            rows.append((item_id, letter_id, request, one.criterion, one.is_met, one.source, quote or None))
    table = pd.DataFrame(rows, columns=list(GROUND_COLUMNS))
    types = {name: "boolean" if name == "is_met" else "str" for name in GROUND_COLUMNS}
    return table.astype(types)
