"""Splink 5 on DuckDB, as its own guides use it: train without labels, predict, write pairs.

    link([sought, found], settings, training, out)

Inputs are CSV or Parquet files; the output, a CSV, has sought_id, found_id, probability and
match_weight. Comparisons and blocking rules are the callers': splink_febrl.py and its neighbours.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator

LOWEST_WEIGHT = -10.0
"""Pairs below this weight (log2 odds) are not written: no threshold worth having lies there."""


@dataclass(frozen=True, slots=True)
class Training:
    """How the parameters are estimated: see Splink's guide "Estimating model parameters".

    deterministic: rules that few non-matches meet, and the recall they are thought to have;
    expectation_maximisation: one round a blocking rule, on all its pairs or about so many.
    """

    deterministic: Sequence[BlockingRuleCreator]
    recall: float
    expectation_maximisation: Sequence[BlockingRuleCreator]
    random_pairs: float = 1e7
    seed: int | None = 1
    pairs_a_round: float | None = None


def read_table(path: str) -> str:
    """SQL for a Parquet file, or a CSV file whose cells are all text, empty ones null."""
    if path.endswith(".parquet"):
        return f"select * from read_parquet('{path}')"  # noqa: S608  our own scratch file's path
    return f"select * from read_csv('{path}', all_varchar=true, header=true)"  # noqa: S608  our own scratch file's path


def link(
    tables: Sequence[str],
    settings: SettingsCreator,
    training: Training,
    out: Path,
    *,
    prepare: str = "select * from ({source})",
    lowest_weight: float = LOWEST_WEIGHT,
) -> None:
    """Train and predict over files (one to dedupe, two to link); write the pairs as CSV.

    prepare: SQL that derives columns from {source}; unique_id must be among them.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    connection = duckdb.connect()
    api = DuckDBAPI(connection)
    inputs = []
    for number, path in enumerate(tables):
        name = f"input_{number}"
        source = prepare.format(source=read_table(path))
        connection.execute(f"create table {name} as {source}")
        inputs.append(api.register(name, dataset_display_name=f"list_{number}"))
    linker = Linker(inputs, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        list(training.deterministic), recall=training.recall
    )
    linker.training.estimate_u_using_random_sampling(
        max_pairs=training.random_pairs, seed=training.seed
    )
    for rule in training.expectation_maximisation:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, max_pairs=training.pairs_a_round
        )
    predictions = linker.inference.predict(threshold_match_weight=lowest_weight)
    connection.execute(
        f"copy (select unique_id_l as sought_id, unique_id_r as found_id, "  # noqa: S608  our own scratch file's path
        f"match_probability as probability, match_weight from {predictions.physical_name}) "
        f"to '{out}' (header, delimiter ',')"
    )


__all__ = ["Training", "block_on", "link"]
