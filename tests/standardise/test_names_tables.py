"""Packaged tables."""

from __future__ import annotations

import pytest

from reknit.standardise import groups
from reknit.standardise.errors import TableError
from reknit.standardise.tables import rows
from reknit.vocabulary.names import Script


def test_a_missing_table_is_named() -> None:
    with pytest.raises(TableError, match=r"data/nowhere\.tsv: is missing; reinstall reknit"):
        rows("nowhere.tsv")


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(TableError, match="columns, not 7"):
        rows("nicknames.tsv", 7)


@pytest.mark.parametrize("script", [s for s in Script if s not in (Script.OTHER, Script.NONE)])
def test_every_script_has_its_groups(script: Script) -> None:
    assert groups.groups_of("", script) == ()


def test_groups_join_scripts() -> None:
    latin = set(groups.groups_of("fatima", Script.LATIN))
    assert latin & set(groups.groups_of("فاطمه", Script.ARABIC))
    assert latin & set(groups.groups_of("фатима", Script.CYRILLIC))
