"""How reading time grows with size: ``python -m tests.fuzzing.growing [--size 50000]``.

Each hostile passage is repeated until the text is 50, 100 and 200 kB long: a letter to be read, or a
request, a guideline or a summary of which facts are read. Time that grows faster than the text is a fault:
the growth per doubling should stay near 2.
"""

import argparse
import contextlib
import time
from pathlib import Path

import pandas as pd

import imr_ml
from imr_ml.errors import ReadError
from imr_ml.parsing import parse_letter
from imr_ml.reading import read_text

LETTERS = Path(__file__).parents[1] / "letters"
HEAD = "CLINICAL CASE SUMMARY\nA man.\nIMR ISSUES, DECISIONS AND RATIONALES\n"
PASSAGES = {
    "spaces": " ",
    "line ends": "\n",
    "spaces and line ends": " \n",
    "page breaks": "\f",
    "hyphens at line ends": "a-\n",
    "digits": "1",
    "dates": "1/2/2003 ",
    "almost dates": "1/2/",
    "one long word": "a",
    "colons": ": ",
    "dots": ". ",
    "quotes": "\"'",
    "opening brackets": "(",
    "zero width": "\u200b",
    "mojibake": "â€™",
    "summary heading": "CLINICAL CASE SUMMARY\n",
    "issues heading": "IMR ISSUES, DECISIONS AND RATIONALES\n",
    "all headings": "HOW THE IMR FINAL DETERMINATION WAS MADE\n" + HEAD,
    "items": "Norco: Upheld\n",
    "items without line ends": "Norco: Upheld ",
    "whole items": (
        "Norco: Upheld\nClaims Administrator guideline: a\nMAXIMUS guideline: b\n"
        "Decision rationale: c is not medically necessary.\n"
    ),
    "guideline labels": "Claims Administrator guideline: ",
    "rationale labels": "Decision rationale: ",
    "spaced letters": "U p h e l d : ",
    "original requests": "X was the original request. ",
    "remaining portions": "The remaining IMR eligible portion of the original request, ",
    "authorized first": "The Claims Administrator authorized X, leaving the original request IMR eligible. ",
    "retrospective": "Retrospective request for ",
    "verdicts": "is not medically necessary and appropriate. ",
    "verdicts without ends": "is not medically ",
    "requests of B": "1. The request for X is not medically necessary and appropriate.\n",
    "open requests of B": "1. The request for X ",
    "requests of C": "1) MAXIMUS Federal Services, Inc. has determined the request for X is not needed\n",
    "regarding": "1) Regarding the request for X:\n",
    "headings of D": "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE:\nX\nCASE SUMMARY:\n",
    "ages": "44 year old male ",
    "years": "year ",
    "state lists": "California,",
    "specialty lists": "Internal Medicine, ",
    "licence": "is licensed to practice in ",
    "boards": "is Board Certified in ",
    "page numbers": "Page 1 of 2\n",
    "running titles": "\fMAXIMUS Federal Services\n",
    "case numbers": "CM16-0000001 ",
    "header labels": "Case Number:\nDate of Injury:\n",
}
FRAMES = {
    "alone": "{}",
    "in a summary": "CLINICAL CASE SUMMARY\n{}\nIMR ISSUES, DECISIONS AND RATIONALES\nNorco: Upheld\n",
    "in a rationale": HEAD + "Norco: Upheld\nDecision rationale: {}\n",
    "in a request": HEAD + "Norco {}: Upheld\n",
    "in credentials": "The Expert Reviewer has the following credentials:\nState(s) of Licensure: {}\n"
    + HEAD,
    "in layout B": (
        "MAXIMUS FEDERAL SERVICES, INC.\nIndependent Medical Review\nCLINICAL CASE SUMMARY\nA man.\n"
        "IMR DECISION(S) AND RATIONALE(S)\n1. The request for {} is medically necessary and appropriate.\n"
    ),
    "in layout C": (
        "Notice of Independent Medical Review Determination\n1) MAXIMUS Federal Services, Inc. has "
        "determined the request for X is not medically necessary and appropriate.\n"
        "INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n{}\nCase Summary:\nA man.\n"
    ),
    "in layout D": "MEDICAL PROFESSIONAL REVIEW\nISSUE AT DISPUTE:\n{}\nCASE SUMMARY:\nA man.\n",
}

OF_FACTS = {
    "request": (
        *("1 x 2 ", "L3, ", "L3 to ", "C4 and 5, ", "5mg, ", "15mg #60 and ", "one hundred and "),
        *(
            "#60 x2 ",
            "2 bottles of 100 ",
            "Norco #120 with a follow-up visit, ",
            "2x/6wks then ",
            "first nth finger ",
            "single therapy ",
            "(modified to 6 ",
            "(6 visits ",
            "ab15",
        ),
        *(
            "refill ",
            "100 gm x 3 tubes ",
            "daily x 10 days ",
            "Norco and ",
            "ESI #2 ",
            "T3 #60 ",
            "5/325 and ",
        ),
    ),
    "claims_administrator_guideline": (
        *("MTUS not cited, ", "did not cite MTUS or ", "no mention of ODG or ", "Page(s): 78 of 127 "),
        *("8 C.C.R. 9792.20 - 9792.26 MTUS ", "ACOEM Chapters 8 and 12, ", "Chapter 2, 3 and ", "ODG, 2014 "),
        "ODG, Knee, braces; Pain; Shoulder, ",
    ),
    "case_summary": (
        *("if not better, surgery ", "it is unlikely that ", "may need ", "the request is not medically "),
        *(
            "request for ",
            "requested ",
            "regarding , ",
            "does not appear that ",
            "little evidence ",
        ),
        *(
            "for the ",
            "candidate ",
            "a couple of weeks of ",
            "cream 5% / ",
            "gabapentin/ketamine ",
            "no ",
            "; ",
            ". ",
        ),
        *("internal derangement ", "therapy, none of which ", "denied therapy for 6 weeks and "),
    ),
}


def seconds_of_facts(column: str, text: str) -> float:
    table = pd.DataFrame({"item_id": ["a"], "request": ["MRI"], "case_summary": ["Pain."]} | {column: [text]})
    start = time.process_time()
    imr_ml.facts(table)
    return time.process_time() - start


def seconds(text: str) -> float:
    start = time.process_time()
    with contextlib.suppress(ReadError):
        parse_letter(text, source="hostile.txt")
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=50_000, help="characters of the smallest text")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds after which a text is not doubled")
    arguments = parser.parse_args()
    rows = []
    letters = {
        f"letter {path.stem}": read_text(path)
        for path in sorted(LETTERS.glob("*.txt"))
        if path.read_bytes().strip()
    }
    texts = [(frame, what, FRAMES[frame], words) for frame in FRAMES for what, words in PASSAGES.items()]
    texts += [("alone", what, "{}", words) for what, words in letters.items()]
    texts += [
        (column, words.strip(), "", words) for column, passages in OF_FACTS.items() for words in passages
    ]
    for frame, what, around, words in texts:
        times: list[float] = []
        for factor in (1, 2, 4):
            repeated = words * (arguments.size * factor // len(words))
            is_letter = frame not in OF_FACTS
            times.append(seconds(around.format(repeated)) if is_letter else seconds_of_facts(frame, repeated))
            if times[-1] > arguments.limit:
                break
        rows.append(
            (times[-1], times[-1] / max(times[-2] if len(times) > 1 else times[-1], 1e-9), frame, what)
        )
    print(f"{len(rows)} texts of {arguments.size // 1000} to {4 * arguments.size // 1000} kB; the slowest:")
    for last, growth, frame, what in sorted(rows, reverse=True)[:25]:
        print(f"{last:8.2f} s  x{growth:4.1f} per doubling  {what} {frame}")
    print("growing fastest (of those above 0.05 s):")
    for last, growth, frame, what in sorted((row for row in rows if row[0] > 0.05), key=lambda row: -row[1])[
        :15
    ]:
        print(f"{last:8.2f} s  x{growth:4.1f} per doubling  {what} {frame}")


if __name__ == "__main__":
    main()
