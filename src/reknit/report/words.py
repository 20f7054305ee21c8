"""Figures in words that a tired person reads once and gets right.

Rules kept here: a probability that is not quite 0 or 1 is never rounded to it; a bit of evidence
is said as "so many times likelier", because nobody thinks in logarithms.

>>> percent(0.99996)
'above 99.9%'
>>> chance(0.0005)
'1 in 2,000'
>>> weight_in_words(6.2)
'about 74 times likelier if they are one person'
"""

from __future__ import annotations

import datetime as dt
import math

from reknit.report.data import Verdict
from reknit.vocabulary import Script

MINUS = "\u2212"
NEGLIGIBLE_BITS = 0.05
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SCRIPT_WORDS = {
    Script.HAN: "Han (Chinese)",
    Script.MYANMAR: "Burmese",
    Script.OTHER: "another script",
    Script.NONE: "no letters",
}
VERDICT_WORDS = {
    Verdict.SURE: "sure",
    Verdict.LIKELY: "likely",
    Verdict.DOUBTFUL: "in doubt",
    Verdict.REFUSED: "refused",
}


def count(number: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{number:,}"


def counted(number: int, one: str, many: str) -> str:
    """A count and its noun: "1 row", "2 rows"."""
    return f"{count(number)} {one if number == 1 else many}"


def percent(share: float | None) -> str:
    """A share of 0 to 1 as a percentage; finer near the ends, "not known" for None."""
    if share is None:
        return "not known"
    if share <= 0 or share >= 1:
        return "0%" if share <= 0 else "100%"
    if share < 0.001:
        return "below 0.1%"
    if share > 0.999:
        return "above 99.9%"
    return f"{share * 100:.0f}%" if 0.1 <= share <= 0.9 else f"{share * 100:.1f}%"


def share_of(part: int, whole: int) -> str:
    """A part of a whole as a percentage; a dash where there is no whole."""
    return percent(part / whole) if whole else "–"


def round_plainly(number: float) -> str:
    """Two leading digits, as people say them: 73, 2,000, 1.4."""
    if number >= 1e12:
        return "over a million million"
    if number < 9.95:
        return f"{number:.1f}".removesuffix(".0")
    keep = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return count(round(number / keep) * keep)


def chance(probability: float) -> str:
    """How often, as "45 in 100" or "1 in 2,000"."""
    if probability <= 0:
        return "never"
    if probability >= 1:
        return "always"
    if probability > 0.995:
        return "over 99 in 100"
    if probability >= 0.095:
        return f"{round(probability * 100)} in 100"
    return f"1 in {round_plainly(1 / probability)}"


def bits(weight: float) -> str:
    """A weight with its sign and one decimal; a true minus sign."""
    if math.isinf(weight):
        return f"{MINUS}∞" if weight < 0 else "+∞"
    rounded = round(weight, 1)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else MINUS}{abs(rounded):.1f}"


def weight_in_words(weight: float) -> str:
    """What a log2 weight says, as a ratio."""
    if abs(weight) < NEGLIGIBLE_BITS:
        return "weighs nothing either way"
    who = "one person" if weight > 0 else "two people"
    if math.isinf(weight):
        return f"only possible if they are {who}"
    return (
        f"about {round_plainly(math.exp2(min(abs(weight), 60)))} times likelier if they are {who}"
    )


def probability_of(log2_odds: float) -> float:
    """The probability that odds of 2 ** log2_odds stand for."""
    return 1 / (1 + math.exp2(-log2_odds)) if log2_odds > -1000 else 0.0


def script_name(script: Script) -> str:
    """A script as a reader would call it."""
    return SCRIPT_WORDS.get(script, script.value.capitalize())


def duration(seconds: float | None) -> str:
    """A length of time, coarser as it grows."""
    if seconds is None:
        return "not measured"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 100:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def moment(when: dt.datetime) -> str:
    """A date and time in words, in its own zone, whatever the machine's locale."""
    zone = when.tzname()
    clock = f"{when.day} {MONTHS[when.month - 1]} {when.year}, {when.hour:02}:{when.minute:02}"
    return f"{clock} {zone}" if zone else clock
