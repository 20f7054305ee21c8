"""Sessions in the database, of no use to whoever steals it.

Rules: a row is named by a digest of its cookie, so that a stolen row opens no session; its content
is sealed under a key of its own that only the key holder can derive, so that a locked installation
opens none either; it is written again at most once a minute while somebody works. Where it cannot
be written for a moment, the answer is given all the same: what it tells of has been done.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from reknit.sealing.envelope import Place, seal, unseal
from reknit.sealing.errors import LockedError, TamperedError
from reknit.sealing.holders import current_holder
from reknit.sealing.prepared import Prepared

log = logging.getLogger(__name__)
_SEEN = "seen"
_REFRESH_SECONDS = 60


def row_name(session_key: str) -> str:
    """The primary key under which the session of this cookie is kept: 160 bits of SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's database sessions, with the name hidden and the content sealed.

    opened: whether this request's was, for which the installation must be open.
    """

    opened = False

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content sealed for this session's row. Raises LockedError."""
        name = row_name(self._cookie())
        sealed = seal(json.dumps(session_dict).encode(), _key(name), _place(name))
        return base64.b64encode(sealed).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The content again; nothing for a row that was changed, or while the keys are away."""
        name = row_name(self._cookie())
        try:
            content = unseal(base64.b64decode(session_data), _key(name), _place(name))
        except (TamperedError, ValueError, LockedError):
            return {}
        said: dict[str, Any] = json.loads(content)
        self.opened = True
        return said

    def save(self, must_create: bool = False) -> None:
        """Write the row. Raises UpdateError where it is gone, OperationalError where the database
        cannot write now (Django's says that it is gone)."""
        try:
            super().save(must_create)
        except UpdateError as gone:
            if isinstance(gone.__context__, OperationalError):
                raise gone.__context__ from None
            raise

    def exists(self, session_key: str) -> bool:
        """Whether the row of this cookie is there."""
        return super().exists(row_name(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of this cookie."""
        wanted = session_key or self.session_key
        if wanted is not None:
            super().delete(row_name(wanted))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to save."""
        row = super().create_model_instance(data)
        row.session_key = row_name(self._cookie())
        return row

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        cookie = self._session_key
        row = None if cookie is None else _OF_COOKIE.first(row_name(cookie), timezone.now())
        if row is None:
            self._session_key = None
        return row

    def _cookie(self) -> str:
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return key

    def touch(self) -> None:
        """Say that somebody is working, so that the 30 minutes begin anew; written at most once
        a minute, not with every page."""
        now = int(time.time())
        if now - int(self.get(_SEEN, 0)) >= _REFRESH_SECONDS:
            self[_SEEN] = now


class SealedSessionMiddleware(SessionMiddleware):
    """Django's, but where the installation is locked or its database busy a session is not kept,
    without a failure: it stands as it was before, and grants no more than it did."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Save what changed."""
        try:
            return super().process_response(request, response)
        except LockedError:
            return response
        except OperationalError:
            log.warning("a session could not be written: the database is busy, or cannot write")
            return response


def _alive(name: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=name, expire_date__gt=now)


_OF_COOKIE = Prepared(_alive, str, datetime)


def _key(name: str) -> bytes:
    return current_holder().digest("web session", [name.encode()])[0]


def _place(name: str) -> Place:
    return Place("django_session", name, "session_data")
