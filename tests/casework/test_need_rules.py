"""Rules about the need of cases are a readable table; what they may look at is a closed list."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from reknit.casework.errors import NeedRulesError
from reknit.casework.need_rules import Band, Fact, Facts, When, packaged, read, weigh
from reknit.guard.assessments import Concern
from reknit.vocabulary.columns import NAME_COLUMNS

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 26)
NOW, SOON, IN_TURN = Band.NOW, Band.SOON, Band.IN_TURN
ONE = """
version = "1"
deadline_within_days = 7
stuck_after_days = 14
[[rules]]
name = "child"
band = "soon"
when = { age_below = 18 }
says = "A child"
because = "children first"
"""


def days(count: int) -> dt.date:
    return TODAY + dt.timedelta(days=count)


def case(**about: Any) -> Facts:
    return Facts(**{"on": TODAY, "received_on": days(-1), **about})


TABLE: list[tuple[dict[str, Any], Band, list[str]]] = [
    ({}, IN_TURN, []),
    ({"age_years": (9, 9), "facts": {Fact.ALONE}}, NOW, ["child_alone", "child"]),
    ({"age_years": (30, 31), "facts": {Fact.ALONE}}, IN_TURN, []),
    ({"facts": {Fact.ALONE}}, IN_TURN, []),
    ({"age_years": (17, 19)}, SOON, ["child"]),
    ({"age_years": (18, 18)}, IN_TURN, []),
    ({"age_years": (5, 5)}, NOW, ["small_child", "child"]),
    ({"age_years": (6, 6)}, SOON, ["child"]),
    ({"age_years": (65, 66)}, SOON, ["old"]),
    ({"age_years": (64, 90)}, IN_TURN, []),
    ({"facts": {Fact.MEDICAL}}, NOW, ["medical"]),
    ({"facts": {Fact.TRAFFICKING}}, NOW, ["trafficking"]),
    ({"concerns": {Concern.TRAFFICKING}}, NOW, ["trafficking_concern"]),
    ({"concerns": {Concern.ABUSE, Concern.IMPOSTOR}}, IN_TURN, []),
    ({"facts": {Fact.DETAINED}}, SOON, ["detained"]),
    ({"facts": {Fact.DETAINED}, "deadline": days(8)}, SOON, ["detained"]),
    ({"facts": {Fact.DETAINED}, "deadline": days(7)}, NOW,
     ["detention_deadline", "deadline", "detained"]),
    ({"deadline": days(7)}, SOON, ["deadline"]),
    ({"deadline": days(-3)}, SOON, ["deadline"]),
    ({"deadline": days(8)}, IN_TURN, []),
    ({"last_contact": days(-14)}, SOON, ["contact_just_lost"]),
    ({"last_contact": days(-15)}, IN_TURN, []),
    ({"last_contact": days(-180)}, IN_TURN, []),
    ({"last_contact": days(-181)}, SOON, ["no_word_for_long"]),
    ({"received_on": days(-59)}, IN_TURN, []),
    ({"received_on": days(-60)}, SOON, ["waiting"]),
]  # fmt: skip


@pytest.mark.parametrize(("about", "band", "names"), TABLE)
def test_each_rule_holds_where_it_says_and_nowhere_else(
    about: dict[str, Any], band: Band, names: list[str]
) -> None:
    said = weigh(packaged(), case(**about))
    assert (said.band, [rule.name for rule in said.rules]) == (band, names)


def test_every_rule_of_the_packaged_file_stands_in_the_table_above() -> None:
    held = {name for _about, _band, names in TABLE for name in names}
    assert held == {rule.name for rule in packaged().rules}


def test_it_says_what_it_could_not_look_at() -> None:
    assert weigh(packaged(), case()).unknown == ("age", "deadline", "last_contact")
    known = case(age_years=(30, 30), deadline=days(90), last_contact=days(-60))
    assert weigh(packaged(), known).unknown == ()


def test_reasons_add_up_to_nothing_but_the_most_urgent_of_them() -> None:
    """No score: a case with five reasons of a band stands beside one that has a single one."""
    one = weigh(packaged(), case(age_years=(17, 17)))
    many = weigh(packaged(), case(
        age_years=(17, 17), facts={Fact.DETAINED}, deadline=days(20), last_contact=days(-300),
        received_on=days(-300),
    ))  # fmt: skip
    assert one.band == many.band == SOON
    assert len(many.rules) == 4


def test_no_rule_can_look_at_who_somebody_is_or_how_likely_a_success_is() -> None:
    """The refusal (trust): rules are about need. What is no age, time or stated need has no name
    that a file could say."""
    may = {field.name for field in fields(When)}
    assert may == {
        "age_below", "age_from", "fact", "concern", "deadline_within_days",
        "contact_within_days", "no_contact_for_days", "waiting_for_days",
    }  # fmt: skip
    refused = [*NAME_COLUMNS, "sex", "home_country", "home_city", "language", "religion",
               "ethnicity", "probability", "candidates", "risk", "score", "weight"]  # fmt: skip
    for word in refused:
        with pytest.raises(NeedRulesError, match=f"rule 'child': '{word}' may not be said"):
            read(ONE.replace("age_below", word), Path("needs.toml"))


WRONG = [
    ('band = "soon"', 'band = "first"', "rule 'child': band = 'first' is not known; use now"),
    ('band = "soon"', "", "rule 'child': band = None says nothing"),
    ("age_below = 18", "age_below = -1", "age_below = -1 is no number"),
    ("age_below = 18", "age_below = true", "age_below = True is no number"),
    ("age_below = 18", 'fact = "rich"', "fact = 'rich' is not known; use alone"),
    ("age_below = 18", 'concern = "poor"', "concern = 'poor' is not known; use abuse"),
    ("{ age_below = 18 }", "{}", r"when = \{…\} is missing"),
    ('says = "A child"', 'points = 5\nsays = "A child"', "'points' may not be said"),
    ('because = "children first"', "", "because = None says nothing"),
    ("stuck_after_days = 14", "stuck_after_days = 0", "stuck_after_days = 0 is no number"),
    ('version = "1"', "", "version = None says nothing"),
    ("[[rules]]", "[[rule]]", "'rule' may not be said"),
    ("[[rules]]", "rules = []\n[other]", "'other' may not be said"),
    ('version = "1"', "version = ", "correct it there"),
]


@pytest.mark.parametrize(("right", "wrong", "says"), WRONG)
def test_a_mistake_is_named_by_file_rule_and_next_step(right: str, wrong: str, says: str) -> None:
    with pytest.raises(NeedRulesError, match=f"needs.toml.*: .*{says}"):
        read(ONE.replace(right, wrong), Path("needs.toml"))


def test_a_rule_stands_once() -> None:
    again = ONE + "[[rules]]" + ONE.partition("[[rules]]")[2]
    with pytest.raises(NeedRulesError, match="rule 'child' stands twice"):
        read(again, Path("needs.toml"))


def test_the_explanation_shows_the_file_as_it_is() -> None:
    page = (ROOT / "docs/explanation/need.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    bands = {NOW: "now", SOON: "soon", IN_TURN: "in_turn"}
    assert [(name, band, says, because) for name, band, says, because in told] == [
        (rule.name, bands[rule.band], rule.says, rule.because) for rule in packaged().rules
    ]
    assert f"`{packaged().version}`" in page
