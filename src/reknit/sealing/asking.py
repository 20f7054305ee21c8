"""For whom this process asks the keeper: an opaque id that the web layer sets for each request.

Rules: the keeper counts what it opens for each asker and stops at a limit of its own; jobs and
commands ask for nobody, and are counted together.

>>> with asking_for("user 7"):
...     asker()
'user 7'
>>> asker()
''
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar

_ASKER: ContextVar[str] = ContextVar("asker", default="")


def asker() -> str:
    """Whom the present work is for; "" for nobody in particular."""
    return _ASKER.get()


def asking_as(user_id: int | None) -> AbstractContextManager[None]:
    """`asking_for` a member of staff; None: for nobody in particular."""
    return asking_for("" if user_id is None else f"user {user_id}")


@contextlib.contextmanager
def asking_for(who: str) -> Iterator[None]:
    """Ask for `who` while the block runs."""
    token = _ASKER.set(who)
    try:
        yield
    finally:
        _ASKER.reset(token)
