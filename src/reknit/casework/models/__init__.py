"""The rows of casework, one file a noun."""

from reknit.casework.models.candidates import Candidate, CandidateState
from reknit.casework.models.claims import Claim, Takeover
from reknit.casework.models.companions import Companion
from reknit.casework.models.edits import Edit
from reknit.casework.models.moves import Move
from reknit.casework.models.needs import Need, NeedStatement
from reknit.casework.models.notes import Note
from reknit.casework.models.reviewers import BlindOffice, Reviewer
from reknit.casework.models.skips import Skip
from reknit.casework.models.tasks import Task

__all__ = [
    "BlindOffice",
    "Candidate",
    "CandidateState",
    "Claim",
    "Companion",
    "Edit",
    "Move",
    "Need",
    "NeedStatement",
    "Note",
    "Reviewer",
    "Skip",
    "Takeover",
    "Task",
]
