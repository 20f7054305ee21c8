"""Sex, where a word says it of somebody: woman, man, girl, boy. Never told from a name.

>>> reading = Reading(read_signals("We found a girl", "en"))
>>> [(fact.value, fact.start) for fact in find_sexes(reading)]
[('female', 11)]
"""

from __future__ import annotations

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.values import Fact, FactKind, FactRole

__all__ = ["find_sexes", "read_signals"]

_SEXES = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}


def find_sexes(reading: Reading) -> list[Fact]:
    """Every word that says somebody's sex."""
    return [
        Fact(FactKind.SEX, _SEXES[one.sense], one.start, one.end, FactRole.OTHER)
        for one in reading.signals.said
        if one.sense in _SEXES
    ]
