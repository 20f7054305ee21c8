"""The log that the audit is written to: entries, the tree over them, its signed head.

Rules: an entry is only ever appended, in the transaction of what it records; the head is signed
anew in that same transaction, so that neither is there without the other.
"""

from reknit.guard.log.entries import Refusal, Resource
from reknit.guard.log.recording import record

__all__ = ["Refusal", "Resource", "record"]
