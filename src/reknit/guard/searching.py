"""Search for people: ask the keeper, or an index of this process's own where no keeper runs.

Rules: the keeper holds the one index; only where none runs and none should (a command on a stopped
installation, a test) does a process build its own, in memory, for itself. What is found is ids,
weights and evidence, never whereabouts.

    searching.ask("found", {"full_name": "…", "date_of_birth": "1987"})     # jobs, inside
    transaction.on_commit(searching.changed)                                # after a change
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from reknit.guard.keeper.errors import QuestionError, RebuildingError
from reknit.guard.keeper.index import Hit, SearchIndex
from reknit.guard.keeper.messages import Question
from reknit.guard.keeper.questions import check_question
from reknit.sealing.errors import LockedError
from reknit.sealing.holders import current_holder, line_to
from reknit.sealing.line import Line

__all__ = ["Hit", "LockedError", "QuestionError", "RebuildingError", "ask", "changed"]


def ask(kind: str, content: Mapping[str, str], top: int = 10) -> list[Hit]:
    """The likeliest accounts of a kind (`sought`, `found`) for a people table's columns, as a match
    would weigh them, best first. Inside only: no permission is asked and nothing is audited.

    Raises RebuildingError until the index is built, LockedError, QuestionError.
    """
    question = Question(kind, dict(content), top)
    check_question(question)
    line = _line()
    if line.is_open():
        return line.ask("search", question, list[Hit])
    current_holder().verify_key()
    index = _own_index()
    index.follow()
    return index.search(question)


def changed() -> None:
    """Tell the keeper that accounts have changed; it also looks by itself each second. A keeper
    that is away or locked is no error here: it reads all changes when it is back."""
    line = _line()
    try:
        if line.is_open():
            line.ask("changed", None, type(None))
    except LockedError:
        return


def _line() -> Line:
    from reknit.settings import CONFIG

    return line_to(CONFIG.run)


@cache
def _own_index() -> SearchIndex:
    return SearchIndex()
