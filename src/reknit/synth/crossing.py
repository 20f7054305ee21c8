"""A scenario of families torn apart: who seeks whom, who is on which list, who is not.

Rules: each household is parted into those who seek and those who are away; the ones away are
registered together or not at all, some of them sought and some not, so that brothers and sisters
stand beside the person sought. About as many found rows belong to people whom nobody seeks.
Everything is drawn from one seed; rows are shuffled before ids are given.

>>> world = cross(50, Random("doc"), Noise(), {"syria": 1.0})
>>> len(world.sought)
50
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from reknit.synth.cultures import culture
from reknit.synth.noise import Noise
from reknit.synth.people import Household, Person, born, make_household, make_person, make_sibling
from reknit.synth.records import Form, Row

_JUNK = (
    *("Unknown Unknown", "UNKNOWN", "test test", "N/A", "no name", "xxx", "Baby", "TEST PERSON"),
    *("غير معروف", "مجهول الهوية", "Неизвестный", "Невідомо", "Άγνωστος", "ያልታወቀ", "无名氏"),
    *("Desconocido", "Inconnu", "নাম জানা নেই", "bilinmiyor", "unbekannt", "?", "-"),
)
_STAY_TOGETHER = 0.955  # of the people in groups that are found, those found with them
_HOME_ROWS = 3.5  # rows that an average bystanders' home fills
_BABY = {"ar": "ابن", "en": "baby of", "es": "bebé de", "fr": "bébé de", "de": "Baby von"}


@dataclass(slots=True)
class World:
    """Rows with who they are about; `about` None is junk. Not yet shuffled, no ids."""

    sought: list[tuple[Person | None, Row]] = field(default_factory=list)
    found: list[tuple[Person | None, Row]] = field(default_factory=list)


def cross(people: int, rng: Random, noise: Noise, shares: dict[str, float]) -> World:
    """A world in which `people` rows are sought; `shares` says which cultures, how much."""
    return _Crossing(people, rng, noise, shares).run()


class _Crossing:
    def __init__(self, people: int, rng: Random, noise: Noise, shares: dict[str, float]) -> None:
        self._people, self._rng, self._noise = people, rng, noise
        self._cultures = [culture(name) for name in shares]
        self._weights = list(shares.values())
        self._world = World()
        self._sought: set[Person] = set()
        self._groups = 0

    def run(self) -> World:
        """Seeking households until enough are sought, then bystanders, then mirrors and junk."""
        world, noise = self._world, self._noise
        while len(world.sought) < self._people:
            self._part(self._household())
        del world.sought[self._people :]
        self._sought = {person for person, _ in world.sought if person is not None}
        wanted = sum(person in self._sought for person, _ in world.found)
        strangers = len(world.found) - wanted
        goal = round(wanted * noise.bystanders / (1 - noise.bystanders))
        while strangers < goal:
            strangers += self._bystand()
        self._add_junk()
        return world

    def _household(self) -> Household:
        custom = self._rng.choices(self._cultures, self._weights)[0]
        return make_household(custom, self._rng, self._noise)

    def _group(self) -> str:
        self._groups += 1
        return f"group {self._groups}"

    def _part(self, home: Household) -> None:
        rng, noise = self._rng, self._noise
        members = home.members
        adults = [p for p in members if p.age_at_today() >= 16]
        stays = len(members) > 1 and bool(adults) and rng.random() < 0.7
        seeker = rng.choice(adults) if stays else self._outside(home)
        away = [p for p in members if p is not seeker and rng.random() < 0.65]
        if not away:
            away = [rng.choice([p for p in members if p is not seeker] or members)]
        here = [p for p in members if p not in away and p is not seeker]
        self._seek(home, seeker, away)
        self._find(home, away)
        if stays and rng.random() < noise.seeker_registered:
            self._register(home, [seeker, *here])

    def _outside(self, home: Household) -> Person:
        """A relative who never lived there: an uncle, an aunt, a parent, a cousin."""
        rng = self._rng
        person = rng.choice(home.members)
        parents = [p for p in (person.father, person.mother) if p and p not in home.members]
        if parents and rng.random() < 0.5:
            return rng.choice(parents)
        sex = rng.choice(("male", "female"))
        kin = make_sibling(person, sex, rng)
        return kin or make_person(home, sex, born(rng.randrange(17, 70), rng), rng)

    def _seek(self, home: Household, seeker: Person, away: list[Person]) -> None:
        rng, noise = self._rng, self._noise
        sought = [p for p in away if rng.random() < 0.85] or away[:1]
        group = self._group() if len(sought) > 1 else None
        form = Form(home, rng, noise, desk=False, group=group)
        self._world.sought += [(p, form.row(p, seeker)) for p in sought]
        if rng.random() < noise.sought_twice:
            again = Form(home, rng, noise, desk=False, group=None)
            person = rng.choice(sought)
            self._world.sought.append((person, again.row(person)))

    def _find(self, home: Household, away: list[Person]) -> None:
        rng = self._rng
        if rng.random() >= self._noise.sought_found / _STAY_TOGETHER:
            return
        if len(away) > 2 and rng.random() < 0.2:  # parted once more on the way
            cut = rng.randrange(1, len(away))
            self._register(home, away[:cut])
            self._register(home, away[cut:])
        else:
            self._register(home, [p for p in away if rng.random() < 0.92] or away[:1])

    def _register(self, home: Household, persons: list[Person]) -> None:
        rng, noise = self._rng, self._noise
        group = self._group() if len(persons) > 1 else None
        form = Form(home, rng, noise, desk=True, group=group)
        rows: list[tuple[Person | None, Row]] = [(p, form.row(p)) for p in persons]
        if rng.random() < noise.mirrored:
            rows += self._mirror(home, persons, rows)
        self._world.found += rows

    def _mirror(
        self, home: Household, persons: list[Person], rows: list[tuple[Person | None, Row]]
    ) -> list[tuple[Person | None, Row]]:
        """The same people on another list: copied with losses, or written anew by another desk."""
        rng, noise = self._rng, self._noise
        group = self._group() if len(persons) > 1 else None
        form = Form(home, rng, noise, desk=True, group=group)
        if rng.random() < 0.4:
            return [(p, form.row(p)) for p in persons]
        return [(p, self._copy(row, form)) for p, row in rows]

    def _copy(self, row: Row, form: Form) -> Row:
        rng = self._rng
        kept = {"full_name", "given_name", "family_name"}
        copy = {key: text for key, text in row.items() if key in kept or rng.random() >= 0.2}
        if rng.random() < 0.3:
            for key in kept & copy.keys():
                text = copy[key]
                copy[key] = text.upper() if text else text
        return copy | {"source_name": form.source, "group_id": form.group}

    def _bystand(self) -> int:
        rng, noise = self._rng, self._noise
        before = len(self._world.found)
        if rng.random() < noise.namesakes * _HOME_ROWS:
            self._namesake()
        else:
            home = self._household()
            self._register(home, [p for p in home.members if rng.random() < 0.9] or home.members)
        return len(self._world.found) - before

    def _namesake(self) -> None:
        """Another person who bears a sought one's names, of another age, from another home."""
        rng = self._rng
        person, _ = rng.choice(self._world.sought)
        if person is None:
            return
        home = Household(person.culture, rng.choice(person.culture.places))
        age = max(3, person.age_at_today() + rng.choice((-17, -9, -6, -4, 4, 5, 8, 14)))
        other = make_person(home, person.sex, born(age, rng), rng)
        shared = {role: entry for role, entry in person.names.items() if rng.random() < 0.8}
        other.names = other.names | shared | {"given": person.names["given"]}
        self._register(home, [other])

    def _add_junk(self) -> None:
        rng, noise, world = self._rng, self._noise, self._world
        for rows, rate, desk in (
            (world.found, noise.junk_found, True),
            (world.sought, noise.junk_sought, False),
        ):
            for _ in range(round(len(rows) * rate)):
                home = self._household()
                form = Form(home, rng, noise, desk=desk, group=None)
                row = form.row(home.members[0])
                row["full_name"] = self._nameless(row)
                row |= {"given_name": None, "family_name": None, "alternate_names": None}
                if desk:
                    rows.append((None, row))
                else:
                    rows[rng.randrange(len(rows))] = (None, row)

    def _nameless(self, row: Row) -> str:
        rng = self._rng
        if rng.random() < 0.25 and row.get("full_name"):
            return f"{rng.choice(list(_BABY.values()))} {row['full_name']}"
        return rng.choice(_JUNK)
