"""How a member of staff is signed in, and known again at each page."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Exists, OuterRef, QuerySet

from reknit.records.models import User
from reknit.sealing.prepared import Prepared

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth says nothing of its types
    """allauth's; with the user comes whether they have a second factor, since each page asks."""

    def get_user(self, user_id: int) -> User | None:
        """The member of staff, unless they may no longer sign in."""
        return _ACTIVE.first(user_id)


def _active(user_id: int) -> QuerySet[User]:
    known = User.objects.filter(pk=user_id, is_active=True).select_related("office")
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return known.annotate(second_factor=Exists(factors))


_ACTIVE = Prepared(_active, int)


def has_second_factor(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    known = getattr(user, "second_factor", None)  # not on who signs in with this request
    if known is None:
        known = is_mfa_enabled(user, types=SECOND_FACTORS)
    return bool(known)
