"""What speaks for or against a pair, as everybody who shows or stores it has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One bar of the waterfall: which question, log2 weight, and a sentence a person can check."""

    field: str
    weight: float
    sentence: str
