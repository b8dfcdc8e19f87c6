from __future__ import annotations

import pickle

import pytest

from imr_ml.errors import ImrError, ReadError, TrainingError

COMMAND = {"items": "data/items.csv", "order_by": "--order-by", "pool": "--pool", "start": "--start"}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ImrError("no rows", about="items"), "data/items.csv: no rows"),
        (ImrError("must be a year, not 'x'", about="start"), "--start must be a year, not 'x'"),
        (ImrError("name a column by order_by", about="items"), "data/items.csv: name a column by --order-by"),
        (ImrError("ask for both by pool=True"), "ask for both by --pool"),
        # Words like any other, though parameters bear the same names.
        (ImrError("nothing at the start: the items pool"), "nothing at the start: the items pool"),
        (ImrError("no such file", about="other.csv"), "other.csv: no such file"),
    ],
)
def test_an_error_speaks_in_the_names_of_the_command(error, told) -> None:
    assert error.told_as(COMMAND) == told


# Reading and evaluating happen in other processes.
@pytest.mark.parametrize("error", [ReadError("a.pdf", "is empty"), TrainingError("too few", about="items")])
def test_an_error_passes_from_one_process_to_another(error) -> None:
    passed = pickle.loads(pickle.dumps(error))
    assert (type(passed), str(passed), passed.about) == (type(error), str(error), error.about)
