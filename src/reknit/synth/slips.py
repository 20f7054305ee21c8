"""What keyboards and haste do to one Latin cell: small functions of the cell and two chances.

Rules: `u` chooses what happens, `v` where; both are uniform in [0, 1), so that the caller draws
them for a whole column at once. After the errors of FEBRL's generator (see `latin`).

>>> typo("Anderson", 0.1, 0.5), swap_day_month("1980-03-07")
('Andeson', '1980-07-03')
"""

from __future__ import annotations


def typo(text: str, u: float, v: float) -> str:
    """One letter inserted, lost, changed or swapped with the next."""
    at = int(v * len(text))
    letter = "abcdefghijklmnopqrstuvwxyz"[int(u * 1e6) % 26]
    if u < 0.25 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if u < 0.45:
        return text[:at] + letter + text[at:]
    if u < 0.75 or at + 1 >= len(text):
        return text[:at] + letter + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def wrong_figure(text: str, u: float, v: float) -> str:
    """One of the last five figures replaced."""
    at = len(text) - 1 - int(v * 5)
    return text[:at] + str((int(text[at]) + 1 + int(u * 9)) % 10) + text[at + 1 :]


def wrong_birth_figure(text: str, u: float, v: float) -> str:
    """Another day, month or year, one figure away from the true one; always a date."""
    year, month, day = text.split("-")
    if u < 0.45:
        return f"{year}-{month}-{1 + (int(day) + int(v * 26)) % 28:02}"
    if u < 0.65:
        return f"{year}-{1 + (int(month) + int(v * 10)) % 12:02}-{min(int(day), 28):02}"
    other = int(year) + (-10, -1, 1, 10)[int(v * 4)]
    return f"{other}-{month}-{min(int(day), 28):02}"


def swap_day_month(text: str) -> str:
    """Day and month exchanged, where the day could be a month."""
    year, month, day = text.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else text


def nickname(text: str, u: float, nicknames: dict[str, list[str]]) -> str:
    """A pet form of the name, if it has any."""
    known = nicknames.get(text)
    return known[int(u * len(known))] if known else text


def shorten(text: str, types: dict[str, str]) -> str:
    """St for Street and the like, at the end."""
    rest, _, kind = text.rpartition(" ")
    return f"{rest} {types.get(kind, kind)}"
