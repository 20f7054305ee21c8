"""The demonstration's way in: a link that `reknit demo` prints signs in as one of its people.

Rules: the route exists in a demonstration only (`reknit demo`, on invented people); the link is
signed, good for a day, and works from this machine alone. Nothing else of signing in is skipped
anywhere: a real installation asks for password and second factor.
"""

from __future__ import annotations

from ipaddress import ip_address

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from reknit.guard.sign_in_links import demo_user
from reknit.vocabulary import Role
from reknit.web.refusals import not_found
from reknit.web.routes import PUBLIC, route

_BACKEND = "reknit.web.accounts.backends.StaffBackend"


@route(PUBLIC)
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as the person whom the token names; who works on cases begins at the queue."""
    if not ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        return not_found(request)
    user = demo_user(token)
    if user is None:
        return not_found(request)
    login(request, user, backend=_BACKEND)
    record_authentication(request, user, method="mfa", type="totp")
    works_on_cases = user.role in {Role.CASEWORKER.value, Role.SUPERVISOR.value}
    return redirect("queue" if works_on_cases else "home")
