"""Adding, changing and disabling staff, for the administrator's page and `reknit users`.

Rules: whoever manages staff needs USER_MANAGE; every change is audited in the same transaction; a
change of role or office, and being disabled, end the sessions of whom it concerns (the session's
hash covers them); the last active administrator can be neither disabled nor changed away.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from reknit.guard import access, audit, sign_in_links
from reknit.guard.commits import commit
from reknit.guard.errors import StaffError
from reknit.guard.permissions import Permission
from reknit.records.models import Office, User
from reknit.vocabulary import SYSTEM, Actor, Purpose, Role


def add(
    by: User | None, email: str, role: Role, office_name: str | None, *, name: str = ""
) -> User:
    """A new member of staff, who has no password yet. by: None for the command line."""
    try:
        validate_email(email)
    except ValidationError:
        raise StaffError(
            _("%(email)s: no e-mail address; write it as name@place.org.") % {"email": email}
        ) from None
    if User.objects.filter(email__iexact=email).exists():
        raise StaffError(
            _("%(email)s: is there already; 'reknit users reset' gives a new link.")
            % {"email": email}
        )
    if role is not Role.ADMINISTRATOR and not office_name:
        raise StaffError(
            _("%(email)s: --office NAME: this role works in an office; name it.") % {"email": email}
        )

    def work() -> User:
        access.require(_actor(by), Permission.USER_MANAGE)
        office = _office(by, office_name) if office_name else None
        user = User.objects.create_user(email.lower(), role, office, name=name)
        _audit(by, "user:add", user, role=role.value)
        return user

    return commit(work)


def change(by: User, user: User, role: Role, office: Office | None, *, name: str) -> None:
    """Another role, office or name; a changed role or office ends the sessions."""
    if role is not Role.ADMINISTRATOR:
        if office is None:
            raise StaffError(
                _("%(email)s: this role works in an office; choose one.") % {"email": user.email}
            )
        _keep_one_administrator(user)

    def work() -> None:
        access.require(by.as_actor(), Permission.USER_MANAGE)
        user.role, user.office, user.name = role.value, office, name
        user.save(update_fields=["role", "office", "name"])
        _audit(by, "user:change", user, role=role.value)

    commit(work)


def set_active(by: User | None, user: User, *, active: bool) -> None:
    """Disable or enable; disabling ends every session at once."""
    if not active:
        _keep_one_administrator(user)

    def work() -> None:
        access.require(_actor(by), Permission.USER_MANAGE)
        user.is_active = active
        user.sessions_since += 1
        user.save(update_fields=["is_active", "sessions_since"])
        _audit(by, "user:enable" if active else "user:disable", user)

    commit(work)


def reset(by: User | None, user: User) -> None:
    """Take password and second factors away; sessions and earlier links end."""

    def work() -> None:
        access.require(_actor(by), Permission.USER_MANAGE)
        sign_in_links.reset(user)
        _audit(by, "user:reset", user)

    commit(work)


def add_office(by: User, name: str) -> Office:
    """A new office."""

    def work() -> Office:
        access.require(by.as_actor(), Permission.OFFICE_MANAGE)
        return _office(by, name)

    return commit(work)


def named(email: str) -> User:
    """The member of staff with this address, disabled or not. Raises StaffError."""
    user = User.objects.select_related("office").filter(email__iexact=email).first()
    if user is None:
        raise StaffError(
            _("%(email)s: nobody has this address; see 'reknit users list'.") % {"email": email}
        )
    return user


def overview() -> list[dict[str, Any]]:
    """Everybody, for lists."""
    secured = set(
        Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list(
            "user_id", flat=True
        )
    )
    return [
        {
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "office": user.office.name if user.office else "",
            "active": user.is_active,
            "second_factor": user.pk in secured,
        }
        for user in User.objects.select_related("office").order_by("email")
    ]


def _keep_one_administrator(user: User) -> None:
    others = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True).exclude(pk=user.pk)
    if user.role == Role.ADMINISTRATOR.value and user.is_active and not others.exists():
        raise StaffError(
            _("%(email)s: is the last administrator; add another one first.")
            % {"email": user.email}
        )


def _office(by: User | None, name: str) -> Office:
    office, is_new = Office.objects.get_or_create(name=name.strip())
    if is_new:
        audit.record(
            _actor(by), "office:add", audit.Resource("office", str(office.pk)), Purpose.OPERATIONS
        )
    return office


def _audit(by: User | None, action: str, user: User, **detail: str) -> None:
    audit.record(
        _actor(by), action, audit.Resource("user", str(user.pk)), Purpose.OPERATIONS, **detail
    )


def _actor(by: User | None) -> Actor:
    return by.as_actor() if by is not None else SYSTEM
