"""Whether what somebody said allows a thing to be told: the rules of consent, without a database.

Rules
- Consent is per purpose, recipient and scope; none stands for another.
- Unverified consent releases nothing (trust: I14). A *no* protects at once, whoever says it and
  however it came: a refusal or withdrawal on any account of the identity outweighs every earlier
  yes on all of them. It only stops telling; it closes no case.
- A yes counts for the account on which it was given, whatever its version, and for no other: that
  two accounts are one person is a judgement, and judgements err.
- An adult speaks for themselves. For a minor a representative does, and what the child says about
  it is written down. Somebody whose age is doubtful may speak for themselves when staff saw them.

>>> import dataclasses
>>> now = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
>>> yes = Given(
...     "c1", "idris", Answer.AGREED, Purpose.FAMILY_TRACING, Recipient.read("seeker:amal"),
...     Scope.WHEREABOUTS, GivenBy.SELF, Assurance.SEEN_BY_STAFF, now)
>>> asked = Question(
...     frozenset({"idris"}), Purpose.FAMILY_TRACING, Recipient.read("seeker:amal"),
...     Scope.WHEREABOUTS, AgeGroup.ADULT, now)
>>> weigh([yes], asked)
Granted(consent_id='c1')
>>> weigh([yes, dataclasses.replace(yes, id="c2", answer=Answer.REFUSED)], asked).reason.value
'refused'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from reknit.guard.ages import AgeGroup
from reknit.guard.reasons import Failure, Reason, Verdict, holds
from reknit.vocabulary import (
    Answer,
    Assurance,
    GivenBy,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)

LEAST_TO_RELEASE = Assurance.CONTACT_VERIFIED


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as the rules see it. `at` and the other times are aware datetimes."""

    id: str
    account_id: str
    answer: Answer
    purpose: Purpose
    recipient: Recipient
    scope: Scope
    given_by: GivenBy
    assurance: Assurance
    at: dt.datetime
    until: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    child_heard: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """May this be told now? One account, purpose, recipient and scope, at one fixed time.

    account_ids: the account's versions.
    is_family: the recipient is a seeker whose relationship staff verified, so that consent given
    to the family counts for them.
    """

    account_ids: frozenset[str]
    purpose: Purpose
    recipient: Recipient
    scope: Scope
    age: AgeGroup
    at: dt.datetime
    is_family: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """It may be told, on this consent."""

    consent_id: str


class Rule(Protocol):
    """Something that a consent must keep to."""

    def verify(self, given: Given) -> Verdict:
        """Success, or a failure with its reason."""


@dataclass(frozen=True, slots=True)
class OnTheAccount:
    """It was given for this account, in any version."""

    account_ids: frozenset[str]

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        return holds(given.account_id in self.account_ids, Reason.NO_CONSENT)


@dataclass(frozen=True, slots=True)
class ForPurpose:
    """It is for this purpose."""

    purpose: Purpose

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        return holds(given.purpose is self.purpose, Reason.NOT_THE_PURPOSE)


@dataclass(frozen=True, slots=True)
class ForRecipient:
    """It names this recipient, or the family where staff verified that they are."""

    recipient: Recipient
    is_family: bool

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        family = given.recipient.kind is RecipientKind.FAMILY and self.is_family
        return holds(given.recipient == self.recipient or family, Reason.NOT_THE_RECIPIENT)


@dataclass(frozen=True, slots=True)
class ForScope:
    """It is about this."""

    scope: Scope

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        return holds(given.scope is self.scope, Reason.NOT_THE_SCOPE)


@dataclass(frozen=True, slots=True)
class NotWithdrawn:
    """Nobody took it back: a withdrawal counts from when it was recorded, without delay."""

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        return holds(given.withdrawn_at is None, Reason.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class InItsTime:
    """It began, and did not end, at a fixed time."""

    at: dt.datetime

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        over = given.until is not None and self.at >= given.until
        return holds(given.at <= self.at and not over, Reason.EXPIRED)


@dataclass(frozen=True, slots=True)
class Verified:
    """It is sure enough who said it (trust: I14)."""

    least: Assurance = LEAST_TO_RELEASE

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        return holds(given.assurance >= self.least, Reason.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class ByWhoMay:
    """An adult said it, or a minor's representative, the child's own view written down."""

    age: AgeGroup

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        if given.given_by is GivenBy.REPRESENTATIVE:
            if self.age is AgeGroup.ADULT:
                return Failure(Reason.MUST_BE_ASKED)
            return holds(given.child_heard, Reason.CHILD_NOT_HEARD)
        if self.age is AgeGroup.DOUBTFUL:
            seen = given.assurance >= Assurance.SEEN_BY_STAFF
            return holds(seen, Reason.NEEDS_REPRESENTATIVE)
        return holds(self.age is AgeGroup.ADULT, Reason.NEEDS_REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class NoLaterNo:
    """Nothing said on any account of the identity since then stands against it."""

    question: Question
    noes: tuple[Given, ...]

    def verify(self, given: Given) -> Verdict:
        """See Rule."""
        for no in self.noes:
            since = no.withdrawn_at if no.answer is Answer.AGREED else no.at
            if since is not None and since >= given.at and _covers(no, self.question):
                refused = no.answer is Answer.REFUSED
                return Failure(Reason.REFUSED if refused else Reason.WITHDRAWN)
        return holds(True, Reason.REFUSED)


def weigh(said: Iterable[Given], question: Question) -> Granted | Failure:
    """Whether what was said on all accounts of one identity answers the question with yes.

    A failure's reason is that of the consent that came nearest: the one that failed last.
    """
    said = list(said)
    noes = tuple(g for g in said if g.answer is Answer.REFUSED or g.withdrawn_at is not None)
    rules: tuple[Rule, ...] = (
        OnTheAccount(question.account_ids),
        ForPurpose(question.purpose),
        ForRecipient(question.recipient, question.is_family),
        ForScope(question.scope),
        NotWithdrawn(),
        InItsTime(question.at),
        Verified(),
        ByWhoMay(question.age),
        NoLaterNo(question, noes),
    )
    nearest, why = -1, Failure(_standing_no(noes, question))
    for given in said:
        if given.answer is not Answer.AGREED:
            continue
        step, failure = _first_failure(rules, given)
        if failure is None:
            return Granted(given.id)
        if step > nearest and step >= _SPECIFIC_FROM:
            nearest, why = step, failure
    return why


# A consent to something else says nothing about why this is withheld.
_SPECIFIC_FROM = 4


def _first_failure(rules: Sequence[Rule], given: Given) -> tuple[int, Failure | None]:
    for step, rule in enumerate(rules):
        verdict = rule.verify(given)
        if isinstance(verdict, Failure):
            return step, verdict
    return len(rules), None


def _standing_no(noes: Sequence[Given], question: Question) -> Reason:
    refused = any(n.answer is Answer.REFUSED and _covers(n, question) for n in noes)
    return Reason.REFUSED if refused else Reason.NO_CONSENT


def _covers(no: Given, question: Question) -> bool:
    """True when a no is about what the question asks. A no to the family is one to each seeker,
    whether or not staff verified that they belong to it."""
    to = no.recipient
    recipient = (
        to.kind is RecipientKind.ANYONE
        or to == question.recipient
        or (
            to.kind is RecipientKind.FAMILY
            and question.recipient.kind in {RecipientKind.SEEKER, RecipientKind.FAMILY}
        )
    )
    scope = no.scope in {question.scope, Scope.EVERYTHING}
    purpose = no.purpose is question.purpose or no.scope is Scope.EVERYTHING
    return recipient and scope and purpose
