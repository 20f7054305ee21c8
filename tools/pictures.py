"""The pictures that the documentation shows: python tools/pictures.py.

Runs the stories in the browser and puts their pictures into docs/images, at most 150 kB each: those
of Noor's first day (docs/start/first-day.md), of her queue, a review and a case, and of both doors.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
STORIES = {
    "tests/stories/test_first_day.py": "tells_amal and en",
    "tests/stories/test_queue.py": "by_keyboard",
    "tests/stories/test_case.py": "takes_a_case_on",
    "tests/stories/test_whole_case.py": "amal_reads_of_idris and en-1280",
    "tests/stories/test_doors.py": "on_their_telephones",
}
"""The stories, and which of each."""
SHOWN = {
    "import-en-1280": "first-day-list",
    "search-en-1280": "first-day-search",
    "both-en-1280": "first-day-enquiry",
    "consent-new-en-1280": "first-day-consent",
    "disclose-preview-en-1280": "first-day-tell",
    "audit-en-1280": "first-day-audit",
    "queue-en-1280": "queue",
    "case-en-1280": "case",
    "case-ar-375": "case-arabic",
    "whole-review-en-1280": "review",
    "seek-who-ar-375": "door-seeker-arabic",
    "safe-may-en-375": "door-safe",
}
"""A picture of a story, and what the documentation calls it."""
WIDTH = 1000
MOST_BYTES = 150_000


def main() -> int:
    """Run, shrink, put in place."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "REKNIT_PICTURES": folder}
        for story, which in STORIES.items():
            command = [sys.executable, "-m", "pytest", story, "-k", which]
            done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
            if done.returncode:
                return done.returncode
        for name, called in SHOWN.items():
            place(Path(folder) / f"{name}.png", called)
    return 0


def place(made: Path, called: str) -> None:
    """Shrink a story's picture into docs/images; one as narrow as a phone keeps its
    width. What is more than three times as high as wide is cut below."""
    file = ROOT / "docs" / "images" / f"{called}.png"
    with Image.open(made) as whole:
        picture = whole.crop((0, 0, whole.width, min(whole.height, 3 * whole.width)))
        width = min(WIDTH, picture.width)
        height = round(picture.height * width / picture.width)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    small.quantize(64).save(file, optimize=True)
    if file.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{file}: {file.stat().st_size} bytes; {MOST_BYTES} is the most.")


if __name__ == "__main__":
    sys.exit(main())
