"""Frozen values that every room speaks: names, dates, ages, places, relations, actors."""

from reknit.vocabulary.consents import (
    Answer,
    Assurance,
    GivenBy,
    How,
    Recipient,
    RecipientKind,
    Scope,
)
from reknit.vocabulary.dates import Age, Calendar, DateDoubt, PartialDate
from reknit.vocabulary.names import NameToken, PersonName, Script, TokenRole
from reknit.vocabulary.people import Relation, Relative, Sex
from reknit.vocabulary.places import PlaceLevel, PlaceRef, PlaceRelation
from reknit.vocabulary.trust import PUBLIC, SYSTEM, Actor, ActorKind, LegalBasis, Purpose, Role

__all__ = [
    "PUBLIC",
    "SYSTEM",
    "Actor",
    "ActorKind",
    "Age",
    "Answer",
    "Assurance",
    "Calendar",
    "DateDoubt",
    "GivenBy",
    "How",
    "LegalBasis",
    "NameToken",
    "PartialDate",
    "PersonName",
    "PlaceLevel",
    "PlaceRef",
    "PlaceRelation",
    "Purpose",
    "Recipient",
    "RecipientKind",
    "Relation",
    "Relative",
    "Role",
    "Scope",
    "Script",
    "Sex",
    "TokenRole",
]
