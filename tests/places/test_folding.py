"""Spellings of one place name meet, and folding twice equals folding once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.places import fold_place
from reknit.places.folding import plain_place, plain_places, read_place
from reknit.vocabulary import PlaceLevel

MIXED = st.text(
    st.sampled_from(
        "aáZ ßİı'’-.,،\u200f\u202e_\n\tгГмс.обл йїґحَلبةکیىأـ١ኦ ሮ င်း가각ガが省市國龍ሐኀé\u0301ﷺ①ſ"
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("حَلَب", "حلب"),
        ("کرکوک", "كركوك"),
        ("إدلب", "ادلب"),
        ("الرقة", "الرقه"),
        ("ميسان", "میسان"),
        ("حـلـب", "حلب"),
        ("\u202bحلب\u202c", "حلب"),
        ("Île-de-France", "ile de france"),
        ("Donets’k", "Donetsk"),
        ("Şanlıurfa", "SANLIURFA"),
        ("Орёл", "орел"),
        ("敘利亞", "叙利亚"),
        ("ሐረር", "ሀረር"),
        ("ዐዲስ አበባ", "አዲስ አበባ"),
        ("さっぽろ", "サッポロ"),
        ("ＡＬＥＰＰＯ", "aleppo"),
        ("وادي الشاطئ", "وادي الشاطي"),
    ],
)
def test_it_joins_spellings_of_one_name(one: str, other: str) -> None:
    assert fold_place(one) == fold_place(other)


@pytest.mark.parametrize(
    ("text", "bare", "level"),
    [
        ("Aleppo Governorate", "aleppo", PlaceLevel.REGION),
        ("محافظة حلب", "حلب", PlaceLevel.REGION),
        ("Донецька область", "донецька", PlaceLevel.REGION),
        ("Харківська обл.", "харківська", PlaceLevel.REGION),
        ("г. Харьков", "харьков", PlaceLevel.CITY),
        ("м.Київ", "киів", PlaceLevel.CITY),
        ("с. Мирне", "мирне", PlaceLevel.VILLAGE),
        ("City of Adama", "adama", PlaceLevel.CITY),
        ("مدينة حمص", "حمص", PlaceLevel.CITY),
        ("ኦሮሚያ ክልል", "ኦሮሚያ", PlaceLevel.REGION),
        ("ရန်ကုန်မြို့", "ရန်ကုန်", PlaceLevel.CITY),
        ("阿勒颇省", "阿勒颇", PlaceLevel.REGION),
        ("Aleppo", "aleppo", None),
    ],
)
def test_it_takes_the_words_for_a_places_kind_away(
    text: str, bare: str, level: PlaceLevel | None
) -> None:
    read = read_place(text)
    assert (read.bare, read.level) == (bare, level)


@pytest.mark.parametrize("text", ["oblast", "محافظة", "City of", "г.", "市"])
def test_it_never_folds_a_name_to_nothing(text: str) -> None:
    assert fold_place(text)


def test_it_keeps_vowel_signs_that_are_letters() -> None:
    assert len({fold_place(x) for x in ("ရန်ကုန်", "ရနကန")}) == 2
    assert len({fold_place(x) for x in ("दिल्ली", "दलल")}) == 2


@given(MIXED | st.text())
def test_folding_twice_equals_folding_once(text: str) -> None:
    assert plain_place(plain_place(text)) == plain_place(text)
    assert fold_place(fold_place(text)) == fold_place(text)


@given(st.lists(MIXED | st.text(), min_size=1, max_size=5))
def test_folding_many_equals_folding_each(texts: list[str]) -> None:
    assert plain_places(texts) == [plain_place(text) for text in texts]
