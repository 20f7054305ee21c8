"""What a person may agree to, with whom, and how sure it is that they did: the closed sets.

>>> Recipient.read("seeker:2f1c")
Recipient(kind=<RecipientKind.SEEKER: 'seeker'>, id='2f1c')
>>> str(Recipient(RecipientKind.FAMILY)), Assurance.UNVERIFIED < Assurance.SEEN_BY_STAFF
('family', True)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Scope(StrEnum):
    """What may be told. Each is agreed to by itself: none includes another.

    NO_CONTACT is "alive, no contact wished": telling that much is a disclosure too (trust: I3).
    LETTER is what the person wrote to one seeker, passed on by staff; it rests on a consent to
    MESSAGE or CONTACT, and nobody agrees to it by itself.
    DEATH is told about the dead; EVERYTHING stands in refusals only.
    """

    ALIVE = "alive"
    NO_CONTACT = "alive_no_contact_wished"
    MESSAGE = "message"
    LETTER = "letter"
    WHEREABOUTS = "whereabouts"
    CONTACT = "contact"
    DOCUMENTS = "documents"
    RECORD = "record"
    DEATH = "death"
    EVERYTHING = "everything"


class RecipientKind(StrEnum):
    """Who may be told.

    ASSIGNED_STAFF: who works on one enquiry, in order to ask the person (id: enquiry).
    SEEKER: who made one enquiry (id: enquiry). FAMILY: every seeker whose relationship staff
    verified. OFFICE, PARTNER: another office, an organisation. SELF: the person concerned.
    ANYONE stands in refusals only. There is no recipient "public".
    """

    ASSIGNED_STAFF = "assigned_staff"
    SEEKER = "seeker"
    FAMILY = "family"
    OFFICE = "office"
    PARTNER = "partner"
    SELF = "self"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: a kind and, where the kind has several, an id."""

    kind: RecipientKind
    id: str = ""

    @classmethod
    def read(cls, text: str) -> Recipient:
        """The recipient that `kind:id` names. Raises ValueError for an unknown kind."""
        kind, _, recipient_id = text.partition(":")
        return cls(RecipientKind(kind), recipient_id)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value


class Assurance(IntEnum):
    """How sure it is that the person concerned said it (trust: I14), least first."""

    UNVERIFIED = 0
    CONTACT_VERIFIED = 1
    SEEN_BY_STAFF = 2


class Answer(StrEnum):
    """What the person said when asked."""

    AGREED = "agreed"
    REFUSED = "refused"


class GivenBy(StrEnum):
    """Who said it: the person, or who represents them by law."""

    SELF = "self"
    REPRESENTATIVE = "representative"


class How(StrEnum):
    """In what way it was said."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    IN_WRITING = "in_writing"
    ONLINE = "online"
