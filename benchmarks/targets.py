"""What Reknit should reach, fixed before anything is measured.

A target names a measure of a benchmark and one rule: a bound of its own, or a bound set by the
best peer of the same run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """How a target is held. OF_PEER: at most `bound` times the best peer, less being better."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOVE_PEER = "above the best peer"
    OF_PEER = "of the best peer"


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table that can be reached or missed."""

    benchmark: str
    measure: str
    rule: Rule
    bound: float = 1.0

    def words(self) -> str:
        """The target for the table: "≥ 0.94", "above the best peer", "≤ 0.5 × the best peer"."""
        match self.rule:
            case Rule.AT_LEAST:
                return f"≥ {self.bound:,g}"
            case Rule.AT_MOST:
                return f"≤ {self.bound:,g}"
            case Rule.ABOVE_PEER:
                return "above the best peer"
            case Rule.OF_PEER:
                return f"≤ {self.bound:g} × the best peer"

    def reached(self, ours: float, peers: Sequence[float]) -> bool | None:
        """Whether `ours` holds it; None where it speaks of peers and none was run."""
        match self.rule:
            case Rule.AT_LEAST:
                return ours >= self.bound
            case Rule.AT_MOST:
                return ours <= self.bound
            case Rule.ABOVE_PEER:
                return ours > max(peers) if peers else None
            case Rule.OF_PEER:
                return ours <= self.bound * min(peers) if peers else None


F1 = "F1"
MISSED = "1 − F1"
NOT_FIRST = "1 − top-1"
TOP_1 = "top-1"
CANDIDATES = "recall of candidates"
ECE = "expected calibration error"
AT_PRECISION = "recall at precision ≥ 0.95"
SECONDS = "wall time, s"
MEMORY = "peak memory, MB"
P50, P95, P99 = "p50, ms", "p95, ms", "p99, ms"
RECALL_10 = "recall@10"
BUILD_RATE = "records indexed a second"
RECORD_BYTES = "bytes a record"
INDEX_SECONDS, UNWRAPPED_RATE = "index built, s", "data keys opened a second"
AUC_ALL, AUC_WORST = "AUC, all scripts", "AUC, worst script"
AUDIT = "audit"
VERIFIED_RATE = "entries verified a second"
LOAD = "load"
CANDIDATES_SECONDS = "candidates of a new enquiry after, slowest of ten, s"
ANSWERS, ERRORS, IMPORTED = "answers a second", "errors", "rows a second"
PAGES = "pages"
PAGE_MS, SEARCH_MS, PAGE_KB = "slowest page, p95, ms", "search page, p95, ms", "heaviest page, kB"
PAGE_PROCESSOR_MS = "slowest page, processor time, ms"
CANDIDATES_OF_LIST = "a list's candidates"
CANDIDATES_RATE = "enquiries a second"
CANDIDATES_PROCESSOR = "processor time an enquiry, ms"
MESSAGES = "messages"
LANGUAGE = "language right"
ROMANISED = "romanised: right or und"
FACTS_F1 = "facts F1"
OTHER_LANGUAGES = "facts F1, lowest of the others"
DANGER_RECALL = "danger signals, recall"
DANGER_FLAGGED = "flagged as danger, times the true share"

TARGETS = (
    Target("name_pairs", AUC_ALL, Rule.AT_LEAST, 0.97),
    Target("name_pairs", AUC_WORST, Rule.AT_LEAST, 0.93),
    Target("name_bench", AUC_ALL, Rule.AT_LEAST, 0.90),
    Target("eu_records", TOP_1, Rule.AT_LEAST, 0.94),
    Target("eu_records", AT_PRECISION, Rule.AT_LEAST, 0.89),
    Target("un_pairs", TOP_1, Rule.AT_LEAST, 0.99),
    Target("un_pairs", F1, Rule.AT_LEAST, 0.97),
    Target("febrl", F1, Rule.ABOVE_PEER),
    Target("historical_figures", F1, Rule.ABOVE_PEER),
    Target("crossing", MISSED, Rule.OF_PEER, 0.5),
    Target("crossing", NOT_FIRST, Rule.OF_PEER, 0.5),
    Target("crossing", CANDIDATES, Rule.AT_LEAST, 0.97),
    Target("crossing", ECE, Rule.AT_MOST, 0.03),
    Target("million", F1, Rule.ABOVE_PEER),
    Target("million", SECONDS, Rule.OF_PEER, 0.6),
    Target("million", MEMORY, Rule.OF_PEER, 1.0),
    Target("search", P95, Rule.AT_MOST, 10),
    Target("search", RECALL_10, Rule.AT_LEAST, 0.99),
    Target("search", BUILD_RATE, Rule.AT_LEAST, 30_000),
    Target("search", RECORD_BYTES, Rule.AT_MOST, 500),
    Target("keeper", INDEX_SECONDS, Rule.AT_MOST, 10),
    Target("keeper", P95, Rule.AT_MOST, 100),
    Target("start-up", SECONDS, Rule.AT_MOST, 0.3),
    *(
        Target(f"{AUDIT}, {database}", VERIFIED_RATE, Rule.AT_LEAST, 70_000)
        for database in ("SQLite", "PostgreSQL")
    ),
    *(
        target
        for database in ("SQLite", "PostgreSQL")
        for target in (
            Target(f"import, {database}", IMPORTED, Rule.AT_LEAST, 2_000),
            Target(f"enquiries, {database}", CANDIDATES_SECONDS, Rule.AT_MOST, 5),
            *(
                bound
                for load, rate in (("record reads", 100), ("enquiries", 100), ("searches", 40))
                for bound in (
                    Target(f"{load}, {database}", ANSWERS, Rule.AT_LEAST, rate),
                    Target(f"{load}, {database}", P99, Rule.AT_MOST, 1_500),
                    Target(f"{load}, {database}", ERRORS, Rule.AT_MOST, 0),
                )
            ),
        )
    ),
    *(
        target
        for database in ("SQLite", "PostgreSQL")
        for target in (
            Target(f"{CANDIDATES_OF_LIST}, {database}", CANDIDATES_RATE, Rule.AT_LEAST, 100),
            Target(f"{PAGES}, {database}", PAGE_MS, Rule.AT_MOST, 300),
            Target(f"{PAGES}, {database}", SEARCH_MS, Rule.AT_MOST, 300),
            Target(f"{PAGES}, {database}", PAGE_KB, Rule.AT_MOST, 150),
        )
    ),
    Target(MESSAGES, LANGUAGE, Rule.AT_LEAST, 0.97),
    Target(MESSAGES, ROMANISED, Rule.AT_LEAST, 1),
    *(
        Target(MESSAGES, f"{FACTS_F1}, {name}", Rule.AT_LEAST, 0.85)
        for name in ("en", "fr", "es", "ar", "uk", "ru")
    ),
    Target(MESSAGES, OTHER_LANGUAGES, Rule.AT_LEAST, 0.7),
    Target(MESSAGES, DANGER_RECALL, Rule.AT_LEAST, 0.95),
    Target(MESSAGES, DANGER_FLAGGED, Rule.AT_MOST, 2),
)
