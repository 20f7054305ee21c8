"""Fuzzing what compares: any two names compare, the same both ways round, within bounds; numbers
of a column are read as each by itself.

By hand: python tests/matching/fuzz_names.py -max_total_time=60
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["reknit.standardise", "reknit.vocabulary"]):
    from reknit.standardise import (
        is_plain_word,
        phone_match_key,
        standardise_identifier,
        standardise_name,
        standardise_names,
    )

from reknit.matching.names import NamePairs
from reknit.matching.numbers import identifier_keys, pack_identifier, phone_keys

WORDS = [
    "Abd", "al-Rahman", "bin", "von", "de", "la", "Gebre", "O'Neill", "MARY-ANN", "J.", "Dr",
    "عبد", "الرحمن", "بن", "Олександр", "Петрович", "ገብረ", "מרים", "Αμαλ", "გიორგი", "Հայկ",
    "王", "小明", "김", "철수", "山田", "さくら", "အောင်", "สมชาย", "សុខ", "राम", "রহিমা", "Nguyễn",
    ",", "(", ")", "\n", "\u202e", "\u200d", "\u0301", "ـ",
]  # fmt: skip
NUMBERS = [
    "+963", "00", "944", "123456", "0", "7", "-", " ", "(", ")", ".", "ext", "٩٦٣", "passport: ",
    "national", ":", "A", "n012", "XXX", "#", "/", "\n",
]  # fmt: skip
PAIRS = NamePairs()


def text_from(data: atheris.FuzzedDataProvider) -> str:
    """A name of known words and of the fuzzer's own letters."""
    parts = [
        data.PickValueInList(WORDS) if data.ConsumeBool() else data.ConsumeUnicode(8)
        for _ in range(data.ConsumeIntInRange(0, 6))
    ]
    return data.PickValueInList([" ", "", "-"]).join(parts)


def compare_everything(raw: bytes) -> None:
    """One round: two texts, and the laws of comparing."""
    data = atheris.FuzzedDataProvider(raw)
    one, other = text_from(data), text_from(data)
    a, b = standardise_name(one), standardise_name(other)
    assert standardise_name(a.original).tokens == a.tokens
    there, back = PAIRS.compare(a, b), PAIRS.compare(b, a)
    assert 0.0 <= there.similarity <= 1.0, (one, other)
    assert 0.0 <= there.probability <= 1.0
    assert (there.similarity, there.grade, there.agreed_bits) == (
        back.similarity, back.grade, back.agreed_bits,
    ), (one, other)  # fmt: skip
    assert there.reasons
    if not a.is_empty:
        assert PAIRS.compare(a, a).similarity == 1.0, one
    forms = standardise_names(one, other, one, other)
    assert all(not form.is_empty or not form.tokens for form in forms)
    for word in one.split():
        if is_plain_word(word):
            assert len(standardise_name(word).tokens) <= 1, word
    read_numbers(data)


def read_numbers(data: atheris.FuzzedDataProvider) -> None:
    """Phones and identifiers of a column, and each by itself."""
    lines = [
        "".join(
            data.PickValueInList(NUMBERS)
            if data.ConsumeIntInRange(0, 4)
            else data.ConsumeUnicode(3)
            for _ in range(data.ConsumeIntInRange(0, 7))
        )
        for _ in range(data.ConsumeIntInRange(0, 3))
    ]
    assert phone_keys(lines).tolist() == [phone_match_key(line) for line in lines], lines
    types, keys = identifier_keys(lines)
    read = [standardise_identifier(line) for line in lines]
    assert types == [one.type for one in read], lines
    assert keys.tolist() == [pack_identifier(one.match_key) for one in read], lines


if __name__ == "__main__":
    atheris.Setup(sys.argv, compare_everything)
    atheris.Fuzz()
