"""Asks: what a found person is asked about one seeker, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, Enquiry, User
from reknit.sealing.models import Sealed


class AskAnswer(models.TextChoices):
    """What the person said. To the seeker "no" and "not now" look like "searching" (trust: I3)."""

    NONE = ""
    YES = "yes"
    MESSAGE_ONLY = "message_only"
    NO_CONTACT = "no_contact"
    NO = "no"
    NOT_NOW = "not_now"


class Ask(Sealed):
    """One question of staff to one person who registered. Sealed: words (who looks for them).

    account: the one that the registration brought. The answer is a consent or a refusal of guard's;
    here stands which button it was, for staff. undone_at: staff took it back before it was seen.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, choices=AskAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["enquiry", "at"])]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: asks that were not taken back."""
        return cls.objects.filter(undone_at=None).values_list(
            "id", "enquiry", "account", "by", "answer", "key_id", "sealed"
        )
