"""Each rule of disclosure is needed: with it, a situation is withheld; without it alone, it is not.

A rule that somebody takes out, or that always says yes, fails here by its name; so does a rule
added to `RULES_FOR` that no situation is named for. The situations are made of rows, and told
through `disclose`, as a page tells.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from reknit.guard import approvals, assessments, blocks, releasing
from reknit.guard.disclosure import disclose, facts_of
from reknit.guard.log import Resource
from reknit.guard.models import Consent, Matter
from reknit.guard.reasons import SUCCESS, Failure
from reknit.guard.releasing import RULES_FOR, may_be_told
from reknit.records import judgements
from reknit.records.models import Account, Enquiry, Risk
from reknit.vocabulary import Assurance, Purpose, Recipient, RecipientKind, Role, Scope
from tests.guard.scene import Scene, a_scene, reason
from tests.staff import SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

STAFF, SEEKER = RecipientKind.ASSIGNED_STAFF, RecipientKind.SEEKER
OFFICE, PARTNER = RecipientKind.OFFICE, RecipientKind.PARTNER


class Told:
    """A case in which everything is in order, told to one kind of recipient: what a situation
    changes is the one thing that is not."""

    def __init__(self, kind: RecipientKind) -> None:
        self.kind = kind
        self.scope = Scope.WHEREABOUTS
        self.purpose = Purpose.ASK_THE_PERSON if kind is STAFF else Purpose.FAMILY_TRACING
        self.scene: Scene = a_scene(needs_two=True)
        assert self.scene.judgement is not None
        self.confirm(Matter.IDENTIFICATION, Resource.of(self.scene.judgement))
        self.recipient = {
            STAFF: self.scene.assigned,
            SEEKER: self.scene.seeker,
            OFFICE: Recipient(OFFICE, str(office(SUD).id)),
            PARTNER: Recipient(PARTNER, "red-crescent"),
        }[kind]

    def confirm(self, matter: Matter, resource: Resource) -> None:
        asked = approvals.propose(noor().as_actor(), matter, resource, "both looked")
        approvals.confirm(staff(Role.SUPERVISOR).as_actor(), asked.id)

    def agree(self) -> None:
        if self.kind is not STAFF:
            self.scene.agree(self.scope, recipient=self.recipient)

    def tell(self) -> str | None:
        account = Account.objects.get(id=self.scene.idris.id)
        actor = noor().as_actor()
        if self.kind is STAFF and self.purpose is not Purpose.ASK_THE_PERSON:
            # No role is permitted that; the rule stands behind the permission.
            facts = facts_of(account, self.purpose, self.recipient, self.scope, timezone.now())
            verdict = may_be_told(facts)
            return verdict.reason.value if isinstance(verdict, Failure) else None
        return reason(disclose(actor, account, self.purpose, self.recipient, scope=self.scope))


def another_purpose(told: Told) -> None:
    told.agree()
    told.purpose = Purpose.FAMILY_TRACING if told.kind is STAFF else Purpose.QUALITY
    Consent.objects.update(purpose=told.purpose.value)  # nobody can agree to it by a page


def another_scope(told: Told) -> None:
    told.agree()
    told.scope = {STAFF: Scope.ALIVE, SEEKER: Scope.RECORD}.get(told.kind, Scope.EVERYTHING)
    Consent.objects.update(scope=told.scope.value)


def removed_account(told: Told) -> None:
    told.agree()
    Account.objects.filter(id=told.scene.idris.id).update(removed_at=timezone.now())


def closed_case(told: Told) -> None:
    Enquiry.objects.filter(id=told.scene.enquiry.id).update(closed_at=timezone.now())


def undone_judgement(told: Told) -> None:
    told.agree()
    assert told.scene.judgement is not None
    judgements.undo(noor(), told.scene.judgement.id, timezone.now())


def flagged_case(told: Told) -> None:
    told.agree()
    Enquiry.objects.filter(id=told.scene.enquiry.id).update(risk=Risk.FLAGGED)


def risk_not_assessed(told: Told) -> None:
    told.agree()
    Enquiry.objects.filter(id=told.scene.enquiry.id).update(risk=Risk.NOT_ASSESSED)


def death_nobody_agreed_on(told: Told) -> None:
    told.scope = Scope.DEATH
    told.agree()


def blocked_seeker(told: Told) -> None:
    told.agree()
    blocks.block(
        noor().as_actor(), told.scene.idris.id, assurance=Assurance.UNVERIFIED,
        enquiry_id=told.scene.enquiry.id,
    )  # fmt: skip


def nothing_agreed(_told: Told) -> None:
    pass


SITUATIONS: dict[str, tuple[Callable[[Told], None], str]] = {
    "PurposeFits": (another_purpose, "not_the_purpose"),
    "ScopeFits": (another_scope, "not_the_scope"),
    "Present": (removed_account, "removed"),
    "CaseIsOpen": (closed_case, "not_assigned"),
    "Reviewed": (undone_judgement, "not_reviewed"),
    "FlagReleased": (flagged_case, "risk_flagged"),
    "RiskAssessed": (risk_not_assessed, "risk_not_assessed"),
    "DeathAgreed": (death_nobody_agreed_on, "needs_second_person"),
    "NotBlocked": (blocked_seeker, "blocked"),
    "Grounded": (nothing_agreed, "no_consent"),
}
RULES = [(kind, type(rule).__name__) for kind, rules in RULES_FOR.items() for rule in rules]
EXPECTED = {
    STAFF: {"PurposeFits", "ScopeFits", "Present", "CaseIsOpen", "Reviewed", "FlagReleased",
            "NotBlocked"},
    SEEKER: {"PurposeFits", "ScopeFits", "Present", "Reviewed", "RiskAssessed", "DeathAgreed",
             "NotBlocked", "Grounded"},
    OFFICE: {"PurposeFits", "ScopeFits", "Present", "DeathAgreed", "Grounded"},
    PARTNER: {"PurposeFits", "ScopeFits", "Present", "DeathAgreed", "Grounded"},
}  # fmt: skip
"""What the trust pages promise each; a rule that is taken out is missed here by its name."""


def test_each_kind_of_recipient_has_the_rules_that_are_promised() -> None:
    assert {kind: {rule for k, rule in RULES if k is kind} for kind in RULES_FOR} == EXPECTED


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_case_in_which_everything_is_in_order_is_told(kind: RecipientKind) -> None:
    told = Told(kind)
    told.agree()
    assert told.tell() is None


@pytest.mark.parametrize(("kind", "rule"), RULES)
def test_a_rule_withholds_what_would_be_told_without_it(
    kind: RecipientKind, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    situation, why = SITUATIONS[rule]
    told = Told(kind)
    situation(told)
    assert told.tell() == why
    monkeypatch.setattr(getattr(releasing, rule), "verify", lambda self, facts: SUCCESS)
    without = told.tell()
    assert without in {None, "nothing_held"}, f"{rule} is off, and {without} still withholds"


def test_staff_see_where_to_ask_in_a_flagged_case_once_two_agreed_to_go_on() -> None:
    told = Told(STAFF)
    assessments.assess_risk(
        noor().as_actor(), told.scene.enquiry.id, Risk.FLAGGED, "as heard",
        [assessments.Concern.ABUSE],
    )  # fmt: skip
    assert told.tell() == "risk_flagged"
    told.confirm(Matter.FLAGGED_CASE, Resource("enquiry", str(told.scene.enquiry.id)))
    assert told.tell() is None
