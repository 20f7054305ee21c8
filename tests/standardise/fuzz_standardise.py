"""Fuzzing what reads text from outside: any string gets a reading, and no reading breaks a law.

By hand: python tests/standardise/fuzz_standardise.py -max_total_time=60
"""

from __future__ import annotations

import datetime as dt
import sys

import atheris

with atheris.instrument_imports(include=["reknit"]):
    from reknit import standardise
    from reknit.standardise.tables import rows

TABLES = ("date_words", "age_words", "relations", "sexes", "unknown", "identifier_types")
WORDS = sorted({word for table in TABLES for _, words in rows(f"{table}.tsv")
                for word in words.split("|")})  # fmt: skip
TODAY = dt.date(2026, 11, 1)


def text_from(data: atheris.FuzzedDataProvider) -> str:
    """A text of the fuzzer's own letters, of numbers, and of words that the readers know."""
    parts = []
    for _ in range(data.ConsumeIntInRange(1, 6)):
        kind = data.ConsumeIntInRange(0, 3)
        if kind == 0:
            parts.append(data.ConsumeUnicode(12))
        elif kind == 1:
            parts.append(str(data.ConsumeIntInRange(0, 2600)))
        elif kind == 2:
            parts.append(data.PickValueInList(WORDS))
        else:
            parts.append(data.PickValueInList(["/", "-", ".", ":", "\n", "(", ")", "?", "٣", "六"]))
    return data.PickValueInList([" ", ""]).join(parts)


def read_everything(raw: bytes) -> None:
    """One round: every reader takes the text, and the laws hold."""
    text = text_from(atheris.FuzzedDataProvider(raw))
    standardise.standardise_name(text)
    standardise.standardise_sex(text)
    standardise.standardise_country(text)
    standardise.standardise_identifier(text)
    standardise.standardise_source_date(text)
    check_date(text)
    age = standardise.standardise_age(text, TODAY).value
    assert age is None or 0 <= age.low <= age.high <= 120
    assert standardise.phone_match_key(text) == standardise.standardise_phone(text).match_key
    relatives, _ = standardise.standardise_relatives(text)
    assert all(relative.name.strip() for relative in relatives)


def check_date(text: str) -> None:
    """A date is one that exists, is not in the future, and lies within its own years."""
    reading = standardise.standardise_date(text, not_after=TODAY)
    if reading.value is None:
        return
    value = reading.value
    assert dt.date(value.year, value.month or 1, value.day or 1) <= TODAY
    assert reading.year_low is not None
    assert reading.year_high is not None
    assert reading.year_low <= value.year <= reading.year_high, (text, reading)
    again = standardise.standardise_date(value.isoformat()).value
    assert again is not None
    assert again.isoformat() == value.isoformat()


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_everything)
    atheris.Fuzz()
