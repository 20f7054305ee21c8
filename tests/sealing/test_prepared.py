"""A question that is built once says what Django's own query says, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Exists, F, OuterRef, QuerySet

from reknit.guard.models import Revealed
from reknit.records.models import Office, User
from reknit.sealing.models import DataKey
from reknit.sealing.prepared import TOGETHER, Prepared, filled
from reknit.vocabulary import Role
from tests.staff import noor, office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, 30, 0, 123_456, tzinfo=UTC)


def _revealed(user_id: int, day: date, since: datetime, *people: UUID) -> QuerySet[Revealed]:
    return Revealed.objects.filter(
        user_id=user_id, day=day, at__gte=since, person_id__in=people
    ).order_by("at")


def test_it_finds_what_the_query_finds_for_each_kind_of_value() -> None:
    people = [uuid4() for _ in range(3)]
    for n, person in enumerate(people):
        Revealed.objects.create(
            user_id=7, day=TODAY, person_id=person, at=NOW + timedelta(minutes=n),
            opened_off_case=n == 1,
        )  # fmt: skip
    asked = Prepared(_revealed, int, date, datetime, UUID, UUID)
    for values in [
        (7, TODAY, NOW, people[0], people[2]),
        (7, TODAY, NOW + timedelta(minutes=1), people[0], people[2]),
        (7, TODAY, NOW, people[1], people[1]),
        (8, TODAY, NOW, people[0], people[1]),
        (7, TODAY - timedelta(days=1), NOW, people[0], people[1]),
    ]:
        wanted = list(_revealed(*values))
        found = asked.all(*values)
        assert found == wanted
        fields = [field.attname for field in Revealed._meta.concrete_fields]
        assert [[getattr(row, name) for name in fields] for row in found] == [
            [getattr(row, name) for name in fields] for row in wanted
        ]


def test_a_row_of_it_can_be_changed_and_saved() -> None:
    place = office()
    asked: Prepared[Office] = Prepared(lambda name: Office.objects.filter(name=name), str)
    found = asked.first(place.name)
    assert found is not None
    found.name = "Port"
    found.save()
    assert Office.objects.get(pk=place.pk).name == "Port"


def test_related_rows_and_annotations_come_along(django_assert_num_queries: Any) -> None:
    noor()
    User.objects.create_user("admin@nord.example", Role.ADMINISTRATOR, None)

    def staff(role: str) -> QuerySet[User]:
        others = User.objects.filter(office=OuterRef("office")).exclude(pk=OuterRef("pk"))
        rows = User.objects.filter(role=role).select_related("office")
        return rows.annotate(alone=~Exists(others), twice=F("id") * 2)

    asked = Prepared(staff, str)
    for role in (Role.CASEWORKER, Role.ADMINISTRATOR, Role.DESK):
        wanted = list(staff(role))
        with django_assert_num_queries(1):
            found = asked.all(role)
            assert [(u.pk, u.office and u.office.name, u.alone, u.twice) for u in found] == [
                (u.pk, u.office and u.office.name, u.alone, u.twice) for u in wanted
            ]


def test_values_come_as_tuples_or_alone() -> None:
    place = office()

    def names(pk: int) -> QuerySet[Office, tuple[Any, ...]]:
        return Office.objects.filter(pk=pk).values_list("pk", "name")

    assert Prepared(names, int).all(place.pk) == list(names(place.pk)) == [(place.pk, place.name)]
    alone = Prepared(lambda pk: Office.objects.filter(pk=pk).values_list("name", flat=True), int)
    assert alone.all(place.pk) == [place.name]


def test_values_by_name_are_refused() -> None:
    asked = Prepared(lambda pk: Office.objects.filter(pk=pk).values("name"), int)
    with pytest.raises(TypeError, match="values_list"):
        asked.all(1)


def test_it_asks_the_key_store_for_what_is_there() -> None:
    key = DataKey.objects.create(ring_version=1, wrapped=b"\0\xff")
    asked = Prepared(lambda one: DataKey.objects.filter(id=one), UUID)
    (found,) = asked.all(key.id)
    assert (found.id, bytes(found.wrapped)) == (key.id, b"\0\xff")


def test_nothing_matches_a_query_that_can_match_nothing_or_a_value_that_is_not_there() -> None:
    office()
    assert Prepared(lambda pk: Office.objects.none().filter(pk=pk), int).all(1) == []
    asked = Prepared(lambda pk: Office.objects.filter(pk=pk), int)
    assert asked.first(987_654) is None
    assert asked.first(None) is None


def test_a_row_named_like_a_stand_in_is_nobodys() -> None:
    """A stand-in that stays in the query would match whom it names."""
    names = Prepared(lambda name: Office.objects.filter(name=name), str)
    office()
    assert names.all("stand-in") == []
    assert Prepared(lambda a, b: Office.objects.filter(name=a), str, str).all("x", "y") == []


def test_it_is_built_once() -> None:
    built: list[int] = []

    def counted(pk: int) -> QuerySet[Office]:
        built.append(pk)
        return Office.objects.filter(pk=pk)

    asked = Prepared(counted, int)
    place = office()
    assert [asked.first(place.pk), asked.first(987_654)] == [place, None]
    before = len(built)
    assert asked.first(place.pk) == place
    assert len(built) == before
    assert place.pk not in built


def test_it_takes_what_it_says_it_takes() -> None:
    with pytest.raises(TypeError, match="float"):
        Prepared(lambda n: Office.objects.filter(pk=n), float)
    with pytest.raises(TypeError, match="1 values"):
        Prepared(lambda n: Office.objects.filter(pk=n), int).all(1, 2)


def test_a_list_of_any_length_is_asked_in_lists_of_one_length() -> None:
    for count in (0, 1, 2, TOGETHER, TOGETHER + 1, 3 * TOGETHER):
        lists = list(filled(range(count)))
        assert {n for some in lists for n in some} == set(range(count))
        assert {len(some) for some in lists} <= ({1} if count == 1 else {TOGETHER})
