"""Invented messages for the tests, and one way to bring them in and have them read."""

from __future__ import annotations

from collections.abc import Sequence

from reknit.intake import messages
from reknit.intake.messages import Incoming
from reknit.intake.models import Channel, Message
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.records.models import User
from tests.staff import noor

LOOKING = "I am looking for my brother Idris Haddad, 39 years old. He was last seen in Aleppo."
LOOKING_AR = "أبحث عن أخي إدريس حداد، عمره ٣٩ سنة. شوهد آخر مرة في حلب"
BLEEDING = "Please help, my wife is pregnant and bleeding, we are in Homs"
SAFE = "We are all safe now, thank you, nobody is hurt"
AMALS_PHONE = "+963 944 123 456"


def take(text: str, by: User | None = None, **more: object) -> Message:
    """One message, kept for the office of whoever takes it."""
    user = by or noor()
    assert user.office is not None
    said = {"channel": Channel.SMS, **more}
    (message_id,) = messages.take(
        user.as_actor(),
        user.office,
        [Incoming(text, **said)],  # type: ignore[arg-type]
    ).added
    return Message.objects.get(id=message_id)


def read(text: str, by: User | None = None, **more: object) -> Message:
    """One message, kept and read."""
    message = take(text, by, **more)
    work_off({messages.JOB: HANDLERS[messages.JOB]})
    message.refresh_from_db()
    return message


def read_all(texts: Sequence[str], by: User | None = None) -> list[Message]:
    """Several, in their order."""
    found = [take(text, by) for text in texts]
    work_off({messages.JOB: HANDLERS[messages.JOB]})
    for message in found:
        message.refresh_from_db()
    return found
