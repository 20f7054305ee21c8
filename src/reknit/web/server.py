"""How gunicorn answers what it cannot read: plainly, and without repeating any of it.

Rules: gunicorn itself quotes a malformed request to its sender and into its log, and a malformed
request may hold a name; here both say what kind of mistake it was and nothing more.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading

from gunicorn.http.errors import ParseException
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from reknit.config import collect_seldom

log = logging.getLogger(__name__)

_ANSWERS = {
    400: ("Bad Request", "This request could not be read. Go back and try once more.\n"),
    500: ("Internal Server Error", "Something went wrong on our side. Try once more.\n"),
}


_SWITCH_SECONDS = 0.002
"""How long a thread computes on while another waits. The thread that commits for all holds the
database's one lock and waits anew after each question: Python's usual 5 ms each time made commits,
and so all that waits for them, several times slower."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn says nothing of its types
    """A web process of several threads."""

    def init_process(self) -> None:
        """Set the process up, and run it until it ends."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        collect_seldom()
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application and, beside the first requests, what else a page may need."""
        super().load_wsgi()
        threading.Thread(target=_warm, name="warm", daemon=True).start()

    def handle_error(
        self, req: object, client: socket.socket, addr: object, exc: Exception
    ) -> None:
        """Answer a request that never reached the application."""
        status = 400 if isinstance(exc, ParseException) else 500
        if status == 500:
            log.error("a request failed before the application: %s", type(exc).__name__)
        try:
            write_nonblock(client, answer(status))
        except OSError:
            log.debug("the sender was gone")


def _warm() -> None:
    """Compare two names and towns once: the first time in a process, compiled code and the table of
    places are loaded, which nobody who opens a page should wait for."""
    from reknit.casework.comparison import compare

    compare(
        {"full_name": "إدريس حداد", "home_city": "حمص", "relatives": "father: يوسف حداد"},
        {"full_name": "Idris Haddad", "home_city": "Homs", "relatives": "father: Yusuf Haddad"},
    )


def answer(status: int) -> bytes:
    r"""The whole answer.

    >>> answer(400).splitlines()[0]
    b'HTTP/1.1 400 Bad Request'
    """
    reason, text = _ANSWERS[status]
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(text)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "",
        text,
    ]
    return "\r\n".join(lines).encode()
