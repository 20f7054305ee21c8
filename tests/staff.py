"""Members of staff for the tests on a database: two offices, one of each role in each.

from tests.staff import offices, staff
noor = staff(Role.CASEWORKER)              # of the office Nord
other = staff(Role.CASEWORKER, "Sud")
"""

from __future__ import annotations

from reknit.records.models import Office, User
from reknit.vocabulary import Role

NORD, SUD = "Nord", "Sud"


def office(name: str = NORD) -> Office:
    """The office of that name."""
    return Office.objects.get_or_create(name=name)[0]


def staff(role: Role, office_name: str = NORD) -> User:
    """The member of staff with this role in this office (an administrator belongs to none)."""
    email = f"{role.value}@{office_name.lower()}.example"
    found = User.objects.filter(email=email).first()
    if found is not None:
        return found
    place = None if role is Role.ADMINISTRATOR else office(office_name)
    return User.objects.create_user(email, role, place)


def noor() -> User:
    """The caseworker of the standing cast."""
    return staff(Role.CASEWORKER)
