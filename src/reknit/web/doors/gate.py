"""Floods stop here, before anything is dear: counts by network, proofs of work, a queue.

Rules: nothing of an address is kept: counts are by a digest of the network (IPv4 /24, IPv6 /56)
under a key that this process made up and that dies with it; nobody is refused for a flood of
others, they work or wait a little longer: the proof doubles each time the number of beginners
does. One proof, or one wait, begins one draft, ever. Without JavaScript one waits for a place in
the queue of one's own network. A form field that people do not see catches simple robots: they are
told to wait, and get no further.

>>> is_solved("abc", 0, "1"), leading_zero_bits(bytes([0, 31, 255]))
(True, 11)
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from reknit.web import refusals
from reknit.web.accounts.throttle import address

DOORS = ("/seek/", "/safe/", "/back/", "/doors/", "/write/")
"""Where the public comes in."""
MOST_BYTES = 64_000
MOST_UPLOAD_BYTES = 21_000_000
UPLOAD = "/back/document/"
POSTS_A_MINUTE = 240
"""From one network, before its posts are turned away unread; a camp behind one address files some
twenty enquiries a minute with that."""
UPLOADS_A_MINUTE = 30
"""Pictures and papers from one network: each is decoded and written anew, which is dear."""
WRONG_CODES = 20
WRONG_SECONDS = 900
"""Wrong codes from one network before a proof or a wait is asked for each further one."""
HARDER_FROM = 10
"""Beginners a minute from one network from which the proof grows."""
HARDER_FROM_ALL = 120
HARDER_AT_MOST = 6
"""Bits that a flood adds to the proof, and doublings of the wait, at most."""
VALID_SECONDS = 900
SPACING_SECONDS = 2.0
"""Between two places in the queue of one network."""
LONGEST_WAIT_SECONDS = 900.0
TRAP = "website"
"""The field that people do not see."""
_MOST_NETWORKS = 20_000
_SALT = "reknit.doors.gate"
_KEY = secrets.token_bytes(32)

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a page asks a browser to work on: find a number such that the SHA-256 of `text:number`
    begins with so many zero bits."""

    text: str
    bits: int


@dataclass(frozen=True, slots=True)
class Passed:
    """Go on. nonce: of this proof or wait, new each time."""

    nonce: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back with this ticket in so many seconds."""

    ticket: str
    seconds: int


class FullError(Exception):
    """The queue of this network is longer than anybody should wait."""


class Counts:
    """How often something happened lately, by key; in memory, of this process. Old keys go."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._times: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, key: bytes, most: int = 1_000) -> int:
        """Once more; how often within the time, up to `most`."""
        now = self._clock()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            if len(self._times) > _MOST_NETWORKS:
                self._times.popitem(last=False)
            _forget(times, now - self._seconds)
            if len(times) < most:
                times.append(now)
            return len(times)

    def of(self, key: bytes) -> int:
        """How often within the time."""
        with self._lock:
            times = self._times.get(key)
            if times is None:
                return 0
            _forget(times, self._clock() - self._seconds)
            return len(times)

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._times.clear()


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] < before:
        times.popleft()


class Queue:
    """Places in time, one after the other for each key."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._last: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, key: bytes, wait: float) -> float:
        """When it is this one's turn (seconds since 1970). Raises FullError."""
        now = self._clock()
        with self._lock:
            turn = max(now + wait, self._last.get(key, 0.0) + SPACING_SECONDS)
            if turn - now > LONGEST_WAIT_SECONDS:
                raise FullError
            self._last[key] = turn
            self._last.move_to_end(key)
            if len(self._last) > _MOST_NETWORKS:
                self._last.popitem(last=False)
            return turn

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._last.clear()


posts = Counts(60.0)
uploads = Counts(60.0)
begun = Counts(60.0)
wrong_codes = Counts(WRONG_SECONDS)
queue = Queue()
_EVERYBODY = b"everybody"


class FloodMiddleware:
    """Turns away, unread, what is too large or comes too often from one network."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        if request.method == "POST" and request.path.startswith(DOORS):
            most = MOST_UPLOAD_BYTES if request.path == UPLOAD else MOST_BYTES
            length = str(request.META.get("CONTENT_LENGTH") or "0")
            if not length.isdigit() or int(length) > most:
                return refusals.turned_away(413)
            here = network(request)
            if posts.add(here, POSTS_A_MINUTE + 1) > POSTS_A_MINUTE or (
                request.path == UPLOAD
                and uploads.add(here, UPLOADS_A_MINUTE + 1) > UPLOADS_A_MINUTE
            ):
                return refusals.turned_away(429)
        return self.get_response(request)


def network(request: HttpRequest) -> bytes:
    """A digest of the network that a request comes from, which dies with this process."""
    try:
        found = ipaddress.ip_address(address(request).partition("%")[0])
    except ValueError:
        return b"unknown"
    bits = 24 if found.version == 4 else 56
    net = ipaddress.ip_network((found, bits), strict=False)
    return hmac.digest(_KEY, net.network_address.packed, "sha256")[:16]


def harder(request: HttpRequest) -> int:
    """How many times the proof and the wait double now."""
    here, all_of_them = begun.of(network(request)), begun.of(_EVERYBODY)
    steps = math.log2(max(here / HARDER_FROM, all_of_them / HARDER_FROM_ALL, 1.0))
    return min(HARDER_AT_MOST, math.ceil(steps))


def challenge(request: HttpRequest, door: str) -> Challenge:
    """A fresh one for a door's page."""
    bits = settings.CONFIG.proof_bits
    bits = bits + harder(request) if bits else 0
    return Challenge(_signed(door, bits=bits), bits)


def check(request: HttpRequest, door: str) -> Passed | Wait:
    """Whether a sent form carries a proof or has waited; a place in the queue where it has not.

    Raises FullError.
    """
    mine = network(request)
    begun.add(mine)
    begun.add(_EVERYBODY, 100_000)
    if not request.POST.get(TRAP):
        proof = _read(request.POST.get("challenge", ""), door)
        if (
            proof is not None
            and "bits" in proof
            and is_solved(
                request.POST.get("challenge", ""), int(proof["bits"]), request.POST.get("proof", "")
            )
        ):
            return Passed(str(proof["nonce"]))
        ticket = _read(request.POST.get("ticket", ""), door)
        if ticket is not None and "turn" in ticket:
            left = float(ticket["turn"]) - time.time()
            if left <= 0:
                return Passed(str(ticket["nonce"]))
            return Wait(request.POST["ticket"], math.ceil(left))
    wait = settings.CONFIG.proof_wait * 2 ** harder(request)
    turn = queue.place(mine, wait)
    return Wait(_signed(door, turn=turn), max(1, math.ceil(turn - time.time())))


def is_solved(text: str, bits: int, proof: str) -> bool:
    """Whether a proof of work fits a challenge."""
    if not (proof.isascii() and proof.isdigit() and len(proof) <= 15):
        return False
    return leading_zero_bits(hashlib.sha256(f"{text}:{proof}".encode()).digest()) >= bits


def leading_zero_bits(digest: bytes) -> int:
    """How many zero bits a digest begins with."""
    return len(digest) * 8 - int.from_bytes(digest).bit_length()


def _signed(door: str, **what: float) -> str:
    return signing.dumps({"nonce": secrets.token_urlsafe(12), "door": door, **what}, salt=_SALT)


def _read(text: str, door: str) -> dict[str, str | float] | None:
    """What this installation signed for this door lately; None for anything else."""
    if not text or len(text) > 300:
        return None
    try:
        said: dict[str, str | float] = signing.loads(
            text, salt=_SALT, max_age=VALID_SECONDS + int(LONGEST_WAIT_SECONDS)
        )
    except signing.BadSignature:
        return None
    return said if said.get("door") == door else None
