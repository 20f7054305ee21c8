"""Sends the key store's rows to the database `keys` and all others to `default`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model


class KeyStoreRouter:
    """Django's question: which database for which model?"""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        """`keys` for this room's models."""
        return "keys" if model._meta.app_label == "sealing" else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool | None:
        """No relation leads from one database into the other."""
        apart = {one._meta.app_label == "sealing", other._meta.app_label == "sealing"}
        return None if len(apart) == 1 else False

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Each database holds its own tables only."""
        return (db == "keys") == (app_label == "sealing")
