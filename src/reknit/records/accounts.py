"""Accounts of people: add them, let a new version follow an old one, take them out again.

Rules: an account is never overwritten; what a source says anew is a new version, and what it
repeats unchanged is no new account. Rows are staged first, in parts, and become visible together.
An account that is removed keeps its row until retention erases it. Whom a person had erased, or
objects to, no list brings in again: source and id are known by a keyed digest, and nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from reknit.records.changes import next_change
from reknit.records.identities import settle
from reknit.records.models import Account, AccountKind, Batch, Judgement, Office, Source
from reknit.records.models.listings import Listing
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.sealing.holders import current_holder

Content = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging some rows left.

    added: the new accounts, not yet visible, one for each of `rows` (their positions in the input).
    repeated: how many rows said what the source had said before. kept_out: rows (their positions)
    about people who had their account of this source erased, or object to it: nothing of these is
    stored.
    """

    added: list[Account]
    rows: list[int]
    repeated: int
    kept_out: list[int]


def current() -> QuerySet[Account]:
    """Accounts that count: the latest versions of what was not removed."""
    return Account.objects.filter(removed_at=None, superseded_by=None)


def add(
    contents: Sequence[Content], *, kind: AccountKind, source: Source, office: Office, at: datetime
) -> list[Account]:
    """New accounts, one for each content, visible when the caller's transaction commits."""
    number = next_change()
    made = _new(contents, kind, source, office, None, at)
    for account in made:
        account.removed_at, account.change = None, number
    insert(made)
    return made


def revise(old: Account, content: Content, at: datetime) -> Account:
    """What a person corrected: a new version that follows the old, visible when the caller's
    transaction commits. A list that later says what it said before does not undo it."""
    number = next_change()
    (new,) = _new([content], AccountKind(old.kind), old.source, old.office, None, at)
    new.removed_at, new.change = None, number
    new.follows, new.version, new.identity_id = old, old.version + 1, old.identity_id
    new.external_digest, new.group_digest = old.external_digest, old.group_digest
    insert([new])
    Account.objects.filter(pk=old.pk).update(superseded_by=new, change=number)
    return new


def stage(contents: Sequence[Content], batch: Batch, at: datetime) -> Staged:
    """Store rows of a list without showing them: `show` does that for all of them at once.

    A row whose source and person_record_id are known is compared with what stands there: the
    same again is listed, anything else becomes a version that will follow it.
    """
    kind = AccountKind(batch.kind)
    digests = external_digests(batch.source, contents)
    out = _kept_out(batch.source, kind, digests)
    before = _latest_of(batch.source, kind, digests)
    said = dict(zip(before, sealing.unseal(_as_listed(before.values())), strict=True))
    fresh = [
        row
        for row, (digest, content) in enumerate(zip(digests, contents, strict=True))
        if digest not in out and (digest not in before or said[digest] != content)
    ]
    added = _new([contents[row] for row in fresh], kind, batch.source, batch.office, batch, at)
    for account, row in zip(added, fresh, strict=True):
        account.external_digest = digests[row]
        old = before.get(digests[row])
        if old is not None:
            account.follows, account.version = old, old.version + 1
    insert(added)
    kept_out = [row for row, digest in enumerate(digests) if digest in out]
    known = sorted(set(range(len(contents))) - {*fresh, *kept_out})
    again = [before[digests[row]] for row in known]
    insert([Listing(batch=batch, account=account) for account in (*added, *again)])
    return Staged(added, fresh, len(again), kept_out)


def show(batch: Batch) -> int:
    """Make a batch's staged accounts visible, all in the caller's transaction; how many."""
    staged = Account.objects.filter(batch=batch)
    number = next_change()
    versions = staged.exclude(follows=None)
    newer = staged.filter(follows=OuterRef("id")).values("id")[:1]
    old = Account.objects.filter(id__in=versions.values("follows_id"))
    same_person = Account.objects.filter(id=OuterRef("follows_id")).values("identity_id")[:1]
    versions.update(identity_id=Subquery(same_person))
    old.update(superseded_by=Subquery(newer), change=number)
    return staged.update(removed_at=None, change=number)


def keep_out(accounts: QuerySet[Account]) -> int:
    """No list brings these in again; they are removed already, or with this. How many."""
    return accounts.update(kept_out=True)


def let_in(accounts: QuerySet[Account]) -> int:
    """Undo `keep_out`; how many."""
    return accounts.update(kept_out=False)


def kept_out_since(batch: Batch) -> list[Account]:
    """Staged accounts of people who had theirs erased, or objected, after they were stored."""
    out = Account.objects.filter(source=batch.source, kind=batch.kind, kept_out=True)
    return list(staged(batch).filter(external_digest__in=out.values("external_digest")))


def drop(accounts: Sequence[Account]) -> None:
    """Forget accounts that were staged and never shown, keys of the rows included."""
    sealing.forget(accounts)
    Account.objects.filter(id__in=[account.id for account in accounts]).delete()


def staged(batch: Batch) -> QuerySet[Account]:
    """What an import that has not ended has stored so far."""
    return Account.objects.filter(batch=batch, removed_at__isnull=False)


def drop_staged(batch: Batch) -> None:
    """Forget what an interrupted import had staged, keys of the rows included."""
    delist(batch)
    drop(list(staged(batch)))


def delist(batch: Batch) -> None:
    """The list's version no longer says who stood on it."""
    Listing.objects.filter(batch=batch).delete()


def remove(accounts: QuerySet[Account], at: datetime) -> int:
    """Take accounts out: older versions count again, later ones follow them. How many."""
    gone = accounts.filter(removed_at=None)
    linked = gone.exclude(follows=None, superseded_by=None)
    before = dict(linked.values_list("id", "follows_id"))
    after = dict(linked.values_list("id", "superseded_by_id"))
    number = next_change()
    for old in Account.objects.filter(superseded_by__in=linked).exclude(id__in=gone.values("id")):
        Account.objects.filter(id=old.id).update(
            superseded_by=_past(old.superseded_by_id, after), change=number
        )
    for new in Account.objects.filter(follows__in=linked).exclude(id__in=gone.values("id")):
        Account.objects.filter(id=new.id).update(follows=_past(new.follows_id, before))
    told_of = Q(id__in=linked.values("id"))
    for side in ("one_id", "other_id"):
        told_of |= Q(id__in=Judgement.objects.values(side))
    touched = set(gone.filter(told_of).values_list("id", flat=True)) | set(before.values())
    touched |= set(after.values())
    count = gone.update(removed_at=at, superseded_by=None, change=number)
    settle(touched - {None})
    return count


def left_the_list(batch: Batch) -> QuerySet[Account]:
    """Accounts of the list's version before this one that this version no longer has."""
    earlier = (
        Batch.objects.filter(
            source=batch.source, kind=batch.kind, state="done", list_version__lt=batch.list_version
        )
        .order_by("-list_version")
        .values_list("list_version", flat=True)
        .first()
    )
    if earlier is None:
        return Account.objects.none()
    versions = Batch.objects.filter(source=batch.source, kind=batch.kind, state="done")
    now, then = (
        Listing.objects.filter(batch__in=versions.filter(list_version=number))
        for number in (batch.list_version, earlier)
    )
    still = Account.objects.filter(id__in=now.values("account_id"))
    return Account.objects.filter(id__in=then.values("account_id")).exclude(
        external_digest__in=still.values("external_digest")
    )


def external_digests(source: Source, contents: Sequence[Content]) -> list[bytes]:
    """For each row the keyed digest of who said it under which id."""
    said = [f"{source.id}|{content['person_record_id']}".encode() for content in contents]
    return current_holder().digest("account", said)


def _latest_of(source: Source, kind: AccountKind, digests: Iterable[bytes]) -> dict[bytes, Account]:
    known = current().filter(source=source, kind=kind, external_digest__in=list(digests))
    return {bytes(account.external_digest or b""): account for account in known}


def _as_listed(found: Iterable[Account]) -> list[Account]:
    """For each account what its list said last: what people corrected since is no part of it."""
    listed = []
    for account in found:
        while account.batch_id is None and account.follows is not None:
            account = account.follows
        listed.append(account)
    return listed


def _kept_out(source: Source, kind: AccountKind, digests: Iterable[bytes]) -> set[bytes]:
    """Those of the digests under which somebody had themselves erased, or objects."""
    out = Account.objects.filter(
        source=source, kind=kind, external_digest__in=list(digests), kept_out=True
    )
    return {bytes(account.external_digest or b"") for account in out.only("external_digest")}


def _past(account_id: UUID | None, links: Mapping[UUID, UUID | None]) -> UUID | None:
    """Along the chain of versions, the first that is not among the removed."""
    while account_id is not None and account_id in links:
        account_id = links[account_id]
    return account_id


def _new(
    contents: Sequence[Content],
    kind: AccountKind,
    source: Source,
    office: Office,
    batch: Batch | None,
    at: datetime,
) -> list[Account]:
    """Sealed accounts, not yet saved and not yet visible."""
    groups = iter(_group_digests(source, contents))
    made = []
    for content in contents:
        account_id = uuid.uuid4()
        made.append(
            Account(
                id=account_id,
                identity_id=account_id,
                kind=kind,
                source=source,
                office=office,
                batch=batch,
                removed_at=at,
                group_digest=next(groups) if content.get("group_id") else None,
            )
        )
    sealing.seal(made, contents)
    return made


def _group_digests(source: Source, contents: Sequence[Content]) -> list[bytes]:
    """A family's or a bus's digest; equal ones tell how many stood together, and no more."""
    said = [f"{source.id}|{c['group_id']}".encode() for c in contents if c.get("group_id")]
    return current_holder().digest("group", said) if said else []
