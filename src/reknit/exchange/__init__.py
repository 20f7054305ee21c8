"""Bytes to plain rows and back: people tables, tables of pairs, results."""

from reknit.exchange.errors import ExchangeError, OutputError
from reknit.exchange.fields import check_row
from reknit.exchange.findings import Finding
from reknit.exchange.pairs import read_pairs
from reknit.exchange.people import PeopleTable, read_people, read_people_bytes
from reknit.exchange.writing import as_csv, check_output_path, write_rejected, write_table
from reknit.vocabulary.columns import PEOPLE_COLUMNS

__all__ = [
    "PEOPLE_COLUMNS",
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
