"""Invented people in households, named and born by the custom of their culture.

Rules: a household has one home, one set of papers and one way to spell its names; children have
their parents' names as the culture hands them down; brothers and sisters are born one to four
years apart, rarely on one day. Nobody here is taken from life.

>>> from reknit.synth.cultures import culture
>>> home = make_household(culture("somalia"), Random(1), Noise())
>>> home.members[0].names["father"] is home.members[0].father.names["given"]
True
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from reknit.synth.cultures import Culture, Place
from reknit.synth.entries import Entry, compose
from reknit.synth.noise import Noise
from reknit.synth.phones import fictional_phone

TODAY = dt.date(2026, 3, 1)
PAPERED = 0.5  # people who have a passport
MARKED = 0.4  # people with a mark or clothes worth telling


@dataclass(slots=True, eq=False, repr=False)
class Person:
    """One invented person; `paper_birth` is what their papers say."""

    culture: Culture
    sex: str
    birth: dt.date
    names: dict[str, Entry]
    paper_birth: dt.date = TODAY
    father: Person | None = None
    mother: Person | None = None
    spouse: Person | None = None
    children: list[Person] = field(default_factory=list)
    home: Household | None = None
    phone: str | None = None
    passport: str | None = None
    mark: int | None = None

    def age_at(self, day: dt.date) -> int:
        """Whole years lived on `day`."""
        before = (day.month, day.day) < (self.birth.month, self.birth.day)
        return day.year - self.birth.year - before

    def age_at_today(self) -> int:
        """Whole years lived on the scenario's day."""
        return self.age_at(TODAY)

    def siblings(self) -> list[Person]:
        """The other children of the same father or mother."""
        parent = self.father or self.mother
        return [p for p in parent.children if p is not self] if parent else []


@dataclass(slots=True, eq=False, repr=False)
class Household:
    """People who lived together: their home town, and how their papers spell each name."""

    culture: Culture
    place: Place
    members: list[Person] = field(default_factory=list)
    papers: dict[Entry, str] = field(default_factory=dict)


def born(age: int, rng: Random) -> dt.date:
    """A birth date of someone of `age` years today."""
    return TODAY - dt.timedelta(days=age * 365 + age // 4 + rng.randrange(365))


def make_person(
    home: Household,
    sex: str,
    birth: dt.date,
    rng: Random,
    parents: tuple[Person | None, Person | None] = (None, None),
    taken: set[Entry] | None = None,
) -> Person:
    """A person of the household's culture; `taken` holds the brothers' and sisters' names."""
    custom = home.culture
    pool = custom.men if sex == "male" else custom.women
    given = pool.draw(rng)
    while taken is not None and given in taken:
        given = pool.draw(rng)
    if taken is not None:
        taken.add(given)
    father, mother = parents
    names = _names(custom, sex, _given(custom, sex, given, rng), father, mother, rng)
    person = Person(custom, sex, birth, names, father=father, mother=mother, home=home)
    for parent in (father, mother):
        if parent is not None:
            parent.children.append(person)
    person.paper_birth = _paper_birth(person, rng)
    person.phone = fictional_phone(custom.code, rng)
    if rng.random() < PAPERED:
        person.passport = f"{rng.choice('ABKNPRT')}{rng.randrange(10**7, 10**8)}"
    if rng.random() < MARKED:
        person.mark = rng.randrange(1000)
    return person


def _given(custom: Culture, sex: str, given: Entry, rng: Random) -> Entry:
    if custom.custom == "spanish" and rng.random() < 0.55:
        other = (custom.men if sex == "male" else custom.women).draw(rng)
        return compose((given, other), " ", " ") if other is not given else given
    if custom.custom == "bengal" and sex == "male" and rng.random() < 0.45:
        first = custom.men.entries[0 if rng.random() < 0.7 else 2]
        return compose((first, given), " ", " ") if first is not given else given
    if custom.name in {"haiti", "congo"} and rng.random() < 0.3:
        other = (custom.men if sex == "male" else custom.women).draw(rng)
        return compose((given, other), " ", " ") if other is not given else given
    return given


def _names(
    custom: Culture,
    sex: str,
    given: Entry,
    father: Person | None,
    mother: Person | None,
    rng: Random,
) -> dict[str, Entry]:
    """The roles of a name, by custom; someone whose parents are unknown here has invented ones."""
    line = [father.names["given"] if father else custom.men.draw(rng)]
    for role in ("father", "grandfather"):
        line.append(father.names[role] if father else custom.men.draw(rng))
    names = {"given": given, "father": line[0], "grandfather": line[1], "greatgrandfather": line[2]}
    if custom.families.entries:
        names["family"] = father.names["family"] if father else custom.families.draw(rng)
    match custom.custom:
        case "spanish":
            names["family2"] = mother.names["family"] if mother else custom.families.draw(rng)
        case "bengal":
            names["family"] = custom.family_endings[sex[0]].draw(rng)
        case "congo":
            names["family"] = custom.families.draw(rng)
            names["postnom"] = father.names["family"] if father else custom.families.draw(rng)
        case "vietnamese":
            names["middle"] = custom.middles[sex[0]].draw(rng)
    if (pair := line[0].patronymic) is not None:
        names["patronymic"] = pair[sex != "male"]
    return names


def name_of(person: Person, role: str) -> Entry | None:
    """The entry of a role, in the form the person's sex bears."""
    entry = person.names.get(role)
    if entry is not None and entry.feminine is not None and person.sex == "female":
        return entry.feminine
    return entry


def _paper_birth(person: Person, rng: Random) -> dt.date:
    if rng.random() >= person.culture.january:
        return person.birth
    year = person.birth.year + (rng.choice((-2, -1, 1, 2)) if rng.random() < 0.3 else 0)
    return dt.date(min(year, TODAY.year), 1, 1)


def make_household(custom: Culture, rng: Random, noise: Noise) -> Household:
    """A household of one of the usual shapes, one to eight or so people."""
    home = Household(custom, rng.choice(custom.places))
    shape = rng.random()
    if shape < 0.19:
        alone = "male" if shape < 0.15 else "female"
        age = rng.randrange(16, 34)
        elders = _elders(home, age, rng)
        home.members = [make_person(home, alone, born(age, rng), rng, elders)]
        return home
    age = rng.randrange(22, 58)
    head = make_person(home, "male", born(age, rng), rng, _elders(home, age, rng))
    wife = _wife(home, head, rng)
    children = _children(home, head, wife, rng, noise)
    if shape < 0.24 and children:  # children who were parted from both parents
        home.members = children
    elif shape < 0.36:  # one parent
        home.members = [rng.choice((head, wife, wife)), *children]
    elif shape < 0.47 and head.father and head.mother and age < 50:
        home.members = [head.father, head.mother, head, wife, *children]
        brother = make_sibling(head, "male", rng) if rng.random() < 0.4 else None
        if brother is not None:
            home.members.append(brother)
    else:
        home.members = [head, wife, *children]
        if rng.random() < 0.08 and wife.mother:
            home.members.append(wife.mother)
    return home


def make_sibling(person: Person, sex: str, rng: Random) -> Person | None:
    """A grown brother or sister; None where the parents are unknown or leave no room for one."""
    mother, home = person.mother, person.home
    if mother is None or home is None:
        return None
    ages = [p.age_at_today() for p in mother.children]
    latest = min(person.age_at_today() + 14, mother.age_at_today() - 17)
    room = range(max(17, person.age_at_today() - 14), latest)
    free = [age for age in room if all(abs(age - other) >= 2 for other in ages)]
    if not free:
        return None
    taken = {p.names["given"] for p in mother.children}
    birth = born(rng.choice(free), rng)
    return make_person(home, sex, birth, rng, (person.father, mother), taken)


def _elders(home: Household, child_age: int, rng: Random) -> tuple[Person, Person]:
    """A couple old enough to have a child of that age."""
    age = child_age + rng.randrange(18, 37)
    mother = make_person(home, "female", born(age, rng), rng)
    father = make_person(home, "male", born(age + rng.randrange(10), rng), rng)
    _marry(father, mother)
    return father, mother


def _wife(home: Household, head: Person, rng: Random) -> Person:
    age = max(17, head.age_at_today() - rng.choice((0, 1, 2, 3, 4, 5, 6, 8, 11)))
    wife = make_person(home, "female", born(age, rng), rng, _elders(home, age, rng))
    _marry(head, wife)
    return wife


def _marry(man: Person, woman: Person) -> None:
    man.spouse, woman.spouse = woman, man
    if man.culture.custom == "shared" and "family" in man.names:
        woman.names["family"] = man.names["family"]


def _children(
    home: Household, head: Person, wife: Person, rng: Random, noise: Noise
) -> list[Person]:
    wanted = min(8, max(0, round(rng.gauss(home.culture.children, 1.6))))
    youngest_mother = wife.birth + dt.timedelta(days=18 * 365)
    day = youngest_mother + dt.timedelta(days=rng.randrange(200, 2200))
    taken: set[Entry] = set()
    children: list[Person] = []
    while len(children) < wanted and day < TODAY - dt.timedelta(days=20):
        sex = rng.choice(("male", "female"))
        children.append(make_person(home, sex, day, rng, (head, wife), taken))
        if rng.random() >= noise.twins:
            day += dt.timedelta(days=rng.randrange(330, 1500))
    return children
