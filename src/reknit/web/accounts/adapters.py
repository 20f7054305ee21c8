"""How allauth behaves here: no sign-up, sealed second factors, no mail."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reknit.sealing.envelope import Place, seal, unseal
from reknit.sealing.holders import current_holder


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are added by an administrator; the installation sends no mail by itself (I12)."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "E-mail address and password do not fit. Check both, or ask your administrator "
            "for a new sign-in link."
        ),
        "too_many_login_attempts": _(
            "Too many attempts. Wait 15 minutes, or ask your administrator for a new sign-in link."
        ),
        "incorrect_password": _("This is not your password. Try again."),
    }  # fmt: skip

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """A changed second factor needs a fresh proof; the first one comes right after the
        password, which is proof enough for five minutes."""
        request = context.request
        if app == "allauth.mfa" and not is_mfa_enabled(request.user):
            proofs = get_authentication_records(request, request.user)
            fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
            if proofs and proofs[-1]["at"] > fresh:
                return False
        return bool(super().is_reauthentication_required(app=app))

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing leaves by mail."""


class SealedMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets of authenticator apps and seeds of recovery codes sealed (I7)."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code does not fit, or was used already. Wait for the next one, and check that "
            "your phone's clock is right."
        ),
    }  # fmt: skip

    def encrypt(self, text: str) -> str:
        """Sealed under a key that the key holder derives for this one secret. allauth does not
        say which row it is for, so the secret is bound to a name of its own."""
        name = secrets.token_hex(16)
        sealed = seal(text.encode(), _key(name), _place(name))
        return f"{name}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises LockedError, and TamperedError for anything else."""
        name, _, sealed = encrypted_text.partition(":")
        return unseal(base64.b64decode(sealed), _key(name), _place(name)).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name that a passkey is shown under."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Reknit"}


def _key(name: str) -> bytes:
    return current_holder().digest("web second factor", [name.encode()])[0]


def _place(name: str) -> Place:
    return Place("mfa_authenticator", name, "secret")
