"""How the web tests sign in: a browser of Django's with a password and a second factor.

client = signed_in(noor())
"""

from __future__ import annotations

import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from reknit.records.models import User

PASSWORD = "seven quiet herons wade"  # noqa: S105 - of invented staff
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def with_password(user: User) -> User:
    """The user, with the tests' password."""
    user.set_password(PASSWORD)
    user.save()
    return user


def with_app(user: User) -> User:
    """The user, with an authenticator app set up."""
    secret = get_adapter().encrypt(SECRET)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    return user


def code(secret: str = SECRET, periods: int = 0) -> str:
    """What the app shows, that many periods of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in, second factor included, without the forms."""
    if not Authenticator.objects.filter(user=user).exists():
        with_app(user)
    client = Client()
    client.force_login(user, backend="reknit.web.accounts.backends.StaffBackend")
    return client


def give_password(client: Client, user: User, password: str = PASSWORD) -> object:
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": user.email, "password": password})
