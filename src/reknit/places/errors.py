"""What can go wrong in the places room; each error names the place, the rule and the next step."""

from __future__ import annotations


class PlacesError(Exception):
    """Base of every error this room raises."""


class GazetteerUnavailableError(PlacesError):
    """The place table could not be read, built or written."""


class OperatorPlacesError(PlacesError):
    """An operator's own list of places is unusable as a whole (single bad rows are reported)."""
