"""What can go wrong at the doors; the text is one line for people."""

from __future__ import annotations


class IntakeError(Exception):
    """Base of this room's errors."""


class RefusedUploadError(IntakeError):
    """The upload is not taken; the text says why and what to do."""


class NotUndoableError(IntakeError):
    """The import is not in a state in which it could be undone."""


class MirrorError(IntakeError):
    """What a source is said to copy cannot be so; the text says why and what to do."""


class LessonError(IntakeError):
    """A learned model is not in a state in which this could be decided."""


class DeskError(IntakeError):
    """Something that cannot be done with a message; the text says why and what to do."""


class GatewayError(IntakeError):
    """The request is not a gateway's; the text is the same whatever is wrong."""


class UnsentError(IntakeError):
    """An answer is not known to have gone out; the text says why and quotes nobody."""


class MailboxError(IntakeError):
    """The mailbox cannot be read; the text names the setting and the next step."""
