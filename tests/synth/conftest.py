"""One scenario of each kind, made once."""

from __future__ import annotations

from random import Random

import pytest

from reknit.synth import Noise, Scenario, synthesise
from reknit.synth.crossing import World, cross
from reknit.synth.scenario import SHARES


@pytest.fixture(scope="session")
def crossing() -> Scenario:
    return synthesise(people=3000, seed=11)


@pytest.fixture(scope="session")
def world() -> World:
    """The crossing scenario before ids, with the people whom its rows are about."""
    return cross(3000, Random("tests"), Noise(), SHARES["crossing"])


@pytest.fixture(scope="session")
def latin() -> Scenario:
    return synthesise(people=20_000, seed=5, scenario="latin")
