"""Which cases and people a message may be about, by the matching engine.

Rules: asked for by a member of staff, through guard.searching: permitted, audited, counted; a
message that names nobody finds nobody; what is found is a suggestion, linked by a person or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reknit.adapters import is_machine_made
from reknit.guard import access, searching
from reknit.guard.permissions import Permission
from reknit.guard.searching import Found
from reknit.intake.placing import content_of
from reknit.language import Fact, FactKind, FactRole
from reknit.records.models import Enquiry
from reknit.vocabulary import Actor, Purpose

TOP = 5
_ABOUT = (FactRole.SOUGHT, FactRole.FOUND, FactRole.CHILD)


@dataclass(frozen=True, slots=True)
class Suggested:
    """What may be meant. cases: enquiries that the actor may list, each with the hit on the person
    sought; people: those who were found."""

    asked: Mapping[str, str]
    cases: tuple[tuple[Enquiry, Found], ...]
    people: tuple[Found, ...]


def suggest(actor: Actor, facts: Sequence[Fact]) -> Suggested:
    """Look for whom the facts describe. Raises what `guard.searching.search` raises."""
    asked = question(facts)
    if not asked:
        return Suggested({}, (), ())
    purpose = Purpose.FAMILY_TRACING
    sought = searching.search(actor, "sought", asked, purpose=purpose, top=TOP)
    found = searching.search(actor, "found", asked, purpose=purpose, top=TOP)
    rows = Enquiry.objects.filter(
        sought__in=[hit.account_id for hit in sought], removed_at=None
    ).select_related("office", "assigned_to")
    by_sought = {row.sought_id: row for row in access.visible(actor, Permission.ENQUIRY_LIST, rows)}
    cases = tuple((by_sought[hit.account_id], hit) for hit in sought if hit.account_id in by_sought)
    return Suggested(asked, cases, tuple(found))


def question(facts: Sequence[Fact]) -> dict[str, str]:
    """What is asked for: the names of whoever the message is about, their age and sex; where none
    is said to be sought or found, every name but the sender's. Of what rules read alone."""
    facts = [fact for fact in facts if not is_machine_made(fact.made)]
    about = [fact for fact in facts if fact.role in _ABOUT]
    if not any(fact.kind is FactKind.NAME for fact in about):
        about = [fact for fact in facts if fact.role is not FactRole.SENDER]
    asked = content_of(about)
    asked.pop("description", None)
    return asked if "full_name" in asked else {}
