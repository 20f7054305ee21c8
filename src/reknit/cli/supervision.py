"""Start processes, start those again that die, stop them all, leave none behind.

Rules: each child has a session of its own, so that a terminal's Ctrl-C reaches only the
supervisor, and is stopped with all that it started; it ends by itself when the supervisor is killed
(Linux); one that dies is started again at once, then ever later, up to LONGEST_PAUSE.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from reknit.cli.stopping import StopSignal

LONGEST_PAUSE = 10.0
_FIRST_PAUSE = 0.2
_STEADY = 30.0
"""Seconds after which a child's earlier deaths are forgotten."""
_PR_SET_PDEATHSIG = 1
_LOOK = 0.1


@dataclass
class Child:
    """One program to keep running.

    patience: seconds it gets to stop by itself. at_once: exit statuses after which it starts again
    without a pause. keep: file descriptors that it inherits. nice: its place behind others.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    patience: float = 8.0
    at_once: frozenset[int] = frozenset()
    keep: tuple[int, ...] = ()
    nice: int = 0
    deaths: int = 0
    started: float = 0.0
    due: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, in a session of its own."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            list(self.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.keep,
            preexec_fn=_end_with(os.getpid(), self.nice),
        )

    def is_running(self) -> bool:
        """Does it live?"""
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """SIGTERM, where it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_or_kill(self, until: float) -> None:
        """Wait for its end; then kill whatever is left of it and of what it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        finally:
            _kill_group(self.process.pid)
            self.process.wait()


class Supervisor:
    """Children in the order of their start; they stop in the opposite one."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self.stopping = StopSignal()

    def catch_signals(self) -> None:
        """SIGTERM and Ctrl-C ask to stop; a second one does not wait."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._asked())

    def start(self, child: Child) -> None:
        """Start a child and look after it from now on."""
        self._children.append(child)
        child.start()

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Look after the children until `ready()`; False when it takes too long or we stop."""
        until = time.monotonic() + seconds
        while not ready():
            if self.stopping.is_set() or time.monotonic() > until:
                return False
            self._look_after()
            self.stopping.wait(_LOOK)
        return True

    def run(self) -> None:
        """Look after the children until somebody asks to stop."""
        while not self.stopping.is_set():
            self._look_after()
            self.stopping.wait(_LOOK)

    def deaths(self) -> int:
        """How often children have died lately."""
        return sum(child.deaths for child in self._children)

    def stop(self) -> None:
        """Stop all, the one started last first; nothing is left when this returns."""
        self.stopping.set()
        for child in reversed(self._children):
            child.ask_to_stop()
            child.wait_or_kill(time.monotonic() + child.patience)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.is_running():
                if child.deaths and now - child.started > _STEADY:
                    child.deaths = 0
                continue
            if child.process is not None:
                self._bury(child, now)
            if now >= child.due:
                child.start()

    def _bury(self, child: Child, now: float) -> None:
        """Say that it died, kill what it left, and when it starts again."""
        assert child.process is not None  # noqa: S101 - the caller looked
        status = child.process.returncode
        _kill_group(child.process.pid)
        child.process = None
        if status in child.at_once:
            child.due = now
            return
        pause = min(LONGEST_PAUSE, _FIRST_PAUSE * 2**child.deaths)
        child.deaths += 1
        child.due = now + pause
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        click.echo(
            f"reknit: {child.name} ended ({how}); starting it again in {pause:g} s.", err=True
        )

    def _asked(self) -> None:
        if self.stopping.is_set():
            for child in self._children:
                if child.process is not None:
                    _kill_group(child.process.pid)
        self.stopping.set()


def _kill_group(group: int) -> None:
    """Kill all that is left of a child's session."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_with(parent: int, nice: int) -> Callable[[], None]:
    """To run in a child before its program: it is told to end when its parent dies, and takes its
    place in the line for the processor."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def ask() -> None:
        os.nice(nice)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return ask
