"""Who works on which enquiry.

Rules: an enquiry is worked on by one member of staff of its office; assigning is audited. Many at
once are `casework.bulk`, another office is `casework.transfers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, User
from reknit.vocabulary import Actor, Purpose


def assign(actor: Actor, enquiry_ids: Sequence[UUID], to: User) -> int:
    """Give enquiries to a member of staff of their office; how many. All or none.

    Raises NotPermittedError, CaseworkError.
    """

    def give() -> int:
        for enquiry_id in enquiry_ids:
            enquiry = access.load(
                actor,
                Permission.ENQUIRY_ASSIGN,
                Enquiry,
                enquiry_id,
                purpose=Purpose.FAMILY_TRACING,
                lock=True,
            )
            if to.office_id != enquiry.office_id or not to.is_active:
                raise CaseworkError(
                    _(
                        "enquiry %(enquiry_id)s: it belongs to another office than the person it "
                        "would go to; transfer it first."
                    )
                    % {"enquiry_id": enquiry_id}
                )
            enquiry.change(assigned_to=to)
            audit.record(
                actor,
                Permission.ENQUIRY_ASSIGN.action,
                Resource.of(enquiry),
                Purpose.FAMILY_TRACING,
                subject=enquiry.sought_id,
                to=to.pk,
            )
        return len(enquiry_ids)

    return commits.commit(give)
