"""The rows of casework, one file a noun."""

from reknit.casework.models.asks import Ask, AskAnswer
from reknit.casework.models.bulk import Bulk, BulkKind, BulkState
from reknit.casework.models.candidates import Candidate, CandidateState
from reknit.casework.models.claims import Claim, Takeover
from reknit.casework.models.companions import Companion
from reknit.casework.models.edits import Edit
from reknit.casework.models.letters import Letter, LetterState, Side
from reknit.casework.models.moves import Move
from reknit.casework.models.needs import Need, NeedStatement
from reknit.casework.models.notes import Note
from reknit.casework.models.reviewers import BlindOffice, Reviewer
from reknit.casework.models.samples import Look, Sample
from reknit.casework.models.saved_filters import SavedFilter
from reknit.casework.models.skips import Skip
from reknit.casework.models.tasks import Task
from reknit.casework.models.transfers import Transfer, TransferState

__all__ = [
    "Ask",
    "AskAnswer",
    "BlindOffice",
    "Bulk",
    "BulkKind",
    "BulkState",
    "Candidate",
    "CandidateState",
    "Claim",
    "Companion",
    "Edit",
    "Letter",
    "LetterState",
    "Look",
    "Move",
    "Need",
    "NeedStatement",
    "Note",
    "Reviewer",
    "Sample",
    "SavedFilter",
    "Side",
    "Skip",
    "Takeover",
    "Task",
    "Transfer",
    "TransferState",
]
