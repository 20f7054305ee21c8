"""Envelope encryption: a data key per record, wrapped by a key ring, in a key store of its own.

Rules: a ciphertext opens only in the table, row and field it was sealed for (trust: test 11); data
keys are kept apart from the records, so that erasing one reaches the backups; a locked installation
opens nothing.

    from reknit.sealing import erasure, files, records, status
    records.seal(accounts, values)      # before bulk_create or save
    records.unseal(accounts)            # the values again
    records.reseal(accounts, values)    # other values under the keys they have
    erasure.erase(accounts)             # gone for good, in the backups too
    status()                            # OPEN, LOCKED or NO_RING
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reknit.sealing.holders import Status, status

__all__ = ["Status", "status"]


def __getattr__(name: str) -> Any:
    # Django imports this package before its tables may be named.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from reknit.sealing import holders

    return getattr(holders, name)
