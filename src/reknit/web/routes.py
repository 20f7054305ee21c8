"""Every route says who may take it; one that says nothing is refused (I4).

Rules: `@route(Permission.X)` declares a view; `PUBLIC`, `ENTERING` and `SIGNED_IN` are for the few
that need no permission; whoever is not signed in is asked to, whoever has no second factor yet sets
one up first; what guard refuses becomes a page, the same for "not there" and "not for you".

    @route(Permission.AUDIT_READ)
    def browse(request: StaffRequest) -> HttpResponse: ...
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, reverse

from reknit import sealing
from reknit.casework.errors import NeedRulesError
from reknit.guard import access
from reknit.guard.errors import AuditUnavailableError, NotPermittedError, QuotaExceededError
from reknit.guard.permissions import Permission
from reknit.guard.rules_file import RulesError
from reknit.records.models import User
from reknit.sealing.errors import ErasedError, LimitError, LockedError
from reknit.vocabulary import Actor
from reknit.web import refusals
from reknit.web.accounts.backends import has_second_factor
from reknit.web.accounts.sessions import SessionStore

View = TypeVar("View", bound=Callable[..., Any])
log = logging.getLogger(__name__)


class Door(Enum):
    """Routes that need no permission.

    PUBLIC: anybody, signed in or not. ENTERING: signed in, second factor or not, for setting one
    up. SIGNED_IN: every member of staff, for their own account and their start page.
    """

    PUBLIC = "public"
    ENTERING = "entering"
    SIGNED_IN = "signed in"
    ALWAYS = "public, also while locked"


PUBLIC, ENTERING, SIGNED_IN, ALWAYS = Door.PUBLIC, Door.ENTERING, Door.SIGNED_IN, Door.ALWAYS
Declared = Permission | Door


class StaffRequest(HttpRequest):
    """A request behind the door: `staff` is who asks, `actor` is how guard calls them."""

    staff: User
    actor: Actor


def route(declared: Declared) -> Callable[[View], View]:
    """Declare who may take the route that leads to this view."""

    def declare(view: View) -> View:
        view.declared = declared  # type: ignore[attr-defined]
        return view

    return declare


def declared_of(view: Callable[..., Any]) -> Declared | None:
    """What a view declares; None where it says nothing."""
    return getattr(view, "declared", None)


def all_routes(patterns: list[URLPattern | URLResolver] | None = None) -> list[URLPattern]:
    """Every route of the application, for the tests' matrix."""
    if patterns is None:
        from reknit.web.urls import urlpatterns

        patterns = urlpatterns
    found: list[URLPattern] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += all_routes(pattern.url_patterns)
        else:
            found.append(pattern)
    return found


class RoutesMiddleware:
    """Stands before every view; refuses by default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None lets the view answer; a page refuses."""
        declared = declared_of(view)
        if declared is None:
            log.error("a route without a declaration was refused: %s", view.__name__)
            return refusals.forbidden(request)
        if declared is ALWAYS:
            return None
        try:
            return self._stand_at_door(request, declared)
        except LockedError:
            return refusals.locked(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """What guard and the keys refuse, as a page."""
        match exception:
            case NotPermittedError() | ErasedError():
                return refusals.not_found(request)
            case QuotaExceededError() | LimitError():
                return refusals.over_quota(request)
            case LockedError():
                return refusals.locked(request)
            case AuditUnavailableError():
                return refusals.unavailable(request)
            case NeedRulesError() | RulesError():
                return refusals.wrong_rules(request, exception)
        return None

    def _stand_at_door(self, request: HttpRequest, declared: Declared) -> HttpResponseBase | None:
        user = request.user
        member = user if isinstance(user, User) and user.is_active else None
        session = request.session
        assert isinstance(session, SessionStore)  # noqa: S101 - for mypy
        # To open a session, the keeper has just been asked.
        if not session.opened and sealing.status() is not sealing.Status.OPEN:
            return refusals.locked(request)
        if member is not None:
            # From here on it is a StaffRequest.
            request.staff, request.actor = member, member.as_actor()  # type: ignore[attr-defined]
            session.touch()
        elif declared is PUBLIC:
            return None
        else:
            # The path alone: what somebody typed behind it may name people, and addresses are kept.
            return redirect_to_login(request.path, reverse("account_login"))
        if declared in {PUBLIC, ENTERING}:
            return None
        if not has_second_factor(member):
            return HttpResponseRedirect(reverse("second_factor"))
        if isinstance(declared, Permission):
            try:
                access.require(member.as_actor(), declared)
            except NotPermittedError:
                return refusals.forbidden(request)
        return None
