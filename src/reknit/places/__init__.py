"""Gazetteer and distance: places by any of their names, in any script, offline."""

from reknit.places.errors import GazetteerUnavailableError, OperatorPlacesError, PlacesError
from reknit.places.folding import fold_place
from reknit.places.gazetteer import ATTRIBUTION, Gazetteer
from reknit.places.geometry import PlaceArrays, distance_km, relation
from reknit.places.operators import PlaceRowProblem
from reknit.vocabulary import PlaceLevel, PlaceRef, PlaceRelation

__all__ = [
    "ATTRIBUTION",
    "Gazetteer",
    "GazetteerUnavailableError",
    "OperatorPlacesError",
    "PlaceArrays",
    "PlaceLevel",
    "PlaceRef",
    "PlaceRelation",
    "PlaceRowProblem",
    "PlacesError",
    "distance_km",
    "fold_place",
    "relation",
]
