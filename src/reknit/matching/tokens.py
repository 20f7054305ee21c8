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
from numpy.typing import NDArray

from reknit.matching.alignment import (
    FLAG_HANGUL,
    FLAG_INITIAL,
    FLAG_SYLLABIC,
    FLAG_VOWELLESS,
    TokenArrays,
    token_similarity,
)
from reknit.matching.keys import all_token_keys, token_keys
from reknit.matching.phonetics import COARSE, encode_many
from reknit.vocabulary.names import NameToken, Script, TokenRole

__all__ = ["TokenArrays", "TokenTable", "all_token_keys", "token_keys", "token_similarity"]

_SCRIPT_CODES: Final = {script: code for code, script in enumerate(Script)}
_VOWELLESS_SCRIPTS: Final = frozenset({Script.ARABIC, Script.HEBREW})
_SYLLABIC_SCRIPTS: Final = frozenset({Script.HAN, Script.KANA})


class _Column:
    """A numpy array that grows at its end at amortised constant cost."""

    __slots__ = ("_data", "size")

    def __init__(self, dtype: type[np.generic], first: Sequence[int] = ()) -> None:
        self._data: NDArray[Any] = np.empty(64, dtype)
        self.size = 0
        self.extend(np.array(first, dtype))

    def extend(self, values: NDArray[Any]) -> None:
        needed = self.size + values.size
        if needed > self._data.size:
            grown = np.empty(max(needed, 2 * self._data.size), self._data.dtype)
            grown[: self.size] = self._data[: self.size]
            self._data = grown
        self._data[self.size : needed] = values
        self.size = needed

    def extend_bounds(self, lengths: NDArray[np.int64]) -> None:
        """Go on with a CSR column of starts by the lengths of new rows."""
        self.extend(self._data[self.size - 1] + np.cumsum(lengths))

    @property
    def view(self) -> NDArray[Any]:
        return self._data[: self.size]


@njit(cache=True, nogil=True)
def _form_classes(codes: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.uint16]:
    """A bitmask of the coarse consonant classes of each form."""
    classes = np.zeros(starts.size - 1, np.uint16)
    for form in range(starts.size - 1):
        for at in range(starts[form], starts[form + 1]):
            if COARSE[codes[at]] > 0:
                classes[form] |= np.uint16(1 << (COARSE[codes[at]] - 1))
    return classes


@njit(cache=True, nogil=True)
def _token_classes(
    classes: NDArray[np.uint16], forms: NDArray[np.int64]
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """The classes that any, and that all, of each token's forms have; none without forms."""
    some = np.zeros(forms.size, np.uint16)
    every = np.zeros(forms.size, np.uint16)
    at = 0
    for token in range(forms.size):
        if forms[token] > 0:
            every[token] = classes[at]
        for form in range(at, at + forms[token]):
            some[token] |= classes[form]
            every[token] &= classes[form]
        at += forms[token]
    return some, every


def _flags(token: NameToken) -> int:
    flags = 0
    if token.script in _VOWELLESS_SCRIPTS:
        flags |= FLAG_VOWELLESS
    elif token.script in _SYLLABIC_SCRIPTS:
        flags |= FLAG_SYLLABIC
    elif token.script is Script.HANGUL:
        flags |= FLAG_HANGUL
    if token.role is TokenRole.INITIAL or (
        len(token.text) == 1 and token.script not in _SYLLABIC_SCRIPTS
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
        self._text_ids = _Column(np.int32)
        self._scripts = _Column(np.uint8)
        self._flags = _Column(np.uint8)
        self._form_start = _Column(np.int64, [0])
        self._code_start = _Column(np.int64, [0])
        self._codes = _Column(np.uint8)
        self._form_classes = _Column(np.uint16)
        self._token_any = _Column(np.uint16)
        self._token_all = _Column(np.uint16)
        self._symbol_start = _Column(np.int64, [0])
        self._symbol_ids = _Column(np.int32)

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
            self._text_ids.view,
            self._scripts.view,
            self._flags.view,
            self._form_start.view,
            self._code_start.view,
            self._codes.view,
            self._form_classes.view,
            self._token_any.view,
            self._token_all.view,
            self._symbol_start.view,
            self._symbol_ids.view,
        )

    def _append(self, tokens: list[NameToken]) -> None:
        self._tokens.extend(tokens)
        texts = self._texts
        self._text_ids.extend(
            np.array([texts.setdefault(token.text, len(texts)) for token in tokens], np.int32)
        )
        self._scripts.extend(np.array([_SCRIPT_CODES[token.script] for token in tokens], np.uint8))
        self._flags.extend(np.array([_flags(token) for token in tokens], np.uint8))
        self._append_forms(tokens)
        symbols = [sorted(map(self._symbol_id, token.symbols)) for token in tokens]
        self._symbol_ids.extend(np.fromiter(chain.from_iterable(symbols), np.int32))
        self._symbol_start.extend_bounds(np.array([len(row) for row in symbols], np.int64))

    def _symbol_id(self, symbol: str) -> int:
        """A symbol's number: the same in every run, since keys are made from it."""
        known = self._symbols.get(symbol)
        if known is None:
            known = self._symbols[symbol] = crc32(symbol.encode()) >> 1
        return known

    def _append_forms(self, tokens: list[NameToken]) -> None:
        counts = np.array([len(token.forms) for token in tokens], np.int64)
        forms = [form for token in tokens for form in token.forms]
        encoded = [form.encode("ascii", "ignore") for form in forms]
        bounds = np.zeros(len(forms) + 1, np.int64)
        np.cumsum([len(form) for form in encoded], out=bounds[1:])
        text = np.frombuffer(b"".join(encoded) + b"\0", np.uint8)
        han = np.repeat(np.array([token.script is Script.HAN for token in tokens]), counts)
        codes, starts = encode_many(text, bounds, han)
        classes = _form_classes(codes, starts)
        some, every = _token_classes(classes, counts)
        self._form_start.extend_bounds(counts)
        self._code_start.extend_bounds(np.diff(starts))
        self._codes.extend(codes)
        self._form_classes.extend(classes)
        self._token_any.extend(some)
        self._token_all.extend(every)
