"""The columns of a people table, in the contract's order; names are PFIF 1.4's where it has one."""

from __future__ import annotations

from typing import Final

PEOPLE_COLUMNS: Final = (
    "person_record_id",
    "full_name",
    "given_name",
    "family_name",
    "alternate_names",
    "sex",
    "date_of_birth",
    "age",
    "source_date",
    "source_name",
    "home_street",
    "home_neighborhood",
    "home_city",
    "home_state",
    "home_postal_code",
    "home_country",
    "last_known_location",
    "phones",
    "identifiers",
    "relatives",
    "group_id",
    "description",
)
NAME_COLUMNS: Final = ("full_name", "given_name", "family_name", "alternate_names")
MANY_VALUED: Final = frozenset(
    {"full_name", "alternate_names", "phones", "identifiers", "relatives"}
)
"""Columns whose cells may hold several values, one a line."""
