"""Every distinct word of a name once, as flat arrays for the compiled comparisons.

Rules: a token's id is stable; the same text, forms and symbols give the same id, whatever its
role; readings are held as sounds (``phonetics``). ``arrays()`` is cheap after a few interns.

>>> from reknit.vocabulary.names import Script
>>> table = TokenTable()
>>> ali = table.intern(NameToken("علي", ("ali",), Script.ARABIC))
>>> aly = table.intern(NameToken("aly", ("aly",), Script.LATIN))
>>> float(token_similarity(table.arrays(), ali, aly)) > 0.9
True
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final
from zlib import crc32

import numpy as np
from numba import njit
from numpy.typing import DTypeLike, NDArray

from reknit.matching.alignment import (
    FLAG_HANGUL,
    FLAG_INITIAL,
    FLAG_SYLLABIC,
    FLAG_VOWELLESS,
    TOKEN_ROW,
    TokenArrays,
    letter_bit,
    token_similarity,
    word_similarity,
)
from reknit.matching.keys import all_token_keys, token_keys
from reknit.matching.letters import spell
from reknit.matching.phonetics import FORM_ROW, encode_many
from reknit.vocabulary.names import NameToken, Script, TokenRole

__all__ = [
    "TokenArrays",
    "TokenTable",
    "all_token_keys",
    "token_keys",
    "token_similarity",
    "word_similarity",
]

_SCRIPT_CODES: Final = {script: code for code, script in enumerate(Script)}
_VOWELLESS_SCRIPTS: Final = frozenset({Script.ARABIC, Script.HEBREW})
_SYLLABIC_SCRIPTS: Final = frozenset({Script.HAN, Script.KANA})
_ONE_SIGN_NAMES: Final = _SYLLABIC_SCRIPTS | {Script.HANGUL}
"""Scripts where one sign is a whole surname (김), not an initial; they write no single letters."""
_MOST_LETTERS: Final = 255


class Column:
    """A numpy array that grows at its end at amortised constant cost."""

    __slots__ = ("_data", "size")

    def __init__(self, dtype: DTypeLike) -> None:
        self._data: NDArray[Any] = np.empty(64, dtype)
        self.size = 0

    def extend(self, values: NDArray[Any]) -> None:
        """Append values."""
        needed = self.size + values.size
        if needed > self._data.size:
            grown = np.empty(max(needed, 2 * self._data.size), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : needed] = values
        self.size = needed

    @property
    def view(self) -> NDArray[Any]:
        """What has been appended; stays valid when more is."""
        return self._data[: self.size]


def _starts(counts: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where each run starts when runs of these lengths follow one another."""
    return np.cumsum(counts, dtype=np.int64) - counts


@njit(cache=True, nogil=True)
def _token_classes(classes: NDArray[np.uint16], rows: NDArray[np.void]) -> None:
    """Fill in the classes that some, and that all, of each new token's forms have."""
    at = 0
    for token in range(rows.size):
        row = rows[token]
        row.any_classes = 0
        row.all_classes = classes[at] if row.form_count > 0 else 0
        for form in range(at, at + row.form_count):
            row.any_classes |= classes[form]
            row.all_classes &= classes[form]
        at += row.form_count


@njit(cache=True, nogil=True)
def _letter_sets(
    letters: NDArray[np.uint32], start: NDArray[np.int64], rows: NDArray[np.void]
) -> None:
    """Fill in where each new token's letters stand, how many they are, and their set."""
    for token in range(rows.size):
        rows[token].first_letter = start[token]
        rows[token].letter_count = start[token + 1] - start[token]
        letter_set = np.uint32(0)
        for at in range(start[token], start[token + 1]):
            letter_set |= letter_bit(letters[at])
        rows[token].letter_set = letter_set


def _letters(token: NameToken) -> str:
    """What was written, where a slip in it is one of letters; no longer word is a name's."""
    if token.script in _ONE_SIGN_NAMES or len(token.text) > _MOST_LETTERS:
        return ""
    return token.text


def _flags(token: NameToken) -> int:
    flags = 0
    if token.script in _VOWELLESS_SCRIPTS:
        flags |= FLAG_VOWELLESS
    elif token.script in _SYLLABIC_SCRIPTS:
        flags |= FLAG_SYLLABIC
    elif token.script is Script.HANGUL:
        flags |= FLAG_HANGUL
    if token.role is TokenRole.INITIAL or (
        len(token.text) == 1 and token.script not in _ONE_SIGN_NAMES
    ):
        flags |= FLAG_INITIAL
    return flags


class TokenTable:
    """Interns name tokens; ids count up from 0 in the order tokens are first seen."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, tuple[str, ...], frozenset[str], bool], int] = {}
        self._tokens: list[NameToken] = []
        self._texts: dict[str, int] = {}
        self._symbols: dict[str, int] = {}
        self._rows = Column(TOKEN_ROW)
        self._forms = Column(FORM_ROW)
        self._codes = Column(np.uint8)
        self._symbol_ids = Column(np.int32)
        self._letters = Column(np.uint32)

    def __len__(self) -> int:
        return len(self._tokens)

    def token(self, i: int) -> NameToken:
        """The token with id ``i``, as first interned."""
        return self._tokens[i]

    def text(self, i: int) -> str:
        """What was written for token ``i``."""
        return self._tokens[i].text

    def intern(self, token: NameToken) -> int:
        """The id of a token, new or known."""
        return int(self.intern_many([token])[0])

    def intern_many(self, tokens: Sequence[NameToken]) -> NDArray[np.int32]:
        """The ids of many tokens, in their order."""
        ids = np.empty(len(tokens), np.int32)
        fresh: list[NameToken] = []
        known = self._ids
        first_new = len(self._tokens)
        for at, token in enumerate(tokens):
            initial = token.role is TokenRole.INITIAL
            key = (token.text, token.forms, token.symbols, initial)
            found = known.get(key)
            if found is None:
                found = known[key] = first_new + len(fresh)
                fresh.append(token)
            ids[at] = found
        if fresh:
            self._append(fresh)
        return ids

    def arrays(self) -> TokenArrays:
        """Views of everything interned so far; later interns leave them valid but do not show."""
        return TokenArrays(
            self._rows.view,
            self._forms.view,
            self._codes.view,
            self._symbol_ids.view,
            self._letters.view,
        )

    def _append(self, tokens: list[NameToken]) -> None:
        """Append the rows of tokens that are new."""
        self._tokens.extend(tokens)
        texts = self._texts
        symbols = [sorted(map(self._symbol_id, token.symbols)) for token in tokens]
        rows = np.empty(len(tokens), TOKEN_ROW)
        rows["text_id"] = [texts.setdefault(token.text, len(texts)) for token in tokens]
        rows["script"] = [_SCRIPT_CODES[token.script] for token in tokens]
        rows["flags"] = [_flags(token) for token in tokens]
        rows["form_count"] = [len(token.forms) for token in tokens]
        rows["symbol_count"] = [len(row) for row in symbols]
        rows["first_symbol"] = self._symbol_ids.size + _starts(rows["symbol_count"])
        rows["first_form"] = self._forms.size + _starts(rows["form_count"])
        forms = self._append_forms(tokens)
        _token_classes(forms["classes"], rows)
        letters, spelt = spell([_letters(token) for token in tokens])
        _letter_sets(letters, spelt, rows)
        rows["first_letter"] += self._letters.size
        self._letters.extend(letters)
        self._symbol_ids.extend(np.fromiter(chain.from_iterable(symbols), np.int32))
        self._rows.extend(rows)

    def _symbol_id(self, symbol: str) -> int:
        """A symbol's number: the same in every run, since keys are made from it."""
        known = self._symbols.get(symbol)
        if known is None:
            known = self._symbols[symbol] = crc32(symbol.encode()) >> 1
        return known

    def _append_forms(self, tokens: list[NameToken]) -> NDArray[Any]:
        """Append the readings of tokens as sounds; returns their rows."""
        encoded = [form.encode("ascii", "ignore") for token in tokens for form in token.forms]
        han = [token.script is Script.HAN for token in tokens for _ in token.forms]
        bounds = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(form) for form in encoded], out=bounds[1:])
        text = np.frombuffer(b"".join(encoded) + b"\0", np.uint8)
        codes, rows = encode_many(text, bounds, np.array(han, np.bool_))
        rows["start"] += self._codes.size
        self._codes.extend(codes)
        self._forms.extend(rows)
        return rows
