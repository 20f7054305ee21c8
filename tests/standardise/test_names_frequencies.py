"""How common a name is where it is used."""

from __future__ import annotations

import pytest

from reknit.standardise import analyse_word, background_share, standardise_name
from reknit.standardise.frequencies import RARE


@pytest.mark.parametrize("name", ["محمد", "Mohamed", "Muhammad", "Мохаммед", "Maxamed", "ሙሀመድ"])
def test_every_spelling_has_the_share_of_the_name(name: str) -> None:
    (token,) = standardise_name(name).tokens
    assert background_share(token) == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("name", "share"), [("김", 0.2), ("Nguyễn", 0.35), ("Garcia", 0.02), ("Саша", 0.02)]
)
def test_common_names_are_common(name: str, share: float) -> None:
    (token,) = standardise_name(name).tokens
    assert background_share(token) == pytest.approx(share)


def test_an_unknown_name_is_rare() -> None:
    assert background_share(analyse_word("zygmontovichuk")) == RARE
