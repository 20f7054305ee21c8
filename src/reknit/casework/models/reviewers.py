"""How somebody reviews: their keys, whether blind; and the offices that require it blind."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Office, User


class Reviewer(models.Model):
    """One member of staff's own way; kept here, not in a browser, so that it holds everywhere.

    keys: what each act is done by, by the act's name; those that are missing are the usual ones.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="+")
    keys = models.JSONField(default=dict)
    keys_on = models.BooleanField(default=True)
    blind = models.BooleanField(default=False)


class BlindOffice(models.Model):
    """An office in which everybody reviews blind; there is no row where each may choose."""

    office = models.OneToOneField(
        Office, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
