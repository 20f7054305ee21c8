"""Tasks and notes of a case: sealed, audited, taken back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from reknit.casework import notes, tasks
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Note, Task
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Role
from tests.guard.scene import Scene, a_scene
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
TITLE = "Call the hospital in Tyre"


def a_task(scene: Scene) -> Task:
    return tasks.add(noor().as_actor(), scene.enquiry.pk, TITLE, timezone.now(), noor())


def test_a_task_is_sealed_and_audited_by_its_id() -> None:
    task = a_task(a_scene())
    assert sealing.unseal([task]) == [{"title": TITLE}]
    entry = Entry.objects.get(action="task:add")
    assert (entry.resource_id, "hospital" in entry.detail) == (str(task.pk), False)


def test_a_task_is_done_and_not_done_again() -> None:
    task = a_task(a_scene())
    before = state_hash()
    tasks.done(noor().as_actor(), task.pk)
    assert Task.objects.get().done_by == noor()
    with pytest.raises(CaseworkError, match="already"):
        tasks.done(noor().as_actor(), task.pk)
    tasks.undo(noor().as_actor(), task.pk)
    assert state_hash() == before
    with pytest.raises(CaseworkError, match="nothing to take back"):
        tasks.undo(noor().as_actor(), task.pk)


def test_a_task_that_was_taken_away_comes_back() -> None:
    task = a_task(a_scene())
    before = state_hash()
    tasks.remove(noor().as_actor(), task.pk)
    assert state_hash() != before
    tasks.undo(noor().as_actor(), task.pk)
    assert state_hash() == before


def test_a_note_is_sealed_and_comes_back() -> None:
    scene = a_scene()
    note = notes.add(noor().as_actor(), scene.enquiry.pk, " She answers in the evening. ")
    assert sealing.unseal([note]) == [{"text": "She answers in the evening."}]
    before = state_hash()
    notes.remove(noor().as_actor(), note.pk)
    with pytest.raises(CaseworkError, match="already"):
        notes.remove(noor().as_actor(), note.pk)
    notes.restore(noor().as_actor(), note.pk)
    assert state_hash() == before


@pytest.mark.parametrize("text", ["", "  \n"])
def test_neither_says_nothing(text: str) -> None:
    scene = a_scene()
    with pytest.raises(CaseworkError):
        tasks.add(noor().as_actor(), scene.enquiry.pk, text, None, None)
    with pytest.raises(CaseworkError):
        notes.add(noor().as_actor(), scene.enquiry.pk, text)
    assert not Task.objects.exists()
    assert not Note.objects.exists()


def test_a_task_is_given_to_nobody_of_another_office() -> None:
    scene = a_scene()
    with pytest.raises(CaseworkError, match="case's office"):
        tasks.add(noor().as_actor(), scene.enquiry.pk, TITLE, None, staff(Role.CASEWORKER, "Sud"))


@pytest.mark.parametrize(
    "who",
    [(Role.CASEWORKER, "Sud"), (Role.SUPERVISOR, "Sud"), (Role.DESK, "Nord"),
     (Role.COORDINATOR, "Nord"), (Role.DATA_PROTECTION_OFFICER, "Nord"),
     (Role.ADMINISTRATOR, "Nord")],
)  # fmt: skip
def test_nobody_writes_who_does_not_work_on_the_case(who: tuple[Role, str]) -> None:
    scene = a_scene()
    task = a_task(scene)
    actor = staff(*who).as_actor()
    for work in (
        lambda: tasks.add(actor, scene.enquiry.pk, TITLE, None, None),
        lambda: tasks.done(actor, task.pk),
        lambda: tasks.remove(actor, task.pk),
        lambda: notes.add(actor, scene.enquiry.pk, "x"),
    ):
        with pytest.raises(NotPermittedError):
            work()
