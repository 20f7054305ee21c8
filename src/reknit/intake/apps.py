"""Tells Django that the room exists, and guard to whom its rows belong."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.intake"
    label = "intake"

    def ready(self) -> None:
        """A message is everybody's work in its office, and counts as a person: the one whom it is
        linked to, else who wrote it."""
        from reknit.guard import retention
        from reknit.guard.scoping import Belongs, declare
        from reknit.intake.models import (
            Act,
            Attachment,
            Gateway,
            LearnedModel,
            Message,
            ReplyTemplate,
        )

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
