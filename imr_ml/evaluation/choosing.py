"""What a training chose, over what, and what its threshold does: in words and plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imr_ml.evaluation.metrics import overturn_rate_interval

MEMBER_NAMES = {
    "cohorts": "overturn rates of like cases",
    "departures": "logistic regression over all facts that starts from these rates",
    "criteria": "logistic regression over what is expected of the statements, the treatment and the dispute",
    "grounds": "logistic regression over what speaks of the item itself",
    "linear": "logistic regression over all words and facts",
    "boosting": "boosted trees over facts",
}
"""Every classifier that may be tried, in words; several are averaged."""

SETTINGS = (
    "In brackets: C, how freely weights move; mark_scale, what a mark counts beside a word; group_scale, how "
    "freely weights differ between treatments; half_life, years after which an item counts half."
)


def training_facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Sum the record of a training up for the report and the card.

    Parameters
    ----------
    record : mapping
        `imr_ml.model.OutcomeModel.record`.

    Returns
    -------
    dict
        ``is_update``; ``whose`` (a sentence for a model whose scores are another one's, else None);
        ``chosen``, ``rule``, ``settings`` and ``members`` in words; ``candidates``, each with ``name``,
        ``log_loss``, ``difference`` from the best, its ``error`` over letters and ``is_chosen``;
        ``lineage``; ``threshold``: see `_threshold`; ``error_rate`` that "certain" may reach;
        ``expected_rate``, the share that the model by itself expects to be overturned; ``certain``: by
        answer its ``level``, ``n_certain`` and ``n_right`` of the held-out items, and ``told`` in words.
    """
    held_out = record["held_out"]
    losses = {name: found["value"] for name, found in held_out["log_loss"].items()}
    best = min(losses.values())
    is_update = len(record["lineage"]) > 1
    chosen = record["chosen"]["name"]
    return {
        "is_update": is_update,
        "whose": _whose(chosen, record["lineage"][-1]) if is_update else None,
        "chosen": chosen,
        "settings": SETTINGS,
        "members": {name: MEMBER_NAMES[name] for name in MEMBER_NAMES if name in " ".join(losses)},
        "rule": _rule(held_out, len(losses)),
        "candidates": [
            {
                "name": name,
                "log_loss": loss,
                "difference": loss - best,
                "error": held_out["log_loss"][name]["error_of_difference"],
                "is_chosen": name == chosen,
            }
            for name, loss in losses.items()
        ],
        "lineage": [dict(step) for step in record["lineage"]],
        "threshold": _threshold(record["threshold"]),
        "error_rate": record["error_rate"],
        "expected_rate": record["expected_rate"],
        "certain": {
            answer: {**facts, "told": _certain(answer, facts)} for answer, facts in record["certain"].items()
        },
    }


def _whose(chosen: str, last: Mapping[str, Any]) -> str:
    stale = "" if last["n_new_letters"] else " Nothing in its last update was new to it."
    return (
        "These scores are not this model's own. They are those of models trained anew on parts of these "
        f"items, each of which chose for itself. This model was updated: it keeps what an earlier one had "
        f"chosen ({chosen}), and it has not been scored itself.{stale}"
    )


def _rule(held_out: Mapping[str, Any], n_tried: int) -> str:
    where = f"on {held_out['items']:,} held-out items ({held_out['how']}, {held_out['folds']} folds)"
    if n_tried == 1:
        return f"Nothing was compared; the loss of what was kept is measured {where}."
    return (
        f"{n_tried} ways were compared by log loss {where}. The last of them, an average, was to be taken "
        "unless the best one's loss was lower by more than one standard error. The scores of the report come "
        "from other folds."
    )


def _certain(answer: str, facts: Mapping[str, Any]) -> str:
    other = "overturned" if answer == "upheld" else "upheld"
    n_certain, n_right = facts["n_certain"], facts["n_right"]
    if not facts["level"]:
        return f'No answer "{answer}" is called certain: too few {other} items were held out to promise it.'
    if not n_certain:
        return f'No answer "{answer}" is called certain: none of the held-out items would have been.'
    if 2 * n_right <= n_certain:
        return (
            f'No answer "{answer}" is called certain: of {n_certain:,} held-out ones that would have been, '
            f"{n_right:,} were right."
        )
    return f'Of the held-out answers "{answer}", {n_certain:,} were certain, and {n_right:,} of these right.'


def _threshold(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the answer "overturned" of a model means.

    Returns
    -------
    dict
        ``value``, ``asked`` (in words), ``rows``: each a share with ``name``, ``hits``, ``n``, ``share``,
        ``low`` and ``high`` (Wilson), the share None where there are no items; ``cost_per_item``, or None.
    """
    if "review_budget" in facts:
        asked = f"the {100 * facts['review_budget']:g}% of items rated highest are to be called overturned"
    elif "cost_missed_overturn" in facts:
        asked = (
            f"an overturned item missed costs {facts['cost_missed_overturn']:g}, a false alarm "
            f"{facts['cost_false_alarm']:g}"
        )
    else:
        asked = "nothing, so that an item is called overturned where that is the likelier outcome"
    rows = []
    if "n_items" in facts:
        n_called, n_found = facts["n_called"], facts["n_found"]
        for name, hits, n in (
            ("of all items are called overturned", n_called, facts["n_items"]),
            ("of the overturned items are called so", n_found, facts["n_overturned"]),
            ("of the items called overturned are overturned", n_found, n_called),
        ):
            low, high = overturn_rate_interval([hits], [n])[0].tolist() if n else (None, None)
            share = hits / n if n else None
            rows.append({"name": name, "hits": hits, "n": n, "share": share, "low": low, "high": high})
    return {
        "value": facts["value"],
        "asked": asked,
        "rows": rows,
        "cost_per_item": facts.get("cost_per_item"),
    }
