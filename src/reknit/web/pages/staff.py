"""Staff and offices, for the administrator; others who may see the list see it only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access, staff
from reknit.guard.errors import StaffError
from reknit.guard.permissions import Permission
from reknit.guard.sign_in_links import sign_in_link
from reknit.records.models import Office, User
from reknit.vocabulary import Purpose, Role
from reknit.web import words
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


class StaffForm(forms.Form):
    """Role, office and name."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=words.choices(Role))
    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"), queryset=Office.objects.order_by("name"), required=False,
        empty_label=gettext_lazy("no office"),
        help_text=gettext_lazy("An administrator belongs to none."),
    )  # fmt: skip


class NewStaffForm(StaffForm):
    """And the address by which they sign in."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    field_order = ("email", "name", "role", "office")


class OfficeForm(forms.Form):
    """A new office."""

    name = forms.CharField(label=gettext_lazy("Name of the office"), max_length=120)

    def clean_name(self) -> str:
        """Each name once."""
        name: str = self.cleaned_data["name"].strip()
        if Office.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is an office of this name."))
        return name


@route(Permission.USER_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Who works here."""
    rows = access.visible(request.actor, Permission.USER_READ, User.objects.all())
    page = page_of(request, rows.select_related("office").order_by("email"))
    return render(
        request, "web/staff.html",
        {
            "page": page,
            "may_manage": may(request.actor, Permission.USER_MANAGE),
            "may_grant": may(request.actor, Permission.QUOTA_GRANT),
        },
    )  # fmt: skip


@route(Permission.USER_MANAGE)
def add(request: StaffRequest) -> HttpResponse:
    """Add somebody; their one-time link is shown once."""
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        office = said["office"].name if said["office"] else None
        try:
            user = staff.add(
                request.staff, said["email"], Role(said["role"]), office, name=said["name"]
            )
        except StaffError as refused:
            form.add_error(None, str(refused))
        else:
            return _link(request, user)
    return render(request, "web/staff_new.html", {"form": form})


@route(Permission.USER_MANAGE)
def one(request: StaffRequest, user_id: int) -> HttpResponse:
    """Change role, office or name."""
    user = _loaded(request, user_id)
    initial = {"name": user.name, "role": user.role, "office": user.office_id}
    form = StaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            staff.change(request.staff, user, Role(said["role"]), said["office"], name=said["name"])
        except StaffError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Changed. Their open sessions have ended."))
            return redirect("staff")
    return render(request, "web/staff_one.html", {"form": form, "user": user})


@route(Permission.USER_MANAGE)
@require_POST
def reset(request: StaffRequest, user_id: int) -> HttpResponse:
    """A new one-time link; password and second factors go."""
    user = _loaded(request, user_id)
    staff.reset(request.staff, user)
    return _link(request, user)


@route(Permission.USER_MANAGE)
@require_POST
def set_active(request: StaffRequest, user_id: int) -> HttpResponse:
    """Disable or enable an account."""
    user = _loaded(request, user_id)
    active = request.POST.get("active") == "yes"
    try:
        staff.set_active(request.staff, user, active=active)
    except StaffError as refused:
        messages.error(request, str(refused))
    else:
        said = _("They may sign in again.") if active else _("Closed. Their sessions have ended.")
        messages.success(request, said)
    return redirect("staff")


@route(Permission.OFFICE_MANAGE)
def offices(request: StaffRequest) -> HttpResponse:
    """The offices, and a new one."""
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff.add_office(request.staff, form.cleaned_data["name"])
        messages.success(request, _("The office is there."))
        return redirect("offices")
    rows: list[Any] = [
        {"office": office, "people": User.objects.filter(office=office, is_active=True).count()}
        for office in Office.objects.order_by("name")
    ]
    return render(request, "web/offices.html", {"form": form, "rows": rows})


def _loaded(request: StaffRequest, user_id: int) -> User:
    rows = User.objects.select_related("office")
    return access.load(
        request.actor, Permission.USER_MANAGE, rows, user_id, purpose=Purpose.OPERATIONS
    )


def _link(request: StaffRequest, user: User) -> HttpResponse:
    link = sign_in_link(user, request.build_absolute_uri("/"))
    return render(request, "web/staff_link.html", {"user": user, "link": link})
