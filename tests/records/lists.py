"""Lists as imports bring them, for the tests of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from reknit.records import accounts, sources
from reknit.records.models import Account, AccountKind, Batch, BatchState
from reknit.sealing import records as sealing
from reknit.vocabulary import Purpose
from tests.staff import noor, office

Row = Mapping[str, str]


def a_batch(source_name: str = "Port of Zuwara", version: int = 1) -> Batch:
    """An import that has begun."""
    place = office()
    batch = Batch(
        source=sources.find_or_add(source_name, place),
        kind=AccountKind.FOUND,
        office=place,
        imported_by=noor(),
        purpose=Purpose.REGISTRATION.value,
        content_digest=b"",
        list_version=version,
    )
    sealing.seal([batch], [{}])
    batch.save()
    return batch


def listed(rows: Sequence[Row], source_name: str = "Port of Zuwara", version: int = 1) -> Batch:
    """A list that was imported."""
    batch = a_batch(source_name, version)
    accounts.stage(rows, batch, timezone.now())
    accounts.show(batch)
    batch.state = BatchState.DONE
    batch.save()
    return batch


def found(rows: Sequence[Row], source_name: str = "Port of Zuwara") -> list[Account]:
    """The accounts of a new list, in the rows' order."""
    batch = listed(rows, source_name)
    made = list(Account.objects.filter(batch=batch))
    order = {row["person_record_id"]: place for place, row in enumerate(rows)}
    said = dict(zip(made, sealing.unseal(made), strict=True))
    return sorted(made, key=lambda account: order[said[account]["person_record_id"]])
