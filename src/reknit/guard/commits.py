"""Changes and their audit entries, committed together: concurrent requests share a commit.

Rules (docs/adr/0004-the-applications-ground.md): a request hands its work to the one writer thread
of its process and waits; the writer runs all works, appends all audit entries, signs the log's head
once and commits once; where a work fails, all are rolled back and run again, each in a savepoint,
so that it fails alone (savepoints at once took a tenth of a read's time); nobody is answered before
the commit. Without an audit nothing is done: where the log cannot be signed or written, every work
of that commit is rolled back and raises AuditUnavailableError (I5).

What a work must keep to: it touches the two databases and returns values, nothing else, since it
runs in another thread and, where another work fails or a commit breaks a constraint, again; it is
short, since others wait for it. What is to happen after the commit is given to
`transaction.on_commit`, and runs in the thread that asked.

    def assign() -> Enquiry:
        enquiry = access.load(actor, Permission.ENQUIRY_ASSIGN, Enquiry, id, purpose=purpose)
        ...
        audit.record(actor, "enquiry:assign", Resource.of(enquiry), purpose)
        return enquiry

    enquiry = commits.commit(assign)
"""

from __future__ import annotations

import contextvars
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from django.db import IntegrityError, connections, transaction

from reknit.guard import watch
from reknit.guard.errors import AuditUnavailableError, RefusedError
from reknit.guard.log import heads
from reknit.guard.log.recording import PendingEntry, entries_collected, record_refusal
from reknit.guard.models.audit import Entry
from reknit.sealing.locking import turn

T = TypeVar("T")
Callback = Callable[[], object]

MOST = 64
"""Works that share one commit, at most."""
LONGEST_SECONDS = 0.05
"""After so long the commit comes, and the rest waits for the next."""
UNAVAILABLE = (
    "the change and its audit entry could not be committed; check the database and the disk, then "
    "try again."
)
_GATHER_SECONDS = 0.001
"""How long the writer waits for those that it has just answered, before it commits for few."""


def commit(work: Callable[[], T]) -> T:
    """Run `work` in a transaction that concurrent callers share; its value, once committed.

    Inside an open transaction (a test, a command, another work) it runs there and then, in a
    savepoint. Raises what the work raises, AuditUnavailableError where nothing can be audited.
    """
    if any(connections[alias].in_atomic_block for alias in ("default", "keys")):
        return _run_inside(work)
    done = _the_writer().ask(work)
    value, callbacks = done.result()
    for callback in callbacks:
        callback()
    return value


def stop() -> None:
    """End this process's writer and close its connections; the next commit starts another."""
    global _writer
    with _starting:
        writer, _writer = _writer, None
    if writer is not None:
        writer.stop()


def _run_inside(work: Callable[[], T]) -> T:
    with transaction.atomic():
        try:
            with transaction.atomic():
                return work()
        except RefusedError as refused:
            refusal = refused
            _keep_refusal(refused)
    raise refusal


def _keep_refusal(refused: RefusedError) -> None:
    if refused.refusal is not None:
        record_refusal(refused.refusal)
        watch.notice_refusal(refused.refusal)


class _Request:
    """One caller's work, the context it runs in, and where its outcome goes."""

    __slots__ = ("context", "done", "work")

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.context = contextvars.copy_context()
        self.done: Future[tuple[Any, list[Callback]]] = Future()


class _Outcome:
    """What became of one work before the commit."""

    __slots__ = ("callbacks", "entries", "error", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None
        self.callbacks: list[Callback] = []
        self.entries: list[Entry] = []


class _Writer:
    """The thread that commits for all of one process."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Request | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="commits", daemon=True)
        self._thread.start()

    def ask(self, work: Callable[[], T]) -> Future[tuple[T, list[Callback]]]:
        request = _Request(work)
        self._asked.put(request)
        return request.done

    def stop(self) -> None:
        self._asked.put(None)
        self._thread.join()

    def _work(self) -> None:
        waiting: list[_Request] = []
        last = 1
        try:
            while True:
                if not waiting:
                    first = self._asked.get()
                    if first is None:
                        return
                    waiting = [first]
                stopping = self._gather(waiting, last)
                last = len(waiting)
                waiting = _commit_for(waiting)
                if stopping:
                    while waiting:
                        waiting = _commit_for(waiting)
                    return
        finally:
            connections.close_all()

    def _gather(self, waiting: list[_Request], last: int) -> bool:
        """Add those that wait, up to MOST. Callers that shared the last commit come back at once:
        they are given a moment. True when the writer is to end."""
        until = time.monotonic() + _GATHER_SECONDS
        while len(waiting) < MOST:
            left = until - time.monotonic() if len(waiting) < last else 0.0
            try:
                request = self._asked.get(timeout=left) if left > 0 else self._asked.get_nowait()
            except Empty:
                return False
            if request is None:
                return True
            waiting.append(request)
        return False


def _commit_for(requests: Sequence[_Request]) -> list[_Request]:
    """One commit for as many as fit into its time; those left over."""
    try:
        try:
            outcomes = _transaction(requests, _run_together)
        except _FailedError:
            outcomes = _transaction(requests, _run_apart)
    except IntegrityError as error:
        # A constraint that is checked at the commit. It was rolled back for certain, so that each
        # can be tried alone, and only the one that breaks it fails.
        if len(requests) == 1:
            requests[0].done.set_exception(error)
        else:
            for request in requests:
                _commit_for([request])
        return []
    except BaseException as error:
        for request in requests:
            request.done.set_exception(_unavailable(error))
        return []
    for request, outcome in zip(requests, outcomes, strict=False):
        if outcome.error is not None:
            request.done.set_exception(outcome.error)
        else:
            request.done.set_result((outcome.value, outcome.callbacks))
    return list(requests[len(outcomes) :])


def _transaction(
    requests: Sequence[_Request], run: Callable[[_Request], _Outcome]
) -> list[_Outcome]:
    for alias in ("default", "keys"):
        connections[alias].close_if_unusable_or_obsolete()
    outcomes: list[_Outcome] = []
    with _our_turn(), transaction.atomic():
        until = time.monotonic() + LONGEST_SECONDS
        # First, so that writers of all processes wait here for one another, and nowhere else.
        head = heads.lock()
        # The keys' commit comes before the rows': no row is ever without its key.
        with transaction.atomic(using="keys"), entries_collected():
            for request in requests:
                outcomes.append(run(request))
                if time.monotonic() > until:
                    break
        heads.append([entry for outcome in outcomes for entry in outcome.entries], head)
    return outcomes


def _our_turn() -> AbstractContextManager[None]:
    """On PostgreSQL writers of all processes wait for the head's row; on SQLite, where they would
    sleep between looks at the database's lock, for one another."""
    if connections["default"].vendor != "sqlite":
        return nullcontext()
    from reknit.settings import CONFIG

    return turn(CONFIG.run / "commits.lock")


class _FailedError(Exception):
    """A work failed, and what it did stands among what others did."""


def _run_together(request: _Request) -> _Outcome:
    """One work among others. Raises _FailedError."""
    outcome = _Outcome()
    try:
        outcome.value = request.context.run(request.work)
    except BaseException as error:
        raise _FailedError from error
    _sort_callbacks(outcome)
    return outcome


def _run_apart(request: _Request) -> _Outcome:
    """One work in a savepoint of each database; a refusal is kept though its work is rolled
    back."""
    outcome = _Outcome()
    try:
        with transaction.atomic(using="keys"), transaction.atomic():
            outcome.value = request.context.run(request.work)
    except RefusedError as refused:
        outcome.error = refused
        with transaction.atomic():
            _keep_refusal(refused)
    except BaseException as error:
        outcome.error = error
    _sort_callbacks(outcome)
    return outcome


def _sort_callbacks(outcome: _Outcome) -> None:
    """Take what the work left for after the commit; Django has dropped the callbacks of every
    savepoint that was rolled back, entries included."""
    for alias in ("default", "keys"):
        connection = connections[alias]
        left, connection.run_on_commit = connection.run_on_commit, []
        for _, callback, *_ in left:
            if isinstance(callback, PendingEntry):
                outcome.entries.append(callback.entry)
            else:
                outcome.callbacks.append(callback)


def _unavailable(error: BaseException) -> BaseException:
    """One error a caller: an exception that several threads raise would mix their tracebacks."""
    known = error if isinstance(error, AuditUnavailableError) else None
    failure = type(known)(*known.args) if known else AuditUnavailableError(UNAVAILABLE)
    failure.__cause__ = error
    return failure


_writer: _Writer | None = None
_starting = threading.Lock()


def _the_writer() -> _Writer:
    global _writer
    with _starting:
        if _writer is None or not _writer._thread.is_alive():
            _writer = _Writer()
        return _writer


def _forget_after_fork() -> None:
    """The parent's thread is not in the child."""
    global _writer, _starting
    _writer, _starting = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)
