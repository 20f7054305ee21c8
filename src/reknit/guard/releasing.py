"""Whether something about a person may be told now: the rules of disclosure, without a database.

Rules, by who is told (trust: I1, I3, I11, I14)
- The member of staff who works on the case, to ask the person and for nothing else: after a
  judgement that counts, while the case is open, where and how to reach them and no more.
- A seeker: after a judgement that counts (two people for a minor or a flagged case), after a
  person assessed the risk, unless the person blocks them, on a live consent or a decision of two.
- Another office, a partner: on a live consent or a decision that names them.
- Nobody else. There is no recipient "public", and no bulk.

>>> import dataclasses
>>> facts = Facts(
...     Purpose.FAMILY_TRACING, Recipient.read("seeker:amal"), Scope.ALIVE, link=Link.ONE,
...     risk=Risk.NO_CONCERN, ground=Granted("c1"))
>>> may_be_told(facts)
Success()
>>> may_be_told(dataclasses.replace(facts, is_blocked=True))
Failure(reason=<Reason.BLOCKED: 'blocked'>)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from reknit.guard.approvals import Why
from reknit.guard.consent import PURPOSES_OF
from reknit.guard.reasons import SUCCESS, Failure, Reason, Verdict, holds
from reknit.guard.weighing import Granted
from reknit.records.models import Risk
from reknit.vocabulary import Purpose, Recipient, RecipientKind, Scope


class Link(IntEnum):
    """How well judgements hold the person sought and this account together."""

    NONE = 0
    ONE = 1
    TWO = 2


@dataclass(frozen=True, slots=True)
class ByDecision:
    """It may be told on a decision of two people in place of consent."""

    decision_id: str


_NO_GROUND = Failure(Reason.NO_CONSENT)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at, as it is at one time.

    link: NONE without a judgement that counts, TWO where each judgement on the way has two people.
    why_two: why one person is not enough. flag_released: two people agreed to go on though the
    case is flagged. death_agreed: two people agreed that the person is dead. ground: on what it
    would be told.
    """

    purpose: Purpose
    recipient: Recipient
    scope: Scope
    is_present: bool = True
    is_open: bool = True
    link: Link = Link.NONE
    why_two: frozenset[Why] = frozenset()
    risk: Risk = Risk.NOT_ASSESSED
    flag_released: bool = False
    death_agreed: bool = False
    is_blocked: bool = False
    ground: Granted | ByDecision | Failure = _NO_GROUND


class Rule(Protocol):
    """Something that must hold for anything to be told."""

    def verify(self, facts: Facts) -> Verdict:
        """Success, or a failure with its reason."""


@dataclass(frozen=True, slots=True)
class PurposeFits:
    """Such a recipient may be told for this purpose."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        fits = facts.purpose in PURPOSES_OF[facts.recipient.kind]
        return holds(fits, Reason.NOT_THE_PURPOSE)


@dataclass(frozen=True, slots=True)
class ScopeFits:
    """Such a recipient may be told this."""

    scopes: frozenset[Scope]

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return holds(facts.scope in self.scopes, Reason.NOT_THE_SCOPE)


@dataclass(frozen=True, slots=True)
class Present:
    """The account was not removed."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return holds(facts.is_present, Reason.REMOVED)


@dataclass(frozen=True, slots=True)
class CaseIsOpen:
    """Somebody still works on the case."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return holds(facts.is_open, Reason.NOT_ASSIGNED)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A person judged that this account is who is sought; two did where one is not enough."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        if facts.link is Link.NONE:
            return Failure(Reason.NOT_REVIEWED)
        enough = not facts.why_two or facts.link is Link.TWO
        return holds(enough, Reason.NEEDS_SECOND_PERSON)


@dataclass(frozen=True, slots=True)
class RiskAssessed:
    """A person looked at what could happen; where they flagged it, two agreed to go on."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        if facts.risk == Risk.NOT_ASSESSED:
            return Failure(Reason.RISK_NOT_ASSESSED)
        return FlagReleased().verify(facts)


@dataclass(frozen=True, slots=True)
class FlagReleased:
    """The case is not flagged, or two people agreed to go on."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return holds(facts.risk != Risk.FLAGGED or facts.flag_released, Reason.RISK_FLAGGED)


@dataclass(frozen=True, slots=True)
class DeathAgreed:
    """Two people agreed on a death that is told."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        agreed = facts.scope is not Scope.DEATH or facts.death_agreed
        return holds(agreed, Reason.NEEDS_SECOND_PERSON)


@dataclass(frozen=True, slots=True)
class NotBlocked:
    """The person does not block this seeker."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return holds(not facts.is_blocked, Reason.BLOCKED)


@dataclass(frozen=True, slots=True)
class Grounded:
    """A consent or a decision carries it."""

    def verify(self, facts: Facts) -> Verdict:
        """See Rule."""
        return facts.ground if isinstance(facts.ground, Failure) else SUCCESS


_TO_ASK = frozenset({Scope.WHEREABOUTS, Scope.CONTACT})
_TO_TELL = frozenset(Scope) - {Scope.EVERYTHING}
_TO_A_SEEKER = _TO_TELL - {Scope.RECORD}

RULES_FOR: Mapping[RecipientKind, tuple[Rule, ...]] = {
    RecipientKind.ASSIGNED_STAFF: (
        PurposeFits(), ScopeFits(_TO_ASK), Present(), CaseIsOpen(), Reviewed(), FlagReleased(),
        NotBlocked(),
    ),
    RecipientKind.SEEKER: (
        PurposeFits(), ScopeFits(_TO_A_SEEKER), Present(), Reviewed(), RiskAssessed(),
        DeathAgreed(), NotBlocked(), Grounded(),
    ),
    RecipientKind.OFFICE: (
        PurposeFits(), ScopeFits(_TO_TELL), Present(), DeathAgreed(), Grounded(),
    ),
    RecipientKind.PARTNER: (
        PurposeFits(), ScopeFits(_TO_TELL), Present(), DeathAgreed(), Grounded(),
    ),
}  # fmt: skip
"""What must hold for each kind of recipient; a kind that is not here is told nothing."""


def may_be_told(facts: Facts) -> Verdict:
    """The first rule that fails, or success."""
    rules = RULES_FOR.get(facts.recipient.kind)
    if rules is None:
        return Failure(Reason.NOT_THE_RECIPIENT)
    for rule in rules:
        verdict = rule.verify(facts)
        if isinstance(verdict, Failure):
            return verdict
    return SUCCESS
