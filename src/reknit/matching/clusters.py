"""Who in one table is whom: clusters held together by all their links, not by the weakest.

Rules: two clusters join only while the links between them, taken together, speak for it (average
linkage over log odds), so a single weak link never chains two people's records together; every
record says how strong the weakest link is that its cluster needs to hold together.

>>> import polars as pl
>>> rows = {"person_record_id": ["1", "2", "3"], "date_of_birth": ["1987-04-02"] * 2 + [""],
...         "full_name": ["Zaynab Qaddura", "زينب قدورة", "Ivan Petrenko"]}
>>> dedupe(pl.DataFrame(rows)).table["cluster_id"].n_unique()
2
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from reknit.matching.candidates import Effort
from reknit.matching.engine import Compared, Progress, silent
from reknit.matching.estimate import estimate, find_patterns
from reknit.matching.joint import match_weights, pair_odds
from reknit.matching.model import Model
from reknit.matching.people import Lexicon, standardise_people
from reknit.matching.script_pairs import script_pairs
from reknit.matching.segments import Segment
from reknit.places import Gazetteer

I32 = npt.NDArray[np.int32]
F64 = npt.NDArray[np.float64]
LINK_FROM = -1.0
"""log2 odds from which a pair is looked at as a link."""
MOST_MIRRORS = 10.0
"""Pairs of one person that a record may be part of, at most, on average."""
UNCOMPARED = -6.0
"""log2 odds of two records that were never candidates for one another."""


@dataclass
class DedupeResult:
    """The clusters and the links within them.

    table: person_record_id, cluster_id, probability. links: cluster_id, first_id, second_id,
    probability, match_weight: what holds each cluster.
    """

    table: pl.DataFrame
    links: pl.DataFrame
    model: Model


def dedupe(
    people: pl.DataFrame,
    *,
    model: Model | None = None,
    effort: Effort | None = None,
    gazetteer: Gazetteer | None = None,
    progress: Progress = silent,
) -> DedupeResult:
    """Cluster the records of one table by person."""
    lexicon = Lexicon.with_places(gazetteer)
    progress("standardise", 0.0)
    table = standardise_people(people, lexicon)
    progress("index", 0.0)
    segment = Segment(table)
    asked = segment.ask(table)
    progress("candidates", 0.0)
    i, j = segment.find(asked, effort or Effort.for_batch(people.height), skip_self=True)
    pairs = np.unique(np.minimum(i, j).astype(np.int64) << 32 | np.maximum(i, j))
    i, j = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
    progress("compare", 0.0)
    levels = segment.compare(i, j, asked)
    group = script_pairs(table.arrays, i, table.arrays, j)
    compared = Compared(asked, segment, i, j, levels, group)
    progress("estimate", 0.0)
    # Each pair is its own owner: a record may have any number of mirrors here.
    patterns = find_patterns(np.arange(len(i), dtype=np.int32), levels, group)
    totals = compared.totals()
    totals = replace(
        totals, pairs=totals.pairs / 2, most_matches=totals.most_matches * MOST_MIRRORS
    )
    fitted = estimate(patterns, totals, model or Model.default())
    log_odds = pair_odds(fitted, levels, group).odds()
    progress("cluster", 0.0)
    cluster, weakest = cluster_records(len(table), i, j, log_odds)
    return _result(compared, cluster, weakest, log_odds, model or fitted)


def cluster_records(n: int, i: I32, j: I32, log_odds: F64) -> tuple[I32, F64]:
    """For each of n records its cluster's number (that of its first record), and the log2 odds of
    the weakest link that the cluster could not hold together without (inf for one alone)."""
    linked = log_odds >= LINK_FROM
    order = np.lexsort((j[linked], i[linked], -log_odds[linked]))
    return _join_clusters(n, i[linked][order], j[linked][order], log_odds[linked][order])


@njit(cache=True, nogil=True)
def _join_clusters(n: int, i: I32, j: I32, odds: F64) -> tuple[I32, F64]:
    """Links strongest first; two clusters join when their links together have odds above even."""
    cluster = np.arange(n, dtype=np.int32)
    next_member = np.full(n, -1, np.int32)
    last_member = np.arange(n, dtype=np.int32)
    size = np.ones(n, np.int64)
    weakest = np.full(n, np.inf)
    degree = np.zeros(n + 1, np.int64)
    for at in range(len(i)):
        degree[i[at] + 1] += 1
        degree[j[at] + 1] += 1
    start = np.cumsum(degree)
    fill = start.copy()
    neighbour = np.zeros(start[-1], np.int32)
    strength = np.zeros(start[-1], np.float64)
    for at in range(len(i)):
        neighbour[fill[i[at]]], strength[fill[i[at]]] = j[at], odds[at]
        neighbour[fill[j[at]]], strength[fill[j[at]]] = i[at], odds[at]
        fill[i[at]] += 1
        fill[j[at]] += 1
    for at in range(len(i)):
        a, b = cluster[i[at]], cluster[j[at]]
        if odds[at] <= 0.0 or a == b:
            continue
        if size[a] > size[b]:
            a, b = b, a
        total, links = 0.0, 0
        member = a
        while member >= 0:
            for k in range(start[member], start[member + 1]):
                if cluster[neighbour[k]] == b:
                    total += min(strength[k], 20.0)
                    links += 1
            member = next_member[member]
        total += (size[a] * size[b] - links) * UNCOMPARED
        if total <= 0.0:
            continue
        low, high = min(a, b), max(a, b)
        member = high
        while member >= 0:
            cluster[member] = low
            member = next_member[member]
        next_member[last_member[low]] = high
        last_member[low] = last_member[high]
        size[low] += size[high]
        weakest[low] = odds[at]
    return cluster, weakest[cluster]


def _result(
    compared: Compared, cluster: I32, weakest: F64, log_odds: F64, model: Model
) -> DedupeResult:
    ids = compared.people[0].ids
    inside = np.flatnonzero((cluster[compared.i] == cluster[compared.j]) & (log_odds > 0))
    i, j = compared.i[inside], compared.j[inside]
    probability = 1.0 / (1.0 + np.exp2(-np.clip(log_odds[inside], -60, 60)))
    weights = match_weights(model, compared.levels[inside], compared.group[inside])
    return DedupeResult(
        table=pl.DataFrame(
            {
                "person_record_id": ids,
                "cluster_id": ids.gather(cluster),
                "probability": (1.0 / (1.0 + np.exp2(-weakest))).round(6),
            }
        ),
        links=pl.DataFrame(
            {
                "cluster_id": ids.gather(cluster[i]),
                "first_id": ids.gather(i),
                "second_id": ids.gather(j),
                "probability": probability.round(6),
                "match_weight": weights.round(4),
            }
        ),
        model=model,
    )
