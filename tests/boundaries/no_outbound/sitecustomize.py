"""Loaded by every Python that the tests start: a connection that leaves this machine fails.

Python loads a module of this name by itself at its start; the tests' conftest puts its folder on
PYTHONPATH, so that commands run as programs of their own are held to the same rule.
"""

from __future__ import annotations

import ipaddress
import sys

ALLOWED_NAMES = {"localhost", "", None}


def refuse_outbound(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: raises for any host that is not this machine."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[-1]
        if isinstance(address, tuple):  # an IP address; a Unix socket's is a path
            _refuse_host(event, address[0])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _refuse_host(event, arguments[0])


def _refuse_host(event: str, host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in ALLOWED_NAMES:
        return
    try:
        if ipaddress.ip_address(str(name)).is_loopback:
            return
    except ValueError:
        pass
    raise PermissionError(f"{event}: the tests may not reach {name!r}; nothing of Reknit calls out")


sys.addaudithook(refuse_outbound)
