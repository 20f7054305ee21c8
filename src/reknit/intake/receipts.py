"""Receipt codes: how somebody comes back without an account or an e-mail address.

Rules: sixteen signs in groups of four, 80 bits, said once; only a keyed digest is kept, so that
neither the database nor its backups open a door; a code is looked for among enquiries and among
registrations each time, whatever it is, so that a wrong one and an unknown one are the same.

>>> plain("oil0-2abc-defg hjk")
'01102ABCDEFGHJK'
>>> written = new(); len(written), plain(written) == written.replace("-", "")
(19, True)
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from reknit.intake.models import Registration
from reknit.records.models import Enquiry
from reknit.sealing.holders import current_holder

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to misread
_GROUPS, _GROUP = 4, 4
_LOOK_ALIKES = str.maketrans("OIL", "011")
LONGEST = 64
"""More signs than any way of writing a code has."""


def new() -> str:
    """A code that nobody can guess."""
    return _grouped([secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP)])


def of_draft(draft_code: str) -> str:
    """The code of what a draft becomes: the same each time, so that somebody whose connection broke
    when they sent it sends it again and gets it. Raises LockedError."""
    (made,) = current_holder().digest("receipt of draft", [draft_code.encode()])
    number = int.from_bytes(made[: _GROUPS * _GROUP * 5 // 8])
    return _grouped([_ALPHABET[(number >> 5 * at) & 31] for at in range(_GROUPS * _GROUP)])


def plain(code: str) -> str:
    """The code's signs, whatever its case, dashes and look-alikes."""
    return "".join(
        sign for sign in code[:LONGEST].upper().translate(_LOOK_ALIKES) if sign in _ALPHABET
    )


def digest(code: str) -> bytes:
    """What is kept of a code. Raises LockedError."""
    return current_holder().digest("receipt", [plain(code).encode()])[0]


def holder_of(code: str) -> Enquiry | Registration | None:
    """What a code was given for. Raises LockedError."""
    kept = digest(code)
    enquiry = Enquiry.objects.filter(receipt_digest=kept, removed_at=None).first()
    registration = Registration.objects.filter(receipt_digest=kept).first()
    return enquiry or registration


def _grouped(signs: Sequence[str]) -> str:
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP))
