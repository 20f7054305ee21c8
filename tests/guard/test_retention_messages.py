"""Old messages go, with who wrote them once all that they wrote is gone; open cases keep theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.utils import timezone

from reknit.guard import retention
from reknit.guard.models.vault import Sender
from reknit.intake import desk
from reknit.intake.messages import Attached
from reknit.intake.models import Attachment, Message
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import Role
from tests.guard.scene import a_scene
from tests.intake.letters import AMALS_PHONE, LOOKING, take
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
Captured = Callable[..., AbstractContextManager[list[Any]]]


def test_a_year_later_messages_their_files_and_senders_are_erased(
    django_capture_on_commit_callbacks: Captured,
) -> None:
    scene = a_scene()
    old = take(LOOKING, sender=AMALS_PHONE, attachments=(Attached("n.ogg", b"OggS" + bytes(9)),))
    kept = take(LOOKING, sender="+961 3 884 517")
    desk.link(noor().as_actor(), kept.id, enquiry_id=scene.enquiry.id)
    new = take(LOOKING, sender="+961 3 884 518")
    then = timezone.now() - dt.timedelta(days=366)
    Message.objects.exclude(id=new.id).update(received_at=then)
    Sender.objects.update(added_at=then)
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    with django_capture_on_commit_callbacks(execute=True):
        report = retention.run(officer, dry_run=False)
    assert report.counts["messages"] == 2
    gone = [old, *Attachment.objects.filter(message=old), *Sender.objects.filter(id=old.sender)]
    assert len(gone) == 3
    for row in gone:
        with pytest.raises(ErasedError):
            records.unseal([row])
    for row in (kept, new, *Sender.objects.filter(id__in=[kept.sender, new.sender])):
        assert records.unseal([row])
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.run(officer, dry_run=False).counts["messages"] == 0
