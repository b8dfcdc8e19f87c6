"""What others published on overturn rates: figures with their sources, and a prior made from them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from imr_ml.resources import read_resource

if TYPE_CHECKING:
    import pandas as pd

_DWC_NAMES = {
    "all": None,
    "pharmaceuticals": "Pharmaceuticals",
    "physical therapy": "Rehabilitation",
    "rehabilitation": "Rehabilitation",
    "diagnostic testing": "Diagnostic Testing",
    "injections": "Injection",
    "surgery": "Surgery",
    "evaluation and management": "Evaluation & Management",
    "psychological services": "Psych Services",
    "physical/occupational therapy": "Rehabilitation",
    "acupuncture": "Rehabilitation",
    "chiropractic": "Rehabilitation",
    "other therapies": "Rehabilitation",
    "DMEPOS": "DMEPOS",
    "injection": "Injection",
    "imaging (MRI/CT/PET, x-ray)": "Diagnostic Testing",
    "EMG/NCV": "Diagnostic Testing",
    "lab, urine drug tests, other diagnostics": "Diagnostic Testing",
    "psych services": "Psych Services",
    "home health": "Home Health",
    "programs (functional restoration etc.)": "Programs",
    "transportation and other": "Transportation",
}


@cache
def _figures() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(read_resource("published_rates.json"))
    return figures


def calibration_proposal() -> dict[str, Any]:
    """Give the mix and rates to which synthetic letters are calibrated, as the figures' file holds them.

    Returns
    -------
    dict
        ``categories`` (share of items, overturn rate, and whether a source anchors each),
        ``items_per_letter``, ``within_letter_icc``, ``share_of_items_partly_authorized_by_UR``. Partly
        inference: its ``status`` says so.
    """
    proposal: dict[str, Any] = _figures()["calibration_proposal"]
    return proposal


def yearly_overturn_rates(years: tuple[int, ...]) -> dict[int, float]:
    """Give the share of overturned items of whole years, averaged over those who published it.

    Parameters
    ----------
    years : tuple of int
        Each must have at least one published figure.

    Returns
    -------
    dict of int to float
        Shares from 0 to 1; a publisher that restated its figure counts with the later one.
    """
    rates = {}
    for year in years:
        latest = {
            row["publisher"]: 1 - row["uphold_rate"]
            for row in _figures()["rates"]
            if row["level"] == "overall" and row["period"] == str(year)
        }
        rates[year] = float(np.mean(list(latest.values())))
    return rates


def published_rates(
    *, period: str | None = None, publisher: str | None = None, level: str | None = None
) -> pd.DataFrame:
    """Give the published figures on workers' compensation IMR as a table.

    Parameters
    ----------
    period : str or None
        Such as ``2016`` or ``2018Q1``; None for all.
    publisher : {"CWCI", "DWC"} or None
        CWCI counts primary requests, DWC all; do not mix the two in one series.
    level : {"overall", "service", "service_group", "drug_class"} or None

    Returns
    -------
    DataFrame
        ``period``, ``year``, ``publisher``, ``level``, ``category`` (the publisher's name),
        ``treatment_category`` (DWC's name as in the items table, missing for totals and mixed groups),
        ``share`` (0 to 1, of ``share_of``), ``uphold_rate``, ``overturn_rate`` (0 to 1, missing where not
        published), ``quality`` (``exact``, ``rounded``, ``approximate``, ...), ``note``, ``source``,
        ``url``; one row per figure.

    Examples
    --------
    >>> published_rates(period="2017", publisher="DWC", level="overall")["overturn_rate"].tolist()
    [0.083]
    """
    import pandas as pd

    figures = _figures()
    rates = pd.DataFrame(figures["rates"])
    wanted = pd.Series(True, index=rates.index)
    for column, value in (("period", period), ("publisher", publisher), ("level", level)):
        if value is not None:
            wanted &= rates[column] == value
    rates = rates[wanted].reset_index(drop=True)
    rates["overturn_rate"] = (1 - rates["uphold_rate"]).round(6)
    rates["treatment_category"] = [
        "Pharmaceuticals" if row_level == "drug_class" else _DWC_NAMES.get(category)
        for row_level, category in zip(rates["level"], rates["category"], strict=True)
    ]
    rates["url"] = rates["source"].map(lambda key: figures["sources"][key]["url"])
    return rates[
        [
            "period",
            "year",
            "publisher",
            "level",
            "category",
            "treatment_category",
            "share",
            "share_of",
            "uphold_rate",
            "overturn_rate",
            "quality",
            "note",
            "source",
            "url",
        ]
    ]


def category_prior() -> pd.DataFrame:
    """Give what is known of each treatment category's overturn rate before any letter is read.

    Returns
    -------
    DataFrame
        One row per DWC category: ``treatment_category``; ``overturn_rate`` (0 to 1; several published
        groups are averaged by their shares); ``share`` of all items; ``basis`` (``published`` where a
        source anchors every rate of the category, else ``inference``); ``source`` (keys of the figures'
        sources, or how the figure was inferred).

    Notes
    -----
    The rates are those of the calibration proposal in the figures' file: they agree with the published
    totals of 2014 to 2016. Categories that nobody published a rate for stand at the rate of the proposal's
    closest group.
    """
    import pandas as pd

    groups = pd.DataFrame(calibration_proposal()["categories"])
    groups["treatment_category"] = groups["category"].map(_DWC_NAMES)
    rows = []
    for name in _PRIOR_NAMES:
        part = groups[groups["treatment_category"] == _PRIOR_FROM.get(name, name)]
        anchored = bool(part["rate_anchored_in_a_source"].all()) and name not in _PRIOR_FROM
        rows.append(
            {
                "treatment_category": name,
                "overturn_rate": float(np.average(part["overturn_rate"], weights=part["share"])),
                "share": 0.0 if name in _PRIOR_FROM else float(part["share"].sum()),
                "basis": "published" if anchored else "inference",
                "source": _ANCHORS[name] if anchored else "calibration proposal",
            }
        )
    return pd.DataFrame(rows)


_ANCHORS = {
    "Pharmaceuticals": "CWCI2015Q1; CWCI2017MAR; CWCI2018MAR",
    "Evaluation & Management": "CWCI2016Q1; HES2025",
    "Psych Services": "CWCI2016Q1; CWCI2023MAY",
}
_PRIOR_FROM = {"Therapies": "Rehabilitation", "Peripheral": "Transportation"}
_PRIOR_NAMES = (
    "Pharmaceuticals",
    "Rehabilitation",
    "Diagnostic Testing",
    "DMEPOS",
    "Injection",
    "Surgery",
    "Evaluation & Management",
    "Psych Services",
    "Programs",
    "Home Health",
    "Therapies",
    "Transportation",
    "Peripheral",
)
