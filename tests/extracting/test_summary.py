import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_ml.extracting.grammar.sentences import words_of
from imr_ml.extracting.grammar.words import expanded, find_hits, phrasebook
from imr_ml.extracting.summaries.summary import summary_findings
from imr_ml.extracting.summaries.tables import summary_columns
from imr_ml.resources import read_rows

STATED = [
    # Denied and found: lists, commas, "or", "but".
    ("He denies numbness, tingling, or weakness.", {"numbness": "denied", "weakness": "denied"}),
    ("There is no spasm, but tenderness is noted.", {"spasm": "denied", "tenderness": "present"}),
    ("No swelling, tenderness over the joint line.", {"swelling": "denied", "tenderness": "present"}),
    ("The patient denied radiating pain.", {"radiating_pain": "denied"}),
    ("Spasm was not present.", {"spasm": "denied"}),
    ("He doesn't smoke.", {"smoking": "denied"}),
    ("She is a nonsmoker.", {"smoking": "denied"}),
    ("Without any signs of infection.", {"infection": "denied"}),
    # Tests take their result from before or after.
    ("Straight leg raise was positive on the right.", {"straight_leg_raise": "present"}),
    ("Negative straight leg raise.", {"straight_leg_raise": "denied"}),
    ("Negative Neer, Hawkins and Speed tests.", {"shoulder_signs": "denied"}),
    ("Tinel's and Phalen's tests are positive.", {"nerve_entrapment_signs": "present"}),
    ("Sensation to light touch was intact.", {"sensory_loss": "denied"}),
    ("Range of motion of the neck is restricted.", {"limited_motion": "present"}),
    ("Full range of motion.", {"limited_motion": "denied"}),
    ("There was no restriction of range of motion.", {"limited_motion": "denied"}),
    ("Pain with range of motion.", {}),
    ("Strength was 4/5 in abduction.", {"weakness": "present"}),
    ("Motor strength is 5 out of 5.", {"weakness": "denied"}),
    ("Achilles reflex is 1+.", {"reflex_change": "present"}),
    ("+ Neer, + Hawkins, sensation intact.", {"shoulder_signs": "present", "sensory_loss": "denied"}),
    ("Gait is antalgic.", {"gait_change": "present"}),
    # Past, possible, somebody else's, utilization review's.
    ("History of diabetes.", {"diabetes": "historical"}),
    ("Family history of diabetes.", {"diabetes": "unrelated"}),
    ("Family history: diabetes.", {"diabetes": "unrelated"}),
    ("In 1999, long before this claim, he had acupuncture.", {"acupuncture": "unrelated"}),
    ("Allergies: penicillin.", {"penicillin": "unrelated"}),
    ("Surgical history: none.", {"surgery": "denied"}),
    ("Waddell signs were absent.", {"low_back_signs": "denied"}),
    ("Lupus was excluded by a blood test.", {"autoimmune_disease": "denied"}),
    ("The Achilles reflex is absent.", {"reflex_change": "present"}),
    ("He is naive to acupuncture.", {"acupuncture": "denied"}),
    ("MRI to rule out a fracture.", {"mri": "planned", "fracture": "possible"}),
    ("Possible radiculopathy.", {"radiculopathy": "possible"}),
    # What it decides on was asked for; of its reasons nothing counts.
    ("Utilization review denied the MRI as there was no weakness.", {"mri": "planned", "weakness": "quoted"}),
    # Care: had, planned, not had.
    (
        "PT was completed and acupuncture was requested.",
        {"physical_therapy": "present", "acupuncture": "planned"},
    ),
    ("Acupuncture and an MRI were requested.", {"acupuncture": "planned", "mri": "planned"}),
    ("Tenderness was noted and numbness was denied.", {"tenderness": "present", "numbness": "denied"}),
    ("Treatment to date has included acupuncture.", {"acupuncture": "present"}),
    ("The treatment plan included acupuncture.", {"acupuncture": "planned"}),
    ("Acupuncture was recommended.", {"acupuncture": "planned"}),
    ("The plan was to continue physical therapy and order an MRI.", {"mri": "planned"}),
    ("He has not started physical therapy.", {"physical_therapy": "denied"}),
    ("She requested surgery after failed injections.", {"surgery": "planned", "injection": "present"}),
    ("PT helped.", {"physical_therapy": "present"}),
    ("Pt complains of numbness.", {"numbness": "present"}),
    (
        "ACL reconstruction is requested along with a hinged brace.",
        {"surgery": "planned", "brace": "planned"},
    ),
    ("The provider prescribed physical therapy.", {"physical_therapy": "planned"}),
    ("He discontinued tramadol and started Norco.", {"hydrocodone;acetaminophen": "present"}),
    ("She was given tramdol.", {"tramadol": "present"}),
    # L5-S1 is no grade; reflexes alike on both sides say nothing; flexion in degrees has its own result.
    ("Reflexes are 1+ bilaterally.", {}),
    ("Reflexes are 1+.", {}),
    ("Reflexes are 1+ on the left.", {"reflex_change": "present"}),
    ("The reflex at the ankle is 1+.", {"reflex_change": "present"}),
    ("DTR (deep tendon reflexes) are 1+.", {}),
    ("Left knee jerk is 1+.", {"reflex_change": "present"}),
    ("Pain at L5-S1, reflexes normal.", {"reflex_change": "denied"}),
    ("Flexion 40 degrees, motor intact.", {"weakness": "denied"}),
    ("There is blurred vision.", {"eye_disorder": "present"}),
    # Care that is only weighed, put off or turned down; what was necessary at the time was had.
    ("An MRI of the neck would be of value.", {"mri": "planned"}),
    ("Acupuncture might ease the pain.", {"acupuncture": "planned"}),
    ("An EMG is reasonable at this point.", {"electrodiagnostics": "planned"}),
    ("It is reasonable to obtain an EMG.", {"electrodiagnostics": "planned"}),
    ("A CT was necessary to see the bone.", {"ct": "planned"}),
    ("Surgery was deemed appropriate.", {"surgery": "planned"}),
    ("Surgery would not be helpful.", {"surgery": "unplanned"}),
    ("Surgery is not a realistic option.", {"surgery": "unplanned"}),
    ("The MRI was called off.", {"mri": "possible"}),
    ("The MRI could not be completed.", {"mri": "possible"}),
    ("An MRI could not be obtained.", {"mri": "denied"}),
    ("A CT might show the fragment.", {"ct": "planned"}),
    ("TENS would be worth a try.", {"tens": "planned"}),
    ("The MRI fell through.", {"mri": "possible"}),
    ("He backed out of surgery.", {"surgery": "denied"}),
    ("Spasm is not a feature.", {"spasm": "denied"}),
    ("He had an MRI, and surgery would be the next step.", {"mri": "present", "surgery": "planned"}),
    ("He turned down surgery.", {"surgery": "denied"}),
    ("Surgery was necessary in 2012.", {"surgery": "present"}),
    ("With acupuncture he could help at home.", {"acupuncture": "present"}),
    ("After acupuncture, pain would ease for a day.", {"acupuncture": "present"}),
    ("Naproxen may help at night.", {"naproxen": "present"}),
    # Work, mechanism.
    ("The worker is on modified duty.", {"modified_duty": "present"}),
    ("He remains off work.", {"off_work": "present"}),
    ("Mechanism of injury was lifting.", {"lifting": "present"}),
    ("Pain is worse with lifting.", {}),
    # Nothing is invented.
    ("", {}),
    ("See above.", {}),
    ("El paciente tiene mucho dolor.", {}),
]


def statuses(summary: str) -> dict[str, str]:
    return {
        f.fact: f.status for f in summary_findings(summary) if f.kind not in ("part", "review", "medication")
    }


@pytest.mark.parametrize(("sentence", "expected"), STATED)
def test_states_facts(sentence: str, expected: dict[str, str]) -> None:
    assert expected.items() <= statuses(sentence).items()
    if not expected:
        assert statuses(sentence) == {}


@pytest.mark.parametrize(
    ("sentence", "fact", "value"),
    [
        ("Pain is rated 7/10.", "pain_score", [7]),
        ("Pain is 6-8 out of 10.", "pain_score", [8, 6]),
        ("Pain is 9/10 without medication and 4/10 with medication.", "pain_without_medication", [9]),
        ("Pain is 9/10 without medication and 4/10 with medication.", "pain_with_medication", [4]),
        ("Pain began on 8/10 of that year.", "pain_score", []),
        ("Strength is 4/5 with pain.", "pain_score", []),
        ("He attended six sessions of physical therapy.", "physical_therapy", [6]),
        ("Twelve (12) physical therapy visits were completed.", "physical_therapy", [12]),
        ("He completed 3 out of 12 acupuncture sessions.", "acupuncture", [3]),
        ("Acupuncture x 6 helped.", "acupuncture", [6]),
        ("BMI is 31.5.", "body_mass_index", [31.5]),
    ],
)
def test_reads_values(sentence: str, fact: str, value: list[float]) -> None:
    assert [f.value for f in summary_findings(sentence) if f.fact == fact] == value


@pytest.mark.parametrize(
    ("sentence", "fact", "result"),
    [
        ("MRI of the knee showed a meniscus tear.", "mri", "abnormal"),
        ("X-rays were normal.", "xray", "normal"),
        ("CT of the head showed no fracture.", "ct", "normal"),
        ("Urine drug screen was consistent with prescriptions.", "urine_drug_test", "normal"),
        ("X-rays were taken and physical examination showed weakness.", "xray", None),
        ("An MRI was done; exam revealed spasm.", "mri", None),
        ("MRI examination of the knee revealed a tear.", "mri", "abnormal"),
        ("MRI showed a tear, and on exam there is no weakness.", "mri", "abnormal"),
        ("The MRI was normal and he complains of numbness.", "mri", "normal"),
        ("Urine drug screen was inconsistent.", "urine_drug_test", "abnormal"),
        ("Acupuncture gave relief.", "acupuncture", "helped"),
        ("He failed physical therapy and acupuncture.", "acupuncture", "failed"),
        ("Acupuncture did not help.", "acupuncture", "failed"),
        ("Naproxen was not effective.", "naproxen", "failed"),
    ],
)
def test_reads_results(sentence: str, fact: str, result: str | None) -> None:
    assert [f.result for f in summary_findings(sentence) if f.fact == fact] == [result]


def test_keeps_contradictions_with_their_places() -> None:
    summary = "There is no weakness. Later, weakness was found."
    found = [(f.status, summary[f.span.start : f.span.end]) for f in summary_findings(summary)]
    assert found == [("denied", "weakness"), ("present", "weakness")]


def test_marks_facts_of_judging_sentences() -> None:
    (found,) = summary_findings("The records do not mention any red flags.")
    assert (found.fact, found.is_judged) == ("red_flags", True)


def test_names_the_part_that_a_study_is_of() -> None:
    (found,) = (f for f in summary_findings("An MRI of the left knee was taken.") if f.fact == "mri")
    assert found.parts == ("knee",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "PT for the shoulder and MRI of the knee were requested.",
            {"physical_therapy": ("shoulder",), "mri": ("knee",)},
        ),
        (
            "PT for the neck and left shoulder and chiropractic care for the low back were done.",
            {"physical_therapy": ("neck/cervical", "shoulder"), "chiropractic": ("low back/lumbar",)},
        ),
        (
            "She had an epidural injection of the lumbar spine and a knee brace.",
            {"epidural_injection": ("low back/lumbar",), "brace": ("knee",)},
        ),
        (
            "X-rays of the elbow and hip, wrist splint and a TENS unit were ordered.",
            {"xray": ("elbow", "hip"), "brace": ("wrist",)},
        ),
        ("He had PT and a lumbar MRI.", {"physical_therapy": (), "mri": ("low back/lumbar",)}),
        ("PT and MRI of the knee were done.", {"physical_therapy": (), "mri": ("knee",)}),
        # Without a part of its own, care takes its neighbour's.
        ("Right shoulder MRI and PT were done.", {"mri": ("shoulder",)}),
        ("Pain in the knee and MRI were discussed.", {"mri": ("knee",)}),
    ],
)
def test_care_takes_the_part_of_its_own_phrase(sentence: str, expected: dict[str, tuple[str, ...]]) -> None:
    parts = {f.fact: f.parts for f in summary_findings(sentence) if f.fact in expected}
    assert parts == expected


@pytest.mark.parametrize(
    ("sentence", "is_of_study"),
    [
        ("Exam shows fluid in the knee.", False),
        ("He complains of a mass and a torn feeling.", False),
        ("Exam shows a cyst and an MRI is requested.", False),
        ("X-rays were taken and exam showed fluid.", False),
        ("MRI shows fluid in the joint.", True),
        ("There is a cyst on MRI.", True),
    ],
)
def test_words_for_an_abnormal_image_need_an_image(sentence: str, is_of_study: bool) -> None:
    assert any(f.fact == "imaging_abnormality" for f in summary_findings(sentence)) is is_of_study


SENTENCES = [sentence for sentence, _ in STATED if sentence]


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), st.sampled_from(["\n", " \f", "  ", "\t"])
)
def test_line_and_page_breaks_change_nothing(sentences: list[str], white: str) -> None:
    flat = " ".join(sentences)
    broken = flat.replace(" ", white)

    def told(text: str) -> list[tuple[object, ...]]:
        return [
            (f.fact, f.status, f.value, f.result, text[f.span.start : f.span.end].split())
            for f in summary_findings(text)
        ]

    assert told(broken) == told(flat)


@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=5))
def test_each_sentence_says_the_same_in_any_company(sentences: list[str]) -> None:
    def told(text: str) -> list[tuple[str, str]]:
        # Whether 40 degrees are few depends on the part that a sentence before it names.
        return [(f.fact, f.status) for f in summary_findings(text) if f.fact != "limited_motion"]

    assert told(" ".join(sentences)) == [one for sentence in sentences for one in told(sentence)]


@given(st.text(max_size=200))
def test_any_text_is_read_and_places_lie_in_it(text: str) -> None:
    for finding in summary_findings(text):
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        assert finding.sentence.start <= finding.span.start and finding.span.end <= finding.sentence.end


@pytest.mark.parametrize("row", read_rows("lexicons/summary_facts.csv"), ids=lambda row: row["fact"])
def test_every_phrase_of_the_lexicon_is_found(row: dict[str, str]) -> None:
    assert set(row) == {"fact", "kind", "phrases", "meaning"} and all(row.values())
    book = phrasebook()
    for pattern in row["phrases"].split(";"):
        for phrase in expanded(pattern.strip().lstrip("-~")):
            hits, _ = find_hits(list(phrase), book)
            assert any(fact == row["fact"] for *_, entry in hits for fact, _, _ in entry.facts), phrase


@pytest.mark.parametrize("name", ["summary_facts", "summary_cues"])
def test_patterns_are_well_formed(name: str) -> None:
    for row in read_rows(f"lexicons/{name}.csv"):
        for pattern in row["phrases"].split(";"):
            assert pattern.count("(") == pattern.count(")") and pattern.count("[") == pattern.count("]")
            assert all(expanded(pattern.strip().lstrip("-~")))


def test_every_column_has_a_meaning() -> None:
    columns = summary_columns()
    assert all(name.startswith(("has_", "is_", "n_")) and meaning for name, meaning in columns.items())


def test_words_undo_plurals_and_contractions() -> None:
    assert words_of("Can't raise legs, isn't well; MRIs, PT vs Pt") == [
        *("cannot", "raise", "leg", ",", "not", "well", ";", "mri", ",", "PT", "vs", "pt")
    ]


LONG = [
    (
        "Prior care has included PT x 12 with no relief, chiropractic x 6, and LESI x 2 with 50% relief.",
        {"physical_therapy": ("failed", 12), "chiropractic": (None, 6), "epidural_injection": ("helped", 2)},
    ),
    (
        "She failed conservative care including NSAIDs, therapy at home, and a cortisone injection.",
        {
            "conservative_care": ("failed", None),
            "nsaid": ("failed", None),
            "steroid_injection": ("failed", None),
        },
    ),
    (
        "Pain of 7 out of 10 drops to 5 with medication.",
        {"pain_score": (None, 7), "pain_with_medication": (None, 5)},
    ),
    (
        "UDS was consistent with prescribed medications.",
        {"urine_drug_test": ("normal", None)},
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), LONG)
def test_gives_each_its_own_result(
    sentence: str, expected: dict[str, tuple[str | None, float | None]]
) -> None:
    found = {f.fact: (f.result, f.value) for f in summary_findings(sentence)}
    assert expected.items() <= found.items()


def test_grades_and_results_go_to_their_own_tests() -> None:
    summary = (
        "Sensation is decreased at L5, motor strength is 4/5 and reflexes are symmetric; straight leg raise "
        "is positive on the left and negative on the right."
    )
    assert [(f.fact, f.status) for f in summary_findings(summary) if f.kind == "test"] == [
        ("sensory_loss", "present"),
        ("weakness", "present"),
        ("reflex_change", "denied"),
        ("straight_leg_raise", "present"),
        ("straight_leg_raise", "denied"),
    ]


def test_what_is_aside_of_a_denial_is_not_denied() -> None:
    found = statuses("No functional benefit was noted from acupuncture.")
    assert found == {"functional_gain": "denied", "acupuncture": "present"}


def test_a_list_that_is_the_subject_is_planned_whole() -> None:
    found = statuses(
        "X-rays of the spine, a brace, talks with a friend of hers, and an MRI were also requested."
    )
    assert found == {"xray": "planned", "brace": "planned", "mri": "planned"}
    found = statuses("He has tried a brace, and an MRI was requested.")
    assert found == {"brace": "present", "mri": "planned"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Medication takes his pain from 9/10 to 5/10.",
            {"pain_without_medication": 9, "pain_with_medication": 5},
        ),
        (
            "Pain is 8/10 with medication and 10/10 without.",
            {"pain_with_medication": 8, "pain_without_medication": 10},
        ),
        ("Pain is 6 out of 10 at its worst and 3-4 at its best.", {"pain_score": 3}),
        ("The SOAPP score was 3.", {}),
    ],
)
def test_scores(sentence: str, expected: dict[str, float]) -> None:
    found: dict[str, float] = {}
    for one in summary_findings(sentence):
        if one.kind == "score" and one.value is not None:
            found[one.fact] = min(one.value, found.get(one.fact, 10.0))
    assert found == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("PT, acupuncture and massage failed.", {"physical_therapy", "acupuncture", "massage"}),
        ("PT, acupuncture, massage (no benefit).", {"massage"}),
        ("PT without relief, acupuncture, massage.", {"physical_therapy"}),
    ],
)
def test_an_outcome_is_that_of_its_treatments(sentence: str, expected: set[str]) -> None:
    assert {one.fact for one in summary_findings(sentence) if one.result == "failed"} == expected


@pytest.mark.parametrize("summary", ["", "...", "! ? .", ". . Denied.", "Denied", ";;", "- - -", "()"])
def test_sentences_without_words_state_nothing(summary: str) -> None:
    assert not [finding for finding in summary_findings(summary) if finding.kind != "review"]


def calls_to_read(summary: str) -> int:
    """Count the calls within a reading: unlike its time, they are the same on every machine."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        summary_findings(summary)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "repeated", ["MRI of the ", "MRI was normal and ", "no tear on EMG, ", "helped by Norco ", "pain 5 with "]
)
def test_a_run_of_words_without_stops_costs_little_more_than_its_words(repeated: str) -> None:
    calls_to_read(repeated * 3)  # what is remembered of words and lexicons
    few, many = (calls_to_read(repeated * times) for times in (40, 120))
    # Three times the words: what is held against each other by pairs costs nine times as much.
    assert many <= 6 * few
