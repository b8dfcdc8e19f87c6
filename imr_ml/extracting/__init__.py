"""What requests, citations and summaries say: text in, facts with their places out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


_PART = 1000


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
    import numpy as np
    import pandas as pd

    from imr_ml.extracting.bearing import BEARING_COLUMNS, bearing_values
    from imr_ml.extracting.summary_tables import fact_columns, summary_columns, summary_values
    from imr_ml.extracting.tables import request_columns

    # Part by part, so that what is read of a summary for the one table is still at hand for the other.
    parts = [items.iloc[start : start + _PART] for start in range(0, max(len(items), 1), _PART)]
    values = np.vstack([np.hstack([summary_values(part), bearing_values(part)]) for part in parts])
    stated = fact_columns(values, (*summary_columns(), *BEARING_COLUMNS))
    return pd.DataFrame(request_columns(items) | stated, copy=False)
