"""Splink 5 on the historical figures, with the settings of its own tutorial on this data set.

    python -m benchmarks.peers.splink_historical PEOPLE OUT

The columns are the data set's own: first_name, surname, dob, birth_place, postcode_fake,
occupation. See "Linking a dataset of real historical persons" in Splink's documentation.
"""

from __future__ import annotations

import sys
from pathlib import Path

import splink.comparison_library as cl
from splink import SettingsCreator

from benchmarks.peers.splink import Training, block_on, link

SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    blocking_rules_to_generate_predictions=[
        block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"),
        block_on("substr(postcode_fake,1,3)", "first_name"),
        block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ],
    comparisons=[
        cl.ForenameSurnameComparison(
            "first_name",
            "surname",
            forename_surname_concat_col_name="first_name_surname_concat",
        ),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ],
)
TRAINING = Training(
    deterministic=[
        block_on("first_name", "surname", "dob"),
        block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
        block_on("dob", "postcode_fake"),
    ],
    recall=0.6,
    expectation_maximisation=[block_on("first_name", "surname"), block_on("dob")],
)
PREPARE = "select *, first_name || ' ' || surname as first_name_surname_concat from ({source})"

if __name__ == "__main__":
    link(sys.argv[1:2], SETTINGS, TRAINING, Path(sys.argv[2]), prepare=PREPARE)
