"""Columns of phones and identifiers: the keys that each line has alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reknit.matching import numbers
from reknit.matching.numbers import identifier_keys, pack_identifier, phone_keys
from reknit.standardise import phone_match_key, standardise_identifier

PHONES = [
    "+380 67 123 4567", "0038067 1234567", "067 123-45-67", "+1 (202) 555-0147", "+7 495 000 00 00",
    "0000000", "1111111", "22222223", "123456789", "987654321", "0123456789", "+1 2345678901", "00",
    "001234567", "+963 944 ...", "٠٦٧ ١٢٣ ٤٥ ٦٧", "067 *** ** 67", "12345", "+999 12345", "",
    "067 123 45 67 / 050 765 43 21", "+10006076638", "0067 1234", "+44 1234 567890 ext. 12",
]  # fmt: skip
LINES = [
    "passport: ZZ2027101", "Passport No: zz 202-7101", "passport:AB", "case: 0000", "id: 123456789",
    "id: 7777777", "id: 1999", "passport: XXXX", "case: 12XXX", "nid: 98765", "Паспорт: МЕ-123 457",
    "unhcr : 123-00C04", "unknown", "case: n/a", "", ": 12345", "case: 1: 2", "case:  - 4",
    "A1B2C3", "case no.: 4471-A", "driver's license: D1-22", "id: 2109876543", "id: 11234",
    "id: ４４７１",
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def columns_however_short() -> Iterator[None]:
    """Else a short column is read one by one, and would be compared with itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "WORTH_A_PLAN", 0)
        yield


def test_a_few_lines_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "WORTH_A_PLAN", 1000)
    assert phone_keys(PHONES).tolist() == [phone_match_key(text) for text in PHONES]
    types, keys = identifier_keys(LINES)
    assert len(types) == len(keys) == len(LINES)


@given(texts=st.lists(st.sampled_from(PHONES) | st.text("+(0123456789 -.)", max_size=22)))
@example(texts=PHONES)
@example(texts=[])
def test_phones_of_a_column_have_the_keys_of_each_alone(texts: list[str]) -> None:
    assert phone_keys(texts).tolist() == [phone_match_key(text) for text in texts]


@given(
    lines=st.lists(
        st.sampled_from(LINES) | st.from_regex(r"[a-zA-Z ]{0,9}: ?[0-9Xa-c -]{0,9}", fullmatch=True)
    )
)
@example(lines=LINES)
@example(lines=[])
def test_identifiers_of_a_column_have_the_keys_of_each_alone(lines: list[str]) -> None:
    types, keys = identifier_keys(lines)
    alone = [standardise_identifier(line) for line in lines]
    assert types == [one.type for one in alone]
    assert keys.tolist() == [pack_identifier(one.match_key) for one in alone]


IDENTIFIERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=12)


@given(text=IDENTIFIERS, at=st.integers(0, 11), other=st.sampled_from("ABOPTZ0159"))
@example(text="P1234567", at=0, other="1")
def test_identifiers_are_equal_only_when_they_are(text: str, at: int, other: str) -> None:
    # Once five bits stood for a letter or digit: "P1" was "11", and "AO" was "A0".
    changed = text[:at] + other + text[at + 1 :]
    assert (pack_identifier(text) == pack_identifier(changed)) == (text == changed)
    assert 0 <= pack_identifier(text) < 2**63
    assert (pack_identifier(text) == 0) == (text == "")
