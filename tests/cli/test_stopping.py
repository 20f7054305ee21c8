"""Signals that come in heaps stop a process, and never hang it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

from reknit.cli.stopping import StopSignal


def test_a_heap_of_signals_ends_it() -> None:
    """A worker was once left behind: a second SIGTERM came inside the handler of the first."""
    script = textwrap.dedent(
        """
        import signal
        from reknit.cli.stopping import StopSignal

        stop = StopSignal()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        print("ready", flush=True)
        while not stop.wait(0.0001):
            pass
        """
    )
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        until = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < until:
            process.send_signal(signal.SIGTERM)
        process.kill()
        # Signals that come while Python itself ends find its handler gone.
        assert process.wait() in {0, -signal.SIGTERM}


def test_it_waits_until_somebody_asks_and_then_no_more() -> None:
    stop = StopSignal()
    assert not stop.wait(0.01)
    assert not stop.is_set()
    stop.set()
    assert stop.wait()
    assert stop.wait()
    assert stop.is_set()
