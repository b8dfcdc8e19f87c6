import datetime as dt

import pytest

from imr_ml.parsing.dates import find_date, find_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10/26/99", "1999-10-26"),
        ("1/6/15", "2015-01-06"),
        ("02-22-1998", "1998-02-22"),
        ("1.19.1990", "1990-01-19"),
        ("2013-09-06", "2013-09-06"),
        ("Oct 7 2002 .", "2002-10-07"),
        ("September 6,\n2013", "2013-09-06"),
        ("Sept. 25, 2013", "2013-09-25"),
        ("Sep 25 2013", "2013-09-25"),
        ("MARCH 3RD, 2014", "2014-03-03"),
        ("6 September 2013", "2013-09-06"),
        ("10 / 26 / 1999", "1999-10-26"),
        ("8th of November, 1994", "1994-11-08"),
        ("February19, 2010", "2010-02-19"),
        ("10-Jan-2013", "2013-01-10"),
        ("7-Nov-13", "2013-11-07"),
        ("7JUN2013", "2013-06-07"),
        ("Jan-10-2013", "2013-01-10"),
        ("Oct. 7, '02", "2002-10-07"),
        ("the 4th day of July, 2012", "2012-07-04"),
        ("2013/9/6", "2013-09-06"),
    ],
)
def test_every_form_of_a_date(text: str, expected: str) -> None:
    found = find_date(f"on {text} at", 0)
    assert found and str(found[0]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "L4-5, C5-6-7",
        "10/325mg",
        "8/10",
        "13/45/2014",
        "1/2/3/2014",
        "2-3 times",
        "Page 2 of 5",
        "May 5",
        "July 2014",
        "10 May 20 mg",
        "1 dec 12 tablets",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_dates_come_in_order_with_their_places() -> None:
    text = "Jan 2, 2014 and 3/4/2014 then 5 May 2014"
    found = find_dates(text)
    assert [date for date, _, _ in found] == [dt.date(2014, 1, 2), dt.date(2014, 3, 4), dt.date(2014, 5, 5)]
    assert [text[start:end] for _, start, end in found] == ["Jan 2, 2014", "3/4/2014", "5 May 2014"]
