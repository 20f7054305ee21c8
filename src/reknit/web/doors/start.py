"""The first public page: which language, which door; and the notice that both doors rest on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.guard import rules_file
from reknit.intake.drafts import KEPT
from reknit.web.routes import PUBLIC, route


@route(PUBLIC)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Language first, then which door."""
    return render(request, "web/doors/choose.html")


@route(PUBLIC)
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """What happens with what one writes: why, on what law, for how long, who reads it."""
    rules = rules_file.current()
    kept = {rule.what: rule.days for rule in rules.rules if not rule.categories}
    page = {"days": rules.request_days, "kept": kept, "draft_days": KEPT.days}
    return render(request, "web/doors/notice.html", page)
