"""A finished run as the values of its report."""

from __future__ import annotations

import datetime as dt

import polars as pl

from reknit.matching import match
from reknit.report.from_match import InputFile, report_of_match
from reknit.vocabulary import Script

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def test_it_says_how_each_pair_of_scripts_fared_where_the_truth_is_known() -> None:
    # Once the report asked for "arabic-latin" and the evaluation answered "arabic - latin": the
    # columns stayed empty, whatever the truth.
    sought = pl.DataFrame(
        {
            "person_record_id": ["s1", "s2"],
            "full_name": ["إدريس قاسم الطيب", "Zaynab Tikriti Qaddura"],
            "date_of_birth": ["1991-03-07", "1987-04-02"],
        }
    )
    found = pl.DataFrame(
        {
            "person_record_id": ["f1", "f2"],
            "full_name": ["Idriss Qasem Altayeb", "Zainab Tikriti Kadoura"],
            "date_of_birth": ["1991-03-07", "1987-04-02"],
        }
    )
    truth = pl.DataFrame({"sought_id": ["s1", "s2"], "found_id": ["f1", "f2"]})
    run = match(sought, found)
    names = InputFile("sought.csv"), InputFile("found.csv")
    known = report_of_match(run, *names, created_at=NOON, truth=truth).by_script
    unknown = report_of_match(run, *names, created_at=NOON).by_script
    assert {(part.sought_script, part.found_script): part.recall for part in known} == {
        (Script.ARABIC, Script.LATIN): 1.0,
        (Script.LATIN, Script.LATIN): 1.0,
    }
    assert [part.recall for part in unknown] == [None, None]
