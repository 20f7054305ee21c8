"""Latin letters: as written without marks, then as the languages that write so would sound.

Rules
 A rule rewrites what one spelling habit has; a word gets a reading for each habit that it shows:
 marks that are heard (ş ç ğ š), the compounds of Abd and -ullah in one shape, the Arabic article
 grown on, Somali x and c, Belarusian endings, pinyin and Wade-Giles, j that is y.
 Plain words mostly show none and have one reading.

>>> list(read("şükrü"))
['sukru', 'shuekrue']
>>> list(read("abdurrahman"))
['abdurrahman', 'abdrahman']
>>> list(read("xasan"))[:2]
['xasan', 'hasan']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reknit.standardise.groups import groups_of
from reknit.standardise.romanise import distinct
from reknit.standardise.romanise.pinyin import as_it_sounds, from_wade_giles
from reknit.standardise.scripts import strip_marks
from reknit.standardise.tables import rows
from reknit.vocabulary.names import Script

_HEARD = str.maketrans(
    {
        "ş": "sh", "ș": "sh", "š": "sh", "ś": "sh", "ŝ": "sh", "ç": "ch", "č": "ch", "ć": "ch",
        "ž": "zh", "ż": "zh", "ź": "zh", "ñ": "ny", "ň": "ny", "ń": "ny", "ö": "oe", "ü": "ue",
        "ø": "oe", "å": "aa", "ł": "w", "ğ": "", "ț": "ts", "ţ": "ts", "ä": "e", "ř": "rzh",
        "ý": "y", "ĉ": "ch", "ĝ": "j", "ǧ": "j", "ẖ": "kh", "ḫ": "kh", "ġ": "gh", "ḡ": "gh",
        "ẕ": "dh", "ḏ": "dh", "ṯ": "th", "ǰ": "j", "î": "i", "û": "u", "ê": "e", "ơ": "o", "ư": "u",
    }
)  # fmt: skip
_ABD = re.compile("^abd(?:[aeiou]?l|[aeiou](?=(?:rr|nn|ss|zz|dd|tt|sh)))-?(?P<rest>[a-z]{3,})$")
_ABDULLAH = re.compile("^abd[aeiou]?l+[aeo]h?$")
_DOUBLED = re.compile(r"^([rnszdt])\1")
_ULLAH = re.compile("^([a-z]{3,}?)(?:[aou]l+[aeou]h|ull+a|al+ah)$")
_UDDIN = re.compile("^([a-z]{3,}?)(?:[uaeio]d|[uaeo]l)-?d(?:i|ee|ei)ne?$")
_ARTICLE = re.compile("^[ae]l(?=[bcdfghjkmnqrstwyz][a-z]{4})")
_SOMALI_VOWELS = re.compile(r"([aeiou])\1")
_J_IS_Y = re.compile("^j(?=[aeu])|(?<=[aeo])j$|(?<=[aei])j(?=[aeu])|(?<=[a-z])j(?=[aeu]n?$)|ij$")
_BELARUSIAN = (
    (re.compile("avich$"), "ovich"),
    (re.compile("a[uw]na$"), "ovna"),
    (re.compile("eu?na$"), "evna"),
    (re.compile("(?<=[a-z]{3})(?:[iy]?o|a)[uw]$"), "ov"),
    (re.compile("(?<=[a-z]{3})[iy]?e[uw]$"), "ev"),
    (re.compile("^u(?=[lz])"), "v"),
    (re.compile("dz(?=[eiy])"), "d"),
    (re.compile("ts(?=[eiy])"), "t"),
)
_BELARUSIAN_SIGN = re.compile(
    "(?:avich|[aeo][uw]na|[ei]u|[iy]ou|[a-z]{3}[ao]u|[a-z]{3}aw)$|^uladz|^dzm|^dzian|^siarh|^aliak"
)
_SHORTEST_WITH_Y = 3
_SHORTEST_SOMALI = 3
_ABU = re.compile("^ab(?:u|ou|oo|o)(?:[ae]l)?(?=[bcdfghjkmnpqrstvwxyz][a-z]{3})")
_SOFT_GN = re.compile("(?<=[a-z])gn")
_HARD_Q = re.compile("qu(?=[ei])")
_HARD_G = re.compile("gu(?=[ei])")
_TELLING = re.compile(
    "[jqxzw]|gn|^c|gu|ou$|[ao]u$|eu$|u[nw]a$|vich$|ll|l[aeou]h$|dd|[ae]ld|ldin|^[ae]l|^ab|^ul|^siar"
)


def forms_of(word: str, plain: str) -> tuple[str, ...]:
    """The readings of a word whose text without marks is known; quick for plain words."""
    if plain is word and not _TELLING.search(plain):
        return (plain,)
    return distinct(read(word))


def read(word: str) -> Iterator[str]:
    """Marks dropped; marks heard; then what each spelling habit says."""
    if "-" in word:
        yield from _read_syllables(word)
        return
    plain = strip_marks(word)
    yield plain
    if not word.isascii():
        yield strip_marks(word.translate(_HEARD))
    if _TELLING.search(plain):
        yield from _by_habit(plain)


def _read_syllables(word: str) -> Iterator[str]:
    """A hyphened Chinese or Korean given name."""
    parts = [strip_marks(part) for part in word.split("-")]
    yield "".join(parts)
    mandarin = [from_wade_giles(part) for part in parts]
    if all(part is not None for part in mandarin):
        yield "".join(part or "" for part in mandarin)
    sound = as_it_sounds("".join(parts))
    if sound:
        yield sound


def _by_habit(plain: str) -> Iterator[str]:
    compound = canonical_compound(plain)
    if compound != plain:
        yield compound
        return
    if plain[0] in "ae" and _ARTICLE.match(plain):
        yield plain[2:]
    sound = as_it_sounds(plain)
    if sound:
        yield sound
    if "x" in plain and sound is None and len(plain) > _SHORTEST_SOMALI:
        somali = _SOMALI_VOWELS.sub(r"\1", plain.replace("x", "h").removeprefix("c"))
        if groups_of(somali, Script.LATIN):
            yield somali
    elif plain[0] == "c" and plain[1:] in _after_ain():
        yield _SOMALI_VOWELS.sub(r"\1", plain[1:])
    if _BELARUSIAN_SIGN.search(plain):
        yield russian_shape(plain)
    if "j" in plain and len(plain) > _SHORTEST_WITH_Y:
        yield _J_IS_Y.sub("y", plain)
    if "gn" in plain:
        yield _SOFT_GN.sub("ny", plain)
    if "u" in plain and (_HARD_Q.search(plain) or _HARD_G.search(plain)):
        yield _HARD_G.sub("g", _HARD_Q.sub("k", plain))


def russian_shape(plain: str) -> str:
    """A Belarusian name as Russian spells it: Uladzimir, Kavaliou are Vladimir, Kavaliov."""
    for pattern, shape in _BELARUSIAN:
        plain = pattern.sub(shape, plain)
    return plain


def canonical_compound(plain: str) -> str:
    """Abdul Rahman, Abdurrahman, Abou el-Hassan, Nasrallah, Saif ud-Din in one shape each."""
    if plain.startswith("abd"):
        if _ABDULLAH.match(plain):
            return "abdallah"
        found = _ABD.match(plain)
        if found:
            return "abd" + _DOUBLED.sub(r"\1", found["rest"])
    if plain.startswith("ab"):
        return _ABU.sub("abu", plain)
    if "l" in plain and plain[-1] in "ah" and (found := _ULLAH.match(plain)):
        return found[1] + "allah"
    if "d" in plain and plain[-1] in "en" and (found := _UDDIN.match(plain)):
        return found[1] + "din"
    return plain


@lru_cache(maxsize=1)
def _after_ain() -> frozenset[str]:
    """What remains of the Somali names that begin with c, the Arabic ain."""
    return frozenset(rows("somali_ain.txt", 1)[0][0].split())
