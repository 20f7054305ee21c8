"""What a rule answers: success, or a failure with its reason.

Reasons are for staff and for the audit. No seeker ever sees one (trust: I3).

>>> Failure(Reason.BLOCKED).reason.value
'blocked'
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something is withheld or not done."""

    NOT_PERMITTED = "not_permitted"
    NOT_THE_PURPOSE = "not_the_purpose"
    NOT_THE_RECIPIENT = "not_the_recipient"
    NOT_THE_SCOPE = "not_the_scope"
    NOT_ASSIGNED = "not_assigned"
    NOT_REVIEWED = "not_reviewed"
    NEEDS_SECOND_PERSON = "needs_second_person"
    SAME_PERSON = "same_person"
    ACCOUNT_DISABLED = "account_disabled"
    LAPSED = "lapsed"
    ALREADY_DECIDED = "already_decided"
    RISK_NOT_ASSESSED = "risk_not_assessed"
    RISK_FLAGGED = "risk_flagged"
    BLOCKED = "blocked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNVERIFIED = "unverified"
    LESS_ASSURANCE = "less_assurance"
    NEEDS_REPRESENTATIVE = "needs_representative"
    CHILD_NOT_HEARD = "child_not_heard"
    MUST_BE_ASKED = "must_be_asked"
    NO_CONSENT = "no_consent"
    REMOVED = "removed"
    ERASED = "erased"
    NOTHING_HELD = "nothing_held"
    QUOTA = "quota"
    LEGAL_HOLD = "legal_hold"


@dataclass(frozen=True, slots=True)
class Success:
    """The rule holds."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The rule does not hold."""

    reason: Reason


SUCCESS = Success()
Verdict = Success | Failure


def holds(condition: bool, reason: Reason) -> Verdict:
    """Success where the condition is met, else a failure for that reason."""
    return SUCCESS if condition else Failure(reason)
