"""Alarms: seen by the supervisor of the office and the data-protection officer, and acknowledged.

Rules: what raises one is in guard/watch.py; an acknowledgement has a reason, which is sealed, and
is in the audit log; nobody acknowledges an alarm about themselves; an alarm is never deleted.

    for alarm in alarms.open_alarms(actor): ...
    alarms.acknowledge(actor, alarm.id, "checked with her: she covers for Noor this week")
"""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, commits
from reknit.guard.errors import AlarmError, NotPermittedError
from reknit.guard.log import Refusal, Resource, record
from reknit.guard.models import Acknowledgement, Alarm
from reknit.guard.permissions import Permission
from reknit.sealing import records
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.DATA_PROTECTION
MOST_LETTERS = 2_000


def all_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Those that the actor may see, latest first; none where they may see none."""
    return access.visible(actor, Permission.ALARM_READ, Alarm.objects.order_by("-at"))


def open_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Those that nobody has acknowledged."""
    return all_alarms(actor).filter(acknowledged_at=None)


def acknowledge(actor: Actor, alarm_id: uuid.UUID, reason: str) -> None:
    """Say what was found. Raises NotPermittedError, also about oneself; AlarmError for no reason
    or an alarm that was acknowledged before; LockedError."""
    reason = reason.strip()
    if not reason or len(reason) > MOST_LETTERS:
        raise AlarmError(
            _(
                "acknowledging an alarm needs a reason of 1 to %(most)s letters: write what you "
                "found."
            )
            % {"most": f"{MOST_LETTERS:,}"}
        )

    def work() -> None:
        alarm = access.load(
            actor, Permission.ALARM_ACKNOWLEDGE, Alarm, alarm_id, purpose=_PURPOSE, lock=True
        )
        if alarm.user_id == actor.user_id:
            action = Permission.ALARM_ACKNOWLEDGE.action
            refusal = Refusal(actor, action, Resource.of(alarm), _PURPOSE, "own_alarm")
            raise NotPermittedError(
                _("this alarm is about you: somebody else has to look into it."), refusal
            )
        if alarm.acknowledged_at is not None:
            raise AlarmError(
                _("this alarm was acknowledged before; reload the page to see by whom.")
            )
        now = timezone.now()
        said = Acknowledgement(alarm=alarm, by_id=access.staff_id(actor), at=now)
        records.seal([said], [{"reason": reason}])
        said.save(force_insert=True)
        alarm.acknowledged_at = now
        alarm.save(update_fields=["acknowledged_at"])
        record(actor, Permission.ALARM_ACKNOWLEDGE.action, Resource.of(alarm), _PURPOSE)

    commits.commit(work)


def reason_of(actor: Actor, alarm_id: uuid.UUID) -> tuple[Acknowledgement, str]:
    """Who acknowledged an alarm, and what they found. Raises NotPermittedError."""
    known = Acknowledgement.objects.filter(alarm=alarm_id).values_list("pk", flat=True).first()
    said = access.load(actor, Permission.ALARM_READ, Acknowledgement, known, purpose=_PURPOSE)
    (content,) = access.read(actor, Permission.ALARM_READ, [said], purpose=_PURPOSE)
    return said, content["reason"]
