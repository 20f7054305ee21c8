"""A case's line of time joins what happened, as far as its reader may see it."""

from __future__ import annotations

import pytest

from reknit.casework import claims, notes, tasks, timeline
from reknit.casework.lifecycle import Moved, move, undo
from reknit.casework.timeline import What
from reknit.guard.models.audit import Entry
from reknit.records.models import Enquiry, EnquiryStatus
from reknit.vocabulary import Actor, Role, Scope
from tests.guard.scene import Scene, a_scene
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
EVERY = {What.FILED, What.MOVED, What.TAKEN_BACK, What.ASSESSED, What.JUDGED, What.TASK,
         What.TASK_DONE, What.NOTE, What.CONSENT, What.TOLD}  # fmt: skip


def a_busy_case() -> Scene:
    scene = a_scene()
    actor, enquiry_id = noor().as_actor(), scene.enquiry.pk
    Enquiry.objects.filter(pk=enquiry_id).update(status=EnquiryStatus.POSSIBLE_MATCH)
    taken = move(actor, enquiry_id, EnquiryStatus.VERIFYING)
    assert isinstance(taken, Moved)
    undo(actor, taken.move.pk, "too soon")
    task = tasks.add(actor, enquiry_id, "Call the aunt", None, noor())
    tasks.done(actor, task.pk)
    notes.add(actor, enquiry_id, "She answers in the evening.")
    scene.agree(Scope.ALIVE)
    scene.tell(Scope.ALIVE)
    scene.enquiry.refresh_from_db()
    return scene


def kinds(actor: Actor, scene: Scene) -> set[What]:
    return {line.what for line in timeline.of(actor, scene.enquiry)}


def test_it_joins_all_that_happened_latest_first() -> None:
    scene = a_busy_case()
    lines = timeline.of(noor().as_actor(), scene.enquiry)
    assert {line.what for line in lines} == EVERY
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    (moved,) = [line for line in lines if line.what is What.MOVED]
    assert (moved.is_undone, moved.values, moved.who) == (True, ("verifying",), noor())


@pytest.mark.parametrize(
    ("role", "office", "sees"),
    [
        (Role.CASEWORKER, "Nord", EVERY),
        (Role.SUPERVISOR, "Nord", EVERY),
        (Role.DESK, "Nord", {What.FILED, What.MOVED, What.TAKEN_BACK, What.ASSESSED}),
        (Role.CASEWORKER, "Sud", {What.FILED}),
        (Role.ADMINISTRATOR, "Nord", {What.FILED}),
    ],
)
def test_who_sees_what(role: Role, office: str, sees: set[What]) -> None:
    """The enquiry itself is in the reader's hand: a page has loaded it by their permission."""
    assert kinds(staff(role, office).as_actor(), a_busy_case()) == sees


def test_words_are_opened_for_the_lines_that_are_shown_and_audited() -> None:
    scene = a_busy_case()
    lines = timeline.of(noor().as_actor(), scene.enquiry)
    assert {line.text for line in lines} == {""}
    before = Entry.objects.filter(action="note:read").count()
    shown = timeline.opened(noor().as_actor(), lines)
    texts = {line.what: line.text for line in shown if line.text}
    assert texts[What.NOTE] == "She answers in the evening."
    assert texts[What.TASK] == texts[What.TASK_DONE] == "Call the aunt"
    assert Entry.objects.filter(action="note:read").count() == before + 1


def test_who_is_relieved_of_a_case_reads_why() -> None:
    scene = a_scene()
    claims.claim(noor().as_actor(), scene.enquiry.pk)
    supervisor = staff(Role.SUPERVISOR)
    claims.take_over(supervisor.as_actor(), scene.enquiry.pk, "Noor is ill this week")
    lines = timeline.opened(noor().as_actor(), timeline.of(noor().as_actor(), scene.enquiry))
    (line,) = [line for line in lines if line.what is What.TAKEN_OVER]
    assert (line.who, line.text) == (supervisor, "Noor is ill this week")
    desk = staff(Role.DESK).as_actor()
    assert What.TAKEN_OVER not in kinds(desk, scene)


def test_words_stay_closed_to_whoever_may_list_the_line_but_not_read_it() -> None:
    scene = a_busy_case()
    desk = staff(Role.DESK).as_actor()
    shown = timeline.opened(desk, timeline.of(desk, scene.enquiry))
    assert {line.text for line in shown} == {""}
