"""Each test asks an index of its own database."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_index() -> None:
    """What a test before this one had indexed was rolled back."""
    from reknit.guard import searching

    searching._own_index.cache_clear()
