"""Enquiries come in whole, with their audit entry, and their seeker can come back."""

from __future__ import annotations

import re

import pytest

from reknit.guard.models.audit import Entry
from reknit.intake import enquiries, receipts
from reknit.intake.enquiries import Accepted
from reknit.queue.models import Job
from reknit.records.models import Account, Enquiry
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC
from tests.cast import IDRIS_SOUGHT
from tests.staff import office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def accepted() -> Accepted:
    return enquiries.accept(
        PUBLIC, office(), IDRIS_SOUGHT,
        {"seeker_name": "أمل حداد الشامي", "relationship": "sister"},
        {"phones": "+963 944 123 456"},
    )  # fmt: skip


def test_it_keeps_seeker_and_sought_sealed_and_apart() -> None:
    enquiry = accepted().enquiry
    assert sealing.unseal([enquiry])[0]["seeker_name"] == "أمل حداد الشامي"
    assert sealing.unseal([enquiry.sought])[0] == IDRIS_SOUGHT
    assert "944" not in str(sealing.unseal([enquiry])[0])


def test_it_audits_the_enquiry_and_looks_for_candidates_later() -> None:
    enquiry = accepted().enquiry
    entry = Entry.objects.get(resource_id=str(enquiry.id))
    assert entry.action == "enquiry:add"
    jobs = Job.objects.order_by("name").values_list("name", "subject_id")
    assert list(jobs) == [
        (name, str(enquiry.id)) for name in ("candidates of enquiry", "need of enquiry")
    ]


def test_it_lets_the_seeker_come_back_with_the_code_however_it_is_written() -> None:
    taken = accepted()
    code = taken.receipt_code
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    for written in (code, code.lower(), code.replace("-", " "), code.replace("0", "O")):
        assert receipts.holder_of(written) == taken.enquiry
    assert receipts.holder_of("0000-0000-0000-0000") is None
    assert receipts.holder_of("") is None


def test_it_keeps_no_receipt_code() -> None:
    code = accepted().receipt_code.replace("-", "").encode()
    assert code not in bytes(Enquiry.objects.get().receipt_digest or b"")


def test_it_stores_nothing_when_the_audit_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """I5: the signature of the log's head fails."""
    from reknit.guard.errors import AuditUnavailableError
    from reknit.sealing.errors import LockedError
    from reknit.sealing.ring import KeyRing

    def refuse(self: KeyRing, message: bytes) -> bytes:
        raise LockedError("locked in the meantime")

    monkeypatch.setattr(KeyRing, "sign", refuse)
    with pytest.raises((AuditUnavailableError, LockedError)):
        accepted()
    assert not Account.objects.exists()
    assert not Enquiry.objects.exists()
