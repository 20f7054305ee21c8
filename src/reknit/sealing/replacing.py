"""Replace a file in one step, for its owner only, safe against a loss of power."""

from __future__ import annotations

import os
from pathlib import Path

from reknit.sealing.locking import sync_folder


def replace_file(path: Path, content: bytes) -> None:
    """`path` holds `content`, whole; where anything goes wrong (OSError), what it held before."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
