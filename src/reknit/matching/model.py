"""What the engine believes: for each level of each question how often matches, relatives under one
roof, and strangers show it. A readable JSON file with version and provenance.

Rules: probabilities, never weights, are stored; weights are derived here and nowhere else; a level
never weighs infinitely (every probability is at least `FLOOR`).

>>> Model.default().provenance["trained_on"] != ""
True
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reknit.matching.errors import MatchingError
from reknit.matching.levels import BITS, GRADE, NAME_GRADES, OTHER_QUESTIONS
from reknit.matching.script_pairs import GROUP_OF_PAIR, SCRIPT_GROUPS, SCRIPT_PAIRS

FORMAT: Final = "reknit-model"
FORMAT_VERSION: Final = 1
FLOOR: Final = 1e-7
BITS_STEPS: Final = 16
MOST_SHARE: Final = 0.8
"""Of pairs in any two scripts, at most so many are one person or relatives."""
BITS_WIDTH: Final = 2.0
F64 = npt.NDArray[np.float64]
_GIVEN_ONLY, _DIFFERENT = 2, 0


@dataclass(frozen=True)
class Levels:
    """One question's probabilities by level (index 0, "not known", is 1 for all three)."""

    m_probability: F64
    u_probability: F64
    household_probability: F64


@dataclass(frozen=True)
class NameLevels:
    """The name's probabilities by script pair (rows, as SCRIPT_PAIRS) and grade (columns).

    u_scale: for strangers, a grade with b bits of agreement has probability u_scale · 2^(-slope·b).
    """

    m_probability: F64
    u_scale: F64
    household_probability: F64
    slope: float


@dataclass(frozen=True)
class Model:
    """All that is needed to weigh a pair.

    match_share, household_share: of all pairs, those that are one person, or of one household.
    script_shares: by script pair, how many times as often as in all pairs these are found.
    population: with nothing but the name to go by, how many people a bearer is told from.
    """

    name: NameLevels
    questions: dict[str, Levels]
    match_share: float
    household_share: float
    population: float = 10_000.0
    provenance: dict[str, str] = field(default_factory=dict)
    script_shares: F64 = field(default_factory=lambda: np.ones(len(SCRIPT_PAIRS)))

    @classmethod
    def default(cls) -> Model:
        """The packaged model, trained on synthetic scenarios."""
        text = (resources.files("reknit.matching") / "data" / "model.json").read_text("utf-8")
        return cls.from_json(text, "the packaged model")

    @classmethod
    def load(cls, path: Path) -> Model:
        """A model file; MatchingError says what is wrong with it."""
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise MatchingError(
                f"{path}: cannot be read as a model ({error}); name a file made by `reknit train`."
            ) from None
        return cls.from_json(text, str(path))

    def save(self, path: Path) -> None:
        """Write the model as JSON, whole or not at all."""
        partial = path.with_name(f".{path.name}.partial")
        try:
            partial.write_text(self.to_json(), "utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    @classmethod
    def from_json(cls, text: str, place: str) -> Model:
        """The inverse of to_json; `place` names the source in errors."""
        try:
            data = json.loads(text)
            if data["format"] != FORMAT or data["version"] != FORMAT_VERSION:
                raise ValueError(f"format {data['format']!r} version {data['version']!r}")
            return _from_plain(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MatchingError(
                f"{place}: not a Reknit model of version {FORMAT_VERSION} ({error!r}); "
                "make one with `reknit train`."
            ) from None

    def to_json(self) -> str:
        """Readable JSON, the same text for the same model."""
        return json.dumps(_to_plain(self), indent=1, ensure_ascii=False) + "\n"

    def with_provenance(self, **facts: str) -> Model:
        """The model with more said on where it comes from."""
        return replace(self, provenance={**self.provenance, **facts})

    @cached_property
    def log_tables(self) -> LogTables:
        """Base-2 logarithms by question, ready to be added up."""
        return LogTables(self)


class LogTables:
    """log2 P(level | match), P(level | household), P(level | stranger), as arrays to index."""

    def __init__(self, model: Model) -> None:
        bits = (np.arange(BITS_STEPS) + 0.5) * BITS_WIDTH * model.name.slope
        grades = (len(SCRIPT_PAIRS), len(NAME_GRADES), BITS_STEPS)
        name = model.name
        by_chance = np.broadcast_to(bits, grades).copy()
        by_chance[:, _DIFFERENT] = 0.0
        u = np.minimum(np.log2(_floored(name.u_scale))[:, :, None] - by_chance, 0.0)
        m = np.broadcast_to(np.log2(_floored(name.m_probability))[:, :, None], grades)
        h = np.broadcast_to(
            np.log2(_floored(name.household_probability))[:, :, None], grades
        ).copy()
        h[:, _GIVEN_ONLY] -= bits
        self.name = m, np.maximum(h, u - 20.0), u
        most = MOST_SHARE / (model.match_share + model.household_share)
        times = np.minimum(model.script_shares, most)
        self._shares = tuple(
            np.log2(share)
            for share in (
                model.match_share * times,
                model.household_share * times,
                1.0 - (model.match_share + model.household_share) * times,
            )
        )
        self.others = [
            (
                question.column,
                np.log2(_floored(model.questions[question.name].m_probability)),
                np.log2(_floored(model.questions[question.name].household_probability)),
                np.log2(_floored(model.questions[question.name].u_probability)),
            )
            for question in OTHER_QUESTIONS
        ]

    def likelihoods(
        self, levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]
    ) -> tuple[F64, F64, F64]:
        """log2 P(levels | match), (| household), (| stranger) of every row of levels."""
        grade, bits = levels[:, GRADE], levels[:, BITS]
        m, h, u = (table[group, grade, bits] for table in self.name)
        for column, m_table, h_table, u_table in self.others:
            level = levels[:, column]
            m = m + m_table[level]
            h = h + h_table[level]
            u = u + u_table[level]
        return m, h, u

    def shares(self, group: npt.NDArray[np.integer]) -> tuple[F64, F64, F64]:
        """log2 P(match), P(household), P(strangers) of a pair whose scripts are all we know."""
        match, household, strangers = (table[group] for table in self._shares)
        return match, household, strangers

    def weights(self, levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]) -> F64:
        """log2 m/u of every question (columns: name, then OTHER_QUESTIONS) of every row."""
        grade, bits = levels[:, GRADE], levels[:, BITS]
        name = self.name[0][group, grade, bits] - self.name[2][group, grade, bits]
        others = [m[levels[:, column]] - u[levels[:, column]] for column, m, _, u in self.others]
        return np.stack([name, *others], axis=1)


def _floored(values: F64) -> F64:
    return np.clip(values, FLOOR, 1.0)


def _to_plain(model: Model) -> dict[str, Any]:
    name = model.name
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "provenance": model.provenance,
        "match_share": model.match_share,
        "household_share": model.household_share,
        "population": model.population,
        "name": {
            "slope": name.slope,
            "groups": {
                group: [
                    {
                        "grade": label,
                        "m_probability": _rounded(name.m_probability[row, column]),
                        "u_scale": _rounded(name.u_scale[row, column]),
                        "household_probability": _rounded(name.household_probability[row, column]),
                    }
                    for column, label in enumerate(NAME_GRADES)
                ]
                for row, group in enumerate(SCRIPT_GROUPS)
            },
            "script_pairs": {
                label: _pair_to_plain(model, code)
                for code, label in enumerate(SCRIPT_PAIRS)
                if _is_known(model, code)
            },
        },
        "questions": {
            question.name: [
                {
                    "level": label,
                    "m_probability": _rounded(levels.m_probability[index]),
                    "u_probability": _rounded(levels.u_probability[index]),
                    "household_probability": _rounded(levels.household_probability[index]),
                }
                for index, label in enumerate(question.levels)
                if index
            ]
            for question in OTHER_QUESTIONS
            for levels in [model.questions[question.name]]
        },
    }


def _is_known(model: Model, code: int) -> bool:
    """Whether the model knows more of a script pair than of its group."""
    tables = model.name.m_probability, model.name.u_scale
    as_its_group = (np.allclose(table[code], table[GROUP_OF_PAIR[code]]) for table in tables)
    return model.script_shares[code] != 1.0 or not all(as_its_group)


def _pair_to_plain(model: Model, code: int) -> dict[str, Any]:
    grades = [
        {
            "grade": label,
            "m_probability": _rounded(model.name.m_probability[code, column]),
            "u_scale": _rounded(model.name.u_scale[code, column]),
        }
        for column, label in enumerate(NAME_GRADES)
    ]
    return {"times_as_often": _rounded(model.script_shares[code]), "grades": grades}


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def _from_plain(data: dict[str, Any]) -> Model:
    groups = data["name"]["groups"]
    name = {
        key: np.array([[grade[key] for grade in groups[group]] for group in SCRIPT_GROUPS], float)
        for key in ("m_probability", "u_scale", "household_probability")
    }
    shapes = {table.shape for table in name.values()}
    if shapes != {(len(SCRIPT_GROUPS), len(NAME_GRADES))}:
        raise ValueError("the name's grades are not those of this version")
    name = {key: table[GROUP_OF_PAIR] for key, table in name.items()}
    script_shares = np.ones(len(SCRIPT_PAIRS))
    for label, pair in data["name"].get("script_pairs", {}).items():
        code = SCRIPT_PAIRS.index(label)
        script_shares[code] = pair["times_as_often"]
        for key in ("m_probability", "u_scale"):
            name[key][code] = [grade[key] for grade in pair["grades"]]
    questions = {}
    for question in OTHER_QUESTIONS:
        rows = data["questions"][question.name]
        if [row["level"] for row in rows] != list(question.levels[1:]):
            raise ValueError(f"the levels of {question.name} are not those of this version")
        questions[question.name] = Levels(
            *(
                np.array([1.0, *(row[key] for row in rows)], float)
                for key in ("m_probability", "u_probability", "household_probability")
            )
        )
    if not (np.isfinite(script_shares).all() and (script_shares > 0).all()):
        raise ValueError("a script pair is not found so many times as often")
    tables = [*name.values(), *(t for q in questions.values() for t in astuple(q))]
    if not all(np.isfinite(table).all() and (table >= 0).all() for table in tables):
        raise ValueError("a probability is negative or no number")
    for share in ("match_share", "household_share"):
        if not 0 < float(data[share]) < 1:
            raise ValueError(f"{share} is {data[share]}, not between 0 and 1")
    return Model(
        name=NameLevels(
            name["m_probability"],
            name["u_scale"],
            name["household_probability"],
            float(data["name"]["slope"]),
        ),
        questions=questions,
        match_share=float(data["match_share"]),
        household_share=float(data["household_share"]),
        population=float(data["population"]),
        script_shares=script_shares,
        provenance={str(key): str(value) for key, value in data["provenance"].items()},
    )
