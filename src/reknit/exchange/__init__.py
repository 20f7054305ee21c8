"""Bytes to plain rows and back: people tables, tables of pairs, results.

Nothing is imported before it is asked for: the application's processes start without polars.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reknit.exchange.errors import ExchangeError, OutputError
    from reknit.exchange.fields import check_row
    from reknit.exchange.findings import Finding
    from reknit.exchange.pairs import read_pairs
    from reknit.exchange.people import Counted, PeopleTable, read_people, read_people_bytes
    from reknit.exchange.writing import as_csv, check_output_path, write_rejected, write_table
    from reknit.vocabulary.columns import PEOPLE_COLUMNS

_HOMES = {
    "PEOPLE_COLUMNS": "reknit.vocabulary.columns",
    "Counted": "reknit.exchange.people",
    "ExchangeError": "reknit.exchange.errors",
    "Finding": "reknit.exchange.findings",
    "OutputError": "reknit.exchange.errors",
    "PeopleTable": "reknit.exchange.people",
    "as_csv": "reknit.exchange.writing",
    "check_output_path": "reknit.exchange.writing",
    "check_row": "reknit.exchange.fields",
    "read_pairs": "reknit.exchange.pairs",
    "read_people": "reknit.exchange.people",
    "read_people_bytes": "reknit.exchange.people",
    "write_rejected": "reknit.exchange.writing",
    "write_table": "reknit.exchange.writing",
}

__all__ = [
    "PEOPLE_COLUMNS",
    "Counted",
    "ExchangeError",
    "Finding",
    "OutputError",
    "PeopleTable",
    "as_csv",
    "check_output_path",
    "check_row",
    "read_pairs",
    "read_people",
    "read_people_bytes",
    "write_rejected",
    "write_table",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
