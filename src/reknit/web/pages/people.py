"""A person: what one source said, in versions, with lineage, judgements, consents, who saw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.casework.models import Candidate
from reknit.guard import access
from reknit.guard.models.consents import Consent
from reknit.guard.models.disclosures import Disclosure
from reknit.guard.permissions import Permission
from reknit.records import sources
from reknit.records.models import Account, Document, Enquiry, Judgement, Source
from reknit.vocabulary import Actor, Purpose
from reknit.web.pages.audit import entries_about
from reknit.web.pages.parts import PurposeForm, caption, lines_of, may, stated_purpose
from reknit.web.routes import StaffRequest, route

_MOST = 50


@route(Permission.ACCOUNT_READ)
@require_safe
def one(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """One account, once a purpose is stated; else the question why."""
    actor = request.actor
    purpose = stated_purpose(request, actor)
    if purpose is None:
        # Whether there is such a person shows only with a purpose.
        return render(request, "web/person_why.html", {"form": PurposeForm(actor)})
    account = loaded(actor, account_id, purpose)
    (content,) = access.read(actor, Permission.ACCOUNT_READ, [account], purpose=purpose)
    return render(
        request,
        "web/person.html",
        {
            "account": account,
            "purpose": purpose,
            "caption": caption(content),
            "lines": lines_of(content),
            **around(actor, account),
            "may_consent": may(actor, Permission.CONSENT_GIVE),
            "may_disclose": may(actor, Permission.DISCLOSURE_MAKE),
            "may_block": may(actor, Permission.BLOCK_ADD),
            "may_add_document": may(actor, Permission.DOCUMENT_ADD),
            "may_request": may(actor, Permission.REQUEST_ADD),
        },
    )


def loaded(actor: Actor, account_id: UUID, purpose: Purpose) -> Account:
    """The account, if it is there and the actor may read it. Raises NotPermittedError."""
    rows = Account.objects.select_related("source", "source__mirrors", "office")
    return access.load(actor, Permission.ACCOUNT_READ, rows, account_id, purpose=purpose)


def around(actor: Actor, account: Account) -> dict[str, Any]:
    """What stands around an account: ids, states and times, each as far as the actor may list it.
    No content of other rows."""
    identity = Account.objects.filter(identity_id=account.identity_id)
    others = identity.exclude(pk=account.pk).filter(removed_at=None, superseded_by=None)
    ids = list(identity.values_list("pk", flat=True))
    see = access.visible
    return {
        "versions": see(actor, Permission.ACCOUNT_READ, _versions(account)),
        "others": see(
            actor, Permission.ACCOUNT_READ, others.select_related("source", "office")
        ),
        "elsewhere": others.count(),
        "lineage": _lineage(account),
        "judgements": see(
            actor, Permission.JUDGEMENT_READ,
            Judgement.objects.filter(one__in=ids) | Judgement.objects.filter(other__in=ids),
        ).select_related("by", "confirmed_by", "undone_by", "enquiry").order_by("-at")[:_MOST],
        "consents": see(
            actor, Permission.CONSENT_READ, Consent.objects.filter(account__in=ids)
        ).select_related("recorded_by").order_by("-at")[:_MOST],
        "disclosures": see(
            actor, Permission.DISCLOSURE_READ, Disclosure.objects.filter(account__in=ids)
        ).select_related("by").order_by("-at")[:_MOST],
        "documents": see(
            actor, Permission.DOCUMENT_READ,
            Document.objects.filter(account__in=ids, removed_at=None),
        ).order_by("-added_at")[:_MOST],
        "enquiries": see(
            actor, Permission.ENQUIRY_LIST,
            Enquiry.objects.filter(
                pk__in=Candidate.objects.filter(account__in=ids).values("enquiry")
            ) | Enquiry.objects.filter(sought__in=ids),
        ).order_by("-created_at")[:_MOST],
        "seen": entries_about(actor, ids),
    }  # fmt: skip


def _versions(account: Account) -> Any:
    """The account's earlier and later versions, by their numbers."""
    ids = {account.pk}
    earlier, later = account.follows_id, account.superseded_by_id
    while earlier is not None and earlier not in ids:
        ids.add(earlier)
        earlier = Account.objects.values_list("follows_id", flat=True).get(pk=earlier)
    while later is not None and later not in ids:
        ids.add(later)
        later = Account.objects.values_list("superseded_by_id", flat=True).get(pk=later)
    return Account.objects.filter(pk__in=ids).select_related("source").order_by("-version")


def _lineage(account: Account) -> list[Source]:
    """The source, and what it copies, to the original."""
    ids = sources.chain(account.source_id)
    named = Source.objects.in_bulk(ids)
    return [named[source_id] for source_id in ids]
