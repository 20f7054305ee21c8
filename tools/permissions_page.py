"""Write the table of permissions into docs/trust/access.md: python tools/permissions_page.py."""

from __future__ import annotations

import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "trust" / "access.md"
START, END = "<!-- permissions -->", "<!-- /permissions -->"


def as_table() -> str:
    """guard's table in Markdown; what is not granted stays empty."""
    from reknit.guard.permissions import COLUMNS, GRANTS

    lines = [
        f"| permission | {' | '.join(COLUMNS)} |",
        f"|{' --- |' * (len(COLUMNS) + 1)}",
    ]
    for permission, grants in GRANTS.items():
        cells = [grants[holder].value if holder in grants else "" for holder in COLUMNS.values()]
        lines.append(f"| `{permission.action}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def parts(page: str) -> tuple[str, str, str]:
    """What stands before, between and after the markers."""
    before, _, rest = page.partition(START)
    between, _, after = rest.partition(END)
    return before, between.strip(), after


def main() -> int:
    """Write the page."""
    before, _, after = parts(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(f"{before}{START}\n{as_table()}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
