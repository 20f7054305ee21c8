"""Who is whom, how sure, and why.

    from reknit.matching import Model, PeopleIndex, compare_names, dedupe, match, train

Tables are polars data frames with the columns of the people tables, as text; every result says
what it rests on. Nothing is imported before it is asked for, so that `reknit --help` stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reknit.matching.candidates import Effort
    from reknit.matching.clusters import DedupeResult, dedupe
    from reknit.matching.engine import MatchResult, match, train
    from reknit.matching.errors import MatchingError
    from reknit.matching.evidence import Evidence
    from reknit.matching.index import Candidate, Explanation, PeopleIndex, explain_pair
    from reknit.matching.model import Model
    from reknit.matching.names import NameComparison, NamePairs, compare_names

_HOMES = {
    "Candidate": "index",
    "DedupeResult": "clusters",
    "Effort": "candidates",
    "Evidence": "evidence",
    "Explanation": "index",
    "MatchResult": "engine",
    "MatchingError": "errors",
    "Model": "model",
    "NameComparison": "names",
    "NamePairs": "names",
    "PeopleIndex": "index",
    "compare_names": "names",
    "dedupe": "clusters",
    "explain_pair": "index",
    "match": "engine",
    "train": "engine",
}

__all__ = [
    "Candidate",
    "DedupeResult",
    "Effort",
    "Evidence",
    "Explanation",
    "MatchResult",
    "MatchingError",
    "Model",
    "NameComparison",
    "NamePairs",
    "PeopleIndex",
    "compare_names",
    "dedupe",
    "explain_pair",
    "match",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
