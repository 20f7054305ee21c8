"""The words of each language and what they mean, found in a folded message.

Rules
 data/senses.tsv says what senses there are; data/words/LANGUAGE.tsv gives each its words, divided
 by "|": a word, a beginning (`starv*`), an ending (`*kosa`), an inner part (`*saidi*`), a phrase of
 these, and a phrase with up to four words between ("no … water"). A language whose little words
 are written onto others (Arabic و ب ل ال, Amharic የ በ ለ) or that adds endings says so in the rows
 `+before` and `+after`; such a word is found without them too. Writing without spaces is searched
 letter by letter.
 A hit inside a longer one does not count, and the sense `none` holds phrases that mean nothing
 here ("water melon"). Where one word is several relatives or people, the form nearest to what was
 written tells: والدتي is a mother, not a father with an ending. Every entry is marked: its third
 column is its source, or "review" while it awaits a native speaker's.

>>> from reknit.language.folding import fold
>>> lexicon = lexicon_of("en")
>>> [hit.sense for hit in lexicon.find(fold("My brother is trapped under the rubble"))]
['self', 'brother', 'trapped', 'rubble']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from reknit.language.folding import Folded, Word, fold_text
from reknit.language.tables import rows

READERS: Final = ("en", "fr", "es", "ar", "uk")
"""The languages that meanings and template words are in, in the order of senses.tsv."""
UNSPACED: Final = frozenset({"zh", "my"})
REVIEW: Final = "review"
_GAP: Final = "…"
_KEPT_INSIDE: Final = frozenset({"kinship", "people", "self"})
_OF_PEOPLE: Final = frozenset({"kinship", "people"})
_YOUNG: Final = frozenset({"boy", "girl", "child"})
_MOST_BETWEEN = 4
_LETTERS_BETWEEN = 8
_SHORTEST_REST = 2
_SHORTEST_PIECE = 3


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning. negation: cancel, lack, flip or - (see senses.tsv)."""

    name: str
    field: str
    categories: tuple[str, ...]
    urgency: int
    negation: str
    meanings: tuple[str, ...]

    def meaning(self, reader: str) -> str:
        """What it means in a reader's language."""
        return self.meanings[READERS.index(reader)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sense found: the words from `first` to before `last`, and the span in the original."""

    sense: str
    first: int
    last: int
    start: int
    end: int
    reviewed: bool = False
    stripped: int = 0
    """Letters of beginnings and endings that the first word was found without."""


@dataclass(frozen=True, slots=True)
class _Entry:
    sense: str
    pieces: tuple[str, ...]
    reviewed: bool


@cache
def senses() -> dict[str, Sense]:
    """Every sense by its name."""
    found = {}
    for name, field, categories, urgency, negation, *meanings in rows("senses.tsv", 10):
        several = () if categories == "-" else tuple(categories.split(";"))
        found[name] = Sense(name, field, several, int(urgency), negation, tuple(meanings))
    return found


class Lexicon:
    """The words of one language, compiled once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.unspaced = language in UNSPACED
        self._before: tuple[str, ...] = ()
        self._after: tuple[str, ...] = ()
        self._exact: dict[str, list[_Entry]] = {}
        self._starts: dict[str, list[_Entry]] = {}
        self._parts: list[tuple[str, list[_Entry]]] = []
        self._lengths: tuple[int, ...] = ()
        self._entries: list[_Entry] = []
        self._variants: dict[str, tuple[str, ...]] = {}
        self._read()

    def _read(self) -> None:
        parts: dict[str, list[_Entry]] = {}
        for sense, words, source in rows(f"words/{self.language}.tsv", 3):
            if sense == "+before":
                self._before = _longest_first(words)
                continue
            if sense == "+after":
                self._after = _longest_first(words)
                continue
            for word in words.split("|"):
                pieces = tuple(one for piece in word.split() for one in _fold_piece(piece))
                if not pieces:
                    continue
                entry = _Entry(sense, pieces, source != REVIEW)
                self._entries.append(entry)
                head = pieces[0]
                if head.startswith("*"):
                    parts.setdefault(head, []).append(entry)
                elif head.endswith("*"):
                    self._starts.setdefault(head[:-1], []).append(entry)
                else:
                    self._exact.setdefault(head, []).append(entry)
        self._lengths = tuple(sorted({len(start) for start in self._starts}))
        self._parts = list(parts.items())

    def has(self, word: str) -> bool:
        """Whether a folded word stands in it by itself, without beginnings and endings."""
        return any(len(entry.pieces) == 1 for entry in self._exact.get(word, ()))

    def find(self, text: Folded) -> list[Hit]:
        """Every sense in a message, by place; a hit inside a longer one is left out."""
        found = list(self._search(text) if self.unspaced else self._walk(text))
        found.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit] = []
        for hit in found:
            inside = any(_hides(other, hit, self.unspaced) for other in kept[-6:])
            if not inside and not any(
                (other.sense, other.start, other.end) == (hit.sense, hit.start, hit.end)
                for other in kept[-6:]
            ):
                kept.append(hit)
        return [hit for hit in _nearest(kept) if hit.sense != "none"]

    def _walk(self, text: Folded) -> Iterator[Hit]:
        words = text.words
        for place, word in enumerate(words):
            for entry, stripped in self._beginning(word.text):
                end = self._rest(words, place + 1, entry.pieces[1:])
                if end is not None:
                    span = words[place].start, words[end - 1].end
                    yield Hit(entry.sense, place, end, *span, entry.reviewed, stripped)

    def _beginning(self, word: str) -> Iterator[tuple[_Entry, int]]:
        """Entries whose first piece fits a word, and how many letters it is found without."""
        for variant in self.variants(word):
            stripped = len(word) - len(variant)
            for entry in self._exact.get(variant, ()):
                yield entry, stripped
            for length in self._lengths:
                if length > len(variant):
                    break
                for entry in self._starts.get(variant[:length], ()):
                    yield entry, stripped
        for piece, entries in self._parts:
            if _fits_part(word, piece):
                for entry in entries:
                    yield entry, 0

    def _rest(self, words: tuple[Word, ...], place: int, pieces: tuple[str, ...]) -> int | None:
        """The place after the last word of a phrase; None where it does not go on so."""
        if not pieces:
            return place
        if pieces[0] == _GAP:
            for skipped in range(_MOST_BETWEEN + 1):
                end = self._rest(words, place + skipped, pieces[1:])
                if end is not None:
                    return end
            return None
        if place < len(words) and self._fits(words[place].text, pieces[0]):
            return self._rest(words, place + 1, pieces[1:])
        return None

    def _fits(self, word: str, piece: str) -> bool:
        if piece.startswith("*"):
            return _fits_part(word, piece)
        if piece.endswith("*"):
            return any(variant.startswith(piece[:-1]) for variant in self.variants(word))
        return piece in self.variants(word)

    def variants(self, word: str) -> tuple[str, ...]:
        """A word, and what is left of it without what the language writes onto words."""
        known = self._variants.get(word)
        if known is not None:
            return known
        forms = [word]
        for before in self._before:
            if word.startswith(before) and len(word) - len(before) >= _SHORTEST_REST:
                forms.append(word[len(before) :])
        for form in list(forms):
            forms += [
                form[: -len(after)]
                for after in self._after
                if form.endswith(after) and len(form) - len(after) >= _SHORTEST_PIECE
            ]
        if len(self._variants) > 50_000:
            self._variants.clear()
        self._variants[word] = tuple(dict.fromkeys(forms))
        return self._variants[word]

    def _search(self, text: Folded) -> Iterator[Hit]:
        """Letter by letter, for writing without spaces between words."""
        plain = text.text
        for entry in self._entries:
            head = entry.pieces[0].strip("*")
            at = plain.find(head)
            while at >= 0:
                end = self._search_rest(plain, at + len(head), entry.pieces[1:])
                if end is not None:
                    start, stop = text.span(at, end)
                    yield Hit(entry.sense, at, end, start, stop, entry.reviewed)
                at = plain.find(head, at + 1)

    def _search_rest(self, plain: str, at: int, pieces: tuple[str, ...]) -> int | None:
        reach = 1
        for piece in pieces:
            if piece == _GAP:
                reach = _LETTERS_BETWEEN
                continue
            found = plain.find(piece, at, at + reach + len(piece))
            if found < 0:
                return None
            at, reach = found + len(piece), 1
        return at


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """The lexicon of a language, None where there is none."""
    from reknit.language.detect import LANGUAGES

    return Lexicon(language) if language in LANGUAGES else None


def _hides(other: Hit, hit: Hit, unspaced: bool) -> bool:
    """Whether a longer hit makes one inside it count for nothing; a person in it still counts."""
    longer = other.start <= hit.start and hit.end <= other.end
    if not longer or other.end - other.start == hit.end - hit.start:
        return False
    if unspaced:
        return True
    known = senses()
    inner = known[hit.sense].field if hit.sense in known else ""
    outer = known[other.sense].field if other.sense in known else ""
    if inner == "kinship" and other.sense in _YOUNG:
        return True  # "একটা ছেলে", a boy: no son
    return inner not in _KEPT_INSIDE or outer == inner or other.sense == "none"


def _nearest(hits: list[Hit]) -> list[Hit]:
    """Of several relatives or people that one span may be, those found with least left off."""
    known = senses()
    least: dict[tuple[int, int], int] = {}
    for hit in hits:
        if hit.sense in known and known[hit.sense].field in _OF_PEOPLE:
            span = hit.start, hit.end
            least[span] = min(least.get(span, hit.stripped), hit.stripped)
    return [
        hit
        for hit in hits
        if hit.sense not in known
        or known[hit.sense].field not in _OF_PEOPLE
        or hit.stripped == least[hit.start, hit.end]
    ]


def _fits_part(word: str, piece: str) -> bool:
    """`*ending` and `*inner*`; what is left before it may be nothing."""
    if piece.endswith("*"):
        return piece[1:-1] in word
    return word.endswith(piece[1:])


def _fold_piece(piece: str) -> list[str]:
    """A piece as the message's own words would be: "I'm" is two."""
    if piece == _GAP:
        return [piece]
    folded = fold_text(piece.strip("*")).split()
    if folded and piece.startswith("*"):
        folded[0] = f"*{folded[0]}"
    if folded and piece.endswith("*"):
        folded[-1] = f"{folded[-1]}*"
    return folded


def _longest_first(words: str) -> tuple[str, ...]:
    folded = [fold_text(word) for word in words.split("|")]
    return tuple(sorted(folded, key=lambda word: -len(word)))
