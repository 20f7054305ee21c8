"""What every page shows around its own content: who is signed in, the menu, the language, the
theme. Nothing of it reads a person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi

from reknit.web.menu import menu_html

THEMES = ("auto", "light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """For every template."""
    user = getattr(request, "staff", None)
    theme = request.COOKIES.get("reknit-theme", "auto")
    return {
        "staff": user,
        "menu": menu_html(user, request) if user is not None else "",
        "languages": settings.LANGUAGES,
        "language": get_language(),
        "rtl": get_language_bidi(),
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.CONFIG.demo,
        "now": timezone.now(),
    }
