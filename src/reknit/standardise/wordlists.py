"""Closed lists of words in many languages: sexes, relations, months, words for "unknown".

Rules: a word is looked up as written, then folded: lower case, no marks, one letter for the
Arabic, Persian and Urdu forms of alef, yeh, kaf and heh, one for the Ethiopic letters that sound
alike, no apostrophes. A table has two columns: the value, and its words divided by "|".

>>> fold_phrase("Née  à"), fold_phrase("أُمّ") == fold_phrase("ام")
('nee a', True)
>>> look_up("relations.tsv", "бабушка"), is_unknown("غير معروف")
('grandmother', True)
"""

from __future__ import annotations

from functools import cache

from reknit.standardise.scripts import clean_text, strip_marks
from reknit.standardise.tables import rows

_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ئ": "ي",
        "ے": "ي", "ك": "ک", "ګ": "گ", "ڪ": "ک", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه",
        "ۃ": "ه", "ؤ": "و", "'": None,
    }
)  # fmt: skip
# Series of seven orders: ሐ and ኀ sound as ሀ, ሠ as ሰ, ዐ as አ, ፀ as ጸ; the first and fourth order
# of ሀ and አ sound alike.
_ETHIOPIC = {
    first + order: target + order
    for first, target in ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230),
                          (0x12D0, 0x12A0), (0x1340, 0x1338))
    for order in range(7)
} | {0x1203: 0x1200, 0x1213: 0x1200, 0x1283: 0x1200, 0x12A3: 0x12A0, 0x12D3: 0x12A0}  # fmt: skip


def fold_phrase(text: str) -> str:
    """Words as they are compared: folded, single spaces."""
    if text.isascii():
        return " ".join(text.replace("'", "").lower().split())
    folded = strip_marks(clean_text(text).casefold()).translate(_LETTERS).translate(_ETHIOPIC)
    return " ".join(folded.split())


def look_up(name: str, text: str) -> str | None:
    """The value that a packaged table gives a word: as written if it can, else folded.

    A folded word that two values share (ba, bà) counts for neither.
    """
    exact, folded = _word_table(name)
    return exact.get(text.casefold()) or folded.get(fold_phrase(text))


def folded_table(name: str) -> dict[str, str]:
    """A packaged table as {folded word: value}, without words that two values share."""
    return _word_table(name)[1]


@cache
def _word_table(name: str) -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    shared: set[str] = set()
    for value, words in rows(name):
        for word in words.split("|"):
            exact.setdefault(clean_text(word).casefold(), value)
            key = fold_phrase(word)
            if folded.setdefault(key, value) != value:
                shared.add(key)
    return exact, {key: value for key, value in folded.items() if key not in shared}


def is_unknown(text: str) -> bool:
    """True when a cell says that its writer did not know: blank, '-', 'n/a', 'غير معروف'."""
    bare = text.strip(" \t\r\n.-_/\\?؟*()[]:–—")
    return not bare or look_up("unknown.tsv", bare) is not None
