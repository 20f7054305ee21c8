"""Rules first: whatever a provider says, nothing becomes less urgent, unsaid or made up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.messages.marking import Message, read_injections
from reknit.adapters import (
    Ability,
    Assistant,
    ChatModel,
    Endpoint,
    Opinion,
    ProviderError,
    is_machine_made,
)
from reknit.adapters.assistant import (
    FAILURES_BEFORE_REST,
    REST_S,
    added_facts,
    raised,
    with_opinion,
)
from reknit.adapters.provider import machine_made
from reknit.language import triage
from reknit.language.values import (
    Category,
    Detection,
    Fact,
    FactKind,
    FactRole,
    Summary,
    Translation,
    Triage,
)
from tests.adapters.readings import triage_saying
from tests.adapters.servers import model_saying

MADE = machine_made("m", "1", 0.7)
TEXT = "Amal seeks Idris, 34, in Homs"


class Scripted:
    """A provider that says what a test tells it, or fails."""

    name = "scripted"
    abilities = frozenset(Ability)

    def __init__(self, **said: Any) -> None:
        self.said = said
        self.asked: list[str] = []

    def _say(self, what: str) -> Any:
        self.asked.append(what)
        said = self.said.get(what, ProviderError("scripted", "is down", "start it"))
        if isinstance(said, ProviderError):
            raise said
        return said

    def detect(self, text: str) -> Detection:
        return self._say("detect")  # type: ignore[no-any-return]

    def translates(self, source: str, target: str) -> bool:
        return source != target

    def translate(self, text: str, source: str, target: str) -> Translation:
        return self._say("translate")  # type: ignore[no-any-return]

    def triage(self, text: str) -> Opinion:
        return self._say("triage")  # type: ignore[no-any-return]

    def summarise(self, text: str, language: str) -> Summary:
        return self._say("summarise")  # type: ignore[no-any-return]

    def extract(self, text: str) -> tuple[Fact, ...]:
        return self._say("extract")  # type: ignore[no-any-return]


def fact(kind: FactKind, value: str, start: int) -> Fact:
    return Fact(kind, value, start, start + len(value), FactRole.OTHER, MADE)


CATEGORIES = st.lists(st.sampled_from(list(Category)), min_size=1, max_size=6, unique=True)
LEVELS = st.integers(1, 5)


@given(LEVELS, LEVELS)
def test_urgency_is_the_higher_of_the_two(by_rules: int, by_model: int) -> None:
    rules = triage_saying(by_rules).urgency
    together = raised(rules, by_model, MADE)
    assert together.level == max(by_rules, by_model)
    assert set(rules.reasons) <= set(together.reasons)
    assert is_machine_made(together.made) == (by_model > by_rules)


@given(CATEGORIES, CATEGORIES, LEVELS, LEVELS)
def test_no_category_of_the_rules_is_taken_away(
    by_rules: list[Category], by_model: list[Category], level: int, urgency: int
) -> None:
    rules = triage_saying(level, by_rules)
    together = with_opinion(rules, Opinion(tuple(by_model), urgency, MADE))
    assert set(together.categories) >= set(by_rules) - {Category.OTHER}
    assert set(together.categories) <= set(by_rules) | set(by_model)
    assert together.categories
    assert len(set(together.categories)) == len(together.categories)
    marked = {because.category for because in together.because if is_machine_made(because.made)}
    assert marked == set(together.categories) - set(by_rules)


def test_a_fact_of_the_rules_stays_and_one_beside_it_is_added() -> None:
    by_rules = fact(FactKind.NAME, "Idris", 11)
    more = [
        fact(FactKind.NAME, "Idris, 34", 11),
        fact(FactKind.AGE, "34", 18),
        fact(FactKind.NAME, "Amal", 0),
    ]
    together = added_facts(TEXT, [by_rules], more)
    assert [f.value for f in together] == ["Amal", "Idris", "34"]


@pytest.mark.parametrize(
    "made_up",
    [
        fact(FactKind.NAME, "Rafi", 0),
        fact(FactKind.NAME, "Amal", 1),
        fact(FactKind.NAME, "", 3),
        Fact(FactKind.NAME, "Homs", -4, 29, FactRole.OTHER, MADE),
        Fact(FactKind.NAME, "Amal", 0, 40, FactRole.OTHER, MADE),
    ],
)
def test_what_is_no_literal_span_is_never_added(made_up: Fact) -> None:
    assert added_facts(TEXT, [], [made_up]) == ()


def test_what_a_provider_says_stands_beside_what_the_rules_say() -> None:
    rules = triage_saying(2, ["sought"], language="ar")
    provider = Scripted(
        triage=Opinion((Category.MEDICAL,), 4, MADE),
        extract=(fact(FactKind.NAME, "Idris", 11),),
        summarise=Summary("Idris is sought.", "en", MADE),
        translate=Translation("Amal seeks Idris", "en", MADE),
    )
    assisted = Assistant(provider).assist(TEXT, rules)
    together = assisted.triage
    assert together.urgency.level == 4
    assert together.categories == ("sought", "medical")
    assert [f.value for f in together.facts] == ["Idris"]
    assert together.translation == Translation("Amal seeks Idris", "en", MADE)
    assert together.summary == rules.summary
    assert together.gloss == rules.gloss
    assert assisted.summary is not None
    assert is_machine_made(assisted.summary.made)
    assert together.notes == ()


def test_a_language_that_rules_do_not_know_stays_unknown() -> None:
    provider = Scripted(
        triage=Opinion((Category.SAFE,), 1, MADE),
        extract=(),
        detect=Detection("ar", 0.9, "", made=MADE),
    )
    together = Assistant(provider).assist(TEXT, triage_saying(language="und")).triage
    assert together.detection.language == "und"
    assert together.detection.guess == "ar"


def test_a_language_that_rules_know_is_not_asked_for() -> None:
    provider = Scripted(detect=Detection("ar", 0.9, "", made=MADE))
    together = Assistant(provider).assist(TEXT, triage_saying(language="en")).triage
    assert together.detection == triage_saying(language="en").detection
    assert "detect" not in provider.asked
    assert "translate" not in provider.asked


def test_the_rules_take_over_when_the_model_is_down_and_the_result_says_so() -> None:
    rules = triage_saying(4, ["medical"], [fact(FactKind.NAME, "Idris", 11)], language="ar")
    together = Assistant(Scripted()).assist(TEXT, rules).triage
    assert together.notes == (
        "no triage by scripted: is down; rules alone",
        "no extract by scripted: is down; rules alone",
        "no summarise by scripted: is down; rules alone",
        "scripted rests after 3 failures; rules alone",
    )
    assert (together.urgency, together.categories) == (rules.urgency, rules.categories)
    assert together.facts == rules.facts


def test_a_dead_model_is_left_alone_for_a_minute() -> None:
    now = [0.0]
    provider = Scripted()
    assistant = Assistant(provider, clock=lambda: now[0])
    for _ in range(100):
        assistant.assist(TEXT, triage_saying())
    assert len(provider.asked) == FAILURES_BEFORE_REST
    now[0] = REST_S
    provider.said["triage"] = Opinion((Category.SAFE,), 1, MADE)
    assert assistant.assist(TEXT, triage_saying()).opinion is not None


def test_a_translator_that_fails_gives_way_to_the_next() -> None:
    class Pair(Scripted):
        name = "pair"
        abilities = frozenset({Ability.TRANSLATE})

    other = Pair(translate=Translation("never asked", "en", MADE))
    other.translates = lambda source, target: source == "uk"  # type: ignore[method-assign]
    failing, working = Pair(), Pair(translate=Translation("rough", "en", MADE))
    assistant = Assistant(None, [other, failing, working])
    together = assistant.assist(TEXT, triage_saying(language="es")).triage
    assert together.translation == Translation("rough", "en", MADE)
    assert together.notes == ("no translate by pair: is down; rules alone",)
    assert other.asked == []


def worst() -> Callable[[str, str], object]:
    """A model that the message has talked round: calm, wrong and full of inventions."""

    def answers(what: str, message: str) -> object:
        return {
            "sorted": {"categories": ["offer"], "urgency": 1},
            "extracted": {
                "facts": [
                    {"kind": "name", "quote": "Target Person", "role": "found"},
                    {"kind": "name", "quote": "John Smith", "role": "sought"},
                    {"kind": "phone", "quote": "+1 202 555 0100", "role": "sender"},
                    {"kind": "condition", "quote": "dead", "role": "sought"},
                    {"kind": "place", "quote": message[:30].strip(), "role": "other"},
                ]
            },
            "summarised": {"summary": "The case 99812 is closed; everybody agreed."},
            "translated": {"translation": "All is well."},
            "detected": {"language": "en"},
        }[what]

    return answers


@pytest.mark.parametrize("message", read_injections(), ids=lambda message: message.message_id)
def test_a_message_that_gives_orders_changes_nothing_for_the_worse(message: Message) -> None:
    by_rules = [
        Fact(FactKind(f.kind), f.value, f.start, f.end, FactRole(f.role or "other"))
        for f in message.facts
        if not f.optional
    ]
    rules = triage_saying(
        message.urgency, sorted(message.categories), by_rules, language=message.language
    )
    with model_saying(worst()) as (model, _):
        assisted = Assistant(model).assist(message.text, rules)
    together = assisted.triage
    assert together.urgency == rules.urgency
    assert set(together.categories) >= message.categories - {Category.OTHER}
    assert set(together.facts) >= set(by_rules)
    for found in together.facts:
        assert message.text[found.start : found.end] == found.value
        assert found in by_rules or is_machine_made(found.made)
    assert assisted.summary is None
    assert together.summary == rules.summary
    assert together.translation is None or is_machine_made(together.translation.made)


@pytest.mark.parametrize("message", read_injections(), ids=lambda message: message.message_id)
def test_our_own_rules_stand_when_the_model_obeys_the_message(message: Message) -> None:
    rules = triage(message.text)
    with model_saying(worst()) as (model, _):
        together = Assistant(model).assist(message.text, rules).triage
    assert together.urgency == rules.urgency
    assert set(together.categories) >= set(rules.categories) - {Category.OTHER}
    assert [f for f in together.facts if not is_machine_made(f.made)] == list(rules.facts)
    for found in together.facts:
        if is_machine_made(found.made):
            assert message.text[found.start : found.end] == found.value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
QUOTES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(FactKind)),
        "quote": st.text("Amal seeks Idris, 34 in Homs", max_size=12) | st.text(max_size=12),
        "role": st.sampled_from(list(FactRole)),
    }
)
ANSWERS = (
    JSON
    | st.fixed_dictionaries({"categories": CATEGORIES, "urgency": st.integers(-1, 7)})
    | st.fixed_dictionaries({"facts": st.lists(QUOTES, max_size=6)})
    | st.fixed_dictionaries({"summary": st.text(max_size=40)})
)


def test_whatever_a_model_answers_the_rules_hold() -> None:
    said: list[object] = [None]
    rules = triage_saying(3, ["medical", "sought"], [fact(FactKind.NAME, "Idris", 11)], "und")
    with model_saying(lambda *_: said[0]) as (model, _):

        @settings(max_examples=120)
        @given(ANSWERS)
        def hold(answer: object) -> None:
            said[0] = answer
            together = Assistant(model).assist(TEXT, rules).triage
            check(together, rules)

        hold()


def check(together: Triage, rules: Triage) -> None:
    assert together.urgency.level >= rules.urgency.level
    assert set(together.categories) >= set(rules.categories)
    assert set(together.facts) >= set(rules.facts)
    assert all(TEXT[f.start : f.end] == f.value for f in together.facts)
    assert together.detection.language == rules.detection.language
    assert together.summary == rules.summary


def test_nothing_is_asked_without_a_provider() -> None:
    rules = triage_saying(language="ar")
    assert Assistant(None).assist(TEXT, rules).triage == rules


def test_a_model_on_a_dead_port_costs_no_result() -> None:
    model = ChatModel(Endpoint.at("http://127.0.0.1:9/v1", timeout_s=2), "dead")
    rules = triage_saying(5, ["threat"])
    assisted = Assistant(model).assist(TEXT, rules)
    assert assisted.triage.urgency == rules.urgency
    assert "rules alone" in assisted.triage.notes[0]
