from __future__ import annotations

import itertools

import pytest

from imr_ml.errors import OutputError
from imr_ml.simulating import simulate, simulate_letters


def test_letters_are_the_same_twice_and_whatever_their_number():
    few = [(letter.name, letter.text, letter.truth) for letter in simulate_letters(3, seed=5)]
    many = [(letter.name, letter.text, letter.truth) for letter in simulate_letters(9, seed=5)]
    assert few == many[:3]
    assert next(simulate_letters(1, seed=6)).text != few[0][1]


def test_every_letter_says_what_it_is():
    for letter in itertools.islice(simulate_letters(200, seed=1), 200):
        assert letter.text.startswith("SYNTHETIC LETTER made by imr-ml simulate, seed 1: not a real")
        assert letter.name.startswith("SYN")


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_a_number_of_letters_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="n_letters must be from 1 to 9,999,999"):
        simulate_letters(number)


@pytest.mark.parametrize("pdf", [False, True])
def test_a_folder_is_written_alike_twice(tmp_path, pdf):
    first = simulate(tmp_path / "a", n_letters=4, seed=2, pdf=pdf)
    simulate(tmp_path / "b", n_letters=4, seed=2, pdf=pdf)
    names = sorted(path.name for path in first.folder.iterdir())
    assert len(names) == 5 and "truth.csv" in names
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)
    assert first.n_letters == 4 and first.n_items >= 4


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="exists and is not empty"):
        simulate(tmp_path, n_letters=1)
