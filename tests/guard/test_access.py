"""A record in hand is a permitted one, and an opened one is in the audit."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.db.models import Q, QuerySet

from reknit.guard import access, scoping
from reknit.guard.errors import NotPermittedError, UndeclaredError
from reknit.guard.models import Entry, Head
from reknit.guard.permissions import Permission, Scope
from reknit.guard.scoping import rows_of
from reknit.guard.standing import Standing, standing
from reknit.records.models import Account, Enquiry
from reknit.vocabulary import PUBLIC, SYSTEM, Purpose, Role
from tests.cast import IDRIS_FOUND
from tests.guard.people import account, accounts, enquiry, no_id
from tests.staff import NORD, SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TRACING = Purpose.FAMILY_TRACING


def _last() -> Entry:
    return Entry.objects.latest("seq")


def test_it_opens_what_the_office_holds_and_says_so_in_the_audit() -> None:
    actor, idris = noor().as_actor(), account()
    (content,) = access.read(actor, Permission.ACCOUNT_READ, [idris], purpose=TRACING)
    assert content["full_name"] == IDRIS_FOUND["full_name"]
    entry = _last()
    assert (entry.action, entry.kind) == ("account:read", "account")
    assert (entry.user_id, entry.office_id) == (actor.user_id, actor.office_id)
    assert entry.resource_id == entry.subject_id == str(idris.pk)
    assert entry.purpose == "family_tracing"


def test_it_gives_contents_in_the_order_that_was_asked() -> None:
    rows = accounts(5)
    asked = [rows[3], rows[0], rows[4]]
    opened = access.read(noor().as_actor(), Permission.ACCOUNT_READ, asked, purpose=TRACING)
    assert [c["person_record_id"] for c in opened] == [str(row.pk) for row in asked]


def test_it_refuses_another_offices_record_as_if_it_were_not_there() -> None:
    actor = noor().as_actor()
    refused = []
    for pk in (account(SUD).pk, no_id(), "Idris", None):
        with pytest.raises(NotPermittedError) as told:
            access.load(actor, Permission.ACCOUNT_READ, Account, pk, purpose=TRACING)
        refused.append(str(told.value))
    assert len(set(refused)) == 1


def test_it_refuses_all_when_one_of_many_is_not_permitted() -> None:
    rows = [account(), account(SUD)]
    with pytest.raises(NotPermittedError):
        access.read(noor().as_actor(), Permission.ACCOUNT_READ, rows, purpose=TRACING)
    assert not Entry.objects.filter(action="account:read").exists()


def test_a_refusal_is_audited_without_what_was_typed() -> None:
    actor = noor().as_actor()
    with pytest.raises(NotPermittedError):
        access.load(actor, Permission.ACCOUNT_READ, Account, "Idris Haddad", purpose=TRACING)
    entry = _last()
    assert entry.action == "account:read:refused"
    assert entry.resource_id == "no_id"
    assert "not_permitted" in entry.detail


def test_an_assigned_case_opens_across_offices() -> None:
    case = enquiry(SUD, assigned_to=noor())
    loaded = access.load(
        noor().as_actor(), Permission.ENQUIRY_CHANGE, Enquiry, case.pk, purpose=TRACING
    )
    assert loaded == case
    sought = access.load(
        noor().as_actor(), Permission.ACCOUNT_READ, Account, case.sought_id, purpose=TRACING
    )
    assert sought.pk == case.sought_id


def test_a_caseworker_changes_only_their_own_cases() -> None:
    case = enquiry(NORD, assigned_to=staff(Role.SUPERVISOR))
    with pytest.raises(NotPermittedError):
        access.load(noor().as_actor(), Permission.ENQUIRY_CHANGE, Enquiry, case.pk, purpose=TRACING)


def test_an_administrator_sees_no_person() -> None:
    actor = staff(Role.ADMINISTRATOR).as_actor()
    account()
    enquiry()
    for permission in Permission:
        for model in (Account, Enquiry):
            if permission.resource in {"account", "enquiry", "candidate", "import", "document"}:
                assert not access.visible(actor, permission, model.objects.all()).exists()


def test_staff_without_an_office_hold_no_offices_rows() -> None:
    """`office = NULL` in a filter would match rows that have none."""
    actor = staff(Role.CASEWORKER)
    actor.office = None
    account()
    assert not access.visible(
        actor.as_actor(), Permission.ACCOUNT_READ, Account.objects.all()
    ).exists()


def test_it_denies_models_that_nobody_declared() -> None:
    with pytest.raises(UndeclaredError, match="Head: nobody is shown"):
        access.visible(noor().as_actor(), Permission.ACCOUNT_READ, Head.objects.all())


def test_the_public_is_refused_without_an_entry() -> None:
    with pytest.raises(NotPermittedError):
        access.load(PUBLIC, Permission.ACCOUNT_READ, Account, account().pk, purpose=TRACING)
    assert not Entry.objects.exists()


def test_jobs_read_and_are_audited_too() -> None:
    access.read(SYSTEM, Permission.ACCOUNT_READ, [account()], purpose=TRACING)
    assert _last().actor_kind == "system"


def test_whereabouts_are_for_asking_the_person_only() -> None:
    actor = noor().as_actor()
    access.require(actor, Permission.WHEREABOUTS_READ, purpose=Purpose.ASK_THE_PERSON)
    with pytest.raises(NotPermittedError):
        access.require(actor, Permission.WHEREABOUTS_READ, purpose=TRACING)


@pytest.mark.parametrize("role", Role)
def test_one_row_stands_as_the_list_says(role: Role) -> None:
    """`load` and `read` ask a query that was prepared; lists are built anew. They never differ."""
    user = staff(role)
    rows = [account(NORD), account(SUD)]
    mine = enquiry(SUD, assigned_to=user)
    enquiry(NORD, assigned_to=noor())
    enquiry(SUD)
    for asker in (user.as_actor(), PUBLIC, SYSTEM):
        for scope in Scope:
            for model, ids in (
                (Account, [*(row.pk for row in rows), mine.sought_id]),
                (Enquiry, list(Enquiry.objects.values_list("pk", flat=True))),
            ):
                allowed = rows_of(model, asker, scope)
                listed = model.objects.all() if allowed is None else model.objects.filter(allowed)
                stands = {pk for pk in ids if standing(model, scope, asker, pk) is not None}
                assert stands == set(listed.filter(pk__in=ids).values_list("pk", flat=True))


def test_a_rule_that_is_declared_later_holds_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    actor, elsewhere = noor().as_actor(), account(SUD)
    assert standing(Account, Scope.CASE, actor, elsewhere.pk) is None
    rules = {**scoping._case_rules, Account: list(scoping._case_rules[Account])}
    monkeypatch.setattr(scoping, "_case_rules", rules)
    scoping.declare_case(Account, lambda cases: Q(pk=elsewhere.pk))
    found = standing(Account, Scope.CASE, actor, elsewhere.pk)
    assert found == Standing(elsewhere.pk, elsewhere.identity_id, in_work=True)


def test_a_locked_row_is_loaded_in_its_transaction() -> None:
    case = enquiry(NORD, assigned_to=noor())
    with transaction.atomic():
        loaded = access.load(
            noor().as_actor(), Permission.ENQUIRY_CHANGE, Enquiry, case.pk, purpose=TRACING,
            lock=True,
        )  # fmt: skip
        joined = access.load(
            noor().as_actor(), Permission.ENQUIRY_CHANGE, Enquiry.objects.select_related("sought"),
            case.pk, purpose=TRACING, lock=True,
        )  # fmt: skip
    assert loaded == joined == case


def _live_accounts(person: uuid.UUID) -> QuerySet[Account]:
    return Account.objects.filter(identity_id=person, removed_at=None).order_by("id")


def _enquiries(person: uuid.UUID) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(sought__identity_id=person).order_by("id")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("case_of", ["nobody", "the reader"])
def test_what_is_listed_about_a_person_is_what_is_visible_of_it(role: Role, case_of: str) -> None:
    reader = staff(role)
    person = enquiry(SUD, assigned_to=reader if case_of == "the reader" else None).sought
    here, elsewhere, another = account(NORD), account(SUD), account(NORD)
    Account.objects.filter(pk__in=[here.pk, elsewhere.pk]).update(identity_id=person.pk)
    asked = {
        "read": (Permission.ACCOUNT_READ, _live_accounts),
        "searched": (Permission.ACCOUNT_SEARCH, _live_accounts),
        "sought in": (Permission.ENQUIRY_LIST, _enquiries),
    }
    listed = access.about(reader.as_actor(), person.pk, **asked)
    for name, (permission, rows) in asked.items():
        assert listed[name] == list(access.visible(reader.as_actor(), permission, rows(person.pk)))
        assert another not in listed[name]


def test_a_prepared_list_is_of_the_person_and_the_reader_who_ask() -> None:
    first, second = account(NORD), account(SUD)
    nord, sud = noor().as_actor(), staff(Role.CASEWORKER, SUD).as_actor()
    listed = {
        (actor, person): access.about(
            actor, person.pk, them=(Permission.ACCOUNT_READ, _live_accounts)
        )["them"]
        for actor in (nord, sud)
        for person in (first, second)
    }
    assert listed == {(nord, first): [first], (nord, second): [], (sud, first): [],
                      (sud, second): [second]}  # fmt: skip


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("office_name", ["Nord", "Sud"])
def test_what_is_held_for_a_row_is_what_each_permission_alone_would_say(
    role: Role, office_name: str
) -> None:
    case = enquiry(NORD, assigned_to=noor())
    actor = staff(role, office_name).as_actor()
    mine = Enquiry.objects.filter(pk=case.pk)
    said = access.held(actor, Permission, case)
    assert said == {p for p in Permission if access.visible(actor, p, mine).exists()}
