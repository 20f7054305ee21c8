"""What can go wrong with messages: a damaged table, a model or labels that cannot be used.

A message itself is never an error: what cannot be read in it is said to be unknown.

>>> str(ModelError("desk.model", "is no model of messages", "train one"))
'desk.model: is no model of messages; train one'
"""

from __future__ import annotations


class LanguageError(Exception):
    """Base of this room's errors: the place, the rule that was broken, the next step."""

    def __init__(self, place: str, rule: str, next_step: str) -> None:
        super().__init__(f"{place}: {rule}; {next_step}")
        self.place = place
        self.rule = rule
        self.next_step = next_step


class LexiconError(LanguageError):
    """A packaged table of words is missing or malformed."""


class ModelError(LanguageError):
    """A file is no model of messages, or one of another version."""


class LabelsError(LanguageError):
    """Labelled messages that no model can be trained on."""


class ReaderLanguageError(LanguageError):
    """No template words exist in the language that the reader asked for."""
