"""`reknit --help` answers at once because it loads nothing that it does not need.

How long that takes is measured by `make bench`; here it is only looked at what was loaded, which
does not depend on how busy the machine is.
"""

from __future__ import annotations

import json
import subprocess
import sys

from reknit.cli.app import COMMANDS

HEAVY = {"numpy", "polars", "numba", "icu", "rigour", "rich", "jinja2", "phonenumbers", "rapidfuzz"}

LOADED_BY_HELP = """
import json, sys
from reknit.cli import run
for arguments in json.loads(sys.argv[1]):
    assert run(arguments) == 0, arguments
print("\\n" + json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""


def test_no_help_page_loads_a_heavy_package() -> None:
    pages = [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY_HELP, json.dumps(pages)],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "click" in loaded
    assert not loaded & HEAVY
