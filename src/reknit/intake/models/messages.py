"""Messages: what somebody wrote or said to an office, and what the office wrote back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, Enquiry, Office, User
from reknit.sealing.models import Sealed


class Channel(models.TextChoices):
    """How a message came."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    VOICE = "voice"
    EMAIL = "email"
    WEB = "web"
    DESK = "desk"
    OTHER = "other"


class MessageState(models.TextChoices):
    """Where a message is. waiting: the rules have not read it yet; open: nobody has looked;
    sorted: somebody confirmed or corrected what the rules say; done: nothing is left to do.
    to_send, sending, sent: what an office wrote back."""

    WAITING = "waiting"
    OPEN = "open"
    SORTED = "sorted"
    DONE = "done"
    TO_SEND = "to_send"
    SENDING = "sending"
    SENT = "sent"


class Message(Sealed):
    """Sealed: text, and once it was read `reading` (language, categories and why, facts, notes).

    sender: the vault's row that says who wrote; equal ones are one thread. external_digest: keyed
    digest of what the channel calls it, so that a message that comes twice is one. categories,
    signs: codes of closed sets (reknit.language). group: near-duplicates share it. enquiry,
    account: what somebody linked it to; from_seeker: the sender is who made that enquiry.
    answers: the message that an outgoing one answers; such a one bears `unsent`, sealed, where it
    could not be sent and why.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sender = models.UUIDField(null=True, db_index=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.OTHER)
    outgoing = models.BooleanField(default=False)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    external_digest = models.BinaryField(max_length=32, null=True, unique=True)
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.WAITING
    )
    stated_language = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=8, blank=True)
    urgency = models.PositiveSmallIntegerField(default=3)
    categories = models.JSONField(default=list)
    signs = models.JSONField(default=list)
    group = models.UUIDField(default=uuid.uuid4, db_index=True)
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    from_seeker = models.BooleanField(default=False)
    handed_to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: messages that were not taken back."""
        return cls.objects.filter(removed_at=None).values_list(
            "id", "office", "sender", "state", "language", "urgency", "categories", "enquiry",
            "account", "from_seeker", "handed_to", "key_id", "sealed",
        )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["office", "outgoing", "state", "urgency", "received_at"]),
            models.Index(fields=["office", "created_at"]),
        ]
