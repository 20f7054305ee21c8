"""Consent, as it is recorded, found and taken back (the rules: `reknit.guard.weighing`).

Rules: each answer, its recording and its withdrawal are audited in the same transaction; a
withdrawal counts from the moment it commits, on every path, because each path asks `live` anew
under the same lock; assurance "seen by staff" is only recorded by staff.

    consent.give(noor, account.id, purpose=Purpose.FAMILY_TRACING,
                 recipient=Recipient(RecipientKind.SEEKER, str(enquiry.id)), scope=Scope.ALIVE,
                 given_by=GivenBy.SELF, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF)
    consent.withdraw(noor, given.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, log, subjects
from reknit.guard.commits import commit
from reknit.guard.errors import UnusableConsentError
from reknit.guard.models.consents import Consent, VitalInterest
from reknit.guard.permissions import Permission
from reknit.guard.reasons import SUCCESS, Failure
from reknit.guard.weighing import (
    Given,
    Granted,
    InItsTime,
    NoLaterNo,
    NotWithdrawn,
    Question,
    weigh,
)
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import (
    Actor,
    ActorKind,
    Answer,
    Assurance,
    GivenBy,
    How,
    LegalBasis,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)

BASIS_OF: Mapping[Purpose, LegalBasis] = {
    Purpose.FAMILY_TRACING: LegalBasis.CONSENT,
    Purpose.REGISTRATION: LegalBasis.CONSENT,
    Purpose.ASK_THE_PERSON: LegalBasis.LEGITIMATE_INTEREST,
    Purpose.VITAL_INTEREST: LegalBasis.VITAL_INTEREST,
    Purpose.SUBJECT_REQUEST: LegalBasis.LEGAL_OBLIGATION,
    Purpose.QUALITY: LegalBasis.LEGITIMATE_INTEREST,
    Purpose.DATA_PROTECTION: LegalBasis.LEGAL_OBLIGATION,
    Purpose.OPERATIONS: LegalBasis.LEGITIMATE_INTEREST,
}
"""On what law each purpose's processing rests."""

PURPOSES_OF: Mapping[RecipientKind, frozenset[Purpose]] = {
    RecipientKind.ASSIGNED_STAFF: frozenset({Purpose.ASK_THE_PERSON}),
    RecipientKind.SEEKER: frozenset({Purpose.FAMILY_TRACING}),
    RecipientKind.FAMILY: frozenset({Purpose.FAMILY_TRACING}),
    RecipientKind.OFFICE: frozenset({Purpose.FAMILY_TRACING, Purpose.VITAL_INTEREST}),
    RecipientKind.PARTNER: frozenset({Purpose.FAMILY_TRACING, Purpose.VITAL_INTEREST}),
    RecipientKind.SELF: frozenset({Purpose.SUBJECT_REQUEST}),
    RecipientKind.ANYONE: frozenset(),
}
"""For which purposes each kind of recipient may be told anything at all."""

ANYONE = Recipient(RecipientKind.ANYONE)
_ASKED_ABOUT = {
    RecipientKind.SEEKER,
    RecipientKind.FAMILY,
    RecipientKind.OFFICE,
    RecipientKind.PARTNER,
}


def give(
    actor: Actor,
    account_id: UUID,
    *,
    purpose: Purpose,
    recipient: Recipient,
    scope: Scope,
    given_by: GivenBy,
    how: How,
    assurance: Assurance,
    until: dt.datetime | None = None,
    representative: str = "",
    child_view: str = "",
    message: str = "",
    words: str = "",
) -> Consent:
    """Record a yes. Raises UnusableConsentError, NotPermittedError, LockedError.

    until: when it ends by itself. representative: name and relation, where one speaks for a minor;
    child_view: what the child says about it. message: what to pass on (scope "message"). words:
    anything else that was said.
    """
    if recipient.kind not in _ASKED_ABOUT or scope in {Scope.EVERYTHING, Scope.LETTER}:
        raise UnusableConsentError(
            _("consent: nobody agrees to this scope for this recipient; choose one of each.")
        )
    if purpose not in PURPOSES_OF[recipient.kind]:
        raise UnusableConsentError(
            _("consent: this is no purpose for this recipient; choose another.")
        )
    if not subjects.is_known(recipient):
        raise UnusableConsentError(
            _("consent: there is no recipient with this id; choose another.")
        )
    if (scope is Scope.MESSAGE) != bool(message.strip()):
        raise UnusableConsentError(
            _("consent: a message goes with the scope 'message', and only with that.")
        )
    sealed = {
        "representative": representative,
        "child_view": child_view,
        "message": message,
        "words": words,
    }
    if given_by is GivenBy.REPRESENTATIVE and not representative.strip():
        raise UnusableConsentError(_("consent: who speaks for the person? Give name and relation."))
    return _record(
        actor, account_id, Answer.AGREED, purpose, recipient, scope, given_by, how, assurance,
        until, sealed,
    )  # fmt: skip


def confirm(actor: Actor, account_id: UUID, assurance: Assurance, how: How) -> int:
    """Staff are surer now who said what stands on an account: each yes that holds is recorded anew
    at that assurance, as it was said; how many. Raises NotPermittedError, LockedError."""

    def work() -> int:
        account = access.load(
            actor, Permission.CONSENT_GIVE, Account, account_id, purpose=Purpose.REGISTRATION
        )
        rows = Consent.objects.filter(account=account, answer=Answer.AGREED.value)
        sure = [row for row in _standing(account, rows) if row.assurance < assurance]
        for row, said in zip(sure, records.unseal(sure), strict=True):
            given = given_from(row)
            _record(
                actor, account_id, Answer.AGREED, given.purpose, given.recipient, given.scope,
                given.given_by, how, assurance, row.until, said,
            )  # fmt: skip
        return len(sure)

    return commit(work)


def standing(actor: Actor, account_id: UUID) -> list[Consent]:
    """The latest yes to each purpose, recipient and scope on an account that still stands, as far
    as the actor may list them, in time."""
    account = Account.objects.get(id=account_id)
    rows = Consent.objects.filter(account=account, answer=Answer.AGREED.value)
    return _standing(account, access.visible(actor, Permission.CONSENT_READ, rows))


def _standing(account: Account, rows: QuerySet[Consent]) -> list[Consent]:
    latest = {(row.purpose, row.recipient, row.scope): row for row in rows.order_by("at", "id")}
    now = timezone.now()
    return [row for row in latest.values() if _stands(account, row, now)]


def _stands(account: Account, row: Consent, at: dt.datetime) -> bool:
    """Whether an answer was not taken back, outweighed by a later no, or ended by time."""
    accounts = subjects.identity_of(account.id)
    given = given_from(row)
    question = Question(
        frozenset({given.account_id}), given.purpose, given.recipient, given.scope,
        subjects.age_of(accounts, at.date()), at,
    )  # fmt: skip
    noes = tuple(
        one for one in said_of(accounts)
        if one.answer is Answer.REFUSED or one.withdrawn_at is not None
    )  # fmt: skip
    rules = (NotWithdrawn(), InItsTime(at), NoLaterNo(question, noes))
    return all(rule.verify(given) == SUCCESS for rule in rules)


def refuse(
    actor: Actor,
    account_id: UUID,
    *,
    purpose: Purpose = Purpose.FAMILY_TRACING,
    recipient: Recipient = ANYONE,
    scope: Scope = Scope.EVERYTHING,
    given_by: GivenBy = GivenBy.SELF,
    how: How,
    assurance: Assurance,
    words: str = "",
) -> Consent:
    """Record a no; without more, to everything and for anyone. It outweighs every earlier yes on
    all accounts of the identity. Raises NotPermittedError, LockedError."""
    return _record(
        actor, account_id, Answer.REFUSED, purpose, recipient, scope, given_by, how, assurance,
        None, {"words": words},
    )  # fmt: skip


def withdraw(
    actor: Actor, consent_id: UUID, *, how: How, assurance: Assurance, words: str = ""
) -> None:
    """Take a consent back: it holds no more once this returns. To withdraw twice is no error.

    Anybody who reaches the person's record may record it, however sure it is who asked: it only
    stops telling. Raises NotPermittedError, LockedError.
    """

    def work() -> None:
        consent = access.load(
            actor, Permission.CONSENT_WITHDRAW, Consent, consent_id, purpose=Purpose.REGISTRATION
        )
        subjects.lock_identity(consent.account_id)
        consent.refresh_from_db()
        if consent.withdrawn_at is not None:
            return
        consent.withdrawn_at = timezone.now()
        consent.withdrawn_how = how.value
        consent.withdrawal_assurance = assurance
        consent.withdrawal_recorded_by_id = actor.user_id
        if words:
            _add_words(consent, words)
        consent.save()
        log.record(
            actor, "consent:withdraw", log.Resource("account", str(consent.account_id)),
            Purpose.REGISTRATION, consent=str(consent.id), scope=consent.scope,
        )  # fmt: skip

    commit(work)


def _add_words(consent: Consent, words: str) -> None:
    """Keep what was said beside the answer; an answer that was erased can be withdrawn without."""
    try:
        content = records.unseal([consent])[0]
        records.reseal([consent], [{**content, "withdrawal_words": words}])
    except ErasedError:
        return


def live(
    subject: Account, purpose: Purpose, recipient: Recipient, scope: Scope, at: dt.datetime
) -> Consent | None:
    """The consent on which this may be told at that time, if there is one."""
    found = weigh_now(subject, purpose, recipient, scope, at)
    return Consent.objects.get(id=found.consent_id) if isinstance(found, Granted) else None


def weigh_now(
    subject: Account, purpose: Purpose, recipient: Recipient, scope: Scope, at: dt.datetime
) -> Granted | Failure:
    """As `live`, with the reason where there is none."""
    accounts = subjects.identity_of(subject.id)
    question = Question(
        account_ids=frozenset(str(v) for v in subjects.versions_of(subject.id)),
        purpose=purpose,
        recipient=recipient,
        scope=scope,
        age=subjects.age_of_whoever_spoke(subject, accounts, at.date()),
        at=at,
        is_family=subjects.is_verified_family(recipient),
    )
    return weigh(said_of(accounts), question)


def said_of(accounts: Sequence[Account]) -> list[Given]:
    """All that was said on these accounts, as the rules see it."""
    rows = Consent.objects.filter(account__in=accounts).order_by("at", "id")
    return [given_from(row) for row in rows]


def given_from(row: Consent) -> Given:
    """A stored answer as the rules see it."""
    return Given(
        id=str(row.id),
        account_id=str(row.account_id),
        answer=Answer(row.answer),
        purpose=Purpose(row.purpose),
        recipient=Recipient.read(row.recipient),
        scope=Scope(row.scope),
        given_by=GivenBy(row.given_by),
        assurance=Assurance(row.assurance),
        at=row.at,
        until=row.until,
        withdrawn_at=row.withdrawn_at,
        child_heard=row.child_heard,
    )


def _record(
    actor: Actor,
    account_id: UUID,
    answer: Answer,
    purpose: Purpose,
    recipient: Recipient,
    scope: Scope,
    given_by: GivenBy,
    how: How,
    assurance: Assurance,
    until: dt.datetime | None,
    sealed: Mapping[str, Any],
) -> Consent:
    if assurance >= Assurance.SEEN_BY_STAFF and actor.kind is not ActorKind.STAFF:
        raise UnusableConsentError(
            _("consent: only staff record that staff saw the person; use a lower assurance.")
        )

    def work() -> Consent:
        access.load(
            actor, Permission.CONSENT_GIVE, Account, account_id, purpose=Purpose.REGISTRATION
        )
        subjects.lock_identity(account_id)
        at = timezone.now()
        if until is not None and until <= at:
            raise UnusableConsentError(_("consent: it ends before it begins; give a later end."))
        row = Consent(
            account_id=account_id,
            answer=answer.value,
            purpose=purpose.value,
            recipient=str(recipient),
            scope=scope.value,
            given_by=given_by.value,
            how=how.value,
            assurance=assurance,
            child_heard=bool(str(sealed.get("child_view", "")).strip()),
            at=at,
            until=until,
            recorded_by_id=actor.user_id,
        )
        records.seal([row], [sealed])
        row.save(force_insert=True)
        if given_by is GivenBy.SELF:
            # Who answers can be asked: decisions in their place end.
            VitalInterest.objects.filter(
                account__in=subjects.identity_of(account_id), ended_at=None
            ).update(ended_at=at, ended_by=actor.user_id)
        log.record(
            actor, f"consent:{answer.value}", log.Resource("account", str(account_id)),
            Purpose.REGISTRATION, consent=str(row.id), scope=scope.value,
            recipient=str(recipient), assurance=assurance.name.lower(),
        )  # fmt: skip
        return row

    return commit(work)
