"""How many distinct people one member of staff may be shown in a day, by role.

Rules: a person counts once a day, whichever of their records is shown, in a list of hits or opened;
one too many is refused, audited and alarmed, and nothing of that request is shown. The setting
REKNIT_QUOTAS changes the numbers, not the rule; a supervisor may grant somebody more for one day
(guard/grants.py). Jobs of the system are not staff and not counted: what they read is shown to
nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from reknit.guard import watch
from reknit.guard.errors import QuotaExceededError
from reknit.guard.log import Refusal, Resource
from reknit.guard.models import AlarmKind, QuotaGrant, Revealed
from reknit.sealing.bulk import insert, update
from reknit.sealing.prepared import TOGETHER, Prepared, filled
from reknit.vocabulary import Actor, ActorKind, Purpose, Role


def limit(role: Role) -> int:
    """Distinct people a day."""
    from reknit.settings import CONFIG

    return CONFIG.quotas[role]


def granted(user_id: int, day: date) -> int:
    """How many more people the user was granted on that day."""
    rows = QuotaGrant.objects.filter(user_id=user_id, day=day)
    return sum(rows.values_list("more", flat=True))


def reveal(
    actor: Actor, people: Mapping[uuid.UUID, bool], action: str, purpose: Purpose, now: datetime
) -> None:
    """Count these people as shown to the actor, in the open transaction.

    people: identity → True where their record is opened though none of the actor's work leads to
    it. Raises QuotaExceededError.
    """
    if actor.kind is not ActorKind.STAFF or actor.user_id is None or actor.role is None:
        return
    tally = watch.tally_of(actor.user_id, now)
    seen = _seen(actor.user_id, tally.day, list(people))
    new = [person for person in people if person not in seen]
    most = limit(actor.role)
    if tally.people + len(new) > most:
        most += granted(actor.user_id, tally.day)
    if tally.people + len(new) > most:
        raise QuotaExceededError(
            f"a {actor.role.value.replace('_', ' ')} may see {most} people a day, and this would "
            "be more. Go on tomorrow, or ask your supervisor to grant more for today.",
            Refusal(
                actor,
                action,
                Resource("person", "many" if len(new) != 1 else str(new[0])),
                purpose,
                AlarmKind.QUOTA.value,
                {"people": tally.people, "more": len(new), "limit": most},
            ),
        )
    off_case = [person for person in people if people[person] and not seen.get(person, False)]
    if not new and not off_case:
        return
    insert(
        [
            Revealed(
                user_id=actor.user_id,
                day=tally.day,
                person_id=person,
                at=now,
                opened_off_case=people[person],
            )
            for person in new
        ]
    )
    again = [person for person in off_case if person in seen]
    if again:
        Revealed.objects.filter(user_id=actor.user_id, day=tally.day, person_id__in=again).update(
            opened_off_case=True
        )
    tally.people += len(new)
    tally.off_case += len(off_case)
    update([tally], ("people", "off_case"))
    watch.notice_reading(actor, tally, now)


def _seen(user_id: int, day: date, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Those of the people who were shown to the user that day; True where opened off case."""
    found: dict[uuid.UUID, bool] = {}
    for some in filled(people):
        found.update((_SEEN_ONE if len(some) == 1 else _SEEN).all(user_id, day, *some))
    return found


def _shown(user_id: int, day: date, *people: uuid.UUID) -> QuerySet[Revealed, tuple[Any, ...]]:
    rows = Revealed.objects.filter(user_id=user_id, day=day, person_id__in=people)
    return rows.values_list("person_id", "opened_off_case")


_SEEN_ONE = Prepared(_shown, int, date, uuid.UUID)
_SEEN = Prepared(_shown, int, date, *[uuid.UUID] * TOGETHER)
