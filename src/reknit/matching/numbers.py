"""The phones and identifiers of a whole column: ordinary ones all at once, the others one by one.

Law: the keys are those that `standardise` gives each line alone. What is written in plain ASCII and
looks like no placeholder is ordinary; a file of a million has little else.

>>> phone_keys(["+380 67 123 4567", "067 *** ** 67"]).tolist()
[671234567, 0]
>>> types, keys = identifier_keys(["passport: ME-123 457", "Паспорт: МЕ-123 457", "case: 0000"])
>>> types, bool(keys[0] == keys[1] > keys[2] == 0)
(['passport', 'passport', 'case'], True)
"""

from __future__ import annotations

from string import ascii_uppercase, digits

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from reknit.standardise import phone_match_key, standardise_identifier
from reknit.standardise.phones import SHORT_CODES

I64 = npt.NDArray[np.int64]
IDENTIFIER_BASE, IDENTIFIER_LENGTH = 37, 12
WORTH_A_PLAN = 200
"""Fewer lines are read one by one sooner than a query over columns is planned."""
_CODES = {c: n for n, c in enumerate(digits + ascii_uppercase, start=1)}
_CODE_OF_BYTE = np.array([_CODES.get(chr(byte), 0) for byte in range(256)], np.int64)
_COUNTED = "|".join(
    run for start in range(10) for up in ["".join(str((start + n) % 10) for n in range(4))]
    for run in (up, up[::-1])
)  # fmt: skip
_REPEATED = "|".join(f"{digit}{{7}}" for digit in digits)
_ALIKE = "|".join(f"{digit}+" for digit in digits)
_SHORTEST_PHONE, _LONGEST_PHONE, _PHONE_KEY_DIGITS = 7, 20, 9
_SHORTEST_IDENTIFIER = 4
_NEW_LINE = 10


def phone_keys(texts: list[str]) -> I64:
    """`phone_match_key` of each text, 0 for none."""
    if len(texts) < WORTH_A_PLAN:
        return np.array([phone_match_key(text) for text in texts], np.int64)
    number = pl.Series("number", texts, pl.String)
    figures = number.str.replace_all("[^0-9]", "")
    zeros = figures.str.starts_with("00")
    coded = pl.select(
        pl.when(zeros).then(figures.str.slice(2)).when(number.str.contains("+", literal=True))
        .then(figures)
    ).to_series()  # fmt: skip
    one, two = (coded.str.head(n).is_in([c for c in SHORT_CODES if len(c) == n]) for n in (1, 2))
    code_length = pl.select(pl.when(one).then(1).when(two).then(2).otherwise(3)).to_series()
    national = coded.str.slice(code_length).zip_with(coded.is_not_null(), figures)
    tail = national.str.strip_chars_start("0").str.tail(_PHONE_KEY_DIGITS)
    ordinary = (
        number.str.contains(r"^[+(]*[0-9][0-9 ().-]{5,24}$")
        & ~number.str.contains("..", literal=True)
        & figures.str.len_chars().is_between(_SHORTEST_PHONE, _LONGEST_PHONE)
        & (national.str.len_chars() >= _SHORTEST_PHONE)
        & (tail.str.len_chars() >= _PHONE_KEY_DIGITS - 2)
        & ~tail.str.contains(f"^(?:{_COUNTED})|{_REPEATED}")
    )
    keys = tail.set(~ordinary, "0").cast(pl.Int64).to_numpy().copy()
    for row in np.flatnonzero(~ordinary.to_numpy()):
        keys[row] = phone_match_key(texts[row])
    return keys


def identifier_keys(lines: list[str]) -> tuple[list[str], I64]:
    """(type, packed key) of each line, as `standardise_identifier` and `pack_identifier` say."""
    if len(lines) < WORTH_A_PLAN:
        read_all = [standardise_identifier(line) for line in lines]
        alone = np.array([pack_identifier(one.match_key) for one in read_all], np.int64)
        return [one.type for one in read_all], alone
    parts = pl.Series("line", lines, pl.String).str.extract_groups(
        "^(?<kind>[A-Za-z][A-Za-z ]*): *(?<value>[A-Za-z0-9][A-Za-z0-9 -]*)$"
    )
    kind, value = parts.struct.field("kind"), parts.struct.field("value")
    key = value.str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    odd = f"^(?:{_COUNTED})|^(?:{_ALIKE})$|X{{3,}}$"
    ordinary = (
        key.str.contains("[0-9]")
        & (key.str.len_chars() >= _SHORTEST_IDENTIFIER)
        & ~key.str.contains(odd)
    )
    ordinary = ordinary.fill_null(value=False)
    keys = _pack_column(key.set(~ordinary, "").fill_null(""))
    type_of = {one: standardise_identifier(f"{one}: A1B2C3").type for one in kind.unique() if one}
    types = [type_of.get(one, "") for one in kind]
    for row in np.flatnonzero(~ordinary.to_numpy()):
        read = standardise_identifier(lines[row])
        types[row], keys[row] = read.type, pack_identifier(read.match_key)
    return types, keys


def pack_identifier(text: str) -> int:
    """The last twelve letters and digits as one number to the base of `IDENTIFIER_BASE`, so that
    one slip can be seen; 0: none."""
    packed = 0
    for character in [c for c in text.upper() if c.isalnum()][-IDENTIFIER_LENGTH:]:
        packed = packed * IDENTIFIER_BASE + _CODES.get(character, ord(character) % 36 + 1)
    return packed


def _pack_column(keys: pl.Series) -> I64:
    """`pack_identifier` of texts of capitals and digits."""
    lines = "\n".join(keys.str.tail(IDENTIFIER_LENGTH)) + "\n"
    return _pack_lines(np.frombuffer(lines.encode("ascii"), np.uint8), len(keys))


@njit(cache=True, nogil=True)
def _pack_lines(text: npt.NDArray[np.uint8], count: int) -> I64:
    packed = np.zeros(count, np.int64)
    line = 0
    for byte in text[: len(text) if count else 0]:
        if byte == _NEW_LINE:
            line += 1
        else:
            packed[line] = packed[line] * IDENTIFIER_BASE + _CODE_OF_BYTE[byte]
    return packed
