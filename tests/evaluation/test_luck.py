from __future__ import annotations

import numpy as np
import pytest

from imr_ml.evaluation.luck import out_of_fold_aucs, shuffled_outcomes
from imr_ml.evaluation.metrics import rank_within, roc_auc


def plainly(codes, overturned, fold_of):
    """The same, group by group and fold by fold."""
    chance = np.empty(len(codes))
    for item, (code, fold) in enumerate(zip(codes, fold_of, strict=True)):
        taught = overturned[fold_of != fold]
        alike = taught[codes[fold_of != fold] == code]
        chance[item] = (alike.sum() + 5 * taught.mean()) / (len(alike) + 5)
    return roc_auc(overturned, rank_within(chance, fold_of))


@pytest.mark.parametrize("n_codes", [1, 3, 40, 300])
def test_every_way_is_scored_as_item_by_item(n_codes):
    rng = np.random.default_rng(n_codes)
    codes, fold_of = rng.integers(-1, n_codes, size=200), rng.integers(5, size=200)
    ways = rng.random((4, 200)) < 0.3
    assert out_of_fold_aucs(codes, ways, fold_of) == pytest.approx(
        [plainly(codes, way, fold_of) for way in ways], abs=1e-9
    )


def test_outcomes_are_dealt_out_within_folds_and_letters_stay_alike():
    rng = np.random.default_rng(0)
    letters = np.repeat(np.arange(60), 3)
    overturned = np.repeat(rng.random(60) < 0.4, 3)
    fold_of = (letters % 5).astype(np.intp)
    ways = shuffled_outcomes(overturned, letters, fold_of, n_ways=20, seed=1)
    assert len(np.unique(ways, axis=0)) > 10
    for way in ways:
        assert all(len(set(way[letters == letter])) == 1 for letter in range(60))
        for fold in range(5):
            assert way[fold_of == fold].sum() == overturned[fold_of == fold].sum()
