"""Every figure in a sentence: what was compared, what it weighs, and why.

Rules: the weights of the evidence add up to the pair's match weight, exactly; what is not known
weighs nothing and says so; sentences quote what was written, in its own script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from reknit.matching.candidates import is_named
from reknit.matching.evidence import Evidence
from reknit.matching.joint import match_weights
from reknit.matching.levels import AGE, BIRTH, BITS, GRADE, NAME_GRADES, OTHER_QUESTIONS
from reknit.matching.model import BITS_WIDTH, Model
from reknit.matching.people import StandardisedPeople

_COMMON_NAME_BITS = 13.0


def explain_levels(
    model: Model,
    levels: npt.NDArray[np.int8],
    group: npt.NDArray[np.int16],
    sought: StandardisedPeople,
    i: npt.NDArray[np.integer],
    found: StandardisedPeople,
    j: npt.NDArray[np.integer],
) -> list[tuple[Evidence, ...]]:
    """The evidence of compared pairs, one row of levels each; its weights add up to the pair's
    match weight."""
    weights = model.log_tables.weights(levels, group)
    totals = match_weights(model, levels, group)
    asked, row_of = np.unique(i, return_inverse=True)
    said, heard = sought.rows[asked].to_dicts(), found.rows[j].to_dicts()
    evidence = []
    for row, (p, q) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        a, b = said[row_of[row]], heard[row]
        nameless = None if is_named(sought.arrays, p) else a
        nameless = nameless if is_named(found.arrays, q) else b
        name = _say_name(levels[row], a, b) if nameless is None else _say_no_name(nameless)
        evidence.append(_explain(levels[row], weights[row], float(totals[row]), name, a, b))
    return evidence


def _explain(
    levels: npt.NDArray[np.int8],
    weights: npt.NDArray[np.float64],
    total: float,
    name: str,
    a: dict[str, Any],
    b: dict[str, Any],
) -> tuple[Evidence, ...]:
    evidence = [Evidence("name", float(weights[0]), name)]
    for question, weight in zip(OTHER_QUESTIONS, weights[1:].tolist(), strict=True):
        level = int(levels[question.column])
        if question.column == (BIRTH if levels[AGE] else AGE):
            continue  # births are told by years or, where a day is not known, by ages
        sentence = _SAY[question.name](question.levels[level], a, b)
        evidence.append(Evidence(question.name, weight, sentence))
    shared = total - float(weights.sum())
    if shared < -0.01:
        evidence.append(
            Evidence(
                "household",
                shared,
                "A brother, sister or parent would share much of this too, so it counts for less.",
            )
        )
    else:
        evidence[0] = Evidence("name", evidence[0].weight + shared, evidence[0].sentence)
    return tuple(evidence)


def written_name(row: dict[str, Any]) -> str:
    """The name as one line, as written."""
    full = row["full_name"].split("\n")[0].strip()
    return full or f"{row['given_name']} {row['family_name']}".strip() or row["alternate_names"]


def _say_name(levels: npt.NDArray[np.int8], a: dict[str, Any], b: dict[str, Any]) -> str:
    grade = NAME_GRADES[int(levels[GRADE])]
    bits = (float(levels[BITS]) + 0.5) * BITS_WIDTH
    names = f"“{written_name(a)}” and “{written_name(b)}”"
    if levels[GRADE] == 0:
        return f"{names} are different names."
    how_rare = f"about 1 person in {_round(2.0**bits)} would share this by chance"
    if levels[GRADE] >= 5 and bits < _COMMON_NAME_BITS:
        how_rare += ", so the name alone cannot decide"
    return f"{names}: {grade}; {how_rare}."


def _say_no_name(row: dict[str, Any]) -> str:
    return f"“{written_name(row)}” is no name, and a record without a name matches nobody."


def _round(number: float) -> str:
    digits = max(0, len(str(int(number))) - 2)
    return f"{round(number, -digits):,.0f}"


def _born(row: dict[str, Any]) -> str:
    if row["date_of_birth"]:
        return f"born {row['date_of_birth']}"
    if not row["age"]:
        return "not known"
    return f"aged {row['age']} on {row['source_date'][:10] or 'an unknown day'}"


def _say_birth(level: str, a: dict[str, Any], b: dict[str, Any]) -> str:
    return f"Birth: {_born(a)}, and {_born(b)}: {level}."


def _say_age(level: str, a: dict[str, Any], b: dict[str, Any]) -> str:
    return f"Age: {_born(a)}, and {_born(b)}: {level}."


def _home(row: dict[str, Any]) -> str:
    parts = ("home_street", "home_neighborhood", "home_city", "home_state", "home_country")
    return ", ".join(row[part] for part in parts if row[part]) or "not known"


def _say_home(level: str, a: dict[str, Any], b: dict[str, Any]) -> str:
    return f"Home: {_home(a)}, and {_home(b)}: {level}."


def _say_family(level: str, a: dict[str, Any], b: dict[str, Any]) -> str:
    def relatives(row: dict[str, Any]) -> str:
        said = "; ".join(row["relatives"].split("\n"))
        if row["group_id"]:
            said = f"{said}; " if said else ""
            said += f"registered with group {row['group_id']}"
        return said or "none named"

    return f"Family: {relatives(a)}, and {relatives(b)}: {level}."


def _say_plain(column: str, label: str) -> Callable[[str, dict[str, Any], dict[str, Any]], str]:
    def say(level: str, a: dict[str, Any], b: dict[str, Any]) -> str:
        first = a[column].replace("\n", ", ") or "not known"
        second = b[column].replace("\n", ", ") or "not known"
        return f"{label}: {first}, and {second}: {level}."

    return say


_SAY: dict[str, Callable[[str, dict[str, Any], dict[str, Any]], str]] = {
    "birth": _say_birth,
    "sex": _say_plain("sex", "Sex"),
    "home": _say_home,
    "phone": _say_plain("phones", "Phone"),
    "identifier": _say_plain("identifiers", "Identifier"),
    "family": _say_family,
    "age": _say_age,
    "last seen": _say_plain("last_known_location", "Last seen"),
}
