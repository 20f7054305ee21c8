"""How much the keeper opens for whom in a day.

Rules: the distinct rows opened for one asker, and all that is opened for nobody in particular (jobs
and commands), each have a limit of their own; past it the keeper refuses, whatever the process that
asks thinks of it; a day is a day of UTC.

>>> budget = Budget(per_asker=2, unnamed=10)
>>> budget.spend("user 7", ["a", "b", "a"], date(2026, 11, 26))
>>> budget.spend("user 7", ["c"], date(2026, 11, 26))
Traceback (most recent call last):
reknit.sealing.errors.LimitError: user 7 has opened 2 rows today, the most that ...
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from reknit.sealing.errors import LimitError


class Budget:
    """Counts of one day; 0 for a limit means none."""

    def __init__(self, *, per_asker: int, unnamed: int) -> None:
        self._per_asker = per_asker
        self._unnamed = unnamed
        self._day = date.min
        self._opened: defaultdict[str, set[str]] = defaultdict(set)
        self._for_nobody = 0
        self._lock = threading.Lock()

    def spend(self, asker: str, ids: Sequence[str], today: date) -> None:
        """Count `ids` as opened for the asker. Raises LimitError, and counts nothing then."""
        with self._lock:
            if today != self._day:
                self._day, self._for_nobody = today, 0
                self._opened.clear()
            if not asker:
                self._spend_for_nobody(len(ids))
                return
            opened = self._opened[asker]
            new = set(ids) - opened
            if self._per_asker and len(opened) + len(new) > self._per_asker:
                raise LimitError(
                    f"{asker} has opened {len(opened):,} rows today, the most that the keeper "
                    "opens is REKNIT_OPENED_A_DAY; ask the data-protection officer."
                )
            opened |= new

    def opened_for(self, asker: str) -> int:
        """How many distinct rows were opened for an asker today."""
        with self._lock:
            return len(self._opened[asker]) if asker else self._for_nobody

    def _spend_for_nobody(self, count: int) -> None:
        if self._unnamed and self._for_nobody + count > self._unnamed:
            raise LimitError(
                f"jobs and commands have opened {self._for_nobody:,} rows today, the most that the "
                "keeper opens is REKNIT_OPENED_A_DAY_BY_JOBS; see that nobody helps himself, "
                "then raise it."
            )
        self._for_nobody += count
