"""Score a triage of the project's own messages.

    python -m benchmarks.messages [--half development] [--errors]
    python -m benchmarks.messages --truth FILE      # messages, facts and offsets, JSON Lines

Without --half both halves are scored, each apart. --errors lists what went wrong in the development
half; the other half is never listed, so that whoever writes rules does not write them for it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.messages import desk, marking
from benchmarks.messages.marking import Half


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    messages = desk.all_messages()
    if options.truth is not None:
        lines = (json.dumps(message.as_row(), ensure_ascii=False) for message in messages)
        options.truth.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        answers = desk.triage(
            Bench(Path(), Path(scratch), quick=False, command=options.reknit), messages
        )
    plain = marking.read_plain()
    for half in Half if options.half is None else [Half(options.half)]:
        pairs = [(m, answers[m.message_id]) for m in plain if m.half is half]
        print("\n".join(desk.report(pairs, half)), end="\n\n")
    romanised = [(m, answers[m.message_id]) for m in marking.read_romanised()]
    injected = [(m, answers[m.message_id]) for m in marking.read_injections()]
    share = desk.language_share(romanised, or_unknown=True)
    print(f"romanised: right or und          {share:.3f} of {len(romanised)}")
    print(f"injections: urgent found         {desk.urgent_recall(injected):.3f} of {len(injected)}")
    if options.errors:
        readable = [(m, answers[m.message_id]) for m in plain if m.half is Half.DEVELOPMENT]
        print("\n".join(desk.errors(readable)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.messages")
    parser.add_argument("--half", choices=[str(half) for half in Half])
    parser.add_argument("--errors", action="store_true", help="list those of the development half")
    parser.add_argument(
        "--truth", type=Path, metavar="FILE", help="write the marked facts, no score"
    )
    parser.add_argument(
        "--reknit",
        default=str(Path(sys.executable).with_name("reknit")),
        help="the command that is measured",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
