"""Canaries: records of nobody. Whoever opens one had no reason to.

Rules: the data-protection officer plants them, out of accounts that they had added with invented
content; which accounts they are is known by a digest under a key of the ring only, so that whoever
reads the database does not learn which to avoid, and no list of them is kept; the audit log says
that one was planted, never which.

    canaries.plant(officer, account.id)
"""

from __future__ import annotations

import uuid

from django.utils import timezone

from reknit.guard import access, commits
from reknit.guard.log import Resource, record
from reknit.guard.models import Canary
from reknit.guard.permissions import Permission
from reknit.guard.watch import canary_digests
from reknit.records.models import Account
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.DATA_PROTECTION


def plant(actor: Actor, account_id: uuid.UUID) -> None:
    """From now on opening this account raises an alarm at once. Again is no error.

    Raises NotPermittedError, LockedError.
    """

    def work() -> None:
        access.require(actor, Permission.CANARY_PLANT, purpose=_PURPOSE)
        account = access.load(actor, Permission.ACCOUNT_READ, Account, account_id, purpose=_PURPOSE)
        (digest,) = canary_digests([account.pk])
        canary, made = Canary.objects.get_or_create(
            digest=digest,
            defaults={"planted_by_id": access.staff_id(actor), "planted_at": timezone.now()},
        )
        if made:
            record(actor, Permission.CANARY_PLANT.action, Resource.of(canary), _PURPOSE)

    commits.commit(work)


def dig_up(actor: Actor, account_id: uuid.UUID) -> bool:
    """The account is no canary any more; True when it was one. Raises NotPermittedError."""

    def work() -> bool:
        access.require(actor, Permission.CANARY_PLANT, purpose=_PURPOSE)
        canary = Canary.objects.filter(digest__in=canary_digests([account_id])).first()
        if canary is None:
            return False
        record(actor, "canary:dig_up", Resource.of(canary), _PURPOSE)
        canary.delete()
        return True

    return commits.commit(work)
