"""A session's row that cannot be written for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from tests.staff import noor
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


@contextmanager
def held_by_somebody_else() -> Iterator[None]:
    """Another connection holds the rows of sessions, and ours does not wait for long."""
    on_sqlite = connection.vendor == "sqlite"
    impatient, patient = (
        ("PRAGMA busy_timeout = 50", "PRAGMA busy_timeout = 20000")
        if on_sqlite
        else ("SET lock_timeout = '50ms'", "SET lock_timeout = 0")
    )
    other = connection.copy()
    try:
        with connection.cursor() as ours, other.cursor() as theirs:
            ours.execute(impatient)
            theirs.execute("BEGIN IMMEDIATE" if on_sqlite else "BEGIN")
            if not on_sqlite:
                theirs.execute("LOCK TABLE django_session IN SHARE ROW EXCLUSIVE MODE")
            yield
            theirs.execute("ROLLBACK")
            ours.execute(patient)
    finally:
        other.close()


def test_an_answer_is_given_though_its_session_cannot_be_written() -> None:
    # Once somebody who worked while the database was busy was told that their request could not be
    # read, and to try once more, after it had been done.
    client = signed_in(noor())
    stale = client.session
    stale["seen"] = 0
    stale.save()
    with held_by_somebody_else():
        assert client.get("/").status_code == 200
        assert client.session["seen"] == 0
    assert client.get("/").status_code == 200
    assert client.session["seen"] > 0


def test_who_signs_out_while_the_database_is_busy_is_told_so_and_can_do_it_again() -> None:
    client = signed_in(noor())
    client.raise_request_exception = False
    with held_by_somebody_else():
        answer = client.post(reverse("account_logout"), HTTP_ACCEPT_LANGUAGE="ar")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert '<html lang="ar" dir="rtl">' in page
    assert "قاعدة البيانات" in page
    assert SESSION_KEY in client.session
    assert client.post(reverse("account_logout")).status_code == 302
    assert SESSION_KEY not in client.session


def test_a_session_that_was_ended_meanwhile_is_written_no_more() -> None:
    client = signed_in(noor())
    ended = client.session
    ended["seen"] = 0
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        ended.save()
    assert Session.objects.count() == 0
