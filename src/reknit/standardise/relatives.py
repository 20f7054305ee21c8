"""The relatives of a person as a list writes them: one a line, `relation: name`.

Rules: the relation is read in the project's languages and may stand on either side of the colon
or in brackets after the name; what it is not known to be is OTHER. A line is never lost: one
without a readable relation keeps its name as OTHER, and is reported when it had a relation that
could not be read or no name.

>>> standardise_relatives("father: Idris\\nأم: أمل")[0]
(Relative(relation=<Relation.FATHER: 'father'>, name='Idris'), Relative(relation=<Relation.MOTHER: 'mother'>, name='أمل'))
"""  # noqa: E501  a doctest's result is one line

from __future__ import annotations

import re
from functools import lru_cache

from reknit.standardise.scripts import clean_text
from reknit.standardise.wordlists import is_unknown, look_up
from reknit.vocabulary import Relation, Relative

_COLON = re.compile(r"\s*(?::|：|\uFE55|׃|፡(?=\s)|፦|=|\t)\s*|\s+[-–—]\s+")
_BRACKETS = re.compile(r"^(?P<name>[^()（）\[\]]+)[(（\[](?P<relation>[^()（）\[\]]+)[)）\]]$")
_LINES = re.compile(r"[\n\r\u2028\u2029]+|\s*;\s*")
_SHOWN = 40


def standardise_relatives(cell: str) -> tuple[tuple[Relative, ...], tuple[str, ...]]:
    """The relatives a cell names, in its order, and a clause for each line that was not clean."""
    relatives: list[Relative] = []
    findings: list[str] = []
    for line in _LINES.split(cell):
        text = clean_text(line)
        if not text or is_unknown(text):
            continue
        relative, finding = _read_line(text)
        if relative is not None and relative not in relatives:
            relatives.append(relative)
        if finding is not None:
            findings.append(finding)
    return tuple(relatives), tuple(findings)


@lru_cache(maxsize=4096)
def standardise_relation(word: str) -> Relation | None:
    """The relation a word names in one of the project's languages; None when none is known."""
    value = look_up("relations.tsv", clean_text(word).strip(" .,;:*#()[]0123456789"))
    return None if value is None else Relation(value)


def _read_line(text: str) -> tuple[Relative | None, str | None]:
    bracket = _BRACKETS.match(text)
    if bracket is not None:
        relation = standardise_relation(bracket["relation"])
        if relation is not None:
            return Relative(relation, bracket["name"].strip()), None
    parts = _COLON.split(text, maxsplit=1)
    if len(parts) == 1:
        return Relative(Relation.OTHER, text), None
    word, name = parts[0], parts[1].strip(" :")
    relation = standardise_relation(word)
    if relation is None and standardise_relation(name) is not None:
        word, name, relation = name, word, standardise_relation(name)
    if is_unknown(name):
        return None, f"relative '{_shown(text)}' has no name; left out"
    if relation is None:
        kept = name if word else text.strip(" :")
        return Relative(
            Relation.OTHER, kept
        ), f"'{_shown(word)}' is no known relation; kept as other"
    return Relative(relation, name), None


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
