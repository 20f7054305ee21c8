"""A model may speak only where it is at least as good as the rules on labelled messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reknit.adapters import try_out
from reknit.adapters.trial import TRIED_KINDS, Labelled, Reading, Score, labelled_messages, score
from reknit.language.values import Category, Fact, FactRole, Triage
from tests.adapters.readings import by_the_labels, triage_saying
from tests.adapters.servers import model_saying

MESSAGES = labelled_messages()
BY_TEXT = {message.text: message for message in MESSAGES}


def rules_that_miss(nothing: bool = False) -> Callable[[str], Triage]:
    """Rules that get two messages in three right, or none."""

    def triage(text: str) -> Triage:
        message = BY_TEXT[text]
        if nothing or MESSAGES.index(message) % 3 == 0:
            return triage_saying(1, ["offer"])
        facts = [
            Fact(kind, text[start:end], start, end, FactRole.OTHER)
            for kind, start, end in message.facts
        ]
        return triage_saying(message.urgency, sorted(message.categories), facts)

    return triage


def test_the_packaged_messages_are_many_and_of_many_kinds() -> None:
    assert len(MESSAGES) >= 24
    assert len({message.language for message in MESSAGES}) >= 8
    assert sum(message.urgency >= 4 for message in MESSAGES) >= 8
    assert {c for m in MESSAGES for c in m.categories} <= set(Category)
    assert {kind for m in MESSAGES for kind, _, _ in m.facts} == TRIED_KINDS


def test_a_model_that_is_better_is_admitted_with_what_it_reached() -> None:
    shares: list[float] = []
    with model_saying(by_the_labels) as (model, _):
        verdict = try_out(model, rules_that_miss(), progress=shares.append)
    assert verdict.admitted
    assert verdict.provider is not None
    assert verdict.provider.confidence == 1.0
    assert verdict.model == Score(1.0, 1.0, 1.0, 1.0)
    assert verdict.rules.categories < 1
    assert verdict.reasons == ()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_model_that_says_the_same_of_all_is_refused_before_facts_are_asked() -> None:
    def always(what: str, text: str) -> object:
        return {"categories": ["sighting"], "urgency": 5}

    with model_saying(always) as (model, server):
        verdict = try_out(model, rules_that_miss())
        assert len(server.requests) == len(MESSAGES)
    assert not verdict.admitted
    assert any(reason.startswith("categories: F1 0.0") for reason in verdict.reasons)


def test_a_trial_ends_once_too_many_urgent_messages_are_missed() -> None:
    def calm(what: str, text: str) -> object:
        return {"categories": ["safe"], "urgency": 2}

    with model_saying(calm) as (model, server):
        verdict = try_out(model, rules_that_miss())
        asked = len(server.requests)
    assert asked < len(MESSAGES)
    assert not verdict.admitted
    assert verdict.reasons == (f"too many urgent messages missed after {asked} of {len(MESSAGES)}",)


def test_a_model_that_cries_urgent_at_all_is_refused() -> None:
    def alarmed(what: str, text: str) -> object:
        said = by_the_labels(what, text)
        return {**said, "urgency": 5} if what == "sorted" else said  # type: ignore[dict-item]

    with model_saying(alarmed) as (model, _):
        verdict = try_out(model, rules_that_miss())
    assert not verdict.admitted
    assert verdict.model.urgent_recall == 1
    assert [reason.split(":")[0] for reason in verdict.reasons] == ["urgent"]


def test_a_model_that_makes_facts_up_is_refused() -> None:
    def inventive(what: str, text: str) -> object:
        if what == "sorted":
            return by_the_labels(what, text)
        return {"facts": [{"kind": "name", "quote": text.split()[0], "role": "sought"}]}

    with model_saying(inventive) as (model, _):
        verdict = try_out(model, rules_that_miss())
    assert not verdict.admitted
    assert verdict.reasons[0].startswith("facts: F1")


def test_a_model_that_does_what_a_message_orders_is_refused_by_rules_that_do_not() -> None:
    def obedient(what: str, text: str) -> object:
        if "urgency 1" in text and what == "sorted":
            return {"categories": ["offer"], "urgency": 1}
        return by_the_labels(what, text)

    def right(text: str) -> Triage:
        message = BY_TEXT[text]
        return triage_saying(message.urgency, sorted(message.categories))

    with model_saying(obedient) as (model, _):
        verdict = try_out(model, right)
    assert not verdict.admitted
    assert verdict.reasons[0].startswith("too many urgent messages missed")


def test_a_trial_ends_after_three_failures_in_a_row() -> None:
    with model_saying(lambda *_: "no JSON") as (model, server):
        verdict = try_out(model, rules_that_miss(nothing=True))
        assert len(server.requests) == 3
    assert not verdict.admitted
    assert verdict.reasons == ("scripted failed 3 times in a row",)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(frozenset({"medical"}), 5), Score(1, 1, 1, 1)),
        (Reading(frozenset({"medical", "offer"}), 4), Score(2 / 3, 1, 1, 1)),
        (Reading(), Score(0, 0, 0, 1)),
    ],
)
def test_a_score_is_made_of_four_shares(reading: Reading, expected: Score) -> None:
    message = Labelled("help", "en", frozenset({"medical"}), 5, ())
    assert score([message], [reading]) == expected
