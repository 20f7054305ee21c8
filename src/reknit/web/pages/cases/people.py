"""The family of a case: a table, and the same as a picture for whoever wants one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reknit.casework.family import Member, Part, family
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Account, AccountKind, Enquiry
from reknit.vocabulary import Actor
from reknit.web import words
from reknit.web.pages.cases.header import PURPOSE, content_of, header, loaded
from reknit.web.routes import StaffRequest, route


@route(Permission.ENQUIRY_READ)
@require_safe
def index(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Everybody in the case, who said so, and what they are to each other."""
    enquiry = loaded(request.actor, Permission.ENQUIRY_READ, enquiry_id)
    sought = content_of(request.actor, enquiry.sought)
    page = header(request, enquiry, sought, "enquiry_people")
    members = _members(request.actor, enquiry, sought)
    return render(request, "web/case_people.html", {**page, "members": members})


@route(Permission.ENQUIRY_READ)
@require_safe
def graph(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The same, as nodes and edges for the page's script."""
    enquiry = loaded(request.actor, Permission.ENQUIRY_READ, enquiry_id)
    sought = content_of(request.actor, enquiry.sought)
    members = _members(request.actor, enquiry, sought)
    nodes = [
        {"data": {"id": f"n{number}", "label": member.name or _("unknown"),
                  "kind": member.role.value}}
        for number, member in enumerate(members)
    ]  # fmt: skip
    edges = [
        {"data": {"id": f"e{number}", "source": f"n{number}", "target": "n0",
                  "label": _edge(member)}}
        for number, member in enumerate(members)
        if number
    ]  # fmt: skip
    return JsonResponse({"nodes": nodes, "edges": edges})


def _members(actor: Actor, enquiry: Enquiry, sought: dict[str, Any]) -> list[Member]:
    (case,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=PURPOSE)
    same = Account.objects.filter(
        identity_id=enquiry.sought.identity_id, kind=AccountKind.FOUND, removed_at=None,
        superseded_by=None,
    ).select_related("source")  # fmt: skip
    found = list(access.visible(actor, Permission.ACCOUNT_READ, same).order_by("created_at", "id"))
    said = access.read(actor, Permission.ACCOUNT_READ, found, purpose=PURPOSE)
    return family(
        sought,
        enquiry.sought.source.name,
        seeker=str(case.get("seeker_name") or ""),
        relationship=str(case.get("relationship") or ""),
        found=[
            (content, account.source.name) for account, content in zip(found, said, strict=True)
        ],
    )


def _edge(member: Member) -> str:
    if member.role is Part.FOUND:
        return _("held to be the same person")
    if member.role is Part.SEEKER:
        related = words.of(member.relation) if member.relation else _("somebody")
        return _("looks for their: %(relation)s") % {"relation": related}
    return words.of(member.relation)
