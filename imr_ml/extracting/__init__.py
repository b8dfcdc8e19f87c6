"""What requests, citations and summaries say: text in, facts with their places out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


_PART = 10_000


def facts(items: pd.DataFrame) -> pd.DataFrame:
    """Give what request, guideline citation and summary of each item state, missing where they state nothing.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table, or any part of its columns with ``item_id`` and ``request``. Without
        ``other_requests``, those of the rows with the same ``letter_id`` are taken, if all of it is there.

    Returns
    -------
    DataFrame of shape (n_items, n_facts + 1)
        One row per item, in the order of `items`: ``item_id``, then the columns of
        `imr_ml.extracting.tables.REQUEST_COLUMNS` those of
        `imr_ml.extracting.summaries.tables.summary_columns` and of
        `imr_ml.extracting.items.bearing.BEARING_COLUMNS`, which say what each means; last
        ``contradictory_facts``, the columns, `;` between them, that one sentence of the summary states and
        another denies (see `imr_ml.extracting.items.answers.contradictions`). In those columns it is true,
        but for urine tests, of which one that is inconsistent counts.

    Raises
    ------
    TableError
        If `items` is no table, ``item_id`` or ``request`` is missing, or two columns have the same name.
    """
    # Reading letters classifies requests in processes that never need pandas.
    import pandas as pd

    from imr_ml.arguments import check_kind
    from imr_ml.collecting import no_collection
    from imr_ml.errors import TableError
    from imr_ml.extracting.items.bearing import others_of

    check_kind(items, "table", about="items")
    if missing := [name for name in ("item_id", "request") if name not in items]:
        raise TableError(
            f"column {missing[0]} missing; facts are read per item_id from its request", about="items"
        )
    if twice := items.columns[items.columns.duplicated()].tolist():
        raise TableError(f"two columns are named {twice[0]}; drop or rename one", about="items")

    # Part by part: what a summary says takes more room than its rows of the table.
    with no_collection():
        # The items of a letter may come into different parts.
        others = others_of(items)
        if len(items) <= _PART:
            return _facts(items, others)
        starts = range(0, len(items), _PART)
        parts = [_facts(items.iloc[start : start + _PART], others[start : start + _PART]) for start in starts]
    return pd.concat(parts, ignore_index=True)


def _facts(items: pd.DataFrame, others: list[tuple[str, ...] | None]) -> pd.DataFrame:
    import pandas as pd

    from imr_ml.extracting.items.answers import contradictions
    from imr_ml.extracting.items.bearing import BEARING_COLUMNS, bearings
    from imr_ml.extracting.summaries.tables import fact_columns, summary_columns, summary_records
    from imr_ml.extracting.tables import request_columns, string_array, texts

    requests, originals = texts(items, "request"), texts(items, "original_request")
    columns: dict[str, Any] = {"item_id": items["item_id"].astype("str").array}
    columns |= request_columns(requests, originals, texts(items, "claims_administrator_guideline"))
    records, rows = summary_records(texts(items, "case_summary"))
    columns |= fact_columns([record.said for record in records], tuple(summary_columns()), rows)
    bearing = bearings(requests, originals, [records[row] for row in rows], others)
    columns |= fact_columns(bearing, tuple(BEARING_COLUMNS), range(len(items)))
    both = [";".join(one.fact for one in contradictions(record)) or None for record in records]
    columns["contradictory_facts"] = string_array([both[row] for row in rows])
    return pd.DataFrame(columns, index=pd.RangeIndex(len(items)), copy=False)
