"""Which legacy encoding a list was saved in, judged by the names it would make.

Rules: every candidate reads the bytes strictly; what it makes is scored letter by letter (common
letters of its languages for, anything else against), and word by word (capitals inside a word, no
vowel, two scripts in one word: against). East Asian encodings count only where nearly all their
characters are everyday ones. A few short names cannot always decide between encodings of one
script (windows-1250 and -1252), so the choice is always said and can be checked by eye.
charset-normalizer has the word when no candidate reads the bytes.

>>> guess_encoding("محمد علي".encode("cp1256"))
'cp1256'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

_SAMPLE = 100_000
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]*[^\W\d_]+)*")
_COMMON, _USUAL, _RARE, _FOREIGN = 3.0, 2.4, 1.0, -4.0
_EVERYDAY_SHARE = 0.9
# Nearly any bytes are valid in these; a list in one is told by its mark or its NULs before.
_WIDE = ["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"]


@dataclass(frozen=True, slots=True)
class _Alphabet:
    codec: str
    weights: dict[str, float]
    vowels: frozenset[str]


@dataclass(frozen=True, slots=True)
class _EastAsian:
    """A two-byte encoding; everyday: the lead bytes of its common characters."""

    codec: str
    everyday: tuple[tuple[int, int], ...]
    points: float


# Level 1 of GB 2312, Big5, JIS X 0208 (with kana), and KS X 1001's Hangul.
_EAST_ASIAN = (
    _EastAsian("euc_kr", ((0xB0, 0xC8),), 6.1),
    _EastAsian("gb18030", ((0xB0, 0xD7),), 6.0),
    _EastAsian("big5", ((0xA4, 0xC6),), 6.0),
    _EastAsian("cp932", ((0x82, 0x83), (0x88, 0x98)), 6.0),
)


def guess_encoding(data: bytes) -> str | None:
    """The Python codec that `data` (bytes that are no UTF-8) reads best in; None when none does."""
    whole = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE)]
    sample = b"\n".join(line for line in whole.split(b"\n") if not line.isascii()) or data
    best: tuple[float, str] | None = None
    for codec, score in _scores(sample):
        if _reads(data, codec) and (best is None or score > best[0]):
            best = score, codec
    if best is not None and best[0] > 0:
        return best[1]
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_exclusion=_WIDE).best()
    return None if found is None else found.encoding


def _scores(sample: bytes) -> list[tuple[str, float]]:
    scores = []
    for alphabet in _alphabets():
        try:
            scores.append((alphabet.codec, _score(sample.decode(alphabet.codec), alphabet)))
        except UnicodeDecodeError:
            continue
    for encoding in _EAST_ASIAN:
        try:
            scores.append((encoding.codec, _east_asian_score(sample, encoding)))
        except UnicodeDecodeError:
            continue
    return scores


def _reads(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _score(text: str, alphabet: _Alphabet) -> float:
    total = sum(_FOREIGN for c in text if c > "\x7f" and not (c.isalpha() or c in alphabet.weights))
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        letters = [c for c in word if c > "\x7f"]
        total += sum(alphabet.weights.get(c.lower(), _FOREIGN) for c in letters)
        total -= 3 * sum(a.islower() and b.isupper() for a, b in pairwise(word))
        total -= 4 * (len({_script(c) for c in word}) - 1)
        if alphabet.vowels and len(word) > 2 and alphabet.vowels.isdisjoint(word.lower()):
            total -= 5
        if alphabet.vowels and word[0].islower():
            total -= 1
    return total


def _east_asian_score(sample: bytes, encoding: _EastAsian) -> float:
    everyday = characters = 0
    for character in sample.decode(encoding.codec):
        if character <= "\x7f":
            continue
        written = character.encode(encoding.codec)
        if not unicodedata.category(character).startswith("L"):
            continue
        characters += 1
        everyday += len(written) == 2 and any(a <= written[0] <= b for a, b in encoding.everyday)
    if not characters or everyday < _EVERYDAY_SHARE * characters:
        return -1.0
    return encoding.points * everyday


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


@cache
def _alphabets() -> tuple[_Alphabet, ...]:
    table = files("reknit.exchange").joinpath("data/legacy_letters.tsv").read_text("utf-8")
    alphabets = []
    for row in table.splitlines():
        if row.startswith("#"):
            continue
        codec, common, usual, rare, vowels = row.split("\t")
        weights = dict.fromkeys(rare, _RARE)
        weights |= dict.fromkeys(usual, _USUAL) | dict.fromkeys(common, _COMMON)
        alphabets.append(_Alphabet(codec, weights, frozenset(vowels)))
    return tuple(alphabets)
