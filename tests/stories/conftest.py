"""A running site, a browser, and the cast at their desks, for stories.

Pages are served by the application itself over HTTP, with its own static files and headers; jobs
are worked off by the story where it says so. Each page that a story looks at is checked by axe, in
both themes, and a console message of the browser (a refused script or style) fails the story.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser

if TYPE_CHECKING:
    from tests.stories.desk import Site

# Playwright runs an event loop in the test's thread; Django's guard against that is for servers.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def site(transactional_db: None, browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """The application on a port of its own."""
    from tests.stories.desk import Site

    def as_it_is(application: WSGIHandler) -> WSGIHandler:
        return application

    thread = LiveServerThread("localhost", as_it_is)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    running = Site(f"http://localhost:{thread.port}", browser)
    try:
        yield running
    finally:
        running.close()
        thread.terminate()
