"""Many at the review screen at once (fifty in the long form): no decision is lost, none is made
twice, and every verdict that somebody was told is recorded stands in the judgements and the log."""

from __future__ import annotations

import re
import threading
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.db import connections
from django.test import Client

from reknit.guard.models import Entry
from reknit.records.models import AccountKind, Judgement, User
from reknit.vocabulary import Role
from tests.casework.cases import candidate_of
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT
from tests.guard.scene import an_account, an_enquiry
from tests.staff import NORD, office
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
CANDIDATES, TURNS = 2, 3
ACTION = re.compile(r'action="(/candidates/([0-9a-f-]{36})/decide/)"')
HIDDEN = re.compile(
    r'<input type="hidden" name="(version|judgement|probability|of)" value="([^"]*)"'
)


def people(role: Role, count: int) -> list[User]:
    return [
        User.objects.create_user(f"{role.value}-{n}@nord.example", role, office(NORD))
        for n in range(count)
    ]


def review(client: Client, turns: int, done: list[UUID], refused: list[int]) -> None:
    """Look at what comes and refuse it, as often as there are turns."""
    for _turn in range(turns):
        page = client.get("/review/")
        assert page.status_code == 200
        text = page.content.decode()
        found = ACTION.search(text)
        if found is None:
            return
        said = dict(HIDDEN.findall(text))
        answer = client.post(found[1], {**said, "verdict": "no_match", "reason": "other father"})
        tags = [message.level_tag for message in get_messages(answer.wsgi_request)]
        if answer.status_code == 302 and "error" not in tags:
            done.append(UUID(found[2]))
        else:
            refused.append(answer.status_code)


@pytest.mark.parametrize(
    ("caseworkers", "supervisors"), [(6, 2), pytest.param(40, 10, marks=pytest.mark.long)]
)
def test_no_decision_is_lost_or_made_twice(caseworkers: int, supervisors: int) -> None:
    workers = people(Role.CASEWORKER, caseworkers)
    sought = [an_account(IDRIS_SOUGHT, AccountKind.SOUGHT) for _ in workers]
    for person, worker in zip(sought, workers, strict=True):
        enquiry = an_enquiry(person, worker)
        for _candidate in range(CANDIDATES):
            candidate_of(enquiry, an_account(IDRIS_FOUND))
    clients = [signed_in(user) for user in (*workers, *people(Role.SUPERVISOR, supervisors))]
    done: list[UUID] = []
    refused: list[int] = []
    failed: list[BaseException] = []
    began = threading.Barrier(len(clients))

    def work(client: Client) -> None:
        try:
            began.wait()
            review(client, TURNS, done, refused)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(done) == len(set(done)), "two were told that they decided the same"
    judged = Judgement.objects.filter(undone_at=None)
    assert judged.count() == len(done)
    assert judged.values("one", "other").distinct().count() == len(done)
    assert Entry.objects.filter(action="judgement:add").count() == len(done)
    assert len(done) == caseworkers * CANDIDATES, "all that waited was decided, by one or another"
