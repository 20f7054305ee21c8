"""In which two scripts the names of a pair are written: the models' finest division of pairs.

Rules: the two sides of a pair of scripts are one; a group stands for those of its pairs that a
model knows nothing more of. Codes below `len(SCRIPT_GROUPS)` are groups ("latin" is a pair too).

>>> code = script_pair(Script.ARABIC, Script.LATIN)
>>> code == script_pair(Script.LATIN, Script.ARABIC), SCRIPT_PAIRS[code]
(True, 'latin and arabic')
>>> SCRIPT_GROUPS[GROUP_OF_PAIR[code]]
'across scripts'
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from reknit.matching.people import SCRIPTS, PeopleArrays
from reknit.vocabulary import Script

I16 = npt.NDArray[np.int16]
SCRIPT_GROUPS: Final = ("latin", "same script", "across scripts")
_LATIN, _SAME, _ACROSS = range(3)
_OTHERS: Final = tuple(script for script in SCRIPTS if script is not Script.LATIN)
_CROSSED: Final = tuple(combinations(SCRIPTS, 2))
SCRIPT_PAIRS: Final = (
    *SCRIPT_GROUPS,
    *(str(script) for script in _OTHERS),
    *(f"{first} and {second}" for first, second in _CROSSED),
)
"""What each code stands for, as model files and reports say it."""

GROUP_OF_PAIR: Final = np.array(
    [_LATIN, _SAME, _ACROSS, *(_SAME for _ in _OTHERS), *(_ACROSS for _ in _CROSSED)], np.int8
)


def _code_of_scripts() -> I16:
    codes = np.zeros((len(SCRIPTS), len(SCRIPTS)), np.int16)
    scripts = [(script, script) for script in _OTHERS]
    for code, pair in enumerate([*scripts, *_CROSSED], start=len(SCRIPT_GROUPS)):
        first, second = map(SCRIPTS.index, pair)
        codes[first, second] = codes[second, first] = code
    return codes


_CODE_OF_SCRIPTS: Final = _code_of_scripts()


def script_pair(first: Script, second: Script) -> int:
    """The code of two scripts, in either order."""
    return int(_CODE_OF_SCRIPTS[SCRIPTS.index(first), SCRIPTS.index(second)])


def script_pairs(
    a: PeopleArrays, i: npt.NDArray[np.int32], b: PeopleArrays, j: npt.NDArray[np.int32]
) -> I16:
    """The code of each pair, i in a, j in b."""
    codes: I16 = _CODE_OF_SCRIPTS[a.script[i], b.script[j]]
    return codes


def count_script_pairs(a: PeopleArrays, b: PeopleArrays) -> npt.NDArray[np.float64]:
    """How many pairs of one of a and one of b there are of each code."""
    n = len(SCRIPTS)
    first, second = (np.bincount(people.script, minlength=n) for people in (a, b))
    every = np.outer(first, second).ravel().astype(np.float64)
    counts = np.bincount(_CODE_OF_SCRIPTS.ravel(), weights=every, minlength=len(SCRIPT_PAIRS))
    return counts.astype(np.float64)
