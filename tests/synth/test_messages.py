"""The hotline's messages: many languages, about the scenario's people, none left with a blank."""

from __future__ import annotations

from random import Random

from reknit.synth import Noise, Scenario
from reknit.synth.crossing import World
from reknit.synth.messages import MESSAGE_COLUMNS, write_messages


def test_a_few_hundred_messages_come_in_many_languages(crossing: Scenario) -> None:
    messages = crossing.messages
    assert tuple(messages.columns) == MESSAGE_COLUMNS
    assert messages.height >= 300
    assert messages["message_id"].is_unique().all()
    assert messages["stated_language"].drop_nulls().n_unique() >= 12
    assert 0.25 < messages["stated_language"].is_null().mean() < 0.55
    assert not messages["text"].str.contains(r"[{}]").any()
    assert messages["received_at"].is_sorted()


def test_a_child_alone_is_a_child(world: World) -> None:
    persons = [p for p, _ in world.sought if p and p.culture.name in {"sudan", "syria"}]
    cells = write_messages(persons, 400, Random(1), Noise())
    ages = [
        int("".join(c for c in str(cell["text"]).split(" عمره ")[1][:3] if c.isdigit()))
        for cell in cells
        if str(cell["text"]).startswith("يوجد طفل وحده")
    ]
    assert ages
    assert max(ages) <= 14
