"""Signals that come in heaps stop a process, and never hang it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap

from reknit.cli.stopping import StopSignal

HEAP = 2_000
"""Signals to one process, as fast as they can be sent."""


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
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(HEAP):
            process.send_signal(signal.SIGTERM)
        # Signals that come while Python itself ends find its handler gone.
        try:
            assert process.wait(30) in {0, -signal.SIGTERM}
        finally:
            process.kill()


def test_a_signal_in_the_midst_of_another_ends_it() -> None:
    """Between any two lines of the first, the second comes: `threading.Event` waits for itself."""
    script = textwrap.dedent(
        """
        import sys
        from reknit.cli.stopping import StopSignal

        stop = StopSignal()
        came = 0

        def second(frame, event, argument):
            global came
            came += 1
            sys.settrace(None)
            stop.set()
            sys.settrace(second)
            return second

        sys.settrace(second)
        stop.set()
        sys.settrace(None)
        assert came and stop.wait()
        """
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30)


def test_it_waits_until_somebody_asks_and_then_no_more() -> None:
    stop = StopSignal()
    assert not stop.wait(0.01)
    assert not stop.is_set()
    stop.set()
    assert stop.wait()
    assert stop.wait()
    assert stop.is_set()
