"""What django-axes is told about an attempt to sign in: the account, the address, and no names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def account_tried(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The account that somebody tries, however they spell its address."""
    said = (credentials or {}).get("email") or (credentials or {}).get("username")
    return str(said or request.POST.get("login") or "").strip().casefold()


def address(request: HttpRequest) -> str:
    """Where the request comes from; behind the proxy that ends TLS, what that proxy says."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def without_names(_account: str, ip_address: str, *_: object) -> str:
    """How a log line calls the client: people type names and passwords into the wrong field."""
    return ip_address
