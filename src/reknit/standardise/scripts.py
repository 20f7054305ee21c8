"""Writing systems: which script a text is in, and how its letters are cleaned before reading.

Rules
 Cleaning never loses a letter: compatibility forms are unified (NFKC, so Arabic presentation
 forms, full-width letters and digits become ordinary ones); bidi controls, zero-width and other
 control characters, tatweel and Arabic vowel marks go; quotes and dashes become ' and -.
 A word that mixes Latin with Cyrillic or Greek look-alikes is read in the script that most of
 its letters belong to (homoglyphs: OCR, keyboards, evasion).
 Folding is for comparing only; the original is kept by whoever calls.

>>> clean_text("Ivan\\u200f  Петр\\u043eв")
'Ivan Петров'
>>> script_of("أحمد Ahmadullah محمد رضا")
<Script.ARABIC: 'arabic'>
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from reknit.vocabulary.names import Script

# First code point and script of each block of letters (Unicode 15 blocks).
_BLOCKS: tuple[tuple[int, Script], ...] = (
    (0x0000, Script.NONE),
    (0x0041, Script.LATIN),
    (0x0300, Script.NONE),
    (0x0370, Script.GREEK),
    (0x0400, Script.CYRILLIC),
    (0x0530, Script.ARMENIAN),
    (0x0590, Script.HEBREW),
    (0x0600, Script.ARABIC),
    (0x0700, Script.OTHER),
    (0x0750, Script.ARABIC),
    (0x0780, Script.OTHER),
    (0x08A0, Script.ARABIC),
    (0x0900, Script.DEVANAGARI),
    (0x0980, Script.BENGALI),
    (0x0A00, Script.OTHER),
    (0x0E00, Script.THAI),
    (0x0E80, Script.OTHER),
    (0x1000, Script.MYANMAR),
    (0x10A0, Script.GEORGIAN),
    (0x1100, Script.HANGUL),
    (0x1200, Script.ETHIOPIC),
    (0x13A0, Script.OTHER),
    (0x1780, Script.KHMER),
    (0x1800, Script.OTHER),
    (0x1C80, Script.CYRILLIC),
    (0x1C90, Script.GEORGIAN),
    (0x1CC0, Script.OTHER),
    (0x1D00, Script.LATIN),
    (0x1DC0, Script.NONE),
    (0x1E00, Script.LATIN),
    (0x1F00, Script.GREEK),
    (0x2000, Script.NONE),
    (0x2C60, Script.LATIN),
    (0x2C80, Script.OTHER),
    (0x2D00, Script.GEORGIAN),
    (0x2D30, Script.OTHER),
    (0x2D80, Script.ETHIOPIC),
    (0x2DE0, Script.CYRILLIC),
    (0x2E00, Script.NONE),
    (0x2E80, Script.HAN),
    (0x3000, Script.NONE),
    (0x3005, Script.HAN),
    (0x3008, Script.NONE),
    (0x3040, Script.KANA),
    (0x3100, Script.OTHER),
    (0x3130, Script.HANGUL),
    (0x3190, Script.NONE),
    (0x31F0, Script.KANA),
    (0x3200, Script.NONE),
    (0x3400, Script.HAN),
    (0x4DC0, Script.NONE),
    (0x4E00, Script.HAN),
    (0xA000, Script.OTHER),
    (0xA640, Script.CYRILLIC),
    (0xA6A0, Script.OTHER),
    (0xA720, Script.LATIN),
    (0xA800, Script.OTHER),
    (0xA8E0, Script.DEVANAGARI),
    (0xA900, Script.OTHER),
    (0xA960, Script.HANGUL),
    (0xA980, Script.OTHER),
    (0xA9E0, Script.MYANMAR),
    (0xAA00, Script.OTHER),
    (0xAA60, Script.MYANMAR),
    (0xAA80, Script.OTHER),
    (0xAB00, Script.ETHIOPIC),
    (0xAB30, Script.LATIN),
    (0xAB70, Script.OTHER),
    (0xAC00, Script.HANGUL),
    (0xD800, Script.NONE),
    (0xF900, Script.HAN),
    (0xFB00, Script.LATIN),
    (0xFB13, Script.ARMENIAN),
    (0xFB1D, Script.HEBREW),
    (0xFB50, Script.ARABIC),
    (0xFE00, Script.NONE),
    (0xFE70, Script.ARABIC),
    (0xFF00, Script.NONE),
    (0x20000, Script.HAN),
    (0x32000, Script.NONE),
)
_STARTS = [start for start, _ in _BLOCKS]

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffd"
    "\x00-\x08\x0e-\x1f\x7f-\x9f\ufe00-\ufe0f]"
)
# Tatweel; Arabic vowel and Koranic marks; Hebrew points.
_POINTS = re.compile(
    "[\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05bd\u05bf-\u05c7]"
)
_QUOTES = re.compile("[`´ʹʻʼʽʾʿˈ΄‘’‛′‵＇ʔʕ\u05f3ꞌ]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u05be\u30a0]")
_DOTS = re.compile("[·•‧∙・･᛫⸱●◦]")
# What the patterns above take hold of, and the white space that NFKC leaves as it is.
_UNCLEAN = re.compile(
    "["
    + "".join(kind.pattern[1:-1] for kind in (_INVISIBLE, _POINTS, _QUOTES, _DASHES, _DOTS))
    + "\t-\r\x1c-\x1f\x85\u1680\u2028\u2029]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
MARKS = "\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a"
LETTERS = re.compile(rf"(?:[^\W\d_]|[{MARKS}'])+")
"""A run of letters with the marks and apostrophes that belong to them."""
_SPACES = re.compile(r"\s+")

_CYRILLIC_LOOKS = str.maketrans("асеорхутивіїјѕԁһѵкмнё", "aceopxytubiijsdhvkmhe")
_LATIN_LOOKS = str.maketrans("aceopxykmhtijsv", "асеорхукмнтіјѕѵ")
_GREEK_LOOKS = str.maketrans("αβεηικμνορτυχ", "abehikmvoptux")


@lru_cache(maxsize=8192)
def script_of_letter(letter: str) -> Script:
    """The script that one character is a letter or mark of; NONE for digits and signs."""
    category = unicodedata.category(letter)
    if category[0] not in "LM":
        return Script.NONE
    return _BLOCKS[bisect_right(_STARTS, ord(letter)) - 1][1]


@lru_cache(maxsize=65536)
def script_of(text: str) -> Script:
    """The script that most letters of a text are in; NONE without letters."""
    if text.isascii():
        return Script.LATIN if any(map(str.isalpha, text)) else Script.NONE
    counts: dict[Script, int] = {}
    for letter in text:
        script = script_of_letter(letter)
        if script is not Script.NONE:
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=counts.__getitem__) if counts else Script.NONE


def clean_text(text: str) -> str:
    """A text with unified letters and without invisible characters; letters keep their case."""
    if text.isascii():
        return " ".join(text.split()) if text.isprintable() else clean_text_fully(text)
    if (
        _UNCLEAN.search(text) is None
        and unicodedata.is_normalized("NFKC", text)
        and "  " not in text
        and text[0] != " " != text[-1]
    ):
        return text
    return clean_text_fully(text)


@lru_cache(maxsize=1024)
def clean_text_fully(text: str) -> str:
    """As clean_text, for any text."""
    text = _DOTS.sub("·", _DASHES.sub("-", _QUOTES.sub("'", text)))
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _POINTS.sub("", _QUOTES.sub("'", text))
    return _SPACES.sub(" ", text).strip()


def repair_homoglyphs(word: str) -> str:
    """A lower-case word with the few look-alike letters of another script put right."""
    if word.isascii():
        return word
    counts = dict.fromkeys((Script.LATIN, Script.CYRILLIC, Script.GREEK), 0)
    for letter in word:
        script = script_of_letter(letter)
        if script in counts:
            counts[script] += 1
    latin, cyrillic, greek = counts.values()
    if cyrillic and latin:
        return word.translate(_LATIN_LOOKS if cyrillic >= latin else _CYRILLIC_LOOKS)
    if greek and latin > greek:
        return word.translate(_GREEK_LOOKS)
    return word


_SPECIAL_LATIN = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae",
        "œ": "oe", "ħ": "h", "ŋ": "ng", "ə": "a", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ĸ": "k", "ŀ": "l", "ɛ": "e", "ɔ": "o", "ƴ": "y", "ʋ": "v", "ɖ": "d", "ƒ": "f",
        "ǝ": "e", "ʼ": "", "'": "", "ʉ": "u", "ɨ": "i",
    }
)  # fmt: skip


def strip_marks(text: str) -> str:
    """Lower-case text without diacritics; Latin letters that are no accent (ł, ø, ß) unfolded."""
    if text.isascii():
        return text.replace("'", "")
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain.translate(_SPECIAL_LATIN))


_ARABIC_FOLD = {
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    **dict.fromkeys(map(ord, "ىیيېۍئےۓ"), "ي"),
    **dict.fromkeys(map(ord, "کڪكګ"), "ك"),
    **dict.fromkeys(map(ord, "ؤۆۇۈ"), "و"),
    **dict.fromkeys(map(ord, "ھہەۀةۃۂ"), "ه"),
    **dict.fromkeys(map(ord, "ءٴٔ"), ""),
}
_ETHIOPIC_FOLD = {
    **{0x1210 + i: 0x1200 + i for i in range(8)},
    **{0x1280 + i: 0x1200 + i for i in range(7)},
    **{0x1220 + i: 0x1230 + i for i in range(8)},
    **{0x12D0 + i: 0x12A0 + i for i in range(7)},
    **{0x1340 + i: 0x1338 + i for i in range(7)},
    0x1203: 0x1200,
    0x1213: 0x1200,
    0x1283: 0x1200,
    0x12A3: 0x12A0,
    0x12D3: 0x12A0,
    0x12B8: 0x12A8,
}
_HEBREW_FOLD = str.maketrans("ךםןףץ", "כמנפצ")


@lru_cache(maxsize=1 << 17)
def fold_word(word: str, script: Script) -> str:
    """A clean lower-case word with the letters unified that spellings of one name exchange.

    Alef, yeh, kaf and heh forms of the Arabic alphabets; homophones of Ethiopic; final letters of
    Hebrew; traditional and simplified Han; hiragana and katakana; accents of Latin letters.
    """
    if script is Script.ARABIC:
        return word.translate(_ARABIC_FOLD)
    if script is Script.ETHIOPIC:
        return word.translate(_ETHIOPIC_FOLD)
    if script is Script.HEBREW:
        return word.translate(_HEBREW_FOLD)
    if script is Script.HAN:
        return simplify_han(word)
    if script is Script.KANA:
        return "".join(chr(ord(c) + 96) if "ぁ" <= c <= "ゖ" else c for c in word)
    return strip_marks(word)


def simplify_han(text: str) -> str:
    """Traditional characters as simplified ones, by ICU."""
    from reknit.standardise.romanise.general import transliterator

    simple: str = transliterator("Traditional-Simplified").transliterate(text)
    return simple
