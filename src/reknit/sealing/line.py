"""The line to the keeper: one connection a thread, opened anew when the keeper was restarted.

Rules: the other end must run as this user; a keeper that should be there is waited for, PATIENCE
seconds, then KeeperAwayError; every operation may be asked twice, so that one cut off is repeated.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from reknit.sealing import errors, frames
from reknit.sealing.asking import asker
from reknit.sealing.locking import SOCKET, is_serving

Answer = TypeVar("Answer")
PATIENCE = 5.0
_TIMEOUT = 60.0
_PAUSE = 0.05


class Line:
    """Where the keeper of one installation answers."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self._mine = threading.local()

    def is_open(self) -> bool:
        """True where a keeper runs, or should: then nobody else may open the ring."""
        if self._connection() is not None:
            return True
        try:
            self._keep(self._connect())
        except ConnectionError:
            return is_serving(self.run)
        return True

    def answers(self) -> bool:
        """True where a keeper answers now."""
        self.close()
        try:
            self._keep(self._connect())
        except ConnectionError:
            return False
        return True

    def ask(self, op: str, body: Any, answer: type[Answer], *, timeout: float = _TIMEOUT) -> Answer:
        """Ask one thing. Raises what the keeper says went wrong, or KeeperAwayError."""
        frame = frames.encode_request(op, asker(), body)
        until, again = time.monotonic() + PATIENCE, True
        while True:
            try:
                reply = self._exchange(frame, timeout)
            except (ConnectionError, TimeoutError):
                self.close()
                if not again or time.monotonic() > until:
                    raise errors.KeeperAwayError(
                        "the keeper of the keys does not answer; it is being restarted. "
                        "Try again in a moment."
                    ) from None
                again = is_serving(self.run)
                time.sleep(_PAUSE)
                continue
            if reply.error:
                text = msgspec.msgpack.decode(reply.body, type=str)
                raise KINDS.get(reply.error, errors.SealingError)(text)
            return msgspec.msgpack.decode(reply.body, type=answer)

    def ask_once(self, op: str, body: Any, *, timeout: float) -> None:
        """Ask without patience. Raises ConnectionError or TimeoutError where no answer comes."""
        self._exchange(frames.encode_request(op, asker(), body), timeout)
        self.close()

    def keeper_process(self) -> int | None:
        """The process id of the keeper, as the kernel says; None where none runs."""
        self.answers()
        line = self._connection()
        return None if line is None else frames.peer(line)[0]

    def close(self) -> None:
        """Hang up; the next question opens a new connection."""
        line = self._connection()
        self._mine.line = None
        if line is not None:
            line.close()

    def _exchange(self, frame: bytes, timeout: float) -> frames.Reply:
        line = self._connection() or self._keep(self._connect())
        line.settimeout(timeout)
        frames.send(line, frame)
        answer = frames.receive(line)
        if answer is None:
            raise ConnectionError("the keeper hung up.")
        return frames.decode_reply(answer)

    def _connection(self) -> socket.socket | None:
        """This thread's connection; one inherited over a fork is its parent's."""
        line: socket.socket | None = getattr(self._mine, "line", None)
        return line if getattr(self._mine, "process", None) == os.getpid() else None

    def _keep(self, line: socket.socket) -> socket.socket:
        self._mine.line, self._mine.process = line, os.getpid()
        return line

    def _connect(self) -> socket.socket:
        """A new connection. Raises ConnectionError where nobody answers."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_TIMEOUT)
            with frames.address(self.run / SOCKET) as where:
                line.connect(where)
            if frames.peer(line)[1] != os.geteuid():
                raise ConnectionError("another user answers at the keeper's socket.")
        except OSError as failure:
            line.close()
            if isinstance(failure, ConnectionError):
                raise
            raise ConnectionError(type(failure).__name__) from None
        return line


KINDS: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.SealingError)
}
"""Errors that may cross the socket, by name; the room that answers adds its own."""
