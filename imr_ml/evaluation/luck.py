"""How far a single column's groups tell outcomes apart, and how far they would by luck alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

_PRIOR_ITEMS = 5


def out_of_fold_aucs(codes: Codes, overturned: NDArray[np.bool_], fold_of: Codes) -> Floats:
    """Rank items by the share overturned of their group among the other folds' items.

    Parameters
    ----------
    codes : ndarray of int, shape (n_items,)
        Each item's group, from 0.
    overturned : ndarray of bool, shape (n_ways, n_items)
        Outcomes, or several ways in which they might have fallen.
    fold_of : ndarray of int, shape (n_items,)

    Returns
    -------
    ndarray of shape (n_ways,)
        ROC AUC of the items' places within their folds.
    """
    fold_of = np.unique(fold_of, return_inverse=True)[1]
    codes = _that_teach(codes, fold_of)
    n_folds, n_codes = int(fold_of.max()) + 1, int(codes.max()) + 1
    cells = fold_of * n_codes + codes
    n = np.bincount(cells, minlength=n_folds * n_codes).reshape(n_folds, n_codes).astype(float)
    members = sparse.csr_matrix(
        (np.ones(len(cells)), (cells, np.arange(len(cells)))), shape=(n_folds * n_codes, len(cells))
    )
    hits = (members @ overturned.T.astype(float)).T.reshape(-1, n_folds, n_codes)
    places, sizes, found = [], [], []
    for fold in range(n_folds):
        asked = n[fold] > 0
        n_taught = n.sum(axis=0) - n[fold]
        hits_taught = hits.sum(axis=1) - hits[:, fold]
        base = hits_taught.sum(axis=1, keepdims=True) / n_taught.sum()
        chance = ((hits_taught + _PRIOR_ITEMS * base) / (n_taught + _PRIOR_ITEMS))[:, asked]
        size = np.broadcast_to(n[fold, asked], chance.shape)
        places.append(_middles(chance, size) / n[fold].sum())
        sizes.append(size)
        found.append(hits[:, fold, asked])
    positive = np.concatenate(found, axis=1)
    negative = np.concatenate(sizes, axis=1) - positive
    below = _middles(np.concatenate(places, axis=1), negative)
    return np.asarray((positive * below).sum(axis=1) / (positive.sum(axis=1) * negative.sum(axis=1)))


def _that_teach(codes: Codes, fold_of: Codes) -> Codes:
    """Make one group a fold of the groups that stand in that fold only: no other fold teaches of them."""
    codes = np.unique(codes, return_inverse=True)[1]
    first, last = np.full(codes.max() + 1, np.iinfo(np.intp).max), np.full(codes.max() + 1, -1)
    np.minimum.at(first, codes, fold_of)
    np.maximum.at(last, codes, fold_of)
    alone = (first == last)[codes]
    merged: Codes = np.unique(np.where(alone, -1 - fold_of, codes), return_inverse=True)[1]
    return merged


def _middles(values: Floats, weights: Floats) -> Floats:
    """Give how much weight lies below each value, and half of what lies on it, row by row."""
    order = np.argsort(values, axis=1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=1)
    upto = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    edge = ranked[:, 1:] != ranked[:, :-1]
    end = np.ones((len(values), 1), dtype=bool)
    below = np.concatenate([np.zeros((len(values), 1)), upto[:, :-1]], axis=1)
    low = np.maximum.accumulate(np.where(np.concatenate([end, edge], axis=1), below, 0.0), axis=1)
    high = np.where(np.concatenate([edge, end], axis=1), upto, np.inf)
    high = np.minimum.accumulate(high[:, ::-1], axis=1)[:, ::-1]
    middles = np.empty_like(upto)
    np.put_along_axis(middles, order, (low + high) / 2, axis=1)
    return middles


def shuffled_outcomes(
    overturned: NDArray[np.bool_], letters: Codes, fold_of: Codes, *, n_ways: int, seed: int
) -> NDArray[np.bool_]:
    """Deal the letters' outcomes out anew within each fold: what a column then tells, it tells by luck.

    Each letter gets the outcomes of another one, as many of them as it has items, from the first again where
    that one has fewer: outcomes of a letter are alike, and must stay so.

    Parameters
    ----------
    overturned : ndarray of bool, shape (n_items,)
    letters, fold_of : ndarray of int, shape (n_items,)
        Letters by numbers from 0.

    Returns
    -------
    ndarray of bool, shape (n_ways, n_items)
        Ways in which all items have one outcome are none, and left out.

    Examples
    --------
    >>> y, letters = np.array([True, True, False, False]), np.array([0, 0, 1, 1])
    >>> ways = shuffled_outcomes(y, letters, np.zeros(4, dtype=int), n_ways=9, seed=0)
    >>> np.unique(ways, axis=0).tolist()
    [[False, False, True, True], [True, True, False, False]]
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(letters, kind="stable")
    sizes = np.bincount(letters)
    starts = np.cumsum(sizes) - sizes
    place = np.arange(len(letters)) - starts[letters[order]]
    fold_of_letter = np.zeros(len(sizes), dtype=np.intp)
    fold_of_letter[letters] = fold_of
    by_fold = np.argsort(fold_of_letter, kind="stable")
    ways = np.empty((n_ways, len(overturned)), dtype=bool)
    for way in ways:
        giver = np.empty(len(sizes), dtype=np.intp)
        giver[by_fold] = np.lexsort((rng.random(len(sizes)), fold_of_letter))
        giver = giver[letters[order]]
        way[order] = overturned[order][starts[giver] + place % sizes[giver]]
    return ways[ways.any(axis=1) & ~ways.all(axis=1)]
