"""A person's sex as lists write it.

Rules: PFIF 1.4's three values; words and one-letter codes of the project's languages; M is
male (Spanish lists that write H and M for hombre and mujer must be mapped by whoever reads them);
the ISO/IEC 5218 digits (1 male, 2 female) are read too. What cannot be read is None.

>>> standardise_sex("أنثى"), standardise_sex("Чоловік"), standardise_sex("?")
(<Sex.FEMALE: 'female'>, <Sex.MALE: 'male'>, None)
"""

from __future__ import annotations

from functools import lru_cache

from reknit.standardise.digits import fold_digits
from reknit.standardise.scripts import clean_text
from reknit.standardise.wordlists import look_up
from reknit.vocabulary import Sex

_ISO_5218 = {"1": Sex.MALE, "2": Sex.FEMALE}


@lru_cache(maxsize=4096)
def standardise_sex(text: str) -> Sex | None:
    """The sex a cell names, None when it names none."""
    word = clean_text(text).strip(" .,;:()[]*")
    value = look_up("sexes.tsv", word) or look_up("sexes.tsv", word.replace(".", ""))
    return Sex(value) if value is not None else _ISO_5218.get(fold_digits(word))
