"""The page: one HTML file with its style inside, nothing fetched, no script.

Rules kept here: everything that came from a list is escaped and shown as it is; a policy in the
page forbids scripts and requests, so that not even a mistake here could send anything out; equal
data gives an equal page, byte for byte; the file is replaced whole or not at all.

    write_report(data, Path("report.html"))
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reknit.report import compare, evidence, plots, text, words
from reknit.report.data import ReportData
from reknit.report.errors import ReportNotWrittenError

FILTERS: dict[str, Callable[..., object]] = {
    "bits": words.bits,
    "chance": words.chance,
    "count": words.count,
    "duration": words.duration,
    "language_tag": text.language_tag,
    "moment": words.moment,
    "percent": words.percent,
    "place": plots.place,
    "runs": text.runs,
    "script_name": words.script_name,
    "weight_in_words": words.weight_in_words,
}


def render_report(data: ReportData) -> str:
    """The whole page as text, to be stored as UTF-8."""
    pages = _environment()
    style = pages.get_template("style.css").render()
    return pages.get_template("report.html").render(
        data=data,
        style=Markup(style),  # noqa: S704 -- the room's own style sheet, holding no data
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        probabilities=plots.histogram(data.best_probabilities, threshold=0.5),
        weights=plots.histogram(data.match_weights, threshold=0.0),
        reliability=plots.reliability(data.truth.reliability) if data.truth else None,
        model=evidence.model_chart(data.model),
        pairs=[
            (pair, compare.side_by_side(pair.sought, pair.found), evidence.waterfall(pair))
            for pair in data.pairs
        ],
    )


def write_report(data: ReportData, path: Path) -> None:
    """Write the page to path, whole or not at all, readable by its owner only.

    Raises ReportNotWrittenError when the folder is missing or cannot be written.
    """
    page = render_report(data).encode()
    try:
        _replace(path, page)
    except OSError as error:
        raise ReportNotWrittenError(
            f"{path}: the report could not be written ({error.strerror or error}); "
            "name a file in a folder that exists and that you may write to"
        ) from error


def _replace(path: Path, page: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@functools.cache
def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("reknit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    pages.filters.update(FILTERS)
    pages.globals.update(
        counted=words.counted,
        share_of=words.share_of,
        verdict_words=words.VERDICT_WORDS,
    )
    return pages


def _finalize(value: object) -> object:
    """What every expression of a template passes through: no hidden character gets by."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return text.visible(value)
