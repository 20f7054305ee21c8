"""Figures as one table, with peers and targets, printed and kept in the documents.

Rules: ours is one column, every peer of a measure stands in the next; several figures of one
measure (seeds) show their mean and their range; a target says "reached" or "missed", and by how
much is there to be read. Text between the two markers of a page is replaced, the rest kept; a run
of some benchmarks replaces their rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

from benchmarks.bench import DISK, OURS, Figure
from benchmarks.targets import TARGETS, Target

START, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
HEADER = ("work", "measure", "Reknit", "peers in the same run", "target", "")


def as_table(figures: Sequence[Figure], *, targets_only: bool = False) -> str:
    """A Markdown table; targets_only, for the README, leaves out measures that have no target or
    no peer: the page of the documentation has them."""
    rows = [HEADER, tuple("---" for _ in HEADER)]
    for benchmark, measure in _measures(figures):
        target = _target(benchmark, measure)
        if targets_only and target is None:
            continue
        here = [f for f in figures if (f.benchmark, f.measure) == (benchmark, measure)]
        values = _by_contestant(here)
        ours = values.pop(OURS, [])
        peers = [f"{name}: {_shown(values[name])}" for name in values]
        if targets_only and not set(values) - {DISK}:
            continue
        rows.append(
            (
                benchmark,
                measure,
                _shown(ours) if ours else "–",
                "<br>".join(peers) or "–",
                "" if target is None else target.words(),
                _verdict(target, ours, [fmean(v) for v in values.values()]),
            )
        )
    if targets_only:
        return "\n".join(f"|{'|'.join(row)}|" for row in rows)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def write_between_markers(page: Path, text: str) -> None:
    """Put `text` between the markers of a page. ValueError where the page lacks them."""
    before, _, after = _parts(page)
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def write_rows(page: Path, table: str) -> None:
    """Put the rows of `table` in the place of those of the same benchmarks in a page's table."""
    _, written, _ = _parts(page)
    fresh: dict[str, list[str]] = {}
    for line in table.splitlines()[2:]:
        fresh.setdefault(_work(line), []).append(line)
    lines: list[str] = []
    for line in written.strip().splitlines():
        if _work(line) not in fresh:
            lines.append(line)
        elif fresh[_work(line)][0] not in lines:
            lines += fresh[_work(line)]
    met = {_work(line) for line in lines}
    lines += [line for work, rows in fresh.items() if work not in met for line in rows]
    write_between_markers(page, "\n".join(lines))


def _work(line: str) -> str:
    """The benchmark that a row of a table is of."""
    return line.strip("|").split("|")[0].strip()


def _parts(page: Path) -> tuple[str, str, str]:
    before, start, rest = page.read_text(encoding="utf-8").partition(START)
    table, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{page}: needs the lines {START} and {END}, the table goes between.")
    return before, table, after


def _measures(figures: Iterable[Figure]) -> list[tuple[str, str]]:
    """(benchmark, measure) in the order met, those with a target first within a benchmark."""
    met = list(dict.fromkeys((f.benchmark, f.measure) for f in figures))
    order = list(dict.fromkeys(benchmark for benchmark, _ in met))
    return sorted(met, key=lambda m: (order.index(m[0]), _target(*m) is None, met.index(m)))


def _target(benchmark: str, measure: str) -> Target | None:
    return next((t for t in TARGETS if (t.benchmark, t.measure) == (benchmark, measure)), None)


def _by_contestant(figures: Iterable[Figure]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for figure in figures:
        values.setdefault(figure.contestant, []).append(figure.value)
    return values


def _verdict(target: Target | None, ours: list[float], peers: list[float]) -> str:
    if target is None or not ours:
        return ""
    reached = target.reached(fmean(ours), peers)
    return {True: "reached", False: "missed", None: "no peer run"}[reached]


def _shown(values: list[float]) -> str:
    mean = _number(fmean(values))
    if len(values) == 1 or _number(min(values)) == _number(max(values)):
        return mean
    return f"{mean} ({_number(min(values))}–{_number(max(values))})"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 1.0 and value != 1.0:
        return f"{value:.1f}"
    return f"{value:.4f}"
