"""A web process is ready for its first page."""

from __future__ import annotations

from reknit.casework import comparison
from reknit.web import server


def test_it_has_compared_two_towns_before_anybody_opens_a_page() -> None:
    comparison._town_level.cache_clear()
    server._warm()
    assert comparison._town_level.cache_info().currsize == 1
