"""Two people beside each other: what agrees, what differs, what only one side says.

Rules: what was written stays as it was written; beside it, in Latin letters, how it is read, and of
a town the gazetteer's place. What two fields are to each other is said by a word and a sign, never
by colour alone. It compares what is written, not how much it counts: the evidence does that, and
where a reviewer is blind to the score, this is still shown. Free text is for people to compare.

>>> rows = compare({"full_name": "إدريس حداد"}, {"full_name": "Idris Haddad", "sex": "male"})
>>> [(row.column, row.sign.value) for row in rows]
[('name', 'agree'), ('sex', 'only_found')]
>>> rows[0].sought[0].reading
'Idris Haddad'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import JaroWinkler

from reknit.intake.places import gazetteer as known_places
from reknit.matching.homes import NEAR, SAME_CITY_COMMON, HomeLexicon, compare_towns
from reknit.places import Gazetteer, PlaceRef
from reknit.report.compare import Part, State, side_by_side
from reknit.report.data import RecordField
from reknit.standardise import (
    analyse_word,
    standardise_age,
    standardise_country,
    standardise_date,
    standardise_identifier,
    standardise_name,
    standardise_relatives,
    standardise_sex,
)
from reknit.standardise.scripts import clean_text, script_of
from reknit.vocabulary import Relation, Relative
from reknit.vocabulary.names import Script

_ENOUGH = 0.5
"""From such a likeness on two relatives' names stand on one line."""
_SAME_RELATION = 0.25
_NEARLY = 0.9
"""From such a likeness of their readings on two words in other letters may be one."""
_WRITTEN_IN_LATIN = {Script.LATIN, Script.NONE}
Content = Mapping[str, Any]


class Sign(StrEnum):
    """What two fields are to each other."""

    AGREE = "agree"
    PARTLY = "partly"
    DIFFER = "differ"
    ONLY_SOUGHT = "only_sought"
    ONLY_FOUND = "only_found"
    READ_BOTH = "read_both"


@dataclass(frozen=True, slots=True)
class Value:
    """One value as written, in parts of which some differ from the other side's; its reading in
    Latin letters where it is in others; of a town, what the gazetteer calls it."""

    parts: tuple[Part, ...]
    language: str | None
    reading: str = ""
    place: str = ""

    @property
    def text(self) -> str:
        """As it was written."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both people. column: its name, as `words.of` knows it."""

    column: str
    sign: Sign
    sought: tuple[Value, ...]
    found: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """One relative, on one line where both sides name them. A side that does not is None."""

    sign: Sign
    relation: Relation
    found_relation: Relation
    sought: Value | None
    found: Value | None


def compare(sought: Content, found: Content) -> list[Row]:
    """The fields that either side says anything of, but for relatives (`kin`), in their order."""
    rows = []
    for column, (read, agree) in _FIELDS.items():
        one, other = read(sought), read(found)
        if one or other:
            sign = _one_sided(one, other) or agree(one, other, sought, found)
            rows.append(_row(column, sign, one, other, sought, found))
    return rows


def kin(sought: Content, found: Content) -> list[Kin]:
    """Their relatives, aligned by name and relation; those that only one side names come last."""
    ours, theirs = relatives_of(sought), relatives_of(found)
    likeness = {
        (i, j): names_alike(a.name, b.name) + _SAME_RELATION * (a.relation is b.relation)
        for i, a in enumerate(ours)
        for j, b in enumerate(theirs)
    }
    pairs: dict[int, int] = {}
    for (i, j), alike in sorted(likeness.items(), key=lambda one: (-one[1], one[0])):
        if alike >= _ENOUGH and i not in pairs and j not in pairs.values():
            pairs[i] = j
    lines = []
    for i, a in enumerate(ours):
        b = theirs[pairs[i]] if i in pairs else None
        lines.append(_kin(a, b))
    lines.sort(key=lambda line: line.found is None)
    return lines + [_kin(None, b) for j, b in enumerate(theirs) if j not in pairs.values()]


def relatives_of(content: Content) -> tuple[Relative, ...]:
    """The relatives that a person's account names."""
    return standardise_relatives(_text(content, "relatives"))[0]


@lru_cache(maxsize=4096)
def names_alike(one: str, other: str) -> float:
    """The share, 0 to 1, of the shorter name's words that have their like in the other, in any
    script and order; a word alone is not enough for the whole of a longer name."""
    a, b = sorted((standardise_name(one), standardise_name(other)), key=lambda n: len(n.tokens))
    if a.is_empty or b.is_empty:
        return 0.0
    left = list(b.tokens)
    met = 0
    for token in a.tokens:
        like = next(
            (
                t
                for t in left
                if token.text == t.text
                or token.symbols & t.symbols
                or set(token.forms) & set(t.forms)
            ),
            None,
        )
        if like is not None:
            left.remove(like)
            met += 1
    share = met / len(a.tokens)
    return share if len(a.tokens) > 1 or len(b.tokens) == 1 else 0.6 * share


@lru_cache(maxsize=4096)
def reading(text: str) -> str:
    """How a text in other letters is read in Latin ones; "" for what is in Latin letters."""
    if script_of(text) in _WRITTEN_IN_LATIN:
        return ""
    said = []
    for word in clean_text(text).split():
        forms = () if script_of(word) in _WRITTEN_IN_LATIN else analyse_word(word.lower()).forms
        said.append(forms[0].title() if forms else word)
    return " ".join(said)


def _row(column: str, sign: Sign, one: str, other: str, sought: Content, found: Content) -> Row:
    (written,) = side_by_side((RecordField(column, one),), (RecordField(column, other),))
    is_place = column in _PLACES

    def values(lines: Sequence[Any], content: Content) -> tuple[Value, ...]:
        return tuple(_value(line.parts, line.language, is_place, content) for line in lines)

    marked = sign in {Sign.DIFFER, Sign.PARTLY} and written.state is State.DIFFERS
    if not marked:
        (written,) = side_by_side((RecordField(column, one),), (RecordField(column, ""),))
        (turned,) = side_by_side((RecordField(column, ""),), (RecordField(column, other),))
        return Row(column, sign, values(written.sought, sought), values(turned.found, found))
    return Row(column, sign, values(written.sought, sought), values(written.found, found))


def _value(parts: tuple[Part, ...], language: str | None, is_place: bool, said: Content) -> Value:
    text = "".join(part.text for part in parts)
    place = _place(text, _text(said, "home_country")) if is_place else None
    shown = "" if place is None else f"{place.name}, {place.country}"
    return Value(parts, language, reading(text), shown)


def _kin(one: Relative | None, other: Relative | None) -> Kin:
    def value(relative: Relative | None) -> Value | None:
        if relative is None:
            return None
        (row,) = side_by_side((RecordField("name", relative.name),), ())
        line = row.sought[0]
        return Value(line.parts, line.language, reading(relative.name))

    said = one or other
    assert said is not None  # noqa: S101 - one of the two is there
    if one is None or other is None:
        sign = Sign.ONLY_FOUND if one is None else Sign.ONLY_SOUGHT
        return Kin(sign, said.relation, said.relation, value(one), value(other))
    agree = names_alike(one.name, other.name) == 1.0 and one.relation is other.relation
    sign = Sign.AGREE if agree else Sign.PARTLY
    return Kin(sign, one.relation, other.relation, value(one), value(other))


def _one_sided(one: str, other: str) -> Sign | None:
    if one and other:
        return None
    return Sign.ONLY_SOUGHT if one else Sign.ONLY_FOUND


def _text(content: Content, column: str) -> str:
    value = content.get(column)
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else "\n".join(map(str, value))


def _full_name(content: Content) -> str:
    parts = (_text(content, column) for column in ("given_name", "family_name"))
    return _text(content, "full_name") or " ".join(filter(None, parts))


def _column(column: str) -> Callable[[Content], str]:
    return lambda content: _text(content, column)


def _names(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    """The best two of the forms of either side."""
    best = max(names_alike(a, b) for a in one.splitlines() for b in other.splitlines())
    return Sign.AGREE if best == 1.0 else Sign.PARTLY if best > 0 else Sign.DIFFER


def _sexes(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    return _same(standardise_sex(one), standardise_sex(other), one, other)


def _births(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    a, b = standardise_date(one), standardise_date(other)
    if a.value is None or b.value is None or a.value.year is None or b.value.year is None:
        return _same(None, None, one, other)
    if a.value.year != b.value.year:
        return Sign.DIFFER
    days = (a.value.month, a.value.day), (b.value.month, b.value.day)
    if days[0] == days[1]:
        return Sign.AGREE
    return Sign.PARTLY


def _ages(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    a, b = standardise_age(one, None).value, standardise_age(other, None).value
    if a is None or b is None:
        return _same(None, None, one, other)
    if (a.low, a.high) == (b.low, b.high):
        return Sign.AGREE
    return Sign.PARTLY if a.low <= b.high + 2 and b.low <= a.high + 2 else Sign.DIFFER


def _towns(one: str, other: str, sought: Content, found: Content) -> Sign:
    """As the evidence compares them, so that the two never say different things."""
    if known_places() is None:
        return _words(one, other, sought, found)
    level = _town_level(one, _text(sought, "home_country"), other, _text(found, "home_country"))
    if level >= SAME_CITY_COMMON:
        return Sign.AGREE
    return Sign.PARTLY if level == NEAR else Sign.DIFFER


@lru_cache(maxsize=4096)
def _town_level(one: str, its_country: str, other: str, others_country: str) -> int:
    return compare_towns((one, its_country), (other, others_country), HomeLexicon(known_places()))


def _countries(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    return _same(standardise_country(one), standardise_country(other), one, other)


def _numbers(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    a, b = ({standardise_identifier(line) for line in text.splitlines()} for text in (one, other))
    return Sign.AGREE if a == b else Sign.PARTLY if a & b else Sign.DIFFER


def _words(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    """Of a street or region: the same words, in any script and order, or some of them. Of two that
    are written in other letters, and read neither the same nor nearly, nobody is told that they
    differ: a region has several names, and how it reads is no more than near."""
    alike = names_alike(" ".join(one.split()), " ".join(other.split()))
    if alike > 0:
        return Sign.AGREE if alike == 1.0 else Sign.PARTLY
    if script_of(one) is script_of(other):
        return _same(None, None, one, other)
    read, written = (clean_text(reading(text) or text).casefold() for text in (one, other))
    return Sign.PARTLY if JaroWinkler.similarity(read, written) >= _NEARLY else Sign.READ_BOTH


def _for_people(one: str, other: str, _sought: Content, _found: Content) -> Sign:
    return Sign.AGREE if one.casefold() == other.casefold() else Sign.READ_BOTH


def _same(a: object, b: object, one: str, other: str) -> Sign:
    if a is None or b is None:
        a, b = clean_text(one).casefold(), clean_text(other).casefold()
    return Sign.AGREE if a == b else Sign.DIFFER


def _place(text: str, country: str) -> PlaceRef | None:
    gazetteer = known_places()
    if gazetteer is None or not text:
        return None
    return _resolved(gazetteer, text, standardise_country(country) or "")


@lru_cache(maxsize=4096)
def _resolved(gazetteer: Gazetteer, text: str, country: str) -> PlaceRef | None:
    """Where a country is said, a place of that country alone: a village of Myanmar that the
    gazetteer does not know is not the Russian town of a like name."""
    found = gazetteer.resolve(text, country=country or None)
    return next((place for place in found if country in {"", place.country}), None)


_Agree = Callable[[str, str, Content, Content], Sign]
_PLACES = {"home_city"}
_FIELDS: Mapping[str, tuple[Callable[[Content], str], _Agree]] = {
    "name": (_full_name, _names),
    "alternate_names": (_column("alternate_names"), _names),
    "sex": (_column("sex"), _sexes),
    "date_of_birth": (_column("date_of_birth"), _births),
    "age": (_column("age"), _ages),
    "home_city": (_column("home_city"), _towns),
    "home_neighborhood": (_column("home_neighborhood"), _words),
    "home_street": (_column("home_street"), _words),
    "home_state": (_column("home_state"), _words),
    "home_country": (_column("home_country"), _countries),
    "identifiers": (_column("identifiers"), _numbers),
    "description": (_column("description"), _for_people),
}
