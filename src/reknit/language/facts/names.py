"""Names of people, found by the words around them and by the lists of known names.

Rules
 With capitals: a run of capitalised words (with particles: de, bin, al) that is no place and has a
 name before it to tell it ("my brother", "named", "looking for"), a known name in it, or two words
 that nothing else explains. Sentence starts, organisations and greetings are taken off.
 Without capitals (Arabic and Ethiopic writing, hurried Latin): known names in a row, or what
 follows "named", a title, a relative; a common name and a family name after it; two known names
 with "and" between; a known name that signs at the end. What is written onto a name ("و", "ل") is
 none of it. Right after a relative also a word that nothing explains, where its ending (Bengali
 -কে) or what follows ("arrested", an age) tells that it is a person. Titles are not part of a name.
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
    is_cased,
    is_common_name,
    is_known_name,
    is_listed,
    is_stop,
    not_names,
    small_words,
)
from reknit.language.lexicons import lexicon_of, senses
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
_UNCASED_BEFORE = (*_BEFORE, "cue_about")
_PERSON_AFTER = (
    "missing", "detained", "prison", "kidnapped", "captured", "taken_away", "injured", "sick",
    "died", "killed", "cue_age", "cue_name", "lost_contact", "trapped", "alone", "cue_born",
)  # fmt: skip
"""What is said of a person right after the name."""
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
    if has_case(reading) and not all(is_cased(reading, at) for at in range(len(reading.words))):
        # "ابحث عن ابي Mustafa": two writings, each by its own rules.
        found += [
            one
            for one in _uncased(reading)
            if not any(one[0] <= last and first <= one[1] for first, last in found)
            and not is_cased(reading, one[0])
        ]
    return [_fact(reading, first, last) for first, last in found]


def _fact(reading: Reading, first: int, last: int) -> Fact:
    end = reading.words[last].end - _after_name(reading, last)
    start = reading.signals.folded.places[reading.words[first].at + onto_name(reading, first)]
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
    language = reading.signals.language
    word = reading.words[place].text
    if language == "ar" and len(word) > 5 and word.startswith(_WITH_ARTICLE):
        return False  # "بالحسكة", in Hasakah
    return is_known_name(_written(reading, place), language)


def _written(reading: Reading, place: int) -> str:
    """A word as written, without what is written onto it before a name."""
    word = reading.words[place]
    start = reading.signals.folded.places[word.at + onto_name(reading, place)]
    return reading.text[start : word.end]


_ENDING = {"bn": ("কেও", "কে", "ের", "র")}


def _after_name(reading: Reading, last: int) -> int:
    """How many letters of a name's last word are an ending ("জসিমকে") and none of the name."""
    word = reading.words[last]
    written = reading.text[word.start : word.end]
    for ending in _ENDING.get(reading.signals.language, ()):
        if written.endswith(ending) and len(written) - len(ending) >= 2:
            bare = written.removesuffix(ending)
            if ending.startswith("কে") or (is_listed(bare, "bn") and not is_listed(written, "bn")):
                return len(ending)
    return 0


_WITH_ARTICLE = ("بال", "وال", "فال", "كال")
_ONTO = {"ar": ("ول", "وب", "فل", "و", "ف", "ل", "ب")}


def onto_name(reading: Reading, place: int) -> int:
    """How many letters of a word are "and", "to" or "with" written onto a known name."""
    language = reading.signals.language
    word = reading.words[place]
    if language == "ar" and reading.text[word.start : word.end] == "وعلي":
        return 1
    for before in _ONTO.get(language, ()):
        if not word.text.startswith(before) or len(word.text) - len(before) < 3:
            continue
        if is_known_name(reading.text[word.start : word.end], language):
            return 0
        start = reading.signals.folded.places[word.at + len(before)]
        if is_known_name(reading.text[start : word.end], language):
            return len(before)
    return 0


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
        titled = signal is not None and signal.sense == "cue_title"
        short = titled and between.strip() in _ABBREVIATED
        if signal is not None and linked and (near or short):
            return True
    return False


_PAUSES = frozenset({",", ":", "-", "–", "،"})
_ABBREVIATED = frozenset({".", "/"})
_LINKING = frozenset(
    {
        "is", "est", "es", "é", "a", "ist", "named", "called", "la", "le", "el", "الاصغر", "الاكبر",
        "الصغير", "الكبير", "الصغيره", "الكبيره", "الاوسط", "الوحيد", "الوحيده", "الصغري", "الكبري",
        "التوام", "المريض", "المفقود", "المعتقل", "المرحوم",
    }
)  # fmt: skip
""" "His name is", "my little brother": one small word between."""


def _starts_sentence(reading: Reading, place: int) -> bool:
    start = reading.words[place].start
    return any(begin == start for begin, _ in reading.signals.sentences)


def _uncased(reading: Reading) -> list[tuple[int, int]]:
    """Names where capitals tell nothing: after words that call for one, and known ones in a row."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(reading.words):
        follows = bool(found) and found[-1][1] == place - 1 and _is_and(reading, place)
        last = _uncased_run(reading, place, follows)
        if last is None:
            place += 1
        else:
            found.append((place, last))
            place = last + 1
    return found


def _uncased_run(reading: Reading, place: int, follows: bool) -> int | None:
    """The last word of the name that starts at a word. follows: "and" joins it to one before."""
    kunya = _kunya_end(reading, place)
    if kunya is not None:
        return kunya
    called = follows or _called(reading, place, _UNCASED_BEFORE)
    strongly = _called(reading, place, _CALLS[:1]) or _called(reading, place, ("cue_title",))
    if _stops(reading, place, called):
        return None
    known = [is_known(reading, place)]
    unheard = not known[0] and not strongly and _is_unheard_name(reading, place)
    if not known[0] and not strongly and not unheard:
        return None
    last = place
    family = False
    while last + 1 < len(reading.words) and last + 1 - place < _MOST_UNCASED:
        if not reading.is_joined(last + 1):
            break
        if _stops(reading, last + 1, False) and not _is_surname_too(reading, last + 1):
            break
        if _is_and(reading, last + 1):
            break
        is_next_known = is_known(reading, last + 1)
        if not is_next_known and not _looks_like_family_name(reading, last + 1):
            break
        family = family or is_next_known or _is_of_a_family(reading, last + 1)
        known.append(is_next_known)
        last += 1
    common = is_common_name(_written(reading, place), reading.signals.language)
    if strongly or unheard or (known[0] and _is_signature(reading, last)):
        return last
    if not known[0]:
        return last if called or sum(known) >= 2 else None
    if called and (common or last > place or follows or _called(reading, place, _SURELY)):
        return last
    if sum(known) >= 2 and (common or reading.signals.language not in _DOUBTED):
        return last
    paired = last + 1 < len(reading.words) and _is_and(reading, last + 1)
    signed = _after_thanks(reading, place) or (common and _ends_message(reading, last))
    # "করিম চাচা": an uncle by title.
    titled = common and reading.signals.language in _TITLE_LAST and reading.starts(last + 1, *_KIN)
    return last if signed or paired or titled or (common and family) else None


_SURELY = (*_CALLS, *_KIN, "child", "girl", "boy", "man", "woman", "baby", "elderly")
_DOUBTED = frozenset({"ar"})
"""Where many words of the language are names somewhere: one of two has to be a common name."""
_TITLE_LAST = frozenset({"bn"})
_KUNYA = frozenset({"ام", "ابو"})


def _kunya_end(reading: Reading, place: int) -> int | None:
    """ "أم خالد", "أبو سامر": a mother or father of somebody is called so."""
    if reading.signals.language != "ar" or reading.words[place].text not in _KUNYA:
        return None
    at = place + 1
    if at >= len(reading.words) or not reading.is_joined(at) or reading.words[at].text.isdigit():
        return None
    return (
        at
        if _is_ali(reading, at) or (is_known(reading, at) and not _stops(reading, at, True))
        else None
    )


def _is_ali(reading: Reading, place: int) -> bool:
    """علي, which folds to the word for "on"."""
    word = reading.words[place]
    return reading.text[word.start : word.end].removeprefix("و") == "علي"


def _is_and(reading: Reading, place: int) -> bool:
    """A known name with "and" written onto it ("وآدم"), or as a word before it."""
    if reading.signals.language == "ar":
        joined = reading.words[place].text.startswith("و")
        return joined and (_is_ali(reading, place) or onto_name(reading, place) > 0)
    return reading.ends(place, "cue_and") is not None and is_known(reading, place)


def _is_of_a_family(reading: Reading, place: int) -> bool:
    """An Arabic word with the article, which families bear, and no word of the lexicon."""
    text = reading.words[place].text
    return text.startswith("ال") and len(text) > 4 and not is_stop(reading, place)


_SURNAME_SENSES = frozenset({"safe", "alive", "fine", "cue_title", "doctor", "month"})


def _is_surname_too(reading: Reading, place: int) -> bool:
    """السالم, الشيخ: words of the lexicon that families bear with the article."""
    text = reading.words[place].text
    found = reading.starting.get(place, ())
    return (
        text.startswith("ال")
        and bool(found)
        and all(one.sense in _SURNAME_SENSES for one in found)
        and reading.signals.language == "ar"
    )


def _after_thanks(reading: Reading, place: int) -> bool:
    """ "Thank you all, Haidar"."""
    return any(
        place - gap > 0 and reading.ends(place - gap, "thanks") is not None for gap in range(3)
    )


def _ends_message(reading: Reading, last: int) -> bool:
    before = last == 0 or reading.ends(last, "cue_in", "cue_from") is None
    return before and not reading.text[reading.words[last].end :].strip(" .!,:;(+\n-")


_PERSON_ENDINGS = {"bn": ("কে",)}
_VERB_BEGINNINGS = {"ar": ("ي", "ت", "ن", "ا", "س", "ال")}


def _is_unheard_name(reading: Reading, place: int) -> bool:
    """A word that nothing explains right after a relative, and a sign that it is a person."""
    language = reading.signals.language
    if language not in _VERB_BEGINNINGS and language not in _PERSON_ENDINGS:
        return False
    if is_stop(reading, place) or len(reading.words[place].text) < 3:
        return False
    if reading.ends(place, *_KIN) is None or not reading.is_joined(place):
        return False
    at = place
    while at + 1 < len(reading.words) and at - place < 2 and reading.is_joined(at + 1):
        if is_stop(reading, at + 1):
            break
        at += 1
    endings = _PERSON_ENDINGS.get(language, ())
    if any(reading.words[one].text.endswith(endings) for one in range(place, at + 1) if endings):
        return True
    beginnings = _VERB_BEGINNINGS.get(language, ())
    if not beginnings or reading.words[place].text.startswith(beginnings):
        return False
    return place + 1 < len(reading.words) and (
        reading.starts(place + 1, *_PERSON_AFTER) is not None
        or is_known(reading, place + 1)
        or reading.words[place + 1].text.isdigit()
    )


def _stops(reading: Reading, place: int, called: bool) -> bool:
    """A known name counts as a name right after "my brother", though it means something too."""
    if not is_stop(reading, place) or (called and _is_ali(reading, place)):
        return False
    word = reading.words[place]
    is_word = word.text.isdigit() or word.text in small_words(reading.signals.language)
    if is_word or word.text in not_names():
        return True
    for one in reading.starting.get(place, ()):
        if one.sense.startswith("cue_") or senses()[one.sense].field in ("kinship", "people"):
            return True
    return not (called and is_known(reading, place))


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


_HAN_FAMILIAR = frozenset("阿小老")
""" "A-Ming", "little Li": before a given name or a surname."""
_HAN_BEFORE_NAME = re.compile(
    r"[，,。;；!！?？\n ](?=[\u4e00-\u9fff]{2,3}[。.!！\s]*(?:$|\+?[0-9 -]{7}))|[号號]\d{3,}"
)
"""A signature at the end or before a telephone number; what follows a case's number."""


def _chinese(reading: Reading) -> list[Fact]:
    found = []
    text = reading.text
    surnames = _han_surnames()
    starts = [signal.end for signal in reading.signals.any(*_HAN_CALLS)]
    starts += [match.end() for match in _HAN_BEFORE_NAME.finditer(text)]
    for start in starts:
        while start < len(text) and text[start] in ' :：“"叫是':
            start += 1
        for length in (2, 1):
            written = text[start : start + length]
            if written in surnames or (length == 1 and written in _HAN_FAMILIAR):
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
