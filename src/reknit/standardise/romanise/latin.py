"""Latin letters: as written without marks, then by what marks and digraphs say about sound.

>>> list(read("şükrü"))
['sukru', 'shukru']
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.scripts import strip_marks

_SOUNDS = str.maketrans(
    {
        "ş": "sh", "ș": "sh", "š": "sh", "ś": "sh", "ŝ": "sh", "ç": "ch", "č": "ch", "ć": "ch",
        "ž": "zh", "ż": "zh", "ź": "zh", "ñ": "ny", "ň": "ny", "ń": "ny", "ö": "oe", "ü": "ue",
        "ø": "oe", "å": "aa", "ä": "e", "ł": "w", "ğ": "", "ț": "ts", "ţ": "ts",
    }
)  # fmt: skip


def read(word: str) -> Iterator[str]:
    """Marks dropped; marks heard."""
    yield strip_marks(word)
    if not word.isascii():
        yield strip_marks(word.translate(_SOUNDS))
