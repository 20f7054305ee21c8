"""Countries as ISO 3166-1 alpha-2 codes, from codes and names in the project's languages.

Rules: alpha-2 and alpha-3 codes are read as they are; names come from CLDR's display names
(Unicode licence) through ICU in the languages below, and from data/countries.tsv (short and
former names). A name that two countries share in two languages is given to neither.

>>> standardise_country("Сирія"), standardise_country("SYR"), standardise_country("Burma")
('SY', 'SY', 'MM')
>>> standardise_country("Atlantis") is None
True
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from reknit.standardise.wordlists import fold_phrase, folded_table

LANGUAGES = (
    "en", "fr", "es", "pt", "ar", "fa", "fa_AF", "ps", "ur", "uk", "ru", "tr",
    "ku", "ckb", "so", "sw", "am", "ti", "my", "zh", "zh_Hant", "vi", "bn", "he",
    "el", "hy", "ka", "th", "km", "hi", "de", "it", "pl", "ro",
)  # fmt: skip
# Folded, as `fold_phrase` leaves them.
_FORM_OF_STATE = re.compile(
    "^(?:the )?(?:(?:islamic |federal |arab )*republic of |kingdom of |state of |جمهوريه |جمهوري |"
    "republique (?:de la |du |de |d)|republica (?:de |da |do )|республика |республіка )?"
)


@lru_cache(maxsize=8192)
def standardise_country(text: str) -> str | None:
    """The alpha-2 code of a country written as a code or a name; None when it is not one."""
    folded = fold_phrase(text).strip(" .,;:()[]*-")
    if len(folded) in (2, 3) and folded.isascii():
        code = _codes().get(folded.upper())
        if code is not None:
            return code
    if not folded:
        return None
    names = _names()
    return names.get(folded) or names.get(_FORM_OF_STATE.sub("", folded))


@cache
def _codes() -> dict[str, str]:
    """Both kinds of codes, and those that people use beside them (UK, EL)."""
    import icu

    codes = {"UK": "GB", "EL": "GR", "XK": "XK", "XKX": "XK", "KSV": "XK"}
    for alpha2 in icu.Locale.getISOCountries():
        codes[alpha2] = alpha2
        codes[icu.Locale("", alpha2).getISO3Country()] = alpha2
    codes.pop("", None)
    return codes


@cache
def _names() -> dict[str, str]:
    """{folded name: alpha-2}."""
    import icu

    names: dict[str, str] = {}
    shared: set[str] = set()
    countries = sorted(set(_codes().values()))
    locales = {code: icu.Locale("", code) for code in countries}
    for language in LANGUAGES:
        reader = icu.Locale(language)
        for code in countries:
            name = fold_phrase(locales[code].getDisplayCountry(reader))
            if names.setdefault(name, code) != code:
                shared.add(name)
    for name in shared:
        del names[name]
    return names | folded_table("countries.tsv")
