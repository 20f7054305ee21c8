"""A person: what one source said, in versions, with lineage, judgements, consents, who saw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.casework.models import Candidate
from reknit.guard import access
from reknit.guard.models import Block, Consent, Disclosure, VitalInterest
from reknit.guard.permissions import Permission
from reknit.intake import documents
from reknit.records import sources
from reknit.records.models import Account, Document, Enquiry, Judgement, Source
from reknit.sealing.prepared import Prepared
from reknit.vocabulary import Actor, Purpose
from reknit.web.pages.audit import entries_about
from reknit.web.pages.parts import PurposeForm, caption, lines_of, may, stated_purpose
from reknit.web.routes import StaffRequest, route


@route(Permission.ACCOUNT_READ)
@require_safe
def one(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """One account, once a purpose is stated; else the question why."""
    actor = request.actor
    purpose = stated_purpose(request, actor)
    if purpose is None:
        # Whether there is such a person shows only with a purpose.
        return render(request, "web/person_why.html", {"form": PurposeForm(actor)})
    account, content = access.open_one(
        actor, Permission.ACCOUNT_READ, Account, account_id, purpose=purpose
    )
    held = around(actor, account)
    return render(
        request,
        "web/person.html",
        {
            "account": account,
            "purpose": purpose,
            "caption": caption(content),
            "lines": lines_of(content),
            **held,
            "papers": documents.titled(actor, held["documents"]),
            "may_consent": may(actor, Permission.CONSENT_GIVE),
            "may_disclose": may(actor, Permission.DISCLOSURE_MAKE),
            "may_block": may(actor, Permission.BLOCK_ADD),
            "may_lift": may(actor, Permission.BLOCK_REMOVE),
            "may_decide": may(actor, Permission.APPROVAL_PROPOSE),
            "may_remove_document": may(actor, Permission.DOCUMENT_REMOVE),
            "may_add_document": may(actor, Permission.DOCUMENT_ADD),
            "may_source": may(actor, Permission.SOURCE_READ),
            "may_request": may(actor, Permission.REQUEST_ADD),
        },
    )


def loaded(
    actor: Actor, account_id: UUID, purpose: Purpose, by: Permission = Permission.ACCOUNT_READ
) -> Account:
    """The account, if it is there and the actor holds the permission for it; unless another is
    said, to read it. Raises NotPermittedError."""
    return access.load(actor, by, Account, account_id, purpose=purpose)


def around(actor: Actor, account: Account) -> dict[str, Any]:
    """What stands around an account: ids, states and times, each as far as the actor may list it.
    No content of other rows."""
    person = account.identity_id
    identity = _IDENTITY.all(person)
    elsewhere = sum(
        pk != account.pk and (gone, later) == (None, None) for pk, gone, later in identity
    )
    held = access.about(
        actor,
        person,
        account.pk,
        others=(Permission.ACCOUNT_READ, _live),
        judgements=(Permission.JUDGEMENT_READ, _judgements),
        consents=(Permission.CONSENT_READ, _consents),
        blocks=(Permission.BLOCK_READ, _blocks),
        decisions=(Permission.CONSENT_READ, _decisions),
        disclosures=(Permission.DISCLOSURE_READ, _disclosures),
        documents=(Permission.DOCUMENT_LIST, _documents),
        enquiries=(Permission.ENQUIRY_LIST, _enquiries),
    )
    by = {account.source_id, *(other.source_id for other in held["others"])}
    return {
        **held,
        "versions": _versions(actor, account),
        "independent": sources.independent(by) if len(by) > 1 else len(by),
        "elsewhere": elsewhere,
        "lineage": _lineage(account),
        "seen": entries_about(actor, [pk for pk, _gone, _later in identity]),
    }


def _identity(person: UUID) -> QuerySet[Account, tuple[Any, ...]]:
    rows = Account.objects.filter(identity_id=person).order_by()
    return rows.values_list("pk", "removed_at", "superseded_by")


_IDENTITY = Prepared(_identity, UUID)


def _live(person: UUID) -> QuerySet[Account]:
    rows = Account.objects.filter(identity_id=person, removed_at=None, superseded_by=None)
    return rows.select_related("source", "office").order_by("created_at", "id")


def _judgements(person: UUID) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(Q(one__identity_id=person) | Q(other__identity_id=person))
    return rows.select_related("by", "confirmed_by", "undone_by", "enquiry").order_by("-at")


def _consents(person: UUID) -> QuerySet[Consent]:
    rows = Consent.objects.filter(account__identity_id=person)
    return rows.select_related("recorded_by").order_by("-at")


def _blocks(person: UUID) -> QuerySet[Block]:
    rows = Block.objects.filter(account__identity_id=person)
    return rows.select_related("recorded_by").order_by("-at")


def _decisions(person: UUID) -> QuerySet[VitalInterest]:
    rows = VitalInterest.objects.filter(account__identity_id=person)
    return rows.select_related("decided_by").order_by("-at")


def _disclosures(person: UUID) -> QuerySet[Disclosure]:
    rows = Disclosure.objects.filter(account__identity_id=person)
    return rows.select_related("by").order_by("-at")


def _documents(person: UUID) -> QuerySet[Document]:
    rows = Document.objects.filter(account__identity_id=person, removed_at=None)
    return rows.order_by("-added_at")


def _enquiries(person: UUID) -> QuerySet[Enquiry]:
    candidates = Candidate.objects.filter(account__identity_id=person)
    rows = Enquiry.objects.filter(
        Q(pk__in=candidates.values("enquiry")) | Q(sought__identity_id=person)
    )
    return rows.order_by("-created_at")


def _versions(actor: Actor, account: Account) -> list[Account]:
    """The account's earlier and later versions as far as the actor may list them, by their
    numbers."""
    versions = {account.pk: account}
    for link, pk in (("follows_id", account.follows_id),
                     ("superseded_by_id", account.superseded_by_id)):  # fmt: skip
        while pk is not None and pk not in versions:
            rows = Account.objects.filter(pk=pk).select_related("source")
            found = access.visible(actor, Permission.ACCOUNT_READ, rows).first()
            if found is None:
                break
            versions[found.pk] = found
            pk = getattr(found, link)
    return sorted(versions.values(), key=lambda version: version.version, reverse=True)


def _lineage(account: Account) -> list[Source]:
    """The source, and what it copies, to the original."""
    if account.source.mirrors_id is None:
        return [account.source]
    ids = sources.chain(account.source_id)
    named = Source.objects.in_bulk(ids)
    return [named[source_id] for source_id in ids]
