"""People tables in: the contract's columns as text, what is doubtful in them, what was set aside.

Rules (docs/reference/tables.md): a bad field becomes unknown and is reported, its row stays; a
row without an id, without any name, or with an id met before is set aside with its line, column and
reason. The text of a good field is kept as written; only ids lose the blanks around them.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "sought.csv"
>>> _ = path.write_text("person_record_id,full_name,sex\\nS1,آمال,female\\nS1,Noor,\\n", "utf-8")
>>> table = read_people(path)
>>> table.summary()
'2 rows read, 1 set aside (1 repeated id), encoding utf-8'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from reknit.exchange.columns import PEOPLE
from reknit.exchange.fields import check_fields
from reknit.exchange.findings import BLANKS, Finding, RawTable, shorten
from reknit.exchange.limits import refuse_aside, refuse_findings
from reknit.exchange.readers import read_raw, read_raw_bytes
from reknit.vocabulary.columns import MANY_VALUED, NAME_COLUMNS, PEOPLE_COLUMNS

# What is being done, and the share of it that is done (0 to 1).
Progress = Callable[[str, float], None]

_NAMED = 5
"""Of columns that are not used, so many are named."""
_ID = "person_record_id"
_REASON_NOUNS = {
    "repeated id": ("repeated id", "repeated ids"),
    "no id": ("without an id", "without an id"),
    "no name": ("without a name", "without a name"),
    "too many cells": ("with too many cells", "with too many cells"),
    "open quotation mark": ("with an open quotation mark", "with an open quotation mark"),
    "not a JSON object": ("not a JSON object", "not JSON objects"),
}
_FIELD_NOUNS = {
    "date_of_birth": ("date", "dates"),
    "source_date": ("date", "dates"),
    "age": ("age", "ages"),
    "sex": ("sex", "sexes"),
    "home_country": ("country", "countries"),
    "relatives": ("relative", "relatives"),
    "phones": ("phone", "phones"),
    "identifiers": ("identifier", "identifiers"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A table in numbers. `str` says them in one line.

    read: rows, those set aside included. set_aside: by reason. unknown: fields, by column.
    remarks: fields used with a remark. unused: header cells that are no column of the contract.
    """

    read: int
    set_aside: Mapping[str, int]
    unknown: Mapping[str, int]
    remarks: int
    unused: tuple[str, ...]
    notes: tuple[str, ...]
    encoding: str

    def __str__(self) -> str:
        parts = [f"{_count(self.read, 'row', 'rows')} read"]
        if aside := sum(self.set_aside.values()):
            parts.append(f"{aside:,} set aside ({_listed(self.set_aside, _REASON_NOUNS)})")
        if unknown := sum(self.unknown.values()):
            named = _listed(self.unknown, _FIELD_NOUNS)
            parts.append(f"{_count(unknown, 'field', 'fields')} unknown ({named})")
        if self.remarks:
            parts.append(f"{self.remarks:,} read with a remark")
        if self.unused:
            shown = ", ".join(shorten(label) for label in self.unused[:_NAMED])
            more = ", …" if len(self.unused) > _NAMED else ""
            columns = _count(len(self.unused), "column", "columns")
            parts.append(f"{columns} not used ({shown}{more})")
        parts.extend(self.notes)
        parts.append(f"encoding {self.encoding}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """A people table as read.

    rows: the contract's columns, all text, "" where unknown, several values one a line; and
    `line`, where each row stood in the source. rejected: `line`, `column`, `reason` and the
    cells as written. unknown_columns: header cells that are no column of the contract.
    """

    rows: pl.DataFrame
    findings: tuple[Finding, ...]
    rejected: pl.DataFrame
    encoding: str
    unknown_columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def counted(self) -> Counted:
        """What was read, set aside and found doubtful, in numbers."""
        unknown = [finding.column for finding in self.findings if not finding.kept]
        reasons = (reason.partition(":")[0] for reason in self.rejected["reason"].to_list())
        return Counted(
            read=self.rows.height + self.rejected.height,
            set_aside=dict(Counter(reasons).most_common()),
            unknown=dict(Counter(unknown).most_common()),
            remarks=len(self.findings) - len(unknown),
            unused=self.unknown_columns,
            notes=self.notes,
            encoding=self.encoding,
        )

    def summary(self) -> str:
        """The same in one line."""
        return str(self.counted())


def read_people(path: Path, *, progress: Progress | None = None) -> PeopleTable:
    """The people table in `path` (CSV, XLSX, Parquet or JSON Lines by its ending).

    ExchangeError when the file is not what it says, or has no id or no name column; the error
    then names the column that is likely meant. `progress` hears each step as it begins.
    """
    tell = progress or _silent
    tell(f"reading {path.name}", 0.0)
    raw = read_raw(path, PEOPLE)
    tell(f"checking {path.name}", 0.6)
    table = judge(raw)
    tell(f"read {path.name}", 1.0)
    return table


def read_people_bytes(data: bytes, name: str, *, was_sent: bool = True) -> PeopleTable:
    """A people table in memory; `name` tells the format by its ending. Raises ExchangeError.

    was_sent: somebody sent it in, so that it may open to so much and no more, and so may what is
    set aside of it (`limits`).
    """
    raw = read_raw_bytes(data, name, PEOPLE, was_sent=was_sent)
    table = judge(raw, sent_as=name if was_sent else None)
    if was_sent:
        texts = table.rejected.select(pl.col(pl.String).str.len_bytes().sum())
        refuse_aside(name, sum(texts.row(0)))
    return table


def judge(raw: RawTable, *, sent_as: str | None = None) -> PeopleTable:
    """The people table of raw cells whose header has an id and a name column. sent_as: as of
    `check_fields`."""
    matched = PEOPLE.match(raw.header)
    used: set[int] = set()
    columns: list[pl.Expr] = []
    for column in PEOPLE_COLUMNS:
        positions = matched.get(column, [])
        if column not in MANY_VALUED:
            positions = positions[:1]
        used.update(positions)
        columns.append(_merged(positions).alias(column))
    rows = raw.frame.select(columns).with_columns(raw.lines.alias("line"))
    rows = rows.with_columns(pl.col(_ID).str.strip_chars(BLANKS))
    verdict = _verdict(rows, sent_as)
    if verdict is not None:
        refuse_findings(sent_as, verdict.height - verdict["reason"].null_count())
    rejected = _rejected(raw, verdict)
    if verdict is not None:
        rows = rows.filter(verdict["reason"].is_null())
    rows, findings = check_fields(rows, sent_as=sent_as)
    unknown = tuple(
        label.strip() or f"column {position + 1}"
        for position, label in enumerate(raw.header)
        if position not in used
        and (label.strip() or (raw.frame.to_series(position).str.len_bytes() > 0).any())
    )
    return PeopleTable(rows, raw.findings + findings, rejected, raw.encoding, unknown, raw.notes)


def _merged(positions: list[int]) -> pl.Expr:
    if not positions:
        return pl.lit("")
    if len(positions) == 1:
        return pl.col(str(positions[0]))
    return pl.concat_str([pl.col(str(p)) for p in positions], separator="\n").str.strip_chars("\n")


def _verdict(rows: pl.DataFrame, sent_as: str | None) -> pl.DataFrame | None:
    """`column` and `reason` for each row, null where it is good; None when every row is."""
    no_id = pl.col(_ID) == ""
    no_name = ~pl.any_horizontal(pl.col(name).str.contains(r"\S") for name in NAME_COLUMNS)
    flags = rows.select(no_id.alias("no_id"), no_name.alias("no_name"))
    bare = flags["no_id"].any() or flags["no_name"].any()
    repeated_ids = rows.height - rows[_ID].n_unique()
    if not bare and not repeated_ids:
        return None
    refuse_findings(sent_as, repeated_ids)  # at least so many rows are set aside
    good = rows.select(_ID, "line").with_columns(flags)
    candidates = good.filter(~pl.col("no_id") & ~pl.col("no_name"))
    firsts = candidates.group_by(_ID, maintain_order=True).agg(
        pl.col("line").first().alias("first")
    )
    joined = good.join(firsts, on=_ID, how="left", maintain_order="left")
    repeated = ~pl.col("no_name") & (pl.col("first") < pl.col("line"))
    return joined.select(
        pl.when("no_id")
        .then(pl.lit(_ID))
        .when("no_name")
        .then(pl.lit("full_name"))
        .when(repeated)
        .then(pl.lit(_ID))
        .alias("column"),
        pl.when("no_id")
        .then(pl.lit("no id"))
        .when("no_name")
        .then(pl.lit("no name"))
        .when(repeated)
        .then(pl.format("repeated id: first on line {}", pl.col("first")))
        .alias("reason"),
    )


def _rejected(raw: RawTable, verdict: pl.DataFrame | None) -> pl.DataFrame:
    labels = _unique_labels(raw.header)
    front: dict[str, type[pl.DataType]] = {
        "line": pl.Int64,
        "column": pl.String,
        "reason": pl.String,
    }
    extra = max((len(s.cells) for s in raw.set_aside), default=0) - len(labels)
    parts = [pl.DataFrame(schema=front | dict.fromkeys(labels, pl.String))]
    if verdict is not None:
        everything = pl.concat(
            [
                raw.lines.alias("line").to_frame(),
                verdict,
                raw.frame.rename(dict(zip(raw.frame.columns, labels, strict=True))),
            ],
            how="horizontal",
        )
        parts.append(everything.filter(pl.col("reason").is_not_null()))
    if raw.set_aside:
        if extra > 0:
            labels += _unique_labels(("more cells",), labels)
        parts.append(
            pl.DataFrame(
                [(s.line, s.column, s.reason, *_fit(s.cells, len(labels))) for s in raw.set_aside],
                schema=front | dict.fromkeys(labels, pl.String),
                orient="row",
            )
        )
    return pl.concat(parts, how="diagonal").fill_null("").sort("line")


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """`cells` as exactly `width`; what is over goes into the last, one a line."""
    if len(cells) > width:
        return (*cells[: width - 1], "\n".join(cells[width - 1 :]))
    return (*cells, *[""] * (width - len(cells)))


def _unique_labels(header: tuple[str, ...], taken: tuple[str, ...] = ()) -> tuple[str, ...]:
    seen = {"line", "column", "reason", *taken}
    labels = []
    for position, cell in enumerate(header, 1):
        label = " ".join(cell.split()) or f"column {position}"
        while label in seen:
            label += "_"
        seen.add(label)
        labels.append(label)
    return tuple(labels)


def _listed(counts: Mapping[str, int], nouns: dict[str, tuple[str, str]]) -> str:
    named: Counter[tuple[str, str]] = Counter()
    for key, number in counts.items():
        named[nouns.get(key, (key, key))] += number
    return ", ".join(_count(number, *noun) for noun, number in named.most_common())


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _silent(_step: str, _share: float) -> None:
    pass
