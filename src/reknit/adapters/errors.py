"""What can go wrong outside: each error names the place, the rule that was broken, the next step.

No error quotes a message or what a server answered: errors reach logs, and both may name people.

>>> str(EndpointError("REKNIT_MODEL_URL", "ftp is neither http nor https", "write http://127.0.0.1"))
'REKNIT_MODEL_URL: ftp is neither http nor https; write http://127.0.0.1'
"""

from __future__ import annotations


class AdapterError(Exception):
    """Base of this room's errors: the place, the rule that was broken, the next step."""

    def __init__(self, place: str, rule: str, next_step: str) -> None:
        super().__init__(f"{place}: {rule}; {next_step}")
        self.place = place
        self.rule = rule
        self.next_step = next_step


class EndpointError(AdapterError):
    """An address that may not be asked, or settings that cannot be used."""


class ProviderError(AdapterError):
    """A provider is down, too slow, or said what cannot be used. Rules take over."""
