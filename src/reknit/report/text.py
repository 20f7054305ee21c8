"""Text from the lists, made safe to read: nothing hidden, each script in its own direction.

Rules kept here: characters that silently reorder or hide text (bidi overrides, embeddings and
isolates, control characters, lone surrogates) are shown as a code, so that a name cannot pretend
to be another; joiners and direction marks that Persian, Urdu or Hebrew spelling needs stay.

>>> visible("Ali\\u202exe")
'Ali‹U+202E›xe'
>>> language_tag("علي")
'und-Arab'
>>> [run.text for run in runs("the forms علي رضا and Ali")]
['the forms ', 'علي رضا', ' and Ali']
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    "|[\U000e0000-\U000e007f]"
)
ISOLATES = re.compile("[\u2066-\u2069]")
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010d00-\U00010d3f\U0001e900-\U0001e95f"
RIGHT_TO_LEFT_RUN = re.compile(
    f"[{RIGHT_TO_LEFT}](?:[{RIGHT_TO_LEFT}\u200c-\u200f \\-'’]*[{RIGHT_TO_LEFT}])?"
)

# First word of a letter's Unicode name -> its ISO 15924 code, for the lang attribute.
SCRIPT_CODES = {
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "CYRILLIC": "Cyrl",
    "ETHIOPIC": "Ethi",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "CJK": "Hani",
    "HANGUL": "Hang",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "MYANMAR": "Mymr",
    "THAI": "Thai",
    "KHMER": "Khmr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "SYRIAC": "Syrc",
    "THAANA": "Thaa",
    "TAMIL": "Taml",
    "SINHALA": "Sinh",
    "NKO": "Nkoo",
    "ADLAM": "Adlm",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence in one direction; language is None where it follows the sentence."""

    text: str
    language: str | None = None


def visible(text: str) -> str:
    """The text with every hidden or reordering character shown as its code."""
    return HIDDEN.sub(lambda found: f"‹U+{ord(found.group()):04X}›", text)


def script_code(text: str) -> str | None:
    """The ISO 15924 code of the script most letters are in; None without letters."""
    codes = Counter(
        SCRIPT_CODES.get(unicodedata.name(letter, "").split(" ")[0], "Zyyy")
        for letter in text
        if letter.isalpha()
    )
    return codes.most_common(1)[0][0] if codes else None


def language_tag(text: str) -> str | None:
    """A lang attribute for a name: language unknown, script known; None for Latin and no letters.

    A script is not a language (Arabic script is Arabic, Persian, Urdu …), hence "und".
    """
    code = script_code(text)
    return None if code in (None, "Latn", "Zyyy") else f"und-{code}"


def runs(sentence: str) -> tuple[Run, ...]:
    """An English sentence cut where names in right-to-left scripts stand in it.

    Isolates that the writer put round a name are dropped: the page isolates each run itself.
    """
    plain = ISOLATES.sub("", sentence)
    cut: list[Run] = []
    start = 0
    for found in RIGHT_TO_LEFT_RUN.finditer(plain):
        if found.start() > start:
            cut.append(Run(plain[start : found.start()]))
        cut.append(Run(found.group(), language_tag(found.group()) or "und-Arab"))
        start = found.end()
    if start < len(plain):
        cut.append(Run(plain[start:]))
    return tuple(cut)
