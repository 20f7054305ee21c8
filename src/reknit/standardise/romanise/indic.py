"""Devanagari and Bengali, whose blocks run in parallel: an abugida whose own vowel is a.

Rules
 A consonant carries a unless a vowel sign or virama follows. In speech and in passports the a
 falls silent at the end of a word and between two syllables that have their vowels (Kamala has
 both, Kamlesh one): both spellings are given. Bengali's own vowel is often written o.

>>> list(read("अमिताभ"))[0]
'amitabh'
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.romanise.general import sounds

_CONSONANTS = dict(
    zip(
        range(0x15, 0x3A),
        sounds(
            "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l "
            "l v sh sh s h"
        ),
        strict=True,
    )
)
_CONSONANTS |= {
    0x58: "q",
    0x59: "kh",
    0x5A: "gh",
    0x5B: "z",
    0x5C: "r",
    0x5D: "rh",
    0x5E: "f",
    0x5F: "y",
}
_VOWELS = dict(zip(range(0x05, 0x15), sounds("a aa i i u u ri li e e e ai o o o au"), strict=True))
_SIGNS = dict(zip(range(0x3E, 0x4D), sounds("a i i u u ri ri e e e ai o o o au"), strict=True))
_VIRAMA, _NUKTA = 0x4D, 0x3C
_NASALS = {0x01: "n", 0x02: "n"}
_DOTTED = {"j": "z", "ph": "f", "k": "q", "g": "gh", "d": "r", "dh": "rh"}
_BENGALI_DOTTED = {"j": "y", "d": "r", "dh": "rh"}
_BENGALI_BLOCK = 0x0980
_BENGALI = {0x2F: "j", 0x35: "b"}
_SILENT = "~"


def read(word: str) -> Iterator[str]:
    """With silent vowels dropped, with all of them, and for Bengali with o."""
    full = _spell(word)
    short = _drop_silent(full)
    yield short.replace("aa", "a")
    if 0x0980 <= ord(word[0]) <= 0x09FF:
        yield short.replace("aa", "A").replace(_SILENT, "o").replace("A", "a").replace("v", "w")
        yield short.replace("aa", "a").replace("s", "sh").replace("j", "z").replace("shh", "sh")
    yield full.replace(_SILENT, "a").replace("aa", "a")
    yield short.replace("aa", "a").replace("v", "w").replace("chh", "ch").replace("bh", "b")


def _spell(word: str) -> str:
    out: list[str] = []
    open_consonant = False
    for letter in word:
        code = ord(letter)
        bengali = code >= _BENGALI_BLOCK
        offset = code & 0x7F
        if offset in _CONSONANTS:
            if open_consonant:
                out.append(_SILENT)
            out.append((_BENGALI if bengali else {}).get(offset) or _CONSONANTS[offset])
            open_consonant = True
            continue
        if offset == _NUKTA and out:
            out[-1] = (_BENGALI_DOTTED if bengali else _DOTTED).get(out[-1], out[-1])
            continue
        if offset in _SIGNS:
            out.append("aa" if offset == 0x3E else _SIGNS[offset])
        elif offset in _VOWELS:
            out.append((_SILENT if open_consonant else "") + _VOWELS[offset])
        elif offset in _NASALS:
            out.append((_SILENT if open_consonant else "") + _NASALS[offset])
        open_consonant = False
    conjunct = open_consonant and len(word) > 2 and ord(word[-2]) & 0x7F == _VIRAMA
    return "".join(out) + ("a" if conjunct else "")


def _drop_silent(full: str) -> str:
    """Each own vowel as a, but none before a single consonant with a vowel after a vowel."""
    out = ""
    pieces = full.split(_SILENT)
    for place, piece in enumerate(pieces):
        out += piece
        if place == len(pieces) - 1:
            break
        after = pieces[place + 1]
        lead = len(after) - len(after.lstrip("bcdfghjklmnpqrstvwxyz"))
        single = lead == 1 or after[:lead] in ("kh", "gh", "ch", "jh", "th", "dh", "ph", "bh", "sh")
        follows_vowel = len(out) > 1 and _ends_open(out)
        if not (follows_vowel and single and lead < len(after)):
            out += "a"
    return out


def _ends_open(text: str) -> bool:
    stem = text.rstrip("bcdfghjklmnpqrstvwxyz")
    closing = text[len(stem) :]
    return stem != "" and (
        len(closing) == 1 or closing in ("kh", "gh", "ch", "sh", "bh", "dh", "th")
    )
