"""Ask a found person about a seeker, and take their answer, now or changed later.

Rules: staff ask only once a judgement that counts says who the person is, while the case is open
and the person does not block the seeker: what guard demands before staff may ask at all (trust:
I1). Yes and "message only" are consents at the assurance that staff gave the registration, so that
one who is not verified releases nothing (I14); "no" refuses everything to this seeker; "not now"
and "no" tell the seeker nothing (I3). A new answer takes back what the one before agreed to, at
once (I2).

    asked = make(noor, enquiry.id, account.id, "Your sister Amal is looking for you.")
    answer(holder, asked.id, Answered(AskAnswer.MESSAGE_ONLY, message="I am well."))
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError, NotYetError
from reknit.casework.models import Ask, AskAnswer
from reknit.guard import access, audit, commits, consent, disclosure, subjects
from reknit.guard.audit import Resource
from reknit.guard.models import Consent
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Reason
from reknit.intake import registrations
from reknit.records.models import Account, AccountKind, Enquiry
from reknit.sealing import records as sealing
from reknit.vocabulary import (
    Actor,
    Answer,
    Assurance,
    GivenBy,
    How,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)

_PURPOSE = Purpose.FAMILY_TRACING


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person said. scopes: what a yes lets the seeker know. message: what to pass on."""

    answer: AskAnswer
    scopes: tuple[Scope, ...] = (Scope.ALIVE, Scope.CONTACT)
    message: str = ""
    given_by: GivenBy = GivenBy.SELF
    representative: str = ""
    child_view: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An ask as the person sees it."""

    ask: Ask
    words: str


def who_can_be_asked(actor: Actor, enquiry: Enquiry) -> list[Account]:
    """The accounts that a registration brought and that guard lets staff ask now."""
    accounts = [
        account
        for account in subjects.identity_of(enquiry.sought_id)
        if account.kind == AccountKind.FOUND and account.removed_at is None
    ]
    found = []
    for account in accounts:
        registered = registrations.of_account(subjects.versions_of(account.id))
        if registered is not None and _why_not(actor, enquiry, account) is None:
            found.append(account)
    return found


def make(actor: Actor, enquiry_id: UUID, account_id: UUID, words: str) -> Ask:
    """Ask the person of an account about who made an enquiry; they read it when they come back.

    Raises NotPermittedError, CaseworkError (guard does not let staff ask, nobody registered there,
    no words), LockedError.
    """
    if not words.strip():
        raise CaseworkError(_("ask: say who is looking for them; write what the person reads."))

    def work() -> Ask:
        enquiry = access.load(actor, Permission.ASK_MAKE, Enquiry, enquiry_id, purpose=_PURPOSE)
        account = Account.objects.get(id=account_id)
        why = _why_not(actor, enquiry, account)
        if why is not None:
            raise NotYetError(_("ask: the person may not be asked yet."), why)
        registered = registrations.of_account(subjects.versions_of(account.id))
        if registered is None:
            raise CaseworkError(
                _(
                    "ask: this person did not register themselves, so they read nothing here; "
                    "reach them and record their answer on their page."
                )
            )
        row = Ask(
            enquiry=enquiry, account_id=registered.account_id,
            by_id=access.staff_id(actor), at=timezone.now(),
        )  # fmt: skip
        sealing.seal([row], [{"words": words.strip()}])
        row.save(force_insert=True)
        audit.record(
            actor, Permission.ASK_MAKE.action, Resource.of(row), Purpose.ASK_THE_PERSON,
            subject=row.account_id, enquiry=enquiry.id,
        )  # fmt: skip
        return row

    return commits.commit(work)


def take_back(actor: Actor, ask_id: UUID) -> None:
    """Undo an ask that the person has not seen. Raises NotPermittedError, CaseworkError."""

    def work() -> None:
        row = access.load(actor, Permission.ASK_MAKE, Ask, ask_id, purpose=_PURPOSE, lock=True)
        if row.seen_at is not None:
            raise CaseworkError(_("ask: the person has seen it; write to them instead."))
        row.undone_at = timezone.now()
        row.save(update_fields=["undone_at"])
        audit.record(actor, "ask:take_back", Resource.of(row), _PURPOSE, subject=row.account_id)

    commits.commit(work)


def shown_to(holder: Actor) -> list[Shown]:
    """What the holder of a registration's code is asked, the latest first; now they have seen it.

    Raises NotPermittedError, AuditUnavailableError, LockedError.
    """
    rows = access.visible(holder, Permission.ASK_READ, Ask.objects.filter(undone_at=None))
    asked = list(rows.order_by("-at"))
    words = access.read(holder, Permission.ASK_READ, asked, purpose=_PURPOSE)
    fresh = [row.pk for row in asked if row.seen_at is None]
    if fresh:
        seen = timezone.now()
        commits.commit(lambda: Ask.objects.filter(pk__in=fresh).update(seen_at=seen))
    return [Shown(row, said["words"]) for row, said in zip(asked, words, strict=True)]


def answer(holder: Actor, ask_id: UUID, said: Answered) -> Ask:
    """What the person answers, or answers differently from before.

    Raises NotPermittedError, UnusableConsentError, CaseworkError (a message only without one),
    LockedError.
    """
    if said.answer is AskAnswer.MESSAGE_ONLY and not said.message.strip():
        raise CaseworkError(_("answer: write the message that is to be passed on."))

    def work() -> Ask:
        row = access.load(holder, Permission.ASK_ANSWER, Ask, ask_id, purpose=_PURPOSE, lock=True)
        registered = registrations.of_account([row.account_id])
        if row.undone_at is not None or registered is None:
            raise CaseworkError(_("answer: this question was taken back."))
        assurance = registrations.assurance_of(registered.registration)
        seeker = Recipient(RecipientKind.SEEKER, str(row.enquiry_id))
        _withdraw(holder, row.account_id, seeker, assurance)
        _record(holder, row.account_id, seeker, said, assurance)
        row.answer, row.answered_at = said.answer, timezone.now()
        row.save(update_fields=["answer", "answered_at"])
        audit.record(
            holder, Permission.ASK_ANSWER.action, Resource.of(row), _PURPOSE,
            subject=row.account_id, answer=said.answer.value,
        )  # fmt: skip
        return row

    return commits.commit(work)


def of_enquiry(actor: Actor, enquiry: Enquiry) -> list[Ask]:
    """The asks of a case, the latest first: states and times, as far as the actor may see them."""
    rows = Ask.objects.filter(enquiry=enquiry, undone_at=None).select_related("by")
    return list(access.visible(actor, Permission.ASK_READ, rows).order_by("-at"))


def _why_not(actor: Actor, enquiry: Enquiry, account: Account) -> Reason | None:
    would = disclosure.preview(
        actor, account, Purpose.ASK_THE_PERSON,
        Recipient(RecipientKind.ASSIGNED_STAFF, str(enquiry.id)), scope=Scope.CONTACT,
    )  # fmt: skip
    return would.reason


def _withdraw(holder: Actor, account_id: UUID, seeker: Recipient, assurance: Assurance) -> None:
    standing = Consent.objects.filter(
        account_id=account_id, recipient=str(seeker), answer=Answer.AGREED.value, withdrawn_at=None
    )
    for given in standing:
        consent.withdraw(holder, given.id, how=How.ONLINE, assurance=assurance)


def _record(
    holder: Actor, account_id: UUID, seeker: Recipient, said: Answered, assurance: Assurance
) -> None:
    scopes: tuple[Scope, ...] = ()
    match said.answer:
        case AskAnswer.YES:
            scopes = said.scopes
            if said.message.strip():
                scopes = (*scopes, Scope.MESSAGE)
        case AskAnswer.MESSAGE_ONLY:
            scopes = (Scope.MESSAGE,)
        case AskAnswer.NO_CONTACT:
            scopes = (Scope.NO_CONTACT,)
        case AskAnswer.NO:
            consent.refuse(
                holder,
                account_id,
                recipient=seeker,
                given_by=said.given_by,
                how=How.ONLINE,
                assurance=assurance,
            )
        case _:
            pass
    for scope in scopes:
        consent.give(
            holder, account_id, purpose=_PURPOSE, recipient=seeker, scope=scope,
            given_by=said.given_by, how=How.ONLINE, assurance=assurance,
            representative=said.representative, child_view=said.child_view,
            message=said.message.strip() if scope is Scope.MESSAGE else "",
        )  # fmt: skip
