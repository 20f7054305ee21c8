"""What the keeper answers when it cannot search."""

from __future__ import annotations

from reknit.sealing.errors import SealingError
from reknit.sealing.line import KINDS


class SearchError(SealingError):
    """Base of what can go wrong with a search."""


class RebuildingError(SearchError):
    """The search index is being built; ask again in some seconds."""


class QuestionError(SearchError):
    """What was asked is no search for a person."""


# So that they are raised by the same name in the process that asks.
KINDS.update({kind.__name__: kind for kind in (RebuildingError, QuestionError)})
