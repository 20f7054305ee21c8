"""`python -m reknit.guard.keeper`: the keeper's process, a child of `reknit serve`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType, TracebackType

from reknit.guard.keeper.hardening import harden


def main() -> int:
    """Harden, open, answer until SIGTERM. 0 in the end, 1 where another keeper runs."""
    weaknesses = harden()
    sys.excepthook = _say_kind
    threading.excepthook = lambda failed: _say_kind(failed.exc_type, None, None)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s: %(message)s")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reknit.settings")
    import django

    django.setup()
    from reknit.config import collect_seldom
    from reknit.guard.keeper.keeper import Keeper
    from reknit.guard.keeper.server import KeeperServer, StopServingError
    from reknit.sealing.durability import require_durable
    from reknit.sealing.errors import DurabilityError
    from reknit.sealing.locking import SOCKET, held
    from reknit.settings import CONFIG

    collect_seldom()
    log = logging.getLogger("reknit.keeper")
    with held(CONFIG.run / "keeper.lock") as alone:
        if not alone:
            log.error("another keeper runs on %s; stop it first.", CONFIG.data)
            return 1
        try:
            require_durable()
        except DurabilityError as weak:
            log.error("%s", weak)
            return 1
        keeper = Keeper(CONFIG, weaknesses)
        server = KeeperServer(CONFIG.run / SOCKET, keeper)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            server.asked_to_stop = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        keeper.start()
        with suppress(StopServingError):
            server.serve_forever(poll_interval=0.2)
        server.server_close()
    # Threads that answer or build are left where they are: nothing of them is to be kept.
    os._exit(0)


def _say_kind(
    kind: type[BaseException], _error: BaseException | None, _trace: TracebackType | None
) -> None:
    """Uncaught errors by their kind only: their text may name a person."""
    logging.getLogger("reknit.keeper").error("ended by %s", kind.__name__)


if __name__ == "__main__":
    sys.exit(main())
