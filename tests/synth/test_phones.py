"""No phone number of a scenario reaches anybody."""

from __future__ import annotations

from random import Random

import phonenumbers
import pytest

from reknit.synth.cultures import culture
from reknit.synth.phones import fictional_phone
from reknit.synth.scenario import SHARES

CULTURES = sorted(SHARES["crossing"])


@pytest.mark.parametrize("name", CULTURES)
def test_no_phone_number_can_be_anyones(name: str) -> None:
    rng = Random(name)
    for _ in range(60):
        number = fictional_phone(culture(name).code, rng)
        kept_for_fiction = number.startswith(("+3363998", "+447700900")) or (
            number[:2] == "+1" and "55501" in number
        )
        parsed = phonenumbers.parse(number)
        assert kept_for_fiction or not phonenumbers.is_valid_number(parsed), number
