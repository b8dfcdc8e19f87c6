"""When items were decided, as decimal years: to order, weigh and hold out training items, never a feature."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_MIN_DATED = 0.9


def decided_years(items: pd.DataFrame) -> NDArray[np.float64] | None:
    """Give each item's time of decision.

    Where only years are known, items of a year are spread over it in the order of the numbers in their
    ``letter_id``, at the pace of the year before if that was faster: a year that has just begun is not
    stretched to its end.

    Parameters
    ----------
    items : DataFrame of shape (n_items, n_columns)
        With ``decided_date``, ``decided_year`` and ``letter_id``.

    Returns
    -------
    ndarray of shape (n_items,), or None
        Decimal years; an item without a time stands with the oldest. None if fewer than nine items in ten
        have one, or all have the same.
    """
    dates, years = (
        items["decided_date"],
        items["decided_year"].astype("Float64").to_numpy(float, na_value=np.nan),
    )
    if dates.notna().mean() >= _MIN_DATED:
        known = (dates.dt.year + (dates.dt.day_of_year - 1) / 365.25).to_numpy(dtype=float, na_value=np.nan)
        times = np.where(np.isnan(known), years, known)
    elif np.isfinite(years).mean() >= _MIN_DATED:
        times = _spread(years, items["letter_id"])
    else:
        return None
    times = np.where(np.isnan(times), np.nanmin(times), times)
    return times if np.ptp(times) > 0 else None


def filing_number(letter_id: str) -> tuple[int, ...]:
    """Give the numbers in a letter's name, which were counted up as letters were filed.

    >>> filing_number("MN14-19072") > filing_number("UR14-9800") > filing_number("EI09-9900")
    True
    """
    return tuple(int(number) for number in re.findall(r"\d{1,15}", letter_id))


def _spread(years: Any, letter_ids: pd.Series[str]) -> NDArray[np.float64]:
    names = pd.unique(letter_ids)
    place = {name: number for number, name in enumerate(sorted(names, key=lambda n: (filing_number(n), n)))}
    order = letter_ids.map(place).to_numpy()
    times: NDArray[np.float64] = years.copy()
    counts = {year: int((years == year).sum()) for year in np.unique(years[np.isfinite(years)])}
    for year, count in counts.items():
        rows = np.flatnonzero(years == year)
        rank = np.empty(count)
        rank[np.argsort(order[rows], kind="stable")] = np.arange(count)
        times[rows] = year + rank / max(count, counts.get(year - 1, 0))
    return times
