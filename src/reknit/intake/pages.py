"""A PDF's pages as pictures of ours, made by a process of its own.

Rules: whoever sends a PDF decides what its parser does, so the parser runs apart: without the
server's keys, settings or files, one at a time, and with bounds on memory and time that end it and
nothing else. Each page becomes a JPEG at once, at most `MOST_SIDE` long and `MOST_PAGE_PIXELS`
large, whatever size it says it has; pixels of two pages are never held together.

    as_pictures(data)   # runs `python -m reknit.intake.pages < data`
"""

from __future__ import annotations

import io
import math
import resource
import subprocess
import sys
import threading

import pypdfium2
from django.utils.translation import gettext as _

from reknit.intake.errors import RefusedUploadError

MOST_PAGES = 40
MOST_SIDE = 2_000
MOST_PAGE_PIXELS = 3_000_000
"""An A4 page of 2,000 pixels has 2.8 million; 40 pages have at most 120 million in sum."""
MOST_MEMORY_BYTES = 400_000_000
MOST_SECONDS = 30
_JPEG_QUALITY = 88
_DAMAGED, _TOO_MANY = 3, 4
_ONE_AT_A_TIME = threading.Lock()


def as_pictures(data: bytes) -> bytes:
    """A PDF whose pages are pictures of the pages of `data`. Raises RefusedUploadError."""
    command = [sys.executable, "-I", "-m", "reknit.intake.pages"]
    try:
        with _ONE_AT_A_TIME:  # what several take together is bounded too
            # An empty environment: settings and passphrases stay here.
            done = subprocess.run(  # noqa: S603 - our own program
                command, input=data, capture_output=True, env={}, timeout=2 * MOST_SECONDS
            )
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if done.returncode == _DAMAGED:
        raise RefusedUploadError(
            _("this PDF is damaged or has a password; save it again without one.")
        )
    if done.returncode == _TOO_MANY:
        raise RefusedUploadError(
            _("this PDF has %(number)s pages and %(most)s is the most; split it.")
            % {"number": int(done.stdout), "most": MOST_PAGES}
        )
    if done.returncode:
        raise _too_much()
    return done.stdout


def _too_much() -> RefusedUploadError:
    return RefusedUploadError(
        _("this PDF takes more memory or time to open than a document does; "
          "print it to a new PDF, or send pictures of its pages.")
    )  # fmt: skip


def main() -> int:
    """A PDF on standard input, its pictures on standard output; the exit status says why not."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    try:
        source = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if len(source) > MOST_PAGES:
            sys.stdout.write(str(len(source)))
            return _TOO_MANY
        made = pypdfium2.PdfDocument.new()
        for number in range(len(source)):
            _add(made, *_jpeg(source[number]))
        made.save(sys.stdout.buffer)
    except pypdfium2.PdfiumError:
        return _DAMAGED
    return 0


def _jpeg(page: pypdfium2.PdfPage) -> tuple[bytes, int, int]:
    """One page as a JPEG, its width and its height in pixels; its own pixels are let go."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(MOST_SIDE / max(width, height), math.sqrt(MOST_PAGE_PIXELS / (width * height)))
    bitmap = page.render(scale=scale)
    out = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY)
    size = bitmap.width, bitmap.height
    bitmap.close()
    page.close()
    return out.getvalue(), *size


def _add(document: pypdfium2.PdfDocument, jpeg: bytes, width: int, height: int) -> None:
    """One more page that is this picture and nothing else."""
    page = document.new_page(width, height)
    picture = pypdfium2.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(jpeg), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page.insert_obj(picture)
    page.gen_content()
    page.close()


if __name__ == "__main__":
    sys.exit(main())
