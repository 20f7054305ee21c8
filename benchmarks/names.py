"""How well names are told apart, beside two peers, in one run.

    REKNIT_BENCH_DATA=DIR python benchmarks/names.py            # the table
    python benchmarks/names.py --data DIR --worst han --show 20 # where it errs
    python benchmarks/names.py --data DIR --speed               # pairs a second

Reads DIR/name_pairs/shared.csv and DIR/name_bench/shared.csv (name1, name2, label). Peers: ICU
Any-Latin; Latin-ASCII with rapidfuzz's token_sort_ratio; the same with the better of that and a
consonant skeleton. Rows whose positives are aliases rather than spellings are left out.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import icu
import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray
from rapidfuzz import fuzz

from reknit.matching.name_kernel import compare_name_pair
from reknit.matching.names import NamePairs
from reknit.matching.pairing import make_room
from reknit.matching.tokens import TokenArrays
from reknit.standardise.names import standardise_name

Scores = NDArray[np.float64]
_ROMANISE = icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")


def romanised(name: str) -> str:
    """A name in lower-case ASCII letters by ICU."""
    return re.sub(r"[^a-z ]+", "", str(_ROMANISE.transliterate(name)).lower().replace("-", " "))


def skeleton(name: str) -> str:
    """The consonants of a romanised name, doubled ones once."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw]", "", name))


def token_sort(one: str, other: str) -> float:
    """Peer 1: ICU with token_sort_ratio."""
    return fuzz.token_sort_ratio(romanised(one), romanised(other)) / 100


def with_skeleton(one: str, other: str) -> float:
    """Peer 2: the better of token_sort_ratio on the names and on their skeletons."""
    a, b = romanised(one), romanised(other)
    bare = fuzz.token_sort_ratio(skeleton(a), skeleton(b))
    return max(fuzz.token_sort_ratio(a, b), 0.9 * bare) / 100


def ours() -> Callable[[str, str], float]:
    """Reknit's similarity, with each distinct token read once."""
    pairs = NamePairs()
    return lambda one, other: (
        pairs.compare(standardise_name(one), standardise_name(other)).similarity
    )


def auc(scores: Scores, labels: NDArray[np.int64]) -> float:
    """Area under the ROC curve by ranks, ties shared."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = int(labels.sum())
    negatives = labels.size - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    rank_sum = float(ranks[labels == 1].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def best_f1(scores: Scores, labels: NDArray[np.int64]) -> float:
    """F1 at the best single threshold."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    f1 = 2 * found / (np.arange(1, labels.size + 1) + labels.sum())
    return float(f1[last_of_tie].max())


def scored(frame: pl.DataFrame, measure: Callable[[str, str], float]) -> Scores:
    """One score a row."""
    return np.array([measure(a, b) for a, b in frame.select("name1", "name2").iter_rows()])


def read(path: Path) -> pl.DataFrame:
    """A table of pairs; the columns the report needs are filled in where the table lacks them."""
    frame = pl.read_csv(path, infer_schema_length=None)
    if "pair_type" in frame.columns:
        frame = frame.filter(pl.col("pair_type") != "alias")
    if "other_script" not in frame.columns:
        frame = frame.with_columns(pl.lit(path.parent.name).alias("other_script"))
    return frame


def print_table(frame: pl.DataFrame, columns: dict[str, Scores]) -> None:
    """AUC and best F1 by script and over all."""
    labels = frame["label"].to_numpy()
    scripts = frame["other_script"].to_numpy()
    print(f"{'script':<12}{'pairs':>7}" + "".join(f"{name:>20}" for name in columns))
    for script in ["all", *sorted(set(scripts))]:
        rows = np.ones(labels.size, bool) if script == "all" else scripts == script
        cells = [
            f"{auc(scores[rows], labels[rows]):.4f} / {best_f1(scores[rows], labels[rows]):.3f}"
            for scores in columns.values()
        ]
        print(f"{script:<12}{rows.sum():>7}" + "".join(f"{cell:>20}" for cell in cells))


def print_worst(frame: pl.DataFrame, scores: Scores, script: str, show: int) -> None:
    """The true pairs scored lowest and the false ones scored highest, with their readings."""
    frame = frame.with_columns(pl.Series("score", scores))
    if script != "all":
        frame = frame.filter(pl.col("other_script") == script)
    for label, descending in ((1, False), (0, True)):
        print(f"-- label {label}")
        rows = frame.filter(pl.col("label") == label).sort("score", descending=descending)
        for row in rows.head(show).iter_rows(named=True):
            readings = " ~ ".join(
                " ".join("/".join(t.forms) for t in standardise_name(row[name]).tokens)
                for name in ("name1", "name2")
            )
            print(f"{row['score']:.3f} {row['name1']} | {row['name2']}  [{readings}]")


@njit(nogil=True)
def _many_pairs(
    arrays: TokenArrays,
    rarity: NDArray[np.float32],
    start: NDArray[np.int64],
    tokens: NDArray[np.int32],
    roles: NDArray[np.int8],
    count: int,
) -> int:
    agreeing = 0
    room = make_room()
    names = start.size - 1
    for pair in range(count):
        a, b = pair % names, (pair * 7919 + 13) % names
        grade, _, _ = compare_name_pair(
            arrays,
            rarity,
            tokens[start[a] : start[a + 1]],
            roles[start[a] : start[a + 1]],
            tokens[start[b] : start[b + 1]],
            roles[start[b] : start[b + 1]],
            room,
        )
        agreeing += grade > 0
    return agreeing


def print_speed(frame: pl.DataFrame, script: str) -> None:
    """Name pairs a second of processor time, names drawn at random from the table."""
    if script != "all":
        frame = frame.filter(pl.col("other_script") == script)
    written = sorted(set(frame["name1"]) | set(frame["name2"]))
    pairs = NamePairs()
    ids = [pairs.token_ids(standardise_name(name)) for name in written]
    start = np.cumsum([0, *(one.size for one in ids)])
    tokens = np.concatenate(ids)
    roles = np.zeros(tokens.size, np.int8)
    _many_pairs(pairs.arrays(), pairs.rarity(), start, tokens, roles, 1)
    began = time.process_time()
    count = 1_000_000
    agreeing = _many_pairs(pairs.arrays(), pairs.rarity(), start, tokens, roles, count)
    rate = count / (time.process_time() - began)
    print(f"{script}: {rate / 1e6:.2f} M pairs/s, {agreeing / count:.1%} agree in something")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("REKNIT_BENCH_DATA"))
    parser.add_argument("--worst", metavar="SCRIPT", help="print the worst errors of a script")
    parser.add_argument("--show", type=int, default=15)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    if options.data is None:
        parser.error("say where the data is: --data DIR or REKNIT_BENCH_DATA")
    tables = [
        read(Path(options.data) / name / "shared.csv") for name in ("name_pairs", "name_bench")
    ]
    measures = {"reknit": ours()}
    if not (options.ours_only or options.worst):
        measures |= {"icu+token_sort": token_sort, "icu+skeleton": with_skeleton}
    for frame in tables:
        columns = {name: scored(frame, measure) for name, measure in measures.items()}
        print_table(frame, columns)
        if options.worst and options.worst in {"all", *frame["other_script"]}:
            print_worst(frame, columns["reknit"], options.worst, options.show)
    if options.speed:
        for script in ("LATIN", "all"):
            print_speed(tables[0], script)


if __name__ == "__main__":
    main()
