"""The whole gazetteer, opened once: the first run on a machine builds it in the user's cache."""

from __future__ import annotations

import pytest

from reknit.places import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()
