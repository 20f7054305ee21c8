"""Keep this process's memory to itself.

Rules: no core dump, nobody attaches to the process (Linux: also not another process of this user),
and its memory is locked against swapping where the limits allow; what could not be had is said.
Sources: setrlimit(2), prctl(2) PR_SET_DUMPABLE, mlockall(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4


def harden() -> list[str]:
    """Close the process's memory; what is missing, in words for `reknit check`."""
    missing = []
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is None or libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        missing.append("the keeper's memory can be read by other processes of its user")
    if libc is None or not _lock_memory(libc):
        missing.append("the keeper's memory may be swapped to disk")
    return missing


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _lock_memory(libc: ctypes.CDLL) -> bool:
    """Lock what is and will be used; without an unlimited limit a large index would run into it."""
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    if resource.getrlimit(resource.RLIMIT_MEMLOCK) != unlimited:
        try:
            resource.setrlimit(resource.RLIMIT_MEMLOCK, unlimited)
        except (ValueError, OSError):
            return False
    return bool(libc.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0)
