"""The pages that say no, and what to do next. They name nothing and nobody, whatever was asked."""

from __future__ import annotations

import logging
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from reknit.web import sentences

log = logging.getLogger(__name__)


def refuse(request: HttpRequest, status: int, title: str, what_next: str) -> HttpResponse:
    """A page with one sentence for the reason and one for the next step."""
    # refused: the page does not repeat the address either, which may have held a name.
    page = {"title": title, "what_next": what_next, "status": status, "refused": True}
    return render(request, "web/refusal.html", page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return refuse(
        request, 400, _("This request could not be read"), _("Go back and try once more.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return refuse(
        request,
        403,
        _("Your role does not include this"),
        _("If your work needs it, ask your supervisor or administrator."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it is not there, or it is not for this reader; the two read the same."""
    return refuse(
        request,
        404,
        _("There is nothing here for you"),
        _("The address may be wrong, or the record belongs to another office."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429."""
    return refuse(
        request,
        429,
        _("Too many in a short time"),
        _("Wait a little, then go on. Nothing that you entered elsewhere is lost."),
    )


def turned_away(status: int) -> HttpResponse:
    """429, 413: to a flood at a public door, as plain text, since it has to be cheap."""
    said = (
        _("Too many in a short time. Wait a little, then go on.")
        if status == 429
        else _(
            "This is more than can be sent at once. A letter has 4,000 signs at most, a picture or "
            "PDF 20 MB."
        )
    )
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")


def closed(request: HttpRequest) -> HttpResponse:
    """503: no office has opened its doors here yet."""
    return refuse(
        request,
        503,
        _("This is not open yet"),
        _("Nobody works here yet who could read what you write. Come back later."),
    )


def over_quota(request: HttpRequest) -> HttpResponse:
    """429: the day's quota of people is used up."""
    return refuse(
        request,
        429,
        _("You have opened as many people as a day allows"),
        _("The limit protects everyone in the records. Ask your supervisor if you need more."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the read or change could not be recorded, so it was not made."""
    return refuse(
        request,
        503,
        _("This could not be recorded, so it was not done"),
        _("Nothing was shown or changed. Try again; if it stays so, tell your administrator."),
    )


def wrong_rules(request: HttpRequest, mistake: Exception) -> HttpResponse:
    """503: a file of rules was changed to one that cannot be used. Staff read what is wrong with
    it; to anybody else it is closed."""
    if not hasattr(request, "staff"):
        return closed(request)
    return refuse(
        request, 503, _("The rules cannot be used as they are written"), sentences.said(mistake)
    )


def locked(request: HttpRequest) -> HttpResponse:
    """503: the keys are not at hand."""
    return refuse(
        request,
        503,
        _("Reknit is locked"),
        _("Records stay closed until the keys are unlocked. Your administrator can do that."),
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token, or with an old one."""
    return refuse(
        request,
        403,
        _("This form is too old"),
        _("Nothing was changed. Go back, reload the page and send it again."),
    )


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """429: too many wrong passwords."""
    return refuse(
        request,
        429,
        _("Too many attempts"),
        _("Wait 15 minutes, or ask your administrator for a new sign-in link."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours; 503: the database is busy, or cannot be reached. Rendered without
    anything of the request, since that may have failed; the log carries the kind of error and its
    place, never its text, which may name people."""
    if isinstance(sys.exc_info()[1], OperationalError):
        status, title = 503, _("The database does not answer just now")
    else:
        status, title = 500, _("Something went wrong on our side")
    return HttpResponse(render_to_string("web/failed.html", {"title": title}), status=status)
