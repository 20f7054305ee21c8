"""Access, consent, disclosure, audit. `vault.py` alone holds whereabouts and contacts.

match guard.disclose(noor, account, Purpose.FAMILY_TRACING, recipient, scope=Scope.ALIVE):
    case guard.Disclosed(values=values): …
    case guard.Withheld(reason=reason): …
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reknit.guard.disclosure import Disclosed, Withheld, disclose
    from reknit.guard.exports import Released, release

__all__ = ["Disclosed", "Released", "Withheld", "disclose", "release"]

_IN = {"release": "exports", "Released": "exports"}


def __getattr__(name: str) -> Any:
    """The room's public names, loaded when first used: Django loads this room before its models
    can be."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_IN.get(name, 'disclosure')}"), name)
