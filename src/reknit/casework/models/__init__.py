"""The rows of casework, one file a noun."""

from reknit.casework.models.candidates import Candidate, CandidateState
from reknit.casework.models.claims import Claim, Takeover

__all__ = ["Candidate", "CandidateState", "Claim", "Takeover"]
