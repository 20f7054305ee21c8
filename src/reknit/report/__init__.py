"""A match run as one self-contained page.

from reknit.report import ReportData, write_report
"""

from reknit.report.data import (
    ChosenPair,
    EvidenceBar,
    FileSummary,
    HistogramBin,
    ModelComparison,
    ModelInfo,
    ModelLevel,
    RecordField,
    ReliabilityBin,
    ReportData,
    RunSummary,
    ScriptCount,
    ScriptPairResult,
    TruthResults,
    Verdict,
)
from reknit.report.errors import ReportError, ReportNotWrittenError
from reknit.report.render import render_report, write_report

__all__ = [
    "ChosenPair",
    "EvidenceBar",
    "FileSummary",
    "HistogramBin",
    "ModelComparison",
    "ModelInfo",
    "ModelLevel",
    "RecordField",
    "ReliabilityBin",
    "ReportData",
    "ReportError",
    "ReportNotWrittenError",
    "RunSummary",
    "ScriptCount",
    "ScriptPairResult",
    "TruthResults",
    "Verdict",
    "render_report",
    "write_report",
]
