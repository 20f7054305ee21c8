"""Letters between seekers, found people and staff; and messages between family members, which a
member of staff reads first and passes on or withholds, with a trace of who did.

Rules: a letter is sealed, its writing, reading and passing on are audited; what staff write to a
seeker is shown from the next fixed hour on (trust: I3), and tells nothing of the person sought:
that is disclosure's. A message between family members is passed on only while the found person
agreed to messages or contact with this seeker, in either direction; the found person's is a
disclosure, decided anew each time it is shown, so that a withdrawal hides it at once (I2). Staff
may redact a message; the original is kept. A writer is never told whether it was passed on. What
was written or decided can be taken back until its reader has seen it.

    write(holder, "I have his school card.", to=Side.STAFF)
    tell(noor, enquiry.id, Side.SEEKER, "Please add a copy of the card.")
    relay(noor, letter.id, account.id, redacted="…")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Ask, AskAnswer, Letter, LetterState, Side
from reknit.guard import access, answers, audit, commits, disclosure, subjects
from reknit.guard.answers import Shown as Answer
from reknit.guard.audit import Resource
from reknit.guard.disclosure import Withheld
from reknit.guard.models import SeekerAnswer
from reknit.guard.permissions import Permission
from reknit.intake import registrations
from reknit.records.models import Account, Enquiry
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import Sealed
from reknit.vocabulary import Actor, ActorKind, Purpose, Recipient, RecipientKind, Scope

MOST_SIGNS = 4_000
_PURPOSE = Purpose.FAMILY_TRACING
_BETWEEN = Q(author_side=Side.SEEKER, to_side=Side.FOUND) | Q(
    author_side=Side.FOUND, to_side=Side.SEEKER
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter with what its reader is shown. original: what was written, for staff; reason: why
    it was withheld."""

    letter: Letter
    text: str
    original: str
    reason: str = ""


def write(holder: Actor, text: str, *, to: Side = Side.STAFF, ask_id: UUID | None = None) -> Letter:
    """What the holder of a receipt code writes: to staff; a seeker to the person sought; a found
    person to the seeker whom staff asked them about.

    Raises CaseworkError for an empty or too long letter, NotPermittedError, LockedError.
    """
    said = _checked(text)

    def work() -> Letter:
        access.require(holder, Permission.LETTER_ADD, purpose=_PURPOSE)
        row = _from_holder(holder, _held(holder), to, ask_id)
        return _keep(holder, row, said)

    return commits.commit(work)


def tell(
    actor: Actor, enquiry_id: UUID, to: Side, text: str, account_id: UUID | None = None
) -> Letter:
    """What staff write to the seeker, or to a found person of the case who registered.

    Raises CaseworkError, NotPermittedError, LockedError.
    """
    said = _checked(text)

    def work() -> Letter:
        enquiry = access.load(actor, Permission.LETTER_ADD, Enquiry, enquiry_id, purpose=_PURPOSE)
        now = timezone.now()
        row = Letter(
            enquiry=enquiry, author_side=Side.STAFF, to_side=to, state=LetterState.RELAYED,
            author_id=access.staff_id(actor), at=now,
        )  # fmt: skip
        if to is Side.SEEKER:
            row.published_at = disclosure.next_publication(now)
        elif to is Side.FOUND and account_id is not None:
            row.account_id = _reader_of(enquiry, account_id)
        else:
            raise CaseworkError(_("letter: say which person of this case it is for."))
        return _keep(actor, row, said)

    return commits.commit(work)


def relay(
    actor: Actor, letter_id: UUID, account_id: UUID | None = None, *, redacted: str = ""
) -> Letter | Withheld:
    """Pass a message between family members on; Withheld, with the reason, where the found person
    has not agreed to messages or contact with this seeker.

    account_id: of the found person, for a seeker's message. redacted: what is shown in place of
    the original, which is kept. Raises CaseworkError, NotPermittedError, LockedError.
    """

    def work() -> Letter | Withheld:
        row = _waiting(actor, letter_id)
        enquiry = _case(row)
        if row.to_side == Side.FOUND:
            if account_id is None:
                raise CaseworkError(_("letter: say which person of this case it is for."))
            row.account_id = _reader_of(enquiry, account_id)
            refused = _refused(actor, row)
        else:
            told = disclosure.pass_on(actor, _account(row), enquiry.id, row.id)
            refused = told if isinstance(told, Withheld) else None
            row.published_at = disclosure.next_publication(timezone.now())
        if refused is not None:
            return refused
        more = {"relayed": redacted.strip()[:MOST_SIGNS]} if redacted.strip() else {}
        return _decide(actor, row, LetterState.RELAYED, more)

    return commits.commit(work)


def withhold(actor: Actor, letter_id: UUID, reason: str) -> Letter:
    """Do not pass a message on; its writer is not told. Raises CaseworkError, NotPermittedError."""
    if not reason.strip():
        raise CaseworkError(_("letter: say why it is not passed on."))

    def work() -> Letter:
        row = _waiting(actor, letter_id)
        return _decide(actor, row, LetterState.WITHHELD, {"reason": reason.strip()})

    return commits.commit(work)


def take_back(actor: Actor, letter_id: UUID) -> Letter:
    """Undo what staff did with a letter that its reader has not seen: one of staff's own is gone,
    one between family members waits again. Raises CaseworkError, NotPermittedError."""

    def work() -> Letter:
        row = access.load(
            actor, Permission.LETTER_RELAY, Letter, letter_id, purpose=_PURPOSE, lock=True
        )
        own = row.author_side == Side.STAFF
        if row.seen_at is not None or row.undone_at is not None:
            raise CaseworkError(_("letter: its reader has seen it; write another."))
        if not own and row.decided_at is None:
            raise CaseworkError(_("letter: nothing was decided about it yet."))
        if own:
            row.undone_at = timezone.now()
        else:
            if row.author_side == Side.FOUND and row.enquiry_id is not None:
                disclosure.take_letter_back(actor, row.enquiry_id, row.id)
            elif row.to_side == Side.FOUND:
                row.account_id = None
            (content,) = sealing.unseal([row])
            sealing.reseal([row], [{"text": content["text"]}])
            row.state, row.published_at = LetterState.WAITING, None
            row.decided_by_id = row.decided_at = None
        row.save()
        _audit(actor, "letter:take_back", row)
        return row

    return commits.commit(work)


def read(actor: Actor, enquiry: Enquiry) -> list[Opened]:
    """All letters of a case, the latest first, opened for the staff of that case; those to staff
    are then read. Raises NotPermittedError, QuotaExceededError, AuditUnavailableError."""
    rows = list(_live().filter(_of_case(enquiry)).order_by("-at", "-id"))
    opened = _opened(actor, rows)
    fresh = [row for row in rows if row.to_side == Side.STAFF and row.seen_at is None]
    _seen(fresh)
    if any(row.author_side == Side.SEEKER for row in fresh):
        _have_it(actor, enquiry)
    return opened


def shown_to_seeker(holder: Actor, answer: Answer, at: dt.datetime | None = None) -> list[Opened]:
    """What the seeker reads: what staff wrote, from its fixed hour on, and what family wrote, as
    far as the answer that guard just gave tells it. Raises as `read`."""
    told = {
        UUID(value["letter"])
        for piece in answer.news
        if piece["scope"] == Scope.LETTER.value
        for value in piece["values"]
    }
    rows = _live().filter(enquiry=_held(holder), to_side=Side.SEEKER, state=LetterState.RELAYED)
    from_staff = Q(author_side=Side.STAFF, published_at__lte=at or timezone.now())
    return _show(holder, rows.filter(from_staff | Q(id__in=told)))


def shown_to_found(holder: Actor) -> list[Opened]:
    """What the holder of a registration's code reads. Raises as `read`."""
    rows = _live().filter(to_side=Side.FOUND, state=LetterState.RELAYED)
    return _show(holder, access.visible(holder, Permission.LETTER_READ, rows))


def readers(enquiry: Enquiry) -> list[Account]:
    """The found people of a case who read letters: the accounts that registrations brought."""
    accounts = subjects.identity_of(enquiry.sought_id)
    brought = registrations.brought(accounts)
    return [account for account in accounts if account.id in brought]


def unread(enquiry_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many letters of each of these enquiries wait for staff: to be read, to be passed on, or
    written by a found person of the case outside it. Those without any are absent."""
    rows = waiting_for_staff().filter(enquiry_id__in=enquiry_ids)
    counted = rows.values("enquiry_id").annotate(number=Count("id")).order_by()
    return {row["enquiry_id"]: row["number"] for row in counted}


def waiting_for_staff() -> QuerySet[Letter]:
    """The letters that `unread` counts."""
    return _live().filter(_waits_for_staff())


def held_about(account_ids: Sequence[UUID]) -> Iterable[dict[str, Any]]:
    """For the person's own copy (guard.holdings): what they wrote, what they were shown, and what
    staff asked them with their answer. What was erased is left out."""
    shown = Q(author_side=Side.FOUND) | Q(to_side=Side.FOUND, state=LetterState.RELAYED)
    for row in _live().filter(shown, account__in=account_ids).order_by("at", "id"):
        said = _content(row)
        if said:
            text = said["text"] if row.author_side == Side.FOUND else _shown(said)
            yield _line(row.at, row.author_side, row.to_side, text)
    for ask in Ask.objects.filter(account__in=account_ids, undone_at=None).order_by("at", "id"):
        said = _content(ask)
        if said:
            answered = f" [{ask.answer}]" if ask.answer else ""
            yield _line(ask.at, Side.STAFF, Side.FOUND, said["words"] + answered)


def counts(actor: Actor, enquiry: Enquiry) -> Mapping[str, int]:
    """For the case page's panel: how many letters there are, and how many wait for staff."""
    rows = access.visible(actor, Permission.LETTER_READ, _live().filter(_of_case(enquiry)))
    return {"all": rows.count(), "waiting": rows.filter(_waits_for_staff()).count()}


def _from_holder(holder: Actor, held: UUID, to: Side, ask_id: UUID | None) -> Letter:
    now = timezone.now()
    state = LetterState.RELAYED if to is Side.STAFF else LetterState.WAITING
    enquiry = Enquiry.objects.filter(id=held).first()
    if enquiry is not None:
        if to is Side.SEEKER:
            raise CaseworkError(_("letter: nobody writes to themselves."))
        return Letter(enquiry=enquiry, author_side=Side.SEEKER, to_side=to, state=state, at=now)
    row = Letter(
        account_id=registrations.self_of(held), author_side=Side.FOUND, to_side=to, state=state,
        at=now,
    )  # fmt: skip
    if to is Side.FOUND or (to is Side.SEEKER and ask_id is None):
        raise CaseworkError(_("letter: say to whom of those who look for you."))
    if ask_id is not None:
        ask = access.load(holder, Permission.ASK_READ, Ask, ask_id, purpose=_PURPOSE)
        if to is Side.SEEKER and ask.answer not in {AskAnswer.YES, AskAnswer.MESSAGE_ONLY}:
            raise CaseworkError(
                _("letter: first answer that they may have messages from you; then write.")
            )
        row.enquiry_id, row.account_id = ask.enquiry_id, ask.account_id
    return row


def _keep(actor: Actor, row: Letter, text: str) -> Letter:
    sealing.seal([row], [{"text": text}])
    row.save(force_insert=True)
    _audit(actor, Permission.LETTER_ADD.action, row)
    return row


def _waiting(actor: Actor, letter_id: UUID) -> Letter:
    row = access.load(
        actor, Permission.LETTER_RELAY, Letter, letter_id, purpose=_PURPOSE, lock=True
    )
    if row.state != LetterState.WAITING:
        raise CaseworkError(_("letter: somebody has decided about it already; reload the page."))
    return row


def _decide(actor: Actor, row: Letter, state: LetterState, more: Mapping[str, str]) -> Letter:
    (content,) = sealing.unseal([row])
    sealing.reseal([row], [{**content, **more}])
    row.state, row.decided_by_id, row.decided_at = state, access.staff_id(actor), timezone.now()
    row.save()
    _audit(actor, f"letter:{state.value}", row)
    return row


def _refused(actor: Actor, row: Letter) -> Withheld | None:
    """Contact would tell the found person's side something: only where they agreed to it."""
    would = disclosure.preview(
        actor, _account(row), _PURPOSE,
        Recipient(RecipientKind.SEEKER, str(row.enquiry_id)), scope=Scope.LETTER,
    )  # fmt: skip
    return None if would.reason is None else Withheld(would.reason)


def _held(holder: Actor) -> UUID:
    """What the receipt code was given for. Raises CaseworkError without one."""
    if holder.holds is None:
        raise CaseworkError(_("letter: show the receipt code first."))
    return holder.holds


def _case(row: Letter) -> Enquiry:
    if row.enquiry is None:
        raise CaseworkError(_("letter: it belongs to no case, and goes to nobody but staff."))
    return row.enquiry


def _account(row: Letter) -> Account:
    if row.account is None:
        raise CaseworkError(_("letter: no person who was found is named on it."))
    return row.account


def _reader_of(enquiry: Enquiry, account_id: UUID) -> UUID:
    """The account through which a found person of this case reads letters. Raises CaseworkError."""
    people = {account.id for account in readers(enquiry)}
    found = next((one for one in subjects.versions_of(account_id) if one in people), None)
    if found is None:
        raise CaseworkError(
            _(
                "letter: nobody was judged to be who is sought, or they did not register "
                "themselves "
                "and so have no place to read it; reach them otherwise."
            )
        )
    return found


def _live() -> QuerySet[Letter]:
    return Letter.objects.filter(undone_at=None)


def _of_case(enquiry: Enquiry) -> Q:
    """Letters of the case, and those that a person judged to be who is sought wrote outside it."""
    return Q(enquiry=enquiry) | Q(
        enquiry=None, account__identity_id__in=Enquiry.objects.filter(
            id=enquiry.id
        ).values("sought__identity_id")
    )  # fmt: skip


def _waits_for_staff() -> Q:
    return Q(to_side=Side.STAFF, seen_at=None) | (_BETWEEN & Q(state=LetterState.WAITING))


def _show(holder: Actor, rows: QuerySet[Letter]) -> list[Opened]:
    letters = list(rows.order_by("-at", "-id"))
    opened = _opened(holder, letters)
    _seen(letters)
    return opened


def _opened(actor: Actor, rows: Sequence[Letter]) -> list[Opened]:
    contents = access.read(actor, Permission.LETTER_READ, rows, purpose=_PURPOSE)
    staff = actor.kind is ActorKind.STAFF
    return [_as_read(row, said, staff) for row, said in zip(rows, contents, strict=True)]


def _content(row: Sealed) -> dict[str, Any]:
    try:
        return sealing.unseal([row])[0]
    except ErasedError:
        return {}


def _line(at: dt.datetime, author: str, to: str, text: str) -> dict[str, Any]:
    when = at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    names = {Side.FOUND.value: "you", Side.SEEKER.value: "who looks for you"}
    return {
        "at": when, "from": names.get(author, author), "to": names.get(to, to), "text": text,
    }  # fmt: skip


def _shown(said: Mapping[str, Any]) -> str:
    return str(said.get("relayed") or said["text"])


def _as_read(row: Letter, said: Mapping[str, Any], staff: bool) -> Opened:
    return Opened(
        row, _shown(said), said["text"] if staff else "", said.get("reason", "") if staff else ""
    )


def _have_it(actor: Actor, enquiry: Enquiry) -> None:
    """The seeker has answered, so their page no longer says that something is needed."""
    waits = SeekerAnswer.objects.filter(enquiry=enquiry, needs_something=True).exists()
    mine = Enquiry.objects.filter(pk=enquiry.pk)
    if waits and access.visible(actor, Permission.ENQUIRY_CHANGE, mine).exists():
        answers.ask_seeker(actor, enquiry.pk, False)


def _seen(rows: Iterable[Letter]) -> None:
    fresh = [row.pk for row in rows if row.seen_at is None]
    if fresh:
        now = timezone.now()
        commits.commit(lambda: Letter.objects.filter(pk__in=fresh).update(seen_at=now))


def _checked(text: str) -> str:
    said = text.strip()
    if not said:
        raise CaseworkError(_("letter: it is empty; write something."))
    if len(said) > MOST_SIGNS:
        raise CaseworkError(
            _("letter: it has %(number)s signs and %(most)s is the most; send it in two.")
            % {"number": len(said), "most": MOST_SIGNS}
        )
    return said


def _audit(actor: Actor, action: str, row: Letter) -> None:
    audit.record(
        actor, action, Resource.of(row), _PURPOSE, subject=row.account_id,
        **({"enquiry": row.enquiry_id} if row.enquiry_id else {}), to=row.to_side,
    )  # fmt: skip
