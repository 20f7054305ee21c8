"""Facts with the span that says each."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.language import LANGUAGES, Fact, find_facts, read_signals
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


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_a_span_is_always_of_the_text(text: str, language: str) -> None:
    for fact in facts_of(text, language):
        assert 0 <= fact.start < fact.end <= len(text)
