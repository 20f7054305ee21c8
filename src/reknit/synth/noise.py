"""How often each thing goes wrong, in one place, so that a figure can be quoted with its noise.

Every rate is a probability per row unless it says otherwise. They are guesses from what tracing
desks describe, not measurements of any real list.

>>> Noise().mirrored
0.08
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noise:
    """The rates of a multi-script scenario."""

    # Who is on which list
    sought_found: float = 0.6  # a sought person has a row on the found side
    bystanders: float = 0.5  # share of found rows that nobody seeks (junk included)
    mirrored: float = 0.08  # a found row is on a second list too
    sought_twice: float = 0.03  # per form: a second relative seeks one of its people
    namesakes: float = 0.03  # a bystander has a sought person's names and another birth date
    junk_found: float = 0.01  # "Unknown Unknown", "baby of …", tests
    junk_sought: float = 0.002  # the same among the sought
    seeker_registered: float = 0.3  # the seeker's own group is on a found list (siblings!)
    twins: float = 0.015  # per birth
    # Names
    typed_error: float = 0.03  # per name word: one letter lost, doubled, swapped
    scanned: float = 0.12  # a list came through a scanner
    scan_error: float = 0.18  # per name word on a scanned list
    orthography: float = 0.1  # per name word: marks dropped, homophone letters, joined words
    native_variant: float = 0.2  # per name word: another accepted native spelling
    from_paper: float = 0.4  # a desk copies the Latin spelling of the family's papers
    spelled_anew: float = 0.15  # a word is spelled differently within one registration
    capitals_found: float = 0.3  # the list is in capitals (scripts that have them)
    swapped: float = 0.04  # given and family name in each other's column (found)
    initials: float = 0.03  # a middle word is an initial (found, scripts that use them)
    comma: float = 0.07  # "FAMILY, Given" (found)
    honorific: float = 0.04  # Mr, السيد, አቶ before the name (Burmese names bear theirs by custom)
    nickname_as_name: float = 0.03  # a pet form stands in place of the given name
    nickname_given: float = 0.15  # a nickname in alternate_names (sought)
    # Sex, birth
    sex_missing: float = 0.04  # left empty
    sex_wrong: float = 0.01  # the other one ticked
    sought_birth: tuple[float, ...] = (0.34, 0.05, 0.18, 0.31)  # day, month, year, age; else none
    found_birth: tuple[float, ...] = (0.6, 0.03, 0.1, 0.18)
    year_off_sought: float = 0.1  # remembered a year (rarely two) off
    year_off_found: float = 0.03  # copied a year off
    day_month_swapped: float = 0.02  # 04-07 for 07-04, where both are months
    other_calendar: float = 0.02  # written unconverted, where the culture has another calendar
    age_heaped: float = 0.4  # an adult's age remembered as the nearest 5
    age_range: float = 0.15  # "30-35"
    age_undated: float = 0.1  # no source_date beside it
    # The rest
    city_sought: float = 0.85  # the home town is told
    city_found: float = 0.6  # the home town is noted
    city_other: float = 0.08  # another town of the country: birthplace against last residence
    state: float = 0.3  # the region is
    country: float = 0.75  # the country is, as a code or a name
    phone_sought: float = 0.3  # a number is known, of people over twelve
    phone_found: float = 0.35  # a number is given, of people over twelve
    phone_changed: float = 0.35  # a new number since
    relatives_sought: float = 0.75  # relatives other than the seeker are named, most of them
    relatives_found: float = 0.35  # relatives are named, half of them
    grouped: float = 0.85  # people registered together share a group_id
    paper_sought: float = 0.06  # a passport number is known
    paper_found: float = 0.2  # a passport was shown
    described: float = 0.2  # marks or clothes are told, in the language of the form
    located: float = 0.75  # last_known_location (found)


@dataclass(frozen=True, slots=True)
class LatinNoise:
    """Rates per field of a found row; sought rows have `sought_share` of them."""

    pairs: float = 0.6  # share of each list that is about the same people
    family: float = 0.3  # people who share family name and address with the one before
    sought_share: float = 0.35
    name_typo: float = 0.1  # in the given name, and again in the family name
    second_typo: float = 0.2  # of the words with a typo, those with another
    nickname: float = 0.06  # a pet form stands for the given name
    initial: float = 0.02  # its first letter does
    names_swapped: float = 0.025  # given and family name in each other's column
    surname_changed: float = 0.02  # another family name altogether (marriage)
    middle_name: float = 0.25  # of the people have one; each list drops it half the time
    moved: float = 0.08  # another address altogether
    street_typo: float = 0.1
    street_short: float = 0.3  # St for Street
    city_typo: float = 0.06
    postcode_typo: float = 0.06
    birth_typo: float = 0.05  # one figure
    birth_day_month: float = 0.02  # swapped, where both are months
    birth_year_only: float = 0.05
    id_typo: float = 0.03  # one figure of a phone or passport number
    # Left empty, on either list
    missing_given: float = 0.005
    missing_birth: float = 0.08
    missing_street: float = 0.12
    missing_city: float = 0.06
    missing_state: float = 0.1
    missing_postcode: float = 0.1
    missing_sex: float = 0.05
    missing_phone: float = 0.5
    missing_identifier: float = 0.6
