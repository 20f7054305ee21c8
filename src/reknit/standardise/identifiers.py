"""Numbers that papers carry: one a line, `type: value`.

Rules: the type is one of a closed list in the project's languages, else as written in lower case;
a line without one has the type "other". The key keeps letters and digits only, in capitals, with
digits of any script as 0-9 and Cyrillic and Greek capitals that look Latin as Latin (passports
are copied from print). A key is empty, and matches nothing, where the value is a placeholder
(N/A, 0000, 123456789, XXXX), is masked, or has fewer than four characters.

>>> standardise_identifier("Паспорт: МЕ-123 457")
Identifier(type='passport', value='МЕ-123 457', match_key='ME123457')
>>> standardise_identifier("case: 0000").match_key
''
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise.digits import fold_digits
from reknit.standardise.scripts import clean_text
from reknit.standardise.wordlists import is_unknown, look_up

_COLON = re.compile(r"\s*[:：=\t׃፡፦]\s*")
_LOOKS = str.maketrans("АВСЕНІІКМОРТХУЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHIIKMOPTXYSJABEZHIKMNOPTYX")
_MASKED = re.compile(r"[*•●…]|\.{3,}|X{3,}$")
_COUNTED = "01234567890123456789 98765432109876543210"
_SHORTEST = 4
OTHER_TYPE = "other"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier: its kind, its value as written, and the key on which two writings agree."""

    type: str
    value: str
    match_key: str


@lru_cache(maxsize=16384)
def standardise_identifier(line: str) -> Identifier:
    """The identifier that a line names; the value is kept as written, cleaned of controls."""
    text = clean_text(line)
    parts = _COLON.split(text, maxsplit=1)
    if len(parts) == 2 and parts[0]:
        written, value = parts
        known = look_up("identifier_types.tsv", written.strip(" .#№"))
        return Identifier(known or written.lower(), value, _match_key(value))
    value = parts[-1]
    return Identifier(OTHER_TYPE, value, _match_key(value))


def _match_key(value: str) -> str:
    if is_unknown(value) or _MASKED.search(value.upper()):
        return ""
    if value.isascii():
        key = "".join(filter(str.isalnum, value.upper()))
    else:
        capitals = fold_digits(unicodedata.normalize("NFKC", value).upper()).translate(_LOOKS)
        key = "".join(filter(str.isalnum, capitals))
    if len(key) < _SHORTEST or len(set(key)) == 1 or key in _COUNTED:
        return ""
    return key
