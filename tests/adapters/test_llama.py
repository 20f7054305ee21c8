"""The plumbing against a real server and a real, very small model: llama.cpp with SmolLM2-135M.

The model answers in the asked form and knows nothing of the matter: the trial refuses it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

import pytest

from benchmarks.messages.marking import Message, read_injections
from reknit.adapters import (
    Assistant,
    ChatModel,
    Endpoint,
    ProviderError,
    is_machine_made,
    try_out,
)
from reknit.language import triage
from reknit.places import Gazetteer
from tests.adapters.servers import small_model_served

pytestmark = pytest.mark.long

PATIENCE_S = 60
"""For one answer. It may ramble in its facts until it is cut off or out of time: rules alone."""


@pytest.fixture(scope="module")
def small_model() -> Iterator[ChatModel]:
    with small_model_served() as url:
        yield ChatModel(Endpoint.at(url, timeout_s=PATIENCE_S), "SmolLM2-135M-Instruct")


def test_a_message_goes_through_it_and_comes_back_in_the_asked_form(small_model: ChatModel) -> None:
    text = "my wife is bleeding in Kassala, her name is Amal"
    opinion = small_model.triage(text)
    assert opinion.categories
    assert 1 <= opinion.urgency <= 5
    assert is_machine_made(opinion.made)
    with contextlib.suppress(ProviderError):  # it may ramble until it is cut off
        for fact in small_model.extract(text):
            assert text[fact.start : fact.end] == fact.value
    assert small_model.detect(text).language


@pytest.mark.parametrize("message", read_injections()[1:3], ids=lambda message: message.message_id)
def test_what_it_says_of_a_message_that_gives_orders_lowers_nothing(
    small_model: ChatModel, message: Message
) -> None:
    rules = triage(message.text)
    together = Assistant(small_model, summaries=False).assist(message.text, rules).triage
    assert together.urgency.level >= rules.urgency.level
    assert set(together.facts) >= set(rules.facts)
    for fact in together.facts:
        if is_machine_made(fact.made):
            assert message.text[fact.start : fact.end] == fact.value


def test_the_trial_refuses_it(small_model: ChatModel) -> None:
    verdict = try_out(small_model, partial(triage, gazetteer=Gazetteer.open()))
    assert not verdict.admitted
    assert verdict.reasons
    assert verdict.model.facts is None, "it was refused before its facts were asked for"
