"""The places that messages name: one gazetteer a process, opened at its first use."""

from __future__ import annotations

from functools import cache

from reknit.places import Gazetteer
from reknit.places.errors import PlacesError


@cache
def gazetteer() -> Gazetteer | None:
    """This process's places; None where they cannot be opened."""
    try:
        return Gazetteer.open()
    except PlacesError:
        return None
