"""The docstrings' examples run: the docstring is the documentation."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import reknit

MODULES = sorted(module.name for module in pkgutil.walk_packages(reknit.__path__, prefix="reknit."))


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_are_true(name: str) -> None:
    result = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0
