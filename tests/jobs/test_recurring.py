"""Answers at fixed hours, retention each night: each run sees to the next."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reknit.guard import answers
from reknit.guard.models import RetentionRun, SeekerAnswer
from reknit.jobs import recurring
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job, JobState
from reknit.queue.worker import work_once
from tests.guard.scene import a_scene

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


def all_due() -> None:
    Job.objects.filter(state=JobState.WAITING).update(
        run_at=timezone.now() - dt.timedelta(minutes=1)
    )


def waiting() -> list[str]:
    return sorted(Job.objects.filter(state=JobState.WAITING).values_list("name", flat=True))


def test_several_workers_make_one_run_of_each() -> None:
    for _ in range(3):
        recurring.ensure()
    assert waiting() == ["nightly", "publish answers"]


def test_each_run_does_its_work_and_sees_to_the_next() -> None:
    scene = a_scene()
    type(scene.enquiry).objects.update(created_at=timezone.now() - dt.timedelta(days=2))
    recurring.ensure()
    Job.objects.update(key=None)
    all_due()
    while work_once(HANDLERS, name="w"):
        pass
    assert waiting() == ["nightly", "publish answers"]
    assert SeekerAnswer.objects.get().word == answers.Word.SEARCHING
    assert not RetentionRun.objects.get().dry


def test_a_run_that_fails_breaks_no_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    broken = {name: recurring.Recurring(fail, one.next_after) for name, one in
              recurring.RECURRING.items()}  # fmt: skip
    monkeypatch.setattr(recurring, "RECURRING", broken)
    recurring.ensure()
    Job.objects.update(key=None, max_attempts=1)
    all_due()
    while work_once(HANDLERS, name="w"):
        pass
    assert Job.objects.filter(state=JobState.FAILED).count() == 2
    assert waiting() == ["nightly", "publish answers"]
