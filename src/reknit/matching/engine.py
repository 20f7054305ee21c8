"""Match two tables, dedupe one, train a model: index → candidates → compare → estimate → family →
calibrate, all in one direction.

Rules: the same input gives the same output whatever the number of cores; no labels are needed; a
found row may match many sought rows and the other way round.

>>> import polars as pl
>>> sought = pl.DataFrame({"person_record_id": ["s"], "full_name": ["Zaynab al-Tikriti Qaddura"]})
>>> found = pl.DataFrame({"person_record_id": ["f"], "full_name": ["زينب التكريتي قدورة"]})
>>> match(sought, found).table["found_id"].to_list()
['f']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.births import same_birth_date
from reknit.matching.candidates import Effort
from reknit.matching.errors import MatchingError
from reknit.matching.estimate import (
    MATCH,
    NO_MATCH,
    UNKNOWN,
    Totals,
    estimate,
    find_patterns,
    found_rate,
)
from reknit.matching.evidence import Evidence
from reknit.matching.explain import explain_levels
from reknit.matching.joint import (
    PairOdds,
    Pairs,
    companion_bits,
    match_weights,
    pair_odds,
    probabilities,
    rival_odds,
    rivals,
)
from reknit.matching.model import Model
from reknit.matching.people import (
    Lexicon,
    StandardisedPeople,
    standardise_people,
)
from reknit.matching.ranking import best_rows
from reknit.matching.script_pairs import SCRIPT_PAIRS, count_script_pairs, script_pairs
from reknit.matching.segments import Asked, Segment
from reknit.places import Gazetteer

Progress = Callable[[str, float], None]
F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
_ROUNDS = 2
_AT_ONCE = 1_000
"""Pairs explained together."""


def silent(_step: str, _share: float) -> None:
    """Progress that nobody watches."""


@dataclass
class Compared:
    """Two standardised tables and the compared pairs between them, sorted by i then j."""

    asked: Asked
    segment: Segment
    i: I32
    j: I32
    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int16]

    @property
    def people(self) -> tuple[StandardisedPeople, StandardisedPeople]:
        """The asked side and the indexed side."""
        return self.asked.people, self.segment.people

    def totals(self) -> Totals:
        """All pairs there are, by script pair, and how many could match."""
        a, b = (people.arrays for people in self.people)
        asked, found = len(a.script), len(b.script)
        return Totals(
            count_script_pairs(a, b),
            float(max(asked, 1)),
            float(max(min(asked, found), 1)),
            same_birth_date(a.birth_low, a.birth_day, b.birth_low, b.birth_day),
        )


@dataclass
class MatchResult:
    """What a run found: the compared pairs, the model that weighed them, the ranked table.

    prior_weights: for each pair of scripts, log2 odds, before any evidence, that two records in
    them are one person and not nobody there.
    """

    compared: Compared
    model: Model
    weight: F64
    probability: F64
    prior_weights: F64
    top: int
    min_probability: float

    def prior_weight_of(self, row: int) -> float:
        """The prior weight of a pair in its two scripts, by its row in `compared`."""
        return float(self.prior_weights[self.compared.group[row]])

    @cached_property
    def _ranked(self) -> tuple[npt.NDArray[np.int64], I32]:
        """(rows, ranks): the rows that are given out, by sought row then rank."""
        return best_rows(
            self.compared.i, self.probability, self.weight, self.top, self.min_probability
        )

    @cached_property
    def table(self) -> pl.DataFrame:
        """sought_id, found_id, rank, probability, match_weight."""
        rows, rank = self._ranked
        sought, found = self.compared.people
        return pl.DataFrame(
            {
                "sought_id": sought.ids.gather(self.compared.i[rows]),
                "found_id": found.ids.gather(self.compared.j[rows]),
                "rank": rank,
                "probability": self.probability[rows].round(6),
                "match_weight": self.weight[rows].round(4),
            }
        )

    def table_with_evidence(self) -> pl.DataFrame:
        """The table and, for each row, a list of {field, weight, sentence}."""
        evidence = [
            [{"field": e.field, "weight": round(e.weight, 4), "sentence": e.sentence} for e in one]
            for one in self.evidence(self._ranked[0])
        ]
        kind = pl.List(pl.Struct({"field": pl.String, "weight": pl.Float64, "sentence": pl.String}))
        return self.table.with_columns(pl.Series("evidence", evidence, kind))

    def evidence(self, rows: npt.NDArray[np.int64]) -> Iterator[tuple[Evidence, ...]]:
        """The evidence of pairs by their row in `compared`."""
        sought, found = self.compared.people
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            yield from explain_levels(
                self.model,
                self.compared.levels[some],
                self.compared.group[some],
                sought,
                self.compared.i[some],
                found,
                self.compared.j[some],
            )


def match(
    sought: pl.DataFrame,
    found: pl.DataFrame,
    *,
    model: Model | None = None,
    top: int = 10,
    min_probability: float = 0.0,
    effort: Effort | None = None,
    gazetteer: Gazetteer | None = None,
    progress: Progress = silent,
) -> MatchResult:
    """For each person sought the likeliest found people (both with a people table's columns).

    model: a trained one, whose weights are kept; None estimates one from the two files.
    top, min_probability: what the result's table lists for each person sought. gazetteer: one that
    knows more places, such as an operator's camps; None is the packaged one. progress: called with
    each step's name and the share of it that is done.
    """
    compared = compare_tables(sought, found, effort=effort, gazetteer=gazetteer, progress=progress)
    progress("estimate", 0.0)
    totals = compared.totals()
    patterns = find_patterns(compared.i, compared.levels, compared.group)
    fitted = estimate(patterns, totals, model or Model.default())
    weighing = model or fitted.with_provenance(estimated_on="the two files, without labels")
    shares = replace(
        weighing,
        match_share=fitted.match_share,
        household_share=fitted.household_share,
        script_shares=fitted.script_shares,
    )
    rate = found_rate(shares, totals)
    odds = pair_odds(shares, compared.levels, compared.group, found_rate=rate)
    progress("family", 0.0)
    probability = solve_jointly(compared, odds)
    weight = match_weights(weighing, compared.levels, compared.group)
    likely, relatives, strangers = shares.log_tables.shares(np.arange(len(SCRIPT_PAIRS)))
    prior = likely - np.logaddexp2(relatives, strangers) - np.log2(1.0 - rate)
    return MatchResult(compared, weighing, weight, probability, prior, top, min_probability)


def train(
    sought: pl.DataFrame,
    found: pl.DataFrame,
    labels: pl.DataFrame | None = None,
    *,
    start: Model | None = None,
    learn_households: bool = False,
    gazetteer: Gazetteer | None = None,
    progress: Progress = silent,
) -> Model:
    """A model estimated from two files and, where there are some, judgements.

    labels: sought_id, found_id, match (1 or 0). Pairs not judged are estimated.
    start: the model that the estimate starts from and stays near; None is the packaged one.
    learn_households: learn from these files, too, what relatives under one roof share.
    """
    compared = compare_tables(sought, found, gazetteer=gazetteer, progress=progress)
    progress("estimate", 0.0)
    judgement = None if labels is None else _judgements(compared, labels)
    patterns = find_patterns(compared.i, compared.levels, compared.group, judgement)
    model = estimate(
        patterns, compared.totals(), start or Model.default(), learn_households=learn_households
    )
    said = "no labels" if labels is None else f"{labels.height} judgements"
    return model.with_provenance(
        trained_on=f"{sought.height} sought and {found.height} found records, {said}"
    )


def compare_tables(
    sought: pl.DataFrame,
    found: pl.DataFrame,
    *,
    effort: Effort | None = None,
    gazetteer: Gazetteer | None = None,
    progress: Progress = silent,
) -> Compared:
    """Standardise, index, find and compare: everything before weights."""
    lexicon = Lexicon.with_places(gazetteer)
    progress("standardise", 0.0)
    indexed = standardise_people(found, lexicon)
    progress("standardise", 0.5)
    people = standardise_people(sought, lexicon)
    progress("index", 0.0)
    segment = Segment(indexed)
    asked = segment.ask(people)
    progress("candidates", 0.0)
    i, j = segment.find(asked, effort or Effort.for_batch(found.height))
    progress("compare", 0.0)
    levels = segment.compare(i, j, asked)
    group = script_pairs(people.arrays, i, indexed.arrays, j)
    return Compared(asked, segment, i, j, levels, group)


def solve_jointly(compared: Compared, odds: PairOdds) -> F64:
    """Probabilities in which companions support and rivals weaken one another."""
    sought, found = compared.people
    pairs = Pairs(compared.i, compared.j)
    log_odds = odds.odds()
    probability = probabilities(log_odds, np.zeros(len(log_odds)))
    has_families = all((people.arrays.group >= 0).any() for people in compared.people)
    for _ in range(_ROUNDS if has_families else 1):
        support = companion_bits(pairs, np.log2(np.maximum(probability, 1e-18)), sought.arrays,
                                 found.arrays)  # fmt: skip
        log_odds = odds.odds(support)
        against = np.zeros(len(log_odds))
        for owner, other, people in ((pairs.i, pairs.j, found), (pairs.j, pairs.i, sought)):
            claims = rivals(owner, log_odds)
            mirrors = _mirrors(compared, people, other[claims.p], other[claims.q])
            against += rival_odds(claims, mirrors, log_odds)
        probability = probabilities(log_odds, against)
    return probability


def _mirrors(
    compared: Compared, people: StandardisedPeople, p: I32, q: I32
) -> npt.NDArray[np.bool_]:
    """Whether rows p and q of one table look like one person registered twice."""
    if not len(p):
        return np.zeros(0, bool)
    pairs, inverse = np.unique(
        np.minimum(p, q).astype(np.int64) << 32 | np.maximum(p, q), return_inverse=True
    )
    first, second = (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)
    # By id, not by row: the found side counts its companions, and rows may come in any order.
    turned = (people.ids.gather(first) > people.ids.gather(second)).to_numpy()
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    levels = compared.segment.compare_people(first, people, second, people, compared.asked.rarity)
    group = script_pairs(people.arrays, first, people.arrays, second)
    m, h, u = Model.default().log_tables.likelihoods(levels, group)
    # A brother is as likely here as a second record: both were found for one person.
    alike: npt.NDArray[np.bool_] = m > np.logaddexp2(h, u + np.log2(max(len(people), 2)))
    return alike[inverse]


def _judgements(compared: Compared, labels: pl.DataFrame) -> npt.NDArray[np.int8]:
    """Each compared pair's label; UNKNOWN for those without one."""
    sought, found = compared.people
    missing = [name for name in ("sought_id", "found_id", "match") if name not in labels.columns]
    if missing:
        raise MatchingError(
            f"labels: no column {', '.join(missing)}; labels have sought_id, found_id, match."
        )
    numbers = labels.select(
        pl.col("sought_id").cast(pl.String).replace_strict(_numbering(sought.ids), default=-1),
        pl.col("found_id").cast(pl.String).replace_strict(_numbering(found.ids), default=-1),
        pl.col("match").cast(pl.Int64, strict=False),
    )
    wrong = numbers.filter(~pl.col("match").is_in([0, 1]) | pl.col("match").is_null())
    if wrong.height:
        raise MatchingError(
            f"labels: {wrong.height} rows have no match of 1 or 0; say 1 for a match, 0 for none."
        )
    known = numbers.filter((pl.col("sought_id") >= 0) & (pl.col("found_id") >= 0))
    if known.is_empty():
        raise MatchingError(
            "labels: no row names a sought_id and a found_id of these two files; "
            "check that the labels belong to them."
        )
    key = known["sought_id"].to_numpy().astype(np.int64) << 32 | known["found_id"].to_numpy()
    order = np.argsort(key, kind="stable")
    key, label = key[order], known["match"].to_numpy()[order]
    pair = compared.i.astype(np.int64) << 32 | compared.j
    at = np.minimum(np.searchsorted(key, pair), len(key) - 1)
    judged = np.where(label[at] == 1, MATCH, NO_MATCH)
    return np.where(key[at] == pair, judged, UNKNOWN).astype(np.int8)


def _numbering(ids: pl.Series) -> dict[str, int]:
    return dict(zip(ids.to_list(), range(len(ids)), strict=True))
