"""Facts of a message with the span that says each: one module a kind, in the order they are read.

Rules: phones first, then dates, ages and group sizes, so that no number is read twice; then places
and names, which share no letter; relations, sexes and conditions come from the lexicon. Every
value is read from its own span. What a fact is about (its role) is told by the words around it.

>>> facts = find_facts(read_signals("I am looking for my brother Idris, 34 years old", "en"))
>>> [(str(fact.kind), fact.value, str(fact.role)) for fact in facts]
[('relation', 'brother', 'sought'), ('name', 'Idris', 'sought'), ('age', '34', 'sought')]
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from reknit.language.facts.ages import ages_after_names, find_ages
from reknit.language.facts.conditions import find_conditions
from reknit.language.facts.dates import find_dates
from reknit.language.facts.groups import find_groups
from reknit.language.facts.names import find_names
from reknit.language.facts.phones import find_phones
from reknit.language.facts.places import find_places
from reknit.language.facts.relations import find_relations
from reknit.language.facts.roles import role_of
from reknit.language.facts.sexes import find_sexes
from reknit.language.facts.spans import Reading
from reknit.language.signals import Signals, read_signals
from reknit.language.values import Fact
from reknit.places import Gazetteer

__all__ = ["find_facts", "read_signals"]


def find_facts(
    signals: Signals,
    *,
    gazetteer: Gazetteer | None = None,
    received: dt.date | None = None,
    region: str | None = None,
) -> tuple[Fact, ...]:
    """The facts of a message in its order.

    gazetteer: places are found only with one. received: the day it came, which "yesterday" and
    days without a year are read from. region: ISO 3166-1 alpha-2, where local numbers are dialled.
    """
    reading = Reading(signals)
    reading.add(find_phones(reading, region))
    reading.add(find_dates(reading, received))
    reading.add(find_ages(reading))
    reading.add(find_groups(reading))
    if gazetteer is not None:
        reading.add(find_places(reading, gazetteer))
    reading.add(find_names(reading, gazetteer))
    reading.add(ages_after_names(reading))
    reading.add(find_relations(reading))
    reading.add(find_sexes(reading))
    reading.add(find_conditions(reading))
    found = sorted(reading.facts, key=lambda fact: (fact.start, fact.end, str(fact.kind)))
    return tuple(replace(fact, role=role_of(fact, found, signals)) for fact in found)
