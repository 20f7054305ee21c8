"""The audit: who saw or changed which record, when and why, in a log that shows tampering.

audit.record(actor, "enquiry:assign", audit.Resource.of(enquiry), purpose, to=user_id)
audit.browse(actor, person=account.id)
audit.verify([audit.parse(text)]).findings
"""

from reknit.guard.audit.browsing import Page, browse
from reknit.guard.audit.checkpoints import Checkpoint, key_text, parse, parse_key
from reknit.guard.audit.verifying import Verified, check, checkpoint, verify
from reknit.guard.log import Resource, record

__all__ = [
    "Checkpoint",
    "Page",
    "Resource",
    "Verified",
    "browse",
    "check",
    "checkpoint",
    "key_text",
    "parse",
    "parse_key",
    "record",
    "verify",
]
