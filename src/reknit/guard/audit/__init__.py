"""The audit: who saw or changed which record, when and why, in a log that shows tampering.

audit.record(actor, "enquiry:assign", audit.Resource.of(enquiry), purpose, to=user_id)
"""

from reknit.guard.log import Resource, record

__all__ = ["Resource", "record"]
