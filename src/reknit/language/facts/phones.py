"""Telephone numbers as they are written in a message, in digits of any writing.

Rules: seven digits or more, with spaces, dots, dashes and brackets between; dates, and numbers
after a word for a case or a passport, are none. The value is E.164 where the number is valid (its
own code, or `region`), else its digits.

>>> found = find_phones(Reading(read_signals("tel ٠٤٧٠ ١٢ ٣٤ ٥٦", "ar")), "BE")
>>> [(fact.value, fact.start, fact.end) for fact in found]
[('+32470123456', 4, 17)]
"""

from __future__ import annotations

import re

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.values import Fact, FactKind, FactRole
from reknit.standardise import standardise_phone
from reknit.standardise.digits import fold_digits

__all__ = ["find_phones", "read_signals"]

_NUMBER = re.compile(r"(?<![\w@/#])(?:\+|00)?\s?\(?\d(?:[\d()]|[\s.\-/](?=[\d(])){5,22}\d(?![\w@])")
_DATE = re.compile(r"\d{1,2}([./\- ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./\- ])\d{1,2}\2\d{1,2}")
_NOT_A_PHONE = re.compile(
    r"(?:case|file|ref|passport|ticket|n[o°º]\s?id|dossier|expediente|folio|заявк\w*|справ\w*|дел\w*"
    r"|паспорт\w*|passeport|pasaporte|ملف|جواز|طلب رقم|پرونده|پاسپورت|#)"
    r"\W{0,3}(?:no|nr|num\w*|№|رقم)?\W{0,3}$",
    re.IGNORECASE,
)
_FEWEST, _MOST = 7, 15


def find_phones(reading: Reading, region: str | None = None) -> list[Fact]:
    """Every number. region: ISO 3166-1 alpha-2, where a local number would be dialled."""
    found = []
    text = fold_digits(reading.text).translate({0xFF0B: "+", 0x202A: " ", 0x202C: " ", 0xA0: " "})
    for match in _NUMBER.finditer(text):
        written = match[0]
        digits = re.sub(r"\D", "", written)
        if not _FEWEST <= len(digits) <= _MOST or _DATE.fullmatch(written.strip()):
            continue
        if _NOT_A_PHONE.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        start = match.start() + len(written) - len(written.lstrip())
        phone = standardise_phone(text[start : match.end()], region)
        found.append(Fact(FactKind.PHONE, phone.e164 or digits, start, match.end(), FactRole.OTHER))
    return found
