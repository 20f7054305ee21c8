"""Messages come in once, sealed and audited, are read in the background, and urgent ones first."""

from __future__ import annotations

import pytest

from reknit.exchange.messages import MessageRow
from reknit.guard import commits
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Entry
from reknit.guard.models.vault import Sender
from reknit.intake import messages
from reknit.intake.errors import RefusedUploadError
from reknit.intake.messages import Attached, Incoming, of_table
from reknit.intake.models import Attachment, Channel, Message, MessageState
from reknit.intake.uploads import place_of
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job
from reknit.queue.worker import work_off, work_once
from reknit.sealing import files
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC, Role
from tests.intake.letters import (
    AMALS_PHONE,
    BLEEDING,
    LOOKING,
    LOOKING_AR,
    SAFE,
    read,
    read_all,
    take,
)
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

READING = {messages.JOB: HANDLERS[messages.JOB]}


def test_it_keeps_text_and_sender_sealed_and_apart() -> None:
    message = take(LOOKING, sender=AMALS_PHONE, sender_name="أمل حداد")
    assert sealing.unseal([message]) == [{"text": LOOKING}]
    (sender,) = Sender.objects.all()
    assert message.sender == sender.id
    assert sealing.unseal([sender])[0]["address"] == AMALS_PHONE
    assert "Idris" not in str(Message.objects.values())
    said = str(Sender.objects.values())
    assert not any(part in said for part in ("944 123", "944123"))  # "944" alone may be in an id


def test_it_audits_each_message() -> None:
    message = take(LOOKING)
    entry = Entry.objects.get(action="message:add", resource_id=str(message.id))
    assert entry.user_id == noor().pk


def test_one_senders_messages_are_one_thread_however_the_number_is_written() -> None:
    one, other = take(LOOKING, sender="+963 944 123 456"), take(SAFE, sender="+963-944-123456")
    third = take(SAFE, sender="+963944123457")
    assert one.sender == other.sender != third.sender


def test_what_a_channel_sends_twice_is_one_message() -> None:
    said = Incoming(LOOKING, Channel.SMS, external_id="gw-1")
    first = messages.take(noor().as_actor(), office(), [said], origin="gateway")
    again = messages.take(noor().as_actor(), office(), [said, said], origin="gateway")
    elsewhere = messages.take(noor().as_actor(), office(), [said], origin="another")
    assert (len(first.added), len(again.added), again.known, len(elsewhere.added)) == (1, 0, 2, 1)


def test_a_table_brought_in_twice_is_kept_once_and_none_of_its_rows_is_lost() -> None:
    rows = [MessageRow("1", LOOKING), MessageRow("1", SAFE), MessageRow("2", SAFE),
            MessageRow("2", SAFE)]  # fmt: skip
    first = messages.take(noor().as_actor(), office(), of_table(rows))
    again = messages.take(noor().as_actor(), office(), of_table(rows))
    assert (len(first.added), again.known) == (4, 4)


@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR]
)
def test_whoever_has_no_desk_brings_none_in(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        messages.take(staff(role).as_actor(), office(), [Incoming(LOOKING)])
    assert not Message.objects.exists()


def test_the_public_may_write_and_nothing_else() -> None:
    taken = messages.take(PUBLIC, office(), [Incoming(LOOKING, Channel.WEB)])
    assert len(taken.added) == 1


@pytest.mark.parametrize(
    ("incoming", "why"),
    [
        (Incoming("  "), "message 1: it is empty; leave it out."),
        (Incoming("x" * 100_001), "message 1: 100,001 letters, and 100,000 is the most; keep it as "
                                  "a document."),
        (Incoming("", attachments=(Attached("a.exe", b"MZ\x00" * 9),)),
         "this is neither a picture nor a PDF; save it as JPEG, PNG or PDF."),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_message_in_one_line(incoming: Incoming, why: str) -> None:
    with pytest.raises(RefusedUploadError) as refused:
        messages.take(noor().as_actor(), office(), [incoming])
    assert str(refused.value) == why
    assert not Message.objects.exists()


def test_a_voice_note_is_kept_sealed_beside_its_message() -> None:
    note = b"OggS" + bytes(range(200))
    message = take("", attachments=(Attached("note of Amal.ogg", note),))
    (attachment,) = Attachment.objects.filter(message=message)
    assert attachment.media_type == "audio/ogg"
    assert note not in place_of(attachment).read_bytes()
    assert files.unseal(attachment, place_of(attachment)) == note
    assert sealing.unseal([attachment]) == [{"original_name": "note of Amal.ogg"}]


def test_it_is_read_later_and_says_which_words_gave_it() -> None:
    message = take(BLEEDING)
    assert (message.state, message.language, message.urgency) == (MessageState.WAITING, "", 5)
    work_off(READING)
    message.refresh_from_db()
    assert (message.state, message.language) == (MessageState.OPEN, "en")
    assert "medical" in message.categories
    assert set(message.signs) >= {"bleeding", "pregnant"}
    (content,) = sealing.unseal([message])
    assert content["text"] == BLEEDING
    assert "bleeding: bleeding" in content["reading"]["reasons"]


def test_facts_point_to_their_words() -> None:
    (content,) = sealing.unseal([read(LOOKING_AR)])
    spans = {
        content["text"][fact["start"] : fact["end"]]: fact["kind"]
        for fact in content["reading"]["facts"]
    }
    assert spans["إدريس حداد"] == "name"
    assert spans["حلب"] == "place"


def test_urgent_ones_are_read_first_whenever_they_came() -> None:
    calm = [take(SAFE) for _ in range(3)]
    urgent = take(BLEEDING)
    assert work_once(READING, name="w")
    urgent.refresh_from_db()
    assert urgent.state == MessageState.OPEN
    assert {m.state for m in Message.objects.filter(id__in=[c.id for c in calm])} == {"waiting"}


def test_reading_twice_has_one_effect_and_leaves_what_a_person_said() -> None:
    message = read(LOOKING)
    Message.objects.filter(id=message.id).update(urgency=5)
    job = Job.objects.get(subject_id=str(message.id))
    Job.objects.filter(id=job.id).update(state="waiting", ended_at=None)
    work_off(READING)
    message.refresh_from_db()
    assert message.urgency == 5
    assert Entry.objects.filter(action="message:suggest").count() == 1


def test_near_duplicates_share_a_group_and_others_do_not() -> None:
    changed = LOOKING.replace("39", "38")
    first, again, other = read_all([LOOKING, changed, BLEEDING])
    assert first.group == again.group == first.id
    assert other.group == other.id
    elsewhere = read(LOOKING, by=staff(Role.CASEWORKER, "Sud"))
    assert elsewhere.group == elsewhere.id


def test_nothing_is_kept_when_the_audit_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    from reknit.guard.errors import AuditUnavailableError
    from reknit.sealing.errors import LockedError
    from reknit.sealing.ring import KeyRing

    def refuse(self: KeyRing, message: bytes) -> bytes:
        raise LockedError("locked in the meantime")

    monkeypatch.setattr(KeyRing, "sign", refuse)
    with pytest.raises((AuditUnavailableError, LockedError)):
        take(LOOKING)
    assert not Message.objects.exists()
    assert not Job.objects.exists()
    commits.stop()
