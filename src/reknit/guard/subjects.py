"""The person an account speaks of: their accounts, age, and the lock that orders what is said
about them and what is told about them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from reknit.guard.ages import AgeGroup, age_group_of_all
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Block, Consent, Disclosure, VitalInterest
from reknit.guard.scoping import Belongs, declare, declare_case, rows_of_people_in_cases
from reknit.records.models import Account, Enquiry, Office, Proof, Risk
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import Actor, ActorKind, Recipient, RecipientKind


def staff_id(actor: Actor) -> int:
    """The id of the member of staff who acts. Raises NotPermittedError for anybody else."""
    if actor.kind is not ActorKind.STAFF or actor.user_id is None:
        raise NotPermittedError("Only staff decide this.")
    return actor.user_id


def identity_of(account_id: UUID) -> list[Account]:
    """All accounts that judgements hold together with this one, by id. Removed and superseded ones
    too: what was said on them about telling still counts."""
    identity = Account.objects.filter(id=account_id).values("identity_id")
    return list(Account.objects.filter(identity_id__in=identity).order_by("id"))


def versions_of(account_id: UUID) -> list[UUID]:
    """The account and all its versions, before and after: what one source says of one person."""
    found = {account_id}
    reached = found
    while reached:
        links = Account.objects.filter(Q(id__in=reached) | Q(follows__in=reached))
        pairs = links.values_list("id", "follows_id")
        reached = {one for pair in pairs for one in pair if one is not None} - found
        found |= reached
    return sorted(found)


def lock_identity(account_id: UUID) -> None:
    """Wait for whoever records or tells something about this person, then be the one.

    Inside a transaction. SQLite has one writer at a time and needs no more; PostgreSQL locks the
    accounts' rows, in the order of their ids.
    """
    identity = Account.objects.filter(id=account_id).values("identity_id")
    locked = Account.objects.select_for_update().filter(identity_id__in=identity).order_by("id")
    list(locked.values_list("id"))


def contents_of(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    """What the accounts say, without those that were erased. For decisions inside guard only."""
    said: list[dict[str, Any]] = []
    for account in accounts:
        try:
            said += records.unseal([account])
        except ErasedError:
            continue
    return said


def age_of(accounts: Sequence[Account], on: dt.date) -> AgeGroup:
    """The person's age group on a day, by all their accounts."""
    return age_group_of_all(contents_of(accounts), on)


def age_of_whoever_spoke(account: Account, accounts: Sequence[Account], on: dt.date) -> AgeGroup:
    """As `age_of`; but a child by the record on which they spoke stays one, whatever other records
    somebody judged to be of the same person."""
    own = age_of([account], on)
    return own if own is AgeGroup.MINOR else age_of(accounts, on)


def is_known(recipient: Recipient) -> bool:
    """True when there is such a recipient: the enquiry, the office; a partner needs a name."""
    match recipient.kind:
        case RecipientKind.SEEKER:
            try:
                enquiry_id = UUID(recipient.id)
            except ValueError:
                return False
            return Enquiry.objects.filter(id=enquiry_id).exists()
        case RecipientKind.OFFICE:
            known = recipient.id.isascii() and recipient.id.isdigit()
            return known and Office.objects.filter(id=recipient.id).exists()
        case RecipientKind.PARTNER:
            return bool(recipient.id)
    return True


def is_verified_family(recipient: Recipient) -> bool:
    """True for a seeker whose relationship staff verified and whose case has no concern."""
    if recipient.kind is not RecipientKind.SEEKER:
        return False
    return Enquiry.objects.filter(
        id=recipient.id, proof=Proof.VERIFIED, risk=Risk.NO_CONCERN
    ).exists()


def _carried_what_was_told(cases: QuerySet[Enquiry]) -> Q:
    return Q(pk__in=Disclosure.objects.filter(enquiry__in=cases).values("consent"))


_of_people_in_cases = partial(rows_of_people_in_cases, "account")
for _model in (VitalInterest, Block, Disclosure):
    declare(_model, Belongs(office=("account__office",), account=("account",)))
    declare_case(_model, _of_people_in_cases)
# Whose case it was still sees, once it is closed, what they recorded, what was told in it and on
# which word: that they know. The person's record is closed to them with the case.
declare(Consent, Belongs(office=("account__office",), own="recorded_by", account=("account",)))
declare_case(Consent, _of_people_in_cases)
declare_case(Consent, _carried_what_was_told)
declare_case(Disclosure, lambda cases: Q(enquiry__in=cases))
