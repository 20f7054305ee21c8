"""Short invented messages as a hotline gets them: seeking, seen, safe, in need, asking for news.

Rules: the people spoken of are those of the scenario, in the language and letters of their
relatives; a stated language is often absent and now and then wrong. Templates are this room's own
(`data/messages.txt`). Phone numbers are the scenario's invented ones.

>>> from reknit.synth.cultures import culture
>>> from reknit.synth.people import make_household
>>> home = make_household(culture("ukraine"), Random(2), Noise())
>>> sorted(write_messages(home.members, 1, Random(1), Noise())[0])
['channel', 'received_at', 'stated_language', 'text']
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from reknit.synth.cultures import Manner
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


def write_messages(
    persons: Sequence[Person], count: int, rng: Random, noise: Noise
) -> list[dict[str, str | None]]:
    """`count` messages about some of `persons`, in the order they came in, without ids."""
    return [
        _sent(moment, *_text(rng.choice(persons), rng, noise), rng)
        for moment in _moments(count, rng)
    ]


def write_english(
    rows: Sequence[dict[str, str | None]], count: int, rng: Random
) -> list[dict[str, str | None]]:
    """`count` English messages about some of the people of a table, the sought rows of `rows`."""
    fitting = [text for who, text in _templates()["en"] if who == "a"]
    messages = []
    for moment in _moments(count, rng):
        row, other = rng.choice(rows), rng.choice(rows)
        text = rng.choice(fitting).format(
            name=_plain(row),
            other=_plain(other),
            age=rng.randrange(2, 80),
            town=row["home_city"] or "the coast",
            host=host("en", rng)[0],
            phone=row["phones"] or "the number you have",
            n=rng.randrange(2, 14),
        )
        messages.append(_sent(moment, text, "en", rng))
    return messages


def _plain(row: dict[str, str | None]) -> str:
    return " ".join(part for part in (row["given_name"], row["family_name"]) if part)


def _moments(count: int, rng: Random) -> list[int]:
    """Seconds since the first day's start, in order, over three days."""
    return sorted(rng.randrange(3 * 86_400) for _ in range(count))


def _text(person: Person, rng: Random, noise: Noise) -> tuple[str, str]:
    """A text that fits the person, and its language."""
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
    return text, language


def _sent(moment: int, text: str, language: str, rng: Random) -> dict[str, str | None]:
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
