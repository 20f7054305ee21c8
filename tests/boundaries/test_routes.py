"""Every route × role × office, made from the routes themselves: a new route fails here until it
declares who may take it, and until its arguments are known to the test (trust: tests 3 and 16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from reknit.guard.permissions import Permission, Scope, granted
from reknit.records.models import User
from reknit.records.state import state_hash
from reknit.vocabulary import Role
from reknit.web.routes import (
    ALWAYS,
    ENTERING,
    PUBLIC,
    Door,
    RoutesMiddleware,
    all_routes,
    declared_of,
)
from tests.staff import NORD, SUD, staff
from tests.web.everything import everything
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ROUTES = {str(route.name): route for route in all_routes()}
ANYBODYS = {"uidb64": "x", "token": "y", "pk": 1, "step": "who"}
"""Arguments of routes that lead to no record of an office."""
OBJECTS = {
    name: route
    for name, route in ROUTES.items()
    if any(argument.endswith("_id") for argument in route.pattern.converters)
}
NO_OFFICE = {"job", "staff_one", "staff_reset", "staff_active"}
"""Objects of the installation: whoever may reach any may reach all (the table grants `all`)."""
SOMEBODYS = {
    "filter_remove", "bulk", "import_rejected",  # whoever made them has them alone
    "registration_verify",  # a caseworker's, once the person is in a case of theirs
    "message_sent", "message_send",  # where an answer waits to be sent
}  # fmt: skip
"""Objects of the office that one in a role that may have such does not find."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=()",
    "Cache-Control": "no-store",
}


def address(route: URLPattern, things: dict[str, Any]) -> str:
    """The route's address; KeyError where an argument is unknown to this test."""
    known = {**ANYBODYS, **things}
    place = reverse(str(route.name), kwargs={a: known[a] for a in route.pattern.converters})
    return f"{place}?purpose=family_tracing" if route.name == "person" else place


def ask(client: Client, route: URLPattern, things: dict[str, Any]) -> HttpResponse:
    """What the route answers: to a GET, and to an empty POST where it takes no GET."""
    place = address(route, things)
    answer = client.get(place)
    return client.post(place) if answer.status_code == 405 else answer  # type: ignore[return-value]


@pytest.mark.parametrize("name", ROUTES)
def test_each_route_declares_who_may_take_it(name: str) -> None:
    assert isinstance(declared_of(ROUTES[name].callback), Permission | Door)


def test_a_route_that_declares_nothing_is_refused() -> None:
    def forgotten(request: object) -> HttpResponse:
        raise AssertionError("the view was called")

    request = RequestFactory().get("/forgotten/")
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    refused = RoutesMiddleware(lambda _: HttpResponse()).process_view(request, forgotten, (), {})
    assert refused is not None
    assert refused.status_code == 403


def test_nobody_who_is_not_signed_in_passes() -> None:
    things = everything(NORD)
    for name, route in ROUTES.items():
        answer = ask(Client(), route, things)
        if declared_of(route.callback) not in {PUBLIC, ALWAYS}:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/sign-in/?next="), name


def test_nobody_without_a_second_factor_passes() -> None:
    things = everything(NORD)
    for name, route in ROUTES.items():
        client = Client()
        client.force_login(
            staff(Role.SUPERVISOR), backend="reknit.web.accounts.backends.StaffBackend"
        )
        answer = ask(client, route, things)
        if declared_of(route.callback) not in {PUBLIC, ALWAYS, ENTERING}:
            assert (answer.status_code, answer["Location"]) == (302, "/second-factor/"), name


@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_where_the_table_says_and_nowhere_else(role: Role) -> None:
    things = everything(NORD)
    user = staff(role)
    for name, route in ROUTES.items():
        declared = declared_of(route.callback)
        if not isinstance(declared, Permission):
            continue
        answer = ask(signed_in(user), route, things)
        if granted(declared, user.as_actor()) is None:
            assert answer.status_code == 403, f"{role} was let into {name}"
        else:
            passes = {200, 302, 404} if name in SOMEBODYS else {200, 302}
            assert answer.status_code in passes, f"{role} at {name}: {answer}"
            assert answer.status_code != 302 or "/sign-in/" not in answer["Location"]
        user.refresh_from_db()


@pytest.mark.parametrize("role", list(Role))
def test_an_object_of_another_office_reads_as_one_that_is_not_there(role: Role) -> None:
    ours, theirs = everything(NORD), everything(SUD)
    user = staff(role)
    nowhere = {name: _absent(value) for name, value in ours.items()}
    for name, route in _of_one_office(user):
        there = ask(signed_in(user), route, theirs)
        absent = ask(signed_in(user), route, nowhere)
        assert there.status_code == absent.status_code == 404, f"{role} at {name}: {there}"
        assert _without_address(there, theirs) == _without_address(absent, nowhere)


FORM = {
    "verdict": "match", "answer": "agreed", "reason": "as heard", "purpose": "family_tracing",
    "to": "enquiry", "recipient": "anyone", "scope": "whereabouts", "assurance": "2",
    "given_by": "self", "how": "in_person", "status": "closed", "title": "a title",
    "words": "some words", "name": "Somebody", "confirmed": "1", "sure": "yes",
}  # fmt: skip
"""What the forms of the application are filled in with, whichever is sent."""


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_done_to_an_object_of_another_office(role: Role) -> None:
    """Each form of each route, sent and filled in: refused, and nothing there was changed."""
    theirs = everything(SUD)
    user = staff(role)
    before = state_hash()
    for name, route in _of_one_office(user):
        answer = signed_in(user).post(address(route, theirs), FORM)
        assert answer.status_code in {403, 404, 405}, f"{role} at {name}: {answer}"
    assert state_hash() == before


def test_each_answer_carries_every_header() -> None:
    things = everything(NORD)
    for name, route in ROUTES.items():
        for client in (Client(), signed_in(staff(Role.SUPERVISOR))):
            _has_headers(ask(client, route, things), name)


@pytest.mark.parametrize(
    "place", ["/nowhere/", "/people/1/", "/static/nowhere.css", "/%00", "/.git/"]
)
def test_answers_to_what_is_not_there_carry_every_header(place: str) -> None:
    answer = Client().get(place)
    assert answer.status_code == 404
    _has_headers(answer, place)


def _has_headers(answer: HttpResponse, where: str) -> None:
    for header, part in HEADERS.items():
        assert part in answer.get(header, ""), (where, header, answer.get(header))
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "http" not in answer["Content-Security-Policy"]


def _of_one_office(user: User) -> Iterator[tuple[str, URLPattern]]:
    """Routes to an object, for which the user's role is held to an office or less."""
    for name, route in OBJECTS.items():
        declared = declared_of(route.callback)
        assert isinstance(declared, Permission)
        scope = granted(declared, user.as_actor())
        if scope is not None and scope is not Scope.ALL and name not in NO_OFFICE:
            yield name, route


def _absent(value: Any) -> Any:
    return uuid4() if isinstance(value, UUID) else 10**9 if isinstance(value, int) else value


def _without_address(answer: HttpResponse, things: dict[str, Any]) -> str:
    """The page, without the ids that were asked for and the form's token."""
    text = answer.content.decode()
    for value in things.values():
        text = text.replace(str(value), "ID") if isinstance(value, UUID) else text
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", text)
