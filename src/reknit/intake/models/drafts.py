"""Drafts: what somebody typed at a public door and has not sent yet."""

from __future__ import annotations

from django.db import models

from reknit.sealing.models import Sealed


class Draft(Sealed):
    """Sealed: the answers so far, by step.

    code_digest: keyed digest of the door and the code in the visitor's cookie. expires_at: when it
    is swept. ended_at: it was sent or thrown away; its key is gone, and the row stays until then so
    that the same proof of work begins no second one.
    """

    code_digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
