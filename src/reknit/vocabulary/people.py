"""The closed sets that records speak: sex, relation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sex(StrEnum):
    """PFIF's values."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Relation(StrEnum):
    """What the named person is to the record's person (contract: `relation: name`)."""

    FATHER = "father"
    MOTHER = "mother"
    SPOUSE = "spouse"
    SON = "son"
    DAUGHTER = "daughter"
    BROTHER = "brother"
    SISTER = "sister"
    GRANDFATHER = "grandfather"
    GRANDMOTHER = "grandmother"
    UNCLE = "uncle"
    AUNT = "aunt"
    COUSIN = "cousin"
    GUARDIAN = "guardian"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Relative:
    """One line of the `relatives` column."""

    relation: Relation
    name: str
