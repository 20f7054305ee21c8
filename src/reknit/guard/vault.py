"""The vault: where people are and how they are reached. Nothing else opens its rows.

Rules: each row has a data key of its own; rows are added, never changed; what is put in comes out
through `reknit.guard.disclosure` (and, for the person's own copy, `reknit.guard.rights`) alone.
`phones_for_index` answers the keeper process, which holds the search index in memory and tells no
number to anybody. tests/boundaries/test_vault.py holds all code to that.

    vault.put_senders([{"channel": "sms", "address": "+…"}, …])
    vault.put(account_ids, [{"last_known_location": "…", "phones": "…", "at": "2026-11-20"}, …])
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from reknit.guard.models.vault import Contact, Sender, Whereabouts
from reknit.sealing import records
from reknit.sealing.bulk import insert
from reknit.sealing.errors import ErasedError
from reknit.sealing.holders import current_holder
from reknit.sealing.models import DataKey, Sealed
from reknit.standardise.dates import standardise_source_date

PLACE_COLUMN = "last_known_location"
CONTACT_COLUMNS = ("phones", "email", "how_to_reach")
COLUMNS = frozenset({PLACE_COLUMN, *CONTACT_COLUMNS})
_AT_ONCE = 1000

_Row = TypeVar("_Row", bound=Sealed)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the vault says about one account, latest first, and the rows that say it."""

    values: list[dict[str, Any]]
    rows: list[str]


def put(account_ids: Sequence[UUID], contents: Sequence[Mapping[str, Any]]) -> int:
    """Keep what lists or desks said of accounts; to be called in the caller's transaction.

    Each content may hold `last_known_location`, `phones`, `email`, `how_to_reach` (text), `at`
    (when the person was there: ISO 8601 text, date or time) and `source_id`. Empty ones are left
    out. Returns the number of rows written. Raises LockedError, ValueError for other lengths.
    """
    now = timezone.now()
    places: list[tuple[Whereabouts, dict[str, Any]]] = []
    contacts: list[tuple[Contact, dict[str, Any]]] = []
    for account_id, content in zip(account_ids, contents, strict=True):
        place = content.get(PLACE_COLUMN)
        if place:
            sighting = Whereabouts(
                account_id=account_id,
                source_id=content.get("source_id"),
                at=_time(content.get("at")),
                added_at=now,
            )
            places.append((sighting, {"place": place}))
        reached = {name: content[name] for name in CONTACT_COLUMNS if content.get(name)}
        if reached:
            contacts.append((Contact(account_id=account_id, added_at=now), reached))
    records.seal(
        [row for row, _ in [*places, *contacts]], [what for _, what in [*places, *contacts]]
    )
    insert([row for row, _ in places])
    insert([row for row, _ in contacts])
    return len(places) + len(contacts)


def put_seeker_contact(enquiry_id: UUID, content: Mapping[str, Any]) -> None:
    """Keep how the maker of an enquiry is reached. Raises LockedError."""
    reached = {name: content[name] for name in CONTACT_COLUMNS if content.get(name)}
    row = Contact(enquiry_id=enquiry_id, added_at=timezone.now())
    if reached:
        records.seal([row], [reached])
        row.save(force_insert=True)


def put_senders(said: Sequence[Mapping[str, str]]) -> list[UUID]:
    """Keep who wrote messages; to be called in the caller's transaction.

    Each says `channel`, `address` (a number, a mailbox) and may say `name`. The same address on
    the same channel is the same sender. Returns their ids, one for each. Raises LockedError.
    """
    digests = current_holder().digest(
        "sender", [f"{one['channel']}|{_plain_address(one['address'])}".encode() for one in said]
    )
    known = dict(Sender.objects.filter(digest__in=digests).values_list("digest", "id"))
    found = {bytes(digest): row_id for digest, row_id in known.items()}
    fresh: dict[bytes, tuple[Sender, dict[str, str]]] = {}
    for digest, one in zip(digests, said, strict=True):
        if digest not in found:
            content = {name: one[name] for name in ("channel", "address", "name") if one.get(name)}
            fresh.setdefault(digest, (Sender(digest=digest, added_at=timezone.now()), content))
    records.seal([row for row, _ in fresh.values()], [content for _, content in fresh.values()])
    insert([row for row, _ in fresh.values()])
    found |= {digest: row.id for digest, (row, _) in fresh.items()}
    return [found[digest] for digest in digests]


def put_sighting(account_id: UUID, place: str, at: object, source_id: UUID) -> UUID:
    """Keep that somebody said where a person was; the row's id, to take it back by."""
    sighting = Whereabouts(
        account_id=account_id, source_id=source_id, at=_time(at), added_at=timezone.now()
    )
    records.seal([sighting], [{"place": place}])
    sighting.save(force_insert=True)
    return sighting.id


def take_sighting_back(row_id: UUID) -> None:
    """Undo `put_sighting`: the row goes, and its key with it."""
    rows = Whereabouts.objects.filter(id=row_id)
    DataKey.objects.filter(id__in=list(rows.values_list("key_id", flat=True))).delete()
    rows.delete()


def phones_for_index(account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The telephone numbers of each account, one a line: all of the vault that the search index
    compares; whereabouts stay out of it.

    For the keeper process only. Accounts that the vault knows no number of, or whose keys were
    erased, are absent. Raises LockedError.
    """
    found: dict[UUID, str] = {}
    for part in _parts(account_ids):
        contacts = list(Contact.objects.filter(account_id__in=part).order_by("added_at"))
        for contact, said in _unsealed(contacts):
            if contact.account_id is not None and said.get("phones"):
                found[contact.account_id] = str(said["phones"])
    return found


def forget(account_ids: Sequence[UUID]) -> None:
    """Drop rows and keys of accounts that never became visible (an import that was interrupted)."""
    for part in _parts(account_ids):
        rows = [
            *Whereabouts.objects.filter(account_id__in=part),
            *Contact.objects.filter(account_id__in=part),
        ]
        DataKey.objects.filter(id__in=[row.key_id for row in rows]).delete()
        Whereabouts.objects.filter(account_id__in=part).delete()
        Contact.objects.filter(account_id__in=part).delete()


def _open_places(account_ids: Sequence[UUID]) -> Opened:
    """Where one person was seen, by the versions of an account: {place, at}, latest first."""
    rows = list(Whereabouts.objects.filter(account_id__in=account_ids))
    opened = _unsealed(sorted(rows, key=_when, reverse=True))
    return Opened(
        [{"place": said["place"], "at": _iso(row.at)} for row, said in opened],
        [str(row.id) for row, _ in opened],
    )


def _open_contact(account_ids: Sequence[UUID]) -> Opened:
    """How one person is reached, the latest that was said."""
    opened = _open_contacts(account_ids)
    return Opened(opened.values[:1], opened.rows[:1])


def _open_contacts(account_ids: Sequence[UUID]) -> Opened:
    """How one person is or was reached, all that was said, the latest first."""
    rows = list(Contact.objects.filter(account_id__in=account_ids).order_by("-added_at"))
    opened = _unsealed(rows)
    return Opened([said for _, said in opened], [str(row.id) for row, _ in opened])


def _rows(row_ids: Sequence[UUID]) -> list[Sealed]:
    """Sightings by their ids, still sealed. For guard.retention."""
    return list(Whereabouts.objects.filter(id__in=row_ids))


def _added_before(cutoff: dt.datetime, but_of: QuerySet[Any]) -> list[UUID]:
    """Ids of sightings written down before a time, but for those of some accounts."""
    rows = Whereabouts.objects.filter(added_at__lt=cutoff).exclude(account__in=but_of)
    return list(rows.order_by("id").values_list("id", flat=True))


def _seen_since(cutoff: dt.datetime) -> QuerySet[Any]:
    """Ids of accounts of which the vault was told something since a time."""
    return Whereabouts.objects.filter(added_at__gte=cutoff).values("account_id")


def _open_seeker_contact(enquiry_id: UUID) -> Opened:
    """How the maker of an enquiry is reached."""
    rows = list(Contact.objects.filter(enquiry_id=enquiry_id).order_by("-added_at"))
    opened = _unsealed(rows)[:1]
    return Opened([said for _, said in opened], [str(row.id) for row, _ in opened])


def _open_sender(sender_id: UUID) -> Opened:
    """Who wrote a message: {channel, address, name}."""
    opened = _unsealed(list(Sender.objects.filter(id=sender_id)))
    return Opened([said for _, said in opened], [str(row.id) for row, _ in opened])


def _senders(but_of: QuerySet[Any], before: dt.datetime) -> list[UUID]:
    """Ids of senders, kept before a time, but for those of a query."""
    rows = Sender.objects.filter(added_at__lt=before).exclude(id__in=but_of)
    return list(rows.order_by("id").values_list("id", flat=True))


def _sender_rows(row_ids: Sequence[UUID]) -> list[Sealed]:
    """Senders by their ids, still sealed. For guard.retention."""
    return list(Sender.objects.filter(id__in=row_ids))


def _plain_address(address: str) -> str:
    """An address without what people write differently: case, spaces, signs between digits."""
    text = "".join(sign for sign in address.casefold() if not sign.isspace())
    return text if "@" in text else "".join(sign for sign in text if sign not in "()-./")


def _unsealed(rows: Sequence[_Row]) -> list[tuple[_Row, dict[str, Any]]]:
    """Each row that can still be read, with what it says; erased ones are left out."""
    try:
        return list(zip(rows, records.unseal(rows), strict=True))
    except ErasedError:
        kept = set(
            DataKey.objects.filter(id__in=[row.key_id for row in rows]).values_list("id", flat=True)
        )
        rows = [row for row in rows if row.key_id in kept]
        return list(zip(rows, records.unseal(rows), strict=True))


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _when(row: Whereabouts) -> tuple[bool, dt.datetime]:
    """Sightings with a time after those without, by time; of one time, as they were added."""
    return row.at is not None, row.at or row.added_at


def _time(said: object) -> dt.datetime | None:
    """A moment out of a time, a day or its ISO 8601 text; None when it says none."""
    if isinstance(said, str):
        text = said.strip()
        try:
            said = dt.datetime.fromisoformat(text)
        except ValueError:
            said = standardise_source_date(text)
    if isinstance(said, dt.datetime):
        return said if said.tzinfo else said.replace(tzinfo=dt.UTC)
    if isinstance(said, dt.date):
        return dt.datetime(said.year, said.month, said.day, tzinfo=dt.UTC)
    return None


def _iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()
