"""`reknit serve`: the keeper, the web application and its job workers, looked after."""

from __future__ import annotations

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.application import data_option, name_data, start_django
from reknit.cli.failures import RefusalError

if TYPE_CHECKING:
    from reknit.cli.supervision import Child, Supervisor
    from reknit.config import Config

_BACKLOG = 512
_JOBS_NICE = 10
"""Whoever waits for a page goes before work in the background."""
_START_SECONDS = 60.0
_MOST_DEATHS = 6
"""Deaths before anything was ready: then something is wrong that time will not mend."""

host_option = click.option("--host", metavar="HOST", help="Where to listen; 127.0.0.1 unless said.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 8000 unless said, 0 for a free one."
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Web processes, of several threads each.",
)
job_workers_option = click.option(
    "--job-workers",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Processes that run jobs; 0 where `reknit worker` runs them apart.",
)


@click.command("serve", short_help="Run the application.")
@data_option
@host_option
@port_option
@workers_option
@job_workers_option
def command(
    data: Path | None, host: str | None, port: int | None, workers: int, job_workers: int
) -> None:
    """Run the web application until SIGTERM or Ctrl-C.

    Starts the keeper (it holds keys and search index), web workers and job workers, starts those
    again that die, and prints READY and the address when it answers.
    """
    serve(data, host, port, workers, job_workers)


def serve(
    data: Path | None,
    host: str | None,
    port: int | None,
    workers: int,
    job_workers: int,
    *,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Run all of it; returns when asked to stop. ready: told the address once it answers.

    Raises RefusalError, DurabilityError, EndpointError, ConfigError.
    """
    _tell(data, host, port)
    start_django(data)
    from reknit.adapters import check_settings
    from reknit.cli.supervision import Supervisor
    from reknit.config import Config
    from reknit.guard.keeper.keeper import LOCKED
    from reknit.intake.outgoing import Ways
    from reknit.sealing.holders import line_to
    from reknit.sealing.locking import SERVING, held

    config = Config.read()
    check_settings(os.environ)
    Ways.read(os.environ)
    _refuse_weak_databases()
    with held(config.run / SERVING) as alone, _listening(config) as door:
        if not alone:
            raise RefusalError(f"{config.data}: 'reknit serve' runs on this folder already.")
        all_of_it = Supervisor()
        all_of_it.catch_signals()
        try:
            all_of_it.start(_keeper(config, frozenset({LOCKED})))
            line = line_to(config.run)
            _wait(all_of_it, line.answers, "the keeper")
            all_of_it.start(_web(config, door, workers))
            for number in range(job_workers):
                all_of_it.start(_jobs(config, number))
            url = _url(door)
            _wait(all_of_it, lambda: _is_healthy(url), "the web application")
            if not all_of_it.stopping.is_set():
                click.echo(f"READY {url}")
                ready(url)
                sys.stdout.flush()
            all_of_it.run()
        finally:
            all_of_it.stop()


def _tell(data: Path | None, host: str | None, port: int | None) -> None:
    """Put what the command line says where every process of the installation reads it."""
    name_data(data)
    if host is not None:
        os.environ["REKNIT_HOST"] = host
    if port is not None:
        os.environ["REKNIT_PORT"] = str(port)


def _refuse_weak_databases() -> None:
    from django.db import connections

    from reknit.sealing.durability import require_durable

    require_durable()
    connections.close_all()


def _listening(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        door = socket.create_server(
            (config.host, config.port), family=family, backlog=_BACKLOG, reuse_port=False
        )
    except OSError as failure:
        raise RefusalError(
            f"--host {config.host} --port {config.port}: cannot listen there "
            f"({failure.strerror or 'no such host'}). Choose another port, or stop what uses it."
        ) from None
    door.set_inheritable(True)
    return door


def _url(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - to ask oneself
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _wait(all_of_it: Supervisor, ready: Callable[[], bool], what: str) -> None:
    """Wait for a part to answer. Raises RefusalError when it keeps dying or takes too long."""

    def ready_or_hopeless() -> bool:
        return ready() or all_of_it.deaths() > _MOST_DEATHS

    answered = all_of_it.wait_until(ready_or_hopeless, _START_SECONDS)
    if all_of_it.stopping.is_set() or (answered and all_of_it.deaths() <= _MOST_DEATHS):
        return
    raise RefusalError(
        f"{what} does not start; the lines above say why. 'reknit check' looks for what is wrong."
    )


def _is_healthy(url: str) -> bool:
    """Does the application answer? Asked of this machine, never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _keeper(config: Config, at_once: frozenset[int]) -> Child:
    from reknit.cli.supervision import Child

    command = [sys.executable, "-m", "reknit.guard.keeper"]
    return Child("the keeper", command, os.environ, patience=3.0, at_once=at_once)


def _web(config: Config, door: socket.socket, workers: int) -> Child:
    from reknit.cli.supervision import Child

    command = [
        *(sys.executable, "-m", "gunicorn", "reknit.web.wsgi:application"),
        *("--bind", f"fd://{door.fileno()}", "--worker-class", "reknit.web.server.Worker"),
        *("--workers", str(workers), "--threads", "8", "--timeout", "60"),
        *("--graceful-timeout", "5", "--keep-alive", "0", "--max-requests", "20000"),
        *("--max-requests-jitter", "2000", "--worker-tmp-dir", str(config.run)),
        # A warning of gunicorn's quotes a malformed request, which may hold a name.
        *("--log-level", "error", "--no-control-socket"),
    ]
    return Child("the web application", command, _without_ring(config), keep=(door.fileno(),))


def _jobs(config: Config, number: int) -> Child:
    from reknit.cli.supervision import Child

    command = [sys.executable, "-m", "reknit", "worker"]
    return Child(f"job worker {number + 1}", command, _without_ring(config), nice=_JOBS_NICE)


def _without_ring(config: Config) -> dict[str, str]:
    """The environment for all but the keeper: a ring that is in a variable is not theirs."""
    kind, _, name = config.keyring.partition(":")
    return {k: v for k, v in os.environ.items() if kind != "env" or k != name}
