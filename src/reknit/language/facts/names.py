"""Names of people, found by the words around them and by the lists of known names.

Rules
 With capitals: a run of capitalised words (with particles: de, bin, al) that is no place and has a
 name before it to tell it ("my brother", "named", "looking for"), a known name in it, or two words
 that nothing else explains. Sentence starts, organisations and greetings are taken off.
 Without capitals (Arabic and Ethiopic writing, hurried Latin): known names in a row, or what
 follows "named", a title, a relative. Titles are not part of a name.
 Chinese: a surname and one or two characters after a word that calls for a name. Burmese: what
 follows such a word or a title, up to the next particle.

>>> said = "I am looking for Maria Lopez Diaz, her brother is José"
>>> [fact.value for fact in find_names(Reading(read_signals(said, "en")))]
['Maria Lopez Diaz', 'José']
"""

from __future__ import annotations

import re
from functools import cache

from reknit.language.facts.relations import RELATIONS
from reknit.language.facts.spans import Reading, read_signals
from reknit.language.facts.words import (
    has_case,
    is_capital,
    is_common_name,
    is_known_name,
    is_stop,
    small_words,
)
from reknit.language.lexicons import lexicon_of
from reknit.language.values import Fact, FactKind, FactRole
from reknit.places import Gazetteer
from reknit.standardise.tables import rows as standard_rows

__all__ = ["find_names", "read_signals"]

_KIN = tuple(RELATIONS)
_CALLS = ("cue_name", "cue_self_name", "cue_title")
_BEFORE = (
    *_CALLS, *_KIN, "friend", "relative", "search", "seen_q", "saw", "found_person", "where_is",
    "any_news", "missing", "no_news", "child", "girl", "boy", "man", "woman", "baby", "elderly",
)  # fmt: skip
_PARTICLES = frozenset(
    {
        "de", "del", "la", "las", "los", "da", "das", "do", "dos", "di", "bin", "bint", "ibn",
        "ben", "al", "el", "ul", "ud", "van", "von", "der", "den", "abu", "abd", "ould", "y",
        "oğlu",
    }
)  # fmt: skip
_JOINTS = re.compile(r"[\s\u00a0]*|[\s]*[-'’.][\s]*|\.\s?")
_MOST_WORDS = 6
_MOST_UNCASED = 4
_NAME_THEN_PARTICLE = frozenset({"am", "ti", "bn", "ur", "fa", "ps"})
"""Where a name is followed by a particle or the verb comes last."""
_TIGHT = re.compile(r"[\s\u00a0:：\"'«“(„]*")


def find_names(reading: Reading, gazetteer: Gazetteer | None = None) -> list[Fact]:
    """Every person's name. gazetteer: as in `find_facts`; places are read before."""
    language = reading.signals.language
    if language == "zh":
        return _chinese(reading)
    if language == "my":
        return _burmese(reading)
    found = _cased(reading) if has_case(reading) else _uncased(reading)
    return [_fact(reading, first, last) for first, last in found]


def _fact(reading: Reading, first: int, last: int) -> Fact:
    start, end = reading.words[first].start, reading.words[last].end
    return Fact(FactKind.NAME, reading.text[start:end], start, end, FactRole.OTHER)


def _cased(reading: Reading) -> list[tuple[int, int]]:
    """Runs of capitalised words that are names: first and last word of each."""
    found = []
    place = 0
    while place < len(reading.words):
        last = _run_end(reading, place)
        if last is None:
            place += 1
            continue
        trimmed = _trim(reading, place, last)
        if trimmed is not None and _is_a_name(reading, *trimmed):
            found.append(trimmed)
        place = last + 1
    return found


def _run_end(reading: Reading, place: int) -> int | None:
    """The last word of the run of capitalised words that starts at a word; None where none does."""
    if not _may_be_named(reading, place):
        return None
    last = at = place
    while at + 1 < len(reading.words) and at + 1 - place < _MOST_WORDS:
        between = reading.between(reading.words[at], reading.words[at + 1])
        if not _JOINTS.fullmatch(between) or "\n" in between or ". " in between.strip(" ") + " ":
            initial = reading.words[at].end - reading.words[at].start == 1
            if not (initial and between.strip() == "."):
                break
        at += 1
        if _may_be_named(reading, at):
            last = at
        elif reading.words[at].text not in _PARTICLES:
            break
    return last


def _may_be_named(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return (
        is_capital(reading, place)
        and not word.text.isdigit()
        and reading.is_free(word.start, word.end)
    )


def _trim(reading: Reading, first: int, last: int) -> tuple[int, int] | None:
    """Without the words at either end that are no names: "Please", "My", "Uncle"."""
    while first <= last and (is_stop(reading, first) and not _is_surely_named(reading, first)):
        first += 1
    while last >= first and is_stop(reading, last) and not is_known(reading, last):
        last -= 1
    return (first, last) if first <= last else None


def _is_surely_named(reading: Reading, place: int) -> bool:
    """A word of the lexicon that is a name all the same where it follows "named" or "my son"."""
    word = reading.words[place].text
    language = reading.signals.language
    if _starts_sentence(reading, place) or reading.starts(place, *_KIN, *_CALLS) is not None:
        return False
    if not _called(reading, place, _BEFORE) or word in small_words(language):
        return False
    lexicon = lexicon_of(language)
    return is_known(reading, place) or (lexicon is not None and not lexicon.has(word))


def is_known(reading: Reading, place: int) -> bool:
    """Whether a word of the message is a known name."""
    word = reading.words[place]
    return is_known_name(reading.text[word.start : word.end], reading.signals.language)


def _is_a_name(reading: Reading, first: int, last: int) -> bool:
    known = any(is_known(reading, place) for place in range(first, last + 1))
    if _called(reading, first, _BEFORE):
        return True
    if known and (last > first or not _starts_sentence(reading, first)):
        return True
    if last == first and _starts_sentence(reading, first):
        word = reading.words[first]
        written = reading.text[word.start : word.end]
        return is_common_name(written, reading.signals.language) or _is_signature(reading, first)
    if reading.ends(first, "cue_in") is not None:
        return False
    return (last > first and not _starts_sentence(reading, first)) or _is_signature(reading, last)


def _is_signature(reading: Reading, last: int) -> bool:
    """A name at the very end, or right before a telephone number, after a boundary."""
    end = reading.words[last].end
    rest = reading.text[end:].strip(" .!,:;(+\n-")
    if not rest:
        start = reading.words[last].start
        before = reading.text[:start].rstrip(" ")
        return before[-1:] in (".", ",", "!", "?", "\n", "-", "–")
    return any(fact.kind is FactKind.PHONE and 0 <= fact.start - end <= 3 for fact in reading.facts)


def _called(reading: Reading, place: int, senses: tuple[str, ...]) -> bool:
    """Whether a word that calls for a name stands right before, or one small word away."""
    for gap in (0, 1):
        at = place - gap
        if at < 1:
            return False
        signal = reading.ends(at, *senses)
        between = reading.text[reading.words[at - 1].end : reading.words[place].start]
        linked = gap == 0 or reading.words[at].text in _LINKING
        near = _TIGHT.fullmatch(between) or gap == 1 or between.strip() in _PAUSES
        if signal is not None and linked and near:
            return True
    return False


_PAUSES = frozenset({",", ":", "-", "–", "،"})
_LINKING = frozenset({"is", "est", "es", "é", "a", "ist", "named", "called", "la", "le", "el"})


def _starts_sentence(reading: Reading, place: int) -> bool:
    start = reading.words[place].start
    return any(begin == start for begin, _ in reading.signals.sentences)


def _uncased(reading: Reading) -> list[tuple[int, int]]:
    """Names where capitals tell nothing: after words that call for one, and known ones in a row."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(reading.words):
        last = _uncased_run(reading, place)
        if last is None:
            place += 1
        else:
            found.append((place, last))
            place = last + 1
    return found


def _uncased_run(reading: Reading, place: int) -> int | None:
    called = _called(reading, place, _BEFORE)
    strongly = _called(reading, place, _CALLS[:1]) or _called(reading, place, ("cue_title",))
    if _stops(reading, place, called):
        return None
    known = [is_known(reading, place)]
    if not known[0] and not strongly:
        return None
    last = place
    while last + 1 < len(reading.words) and last + 1 - place < _MOST_UNCASED:
        if not reading.is_joined(last + 1) or _stops(reading, last + 1, False):
            break
        is_next_known = is_known(reading, last + 1)
        if not is_next_known and not _looks_like_family_name(reading, last + 1):
            break
        known.append(is_next_known)
        last += 1
    signed = known[0] and _is_signature(reading, last)
    return last if called or signed or sum(known) >= 2 else None


def _stops(reading: Reading, place: int, called: bool) -> bool:
    """A known name counts as a name right after "my brother", though it means something too."""
    if not is_stop(reading, place):
        return False
    word = reading.words[place]
    is_word = word.text.isdigit() or word.text in small_words(reading.signals.language)
    return is_word or not (called and is_known(reading, place))


def _looks_like_family_name(reading: Reading, place: int) -> bool:
    """A word that nothing explains, with an article or at the end of its clause."""
    word = reading.words[place]
    if word.text.startswith("ال") and len(word.text) > 4:
        return True
    following = place + 1
    if following >= len(reading.words):
        return True
    if reading.signals.language in _NAME_THEN_PARTICLE and is_stop(reading, following):
        return True
    return not reading.is_joined(following) or reading.words[following].text.isdigit()


@cache
def _han_surnames() -> frozenset[str]:
    return frozenset(cells[0] for cells in standard_rows("han_surnames.tsv", 3))


_HAN_NOT_GIVEN = frozenset(
    "在的了是今年昨和从来到不已失现有被就说也还跟与去岁，。男女最后那这她他我你们吗呢吧啊于住家人因"
)
_HAN_CALLS = (
    "cue_name", "cue_self_name", "cue_title", "search", "saw", "found_person", "missing", *_KIN,
)  # fmt: skip


def _chinese(reading: Reading) -> list[Fact]:
    found = []
    text = reading.text
    surnames = _han_surnames()
    for signal in reading.signals.any(*_HAN_CALLS):
        start = signal.end
        while start < len(text) and text[start] in ' :：“"叫是':
            start += 1
        for length in (2, 1):
            if text[start : start + length] in surnames:
                given = start + length
                end = given
                while end < len(text) and end - given < 2 and _is_given(text[end]):
                    end += 1
                if end > given and reading.is_free(start, end):
                    fact = Fact(FactKind.NAME, text[start:end], start, end, FactRole.OTHER)
                    if fact not in found:
                        found.append(fact)
                break
    return found


def _is_given(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff" and letter not in _HAN_NOT_GIVEN


_BURMESE_END = re.compile(r"(?:လို့|ဆို|ပါ|ဖြစ်|ကို\s|ကို$|က\s|သည်|ဟာ|နဲ့|နှင့်|ပျောက်|ရဲ့|၏|တဲ့|အသက်|[\s၊။,(0-9၀-၉])")


_BURMESE_TITLED = re.compile(
    "(?<![\u1000-\u109f])((?:ဦး|ဒေါ်)(?!လေး)[\u1000-\u109f]{2,22}?)(?=ကို\\s|က\\s|\\s|၊|။|,|$|နဲ့)"
)


def _burmese(reading: Reading) -> list[Fact]:
    found: list[Fact] = []
    text = reading.text
    for signal in reading.signals.any("cue_name", "cue_self_name", "cue_title", *_KIN):
        start = signal.start if signal.sense == "cue_title" else signal.end
        while start < len(text) and text[start] in " :-–၊က":
            start += 1
        end_match = _BURMESE_END.search(text, start + 2)
        end = end_match.start() if end_match else len(text)
        free = reading.is_free(start, end) and all(
            fact.end <= start or end <= fact.start for fact in found
        )
        called = signal.sense.startswith("cue_") or is_known_name(text[start:end], "my")
        if 2 <= end - start <= 24 and free and called:
            found.append(Fact(FactKind.NAME, text[start:end], start, end, FactRole.OTHER))
    for match in _BURMESE_TITLED.finditer(text):
        start, end = match.span(1)
        if reading.is_free(start, end) and all(f.end <= start or end <= f.start for f in found):
            found.append(Fact(FactKind.NAME, match[1], start, end, FactRole.OTHER))
    return found
