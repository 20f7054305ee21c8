"""What can go wrong in casework; the text is one line for people."""

from __future__ import annotations


class CaseworkError(Exception):
    """Base of this room's errors."""


class KeysError(CaseworkError):
    """Keys that cannot be the review screen's."""


class NeedRulesError(CaseworkError):
    """A file of rules that cannot be used; the text names the file, the rule and the mistake."""
