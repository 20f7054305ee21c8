"""People in the records, for guard's tests: accounts, sealed, and enquiries about them.

from tests.guard.people import account, enquiry
idris = account("Nord")
case = enquiry("Nord", assigned_to=noor())
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from reknit.records.models import Account, Enquiry, Source, User
from reknit.sealing import records
from tests.cast import IDRIS_FOUND
from tests.staff import NORD, office


def accounts(
    number: int,
    office_name: str = NORD,
    content: Mapping[str, str] = IDRIS_FOUND,
    kind: str = "found",
) -> list[Account]:
    """So many accounts of so many people, stored."""
    place = office(office_name)
    source = Source.objects.get_or_create(name=f"Desk of {office_name}", office=place)[0]
    rows = []
    for _ in range(number):
        row = Account(kind=kind, source=source, office=place)
        row.identity_id = row.id
        rows.append(row)
    records.seal(rows, [{**content, "person_record_id": str(row.id)} for row in rows])
    return list(Account.objects.bulk_create(rows))


def account(office_name: str = NORD, content: Mapping[str, str] = IDRIS_FOUND) -> Account:
    """One account of one person, stored."""
    return accounts(1, office_name, content)[0]


def enquiry(office_name: str = NORD, assigned_to: User | None = None) -> Enquiry:
    """An open enquiry about a person of its own, stored."""
    sought = accounts(1, office_name, kind="sought")[0]
    row = Enquiry(office=office(office_name), assigned_to=assigned_to, sought=sought)
    records.seal([row], [{"seeker_name": "Amal Haddad", "relationship": "sister"}])
    row.save()
    return row


def no_id() -> str:
    """An id that no row has."""
    return str(uuid.uuid4())
