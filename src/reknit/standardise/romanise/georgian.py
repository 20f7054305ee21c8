"""Georgian: the national system, whose letters are also its sounds.

>>> list(read("გიორგი"))
['giorgi']
"""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = str.maketrans(
    {
        "ა": "a", "ბ": "b", "გ": "g", "დ": "d", "ე": "e", "ვ": "v", "ზ": "z", "თ": "t", "ი": "i",
        "კ": "k", "ლ": "l", "მ": "m", "ნ": "n", "ო": "o", "პ": "p", "ჟ": "zh", "რ": "r", "ს": "s",
        "ტ": "t", "უ": "u", "ფ": "p", "ქ": "k", "ღ": "gh", "ყ": "q", "შ": "sh", "ჩ": "ch",
        "ც": "ts", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh", "ჯ": "j", "ჰ": "h", "ჲ": "i",
    }
)  # fmt: skip


def read(word: str) -> Iterator[str]:
    """The national reading; names from abroad also with f, which Georgian writes as p."""
    yield word.translate(_LETTERS)
    if "ფ" in word:
        yield word.replace("ფ", "f").translate(_LETTERS)
