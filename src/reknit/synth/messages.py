"""Short invented messages as a hotline gets them: seeking, seen, safe, in need, asking for news.

Rules: the people spoken of are those of the scenario, in the language and letters of their
relatives; a stated language is often absent and now and then wrong. Templates are this room's own
(`data/messages.txt`). Phone numbers are the scenario's invented ones.

>>> from random import Random
>>> from reknit.synth.people import make_household
>>> home = make_household(culture("ukraine"), Random(2), Noise())
>>> [cells["channel"] for cells in write_messages(home.members, 2, Random(1), Noise())]
['sms', 'sms']
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from reknit.synth.cultures import Manner, culture
from reknit.synth.entries import read_sections
from reknit.synth.hands import Hand
from reknit.synth.noise import Noise
from reknit.synth.people import Person
from reknit.synth.records import host

MESSAGE_COLUMNS = ("message_id", "text", "received_at", "channel", "stated_language")
_CHANNELS = ("sms", "sms", "whatsapp", "whatsapp", "voice", "email", "web")
_START = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)

_FITS: dict[str, Callable[[Person], bool]] = {
    "a": lambda person: True,
    "m": lambda person: person.sex == "male",
    "f": lambda person: person.sex == "female",
    "o": lambda person: person.sex == "female" and person.age_at_today() >= 35,
    "p": lambda person: person.sex == "male" and person.age_at_today() >= 35,
    "c": lambda person: 3 <= person.age_at_today() <= 14,
}

__all__ = ["MESSAGE_COLUMNS", "culture", "write_messages"]


def write_messages(
    persons: Sequence[Person], count: int, rng: Random, noise: Noise
) -> list[dict[str, str | None]]:
    """`count` messages about some of `persons`, in the order they came in, without ids."""
    moments = sorted(rng.randrange(3 * 86_400) for _ in range(count))
    return [_message(rng.choice(persons), moment, rng, noise) for moment in moments]


def _message(person: Person, moment: int, rng: Random, noise: Noise) -> dict[str, str | None]:
    custom = person.culture
    templates = _templates()
    language = custom.language if rng.random() < 0.8 else "en"
    native = language == custom.language
    manner = Manner("native" if native else "latin", language)
    home = person.home
    fitting = [text for who, text in templates[language] if _FITS[who](person)]
    text = rng.choice(fitting)
    if home is not None:
        hand = Hand(manner, home, rng, noise, desk=False)
        other = rng.choice([p for p in home.members if p is not person] or home.members)
        text = text.format(
            name=hand.full(hand.parts(person), person),
            other=hand.full(hand.parts(other), other),
            age=max(1, person.age_at_today()),
            town=hand.word(home.place.town),
            host=host(language, rng)[0],
            phone=person.phone,
            n=rng.randrange(2, 14),
        )
    stated = language if rng.random() < 0.6 else None
    if stated and rng.random() < 0.06:
        stated = rng.choice(("en", "ar", "fr", "fa"))
    return {
        "text": text,
        "received_at": (_START + dt.timedelta(seconds=moment)).isoformat(),
        "channel": rng.choice(_CHANNELS),
        "stated_language": stated,
    }


@cache
def _templates() -> dict[str, list[tuple[str, str]]]:
    return {
        language: [(line[0], line[4:]) for line in lines]
        for language, lines in read_sections("messages.txt").items()
    }
