"""What the keeper knows and does; the server asks it, one thread a connection.

Rules: it starts locked where the marker lies or a passphrase is needed; with the last passphrase it
opens the ring and builds the index in the background; on `lock` it leaves the marker and ends; it
follows each change when poked, and looks by itself each second.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from django.db import close_old_connections

from reknit.config import Config
from reknit.guard.keeper.budget import Budget
from reknit.guard.keeper.index import SearchIndex
from reknit.guard.keeper.messages import (
    Hit,
    IndexState,
    KeeperStatus,
    Question,
    Questions,
    Rotated,
)
from reknit.guard.keeper.questions import check_questions
from reknit.guard.keeper.rotating import Rotation
from reknit.sealing import erasure, holders, locking, store
from reknit.sealing.errors import LockedError, NoRingError, SealingError
from reknit.sealing.holder import KeyHolder, WrappedKey
from reknit.sealing.passphrases import share_of
from reknit.sealing.pool import KeyPool, Keys
from reknit.sealing.ring_file import RingFile
from reknit.sealing.sources import source_of

LOOK_SECONDS = 1.0
GATHER_SECONDS = 0.2
"""After a change it waits so long for others: some accounts taken in together cost little more than
one, and a search takes in by itself what has changed."""
SHARE_SECONDS = 600.0
"""How long one key holder's passphrase waits for the other's."""
SOON = 200
"""Changes that a search takes in before it answers; more are left to the index's own thread."""
LOCKED = 3
"""The exit status of a keeper that was locked."""
_log = logging.getLogger("reknit.keeper")


class Keeper:
    """The open ring, the pool of data keys, the index and the counts of one installation.

    weaknesses: what of its memory could not be closed, for `reknit check`.
    end: how the process ends (os._exit, so that no thread outlives a lock).
    """

    def __init__(
        self,
        config: Config,
        weaknesses: Sequence[str] = (),
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._config = config
        self._weaknesses = list(weaknesses)
        self._end = end
        self._source = source_of(config.keyring)
        self._file = self._source if isinstance(self._source, RingFile) else None
        self._rotation: Rotation | None = None
        self._holder: KeyHolder | None = None
        self._pool: KeyPool | None = None
        self._given: dict[str, tuple[bytes, float]] = {}
        self._changing = threading.Lock()
        self._budget = Budget(per_asker=config.opened_a_day, unnamed=config.opened_a_day_by_jobs)
        self._poked = threading.Event()
        self.index = SearchIndex()
        holders.use(None)

    def start(self) -> None:
        """Open the ring where that needs nobody, and begin to look after the index."""
        if not locking.is_locked(self._config.run):
            try:
                self._try_to_open({})
            except LockedError as waiting:
                _log.warning("%s", waiting)
        threading.Thread(target=self._look_after, daemon=True, name="index").start()

    def unlock(self, passphrases: Sequence[str]) -> list[str]:
        """Take passphrases; the names of the holders still to give theirs, none when it is open.

        Raises PassphraseError for a wrong one, NoRingError.
        """
        with self._changing:
            self._forget_old_shares()
            if self._file is not None:
                shares = self._file.shares()
                for passphrase in passphrases if shares else ():
                    name, share = share_of(passphrase, shares)
                    self._given[name] = (share, time.monotonic())
                missing = [one.holder for one in shares if one.holder not in self._given]
                if missing:
                    return missing
            self._try_to_open({name: share for name, (share, _) in self._given.items()})
            self._given.clear()
            locking.unlock(self._config.run)
        self._poked.set()
        return []

    def lock(self) -> None:
        """Leave the marker; the server then ends the process, and memory goes with it."""
        locking.lock(self._config.run)

    def status(self) -> KeeperStatus:
        """How things stand, without a word about anybody."""
        try:
            waits_for = self._file.holders() if self._file is not None else []
            has_ring = True
        except NoRingError:
            waits_for, has_ring = [], False
        share = self.index.share
        state = holders.Status.OPEN if self._holder is not None else holders.Status.LOCKED
        return KeeperStatus(
            state=state if has_ring or self._holder is not None else holders.Status.NO_RING,
            waits_for=[] if self._holder is not None else waits_for,
            index=IndexState(share >= 1.0, share, len(self.index), self.index.seconds),
            weaknesses=self._weaknesses,
            opened_by_jobs=self._budget.opened_for(""),
        )

    def new_keys(self, key_ids: Sequence[str]) -> list[tuple[bytes, WrappedKey]]:
        """See KeyHolder."""
        return self._open_holder().new_keys(key_ids)

    def take_keys(self, count: int) -> Keys:
        """Data keys that are in the key store already."""
        self._open_holder()
        assert self._pool is not None  # noqa: S101 - opened together with the holder
        return self._pool.take(count)

    def unwrap(self, asker: str, keys: Sequence[WrappedKey]) -> list[bytes]:
        """See KeyHolder. Raises LimitError besides."""
        holder = self._open_holder()
        self._budget.spend(asker, [key.key_id for key in keys], _today())
        return holder.unwrap(keys)

    def sign(self, message: bytes) -> bytes:
        """See KeyHolder."""
        return self._open_holder().sign(message)

    def verify_key(self) -> bytes:
        """See KeyHolder."""
        return self._open_holder().verify_key()

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """See KeyHolder."""
        return self._open_holder().digest(domain, values)

    def search(self, asker: str, question: Question) -> list[Hit]:
        """The likeliest accounts. Raises RebuildingError, LockedError, LimitError or QuestionError,
        in which case nothing is counted."""
        return self.search_all(
            asker, Questions(question.kind, [question.content], question.top, 0.0)
        )[0]

    def search_all(self, asker: str, questions: Questions) -> list[list[Hit]]:
        """`search` for several people. Raises as that."""
        self._open_holder()
        check_questions(questions)
        if self.index.share >= 1.0 and 0 < self.index.waiting() <= SOON:
            self.index.follow()
        answers = self.index.search_all(questions)
        if asker:
            ids = [str(hit.account_id) for hits in answers for hit in hits]
            self._budget.spend(asker, ids, _today())
        return answers

    def changed(self) -> None:
        """Take changes in soon, those of several commits together; a search that comes before
        takes them in itself, where they are few."""
        self._open_holder()
        self._poked.set()

    def rotate(self, begin: bool) -> Rotated:
        """One step of a rotation: see Rotation. Raises RotationError."""
        with self._changing:
            self._open_holder()
            assert self._rotation is not None  # noqa: S101 - opened together with the holder
            done = self._rotation.step(begin)
            self._use(self._rotation.holder)
            return done

    def _open_holder(self) -> KeyHolder:
        if self._holder is None:
            raise LockedError("the installation is locked: 'reknit keys unlock'.")
        return self._holder

    def _try_to_open(self, shares: Mapping[str, bytes]) -> None:
        file = self._file
        opened = self._source.open(()) if file is None else file.open_with_shares(shares)
        self._rotation = Rotation(self._source, opened)
        self._use(self._rotation.holder)

    def _use(self, holder: KeyHolder) -> None:
        if holder is self._holder:
            return
        self._holder = holder
        self._pool = KeyPool(lambda count: store.make_keys(self._open_holder(), count))
        holders.use(holder)

    def _forget_old_shares(self) -> None:
        now = time.monotonic()
        for name in [n for n, (_, at) in self._given.items() if now - at > SHARE_SECONDS]:
            del self._given[name]

    def _look_after(self) -> None:
        """The index's thread: finish erasures, build, follow; notice a marker somebody left."""
        replayed = False
        while True:
            try:
                close_old_connections()
                if self._holder is not None and locking.is_locked(self._config.run):
                    self._end(LOCKED)
                if self._holder is not None:
                    if not replayed:
                        erasure.replay()
                        replayed = True
                    self.index.follow()
            except SealingError as refused:
                _log.warning("index: %s", refused)
            except Exception as failure:
                # The database may be away. The error's own text may name a person.
                _log.error("index: %s", type(failure).__name__)
            if self._poked.wait(LOOK_SECONDS):
                time.sleep(GATHER_SECONDS)
            self._poked.clear()


def _today() -> date:
    return datetime.now(UTC).date()
