"""People sort messages, put facts on cases, answer and hand over; all of it is undone the same."""

from __future__ import annotations

import pytest

from reknit.casework import timeline
from reknit.casework.models import Candidate
from reknit.casework.timeline import What
from reknit.guard import senders, vault
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Entry, Revealed
from reknit.guard.models.vault import Whereabouts
from reknit.intake import desk, placing, replies, suggesting
from reknit.intake.errors import DeskError
from reknit.intake.models import Act, Message, MessageState
from reknit.intake.placing import As
from reknit.intake.reading import reading_of
from reknit.jobs.handlers import HANDLERS
from reknit.language import LANGUAGES, FactKind, detect
from reknit.queue.worker import work_off
from reknit.records.models import Account, AccountKind
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import SYSTEM, Actor, Role, Scope
from tests.guard.scene import HARBOUR, PHONE, a_scene
from tests.intake.letters import AMALS_PHONE, BLEEDING, LOOKING, SAFE, read, take
from tests.staff import SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SEEN = "I saw Idris Haddad, 39 years old, in Aleppo yesterday. He is well."


def by() -> Actor:
    return noor().as_actor()


def numbers(message: Message, *kinds: FactKind) -> list[int]:
    """The places of these kinds among the message's facts."""
    reading = reading_of(desk.open(by(), message.id).content, "en")  # type: ignore[arg-type]
    assert reading is not None
    return [n for n, fact in enumerate(reading.facts) if fact.kind in kinds]


def test_what_the_rules_read_is_confirmed_or_corrected_by_a_person() -> None:
    message = read(LOOKING)
    desk.confirm(by(), message.id)
    message.refresh_from_db()
    assert message.state == MessageState.SORTED
    desk.correct(by(), message.id, ["medical", "sought"], 5, "fr")
    message.refresh_from_db()
    assert (message.categories, message.urgency, message.language) == (
        ["medical", "sought"], 5, "fr",
    )  # fmt: skip
    assert message.looked_at is not None


@pytest.mark.parametrize(
    ("categories", "urgency"), [([], 3), (["nonsense"], 3), (["medical"], 0), (["medical"], 6)]
)
def test_it_refuses_what_is_no_category_or_urgency(categories: list[str], urgency: int) -> None:
    message = read(LOOKING)
    with pytest.raises(DeskError):
        desk.correct(by(), message.id, categories, urgency, "en")
    assert not Act.objects.exists()


def test_what_is_not_read_yet_is_not_confirmed() -> None:
    with pytest.raises(DeskError, match="not read yet"):
        desk.confirm(by(), take(LOOKING).id)


def acts_on(message: Message) -> list[Act]:
    """One of each act, the last of them across the offices."""
    scene = a_scene()
    who = by()
    return [
        desk.confirm(who, message.id),
        desk.correct(who, message.id, ["safe"], 1, "en"),
        desk.link(who, message.id, enquiry_id=scene.enquiry.id, from_seeker=True),
        desk.link(who, message.id, account_id=scene.idris.id),
        placing.place(who, message.id, scene.enquiry.id, numbers(message, FactKind.PLACE),
                      As.SIGHTING),
        placing.place(who, message.id, scene.enquiry.id, numbers(message, *FactKind), As.ACCOUNT),
        replies.reply(who, message.id, "We have received your message."),
        desk.hand_over(who, message.id, to=staff(Role.DESK)),
        desk.close(who, message.id),
        desk.hand_over(who, message.id, office=office(SUD)),
    ]  # fmt: skip


def test_undoing_restores_the_state_act_by_act() -> None:
    """I8."""
    message = read(SEEN)
    before = state_hash()
    a_scene()  # so that sources and offices are there
    Message.objects.update()
    message = read(SEEN + " Twice.")
    states: list[str] = []
    scene_hash = state_hash()
    assert scene_hash != before
    done = acts_on(message)
    for act in reversed(done):
        states.append(state_hash())
        desk.undo(by(), act.id)
    message.refresh_from_db()
    assert message.state == MessageState.OPEN
    assert message.office == office()
    assert len(set(states)) == len(states)
    assert not Account.objects.filter(source__name="Messages of Nord", removed_at=None).exists()
    assert (
        not Whereabouts.objects.filter(source__name="Messages of Nord")
        .exclude(account__source__name="Messages of Nord")
        .exists()
    )


@pytest.mark.parametrize("which", ["confirm", "correct", "link", "place", "account", "reply"])
def test_undoing_one_act_gives_the_same_hash_as_before_it(which: str) -> None:
    """I8."""
    scene, message = a_scene(), read(SEEN)
    who = by()
    before = state_hash()
    act = {
        "confirm": lambda: desk.confirm(who, message.id),
        "correct": lambda: desk.correct(who, message.id, ["safe"], 1, "en"),
        "link": lambda: desk.link(who, message.id, enquiry_id=scene.enquiry.id),
        "place": lambda: placing.place(
            who, message.id, scene.enquiry.id, numbers(message, FactKind.PLACE), As.SIGHTING),
        "account": lambda: placing.place(
            who, message.id, scene.enquiry.id, numbers(message, *FactKind), As.ACCOUNT),
        "reply": lambda: replies.reply(who, message.id, "Thank you."),
    }[which]()  # fmt: skip
    assert state_hash() != before
    desk.undo(who, act.id)
    assert state_hash() == before


def test_the_latest_is_taken_back_first_and_once() -> None:
    message = read(LOOKING)
    first, second = desk.confirm(by(), message.id), desk.close(by(), message.id)
    with pytest.raises(DeskError, match="something was done after it"):
        desk.undo(by(), first.id)
    desk.undo(by(), second.id)
    with pytest.raises(DeskError, match="already"):
        desk.undo(by(), second.id)


def test_an_account_out_of_a_message_becomes_a_candidate_to_be_reviewed() -> None:
    scene, message = a_scene(judged=False), read(SEEN)
    act = placing.place(by(), message.id, scene.enquiry.id, numbers(message, *FactKind), As.ACCOUNT)
    account = Account.objects.get(id=act.made["account"])
    (content,) = sealing.unseal([account])
    assert content["full_name"] == "Idris Haddad"
    assert "Aleppo" not in str(content)
    assert account.kind == AccountKind.FOUND
    assert account.source.name == "Messages of Nord"
    work_off(HANDLERS)
    candidate = Candidate.objects.get(enquiry=scene.enquiry, account=account)
    assert candidate.probability >= 0.02
    desk.undo(by(), act.id)
    work_off(HANDLERS)
    candidate.refresh_from_db()
    assert candidate.state == "gone"


def test_a_sighting_is_in_the_vault_and_told_to_nobody_without_consent() -> None:
    """I1."""
    scene, message = a_scene(), read(SEEN)
    placing.place(by(), message.id, scene.enquiry.id, numbers(message, FactKind.PLACE), As.SIGHTING)
    said = vault._open_places([scene.sought.id])
    assert [value["place"] for value in said.values] == ["Aleppo"]
    from reknit.guard.disclosure import Withheld

    assert isinstance(scene.tell(Scope.WHEREABOUTS), Withheld)


def test_facts_that_make_nothing_are_refused_with_the_next_step() -> None:
    scene, message = a_scene(), read(SEEN)
    place = [by(), message.id, scene.enquiry.id]
    with pytest.raises(DeskError, match="needs a place"):
        placing.place(*place, numbers(message, FactKind.NAME), As.SIGHTING)  # type: ignore[arg-type]
    with pytest.raises(DeskError, match="needs a name"):
        placing.place(*place, numbers(message, FactKind.PLACE), As.ACCOUNT)  # type: ignore[arg-type]
    with pytest.raises(DeskError, match="choose facts"):
        placing.place(*place, [99], As.ACCOUNT)  # type: ignore[arg-type]


def test_nothing_is_put_on_a_case_that_is_not_the_actors() -> None:
    scene, message = a_scene(), read(SEEN)
    scene.enquiry.assigned_to = staff(Role.SUPERVISOR)
    scene.enquiry.save()
    with pytest.raises(NotPermittedError):
        placing.place(by(), message.id, scene.enquiry.id, numbers(message, *FactKind), As.ACCOUNT)
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("who", "office_name"),
    [(Role.CASEWORKER, SUD), (Role.SUPERVISOR, SUD), (Role.COORDINATOR, "Nord"),
     (Role.DATA_PROTECTION_OFFICER, "Nord"), (Role.ADMINISTRATOR, "Nord")],
)  # fmt: skip
def test_nobody_else_opens_or_sorts_it(who: Role, office_name: str) -> None:
    message, actor = read(LOOKING, sender=AMALS_PHONE), staff(who, office_name).as_actor()
    refused = [
        lambda: desk.open(actor, message.id),
        lambda: desk.confirm(actor, message.id),
        lambda: desk.correct(actor, message.id, ["safe"], 1, "en"),
        lambda: desk.link(actor, message.id),
        lambda: desk.close(actor, message.id),
        lambda: desk.hand_over(actor, message.id, office=office(SUD)),
        lambda: replies.reply(actor, message.id, "Thank you."),
        lambda: senders.sender_of(actor, Message, message.id),
    ]
    for attempt in refused:
        with pytest.raises(NotPermittedError):
            attempt()
    assert not Act.objects.exists()


def test_the_system_does_nothing_with_a_message_but_read_it() -> None:
    """I10: no job and no model acts in anybody's stead."""
    message = read(LOOKING)
    for attempt in (
        lambda: desk.confirm(SYSTEM, message.id),
        lambda: desk.link(SYSTEM, message.id),
        lambda: replies.reply(SYSTEM, message.id, "Thank you."),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_opening_counts_the_sender_as_a_person_and_is_audited() -> None:
    message = read(LOOKING, sender=AMALS_PHONE)
    desk.open(by(), message.id)
    assert Revealed.objects.get(user_id=noor().pk).person_id == message.sender
    assert Entry.objects.filter(action="message:read", resource_id=str(message.id)).count() == 1


def test_who_wrote_is_shown_when_asked_for_and_audited() -> None:
    message = read(LOOKING, sender=AMALS_PHONE, sender_name="Amal")
    said = senders.sender_of(by(), Message, message.id)
    assert said == {"channel": "sms", "address": AMALS_PHONE, "name": "Amal"}
    assert Entry.objects.filter(action="contact:read", resource_id=str(message.id)).exists()


def test_an_answer_waits_to_be_sent_by_hand() -> None:
    message = read(LOOKING, sender=AMALS_PHONE)
    act = replies.reply(by(), message.id, "We have received your message.")
    out = Message.objects.get(id=act.made["reply"])
    assert (out.outgoing, out.state, out.sender) == (True, MessageState.TO_SEND, message.sender)
    replies.mark_sent(by(), out.id)
    with pytest.raises(DeskError, match="cannot be taken back"):
        desk.undo(by(), act.id)


@pytest.mark.parametrize("text", [f"He is in {HARBOUR}", f"Call him: {PHONE}", "He is in Tripoli"])
def test_an_answer_never_tells_a_place_or_a_number(text: str) -> None:
    """I1: a message alone discloses nothing."""
    a_scene()
    message = read(LOOKING)
    with pytest.raises(DeskError, match="a place or a number"):
        replies.reply(by(), message.id, text)
    assert not Message.objects.filter(outgoing=True).exists()


def test_an_answer_may_repeat_what_the_sender_wrote() -> None:
    message = read(LOOKING)
    assert replies.reply(by(), message.id, "When was he last seen in Aleppo?").made["reply"]


def test_what_guard_told_the_seeker_may_be_written_to_the_seeker_and_to_nobody_else() -> None:
    scene, message = a_scene(), read(LOOKING)
    scene.agree(Scope.CONTACT)
    scene.tell(Scope.CONTACT)
    from reknit.guard.models import Disclosure

    Disclosure.objects.update(published_at="2026-01-01T00:00:00Z")
    text = f"You can call him: {PHONE}"
    desk.link(by(), message.id, enquiry_id=scene.enquiry.id)
    with pytest.raises(DeskError):
        replies.reply(by(), message.id, text)
    desk.link(by(), message.id, enquiry_id=scene.enquiry.id, from_seeker=True)
    assert replies.reply(by(), message.id, text).made["reply"]


def test_templates_come_in_the_senders_language_and_the_offices_own_after_them() -> None:
    replies.add_template(by(), "Opening hours", "ar", "نحن هنا كل يوم")
    found = replies.templates(by(), "ar")
    assert found[0].language == "ar"
    assert not found[0].reviewed
    assert found[-1].text == "نحن هنا كل يوم"
    assert {one.key for one in replies.templates(by(), "am")} == {
        one.key for one in replies.templates(by(), "en")
    }
    other = staff(Role.DESK, SUD).as_actor()
    assert all(one.own is None for one in replies.templates(other, "ar"))


@pytest.mark.parametrize("text", ["Call +218 91 555 0123", "Come to Tripoli"])
def test_a_template_names_no_place_and_no_number(text: str) -> None:
    with pytest.raises(DeskError, match="names no place"):
        replies.add_template(by(), "Where", "en", text)


def test_packaged_templates_name_no_number_and_may_be_sent() -> None:
    """“Gardez ce numéro” names a town in Afghanistan to the gazetteer."""
    message = read(LOOKING)
    for one in replies._packaged():
        assert not any(sign.isdigit() for sign in one.text)
    french = next(one.text for one in replies.templates(by(), "fr") if one.key == "received")
    assert replies.reply(by(), message.id, french).made["reply"]


def test_each_language_has_each_packaged_template_in_that_language() -> None:
    packaged = replies._packaged()
    kinds = {one.key for one in packaged}
    assert {(one.key, one.language) for one in packaged} == {
        (kind, language) for kind in kinds for language in LANGUAGES
    }
    for one in packaged:
        assert detect(one.text).language == one.language, one


def test_it_suggests_the_case_of_whom_the_message_names() -> None:
    scene = a_scene(judged=False)
    work_off(HANDLERS)
    reading = reading_of(desk.open(by(), read(LOOKING).id).content, "en")  # type: ignore[arg-type]
    assert reading is not None
    found = suggesting.suggest(by(), reading.facts)
    assert [enquiry.id for enquiry, _ in found.cases] == [scene.enquiry.id]
    assert scene.idris.id in {hit.account_id for hit in found.people}
    assert Entry.objects.filter(action="account:search").exists()


def test_the_case_says_which_messages_came_to_it() -> None:
    scene, message = a_scene(), read(SEEN)
    act = desk.link(by(), message.id, enquiry_id=scene.enquiry.id)
    facts = numbers(message, FactKind.PLACE)
    placing.place(by(), message.id, scene.enquiry.id, facts, As.SIGHTING)
    told = {line.what: line for line in timeline.of(by(), scene.enquiry)}
    assert told[What.MESSAGE].row == told[What.MESSAGE_FACTS].row == message
    desk.undo(by(), desk.may_be_undone(desk.history(by(), message)).id)  # type: ignore[union-attr]
    desk.undo(by(), act.id)
    assert {line.is_undone for line in timeline.of(by(), scene.enquiry)
            if isinstance(line.row, Message)} == {True}  # fmt: skip
    elsewhere = timeline.of(staff(Role.COORDINATOR).as_actor(), scene.enquiry)
    assert not any(isinstance(line.row, Message) for line in elsewhere)


def test_a_message_that_names_nobody_searches_for_nobody() -> None:
    reading = reading_of(desk.open(by(), read(SAFE).id).content, "en")  # type: ignore[arg-type]
    assert reading is not None
    assert suggesting.suggest(by(), reading.facts).asked == {}
    assert not Entry.objects.filter(action="account:search").exists()


def test_a_message_handed_to_another_office_leaves_its_case_behind() -> None:
    scene, message = a_scene(), read(BLEEDING)
    desk.link(by(), message.id, enquiry_id=scene.enquiry.id)
    act = desk.hand_over(by(), message.id, office=office(SUD))
    message.refresh_from_db()
    assert (message.office, message.enquiry) == (office(SUD), None)
    with pytest.raises(NotPermittedError):
        desk.open(by(), message.id)
    desk.undo(by(), act.id)
    message.refresh_from_db()
    assert (message.office, message.enquiry_id) == (office(), scene.enquiry.id)


def test_a_colleague_of_another_office_is_not_handed_it() -> None:
    with pytest.raises(DeskError, match="another office"):
        desk.hand_over(by(), read(SAFE).id, to=staff(Role.DESK, SUD))
