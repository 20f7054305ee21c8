"""Whom a found person blocks: a named seeker is told nothing, and cannot tell (trust: I3).

Rules: a block protects at once, however sure it is who asked for it; it closes no case. It is
matched here, against the seeker's name in any script, telephone and e-mail, and nothing about it
leaves: to a seeker it reads as "searching". A name that may be the same counts, in doubt for the
found person. Only staff who may lift it see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit import matching
from reknit.guard import access, log, subjects, vault
from reknit.guard.commits import commit
from reknit.guard.log import Resource
from reknit.guard.models.blocks import Block
from reknit.guard.permissions import Permission
from reknit.guard.reasons import SUCCESS, Failure, Reason, Verdict
from reknit.guard.weighing import LEAST_TO_RELEASE
from reknit.records.models import Account, Enquiry
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.standardise import phone_match_key
from reknit.vocabulary import Actor, Assurance, Purpose

MAY_BE_THE_SAME = 0.5
"""From which probability on two names may be one (`reknit.matching.compare_names`)."""


def block(
    actor: Actor,
    account_id: UUID,
    *,
    assurance: Assurance,
    enquiry_id: UUID | None = None,
    name: str = "",
    phones: str = "",
    email: str = "",
    words: str = "",
) -> Block:
    """Record whom the person blocks: one enquiry, or somebody by name, telephone or e-mail.

    phones: one a line. Raises ValueError where nobody is named, NotPermittedError, LockedError.
    """
    if enquiry_id is None and not (name.strip() or phones.strip() or email.strip()):
        raise ValueError(_("block: name the enquiry, or the seeker by name, telephone or e-mail."))

    def work() -> Block:
        access.load(actor, Permission.BLOCK_ADD, Account, account_id, purpose=Purpose.REGISTRATION)
        subjects.lock_identity(account_id)
        row = Block(
            account_id=account_id, enquiry_id=enquiry_id, assurance=assurance,
            recorded_by_id=actor.user_id, at=timezone.now(),
        )  # fmt: skip
        records.seal([row], [{"name": name, "phones": phones, "email": email, "words": words}])
        row.save(force_insert=True)
        _audit(actor, "add", row)
        return row

    return commit(work)


def lift(actor: Actor, block_id: UUID, *, assurance: Assurance, words: str = "") -> Verdict:
    """The person takes the block back; whoever was blocked may be told again, on consent.

    A failure, and the block stays, where it is not verified that the person said it, or less sure
    than that they blocked (trust: I14): whom they fled may ask in their name. To lift twice is no
    error. Raises NotPermittedError, LockedError.
    """

    def work() -> Verdict:
        row = access.load(
            actor, Permission.BLOCK_REMOVE, Block, block_id, purpose=Purpose.REGISTRATION, lock=True
        )
        if assurance < LEAST_TO_RELEASE:
            return _refused(actor, row, Reason.UNVERIFIED)
        if assurance < row.assurance:
            return _refused(actor, row, Reason.LESS_ASSURANCE)
        if row.lifted_at is None:
            row.lifted_at, row.lifted_by_id = timezone.now(), actor.user_id
            content = _content(row)
            if content:
                records.reseal([row], [{**content, "lifted_words": words}])
            row.save(update_fields=["lifted_at", "lifted_by", "sealed"])
            _audit(actor, "remove", row, assurance=assurance.name.lower())
        return SUCCESS

    return commit(work)


def _refused(actor: Actor, row: Block, reason: Reason) -> Failure:
    _audit(actor, "remove:refused", row, reason=reason.value)
    return Failure(reason)


def is_blocked(identity: Sequence[Account], enquiry: Enquiry) -> bool:
    """True when any account of the person blocks who made this enquiry."""
    rows = list(Block.objects.filter(account__in=identity, lifted_at=None))
    if not rows:
        return False
    if any(row.enquiry_id == enquiry.id for row in rows):
        return True
    seeker = _seeker(enquiry)
    return any(_is_named(_content(row), seeker) for row in rows)


def _is_named(blocked: Mapping[str, Any], seeker: Mapping[str, Any]) -> bool:
    """True when the seeker may be who is blocked.

    >>> _is_named({"name": "Карим Насер", "phones": ""}, {"name": "Karim Naser", "phones": ""})
    True
    >>> _is_named({"phones": "067 123 45 67"}, {"name": "A", "phones": "+380 67 1234567"})
    True
    >>> _is_named({"name": "Karim Naser"}, {"name": "Amal Haddad"})
    False
    """
    if _keys(blocked) & _keys(seeker):
        return True
    mail, other = (str(who.get("email") or "").strip().casefold() for who in (blocked, seeker))
    if mail and mail == other:
        return True
    names = [str(who.get("name") or "").strip() for who in (blocked, seeker)]
    return all(names) and matching.compare_names(*names).probability >= MAY_BE_THE_SAME


def _keys(who: Mapping[str, Any]) -> set[int]:
    said = who.get("phones") or ""
    lines = said if isinstance(said, list) else str(said).splitlines()
    return {key for line in lines if (key := phone_match_key(str(line)))}


def _content(row: Block) -> dict[str, Any]:
    try:
        return records.unseal([row])[0]
    except ErasedError:
        return {}


def _seeker(enquiry: Enquiry) -> dict[str, Any]:
    contact = vault._open_seeker_contact(enquiry.id).values
    try:
        name = records.unseal([enquiry])[0].get("seeker_name", "")
    except ErasedError:
        name = ""
    return {"name": name, **(contact[0] if contact else {})}


def _audit(actor: Actor, action: str, row: Block, **detail: str) -> None:
    log.record(
        actor, f"block:{action}", Resource("account", str(row.account_id)), Purpose.REGISTRATION,
        block=str(row.id), **detail,
    )  # fmt: skip
