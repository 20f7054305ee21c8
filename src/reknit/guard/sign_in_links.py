"""One-time links: a new member of staff chooses a password through one, and so does who lost it.

Rules: a link works once and for 24 hours (Django's token covers the password's state, so choosing
one, or another reset, ends it); nothing of it is stored; opening it uses nothing up.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from reknit.records.models import User

_DEMO = "reknit.demo"
_DEMO_SECONDS = 24 * 60 * 60


def sign_in_link(user: User, base_url: str) -> str:
    """The address to hand over in person or by a channel that you trust."""
    path = reverse(
        "welcome",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return base_url.rstrip("/") + path


def demo_link(user: User, base_url: str) -> str:
    """The address that signs in as a person of a demonstration, for a day. Only a demonstration
    has a route for it (web.accounts.demo), and only for its own machine."""
    token = TimestampSigner(salt=_DEMO).sign(str(user.pk))
    return base_url.rstrip("/") + reverse("demo_enter", args=[token])


def demo_user(token: str) -> User | None:
    """Whom a demonstration's link names; None for one that is not, or no longer, good."""
    try:
        named = TimestampSigner(salt=_DEMO).unsign(token, max_age=_DEMO_SECONDS)
    except BadSignature:
        return None
    return User.objects.filter(pk=int(named), is_active=True).first()


def reset(user: User) -> None:
    """Take password and second factors away; open sessions and links handed out earlier end."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
