"""Synthetic scenarios: people sought and found, with the truth beside them."""

from reknit.synth.errors import SynthError, TooFewPeopleError, UnknownScenarioError
from reknit.synth.noise import Noise
from reknit.synth.scenario import SCENARIOS, Scenario, synthesise, write_scenario

__all__ = [
    "SCENARIOS",
    "Noise",
    "Scenario",
    "SynthError",
    "TooFewPeopleError",
    "UnknownScenarioError",
    "synthesise",
    "write_scenario",
]
