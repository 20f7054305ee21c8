"""Addresses of signing in: allauth's own views, only those that staff need, each declared."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from reknit.web.accounts import views
from reknit.web.routes import ENTERING, PUBLIC, SIGNED_IN, Door, route


def _at(address: str, view: Callable[..., HttpResponseBase], door: Door, name: str) -> URLPattern:
    # The name of allauth's view function stays as it is: its redirects look for it.
    return path(address, route(door)(view), name=name)


urlpatterns = [
    path("welcome/<uidb64>/<token>/", views.welcome, name="welcome"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("account/", views.own_account, name="account"),
    path("theme/", views.theme, name="theme"),
    _at("sign-in/", account.login, PUBLIC, "account_login"),
    _at("sign-out/", account.logout, PUBLIC, "account_logout"),
    _at("sign-in/inactive/", account.account_inactive, PUBLIC, "account_inactive"),
    _at("account/confirm/", account.reauthenticate, ENTERING, "account_reauthenticate"),
    _at("account/password/", account.password_change, SIGNED_IN, "account_change_password"),
    _at("account/password/set/", account.password_set, SIGNED_IN, "account_set_password"),
    _at("sign-in/code/", mfa.authenticate, PUBLIC, "mfa_authenticate"),
    _at("sign-in/passkey/", webauthn.login_webauthn, PUBLIC, "mfa_login_webauthn"),
    _at("account/factors/", mfa.index, SIGNED_IN, "mfa_index"),
    _at("account/confirm/code/", mfa.reauthenticate, SIGNED_IN, "mfa_reauthenticate"),
    _at("account/app/", totp.activate_totp, ENTERING, "mfa_activate_totp"),
    _at("account/app/remove/", totp.deactivate_totp, SIGNED_IN, "mfa_deactivate_totp"),
    _at("account/codes/", recovery.view_recovery_codes, SIGNED_IN, "mfa_view_recovery_codes"),
    _at(
        "account/codes/new/", recovery.generate_recovery_codes, SIGNED_IN,
        "mfa_generate_recovery_codes",
    ),
    _at(
        "account/codes/download/", recovery.download_recovery_codes, SIGNED_IN,
        "mfa_download_recovery_codes",
    ),
    _at("account/passkeys/", webauthn.list_webauthn, SIGNED_IN, "mfa_list_webauthn"),
    _at("account/passkeys/add/", webauthn.add_webauthn, ENTERING, "mfa_add_webauthn"),
    _at(
        "account/confirm/passkey/", webauthn.reauthenticate_webauthn, SIGNED_IN,
        "mfa_reauthenticate_webauthn",
    ),
    _at(
        "account/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, SIGNED_IN,
        "mfa_remove_webauthn",
    ),
    _at("account/passkeys/<int:pk>/name/", webauthn.edit_webauthn, SIGNED_IN, "mfa_edit_webauthn"),
]  # fmt: skip
