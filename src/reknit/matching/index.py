"""Ask for one person at a time: an index that is built once and grows record by record.

Rules: the same comparison and weights as in batch, and the same search, which goes further for one
person than for a whole list (`SEARCH_EFFORT`); a record added is found by the next search; one
removed is not, nor does it vouch for its family. New records wait in a small part that is compared
whole, and move into an indexed part of their own when there are many, so that adding stays cheap.

>>> import polars as pl
>>> people = pl.DataFrame({"person_record_id": ["1"], "full_name": ["Cabdi Xasan"]})
>>> index = PeopleIndex.build(people)
>>> index.add({"person_record_id": "2", "full_name": "Oleksandr Kovalenko"})
>>> index.search({"full_name": "Олександр Коваленко"})[0].found_id
'2'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.candidates import Effort, is_named
from reknit.matching.engine import Progress, silent
from reknit.matching.errors import MatchingError
from reknit.matching.evidence import Evidence
from reknit.matching.explain import explain_levels
from reknit.matching.joint import match_weights, pair_odds, probabilities
from reknit.matching.model import Model
from reknit.matching.people import (
    Lexicon,
    StandardisedPeople,
    join_people,
    standardise_people,
    standardise_person,
    standardise_records,
    take_people,
)
from reknit.matching.ranking import best_rows
from reknit.matching.script_pairs import script_pairs
from reknit.matching.segments import Asked, Segment, nameless_candidates
from reknit.places import Gazetteer

I32 = npt.NDArray[np.int32]
SEARCH_EFFORT = Effort(well_described=3000, close_neighbours=12)
"""One search may take milliseconds; a batch may not."""
MOST_WAITING = 256
_NOT_ASKED = "Name: not known on one side."
MOST_RECENT_SHARE = 0.1
LEAST_MERGE = 20_000
MOST_REMOVED_SHARE = 0.1
"""A part is packed when more of it than this has been removed."""
FOUND_RATE = 0.3
"""Before looking: how many of the people asked for are in the index."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer: who, how sure, and why. prior_weight: log2 odds, before any evidence, that two
    records in these two scripts are one person."""

    found_id: str
    rank: int
    probability: float
    match_weight: float
    evidence: tuple[Evidence, ...]
    prior_weight: float


class _Scored(NamedTuple):
    """The pairs of one part: i of those asked for, in order, j of the part's people."""

    people: StandardisedPeople
    i: I32
    j: I32
    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int16]


class _Weighed(NamedTuple):
    """The pairs of all parts, those of each person asked for together; names: what the name alone
    weighs."""

    part: npt.NDArray[np.int64]
    i: I32
    j: I32
    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int16]
    probability: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    prior: npt.NDArray[np.float64]
    names: npt.NDArray[np.float64]

    def best(self, top: int, least_probability: float) -> npt.NDArray[np.int64]:
        """The rows of the likeliest few of each person asked for, best first."""
        return best_rows(self.i, self.probability, self.weight, top, least_probability)[0]


class PeopleIndex:
    """People who can be searched one query at a time."""

    def __init__(self, segments: list[Segment], model: Model, lexicon: Lexicon) -> None:
        self._segments = segments
        self._waiting: StandardisedPeople | None = None
        self._lexicon = lexicon
        self._groups = segments[0].people.groups
        self.model = model

    @classmethod
    def build(
        cls,
        people: pl.DataFrame,
        model: Model | None = None,
        *,
        gazetteer: Gazetteer | None = None,
        progress: Progress = silent,
    ) -> PeopleIndex:
        """Index a people table, whose ids should be distinct (`remove` takes all of one id).

        progress: called with each step's name and the share of the whole that is done.
        """
        lexicon = Lexicon.with_places(gazetteer)
        progress("standardise", 0.0)
        standardised = standardise_people(people, lexicon)
        progress("index", 0.6)
        segment = Segment(standardised)
        progress("index", 1.0)
        return cls([segment], model or Model.default(), lexicon)

    @classmethod
    def of(cls, parts: Sequence[StandardisedPeople], model: Model | None = None) -> PeopleIndex:
        """Index people who are standardised already, with one lexicon and its groups."""
        people = reduce(join_people, parts)
        return cls([Segment(people)], model or Model.default(), people.lexicon)

    def __len__(self) -> int:
        return sum(len(s) for s in self._segments) + len(self._waiting or ())

    @property
    def nbytes(self) -> int:
        """Bytes of the index and of the records kept for showing."""
        rows = sum(segment.people.rows.estimated_size() for segment in self._segments)
        return sum(segment.nbytes for segment in self._segments) + int(rows)

    def add(self, record: Mapping[str, object]) -> None:
        """Make one more record findable, at once; it takes the place of one of the same id."""
        self.add_all([record])

    def add_all(self, records: Sequence[Mapping[str, object]]) -> None:
        """Make more records findable, at once, quicker together than one by one; each takes the
        place of one of the same id."""
        if not records:
            return
        people = standardise_records(records, self._lexicon, self._groups)
        for person_record_id in filter(None, people.ids):
            self.remove(person_record_id)
        self._waiting = join_people(self._waiting, people) if self._waiting else people
        if len(self._waiting) >= MOST_WAITING:
            self._move_waiting()

    def remove(self, person_record_id: str) -> bool:
        """Have a record be found no more, at once; False where there is none of that id.

        Its cells stay in memory, out of reach, until the part they are in is packed: by itself
        when a tenth of it is gone, or by `pack`.
        """
        removed = 0
        if self._waiting is not None:
            others = (self._waiting.ids != person_record_id).to_numpy()
            removed = int((~others).sum())
            if removed:
                left = take_people(self._waiting, np.flatnonzero(others))
                self._waiting = left if len(left) else None
        removed += sum(segment.remove(person_record_id) for segment in self._segments)
        self.pack(MOST_REMOVED_SHARE)
        return removed > 0

    def pack(self, allowed: float = 0.0) -> None:
        """Forget the cells of removed records; takes as long as indexing those that are left.

        allowed: parts are left as they are where no larger share of them has been removed.
        """
        self._segments = [
            Segment(one.people_left) if one.removed_share > allowed else one
            for one in self._segments
        ]

    def _move_waiting(self) -> None:
        """Index what waits; keep at most two segments, the second small beside the first."""
        people = self._waiting
        if people is None:
            return
        self._waiting = None
        if len(self._segments) == 2:
            people = join_people(self._segments.pop().people_left, people)
        if len(people) > max(LEAST_MERGE, MOST_RECENT_SHARE * len(self._segments[0])):
            people = join_people(self._segments.pop().people_left, people)
        self._segments.append(Segment(people))

    def search(
        self, record: Mapping[str, object], top: int = 10, *, effort: Effort = SEARCH_EFFORT
    ) -> list[Candidate]:
        """The likeliest people for one record (a people table's columns; any may be absent).

        Without a name, people are looked up by an identifier or by a relative's name, and the name
        weighs nothing; a record of the index that has none is found by nobody.
        """
        return self.search_all([record], top, effort=effort)[0]

    def search_all(
        self,
        records: Sequence[Mapping[str, object]],
        top: int = 10,
        *,
        effort: Effort = SEARCH_EFFORT,
        least_probability: float = 0.0,
    ) -> list[list[Candidate]]:
        """What `search` answers for each record, in their order, quicker together than one by one.

        least_probability: who is less likely is left out of the answers.
        """
        # Whom a list calls by one id is each asked for, whatever the id.
        numbered = [{**record, "person_record_id": n} for n, record in enumerate(records)]
        asked = standardise_records(numbered, self._lexicon)
        answers: list[list[Candidate]] = [[] for _ in records]
        nameless = [n for n in range(len(records)) if not is_named(asked.arrays, n)]
        for n in nameless:
            one = take_people(asked, np.array([n], np.int64))
            weighed = _without_names(self._weigh(parts := self._score_nameless(one)))
            rows = weighed.best(top, least_probability)
            rows = rows[weighed.weight[rows] > 0]
            answers[n] = self._answer(one, parts, weighed, rows, nameless=True)[0]
        if len(nameless) < len(records):
            weighed = self._weigh(parts := self._score(asked, effort))
            found = self._answer(asked, parts, weighed, weighed.best(top, least_probability))
            answers = [one or other for one, other in zip(found, answers, strict=True)]
        return answers

    def _weigh(self, scored: list[_Scored]) -> _Weighed:
        order = np.argsort(np.concatenate([part.i for part in scored]), kind="stable")
        number = np.repeat(np.arange(len(scored)), [len(part.j) for part in scored])
        i, j, levels, group = (
            np.concatenate([part[column] for part in scored])[order] for column in range(1, 5)
        )
        share = min(FOUND_RATE / max(len(self), 1), 0.4)
        shares = replace(self.model, match_share=share, household_share=share)
        odds = pair_odds(shares, levels, group).odds()
        likely, relatives, strangers = shares.log_tables.shares(group)
        return _Weighed(
            number[order], i, j, levels, group,
            probabilities(odds, np.zeros(len(odds))),
            match_weights(self.model, levels, group),
            likely - np.logaddexp2(relatives, strangers),
            self.model.log_tables.weights(levels, group)[:, 0],
        )  # fmt: skip

    def _answer(
        self,
        asked: StandardisedPeople,
        scored: list[_Scored],
        weighed: _Weighed,
        rows: npt.NDArray[np.int64],
        *,
        nameless: bool = False,
    ) -> list[list[Candidate]]:
        """The answers to everybody asked for: the given rows, in their order."""
        evidence: dict[int, tuple[Evidence, ...]] = {}
        ids: dict[int, str] = {}
        for number, part in enumerate(scored):
            here = rows[weighed.part[rows] == number]
            i, j = weighed.i[here], weighed.j[here]
            said = explain_levels(
                self.model, weighed.levels[here], weighed.group[here], asked, i, part.people, j
            )
            evidence.update(zip(here.tolist(), said, strict=True))
            ids.update(zip(here.tolist(), part.people.ids.gather(j).to_list(), strict=True))
        answers: list[list[Candidate]] = [[] for _ in range(len(asked))]
        for row in rows.tolist():
            why = evidence[row]
            if nameless:
                rest = why[0].weight - float(weighed.names[row])
                why = (Evidence("name", rest, _NOT_ASKED), *why[1:])
            answer = answers[int(weighed.i[row])]
            answer.append(
                Candidate(
                    ids[row],
                    len(answer) + 1,
                    float(weighed.probability[row]),
                    float(weighed.weight[row]),
                    why,
                    float(weighed.prior[row]),
                )
            )
        return answers

    def _score(self, asked: StandardisedPeople, effort: Effort) -> list[_Scored]:
        """How rare a name or a town is, the largest segment says for all: in a few records added
        lately every family would look common."""
        largest = max(self._segments, key=len)
        question = largest.ask(asked)
        parts = []
        for segment in self._segments:
            near = question.near if segment is largest else segment.ask(asked).near
            parts.append((segment.people, *segment.find(question._replace(near=near), effort)))
        if self._waiting is not None:
            named = np.flatnonzero(np.diff(asked.arrays.form_start) > 0).astype(np.int32)
            there = np.flatnonzero(np.diff(self._waiting.arrays.form_start) > 0).astype(np.int32)
            i, j = np.repeat(named, len(there)), np.tile(there, len(named))
            parts.append((self._waiting, i, j))
        return self._compare(largest, question, parts)

    def _score_nameless(self, asked: StandardisedPeople) -> list[_Scored]:
        """One person who is asked for without a name."""
        largest = max(self._segments, key=len)
        question = largest.ask(asked)
        forms = largest.forms_of_relatives(asked.arrays)
        found = [(one.people, one.find_nameless(asked.arrays, forms)) for one in self._segments]
        if self._waiting is not None:
            # Words met lately have no neighbours yet; these are few, and all are compared.
            there = self._waiting.arrays
            forms = np.union1d(forms, there.relative_tokens) if len(forms) else forms
            found.append((self._waiting, nameless_candidates(asked.arrays, there, forms)))
        parts = [(people, np.zeros(len(j), np.int32), j) for people, j in found]
        return self._compare(largest, question, parts)

    def _compare(
        self,
        largest: Segment,
        question: Asked,
        parts: Sequence[tuple[StandardisedPeople, I32, I32]],
    ) -> list[_Scored]:
        asked = question.people
        scored = []
        for people, i, j in parts:
            levels = largest.compare_people(i, asked, j, people, question.rarity)
            group = script_pairs(asked.arrays, i, people.arrays, j)
            scored.append(_Scored(people, i, j, levels, group))
        return scored


def _without_names(weighed: _Weighed) -> _Weighed:
    """A name that was not asked for weighs nothing; the rest is weighed as ever."""
    weight = weighed.weight - weighed.names
    odds = np.exp2(-np.clip(weighed.prior + weight, -1000, 1000))
    return weighed._replace(weight=weight, probability=1 / (1 + odds))


@dataclass(frozen=True, slots=True)
class Explanation:
    """One pair: its weight (log2), what it would be worth in a search, and why."""

    match_weight: float
    prior_weight: float
    probability: float
    evidence: tuple[Evidence, ...]


def explain_pair(
    sought: Mapping[str, object],
    found: Mapping[str, object],
    model: Model | None = None,
    *,
    among: pl.DataFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> Explanation:
    """Why two records may be one person, whether or not a search would bring them together.

    among: the list that `found` stands in (by its person_record_id); how rare names and towns are
    there counts, as in a match. Without it, only the background's shares do.
    probability: from the model's own prior, without rivals or companions; 0 where a
    record has no name.
    Raises MatchingError when the list does not hold the record.
    """
    model = model or Model.default()
    lexicon = Lexicon.with_places(gazetteer)
    people = (
        standardise_person(found, lexicon) if among is None else standardise_people(among, lexicon)
    )
    j = 0
    if among is not None:
        place = people.ids.index_of(str(found["person_record_id"]))
        if place is None:
            raise MatchingError(
                f"no record {found['person_record_id']!r} in the list it is said to stand in; "
                "give the list with that record."
            )
        j = place
    segment = Segment(people)
    question = segment.ask(standardise_person(sought, lexicon))
    at_i, at_j = np.zeros(1, np.int32), np.full(1, j, np.int32)
    levels = segment.compare(at_i, at_j, question)
    group = script_pairs(question.people.arrays, at_i, segment.people.arrays, at_j)
    (evidence,) = explain_levels(model, levels, group, question.people, at_i, segment.people, at_j)
    odds = pair_odds(model, levels, group).odds()
    if not (is_named(question.people.arrays, 0) and is_named(segment.people.arrays, j)):
        odds = np.full(1, -np.inf)
    likely, relatives, strangers = model.log_tables.shares(group)
    return Explanation(
        float(match_weights(model, levels, group)[0]),
        float(likely[0] - np.logaddexp2(relatives[0], strangers[0])),
        float(probabilities(odds, np.zeros(1))[0]),
        evidence,
    )
