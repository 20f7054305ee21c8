"""How a hand puts a name on paper: its script, its language's habits, its slips.

Rules: a desk that has only heard or read Latin letters respells by the table of its language
(`data/spelling.txt`); slips of scanners come from `data/scans.txt`. Nothing here reads a name
back: these tables serve to make data, and the matcher does not share them.

>>> respell("Khaled Shehadeh", "de")
'Chaled Schehadeh'
>>> respell("Tesfaye", "arabic")
'تسفاي'
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import accumulate
from random import Random

from reknit.synth.entries import Entry, load_pool, read_sections

Options = tuple[tuple[str, ...], tuple[float, ...]]

CASED_SCRIPTS = frozenset({"latin", "cyrillic", "greek", "armenian"})
_ETHIOPIC_VOWELS = {
    "": 5,
    "e": 0,
    "u": 1,
    "ou": 1,
    "oo": 1,
    "i": 2,
    "ee": 2,
    "a": 3,
    "aa": 3,
    "o": 6,
}
_ETHIOPIC_SYLLABLE = re.compile(
    r"(sh|th|ch|kh|zh|dh|gh|[bcdfghjklmnpqrstvwxyz])?(ou|oo|ee|aa|[aeiou])?"
)
_SINGLE_CONSONANTS = frozenset({"arabic", "hebrew", "bengali", "ethiopic", "georgian", "greek"})
_LATIN_ONLY = str.maketrans({"ı": "i", "đ": "d", "Đ": "D", "ø": "o", "ł": "l", "ə": "a", "ʿ": ""})
_ORTHOGRAPHY: dict[str, tuple[tuple[str, str], ...]] = {
    "arabic": (
        *(("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ة", "ه"), ("ى", "ي"), ("عبد ال", "عبدال")),
        *(("ي", "ی"), ("ک", "ك"), ("ؤ", "و"), ("ئ", "ي"), ("ال", "")),
    ),
    "ethiopic": (
        *(("ሐ", "ሀ"), ("ኃ", "ሃ"), ("ሠ", "ሰ"), ("ዓ", "አ"), ("ጸ", "ፀ"), ("ሃ", "ሀ"), ("ሥ", "ስ")),
        *(("አ", "ኣ"), ("ሀ", "ሃ"), ("ፀ", "ጸ"), ("ዬ", "የ")),
    ),
    "cyrillic": (("ё", "е"), ("і", "и"), ("ї", "и"), ("є", "е"), ("ий", "ый"), ("ьо", "йо")),
    "hebrew": (("יי", "י"), ("וו", "ו"), ("ו", ""), ("י", "")),
    "bengali": (("মোহাম্মদ", "মো:"), ("হো", "হু"), ("ূ", "ু"), ("ী", "ি"), ("শ", "স"), ("য়", "য়")),
    "myanmar": (("့", ""), ("း", ""), ("ံ", "န်")),
    "armenian": (("և", "եւ"), ("Հովհ", "Հով")),
    "georgian": (),
    "han": (),
}


def strip_marks(text: str) -> str:
    """Latin or Greek text without its accents."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LATIN_ONLY))
    return unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if not unicodedata.combining(c))
    )


@cache
def respell(latin: str, table: str) -> str:
    """`latin` as the desk of `table` (a language or a script) writes what it reads or hears."""
    plain = strip_marks(latin).lower()
    if table in _SINGLE_CONSONANTS:
        plain = re.sub(r"([b-df-hj-np-tv-z])\1", r"\1", plain)
    if table == "ethiopic":
        return " ".join(_to_ethiopic(word) for word in re.split(r"[^a-z]+", plain) if word)
    text = _substituted(plain, table)
    if table in CASED_SCRIPTS or len(table) == 2:
        return capitalise(text)
    return text


def _substituted(text: str, table: str) -> str:
    pattern, values = _table(table)
    return pattern.sub(lambda match: values[(match.lastindex or 1) - 1], text)


@cache
def _table(name: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    pairs: dict[str, str] = {}
    for line in _tables()[name]:
        pairs.update(_pair(cell) for cell in line.split())
    keys = sorted(pairs, key=lambda key: (-len(key.strip("^$")), -len(key)))
    pattern = "|".join(f"({_anchored(key)})" for key in keys)
    return re.compile(pattern), tuple(pairs[key] for key in keys)


@cache
def _tables() -> dict[str, list[str]]:
    return read_sections("spelling.txt")


def _anchored(key: str) -> str:
    start = r"\b" if key.startswith("^") else ""
    end = r"\b" if key.endswith("$") else ""
    return start + re.escape(key.strip("^$")) + end


def _to_ethiopic(word: str) -> str:
    letters, rows = [], _ethiopic_rows()
    for consonant, vowel in _ETHIOPIC_SYLLABLE.findall(word):
        if consonant or vowel:
            row = rows.get(consonant, "አ")
            letters.append(chr(ord(row) + _ETHIOPIC_VOWELS[vowel]))
    return "".join(letters)


@cache
def _ethiopic_rows() -> dict[str, str]:
    return dict(_pair(cell) for line in _tables()["ethiopic rows"] for cell in line.split())


def capitalise(text: str) -> str:
    """Each word with a capital."""
    return re.sub(r"(^|[\s-])(\w)", lambda match: match[1] + match[2].upper(), text)


def latin_forms(entry: Entry) -> tuple[str, ...]:
    """The Latin forms of `entry`; a patronymic's are read off its Cyrillic ones."""
    return entry.latin or _read_cyrillic(entry.native)


def capitals(text: str, script: str) -> str:
    """`text` in capitals; Greek ones bear no accents."""
    return strip_marks(text).upper() if script == "greek" else text.upper()


@cache
def _read_cyrillic(native: tuple[str, ...]) -> tuple[str, ...]:
    """Latin forms of a Ukrainian and a Russian spelling, as passports have them."""
    forms = []
    for language, text in zip(("uk", "ru"), native, strict=False):
        changed = _substituted(text.lower(), f"from {language}")
        forms.append(capitalise(changed))
    return tuple(dict.fromkeys(forms))


@cache
def spellings(latin: tuple[str, ...], script: str, language: str) -> Options:
    """What a desk may write for a name with these Latin forms, with cumulative weights."""
    weights: dict[str, float] = {}
    if script == "latin":
        for rank, form in enumerate(latin):
            weights[form] = weights.get(form, 0.0) + 1.0 / (1.0 + 1.3 * rank)
        own = respell(latin[0], language) if language in _tables() else latin[0]
        if own not in latin:
            weights[own] = weights.get(own, 0.0) + sum(weights.values()) * 0.7
    else:
        for rank, form in enumerate(latin[:3]):
            known = _arabic_names().get(form.lower()) if script == "arabic" else None
            own = known or respell(form, script)
            weights[own] = weights.get(own, 0.0) + 1.0 / (1.0 + 2.0 * rank)
    return tuple(weights), tuple(accumulate(weights.values()))


@cache
def _arabic_names() -> dict[str, str]:
    """Names that a clerk who writes Arabic knows how to write, by their Latin forms."""
    lists = load_pool("arabic")
    return {
        form.lower(): entry.native[0]
        for section in ("f", "m")
        for entry in lists[section]
        for form in entry.latin
    }


def orthography(text: str, script: str, rng: Random) -> str:
    """`text` with one liberty that writers of the script take, if it gives occasion."""
    if script in {"latin", "greek"}:
        return strip_marks(text)
    rules = [rule for rule in _ORTHOGRAPHY.get(script, ()) if rule[0] in text]
    if not rules:
        return text
    old, new = rng.choice(rules)
    changed = text.replace(old, new, 1)
    return changed if len(changed) > 1 else text


def mistype(text: str, rng: Random) -> str:
    """`text` with one slip of a typist: a letter lost, doubled, or two swapped."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    slip = rng.random()
    if slip < 0.4:
        return text[:at] + text[at + 1 :]
    if slip < 0.6:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def misscan(text: str, script: str, rng: Random) -> str:
    """`text` with one letter read as another of like shape."""
    confusions = _scans().get(script, {})
    spots = [(at, old) for old in confusions for at in _occurrences(text, old)]
    if not spots:
        return text
    at, old = rng.choice(spots)
    return text[:at] + confusions[old] + text[at + len(old) :]


def _occurrences(text: str, part: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(part, at)]


@cache
def _scans() -> dict[str, dict[str, str]]:
    return {
        script: dict(_pair(cell) for cell in line.split())
        for script, (line, *_) in read_sections("scans.txt").items()
    }


def _pair(cell: str) -> tuple[str, str]:
    key, _, value = cell.partition("=")
    return key, value


def write_native(entry: Entry, index: int, free_variant: bool, rng: Random) -> str:
    """A native spelling: the one at `index`, or any where variants are free."""
    forms = entry.native
    if free_variant and len(forms) > 1:
        return forms[rng.randrange(1, len(forms))]
    return forms[min(index, len(forms) - 1)]
