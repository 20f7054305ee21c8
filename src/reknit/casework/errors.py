"""What can go wrong in casework; the text is one line for people."""

from __future__ import annotations

from reknit.guard.reasons import Reason


class CaseworkError(Exception):
    """Base of this room's errors."""


class NotYetError(CaseworkError):
    """Guard does not let it be done yet; `reason` is guard's, which the page says in its words."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


class KeysError(CaseworkError):
    """Keys that cannot be the review screen's."""


class NeedRulesError(CaseworkError):
    """A file of rules that cannot be used; the text names the file, the rule and the mistake."""
