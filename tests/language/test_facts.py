"""Facts with the span that says each."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.language import LANGUAGES, Fact, find_facts, read_signals
from reknit.language.tables import rows
from reknit.places import Gazetteer

RECEIVED = dt.date(2026, 6, 10)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def facts_of(text: str, language: str, gazetteer: Gazetteer | None = None) -> list[Fact]:
    signals = read_signals(text, language)
    return list(find_facts(signals, gazetteer=gazetteer, received=RECEIVED))


def values(facts: list[Fact], kind: str) -> list[str]:
    return [fact.value for fact in facts if fact.kind == kind]


@pytest.mark.parametrize(
    ("language", "text", "name", "age", "place"),
    [
        ("en", "Looking for my brother Idris Khalil, 34 years old, from Aleppo",
         "Idris Khalil", "34", "Aleppo"),
        ("fr", "Je cherche ma sœur Amal Diallo, 8 ans, disparue à Conakry",
         "Amal Diallo", "8", "Conakry"),
        ("es", "Busco a mi hijo Juan Pérez, de 8 años, en Tapachula",
         "Juan Pérez", "8", "Tapachula"),
        ("ar", "أبحث عن أخي إدريس الخطيب عمره ٣٤ سنة من حلب", "إدريس الخطيب", "34", "Aleppo"),
        ("uk", "Шукаю маму Олену Коваль, 67 років, бачили в Харкові",
         "Олену Коваль", "67", "Kharkiv"),
        ("ru", "Ищу брата Ивана Петрова, 34 года, пропал в Мариуполе",
         "Ивана Петрова", "34", "Mariupol"),
    ],
)  # fmt: skip
def test_it_reads_name_age_and_place(
    language: str, text: str, name: str, age: str, place: str, gazetteer: Gazetteer
) -> None:
    facts = facts_of(text, language, gazetteer)
    assert values(facts, "name") == [name]
    assert values(facts, "age") == [age]
    assert values(facts, "place") == [place]
    assert len(values(facts, "relation")) == 1


def test_years_of_waiting_are_no_age() -> None:
    assert values(facts_of("My son is missing for 3 years", "en"), "age") == []
    assert values(facts_of("Он пропал 2 года назад", "ru"), "age") == []


def test_spoken_dates_count_from_the_day_the_message_came() -> None:
    assert values(facts_of("I saw her yesterday", "en"), "date") == ["2026-06-09"]
    assert values(facts_of("Він зник 3 дні тому", "uk"), "date") == ["2026-06-07"]
    assert values(facts_of("Lo vi hace 2 días", "es"), "date") == ["2026-06-08"]


def test_a_date_is_no_telephone_number() -> None:
    facts = facts_of("Missing since 12.03.2024, call +380 67 123 45 67", "en")
    assert values(facts, "phone") == ["+380671234567"]
    assert values(facts, "date") == ["2024-03-12"]


def test_digits_of_any_writing_are_read() -> None:
    (phone,) = [f for f in facts_of("رقمي ٠٩٣٣١٢٣٤٥٦", "ar") if f.kind == "phone"]
    assert phone.value == "0933123456"
    assert (phone.start, phone.end) == (5, 15)


def test_who_speaks_is_the_sender_and_who_is_sought_is_sought() -> None:
    facts = facts_of("My name is Amal Khalil. I am looking for my brother Idris", "en")
    assert {f.value: str(f.role) for f in facts if f.kind == "name"} == {
        "Amal Khalil": "sender",
        "Idris": "sought",
    }


def test_a_negated_condition_is_none() -> None:
    assert values(facts_of("Nobody is injured, but my wife is pregnant", "en"), "condition") == [
        "pregnant"
    ]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("ar", "قولولي شي عن سارة", ["سارة"]),
        ("ar", "كنا انا وفاطمة وعمار في المخيم", ["فاطمة", "عمار"]),
        ("ar", "رقم الملف ٧٧ د. منى الشرقاوي", ["منى الشرقاوي"]),
        ("ar", "اسمها أم خالد عمرها ٦٠", ["أم خالد"]),
        ("ar", "أخي الأصغر معتصم مفقود", ["معتصم"]),
        ("ar", "أخي كان في السوق", []),
        ("ar", "والدة صديقي مريضة", []),
        ("ar", "أبحث عن ابي Mustafa", ["Mustafa"]),
        ("bn", "আমার স্বামী জসিম উদ্দিনকে পুলিশ ধরে নিয়ে গেছে", ["জসিম উদ্দিন"]),
        ("bn", "আমার বাবার নাম করিম", ["করিম"]),
        ("zh", "我的生日写错了，应该是1990年，赵明", ["赵明"]),
    ],
)
def test_names_without_capitals_are_told_by_what_stands_around(
    language: str, text: str, names: list[str]
) -> None:
    assert values(facts_of(text, language), "name") == names


@pytest.mark.parametrize(
    ("language", "text", "relations"),
    [
        ("ar", "أبحث عن والدتي وابنتي", ["mother", "daughter"]),
        ("ar", "يا أخي ساعدني", []),
        ("ar", "هل هو في حلب أم في دمشق", []),
        ("ar", "أم الطفل مريضة", ["mother"]),
        ("bn", "ভাই, সাহায্য করুন", []),
        ("bn", "একটা ছেলে একা বসে আছে", []),
        ("bn", "করিম চাচা এসেছেন", []),
        ("bn", "করিমের চাচা এসেছেন", ["uncle"]),
    ],
)
def test_one_word_of_kinship_is_one_relative_and_none_where_it_only_addresses(
    language: str, text: str, relations: list[str]
) -> None:
    assert values(facts_of(text, language), "relation") == relations


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("ar", "الناس في أم درمان بدون ماء", "Omdurman"),
        ("ar", "اختي تسكن بالرقة", "Ar Raqqah"),
        ("bn", "আমরা কুড়িগ্রাম চরে আছি", "Kurigram"),
        ("ht", "nou nan Miragwàn", "Miragoâne"),
        ("ar", "شفت الولد بالصورة", None),
    ],
)
def test_places_are_read_in_the_languages_own_writing(
    language: str, text: str, place: str | None, gazetteer: Gazetteer
) -> None:
    found = values(facts_of(text, language, gazetteer), "place")
    assert len(found) == (place is not None)


@pytest.mark.parametrize(("table", "columns"), [("known_names.tsv", 3), ("place_names.tsv", 4)])
def test_each_listed_name_says_its_language_and_awaits_review(table: str, columns: int) -> None:
    for language, *_, words, source in rows(table, columns):
        assert language in LANGUAGES
        assert source in {"project", "review"}
        assert all(word.strip() for word in words.split("|"))


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_a_span_is_always_of_the_text(text: str, language: str) -> None:
    for fact in facts_of(text, language):
        assert 0 <= fact.start < fact.end <= len(text)
