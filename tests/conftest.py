"""What holds for the whole test run: no connection leaves the machine; time limits are generous."""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The application's tests run in a data folder of this process's own, gone when it ends. Django
# reads its settings once: that is why this stands before anything that might import them.
os.environ["REKNIT_DATA"] = tempfile.mkdtemp(prefix="reknit-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "reknit.settings"
atexit.register(shutil.rmtree, os.environ["REKNIT_DATA"], ignore_errors=True)

from reknit.config import Config  # noqa: E402 - after the folder is named
from reknit.sealing.ring import KeyRing  # noqa: E402

Config.read().initialise()
KeyRing.new().save(Path(os.environ["REKNIT_DATA"]) / "keys" / "keyring.json")

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
    django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers, which inherit the environment, read the settings for a folder of their own. Told of
    the settings already, pytest-django would read them before this file, and all share one folder:
    a test that locked its installation once locked another's."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a database; skip what needs a browser where there is none, and say so."""
    for item in items:
        if item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
    if shutil.which("chromium"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="Debian's chromium is not installed"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Pytest-django's; before it drops the databases, this process's writer lets go of them."""
    yield
    from reknit.guard import commits

    commits.stop()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page that a test read in another language leaves that language to nobody after it."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process remembers of messages, by their time, is of another test's database."""
    likeness = sys.modules.get("reknit.intake.likeness")
    if likeness is not None:
        likeness._offices.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium; one for all tests of a process, since Playwright runs once in each."""
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--disable-background-networking",
        "--font-render-hinting=none",
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        yield running
        running.close()
