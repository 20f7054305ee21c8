"""Telephone numbers: as dialled from anywhere, and as a key on which two spellings meet.

Rules:
- `match_key` is the last nine digits of the national number, which E.164 (ITU-T, 2010) bounds at
  15 digits with the country code: a calling code after + or 00, trunk zeros, spaces, extensions
  and brackets do not count, so "+380 67 123 4567" and "067 123-45-67" share one key.
- A number of fewer than 7 digits, a masked one (067 *** ** 67), a repeated (0000000) or counted
  (123456789) one has the key 0, which matches nothing. Zeros after the calling code count as
  digits: made-up numbers are given codes like 000, which nobody has, and are still numbers.
- `e164` comes from libphonenumber's metadata and is None where the number is not valid there, or
  where neither the number nor the caller says the country.

>>> standardise_phone("067 123-45-67", region="UA").e164
'+380671234567'
>>> phone_match_key("+380 67 123 4567") == phone_match_key("٠٦٧ ١٢٣ ٤٥ ٦٧") == 671234567
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise.digits import fold_digits
from reknit.standardise.scripts import clean_text

# E.164 country codes are prefix-free: these of one and two digits, all others of three.
SHORT_CODES = frozenset(
    map(
        str,
        (1, 7, 20, 27, *range(30, 35), 36, 39, 40, 41, *range(43, 50), *range(51, 59),
         *range(60, 67), 81, 82, 84, 86, *range(90, 96), 98),
    )
)  # fmt: skip
_PLAIN = re.compile(r"[+(]*\d[\d ().-]{5,24}", re.ASCII)
_NO_DIGITS = {n: None for n in range(128) if not chr(n).isdigit()}
_EXTENSION = re.compile(
    r"\s*(?:[xX#]|ext\.?|extension|доб\.?|дод\.?|تحويلة|داخلي|poste|int\.)\s*\d{1,6}\s*$"
)
_SEVERAL = re.compile(r"\s*(?:[/,;|&،؛]|\bor\b|\bou\b|\bo\b|\band\b|\bили\b|\bабо\b|أو)\s*")
_MASKED = re.compile(r"[*•●_?]|[xX]{2,}|\.{3,}|…")
_REPEATED = re.compile(r"(\d)\1{6}")
_COUNTED = "01234567890123456789 98765432109876543210"
_SHORTEST, _LONGEST, _KEY_DIGITS = 7, 20, 9
_FEWEST_AFTER_ZEROS = 4


@dataclass(frozen=True, slots=True)
class Phone:
    """A number: e164 ("+380671234567") or None, its digits as written, and its key (0: none)."""

    e164: str | None
    digits: str
    match_key: int


@lru_cache(maxsize=16384)
def standardise_phone(text: str, region: str | None = None) -> Phone:
    """The number a cell names; `region` (ISO 3166-1 alpha-2) is where a local one is dialled."""
    number = _one_number(text)
    digits = "".join(c for c in number if c in "0123456789")
    key = _key(number, digits)
    return Phone(_e164(number, digits, region) if key else None, digits, key)


def phone_match_key(text: str) -> int:
    """The key on which two spellings of a number agree; 0 when the text has none."""
    if _PLAIN.fullmatch(text) and "..." not in text:
        return _key(text, text.translate(_NO_DIGITS))
    number = _one_number(text)
    return _key(number, "".join(c for c in number if c in "0123456789"))


def _one_number(text: str) -> str:
    """The first number of a cell, in ASCII digits, without an extension; "" when masked."""
    text = fold_digits(clean_text(text))
    if _MASKED.search(text):
        return ""
    parts = [part for part in _SEVERAL.split(text) if sum(map(str.isdecimal, part)) >= _SHORTEST]
    return _EXTENSION.sub("", parts[0]) if parts else text


def _key(number: str, digits: str) -> int:
    if not _SHORTEST <= len(digits) <= _LONGEST:
        return 0
    if digits.startswith("00"):
        national = _without_code(digits[2:])
    elif "+" in number:
        national = _without_code(digits)
    else:
        national = digits
    if len(national) < _SHORTEST:
        return 0
    tail = national.lstrip("0")[-_KEY_DIGITS:]
    if len(tail) < _FEWEST_AFTER_ZEROS or _REPEATED.search(tail) or tail in _COUNTED:
        return 0
    return int(tail)


def _without_code(digits: str) -> str:
    if digits[:1] in SHORT_CODES:
        return digits[1:]
    return digits[2:] if digits[:2] in SHORT_CODES else digits[3:]


def _e164(number: str, digits: str, region: str | None) -> str | None:
    import phonenumbers

    written = f"+{digits[2:]}" if digits.startswith("00") else number
    try:
        parsed = phonenumbers.parse(written, region and region.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
