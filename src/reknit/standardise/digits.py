"""Digits of any writing system, as 0-9.

Rules: positional digits (Arabic-Indic, Persian, Devanagari, Bengali, Burmese, Thai, Khmer, full
width …) are replaced one by one. Ethiopic and Han numerals are not positional and are read as
whole numbers by `read_numerals`.

>>> fold_digits("٠٦٧ ۱۲۳ ၄၅")
'067 123 45'
>>> read_numerals("二〇〇一年五月十三日"), read_numerals("፲፱፻፺፭ ዓ.ም")
('2001年5月13日', '1995 ዓ.ም')
"""

from __future__ import annotations

import re

_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0e50\u0ed0\u0f20"
    "\u1040\u1090\u17e0\u1810\ua8d0\ua9d0\ua9f0\uff10"
)
_TO_ASCII = {ord(zero) + n: str(n) for zero in _ZEROS for n in range(10)}

_HAN_UNITS = {c: n for n, group in enumerate(("〇零○", "一壹", "二两兩貳贰", "三叁參", "四肆",
    "五伍", "六陆陸", "七柒", "八捌", "九玖")) for c in group}  # fmt: skip
_HAN_SCALES = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_HAN_TENS = {"廿": 20, "卅": 30}
_HAN_RUN = re.compile(f"[{''.join((*_HAN_UNITS, *_HAN_SCALES, *_HAN_TENS))}]{{1,12}}")
_ETHIOPIC_RUN = re.compile("[\u1369-\u137c]{1,12}")


def fold_digits(text: str) -> str:
    """The text with every positional digit as 0-9; all else as it was."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def read_numerals(text: str) -> str:
    """The text with positional digits folded, and Han and Ethiopic numerals as numbers."""
    if text.isascii():
        return text
    text = text.translate(_TO_ASCII)
    text = _ETHIOPIC_RUN.sub(lambda run: str(_ethiopic(run[0])), text)
    return _HAN_RUN.sub(lambda run: _han(run[0]), text)


def _ethiopic(run: str) -> int:
    """Ones and tens add up; the signs for 100 and 10,000 multiply what stands before them."""
    total, hundreds, group = 0, 0, 0
    for sign in run:
        place = ord(sign) - 0x1369
        if place < 9:
            group += place + 1
        elif place < 18:
            group += (place - 8) * 10
        elif place == 18:
            hundreds, group = hundreds + max(group, 1) * 100, 0
        else:
            total, hundreds, group = (total + max(hundreds + group, 1)) * 10_000, 0, 0
    return total + hundreds + group


def _han(run: str) -> str:
    """二〇〇一 digit by digit; 二十三 and 两千零一 by their scales."""
    if all(sign in _HAN_UNITS for sign in run):
        return "".join(str(_HAN_UNITS[sign]) for sign in run)
    total, unit = 0, 0
    for sign in run:
        if sign in _HAN_UNITS:
            unit = _HAN_UNITS[sign]
        elif sign in _HAN_TENS:
            total, unit = total + _HAN_TENS[sign], 0
        else:
            total, unit = total + max(unit, 1) * _HAN_SCALES[sign], 0
    return str(total + unit)
