"""The table of permissions says what it means, and the page says the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from reknit.guard.permissions import GRANTS, ONLY_FOR, TABLE, Permission, Scope, _read, granted
from reknit.vocabulary import PUBLIC, SYSTEM, Actor, ActorKind, Purpose, Role

TOOL = Path(__file__).parents[2] / "tools" / "permissions_page.py"

NO_PERSON = {"audit", "job", "user", "office", "installation", "gateway"}
"""What an administrator's permissions are about."""
CONTENT = {"account", "whereabouts", "enquiry", "candidate", "judgement", "document", "import",
           "consent", "disclosure", "block", "request", "alarm", "proof", "risk",
           "message"}  # fmt: skip


def _staff(role: Role) -> Actor:
    return Actor(ActorKind.STAFF, 1, role, 1)


@pytest.mark.parametrize("permission", Permission)
def test_each_is_named_by_the_narrowest_scope_that_is_granted(permission: Permission) -> None:
    order = list(Scope)
    narrowest = min(GRANTS[permission].values(), key=order.index)
    assert permission.scope is narrowest


@pytest.mark.parametrize("permission", Permission)
def test_an_administrator_holds_nothing_that_shows_a_person(permission: Permission) -> None:
    held = granted(permission, _staff(Role.ADMINISTRATOR))
    assert held is None or permission.resource in NO_PERSON


def test_the_public_may_ask_and_take_back_only() -> None:
    held = {p.action for p in Permission if granted(p, PUBLIC) is not None}
    own = {p.action for p in Permission if granted(p, PUBLIC) is Scope.OWN}
    assert held - own == {
        "enquiry:add", "message:add", "request:add", "registration:add",
    }  # fmt: skip
    assert own == {
        "enquiry:correct", "enquiry:withdraw", "document:add", "consent:read", "consent:give",
        "consent:withdraw", "block:add", "request:read", "letter:read", "letter:add", "ask:read",
        "ask:answer",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.DESK, Role.CASEWORKER, Role.SUPERVISOR])
def test_no_office_reads_content_of_another(role: Role) -> None:
    """Search is the one exception: it finds people on the lists of all offices."""
    for permission in Permission:
        if permission.resource in CONTENT and permission is not Permission.ACCOUNT_SEARCH:
            assert granted(permission, _staff(role)) is not Scope.ALL


@pytest.mark.parametrize("role", Role)
def test_whereabouts_are_for_nobodys_browsing(role: Role) -> None:
    for purpose in Purpose:
        held = granted(Permission.WHEREABOUTS_READ, _staff(role), purpose)
        asks = purpose in {Purpose.ASK_THE_PERSON, Purpose.VITAL_INTEREST}
        if role in {Role.CASEWORKER, Role.SUPERVISOR} and asks:
            assert held is Scope.CASE
        elif role is Role.DATA_PROTECTION_OFFICER and purpose is Purpose.SUBJECT_REQUEST:
            assert held is Scope.ALL
        else:
            assert held is None


def test_jobs_do_not_decide() -> None:
    """I10: what a model or a job finds changes no consent and makes no judgement."""
    held = {p.action for p in Permission if granted(p, SYSTEM) is not None}
    assert not held & {"judgement:add", "judgement:undo", "consent:give", "approval:confirm",
                       "whereabouts:read", "risk:assess", "proof:assess"}  # fmt: skip


def test_staff_without_a_role_hold_nothing() -> None:
    nobody = Actor(ActorKind.STAFF, 1, None, 1)
    assert all(granted(permission, nobody) is None for permission in Permission)


def test_each_scope_includes_itself_and_those_before() -> None:
    assert Scope.OFFICE.includes(Scope.CASE)
    assert Scope.CASE.includes(Scope.CASE)
    assert not Scope.CASE.includes(Scope.OFFICE)


@pytest.mark.parametrize(
    "table",
    [TABLE.replace("account:read ", "account:see "), TABLE.rsplit("\n", 2)[0], TABLE + "x"],
)
def test_a_table_that_differs_from_the_enum_stops_start_up(table: str) -> None:
    with pytest.raises(ValueError, match=r"differ"):
        _read(table)


def test_what_holds_for_some_purposes_only_is_granted_at_all() -> None:
    for permission, roles in ONLY_FOR.items():
        assert all(role in GRANTS[permission] for role in roles)


def test_the_page_shows_the_table_as_it_is() -> None:
    spec = importlib.util.spec_from_file_location("permissions_page", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.PAGE.read_text(encoding="utf-8")
    assert tool.parts(page)[1] == tool.as_table(), "run: python tools/permissions_page.py"
