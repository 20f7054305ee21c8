"""The rows of the record model (docs/reference/record-model.md). No column names a person: what
does is sealed."""

from reknit.records.models.accounts import Account, AccountKind
from reknit.records.models.changes import ChangeCounter
from reknit.records.models.documents import Document
from reknit.records.models.enquiries import Enquiry, EnquiryStatus, Outcome, Proof, Risk
from reknit.records.models.judgements import Judgement, Verdict
from reknit.records.models.listings import Listing
from reknit.records.models.matching_models import MatchingModel, ModelState
from reknit.records.models.sources import Batch, BatchState, Mirroring, Source
from reknit.records.models.staff import Office, User

__all__ = [
    "Account",
    "AccountKind",
    "Batch",
    "BatchState",
    "ChangeCounter",
    "Document",
    "Enquiry",
    "EnquiryStatus",
    "Judgement",
    "Listing",
    "MatchingModel",
    "Mirroring",
    "ModelState",
    "Office",
    "Outcome",
    "Proof",
    "Risk",
    "Source",
    "User",
    "Verdict",
]
