"""What a linear model sees of a message: pieces of words, words, pairs of words, and senses.

Rules: letters are folded as for the lexicons; a piece is 1 to 5 letters within a word, its edges
marked; each family of features is scaled to length one by itself, so that many letters do not
drown few senses; within it a feature counts 1 + ln(count).

>>> seen = features_of(read_signals("no water", "en"))
>>> seen["senses"]["water, lacking"], "wat" in seen["pieces"], seen["words"]["no water"]
(1, True, 1)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from reknit.language.lexicons import senses
from reknit.language.signals import Signals, read_signals

__all__ = ["FAMILIES", "features_of", "read_signals"]

FAMILIES = ("pieces", "words", "senses")
_LONGEST_PIECE = 5
_MOST_WORDS = 600


def features_of(signals: Signals) -> Mapping[str, Counter[str]]:
    """The counts of each family of features."""
    words = [word.text for word in signals.folded.words[:_MOST_WORDS]]
    pieces: Counter[str] = Counter()
    for word in words:
        marked = f" {word} "
        for size in range(1, _LONGEST_PIECE + 1):
            for at in range(len(marked) - size + 1):
                pieces[marked[at : at + size]] += 1
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return {"pieces": pieces, "words": Counter([*words, *pairs]), "senses": _senses(signals)}


def _senses(signals: Signals) -> Counter[str]:
    found: Counter[str] = Counter()
    known = senses()
    for signal in signals.said:
        found[signal.sense] += 1
        if signal.lacking:
            found[f"{signal.sense}, lacking"] += 1
        if signal.needed:
            found[f"{signal.sense}, needed"] += 1
        for category in known[signal.sense].categories:
            found[f"about {category}"] += 1
    length = len(signals.folded.words)
    found[f"length {min(length.bit_length(), 8)}"] += 1
    return found
