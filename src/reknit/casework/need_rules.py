"""Which cases come first: published rules about need, in one readable, versioned file.

Rules: `DATA/needs.toml` where the installation has one, else the one that comes with Reknit; a file
with a mistake stops the start by the rule's name. What a rule may look at is a closed list, so that
no file can rank people by who they are; nothing is added up: the most urgent rule that holds gives
the band. What is not known lets no rule hold, and is said.

>>> on = dt.date(2026, 11, 26)
>>> case = Facts(on=on, received_on=dt.date(2026, 11, 20), age_years=(9, 11), facts={Fact.ALONE})
>>> said = weigh(packaged(), case)
>>> said.band.name, [rule.name for rule in said.rules]
('NOW', ['child_alone', 'child'])
>>> said.unknown
('deadline', 'last_contact')
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reknit.casework.errors import NeedRulesError
from reknit.guard.assessments import Concern
from reknit.guard.rules_file import not_toml

Years = tuple[int, int]


class Band(IntEnum):
    """How soon; cases of one band go by how long they have waited."""

    NOW = 1
    SOON = 2
    IN_TURN = 3


class Fact(StrEnum):
    """What staff may state of the person sought."""

    ALONE = "alone"
    MEDICAL = "medical"
    DETAINED = "detained"
    TRAFFICKING = "trafficking"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at, and nothing else.

    age_years: the least and the most that the record says, None where it says nothing. deadline:
    the next date by which something must be done. last_contact: when anybody last heard of them.
    """

    on: dt.date
    received_on: dt.date
    age_years: Years | None = None
    facts: Set[Fact] = frozenset()
    concerns: Set[Concern] = frozenset()
    deadline: dt.date | None = None
    last_contact: dt.date | None = None


@dataclass(frozen=True, slots=True)
class When:
    """All that is named must hold. Ages in completed years, the rest in days."""

    age_below: int | None = None
    age_from: int | None = None
    fact: Fact | None = None
    concern: Concern | None = None
    deadline_within_days: int | None = None
    contact_within_days: int | None = None
    no_contact_for_days: int | None = None
    waiting_for_days: int | None = None

    def holds(self, facts: Facts) -> bool:
        """True when each condition that is named holds; one about something unknown does not.

        Below an age counts who may be (a doubtful child counts as a child), from an age on who
        certainly is.
        """
        return all(
            _HOLDS[field.name](facts, wanted)
            for field in fields(self)
            if (wanted := getattr(self, field.name)) is not None
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to come first. says: in English, where the pages have no translation."""

    name: str
    band: Band
    when: When
    says: str
    because: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole file."""

    version: str
    deadline_within_days: int
    stuck_after_days: int
    rules: tuple[Rule, ...]

    def named(self, name: str) -> Rule | None:
        """The rule of that name; None where another version of the file had it."""
        return next((rule for rule in self.rules if rule.name == name), None)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The band, the rules that hold, the most urgent first, and what is not known."""

    band: Band
    rules: tuple[Rule, ...]
    unknown: tuple[str, ...]


def weigh(rules: Rules, facts: Facts) -> Weighed:
    """Every rule that holds; the most urgent of them gives the band."""
    held = sorted((rule for rule in rules.rules if rule.when.holds(facts)), key=_by_band)
    unknown = [name for name, value in (
        ("age", facts.age_years), ("deadline", facts.deadline), ("last_contact", facts.last_contact)
    ) if value is None]  # fmt: skip
    return Weighed(held[0].band if held else Band.IN_TURN, tuple(held), tuple(unknown))


def current() -> Rules:
    """The installation's rules. Raises NeedRulesError."""
    from reknit.settings import CONFIG

    own = CONFIG.data / "needs.toml"
    return read(own.read_text(encoding="utf-8"), own) if own.exists() else packaged()


@cache
def packaged() -> Rules:
    """The rules that come with Reknit."""
    file = resources.files("reknit.casework") / "data" / "needs.toml"
    return read(file.read_text(encoding="utf-8"), Path("needs.toml"))


def read(text: str, file: Path) -> Rules:
    """The rules that a file says. Raises NeedRulesError."""
    try:
        said = tomllib.loads(text)
        _only(said, {"version", "deadline_within_days", "stuck_after_days", "rules"})
        rules = Rules(
            version=_text(said, "version"),
            deadline_within_days=_number(said, "deadline_within_days"),
            stuck_after_days=_number(said, "stuck_after_days"),
            rules=tuple(_rule(rule) for rule in _tables(said, "rules")),
        )
    except tomllib.TOMLDecodeError as error:
        raise NeedRulesError(not_toml(file, error)) from None
    except ValueError as error:
        raise NeedRulesError(f"{file}: {error}") from None
    names = [rule.name for rule in rules.rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NeedRulesError(f"{file}: rule {twice[0]!r} stands twice; give each its own name.")
    return rules


def _rule(said: Mapping[str, Any]) -> Rule:
    name = str(said.get("name") or "without a name")
    try:
        _only(said, {"name", "band", "when", "says", "because"})
        return Rule(
            name=_text(said, "name"),
            band=_band(_text(said, "band")),
            when=_when(said.get("when")),
            says=_text(said, "says"),
            because=_text(said, "because"),
        )
    except ValueError as error:
        raise ValueError(f"rule {name!r}: {error}") from None


def _band(word: str) -> Band:
    try:
        return Band[word.upper()]
    except KeyError:
        known = ", ".join(band.name.lower() for band in Band)
        raise ValueError(f"band = {word!r} is not known; use {known}.") from None


def _when(said: object) -> When:
    if not isinstance(said, Mapping) or not said:
        raise ValueError("when = {…} is missing; say what must hold.")
    _only(said, set(_HOLDS))
    given: dict[str, Any] = {}
    for name in said:
        if name == "fact":
            given[name] = _one_of(Fact, said, name)
        elif name == "concern":
            given[name] = _one_of(Concern, said, name)
        else:
            given[name] = _number(said, name)
    return When(**given)


def _only(said: Mapping[str, Any], known: Set[str]) -> None:
    more = sorted(set(said) - known)
    if more:
        raise ValueError(f"{more[0]!r} may not be said; use {', '.join(sorted(known))}.")


def _tables(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = said.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(v, Mapping) for v in value):
        raise ValueError(f"[[{name}]] is missing; write at least one.")
    return value


def _one_of(kind: type[StrEnum], said: Mapping[str, Any], name: str) -> StrEnum:
    try:
        return kind(said[name])
    except ValueError:
        raise ValueError(f"{name} = {said[name]!r} is not known; use {', '.join(kind)}.") from None


def _number(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} = {value!r} is no number; use a whole number above 0.")
    return value


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} = {value!r} says nothing; write a text.")
    return value


def _by_band(rule: Rule) -> int:
    return rule.band


def _deadline_within(facts: Facts, days: int) -> bool:
    return facts.deadline is not None and facts.deadline <= facts.on + dt.timedelta(days)


def _contact_within(facts: Facts, days: int) -> bool:
    return facts.last_contact is not None and facts.last_contact >= facts.on - dt.timedelta(days)


def _no_contact_for(facts: Facts, days: int) -> bool:
    return facts.last_contact is not None and facts.last_contact < facts.on - dt.timedelta(days)


_HOLDS: Mapping[str, Callable[[Facts, Any], bool]] = {
    "age_below": lambda facts, n: facts.age_years is not None and facts.age_years[0] < n,
    "age_from": lambda facts, n: facts.age_years is not None and facts.age_years[0] >= n,
    "fact": lambda facts, fact: fact in facts.facts,
    "concern": lambda facts, concern: concern in facts.concerns,
    "deadline_within_days": _deadline_within,
    "contact_within_days": _contact_within,
    "no_contact_for_days": _no_contact_for,
    "waiting_for_days": lambda facts, days: facts.received_on <= facts.on - dt.timedelta(days),
}
"""Every condition that there is."""
