"""The pictures that docs/start/first-day.md shows: python tools/pictures.py.

Runs Noor's story in the browser and puts its pictures into docs/images, at most 150 kB each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
SHOWN = {
    "import": "list",
    "search": "search",
    "both": "enquiry",
    "consent-new": "consent",
    "disclose-preview": "tell",
    "audit": "audit",
}
"""A picture of the story, and what the page calls it."""
WIDTH = 1000
MOST_BYTES = 150_000


def main() -> int:
    """Run, shrink, put in place."""
    with tempfile.TemporaryDirectory() as folder:
        story = [sys.executable, "-m", "pytest", "tests/stories/test_first_day.py", "-k",
                 "tells_amal and en"]  # fmt: skip
        environment = {**os.environ, "REKNIT_PICTURES": folder}
        done = subprocess.run(story, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
        place(Path(folder))
    return 0


def place(folder: Path) -> None:
    """Shrink the story's pictures into docs/images."""
    for name, called in SHOWN.items():
        file = ROOT / "docs" / "images" / f"first-day-{called}.png"
        with Image.open(folder / f"{name}-en-1280.png") as picture:
            height = round(picture.height * WIDTH / picture.width)
            small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
        small.quantize(64).save(file, optimize=True)
        if file.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{file}: {file.stat().st_size} bytes; {MOST_BYTES} is the most.")


if __name__ == "__main__":
    sys.exit(main())
