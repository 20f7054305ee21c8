"""The questions that are asked of a pair and the ordered answers to each, in plain words.

Rules: a question is one column of the level table; its level 0 is "not known on one side", which
weighs nothing. A weak question weighs what the model says, whatever the files show: it may change
the order of candidates and decides nothing. The name has two columns: how well it agrees
(`NameGrade`) and how rare what agrees is (bits, two to a step).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GRADE, BITS, BIRTH, SEX, HOME, PHONE, IDENTIFIER, FAMILY, AGE, LAST_SEEN = range(10)
QUESTIONS: Final = 10

BIRTH_FAR = 1
BIRTH_CLOSE_YEARS = 2
BIRTH_NEXT_YEAR = 3
BIRTH_AGE_NEAR = 4
BIRTH_AGE_FITS = 5
BIRTH_SAME_YEAR_OTHER_DAY = 6
BIRTH_SAME_YEAR = 7
BIRTH_MONTH = 8
BIRTH_NEAR_DATE = 9
BIRTH_EXACT = 10

AGE_FAR, AGE_APART, AGE_CLOSE = 1, 2, 3
SEEN_ELSEWHERE, SEEN_NEAR, SEEN_SAME = 1, 2, 3

FAMILY_CONFLICT = 1
FAMILY_NONE = 2
FAMILY_NO_NEWS = 3
FAMILY_BITS: Final = (3.0, 8.0, 14.0, 22.0, 32.0)
"""From how many bits of news on, agreeing relatives are a level higher."""

MISSING: Final = "not known on one side"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its column in the level table, and its levels as names for the model file."""

    name: str
    column: int
    levels: tuple[str, ...]
    weak: bool = False


NAME_GRADES: Final = (
    "different",
    "same family, other given name",
    "same given name, other family",
    "partly the same",
    "weakly alike",
    "the shorter one within the longer, loosely",
    "alike",
    "the shorter one within the longer",
    "spellings of one name",
    "written the same",
)

OTHER_QUESTIONS: Final = (
    Question(
        "birth",
        BIRTH,
        (
            MISSING,
            "more than 5 years apart",
            "2 to 5 years apart",
            "a year apart",
            "the age nearly fits",
            "the age fits",
            "same year, another day",
            "same year",
            "same year and month",
            "same date but for one slip",
            "same date",
        ),
    ),
    Question("sex", SEX, (MISSING, "different", "same")),
    Question(
        "home",
        HOME,
        (
            MISSING,
            "another country",
            "another place in the country",
            "same country",
            "same region",
            "places within 30 km",
            "same big town",
            "same town",
            "same small town",
            "same neighbourhood",
            "same address",
        ),
    ),
    Question("phone", PHONE, (MISSING, "different", "shared")),
    Question("identifier", IDENTIFIER, (MISSING, "different", "equal but for one slip", "equal")),
    Question(
        "family",
        FAMILY,
        (
            MISSING,
            "a parent or spouse is someone else",
            "no relative in common",
            "relatives agree, but only in words of the person's own name",
            "a common relative's name agrees",
            "a relative's name agrees",
            "a rare relative's name agrees",
            "relatives' names agree",
            "several relatives' names agree",
        ),
    ),
    Question(
        "age",
        AGE,
        (
            MISSING,
            "10 years or more apart, said on unknown days",
            "3 to 9 years apart, said on unknown days",
            "close, said on unknown days",
        ),
        weak=True,
    ),
    Question(
        "last seen",
        LAST_SEEN,
        (MISSING, "in different places", "within 30 km", "in the same place"),
        weak=True,
    ),
)
