"""An enquiry is edited by new versions, and nobody overwrites what they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from reknit.casework import edits, transfers
from reknit.casework.errors import CaseworkError
from reknit.casework.lifecycle import move
from reknit.casework.models import Edit
from reknit.casework.versions import Changed, unless_changed
from reknit.guard import commits
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.guard.permissions import Permission
from reknit.queue.models import Job
from reknit.records.models import Account, AccountKind, Enquiry, EnquiryStatus
from reknit.sealing import records as sealing
from reknit.vocabulary import Role
from tests.cast import IDRIS_SOUGHT, renamed
from tests.guard.scene import Scene, a_scene
from tests.intake.test_imports import take
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def edit(scene: Scene, seen: int | None = None, **sought: str) -> Enquiry | Changed:
    """Noor changes what is said of Idris."""
    version = Enquiry.objects.get(pk=scene.enquiry.pk).version if seen is None else seen
    return edits.change(noor().as_actor(), scene.enquiry.pk, sought, {}, seen=version)


def test_an_edit_is_a_new_version_and_the_old_one_stays() -> None:
    scene = a_scene()
    edited = edit(scene, home_city="Hama")
    assert isinstance(edited, Enquiry)
    old = Account.objects.get(pk=scene.sought.pk)
    assert edited.sought.follows_id == old.pk == edited.sought.follows_id
    assert (old.superseded_by_id, edited.sought.version) == (edited.sought.pk, 2)
    now, then = sealing.unseal([edited.sought, old])
    assert (now["home_city"], then["home_city"]) == ("Hama", IDRIS_SOUGHT["home_city"])
    assert now["relatives"] == then["relatives"]
    assert edited.sought.identity_id == old.identity_id


def test_what_the_seeker_said_before_is_kept_with_the_edit() -> None:
    scene = a_scene()
    edits.change(
        noor().as_actor(), scene.enquiry.pk, {}, {"relationship": "brother"},
        seen=scene.enquiry.version,
    )  # fmt: skip
    enquiry, kept = Enquiry.objects.get(pk=scene.enquiry.pk), Edit.objects.get()
    now, then = sealing.unseal([enquiry])[0], sealing.unseal([kept])[0]
    assert (now["relationship"], then["relationship"]) == ("brother", "sister")
    assert enquiry.sought_id == kept.sought_before_id
    assert Entry.objects.filter(action="enquiry:change").count() == 1


def test_an_edit_that_changes_nothing_is_none() -> None:
    scene = a_scene()
    version = Enquiry.objects.get(pk=scene.enquiry.pk).version
    edit(scene, home_city=IDRIS_SOUGHT["home_city"])
    assert not Edit.objects.exists()
    assert Enquiry.objects.get(pk=scene.enquiry.pk).version == version


def test_the_person_sought_keeps_a_name() -> None:
    scene = a_scene()
    with pytest.raises(ValueError, match="needs a name"):
        edit(scene, full_name=" ")


def test_an_edited_enquiry_is_searched_for_anew() -> None:
    scene = a_scene()
    Job.objects.all().delete()
    edit(scene, home_city="Hama")
    names = set(Job.objects.values_list("name", flat=True))
    assert names == {"candidates of enquiry", "need of enquiry"}


def test_whoever_saw_an_earlier_version_changes_nothing() -> None:
    scene = a_scene()
    version = Enquiry.objects.get(pk=scene.enquiry.pk).version
    edit(scene, version, home_city="Hama")
    late = edit(scene, version, home_city="Tartus", sex="male")
    assert late == Changed(version + 1)
    sought = Enquiry.objects.get(pk=scene.enquiry.pk).sought
    assert sealing.unseal([sought])[0]["home_city"] == "Hama"


@pytest.mark.parametrize("what", ["move", "work"])
def test_so_does_every_other_change_of_a_case(what: str) -> None:
    scene = a_scene()
    Enquiry.objects.filter(pk=scene.enquiry.pk).update(status=EnquiryStatus.POSSIBLE_MATCH)
    actor, enquiry_id = noor().as_actor(), scene.enquiry.pk
    version = Enquiry.objects.get(pk=enquiry_id).version
    edit(scene, home_city="Hama")
    if what == "move":
        late: object = move(actor, enquiry_id, EnquiryStatus.VERIFYING, seen=version)
    else:
        late = unless_changed(actor, Permission.RISK_ASSESS, enquiry_id, version, lambda: 1 / 0)
    assert late == Changed(version + 1)


@pytest.mark.parametrize("who", [(Role.CASEWORKER, "Sud"), (Role.COORDINATOR, "Nord"),
                                 (Role.DATA_PROTECTION_OFFICER, "Nord")])  # fmt: skip
def test_nobody_edits_who_does_not_work_there(who: tuple[Role, str]) -> None:
    scene = a_scene()
    with pytest.raises(NotPermittedError):
        edits.change(staff(*who).as_actor(), scene.enquiry.pk, {"sex": "male"}, {}, seen=1)


def test_a_list_that_says_the_same_again_leaves_an_edit_alone() -> None:
    """The caseworker's correction would have been lost with the next copy of the list."""
    take([IDRIS_SOUGHT], kind=AccountKind.SOUGHT, source="Families")
    enquiry = Enquiry.objects.get()
    Enquiry.objects.update(assigned_to=noor())
    edits.change(noor().as_actor(), enquiry.pk, {"home_city": "Hama"}, {}, seen=enquiry.version)
    take([IDRIS_SOUGHT], kind=AccountKind.SOUGHT, source="Families")
    enquiry = Enquiry.objects.get()
    assert sealing.unseal([enquiry.sought])[0]["home_city"] == "Hama"
    said_anew = renamed(IDRIS_SOUGHT, IDRIS_SOUGHT["person_record_id"], sex="other")
    take([said_anew], kind=AccountKind.SOUGHT, source="Families")
    enquiry = Enquiry.objects.get()
    assert (enquiry.sought.version, enquiry.version) == (3, 3)


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_of_two_who_save_at_once_one_is_told() -> None:
    """Two connections of their own, at one moment, on SQLite and on PostgreSQL."""
    scene = a_scene()
    version = Enquiry.objects.get(pk=scene.enquiry.pk).version
    start = Barrier(2)

    def save(city: str) -> str:
        start.wait()
        try:
            return type(edit(scene, version, home_city=city)).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ["Hama", "Tartus"])) == ["Changed", "Enquiry"]
    assert Edit.objects.count() == 1
    commits.stop()


def test_the_latest_edit_is_taken_back_and_that_too() -> None:
    scene, actor = a_scene(), noor().as_actor()
    edits.change(
        actor, scene.enquiry.pk, {"home_city": "Hama"}, {"relationship": "brother"},
        seen=scene.enquiry.version,
    )  # fmt: skip
    first = Edit.objects.get()
    undone = edits.undo(actor, first.pk)
    assert isinstance(undone, Enquiry)
    said, words = sealing.unseal([undone.sought])[0], sealing.unseal([undone])[0]
    assert said["home_city"] == IDRIS_SOUGHT["home_city"]
    assert words["relationship"] == "sister"
    assert said["relatives"] == sealing.unseal([scene.sought])[0]["relatives"]
    again = edits.latest(actor, undone)
    assert again is not None
    back = edits.undo(actor, again.pk)
    assert isinstance(back, Enquiry)
    assert sealing.unseal([back.sought])[0]["home_city"] == "Hama"
    assert Entry.objects.filter(action="enquiry:change").count() == 3


def test_only_the_latest_edit_is_taken_back() -> None:
    scene = a_scene()
    edit(scene, home_city="Hama")
    first = Edit.objects.get()
    edit(scene, home_city="Tartus")
    with pytest.raises(CaseworkError, match="changed again since"):
        edits.undo(noor().as_actor(), first.pk)
    assert Edit.objects.count() == 2


@pytest.mark.parametrize("role", list(Role))
def test_nobody_of_another_office_takes_an_edit_back(role: Role) -> None:
    scene = a_scene()
    edit(scene, home_city="Hama")
    with pytest.raises(NotPermittedError):
        edits.undo(staff(role, "Sud").as_actor(), Edit.objects.get().pk)
    assert Edit.objects.count() == 1


def test_what_stayed_with_the_office_before_is_not_brought_back_by_the_next() -> None:
    scene = a_scene()
    edit(scene, home_city="Hama")
    sud = staff(Role.SUPERVISOR, "Sud")
    asked = transfers.ask(
        staff(Role.SUPERVISOR).as_actor(), scene.enquiry.pk, office("Sud"), "the family moved"
    )
    transfers.accept(sud.as_actor(), asked.pk)
    assert edits.latest(sud.as_actor(), Enquiry.objects.get(pk=scene.enquiry.pk)) is None
    with pytest.raises(NotPermittedError):
        edits.undo(sud.as_actor(), Edit.objects.get().pk)
