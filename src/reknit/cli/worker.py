"""`reknit worker`: run the jobs, apart from `reknit serve` or as its child."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import click

from reknit.cli.application import data_option, start_django
from reknit.cli.stopping import StopSignal


@click.command("worker", short_help="Run the application's jobs.")
@data_option
def command(data: Path | None) -> None:
    """Run jobs until SIGTERM or Ctrl-C; the job in hand is finished first.

    Waits while the installation is locked or its search index is being built.
    """
    start_django(data)
    from reknit.sealing.durability import require_durable

    require_durable()
    from reknit.adapters import check_settings
    from reknit.config import Config, collect_seldom
    from reknit.guard import operations, searching
    from reknit.intake.outgoing import Ways
    from reknit.jobs import recurring
    from reknit.jobs.handlers import HANDLERS
    from reknit.queue.worker import work

    collect_seldom()
    check_settings(os.environ)
    Ways.read(os.environ)
    recurring.ensure()
    stop = StopSignal()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    name = f"{socket.gethostname()}:{os.getpid()}"[:60]
    run = Config.read().run

    def ready() -> bool:
        """Open, and what commands noted while it was not is in the audit log."""
        return searching.is_ready() and operations.write(run) >= 0

    work(HANDLERS, name=name, stop=stop, ready=ready)
