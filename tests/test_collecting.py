import gc

import pytest

from imr_ml.collecting import no_collection


@pytest.mark.parametrize("before", [True, False])
def test_collection_goes_on_as_before_whatever_happened(before: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if before else gc.disable)()
        with pytest.raises(ZeroDivisionError, match="division"), no_collection():
            assert not gc.isenabled()
            _ = 1 / 0
        assert gc.isenabled() is before
    finally:
        (gc.enable if was_on else gc.disable)()


def test_what_is_left_is_not_searched_at_once() -> None:
    searched: list[object] = []

    def note(phase: str, info: dict[str, int]) -> None:
        searched.append(phase)

    gc.callbacks.append(note)
    try:
        with no_collection():
            kept: list[list[int]] = [[] for _ in range(100_000)]
        also_kept: list[list[int]] = [[] for _ in range(10)]
    finally:
        gc.callbacks.remove(note)
    assert not searched
    assert len(kept) > len(also_kept)


def test_what_was_set_apart_from_collection_stays_so() -> None:
    kept: list[object] = []
    gc.freeze()
    try:
        with no_collection():
            pass
        # How many are set apart may change meanwhile: what nobody holds any longer dies there too.
        assert not any(one is kept for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(one is kept for one in gc.get_objects())
