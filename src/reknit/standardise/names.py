"""Names: text in, PersonName out, in every script.

Rules
 The original is kept to the letter. Tokens stand in written order; particles and honorifics are
 none; junk has none at all. A word is analysed once and the answer kept.
 Law: when every word of a text is plain (`is_plain_word`) and no word is junk, the tokens of the
 text are those of its words: the engine standardises a million names by their distinct words.

>>> [token.forms[0] for token in standardise_name("Mr. Ivan Petrov").tokens]
['ivan', 'petrov']
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from reknit.standardise import groups, nicknames
from reknit.standardise.junk import is_junk_word, junk_reason
from reknit.standardise.romanise import distinct, readings
from reknit.standardise.scripts import fold_word, script_of
from reknit.standardise.words import Word, kind_of, name_words
from reknit.vocabulary.names import NameToken, PersonName, Script, TokenRole


@lru_cache(maxsize=1 << 17)
def analyse_word(word: str) -> NameToken:
    """The token of one lower-case word that is already split off and clean."""
    script = script_of(word)
    text = fold_word(word, script)
    role = TokenRole.INITIAL if len(text) == 1 and script is Script.LATIN else TokenRole.UNKNOWN
    symbols = nicknames.symbols_of(text).union(groups.groups_of(text, script))
    forms = distinct((*groups.spellings_of(text, script), *readings(word, script)))
    return NameToken(text, forms, script, role, symbols)


def is_plain_word(word: str) -> bool:
    """True for a lower-case ASCII word that means the same wherever it stands in a name."""
    return (
        len(word) > 1
        and word.isascii()
        and word.isalpha()
        and kind_of(word) is None
        and not is_junk_word(word)
    )


def standardise_name(text: str, *, given: str = "", family: str = "") -> PersonName:
    """One written form of a name; `given` and `family` say which words play which part."""
    original = text or " ".join(part for part in (given, family) if part)
    reason = junk_reason(original)
    if reason is not None:
        return PersonName(original, (), script_of(original), reason)
    parts = _parts(given, family)
    tokens = tuple(_token(word, parts) for word in name_words(original))
    return PersonName(original, tuple(t for t in tokens if t.forms), script_of(original))


def standardise_names(
    full_name: str, given: str = "", family: str = "", alternate_names: str = ""
) -> tuple[PersonName, ...]:
    """All the forms of a record's name: cells hold one a line; each different form once."""
    written = [line.strip() for line in full_name.splitlines() if line.strip()]
    if not written and (given or family):
        written = [""]
    names = [standardise_name(line, given=given, family=family) for line in written]
    names += [standardise_name(line) for line in alternate_names.splitlines() if line.strip()]
    return tuple({(name.tokens, name.junk): name for name in reversed(names)}.values())[::-1]


def _parts(given: str, family: str) -> dict[str, TokenRole]:
    parts = {word.text: TokenRole.GIVEN for word in name_words(given)} if given else {}
    if family:
        parts |= {word.text: TokenRole.FAMILY for word in name_words(family)}
    return parts


def _token(word: Word, parts: dict[str, TokenRole]) -> NameToken:
    token = analyse_word(word.text)
    role = parts.get(word.text, token.role)
    return token if role is token.role else replace(token, role=role)
