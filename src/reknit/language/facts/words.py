"""What kind of word a word of the message is, as far as names and places ask.

Rules: a word of the lexicon, a small word of the language and a listed organisation or greeting is
no name; a word is a known name where the name groups, the lists of common names or this room's own
(data/known_names.tsv, for writings in which those have few) have it, also without the case ending
that Ukrainian, Russian, Amharic or Bengali writes onto it.
"""

from __future__ import annotations

from functools import cache, lru_cache

from reknit.language.facts.spans import Reading
from reknit.language.folding import fold_text
from reknit.language.tables import rows
from reknit.standardise import analyse_word, background_share
from reknit.standardise.frequencies import RARE

_ENDINGS = {
    "uk": (("у", "а"), ("ю", "я"), ("а", ""), ("я", "й"), ("и", "а"), ("і", "а"), ("ої", "а"),
           ("ою", "ою"), ("ом", ""), ("ові", ""), ("ого", "ий"), ("ую", "ая"), ("єю", "я"),
           ("ії", "ія"), ("ію", "ія"), ("ка", "ко"), ("ла", "ло")),
    "ru": (("у", "а"), ("ю", "я"), ("а", ""), ("я", "й"), ("ы", "а"), ("и", "я"), ("е", "а"),
           ("ой", "а"), ("ом", ""), ("ого", "ий"), ("ую", "ая"), ("ию", "ия"), ("ии", "ия"),
           ("ей", "я"), ("ем", "й")),
    "am": (("ን", ""),),
    "ti": (("ን", ""),),
    "tr": (("i", ""), ("yi", ""), ("in", ""), ("nin", ""), ("u", ""), ("a", ""), ("e", "")),
    "bn": (("কে", ""), ("ের", ""), ("র", ""), ("য়ের", ""), ("রা", ""), ("কেও", "")),
}  # fmt: skip


@cache
def small_words(language: str) -> frozenset[str]:
    """The folded small words of a language (Kurdish in both its writings)."""
    wanted = {language, f"{language}-Arab"}
    return frozenset(
        fold_text(word)
        for code, words in rows("function_words.tsv")
        if code in wanted
        for word in words.split("|")
    )


@cache
def not_names() -> frozenset[str]:
    """Folded words that are capitalised and name nobody."""
    return frozenset(
        fold_text(word) for _, words in rows("not_names.tsv") for word in words.split("|")
    )


def is_known_name(word: str, language: str) -> bool:
    """Whether a word, as written, is a name that is known somewhere, in any case form."""
    return _is_known(word.lower().strip("'’.-"), language)


@lru_cache(maxsize=65536)
def is_common_name(word: str, language: str) -> bool:
    """Whether many people bear a name, by the lists of common names."""
    forms = _forms_of(word.lower().strip("'’.-"), language)
    return any(
        background_share(analyse_word(form)) > RARE or fold_text(form) in _listed_names(language)
        for form in forms
    )


def is_listed(word: str, language: str) -> bool:
    """Whether a word as written stands in data/known_names.tsv."""
    return fold_text(word) in _listed_names(language)


@cache
def _listed_names(language: str) -> frozenset[str]:
    """The folded names of data/known_names.tsv."""
    return frozenset(
        fold_text(word)
        for code, words, _ in rows("known_names.tsv", 3)
        if code == language
        for word in words.split("|")
    )


@lru_cache(maxsize=65536)
def _is_known(word: str, language: str) -> bool:
    if len(word) < 2:
        return False
    listed = _listed_names(language)
    return any(
        fold_text(form) in listed or _has_bearers(form) for form in _forms_of(word, language)
    )


def _forms_of(word: str, language: str) -> list[str]:
    forms = [word]
    for ending, whole in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            forms.append(word[: -len(ending)] + whole)
    return forms


def _has_bearers(word: str) -> bool:
    token = analyse_word(word)
    return bool(token.symbols) or background_share(token) > RARE


def is_capital(reading: Reading, place: int) -> bool:
    """Whether a word begins with a capital letter in the original."""
    first = reading.text[reading.words[place].start]
    return first.isupper()


def is_cased(reading: Reading, place: int) -> bool:
    """Whether a word is in a writing that has capitals."""
    first = reading.text[reading.words[place].start]
    return first.lower() != first.upper()


def has_case(reading: Reading) -> bool:
    """Whether capitals tell anything: the script has them, and the message is not all of one kind.

    A text typed in capitals throughout, or without any, tells nothing.
    """
    letters = [letter for letter in reading.text if letter.isalpha()]
    upper = sum(letter.isupper() for letter in letters)
    lower = sum(letter.islower() for letter in letters)
    return upper > 0 and lower > upper


def is_stop(reading: Reading, place: int) -> bool:
    """Whether a word is a number, a small word or one of the lexicon: none of a name's."""
    word = reading.words[place]
    language = reading.signals.language
    if word.text.isdigit() or word.text in small_words(language) or word.text in not_names():
        return True
    if any(one.end <= word.end for one in reading.starting.get(place, ())):
        return True
    return not reading.is_free(word.start, word.end)
