"""The retention rules as they are written: one readable, versioned file.

Rules: `DATA/retention.toml` where the installation has one, else the one that comes with Reknit; a
file with a mistake stops the run by the rule's name and changes nothing.

>>> rules = packaged()
>>> rules.version, rules.request_days, rules.rules[0].name, rules.rules[0].days
('2026-11-26', 30, 'people', 1825)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from reknit.guard.errors import GuardError

WHATS = (
    "account",
    "removed_account",
    "removed_document",
    "whereabouts",
    "enquiry",
    "batch",
    "request",
    "message",
    "saved_filter",
)
"""What rules can be about."""

LEGAL_HOLD = "legal_hold"
"""The retention category of sources whose people no rule touches."""

_AT = re.compile(r"line (\d+), column (\d+)")


class RulesError(GuardError):
    """A file of rules that cannot be used; the text names the file, the rule and the mistake."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Content of one kind is erased so many days after it was counted from."""

    name: str
    what: str
    days: int
    counted_from: str
    because: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole file."""

    version: str
    request_days: int
    request_days_more: int
    remind_days_before: int
    rules: tuple[Rule, ...]


def current() -> Rules:
    """The installation's rules. Raises RulesError."""
    from reknit.settings import CONFIG

    own = CONFIG.data / "retention.toml"
    return read(own.read_text(encoding="utf-8"), own) if own.exists() else packaged()


@cache
def packaged() -> Rules:
    """The rules that come with Reknit."""
    file = resources.files("reknit.guard") / "data" / "retention.toml"
    return read(file.read_text(encoding="utf-8"), Path("retention.toml"))


def read(text: str, file: Path) -> Rules:
    """The rules that a file says. Raises RulesError."""
    try:
        said = tomllib.loads(text)
        requests = said["requests"]
        rules = Rules(
            version=_text(said, "version"),
            request_days=_days(requests, "days"),
            request_days_more=_days(requests, "days_more"),
            remind_days_before=_days(requests, "remind_days_before"),
            rules=tuple(_rule(rule, file) for rule in said["rules"]),
        )
    except tomllib.TOMLDecodeError as error:
        raise RulesError(not_toml(file, error)) from None
    except KeyError as error:
        raise RulesError(f"{file}: {error.args[0]!r} is missing; add it.") from None
    except ValueError as error:
        raise RulesError(f"{file}: {error}") from None
    names = [rule.name for rule in rules.rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RulesError(f"{file}: rule {twice[0]!r} stands twice; give each its own name.")
    return rules


def not_toml(file: Path, error: tomllib.TOMLDecodeError) -> str:
    """What is said of a file that is no TOML: where the reading stopped.

    >>> try:
    ...     tomllib.loads("version = 1\\nrules\\n")
    ... except tomllib.TOMLDecodeError as error:
    ...     not_toml(Path("needs.toml"), error)
    'needs.toml, line 2, column 6: this cannot be read as TOML; correct it there.'
    """
    found = _AT.search(str(error))
    where = "line {}, column {}".format(*found.groups()) if found else "at its end"
    return f"{file}, {where}: this cannot be read as TOML; correct it there."


def _rule(said: Mapping[str, Any], file: Path) -> Rule:
    name = str(said.get("name") or "without a name")
    try:
        rule = Rule(
            name=_text(said, "name"),
            what=_text(said, "what"),
            days=_days(said, "days"),
            counted_from=_text(said, "counted_from"),
            because=_text(said, "because"),
            categories=tuple(said.get("categories", ())),
        )
    except KeyError as error:
        raise RulesError(f"{file}: rule {name!r}: {error.args[0]!r} is missing; add it.") from None
    except ValueError as error:
        raise RulesError(f"{file}: rule {name!r}: {error}") from None
    if rule.what not in WHATS:
        raise RulesError(
            f"{file}: rule {name!r}: what = {rule.what!r} is not known; use {', '.join(WHATS)}."
        )
    if LEGAL_HOLD in rule.categories:
        raise RulesError(f"{file}: rule {name!r}: no rule touches the category {LEGAL_HOLD!r}.")
    return rule


def _days(said: Mapping[str, Any], name: str) -> int:
    value = said[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} = {value!r} is no number of days; use a whole number above 0.")
    return value


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} = {value!r} says nothing; write a text.")
    return value
