"""What each word does in a name: which are names, which belong together, whose they are.

Rules
 Particles (al, von, de la), titles (Dr, Haji, U) and "son of" drop out as long as a name is left;
 data/word_kinds.tsv says which words these are, in every script. Compounds are one word:
 Abd al-Rahman, Abu Bakr, Saif al-Din, Gebre Mariam, Saint Louis.
 Roles are told by "FAMILY, Given", by capitals beside ordinary words ("Andrei KLYCHKOV"), by
 "son of" (bin, oglu), and by scripts that write the family first.

>>> [word.text for word in name_words("Dr. Abd al-Rahman bin Ali")]
['abdalrahman', 'ali']
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from reknit.standardise import kinds
from reknit.standardise.junk import is_placeholder
from reknit.standardise.kinds import Kind
from reknit.standardise.scripts import fold_word
from reknit.standardise.splitting import Word, split
from reknit.vocabulary.names import Script, TokenRole

_UPPER_SCRIPTS = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK, Script.ARMENIAN})
_MOST_INITIALS = 3
_VOWEL = re.compile("[aeiouyаеиоуыэюяіїєαεηιουω]")
_SHORTEST_AFTER_ARTICLE = 3
_ROLE_KINDS = (Kind.TITLE, Kind.TITLE_AFTER, Kind.TITLE_OR_NAME)


def name_words(text: str, *, full: bool = True) -> list[Word]:
    """The words that name someone, in written order; `full` as in `split`."""
    return _join(_drop(_mark_roles(text, split(text, full=full))))


def _mark_roles(text: str, words: list[Word]) -> list[Word]:
    """Roles that the writing tells: a comma, capitals."""
    before, comma, after = text.partition(",")
    if comma and "," not in after:
        count = len(split(before))
        rest = words[count:]
        plain = all(word.kind not in (*_ROLE_KINDS, Kind.SUFFIX, Kind.PARTICLE) for word in rest)
        if count and rest and count <= 3 and plain:
            family = [replace(word, role=TokenRole.FAMILY) for word in words[:count]]
            given = [replace(word, role=TokenRole.GIVEN) for word in rest]
            # "Rahman, Abdul" is Abdul Rahman: the halves of a compound must meet.
            return given + family if rest[-1].kind is Kind.JOINS_NEXT else family + given
        return words
    told = [role_told(word) for word in words]
    if TokenRole.FAMILY not in told or not any(map(is_ordinary, words)):
        return words
    marked: list[Word] = []
    for word, role in zip(words, told, strict=True):
        if role is TokenRole.UNKNOWN:
            marked.append(word)
        elif role is TokenRole.FAMILY and are_letters(word):
            marked += [Word(letter, letter, word.script) for letter in word.text]
        else:
            marked.append(replace(word, role=role))
    return marked


def role_told(word: Word) -> TokenRole:
    """What its capitals tell of a word that names someone, where a text has some words in capitals
    and some in ordinary letters; UNKNOWN in a script without capitals."""
    if word.kind is not None or word.script not in _UPPER_SCRIPTS:
        return TokenRole.UNKNOWN
    in_capitals = word.written.isupper() and len(word.text) > 1
    return TokenRole.FAMILY if in_capitals else TokenRole.GIVEN


def is_ordinary(word: Word) -> bool:
    """Is it a name in ordinary letters after the first?"""
    return role_told(word) is TokenRole.GIVEN and word.written[1:].islower()


def are_letters(word: Word) -> bool:
    """In capitals beside ordinary words: are they initials? (JR, MK)"""
    return len(word.text) <= _MOST_INITIALS and not _VOWEL.search(word.text)


def _drop(words: list[Word]) -> list[Word]:
    """Without particles and titles, as long as a name is left; fathers' words marked."""
    if len(words) > 1:
        known = [word for word in words if not _stands_for_none(word.text, word.script)]
        words = known or words
    if all(word.kind is None for word in words):
        return words
    names = sum(word.kind in kinds.NAMING or word.kind is Kind.SUN_ARTICLE for word in words)
    if not names:
        return [replace(word, kind=None) for word in words]
    kept: list[Word] = []
    father = False
    for place, word in enumerate(words):
        first, last = not kept, place == len(words) - 1
        if word.kind is Kind.SUN_ARTICLE:
            article = not last and _is_article(word, words[place + 1])
            word = replace(word, kind=Kind.ARTICLE if article else None)
        drops = _drops(word.kind, first=first, last=last, names=names)
        if drops:
            father = father or (word.kind is Kind.FATHERS and not first)
            if word.kind is Kind.ARTICLE and not last:
                kept.append(word)
            continue
        if father and word.kind in kinds.NAMING:
            word = replace(word, role=TokenRole.PATRONYMIC)
            father = False
        kept.append(word if word.kind in kinds.NAMING else replace(word, kind=None))
    return kept


@lru_cache(maxsize=1 << 16)
def _stands_for_none(text: str, script: Script) -> bool:
    return is_placeholder(fold_word(text, script))


def _is_article(word: Word, following: Word) -> bool:
    """The l of al- has become the consonant that follows: ar-Rahman, ud-Din."""
    alike = following.text.startswith(word.text[1:])
    return alike and (following.kind is Kind.FAITH or len(following.text) > _SHORTEST_AFTER_ARTICLE)


def _drops(kind: Kind | None, *, first: bool, last: bool, names: int) -> bool:
    if kind is None:
        return False
    if kind in (Kind.ARTICLE, Kind.PARTICLE):
        return not last
    if kind is Kind.PARTICLE_OR_NAME:
        return not first and not last
    if kind is Kind.FATHERS:
        return not last and not (first and names == 1)
    if kind is Kind.TITLE:
        return first or (names > 1 and not last)
    if kind is Kind.RANK:
        return first
    if kind is Kind.TITLE_OR_NAME:
        return first and names > 1
    if kind is Kind.TITLE_AFTER:
        return not first
    return kind is Kind.SUFFIX and not first


def _join(words: list[Word]) -> list[Word]:
    """Compounds as one word each; articles gone."""
    joined: list[Word] = []
    pending: Word | None = None
    after_article = False
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word.kind is Kind.ARTICLE:
            if pending is not None and pending.kind is Kind.JOINS_NEXT:
                pending = replace(pending, text=pending.text + kinds.article_in(pending.text))
            after_article = True
            continue
        if pending is not None:
            joined.append(_one(pending, word))
            pending = None
        elif word.kind in (Kind.JOINS_NEXT, Kind.SAINT) and not last:
            pending = replace(word, text="saint") if word.kind is Kind.SAINT else word
        elif joined and (
            word.kind is Kind.JOINS_LAST or (after_article and word.kind is Kind.FAITH)
        ):
            joined.append(
                _one(joined.pop(), word, kinds.article_in(word.text) if after_article else "")
            )
        elif joined and word.kind is Kind.ETHIOPIC_NOUN and joined[-1].kind is Kind.ETHIOPIC_STEM:
            joined.append(_one(joined.pop(), word))
        else:
            joined.append(word)
        after_article = False
    if pending is not None:
        joined.append(pending)
    return joined


def _one(left: Word, right: Word, between: str = "") -> Word:
    role = right.role or left.role
    return Word(left.text + between + right.text, left.written, right.script, role)
