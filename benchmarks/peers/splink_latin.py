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


def _name(column: str, other: str) -> cl.CustomComparison:
    """One part of the name, which may stand in the place of the other."""
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            cll.ExactMatchLevel(column).configure(tf_adjustment_column=column),
            cll.CustomLevel(
                f"{column}_l = {other}_r and {column}_r = {other}_l", "given and family swapped"
            ),
            cll.JaroWinklerLevel(column, 0.92),
            cll.JaroWinklerLevel(column, 0.8),
            cll.CustomLevel(
                f"left({column}_l, 1) = left({column}_r, 1)"
                f" and least(len({column}_l), len({column}_r)) = 1",
                "initial",
            ),
            cll.ElseLevel(),
        ],
    )


GIVEN, FAMILY = _name("given", "family"), _name("family", "given")
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
ADDRESS = cl.CustomComparison(
    output_column_name="address",
    comparison_levels=[
        cll.CustomLevel(
            "(street_l is null or street_r is null) and (postcode_l is null or postcode_r is null)"
            " and (town_l is null or town_r is null)",
            "unknown",
        ).configure(is_null_level=True),
        cll.CustomLevel("house_l = house_r and postcode_l = postcode_r", "house and postal code"),
        cll.CustomLevel(
            "house_l = house_r and jaro_winkler_similarity(street_l, street_r) > 0.85"
            " and jaro_winkler_similarity(town_l, town_r) > 0.85",
            "house, street and town",
        ),
        cll.CustomLevel("jaro_winkler_similarity(street_l, street_r) > 0.92", "street"),
        cll.CustomLevel("postcode_l = postcode_r", "postal code"),
        cll.CustomLevel("town_l = town_r", "town").configure(tf_adjustment_column="town"),
        cll.CustomLevel(
            "damerau_levenshtein(postcode_l, postcode_r) <= 1"
            " or jaro_winkler_similarity(town_l, town_r) > 0.88",
            "postal code or town but for a slip",
        ),
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
        block_on("family", "street"),
        block_on("substr(given,1,3)", "substr(family,1,3)", "postcode"),
        block_on("substr(given,1,3)", "substr(family,1,3)", "birth_year", "sex"),
        block_on("house", "postcode"),
        block_on("given", "family", "town"),
    ],
    comparisons=[
        GIVEN,
        FAMILY,
        BIRTH,
        cl.ExactMatch("sex"),
        ADDRESS,
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
    pairs_a_round=2e6,
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
