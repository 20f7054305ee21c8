"""One-time links: a new member of staff chooses a password through one, and so does who lost it.

Rules: a link works once and for 24 hours (Django's token covers the password's state, so choosing
one, or another reset, ends it); nothing of it is stored; opening it uses nothing up.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from reknit.records.models import User


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


def reset(user: User) -> None:
    """Take password and second factors away; open sessions and links handed out earlier end."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
