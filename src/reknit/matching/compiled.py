"""How the inner loops are compiled.

Rule: what is called for each pair of records, or deeper, is a `leaf`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
_LEAF: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}


def leaf(function: _F) -> _F:
    """Compile a function that allocates nothing, and so need not count who refers to its arrays.

    Counting is an atomic operation for each array of each table at each call: it took nine tenths
    of the time of a match, and more the more cores shared the tables. numba refuses to compile a
    leaf that allocates; what a leaf calls is compiled as one too.
    """
    compiled: _F = njit(**_LEAF)(function)
    return compiled
