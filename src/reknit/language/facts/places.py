"""Places by the gazetteer, told from names of people and from plain words by what stands around.

Rules
 A run of up to four words that is a place's name, in the case form the language writes (Харкові,
 Adana'da, بحلب), is a place after a word for "in" or "from", or without one where it is a town,
 region or country and no known first name. With capitals, only capitalised words are looked up; a
 capitalised word after "in" that the gazetteer lacks is a place all the same, unless it is a known
 name. What data/place_names.tsv has is a place wherever it stands. "Camp" beside such a word, and
 "town", "village" where a language says them first, make a place of it. The value is the
 gazetteer's name, else what was written.

>>> from reknit.places import Gazetteer
>>> said = "I am looking for Florence in Aleppo"
>>> [fact.value for fact in find_places(Reading(read_signals(said, "en")), Gazetteer.open())]
['Aleppo']
"""

from __future__ import annotations

import re
from functools import cache

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.facts.words import (
    has_case,
    is_capital,
    is_cased,
    is_common_name,
    is_known_name,
    is_stop,
    not_names,
    small_words,
)
from reknit.language.folding import fold_text
from reknit.language.tables import rows
from reknit.language.values import Fact, FactKind, FactRole
from reknit.places import Gazetteer, PlaceLevel, PlaceRef
from reknit.standardise.scripts import script_of_letter
from reknit.vocabulary import Script

__all__ = ["find_places", "read_signals"]

_MOST_WORDS = 4
_SHORTEST = 3
_WIDE = frozenset(
    {PlaceLevel.CITY, PlaceLevel.REGION, PlaceLevel.COUNTRY, PlaceLevel.DISTRICT, PlaceLevel.SITE}
)
_TOWNS = frozenset({PlaceLevel.CITY, PlaceLevel.COUNTRY})
_CUES = ("cue_in", "cue_from")
_BESIDE = ("camp",)
_ATTACHED = {
    "ar": ("بال", "لل", "ب", "ل", "عال", "وب", "ول", "وبال"),
    "am": ("በ", "ከ", "ወደ", "የ", "ለ", "እስከ", "ስለ"),
    "ti": ("ኣብ", "ካብ", "ናብ", "ን", "ብ", "ናይ", "እብ", "አብ"),
    "fa": ("به",),
}
# Letters that only Tigrinya writes, as the gazetteer's Amharic spells the same place.
_TIGRINYA = str.maketrans({chr(0x1250 + i): chr(0x1240 + i) for i in range(7)})
_JOINTS = re.compile(r"[\s\u00a0]*|\s*[-'’.]\s*")
_BEGINNINGS = frozenset({"ام", "ابو", "بيت", "دير", "راس", "عين", "دار", "بني", "بنت", "كفر"})
_ARTICLES = frozenset({"las", "los", "el", "la", "san", "santa", "saint", "sainte", "le", "les"})
_PERSON_BEFORE = ("search", "saw", "found_person", "seen_q", "any_news")
_NAME_BEFORE = ("cue_name", "cue_self_name", "cue_title")


def find_places(reading: Reading, gazetteer: Gazetteer) -> list[Fact]:
    """Every place that is named."""
    language = reading.signals.language
    if language in ("zh", "my"):
        return _unspaced(reading, gazetteer)
    found: list[Fact] = []
    capitals = has_case(reading)
    place = 0
    while place < len(reading.words):
        cased = capitals and is_cased(reading, place)
        fact, after = _place_at(reading, gazetteer, place, cased)
        if fact is not None:
            found.append(fact)
        place = after
    return found


def _place_at(
    reading: Reading, gazetteer: Gazetteer, place: int, cased: bool
) -> tuple[Fact | None, int]:
    """The place that starts at a word, and the word to go on from."""
    if not _may_start(reading, place, cased):
        return None, place + 1
    shortest = place + (not cased and is_stop(reading, place))
    for last in range(_last_word(reading, place, cased), shortest - 1, -1):
        if not _may_end(reading, place, last, cased):
            continue
        for start, end, attached, form in _forms(reading, place, last):
            if attached and _is_plain_word(reading, form):
                continue
            known = _look_up(gazetteer, form, reading.signals.language)
            listed = _listed(reading.signals.language).get(fold_text(form))
            if listed is not None and not _is_called(reading, place):
                return _fact(reading, start, end, listed if known is None else known.name), last + 1
            if known is not None and _is_meant(reading, place, last, known, attached, cased):
                return _fact(reading, start, end, known.name), last + 1
    fact = _unknown_place(reading, place, cased) if shortest == place or cased else None
    return fact, (place + 1 if fact is None else _word_after(reading, fact.end))


def _fact(reading: Reading, start: int, end: int, name: str) -> Fact:
    return Fact(FactKind.PLACE, name, start, end, FactRole.OTHER)


def _word_after(reading: Reading, end: int) -> int:
    return next(
        (i for i, word in enumerate(reading.words) if word.start >= end), len(reading.words)
    )


def _may_start(reading: Reading, place: int, cased: bool) -> bool:
    word = reading.words[place]
    if word.text.isdigit() or not reading.is_free(word.start, word.end):
        return False
    if cased:
        return is_capital(reading, place)
    # "أم درمان": a word of the lexicon begins a name of several words.
    return not is_stop(reading, place) or word.text in _BEGINNINGS


def _last_word(reading: Reading, place: int, cased: bool) -> int:
    last = place
    while last + 1 < len(reading.words) and last + 1 - place < _MOST_WORDS:
        between = reading.between(reading.words[last], reading.words[last + 1])
        if not _JOINTS.fullmatch(between) or "\n" in between:
            break
        last += 1
    return last


def _may_end(reading: Reading, first: int, last: int, cased: bool) -> bool:
    word = reading.words[last]
    if word.text.isdigit() and last == first:
        return False
    if cased:
        hyphened = last > first and "-" in reading.between(reading.words[last - 1], word)
        if not (is_capital(reading, last) or hyphened or word.text.isdigit()):
            return False
    alone = first == last
    text = reading.words[first].text
    if alone and (text in not_names() or len(text) < _SHORTEST):
        return False
    return not (alone and text in small_words(reading.signals.language))


def _forms(reading: Reading, first: int, last: int) -> list[tuple[int, int, bool, str]]:
    """Spans and texts to look up: as written, without "in" written onto it, in the nominative."""
    language = reading.signals.language
    start, end = reading.words[first].start, reading.words[last].end
    written = reading.text[start:end]
    forms = [(start, end, False, written)]
    for before in _ATTACHED.get(language, ()):
        folded = reading.words[first]
        prefix = fold_text(before)
        if folded.text.startswith(prefix) and len(folded.text) - len(prefix) >= _SHORTEST - 1:
            article = 2 if prefix.endswith("ال") else 0
            inner = reading.signals.folded.places[folded.at + len(prefix) - article]
            forms.append((inner, end, True, reading.text[inner:end]))
            if article:
                forms.append((inner, end, True, reading.text[inner + article : end]))
            elif before == "لل":
                forms.append((inner, end, True, "ال" + reading.text[inner:end]))
    if language == "ti":
        forms += [(a, b, at, text.translate(_TIGRINYA)) for a, b, at, text in list(forms)]
    cut = re.search(r"['’]", written)
    if cut is not None and language == "tr" and cut.start() >= _SHORTEST:
        forms.append((start, end, True, written[: cut.start()]))
    for begin, stop, attached, text in list(forms):
        for ending, whole in _endings(language):
            if text.lower().endswith(ending) and len(text) - len(ending) >= _SHORTEST - 1:
                forms.append((begin, stop, attached, text[: len(text) - len(ending)] + whole))
    return forms


@cache
def _endings(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (ending, "" if whole == "-" else whole)
        for code, ending, whole in rows("place_endings.tsv", 3)
        if code == language
    )


_KNOWN: dict[tuple[int, str], PlaceRef | None] = {}


def _look_up(gazetteer: Gazetteer, text: str, language: str) -> PlaceRef | None:
    """The likeliest place of a name as written; kept, since messages repeat places."""
    key = (id(gazetteer), f"{language} {text.casefold()}")
    if key not in _KNOWN:
        if len(_KNOWN) > 100_000:
            _KNOWN.clear()
        listed = _listed(language).get(fold_text(text))
        found = gazetteer.resolve(text if listed is None else listed, misspelt=False)
        _KNOWN[key] = found[0] if found else None
    return _KNOWN[key]


@cache
def _listed(language: str) -> dict[str, str]:
    """{folded name: the gazetteer's} of data/place_names.tsv, where the gazetteer lacks one."""
    return {
        fold_text(written): name
        for code, name, words, _ in rows("place_names.tsv", 4)
        if code == language
        for written in words.split("|")
    }


def _is_plain_word(reading: Reading, form: str) -> bool:
    """What is left of "بالصورة" is a word of the language, no place."""
    folded = fold_text(form)
    return folded in small_words(reading.signals.language) or folded in not_names()


def _is_meant(
    reading: Reading, first: int, last: int, known: PlaceRef, attached: bool, cased: bool
) -> bool:
    """Whether a name in the gazetteer is meant as a place here."""
    if _is_called(reading, first):
        return False
    words = [reading.words[place] for place in range(first, last + 1)]
    language = reading.signals.language
    cued = attached or _has_cue(reading, first, last)
    in_lexicon = first == last and any(
        one.end <= words[0].end for one in reading.starting.get(first, ())
    )
    if in_lexicon and not (cased and cued and known.level in _WIDE):
        return False
    if cased and _is_amid_names(reading, first, last) and not cued:
        return False
    if not cased and not cued and _follows_called_name(reading, first):
        return False
    if not cued and reading.ends(first, *_PERSON_BEFORE) is not None:
        return False
    common = _is_common(reading, first, last)
    if cued:
        return known.level in _WIDE or not common
    if known.level not in _WIDE or common:
        return known.level is PlaceLevel.COUNTRY
    if not cased and len(words) == 1:
        written = reading.text[words[0].start]
        if script_of_letter(written) is Script.LATIN:
            return False
        return len(words[0].text) > (1 if language in ("am", "ti") else _SHORTEST)
    return not _starts_sentence(reading, first) or len(words) > 1 or known.level in _TOWNS


def _is_called(reading: Reading, first: int) -> bool:
    """ "Named Florence", "my sister Florence"."""
    from reknit.language.facts.relations import RELATIONS

    signal = reading.ends(first, *_NAME_BEFORE, *RELATIONS)
    return signal is not None and reading.is_joined(first)


def _follows_called_name(reading: Reading, first: int) -> bool:
    """ "My sister Rima Al-Qasim", "about Rima Al-Qasim": a family name that is a town as well."""
    if first < 1 or not reading.is_joined(first) or not _is_name(reading, first - 1, first - 1):
        return False
    return _is_called(reading, first - 1) or (
        reading.ends(first - 1, "cue_about", "cue_title", "cue_self_name") is not None
    )


def _has_cue(reading: Reading, first: int, last: int) -> bool:
    """ "In", "from" before it, with at most one small word between, or "camp" beside it."""
    if reading.ends(first, *_CUES) or reading.starts(last + 1, *_BESIDE, "cue_after_place"):
        return True
    if reading.ends(first, *_BESIDE, "city", "village", "border", "station"):
        return True
    return (
        first > 1
        and reading.ends(first - 1, *_CUES) is not None
        and (reading.words[first - 1].text in small_words(reading.signals.language)
             or bool(reading.starting.get(first - 1)))
    )  # fmt: skip


def _is_common(reading: Reading, first: int, last: int) -> bool:
    return all(
        is_common_name(
            reading.text[reading.words[at].start : reading.words[at].end],
            reading.signals.language,
        )
        for at in range(first, last + 1)
    )


def _starts_sentence(reading: Reading, place: int) -> bool:
    start = reading.words[place].start
    return any(begin == start for begin, _ in reading.signals.sentences)


def _is_name(reading: Reading, first: int, last: int) -> bool:
    return all(
        is_known_name(
            reading.text[reading.words[at].start : reading.words[at].end],
            reading.signals.language,
        )
        for at in range(first, last + 1)
    )


def _is_amid_names(reading: Reading, first: int, last: int) -> bool:
    """A capitalised word right before or after it, as in "Ahmad Halabi", "Ramón del Valle"."""
    if first > 1 and reading.words[first - 1].text in ("del", "de", "al", "el", "bin", "ibn"):
        before = first - 2
        if is_capital(reading, before) and reading.is_joined(before + 1):
            return is_known_name(
                reading.text[reading.words[before].start : reading.words[before].end],
                reading.signals.language,
            )
    for at in (first - 1, last + 1):
        beside = min(at, first - 1) if at < first else last
        if 0 <= at < len(reading.words) and is_capital(reading, at):
            joined = not reading.between(reading.words[beside], reading.words[beside + 1]).strip(
                " "
            )
            if joined and not is_stop(reading, at) and not reading.words[at].text.isdigit():
                return True
    return False


def _unknown_place(reading: Reading, place: int, cased: bool) -> Fact | None:
    """A capitalised word after "in" that is no known name; a word beside "camp"."""
    beside_camp = (
        reading.ends(place, *_BESIDE) is not None or reading.starts(place + 1, *_BESIDE) is not None
    )
    article = cased and reading.words[place].text in _ARTICLES and place + 1 < len(reading.words)
    last = place
    if article and reading.is_joined(place + 1) and is_capital(reading, place + 1):
        last = place + 1
    elif is_stop(reading, place) or not (cased or beside_camp or _after_town(reading, place)):
        return None
    while (
        cased
        and last + 1 < len(reading.words)
        and last - place < 2
        and reading.is_joined(last + 1)
        and is_capital(reading, last + 1)
        and not is_stop(reading, last + 1)
    ):
        last += 1
    if last == place and article:
        return None
    after_in = reading.ends(place, "cue_in") is not None and reading.is_joined(place)
    sure = beside_camp or (not cased and _after_town(reading, place))
    if not sure and not (after_in and not _has_known_name(reading, place, last)):
        return None
    if _is_called(reading, place):
        return None
    start, end = reading.words[place].start, reading.words[last].end
    return _fact(reading, start, end, reading.text[start:end])


def _after_town(reading: Reading, place: int) -> bool:
    """ "مدينة …", "قرية …", in languages that say the kind first."""
    first = reading.signals.language in _KIND_FIRST
    return first and reading.is_joined(place) and bool(reading.ends(place, "city", "village"))


_KIND_FIRST = frozenset({"ar", "fa", "ps"})


def _has_known_name(reading: Reading, first: int, last: int) -> bool:
    return any(_is_name(reading, at, at) for at in range(first, last + 1))


_AFTER = {
    "zh": re.compile(
        r"市|县|省|镇|村|区|縣|鎮|區|國|国|难民营|營|的|，|。|、|,|\s|$|失|有|看|见|等|里|附近|和|到|去|来|住|做|打|被|机场|火车站|医院"
    ),
    "my": re.compile(r"မြို့|ရွာ|မှာ|မှ|ကနေ|တွင်|က|ကို|စခန်း|ဒုက္ခသည်|ပြည်နယ်|ခရိုင်|နယ်|၊|။|,|\s|$|နား|ထဲ|ဘက်|သို့|အထိ"),
}
_BEFORE = re.compile(r"(?:在|从|從|到|去|来自|來自|于|往|至|离开|離開|抵达|，|,|。|、|^|\s|住|了)$")
_LENGTHS = {"zh": range(6, 1, -1), "my": range(18, 2, -1)}


def _unspaced(reading: Reading, gazetteer: Gazetteer) -> list[Fact]:
    """Where nothing parts words: names of places that particles follow."""
    language, text = reading.signals.language, reading.text
    after = _AFTER[language]
    found: list[Fact] = []
    at = 0
    while at < len(text):
        step = 1
        starts = language == "zh" or at == 0 or not text[at - 1].isalpha()
        if text[at].isalpha() and starts:
            for length in _LENGTHS[language]:
                end = at + length
                if end > len(text) or not after.match(text, end):
                    continue
                if language == "zh" and length == 2 and not _BEFORE.search(text[:at]):
                    continue
                known = _look_up(gazetteer, text[at:end], language)
                listed = _listed(language).get(fold_text(text[at:end]))
                wide = known is not None and known.level in _WIDE
                if (wide or listed is not None) and reading.is_free(at, end):
                    name = known.name if known is not None else listed or text[at:end]
                    found.append(_fact(reading, at, end, name))
                    step = length
                    break
        at += step
    return found
