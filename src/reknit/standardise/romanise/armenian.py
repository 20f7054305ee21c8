"""Armenian: Eastern readings first, Western (b and p, g and k, d and t exchanged) after.

>>> list(read("գրիգորյան"))[:2]
['grigoryan', 'krikoryan']
"""

from __future__ import annotations

from collections.abc import Iterator

_EASTERN = {
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "e", "թ": "t",
    "ժ": "zh", "ի": "i", "լ": "l", "խ": "kh", "ծ": "ts", "կ": "k", "հ": "h", "ձ": "dz", "ղ": "gh",
    "ճ": "ch", "մ": "m", "յ": "y", "ն": "n", "շ": "sh", "ո": "o", "չ": "ch", "պ": "p", "ջ": "j",
    "ռ": "r", "ս": "s", "վ": "v", "տ": "t", "ր": "r", "ց": "ts", "ւ": "v", "փ": "p", "ք": "k",
    "օ": "o", "ֆ": "f", "և": "ev",
}  # fmt: skip
_WESTERN = {
    **_EASTERN,
    "բ": "p", "գ": "k", "դ": "t", "պ": "b", "կ": "g", "տ": "d", "ձ": "ts", "ծ": "dz", "ճ": "j",
    "ջ": "ch",
}  # fmt: skip


def read(word: str) -> Iterator[str]:
    """Eastern, then Western."""
    word = word.replace("ու", "u").replace("եւ", "ev")
    word = "vo" + word[1:] if word.startswith("ո") and not word.startswith("ով") else word
    yield "".join(_EASTERN.get(letter, letter) for letter in word)
    yield "".join(_WESTERN.get(letter, letter) for letter in word)
