"""Every failure is one line that says what, where and what to do next; never a traceback."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reknit.cli import run
from reknit.cli.failures import RefusalError, report_failure
from reknit.exchange import ExchangeError

REKNIT = [sys.executable, "-c", "from reknit.cli import main; main()"]


@pytest.fixture(autouse=True)
def without_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REKNIT_DEBUG", raising=False)


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Stopped; nothing was written."),
        (click.Abort(), 130, "Stopped; nothing was written."),
        (MemoryError(), 1, "not enough memory"),
        (OSError(errno.ENOSPC, "No space left on device", "m.csv"), 1, "m.csv: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "m.csv"), 1, "m.csv: Permission"),
        (ExchangeError("a.csv", "the file is empty", "Export it again"), 1, "a.csv: the file is"),
        (RefusalError("not yet"), 1, "reknit: not yet"),
        (click.UsageError("no such option: --foo"), 2, "no such option: --foo."),
    ],
)
def test_it_gives_one_line_and_the_exit_code(
    failure: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_failure(failure) == code
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert heard.err.count("\n") == 1


def a_fault(text: str) -> BaseException:
    """An error as it arrives at the last door, with the place where it was raised."""
    with pytest.raises(ValueError, match=re.escape(text)) as caught:
        raise ValueError(text)
    return caught.value


def test_it_keeps_people_out_of_what_it_says_of_a_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report_failure(a_fault("Amal Haddad, +963 11 555 0100")) == 1
    said = capsys.readouterr().err
    assert "Amal" not in said
    assert "Traceback" not in said
    assert "ValueError in test_failures.py, line" in said
    assert "REKNIT_DEBUG=1" in said


def test_it_shows_the_traceback_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REKNIT_DEBUG", "1")
    assert report_failure(a_fault("the detail")) == 1
    assert "ValueError: the detail" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["nosuch"], "No such command 'nosuch'"),
        (["match"], "Missing argument 'SOUGHT'"),
        (["match", "no.csv", "no.csv", "--out", "m.csv"], "'no.csv' does not exist"),
        (["name", "Amal"], "give two names"),
        (["name", "--pairs", "sought.csv"], "--pairs FILE goes with --out FILE"),
        (["synth", "new", "--people", "0"], "0 is not in the range"),
        (["match", "sought.csv", "found.csv", "--out", "m.doc"], ".doc"),
        (["match", "sought.csv", "found.csv", "--out", "no/m.csv"], "folder does not exist"),
        (["match", "sought.csv", "found.csv", "--out", "m.csv", "--top", "0"], "--top"),
        (["match", "sought.csv", "found.csv", "--out", "m.csv", "--report", "r.pdf"], ".html"),
        (
            ["match", "sought.csv", "found.csv", "--out", "m.csv", "--truth", "sought.csv"],
            "--report",
        ),
        (["train", "sought.csv", "found.csv", "--out", "m.csv"], "must end in .json"),
        (["evaluate", "sought.csv", "found.csv", "--found", "found.csv"], "--found needs --sought"),
    ],
)
def test_wrong_use_is_said_before_any_work(
    line: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("sought.csv", "found.csv"):
        Path(name).write_text("person_record_id,full_name\n1,Amal Haddad\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    assert run(line) == 2
    heard = capsys.readouterr().err
    assert said in heard
    assert heard.count("\n") == 1
    assert "--help" in heard
    assert sorted(tmp_path.iterdir()) == before


def test_spark_is_refused_plainly_until_it_is_built(
    two_lists: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    sought, found = map(str, two_lists)
    out = str(two_lists[0].with_name("m.csv"))
    assert run(["match", sought, found, "--out", out, "--engine", "spark"]) == 1
    assert capsys.readouterr().err.startswith("reknit: --engine spark is not built yet.")


def test_a_bare_reknit_shows_its_help_as_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    heard = capsys.readouterr()
    assert "Commands:" in heard.out + heard.err


def test_a_file_that_is_not_what_it_says_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "sought.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert run(["dedupe", str(picture), "--out", str(tmp_path / "c.csv")]) == 1
    heard = capsys.readouterr().err
    assert "sought.csv: this is a PNG picture, not CSV" in heard
    assert heard.count("\n") == 1
    assert not (tmp_path / "c.csv").exists()


needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


def open_when_read(pipe: Path, work: subprocess.Popen[str]) -> int:
    """The writing end of a named pipe, as soon as `work` has opened the other."""
    while work.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"it ended before it read anything: {work.communicate()}")


@needs_fifo
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_nothing_behind(sent: signal.Signals, tmp_path: Path) -> None:
    # SOUGHT is a pipe that nobody fills: opening it tells that the command has begun to read.
    sought, found = tmp_path / "sought.csv", tmp_path / "found.csv"
    os.mkfifo(sought)
    found.write_text("person_record_id,full_name\n1,Amal Haddad\n", encoding="utf-8")
    line = [*REKNIT, "match", str(sought), str(found), "--out", str(tmp_path / "m.csv")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as work:
        pipe = open_when_read(sought, work)
        work.send_signal(sent)
        out, err = work.communicate(timeout=60)
        os.close(pipe)
    assert work.returncode == 130
    assert out == ""
    assert err.strip() == "Stopped; nothing was written."
    assert sorted(tmp_path.iterdir()) == [found, sought]


def test_a_reader_that_leaves_is_no_reason_to_complain(
    tmp_path: Path, write_csv: Callable[..., Path]
) -> None:
    matches = write_csv("m.csv", "sought_id,found_id,rank,probability", "s,f,1,0.9")
    truth = write_csv("t.csv", "sought_id,found_id", "s,f")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*REKNIT, "evaluate", str(matches), str(truth)],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 1
