"""What a written date says, before it is known to be a day: its numbers, its words, its calendar.

Rules:
- Numbers: year first when it has four digits (ISO 8601); else day/month/year or month/day/year:
  a number above 12 decides, then the caller's `day_first`, then day first with a doubt.
- Words: month names of the project's languages from CLDR (Unicode licence, through ICU) and
  data/date_words.tsv; "c.", "about", "?" make it approximate; "1980-1985", "between 1980 and
  1985", "1980s", "198X" are spans of years (EDTF, ISO 8601-2:2019, has the same notions).
- A two-digit year is one of 1930-2029, as spreadsheets read it, with a doubt.
- Words that are not known are tolerated only beside a month name and a year.

>>> read_written("3 травня 2001 р.")
Written(low=2001, high=2001, month=5, day=3, calendar=None, doubts=frozenset(), unread=())
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from reknit.standardise.digits import read_numerals
from reknit.standardise.wordlists import fold_phrase, folded_table
from reknit.vocabulary import Calendar, DateDoubt

_TOKEN = re.compile(r"\d+|[^\s\d,/\-()\[\]{}:;|\\\"«»“”<>+*=_]+")
_TIME = re.compile(
    r"(?<=\d)(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?|z|utc|gmt)?"
    r"\s*(?:[+-]\d{2}:?\d{2})?(?:\s*\[[^\]]*\])?$"
)
_NUMERIC = re.compile(r"(\d{1,4})\s*[-/.\s,]\s*(\d{1,4})(?:\s*[-/.\s,]\s*(\d{1,4}))?[.]?")
_DECADE = re.compile(r"(\d{3})(?:[xu?*_]|0s|0'?s|-)")
_YEARS = re.compile(r"(\d{4})\s*(?:-|/|\.\.\.?|~)\s*(\d{4})")
_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]"
)
_DIGIT_CALENDARS = (
    (re.compile("[\u1040-\u1049]"), Calendar.BURMESE),
    (re.compile("[\u09e6-\u09ef]"), Calendar.BENGALI),
)
_LONGEST_PHRASE = 4
_PIVOT = 30
_LONGEST_SPAN = 100
# Tigrinya month names stand for Gregorian months in Eritrea (so CLDR), Ethiopian ones in Tigray.
_TIGRINYA = "tigrinya"
_LANGUAGES = (
    "en", "fr", "es", "pt", "ar", "fa", "ps", "ur", "uk", "ru", "tr", "ku", "ckb", "so",
    "sw", "am", "my", "zh", "vi", "bn", "he", "el", "hy", "ka", "th", "km", "hi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: first and last year it may mean, month and day, in `calendar` if said."""

    low: int
    high: int
    month: int | None = None
    day: int | None = None
    calendar: Calendar | None = None
    doubts: frozenset[DateDoubt] = frozenset()
    unread: tuple[str, ...] = ()


def read_written(text: str, day_first: bool | None = None) -> Written | None:
    """What the text says as a date, None when it says none. The day need not exist."""
    folded = _TIME.sub("", fold_phrase(read_numerals(text)).strip(" .,;"))
    written = _read_digits(folded, day_first) or _read_words(folded, day_first)
    if written is None or written.calendar is not None:
        return written
    for digits, calendar in _DIGIT_CALENDARS:
        if digits.search(text) and 1200 <= written.low <= 1460:
            return Written(written.low, written.high, calendar=calendar, doubts=written.doubts)
    return written


def _read_digits(text: str, day_first: bool | None) -> Written | None:
    if text.isdigit():
        return _from_solid(text)
    years = _YEARS.fullmatch(text)
    if years is not None:
        return _span(int(years[1]), int(years[2]))
    match = _NUMERIC.fullmatch(text)
    if match is not None:
        return _from_numbers([n for n in match.groups() if n is not None], day_first)
    decade = _DECADE.fullmatch(text)
    if decade is not None:
        return _span(int(decade[1]) * 10, int(decade[1]) * 10 + 9)
    return None


def _from_solid(text: str) -> Written | None:
    """YYYY, YYYYMM, YYYYMMDD (or DDMMYYYY), YYYYMMDDhhmmss."""
    if len(text) in (8, 14):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
        if month > 12 and len(text) == 8:
            day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
        return Written(year, year, month or None, day or None)
    if len(text) == 6 and 1 <= int(text[4:]) <= 12:
        return Written(int(text[:4]), int(text[:4]), int(text[4:]))
    return Written(int(text), int(text)) if len(text) == 4 else None


def _from_numbers(parts: list[str], day_first: bool | None) -> Written | None:
    lengths = [len(part) for part in parts]
    numbers = [int(part) for part in parts]
    if lengths[0] >= 3:
        if max(lengths[1:]) > 2:
            return _span(*numbers) if lengths == [4, 4] else None
        month, day = numbers[1], numbers[2] if len(numbers) == 3 else 0
        return Written(numbers[0], numbers[0], month or None, day or None)
    if max(lengths[:-1]) > 2 or (len(parts) == 2 and lengths[1] < 3):
        return None
    doubts: set[DateDoubt] = set()
    year = _year(parts[-1], doubts)
    if len(parts) == 2:
        return Written(year, year, numbers[0] or None, doubts=frozenset(doubts))
    day, month = numbers[:2]
    if month > 12 or (day <= 12 and day_first is False):
        day, month = month, day
    elif day <= 12 and day != month and day_first is None:
        doubts.add(DateDoubt.DAY_MONTH_ORDER)
    return Written(year, year, month or None, day or None, doubts=frozenset(doubts))


def _year(part: str, doubts: set[DateDoubt]) -> int:
    year = int(part)
    if len(part) > 2:
        return year
    doubts.add(DateDoubt.CENTURY)
    return year + (2000 if year < _PIVOT else 1900)


def _span(low: int, high: int) -> Written | None:
    if low > high or high - low > _LONGEST_SPAN:
        return None
    return Written(low, high, doubts=frozenset({DateDoubt.APPROXIMATE}))


def _read_words(text: str, day_first: bool | None) -> Written | None:
    numbers, kinds, unread = _sort_tokens(text)
    if "same" in kinds:
        halves = [_read_words(half, day_first) for half in _halves(text)]
        plain = [half for half in halves if half is not None]
        return min(plain, key=lambda half: half.calendar is not None, default=None)
    months = {kind for kind in kinds if kind[-1].isdigit()}
    said = {Calendar(kind.split()[1]) for kind in kinds if kind.startswith("calendar ")}
    if len(months) > 1 or len(said) > 1 or not numbers or (unread and not months):
        return None
    calendar = next(iter(said), None)
    doubts = {DateDoubt.APPROXIMATE} if "approx" in kinds else set()
    month = None
    if months:
        name, number = months.pop().split()
        month = int(number)
        if name == _TIGRINYA:
            if calendar is Calendar.ETHIOPIAN:
                month = (month + 3) % 12 + 1
            elif calendar is None:
                doubts.add(DateDoubt.UNKNOWN_CALENDAR)
        elif name != "gregorian":
            calendar = Calendar(name)
    written = _arrange(numbers, month, kinds, day_first)
    if written is None:
        return None
    return replace(written, calendar=calendar, doubts=written.doubts | doubts, unread=tuple(unread))


def _arrange(
    numbers: list[str], month: int | None, kinds: list[str], day_first: bool | None
) -> Written | None:
    """Which number is the year, and which the day."""
    if month is None:
        if len(numbers) == 1:
            decade = "decade" in kinds and numbers[0].endswith("0")
            low = int(numbers[0])
            if len(numbers[0]) == 4:
                return _span(low, low + 9) if decade else Written(low, low)
            return _from_solid(numbers[0])
        if len(numbers) == 2 and [len(n) for n in numbers] == [4, 4]:
            return _span(int(numbers[0]), int(numbers[1]))
        return _from_numbers(numbers, day_first) if len(numbers) <= 3 else None
    if len(numbers) > 2:
        return None
    doubts: set[DateDoubt] = set()
    years = [n for n in numbers if len(n) >= 3 or int(n) > 31]
    if len(years) > 1 or (not years and len(numbers) < 2):
        return None
    written_year = years[0] if years else numbers[-1]
    days = list(numbers)
    days.remove(written_year)
    year = _year(written_year, doubts)
    return Written(year, year, month, int(days[0]) if days else None, doubts=frozenset(doubts))


def _halves(text: str) -> list[str]:
    words = [word for word, kind in _vocabulary().items() if kind == "same" and word in text]
    return text.split(max(words, key=len), 1) if words else []


def _sort_tokens(text: str) -> tuple[list[str], list[str], list[str]]:
    """The numbers of a text, the kinds of its known words, and its other words."""
    vocabulary = _vocabulary()
    tokens = _TOKEN.findall(_marked(text))
    numbers, kinds, unread = [], [], []
    at = 0
    while at < len(tokens):
        for width in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            kind = vocabulary.get(" ".join(tokens[at : at + width]).replace(".", ""))
            if kind is not None:
                kinds.append(kind)
                at += width
                break
        else:
            token = tokens[at].strip(".")
            at += 1
            if token.isdigit():
                numbers.append(token)
            elif token:
                found = _inside(token, vocabulary)
                kinds += found
                unread += [] if found else [token]
    return numbers, kinds, unread


def _marked(text: str) -> str:
    """The signs for "about" as words of their own."""
    return re.sub(r"[?~≈±؟]", " ~ ", text).replace("%", " ")


def _inside(token: str, vocabulary: dict[str, str]) -> list[str]:
    """Known words within one written without spaces, or under a case ending of 1-2 letters."""
    if not _NO_SPACES.search(token):
        for cut in (1, 2):
            if len(token) - cut >= 4 and token[:-cut] in vocabulary:
                return [vocabulary[token[:-cut]]]
        return []
    kinds = []
    at = 0
    token = token.replace(".", "")
    while at < len(token):
        for end in range(min(len(token), at + 16), at, -1):
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
    return {name: kind for name, kind in names.items() if name not in shared} | own


def _phrase(text: str) -> str:
    tokens = (token.strip(".") for token in _TOKEN.findall(fold_phrase(read_numerals(text))))
    return " ".join(token for token in tokens if token).replace(".", "")
