import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_ml.extracting.summaries.judging import judging_sentences, without_judgements
from imr_ml.extracting.summaries.summary import summary_findings

JUDGING = [
    "No rationale was offered for the second scan.",
    "The operative report was not provided for review.",
    "Prior imaging results have not been included in the records.",
    "There was no mention of the brace anywhere in the note.",
    "It is unclear whether earlier visits helped.",
    "The documentation does not describe any functional change.",
    "The provider's note didn't specify how long the drug was used.",
    "Documentation of home exercise was lacking.",
    "There is insufficient documentation of weakness.",
    "The handwritten note was difficult to decipher.",
    "Only one progress note was submitted.",
    "No prior MRI report was available.",
    "Overall commentary was scant.",
    "The records do not reveal any red flags.",
    "There is no evidence that the worker tried therapy first.",
    "The request does not meet the criteria.",
    "The medical necessity of the brace has not been established.",
    "The request is medically necessary.",
    "The brace is not medically necessary.",
    "Therefore, the request is not certified.",
    "The requested unit is therefore non-certified.",
    "The request for the brace is approved.",
    "The second scan is certified.",
    "Not medically necessary.",
    "The collar is deemed not medically necessary.",
    "Twelve visits were not medically necessary.",
    "The denial is upheld.",
    "The request is recommended for certification.",
    "There is scant evidence that the brace helped.",
    "There is little evidence of functional improvement.",
    "There is sufficient documentation of her weakness.",
    "The documentation is adequate.",
    "Less pain has been well documented.",
    "The submitted reports amply document his gains.",
    "The chart clearly documents less pain.",
    "The file establishes that the brace helped.",
    "The notes in this file support the need for a brace.",
    "Half of the report is boilerplate.",
    "He was given boilerplate notes.",
    "No clear sign of a tear was identified in the records.",
    "The diary is not in the submitted records.",
    "The diary is not among the papers.",
    "The films were not seen.",
    "The order was not accompanied by a letter.",
    "The order is ambiguous as to its duration.",
    "The order is non-specific.",
    "One could not tell how it helped.",
    "It is not possible to say how it helped.",
    "He has had 30 visits, in excess of what is recommended.",
    "Records from the surgeon were missing from the submission.",
    "Work status was not documented.",
    "It could not be determined when the injection took place.",
    "Proof of benefit from the epidural is wanting.",
    "The notes are silent as to sleep.",
    "Nothing in the file suggests that the worker was told of the risks.",
    "Nowhere in the records is a trial of tramadol described.",
    "The physician gave no reason for a second scan.",
    "The surgeon's request did not come with an explanation.",
    "Whether the brace was worn was not stated.",
    "The reports fall short of showing instability.",
    "One can only guess why the drug was changed.",
    "This reviewer found a single page.",
    "The rationale for the cream remains obscure.",
    "The dose was left blank.",
    "The benefit of the unit has gone undocumented.",
    "Little can be gleaned from the note.",
    "The response to Lyrica was left out of the report.",
    "Goals are nowhere to be found.",
    "It was not indicated if acupuncture helped.",
    "No effort was made to explain the change.",
    "The frequency was not spelled out.",
    "There is no way to know whether it helped.",
    "The patient has no documented trial of tramadol.",
    "Evidence of benefit from the last six visits is wanting.",
    "The provider did not supply clear reasons.",
    "The surgeon did not come with any such explanation.",
    "No account is given of how it was used.",
    "The file contains no results of the scan.",
    "The physician made no report of it.",
    "How the pain began was not reported.",
    "The nature of the fall was not given.",
    "The reader cannot tell if it helped.",
    "The available reports do not identify gains.",
    "The results could not be located.",
    "The picture is inadequate to support a fusion.",
    "There is a scarcity of objective findings.",
    "The purpose of the cream remains opaque.",
    "Particulars of the trial are missing.",
    "The history of his care is incomplete.",
    "The measurements are missing.",
    "Neither the dose nor the frequency was recorded.",
    "It has not been said if it helped.",
    "The letter makes no reference to the brace.",
    "The report of the scan was not on file.",
    "It cannot be made out from the scan if it helped.",
    "It was never stated how it was tolerated.",
    "The diary was not part of the file.",
    "The plan does not say why two are needed.",
    "The request offers little beyond a list.",
    "The visits exceed the guideline.",
    "The provider failed to say how long it was used.",
]
REPORTING = [
    "The examination showed no evidence of infection or instability.",
    "There were no neurological deficits.",
    "The worker denied numbness.",
    "He had not started physical therapy.",
    "He had pain, not otherwise specified.",
    "The injection failed to provide relief.",
    "The MRI report did not show a tear.",
    "It was difficult to sleep because of pain.",
    "The urine test was inconsistent with the prescription.",
    "An infection of unclear etiology was treated.",
    "The worker cannot sit for long.",
    "The scan was normal.",
    "The patient did not provide a urine specimen.",
    "The patient gave no reason for her absence.",
    "The worker was not told about the results.",
    "The patient is uncertain when the pain began.",
    "It was unclear to the worker how he fell.",
    "The worker says that no explanation was given to him.",
    "The patient has no documented history of ulcers.",
    "There is no documentation of drug allergies.",
    "The provider noted a lack of progress with therapy.",
    "The CT report does not mention a tear.",
    "The cramps were not noted to be worse at night.",
    "The patient has limited information about her mother.",
    "The worker failed to mention his back.",
    "The provider reports that sleep is poor.",
    "The note mentions that the worker has rather poor control of spasm.",
    "The physician writes that stamina has been limited.",
    "Reports of pain are limited to the knee.",
    "The physician did not offer surgery.",
    "The physician could not palpate a spasm.",
    "The result was not known to him.",
    "The impression was that motion is limited.",
    "Pain is not mentioned as a cause.",
    "Evidence of healing is absent.",
    "There is no documented history of drug abuse.",
    "There is no documented drug allergy.",
    "The patient has no explanation for the bruise.",
    "The patient did not offer a reason.",
    "The patient has not provided consent.",
    "The worker was not provided with crutches.",
    "The level was not noted to be worse.",
    "It was unclear to her when it began.",
    "No written explanation was given to him.",
    "The worker denied no mention of it.",
    "He says there is no record of the call.",
    "The note found a lack of functional improvement.",
    "The result was not known to the worker.",
    "The physician could not identify a fracture in the note.",
    "The surgeon feels that the brace is medically necessary.",
    "The therapist is certified.",
    "She is a certified nursing assistant.",
    "The nurse found adequate strength.",
    "The films showed adequate healing.",
    "The CT showed sufficient evidence of union.",
    "The collar supports the neck.",
    "The brace was not in the chart.",
    "The chart documents spasm.",
    "The records say that his pain is worse.",
    "She works in a boilerplate factory.",
    "The tear was not seen by the surgeon.",
    "He was not accompanied by his wife.",
    "Her weight is in excess of 300 pounds.",
    "The worker could not tell when it began.",
    "There was no mention of spasm by the worker.",
    "She made no mention of it, and there was no report of spasm by her.",
    "The surgeon noted that the films were not available to him.",
    "The surgeon believes that the scan is well documented.",
    "The surgeon feels that the file supports the need for a brace.",
    "The scan showed little evidence of improvement.",
    "The report of Jones was that motion is limited.",
    "",
]
QUOTING = [
    "Utilization review denied the scan because there was no documentation of failed care.",
    "The request was non-certified due to a lack of objective findings.",
    "The claims administrator noted that the records did not mention any benefit.",
    "The collar was deemed not medically necessary.",
    "The claims administrator stated that the collar is not medically necessary.",
    "On 2/3/2016 the collar was not medically necessary.",
    "The scan was not certified.",
    "The scan is denied.",
    "Determination 3/2/2016: the request is denied.",
    "On 1-5-17 the request for Soma was modified as long-term use is not supported by the guidelines.",
]


@pytest.mark.parametrize("sentence", JUDGING)
def test_finds_judging_sentences(sentence: str) -> None:
    summary = f"The worker is 50 years old. {sentence} Pain is rated 7/10."
    assert [summary[s.start : s.end] for s in judging_sentences(summary)] == [sentence]
    assert without_judgements(summary) == "The worker is 50 years old. Pain is rated 7/10."


@pytest.mark.parametrize("sentence", REPORTING + QUOTING)
def test_leaves_reports_and_quotations_alone(sentence: str) -> None:
    assert judging_sentences(sentence) == ()
    assert without_judgements(sentence) == sentence


def test_utilization_review_may_go_on_in_the_next_sentence() -> None:
    summary = (
        "The request for Soma was denied. Additionally, the guidelines do not support long-term use. "
        "There was no mention of spasm."
    )
    assert [summary[s.start : s.end] for s in judging_sentences(summary)] == [
        "There was no mention of spasm."
    ]


@pytest.mark.parametrize(
    ("between", "verdict", "is_own"),
    [
        ("", "The collar is not medically necessary.", False),
        ("He is tired.", "The collar is not medically necessary.", True),
        ("He is tired.", "Regarding the collar, it is not medically necessary.", False),
        ("He is tired.", "As the scan was not medically necessary, the collar was not either.", False),
        ("He is tired. " * 6, "As the scan was not medically necessary, the collar was not either.", True),
    ],
)
def test_a_verdict_may_go_on_with_utilization_review(between: str, verdict: str, is_own: bool) -> None:
    summary = f"Utilization review denied the collar. {between} {verdict}"
    assert [summary[s.start : s.end] for s in judging_sentences(summary)] == [verdict] * is_own


@given(st.lists(st.sampled_from(JUDGING + REPORTING), max_size=8))
def test_line_breaks_and_case_change_nothing(sentences: list[str]) -> None:
    flat = " ".join(sentences)
    expected = [flat[s.start : s.end].split() for s in judging_sentences(flat)]
    broken = flat.replace(" ", " \n")
    assert [broken[s.start : s.end].split() for s in judging_sentences(broken)] == expected


@pytest.mark.parametrize(
    ("sentence", "judging"),
    [
        ("He has knee pain, but no rationale was given.", "but no rationale was given."),
        ("She had chiropractic care (no records were provided) and an MRI.", "(no records were provided)"),
        ("There is spasm; there was no mention of the drug.", "; there was no mention of the drug."),
        # what is said after a judgement is its own
        ("No rationale was given, but he has knee pain.", "No rationale was given, but he has knee pain."),
    ],
)
def test_a_sentence_keeps_what_it_reports(sentence: str, judging: str) -> None:
    assert [sentence[span.start : span.end] for span in judging_sentences(sentence)] == [judging]
    reported = {fact.fact for fact in summary_findings(sentence) if not fact.is_judged}
    assert bool(reported) == (judging != sentence)
