from __future__ import annotations

import pytest

from imr_ml.published import category_prior
from imr_ml.simulating.cases import draw_case
from imr_ml.simulating.content import content
from imr_ml.simulating.dice import Dice
from imr_ml.simulating.wording import wording

MADE_OF = content()


@pytest.mark.parametrize("fact", MADE_OF.facts.values(), ids=lambda fact: fact.name)
def test_shares_of_a_fact_add_up_and_name_its_levels(fact):
    for shares in fact.shares.values():
        assert sum(share for _, share in shares) == pytest.approx(1)
        assert [level for level, _ in shares] == list(fact.levels)
    assert fact.scope in ("letter", "worker", "item")


@pytest.mark.parametrize("treatment", MADE_OF.treatments.values(), ids=lambda treatment: treatment.name)
def test_a_treatment_is_decided_by_known_levels_and_has_its_calibration(treatment):
    for name, effects in treatment.effects.items():
        assert set(effects) == set(MADE_OF.facts[name].levels)
    assert treatment.category in set(category_prior()["treatment_category"])
    assert MADE_OF.weights[treatment.name] > 0
    assert -6 < MADE_OF.intercepts[treatment.name] < 0
    assert 0 < treatment.overturn_rate < 0.35
    assert bool(treatment.products) != bool(treatment.words)
    assert bool(treatment.words_unspecified) == bool(treatment.sessions)


def test_parts_of_a_category_add_up():
    parts: dict[str, float] = {}
    for treatment in MADE_OF.treatments.values():
        parts[treatment.published] = parts.get(treatment.published, 0) + treatment.part
    assert parts == pytest.approx(dict.fromkeys(parts, 1.0))
    assert sum(treatment.share for treatment in MADE_OF.treatments.values()) == pytest.approx(1)


def test_every_fact_that_decides_something_can_be_read_in_the_letter():
    """A level is stated in words, or by the request, the dates, or silence where another level speaks."""
    for fact in MADE_OF.facts.values():
        silent = [level.name for level in fact.levels.values() if not level.summary]
        if fact.place == "none":
            assert fact.name in ("size", "site", "chronicity", "operation_need")
        else:
            assert len(silent) <= 1, fact.name
            assert all(len(level.summary) >= 2 for level in fact.levels.values() if level.summary), fact.name
        assert all(level.grounds for level in fact.levels.values())


def test_every_wording_finds_its_slots():
    case = draw_case(Dice("slots"), 1, MADE_OF)
    of_case = set(case.slots)
    of_item = of_case | set(case.items[0].slots) | {"times", "count", "more"}
    for fact in MADE_OF.facts.values():
        for level in fact.levels.values():
            for text in level.summary:
                assert wording(text).slots() <= (of_item if fact.scope == "item" else of_case), text
            for text in level.grounds:
                assert wording(text).slots() <= of_item, text
    for treatment in MADE_OF.treatments.values():
        for text in (*treatment.words, *treatment.words_unspecified, *treatment.guideline):
            assert wording(text).slots() <= of_item, text


def test_choices_are_closed_and_not_nested():
    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for part in value.values():
                yield from texts(part)
        elif isinstance(value, list | tuple):
            for part in value:
                yield from texts(part)

    for source in (MADE_OF.regions, MADE_OF.styles, MADE_OF.sentences):
        for text in texts(source):
            assert text.count("[") == text.count("]") and text.count("{") == text.count("}"), text
    for fact in MADE_OF.facts.values():
        for level in fact.levels.values():
            for text in (*level.summary, *level.grounds):
                plain = "".join(part for part in wording(text).parts if isinstance(part, str))
                assert not set("[]{}|") & set(plain), text
