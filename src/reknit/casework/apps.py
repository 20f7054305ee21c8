"""Tells Django that the room exists."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.casework"
    label = "casework"
