"""Who belongs to a case: the person sought, who seeks them, relatives that anybody named, and those
who were judged to be the same person.

Rules: it says who said what, and joins two relatives only where relation and written name are the
same; nothing is guessed from names. It reads what its caller was permitted to read, and no place or
contact is in it.

>>> people = family({"full_name": "Idris", "relatives": "father: Yusuf"}, "list",
...                 seeker="Amal", relationship="brother", found=[])
>>> [(one.name, one.role.value, one.relation) for one in people]
[('Idris', 'sought', ''), ('Amal', 'seeker', 'brother'), ('Yusuf', 'relative', 'father')]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from reknit.standardise import standardise_relatives


class Part(StrEnum):
    """What somebody is in the case."""

    SOUGHT = "sought"
    SEEKER = "seeker"
    RELATIVE = "relative"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the graph.

    relation: of a relative, what they are to the person sought; of the seeker, what the person
    sought is to them; "" where none is said. said_by: the sources that name them.
    """

    name: str
    role: Part
    relation: str = ""
    said_by: tuple[str, ...] = ()


def family(
    sought: Mapping[str, Any],
    source: str,
    *,
    seeker: str,
    relationship: str,
    found: Iterable[tuple[Mapping[str, Any], str]],
) -> list[Member]:
    """The members, the person sought first. found: content and source of each account that
    judgements hold to be the same person."""
    members = [Member(_name(sought), Part.SOUGHT, said_by=(source,))]
    if seeker:
        members.append(Member(seeker, Part.SEEKER, relationship))
    said = [(sought, source), *found]
    members += [Member(_name(content), Part.FOUND, said_by=(by,)) for content, by in said[1:]]
    relatives: dict[tuple[str, str], Member] = {}
    for content, by in said:
        for relative in standardise_relatives(_cell(content.get("relatives")))[0]:
            key = (relative.relation.value, relative.name.casefold())
            known = relatives.get(key)
            if known is None:
                relatives[key] = Member(
                    relative.name, Part.RELATIVE, relative.relation.value, (by,)
                )
            elif by not in known.said_by:
                relatives[key] = replace(known, said_by=(*known.said_by, by))
    return [*members, *relatives.values()]


def _name(content: Mapping[str, Any]) -> str:
    full = _cell(content.get("full_name")).splitlines()
    if full:
        return full[0]
    parts = (_cell(content.get(name)) for name in ("given_name", "family_name"))
    return " ".join(part for part in parts if part)


def _cell(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "").strip()
