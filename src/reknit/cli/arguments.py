"""Arguments and options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path

import click

EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
model_option = click.option(
    "--model", type=EXISTING_FILE, metavar="FILE", help="A model that `reknit train` wrote."
)
top_option = click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Candidates to list for each person sought.",
)
places_option = click.option(
    "--places",
    type=EXISTING_FILE,
    metavar="FILE",
    help="Camps, shelters and other places that no gazetteer knows.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


class OutputTable(click.ParamType[Path]):
    """A table to write: an ending that the exchange room knows, in a folder that is there."""

    name = "table"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; wrong use, before any work, when nothing could be written there."""
        from reknit.exchange import OutputError, check_output_path

        path = Path(str(value))
        try:
            check_output_path(path)
        except OutputError as error:
            self.fail(str(error), param, ctx)
        return path


class OutputFile(click.ParamType[Path]):
    """A file to write whose name ends in `ending`, in a folder that is there."""

    name = "file"

    def __init__(self, ending: str) -> None:
        self.ending = ending

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; wrong use, before any work, when nothing could be written there."""
        path = Path(str(value))
        if path.suffix.lower() != self.ending:
            self.fail(f"{path}: the name of this file must end in {self.ending}", param, ctx)
        if path.is_dir():
            self.fail(f"{path}: this is a folder; name a file in it", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"{path}: its folder does not exist; make {path.parent}", param, ctx)
        return path


def keeps_evidence(out: Path) -> bool:
    """True where the file's format has room for the evidence: JSON Lines."""
    return out.suffix.lower() in {".jsonl", ".ndjson"}
