"""Sources: who says something about people, and which of them copy another and so count once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake import mirrors
from reknit.intake.errors import MirrorError
from reknit.records import sources
from reknit.records.models import Batch, BatchState, Mirroring, Source
from reknit.web import sentences
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes none
    """Which source a list copies, if it does."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            queryset=Source.objects.order_by("name"),
            required=False,
            label=gettext_lazy("Whose list does it copy?"),
            empty_label=gettext_lazy("Nobody's, as far as we know"),
            help_text=gettext_lazy("What two lists took from one counts once when people judge."),
            **more,
        )

    def label_from_instance(self, obj: Any) -> str:
        """How a source is called."""
        return sentences.said(obj.name)


class MirrorForm(forms.Form):
    """What a source copies."""

    original = SourceField()

    def __init__(self, source: Source, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"original": source.mirrors_id})
        field = self.fields["original"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = Source.objects.exclude(pk=source.pk).order_by("name")


@route(Permission.SOURCE_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """All sources by name, what each copies, how many lists it sent."""
    done = Batch.objects.filter(source=OuterRef("pk"), state=BatchState.DONE)
    lists = access.visible(request.actor, Permission.IMPORT_READ, done)
    counted = lists.order_by().values("source").annotate(number=Count("pk")).values("number")
    rows = access.visible(request.actor, Permission.SOURCE_READ, Source.objects.all())
    rows = rows.select_related("office", "mirrors").annotate(lists=Subquery(counted))
    page = page_of(request, rows.order_by("name", "pk"))
    may_lists = may(request.actor, Permission.IMPORT_READ)
    return render(request, "web/sources.html", {"page": page, "may_lists": may_lists})


@route(Permission.SOURCE_READ)
@require_safe
def one(request: StaffRequest, source_id: UUID) -> HttpResponse:
    """One source: what it copies, who copies it, and who said so."""
    source = _loaded(request, Permission.SOURCE_READ, source_id)
    return _page(request, source, MirrorForm(source))


@route(Permission.SOURCE_MANAGE)
@require_POST
def mirror(request: StaffRequest, source_id: UUID) -> HttpResponse:
    """Say what a source copies."""
    source = _loaded(request, Permission.SOURCE_MANAGE, source_id)
    form = MirrorForm(source, request.POST)
    if not form.is_valid():
        return _page(request, source, form)
    original = form.cleaned_data["original"]
    try:
        said = mirrors.declare(request.actor, source.pk, original)
    except MirrorError as refused:
        form.add_error("original", str(refused))
        return _page(request, source, form)
    if said is not None:
        messages.success(request, _("Recorded. You can take it back below."))
    return redirect("source", source.pk)


@route(Permission.SOURCE_MANAGE)
@require_POST
def undo(request: StaffRequest, mirroring_id: UUID) -> HttpResponse:
    """Take back what was said last of what a source copies."""
    said = access.load(
        request.actor, Permission.SOURCE_MANAGE, Mirroring, mirroring_id, purpose=mirrors.PURPOSE
    )
    try:
        mirrors.undo(request.actor, said.pk)
    except MirrorError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back."))
    return redirect("source", said.source_id)


def _loaded(request: StaffRequest, by: Permission, source_id: UUID) -> Source:
    rows = Source.objects.select_related("office", "mirrors")
    return access.load(request.actor, by, rows, source_id, purpose=mirrors.PURPOSE)


def _page(request: StaffRequest, source: Source, form: MirrorForm) -> HttpResponse:
    chain = sources.chain(source.pk)
    named = Source.objects.in_bulk(chain)
    said = Mirroring.objects.filter(source=source)
    may_manage = access.held(request.actor, {Permission.SOURCE_MANAGE}, source)
    return render(
        request,
        "web/source.html",
        {
            "source": source,
            "originals": [named[pk] for pk in chain[1:]],
            "copies": Source.objects.filter(mirrors=source).order_by("name"),
            "said": said.select_related("original", "by", "undone_by").order_by("-at"),
            "last": sources.last_said(source),
            "form": form if may_manage else None,
        },
    )
