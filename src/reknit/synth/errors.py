"""What can go wrong when a scenario is asked for or written.

>>> print(UnknownScenarioError("crosing", ("crossing", "latin")))
scenario 'crosing' is not known; choose one of: crossing, latin
"""

from __future__ import annotations

from collections.abc import Iterable


class SynthError(ValueError):
    """Base of this room's errors."""


class UnknownScenarioError(SynthError):
    """The scenario's name is not one of `SCENARIOS`."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        choices = ", ".join(sorted(known))
        super().__init__(f"scenario {name!r} is not known; choose one of: {choices}")


class TooFewPeopleError(SynthError):
    """A scenario needs at least one person sought."""

    def __init__(self, people: int) -> None:
        super().__init__(f"people is {people}; ask for at least 1 person sought")
