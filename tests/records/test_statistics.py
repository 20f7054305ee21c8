"""The database knows how its rows are spread, and looks accounts up by their ids."""

from __future__ import annotations

import pytest
from django.db import connection

from reknit.records import accounts, statistics
from reknit.records.models import Account
from tests.cast import crowd
from tests.intake.test_imports import take

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_list_that_came_in_leaves_the_database_knowing_how_many_there_are() -> None:
    take(crowd())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(CAST(stat AS integer)) FROM sqlite_stat1 WHERE tbl = %s",
                           [Account._meta.db_table])  # fmt: skip
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s",
                           [Account._meta.db_table])  # fmt: skip
        (known,) = cursor.fetchone()
    assert known == len(crowd())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL gathers by itself")
def test_accounts_are_looked_up_by_id_though_none_of_them_was_superseded() -> None:
    """At 100,000 people each such question walked through all of them, for a tenth of a second."""
    take(crowd())
    statistics.gather()
    ids = list(Account.objects.values_list("id", flat=True)[:5])
    assert "(id=?)" in accounts.current().filter(id__in=ids).explain()
