"""Pages of one's own account that allauth does not bring."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from reknit.web.accounts.forms import WelcomeForm
from reknit.web.context import THEMES
from reknit.web.routes import ALWAYS, ENTERING, PUBLIC, SIGNED_IN, StaffRequest, route


class WelcomeView(PasswordResetConfirmView):
    """What a one-time link opens: choose a password, then go on to the second factor.

    Django moves the token from the address into the session at once, so that it stays in no
    history, and refuses a link that was used or is too old.
    """

    form_class = WelcomeForm
    template_name = "account/welcome.html"
    reset_url_token = "password"  # noqa: S105 - a word in the address, no secret
    title = _("Welcome")

    def form_valid(self, form: Any) -> HttpResponse:
        """The password is kept; whoever has a second factor is asked for it."""
        user: Any = form.save()
        record_authentication(self.request, user, method="password", email=user.email)
        response: HttpResponse = perform_login(self.request, user, email_verification="none")
        return response


welcome = route(PUBLIC)(WelcomeView.as_view())


@route(ENTERING)
@require_GET
def second_factor(request: StaffRequest) -> HttpResponse:
    """Which second factor? Shown until there is one."""
    chosen = Authenticator.objects.filter(user=request.staff)
    if chosen.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return redirect("home")
    return render(request, "account/second_factor.html")


class AccountForm(forms.Form):
    """What staff may change of themselves."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False,
        help_text=_("Colleagues see it beside what you did."),
    )  # fmt: skip


@route(SIGNED_IN)
def own_account(request: StaffRequest) -> HttpResponse:
    """Own name, role, office, ways to sign in."""
    form = AccountForm(request.POST or None, initial={"name": request.staff.name})
    if request.method == "POST" and form.is_valid():
        request.staff.name = form.cleaned_data["name"]
        request.staff.save(update_fields=["name"])
        return redirect("account")
    factors = Authenticator.objects.filter(user=request.staff).order_by("created_at")
    return render(request, "account/own.html", {"form": form, "factors": factors})


@route(ALWAYS)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the device's own choice, in a cookie."""
    wanted = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if wanted in THEMES:
        response.set_cookie(
            "reknit-theme", wanted, max_age=365 * 24 * 3600, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response
