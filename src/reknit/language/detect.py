"""Which language a short message is in, or that a person has to be asked.

Rules
 The script decides where it can (Han zh, Burmese my, Bengali bn). Among languages that share a
 script, small words (data/function_words.tsv, by their rarity among the languages), letters that
 only one of them has, and the detectors vote: pycld2 (CLD2), then py3langid where CLD2 cannot say.
 Tigrinya and Amharic are told by letters and small words, not by the detectors alone.
 Latin letters are taken for a language only with small words or known words of it: every detector
 takes romanised Arabic for Malay or Somali. Where those of a romanised language weigh more, or a
 detector names a language that is not in use here, the answer is "und": ask.
 What the sender or the desk stated decides only where the text itself does not, and only if the
 text could be in it.

>>> detect("Шукаю маму, їй 67 років").language, detect("ሓወይ ጠፊኡ ኣሎ").language
('uk', 'ti')
>>> asked = detect("ana bkhair wa ahli ma3i fi halab"); asked.language, asked.guess
('und', 'ar')
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from reknit.language.folding import Folded, fold, fold_text
from reknit.language.tables import rows
from reknit.language.values import UNDETERMINED, Detection, Made
from reknit.standardise.scripts import script_of_letter
from reknit.vocabulary import Script

LANGUAGES: Final = (
    "am", "ar", "bn", "en", "es", "fa", "fr", "ht", "ku", "my", "ps", "pt", "ru", "so", "sw", "ti",
    "tr", "uk", "ur", "zh",
)  # fmt: skip
"""The languages that have lexicons here; prs is said as fa, ckb and kmr as ku.

Others are said where their writing alone tells them (he, el, ka, hy, ko, ja, th, km, vi).
"""
_ONE_LANGUAGE: Final = {
    Script.HAN: "zh", Script.MYANMAR: "my", Script.BENGALI: "bn", Script.HEBREW: "he",
    Script.GREEK: "el", Script.GEORGIAN: "ka", Script.ARMENIAN: "hy", Script.HANGUL: "ko",
    Script.KANA: "ja", Script.THAI: "th", Script.KHMER: "km",
}  # fmt: skip
_SCRIPTS: Final = {
    Script.LATIN: ("en", "fr", "es", "pt", "ht", "so", "sw", "tr", "ku", "vi"),
    Script.ARABIC: ("ar", "fa", "ur", "ps", "ku"),
    Script.CYRILLIC: ("ru", "uk"),
    Script.ETHIOPIC: ("am", "ti"),
}
# Letters (unfolded) that only one of the languages that share a script writes.
_TELLING: Final = {
    Script.ARABIC: {"ur": "ٹڈڑںےہ", "ps": "ټډړږښڼېۍځڅګ", "ku": "ەڵڕێۆڤ", "fa": "", "ar": "ةؤإى"},
    Script.CYRILLIC: {"ru": "ыэъё", "uk": "іїєґ"},
    Script.ETHIOPIC: {"ti": "ቐቑቒቓቔቕቘኸኹኺኻኼኽኾዃ"},
    Script.LATIN: {"tr": "ğıİ", "pt": "ãõ", "es": "ñ¿¡", "ku": "êîû",
                   "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
}  # fmt: skip
_CLD2: Final = {"iw": "he", "zh-Hant": "zh", "sr-ME": "sr"}
_ROMAN: Final = "-Latn"
_MOST_LETTERS = 2_000
_TELLING_WEIGHT = 2.0
_DETECTOR_WEIGHT = 1.5
_SURE_WORDS = 2.2
"""So much weight of small words tells a language by itself."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the text shows, before anything is decided."""

    script: Script
    folded: Folded
    text: str
    scores: dict[str, float]
    words: int

    @property
    def best(self) -> tuple[str, float]:
        return max(self.scores.items(), key=lambda item: item[1], default=("", 0.0))


def detect(text: str, *, stated: str | None = None, folded: Folded | None = None) -> Detection:
    """The language of a message, or "und".

    stated: the language that the sender or the desk said (ISO 639-1 or -3). folded: the folded
    text where the caller has it already. Never an error.
    """
    seen = _look_at(folded or fold(text), text[:_MOST_LETTERS])
    found = _decide(seen)
    said = language_code(stated)
    if found.language != UNDETERMINED or said is None:
        return found
    if seen.script is not Script.LATIN:
        fits = said in _SCRIPTS.get(seen.script, ()) or seen.words == 0
    else:
        written_so = said in _SCRIPTS[Script.LATIN] and seen.scores.get(said, 0.0) > 0.0
        fits = (found.guess in (None, said) and written_so) or found.guess == said
    if not fits:
        return found
    return Detection(said, 0.5, seen.script.value, found.guess, Made("stated"))


@lru_cache(maxsize=1024)
def language_code(stated: str | None) -> str | None:
    """The code of a stated language as it is said here (prs as fa, ckb as ku); None if unknown."""
    if not stated or not stated.strip():
        return None
    code = stated.strip().lower().replace("_", "-").split("-")[0]
    return {
        "prs": "fa", "fas": "fa", "per": "fa", "pes": "fa", "ckb": "ku", "kmr": "ku", "kur": "ku",
        "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "hat": "ht", "som": "so",
        "swa": "sw", "swh": "sw", "tir": "ti", "amh": "am", "mya": "my", "bur": "my", "zho": "zh",
        "chi": "zh", "cmn": "zh", "tur": "tr", "ben": "bn", "ara": "ar", "arb": "ar", "pus": "ps",
        "pbt": "ps", "urd": "ur", "ukr": "uk", "rus": "ru",
    }.get(code, code if code in LANGUAGES else None)  # fmt: skip


def _look_at(folded: Folded, text: str) -> _Seen:
    letters = Counter(map(script_of_letter, text))
    letters.pop(Script.NONE, None)
    script = letters.most_common(1)[0][0] if letters else Script.NONE
    # A Latin word or two beside another writing (a name, OK, WhatsApp) does not decide.
    if script is Script.LATIN and len(letters) > 1:
        other, count = next(pair for pair in letters.most_common() if pair[0] is not Script.LATIN)
        if count * 3 >= letters[Script.LATIN]:
            script = other
    scores, words = _scores(folded, script)
    for language, signs in _TELLING.get(script, {}).items():
        hits = sum(text.count(sign) for sign in signs)
        if hits:
            scores[language] = scores.get(language, 0.0) + _TELLING_WEIGHT * min(hits, 3)
    return _Seen(script, folded, text, scores, words)


def _scores(folded: Folded, script: Script) -> tuple[dict[str, float], int]:
    """The weight of each language's small words; a word weighs less the more languages have it."""
    table = _small_words()
    scores: dict[str, float] = {}
    counted = 0
    for word in folded.words:
        if word.text.isdigit():
            continue
        counted += 1
        for language, weight in table.get(word.text, ()):
            scores[language] = scores.get(language, 0.0) + weight
    if script is Script.ARABIC and "ku-Arab" in scores:
        scores["ku"] = scores.get("ku", 0.0) + scores.pop("ku-Arab")
    return scores, counted


@cache
def _small_words() -> dict[str, tuple[tuple[str, float], ...]]:
    languages: dict[str, set[str]] = {}
    for language, words in rows("function_words.tsv"):
        for word in words.split("|"):
            folded = fold_text(word)
            if folded and " " not in folded:
                languages.setdefault(folded, set()).add(language)
    return {
        word: tuple((language, _weight(word, len(found))) for language in sorted(found))
        for word, found in languages.items()
    }


def _weight(word: str, languages: int) -> float:
    length = 0.5 if len(word) == 1 else 0.8 if len(word) == 2 else 1.0
    return float(length / languages**0.7)


def _decide(seen: _Seen) -> Detection:
    script = seen.script
    if script is Script.NONE or seen.words == 0:
        return Detection(UNDETERMINED, 0.0, script.value)
    if script in _ONE_LANGUAGE:
        return Detection(_ONE_LANGUAGE[script], 0.99, script.value, made=Made("script"))
    if script not in _SCRIPTS:
        return Detection(UNDETERMINED, 0.0, script.value, _detector(seen.text))
    if script is Script.LATIN:
        return _decide_latin(seen)
    return _decide_among(seen, _SCRIPTS[script])


def _decide_among(seen: _Seen, languages: tuple[str, ...]) -> Detection:
    """A script that several languages write: their own letters, small words, the detector."""
    scores = {language: seen.scores.get(language, 0.0) for language in languages}
    guess = _detector(seen.text)
    if guess in scores:
        scores[guess] += _DETECTOR_WEIGHT
    best, score = max(scores.items(), key=lambda item: item[1])
    foreign = max((seen.scores.get(other, 0.0) for other in ("bg", "be")), default=0.0)
    outside = guess is not None and guess not in scores
    if score <= 0.0 or (outside and score < _SURE_WORDS and foreign > score):
        return Detection(UNDETERMINED, 0.0, seen.script.value, guess)
    second = sorted(scores.values())[-2]
    return Detection(best, _confidence(score, second), seen.script.value)


def _decide_latin(seen: _Seen) -> Detection:
    """Latin letters: only with words of the language, and none that weigh more of another."""
    scores = dict(seen.scores)
    roman = max((v for language, v in scores.items() if language.endswith(_ROMAN)), default=0.0)
    guess = _detector(seen.text)
    if guess is not None and (scores.get(guess, 0.0) > 0.0 or (roman == 0.0 and seen.words > 2)):
        scores[guess] = scores.get(guess, 0.0) + _DETECTOR_WEIGHT
    if not _is_clear(scores):
        for language in _SCRIPTS[Script.LATIN]:
            scores[language] = scores.get(language, 0.0) + _known_words(seen.folded, language)
    best, score = max(scores.items(), key=lambda item: item[1], default=("", 0.0))
    others = [value for language, value in scores.items() if language != best]
    second = max(others, default=0.0)
    agreed = best == guess
    enough = score >= 0.9 and score >= (0.08 if agreed else 0.16) * seen.words
    clear = score > second if agreed else score >= 1.15 * second
    if best in _SCRIPTS[Script.LATIN] and enough and clear:
        return Detection(best, _confidence(score, second), seen.script.value)
    likely = best.removesuffix(_ROMAN) if enough else guess
    return Detection(UNDETERMINED, 0.0, seen.script.value, likely or None)


def _is_clear(scores: dict[str, float]) -> bool:
    """Whether the best lies so far before the second that no more words need to be looked at."""
    first, *rest = sorted(scores.values(), reverse=True) or [0.0]
    return first >= _SURE_WORDS and first >= 2 * (rest[0] if rest else 0.0)


def _known_words(folded: Folded, language: str) -> float:
    """Half for each word that stands in the language's lexicon as it is."""
    from reknit.language.lexicons import lexicon_of

    lexicon = lexicon_of(language)
    if lexicon is None:
        return 0.0
    return 0.5 * sum(len(word.text) > 2 and lexicon.has(word.text) for word in folded.words)


def _confidence(score: float, second: float) -> float:
    """Between 0.5 and 0.99 by how far the best lies before the second."""
    return round(0.5 + 0.49 * (score - second) / (score + 0.5), 2) if score > second else 0.5


def _detector(text: str) -> str | None:
    """CLD2's language, else py3langid's; None where neither can say."""
    import pycld2

    try:
        reliable, _, found = pycld2.detect(_without_controls(text), bestEffort=True)
    except pycld2.error:
        reliable, found = False, ()
    if reliable and found and found[0][1] != "un":
        code = str(found[0][1])
        return _CLD2.get(code, code)
    import py3langid

    return str(py3langid.classify(text)[0])


def _without_controls(text: str) -> str:
    """CLD2 refuses control characters and lone surrogates."""
    cleaned = "".join(letter if letter.isprintable() else " " for letter in text)
    return cleaned.encode("utf-8", "ignore").decode("utf-8")
