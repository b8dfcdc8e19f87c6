"""The families of features and how they stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.base import TransformerMixin
from sklearn.pipeline import FeatureUnion

from imr_ml.errors import TrainingError
from imr_ml.estimating.blending import CODES, EXPECTED, WORTH, Blocks
from imr_ml.features.bearing import Bearing
from imr_ml.features.categories import Categories
from imr_ml.features.cohorts import CohortCodes, PublishedRate
from imr_ml.features.criteria import Criteria
from imr_ml.features.dispute import Dispute
from imr_ml.features.guidelines import Guidelines
from imr_ml.features.history import History
from imr_ml.features.patient import Patient
from imr_ml.features.reviewer import Reviewer
from imr_ml.features.treatment import Treatment
from imr_ml.features.wording import Words
from imr_ml.features.worth import ExpectedWorth

FILING_FAMILIES = (
    "request words",
    "summary words",
    "categories",
    "request facts",
    "guidelines",
    "summary facts",
    "bearing",
    "criteria",
    WORTH,
    "dispute",
    "patient",
)
ASSIGNMENT_FAMILIES = (*FILING_FAMILIES, "reviewer")

_CATEGORY_COLUMNS = (
    "treatment_category",
    "treatment_subcategory",
    "diagnosis_category",
    "diagnosis_subcategory",
    "review_type",
    "age_range",
)


def family(name: str) -> TransformerMixin:
    """Make the unfitted transformer of one family.

    Raises
    ------
    TrainingError
        If there is no such family; the message lists them.
    """
    if name == "request words":
        return Words("request", min_letters=2)
    if name == "summary words":
        return Words("summary", pairs=False)
    if name == "summary words with judgements":
        return Words("case_summary", pairs=False)
    if name == "categories":
        return Categories(_CATEGORY_COLUMNS)
    if name == "dispute":
        return Dispute()
    if name == "patient":
        return Patient()
    if name == "request facts":
        return Treatment()
    if name == "guidelines":
        return Guidelines()
    if name == "summary facts":
        return History()
    if name == "bearing":
        return Bearing()
    if name == "criteria":
        return Criteria()
    if name == WORTH:
        return ExpectedWorth()
    if name == "reviewer":
        return Reviewer()
    raise TrainingError(
        f"no feature family is named {name!r}; there are {', '.join(ASSIGNMENT_FAMILIES)}", about="families"
    )


def families_of(stage: str) -> tuple[str, ...]:
    """Name the families of a stage."""
    return FILING_FAMILIES if stage == "filing" else ASSIGNMENT_FAMILIES


def build_features(names: Sequence[str]) -> FeatureUnion:
    """Join families into one matrix of shape (n_items, n_features), with what names the items' cohorts.

    All are sparse and in single precision: of such parts the join takes no more room than its result.
    """
    families = [(name, family(name)) for name in names]
    special = [(CODES, CohortCodes()), (EXPECTED, PublishedRate())]
    return FeatureUnion([*families, *special], verbose_feature_names_out=False)


def blocks_of(features: FeatureUnion) -> Blocks:
    """Tell which columns of the matrix come from which family: the first, and the one past the last."""
    blocks, first = {}, 0
    for name, transformer in features.transformer_list:
        past = first + len(transformer.get_feature_names_out())
        blocks[name] = (first, past)
        first = past
    return blocks
