"""The message desk's pages: forms alone do everything, marks stand where the words are."""

from __future__ import annotations

import json
import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from reknit.guard.models import Entry
from reknit.intake import desk, gateways, sending
from reknit.intake.gateways import sign
from reknit.intake.models import Act, Channel, Message, MessageState
from reknit.jobs.handlers import HANDLERS
from reknit.language import triage
from reknit.queue.worker import work_off
from reknit.vocabulary import Role
from reknit.web import words
from tests.guard.scene import a_scene
from tests.intake.letters import AMALS_PHONE, BLEEDING, LOOKING, LOOKING_AR, SAFE, read, take
from tests.staff import SUD, noor, office, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def do(client: Client, name: str, *args: object, **said: object) -> str:
    answer = client.post(reverse(name, args=args), said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_inbox_has_the_most_urgent_first_and_opens_nobodys_words() -> None:
    read(SAFE)
    read(LOOKING, sender=AMALS_PHONE)
    urgent = read(BLEEDING)
    text = page(signed_in(noor()), "messages")
    order = [text.index(str(urgent.id)), *(text.index(f"level-{n}") for n in (5, 1))]
    assert text.index(str(urgent.id)) < text.index('class="level level-1"')
    assert order[0] > 0
    for hidden in ("Idris", "Aleppo", "Homs", "944"):
        assert hidden not in text
    assert not Entry.objects.filter(action="message:read").exists()


def test_near_duplicates_stand_as_one_with_their_number() -> None:
    first = read(LOOKING)
    second = read(LOOKING.replace("39", "38"))
    text = page(signed_in(noor()), "messages")
    assert str(first.id) in text
    assert str(second.id) not in text
    assert "1 more is nearly the same" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [({"urgency": "4"}, [False, True]), ({"category": "medical"}, [False, True]),
     ({"language": "ar"}, [True, False]), ({"channel": "sms"}, [True, True]),
     ({"channel": "email"}, [False, False]), ({"state": "done"}, [False, False]),
     ({"mine": "on"}, [False, False])],
)  # fmt: skip
def test_the_inbox_is_filtered(query: dict[str, str], shown: list[bool]) -> None:
    rows = [read(LOOKING_AR), read(BLEEDING)]
    text = page(signed_in(noor()), "messages", **query)
    assert [str(row.id) in text for row in rows] == shown


def test_the_message_shows_original_gloss_and_facts_where_they_stand() -> None:
    message = read(LOOKING_AR)
    text = page(signed_in(noor()), "message", message.id)
    assert '<mark class="fact fact-name"' in text
    assert "إدريس حداد</mark>" in text
    assert "<rt" in text
    assert "brother" in text
    assert 'dir="auto" lang="ar"' in text


def test_every_letter_of_the_text_is_shown_once() -> None:
    from reknit.intake.reading import reading_of
    from reknit.web.pages.desk import pieces_of

    for said in (LOOKING, LOOKING_AR, BLEEDING, "", "🙂 e\u0301 <b>x</b>"):
        message = read(said or "x")
        content = dict(desk.open(noor().as_actor(), message.id).content)
        pieces = pieces_of(content["text"], reading_of(content, "en"))
        assert "".join(piece.text for piece in pieces) == content["text"]


def test_a_message_that_carries_markup_shows_it_as_text() -> None:
    message = read("<script>alert(1)</script> I am looking for my brother Idris Haddad")
    text = page(signed_in(noor()), "message", message.id)
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_confirming_goes_on_to_the_next() -> None:
    first, second = read(BLEEDING), read(SAFE)
    client = signed_in(noor())
    answer = client.post(reverse("message_confirm", args=[first.id]), {"next": "yes"})
    assert answer["Location"] == reverse("message", args=[second.id])
    first.refresh_from_db()
    assert first.state == MessageState.SORTED


def test_correcting_linking_handing_and_undoing_work_by_forms_alone() -> None:
    scene, message, client = a_scene(), read(LOOKING), signed_in(noor())
    do(client, "message_correct", message.id, categories=["medical"], urgency="5", language="en")
    do(client, "message_link", message.id, number=str(scene.enquiry.id)[:8])
    do(client, "message_hand", message.id, to=str(staff(Role.DESK).pk))
    message.refresh_from_db()
    assert (message.categories, message.urgency) == (["medical"], 5)
    assert (message.enquiry_id, message.handed_to) == (scene.enquiry.id, staff(Role.DESK))
    for act in Act.objects.order_by("-number"):
        do(client, "message_undo", act.id)
    message.refresh_from_db()
    assert (message.enquiry_id, message.handed_to) == (None, None)
    assert message.urgency != 5


def test_near_duplicates_are_closed_together_and_opened_one_by_one() -> None:
    first, other = read(LOOKING), read(BLEEDING)
    second = read(LOOKING.replace("39", "38"))
    client = signed_in(noor())
    assert "all that are nearly the same" in page(client, "message", first.id)
    do(client, "message_close", first.id, alike="yes")
    for message, state in ((first, "done"), (second, "done"), (other, "open")):
        message.refresh_from_db()
        assert message.state == state
    do(client, "message_undo", Act.objects.get(message=second).id)
    second.refresh_from_db()
    assert second.state == "open"


def test_a_fact_is_put_on_the_case_by_one_click() -> None:
    scene, message, client = a_scene(), read("I saw Idris Haddad in Aleppo"), signed_in(noor())
    do(client, "message_link", message.id, enquiry=str(scene.enquiry.id))
    text = page(client, "message", message.id)
    assert 'id="sight-' in text
    number = text.split('id="sight-')[1].split('"')[0]
    do(client, "message_place", message.id, fact=number, **{"as": "sighting"})
    act = Act.objects.get(kind="place")
    assert act.enquiry_id == scene.enquiry.id
    assert "sighting" in act.made


def test_a_refusal_says_what_to_do_on_the_page() -> None:
    message, client = read(LOOKING), signed_in(noor())
    assert "choose at least one category" in do(client, "message_correct", message.id)
    assert "There is no case of this number" in do(client, "message_link", message.id, number="zz")
    assert "Link the message to a case first" in do(client, "message_place", message.id, fact="0")
    assert "a place or a number" in do(client, "message_reply", message.id, text="Go to Tripoli")
    assert "choose a colleague" in do(client, "message_hand", message.id)


def test_an_answer_is_kept_and_noted_as_sent() -> None:
    message, client = read(LOOKING), signed_in(noor())
    text = page(client, "message", message.id, use="0")
    assert "We have received your message. A person will read it." in text
    text = do(client, "message_reply", message.id, text="Thank you, we are searching.")
    assert "I have sent it" in text
    out = Message.objects.get(outgoing=True)
    do(client, "message_sent", out.id)
    out.refresh_from_db()
    assert out.state == MessageState.SENT


def test_the_outbox_has_the_answers_that_wait_to_copy_and_to_send_by_hand() -> None:
    calm, urgent = read(LOOKING, sender=AMALS_PHONE), read(BLEEDING, sender=AMALS_PHONE)
    client = signed_in(noor())
    for message, text in ((calm, "We are searching."), (urgent, "A colleague has it now.")):
        do(client, "message_reply", message.id, text=text)
    text = page(client, "message_outbox")
    assert text.index("A colleague has it now.") < text.index("We are searching.")
    assert "Send it now" not in text
    assert "data-copy" in text
    assert AMALS_PHONE not in text
    first = Message.objects.get(outgoing=True, answers=urgent)
    text = do(client, "message_sent", first.id, outbox="yes")
    assert "A colleague has it now." not in text
    assert "We are searching." in text
    assert "We are searching." not in page(signed_in(staff(Role.DESK, SUD)), "message_outbox")


def test_the_outbox_sends_where_the_settings_name_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKNIT_BRIDGE_URL", "http://127.0.0.1:1/send")
    message, client = read(LOOKING, sender=AMALS_PHONE), signed_in(noor())
    do(client, "message_reply", message.id, text="We are searching.")
    assert "Send it now" in page(client, "message_outbox")
    answer = Message.objects.get(outgoing=True)
    assert "Being sent" in do(client, "message_send", answer.id)
    work_off({sending.JOB: HANDLERS[sending.JOB]})
    text = page(client, "message_outbox")
    assert "It came back." in text
    assert "cannot be asked" in text


def test_the_sender_is_shown_when_asked_for_only() -> None:
    message, client = read(LOOKING, sender=AMALS_PHONE), signed_in(noor())
    assert AMALS_PHONE not in page(client, "message", message.id)
    assert AMALS_PHONE in do(client, "message_sender", message.id)


def test_a_table_is_brought_in_and_a_bad_one_refused_in_one_line() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(noor())
    table = SimpleUploadedFile(
        "m.csv", b"message_id,text,channel\n1,Where is Amal?,sms\n2,Safe,x\n"
    )
    assert "2 kept, 0 were here already" in do(client, "message_new", table=table, channel="desk")
    assert set(Message.objects.values_list("channel", flat=True)) == {"sms", "other"}
    wrong = SimpleUploadedFile("m.csv", b"id,words\n1,x\n")
    assert "message_id" in do(client, "message_new", table=wrong, channel="desk")
    assert Message.objects.count() == 2


def test_the_board_counts_and_a_coordinator_sees_fives() -> None:
    for _ in range(7):
        take(BLEEDING)
    read(SAFE, by=staff(Role.CASEWORKER, SUD))
    own = page(signed_in(noor()), "message_board")
    assert 'data-label="Nobody has looked">7<' in own
    for user in (staff(Role.COORDINATOR), staff(Role.COORDINATOR, SUD)):
        rounded = page(signed_in(user), "message_board")
        assert 'data-label="Nobody has looked">5<' in rounded
        assert ">7<" not in rounded
        assert ">1<" not in rounded.replace('level-1">1<', "")


def gateway() -> gateways.Added:
    administrator = staff(Role.ADMINISTRATOR).as_actor()
    return gateways.add(administrator, office(), Channel.SMS, "a bridge")


def send(
    added: gateways.Added, body: object, *, at: int | None = None, secret: str | None = None
) -> tuple[int, dict[str, object]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(time.time()) if at is None else at)
    answer = Client(enforce_csrf_checks=True).post(
        reverse("gateway_receive", args=[added.gateway.id]), raw, content_type="application/json",
        headers={"X-Reknit-Time": stamp,
                 "X-Reknit-Signature": sign(secret or added.secret, stamp, raw)},
    )  # fmt: skip
    return answer.status_code, json.loads(answer.content)


def test_a_gateway_hands_a_message_in_once() -> None:
    added = gateway()
    body = {"id": "42", "text": LOOKING, "from": AMALS_PHONE}
    assert send(added, body) == (202, {"kept": 1})
    assert send(added, body) == (202, {"kept": 1})
    message = Message.objects.get()
    assert (message.channel, message.office) == ("sms", office())


def test_what_is_not_signed_rightly_is_refused_alike() -> None:
    added = gateway()
    body = {"id": "42", "text": LOOKING}
    refusals = [
        send(added, body, secret="00" * 32),
        send(added, body, at=int(time.time()) - 600),
        send(added, body, at=int(time.time()) + 600),
    ]
    gateways.end(staff(Role.ADMINISTRATOR).as_actor(), added.gateway.id)
    refusals.append(send(added, body))
    Message.objects.all().delete()
    added.gateway.id = message_of_nobody()
    refusals.append(send(added, body))
    assert {json.dumps(refusal) for refusal in refusals} == {json.dumps(refusals[0])}
    assert refusals[0][0] == 401
    assert not Message.objects.exists()


def message_of_nobody() -> object:
    import uuid

    return uuid.uuid4()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"id": "1"}', b'{"id": 1, "text": "x"}', b'{"id":"1","text":"x","y":1}',
     b'{"id":"1","text":"x","files":[{"name":"a","data":"%%%"}]}', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_one_line(body: bytes) -> None:
    status, said = send(gateway(), body)
    assert status == 422
    assert "\n" not in str(said["error"])
    assert not Message.objects.exists()


def test_a_gateway_sends_so_many_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateways, "A_MINUTE", 2)
    added = gateway()
    at = timezone.now().replace(second=30)
    monkeypatch.setattr("reknit.web.pages.gateways.timezone.now", lambda: at)
    stamp = int(at.timestamp())
    answers = [send(added, {"id": str(n), "text": SAFE}, at=stamp)[0] for n in range(3)]
    assert answers == [202, 202, 429]


def test_without_a_gateway_nothing_is_taken() -> None:
    answer = Client().post(
        reverse("gateway_receive", args=[message_of_nobody()]), b"{}",
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 401


def test_what_made_a_message_urgent_is_said_in_the_readers_language() -> None:
    """The lexicon knows each sense in all five; it was shown in English to everybody."""
    said = {"no water: dlo": "لا يوجد ماء: dlo", "asks for help: tanpri": "يطلب المساعدة: tanpri"}
    with translation.override("ar"):
        assert {reason: words.why_urgent(reason) for reason in said} == said
        of_a_category = words.why_urgent("case_question: kote")
        assert (of_a_category.isascii(), of_a_category.endswith(": kote")) == (False, True)
        assert words.why_urgent("said by nobody's rule") == "said by nobody's rule"


@pytest.mark.parametrize(
    "text", ["We have no water and no food, help us please", "My baby is lost, she is 2 years old"]
)
def test_each_reason_that_the_rules_give_has_its_words(text: str) -> None:
    reasons = triage(text, stated="en").urgency.reasons
    assert reasons
    with translation.override("uk"):
        for reason in reasons:
            assert not words.why_urgent(reason).partition(": ")[0].isascii(), reason
