"""Search for people: ask the keeper, or an index of this process's own where no keeper runs.

Rules: the keeper holds the one index; only where none runs and none should (a command on a stopped
installation, a test) does a process build its own, in memory, for itself. What is found is ids,
weights and evidence, never whereabouts. A search by staff needs a name, an identifier or a
relative: a place or a date alone lists nobody. It is audited, whatever it finds; each hit counts.

    found = searching.search(actor, "found", {"full_name": "…"}, purpose=purpose)   # for people
    searching.ask("found", {"full_name": "…", "date_of_birth": "1987"})             # for jobs
    searching.ask_all("found", contents, top=10)                                    # for many
    transaction.on_commit(searching.changed)                                        # after a change
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from reknit.guard import access, commits
from reknit.guard.keeper.errors import QuestionError, RebuildingError
from reknit.guard.keeper.messages import Hit, KeeperStatus, Question, Questions
from reknit.guard.keeper.questions import MOST_TOGETHER, check_question, check_questions
from reknit.guard.log import Resource, record
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.sealing.asking import asking_as
from reknit.sealing.errors import LockedError
from reknit.sealing.holders import Status, current_holder, line_to, status
from reknit.sealing.line import Line
from reknit.sealing.records import unseal
from reknit.vocabulary import Actor, Purpose
from reknit.vocabulary.columns import NAME_COLUMNS

if TYPE_CHECKING:
    from reknit.guard.keeper.index import SearchIndex

__all__ = [
    "MOST_TOGETHER",
    "Found",
    "Hit",
    "LockedError",
    "QuestionError",
    "RebuildingError",
    "ask",
    "ask_all",
    "changed",
    "is_ready",
    "locate",
    "search",
]


NAMING = (*NAME_COLUMNS, "identifiers", "relatives")
"""What a person's search must have one of."""
_ACTION = Permission.ACCOUNT_SEARCH.action


@dataclass(frozen=True, slots=True)
class Found(Hit):
    """A hit with the account that it names, and what that says."""

    account: Account
    content: Mapping[str, Any] = field(repr=False)


_own: SearchIndex | None = None
_OWN_LOCK = threading.Lock()


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
    return _own_index().search(question)


def ask_all(
    kind: str,
    contents: Sequence[Mapping[str, str]],
    top: int = 10,
    *,
    least_probability: float = 0.0,
) -> list[list[Hit]]:
    """`ask` for each of several people (MOST_TOGETHER at most), in their order, quicker than one by
    one; who is less likely than `least_probability` is left out. Raises as `ask`."""
    questions = Questions(kind, [dict(one) for one in contents], top, least_probability)
    check_questions(questions)
    line = _line()
    if line.is_open():
        return line.ask("search_all", questions, list[list[Hit]])
    return _own_index().search_all(questions)


def _own_index() -> SearchIndex:
    """This process's own, with all that has changed. Raises LockedError."""
    current_holder().verify_key()
    from reknit.guard.keeper.index import SearchIndex  # takes the whole engine with it

    with _OWN_LOCK:
        global _own
        if _own is None or not _own.belongs():
            _own = SearchIndex()
        _own.follow()
    return _own


def search(
    actor: Actor, kind: str, content: Mapping[str, str], *, purpose: Purpose, top: int = 10
) -> list[Found]:
    """`ask` for a member of staff: permitted, audited, within their quota, with each account and
    its content.

    Raises NotPermittedError, QuotaExceededError, QuestionError, RebuildingError, LockedError,
    LimitError.
    """
    _must_name(content)
    access.require(actor, Permission.ACCOUNT_SEARCH, purpose=purpose)
    with asking_as(actor.user_id):
        hits = ask(kind, content, top)
        about = Resource("search", kind)
        ids = [hit.account_id for hit in hits]

        def permitted() -> list[Account]:
            record(actor, _ACTION, about, purpose, hits=len(hits), top=top)
            return access.permit_hits(actor, ids, purpose=purpose)

        rows = commits.commit(permitted)
        contents = unseal(rows)
    hit_of = {hit.account_id: hit for hit in hits}
    return [
        Found(
            hit.account_id,
            hit.probability,
            hit.match_weight,
            hit.evidence,
            hit.prior_weight,
            hit.model_version,
            row,
            said,
        )
        for row, said in zip(rows, contents, strict=True)
        for hit in (hit_of[row.pk],)
    ]


def locate(
    actor: Actor, kind: str, content: Mapping[str, str], *, purpose: Purpose, top: int
) -> list[UUID]:
    """Which accounts `search` would show, best first, without opening any: to find cases that the
    actor may list anyway among those hits. Permitted and audited as `search`; nobody is shown by
    it, so that nobody counts against the quota.

    Raises as `search`.
    """
    _must_name(content)
    access.require(actor, Permission.ACCOUNT_SEARCH, purpose=purpose)
    with asking_as(actor.user_id):
        hits = ask(kind, content, top)
    about = Resource("search", kind)
    commits.commit(
        lambda: record(actor, _ACTION, about, purpose, hits=len(hits), top=top, opened=0)
    )
    return [hit.account_id for hit in hits]


def _must_name(content: Mapping[str, str]) -> None:
    if not any(content.get(column, "").strip() for column in NAMING):
        raise QuestionError(
            _(
                "content: a search needs a name, an identifier or a relative of the person; "
                "a place or a date alone finds nobody."
            )
        )


def changed() -> None:
    """Tell the keeper that accounts have changed; it also looks by itself each second. A keeper
    that is away or locked is no error here: it reads all changes when it is back."""
    line = _line()
    try:
        if line.is_open():
            line.ask("changed", None, type(None))
    except LockedError:
        return


def is_ready() -> bool:
    """Can rows be opened and people be searched now? Jobs wait until they can."""
    line = _line()
    try:
        if not line.is_open():
            return status() is Status.OPEN
        said = line.ask("status", None, KeeperStatus)
    except LockedError:
        return False
    return said.state is Status.OPEN and said.index.built


def _line() -> Line:
    from reknit.settings import CONFIG

    return line_to(CONFIG.run)
