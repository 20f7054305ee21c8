"""What a report shows, as plain frozen values; whoever ran the match fills them in.

Rules kept here: weights are log2 (bits of evidence), probabilities are 0 to 1, counts are whole
numbers, None means "not known" and never zero. Text is kept as the source wrote it, in its own
script; the page escapes it. Nothing here computes: given equal values the page is equal.

>>> RecordField("Home", "").is_known
False
>>> HistogramBin(0.9, 1.0, 14).count
14
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from reknit.vocabulary import Script


class Verdict(StrEnum):
    """What the probability of a pair is called in words."""

    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ScriptCount:
    """How many of a file's names are written in one script."""

    script: Script
    rows: int


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One input file as it was read.

    name: the file's name without its folders.
    rows: data rows met; set_aside: those not used (no id, no name, a repeated id).
    findings: single fields that could not be read and became unknown; their rows stay.
    scripts: rows by the script of the name, any order.
    """

    name: str
    rows: int
    set_aside: int = 0
    findings: int = 0
    scripts: tuple[ScriptCount, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model that weighed the pairs.

    provenance: one sentence on where its figures come from ("estimated from these two files
    without labels", "shipped with Reknit", "trained from LABELS").
    """

    name: str
    version: str
    provenance: str


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The run in figures.

    pairs_compared: candidate pairs that were weighed.
    pairs_listed: pairs written to the output, after --top and --min-probability.
    matches: listed pairs with probability >= 0.5.
    sought_matched: sought people with at least one such pair.
    sought_without_candidate: sought people for whom not one pair was compared.
    seconds: wall-clock time of the run, or None.
    """

    sought: FileSummary
    found: FileSummary
    pairs_compared: int
    pairs_listed: int
    matches: int
    sought_matched: int
    sought_without_candidate: int
    model: ModelInfo
    engine: str = "local"
    reknit_version: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """How many values lie in low <= value < high; the last bin holds its upper end too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pairs of about equal probability: what was said, and what turned out true.

    mean_probability: mean of the probabilities in the bin; matched_share: share of its pairs that
    the truth confirms; count: its pairs.
    """

    mean_probability: float
    matched_share: float
    count: int


@dataclass(frozen=True, slots=True)
class TruthResults:
    """How the run did against a truth file, as `reknit evaluate` counts it, at probability 0.5.

    true_pairs: rows of the truth file. top_1, top_5: share of the sought people in it with a true
    found person first, or among the first five. ece: expected calibration error (0 to 1), None
    when there were too few pairs to say. reliability: bins by rising mean_probability.
    """

    true_pairs: int
    precision: float
    recall: float
    f1: float
    top_1: float
    top_5: float
    ece: float | None = None
    reliability: tuple[ReliabilityBin, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptPairResult:
    """Sought people of one script whose best candidate is written in another (or the same).

    people: how many; matched: those whose best candidate has probability >= 0.5.
    median_probability: of the best candidates. precision, recall: at 0.5, None without truth.
    """

    sought_script: Script
    found_script: Script
    people: int
    matched: int
    median_probability: float
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class ModelLevel:
    """One answer a comparison can give ("same day", "year only agrees").

    label: in plain words. m_probability: how often pairs of one person give this answer;
    u_probability: how often pairs of two strangers do; match_weight: log2(m / u).
    """

    label: str
    m_probability: float
    u_probability: float
    match_weight: float


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """One question the model asks of a pair ("Name", "Date of birth"), and its possible answers.

    note: an optional sentence, for example that common names weigh less.
    """

    name: str
    levels: tuple[ModelLevel, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of a record as its source wrote it; several values are one a line."""

    label: str
    value: str

    @property
    def is_known(self) -> bool:
        """False when there is nothing but white space."""
        return bool(self.value.strip())


@dataclass(frozen=True, slots=True)
class EvidenceBar:
    """What one field says about a pair.

    weight: log2, above 0 for "one person", below 0 for "two people", 0 for nothing.
    sentence: why, in plain words. is_known: False when one side or both say nothing; then weight
    is 0 and the page says so.
    """

    field: str
    weight: float
    sentence: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class ChosenPair:
    """A pair shown in full: two records side by side and the evidence as a waterfall.

    heading: what it shows ("A sure match across scripts"); why: a sentence on why it was chosen.
    sought, found: the fields of each record in the order to show; equal labels stand side by side.
    prior_weight: log2 odds before any evidence. evidence: in the order to show.
    probability: the final figure. Where it is not prior + evidence turned into a probability (the
    family step, calibration), the page shows the difference as a bar of its own.
    is_same_person: what the truth says, None when no truth was given.
    """

    heading: str
    why: str
    sought_id: str
    found_id: str
    sought: tuple[RecordField, ...]
    found: tuple[RecordField, ...]
    prior_weight: float
    evidence: tuple[EvidenceBar, ...]
    probability: float
    verdict: Verdict
    is_same_person: bool | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that one report shows.

    title: heading of the page. created_at: given by the caller, so that a page can be made again.
    best_probabilities: the best candidate of each sought person, over 0 to 1; those without a
    candidate are not in it. match_weights: of all listed pairs.
    truth: None when no truth file was given. by_script, model, pairs: in the order to show.
    """

    title: str
    created_at: dt.datetime
    summary: RunSummary
    best_probabilities: tuple[HistogramBin, ...] = ()
    match_weights: tuple[HistogramBin, ...] = ()
    truth: TruthResults | None = None
    by_script: tuple[ScriptPairResult, ...] = ()
    model: tuple[ModelComparison, ...] = ()
    pairs: tuple[ChosenPair, ...] = ()
