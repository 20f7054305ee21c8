"""Numbers reach the database whole, wherever a query computes with them."""

from __future__ import annotations

import pytest
from django.db.models import BigIntegerField, F, Value

from reknit.guard.models import Head

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.mark.parametrize(
    "number", [0, -1, 1 << 15, (1 << 31) - 1, 1 << 31, -(1 << 31) - 1, 5_000_000_000, 1 << 62]
)
def test_what_is_added_or_asked_for_is_not_cut(number: int) -> None:
    Head.objects.update_or_create(id=1, defaults={"at_us": 7})
    sums = Head.objects.annotate(
        less=F("at_us") - number, more=F("at_us") + Value(number, BigIntegerField())
    ).values_list("less", "more")
    for _ in range(4):  # asked again, it is planned once
        assert list(sums) == [(7 - number, 7 + number)]
    assert Head.objects.filter(at_us__gt=F("at_us") - number).exists() is (number > 0)
    assert Head.objects.filter(id=number).exists() is (number == 1)
