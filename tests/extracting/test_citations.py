from __future__ import annotations

import pytest

from imr_ml.extracting.citations import citation_facts, parse_citations
from imr_ml.resources import read_rows

# line -> (family, edition) of each guideline cited, in every form that letters have
LINES = [
    (
        "Decision based on MTUS Low Back Complaints 2004, Section(s): Special Studies.",
        [("acoem low back", "2004")],
    ),
    ("Decision based on MTUS Elbow Complaints 2007.", [("acoem elbow", "2007")]),
    # the older form: no year, a page instead; only one edition can be meant
    ("Decision based on MTUS Low Back Complaints Page(s): 303.", [("acoem low back", "2004")]),
    (
        "Decision based on MTUS Chronic Pain Treatment Guidelines Opioids Page(s): 74, 95, 78.",
        [("mtus chronic pain", "2009")],
    ),
    (
        "Decision based on MTUS Chronic Pain Medical Treatment 2009, Section(s): Opioids.",
        [("mtus chronic pain", "2009")],
    ),
    ("Decision based on MTUS Chronic Pain Medical Treatment 2016.", [("mtus chronic pain", "2016")]),
    (
        "Decision based on MTUS Chronic Pain Medical Treatment 2016 Guidelines, Section(s): Bupropion.",
        [("mtus chronic pain", "2016")],
    ),
    (
        "Decision based on MTUS Opioid Treatment 2016, Section(s): 3. Opioids for Chronic Pain.",
        [("mtus opioids", "2016")],
    ),
    ("Decision based on MTUS Acupuncture Treatment 2007.", [("mtus acupuncture", "2007")]),
    ("ACOEM Opioids Guideline (4/20/2017), p. 12", [("acoem opioids", "2017")]),
    ("ACOEM via MDGuidelines - Shoulder Disorders", [("acoem shoulder", None)]),
    ("MDGuidelines, rotator cuff tear", [("other", None)]),
    # the year between a source and its chapter
    ("ODG-TWC 2014 Pain (Chronic), Proton Pump Inhibitors", [("odg pain", "2014")]),
    ("ACOEM 2008 revised low back", [("acoem low back", "2008")]),
    ("MTUS (2009) Chronic Pain, pages 74-96", [("mtus chronic pain", "2009")]),
    (
        "Decision based on MTUS Postsurgical Treatment 2009, Section(s): Shoulder.",
        [("mtus postsurgical", "2009")],
    ),
    (
        "Decision based on MTUS Neck and Upper Back Complaints 2004, Section(s): Initial Care, and Shoulder "
        "Complaints 2004, Section(s): Initial Care, and Chronic Pain Medical Treatment 2016.",
        [("acoem neck and upper back", "2004"), ("acoem shoulder", "2004"), ("mtus chronic pain", "2016")],
    ),
    # a topic that sounds like another guideline is still a topic
    (
        "Decision based on MTUS Opioid Treatment 2016, Section(s): 3.2 Opioids for Chronic Pain "
        "and Chronic Opioid "
        "Treatment: Consideration of Alternative Treatments.",
        [("mtus opioids", "2016")],
    ),
    (
        "Decision based on MTUS Low Back Complaints 2004, Section(s): General Approach.",
        [("acoem low back", "2004")],
    ),
    (
        "The Claims Administrator did not base their decision on the MTUS. Decision based on "
        "Non-MTUS Citation "
        "ODG, Low Back Chapter",
        [("odg low back", None)],
    ),
    (
        "The Claims Administrator based their decision on recommendation(s) outside of the MTUS Guidelines. "
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Pain.",
        [("odg pain", None)],
    ),
    (
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG) Low Back - "
        "Lumbar and Thoracic "
        "Chapter (updated 12/20/16), MRI (magnetic resonance imaging).",
        [("odg low back", None)],
    ),
    (
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), 2016, Neck and "
        "Upper Back, CT.",
        [("odg neck and upper back", "2016")],
    ),
    (
        "Decision based on Non-MTUS Citation Official Disability Guidelines, Neck and Upper Back "
        "Chapter, Shoulder "
        "Chapter, Physical therapy.",
        [("odg neck and upper back", None), ("odg shoulder", None)],
    ),
    (
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Chiropractic Guidelines.",
        [("odg", None)],
    ),
    (
        "Decision based on Non-MTUS Citation ACOEM guidelines and the Official Disability Guidelines.",
        [("acoem", None), ("odg", None)],
    ),
    (
        "Decision based on MTUS Chronic Pain Treatment Guidelines Ziconotide. Decision based on "
        "Non-MTUS Citation "
        "Official Disability Guidelines (ODG), Pain Chapter, Ziconotide (Prialt); FDA, Prialt.",
        [("mtus chronic pain", "2009"), ("odg pain", None), ("other", None)],
    ),
    ("Decision based on Non-MTUS Citation http://www.drugs.com/famotidine.html.", [("other", None)]),
    ("Decision based on Non-MTUS Citation The Surgeon's Handbook.", [("other", None)]),
    ("The Claims Administrator did not cite any medical evidence for its decision.", [("none cited", None)]),
    (
        "The Claims Administrator did not base its decision on evidence based criteria.",
        [("none cited", None)],
    ),
    # a guideline that is said not to be cited
    (
        "The Claims Administrator did not cite any medical evidence for its decision. "
        "The MTUS was not referenced.",
        [("none cited", None)],
    ),
    (
        "The Claims Administrator did not cite any medical evidence. No mention of ODG or MTUS.",
        [("none cited", None)],
    ),
    ("The UR physician did not reference MTUS.", [("none cited", None)]),
    ("Neither the MTUS nor the ODG was referenced.", [("none cited", None)]),
    ("The decision did not mention the MTUS, ACOEM or ODG.", [("none cited", None)]),
    ("The MTUS and the ODG were not referenced.", [("none cited", None)]),
    ("ODG Pain Chapter was not mentioned.", [("none cited", None)]),
    ("The UR physician didn't reference the ODG.", [("none cited", None)]),
    ("The claims administrator cited ODG, Pain Chapter and not MTUS.", [("odg pain", None)]),
    ("ODG, Knee Chapter, rather than the MTUS.", [("odg knee and leg", None)]),
    ("Decision was not based on the MTUS but on ODG, Knee.", [("odg knee and leg", None)]),
    ("Decision based on ODG, Pain Chapter, MTUS not cited.", [("odg pain", None)]),
    # what is not said of the guideline denies nothing
    ("MTUS not only allows tramadol, it asks for weaning.", [("mtus", None)]),
    ("The decision did not cite any guideline except the MTUS.", [("mtus", None)]),
    ("The UR physician did not cite MTUS, ODG Pain Chapter was used.", [("odg pain", None)]),
    ("ODG, Low Back Chapter: the films were not mentioned.", [("odg low back", None)]),
    ("MTUS Low Back Complaints criteria were not considered.", [("acoem low back", "2004")]),
    ("No mention of gym use. ODG, Low Back.", [("odg low back", None)]),
    # chapters of ACOEM as the MTUS adopted them later: the edition is the printed one
    ("Decision based on MTUS Hip and Groin Guideline (ACOEM) 2019.", [("acoem hip and groin", "2019")]),
    ("Decision based on MTUS Hip and Groin Disorders Guideline 2019.", [("acoem hip and groin", "2019")]),
    (
        "Decision based on MTUS Cervical and Thoracic Spine Disorders Guideline (ACOEM 2018).",
        [("acoem neck and upper back", "2018")],
    ),
    ("Decision based on MTUS Low Back Disorders (ACOEM, February 13, 2020).", [("acoem low back", "2020")]),
    ("Decision based on MTUS Low Back Disorders - 2019 (ACOEM).", [("acoem low back", "2019")]),
    ("Decision based on MTUS Elbow Disorders Guideline (ACOEM) 2018.", [("acoem elbow", "2018")]),
    (
        "Decision based on MTUS Chronic Pain Guideline (ACOEM) 2017, Section(s): Opioids.",
        [("acoem chronic pain", "2017")],
    ),
    ("Decision based on MTUS Opioids Guideline (ACOEM) 2017.", [("acoem opioids", "2017")]),
    (
        "Decision based on MTUS Traumatic Brain Injury Guideline 2018.",
        [("acoem traumatic brain injury", "2018")],
    ),
    (
        "Decision based on MTUS Workplace Mental Health Guideline: PTSD and ASD 2018.",
        [("acoem workplace mental health", "2018")],
    ),
    ("Decision based on MTUS Interstitial Lung Disease 2019.", [("acoem interstitial lung disease", "2019")]),
    ("Decision based on MTUS Work-Related Asthma 2018.", [("acoem work-related asthma", "2018")]),
    ("Decision based on MTUS Antiemetics Guideline 2017 (ACOEM).", [("acoem antiemetics", "2017")]),
    (
        "Decision based on MTUS Cornerstones of Disability Prevention and Management 2011.",
        [("acoem general approaches", "2011")],
    ),
    ("Decision based on MTUS 2020: ACOEM Low Back Disorders.", [("acoem low back", "2020")]),
    # ODG has a drug formulary of its own
    ("Decision based on Non-MTUS Citation ODG Workers Compensation Drug Formulary.", [("odg", None)]),
    ("ODG, Pain Chapter, Drug Formulary", [("odg pain", None)]),
    (
        "Decision based on MTUS Drug Formulary. Decision based on ODG, Pain.",
        [("mtus drug formulary", "2018"), ("odg pain", None)],
    ),
    # several parts of the MTUS before one "Guidelines"
    (
        "Decision based on MTUS Chronic Pain, Opioids, and Post Surgical Guidelines.",
        [("mtus chronic pain", "2009"), ("mtus opioids", "2016"), ("mtus postsurgical", "2009")],
    ),
    (
        "MTUS Postsurgical and Acupuncture Guidelines",
        [("mtus postsurgical", "2009"), ("mtus acupuncture", "2007")],
    ),
    ("MTUS Chronic Pain Treatment Guidelines, Opioids", [("mtus chronic pain", "2009")]),
    # earlier letters, and what a user may type
    ("the MTUS Elbow Disorders Chapter.", [("acoem elbow", "2007")]),
    (
        "The Claims Administrator based its decision on the MTUS/ACOEM Guidelines, (2004) Chapter "
        "12, Low Back "
        "Complaints, pg 308-310, which is part of the MTUS.",
        [("acoem low back", "2004")],
    ),
    (
        "The Claims Administrator based its decision on the Official Disability Guidelines (ODG) Knee & Leg "
        "Chapter, which is not part of the MTUS.",
        [("odg knee and leg", None)],
    ),
    ("ODG, Pain", [("odg pain", None)]),
    ("ACOEM Chapter 12", [("acoem low back", "2004")]),
    ("decision based on mtus low back complaints 2004", [("acoem low back", "2004")]),
    # several chapters by their numbers
    ("ACOEM Chapters 8 and 12", [("acoem neck and upper back", "2004"), ("acoem low back", "2004")]),
    ("ACOEM Chapter 2, 3 and 5", [("acoem general approaches", "2004")]),
    ("MTUS Chapters 9, 13", [("acoem shoulder", "2004"), ("acoem knee", "2004")]),
    (
        "ACOEM Chapters 12 through 14",
        [("acoem low back", "2004"), ("acoem knee", "2004"), ("acoem ankle and foot", "2004")],
    ),
    ("ACOEM Chapter 8 and Chapter 9", [("acoem neck and upper back", "2004"), ("acoem shoulder", "2004")]),
    ("ACOEM ch. 5 p. 89-92", [("acoem general approaches", "2004")]),
    # numbers behind a chapter that are none of another
    ("ACOEM Chapter 12, 13", [("acoem low back", "2004")]),
    ("ACOEM Chapter 12 and 300-306", [("acoem low back", "2004")]),
    ("ACOEM Chapter 12 and 8-9", [("acoem low back", "2004")]),
    ("ACOEM Chapters 12, 3rd edition", [("acoem low back", None)]),
    ("ACOEM Chapter 12-8", [("acoem low back", "2004")]),
    ("MTUS", [("mtus", None)]),
    ("see the attached notes", []),
    ("", []),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_family_and_edition(line: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(one.family, one.edition) for one in parse_citations(line)] == expected


SECTIONS = [
    (
        "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): NSAIDs, GI symptoms & "
        "cardiovascular risk, Proton Pump Inhibitors (PPIs).",
        "NSAIDs, GI symptoms & cardiovascular risk;Proton Pump Inhibitors (PPIs)",
    ),
    (
        "Decision based on MTUS Chronic Pain Medical Treatment 2009, Section(s): Opioids, criteria for use.",
        "Opioids, criteria for use",
    ),
    (
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Knee & Leg "
        "(updated 11/22/16) "
        "Chapter: Home Health Services.",
        "Home Health Services",
    ),
    ("Decision based on MTUS Low Back Complaints 2004.", None),
    # behind the publisher in brackets
    ("Decision based on MTUS Low Back Disorders Guideline (ACOEM) 2019, Section(s): MRI.", "MRI"),
    ("Decision based on MTUS Low Back Disorders 2017 (ACOEM), Section(s): Injections.", "Injections"),
    ("Decision based on MTUS Chronic Pain Guideline (ACOEM) 2017, Section(s): Opioids.", "Opioids"),
    (
        "Decision based on MTUS Workplace Mental Health: Depressive Disorders Guideline (ACOEM) 2020, "
        "Section(s): Therapy.",
        "Therapy",
    ),
    # scraps of titles, dates and brackets are no topics
    ("MTUS/ACOEM Low Back Chapter 12, page 303-305", None),
    ("ACOEM Chapter 2, 3 and 5", None),
    ("ACOEM Chapters 8 through 12, pages 177-178, Special studies", "Special studies"),
    ("ACOEM Guidelines, Shoulder Complaints Chapter 9, Surgical Considerations", "Surgical Considerations"),
    ("MTUS General Approach to Initial Assessment and Documentation Page(s): 21-42.", None),
    ("MTUS Cornerstones of Disability Prevention and Management Page(s): 92.", None),
    ("MTUS Opioids Treatment Guidelines (July 28, 2016), Tapering opioids.", "Tapering opioids"),
    ("MTUS Chronic Pain Medical Treatment Guidelines (effective July 18, 2009), Opioids", "Opioids"),
    ("ODG, Neck and Upper Back (Acute and Chronic), updated 6/25/15, Facet blocks.", "Facet blocks"),
    ("ODG, Low Back, as of 5/12/14, MRI/CT", "MRI/CT"),
    ("MTUS Shoulder Complaints (Chapter 9), page 211", None),
    ("ODG-TWC Low Back Procedure Summary last updated 03/24/2015, MRI.", "MRI"),
    ("ODG, Treatment in Workers' Compensation, Pain Procedure Summary.", None),
    ("ODG (Pain chapter - Insomnia; Mental chapter - Sedatives)", "Insomnia;Sedatives"),
    ("ODG, Knee (Chronic), Braces, 2014", "Braces"),
    ("ODG, Shoulder, Treatment Index", None),
    ("ODG, Shoulder, Online Version, MRI, updated 2014", "MRI"),
    ("ODG Knee Chapter is.", None),
    # numbers of a section's name
    ("MTUS Elbow Complaints 2007, Section(s): 326, Vitamin B 12", "326;Vitamin B 12"),
    ("ODG, Shoulder, Treatment Index, 12th edition (web), MRI", "MRI"),
    ("ODG, Low Back (Thoracic and Lumbar, Acute and Chronic) Chapter, Bracing", "Bracing"),
    # the regulation that adopted the MTUS
    (
        "MTUS Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20 - 9792.26 MTUS (Effective July 18, 2009) "
        "Opioids Page(s): 78.",
        "Opioids",
    ),
    ("MTUS Chronic Pain Treatment Guidelines 8 C.C.R. Page(s): 9792.20-9792.26", None),
    ("MTUS Section 9792.24.2 Page(s): pg. 91-93 & 124", None),
    ("MTUS Drug List (8 CCR 9792.27.15), Non-exempt drugs", "Non-exempt drugs"),
    # what leads on to another guideline; topics behind pages
    (
        "MTUS Chronic Pain Treatment Guidelines NSAIDs Page(s): 67-68 and on the Non-MTUS ODG, Pain Chapter",
        "NSAIDs",
    ),
    (
        "MTUS/ACOEM Chapter 8 Neck and Upper Back Complaints page 178 and Chapter 12 Low Back Complaints",
        None,
    ),
    ("MTUS Chronic Pain Treatment Guidelines Opioids Page(s): 78 Weaning Page(s): 124", "Opioids;Weaning"),
    ("MTUS Low Back Complaints Page(s): table 12-8, 308-310", "table 12-8"),
]


@pytest.mark.parametrize(("line", "expected"), SECTIONS)
def test_sections(line: str, expected: str | None) -> None:
    assert citation_facts(line)["guideline_sections"] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("MTUS Chronic Pain Treatment Guidelines (IDDSs) Page(s): 41,51, 52.", ("41", "51", "52")),
        (
            "MTUS Chronic Pain Treatment Guidelines Implantable drug delivery systems Page(s): 52-54.",
            ("52-54",),
        ),
        ("ACOEM Guidelines, Chapter 7, page 137.", ("137",)),
        ("MTUS Low Back Complaints 2004.", ()),
        (
            "MTUS Chronic Pain Guidelines 8 C.C.R. 9792.20 - 9792.26 MTUS (Effective July 18, 2009) Page 78",
            ("78",),
        ),
        ("Chronic Pain Guidelines, California Code of Regulations, Title 8, 9792.20 et seq., p. 22", ("22",)),
        # numbers of sections of a regulation are no pages
        ("MTUS Chronic Pain Treatment Guidelines 8 C.C.R. Page(s): 9792.20-9792.26", ()),
        ("MTUS Chronic Pain Treatment Guidelines Page 78 of 127", ("78",)),
        ("MTUS Section 9792.24.2 Page(s): pg. 91-93 & 124", ("91-93", "124")),
        ("MTUS Low Back Complaints Page(s): table 12-8, 308-310", ("308-310",)),
        ("ACOEM Chapter 6 p 163", ("163",)),
        ("Chronic Pain Guidelines 8 C.C.R. 9792.20 9792.26 MTUS (Effective July 18, 2009) p. 78", ("78",)),
        ("ODG, Pain Chapter, Vitamin P 12", ()),
        ("MTUS Chronic Pain Treatment Guidelines, pages 22, 58, and 98-99", ("22", "58", "98-99")),
    ],
)
def test_pages(line: str, expected: tuple[str, ...]) -> None:
    assert parse_citations(line)[0].pages == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Title 8, California Code of Regulations, section 9792.24.3", [("mtus postsurgical", "2009")]),
        ("California Code of Regulations, Title 8, section 9792.20 et seq.", [("mtus", None)]),
        # other parts of the code are not the MTUS
        ("California Code of Regulations, Title 8, section 9792.6", [("other", None)]),
        (
            "MTUS Chronic Pain Treatment Guidelines 8 C.C.R. 9792.20-9792.26 MTUS (Effective July 28, 2016)",
            [("mtus chronic pain", "2016")],
        ),
        ("CA MTUS 8 CCR 9792.20, ACOEM Chapter 12", [("acoem low back", "2004")]),
        ("MTUS Chronic Pain Guidelines, Opioids, 2016", [("mtus chronic pain", "2016")]),
    ],
)
def test_the_regulation_is_the_mtus(line: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(one.family, one.edition) for one in parse_citations(line)] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ODG, Hip & Pelvis, Arthroplasty; Knee, Bracing.", ["odg hip and pelvis", "odg knee and leg"]),
        ("ODG, Elbow; Shoulder; Neck", ["odg elbow", "odg shoulder", "odg neck and upper back"]),
        ("ODG, Hip & Pelvis, Arthroplasty; Knee bracing.", ["odg hip and pelvis"]),  # a topic
        ("ODG, Hip & Pelvis, Arthroplasty, Knee, Bracing.", ["odg hip and pelvis"]),
        ("ODG by MCG, Elbow, accessed 3/4/2019: Splints", ["odg elbow"]),
    ],
)
def test_chapters_of_a_list(line: str, expected: list[str]) -> None:
    assert [one.family for one in parse_citations(line)] == expected


def test_a_citation_keeps_its_place() -> None:
    line = (
        "Decision based on MTUS Low Back Complaints 2004, Section(s): Summary. Decision based on ODG, Pain."
    )
    low_back, pain = parse_citations(line)
    assert line[low_back.start : low_back.end] == "Low Back Complaints 2004, Section(s): Summary"
    assert line[pain.start : pain.end] == "ODG, Pain"


def test_every_title_of_the_table_is_recognised() -> None:
    for row in read_rows("taxonomies/guidelines.csv"):
        assert row["source"], row
        assert row["edition"] == "" or row["edition"].isdigit(), row
        if row["kind"] in ("title", "source", "other"):
            assert row["family"] in [one.family for one in parse_citations(row["title"])], row
        elif row["kind"] == "mtus chapter":
            listed = parse_citations(f"MTUS Acupuncture, {row['title']} and Chronic Pain Guidelines")
            assert row["family"] in [one.family for one in listed], row
        elif row["kind"].endswith("chapter"):
            guideline = row["kind"].split()[0].upper()
            assert row["family"] in [one.family for one in parse_citations(f"{guideline}, {row['title']}")], (
                row
            )
        elif row["kind"] == "denies next":
            assert [one.family for one in parse_citations(f"ODG {row['title']} the MTUS")] == ["odg"], row
            alone = [one.family for one in parse_citations(f"{row['title']} the MTUS")]
            assert alone == [row["family"]] * bool(row["family"]), row
        elif row["kind"] == "denies last":
            assert [one.family for one in parse_citations(f"ODG, MTUS {row['title']}")] == ["odg"], row
            assert [one.family for one in parse_citations(f"MTUS {row['title']}")] == [row["family"]], row
        else:
            assert row["kind"] in ("nothing", "unnamed"), row


def test_a_date_of_the_edition_is_no_topic() -> None:
    line = "Chronic Pain Medical Treatment Guidelines (July 28, 2016), Opioids"
    assert parse_citations(line)[0].sections == ("Opioids",)
