"""More people for one user on one day, where the quota stands in the way of work.

Rules: the supervisor of the office or the data-protection officer grants, never to themselves, with
a reason, which is sealed; it holds for the day (UTC) on which it is granted; all grants of a day
together at most double the role's quota; each is in the audit log. The keeper's own limit stands.

    grants.grant(actor, user.pk, 100, "the lists of three camps came in one day")
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, commits, quota
from reknit.guard.errors import GrantError, NotPermittedError
from reknit.guard.log import Refusal, Resource, record
from reknit.guard.models import QuotaGrant
from reknit.guard.permissions import Permission
from reknit.records.models import User
from reknit.sealing import records
from reknit.vocabulary import Actor, Purpose, Role

_PURPOSE = Purpose.DATA_PROTECTION
MOST_LETTERS = 2_000


def grant(actor: Actor, user_id: int, more: int, reason: str) -> QuotaGrant:
    """So many more distinct people for today.

    Raises NotPermittedError, also about oneself; GrantError for no reason or too many; LockedError.
    """
    reason = reason.strip()
    if not reason or len(reason) > MOST_LETTERS:
        raise GrantError(
            _("more people for today: say why, in 1 to %(most)s letters; it is kept sealed.")
            % {"most": f"{MOST_LETTERS:,}"}
        )

    def work() -> QuotaGrant:
        user = access.load(
            actor, Permission.QUOTA_GRANT, User, user_id, purpose=_PURPOSE, lock=True
        )
        if user.pk == actor.user_id:
            action = Permission.QUOTA_GRANT.action
            refusal = Refusal(actor, action, Resource.of(user), _PURPOSE, "own_quota")
            raise NotPermittedError(_("Somebody else grants you more; ask them."), refusal)
        now = timezone.now()
        left = left_to_grant(user)
        if not 1 <= more <= left:
            raise GrantError(
                _(
                    "more people for today: %(more)s is not between 1 and %(left)s, which is what "
                    "may still be granted; share the work with a colleague."
                )
                % {"more": more, "left": left}
            )
        row = QuotaGrant(
            user=user, day=now.date(), more=more, granted_by_id=access.staff_id(actor), at=now
        )
        records.seal([row], [{"reason": reason}])
        row.save(force_insert=True)
        record(
            actor, Permission.QUOTA_GRANT.action, Resource.of(user), _PURPOSE,
            grant=str(row.pk), more=more,
        )  # fmt: skip
        return row

    return commits.commit(work)


def left_to_grant(user: User) -> int:
    """How many more people the user may still be granted today."""
    return quota.limit(Role(user.role)) - quota.granted(user.pk, timezone.now().date())
