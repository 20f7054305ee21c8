"""The forms of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.forms import ActivateTOTPForm as ActivateForm
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.forms import SetPasswordForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class ActivateTOTPForm(ActivateForm):  # type: ignore[misc]
    """The first code of an authenticator app; it is used up by this, as every later one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
        }

    def clean_code(self) -> str:
        """The code, when it fits and is new."""
        code: str = super().clean_code()
        used = TOTP._get_used_cache_key(_Of(self.user.pk), code)
        if not cache.add(used, "y", timeout=30):
            raise get_adapter().validation_error("incorrect_code")
        return code


class WelcomeForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of somebody who came through a one-time link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 12 characters. Several words that nobody else would put together are easier "
            "to remember than signs."
        )
        self.fields["new_password2"].label = _("New password, again")
        self.fields["new_password2"].help_text = ""


class _Of:
    """What the name of a used code is made of: the user."""

    def __init__(self, user_id: int) -> None:
        self.instance = self
        self.user_id = user_id
