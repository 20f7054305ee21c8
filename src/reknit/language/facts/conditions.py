"""Conditions that matter for care: pregnant, injured, ill, disabled, unconscious, needing insulin.

Rules: what is negated is none ("no one is injured"); value is the sense's English name.

>>> said = "My wife is pregnant, nobody is injured"
>>> [fact.value for fact in find_conditions(Reading(read_signals(said, "en")))]
['pregnant']
"""

from __future__ import annotations

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.lexicons import senses
from reknit.language.values import Fact, FactKind, FactRole

__all__ = ["find_conditions", "read_signals"]

_CONDITIONS = frozenset(
    {
        "pregnant", "labour", "injured", "bleeding", "unconscious", "breathing", "sick", "fever",
        "diarrhoea", "chronic", "insulin", "disabled", "pain", "surgery", "infection",
    }
)  # fmt: skip


def find_conditions(reading: Reading) -> list[Fact]:
    """Every condition that somebody is said to have."""
    return [
        Fact(
            FactKind.CONDITION, senses()[one.sense].meaning("en"), one.start, one.end,
            FactRole.OTHER,
        )
        for one in reading.signals.said
        if one.sense in _CONDITIONS
    ]  # fmt: skip
