"""Rows of the two lists, as a relative's form and a desk's sheet say them.

Rules: a row is what one hand knew and wrote; what it did not know is absent. Several values in a
cell are one a line. Ids and order carry nothing of who is whom: the scenario gives them last.

>>> COLUMNS[0], len(COLUMNS)
('person_record_id', 22)
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib import resources
from random import Random

from reknit.synth.dates import birth_cells
from reknit.synth.entries import read_sections
from reknit.synth.hands import FAMILY_ROLES, Hand
from reknit.synth.noise import Noise
from reknit.synth.people import MARKED, PAPERED, Household, Person
from reknit.synth.phones import fictional_phone

Row = dict[str, str | None]

COLUMNS = (
    *("person_record_id", "full_name", "given_name", "family_name", "alternate_names", "sex"),
    *("date_of_birth", "age", "source_date", "source_name", "home_street", "home_neighborhood"),
    *("home_city", "home_state", "home_postal_code", "home_country", "last_known_location"),
    *("phones", "identifiers", "relatives", "group_id", "description"),
)
_DESKS = ("Tracing desk", "Family hotline", "Search office", "Missing persons form", "Volunteers")


class Form:
    """One filing of a household: its hand, its day, its group."""

    def __init__(
        self, home: Household, rng: Random, noise: Noise, *, desk: bool, group: str | None
    ) -> None:
        custom = home.culture
        manner = (custom.desk if desk else custom.seeker).draw(rng)
        self.hand = Hand(manner, home, rng, noise, desk=desk)
        self.day = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(180))
        self.group = group if rng.random() < noise.grouped else None
        self.home, self.desk = home, desk
        self.place, self.source = host(manner.language, rng)
        if not desk:
            self.source = f"{rng.choice(_DESKS)} {rng.randrange(1, 30)}"
        self._rng, self._noise = rng, noise

    def row(self, person: Person, seeker: Person | None = None) -> Row:
        """What this form says of one person."""
        rng, noise, desk = self._rng, self._noise, self.desk
        birth, age, dated = birth_cells(person, self.day, rng, noise, desk=desk)
        row: Row = {
            "sex": self._sex(person),
            "date_of_birth": birth,
            "age": age,
            "source_date": self.day.isoformat() if dated else None,
            "source_name": self.source,
            "group_id": self.group,
            "relatives": self._relatives(person, seeker),
            "description": self._description(person),
            "phones": self._phone(person),
            "identifiers": self._identifiers(person),
        }
        self._write_name(row, person)
        self._write_home(row)
        if desk and rng.random() < noise.located:
            row["last_known_location"] = self.place
        return row

    def _write_name(self, row: Row, person: Person) -> None:
        rng, noise, hand = self._rng, self._noise, self.hand
        parts = hand.parts(person)
        nickname = hand.nickname(person)
        if nickname is not None and rng.random() < noise.nickname_as_name:
            parts = [(role, nickname if role == "given" else text) for role, text in parts]
        elif nickname is not None and not self.desk and rng.random() < noise.nickname_given:
            row["alternate_names"] = nickname
        if hand.layout != "parts":
            row["full_name"] = hand.full(parts, person)
        if hand.layout != "full":
            given, family = _columns(parts)
            if self.desk and family and rng.random() < noise.swapped:
                given, family = family, given
            row["given_name"], row["family_name"] = given, family

    def _write_home(self, row: Row) -> None:
        rng, noise, hand, place = self._rng, self._noise, self.hand, self.home.place
        if self.desk and rng.random() < noise.city_other:
            place = rng.choice(self.home.culture.places)
        if rng.random() < (noise.city_found if self.desk else noise.city_sought):
            row["home_city"] = hand.word(place.town)
        if rng.random() < noise.state:
            row["home_state"] = hand.word(place.region)
        if rng.random() < noise.country:
            names = self.home.culture.country_names.get(hand.script, ())
            coded = rng.random() < 0.4 or not names
            row["home_country"] = self.home.culture.country if coded else rng.choice(names)

    def _sex(self, person: Person) -> str | None:
        draw = self._rng.random()
        if draw < self._noise.sex_missing:
            return None
        if draw < self._noise.sex_missing + self._noise.sex_wrong:
            return "female" if person.sex == "male" else "male"
        return person.sex

    def _phone(self, person: Person) -> str | None:
        rng, noise = self._rng, self._noise
        if person.phone is None or person.birth.year > 2012:
            return None
        if rng.random() >= (noise.phone_found if self.desk else noise.phone_sought):
            return None
        number = person.phone
        if self.desk and rng.random() < noise.phone_changed:
            number = fictional_phone(person.culture.code, rng)
        match rng.randrange(4):
            case 0:
                return number
            case 1:
                return "00" + number[1:]
            case 2:
                return f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}".strip()
            case _:
                return f"{number[:-6]}-{number[-6:-3]}-{number[-3:]}"

    def _identifiers(self, person: Person) -> str | None:
        rng, noise = self._rng, self._noise
        lines = []
        known = (noise.paper_found if self.desk else noise.paper_sought) / PAPERED
        if person.passport and rng.random() < known:
            number = person.passport if rng.random() < 0.9 else person.passport.lower()
            lines.append(f"passport: {number}")
        if self.desk and rng.random() < 0.15:
            lines.append(f"registration: R{rng.randrange(10**5):05}-{rng.randrange(100):02}")
        return "\n".join(lines) or None

    def _relatives(self, person: Person, seeker: Person | None) -> str | None:
        rng, noise = self._rng, self._noise
        lines = []
        if seeker is not None and rng.random() < 0.6:
            lines.append((relation(person, seeker), seeker))
        if rng.random() < (noise.relatives_found if self.desk else noise.relatives_sought):
            depth = 0.5 if self.desk else 0.75
            near = [("father", person.father), ("mother", person.mother), ("spouse", person.spouse)]
            near += [("son" if p.sex == "male" else "daughter", p) for p in person.children]
            near += [("brother" if p.sex == "male" else "sister", p) for p in person.siblings()]
            lines += [
                (kind, p) for kind, p in near if p and p is not seeker and rng.random() < depth
            ]
        return "\n".join(f"{kind}: {self._relative(p)}" for kind, p in lines[:6]) or None

    def _relative(self, person: Person) -> str:
        return self.hand.full(self.hand.parts(person, short=self._rng.random() < 0.35), person)

    def _description(self, person: Person) -> str | None:
        if person.mark is None or self._rng.random() >= self._noise.described / MARKED:
            return None
        marks = _marks()
        mark = marks[person.mark % len(marks)]
        return mark.get(self.hand.language, mark["en"])


def _columns(parts: list[tuple[str, str]]) -> tuple[str | None, str | None]:
    """The `given_name` and `family_name` columns; without a family name the last word serves."""
    family = [text for role, text in parts if role in FAMILY_ROLES]
    given = [text for role, text in parts if role not in FAMILY_ROLES]
    if not family and len(given) > 1:
        family = [given.pop()]
    return " ".join(given) or None, " ".join(family) or None


def relation(person: Person, relative: Person) -> str:
    """What `relative` is to `person`, in the contract's words."""
    male = relative.sex == "male"
    if relative in (person.father, person.mother):
        return "father" if male else "mother"
    if relative is person.spouse:
        return "spouse"
    if relative in person.children:
        return "son" if male else "daughter"
    if relative in person.siblings():
        return "brother" if male else "sister"
    for parent in (person.father, person.mother):
        if parent is not None and relative in (parent.father, parent.mother):
            return "grandfather" if male else "grandmother"
        if parent is not None and relative in parent.siblings():
            return "uncle" if male else "aunt"
    return "other"


@cache
def _hosts() -> dict[str, tuple[tuple[str, str], ...]]:
    hosts = {}
    for language, lines in read_sections("hosts.txt").items():
        pairs = (line.split(" | ") for line in lines)
        hosts[language] = tuple((place, source) for place, source in pairs)
    return hosts


def host(language: str, rng: Random) -> tuple[str, str]:
    """A place where people are listed, and the name of the list, for a desk of that language."""
    hosts = _hosts()
    return rng.choice(hosts.get(language, hosts["en"]))


@cache
def _marks() -> tuple[dict[str, str], ...]:
    text = resources.files("reknit.synth").joinpath("data", "marks.json").read_text("utf-8")
    return tuple(value for key, value in json.loads(text).items() if key != "_")
