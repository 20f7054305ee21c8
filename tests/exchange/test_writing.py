"""Results: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.exchange import (
    ExchangeError,
    OutputError,
    check_output_path,
    read_people,
    write_rejected,
    write_table,
)
from reknit.exchange.columns import PEOPLE
from reknit.exchange.csv_reader import read_csv
from reknit.exchange.writing import whole_file

TABLE = pl.DataFrame({"sought_id": ["S1"], "probability": [0.97]})


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|'/c calc'!A0", "'+cmd|'/c calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'=1", "''=1"),
        ("-3.5", "-3.5"),
        ("+963944123456", "+963944123456"),
        ("-1e5", "-1e5"),
        ("O'Brien", "O'Brien"),
        ("a=1", "a=1"),
    ],
)
def test_it_makes_formulas_neutral(tmp_path: Path, cell: str, written: str) -> None:
    write_table(pl.DataFrame({"x": ["a", cell]}), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        text = stream.read().removeprefix("x\na\n").removesuffix("\n")
    assert text.strip('"') == written


def test_it_makes_column_names_neutral(tmp_path: Path) -> None:
    write_table(pl.DataFrame({"=x": ["a"]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "'=x\na\n"


def test_it_writes_numbers_as_numbers(tmp_path: Path) -> None:
    write_table(pl.DataFrame({"w": [-3.25], "n": [-1]}), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "w,n\n-3.25,-1\n"


EVIDENCE = pl.DataFrame(
    {
        "sought_id": ["S1", "S2"],
        "evidence": [[{"field": "name", "weight": 7.5, "sentence": "آمال is Amal"}], []],
        "names": [["a", "b"], ["=c"]],
    }
)


def test_json_lines_keep_lists_as_lists(tmp_path: Path) -> None:
    write_table(EVIDENCE, tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["evidence"] == [
        {"field": "name", "weight": 7.5, "sentence": "آمال is Amal"}
    ]
    assert "آمال" in lines[0]
    assert json.loads(lines[1]) == {"sought_id": "S2", "evidence": [], "names": ["=c"]}


def test_csv_writes_lists_of_text_one_a_line_and_others_as_json(tmp_path: Path) -> None:
    write_table(EVIDENCE, tmp_path / "out.csv")
    rows = pl.read_csv(tmp_path / "out.csv")
    assert rows["names"].to_list() == ["a\nb", "'=c"]
    assert json.loads(rows["evidence"][0])[0]["weight"] == 7.5
    assert rows["evidence"][1] == "[]"


def test_parquet_keeps_the_table(tmp_path: Path) -> None:
    write_table(EVIDENCE, tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").equals(EVIDENCE)


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz", "gone/out.csv", "folder.csv"])
def test_a_wrong_output_path_is_wrong_use_before_the_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError):
        check_output_path(tmp_path / name)
    assert issubclass(OutputError, ExchangeError)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_it_leaves_the_old_file_when_it_is_stopped(tmp_path: Path, stop: type) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def write_and_stop() -> None:
        with whole_file(path) as stream:
            stream.write(b"half")
            raise stop

    with pytest.raises(stop):
        write_and_stop()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_leaves_no_half_written_output(tmp_path: Path) -> None:
    """A real process, interrupted while it writes."""
    script = textwrap.dedent(
        """
        import signal
        import sys
        from pathlib import Path
        import polars as pl
        from reknit.exchange import write_table

        # A shell that starts the tests in its background has Ctrl-C ignored by all under it.
        signal.signal(signal.SIGINT, signal.default_int_handler)

        table = pl.DataFrame({"x": ["=text"] * 2_000_000, "y": [0.1] * 2_000_000})
        print("ready", flush=True)
        while True:
            write_table(table, Path(sys.argv[1]))
            Path(sys.argv[1]).unlink()
        """
    )
    path = tmp_path / "out.csv"
    command = [sys.executable, "-c", script, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    deadline = time.monotonic() + 30
    while not any(tmp_path.glob(".out.csv.*.part")) and time.monotonic() < deadline:
        time.sleep(0.001)
    try:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    finally:
        process.kill()
    assert process.returncode not in {None, 0, -signal.SIGKILL}
    left = [file.name for file in tmp_path.iterdir()]
    assert left in ([], ["out.csv"])
    if left:
        assert path.read_bytes().count(b"\n") == 2_000_001


def test_the_file_has_ordinary_permissions(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "out.csv")
    (tmp_path / "plain").write_text("x")
    mode = (tmp_path / "plain").stat().st_mode
    assert (tmp_path / "out.csv").stat().st_mode == mode


def test_rejected_rows_stand_beside_the_output(tmp_path: Path) -> None:
    source = tmp_path / "list.csv"
    source.write_text("person_record_id,full_name\n1,Amal\n1,=Noor\n", "utf-8")
    table = read_people(source)
    out = tmp_path / "matches.csv"
    path = write_rejected(table, out, "sought")
    assert path == tmp_path / "matches.csv.sought.rejected.csv"
    assert path.read_text("utf-8") == (
        "line,column,reason,person_record_id,full_name\n"
        "3,person_record_id,repeated id: first on line 2,1,'=Noor\n"
    )
    clean = tmp_path / "clean.csv"
    clean.write_text("person_record_id,full_name\n1,Amal\n", "utf-8")
    assert write_rejected(read_people(clean), out, "found") is None
    assert not (tmp_path / "matches.csv.found.rejected.csv").exists()


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)
RISKY = st.text(st.sampled_from("'=+-@\t\n＝1a,\""), max_size=6)


@given(st.lists(st.tuples(CELL | RISKY, CELL | RISKY), min_size=1, max_size=6))
def test_reading_gives_back_what_was_written(rows: list[tuple[str, str]]) -> None:
    """Also what a spreadsheet would have run, and what already had apostrophes."""
    import tempfile

    names = {"person_record_id": [f"S{n}" for n in range(len(rows))]}
    table = pl.DataFrame({**names, "full_name": [a for a, _ in rows], "sex": [b for _, b in rows]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.csv"
        write_table(table, path)
        raw = read_csv(path.read_bytes(), PEOPLE, "out.csv")
    assert raw.frame.rows() == table.rows()
