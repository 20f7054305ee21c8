"""Messages over the keeper's socket: a length, then one msgpack value; nothing else is taken.

Rules: four bytes of length (network order), at most MOST_BYTES; a request names an operation and
who asks, its body is decoded only by that operation's own type; a reply says an error's kind and
text, or carries the answer. Both ends check that the other runs as the same user.

>>> decode_request(encode_request("sign", "", {"message": b"root"})).op
'sign'
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

MOST_BYTES = 64 * 1024 * 1024
_LENGTH = struct.Struct("!I")
_CREDENTIALS = struct.Struct("3i")
_LONGEST_ADDRESS = 100


class Request(msgspec.Struct, array_like=True):
    """One question. asker: an opaque id of the session or user it is for, "" when for nobody."""

    op: str
    asker: str
    body: msgspec.Raw


class Reply(msgspec.Struct, array_like=True):
    """One answer. error: "" or the name of an error, whose text is then the body."""

    error: str
    body: msgspec.Raw


_requests = msgspec.msgpack.Decoder(Request)
_replies = msgspec.msgpack.Decoder(Reply)
encode = msgspec.msgpack.encode


def encode_request(op: str, asker: str, body: Any) -> bytes:
    """A request as bytes."""
    return encode(Request(op, asker, msgspec.Raw(encode(body))))


def decode_request(frame: bytes) -> Request:
    """The request. Raises msgspec.DecodeError for anything else."""
    return _requests.decode(frame)


def encode_reply(error: str, body: Any) -> bytes:
    """A reply as bytes."""
    return encode(Reply(error, msgspec.Raw(encode(body))))


def decode_reply(frame: bytes) -> Reply:
    """The reply. Raises msgspec.DecodeError for anything else."""
    return _replies.decode(frame)


def send(line: socket.socket, frame: bytes) -> None:
    """One frame out."""
    line.sendall(_LENGTH.pack(len(frame)) + frame)


def receive(line: socket.socket) -> bytes | None:
    """One frame in; None when the other end has gone. Raises ConnectionError in mid-frame."""
    head = _exactly(line, _LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise ConnectionError(f"a frame of {length} bytes; at most {MOST_BYTES} are taken.")
    return _exactly(line, length)


def _exactly(line: socket.socket, count: int) -> bytes:
    """`count` bytes, or none at all when the other end has gone before the first."""
    parts: list[bytes] = []
    left = count
    while left:
        part = line.recv(min(left, 1 << 20))
        if not part:
            if left < count:
                raise ConnectionError("the other end went away in the middle of a frame.")
            return b""
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def peer(line: socket.socket) -> tuple[int, int]:
    """Process id and user id at the other end, as the kernel says."""
    said = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    process, user, _ = _CREDENTIALS.unpack(said)
    return process, user


@contextlib.contextmanager
def address(path: Path) -> Iterator[str]:
    """An address for `path` that is short enough for a socket, however deep the folder lies."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
