"""Work that outlives its request: the Job row, enqueue, and the worker that runs handlers.

Rules: a job is enqueued in the caller's transaction; it runs at least once and is written so that
twice has one effect; a lease that runs out (kill -9) hands it to another worker; a poison job is
set aside after its last attempt and blocks nobody. Why not a library: docs/adr/0005-jobs.md.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reknit.queue.jobs import cancel, enqueue, retry

__all__ = ["cancel", "enqueue", "retry"]


def __getattr__(name: str) -> Any:
    # Django imports this package before its tables may be named.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reknit.queue import jobs

    return getattr(jobs, name)
