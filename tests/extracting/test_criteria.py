import pytest

from imr_ml.extracting.criteria import parse


def test_a_rule_names_what_must_be_stated() -> None:
    with pytest.raises(ValueError, match="name a fact that must be stated"):
        parse("has_spasm; ~has_worsening & ~is_care_had")
