"""Frozen values that every room speaks: names, dates, ages, places, relations."""

from reknit.vocabulary.dates import Age, Calendar, DateDoubt, PartialDate
from reknit.vocabulary.names import NameToken, PersonName, Script, TokenRole
from reknit.vocabulary.people import Relation, Relative, Sex
from reknit.vocabulary.places import PlaceLevel, PlaceRef, PlaceRelation

__all__ = [
    "Age",
    "Calendar",
    "DateDoubt",
    "NameToken",
    "PartialDate",
    "PersonName",
    "PlaceLevel",
    "PlaceRef",
    "PlaceRelation",
    "Relation",
    "Relative",
    "Script",
    "Sex",
    "TokenRole",
]
