"""Phone numbers that reach nobody.

Rules: a few are from ranges that regulators keep for fiction (France 06 39 98 xx xx, United Kingdom
07700 900xxx, United States 555-0100 to 0199); the others are a country's calling code and 000,
with which no subscriber's number begins.

>>> fictional_phone("963", Random(2))[:7]
'+963000'
"""

from __future__ import annotations

from random import Random


def fictional_phone(code: str, rng: Random) -> str:
    """An international number; `code` is the country's calling code, as in +`code`."""
    draw = rng.random()
    if draw < 0.04:
        return f"+3363998{rng.randrange(10**4):04}"
    if draw < 0.06:
        return f"+447700900{rng.randrange(1000):03}"
    if draw < 0.08:
        area = rng.choice(("202", "212", "305", "312", "404", "415", "617", "713", "718", "818"))
        return f"+1{area}55501{rng.randrange(100):02}"
    return f"+{code}000{rng.randrange(10**6):06}"
