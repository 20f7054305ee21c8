"""Companions: who was registered together with a candidate and has a named relative's name.

Rules: found in the background, by names alone and never against the sex that is said; of a
registration nobody else is kept or shown, and a very large one is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reknit import matching
from reknit.casework import comparison
from reknit.casework.models import Candidate, Companion
from reknit.records import accounts
from reknit.records.models import Account, AccountKind
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.standardise import standardise_name, standardise_sex
from reknit.vocabulary import PersonName, Relation, Relative, Sex

LEAST_ALIKE = 0.6
"""From this likeness of names on somebody fits."""
LEAST_PROBABILITY = 0.5
"""That a companion's and a relative's name are forms of one name."""
MOST_TOGETHER = 60
"""A larger registration is no family's and no bus's; nobody of it is looked at."""
_MEN = {Relation.FATHER, Relation.SON, Relation.BROTHER, Relation.GRANDFATHER, Relation.UNCLE}
_WOMEN = {Relation.MOTHER, Relation.DAUGHTER, Relation.SISTER, Relation.GRANDMOTHER, Relation.AUNT}
Content = Mapping[str, Any]
Group = tuple[Any, bytes]
"""The source, and the digest of what it calls the people who were registered together."""


def find_companions(candidates: Iterable[tuple[Candidate, Content]]) -> None:
    """Keep who was registered together with each candidate and has a name of a relative whom the
    content of the person sought names; to be called in the background, in the transaction that
    keeps the candidates."""
    rows = list(candidates)
    Companion.objects.filter(candidate__in=[candidate for candidate, _ in rows]).delete()
    named = [(candidate, comparison.relatives_of(sought)) for candidate, sought in rows]
    named = [
        (candidate, relatives)
        for candidate, relatives in named
        if relatives and candidate.account.group_digest is not None
    ]
    together = _together(candidate.account for candidate, _ in named)
    names = _Names()
    insert(
        [
            companion
            for candidate, relatives in named
            for companion in _companions(candidate, relatives, together, names)
        ]
    )


def _together(people: Iterable[Account]) -> dict[Group, list[tuple[Account, Content]]]:
    """Who was registered in the groups of these people, by group; of a very large one nobody."""
    groups = {_group(account) for account in people}
    # By the digest alone, which few share; any other filter has SQLite walk through all accounts.
    light = Account.objects.filter(group_digest__in=[digest for _, digest in groups]).only(
        "source", "group_digest", "kind", "removed_at", "superseded_by"
    )
    members = defaultdict(list)
    for account in light:
        is_found = account.kind == AccountKind.FOUND and account.is_current
        if is_found and _group(account) in groups:
            members[_group(account)].append(account.pk)
    small = [one for some in members.values() if len(some) <= MOST_TOGETHER + 1 for one in some]
    rows = list(accounts.current().filter(pk__in=small))
    together: dict[Group, list[tuple[Account, Content]]] = defaultdict(list)
    for row, content in zip(rows, sealing.unseal(rows), strict=True):
        together[_group(row)].append((row, content))
    return together


def _group(account: Account) -> Group:
    return account.source_id, bytes(account.group_digest or b"")


def _companions(
    candidate: Candidate,
    relatives: Sequence[Relative],
    together: Mapping[Group, Sequence[tuple[Account, Content]]],
    names: _Names,
) -> list[Companion]:
    alike = [
        (names.likeness(relative.name, name_of(content)), line, row)
        for row, content in together.get(_group(candidate.account), ())
        for line, relative in enumerate(relatives)
        if row.pk != candidate.account_id and _may_be(relative.relation, content)
    ]
    return [
        Companion(candidate=candidate, account=row, line=line, similarity=likeness)
        for likeness, line, row in one_to_one(alike)
    ]


class _Names:
    """Names as the engine compares them, in any two scripts; each is read once."""

    def __init__(self) -> None:
        self._pairs = matching.NamePairs()
        self._known: dict[str, PersonName] = {}

    def likeness(self, one: str, other: str) -> float:
        """0 to 1; 0 for what are rather not forms of one name."""
        compared = self._pairs.compare(self._read(one), self._read(other))
        return compared.similarity if compared.probability >= LEAST_PROBABILITY else 0.0

    def _read(self, name: str) -> PersonName:
        if name not in self._known:
            self._known[name] = standardise_name(name)
        return self._known[name]


def one_to_one(
    alike: Iterable[tuple[float, Any, Any]], of: Callable[[Any], object] = lambda row: row.pk
) -> list[tuple[float, Any, Any]]:
    """The likest pairs first, no side twice; those that are not alike enough are left out."""
    left: set[Any] = set()
    right: set[Any] = set()
    chosen = []
    for likeness, one, row in sorted(alike, key=lambda pair: -pair[0]):
        if likeness >= LEAST_ALIKE and one not in left and of(row) not in right:
            left.add(one)
            right.add(of(row))
            chosen.append((likeness, one, row))
    return chosen


def _may_be(relation: Relation, content: Content) -> bool:
    """A father is no woman; where nothing is said, anybody may be."""
    sex = standardise_sex(str(content.get("sex") or ""))
    return not (
        (sex is Sex.FEMALE and relation in _MEN) or (sex is Sex.MALE and relation in _WOMEN)
    )


def name_of(content: Content) -> str:
    """What a person is called: the first of their names."""
    parts = (str(content.get(column) or "").strip() for column in ("given_name", "family_name"))
    full = str(content.get("full_name") or "").strip().splitlines()
    return full[0] if full else " ".join(filter(None, parts))
