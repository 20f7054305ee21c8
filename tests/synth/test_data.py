"""The room's own lists: whole, in the right letters, covering all that scenarios ask of them."""

from __future__ import annotations

import unicodedata
from importlib import resources

import pytest

from reknit.synth.cultures import culture
from reknit.synth.entries import load_pool, read_sections
from reknit.synth.scenario import SHARES
from reknit.synth.spelling import respell

CULTURES = sorted({name for shares in SHARES.values() for name in shares})
NAME_LISTS = sorted(
    file.name.removesuffix(".txt")
    for file in resources.files("reknit.synth").joinpath("data", "names").iterdir()
)


@pytest.mark.parametrize("name", NAME_LISTS)
def test_every_name_has_native_and_latin_forms(name: str) -> None:
    for section, entries in load_pool(name).items():
        assert len({e.native[0] for e in entries}) == len(entries), section
        for entry in entries:
            for form in (
                *entry.native,
                *entry.latin,
                *(n for pair in entry.nicknames for n in pair),
            ):
                assert form == form.strip() != "", entry
            assert all("LATIN" in unicodedata.name(c) for c in "".join(entry.latin) if c.isalpha())


@pytest.mark.parametrize("name", CULTURES)
def test_names_and_towns_are_in_the_cultures_script(name: str) -> None:
    custom = culture(name)
    expected = {"han": "CJK"}.get(custom.script, custom.script.upper())
    texts = [e.native for e in (*custom.men.entries, *custom.women.entries)]
    texts += [e.native for e in custom.families.entries]
    texts += [place.town.native for place in custom.places]
    for form in (form for forms in texts for form in forms):
        if name == "venezuela" or expected == "LATIN":
            assert all("LATIN" in unicodedata.name(c) for c in form if c.isalpha()), form
        else:
            assert {unicodedata.name(c).split()[0] for c in form if c.isalpha()} == {expected}


@pytest.mark.parametrize("name", CULTURES)
def test_every_desk_has_a_place_and_every_script_a_table(name: str) -> None:
    custom = culture(name)
    hosts, templates = read_sections("hosts.txt"), read_sections("messages.txt")
    assert custom.language in templates
    for manner in (*custom.desk.manners, *custom.seeker.manners):
        assert manner.language in hosts
        if manner.script not in {"native", "second", "latin"}:
            assert respell("Mohammed", manner.script) != "Mohammed"


def test_every_line_of_a_message_can_be_filled() -> None:
    slots = dict.fromkeys(("name", "other", "age", "town", "host", "phone", "n"), "x")
    for language, lines in read_sections("messages.txt").items():
        assert any(line.startswith("a | ") for line in lines), language
        for line in lines:
            assert line[1:4] == " | "
            assert "{" not in line[4:].format(**slots)
