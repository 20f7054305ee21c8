"""Words, negation, need: what a message is held to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.language import LANGUAGES, categorise, find_facts, read_signals, weigh_urgency
from reknit.language.folding import fold
from reknit.language.lexicons import Lexicon, senses
from reknit.language.tables import rows


def about(text: str, language: str) -> set[str]:
    return {reason.category for reason in categorise(read_signals(text, language))}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "No one is injured, we are safe now", {"safe"}),
        ("en", "We are not safe here, they will kill us", {"threat"}),
        ("fr", "Personne n'est blessé, nous allons bien", {"safe"}),
        ("es", "Nadie está herido, estamos bien", {"safe"}),
        ("ar", "لا أحد مصاب، نحن بخير", {"safe"}),
        ("uk", "Ніхто не поранений, ми в безпеці", {"safe"}),
        ("ru", "Никто не ранен, мы в безопасности", {"safe"}),
        ("en", "There is a child alone at the station", {"child_alone"}),
        ("en", "I am alone and looking for my son", {"sought"}),
        ("en", "They locked us in and took our passports", {"trafficking", "detention"}),
        ("uk", "Дитина сама на вокзалі, без батьків", {"child_alone"}),
    ],
)
def test_a_message_is_about_what_it_says_and_not_what_it_denies(
    language: str, text: str, wanted: set[str]
) -> None:
    found = about(text, language)
    assert wanted <= found
    if wanted == {"safe"}:
        assert found == {"safe"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I am 16. I am alone in Milan"),
        ("en", "We found a girl at the station, no family with her"),
        ("zh", "我们收留了一个走失的男孩，没有家人"),
        ("ur", "ایک لڑکا ہمیں ملا ہے کوئی ساتھ نہیں"),
        ("so", "laba carruur ah oo aan waalid la socon ayaa yimid"),
        ("ar", "طفلة لحالها ما معها حدا"),
    ],
)
def test_a_child_whom_nobody_is_with_is_alone(language: str, text: str) -> None:
    signals = read_signals(text, language)
    facts = find_facts(signals)
    assert "child_alone" in {one.category for one in categorise(signals, facts)}
    assert weigh_urgency(signals, facts).level == 5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I lost my son, he is with his family"),
        ("en", "I found my brother, we are with the children"),
        ("fr", "Nous avons trouvé les enfants avec leur famille"),
    ],
)
def test_a_child_with_its_family_is_not_alone(language: str, text: str) -> None:
    assert "child_alone" not in about(text, language)


@pytest.mark.parametrize(
    ("language", "text", "danger"),
    [
        ("ru", "говорят дочка у них и если не переведу миллион её не увижу", "threat"),
        ("ar", "حابسيني بالبيت وما بيخلوني اطلع", "detention"),
        ("es", "la agarró migración y la tienen en la hielera", "detention"),
        ("fr", "ils demandent 500 euros, si on ne paie pas ils le tuent", "threat"),
        ("zh", "他们把我关在园区，要汇款才放人", "threat"),
    ],
)
def test_extortion_and_being_held_are_heard(language: str, text: str, danger: str) -> None:
    assert danger in about(text, language)


@pytest.mark.parametrize(
    ("text", "language", "level"),
    [
        ("They need an evacuation of the residents", "en", 4),
        ("Many people there have fever and sleep in the street", "en", 4),
        ("Fever and diarrhoea are spreading in the camp", "en", 4),
        ("We would like to donate blankets, we need an address", "en", 3),
    ],
)
def test_a_report_presses_by_what_it_names(text: str, language: str, level: int) -> None:
    urgency = weigh_urgency(read_signals(text, language))
    assert urgency.level >= 4 if level == 4 else urgency.level < 4


def test_dying_of_hunger_is_hunger_and_where_we_are_seeks_nobody() -> None:
    assert "death" not in about("nou ap mouri grangou", "ht")
    assert "food" in about("nou ap mouri grangou", "ht")
    assert "sought" not in about("nou pa jwenn anyen kote nou ye a", "ht")
    assert "sought" in about("kote manman m ye", "ht")


def test_looking_for_food_is_not_looking_for_a_person() -> None:
    assert about("We are looking for food", "en") == {"food"}
    assert "sought" in about("We are looking for our mother", "en")


def test_no_water_is_a_need_for_water() -> None:
    (water,) = read_signals("We have no water", "en").any("water")
    assert water.lacking
    assert weigh_urgency(read_signals("We have no water", "en")).level == 4


def test_urgency_says_which_words_gave_it() -> None:
    urgency = weigh_urgency(read_signals("Моя дружина вагітна, стікає кров'ю", "uk"))
    assert urgency.level == 5
    assert any("стікає кров" in reason for reason in urgency.reasons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_entry_of_a_lexicon_names_a_known_sense_and_its_source(language: str) -> None:
    known = {*senses(), "none", "+before", "+after"}
    for sense, words, source in rows(f"words/{language}.tsv", 3):
        assert sense in known
        assert source in {"project", "review"}
        assert all(word.strip() for word in words.split("|")), f"{sense}: an empty word"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lexicon_speaks_of_kin_danger_the_body_detention_and_time(language: str) -> None:
    said = {sense for sense, _, _ in rows(f"words/{language}.tsv", 3)}
    known = senses()
    for field in ("kinship", "danger", "detention", "time"):
        assert sum(known[one].field == field for one in said & set(known)) >= 3, field
    assert said >= {name for name, sense in known.items() if sense.field == "body"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lexicon_finds_its_own_words(language: str) -> None:
    lexicon = Lexicon(language)
    for sense, words, _ in rows(f"words/{language}.tsv", 3):
        if sense in ("none", "+before", "+after"):
            continue
        plain = [word for word in words.split("|") if "*" not in word and "…" not in word]
        for word in plain[:3]:
            hits = lexicon.find(fold(word))
            assert hits, f"{language}: {word!r} ({sense}) is not found"


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_every_signal_stands_where_it_says(text: str, language: str) -> None:
    signals = read_signals(text, language)
    for signal in (*signals.said, *signals.negated):
        assert text[signal.start : signal.end] == signal.word
