"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_it_has_a_migration_for_every_model() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
