"""The keeper's socket: who may ask, what may be asked, one thread a connection.

Rules: the socket is the owner's alone (mode 0600) and the kernel must say that the peer is the same
user; a request is decoded by its operation's own type, or refused; an error crosses only by its
kind and, where it is one of ours, its text, which names nobody.
"""

from __future__ import annotations

import logging
import os
import socket
import socketserver
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from django.db import close_old_connections, connections

from reknit.guard.keeper.keeper import LOCKED, Keeper
from reknit.guard.keeper.messages import Question, Questions
from reknit.sealing import frames
from reknit.sealing.errors import SealingError
from reknit.sealing.holder import WrappedKey

_log = logging.getLogger("reknit.keeper")
Operation = Callable[[str, Any], Any]
_OF_DATABASE = frozenset({"take_keys", "search", "search_all", "unlock", "rotate", "status"})
"""What reads or writes a database: its connections are looked after first."""


class StopServingError(Exception):
    """Somebody asked the server to stop."""


class KeeperServer(socketserver.ThreadingUnixStreamServer):
    """Answers at `path` until it is shut down."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, keeper: Keeper) -> None:
        self.path = path
        self.keeper = keeper
        self.asked_to_stop = False  # set by a signal's handler, which may take no lock
        self.operations: dict[str, tuple[Any, Operation]] = {
            "new_keys": (list[str], lambda _asker, body: keeper.new_keys(body)),
            "take_keys": (int, lambda _asker, body: keeper.take_keys(body)),
            "unwrap": (list[WrappedKey], keeper.unwrap),
            "sign": (bytes, lambda _asker, body: keeper.sign(body)),
            "verify_key": (None, lambda _asker, _body: keeper.verify_key()),
            "digest": (tuple[str, list[bytes]], lambda _asker, body: keeper.digest(*body)),
            "search": (Question, keeper.search),
            "search_all": (Questions, keeper.search_all),
            "changed": (None, lambda _asker, _body: keeper.changed()),
            "unlock": (list[str], lambda _asker, body: keeper.unlock(body)),
            "lock": (None, lambda _asker, _body: keeper.lock()),
            "rotate": (bool, lambda _asker, body: keeper.rotate(body)),
            "status": (None, lambda _asker, _body: keeper.status()),
        }
        path.unlink(missing_ok=True)
        with frames.address(path) as where:
            super().__init__(where, _Conversation)
        path.chmod(0o600)

    def service_actions(self) -> None:
        """Between two connections, and each time nothing came for a while."""
        if self.asked_to_stop:
            raise StopServingError

    def server_bind(self) -> None:
        """Bind with nobody else allowed from the first moment on."""
        before = os.umask(0o177)
        try:
            super().server_bind()
        finally:
            os.umask(before)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Only this user's own processes."""
        return frames.peer(request)[1] == os.geteuid()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A conversation broke off; what it was about is not said."""
        _log.warning("conversation ended: %s", type(sys.exc_info()[1]).__name__)

    def server_close(self) -> None:
        """Close, and take the socket away."""
        super().server_close()
        self.path.unlink(missing_ok=True)

    def answer(self, frame: bytes) -> tuple[bytes, str]:
        """The reply to one frame, and the operation that was asked for."""
        op = ""
        try:
            request = frames.decode_request(frame)
            kind, operation = self.operations[request.op]
            op = request.op
            body = msgspec.msgpack.decode(request.body, type=kind)
            if op in _OF_DATABASE:
                close_old_connections()
            return frames.encode_reply("", operation(request.asker, body)), op
        except SealingError as refused:
            return frames.encode_reply(type(refused).__name__, str(refused)), op
        except Exception as failure:
            kind_of = type(failure).__name__
            _log.error("%s: %s", op or "a request", kind_of)
            return frames.encode_reply(
                "SealingError", f"the keeper could not answer {op or 'that'} ({kind_of})."
            ), op


class _Conversation(socketserver.BaseRequestHandler):
    """One connection: question, answer, until the other end goes."""

    server: KeeperServer
    request: socket.socket

    def handle(self) -> None:
        """Answer; after `lock` end the process, so that nothing of keys and index is left."""
        try:
            while frame := frames.receive(self.request):
                reply, op = self.server.answer(frame)
                frames.send(self.request, reply)
                if op == "lock":
                    os._exit(LOCKED)
        finally:
            connections.close_all()
