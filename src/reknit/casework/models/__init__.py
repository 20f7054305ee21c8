"""The rows of casework, one file a noun."""

from reknit.casework.models.candidates import Candidate, CandidateState

__all__ = ["Candidate", "CandidateState"]
