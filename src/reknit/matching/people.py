"""A people table standardised into small integer arrays, the only form the engine compares.

Rules: every distinct value is standardised once, never each record; ids of tokens and places are
shared by all tables of one `Lexicon`; 0 (or -1 for indices) stands for "not known"; records can be
appended without touching those before them.

>>> import polars as pl
>>> people = standardise_people(pl.DataFrame({"person_record_id": ["1"], "full_name": ["Ali"]}),
...                             Lexicon())
>>> len(people)
1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from reknit.matching.births import standardise_births
from reknit.matching.columns import distinct, lines
from reknit.matching.compiled import leaf
from reknit.matching.homes import HomeArrays, HomeLexicon, join_homes, standardise_homes, take_homes
from reknit.matching.numbers import identifier_keys, phone_keys
from reknit.matching.sightings import SightingArrays, join_sightings, standardise_sightings
from reknit.matching.tokens import TokenTable
from reknit.places import Gazetteer
from reknit.standardise import (
    read_alone,
    standardise_name,
    standardise_names,
    standardise_relatives,
    standardise_sex,
)
from reknit.vocabulary import NameToken, PersonName, Relation, Script, Sex, TokenRole
from reknit.vocabulary.columns import NAME_COLUMNS, PEOPLE_COLUMNS

SEXES = {Sex.FEMALE: 1, Sex.MALE: 2, Sex.OTHER: 3}
RELATIONS = {relation: code for code, relation in enumerate(Relation, start=1)}
SCRIPTS = tuple(Script)
_SCRIPT_NUMBER = {script: number for number, script in enumerate(SCRIPTS)}
MAX_TOKENS = 10

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


class PeopleArrays(NamedTuple):
    """n people; `*_start` arrays (n + 1) delimit each person's slice of the flat arrays.

    form_start → name_start → name_tokens, name_roles: the written forms of the name.
    birth_*, age_*: see `births`.
    relative_start → relative_relation, and relative_name: a range of relative_tokens, each.
    group: -1 or the group's number; group_member_start → group_members lists the people of it.
    """

    form_start: I64
    name_start: I64
    name_tokens: npt.NDArray[np.int32]
    name_roles: npt.NDArray[np.int8]
    script: npt.NDArray[np.int8]
    birth_low: npt.NDArray[np.int16]
    birth_high: npt.NDArray[np.int16]
    birth_month: npt.NDArray[np.int8]
    birth_day: npt.NDArray[np.int8]
    birth_flags: npt.NDArray[np.uint8]
    age_low: npt.NDArray[np.int8]
    age_high: npt.NDArray[np.int8]
    sex: npt.NDArray[np.int8]
    home: HomeArrays
    seen: SightingArrays
    phone_start: I64
    phones: I64
    identifier_start: I64
    identifier_types: I64
    identifiers: I64
    relative_start: I64
    relative_relation: npt.NDArray[np.int8]
    relative_name: I64
    relative_tokens: npt.NDArray[np.int32]
    relative_roles: npt.NDArray[np.int8]
    group: npt.NDArray[np.int32]
    group_member_start: I64
    group_members: npt.NDArray[np.int32]


class Words(NamedTuple):
    """Words as `read_alone` reads them. token: -1 for one whose neighbours matter; text: a number
    of its text; role: its token's; script, role_told, is_ordinary, are_letters: as there."""

    token: npt.NDArray[np.int32]
    text: npt.NDArray[np.int32]
    role: npt.NDArray[np.int32]
    script: npt.NDArray[np.int32]
    role_told: npt.NDArray[np.int32]
    is_ordinary: npt.NDArray[np.int32]
    are_letters: npt.NDArray[np.int32]


_NO_PLAIN_WORD = (-1, *[0] * (len(Words._fields) - 1))


@dataclass
class Lexicon:
    """What the tables of one match share: name tokens, places, and the words met so far."""

    tokens: TokenTable = field(default_factory=TokenTable)
    homes: HomeLexicon = field(default_factory=HomeLexicon)
    _words: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _texts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def with_places(cls, gazetteer: Gazetteer | None) -> Lexicon:
        """One that knows the places of a gazetteer; None is the packaged one."""
        return cls(homes=HomeLexicon(gazetteer))

    def words(self, written: Sequence[str]) -> Words:
        """What each written word gives to every name it stands in."""
        new = [word for word in dict.fromkeys(written) if word not in self._words]
        read = [read_alone(word) for word in new]
        ids = iter(self.tokens.intern_many([one.token for one in read if one]).tolist())
        texts = self._texts
        for word, one in zip(new, read, strict=True):
            self._words[word] = (
                _NO_PLAIN_WORD
                if one is None
                else (
                    next(ids),
                    texts.setdefault(one.text, len(texts)),
                    one.token.role,
                    _SCRIPT_NUMBER[one.script],
                    one.role_told,
                    one.is_ordinary,
                    one.are_letters,
                )
            )
        table = np.array([self._words[word] for word in written], np.int32)
        return Words(*table.reshape(-1, len(Words._fields)).T)


@dataclass
class StandardisedPeople:
    """A table's rows as they came, and the arrays made of them."""

    rows: pl.DataFrame
    arrays: PeopleArrays
    lexicon: Lexicon
    groups: dict[str, int]

    def __len__(self) -> int:
        return self.rows.height

    @property
    def ids(self) -> pl.Series:
        """The record ids, in the order of the arrays."""
        return self.rows["person_record_id"]

    def names(self, row: int) -> tuple[PersonName, ...]:
        """The written forms of one person's name, standardised again for showing."""
        return standardise_names(*(self.rows[column][row] for column in NAME_COLUMNS))


def complete_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """The table with every column of the contract, as text, empty where absent."""
    if tuple(rows.columns) == PEOPLE_COLUMNS and rows.height == 1:  # made by standardise_person
        return rows
    return rows.select(
        [
            pl.col(name).cast(pl.String).fill_null("")
            if name in rows.columns
            else pl.lit("").alias(name)
            for name in PEOPLE_COLUMNS
        ]
    )


def standardise_people(
    rows: pl.DataFrame,
    lexicon: Lexicon,
    groups: dict[str, int] | None = None,
    *,
    homes: Callable[[], HomeArrays] | None = None,
) -> StandardisedPeople:
    """A people table (contract's columns, text) as arrays; `groups` continues earlier numbers.

    homes: gives the homes of the rows, numbered by the lexicon, where something else standardises
    them meanwhile (`adopting`); they are asked for when the names have been read.
    """
    rows = complete_columns(rows)
    groups = {} if groups is None else groups
    phone_start, phones = _phones(rows["phones"])
    identifier_start, identifier_types, identifiers = _identifiers(rows["identifiers"])
    form_start, name_start, tokens, roles, script = _names(rows, lexicon)
    relatives = _relatives(rows["relatives"], lexicon)
    births = standardise_births(rows)
    home = homes() if homes else standardise_homes(rows, lexicon.homes, lexicon.tokens)
    group = _groups(rows["group_id"], groups)
    member_start, members = group_members(group, len(groups))
    arrays = PeopleArrays(
        form_start=form_start,
        name_start=name_start,
        name_tokens=tokens,
        name_roles=roles,
        script=script,
        **births,
        sex=_sexes(rows["sex"]),
        home=home,
        seen=standardise_sightings(rows["last_known_location"], lexicon.homes),
        phone_start=phone_start,
        phones=phones,
        identifier_start=identifier_start,
        identifier_types=identifier_types,
        identifiers=identifiers,
        **relatives,
        group=group,
        group_member_start=member_start,
        group_members=members,
    )
    return StandardisedPeople(rows, arrays, lexicon, groups)


def standardise_person(
    row: Mapping[str, object], lexicon: Lexicon, groups: dict[str, int] | None = None
) -> StandardisedPeople:
    """One record (contract's columns; absent ones empty), as a table of one."""
    return standardise_records([row], lexicon, groups)


def standardise_records(
    rows: Sequence[Mapping[str, object]], lexicon: Lexicon, groups: dict[str, int] | None = None
) -> StandardisedPeople:
    """Some records, as a table. One that names the id of an earlier one takes its place."""
    latest = {row.get("person_record_id") or number: row for number, row in enumerate(rows)}
    values = {
        name: [str(row.get(name) or "") for row in latest.values()] for name in PEOPLE_COLUMNS
    }
    return standardise_people(pl.DataFrame(values), lexicon, groups)


def text_key(text: str) -> int:
    """A stable 63-bit key of a text, never 0, for comparing equal without keeping the text."""
    return (int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") >> 1) or 1


def _starts(counts: npt.NDArray[Any]) -> I64:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


# ── names ───────────────────────────────────────────────────────────────────────────────────────


class _Plain(NamedTuple):
    """Every word of the names that are plain words only, row by row, and the script of each row."""

    row: I64
    token: npt.NDArray[np.int32]
    role: npt.NDArray[np.int8]
    script: npt.NDArray[np.int8]


_NO_NAMES = _Plain(
    np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros(0, np.int8)
)
_NOT_READ = -1
_FAMILY = int(TokenRole.FAMILY)
FEW = 50
"""So many names are read one by one sooner than a query over columns is planned."""


def _names(
    rows: pl.DataFrame, lexicon: Lexicon
) -> tuple[I64, I64, npt.NDArray[np.int32], npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Names of plain words go by distinct word; all others are read whole, once each."""
    n = rows.height
    plain = (
        _plain_names(rows.select(NAME_COLUMNS), lexicon)
        if n > FEW
        else _NO_NAMES._replace(script=np.zeros(n, np.int8))
    )
    is_slow = np.ones(n, bool)
    is_slow[plain.row] = False
    slow = np.flatnonzero(is_slow)
    slow_row, slow_form, slow_token, slow_role, script_of = _read_names(rows, slow, lexicon)
    script = plain.script
    script[slow] = script_of
    row = np.concatenate([plain.row, slow_row])
    order = np.argsort(row, kind="stable")
    row = row[order]
    form = np.concatenate([np.zeros(len(plain.row), np.int64), slow_form])[order]
    token = np.concatenate([plain.token, slow_token])[order].astype(np.int32)
    role = np.concatenate([plain.role, slow_role])[order].astype(np.int8)
    new_form = np.ones(len(row), bool)
    new_form[1:] = (row[1:] != row[:-1]) | (form[1:] != form[:-1])
    name_start = np.append(np.flatnonzero(new_form), len(row)).astype(np.int64)
    form_start = _starts(np.bincount(row[new_form], minlength=n))
    return form_start, name_start, token, role, script


def _plain_names(names: pl.DataFrame, lexicon: Lexicon) -> _Plain:
    """The names that are plain words only, as `standardise_names` reads them. names: the columns
    of a name; where there is a full name, given and family only tell the parts of it."""
    full, given, family, others = NAME_COLUMNS
    parts = names.with_row_index("row").filter(
        (pl.col(others) == "")
        & ~pl.any_horizontal(pl.col(full, given, family).str.contains("\n", literal=True))
    )
    words = pl.concat(
        [
            parts.filter(pl.col(name) != "")
            .select(
                pl.col("row").cast(pl.Int64),
                pl.lit(number).cast(pl.Int8).alias("part"),
                pl.col(name).str.split(" ").alias("word"),
            )
            .explode("word")
            .filter(pl.col("word") != "")
            for number, name in enumerate((full, given, family))
        ]
    ).sort("row", "part", maintain_order=True)
    script = np.zeros(names.height, np.int8)
    if words.is_empty():
        return _NO_NAMES._replace(script=script)
    values, code = distinct(words["word"])
    word = Words(*(column[code] for column in lexicon.words(values)))
    row, role = words["row"].to_numpy(), np.full(len(code), _NOT_READ, np.int8)
    _tell_roles(row, words["part"].to_numpy(), word, role, script)
    read = role != _NOT_READ
    return _Plain(row[read], word.token[read], role[read], script)


@njit(cache=True, nogil=True)
def _tell_roles(
    row: I64,
    part: npt.NDArray[np.int8],
    word: Words,
    role: npt.NDArray[np.int8],
    script: npt.NDArray[np.int8],
) -> None:
    """Write the role of every word of the names that are plain, and the scripts of their rows.

    row, part: where each word stands, in that order; part: 0 full name, 1 given, 2 family.
    """
    first = 0
    while first < len(row):
        last = first
        while last < len(row) and row[last] == row[first]:
            last += 1
        end = first  # of the name as written: the columns beside it only tell its parts
        while end < last and part[end] == 0:
            end += 1
        if end == first:
            end = last
        plain = end - first <= MAX_TOKENS
        capital, ordinary, initials = False, False, False
        for at in range(first, last):
            plain = plain and word.token[at] >= 0
            initials = initials or (word.role_told[at] == _FAMILY and word.are_letters[at] != 0)
            if at < end:
                plain = plain and word.script[at] == word.script[first]
                capital = capital or word.role_told[at] == _FAMILY
                ordinary = ordinary or word.is_ordinary[at] != 0
        if initials and np.any(word.is_ordinary[first:last] != 0):
            plain = False
        for at in range(end, last if plain else end):
            if not np.any(word.text[first:end] == word.text[at]):
                plain = False
        if plain:
            script[row[first]] = word.script[first]
            for at in range(first, end):
                told = _role_of(at, first, last, part, word.text)
                if told == 0 and capital and ordinary:
                    told = word.role_told[at]
                of_itself = word.role[at] != 0 and told != _FAMILY
                role[at] = word.role[at] if told == 0 or of_itself else told
        first = last


@leaf
def _role_of(at: int, first: int, last: int, part: npt.NDArray[np.int8], text: I32) -> int:
    """The role that the columns of a row (words first to last) tell of one of its words."""
    role = 0
    for other in range(first, last):
        if text[other] == text[at] and part[other] != 0:
            role = max(role, part[other])
    return role


def _read_names(
    rows: pl.DataFrame, slow: I64, lexicon: Lexicon
) -> tuple[I64, I64, I64, I64, npt.NDArray[np.int8]]:
    """(row, form, token, role) of every token of the rows `slow`, and each row's script."""
    columns = [rows[column].gather(slow).to_list() for column in NAME_COLUMNS]
    known: dict[tuple[str, ...], tuple[range, int]] = {}
    said: list[NameToken] = []
    forms: list[int] = []
    where: list[int] = []
    at: list[int] = []
    scripts = np.zeros(len(slow), np.int8)
    for index, cells in enumerate(zip(*columns, strict=True)):
        if cells not in known:
            names = [name for name in standardise_names(*cells) if not name.is_empty]
            first = len(said)
            for form, name in enumerate(names):
                tokens = name.tokens[:MAX_TOKENS]
                said += tokens
                forms += [form] * len(tokens)
            script = SCRIPTS.index(names[0].script if names else Script.NONE)
            known[cells] = range(first, len(said)), script
        span, scripts[index] = known[cells]
        where += [index] * len(span)
        at += span
    # Interned together: one at a time takes as long as reading them.
    token = lexicon.tokens.intern_many(said).astype(np.int64)
    role = np.fromiter((token.role for token in said), np.int64, len(said))
    return slow[where], np.array(forms, np.int64)[at], token[at], role[at], scripts


def _relatives(cells: pl.Series, lexicon: Lexicon) -> dict[str, Any]:
    """The relative_* arrays: each distinct cell is parsed once, each distinct name read once."""
    values, code = distinct(cells)
    names: dict[str, int] = {}
    said = [
        (cell, RELATIONS[relative.relation], names.setdefault(relative.name, len(names)))
        for cell, text in enumerate(values)
        if text
        for relative in standardise_relatives(text)[0]
    ]
    start, tokens, roles = _names_of_relatives(list(names), lexicon)
    cell, relation, name = np.array(said, np.int64).reshape(-1, 3).T
    known = np.diff(start)[name] > 0
    cell_start = _starts(np.bincount(cell[known], minlength=len(values)))
    relative_start, at = _take_ragged(cell_start, code.astype(np.int64))
    relative_name, word = _take_ragged(start, name[known][at])
    return {
        "relative_start": relative_start,
        "relative_relation": relation[known][at].astype(np.int8),
        "relative_name": relative_name,
        "relative_tokens": tokens[word],
        "relative_roles": roles[word],
    }


def _names_of_relatives(
    names: list[str], lexicon: Lexicon
) -> tuple[I64, npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    """(start, token, role) of the tokens of each name, as `standardise_name` reads it."""
    columns = {column: [""] * len(names) for column in NAME_COLUMNS} | {NAME_COLUMNS[0]: names}
    plain = _plain_names(pl.DataFrame(columns), lexicon) if len(names) > FEW else _NO_NAMES
    is_slow = np.ones(len(names), bool)
    is_slow[plain.row] = False
    slow = np.flatnonzero(is_slow)
    read = [standardise_name(names[number]).tokens[:MAX_TOKENS] for number in slow]
    said = [token for name in read for token in name]
    lengths = np.array([len(name) for name in read], np.int64)
    row = np.concatenate([plain.row, np.repeat(slow, lengths)])
    order = np.argsort(row, kind="stable")
    token = np.concatenate([plain.token, lexicon.tokens.intern_many(said)])[order]
    roles = np.fromiter((token.role for token in said), np.int8, len(said))
    start = _starts(np.bincount(row, minlength=len(names)))
    return start, token, np.concatenate([plain.role, roles])[order]


# ── everything else ─────────────────────────────────────────────────────────────────────────────


def _sexes(column: pl.Series) -> npt.NDArray[np.int8]:
    values, code = distinct(column)
    sexes = (standardise_sex(text) if text else None for text in values)
    return np.array([SEXES[sex] if sex else 0 for sex in sexes], np.int8)[code]


def _phones(column: pl.Series) -> tuple[I64, I64]:
    row, said = lines(column)
    values, code = distinct(said)
    keys = phone_keys(values)[code]
    known = keys != 0
    return _starts(np.bincount(row[known], minlength=len(column))), keys[known]


def _identifiers(column: pl.Series) -> tuple[I64, I64, I64]:
    row, said = lines(column)
    values, code = distinct(said)
    type_names, keys = identifier_keys(values)
    type_of = {name: text_key(name) for name in set(type_names)}
    types, keys = np.array([type_of[name] for name in type_names], np.int64)[code], keys[code]
    known = keys != 0
    return _starts(np.bincount(row[known], minlength=len(column))), types[known], keys[known]


def _groups(column: pl.Series, groups: dict[str, int]) -> npt.NDArray[np.int32]:
    values, code = distinct(column)
    numbers = [groups.setdefault(text, len(groups)) if text else -1 for text in values]
    return np.array(numbers, np.int32)[code]


def group_members(group: npt.NDArray[np.int32], count: int) -> tuple[I64, npt.NDArray[np.int32]]:
    """Who stands in each group: starts and members."""
    grouped = np.flatnonzero(group >= 0)
    order = grouped[np.argsort(group[grouped], kind="stable")]
    return _starts(np.bincount(group[grouped], minlength=count)), order.astype(np.int32)


def join_people(first: StandardisedPeople, second: StandardisedPeople) -> StandardisedPeople:
    """The people of both, those of `first` before; both must share one lexicon and its groups."""
    a, b = first.arrays, second.arrays
    joined: dict[str, Any] = {
        name: _join_starts(getattr(a, name), getattr(b, name))
        if name.endswith("_start") or name == "relative_name"
        else np.concatenate([getattr(a, name), getattr(b, name)])
        for name in PeopleArrays._fields
        if name not in ("home", "seen", "group_member_start", "group_members")
    }
    member_start, members = group_members(joined["group"], len(first.groups))
    arrays = PeopleArrays(
        **joined,
        home=join_homes(a.home, b.home),
        seen=join_sightings(a.seen, b.seen),
        group_member_start=member_start,
        group_members=members,
    )
    return StandardisedPeople(
        pl.concat([first.rows, second.rows]), arrays, first.lexicon, first.groups
    )


def take_people(people: StandardisedPeople, rows: I64) -> StandardisedPeople:
    """The people of some rows, in that order."""
    a = people.arrays
    form_start, forms = _take_ragged(a.form_start, rows)
    name_start, words = _take_ragged(a.name_start, forms)
    phone_start, phones = _take_ragged(a.phone_start, rows)
    identifier_start, identifiers = _take_ragged(a.identifier_start, rows)
    relative_start, relatives = _take_ragged(a.relative_start, rows)
    relative_name, relative_words = _take_ragged(a.relative_name, relatives)
    group = a.group[rows]
    member_start, members = group_members(group, len(people.groups))
    arrays = PeopleArrays(
        form_start=form_start,
        name_start=name_start,
        name_tokens=a.name_tokens[words],
        name_roles=a.name_roles[words],
        script=a.script[rows],
        birth_low=a.birth_low[rows],
        birth_high=a.birth_high[rows],
        birth_month=a.birth_month[rows],
        birth_day=a.birth_day[rows],
        birth_flags=a.birth_flags[rows],
        age_low=a.age_low[rows],
        age_high=a.age_high[rows],
        sex=a.sex[rows],
        home=take_homes(a.home, rows),
        seen=SightingArrays(*(part[rows] for part in a.seen)),
        phone_start=phone_start,
        phones=a.phones[phones],
        identifier_start=identifier_start,
        identifier_types=a.identifier_types[identifiers],
        identifiers=a.identifiers[identifiers],
        relative_start=relative_start,
        relative_relation=a.relative_relation[relatives],
        relative_name=relative_name,
        relative_tokens=a.relative_tokens[relative_words],
        relative_roles=a.relative_roles[relative_words],
        group=group,
        group_member_start=member_start,
        group_members=members,
    )
    return StandardisedPeople(people.rows[rows], arrays, people.lexicon, people.groups)


def _take_ragged(start: I64, rows: I64) -> tuple[I64, I64]:
    """The starts of the slices of some rows when set side by side, and what they hold."""
    counts = np.diff(start)[rows]
    taken = _starts(counts)
    return taken, np.arange(taken[-1]) + np.repeat(start[rows] - taken[:-1], counts)


def leave_group(people: StandardisedPeople, row: int) -> None:
    """Have a person stand in no group, and the group forget the person."""
    a = people.arrays
    group = int(a.group[row])
    if group < 0:
        return
    first, last = a.group_member_start[group], a.group_member_start[group + 1]
    at = first + np.flatnonzero(a.group_members[first:last] == row)
    member_start = a.group_member_start.copy()
    member_start[group + 1 :] -= len(at)
    a.group[row] = -1
    people.arrays = a._replace(
        group_member_start=member_start, group_members=np.delete(a.group_members, at)
    )


def _join_starts(a: I64, b: I64) -> I64:
    return np.concatenate([a, b[1:] + a[-1]])
