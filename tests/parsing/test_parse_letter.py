import csv
import json
from pathlib import Path

import pytest

from imr_ml.errors import ReadError
from imr_ml.letter import Letter
from imr_ml.parsing import parse_letter
from imr_ml.parsing.names import names_of
from imr_ml.parsing.verdicts import name_words
from imr_ml.resources import read_rows

HEADER = """Case Number: CM14-0012345
Date Assigned: 02/21/2014 Date of Injury: 10/10/2010
Decision Date: 06/26/2014 UR Denial Date: 01/15/2014
Priority: Standard Application Received: 01/29/2014
"""
METHOD = """HOW THE IMR FINAL DETERMINATION WAS MADE
MAXIMUS Federal Services sent the complete case file to an expert reviewer.
The Expert Reviewer has the following credentials:
State(s) of Licensure: Utah
Certification(s)/Specialty: Surgery
"""
SUMMARY = """CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
The patient is a 50 year old male whose back hurts.
"""
ISSUES = """IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
"""
GROUNDS = """Claims Administrator guideline: Decision based on MTUS.
MAXIMUS guideline: Decision based on ODG.
Decision rationale: """
UPHELD = "The notes say little. Therefore, the request is not medically necessary."
OVERTURNED = "The notes say much. Therefore, the request is medically necessary."


def letter_of(items: str, *, header: str = HEADER, method: str = METHOD) -> Letter:
    return parse_letter(header + method + SUMMARY + ISSUES + items, source="a.txt")


def letter_of_b(items: str) -> Letter:
    return parse_letter(f"{HEADER}{METHOD}{SUMMARY}IMR DECISION(S) AND RATIONALE(S)\n{items}", source="a.txt")


def decided(letter: Letter) -> list[tuple[str, str | None]]:
    return [(item.request, item.outcome) for item in letter.items]


def test_a_letter_with_every_part_warns_of_nothing() -> None:
    letter = letter_of(f"Norco #60: Upheld\n{GROUNDS}{UPHELD}\nSoma #30: Overturned\n{GROUNDS}{OVERTURNED}")
    assert decided(letter) == [("Norco #60", "upheld"), ("Soma #30", "overturned")]
    assert letter.warnings == ()
    assert letter.layout == "A2" and letter.letter_id == "CM14-0012345"
    assert [item.rationale for item in letter.items] == [UPHELD, OVERTURNED]
    assert json.loads(json.dumps(letter.to_dict()))["items"][1]["outcome"] == "overturned"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        # The outcome glued to what follows, on its own line, in capitals, split, or as a scanner read it.
        ("Norco #60: Upheld{g}", [("Norco #60", "upheld")]),
        (
            "Norco 10/325mg, one tablet\nevery 6 hours:\nOverturned\n{g}",
            [("Norco 10/325mg, one tablet every 6 hours", "overturned")],
        ),
        ("Norco #60 : UPHELD\n{g}", [("Norco #60", "upheld")]),
        ("Norco #60: Over turned\n{g}", [("Norco #60", "overturned")]),
        ("Norco #60: 0vertumed\n{g}", [("Norco #60", "overturned")]),
        ("Labs: EKG: 12 lead: Upheld\n{g}", [("Labs: EKG: 12 lead", "upheld")]),
        ("1. Norco #60: Upheld\n{g}x.\n2. Soma: Upheld\n{g}", [("Norco #60", "upheld"), ("Soma", "upheld")]),
        # The next heading glued to a rationale, or behind one without a full stop.
        (
            "A1: Upheld\n{g}is not medically necessary.Gabapentin 10%: Upheld\n{g}",
            [("A1", "upheld"), ("Gabapentin 10%", "upheld")],
        ),
        (
            "A1: Upheld\n{g}is not medically necessary\nSoma #30: Upheld\n{g}",
            [("A1", "upheld"), ("Soma #30", "upheld")],
        ),
        # What decides nothing, or not alone.
        ("Norco #60:\n{g}", [("Norco #60", None)]),
        ("Norco #60: Partially Overturned\n{g}", [("Norco #60", None)]),
        ("Norco #60: Partial Overturn\n{g}", [("Norco #60", None)]),
        ("Norco #60: Upheld/Overturned\n{g}", [("Norco #60: Upheld/", None)]),
        ("Norco #60: Overturned in part\n{g}", [("Norco #60", None)]),
        ("Norco #60: Upheld\n{g}The denial was upheld. It is: upheld by law.", [("Norco #60", "upheld")]),
    ],
)
def test_headings_and_outcomes(items: str, expected: list[tuple[str, str | None]]) -> None:
    letter = letter_of(items.replace("{g}", GROUNDS))
    assert [outcome for _, outcome in decided(letter)] == [outcome for _, outcome in expected]
    assert [request for request, outcome in decided(letter) if outcome] == [
        request for request, outcome in expected if outcome
    ]


def test_a_heading_against_its_rationale_is_a_warning_only() -> None:
    letter = letter_of(f"Norco #60: Upheld\n{GROUNDS}{OVERTURNED}")
    assert decided(letter) == [("Norco #60", "upheld")]
    assert letter.warnings == ("item 1: upheld, but its rationale concludes otherwise",)


@pytest.mark.parametrize(
    ("header", "method", "warning"),
    [
        ("", METHOD, "no header (case number, dates, priority)"),
        (HEADER.replace("02/21/2014", ""), METHOD, "no date of assignment"),
        (HEADER.replace("Standard", ""), METHOD, "no priority"),
        (HEADER, METHOD.replace("Utah", ""), "no state of licensure of the reviewer"),
        (HEADER, METHOD.replace("Surgery", "Alchemy"), "reviewer_specialties: Alchemy is not in the list"),
    ],
)
def test_what_is_missing_is_named(header: str, method: str, warning: str) -> None:
    letter = letter_of(f"Norco #60: Upheld\n{GROUNDS}{UPHELD}", header=header, method=method)
    assert decided(letter) == [("Norco #60", "upheld")]
    assert warning in letter.warnings


def test_a_missing_value_gives_its_label_no_other_date() -> None:
    letter = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}", header=HEADER.replace("02/21/2014", ""))
    assert letter.assigned_date is None and str(letter.injury_date) == "2010-10-10"


@pytest.mark.parametrize("end", ["Received:\n", "Received:\n\n", "\nReceived:\n"])
def test_a_label_that_its_column_broke_has_the_date_inside_it(end: str) -> None:
    header = HEADER.replace("Application Received: 01/29/2014\n", f"Application 01/29/2014\n{end}")
    letter = letter_of(f"Norco #60: Upheld\n{GROUNDS}{UPHELD}", header=header)
    assert str(letter.received_date) == "2014-01-29"
    assert letter.warnings == ()


def test_a_header_that_each_page_repeats_is_no_part_of_what_it_interrupts() -> None:
    grounds = GROUNDS.replace("on ODG.", f"on ODG,\nPage 2 of 4\n{HEADER}Knee.")
    letter = letter_of(f"Norco: Upheld\n{grounds}{UPHELD}")
    assert letter.items[0].reviewer_guideline == "Decision based on ODG, Knee."
    assert str(letter.decided_date) == "2014-06-26"


def test_a_heading_that_the_end_of_the_letter_cut_off_is_an_item() -> None:
    letter = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}\n\nLumbar brace, purchase:")
    assert decided(letter) == [("Norco", "upheld"), ("Lumbar brace, purchase", None)]
    assert letter.items[0].rationale == UPHELD


IN_PART = (
    "is medically necessary and appropriate in part: six (6) visits are medically necessary and appropriate.",
    "is, in part, medically necessary and appropriate.",
    "is partially medically necessary and partially not medically necessary.",
    "is medically necessary and appropriate in the amount of 6 visits.",
    "is not entirely medically necessary and appropriate.",
    "is not medically necessary and appropriate as requested; six visits are medically necessary.",
    "is not medically necessary and appropriate; the other six visits are medically necessary.",
    *(row["example"] for row in read_rows("layouts/partial_grants.csv")),
)
WHOLE_GRANTS = (
    ("is medically necessary and appropriate.", "overturned"),
    ("is medically necessary and appropriate in the amount of 12 visits.", "overturned"),
    ("is fully medically necessary and appropriate.", "overturned"),
    ("is not medically necessary and appropriate as requested.", "upheld"),
    ("is entirely not medically necessary and appropriate.", "upheld"),
)
DECIDED_IN_PART = [*((said, None) for said in IN_PART), *WHOLE_GRANTS]


@pytest.mark.parametrize(("said", "outcome"), DECIDED_IN_PART)
def test_a_request_of_layout_b_granted_in_part_is_one_item_without_outcome(
    said: str, outcome: str | None
) -> None:
    text = (
        f"1. The request for 12 visits of therapy {said}\n"
        "The Claims Administrator based its decision on the MTUS.\n"
        "The Physician Reviewer based his/her decision on the MTUS.\n"
        "The Physician Reviewer's decision rationale:\nMuch is said.\n"
    )
    letter = letter_of_b(text)
    assert decided(letter) == [("12 visits of therapy", outcome)]
    assert letter.items[0].rationale == "Much is said."


@pytest.mark.parametrize(("said", "outcome"), DECIDED_IN_PART)
def test_a_request_of_layout_c_granted_in_part_has_no_outcome(said: str, outcome: str | None) -> None:
    line = f"1) MAXIMUS Federal Services, Inc. has determined the request for 12 visits of therapy {said}"
    letter = parse_letter(NOTICE.format(first=line, second=line), source="c.txt")
    assert decided(letter)[0] == ("12 visits of therapy", outcome)


def test_a_share_that_stands_first_makes_a_request_granted_in_part() -> None:
    text = (
        "1. The request for therapy x 12: six (6) visits are medically necessary and appropriate; the "
        "other six (6) visits are not medically necessary and appropriate.\n"
        "The Physician Reviewer's decision rationale:\nMuch is said.\n"
    )
    letter = letter_of_b(text)
    assert decided(letter) == [("therapy x 12", None)]


def test_the_date_of_a_letter_of_layout_b_stands_alone_in_its_head() -> None:
    header = (
        "10/2/2013\nEmployee:\nUR Denial Date: 9/5/2013\nDate of Injury: 5/6/1997\n"
        "IMR Application Received: 9/23/2013\nMAXIMUS Case Number: CM13-0029904\n"
    )
    text = "1. The request for a cane is not medically necessary and appropriate.\n"
    letter = parse_letter(
        f"{header}{METHOD}{SUMMARY}IMR DECISION(S) AND RATIONALE(S)\n{text}", source="a.txt"
    )
    assert (str(letter.decided_date), str(letter.injury_date)) == ("2013-10-02", "1997-05-06")


def test_values_that_were_blacked_out_take_no_label_of_a_date() -> None:
    names = ("Employee", "Case Number", "Date of Injury", "Decision Date")
    values = ("[redacted]", "CM14-0012345", "10/7/2002", "6/26/2014")
    letter = letter_of("Norco: Upheld", header="\n".join([*(f"{name}:" for name in names), "", *values, ""]))
    assert (str(letter.injury_date), str(letter.decided_date)) == ("2002-10-07", "2014-06-26")


def test_a_header_that_extraction_put_behind_the_letter_is_read() -> None:
    letter = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}\n\n{HEADER}", header="")
    assert letter.case_number == "CM14-0012345" and str(letter.decided_date) == "2014-06-26"
    assert letter.items[0].rationale == UPHELD


def test_zeros_and_ones_that_a_scanner_took_for_letters() -> None:
    header = HEADER.replace("CM14-0012345", "CM14-OO12345").replace("10/10/2010", "lO/1O/2OlO")
    letter = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}", header=header.replace("02/21/2014", "O2/2l/14"))
    assert letter.case_number == "CM14-0012345"
    assert (str(letter.injury_date), str(letter.assigned_date)) == ("2010-10-10", "2014-02-21")
    place = letter.spans["injury_date"]
    assert letter.text[place.start : place.end] == "lO/1O/2OlO"


def test_labels_first_and_values_later() -> None:
    names = ("Case Number", "Date Assigned", "Date of Injury", "Decision Date", "UR Denial Date", "Priority")
    values = ("CM14-0012345", "2/21/14", "Oct 7 2002", "06/26/2014", "01/15/2014", "Expedited", "01/29/2014")
    header = "\n".join([*(f"{name}:" for name in (*names, "Application Received")), *values, ""])
    letter = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}", header=header)
    dates = ("assigned_date", "injury_date", "decided_date", "ur_decision_date", "received_date")
    assert [str(getattr(letter, name)) for name in dates] == [
        "2014-02-21",
        "2002-10-07",
        "2014-06-26",
        "2014-01-15",
        "2014-01-29",
    ]
    assert letter.priority == "expedited" and letter.case_number == "CM14-0012345"
    # One date too few for the labels: none is given by guess.
    fewer = letter_of(f"Norco: Upheld\n{GROUNDS}{UPHELD}", header=header.replace("2/21/14\n", ""))
    assert fewer.assigned_date is None and fewer.decided_date is None
    assert any("left out" in warning for warning in fewer.warnings)


def test_headings_of_one_layout_and_items_of_the_other() -> None:
    stated = "1. The request for Norco #60 is notmedically necessary and appropriate.\n"
    stated += "The Claims Administrator based its decision on the MTUS.\n"
    stated += "The Physician Reviewer's decision rationale: Little is said."
    assert decided(letter_of(stated)) == [("Norco #60", "upheld")]
    heading = "IMR DECISION(S) AND RATIONALE(S)\n"
    text = (
        HEADER + METHOD + "DOCUMENTS REVIEWED\nnotes\n" + SUMMARY + heading + f"Norco #60: Upheld\n{GROUNDS}x"
    )
    assert decided(parse_letter(text, source="b.txt")) == [("Norco #60", "upheld")]


def test_a_second_letter_in_the_file_is_warned_of_and_left_out() -> None:
    one = HEADER + METHOD + SUMMARY + ISSUES + f"Norco #60: Upheld\n{GROUNDS}{UPHELD}\n"
    letter = parse_letter(one + METHOD + SUMMARY + ISSUES + f"Soma: Overturned\n{GROUNDS}", source="a.txt")
    assert decided(letter) == [("Norco #60", "upheld")]
    assert letter.items[0].rationale == UPHELD
    assert letter.warnings == ("a second letter follows; only the first was read",)


def test_letters_of_any_layouts_in_one_file_are_not_mixed() -> None:
    review = REVIEW.format(
        issue="Knee brace", rationale="The knee gives way. The brace is medically necessary."
    )
    decision = LINE.format(*SOMA)
    stated = (
        f"{HEADER}{METHOD}DOCUMENTS REVIEWED\nnotes\n{SUMMARY}IMR DECISION(S) AND RATIONALE(S)\n"
        "1. The request for Norco #60 is medically necessary and appropriate.\n"
        "The Claims Administrator based its decision on the MTUS.\n"
        "The Physician Reviewer based his/her decision on the MTUS.\n"
        "The Physician Reviewer's decision rationale:\nMuch is said.\n"
    )
    letters = (WHOLE, stated, NOTICE.format(first=decision, second=decision), review)
    for one in letters:
        alone = parse_letter(one, source="a.txt")
        for other in letters:
            both = parse_letter(f"{one}\n{other}", source="a.txt")
            assert (both.items, both.layout) == (alone.items, alone.layout)
            assert (both.case_number, both.case_summary) == (alone.case_number, alone.case_summary)
            assert "a second letter follows; only the first was read" in both.warnings
            assert both.text == alone.text


def test_of_a_numbered_rationale_each_issue_has_its_part() -> None:
    rationale = (
        "1. Pain is told. The brace is medically necessary.\n\n2. No. The scan is not medically necessary."
    )
    letter = parse_letter(
        REVIEW.format(issue="1. Knee brace\n2. Bone scan", rationale=rationale), source="a.txt"
    )
    assert decided(letter) == [("Knee brace", "overturned"), ("Bone scan", "upheld")]
    assert [item.rationale for item in letter.items] == [
        "Pain is told. The brace is medically necessary.",
        "No. The scan is not medically necessary.",
    ]


def test_every_finding_of_a_heading_has_its_place() -> None:
    letter = letter_of(f"Retrospective urine\ntest (DOS 1/2/14\nand 1/3/14): Upheld\n{GROUNDS}{UPHELD}")
    spans = {name: letter.text[span.start : span.end] for name, span in letter.items[0].spans.items()}
    assert spans["prefixes"] == "Retrospective"
    assert spans["service_dates"] == "1/2/14\nand 1/3/14"
    assert spans["outcome"] == "Upheld"
    assert spans["request"].startswith("Retrospective urine")


def test_a_page_title_below_an_outcome_makes_no_item_of_its_own() -> None:
    letter = letter_of(f"Norco #60: Upheld\n\nReview no. 7, second part\n{GROUNDS}{UPHELD}")
    assert decided(letter) == [("Norco #60", "upheld")]
    assert letter.items[0].rationale == UPHELD


def test_behind_a_covering_page_the_header_keeps_its_dates() -> None:
    cover = "MAXIMUS\nIMR Case Number CM14-0000001\nDear Sir\n\f"
    line = "Case Number: CM14-0000001 Date Assigned: 10/2/2014\n"
    letter = parse_letter(
        cover + line + METHOD + SUMMARY + ISSUES + f"Soma: Upheld\n{GROUNDS}", source="a.txt"
    )
    assert str(letter.assigned_date) == "2014-10-02"


MARK = "SYNTHETIC LETTER made by imr-ml simulate, seed 3: not a real determination"


@pytest.mark.parametrize("where", [HEADER, "whose back hurts.\n", "below:\n", "Decision rationale: ", UPHELD])
def test_the_synthetic_mark_is_seen_and_taken_out(where: str) -> None:
    text = HEADER + METHOD + SUMMARY + ISSUES + f"Norco: Upheld\n{GROUNDS}{UPHELD}"
    plain = parse_letter(text, source="a.txt")
    marked = parse_letter(text.replace(where, f"{where}\n{MARK}\n"), source="a.txt")
    assert marked.is_synthetic and not plain.is_synthetic
    assert "SYNTHETIC" not in marked.text
    assert (marked.case_summary, decided(marked)) == (plain.case_summary, decided(plain))
    assert marked.items[0].rationale == plain.items[0].rationale


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "holds no text; if it is a scan, make it searchable"),
        ("\f\f \n", "holds no text"),
        ("Dear Sir, your claim was denied.", 'no "HOW THE IMR FINAL DETERMINATION WAS MADE"'),
        ("The clinical case summary is long.", "is not an IMR final determination letter"),
        (
            'It has a CLINICAL CASE SUMMARY and says "HOW THE IMR FINAL DETERMINATION WAS MADE".',
            "is not an IMR final determination letter",
        ),
        (
            f"WORKERS' COMPENSATION APPEALS BOARD\nThe letter says:\n{METHOD}{SUMMARY}{ISSUES}",
            "begins as another document .*APPEALS BOARD",
        ),
        (
            'On the "MAXIMUS guideline:" line, the "Claims Administrator guideline:" line and "IMR Issues, '
            'Decisions and Rationales".',
            "is not an IMR final determination letter",
        ),
        (METHOD, "has headings of layout A but neither disputed items nor a case summary"),
    ],
)
def test_what_is_no_letter_is_refused_with_the_reason(text: str, match: str) -> None:
    with pytest.raises(ReadError, match=match) as caught:
        parse_letter(text, source="folder/a.txt")
    assert caught.value.source == "folder/a.txt"


WHOLE = f"{HEADER}{METHOD}{SUMMARY}{ISSUES}Norco: Upheld\n{GROUNDS}{UPHELD}\n"


@pytest.mark.parametrize(
    "before",
    [
        "THE WEEKLY ADVISER\nLast month a letter came. It reads as follows:\n",
        "We reprint the determination in full:\n\n",
        'Memorandum\nThe physician wrote: "\n',
        "EXHIBIT\nThe decision is reproduced below :\nCopy\n",
    ],
)
def test_a_document_of_any_title_that_quotes_a_letter_is_none(before: str) -> None:
    with pytest.raises(ReadError, match=r"quotes a letter \(.*save the letter's pages as a file"):
        parse_letter(f"{before}{WHOLE}We disagree with the reviewer.", source="a.txt")


@pytest.mark.parametrize(
    "before",
    [
        "FACSIMILE\nTO: Clinic\nFROM: Records\nPAGES: 5\nCOMMENTS:\nThis message is confidential.\n",
        "Dear Sir or Madam:\nThe determination in your dispute is enclosed.\n",
        "ENCLOSURE\nThe items of this dispute are as follows:\n",
        # What others said long before the letter begins.
        "To: file\nHe wrote:\n" + "Many pages of records were sent by mail and by fax. " * 12 + "\n",
    ],
)
def test_a_letter_behind_a_cover_is_read(before: str) -> None:
    letter = parse_letter(before + WHOLE, source="a.txt")
    assert decided(letter) == [("Norco", "upheld")]
    assert letter.case_summary == "The patient is a 50 year old male whose back hurts."


TOLD = (
    "Last spring a worker from Fresno asked for more therapy and lost. We give the letter as it was sent.\n\n"
)
COVER = "Dear Sir:\nWe have completed the review of the dispute named above. It is binding on all parties.\n"


@pytest.mark.parametrize(
    "before",
    [
        f"Lessons from a desk\n\n{TOLD}",
        f"HANDOUT 4\nBring the letter\nwith you to the next meeting. {TOLD}",
        # With its own cover.
        TOLD + COVER,
    ],
)
def test_a_document_that_tells_of_something_before_a_letter_is_none(before: str) -> None:
    with pytest.raises(ReadError, match="tells of something else before a letter"):
        parse_letter(f"{before}{WHOLE}Questions: what was left out?", source="a.txt")


@pytest.mark.parametrize(
    "before",
    [
        COVER,
        f"FACSIMILE\nTo: clinic\n{TOLD}",
        f"Please find the letter enclosed. {TOLD}",
        # A title, or one sentence, may be a stamp, a letterhead or a note.
        "EXHIBIT 7\n",
        # The salutation is redacted.
        "XXXX\nMAXIMUS Federal Services has completed the review of the case that you see above. " + TOLD,
        "The determination of your request by our physician is below.\n",
    ],
)
def test_a_letter_behind_what_speaks_to_someone_is_read(before: str) -> None:
    assert decided(parse_letter(before + WHOLE, source="a.txt")) == [("Norco", "upheld")]


@pytest.mark.parametrize(
    "before",
    [
        "IMR decision on a painkiller\n\n",
        "From: Dana\nTo: Claims team\nSubject: FW: decision of last week\n\nFYI, see below.\n\n",
        "Home | Decisions | Search\n",
        "To: Claims\n\n",
        "FYI\n\n",
        "Here is the result that we spoke about on the phone.\n",
    ],
)
@pytest.mark.parametrize(
    "behind",
    [
        "",
        "\n\nWhat can we take from this? That a note must be sent. Our next column tells of others.\n",
        "\n\n--\nDana\nSenior Claims Examiner of the western office\n",
        "\nPosted in: IMR\nLeave a comment",
        "\n\nCopyright 2016 Comp Writers",
    ],
)
def test_a_letter_under_a_title_or_in_a_mail_is_read_and_what_stands_around_it_left_out(
    before: str, behind: str
) -> None:
    letter = parse_letter(before + WHOLE.rstrip("\n") + behind, source="a.txt")
    assert decided(letter) == [("Norco", "upheld")]
    assert letter.items[0].rationale == UPHELD
    place = letter.items[0].spans["rationale"]
    assert letter.text[place.start : place.end] == UPHELD
    assert letter.warnings[0].startswith('words before the letter were left out: "')


@pytest.mark.parametrize("mark", ["> ", ">", "  >> ", "\n> "])
def test_a_letter_that_a_mail_quotes_line_by_line_is_read(mark: str) -> None:
    quoted = "".join(f"{mark}{line}\n" for line in WHOLE.splitlines())
    letter = parse_letter(f"Have a look.\n\nOn Thu, Aug 21, 2014, Pat wrote:\n\n{quoted}", source="a.txt")
    plain = parse_letter(WHOLE, source="a.txt")
    assert (letter.items[0].rationale, letter.case_summary) == (UPHELD, plain.case_summary)
    assert letter.warnings == ('words before the letter were left out: "Have a look."',)


def test_without_words_before_it_a_letter_may_go_on_once_it_has_concluded() -> None:
    tail = "Of note, weaning should be slow.\n\nThe physician decides on its schedule."
    letter = parse_letter(f"{WHOLE.rstrip()}\n\n{tail}", source="a.txt")
    assert (letter.items[0].rationale or "").endswith("on its schedule.")
    assert letter.warnings == ()


@pytest.mark.parametrize(
    "remark", [row["phrase"] for row in read_rows("layouts/landmarks.csv") if row["part"] == "closing"]
)
def test_every_closing_ends_the_rationale(remark: str) -> None:
    letter = parse_letter(f"{WHOLE.rstrip()}\n{remark} and more", source="a.txt")
    assert letter.items[0].rationale == UPHELD


def test_a_remark_before_the_conclusion_is_part_of_the_rationale() -> None:
    text = WHOLE.replace(UPHELD, f"Copyright 2015 of the guideline.\n{UPHELD}")
    assert (parse_letter(text, source="a.txt").items[0].rationale or "").endswith(UPHELD)


@pytest.mark.parametrize("row", [r for r in read_rows("layouts/landmarks.csv") if r["part"] == "letterhead"])
def test_a_letterhead_is_the_letters_own(row: dict[str, str]) -> None:
    text = f"{row['phrase']}: Office of Reviews and Determinations\n{WHOLE}"
    assert not any("words before" in warning for warning in parse_letter(text, source="a.txt").warnings)


EXCERPT = f"{ISSUES}Norco: Upheld\n{GROUNDS}{UPHELD}\n"


def test_parts_of_a_letter_under_a_title_are_an_excerpt_and_none_is_a_blank_form() -> None:
    assert decided(parse_letter(EXCERPT, source="a.txt")) == [("Norco", "upheld")]
    assert decided(parse_letter(f"ined at home. She limps.\n\n{EXCERPT}", source="a.txt"))
    for before in (
        "Three rulings on opioids\n\nWe print their heart.\n\n",
        "To: nurse\nSubject: cane\n\nHow odd:\n",
    ):
        with pytest.raises(ReadError, match="no case: neither dates nor a reviewer, and a title of its own"):
            parse_letter(before + EXCERPT, source="a.txt")
    with pytest.raises(ReadError, match="no case: neither dates nor a reviewer, and no outcome"):
        parse_letter(EXCERPT.replace("Norco: Upheld", "[REQUEST]: [Upheld/Overturned]"), source="a.txt")


def test_what_a_letter_quotes_itself_does_not_matter() -> None:
    text = WHOLE.replace(
        "whose back hurts.", "whose letter reads as follows:\nCLINICAL CASE SUMMARY\nit hurts."
    )
    assert decided(parse_letter(text, source="a.txt")) == [("Norco", "upheld")]


REVIEW = """MEDICAL PROFESSIONAL REVIEW
ISSUE AT DISPUTE: {issue}
CASE SUMMARY: A 50 year old man.
DOCUMENTS REVIEWED FOR DETERMINATION: notes
MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL
REVIEWER AND WHY: MTUS; it is not medically necessary unless a trial was had.
RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT
MEDICALLY NECESSARY: {rationale}
MEDICAL REVIEWER QUALIFICATIONS: Surgery; Utah.
"""


@pytest.mark.parametrize(
    ("issue", "rationale", "expected"),
    [
        # The heading says NOT whatever was decided.
        (
            "Knee brace",
            "The knee gives way. The brace is medically necessary.",
            [("Knee brace", "overturned")],
        ),
        (
            "Is the knee brace medically necessary?",
            "It is not medically necessary.",
            [("knee brace", "upheld")],
        ),
        ("Knee brace", "Opinions differ.", [("Knee brace", None)]),
        ("Knee brace", "It is medically necessary. It is not medically necessary.", [("Knee brace", None)]),
        ("Knee brace", "It would be medically necessary if the knee gave way.", [("Knee brace", None)]),
        (
            "\n1. Tramadol #60\n2. Right knee brace",
            "Tramadol is not medically necessary. The knee brace is medically necessary.",
            [("Tramadol #60", "upheld"), ("Right knee brace", "overturned")],
        ),
        (
            "• Tramadol #60\n• Right knee brace",
            "Both items are not medically necessary.",
            [("Tramadol #60", "upheld"), ("Right knee brace", "upheld")],
        ),
        (
            "1. Tramadol #60 2. Right knee brace",
            "It is not medically necessary.",  # which of the two?
            [("Tramadol #60", None), ("Right knee brace", None)],
        ),
    ],
)
def test_a_review_is_decided_by_its_text_or_not_at_all(
    issue: str, rationale: str, expected: list[tuple[str, str | None]]
) -> None:
    letter = parse_letter(REVIEW.format(issue=issue, rationale=rationale), source="d.txt")
    assert letter.layout == "D"
    assert decided(letter) == expected
    assert letter.reviewer_specialties == ("Surgery",) and letter.reviewer_states == ("Utah",)


# Rationales by three strangers, many to lead a reader astray; empty where nothing, or both, is concluded.
with (Path(__file__).parent / "rationales.csv").open(encoding="utf-8", newline="") as file:
    RATIONALES = list(csv.DictReader(file))


def of_rationale(row: dict[str, str]) -> list[tuple[str | None, str | None]]:
    issues = row["requests"].split(" | ")
    numbered = [f"{number}. {issue}" for number, issue in enumerate(issues, start=1)]
    issue = "\n".join(numbered) if len(issues) > 1 else issues[0]
    letter = parse_letter(REVIEW.format(issue=issue, rationale=row["rationale"]), source="d.txt")
    expected = [outcome or None for outcome in row["outcomes"].split(" | ")]
    return list(zip(expected, [item.outcome for item in letter.items], strict=True))


@pytest.mark.parametrize("row", RATIONALES, ids=lambda row: row["rationale"][:60])
def test_a_review_is_never_decided_against_its_text(row: dict[str, str]) -> None:
    assert all(found in (expected, None) for expected, found in of_rationale(row))


with (Path(__file__).parent / "plain.csv").open(encoding="utf-8", newline="") as file:
    PLAIN = list(csv.DictReader(file))


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row["rationale"][:60])
def test_what_is_plainly_concluded_is_read(row: dict[str, str]) -> None:
    assert all(found == expected for expected, found in of_rationale(row))


# Sentences written to be misread, each of which once was: they may be left open, but not turned.
with (Path(__file__).parent / "misleading.csv").open(encoding="utf-8", newline="") as file:
    MISLEADING = list(csv.DictReader(file))


@pytest.mark.parametrize("row", MISLEADING, ids=lambda row: row["rationale"][:60])
def test_a_misleading_sentence_decides_nothing_it_does_not_say(row: dict[str, str]) -> None:
    assert all(found in (expected, None) for expected, found in of_rationale(row))


@pytest.mark.parametrize("row", read_rows("layouts/treatment_names.csv"), ids=lambda row: row["request"])
def test_a_request_goes_by_the_names_of_its_kind(row: dict[str, str]) -> None:
    assert names_of(row["request"]).issuperset(row["called"].split())


_JOINING = {"and", "or", "nor", "as", "at", "in", "that", "x"}


@pytest.mark.parametrize("word", sorted(name_words("modifier") - _JOINING))
def test_a_modifier_leaves_the_name_of_a_request(word: str) -> None:
    row = {"requests": "Knee brace", "outcomes": "overturned"}
    rationale = f"The {word} brace is medically necessary."
    assert of_rationale({**row, "rationale": rationale}) == [("overturned", "overturned")]


@pytest.mark.parametrize("word", sorted(name_words("body")))
def test_a_part_of_the_body_alone_names_no_request(word: str) -> None:
    row = {"requests": f"Brace, {word}", "outcomes": "", "rationale": f"The {word} should be approved."}
    assert of_rationale(row) == [(None, None)]


@pytest.mark.parametrize("word", sorted(name_words("unit")))
def test_units_count_a_request_and_name_none(word: str) -> None:
    row = {"requests": "Lumbar MRI", "outcomes": "", "rationale": f"The six {word} should be approved."}
    assert of_rationale(row) == [(None, None)]


@pytest.mark.parametrize(
    "word", sorted(name_words("request") - {"approval", "authorization", "certification"})
)
def test_a_request_may_be_spoken_of_as_such(word: str) -> None:
    row = {"requests": "Brace", "outcomes": "upheld", "rationale": f"The {word} was correct."}
    decided = "upheld" if word in ("denial", "refusal") else None
    assert of_rationale(row)[0][1] == decided


def test_most_reviews_are_decided_by_their_text() -> None:
    pairs = [pair for row in RATIONALES for pair in of_rationale(row)]
    right = sum(expected == found for expected, found in pairs)
    assert right >= 0.75 * len(pairs), f"{right} of {len(pairs)}"


NOTICE = """Notice of Independent Medical Review Determination
Dated: 9/26/2013
{first}
INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
An application for Independent Medical Review was filed on 7/15/2013 disputing the Utilization Review
Denial dated 7/3/2013.
{second}
Medical Qualifications of the Expert Reviewer:
He is Board Certified in Surgery and is licensed to practice in Utah.
Case Summary: It was said that X was medically necessary. A 50 year old man.
Documents Reviewed for Determination: notes
1) Regarding the request for Norco #60:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to Make His/Her
Decision
The Claims Administrator based its decision on the MTUS. The Expert Reviewer based his/her decision
on the ODG.
Rationale for the Decision:
Little is said.
2) Regarding the request for Soma #30:
Rationale for the Decision:
Much is said.
Effect of the Decision:
Binding.
"""
LINE = "{0}) MAXIMUS Federal Services, Inc. has determined the request for {1} is {2} and appropriate."


def notice(*lines: tuple[str, str, str], again: tuple[tuple[str, str, str], ...] | None = None) -> Letter:
    first, second = ("\n".join(LINE.format(*line) for line in part) for part in (lines, again or lines))
    return parse_letter(NOTICE.format(first=first, second=second), source="c.txt")


NORCO = ("1", "Norco #60", "notmedically\nnecessary")
SOMA = ("2", "Soma #30", "medically necessary")


def test_a_document_that_tells_of_something_before_a_notice_or_a_review_is_none() -> None:
    review = REVIEW.format(issue="Knee brace", rationale="The brace is medically necessary.")
    decision = LINE.format(*SOMA)
    for letter in (review, NOTICE.format(first=decision, second=decision)):
        read = parse_letter(f"IMR decision\n\n{letter}", source="a.txt")
        assert any(warning.startswith("words before the letter") for warning in read.warnings)
        with pytest.raises(ReadError, match="tells of something else before a letter"):
            parse_letter(TOLD + letter, source="a.txt")


def test_a_notices_decisions_stand_twice_and_count_once() -> None:
    letter = notice(NORCO, SOMA)
    assert letter.layout == "C"
    assert decided(letter) == [("Norco #60", "upheld"), ("Soma #30", "overturned")]
    first, second = letter.items
    assert first.claims_administrator_guideline == "the MTUS." and first.reviewer_guideline == "the ODG."
    assert (first.rationale, second.rationale) == ("Little is said.", "Much is said.")
    assert str(letter.received_date) == "2013-07-15" and str(letter.ur_decision_date) == "2013-07-03"


@pytest.mark.parametrize(
    ("again", "outcome"),
    [
        ((NORCO, ("2", "Soma #30", "not medically necessary")), None),  # decided both ways
        ((NORCO, ("2", "Soma #30", "[REDACTED]")), "overturned"),  # a hole in one of the lists
        ((NORCO, ("3", "Soma # 30", "medically necessary")), "overturned"),  # another number, the same words
    ],
)
def test_lists_that_differ(again: tuple[tuple[str, str, str], ...], outcome: str | None) -> None:
    letter = notice(NORCO, SOMA, again=again)
    assert decided(letter) == [("Norco #60", "upheld"), ("Soma #30", outcome)]
    assert any("both ways" in warning for warning in letter.warnings) == (outcome is None)


def test_the_summary_does_not_decide_a_hole() -> None:
    hole = ("1", "Norco #60", "[REDACTED]")
    assert decided(notice(hole, SOMA, again=(hole, ("2", "Soma #30", "[REDACTED]"))))[0] == (
        "Norco #60",
        None,
    )
