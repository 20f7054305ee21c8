"""Amal's case: she seeks Idris, a desk met him, Noor works on it, Rafi is somebody else's seeker.

from tests.guard.scene import a_scene
scene = a_scene()                     # judged one person, risk assessed, nothing agreed to yet
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from reknit.guard import assessments, consent, vault
from reknit.guard.disclosure import Disclosed, Withheld, disclose
from reknit.guard.models import Consent
from reknit.intake.models import Registered, Registration
from reknit.records import accounts, judgements, sources
from reknit.records.models import Account, AccountKind, Enquiry, Judgement, Risk, User
from reknit.records.models import Verdict as Judged
from reknit.sealing import records
from reknit.vocabulary import (
    PUBLIC,
    Actor,
    Assurance,
    GivenBy,
    How,
    Purpose,
    Recipient,
    RecipientKind,
    Role,
    Scope,
)
from tests.cast import AMAL, IDRIS_FOUND, IDRIS_SOUGHT
from tests.staff import NORD, noor, office, staff

HARBOUR = "Zuwara, the old harbour, shed 4"
PHONE = "+218 91 555 0123"
SECRETS = (HARBOUR, PHONE)
"""What may not leave without consent: invented, and met nowhere else in the tests."""


@dataclass
class Scene:
    """One case and who plays in it."""

    idris: Account
    sought: Account
    enquiry: Enquiry
    judgement: Judgement | None
    noor: User

    @property
    def seeker(self) -> Recipient:
        """Amal, as a recipient."""
        return Recipient(RecipientKind.SEEKER, str(self.enquiry.id))

    @property
    def assigned(self) -> Recipient:
        """Whoever works on the case, as a recipient."""
        return Recipient(RecipientKind.ASSIGNED_STAFF, str(self.enquiry.id))

    def agree(self, scope: Scope = Scope.WHEREABOUTS, **more: object) -> Consent:
        """Idris says yes to Amal, in front of Noor; `more` says what is different."""
        said: dict[str, object] = {
            "purpose": Purpose.FAMILY_TRACING,
            "recipient": self.seeker,
            "scope": scope,
            "given_by": GivenBy.SELF,
            "how": How.IN_PERSON,
            "assurance": Assurance.SEEN_BY_STAFF,
            **more,
        }
        return consent.give(self.noor.as_actor(), self.idris.id, **said)  # type: ignore[arg-type]

    def tell(
        self,
        scope: Scope = Scope.WHEREABOUTS,
        *,
        actor: Actor | None = None,
        recipient: Recipient | None = None,
        purpose: Purpose = Purpose.FAMILY_TRACING,
    ) -> Disclosed | Withheld:
        """Noor tells Amal; the arguments say what is different."""
        return disclose(
            actor or self.noor.as_actor(),
            self.idris,
            purpose,
            recipient or self.seeker,
            scope=scope,
        )


def reason(told: Disclosed | Withheld) -> str | None:
    """Why it was withheld; None when it was told."""
    return told.reason.value if isinstance(told, Withheld) else None


def an_account(
    content: Mapping[str, str], kind: AccountKind = AccountKind.FOUND, office_name: str = NORD
) -> Account:
    """One account, with what the vault holds of it."""
    place = office(office_name)
    source = sources.find_or_add(f"Desk of {office_name}", place)
    (made,) = accounts.add([content], kind=kind, source=source, office=place, at=timezone.now())
    return made


def an_enquiry(
    sought: Account, assigned_to: User | None, seeker: Mapping[str, str] = AMAL
) -> Enquiry:
    """An open enquiry by that seeker, with how to reach them in the vault."""
    enquiry = Enquiry(office=sought.office, assigned_to=assigned_to, sought=sought)
    records.seal(
        [enquiry], [{"seeker_name": seeker["full_name"], "relationship": "sister", "notes": ""}]
    )
    enquiry.save()
    vault.put_seeker_contact(enquiry.id, {"phones": seeker.get("phones", "")})
    return enquiry


def a_scene(
    content: Mapping[str, str] = IDRIS_FOUND,
    *,
    judged: bool = True,
    risk: Risk | None = Risk.NO_CONCERN,
    needs_two: bool = False,
) -> Scene:
    """Idris is on the list of the office Nord, and in its vault; Amal's enquiry is Noor's."""
    idris = an_account(content)
    vault.put(
        [idris.id],
        [{"last_known_location": HARBOUR, "phones": PHONE, "at": "2026-11-20"}],
    )
    sought = an_account(IDRIS_SOUGHT, AccountKind.SOUGHT)
    enquiry = an_enquiry(sought, noor())
    judgement = None
    if judged:
        judgement = judgements.judge(
            noor(), sought, idris, Judged.MATCH, "the same mark", enquiry=enquiry,
            needs_two=needs_two,
        )  # fmt: skip
    if risk is not None:
        assessments.assess_risk(noor().as_actor(), enquiry.id, risk, "asked both", ["other"])  # type: ignore[list-item]
        enquiry.refresh_from_db()
    idris.refresh_from_db()
    sought.refresh_from_db()
    return Scene(idris, sought, enquiry, judgement, noor())


def supervisor() -> Actor:
    """The supervisor of the office Nord."""
    return staff(Role.SUPERVISOR).as_actor()


def with_code(consent_id: object) -> Actor:
    """Whoever holds the receipt code of the registration that brought the account of a consent."""
    consented = Consent.objects.get(pk=consent_id)
    found = Registered.objects.filter(account_id=consented.account_id).first()
    if found is None:
        row = Registration.objects.create(
            office=consented.account.office, receipt_digest=secrets.token_bytes(32)
        )
        found = Registered.objects.create(
            registration=row, account_id=consented.account_id, is_self=True
        )
    return replace(PUBLIC, holds=found.registration_id)
