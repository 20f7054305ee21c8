"""What reading looks like: counts per user and day, and the alarms they raise.

Rules: nothing here stops anybody; each alarm is raised in the transaction of what met its rule,
once a kind, user and day (a canary: each time), and is itself in the audit log. The rules are the
same for everybody and published here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from reknit.guard.log import Refusal, Resource, record
from reknit.guard.models import Alarm, AlarmKind, Canary, Revealed, Tally
from reknit.sealing.bulk import update
from reknit.sealing.holders import current_holder
from reknit.sealing.prepared import Prepared
from reknit.vocabulary import SYSTEM, Actor, ActorKind, Purpose

OFF_CASE_PEOPLE = 15
"""So many people opened in a day, in none of the user's cases."""
SPEED_PEOPLE, SPEED_WINDOW = 120, timedelta(minutes=10)
"""So many people seen for the first time that day, within so long."""
REFUSALS = 10
"""So many refusals in a day."""


def tally_of(user_id: int, now: datetime) -> Tally:
    """The user's counts of today, locked; earlier days are forgotten when a day begins."""
    today = now.date()
    tally = _TALLY.first(user_id, today)
    if tally is not None:
        return tally
    Tally.objects.filter(user_id=user_id, day__lt=today).delete()
    Revealed.objects.filter(user_id=user_id, day__lt=today).delete()
    Tally.objects.bulk_create([Tally(user_id=user_id, day=today)], ignore_conflicts=True)
    return _tally(user_id, today).get()


def _tally(user_id: int, day: date) -> QuerySet[Tally]:
    return Tally.objects.select_for_update().filter(user_id=user_id, day=day)


_TALLY = Prepared(_tally, int, date)


def notice_reading(actor: Actor, tally: Tally, now: datetime) -> None:
    """Off-case browsing, and reading faster than anybody works."""
    off_case, speed = tally.off_case >= OFF_CASE_PEOPLE, tally.people >= SPEED_PEOPLE
    if not off_case and not speed:
        return
    today = _ALARMS.all(*(_once(kind, tally.user_id, now) for kind in _OF_READING))
    if off_case and AlarmKind.OFF_CASE not in today:
        raise_alarm(actor, AlarmKind.OFF_CASE, tally.off_case, now)
    if not speed or AlarmKind.SPEED in today:  # nobody else was seen: earlier days are forgotten
        return
    recent = Revealed.objects.filter(user_id=tally.user_id, at__gt=now - SPEED_WINDOW).count()
    if recent >= SPEED_PEOPLE:
        raise_alarm(actor, AlarmKind.SPEED, recent, now)


def notice_refusal(refusal: Refusal) -> None:
    """Refused again and again; or the day's quota is used up."""
    actor, now = refusal.actor, timezone.now()
    if actor.kind is not ActorKind.STAFF or actor.user_id is None:
        return
    tally = tally_of(actor.user_id, now)
    tally.refusals += 1
    update([tally], ("refusals",))
    if tally.refusals >= REFUSALS:
        raise_alarm(actor, AlarmKind.REFUSALS, tally.refusals, now)
    if refusal.reason == AlarmKind.QUOTA:
        raise_alarm(actor, AlarmKind.QUOTA, tally.people, now)


def notice_canaries(actor: Actor, account_ids: Iterable[uuid.UUID], now: datetime) -> None:
    """A record of nobody was opened: at once, each time."""
    ids = list(account_ids)
    if not ids or _ANY_CANARY.first() is None:
        return
    found = Canary.objects.filter(digest__in=canary_digests(ids)).count()
    if found:
        raise_alarm(actor, AlarmKind.CANARY, found, now, once=f"canary:{uuid.uuid4()}")


def canary_digests(account_ids: Iterable[uuid.UUID]) -> list[bytes]:
    """How canaries are known: by a digest under a key of the ring."""
    return current_holder().digest("canary", [account_id.bytes for account_id in account_ids])


def raise_alarm(
    actor: Actor, kind: AlarmKind, count: int, now: datetime, *, once: str | None = None
) -> None:
    """One alarm about the actor, unless the same was raised today."""
    if actor.user_id is None:
        return
    key = once or _once(kind, actor.user_id, now)
    if Alarm.objects.filter(once=key).exists():
        return
    alarm = Alarm.objects.create(
        kind=kind, user_id=actor.user_id, office_id=actor.office_id, at=now, count=count, once=key
    )
    record(
        SYSTEM,
        "alarm:raise",
        Resource.of(alarm),
        Purpose.DATA_PROTECTION,
        kind=kind.value,
        user=actor.user_id,
        count=count,
    )


def _once(kind: AlarmKind, user_id: int, now: datetime) -> str:
    return f"{kind.value}:{user_id}:{now.date().isoformat()}"


_OF_READING = (AlarmKind.OFF_CASE, AlarmKind.SPEED)
_ALARMS = Prepared(
    lambda *once: Alarm.objects.filter(once__in=once).order_by().values_list("kind", flat=True),
    str,
    str,
)
_ANY_CANARY = Prepared(lambda: Canary.objects.order_by().values_list("pk", flat=True)[:1])
