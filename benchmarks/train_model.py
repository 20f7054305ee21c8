"""Train the packaged model on synthetic scenarios whose truth is known.

    python benchmarks/train_model.py --out src/reknit/matching/data/model.json

The scenarios are invented by `reknit synth`; nobody in them exists. Seeds used here are never used
to measure.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from reknit.matching.engine import compare_tables
from reknit.matching.estimate import MATCH, NO_MATCH, Totals, estimate, find_patterns
from reknit.matching.model import Model
from reknit.matching.script_pairs import GROUP_OF_PAIR, SCRIPT_PAIRS
from reknit.synth import synthesise

RUNS = (
    ("crossing", 10_000, 101),
    ("crossing", 6_000, 102),
    ("earthquake", 6_000, 103),
    ("flood", 6_000, 104),
    ("latin", 6_000, 105),
)


STRANGERS_SHARE = {"phone": {2: 5e-4}, "identifier": {2: 2e-4, 3: 1e-4}}
"""At least this often strangers share a number (a desk's telephone, a copied paper): in invented
lists they never do. General knowledge."""


def _as_in_life(model: Model) -> Model:
    """The model with what invented lists cannot teach, without what they alone say: in which
    scripts people are found."""
    questions = dict(model.questions)
    for name, least in STRANGERS_SHARE.items():
        u = questions[name].u_probability.copy()
        for level, share in least.items():
            u[level] = max(u[level], share)
        u[1] = 1.0 - u[2:].sum()
        questions[name] = replace(questions[name], u_probability=u)
    of_groups = {
        table: getattr(model.name, table)[GROUP_OF_PAIR] for table in ("m_probability", "u_scale")
    }
    return replace(
        model,
        name=replace(model.name, **of_groups),
        questions=questions,
        script_shares=np.ones(len(SCRIPT_PAIRS)),
    )


def main() -> None:
    """Compare every scenario, pool the patterns, estimate with the truth known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--people", type=float, default=1.0, help="scale of every scenario")
    arguments = parser.parse_args()
    owners, levels, groups, judgements = [], [], [], []
    pairs, asked, most = np.zeros(len(SCRIPT_PAIRS)), 0.0, 0.0
    for scenario, people, seed in RUNS:
        invented = synthesise(int(people * arguments.people), seed, scenario)
        compared = compare_tables(invented.sought, invented.found)
        sought, found = (p.ids.to_list() for p in compared.people)
        true = set(invented.truth.select("sought_id", "found_id").iter_rows())
        is_match = [
            (sought[i], found[j]) in true for i, j in zip(compared.i, compared.j, strict=True)
        ]
        owners.append(compared.i + int(asked))
        levels.append(compared.levels)
        groups.append(compared.group)
        judgements.append(np.where(is_match, MATCH, NO_MATCH).astype(np.int8))
        totals = compared.totals()
        pairs += totals.pairs
        asked += totals.asked
        most += totals.most_matches
        print(scenario, seed, len(compared.i), "pairs,", sum(is_match), "of", len(true), "found")
    patterns = find_patterns(
        np.concatenate(owners),
        np.concatenate(levels),
        np.concatenate(groups),
        np.concatenate(judgements),
    )
    model = estimate(patterns, Totals(pairs, asked, most), Model.default(), learn_households=True)
    runs = ", ".join(f"{name} {people} (seed {seed})" for name, people, seed in RUNS)
    _as_in_life(model).with_provenance(
        trained_on=f"synthetic scenarios with known truth: {runs}",
        command="python benchmarks/train_model.py",
        weak_questions="age, last seen: written from general knowledge, not trained",
    ).save(arguments.out)


if __name__ == "__main__":
    main()
