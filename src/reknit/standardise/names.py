"""Names: text in, PersonName out, in every script.

Rules
 The original is kept to the letter. Tokens stand in written order; particles and titles are none;
 junk has none at all. A word is analysed once and the answer kept.
 Law: for a text of plain words (`plain_words`), the tokens of the text are those of its words: the
 engine standardises a million names by their distinct words.
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

from reknit.standardise import groups, kinds, nicknames
from reknit.standardise.junk import is_junk_word, junk_reason
from reknit.standardise.romanise import distinct, latin, readings
from reknit.standardise.scripts import fold_word, script_of
from reknit.standardise.splitting import Word
from reknit.standardise.words import name_words
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
    tokens = tuple(_token(word, parts) for word in name_words(original))
    return PersonName(original, tuple(t for t in tokens if t.forms), script_of(original))


def _plain_tokens(words: tuple[str, ...], given: str, family: str) -> tuple[NameToken, ...]:
    tokens = tuple(map(analyse_word, words))
    if not (given or family):
        return tokens
    roles = dict.fromkeys(given.lower().split(), TokenRole.GIVEN)
    roles |= dict.fromkeys(family.lower().split(), TokenRole.FAMILY)
    return tuple(
        replace(token, role=roles[token.text]) if token.text in roles else token for token in tokens
    )


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


def _token(word: Word, parts: dict[str, TokenRole]) -> NameToken:
    token = analyse_word(word.text)
    role = parts.get(word.text) or word.role or token.role
    if token.role in (TokenRole.INITIAL, TokenRole.PATRONYMIC) and role is not TokenRole.FAMILY:
        role = token.role
    return token if role is token.role else replace(token, role=role)


__all__ = [
    "analyse_word",
    "is_plain_word",
    "plain_words",
    "standardise_name",
    "standardise_names",
    "written_forms",
]
