"""The rows of casework, one file a noun."""

from reknit.casework.models.candidates import Candidate, CandidateState
from reknit.casework.models.claims import Claim, Takeover
from reknit.casework.models.moves import Move

__all__ = ["Candidate", "CandidateState", "Claim", "Move", "Takeover"]
