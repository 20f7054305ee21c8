"""Names: text in, PersonName out, in every script.

Rules
 The original is kept to the letter. Tokens stand in written order; particles and titles are none;
 junk has none at all. A word is analysed once and the answer kept.
 Law: for a text of plain words (`plain_words`, `read_alone`), the tokens of the text are those of
 its words: the engine standardises a million names by their distinct words.
 Parts of a name in a bracket or after "alias" are another form of it.

>>> [token.forms[0] for token in standardise_name("Mr. Ivan Petrov").tokens]
['ivan', 'petrov']
>>> standardise_name("Andrei KLYCHKOV").tokens[1].role
<TokenRole.FAMILY: 2>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from reknit.standardise import groups, kinds, nicknames
from reknit.standardise.junk import is_junk_word, junk_reason
from reknit.standardise.romanise import distinct, latin, readings
from reknit.standardise.scripts import LETTERS, clean_text, fold_word, script_of, script_of_letter
from reknit.standardise.splitting import one_word
from reknit.standardise.words import are_letters, is_ordinary, name_words, role_told
from reknit.vocabulary.names import NameToken, PersonName, Script, TokenRole

_PATRONYMIC = re.compile(
    "(?<=..)(?:ovich|evich|ovych|evych|[aei]vich|ovna|evna|ivna|ichna|[ae][uw]na"
    "|ович|евич|ьич|йович|ьович|овна|евна|івна|ївна|ична|инична|авич|аўна|еўна)$"
)
_PATRONYMIC_LAST = frozenset({"ch", "na", "ич", "на", "іч"})
_USUAL = 2  # readings likely enough to lend their nicknames
_NOT_LETTERS = re.compile("[^a-z]+")
_BRACKETS = re.compile(r"[(\[«\"“„]([^()\[\]«»\"“”„]*)[)\]»\"”]")
_ALIAS = re.compile(
    r"(?:\s*[;|]\s*|\s*/\s+|,?\s+(?:a\.?k\.?a\.?|alias|also known as|dit|dite|known as"
    r"|он же|він же|المعروف ب|الملقب ب|معروف به)\s+)",
    re.IGNORECASE,
)
_ALIAS_WORDS = frozenset(
    {"aka", "alias", "also", "dit", "dite", "known", "он", "він", "المعروف", "الملقب", "معروف"}
)
"""The words that an `_ALIAS` of words begins with."""


@lru_cache(maxsize=1 << 17)
def analyse_word(word: str) -> NameToken:
    """The token of one lower-case word that is already split off and clean."""
    if word.isascii():
        script, text = Script.LATIN, word if word.isalpha() else _NOT_LETTERS.sub("", word)
    else:
        script = script_of(word)
        text = fold_word(word, script).replace("-", "")
    symbols = nicknames.symbols_of(text)
    items = groups.groups_of(text, script)
    if items:
        symbols = symbols.union(items)
    if script is Script.LATIN:
        forms = latin.forms_of(word, text)
    else:
        forms = distinct(_forms(word, text, script))
        symbols = symbols.union(*map(nicknames.symbols_of, forms[:_USUAL]))
    return NameToken(text, forms, script, _role(text, script), symbols)


def _forms(word: str, text: str, script: Script) -> Iterator[str]:
    usual = groups.spellings_of(text, script)
    read = readings(word, script)
    if script in (Script.HAN, Script.HANGUL) and len(text) <= 2:
        # A surname or given name: how it sounds says more than who else is written so.
        yield from (*read[:3], *usual, *read[3:])
    else:
        yield from (*usual, *read)


def _role(text: str, script: Script) -> TokenRole:
    if script is Script.LATIN or script is Script.CYRILLIC:
        if len(text) == 1:
            return TokenRole.INITIAL
        if text[-2:] in _PATRONYMIC_LAST and _PATRONYMIC.search(text):
            return TokenRole.PATRONYMIC
    return TokenRole.UNKNOWN


@lru_cache(maxsize=1 << 17)
def is_plain_word(word: str) -> bool:
    """True for a lower-case ASCII word that means the same wherever it stands in a name."""
    return (
        len(word) > 1
        and word.isascii()
        and word.isalpha()
        and word.islower()
        and kinds.kind_of(word) is None
        and word not in kinds.expansions()
        and not is_junk_word(word)
        and _role(word, Script.LATIN) is TokenRole.UNKNOWN
    )


def plain_words(text: str) -> tuple[str, ...] | None:
    """The words of a text that is all plain, else None: then only `standardise_name` reads it."""
    words = tuple(text.lower().split())
    if not words or not all(map(is_plain_word, words)):
        return None
    # Capitals beside ordinary words tell roles, which single words cannot.
    return words if text.islower() or text.isupper() or text.istitle() else None


class PlainWord(NamedTuple):
    """A written word that means the same whatever stands beside it, in any script.

    text: clean and in lower case, as the columns of the same name would have it; script: of all
    its letters. role_told, is_ordinary, are_letters: what its capitals tell beside others, as
    `words` says.
    """

    token: NameToken
    text: str
    script: Script
    role_told: TokenRole
    is_ordinary: bool
    are_letters: bool


def read_alone(written: str) -> PlainWord | None:
    """What one word (no spaces in it) gives to every name it stands in; None for a word whose
    neighbours matter: a particle, half of a compound, a single letter, an unspaced script's.

    >>> read_alone("Олександрович").token.role
    <TokenRole.PATRONYMIC: 3>
    >>> read_alone("عبد") is None  # half of a name
    True
    """
    if len(written) == 1 or "'" in written or not LETTERS.fullmatch(written):
        return None
    if clean_text(written) != written:
        return None
    word, lower = one_word(written), written.lower()
    if word is None or word.kind is not None or word.script in (Script.HAN, Script.HANGUL):
        return None
    folded = fold_word(lower, script_of(lower))
    if is_junk_word(folded) or lower in _ALIAS_WORDS:
        return None
    if word.text != lower and is_junk_word(fold_word(word.text, word.script)):
        return None
    if not (written.isascii() or _is_of(written, word.script)):
        return None
    token = analyse_word(word.text)
    if not token.forms or token.role is TokenRole.INITIAL:
        return None
    told = role_told(word)
    return PlainWord(
        token, word.text, word.script, told, is_ordinary(word), bool(told) and are_letters(word)
    )


def _is_of(word: str, script: Script) -> bool:
    """Are all its letters of this script?"""
    return all(script_of_letter(letter) in (script, Script.NONE) for letter in word)


def standardise_name(text: str, *, given: str = "", family: str = "") -> PersonName:
    """One written form of a name; `given` and `family` say which words play which part."""
    original = text or " ".join(part for part in (given, family) if part)
    words = plain_words(original)
    if words is not None:
        return PersonName(original, _plain_tokens(words, given, family), Script.LATIN)
    reason = junk_reason(original)
    if reason is not None:
        return PersonName(original, (), script_of(original), reason)
    parts = _parts(given, family)
    tokens = [_token(word.text, parts.get(word.text) or word.role) for word in name_words(original)]
    return PersonName(original, tuple([t for t in tokens if t.forms]), script_of(original))


def _plain_tokens(words: tuple[str, ...], given: str, family: str) -> tuple[NameToken, ...]:
    tokens = tuple(map(analyse_word, words))
    if not (given or family):
        return tokens
    roles = dict.fromkeys(given.lower().split(), TokenRole.GIVEN)
    roles |= dict.fromkeys(family.lower().split(), TokenRole.FAMILY)
    return tuple([_token(token.text, roles.get(token.text, TokenRole.UNKNOWN)) for token in tokens])


def standardise_names(
    full_name: str, given: str = "", family: str = "", alternate_names: str = ""
) -> tuple[PersonName, ...]:
    """All the forms of a record's name: cells hold one a line; each different form once."""
    names = [
        standardise_name(form, given=given, family=family) for form in written_forms(full_name)
    ]
    if given.strip() or family.strip():
        columns = standardise_name("", given=given, family=family)
        # The columns mostly repeat the full name; in another script they are another form.
        if not any(_texts(columns) <= _texts(name) for name in names):
            names.append(columns)
    names += [standardise_name(form) for form in written_forms(alternate_names)]
    if any(not name.is_empty for name in names):
        names = [name for name in names if not name.is_empty]
    found: dict[object, PersonName] = {}
    for name in names:
        found.setdefault((name.tokens, name.junk), name)
    return tuple(found.values())


def _texts(name: PersonName) -> set[str]:
    return {token.text for token in name.tokens}


def written_forms(cell: str) -> list[str]:
    """The forms of a name in a cell: one a line, and those in brackets or after "alias"."""
    forms: list[str] = []
    for line in cell.splitlines():
        for part in _ALIAS.split(line):
            inner = [found.strip() for found in _BRACKETS.findall(part)]
            outer = " ".join(_BRACKETS.sub(" ", part).split()) if inner else part.strip()
            forms += [form for form in (outer, *inner) if form]
    return forms


def _parts(given: str, family: str) -> dict[str, TokenRole]:
    parts = dict.fromkeys(_words_of_part(given), TokenRole.GIVEN)
    return parts | dict.fromkeys(_words_of_part(family), TokenRole.FAMILY)


@lru_cache(maxsize=1 << 15)
def _words_of_part(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in name_words(text, full=False))


@lru_cache(maxsize=1 << 17)
def _token(text: str, told: TokenRole) -> NameToken:
    """The token of a word that is told to play a part, or none."""
    token = analyse_word(text)
    role = told or token.role
    if token.role in (TokenRole.INITIAL, TokenRole.PATRONYMIC) and role is not TokenRole.FAMILY:
        role = token.role
    return token if role is token.role else replace(token, role=role)


__all__ = [
    "PlainWord",
    "analyse_word",
    "is_plain_word",
    "plain_words",
    "read_alone",
    "standardise_name",
    "standardise_names",
    "written_forms",
]
