"""Guard's rows: ids, codes, counts and times; what names a person is sealed.

The vault's rows are loaded here, since Django has to know them, but are named only in
`reknit.guard.vault`.
"""

from reknit.guard.models import vault as vault
from reknit.guard.models.alarms import Acknowledgement, Alarm, AlarmKind, Canary
from reknit.guard.models.approvals import Approval, Assessment, Matter
from reknit.guard.models.audit import Entry, Head
from reknit.guard.models.blocks import Block
from reknit.guard.models.consents import CannotBeAsked, Consent, VitalInterest
from reknit.guard.models.disclosures import Disclosure, SeekerAnswer
from reknit.guard.models.quota import QuotaGrant, Revealed, Tally
from reknit.guard.models.requests import (
    RequestKind,
    RequestState,
    RetentionRun,
    SubjectRequest,
    Tombstone,
)

__all__ = [
    "Acknowledgement",
    "Alarm",
    "AlarmKind",
    "Approval",
    "Assessment",
    "Block",
    "Canary",
    "CannotBeAsked",
    "Consent",
    "Disclosure",
    "Entry",
    "Head",
    "Matter",
    "QuotaGrant",
    "RequestKind",
    "RequestState",
    "RetentionRun",
    "Revealed",
    "SeekerAnswer",
    "SubjectRequest",
    "Tally",
    "Tombstone",
    "VitalInterest",
]
