"""A source that copies another does not count twice."""

from __future__ import annotations

import pytest

from reknit.records import sources
from reknit.records.errors import RecordsError
from tests.staff import office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_it_finds_a_source_again_whatever_the_spaces() -> None:
    assert sources.find_or_add(" Port  list ", office()) == sources.find_or_add(
        "Port list", office()
    )


def test_it_counts_mirrors_of_mirrors_once() -> None:
    port, copy, copied_again, camp = (
        sources.find_or_add(name, office()) for name in ("Port", "Copy", "Copy of copy", "Camp")
    )
    sources.set_mirror(copy, port)
    sources.set_mirror(copied_again, copy)
    assert sources.independent([port.id, copied_again.id, copy.id]) == 1
    assert sources.independent([copied_again.id, camp.id]) == 2


def test_it_refuses_a_circle_of_mirrors() -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    sources.set_mirror(copy, port)
    with pytest.raises(RecordsError, match="already copies"):
        sources.set_mirror(port, copy)
