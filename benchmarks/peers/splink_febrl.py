"""Splink 5 on FEBRL 4.

    python -m benchmarks.peers.splink_febrl SOUGHT FOUND OUT [full | example]

`example` compares what the example in Splink's documentation compares; `full` adds the address
and the town, so that it knows what ours knows, and two more blocking rules. The columns are the
data set's own: given_name, surname, street_number, address_1, suburb, postcode, state,
date_of_birth (YYYYMMDD), soc_sec_id.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import splink.comparison_library as cl
from splink import SettingsCreator
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator

from benchmarks.peers.splink import Training, block_on, link

BLOCKING: list[BlockingRuleCreator | dict[str, Any]] = [
    block_on("given_name", "surname"),
    block_on("date_of_birth"),
    block_on("soc_sec_id"),
    block_on("state", "address_1"),
    block_on("street_number", "address_1"),
    block_on("postcode"),
]
MORE_BLOCKING: list[BlockingRuleCreator | dict[str, Any]] = [
    block_on("surname", "suburb"),
    block_on("given_name", "suburb"),
]
COMPARISONS: list[ComparisonCreator | dict[str, Any]] = [
    cl.NameComparison("given_name"),
    cl.NameComparison("surname"),
    cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
    cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
    cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
    cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
        term_frequency_adjustments=True
    ),
]
MORE_COMPARISONS: list[ComparisonCreator | dict[str, Any]] = [
    cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
    cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(term_frequency_adjustments=True),
]
SETTINGS = {
    "example": SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=BLOCKING,
        comparisons=COMPARISONS,
    ),
    "full": SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=BLOCKING + MORE_BLOCKING,
        comparisons=COMPARISONS + MORE_COMPARISONS,
    ),
}
TRAINING = Training(
    deterministic=[
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        block_on("surname", "postcode", "street_number"),
    ],
    recall=0.9,
    expectation_maximisation=[
        block_on("date_of_birth"),
        block_on("postcode"),
        block_on("surname"),
    ],
)

if __name__ == "__main__":
    link(sys.argv[1:3], SETTINGS[sys.argv[4]], TRAINING, Path(sys.argv[3]))
