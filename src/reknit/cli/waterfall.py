"""The evidence for a pair, drawn in the terminal: from the prior, field by field, to the sum."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from reknit.matching import Explanation

BAR_WIDTH = 24
"""Columns of the drawing; its scale is the widest stretch that the running sum covers."""


def draw(sought_id: str, found_id: str, explanation: Explanation) -> None:
    """Print the waterfall of one explanation on stdout."""
    before = (
        "before",
        explanation.prior_weight,
        "What is known before any evidence: most pairs are two people.",
    )
    steps = [before, *((one.field, one.weight, one.sentence) for one in explanation.evidence)]
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column("field", no_wrap=True)
    table.add_column("weight", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=BAR_WIDTH)
    table.add_column("why", overflow="fold")
    for (field, weight, sentence), bar in zip(steps, bars([w for _, w, _ in steps]), strict=True):
        colour = "green" if weight > 0 else "red" if weight < 0 else "dim"
        shown = f"{weight:+.2f}" if weight else "0"
        table.add_row(field, shown, Text(bar, style=colour), Text(sentence))
    console = Console(highlight=False, soft_wrap=False)
    console.print(Text(f"{sought_id} and {found_id}"))
    console.print(table)
    console.print(
        Text(
            f"match weight {explanation.match_weight:+.2f}, "
            f"probability {explanation.probability:.4f}"
        )
    )


def bars(weights: list[float]) -> list[str]:
    """For each weight the stretch from the running sum before it to the one after.

    A zero weight is a thin line where the sum stands.

    >>> bars([4.0, -2.0])
    ['████████████████████████', '            ████████████']
    """
    sums = [0.0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    low, high = min(sums), max(sums)
    scale = (BAR_WIDTH / (high - low)) if high > low else 0.0
    drawn = []
    for before, after in pairwise(sums):
        left = min(round((min(before, after) - low) * scale), BAR_WIDTH - 1)
        right = round((max(before, after) - low) * scale)
        if before == after:
            drawn.append(" " * left + "│")
        else:
            drawn.append(" " * left + "█" * max(right - left, 1))
    return drawn
