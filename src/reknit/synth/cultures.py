"""Who people are by custom: how a culture names its children, where its towns are, who lists them.

Rules: everything that differs between cultures is data (`data/cultures.json`, `data/names`,
`data/places.txt`); a culture here is that data, loaded once.

>>> culture("ethiopia").order
('given', 'father', 'grandfather')
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random
from typing import Any

from reknit.synth.entries import Entry, Pool, compose, load_pool, pool_of, read_sections, weighted


@dataclass(frozen=True, slots=True)
class Place:
    """A town and its region, each in native and Latin spellings."""

    town: Entry
    region: Entry


@dataclass(frozen=True, slots=True)
class Manner:
    """A script and a language to write in; script 'native' and 'second' are the culture's own."""

    script: str
    language: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Manners with cumulative weights."""

    manners: tuple[Manner, ...]
    cumulative: tuple[float, ...]

    def draw(self, rng: Random) -> Manner:
        """One manner, by its weight."""
        return weighted(self.manners, self.cumulative, rng)


@dataclass(frozen=True, slots=True)
class Culture:
    """A people's custom of naming and the lists they are met on.

    keep: for each role the chance that a relative, and that a desk, writes it.
    january: share of people whose papers say 1 January. children: mean number.
    code: the country's calling code. country_names: by script.
    """

    name: str
    country: str
    country_names: dict[str, tuple[str, ...]]
    places: tuple[Place, ...]
    men: Pool
    women: Pool
    families: Pool
    family_endings: dict[str, Pool]
    middles: dict[str, Pool]
    custom: str
    order: tuple[str, ...]
    keep: dict[str, tuple[float, float]]
    script: str
    language: str
    calendar: str
    january: float
    children: float
    code: str
    seeker: Choice
    desk: Choice


@cache
def culture(name: str) -> Culture:
    """The culture of that name in `data/cultures.json`."""
    text = resources.files("reknit.synth").joinpath("data", "cultures.json").read_text("utf-8")
    facts: dict[str, Any] = json.loads(text)[name]
    lists = load_pool(facts["names"])
    if facts["names"] == "han":
        lists = _read_characters(lists, facts["roman"])
    elif facts["names"] == "burmese":
        lists = _join_words(lists)
    men, women = (tuple(e for key in facts[sex] for e in lists[key]) for sex in "mf")
    families = lists.get(facts["s"], ())
    if facts["custom"] == "patrilineal" and facts["names"] in {"arabic", "afghan"}:
        families += men[6:]  # an ancestor's name serves as family name
    endings = {sex: pool_of(lists[f"s:{sex}"], 0.7) for sex in "mf" if f"s:{sex}" in lists}
    middles = {sex: pool_of(lists[f"m{sex}"], 1.2) for sex in "mf" if f"m{sex}" in lists}
    return Culture(
        name=name,
        country=facts["country"],
        country_names=_by_script(facts["country_names"]),
        places=_places(facts["places"]),
        men=pool_of(men, 0.75),
        women=pool_of(women, 0.7),
        families=pool_of(families, 0.9 if facts["names"] in {"han", "vietnamese"} else 0.45),
        family_endings=endings,
        middles=middles,
        custom=facts["custom"],
        order=tuple(facts["order"]),
        keep={role: (pair[0], pair[1]) for role, pair in facts["keep"].items()},
        script=facts["script"],
        language=facts["language"],
        calendar=facts["calendar"],
        january=facts["january"],
        children=facts["children"],
        code=facts["code"],
        seeker=_choice(facts["seeker"]),
        desk=_choice(facts["desk"]),
    )


def _by_script(names: list[str]) -> dict[str, tuple[str, ...]]:
    scripts: dict[str, tuple[str, ...]] = {}
    for name in names:
        script = unicodedata.name(name[0]).split()[0].lower()
        script = {"cjk": "han"}.get(script, script)
        scripts[script] = (*scripts.get(script, ()), name)
    return scripts


def _choice(weights: dict[str, float]) -> Choice:
    manners = tuple(Manner(*key.split(":")) for key in weights)
    return Choice(manners, tuple(accumulate(weights.values())))


@cache
def _places(section: str) -> tuple[Place, ...]:
    places = []
    for line in read_sections("places.txt")[section]:
        town, latin, region, region_latin = (cell.strip() for cell in line.split("|"))
        natives, _, second = town.partition("@")
        places.append(
            Place(
                Entry(tuple(natives.split(";")), tuple(latin.split(";")), second=second or None),
                Entry((region,), tuple(region_latin.split(";"))),
            )
        )
    return tuple(places)


def _read_characters(
    lists: dict[str, tuple[Entry, ...]], roman: int
) -> dict[str, tuple[Entry, ...]]:
    """Chinese names in one reading: 0 pinyin, 1 Cantonese, 2 Wade-Giles."""
    read: dict[str, tuple[Entry, ...]] = {"s:han": tuple(_read(e, roman) for e in lists["s:han"])}
    for key, characters in (("b", lists["b"]), ("m", lists["m"]), ("f", lists["f"])):
        singles = tuple(_read(e, roman) for e in characters)
        firsts = tuple(_read(e, roman) for e in lists["b"])
        pairs = tuple(
            Entry(
                tuple(x + y for x, y in zip(_two(a.native), _two(b.native), strict=True)),
                _two_words(a.latin[0], b.latin[0], roman),
            )
            for b in singles
            for a in firsts
            if a.native != b.native
        )
        read[key] = pairs + singles if key != "b" else pairs[::9]
    return read


def _read(entry: Entry, roman: int) -> Entry:
    return Entry(_two(entry.native), (entry.latin[0].split("/")[roman],))


def _two(forms: tuple[str, ...]) -> tuple[str, str]:
    return forms[0], forms[-1]


def _two_words(first: str, second: str, roman: int) -> tuple[str, ...]:
    joined = first + second.lower()
    parted, hyphened = f"{first} {second}", f"{first}-{second}"
    return (joined, parted, hyphened) if roman == 0 else (parted, hyphened, joined)


def _join_words(lists: dict[str, tuple[Entry, ...]]) -> dict[str, tuple[Entry, ...]]:
    """Burmese names: two or three words out of the list, many combinations, a fixed choice."""
    rng = Random("burmese words")  # a part of the data, not of a scenario
    joined: dict[str, tuple[Entry, ...]] = {}
    for key, own in (("b", lists["b"]), ("f", lists["f"])):
        words = lists["b"] + own
        joined[key] = tuple(
            compose(tuple(rng.sample(words, rng.choice((2, 2, 3, 3, 4)))), "", " ")
            for _ in range(500)
        )
    return joined
