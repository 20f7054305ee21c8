"""Digits and numerals of other writing systems."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.digits import fold_digits, read_numerals


@pytest.mark.parametrize(
    "digits",
    ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯",
     "၀၁၂၃၄၅၆၇၈၉", "๐๑๒๓๔๕๖๗๘๙", "០១២៣៤៥៦៧៨៩", "０１２３４５６７８９"],
)  # fmt: skip
def test_it_folds_positional_digits(digits: str) -> None:
    assert fold_digits(digits) == "0123456789"


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("፩", "1"), ("፲", "10"), ("፲፱፻፺፭", "1995"), ("፳፻፲፮", "2016"), ("፼", "10000"), ("፻", "100"),
     ("二〇〇一", "2001"), ("十", "10"), ("十三", "13"), ("二十", "20"), ("三十一", "31"),
     ("兩千零一", "2001"), ("廿五", "25"), ("一千九百八十四", "1984")],
)  # fmt: skip
def test_it_reads_ethiopic_and_han_numerals(numeral: str, number: str) -> None:
    assert read_numerals(numeral) == number


@given(st.text(max_size=30))
def test_folding_keeps_each_digits_value_and_all_else(text: str) -> None:
    folded = fold_digits(text)
    assert len(folded) == len(text)
    assert fold_digits(folded) == folded
    for before, after in zip(text, folded, strict=True):
        if before != after:
            assert unicodedata.decimal(before) == int(after)
