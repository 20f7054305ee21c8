"""The rights of the people in the records: to read, correct, erase, object, and to be left alone.

Rules: each request has a deadline and an answer, and is put off once at most, with the reason told;
what opens or closes anything needs to be sure who asks (trust: I14), as sure as the consent that
stands; a correction is a new version; an erasure leaves a tombstone (`reknit.guard.erasing`) and an
objection takes the records out of search while it is weighed, and until then, or for good, no list
brings them in again (`reknit.records.accounts.stage`). Answering is the data-protection
officer's, opening a request is anybody's.

    asked = rights.open_request(PUBLIC, RequestKind.ACCESS, assurance=Assurance.UNVERIFIED,
                                words="What do you hold about me?", contact="…")
    rights.verify(officer, asked.id, Assurance.SEEN_BY_STAFF, [account.id])
    file = rights.access_file(officer, asked.id)         # file.html, file.json
    rights.answer(officer, asked.id, "Handed over in person.")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit import exchange
from reknit.guard import (
    access,
    consent,
    erasing,
    holdings,
    log,
    rules_file,
    searching,
    subjects,
    vault,
)
from reknit.guard.commits import commit
from reknit.guard.holdings import AccessFile
from reknit.guard.log import Resource
from reknit.guard.models import Disclosure, RequestKind, RequestState, SubjectRequest
from reknit.guard.permissions import Permission
from reknit.guard.reasons import SUCCESS, Failure, Reason, Verdict, holds
from reknit.guard.rules_file import LEGAL_HOLD
from reknit.guard.scoping import Belongs, declare
from reknit.guard.weighing import LEAST_TO_RELEASE
from reknit.records import accounts
from reknit.records.changes import next_change
from reknit.records.errors import RecordsError
from reknit.records.identities import settle
from reknit.records.models import Account, AccountKind
from reknit.sealing import records
from reknit.vocabulary import (
    Actor,
    Answer,
    Assurance,
    LegalBasis,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)
from reknit.vocabulary.columns import NAME_COLUMNS, PEOPLE_COLUMNS

_PURPOSE = Purpose.SUBJECT_REQUEST
_OF_THE_LIST = {"person_record_id", "source_name", "source_date", "group_id"}
CORRECTED = frozenset({*PEOPLE_COLUMNS, *vault.COLUMNS} - _OF_THE_LIST)
"""The columns that a person can have corrected; the others say where a record came from."""

declare(SubjectRequest, Belongs(office=("office",), own="opened_by"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the rules see it.

    standing: the highest assurance of a consent that stands on the records it is about.
    """

    kind: RequestKind
    is_open: bool
    assurance: Assurance
    accounts: int
    standing: Assurance
    on_hold: bool


class Rule(Protocol):
    """Something a request must keep to before it is granted."""

    def verify(self, asked: Asked) -> Verdict:
        """Success, or a failure with its reason."""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Nobody answered it."""

    def verify(self, asked: Asked) -> Verdict:
        """See Rule."""
        return holds(asked.is_open, Reason.ALREADY_DECIDED)


@dataclass(frozen=True, slots=True)
class SureWhoAsks:
    """Somebody verified who asks."""

    least: Assurance = LEAST_TO_RELEASE

    def verify(self, asked: Asked) -> Verdict:
        """See Rule."""
        return holds(asked.assurance >= self.least, Reason.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class AsSureAsWhatStands:
    """As sure as the consents that it would end: an impostor does not undo what the person agreed
    to in front of staff."""

    def verify(self, asked: Asked) -> Verdict:
        """See Rule."""
        return holds(asked.assurance >= asked.standing, Reason.LESS_ASSURANCE)


@dataclass(frozen=True, slots=True)
class RecordsFound:
    """Somebody found the records it is about."""

    def verify(self, asked: Asked) -> Verdict:
        """See Rule."""
        return holds(asked.accounts > 0, Reason.NOTHING_HELD)


@dataclass(frozen=True, slots=True)
class NotOnHold:
    """No law obliges to keep them."""

    def verify(self, asked: Asked) -> Verdict:
        """See Rule."""
        return holds(not asked.on_hold, Reason.LEGAL_HOLD)


_READ: tuple[Rule, ...] = (StillOpen(), RecordsFound(), SureWhoAsks())
_CHANGE: tuple[Rule, ...] = (*_READ, AsSureAsWhatStands())
RULES_FOR: Mapping[RequestKind, tuple[Rule, ...]] = {
    RequestKind.ACCESS: _READ,
    RequestKind.CORRECTION: _CHANGE,
    RequestKind.ERASURE: (*_CHANGE, NotOnHold()),
    RequestKind.OBJECTION: (*_CHANGE, NotOnHold()),
    RequestKind.NOT_MISSING: _CHANGE,
    RequestKind.TAKEDOWN: (*_CHANGE, NotOnHold()),
}
"""What must hold before a request of each kind is granted."""


def may_be_granted(asked: Asked) -> Verdict:
    """The first rule that fails, or success.

    >>> asked = Asked(
    ...     RequestKind.NOT_MISSING, True, Assurance.UNVERIFIED, 1, Assurance.SEEN_BY_STAFF, False)
    >>> may_be_granted(asked).reason.value
    'unverified'
    """
    for rule in RULES_FOR[asked.kind]:
        verdict = rule.verify(asked)
        if isinstance(verdict, Failure):
            return verdict
    return SUCCESS


def open_request(
    actor: Actor,
    kind: RequestKind,
    *,
    assurance: Assurance,
    words: str,
    contact: str,
    office_id: int | None = None,
) -> SubjectRequest:
    """Take a request in; it is due so many days from now (`retention.toml`, requests.days).

    contact: where to answer. Raises NotPermittedError, LockedError.
    """

    def work() -> SubjectRequest:
        access.require(actor, Permission.REQUEST_ADD, purpose=_PURPOSE)
        now = timezone.now()
        row = SubjectRequest(
            kind=kind,
            assurance=assurance,
            office_id=office_id or actor.office_id,
            opened_by_id=actor.user_id,
            opened_at=now,
            due_at=now + dt.timedelta(days=rules_file.current().request_days),
        )
        records.seal([row], [{"words": words, "contact": contact, "answer": ""}])
        row.save(force_insert=True)
        _log(actor, "open", row, kind=kind.value)
        return row

    return commit(work)


def verify(
    actor: Actor, request_id: UUID, assurance: Assurance, account_ids: Sequence[UUID]
) -> None:
    """The officer found who asks, how sure it is, and which records are theirs.

    An objection takes those records out of search from now on, until it is answered.
    """

    def work() -> None:
        row = _load(actor, request_id)
        row.assurance = assurance
        row.save(update_fields=["assurance"])
        versions = {version for one in account_ids for version in subjects.versions_of(one)}
        row.accounts.set(Account.objects.filter(id__in=versions))
        may_restrict = isinstance(_verdict(row), type(SUCCESS))
        if row.kind == RequestKind.OBJECTION and may_restrict:
            _restrict(row)
        _log(actor, "verify", row, assurance=assurance.name.lower(), accounts=len(account_ids))

    commit(work)


def access_file(actor: Actor, request_id: UUID) -> AccessFile | Failure:
    """Everything held on the person, to whom it was told and who read it, as a readable file.

    Raises NotPermittedError, AuditUnavailableError, LockedError.
    """

    def work() -> AccessFile | Failure:
        row = _load(actor, request_id)
        verdict = _verdict(row)
        if isinstance(verdict, Failure):
            return verdict
        return _hand_out(actor, row)

    return commit(work)


def _hand_out(actor: Actor, row: SubjectRequest) -> AccessFile:
    ids = [account.id for account in row.accounts.order_by("id")]
    file = holdings.gather(ids, timezone.now())
    for account_id in ids:
        _leave_disclosure(actor, account_id, file)
        log.record(
            actor, "request:access", Resource("account", str(account_id)), _PURPOSE,
            request=str(row.id),
        )  # fmt: skip
    return file


def _leave_disclosure(actor: Actor, account_id: UUID, file: AccessFile) -> None:
    """The person's own copy leaves too."""
    Disclosure.objects.create(
        account_id=account_id,
        purpose=_PURPOSE.value,
        recipient=str(Recipient(RecipientKind.SELF)),
        scope=Scope.EVERYTHING.value,
        legal_basis=LegalBasis.LEGAL_OBLIGATION.value,
        rows=list(file.rows),
        by_id=actor.user_id,
        at=timezone.now(),
    )


def own_copy(actor: Actor, request_id: UUID) -> AccessFile | Failure:
    """`access_file` for the person themselves, by their receipt code: once the officer verified who
    asks and found the records, until the request is refused. Raises what `access_file` raises."""

    def work() -> AccessFile | Failure:
        row = access.load(
            actor, Permission.REQUEST_READ, SubjectRequest, request_id, purpose=_PURPOSE
        )
        if row.kind != RequestKind.ACCESS or row.state == RequestState.REFUSED:
            return Failure(Reason.NOT_PERMITTED)
        verdict = may_be_granted(replace(_asked(row), is_open=True))
        if isinstance(verdict, Failure):
            return verdict
        return _hand_out(actor, row)

    return commit(work)


def correct(
    actor: Actor, request_id: UUID, account_id: UUID, changes: Mapping[str, str]
) -> Account | Failure:
    """A new version of one record, with these columns changed; the old one stays as a version.

    changes: the contract's columns; those of the vault (`last_known_location`, `phones`, `email`,
    `how_to_reach`) are put there. Raises NotPermittedError, LockedError, RecordsError by the column
    that a list could not say so either.
    """
    _check_columns(changes)

    def work() -> Account | Failure:
        row = _load(actor, request_id)
        verdict = _verdict(row)
        if isinstance(verdict, Failure):
            return verdict
        old = row.accounts.filter(id=account_id).first()
        if old is None:
            raise RecordsError(
                _("account %(account_id)s: this request is not about it.")
                % {"account_id": account_id}
            )
        if old.superseded_by_id is not None or old.removed_at is not None:
            raise RecordsError(
                _("account %(account_id)s: it is not the current version.")
                % {"account_id": account_id}
            )
        new = _new_version(old, changes)
        row.accounts.add(new)
        log.record(
            actor, "request:correct", Resource("account", str(new.id)), _PURPOSE,
            request=str(row.id), follows=str(old.id), columns=sorted(changes),
        )  # fmt: skip
        transaction.on_commit(searching.changed)
        return new

    return commit(work)


def erase(actor: Actor, request_id: UUID) -> Verdict:
    """Erase all that is held about the person under this request's records, for good.

    The keys go once this is committed; rows stay as tombstones. Raises NotPermittedError.
    """

    def work() -> Verdict:
        row = _load(actor, request_id)
        verdict = _verdict(row)
        if isinstance(verdict, Failure):
            return verdict
        ids = [account.id for account in row.accounts.all()]
        now = timezone.now()
        accounts.remove(Account.objects.filter(id__in=ids), now)
        accounts.keep_out(Account.objects.filter(id__in=ids))
        count = erasing.schedule(erasing.rows_about(ids), "request", row)
        for account_id in ids:
            log.record(
                actor, "request:erase", Resource("account", str(account_id)), _PURPOSE,
                request=str(row.id), rows=count,
            )  # fmt: skip
        transaction.on_commit(searching.changed)
        return verdict

    return commit(work)


def counts(request: SubjectRequest) -> Verdict:
    """Whether a takedown or "I am not missing" counts: casework closes nothing on one that does
    not (trust: I14)."""
    return _verdict(request)


def answer(actor: Actor, request_id: UUID, text: str) -> Verdict:
    """Close a request with its answer. An objection that is upheld leaves the records out."""
    return _close(actor, request_id, RequestState.ANSWERED, text, "")


def refuse(actor: Actor, request_id: UUID, reason: Reason, text: str) -> Verdict:
    """Close a request that cannot be granted, saying why; what was restricted comes back."""
    return _close(actor, request_id, RequestState.REFUSED, text, reason.value)


def extend(actor: Actor, request_id: UUID, text: str) -> Verdict:
    """Put the deadline off, once; `text` is what the person is told (GDPR article 12(3))."""

    def work() -> Verdict:
        row = _load(actor, request_id)
        if row.state != RequestState.OPEN or row.extended_at is not None:
            return Failure(Reason.ALREADY_DECIDED)
        row.extended_at = timezone.now()
        row.due_at += dt.timedelta(days=rules_file.current().request_days_more)
        _say(row, text)
        row.save()
        _log(actor, "extend", row)
        return SUCCESS

    return commit(work)


def due(at: dt.datetime) -> list[SubjectRequest]:
    """Open requests whose deadline is near or past, the most urgent first."""
    near = at + dt.timedelta(days=rules_file.current().remind_days_before)
    rows = SubjectRequest.objects.filter(state=RequestState.OPEN, due_at__lte=near)
    return list(rows.order_by("due_at"))


def remind(actor: Actor, at: dt.datetime | None = None) -> int:
    """Note a reminder for each request that is due and was not reminded of today; how many.

    Run daily: `due` is what the officer's page shows, the entries show that it was said.
    """
    now = at or timezone.now()
    late = [
        row for row in due(now) if row.reminded_at is None or row.reminded_at.date() < now.date()
    ]

    def work() -> int:
        for row in late:
            row.reminded_at = now
            row.save(update_fields=["reminded_at"])
            _log(actor, "remind", row, days_left=(row.due_at - now).days)
        return len(late)

    return commit(work) if late else 0


def _close(actor: Actor, request_id: UUID, state: RequestState, text: str, reason: str) -> Verdict:
    if not text.strip():
        raise ValueError(_("request: an answer says something; write what the person is told."))

    def work() -> Verdict:
        row = _load(actor, request_id)
        if row.state != RequestState.OPEN:
            return Failure(Reason.ALREADY_DECIDED)
        row.state, row.reason = state, reason
        row.answered_by_id, row.answered_at = actor.user_id, timezone.now()
        if state == RequestState.REFUSED:
            _release_restriction(row)
        _say(row, text)
        row.save()
        _log(actor, state.value, row, **({"reason": reason} if reason else {}))
        return SUCCESS

    return commit(work)


def _load(actor: Actor, request_id: UUID) -> SubjectRequest:
    return access.load(
        actor, Permission.REQUEST_ANSWER, SubjectRequest, request_id, purpose=_PURPOSE, lock=True
    )


def _verdict(row: SubjectRequest) -> Verdict:
    return may_be_granted(_asked(row))


def _asked(row: SubjectRequest) -> Asked:
    held = list(row.accounts.select_related("source"))
    identity = {a.id: a for one in held for a in subjects.identity_of(one.id)}
    said = consent.said_of(list(identity.values()))
    standing = [g.assurance for g in said if g.answer is Answer.AGREED and g.withdrawn_at is None]
    return Asked(
        kind=RequestKind(row.kind),
        is_open=row.state == RequestState.OPEN,
        assurance=Assurance(row.assurance),
        accounts=len(held),
        standing=max(standing, default=Assurance.UNVERIFIED),
        on_hold=any(one.source.retention_category == LEGAL_HOLD for one in held),
    )


def _check_columns(changes: Mapping[str, str]) -> None:
    """Raise RecordsError by the first column that is none, or says what cannot be."""
    strange = sorted(set(changes) - CORRECTED)
    if strange:
        raise RecordsError(
            _("%(strange)s: no column that a request corrects.") % {"strange": strange[0]}
        )
    for finding in exchange.check_row(changes):
        if not finding.kept:
            raise RecordsError(f"{finding.column}: {finding.rule}. {finding.next_step}.")


def _new_version(old: Account, changes: Mapping[str, str]) -> Account:
    said = {name: value for name, value in changes.items() if name not in vault.COLUMNS}
    content = records.unseal([old])[0]
    corrected = {**content, **said}
    if not any(str(corrected.get(name) or "").strip() for name in NAME_COLUMNS):
        raise RecordsError(_("full_name: a record has a name; correct it instead of emptying it."))
    (new,) = accounts.add(
        [corrected], kind=AccountKind(old.kind), source=old.source, office=old.office,
        at=timezone.now(),
    )  # fmt: skip
    new.follows, new.version, new.identity_id = old, old.version + 1, old.identity_id
    new.external_digest, new.group_digest = old.external_digest, old.group_digest
    new.save()
    old.superseded_by, old.change = new, next_change()
    old.save(update_fields=["superseded_by", "change"])
    vault.put([new.id], [{name: changes[name] for name in changes if name in vault.COLUMNS}])
    return new


def _restrict(row: SubjectRequest) -> None:
    shown = row.accounts.filter(removed_at=None)
    row.restricted = [str(account_id) for account_id in shown.values_list("id", flat=True)]
    row.save(update_fields=["restricted"])
    restricted = Account.objects.filter(id__in=row.restricted)
    restricted.update(removed_at=timezone.now(), change=next_change())
    accounts.keep_out(restricted)
    settle(row.accounts.values_list("id", flat=True))
    transaction.on_commit(searching.changed)


def _release_restriction(row: SubjectRequest) -> None:
    if row.restricted:
        restricted = Account.objects.filter(id__in=row.restricted)
        restricted.update(removed_at=None, change=next_change())
        accounts.let_in(restricted)
        settle(row.accounts.values_list("id", flat=True))
        row.restricted = []
        transaction.on_commit(searching.changed)


def _say(row: SubjectRequest, text: str) -> None:
    content = records.unseal([row])[0]
    said = "\n\n".join(filter(None, [content.get("answer", ""), text]))
    records.reseal([row], [{**content, "answer": said}])


def _log(actor: Actor, action: str, row: SubjectRequest, **detail: object) -> None:
    log.record(actor, f"request:{action}", Resource("request", str(row.id)), _PURPOSE, **detail)
