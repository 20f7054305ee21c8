"""Splink 5 on two Latin lists in the contract's columns, by the settings its guides advise.

    python -m benchmarks.peers.splink_latin SOUGHT FOUND OUT

Name (swaps and term frequencies included), date of birth, street, town, postal code, sex, phone
and passport: everything that stands in the files.
"""

from __future__ import annotations

import sys
from pathlib import Path

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator

from benchmarks.peers.splink import Training, block_on, link

LOWEST_WEIGHT = -4.0
PREPARE = """
select person_record_id as unique_id, lower(split_part(given_name, ' ', 1)) as given,
    lower(family_name) as family,
    lower(split_part(given_name, ' ', 1)) || ' ' || lower(family_name) as name,
    date_of_birth as birth, left(date_of_birth, 4) as birth_year, sex,
    lower(home_street) as street, split_part(home_street, ' ', 1) as house,
    lower(home_city) as town,
    home_postal_code as postcode, phones as phone, identifiers as identifier
from ({source})
"""
BIRTH = cl.CustomComparison(
    output_column_name="birth",
    comparison_levels=[
        cll.NullLevel("birth"),
        cll.ExactMatchLevel("birth"),
        cll.CustomLevel(
            "len(birth_l) = 10 and len(birth_r) = 10 "
            "and damerau_levenshtein(birth_l, birth_r) <= 1",
            "one figure apart",
        ),
        cll.CustomLevel("birth_year_l = birth_year_r", "same year"),
        cll.CustomLevel("damerau_levenshtein(birth_l, birth_r) <= 2", "two figures apart"),
        cll.ElseLevel(),
    ],
)
SETTINGS = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[
        block_on("birth", "family"),
        block_on("birth", "given"),
        block_on("given", "family", "birth_year"),
        block_on("given", "family", "postcode"),
        block_on("birth", "postcode"),
        block_on("phone"),
        block_on("identifier"),
        block_on("family", "postcode", "house"),
        block_on("given", "street"),
        block_on("given", "family", "town"),
    ],
    comparisons=[
        cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="name"),
        BIRTH,
        cl.ExactMatch("sex"),
        cl.JaroWinklerAtThresholds("street", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("town", [0.9]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.DamerauLevenshteinAtThresholds("identifier", [1]),
    ],
)
TRAINING = Training(
    deterministic=[
        block_on("phone", "given"),
        block_on("identifier"),
        block_on("given", "family", "birth"),
    ],
    recall=0.8,
    expectation_maximisation=[block_on("birth"), block_on("given", "family")],
)

if __name__ == "__main__":
    link(
        sys.argv[1:3],
        SETTINGS,
        TRAINING,
        Path(sys.argv[3]),
        prepare=PREPARE,
        lowest_weight=LOWEST_WEIGHT,
    )
