"""What requests, citations and summaries say: text in, facts with their places out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def facts(items: pd.DataFrame) -> pd.DataFrame:
    """Give what request, guideline citation and summary of each item state, missing where they state nothing.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        An items table, or any part of its columns with ``item_id`` and ``request``.

    Returns
    -------
    DataFrame of shape (n_items, n_facts + 1)
        One row per item, in the order of `items`: ``item_id``, then the columns of
        `imr_ml.extracting.tables.REQUEST_COLUMNS` those of
        `imr_ml.extracting.summary_tables.summary_columns` and of
        `imr_ml.extracting.bearing.BEARING_COLUMNS`, which say what each means.

    Raises
    ------
    TableError
        If ``item_id`` or ``request`` is missing.
    """
    # Reading letters classifies requests in processes that never need pandas.
    import pandas as pd

    from imr_ml.extracting.bearing import bearing_facts
    from imr_ml.extracting.summary_tables import summary_facts
    from imr_ml.extracting.tables import request_facts

    tables = [request_facts(items), summary_facts(items), bearing_facts(items)]
    return pd.concat([table.reset_index(drop=True) for table in tables], axis=1)
