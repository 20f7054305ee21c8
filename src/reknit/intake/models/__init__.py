"""The rows of intake, one file a noun. No column names a person: what does is sealed."""

from reknit.intake.models.acts import Act, ActKind
from reknit.intake.models.attachments import Attachment
from reknit.intake.models.drafts import Draft
from reknit.intake.models.gateways import Gateway
from reknit.intake.models.learned import LearnedModel, LearnedState
from reknit.intake.models.messages import Channel, Message, MessageState
from reknit.intake.models.registrations import Registered, Registration
from reknit.intake.models.replies import ReplyTemplate

__all__ = [
    "Act",
    "ActKind",
    "Attachment",
    "Channel",
    "Draft",
    "Gateway",
    "LearnedModel",
    "LearnedState",
    "Message",
    "MessageState",
    "Registered",
    "Registration",
    "ReplyTemplate",
]
