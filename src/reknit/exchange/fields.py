"""Each field against the contract: a bad one becomes unknown and is reported, its row stays.

Rules: text that already has the contract's form is checked in bulk and never read one by one;
every other distinct text is read once, by `standardise`, and its finding is repeated for each row
that has it. A good field keeps its text as written, also where it was read with a remark (a date
of another calendar). Cells over 32,767 characters become unknown.

>>> rows = pl.DataFrame({"line": [2, 3], **{c: [""] * 2 for c in PEOPLE_COLUMNS}})
>>> rows = rows.with_columns(pl.Series("date_of_birth", ["31/02/1990", "1403/05/12"]))
>>> checked, findings = check_fields(rows)
>>> checked["date_of_birth"].to_list(), [finding.kept for finding in findings]
(['', '1403/05/12'], [False, True])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from reknit.exchange.findings import Finding, shorten
from reknit.exchange.limits import refuse_findings
from reknit.standardise import (
    standardise_age,
    standardise_country,
    standardise_date,
    standardise_relatives,
    standardise_sex,
    standardise_source_date,
)
from reknit.standardise.wordlists import is_unknown
from reknit.vocabulary import Relation
from reknit.vocabulary.columns import PEOPLE_COLUMNS

MOST_CHARACTERS = 32_767
"""As many as a cell of XLSX holds."""


@dataclass(frozen=True, slots=True)
class _Remark:
    """What is said of one text; kept: it is used all the same."""

    rule: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Check:
    """How one column is judged.

    plain: a regular expression of texts that need no reading. read: the remarks on any other.
    """

    column: str
    plain: str
    read: Callable[[str], Iterable[_Remark]]
    next_step: str


def check_fields(
    rows: pl.DataFrame, *, sent_as: str | None = None
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """`rows` with bad fields emptied, and what was found, in the order of the lines.

    sent_as: the name of a file that was sent in; ExchangeError where too much of it is doubtful.
    """
    findings: list[Finding] = []
    longest = rows.select(pl.col(PEOPLE_COLUMNS).str.len_bytes().max()).row(0)
    for column, length in zip(PEOPLE_COLUMNS, longest, strict=True):
        if length is not None and length > MOST_CHARACTERS:
            rows = _empty_long(rows, column, findings)
    unusual = rows.select(~pl.col(check.column).str.contains(check.plain) for check in _CHECKS)
    for check in _CHECKS:
        if unusual[check.column].any():
            rows = _apply(check, rows, unusual[check.column], findings, sent_as)
    findings.sort(key=lambda finding: finding.line)
    return rows, tuple(findings)


def check_row(row: Mapping[str, str]) -> tuple[Finding, ...]:
    """What is doubtful in one person's columns, as in a list of this one row."""
    cells = {column: [row.get(column, "")] for column in PEOPLE_COLUMNS}
    return check_fields(pl.DataFrame({**cells, "line": [1]}))[1]


def _empty_long(rows: pl.DataFrame, column: str, findings: list[Finding]) -> pl.DataFrame:
    too_long = pl.col(column).str.len_chars() > MOST_CHARACTERS
    for line, value in rows.filter(too_long).select("line", column).iter_rows():
        rule = f"a cell of {len(value):,} characters; {MOST_CHARACTERS:,} is the limit"
        findings.append(Finding(line, column, shorten(value), rule, "Shorten it in the list"))
    return rows.with_columns(pl.when(too_long).then(pl.lit("")).otherwise(column).alias(column))


def _apply(
    check: _Check,
    rows: pl.DataFrame,
    unusual: pl.Series,
    findings: list[Finding],
    sent_as: str | None,
) -> pl.DataFrame:
    column = check.column
    texts = rows[column].filter(unusual).unique().to_list()
    remarks = {text: said for text in texts if (said := tuple(check.read(text)))}
    met = rows.filter(pl.col(column).is_in(list(remarks))).select("line", column)
    refuse_findings(sent_as, len(findings) + met.height)
    for line, text in met.iter_rows():
        for remark in remarks[text]:
            findings.append(
                Finding(line, column, shorten(text), remark.rule, check.next_step, remark.kept)
            )
    bad = [text for text, said in remarks.items() if any(not remark.kept for remark in said)]
    if not bad:
        return rows
    emptied = pl.when(pl.col(column).is_in(bad)).then(pl.lit("")).otherwise(column)
    return rows.with_columns(emptied.alias(column))


def _date_remarks(text: str) -> Iterable[_Remark]:
    reading = standardise_date(text)
    if reading.finding is not None:
        yield _Remark(reading.finding, kept=reading.value is not None)


def _source_date_remarks(text: str) -> Iterable[_Remark]:
    if standardise_source_date(text) is None and not is_unknown(text):
        yield _Remark(f"{shorten(text)} is no ISO 8601 date; taken as unknown")


def _age_remarks(text: str) -> Iterable[_Remark]:
    reading = standardise_age(text, None)
    if reading.finding is not None:
        yield _Remark(reading.finding, kept=reading.value is not None)


def _sex_remarks(text: str) -> Iterable[_Remark]:
    if standardise_sex(text) is None and not is_unknown(text):
        yield _Remark(f"{shorten(text)} is no known word for a sex; taken as unknown")


def _country_remarks(text: str) -> Iterable[_Remark]:
    if standardise_country(text) is None and not is_unknown(text):
        yield _Remark(f"{shorten(text)} is no known country; kept as text", kept=True)


def _relatives_remarks(text: str) -> Iterable[_Remark]:
    return (_Remark(clause, kept=True) for clause in standardise_relatives(text)[1])


_YEAR = r"(?:1[89][0-9]{2}|20[0-2][0-9])"
# Days that every such month has; the 29th of February is read, to know whether its year is leap.
_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_ISO_DAY = f"{_YEAR}-{_DAY}"
_RELATIVE = f"(?:{'|'.join(Relation)}): [^\\n;:=\\t]+"
_CHECKS = (
    _Check(
        "date_of_birth",
        f"^(?:{_ISO_DAY}|{_YEAR}(?:-(?:0[1-9]|1[0-2]))?)?$",
        _date_remarks,
        "Write YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    _Check(
        "source_date",
        f"^(?:{_ISO_DAY}(?:[T ][0-9:.+Z-]{{4,}})?)?$",
        _source_date_remarks,
        "Write YYYY-MM-DD",
    ),
    _Check("age", r"^(?:1[01][0-9]|[1-9]?[0-9])?$", _age_remarks, "Write years as N or N-N"),
    _Check("sex", "^(?:female|male|other)?$", _sex_remarks, "Write female, male or other"),
    _Check("home_country", r"^\s*$", _country_remarks, "Write the ISO alpha-2 code or the name"),
    _Check(
        "relatives",
        f"^(?:{_RELATIVE}(?:\\n{_RELATIVE})*)?$",
        _relatives_remarks,
        "Write `relation: name`, one a line",
    ),
)
