"""Greek, by sound (ELOT 743 with its digraphs), and with the letters' classical values.

>>> list(read("γιώργος"))[0]
'giorgos'
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.scripts import strip_marks

_DIGRAPHS = (
    ("γγ", "ng"), ("γξ", "nx"), ("γχ", "nch"), ("γκ", "gk"), ("ντζ", "ntz"), ("ου", "ou"),
    ("αυ", "av"), ("ευ", "ev"), ("ηυ", "iv"),
)  # fmt: skip
_LETTERS = str.maketrans(
    {
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
        "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
        "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_LOANS = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("τζ", "j"), ("τσ", "ch"))


def read(word: str) -> Iterator[str]:
    """The Greek spelling, then the sound that a foreign name was written for."""
    plain = strip_marks(word)
    yield _spell(plain)
    loan = plain
    for greek, latin in _LOANS:
        loan = loan.replace(greek, latin)
    yield _spell(loan).replace("ch", "h").replace("ou", "u")


def _spell(word: str) -> str:
    for greek, latin in _DIGRAPHS:
        word = word.replace(greek, latin)
    return word.translate(_LETTERS)
