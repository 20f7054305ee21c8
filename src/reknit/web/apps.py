"""Tells Django that the room exists."""

from __future__ import annotations

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.web"
    label = "web"

    def ready(self) -> None:
        """Whatever form leaves a needed field empty says what to do next."""
        forms.Field.default_error_messages["required"] = _("Fill this in, or choose, to go on.")
