"""What can go wrong in matching: one base, so that a caller can catch the whole room.

>>> issubclass(MatchingError, Exception)
True
"""

from __future__ import annotations


class MatchingError(Exception):
    """A matching step cannot go on; the text names the place, the rule and the next step."""
