"""Everything held about one person, as a file that they can read (GDPR article 15).

Rules: it says what each source said, where the person was seen and how they are reached, what they
agreed to and refused, what was decided in their place, to whom anything was told, who read it and
why, and how long it is kept; it does not name those who seek them, nor members of staff: they are
people too. It is one page without a script or a request, and the same as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined

from reknit.guard import rules_file, vault
from reknit.guard.models import Block, Consent, Disclosure, Entry, SubjectRequest, VitalInterest
from reknit.records.models import Account, Document, Enquiry, Judgement, Office
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import Sealed
from reknit.vocabulary import Recipient, RecipientKind

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AccessFile:
    """What the person is given: a page to read, and the same for a machine.

    rows: ids of what the vault says in it.
    """

    html: str
    json: str
    rows: tuple[str, ...]


Letters = Callable[[Sequence[UUID]], Iterable[Said]]
_letters: list[Letters] = []


def declare_letters(letters: Letters) -> None:
    """Say what the person of some accounts wrote and was written: at, from, to, text. For rooms
    above guard, when they are loaded."""
    _letters.append(letters)


def gather(account_ids: Sequence[UUID], at: dt.datetime) -> AccessFile:
    """The file about the person of these accounts. Raises LockedError, TamperedError."""
    places, contacts = vault._open_places(account_ids), vault._open_contacts(account_ids)
    said = _everything(account_ids, at, places.values, contacts.values)
    page = _pages().get_template("access.html").render(said=said)
    text = json.dumps(said, ensure_ascii=False, indent=2)
    return AccessFile(page, text, (*places.rows, *contacts.rows))


def _everything(
    ids: Sequence[UUID], at: dt.datetime, places: list[Said], contacts: list[Said]
) -> Said:
    return {
        "made_at": _when(at),
        "records": list(_records(ids)),
        "whereabouts": places,
        "contact": contacts,
        "consents": list(_consents(ids)),
        "decisions": list(_decisions(ids)),
        "blocks": list(_blocks(ids)),
        "told": list(_told(ids)),
        "documents": list(_documents(ids)),
        "letters": [said for letters in _letters for said in letters(ids)],
        "judgements": list(_judgements(ids)),
        "searched_for": list(_searched_for(ids)),
        "requests": list(_requests(ids)),
        "read_by": list(_read_by(ids)),
        "kept": list(_kept(ids)),
    }


def _records(ids: Sequence[UUID]) -> Iterable[Said]:
    rows = Account.objects.filter(id__in=ids).select_related("source", "office")
    for row in rows.order_by("created_at", "version"):
        yield {
            "as": row.kind,
            "source": row.source.name,
            "legal_basis": row.source.legal_basis,
            "office": row.office.name,
            "version": row.version,
            "added_at": _when(row.created_at),
            "taken_out_at": _when(row.removed_at),
            "says": _content(row),
        }


def _consents(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in Consent.objects.filter(account__in=ids).order_by("at"):
        yield {
            "answer": row.answer,
            "to_tell": row.scope,
            "to": _recipient(row.recipient),
            "for": row.purpose,
            "given_by": row.given_by,
            "how": row.how,
            "at": _when(row.at),
            "until": _when(row.until),
            "withdrawn_at": _when(row.withdrawn_at),
            "said": _content(row),
        }


def _decisions(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in VitalInterest.objects.filter(account__in=ids).order_by("at"):
        yield {
            "because": row.because,
            "to_tell": row.scope,
            "to": _recipient(row.recipient),
            "at": _when(row.at),
            "until": _when(row.until),
            "ended_at": _when(row.ended_at),
            "reason": _content(row).get("reason"),
        }


def _blocks(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in Block.objects.filter(account__in=ids).order_by("at"):
        yield {"at": _when(row.at), "lifted_at": _when(row.lifted_at), "whom": _content(row)}


def _told(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in Disclosure.objects.filter(account__in=ids).order_by("at"):
        yield {
            "what": row.scope,
            "to": _recipient(row.recipient),
            "for": row.purpose,
            "on": row.legal_basis,
            "at": _when(row.at),
        }


def _documents(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in Document.objects.filter(account__in=ids).order_by("added_at"):
        title = _content(row).get("title")
        yield {"title": title, "kind": row.media_type, "bytes": row.size,
               "added_at": _when(row.added_at), "taken_out_at": _when(row.removed_at)}  # fmt: skip


def _judgements(ids: Sequence[UUID]) -> Iterable[Said]:
    """Which records were held to be one person: the verdicts, not what was written about others."""
    rows = Judgement.objects.filter(one__in=ids) | Judgement.objects.filter(other__in=ids)
    for row in rows.order_by("at"):
        yield {"verdict": row.verdict, "at": _when(row.at), "undone_at": _when(row.undone_at),
               "confirmed_at": _when(row.confirmed_at), "probability": row.probability}  # fmt: skip


def _searched_for(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in Enquiry.objects.filter(sought__in=ids).order_by("created_at"):
        yield {"since": _when(row.created_at), "closed_at": _when(row.closed_at),
               "by_a": _content(row).get("relationship")}  # fmt: skip


def _requests(ids: Sequence[UUID]) -> Iterable[Said]:
    for row in SubjectRequest.objects.filter(accounts__in=ids).distinct().order_by("opened_at"):
        yield {"kind": row.kind, "at": _when(row.opened_at), "state": row.state,
               "answered_at": _when(row.answered_at), "said": _content(row)}  # fmt: skip


def _read_by(ids: Sequence[UUID]) -> Iterable[Said]:
    """Who read or changed it: the role and office, not the name; what, why and when."""
    offices = dict(Office.objects.values_list("id", "name"))
    rows = Entry.objects.filter(subject_id__in=[str(account_id) for account_id in ids])
    for row in rows.order_by("seq"):
        who = row.role or row.actor_kind
        yield {"at": _when(row.at), "who": who, "office": offices.get(row.office_id or 0),
               "did": row.action, "for": row.purpose}  # fmt: skip


def _kept(ids: Sequence[UUID]) -> Iterable[Said]:
    categories = set(
        Account.objects.filter(id__in=ids).values_list("source__retention_category", flat=True)
    )
    for rule in rules_file.current().rules:
        if not rule.categories or categories & set(rule.categories):
            yield {"what": rule.what, "days": rule.days, "counted_from": rule.counted_from,
                   "because": rule.because}  # fmt: skip


def _recipient(text: str) -> str:
    """Who was told, without their name: "a seeker (sister)"."""
    recipient = Recipient.read(text)
    if recipient.kind is RecipientKind.OFFICE:
        office = Office.objects.filter(id=recipient.id).first()
        return f"office {office.name if office else recipient.id}"
    if recipient.kind is RecipientKind.PARTNER:
        return f"partner {recipient.id}"
    if recipient.kind in {RecipientKind.SEEKER, RecipientKind.ASSIGNED_STAFF}:
        enquiry = Enquiry.objects.filter(id=recipient.id).first()
        relation = _content(enquiry).get("relationship") if enquiry is not None else None
        who = "a seeker" if recipient.kind is RecipientKind.SEEKER else "staff, to ask you, for one"
        return f"{who} ({relation})" if relation else who
    return recipient.kind.value


def _content(row: Sealed) -> Mapping[str, Any]:
    try:
        return records.unseal([row])[0]
    except ErasedError:
        return {}


def _when(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


@cache
def _pages() -> Environment:
    return Environment(
        loader=PackageLoader("reknit.guard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
