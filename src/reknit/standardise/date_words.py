"""The words of a written date: months in many calendars, signs for "about", joining words.

Rules: Gregorian months and weekdays come from CLDR (Unicode licence) through ICU; the months of
other calendars, dialect forms and all other words from data/date_words.tsv. A phrase of up to
four words is tried before its parts (كانون الثاني is January). In scripts written without
spaces known words are found inside a run of letters; elsewhere a case ending of one or two
letters may follow a known word (gulanê), and a one-letter "in" come before it (במאי). A name
that stands for two months in two languages stands for none.

>>> date_words("3 rabi al-awwal 1400 ah")[0].kinds
('hijri 3', 'calendar hijri')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from reknit.standardise.digits import read_numerals
from reknit.standardise.wordlists import fold_phrase, folded_table

_TOKEN = re.compile(r"[0-9]+|[^\s0-9,/\-()\[\]{}:;|\\\"«»“”<>+*=_]+")
_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
_LONGEST_PHRASE, _LONGEST_WORD = 4, 16
# "In" and "of", written together with the word: Hebrew, Amharic, Arabic.
_PREFIXES = "בלበብب"
_SIGNS = re.compile(r"[?~≈±؟]")
_LANGUAGES = (
    "en", "fr", "es", "pt", "ar", "fa", "ps", "ur", "uk", "ru", "tr", "ku", "ckb", "so",
    "sw", "am", "my", "zh", "vi", "bn", "he", "el", "hy", "ka", "th", "km", "hi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateWords:
    """The numbers of a text, the kinds of its known words, and its other words."""

    numbers: tuple[str, ...]
    kinds: tuple[str, ...]
    unread: tuple[str, ...]


def date_words(text: str) -> list[DateWords]:
    """The words of a folded text; two parts when it says one day in two calendars."""
    vocabulary = _vocabulary()
    tokens = _TOKEN.findall(_SIGNS.sub(" ~ ", text))
    parts = []
    numbers: list[str] = []
    kinds: list[str] = []
    unread: list[str] = []
    at = 0
    while at < len(tokens):
        kind, width = _longest_phrase(tokens, at, vocabulary)
        at += width
        if kind == "same":
            parts.append(DateWords(tuple(numbers), tuple(kinds), tuple(unread)))
            numbers, kinds, unread = [], [], []
        elif kind is not None:
            kinds.append(kind)
        elif tokens[at - 1][0] in "0123456789":
            numbers.append(tokens[at - 1])
        else:
            token = tokens[at - 1].replace(".", "")
            found = _inside(token, vocabulary)
            kinds += found
            unread += [] if found or not token else [token]
    return [*parts, DateWords(tuple(numbers), tuple(kinds), tuple(unread))]


def _longest_phrase(
    tokens: list[str], at: int, vocabulary: dict[str, str]
) -> tuple[str | None, int]:
    """The kind of the longest known phrase that starts at a token, and its width in tokens."""
    for width in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
        kind = vocabulary.get(" ".join(tokens[at : at + width]).replace(".", ""))
        if kind is not None:
            return kind, width
    return None, 1


def _inside(token: str, vocabulary: dict[str, str]) -> list[str]:
    """Known words within one written without spaces, after "in", before a short case ending."""
    if token and not _NO_SPACES.search(token):
        if token[0] in _PREFIXES and token[1:] in vocabulary:
            return [vocabulary[token[1:]]]
        for cut in (1, 2):
            if len(token) - cut >= 4 and token[:-cut] in vocabulary:
                return [vocabulary[token[:-cut]]]
        return []
    kinds = []
    at = 0
    while at < len(token):
        for end in range(min(len(token), at + _LONGEST_WORD), at, -1):
            if token[at:end] in vocabulary:
                kinds.append(vocabulary[token[at:end]])
                at = end
                break
        else:
            at += 1
    return kinds


@cache
def _vocabulary() -> dict[str, str]:
    """{phrase as tokens: kind}: CLDR's Gregorian months and weekdays, then the packaged words."""
    import icu

    names: dict[str, str] = {}
    shared: set[str] = set()

    def add(name: str, kind: str) -> None:
        phrase = _phrase(name)
        if len(phrase) > 1 and not phrase.isdigit() and names.setdefault(phrase, kind) != kind:
            shared.add(phrase)

    widths = icu.DateFormatSymbols.WIDE, icu.DateFormatSymbols.ABBREVIATED
    contexts = icu.DateFormatSymbols.FORMAT, icu.DateFormatSymbols.STANDALONE
    for language in _LANGUAGES:
        symbols = icu.DateFormatSymbols(icu.Locale(language))
        for width in widths:
            for context in contexts:
                for number, name in enumerate(symbols.getMonths(context, width), 1):
                    add(name, f"gregorian {number}")
                for name in symbols.getWeekdays(context, width):
                    add(name, "drop")
    own = {_phrase(word): kind for word, kind in folded_table("date_words.tsv").items()}
    own.pop("", None)
    return {name: kind for name, kind in names.items() if name not in shared} | own


def _phrase(text: str) -> str:
    tokens = (token.strip(".") for token in _TOKEN.findall(fold_phrase(read_numerals(text))))
    return " ".join(token for token in tokens if token).replace(".", "")
