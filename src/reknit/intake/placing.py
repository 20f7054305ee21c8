"""Put what a message says on a case: as a sighting of the person sought, or as an account of
somebody who was found, with the message as its source.

Rules: a person does it, one act that can be undone (`reknit.intake.desk.undo`); a sighting is a
place in the vault, told to nobody without consent (I1); an account is a new one of the office's
messages, and becomes a candidate like any other, to be reviewed; the source says "messages of" the
office, and the act says which message. The sender's own number is never put on somebody else.

    place(noor, message.id, enquiry.id, [0, 3], As.SIGHTING)
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, searching, vault
from reknit.guard.permissions import Permission
from reknit.intake import desk, enquiries
from reknit.intake.errors import DeskError
from reknit.intake.models import Act, ActKind, Message
from reknit.intake.reading import reading_of
from reknit.language import Fact, FactKind, FactRole
from reknit.records import accounts, sources
from reknit.records.models import Account, AccountKind, Enquiry, Source
from reknit.vocabulary import Actor, LegalBasis, Purpose

PURPOSE = Purpose.FAMILY_TRACING
_ONE = {FactKind.AGE: "age", FactKind.SEX: "sex"}
_WORDS = (FactKind.CONDITION, FactKind.GROUP_SIZE, FactKind.RELATION)


class As(StrEnum):
    """What a fact becomes on a case."""

    SIGHTING = "sighting"
    ACCOUNT = "account"


def place(actor: Actor, message_id: UUID, enquiry_id: UUID, numbers: Sequence[int], as_: As) -> Act:
    """Put the facts with these numbers (in the reading's order) on a case.

    Raises NotPermittedError for the message or the case, DeskError where the facts do not make one.
    """
    opened = desk.open(actor, message_id)
    reading = reading_of(dict(opened.content), "en")
    facts = reading.facts if reading is not None else ()
    if not numbers or any(not 0 <= number < len(facts) for number in numbers):
        raise DeskError(_("choose facts that were found in this message."))
    chosen = [facts[number] for number in numbers]

    def change(message: Message) -> desk.Change:
        enquiry = access.load(
            actor, Permission.ENQUIRY_CHANGE, Enquiry, enquiry_id, purpose=PURPOSE, lock=True
        )
        if enquiry.closed_at is not None or enquiry.removed_at is not None:
            raise DeskError(_("this case is closed; open it again first."))
        source = _source(message)
        columns = {
            **desk._sorted(message), "enquiry_id": enquiry.id, "from_seeker": message.from_seeker
            and message.enquiry_id == enquiry.id,
        }  # fmt: skip
        if as_ is As.SIGHTING:
            made = {"sighting": str(_sighting(enquiry, chosen, message, source))}
            return desk.Change(columns, enquiry, enquiry.sought, made)
        account = _account(chosen, message, source)
        enquiries.look_again(enquiry.id)
        transaction.on_commit(searching.changed)
        return desk.Change(columns, enquiry, account, {"account": str(account.id)})

    return desk.act(actor, message_id, ActKind.PLACE, change)


def content_of(facts: Sequence[Fact]) -> dict[str, str]:
    """A people table's columns out of facts about one person: names one a line, age, sex, what was
    said of them. Places and telephones are the vault's, and not in it.

    >>> content_of([Fact(FactKind.NAME, "Idris", 0, 5, FactRole.FOUND)])
    {'full_name': 'Idris'}
    """
    content: dict[str, str] = {}
    names = dict.fromkeys(fact.value for fact in facts if fact.kind is FactKind.NAME)
    if names:
        content["full_name"] = "\n".join(names)
    for kind, column in _ONE.items():
        value = next((fact.value for fact in facts if fact.kind is kind), "")
        if value:
            content[column] = value
    words = [f"{fact.kind}: {fact.value}" for fact in facts if fact.kind in _WORDS]
    if words:
        content["description"] = "; ".join(dict.fromkeys(words))
    return content


def number_of(message: Message) -> str:
    """How people call a message: the first eight signs of its id."""
    return str(message.pk)[:8].upper()


def _sighting(enquiry: Enquiry, facts: Sequence[Fact], message: Message, source: Source) -> UUID:
    place_named = next((fact.value for fact in facts if fact.kind is FactKind.PLACE), None)
    if place_named is None:
        raise DeskError(_("a sighting needs a place; choose one that the message names."))
    day = next((fact.value for fact in facts if fact.kind is FactKind.DATE), None)
    at = day or message.received_at
    return vault.put_sighting(enquiry.sought_id, place_named, at, source.id)


def _account(facts: Sequence[Fact], message: Message, source: Source) -> Account:
    content = content_of(facts)
    if "full_name" not in content:
        raise DeskError(
            _("an account of a person needs a name; choose one that the message names.")
        )
    content |= {
        "person_record_id": f"message-{number_of(message)}",
        "source_date": message.received_at.date().isoformat(),
    }
    (account,) = accounts.add(
        [content], kind=AccountKind.FOUND, source=source, office=message.office, at=timezone.now()
    )
    place_named = next((fact.value for fact in facts if fact.kind is FactKind.PLACE), "")
    phones = [
        fact.value
        for fact in facts
        if fact.kind is FactKind.PHONE and fact.role is not FactRole.SENDER
    ]
    elsewhere = {
        "last_known_location": place_named,
        "phones": "\n".join(phones),
        "at": content["source_date"],
        "source_id": str(source.id),
    }
    vault.put([account.id], [elsewhere])
    return account


def _source(message: Message) -> Source:
    return sources.find_or_add(
        f"Messages of {message.office.name}", message.office, legal_basis=LegalBasis.PUBLIC_INTEREST
    )
