import pandas as pd
import pytest

from imr_ml.extracting import facts
from imr_ml.extracting.grammar.assertions import CARE
from imr_ml.extracting.items.bearing import BEARING_COLUMNS, bearing, criteria_judged
from imr_ml.extracting.summaries.tables import read_record, summary_columns
from imr_ml.resources import read_rows

SUMMARY = (
    "Low back pain radiates down the leg. Treatment to date has included Norco, which helped, and six "
    "sessions of physical therapy. MRI of the lumbar spine showed a disc herniation. No spasm."
)


@pytest.mark.parametrize(
    ("request_words", "expected"),
    [
        ("Physical therapy 12 visits for the lumbar spine", {"is_care_had": 1, "n_care_sessions_had": 6}),
        ("MRI of the lumbar spine", {"is_care_had_for_part": 1, "is_imaging_abnormal": 1}),
        ("MRI of the left knee", {"is_care_had_for_part": 0, "is_part_in_summary": 0}),
        ("X-ray of the spine", {"is_part_in_summary": 1, "is_imaging_of_part_done": 1}),
        ("Norco 10/325mg #60", {"is_drug_taken": 1, "is_drug_class_taken": 1, "is_drug_helpful": 1}),
        ("Percocet 5/325mg #60", {"is_drug_class_taken": 1}),
        ("Flexeril 10mg #30", {"is_drug_taken": 0, "is_indication_stated": 0}),
        ("Lumbar epidural steroid injection", {"is_indication_stated": 1}),
        ("Lower extremity brace", {"is_part_in_summary": 1}),
    ],
)
def test_holds_item_against_summary(request_words: str, expected: dict[str, float]) -> None:
    assert expected.items() <= bearing(request_words, read_record(SUMMARY)).items()


@pytest.mark.parametrize(
    ("request_words", "summary", "taken", "helpful"),
    [
        ("Naproxen", "Naproxen upset his stomach and was stopped. Norco relieves pain by half.", 1, 0),
        ("Naproxen", "He could not tolerate naproxen. Norco reduces pain.", 1, 0),
        ("Lyrica", "He did not tolerate Lyrica or Neurontin. Norco helps.", 1, 0),
        ("Ultracet", "He is intolerant of tramadol. Norco is effective.", 1, 0),
        ("Norco", "He could not tolerate a taper of Norco.", 1, None),
        ("Norco", "Norco causes constipation.", 1, None),
        ("Naproxen", "Naproxen had to be stopped due to bleeding.", 1, 0),
        # the result of another drug is none of this one
        ("Tramadol", "Tramadol was abandoned owing to nausea; Norco cuts his pain from 8 to 4.", 1, None),
        ("Norco", "Tramadol was abandoned owing to nausea; Norco cuts his pain from 8 to 4.", 1, 1),
        ("Naproxen", "Gabapentin was stopped due to sedation. Cyclobenzaprine helped.", 0, None),
        ("Omeprazole", "Tramadol gave 50% relief.", 0, None),
        ("Norco", "He takes Norco. Ibuprofen failed.", 1, None),
        ("Norco", "He takes Norco. Muscle relaxants helped.", 1, None),
        # that of drugs as a whole is, and that of its class
        ("Soma", "He takes Norco and Soma. The medications help him function.", 1, 1),
        ("Naproxen", "He takes Norco and Soma. The medications help him function.", 0, None),
        ("Norco", "Opioids give him 40% relief.", None, 1),
        # what drugs have in common by the way does not make them the same
        ("Norco", "He takes over-the-counter acetaminophen.", 0, None),
        ("Percocet", "He takes Norco.", 0, None),
        ("Tylenol #3", "Ultracet helps.", 0, None),
        ("Fioricet", "Excedrin failed.", 0, None),
        ("Vimovo", "He takes Prilosec.", 0, None),
        ("Tylenol", "Acetaminophen did not help.", 1, 0),
        ("Duexis", "Ibuprofen failed.", 1, 0),
        ("Norco and Flexeril", "He takes cyclobenzaprine.", 1, None),
    ],
)
def test_a_drug_has_its_own_result(
    request_words: str, summary: str, taken: float | None, helpful: float | None
) -> None:
    found = bearing(request_words, read_record(summary))
    assert (found.get("is_drug_taken"), found.get("is_drug_helpful")) == (taken, helpful)


def test_a_part_is_spoken_of_where_its_care_is_denied() -> None:
    found = bearing("MRI of the right knee", read_record("No MRI of the right knee has been done."))
    assert found["is_part_in_summary"] == 1 and found["is_care_had"] == 0


def test_an_adjunct_depends_on_the_operation_of_its_letter() -> None:
    nothing = read_record("")
    adjunct = "Associated surgical service: cold therapy unit"
    assert bearing(adjunct, nothing)["is_dependent_on_operation"] == 0
    found = bearing(adjunct, nothing, ["Lumbar laminectomy L4-5", "Norco #60"])
    assert found["is_dependent_on_operation"] == found["has_operation_in_letter"] == 1
    assert found["n_other_items"] == 2 and found["n_other_of_category"] == 1


def test_plans_and_reviews_of_a_treatment_are_not_the_treatment() -> None:
    record = read_record("Acupuncture was requested. Utilization review denied acupuncture.")
    assert "is_care_had" not in bearing("Acupuncture 6 sessions", record)


def test_gives_a_table_in_order_with_missing_values() -> None:
    table = pd.DataFrame({"item_id": list("abc"), "request": ["xyzzy", None, "MRI of the knee"]})
    found = facts(table)[list(BEARING_COLUMNS)]
    assert found["is_part_in_summary"].isna().all()
    assert found["n_other_items"].isna().all()


def test_other_items_are_those_of_the_same_letter_or_unknown() -> None:
    requests = ["Lumbar fusion L4-5", "Post-op physical therapy", "Norco #60", "Assistant surgeon"]
    table = pd.DataFrame({"item_id": list("wxyz"), "letter_id": list("abab"), "request": requests})
    table.loc[3, "request"] = None
    found = facts(table)
    assert found["n_other_items"].fillna(-1).tolist() == [1, 0, 1, -1]
    assert found["has_operation_in_letter"].fillna(False).tolist() == [False, False, True, False]
    assert facts(table.assign(n_items=[2, 2, 3, 2]))["n_other_items"].fillna(-1).tolist() == [1, 0, -1, -1]
    assert facts(table.assign(other_requests=None))["n_other_items"].fillna(-1).tolist() == [0, 0, 0, -1]
    unknown = table.assign(other_requests=None, n_items=[2, 1, 3, 1])
    assert facts(unknown)["n_other_items"].fillna(-1).tolist() == [-1, 0, -1, -1]
    written = table.assign(other_requests=['["Lumbar fusion L4-5", "MRI"]', "Norco #60", "[not a list", None])
    assert facts(written)["n_other_items"].fillna(-1).tolist() == [2, 1, 1, -1]
    of_letter = [name for name in BEARING_COLUMNS if "other" in name or "in_letter" in name]
    assert facts(table[["item_id", "request"]])[of_letter].isna().all(axis=None)


@pytest.mark.parametrize(
    "row", read_rows("lexicons/summary_indications.csv"), ids=lambda row: row["requested"]
)
def test_indications_name_known_things(row: dict[str, str]) -> None:
    facts = {fact["fact"] for fact in read_rows("lexicons/summary_facts.csv") if fact["kind"] in CARE}
    classes = {drug["drug_class"] for drug in read_rows("lexicons/drugs.csv")}
    assert row["requested"] in facts | classes and row["source"]
    for name in row["indications"].split(";"):
        planned = name.endswith(" planned")
        column = f"is_{name.removesuffix(' planned')}_planned" if planned else f"has_{name.replace(' ', '_')}"
        assert column in summary_columns()


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Visits attended: 5. Visits requested: 6.", {"is_care_had": 1, "n_care_sessions_had": 5}),
        ("Completed: 10 of 12 visits.", {"n_care_sessions_had": 10}),
        ("She has attended 8 visits so far and wants 6 more visits.", {"n_care_sessions_had": 8}),
        ("Visits completed: 0; visits requested: 24.", {"is_care_had": 0}),
        ("Eight done: she drives again.", {"n_care_sessions_had": 8}),
        ("The worker completed 7: sleep is better.", {"n_care_sessions_had": 7}),
        ("Ten sessions done, and the neck is looser.", {"n_care_sessions_had": 10}),
        ("Seven sessions brought his pain from 8 to 3.", {"n_care_sessions_had": 7}),
        ("Twenty-two visits so far, without a change.", {"n_care_sessions_had": 22}),
        ("Forty-two visits and she is no better.", {"n_care_sessions_had": 42}),
        ("Twelve visits are asked for, on top of 18 attended last year.", {"n_care_sessions_had": 18}),
        ("10 of 12 done.", {"n_care_sessions_had": 10}),
        ("Seven held.", {"n_care_sessions_had": 7}),
        ("Sixty treatments over four years without a gain.", {"n_care_sessions_had": 60}),
        ("No therapy has been given.", {"is_care_had": 0}),
        ("She has yet to see a therapist.", {"is_care_had": 0}),
        ("Needles have not been tried.", {"is_care_had": 0}),
    ],
)
def test_visits_of_unnamed_care_are_those_of_the_item(summary: str, expected: dict[str, float]) -> None:
    assert expected.items() <= bearing("Acupuncture 2x6 for the neck", read_record(summary)).items()


@pytest.mark.parametrize(
    "summary",
    [
        "Twelve visits were requested. Six visits were authorized.",
        "Massage helped for a day. She completed 9 sessions.",
        "At the last visit of 3/2/2015 pain was 7.",
        "Six visits to be done. Eight more are wanted.",
        "The form was completed 3/4/2015, and part 2 done in June.",
        "No therapy since 2011.",
        "Twelve visits over six weeks are requested.",
        "No further visits were attended.",
    ],
)
def test_visits_asked_for_or_of_other_care_are_none_of_the_item(summary: str) -> None:
    assert "n_care_sessions_had" not in bearing("Acupuncture 2x6 for the neck", read_record(summary))


@pytest.mark.parametrize(
    ("request_words", "summary", "expected"),
    [
        ("TENS unit", "No electrical stimulation device has been used.", {"is_care_had": 0}),
        ("H-wave unit", "He has never used a stimulator.", {"is_care_had": 0}),
        ("Cervical epidural steroid injection", "No injections have been given.", {"is_care_had": 0}),
        ("MRI of the left hip", "No MRI of the left hip has been done.", {"is_imaging_of_part_done": 0}),
    ],
)
def test_care_is_denied_with_all_of_its_kind(
    request_words: str, summary: str, expected: dict[str, float]
) -> None:
    assert expected.items() <= bearing(request_words, read_record(summary)).items()


@pytest.mark.parametrize(
    "summary",
    [
        "He had massage of the neck only, none to the back.",
        "His massage was of the neck, and the back has had none.",
    ],
)
def test_a_part_that_had_none_is_no_part_of_the_care(summary: str) -> None:
    record = read_record(summary)
    assert bearing("Massage for the low back", record)["is_care_had_for_part"] == 0
    assert bearing("Massage for the neck", record)["is_care_had_for_part"] == 1


def test_who_cannot_grip_needs_no_cane() -> None:
    for summary, is_met in (("The left wrist is unstable.", None), ("The left knee is unstable.", True)):
        record = read_record(summary)
        assert criteria_judged("Cane", record, bearing("Cane", record))["need for support"] is is_met


def test_of_another_kind_denied_nothing_is_known() -> None:
    assert "is_care_had" not in bearing("TENS unit", read_record("No injections have been given."))
    other = bearing("MRI of the left hip", read_record("No MRI of the right hip has been done."))
    assert "is_imaging_of_part_done" not in other


@pytest.mark.parametrize(
    ("request_words", "summary", "criterion", "is_met"),
    [
        ("Shock wave therapy", "No tendon trouble was found.", "condition that shock waves treat", False),
        ("Shock wave therapy", "Her husband has heel pain.", "condition that shock waves treat", None),
        ("TENS unit, 30 day rental", "Neck pain is constant.", "rented for a trial", True),
        ("TENS unit, 30 day rental", "The TENS unit helped her for a year.", "rented for a trial", None),
        ("Right wrist splint", "Phalen's is positive at the right wrist.", "need for support", True),
        ("Functional capacity evaluation", "A fusion is planned.", "near the end of treatment", False),
        ("Physical therapy x 6", "He never had surgery.", "recent operation", False),
        ("Lumbar epidural", "Twelve visits of PT did not help.", "conservative care failed", True),
        ("Lumbar epidural", "The epidural of May did not help.", "conservative care failed", None),
        ("EEG", "He has had no syncope.", "head injury or fainting", False),
        ("BAER", "She hears ringing.", "hearing troubled, or a head injury", True),
        ("Chiropractic x 12", "He had 30 adjustments in 2014.", "first course of usual length", False),
    ],
)
def test_criteria_are_answered(request_words: str, summary: str, criterion: str, is_met: bool | None) -> None:
    record = read_record(summary)
    judged = criteria_judged(request_words, record, bearing(request_words, record))
    assert judged[criterion] is is_met


@pytest.mark.parametrize(
    ("request_words", "others", "expected"),
    [
        ("Post-op physical therapy 12 visits left knee", ["Right carpal tunnel release"], 0),
        ("Post-op physical therapy 12 visits left knee", ["Left knee arthroscopy"], 1),
        ("Post-op physical therapy 12 visits left knee", ["Right knee arthroscopy"], 0),
        ("Pre-op chest x-ray", ["Right total knee replacement"], 1),
        ("Cold therapy unit 7 days, right knee", ["Right knee arthroscopy"], 1),
        ("Cold therapy unit 7 days, right knee", ["Norco #60"], None),
        ("Shoulder sling", ["Right carpal tunnel release"], None),
        ("EKG", ["Right total knee replacement"], 1),
        ("TENS unit", ["Right total knee replacement"], None),
        ("Norco 10/325mg #60", ["Right total knee replacement"], None),
    ],
)
def test_items_go_with_operations_of_their_part_and_side(
    request_words: str, others: list[str], expected: float | None
) -> None:
    assert bearing(request_words, read_record("Pain."), others).get("is_dependent_on_operation") == expected


CARE_OF_PARTS = "Physical therapy for the left shoulder and chiropractic for the neck were completed."


@pytest.mark.parametrize(
    ("summary", "request_words", "expected"),
    [
        (CARE_OF_PARTS, "Right knee arthroscopy", 0),
        (CARE_OF_PARTS, "Left shoulder arthroscopy", 1),
        (CARE_OF_PARTS, "Right shoulder arthroscopy", 0),
        (CARE_OF_PARTS, "Norco 10/325mg #60", 2),
        ("Physical therapy was completed.", "Right knee arthroscopy", 1),
        ("Physical therapy for the spine was completed.", "MRI of the lumbar spine", 1),
        ("Physical therapy for the neck was completed. He has had physical therapy.", "Knee MRI", 1),
    ],
)
def test_conservative_care_is_that_of_the_part(summary: str, request_words: str, expected: float) -> None:
    assert bearing(request_words, read_record(summary))["n_conservative_care"] == expected


@pytest.mark.parametrize(
    ("request_words", "column", "expected"),
    [
        ("Right shoulder steroid injection", "is_care_had", 1),
        ("Left shoulder steroid injection", "is_care_had_for_part", 0),
        ("Right knee steroid injection", "is_care_had", None),
        ("Physical therapy for the right shoulder", "is_care_had", None),
    ],
)
def test_an_injection_without_its_kind_is_the_one_asked_for_there(
    request_words: str, column: str, expected: float | None
) -> None:
    record = read_record("An injection into the right shoulder gave relief for two weeks.")
    assert bearing(request_words, record).get(column) == expected
