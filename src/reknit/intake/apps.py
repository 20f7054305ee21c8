"""Tells Django that the room exists, and guard to whom its rows belong."""

from __future__ import annotations

from uuid import UUID

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.intake"
    label = "intake"

    def ready(self) -> None:
        """A message is everybody's work in its office, and counts as a person: the one whom it is
        linked to, else who wrote it. A registration is its office's, and comes into the cases of
        the people it brought; they, and what they agreed to and asked, are their own by its code.
        """
        from django.db.models import Exists, OuterRef, Q, QuerySet

        from reknit.guard import retention
        from reknit.guard.models import Consent, SubjectRequest
        from reknit.guard.scoping import (
            Belongs,
            declare,
            declare_case,
            declare_held,
            rows_of_people_in_cases,
        )
        from reknit.intake.models import (
            Act,
            Attachment,
            Gateway,
            LearnedModel,
            Message,
            Registered,
            Registration,
            ReplyTemplate,
        )
        from reknit.records.models import Account, Enquiry

        declare(
            Message,
            Belongs(
                office=("office",), own="handed_to", account=("account", "enquiry__sought"),
                person=("sender", "pk"), shared=("office",),
            ),
        )  # fmt: skip
        declare(
            Attachment,
            Belongs(
                office=("message__office",), own="message__handed_to",
                account=("account", "enquiry__sought"),
                person=("message__sender", "message_id"), shared=("message__office",),
            ),
        )  # fmt: skip
        # Whoever handed a message over to another office can still take that back.
        declare(Act, Belongs(office=("message__office", "office"), own="by"))
        declare(ReplyTemplate, Belongs(office=("office",), own="added_by"))
        declare(Gateway, Belongs(office=("office",)))
        declare(LearnedModel, Belongs())
        retention.declare_messages(Message, Attachment)

        def registered(held: UUID) -> QuerySet[Registered]:
            return Registered.objects.filter(registration=held)

        def in_cases(cases: QuerySet[Enquiry]) -> Q:
            theirs = rows_of_people_in_cases("account", cases)
            return Q(Exists(Registered.objects.filter(theirs, registration=OuterRef("pk"))))

        declare(Registration, Belongs(office=("office",)))
        declare_case(Registration, in_cases)
        declare_held(Account, lambda held: Q(pk__in=registered(held).values("account")))
        declare_held(Consent, lambda held: Q(account__in=registered(held).values("account")))
        declare_held(
            SubjectRequest,
            lambda held: Q(
                pk__in=Registration.requests.through.objects.filter(registration=held).values(
                    "subjectrequest"
                )
            ),
        )
