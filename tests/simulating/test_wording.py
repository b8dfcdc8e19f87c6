from __future__ import annotations

import pytest

from imr_ml.simulating.dice import Dice
from imr_ml.simulating.wording import listed, say, wording


def test_choices_numbers_and_slots_are_filled():
    said = {wording("[a|b {x}|] {3-4} c").say(Dice(n), {"x": "y"}) for n in range(60)}
    assert said == {"a 3 c", "a 4 c", "b y 3 c", "b y 4 c", "3 c", "4 c"}


def test_a_sentence_begins_with_a_capital_and_has_no_gaps():
    assert say(Dice(1), ["{x} , then [|] ."], {"x": "one"}) == "One, then."


def test_a_slot_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError, match="nobody"):
        wording("{nobody}").say(Dice(1), {})


@pytest.mark.parametrize(
    ("words", "joined"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b, and c")]
)
def test_lists_are_joined(words, joined):
    assert listed(words) == joined


def test_dice_of_one_name_fall_alike():
    assert [Dice("a", 1).uniform() for _ in range(2)] == [Dice("a", 1).uniform()] * 2
    assert Dice("a", 1).uniform() != Dice("a", 2).uniform()


def test_dice_are_those_of_every_machine():
    assert round(Dice("case", 0, 1).uniform(), 12) == pytest.approx(0.0, abs=1)
    draws = [Dice("w", n).weighted((("a", 3.0), ("b", 1.0), ("c", 0.0))) for n in range(2000)]
    assert draws.count("a") / 2000 == pytest.approx(0.75, abs=0.04) and "c" not in draws
    assert {Dice("i", n).integer(2, 4) for n in range(60)} == {2, 3, 4}
