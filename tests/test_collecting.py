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
