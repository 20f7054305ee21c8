"""Readings of a name as sounds, and what it costs to take one sound for another.

A reading (ASCII a-z) becomes a string of 31 sound codes: digraphs such as ``sh`` or ``kh`` are
one sound, doubled letters are one, a silent final ``h`` goes. Costs come in five modes:

* STRICT: both sides in one script, where spelling differences are evidence against;
* CROSS: two scripts that both write vowels;
* VOWELLESS: one side leaves vowels out (Arabic, Hebrew);
* HANGUL: one side is Korean, which has no f, v, z, th, or l apart from r, and adds vowels;
* SYLLABIC: one side writes syllables (Han, Kana), which adds vowels and drops final consonants.

The costs are written by the project from general knowledge of how names are transliterated.

>>> decode(encode_one("schmidt", han=False))
'Smidt'
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

SOUNDS: Final = "_aeiouybpdtgkfvwmnlrszhXSCZJT0GN"
"""One letter a code: X kh, S sh, C ch, Z zh, J j/dzh, T ts, 0 th, G gh, N ng; 0 is none."""

STRICT: Final = 0
CROSS: Final = 1
VOWELLESS: Final = 2
HANGUL: Final = 3
SYLLABIC: Final = 4
LONGEST_FORM: Final = 40

_CODE = {sound: code for code, sound in enumerate(SOUNDS)}
(_A, _E, _I, _O, _U, _Y) = (_CODE[s] for s in "aeiouy")
_T, _D, _G, _K, _F, _S, _Z, _H = (_CODE[s] for s in "tdgkfszh")
_KH, _SH, _CH, _ZH, _DJ, _TS, _TH, _GH, _NG = (_CODE[s] for s in "XSCZJT0GN")
IS_VOWEL: Final = np.array([s in "aeiou" for s in SOUNDS])

_LETTER = np.zeros(256, np.uint8)
for _ascii in "abdefghiklmnoprstuvwyz":
    _LETTER[ord(_ascii)] = _CODE[_ascii]
_LETTER[ord("j")] = _DJ
_LETTER[ord("q")] = _K
_LETTER[ord("c")] = _K
_LETTER_HAN = _LETTER.copy()
_LETTER_HAN[ord("q")] = _CH
_LETTER_HAN[ord("x")] = _SH
_LETTER_HAN[ord("c")] = _TS

# Closeness of sounds: cost in STRICT, CROSS (VOWELLESS and HANGUL the same), SYLLABIC mode.
_CLOSE: Final = """
bp .5 .2 .15|dt .5 .2 .15|gk .5 .25 .2|fv .4 .15 .15|fp .5 .2 .2|bv .5 .15 .15|vw .2 .05 .05
wb .7 .4 .3|wu .3 .1 .1|wo .4 .15 .15|vu .5 .2 .2|vo .8 .4 .3|fh .9 .5 .2|wf .6 .4 .3|wg .9 .6 .5
Xk .3 .15 .15|Xh .2 .05 .05|Xg .4 .3 .2|kG .6 .3 .3|gG .2 .05 .05|Gh .5 .3 .2|gh .7 .25 .2
kh .8 .5 .3|XG .4 .2 .2|gJ .5 .2 .2|gZ .5 .3 .3|JZ .25 .1 .1|Jy .4 .2 .2|Ji .5 .3 .3|JC .5 .2 .1
Jh .6 .3 .3|JX .6 .3 .3|Jz .5 .25 .2|Js .8 .5 .4|JS .5 .4 .2|JT .7 .4 .2|Jd .7 .4 .3|Jt .9 .6 .4
CS .35 .2 .15|Ck .4 .3 .4|CX .4 .3 .3|CT .5 .2 .2|Ct .6 .3 .2|Cs .6 .4 .3|Cz .8 .5 .4|CZ .5 .3 .1
sS .4 .2 .15|sz .3 .15 .15|sT .5 .25 .2|SZ .4 .25 .15|zZ .4 .2 .2|zT .4 .2 .2|z0 .5 .2 .2
zd .5 .25 .2|s0 .5 .2 .2|t0 .15 .05 .1|d0 .5 .2 .2|f0 .6 .4 .4|tT .6 .35 .3|st .9 .7 .5|sZ .6 .4 .3
ST .6 .4 .3|sX .9 .6 .3|hS .9 .7 .4|kT .7 .5 .5|ks .8 .6 .6|dT .9 .6 .3|dZ .9 .6 .4
lr .9 .6 .05|nm .6 .4 .25|nN .25 .1 .05|nl .9 .7 .4|Ng .4 .3 .3|mN .8 .6 .3|bm .9 .7 .4|dl .9 .7 .4
yi .1 .05 .05|yJ .4 .2 .2|ye .3 .15 .15|yu .3 .15 .15|ya .6 .3 .3|yo .7 .4 .4|yh .9 .6 .5
ei .3 .12 .1|ea .4 .15 .12|ao .45 .2 .15|ou .3 .08 .08|iu .6 .3 .2|ai .6 .3 .2|eo .5 .25 .15
eu .5 .25 .15|oi .65 .4 .25|au .55 .25 .2
"""
_CLOSE_IN_HANGUL: Final = """
lr .05|fp .05|bv .05|vw .1|z0 .3|s0 .1|Jz .1|ZJ .1|hf .3|zs .3|sS .1|dt .15|gk .15|bp .15|CS .4
TC .1|TJ .2|Sh .9|Jy .6|Ji .9|Ju .9|Nn .15|eo .1|eu .15|au .2|ou .1|ae .1|iu .3|ei .12|yi .05
ai .45|mN .8
"""
# What leaving a sound out costs; a consonant not named costs 1.
_LEFT_OUT: Final = (
    {"a": 0.55, "e": 0.45, "i": 0.5, "o": 0.55, "u": 0.5, "y": 0.5, "h": 0.5, "w": 0.7, "G": 0.8},
    {"a": 0.35, "e": 0.3, "i": 0.3, "o": 0.35, "u": 0.35, "y": 0.3, "h": 0.35, "w": 0.5, "J": 0.8},
    {"a": 0.1, "e": 0.1, "i": 0.15, "o": 0.13, "u": 0.13, "y": 0.2, "h": 0.35, "w": 0.25},
    {"a": 0.3, "e": 0.2, "i": 0.25, "o": 0.25, "u": 0.12, "y": 0.2, "h": 0.35, "w": 0.3, "r": 0.4}
    | {"l": 0.7},
    {"a": 0.15, "e": 0.12, "i": 0.12, "o": 0.15, "u": 0.12, "y": 0.12, "h": 0.2, "w": 0.15}
    | {"r": 0.4, "l": 0.5, "n": 0.6, "t": 0.5, "d": 0.5, "s": 0.6, "k": 0.6, "g": 0.5, "N": 0.6}
    | {"b": 0.7, "p": 0.7, "v": 0.6, "f": 0.7, "m": 0.8, "0": 0.4},
)


def _left_out_costs() -> NDArray[np.float32]:
    costs = np.ones((5, 32), np.float32)
    for mode, named in enumerate(_LEFT_OUT):
        for sound, cost in named.items():
            costs[mode, _CODE[sound]] = cost
    return costs


def _entries(table: str) -> list[list[str]]:
    return [entry.split() for entry in table.replace("\n", "|").strip("|").split("|")]


def _cost(costs: NDArray[np.float32], pair: str) -> float:
    return float(costs[_CODE[pair[0]], _CODE[pair[1]]])


def _set_cost(costs: NDArray[np.float32], pair: str, cost: float) -> None:
    one, other = _CODE[pair[0]], _CODE[pair[1]]
    costs[one, other] = costs[other, one] = cost


def _swap_costs(left_out: NDArray[np.float32]) -> NDArray[np.float32]:
    """Taking one sound for another: never dearer than leaving one out and putting one in."""
    costs: NDArray[np.float32] = np.minimum(
        left_out[:, :, None] + left_out[:, None, :], 1.2
    ).astype(np.float32)
    consonants = ~IS_VOWEL
    apart = np.array([1.0, 0.95, 1.0, 0.95, 0.85], np.float32)[:, None, None]
    both = consonants[:, None] & consonants[None, :]
    costs[:] = np.where(both[None], np.minimum(costs, apart), costs)
    for pair, strict, cross, syllabic in _entries(_CLOSE):
        for mode, cost in enumerate((strict, cross, cross, cross, syllabic)):
            _set_cost(costs[mode], pair, min(float(cost), _cost(costs[mode], pair)))
    for pair, cost in _entries(_CLOSE_IN_HANGUL):
        _set_cost(costs[HANGUL], pair, float(cost))
    for code in range(32):
        costs[:, code, code] = 0.0
    return costs


_LEFT_OUT_COSTS = _left_out_costs()
LEFT_OUT: Final = np.rint(1000 * _LEFT_OUT_COSTS).astype(np.int32)
"""By mode and sound, in thousandths of a consonant left out."""
SWAPPED: Final = np.rint(1000 * _swap_costs(_LEFT_OUT_COSTS)).astype(np.int32)
"""By mode, sound and sound, in the same unit."""

# Coarse consonant classes, for keys and fast rejection; vowels and h have none.
_CLASSES: Final = ("bp", "fvw", "dt0", "gkXG", "szSZCJT", "m", "nN", "l", "r")
CLASS_COUNT: Final = len(_CLASSES)
COARSE: Final = np.zeros(32, np.uint8)
for _index, _members in enumerate(_CLASSES):
    for _sound in _members:
        COARSE[_CODE[_sound]] = _index + 1

FORM_ROW: Final = np.dtype(
    [("start", np.int32), ("length", np.uint16), ("classes", np.uint16)], align=True
)
"""Where a reading's sounds stand in the codes, and a bitmask of its consonant classes."""


@njit(cache=True, nogil=True)
def _sound_at(text: NDArray[np.uint8], at: int, end: int, han: bool) -> tuple[int, int]:
    """The sound that starts here, and how many letters it takes; 255 stands for k + s."""
    first = text[at]
    second = text[at + 1] if at + 1 < end else 0
    third = text[at + 2] if at + 2 < end else 0
    fourth = text[at + 3] if at + 3 < end else 0
    if second == 104:  # h
        if first == 115:
            if third == 99 and fourth == 104:
                return _SH, 4  # shch
            return _SH, 2
        if first == 99:
            return (_CH, 2)
        if first == 107:
            return _KH, 2
        if first == 103:
            return _GH, 2
        if first == 122:
            return (_DJ if han else _ZH), 2
        if first == 112:
            return _F, 2
        if first == 116:
            return _TH, 2
    if first == 115:
        if second == 99 and third == 104:
            return _SH, 3  # sch
        if second == 122:
            return _SH, 2  # sz
    elif first == 116:
        if second == 115:
            if third == 99 and fourth == 104:
                return _CH, 4  # tsch
            if third == 104:
                return _CH, 3  # tsh
            return _TS, 2
        if second == 122:
            return _TS, 2
        if second == 99 and third == 104:
            return _CH, 3  # tch
    elif first == 100:
        if second == 122:
            if third == 104:
                return _DJ, 3  # dzh
            return _Z, 2
        if second == 106:
            return _DJ, 2
        if second == 115 and third == 99 and fourth == 104:
            return _DJ, 4  # dsch
    elif first == 99:
        if second == 107:
            return _K, 2
        if second == 122:
            return _CH, 2
        if not han and (second == 101 or second == 105 or second == 121):
            return _S, 1
    elif first == 110:
        if second == 103:
            return _NG, 2
    elif first == 120 and not han:
        return 255, 1
    elif first == 111:
        if second == 117 or second == 111:
            return _U, 2
    elif first == 101 and second == 101:
        return _I, 2
    return (_LETTER_HAN[first] if han else _LETTER[first]), 1


@njit(cache=True, nogil=True)
def encode_into(
    text: NDArray[np.uint8], start: int, end: int, han: bool, out: NDArray[np.uint8], at: int
) -> int:
    """Write the sounds of ``text[start:end]`` to ``out`` from ``at``; returns where they end."""
    first_out = at
    position = start
    while position < end and at - first_out < LONGEST_FORM - 1:
        sound, length = _sound_at(text, position, end, han)
        position += length
        if sound == 255:
            out[at] = _K
            out[at + 1] = _S
            at += 2
        elif sound != 0 and (at == first_out or out[at - 1] != sound):
            out[at] = sound
            at += 1
    if at - first_out >= 3 and out[at - 1] == _H and IS_VOWEL[out[at - 2]]:
        at -= 1
    return at


@njit(cache=True, nogil=True)
def encode_many(
    text: NDArray[np.uint8], bounds: NDArray[np.int64], han: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.void]]:
    """The sounds of many readings written end to end; returns codes and a FORM_ROW a reading."""
    count = bounds.size - 1
    out = np.empty(2 * text.size + 2, np.uint8)
    rows = np.empty(count, FORM_ROW)
    at = 0
    for form in range(count):
        end = encode_into(text, bounds[form], bounds[form + 1], han[form], out, at)
        classes = 0
        for position in range(at, end):
            if COARSE[out[position]] > 0:
                classes |= 1 << (COARSE[out[position]] - 1)
        rows[form].start = at
        rows[form].length = end - at
        rows[form].classes = classes
        at = end
    return out[:at], rows


def encode_one(form: str, *, han: bool) -> NDArray[np.uint8]:
    """The sound codes of one reading (ASCII a-z); letters outside a-z are left out."""
    text = np.frombuffer(form.encode("ascii", "ignore"), np.uint8)
    out = np.empty(2 * text.size + 2, np.uint8)
    return out[: encode_into(text, 0, text.size, han, out, 0)]


def decode(codes: NDArray[np.uint8]) -> str:
    """Sound codes as letters, for tests and explanations."""
    return "".join(SOUNDS[code] for code in codes)
