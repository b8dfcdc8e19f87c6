"""What an evaluation says on a model's card, in plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imr_ml.evaluation.metrics import METRICS
from imr_ml.evaluation.report import SPLIT_NAMES, format_estimate, headline, statements
from imr_ml.evaluation.speaking import speaking_of


def card_facts(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Sum an evaluation up for ``card.json`` and ``card.md``.

    Parameters
    ----------
    metrics : mapping
        As in ``metrics.json``.

    Returns
    -------
    dict
        ``headline`` and ``compared`` (with each baseline, on the first split), ``rows`` (a list of
        ``split``, ``measure`` and ``score`` in words with its interval), ``left_out`` (splits that could
        not be computed, with the reason), ``weak_groups`` (where the model is worse than the category's
        rate or states wrong probabilities), ``n_findings`` and ``findings`` of the leakage audit, and
        ``decided_years``.
    """
    computed = {name: split for name, split in metrics["splits"].items() if "model" in split}
    main = computed[metrics["main_split"]]
    leakage = metrics["leakage"]
    split_names = speaking_of(metrics["program"], SPLIT_NAMES)
    return {
        "headline": headline(main),
        "compared": [f"{line['text']} ({line['numbers']})" for line in statements(main)],
        "rows": [
            {
                "split": split_names.get(name, name),
                "measure": METRICS[metric],
                "score": format_estimate(split["model"][metric]),
            }
            for name, split in computed.items()
            for metric in METRICS
        ],
        "left_out": {
            split_names.get(name, name): split["left_out"]
            for name, split in metrics["splits"].items()
            if "left_out" in split
        },
        "weak_groups": list(metrics["slices"]["statements"]),
        "n_findings": leakage.get("n_findings"),
        "findings": [
            found["text"] for found in leakage.get("findings", ()) if found["severity"] == "finding"
        ],
        "decided_years": metrics["decided_years"],
    }
