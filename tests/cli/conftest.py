"""Small tables that the commands' tests share. The cast: Amal seeks, Idris is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write lines into a file of the test's own folder."""

    def write(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def two_lists(write_csv: Callable[..., Path]) -> tuple[Path, Path]:
    """Three people sought and three found; s1 is f1 and s2 is f2, written otherwise."""
    header = "person_record_id,full_name,sex,date_of_birth,relatives"
    sought = write_csv(
        "sought.csv",
        header,
        "s1,إدريس قاسم الطيب,male,1991-03-07,father: قاسم الطيب",
        "s2,Олександра Тимченко,female,1987-11,mother: Ганна Тимченко",
        "s3,Nyunt Thida Soe,female,2001,",
    )
    found = write_csv(
        "found.csv",
        header,
        "f1,Idriss Qasem Al-Tayyib,male,1991-03-07,father: Qasem Altayeb",
        "f2,Oleksandra Tymchenko,female,1987-11-20,mother: Hanna Tymchenko",
        "f3,Mohammed Ali,male,1975,",
    )
    return sought, found
