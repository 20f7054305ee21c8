"""Frozen values that every room speaks: names, dates, ages, places, relations, actors."""

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
    "Calendar",
    "DateDoubt",
    "LegalBasis",
    "NameToken",
    "PartialDate",
    "PersonName",
    "PlaceLevel",
    "PlaceRef",
    "PlaceRelation",
    "Purpose",
    "Relation",
    "Relative",
    "Role",
    "Script",
    "Sex",
    "TokenRole",
]
