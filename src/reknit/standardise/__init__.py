"""Text in, values out."""

from reknit.standardise.errors import StandardiseError, TableError
from reknit.standardise.frequencies import background_share
from reknit.standardise.names import (
    analyse_word,
    is_plain_word,
    standardise_name,
    standardise_names,
)

__all__ = [
    "StandardiseError",
    "TableError",
    "analyse_word",
    "background_share",
    "is_plain_word",
    "standardise_name",
    "standardise_names",
]
