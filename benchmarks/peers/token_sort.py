"""ICU and rapidfuzz's token_sort_ratio, or the same on consonant skeletons, with the year of birth.

    python -m benchmarks.peers.token_sort SOUGHT FOUND OUT

For each person sought the ten best by name, raised where the years of birth agree and lowered
where they are more than a year apart. `probability` is that score, 0 to 1.
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from benchmarks.peers.romanise import romanised, skeleton

TOP = 10
SKELETON_SHARE = 0.9
SAME_YEAR, OTHER_YEAR = 0.1, -0.15
AT_ONCE = 500


def main(sought_file: str, found_file: str, out: str) -> None:
    """Score every pair, keep the best."""
    sought, found = (
        pl.read_csv(file, infer_schema=False).fill_null("") for file in (sought_file, found_file)
    )
    names = [[_sorted(name) for name in table["full_name"]] for table in (sought, found)]
    bones = [[" ".join(sorted(map(skeleton, name.split()))) for name in side] for side in names]
    years = [
        table["date_of_birth"].str.slice(0, 4).cast(pl.Int32, strict=False).fill_null(0).to_numpy()
        for table in (sought, found)
    ]
    parts = []
    for start in range(0, sought.height, AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        likeness = np.maximum(
            process.cdist(names[0][rows], names[1], scorer=fuzz.ratio, dtype=np.float32),
            SKELETON_SHARE
            * process.cdist(bones[0][rows], bones[1], scorer=fuzz.ratio, dtype=np.float32),
        )
        apart = np.abs(years[0][rows, None] - years[1][None, :])
        known = (years[0][rows, None] > 0) & (years[1][None, :] > 0)
        year = np.where(apart == 0, SAME_YEAR, np.where(apart > 1, OTHER_YEAR, 0.0))
        score = np.clip((likeness / 100 + np.where(known, year, 0.0)) / (1 + SAME_YEAR), 0, 1)
        best = np.argsort(-score, axis=1, kind="stable")[:, :TOP]
        parts.append(
            pl.DataFrame(
                {
                    "sought_id": np.repeat(
                        sought["person_record_id"][rows].to_numpy(), best.shape[1]
                    ),
                    "found_id": found["person_record_id"].to_numpy()[best.ravel()],
                    "rank": np.tile(np.arange(1, best.shape[1] + 1), best.shape[0]),
                    "probability": np.take_along_axis(score, best, axis=1).ravel(),
                }
            )
        )
    pl.concat(parts).write_csv(out)


def _sorted(name: str) -> str:
    return " ".join(sorted(romanised(name).split()))


if __name__ == "__main__":
    main(*sys.argv[1:4])
