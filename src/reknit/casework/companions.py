"""Companions: who was registered together with a candidate and has a named relative's name.

Rules: found in the background, by names alone and never against the sex that is said; of a
registration nobody else is kept or shown, and a very large one is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reknit import matching
from reknit.casework import comparison
from reknit.casework.models import Candidate, Companion
from reknit.records import accounts
from reknit.records.models import AccountKind
from reknit.sealing import records as sealing
from reknit.standardise import standardise_sex
from reknit.vocabulary import Relation, Relative, Sex

LEAST_ALIKE = 0.6
"""From this likeness of names on somebody fits."""
LEAST_PROBABILITY = 0.5
"""That a companion's and a relative's name are forms of one name."""
MOST_TOGETHER = 60
"""A larger registration is no family's and no bus's; nobody of it is looked at."""
_MEN = {Relation.FATHER, Relation.SON, Relation.BROTHER, Relation.GRANDFATHER, Relation.UNCLE}
_WOMEN = {Relation.MOTHER, Relation.DAUGHTER, Relation.SISTER, Relation.GRANDMOTHER, Relation.AUNT}
Content = Mapping[str, Any]


def find_companions(candidates: Iterable[Candidate], sought: Content) -> None:
    """Keep who was registered together with each candidate and has a named relative's name; to be
    called in the background, in the transaction that keeps the candidates."""
    relatives = comparison.relatives_of(sought)
    for candidate in candidates:
        Companion.objects.filter(candidate=candidate).delete()
        if relatives and candidate.account.group_digest is not None:
            Companion.objects.bulk_create(_companions(candidate, relatives))


def _companions(candidate: Candidate, relatives: Sequence[Relative]) -> list[Companion]:
    account = candidate.account
    together = accounts.current().filter(
        kind=AccountKind.FOUND, source=account.source_id, group_digest=account.group_digest
    )
    rows = list(together.exclude(pk=account.pk)[: MOST_TOGETHER + 1])
    if len(rows) > MOST_TOGETHER:
        return []
    alike = [
        (_likeness(relative.name, name_of(content)), line, row)
        for row, content in zip(rows, sealing.unseal(rows), strict=True)
        for line, relative in enumerate(relatives)
        if _may_be(relative.relation, content)
    ]
    return [
        Companion(candidate=candidate, account=row, line=line, similarity=likeness)
        for likeness, line, row in one_to_one(alike)
    ]


def _likeness(one: str, other: str) -> float:
    """As the engine compares names, in any two scripts."""
    compared = matching.compare_names(one, other)
    return compared.similarity if compared.probability >= LEAST_PROBABILITY else 0.0


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
