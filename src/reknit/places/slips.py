"""Which letters a slip of the finger or the pen may put into a name, by its script.

Rules kept here:
- Alphabets have a list of letters; every text one slip away is tried (`hashing.slipped`).
- Scripts with hundreds of signs (Han, kana, Hangul, Ethiopic, Burmese, Indic …) have none: their
  names are entered with each sign left out in turn, and met there.
- Names shorter than four letters, or three such signs, have too many neighbours to say anything.
"""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA

_ALPHABETS: Final = (
    ("a", "z", "abcdefghijklmnopqrstuvwxyz "),
    ("а", "ӿ", "абвгдежзиклмнопрстуфхцчшщъыьэюяєіђјљњћџқңғүұөәһ "),
    ("\u0621", "\u06ff", "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگڤٹڈڑ "),
    ("\u05d0", "\u05ea", "אבגדהוזחטיכלמנסעפצקרשת "),
    ("\u0370", "\u03ff", "αβγδεζηθικλμνξοπρστυφχψω "),
    ("\u10d0", "\u10ff", "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ "),
    ("\u0561", "\u0587", "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ "),
)
_MIN_LETTERS: Final = 4
_MIN_SIGNS: Final = 3


def letters_for(text: str) -> str:
    """The letters of the script of a folded text's first letter; empty where it has no alphabet."""
    for first, last, letters in _ALPHABETS:
        if first <= text[:1] <= last:
            return letters
    return ""


def is_long_enough(text: str, letters: str) -> bool:
    """Is a folded text long enough for its neighbours to mean something?"""
    return len(text) >= (_MIN_LETTERS if letters else _MIN_SIGNS)


def is_one_slip(text: str, other: str) -> bool:
    """Is the other text one letter out, in, changed or swapped away?

    Optimal string alignment distance: L. Boytsov, "Indexing methods for approximate dictionary
    searching", ACM Journal of Experimental Algorithmics 16, 2011.
    """
    return OSA.distance(text, other, score_cutoff=1) == 1
