"""One address that may be asked for JSON: this machine, or a host that the operator allowed.

Rules: an address on this machine (127.0.0.0/8, ::1, localhost) needs no permission and may speak
plain http; any other host must be on the list, and speaks https, since what is sent names people.
Redirects are not followed, proxies of the environment not used, answers over 1 MiB cut off, and
one time limit holds for all of a request, however slowly it drips. An answer's body never enters
an error. Nothing is asked before somebody calls `ask`.

>>> Endpoint.at("http://127.0.0.1:8080/v1").path
'/v1'
>>> Endpoint.at("https://models.example/v1")
Traceback (most recent call last):
reknit.adapters.errors.EndpointError: https://models.example: the host is not allowed; run the \
model on this machine, or add models.example to the allowed hosts
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from reknit.adapters.errors import EndpointError, ProviderError

LOOPBACK_NAME = "localhost"
MAX_ANSWER_BYTES = 1 << 20
_OK = range(200, 203)
_REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask. timeout_s: for the whole of one request. key: sent as a bearer token."""

    scheme: str
    host: str
    port: int
    path: str
    timeout_s: float
    key: str | None = field(default=None, repr=False)

    @classmethod
    def at(
        cls,
        base_url: str,
        *,
        allowed_hosts: Collection[str] = (),
        timeout_s: float = 30.0,
        key: str | None = None,
    ) -> Endpoint:
        """The endpoint under a base URL. EndpointError where it may not be asked."""
        parts = _split(base_url)
        host = (parts.hostname or "").rstrip(".")
        place = f"{parts.scheme}://{host}"
        if not is_this_machine(host):
            if host not in {allowed.strip().lower() for allowed in allowed_hosts}:
                raise EndpointError(
                    place,
                    "the host is not allowed",
                    f"run the model on this machine, or add {host} to the allowed hosts",
                )
            if parts.scheme != "https":
                raise EndpointError(
                    place,
                    "messages name people and may not cross a network in the clear",
                    "use https, or a tunnel to a port of this machine",
                )
        if timeout_s <= 0:
            raise EndpointError(place, "the time limit is not above 0 s", "give it in seconds")
        if key is not None and not (key.isascii() and key.isprintable()):
            raise EndpointError(place, "the key is not one line of ASCII", "copy it again")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return cls(parts.scheme, host, port, parts.path.rstrip("/"), timeout_s, key)

    @property
    def place(self) -> str:
        """For people: scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def ask(self, path: str, question: Mapping[str, Any]) -> Any:
        """POST a question as JSON under the base URL; the answer, parsed. ProviderError else."""
        try:
            return json.loads(self._post(path, json.dumps(question).encode()))
        except (ValueError, RecursionError):
            raise self._failed("answered with what is no JSON", "see the server's log") from None

    def _post(self, path: str, body: bytes) -> bytes:
        connection = self._connection()
        out_of_time = threading.Event()

        def hang_up() -> None:
            out_of_time.set()
            _hang_up(line)

        try:
            connection.connect()
            line = connection.sock
            timer = threading.Timer(self.timeout_s, hang_up)
            timer.daemon = True
            timer.start()
            try:
                connection.request("POST", f"{self.path}{path}", body, self._headers())
                answer = connection.getresponse()
                status, content = answer.status, answer.read(MAX_ANSWER_BYTES + 1)
            finally:
                timer.cancel()
        except (OSError, http.client.HTTPException) as error:
            if out_of_time.is_set() or isinstance(error, TimeoutError):
                raise self._too_slow() from None
            raise self._failed(
                f"cannot be asked ({type(error).__name__})", "start the model's server"
            ) from None
        finally:
            connection.close()
        if out_of_time.is_set():
            raise self._too_slow()
        if status in _REDIRECTS:
            raise self._failed("answers with a redirect, which is not followed", "give its target")
        if status not in _OK:
            raise self._failed(f"answers with status {status}", "see the server's log")
        if len(content) > MAX_ANSWER_BYTES:
            raise self._failed("answers with more than 1 MiB", "ask another model")
        return content

    def _connection(self) -> http.client.HTTPConnection:
        # http.client neither follows redirects nor reads proxies from the environment.
        host = "127.0.0.1" if self.host == LOOPBACK_NAME else self.host
        if self.scheme == "https":
            return http.client.HTTPSConnection(host, self.port, timeout=self.timeout_s)
        return http.client.HTTPConnection(host, self.port, timeout=self.timeout_s)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        return headers

    def _too_slow(self) -> ProviderError:
        return self._failed(f"did not answer within {self.timeout_s:g} s", "give it more time")

    def _failed(self, rule: str, next_step: str) -> ProviderError:
        return ProviderError(self.place, rule, next_step)


def is_this_machine(host: str) -> bool:
    """True for `localhost` and loopback addresses as they are usually written; a name that only
    resolves to one is no such address, since what it resolves to may change.

    >>> [is_this_machine(host) for host in ("localhost", "127.0.0.9", "::1", "127.1", "0.0.0.0")]
    [True, True, True, False, False]
    """
    if host == LOOPBACK_NAME:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(base_url: str) -> SplitResult:
    try:
        parts = urlsplit(base_url.strip())
        parts.port  # noqa: B018 - raises where the port is none
    except ValueError:
        raise EndpointError("the model's address", "it is no URL", _EXAMPLE) from None
    place = f"{parts.scheme}://{parts.hostname}" if parts.hostname else "the model's address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EndpointError(place, "it is neither http nor https", _EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise EndpointError(place, "a URL may not hold a user or a password", "give the key apart")
    if parts.query or parts.fragment:
        raise EndpointError(place, "a base URL ends with its path", _EXAMPLE)
    if not parts.path.isascii() or not parts.path.isprintable() or " " in parts.path:
        raise EndpointError(place, "the path is not plain ASCII", _EXAMPLE)
    return parts


_EXAMPLE = "write it as http://127.0.0.1:8080/v1"


def _hang_up(line: socket.socket | None) -> None:
    if line is not None:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            line.close()
