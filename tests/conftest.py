"""What holds for the whole test run: no connection leaves the machine; time limits are generous."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

GUARD = Path(__file__).parent / "boundaries" / "no_outbound"

# Machines are shared: a slow example is no failure. In CI the same examples each time.
settings.register_profile("reknit", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("reknit")


def pytest_configure(config: pytest.Config) -> None:
    """Guard this process and, through PYTHONPATH, every Python it starts (trust: I12)."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(GUARD), *([before] if before else [])])
    spec = importlib.util.spec_from_file_location("no_outbound", GUARD / "sitecustomize.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none, and say so."""
    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Debian's chromium is not installed"))
