"""Lock the installation under threat: keys and index go first, then every session.

Rules: nothing waits for a database before the keys are gone; a keeper that does not answer is
killed; the marker keeps everything locked over restarts, until somebody unlocks.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db.models import F

from reknit.records.models import User
from reknit.sealing import locking
from reknit.sealing.errors import SealingError
from reknit.sealing.line import Line

ANSWER_SECONDS = 1.0


def drop_keys(run: Path) -> bool:
    """Leave the marker and end the keeper, politely or not; True where one was running.

    Raises OSError where the marker could not be written, after the keeper has ended.
    """
    line = Line(run)
    process = line.keeper_process()
    try:
        locking.lock(run)
    finally:
        if process is not None:
            try:
                line.ask_once("lock", None, timeout=ANSWER_SECONDS)
            except (SealingError, ConnectionError, TimeoutError):
                pass
            finally:
                _kill(process)
    return process is not None


def end_sessions() -> int:
    """End every session of every user; how many users that were."""
    Session.objects.all().delete()
    return User.objects.update(sessions_since=F("sessions_since") + 1)


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return
