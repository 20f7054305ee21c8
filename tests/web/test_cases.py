"""A case's pages: steps, edits that nobody loses, tasks, family, history; and their refusals."""

from __future__ import annotations

import re
from html import unescape

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from reknit.casework import edits, notes, review, tasks, transfers
from reknit.casework.models import Edit, Move, Note, Task
from reknit.guard import approvals, assessments
from reknit.guard.audit import Resource
from reknit.guard.disclosure import Disclosed, Withheld
from reknit.guard.models.approvals import Matter
from reknit.guard.models.audit import Entry
from reknit.intake import documents
from reknit.records import judgements
from reknit.records.models import (
    Account,
    Enquiry,
    EnquiryStatus,
    Outcome,
    Proof,
    Risk,
    User,
    Verdict,
)
from reknit.sealing import records as sealing
from reknit.vocabulary import Purpose, Role
from tests.casework.cases import a_candidate
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, renamed
from tests.guard.scene import HARBOUR, PHONE, Scene, a_scene
from tests.staff import noor, office, staff
from tests.web.everything import picture
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
S = EnquiryStatus


def put(scene: Scene, status: S) -> str:
    """The scene's case is there; its address."""
    Enquiry.objects.filter(pk=scene.enquiry.pk).update(status=status)
    return f"/enquiries/{scene.enquiry.pk}/"


def case(scene: Scene) -> Enquiry:
    return Enquiry.objects.select_related("sought").get(pk=scene.enquiry.pk)


def filled(client: Client, page: str) -> dict[str, str]:
    """The fields of the form of editing, as a browser would send them back."""
    form = client.get(page).context["form"]
    return {name: str(form.initial.get(name) or "") for name in form.fields}


def test_a_case_goes_on_by_a_button_and_back_by_another() -> None:
    scene = a_scene()
    page, client = put(scene, S.POSSIBLE_MATCH), signed_in(noor())
    assert 'name="to" value="verifying"' in client.get(page).content.decode()
    version = case(scene).version
    answer = client.post(f"{page}move/", {"to": "verifying", "version": version}, follow=True)
    assert "The case is now: Verifying." in answer.content.decode()
    taken = Move.objects.get()
    assert f"/moves/{taken.pk}/undo/" in answer.content.decode()
    client.post(f"/moves/{taken.pk}/undo/")
    assert case(scene).status == S.POSSIBLE_MATCH


def test_a_step_that_is_not_ready_says_what_it_needs_and_has_no_button() -> None:
    scene = a_scene(risk=None)
    page, client = put(scene, S.VERIFYING), signed_in(noor())
    text = client.get(page).content.decode()
    assert "Assess first whether contact could harm somebody." in text
    assert 'value="awaiting_answer"' not in text
    said = {"to": "awaiting_answer", "version": case(scene).version}
    answer = client.post(f"{page}move/", said, follow=True)
    assert "Assess first whether contact could harm somebody." in answer.content.decode()
    assert case(scene).status == S.VERIFYING


def test_only_a_supervisor_is_offered_to_reopen_and_says_why() -> None:
    scene = a_scene()
    page = put(scene, S.SEARCHING)
    said = {"to": "closed", "outcome": "not_found", "reason": "searched for a year"}
    signed_in(noor()).post(f"{page}move/", {**said, "version": case(scene).version})
    assert (case(scene).status, case(scene).outcome) == (S.CLOSED, Outcome.NOT_FOUND)
    assert "Reopen it" not in signed_in(noor()).get(page).content.decode()
    client = signed_in(staff(Role.SUPERVISOR))
    assert "Reopen it" in client.get(page).content.decode()
    version = case(scene).version
    client.post(f"{page}move/", {"to": "searching", "reason": "a new list", "version": version})
    assert (case(scene).status, case(scene).closed_at) == (S.SEARCHING, None)


@pytest.mark.parametrize(
    ("who", "status"),
    [((Role.CASEWORKER, "Sud"), 404), ((Role.SUPERVISOR, "Sud"), 404),
     ((Role.ADMINISTRATOR, "Nord"), 403), ((Role.COORDINATOR, "Nord"), 403)],
)  # fmt: skip
def test_nobody_of_elsewhere_gets_any_page_of_the_case(who: tuple[Role, str], status: int) -> None:
    scene = a_scene()
    page, client = put(scene, S.POSSIBLE_MATCH), signed_in(staff(*who))
    for place in ("", "edit/", "family/", "family.json", "tasks/", "history/", "print/"):
        answer = client.get(page + place)
        assert answer.status_code == status, place
        assert "Idris" not in answer.content.decode()
        assert IDRIS_SOUGHT["full_name"] not in answer.content.decode()
    said = {"to": "verifying", "version": case(scene).version}
    assert client.post(f"{page}move/", said).status_code == status
    assert case(scene).status == S.POSSIBLE_MATCH


def test_two_who_edit_one_case_lose_nothing() -> None:
    """Both had the form open; the second is shown both, field by field, and chooses."""
    scene = a_scene()
    page = f"{put(scene, S.SEARCHING)}edit/"
    first, second = signed_in(noor()), signed_in(staff(Role.SUPERVISOR))
    ours, theirs = filled(first, page), filled(second, page)
    theirs |= {"home_city": "Hama", "description": "a scar on the chin"}
    assert second.post(page, theirs).status_code == 302

    mine = ours | {"home_city": "Tartus", "sex": "other"}
    answer = first.post(page, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Hama" in text
    assert "Tartus" in text
    rows = {row.name: row for row in answer.context["rows"]}
    assert set(rows) == {"home_city", "sex", "description"}
    assert {name: row.choice for name, row in rows.items()} == {
        "home_city": "", "sex": "mine", "description": "theirs",
    }  # fmt: skip
    assert Edit.objects.count() == 1

    again = mine | {"version": answer.context["version"], "differs": list(rows)}
    unchosen = first.post(page, again | {"pick-sex": "mine", "pick-description": "theirs"})
    assert unchosen.status_code == 409
    assert Edit.objects.count() == 1
    picks = {"pick-home_city": "mine", "pick-sex": "mine", "pick-description": "theirs"}
    assert first.post(page, again | picks).status_code == 302
    said = sealing.unseal([case(scene).sought])[0]
    assert (said["home_city"], said["sex"], said["description"]) == (
        "Tartus", "other", "a scar on the chin",
    )  # fmt: skip
    assert said["full_name"] == IDRIS_SOUGHT["full_name"]
    assert Account.objects.filter(follows__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("what", "said", "stands"),
    [
        ("risk/", {"risk": "no_concern", "reason": "asked"}, lambda e: e.risk == Risk.FLAGGED),
        ("proof/", {"proof": "stated", "reason": "x"}, lambda e: e.proof == Proof.NONE),
        ("move/", {"to": "verifying"}, lambda e: e.status == S.POSSIBLE_MATCH),
        ("assign/", {"user": ""}, lambda e: e.assigned_to == noor()),
    ],
)
def test_so_it_is_with_every_other_form_of_the_case(
    what: str, said: dict[str, str], stands: object
) -> None:
    scene = a_scene()
    page, version = put(scene, S.POSSIBLE_MATCH), case(scene).version
    supervisor = signed_in(staff(Role.SUPERVISOR))
    if "user" in said:
        said = {"user": str(staff(Role.SUPERVISOR).pk)}
    flag = {"risk": "flagged", "concerns": "abuse", "reason": "he fled", "version": version}
    assert supervisor.post(f"{page}risk/", flag).status_code == 302
    answer = supervisor.post(page + what, {**said, "version": version})
    assert answer.status_code == 409
    assert "Do mine all the same" in answer.content.decode()
    assert stands(case(scene))  # type: ignore[operator]


def test_a_form_without_a_version_does_nothing() -> None:
    scene = a_scene()
    page, before = put(scene, S.POSSIBLE_MATCH), case(scene).version
    client = signed_in(noor())
    client.post(f"{page}move/", {"to": "verifying"})
    client.post(f"{page}proof/", {"proof": "stated", "reason": "x"})
    assert (case(scene).status, case(scene).version) == (S.POSSIBLE_MATCH, before)


def test_tasks_and_notes_are_written_done_and_taken_back() -> None:
    scene = a_scene()
    page, client = f"{put(scene, S.SEARCHING)}tasks/", signed_in(noor())
    client.post(f"{page}new/", {"title": "اتصل بالمستشفى", "due": "2020-01-02"})
    client.post(f"{page[:-6]}notes/new/", {"text": "She answers in the evening."})
    text = client.get(page).content.decode()
    assert "اتصل بالمستشفى" in text
    assert "She answers in the evening." in text
    task, note = Task.objects.get(), Note.objects.get()
    assert task.assigned_to == noor()
    assert "state-bad" in text  # it is late
    for act, done in (("done", True), ("undo", False)):
        client.post(f"/tasks/{task.pk}/", {"act": act})
        assert (Task.objects.get().done_at is not None) is done
    for act, gone in (("remove", True), ("restore", False)):
        client.post(f"/notes/{note.pk}/", {"act": act})
        assert (Note.objects.get().removed_at is not None) is gone
    client.post(f"/tasks/{task.pk}/", {"act": "erase everything"})
    assert Task.objects.get().removed_at is None


def test_the_family_is_a_table_and_the_same_as_data() -> None:
    scene = a_scene()
    page, client = put(scene, S.SEARCHING), signed_in(noor())
    members = client.get(f"{page}family/").context["members"]
    graph = client.get(f"{page}family.json").json()
    assert [node["data"]["label"] for node in graph["nodes"]] == [one.name for one in members]
    assert {one.role.value for one in members} == {"sought", "seeker", "found", "relative"}
    assert len(graph["edges"]) == len(members) - 1
    said = str(graph) + client.get(f"{page}family/").content.decode()
    assert HARBOUR not in said
    assert PHONE not in said
    assert Entry.objects.filter(action="account:read", user_id=noor().pk).count() >= 4


def test_the_history_shows_what_happened_and_who_saw_it_to_whom_it_may() -> None:
    scene = a_scene()
    page = f"{put(scene, S.SEARCHING)}history/"
    notes.add(noor().as_actor(), scene.enquiry.pk, "She answers in the evening.")
    tasks.add(noor().as_actor(), scene.enquiry.pk, "Call the aunt", None, noor())
    text = signed_in(noor()).get(page).content.decode()
    assert "She answers in the evening." in text
    assert "Call the aunt" in text
    assert "Who saw or changed it" not in text
    assert "Who saw or changed it" in signed_in(staff(Role.SUPERVISOR)).get(page).content.decode()
    desk = signed_in(staff(Role.DESK)).get(page).content.decode()
    assert "She answers in the evening." not in desk


SEALED = "He sleeps in shed 4 of the old harbour."


def test_a_printed_case_says_neither_where_anybody_is_nor_what_was_written_freely() -> None:
    """Paper leaves: a permission of its own, an entry of its own, nothing but the frame."""
    scene = a_scene(renamed(IDRIS_FOUND, "idris", description=SEALED))
    page = f"{put(scene, S.SEARCHING)}print/"
    notes.add(noor().as_actor(), scene.enquiry.pk, SEALED)
    tasks.add(noor().as_actor(), scene.enquiry.pk, SEALED, None, noor())
    scene.agree()
    text = signed_in(noor()).get(page).content.decode()
    assert IDRIS_SOUGHT["full_name"] in text
    assert "The person answered" in text
    for hidden in (HARBOUR, PHONE, SEALED, "asked both", IDRIS_FOUND["full_name"]):
        assert hidden not in text
    entry = Entry.objects.get(action="enquiry:export")
    assert (entry.subject_id, '"form":"print"' in entry.detail) == (str(scene.sought.pk), True)


@pytest.mark.parametrize("role", [Role.DESK, Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR])
def test_nobody_prints_a_case_but_who_works_on_it(role: Role) -> None:
    scene = a_scene()
    assert signed_in(staff(role)).get(f"{put(scene, S.SEARCHING)}print/").status_code == 403
    assert not Entry.objects.filter(action="enquiry:export").exists()


def test_a_draft_needs_a_name_only_and_is_opened_when_it_is_complete() -> None:
    client = signed_in(noor())
    answer = client.post("/enquiries/new/", {"full_name": IDRIS_SOUGHT["full_name"], "draft": "y"})
    assert answer.status_code == 200
    enquiry = Enquiry.objects.get()
    assert enquiry.status == S.DRAFT
    Enquiry.objects.update(assigned_to=noor())
    page = f"/enquiries/{enquiry.pk}/"
    said = {"to": "open", "version": enquiry.version}
    answer = client.post(f"{page}move/", said, follow=True)
    assert "Say who looks for them" in answer.content.decode()
    form = filled(client, f"{page}edit/")
    client.post(f"{page}edit/", form | {"seeker_name": "أمل حداد", "relationship": "brother"})
    said["version"] = Enquiry.objects.get().version
    client.post(f"{page}move/", said)
    assert Enquiry.objects.get().status == S.OPEN


def test_each_name_is_shown_as_written_and_as_it_reads_in_latin_letters() -> None:
    scene = a_scene()
    text = signed_in(noor()).get(put(scene, S.SEARCHING)).content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert heading is not None
    assert IDRIS_SOUGHT["full_name"] in heading[1]
    assert "Idris Haddad" in heading[1]


def test_a_case_that_went_to_somebody_else_shows_them_and_takes_the_buttons_away() -> None:
    scene = a_scene()
    page = put(scene, S.POSSIBLE_MATCH)
    other = User.objects.create_user("other@nord.example", Role.CASEWORKER, noor().office)
    Enquiry.objects.update(assigned_to=other)
    text = signed_in(noor()).get(page).content.decode()
    assert "other@nord.example" in text
    assert 'name="to"' not in text
    assert f"{page}edit/" not in text


def test_a_case_is_saved_as_a_pdf_with_an_entry_of_its_own() -> None:
    scene = a_scene(renamed(IDRIS_FOUND, "idris", description=SEALED))
    page = f"{put(scene, S.SEARCHING)}print/pdf/"
    answer = signed_in(noor()).post(page)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "The person sought" in text
    assert {"Idris", "Haddad", "1987-04-02"} <= set(text.split())
    for hidden in (HARBOUR, PHONE, SEALED, "asked both", "Al-Shami"):
        assert hidden not in text
    assert '"form":"pdf"' in Entry.objects.get(action="enquiry:export").detail
    assert signed_in(staff(Role.CASEWORKER, "Sud")).post(page).status_code == 404
    assert Entry.objects.filter(action="enquiry:export").count() == 1


def test_without_typst_the_page_is_printed_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = a_scene()
    page = f"{put(scene, S.SEARCHING)}print/"
    monkeypatch.setattr("reknit.web.pages.cases.paper.is_available", lambda: False)
    client = signed_in(noor())
    assert "Save as PDF" not in client.get(page).content.decode()
    answer = client.post(f"{page}pdf/", follow=True)
    assert "This installation makes no PDF" in answer.content.decode()


def test_a_case_goes_to_another_office_with_its_pages_once_that_accepts() -> None:
    scene = a_scene()
    page, sud = put(scene, S.SEARCHING), staff(Role.SUPERVISOR, "Sud")
    ours, theirs = signed_in(staff(Role.SUPERVISOR)), signed_in(sud)
    actor = staff(Role.SUPERVISOR).as_actor()
    offered = transfers.ask(actor, scene.enquiry.pk, office("Sud"), "the family moved")
    assert "Offered to" in ours.get(page).content.decode()
    assert theirs.get(page).status_code == 404
    transfers.accept(sud.as_actor(), offered.pk)
    assert ours.get(page).status_code == 404
    assert IDRIS_SOUGHT["full_name"] in theirs.get(page).content.decode()
    for tab in ("family/", "tasks/", "history/", "edit/"):
        assert theirs.get(page + tab).status_code == 200, tab
    assert "the family moved" in theirs.get(f"{page}history/").content.decode()
    assert case(scene).assigned_to is None


def test_an_edit_before_the_case_moved_conflicts_without_what_stayed_behind() -> None:
    """The former version of the person sought is the old office's; both sides are shown all the
    same."""
    scene = a_scene()
    page, sud = f"{put(scene, S.SEARCHING)}edit/", staff(Role.SUPERVISOR, "Sud")
    seen = case(scene).version
    edits.change(noor().as_actor(), scene.enquiry.pk, {"home_city": "Hama"}, {}, seen=seen)
    actor = staff(Role.SUPERVISOR).as_actor()
    offered = transfers.ask(actor, scene.enquiry.pk, office("Sud"), "the family moved")
    transfers.accept(sud.as_actor(), offered.pk)
    client = signed_in(sud)
    late = filled(client, page) | {"home_city": "Tartus", "version": str(seen)}
    answer = client.post(page, late)
    assert answer.status_code == 409
    assert [(row.theirs, row.mine, row.choice) for row in answer.context["rows"]] == [
        ("Hama", "Tartus", "")
    ]


def test_a_refusal_is_said_in_the_language_of_the_page() -> None:
    scene = a_scene()
    note = notes.add(noor().as_actor(), scene.enquiry.pk, "أخوها اتصل")
    client = signed_in(noor())
    client.cookies["reknit-language"] = "fr"
    client.post(f"/notes/{note.pk}/", {"act": "remove"})
    answer = client.post(f"/notes/{note.pk}/", {"act": "remove"}, follow=True)
    text = unescape(answer.content.decode())
    assert "cela a déjà été fait" in text
    assert "that was done already" not in text


def test_a_case_offers_what_can_be_done_with_it_and_takes_an_edit_back() -> None:
    scene = a_scene()
    page, client = put(scene, S.SEARCHING), signed_in(noor())
    client.post(f"{page}edit/", filled(client, f"{page}edit/") | {"home_city": "Hama"})
    kept = Edit.objects.get()
    card = documents.add(noor().as_actor(), picture(), "Card", "card.png", enquiry=case(scene))
    text = client.get(page).content.decode()
    for place in ("need/", "claim/", "transfer/"):
        assert f"{page}{place}" in text
    assert f"/documents/{card.pk}/remove/" in text
    answer = client.post(f"/edits/{kept.pk}/undo/", follow=True)
    assert "what was before holds again" in answer.content.decode()
    assert sealing.unseal([case(scene).sought])[0]["home_city"] == IDRIS_SOUGHT["home_city"]
    late = client.post(f"/edits/{kept.pk}/undo/", follow=True).content.decode()
    assert "changed again since" in late
    assert Edit.objects.count() == 2, "it was not the latest any more"


def test_work_on_a_case_is_begun_ended_and_taken_over_on_its_page() -> None:
    scene = a_scene()
    page, mine, chief = (
        put(scene, S.SEARCHING),
        signed_in(noor()),
        signed_in(staff(Role.SUPERVISOR)),
    )
    assert "I work on it now" in mine.get(page).content.decode()
    assert "I stop working on it" in mine.post(f"{page}claim/", follow=True).content.decode()
    assert "Take it over from your colleague" in chief.get(page).content.decode()
    assert (
        "say why you take it over"
        in chief.post(f"{page}claim/", {"do": "take_over"}, follow=True).content.decode()
    )
    chief.post(f"{page}claim/", {"do": "take_over", "reason": "she is ill"})
    held = mine.get(page).content.decode()
    assert "works on it now" in held
    assert "Take it over from your colleague" not in held, "only a supervisor does"


def test_a_second_person_is_asked_from_the_case_to_go_on_though_it_is_flagged() -> None:
    scene = a_scene(risk=Risk.FLAGGED)
    page, client, salma = (
        put(scene, S.VERIFYING),
        signed_in(noor()),
        signed_in(staff(Role.SUPERVISOR)),
    )
    text = client.get(page).content.decode()
    assert "flagged case" in text
    assert 'value="awaiting_answer"' not in text
    said = {"matter": "flagged_case", "reason": "His sister alone is told."}
    answer = client.post(f"{page}second/", said, follow=True).content.decode()
    assert "Asked. It counts once somebody else has confirmed it." in answer
    identity, asked = approvals.waiting(timezone.now())
    assert identity.matter == Matter.IDENTIFICATION, "the flag asked by itself who he is"
    assert f"/approvals/{identity.pk}/" in answer
    assert f"/approvals/{asked.pk}/" in answer
    assert "His sister alone is told." in client.get(f"{page}history/").content.decode()
    client.post(f"/approvals/{asked.pk}/", {"decision": "confirm"})
    assert not assessments.agreed_since_flagged(case(scene), Matter.FLAGGED_CASE)
    assert page in salma.get(f"/approvals/{asked.pk}/").content.decode()
    salma.post(f"/approvals/{asked.pk}/", {"decision": "confirm"})
    assert assessments.agreed_since_flagged(case(scene), Matter.FLAGGED_CASE)
    assert 'value="flagged_case"' not in client.get(page).content.decode()
    assert 'value="lower_risk"' in client.get(page).content.decode()


def test_a_death_that_two_agree_on_ends_a_case() -> None:
    scene = a_scene(needs_two=True)
    assert scene.judgement is not None
    judgements.confirm(staff(Role.SUPERVISOR), scene.judgement.pk, timezone.now())
    page, client = put(scene, S.VERIFYING), signed_in(noor())
    assert 'value="deceased"' not in client.get(page).content.decode()
    client.post(f"{page}second/", {"matter": "death", "reason": "The hospital's list"})
    (asked,) = approvals.waiting(timezone.now())
    assert (asked.matter, asked.resource_id) == (Matter.DEATH, str(scene.idris.pk))
    signed_in(staff(Role.SUPERVISOR)).post(f"/approvals/{asked.pk}/", {"decision": "confirm"})
    text = client.get(page).content.decode()
    assert 'value="death"' not in text
    assert 'value="deceased"' in text


def test_a_match_with_somebody_whose_death_was_agreed_on_needs_two() -> None:
    found = a_candidate()
    dead = Resource("account", str(found.account_id))
    asked = approvals.propose(noor().as_actor(), Matter.DEATH, dead, "the hospital's list")
    approvals.confirm(staff(Role.SUPERVISOR).as_actor(), asked.pk)
    shown = signed_in(noor()).get(f"/review/{found.enquiry_id}/").content.decode()
    assert "A match here needs a second person" in shown
    assert review.judge(noor().as_actor(), found.pk, Verdict.MATCH, "the same card").approval


@pytest.mark.parametrize(
    "said",
    [{"matter": "flagged_case", "reason": "x"}, {"matter": "identification", "reason": "x"},
     {"matter": "death", "reason": " "}, {}],
)  # fmt: skip
def test_a_second_person_is_asked_about_nothing_else_and_not_without_a_reason(
    said: dict[str, str],
) -> None:
    scene = a_scene()
    page = put(scene, S.VERIFYING)
    answer = signed_in(noor()).post(f"{page}second/", said, follow=True)
    assert "Choose what is to be confirmed" in answer.content.decode()
    assert approvals.waiting(timezone.now()) == []


def test_nobody_asks_a_second_person_about_a_case_that_is_not_theirs() -> None:
    scene = a_scene()
    page = put(scene, S.VERIFYING)
    said = {"matter": "death", "reason": "x"}
    assert signed_in(staff(Role.DESK)).post(f"{page}second/", said).status_code == 403
    assert signed_in(staff(Role.CASEWORKER, "Sud")).post(f"{page}second/", said).status_code == 404
    assert approvals.waiting(timezone.now()) == []


def test_who_is_asked_to_confirm_a_judgement_can_look_at_both() -> None:
    found = a_candidate()
    Enquiry.objects.update(risk=Risk.FLAGGED)
    review.judge(noor().as_actor(), found.pk, Verdict.MATCH, "same mark")
    (asked,) = approvals.waiting(timezone.now())
    both = f"/review/{found.enquiry_id}/?candidate={found.pk}"
    salma = signed_in(staff(Role.SUPERVISOR))
    assert f'href="{both}"' in salma.get(f"/approvals/{asked.pk}/").content.decode()
    assert salma.get(both).status_code == 200


def test_a_second_person_is_asked_again_who_somebody_is_where_the_first_question_lapsed() -> None:
    """The case was flagged after one had judged; the question that the flag asked was refused."""
    scene = a_scene(risk=Risk.FLAGGED)
    page, client = put(scene, S.VERIFYING), signed_in(noor())
    (first,) = approvals.waiting(timezone.now())
    approvals.refuse(staff(Role.SUPERVISOR).as_actor(), first.pk, "Ask his mother first.")
    assert 'value="identification"' in client.get(page).content.decode()
    said = {"matter": "identification", "reason": "His mother knows the mark, too."}
    client.post(f"{page}second/", said)
    (again,) = approvals.waiting(timezone.now())
    assert (again.matter, again.resource_id) == (first.matter, first.resource_id)
    assert approvals.confirm(staff(Role.SUPERVISOR).as_actor(), again.pk) is not None
    assert 'value="identification"' not in client.get(page).content.decode()


def test_a_task_for_somebody_who_left_is_refused_with_words() -> None:
    scene = a_scene()
    page, client = put(scene, S.SEARCHING), signed_in(staff(Role.SUPERVISOR))
    User.objects.filter(pk=noor().pk).update(is_active=False)
    answer = client.post(f"{page}tasks/new/", {"title": "Call the hospital"}, follow=True)
    assert "give it to somebody who works in the case" in answer.content.decode()
    assert not Task.objects.exists()


def test_whose_case_it_was_still_sees_what_was_agreed_and_told_in_it() -> None:
    scene = a_scene()
    said = scene.agree()
    assert isinstance(scene.tell(), Disclosed)
    page, client = put(scene, S.SEARCHING), signed_in(noor())
    end = {"to": "closed", "outcome": "not_found", "reason": "an end"}
    client.post(f"{page}move/", {**end, "version": case(scene).version})
    assert case(scene).closed_at is not None
    assert f"/consents/{said.pk}/withdraw/" in client.get(page).content.decode()
    history = client.get(f"{page}history/").content.decode()
    assert "<b>Told</b>" in history
    colleague = User.objects.create_user("olena@nord.example", Role.CASEWORKER, office())
    others = signed_in(colleague).get(page).content.decode()
    assert f"/consents/{said.pk}/" not in others
    for text in (client.get(page).content.decode(), history, others):
        assert HARBOUR not in text
        assert PHONE not in text
    asked = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert isinstance(asked, Withheld), "a closed case opens no whereabouts"


def test_relatives_are_named_in_the_readers_language() -> None:
    said = {**IDRIS_FOUND, "relatives": "father: Yusuf Haddad\nhis aunt: Salma\nأم: أمل"}
    scene = a_scene(said)
    client = signed_in(noor())
    place = f"/people/{scene.idris.pk}/?purpose=family_tracing"
    assert "father: yusuf haddad" in unescape(client.get(place).content.decode()).lower()
    client.cookies["reknit-language"] = "ar"
    arabic = unescape(client.get(place).content.decode())
    assert "father" not in arabic
    assert "Yusuf Haddad" in arabic
    assert "his aunt: Salma" in arabic, "what the family wrote in its own words stays"
    assert "أم: أمل" in arabic
