"""Addresses that an answer leads to: they are kept by browsers, proxies and logs, so that none may
carry what somebody typed.

Rules: a missing slash is added to the path, and what stood behind the question mark is dropped; the
choice of a language leads back to a page of ours alone, with no more behind it than a purpose, a
page number and what a list's filters have to choose from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.common import CommonMiddleware
from django.urls import Resolver404, resolve
from django.urls.converters import StringConverter
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from reknit.vocabulary import Purpose
from reknit.web.routes import ALWAYS, route


class HolderConverter(StringConverter):
    """What a document is kept with: a closed set, so that no word of anybody's is an address."""

    regex = "person|enquiry"


class SlashMiddleware(CommonMiddleware):
    """Django's, whose redirect to the address with its slash repeats the path alone, and only one
    in which no word is free."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Where a slash is missing, and the path is one of ours."""
        lacks_it: bool = super().should_redirect_with_slash(request)
        return lacks_it and own_address(f"{request.path_info}/") != "/"

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """The path and a slash."""
        return super().get_full_path_with_slash(request).partition("?")[0]


@route(ALWAYS)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language in a cookie, and go back to the page they came from."""
    answer = HttpResponseRedirect(own_address(request.POST.get("next", "")))
    language = request.POST.get("language", "")
    if check_for_language(language):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )  # fmt: skip
    return answer


def own_address(address: str) -> str:
    """The address, if it is that of a page of ours and says no word of anybody's; else the start.

    >>> own_address("/search/?full_name=Idris&purpose=family_tracing")
    '/search/?purpose=family_tracing'
    >>> own_address("https://elsewhere.example/search/"), own_address("/people/Idris/")
    ('/', '/')
    """
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return "/"
    said = [value for value in found.kwargs.values() if not isinstance(value, UUID | int)]
    free = set(said) - _words()
    if parts.scheme or parts.netloc or free:
        return "/"
    behind = parse_qsl(parts.query)
    query = urlencode([(name, value) for name, value in behind if _known(name, value)])
    return f"{parts.path}?{query}" if query else parts.path


@cache
def _words() -> frozenset[str]:
    """The words that addresses have in places where a word may stand: closed sets of ours."""
    from reknit.web.doors import safe, seek
    from reknit.web.doors.steps import CHECK

    steps = [step.name for door in (safe.DOOR, seek.DOOR) for step in door.steps]
    return frozenset([*HolderConverter.regex.split("|"), CHECK, *steps])


def _known(name: str, value: str) -> bool:
    """What a page may say behind its question mark without naming anybody: a value of a closed
    set, a tick, a short number, a day, an id."""
    return any(fits(value) for fits in _closed().get(name, ()))


Fits = Callable[[str], bool]


@cache
def _closed() -> Mapping[str, Sequence[Fits]]:
    """By name, what stands behind addresses of ours: the fields of the lists' filters."""
    from reknit.casework.queue import View
    from reknit.web.pages import audit, desk, enquiries, queue

    known: dict[str, list[Fits]] = {
        "purpose": [set(Purpose).__contains__], "view": [set(View).__contains__],
        "page": [_is_number], "names": [_is_tick],
    }  # fmt: skip
    for form in (queue.FilterForm, enquiries.FilterForm, desk.FilterForm, audit.FilterForm):
        for name, field in form.base_fields.items():
            known.setdefault(name, []).extend(_fits(field))
    return known


def _fits(field: Any) -> list[Fits]:
    match field:
        case forms.ModelChoiceField():  # a colleague
            return [_is_number]
        case forms.ChoiceField():
            options: Any = field.choices
            return [{str(value) for value, _label in options}.__contains__]
        case forms.BooleanField():
            return [_is_tick]
        case forms.DateField():
            return [_is_day]
        case forms.UUIDField():
            return [_is_id]
    return []


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 7


def _is_day(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is not None


def _is_id(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f-]{36}", value) is not None


def _is_tick(value: str) -> bool:
    return value == "on"
