"""How common a name is where it is used: the background against which a match is graded.

Rules
 data/name_frequencies.csv, written by the project from general knowledge, gives for the commonest
 names the approximate share of people, in the populations that use it, who bear it as one of
 their names. A word that no row knows counts as borne by one in 16,384.

>>> background_share(NameToken("محمد", ("muhammad",), Script.ARABIC))
0.08
"""

from __future__ import annotations

from functools import lru_cache

from reknit.standardise.groups import groups_of
from reknit.standardise.nicknames import symbols_of
from reknit.standardise.tables import text_of
from reknit.vocabulary.names import NameToken, Script

RARE = 2.0**-14
_LIKELY = 2


@lru_cache(maxsize=1)
def _shares() -> tuple[dict[str, float], dict[str, float]]:
    by_word: dict[str, float] = {}
    by_symbol: dict[str, float] = {}
    for line in text_of("name_frequencies.csv").splitlines():
        if not line or line.startswith(("#", "name,")):
            continue
        name, share = line.split(",")
        by_word[name] = max(by_word.get(name, 0.0), float(share))
        for symbol in (*groups_of(name, Script.LATIN), *symbols_of(name)):
            by_symbol[symbol] = max(by_symbol.get(symbol, 0.0), float(share))
    return by_word, by_symbol


def background_share(token: NameToken) -> float:
    """The share of people who bear this name, by its text, its readings, or its symbols."""
    by_word, by_symbol = _shares()
    words = (by_word.get(word, RARE) for word in (token.text, *token.forms[:_LIKELY]))
    return max(*words, *(by_symbol.get(symbol, RARE) for symbol in token.symbols), RARE)
