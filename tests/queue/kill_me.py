"""A worker in a process of its own, for the tests that kill it: python kill_me.py DATABASE-NAME."""

from __future__ import annotations

import sys
import threading
import time

import django
from django.conf import settings


def main() -> None:
    """Claim the job, say so, and hang."""
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from reknit.queue.worker import Run, work

    def hang(_run: Run) -> None:
        print("claimed", flush=True)  # noqa: T201 - the test waits for this line
        time.sleep(60)

    work({"test": hang}, name="doomed", stop=threading.Event())


main()
