from __future__ import annotations

import numpy as np

from imr_ml.evaluation.duplicates import near_duplicates


def texts(n: int, *, seed: int = 0, n_words: int = 150) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(f"word{number}" for number in rng.integers(2000, size=n_words)) for _ in range(n)]


def test_a_copy_with_few_changes_is_found_among_many():
    many = texts(300)
    words = many[7].upper().split()
    words[10], words[90] = "changed", "again"
    found = near_duplicates([*many, " ".join(words)])
    assert found[["first", "second"]].to_numpy().tolist() == [[7, 300]]
    assert 0.8 <= found["similarity"].iloc[0] < 1


def test_a_copy_with_every_twentieth_word_misread_is_found():
    many = texts(40)
    rng = np.random.default_rng(9)
    scans = [" ".join(f"{word}x" if rng.random() < 0.05 else word for word in text.split()) for text in many]
    found = near_duplicates([*many, *scans])
    assert len(found) >= 38 and (found["second"] - found["first"]).eq(40).all()


def test_texts_that_share_half_are_no_copies():
    one, other = texts(2)
    half = " ".join(one.split()[:75] + other.split()[:75])
    assert near_duplicates([one, half]).empty


def test_short_texts_are_never_paired():
    assert near_duplicates(["The worker has low back pain."] * 3).empty


def test_many_like_texts_give_a_chain_and_not_every_pair():
    assert len(near_duplicates(texts(1) * 50)) == 49


def test_nothing_to_compare():
    assert near_duplicates([]).empty
