"""Guard's rows: ids, codes, counts and times; what names a person is sealed."""

from reknit.guard.models.alarms import Acknowledgement, Alarm, AlarmKind, Canary
from reknit.guard.models.audit import Entry, Head
from reknit.guard.models.quota import Revealed, Tally

__all__ = [
    "Acknowledgement",
    "Alarm",
    "AlarmKind",
    "Canary",
    "Entry",
    "Head",
    "Revealed",
    "Tally",
]
