"""Dates: the contract's forms, other ways of writing, other calendars, and what is refused."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.dates import DateReading, standardise_date, standardise_source_date
from reknit.vocabulary import Calendar, DateDoubt

NEARLY_DATES = st.text(max_size=40) | st.text(
    alphabet="0123456789/-. ?~xX٠١٢۴۵六七十年月日፻፼፲abcmyهـمtz:,'\u200f", max_size=30
)


def iso(text: str, day_first: bool | None = None) -> str | None:
    value = standardise_date(text, day_first=day_first).value
    return None if value is None else value.isoformat()


@pytest.mark.parametrize(
    "text", ["1987", "1987-04", "1987-04-30", "1630-08-01", "1880", "2100-12-31"]
)
def test_it_keeps_the_contracts_dates_as_they_are(text: str) -> None:
    reading = standardise_date(text)
    assert reading.value is not None
    assert reading.value.isoformat() == text
    assert reading.finding is None
    assert reading.year_low == reading.year_high == int(text[:4])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19870430", "1987-04-30"),
        ("30041987", "1987-04-30"),
        ("198704", "1987-04"),
        ("30/04/1987", "1987-04-30"),
        ("04/30/1987", "1987-04-30"),
        ("30.4.1987", "1987-04-30"),
        ("1987/4/30", "1987-04-30"),
        ("04/1987", "1987-04"),
        ("1987-04-00", "1987-04"),
        ("1987-00-00", "1987"),
        ("1987-04-30T00:00:00Z", "1987-04-30"),
        ("1987-04-30 00:00:00", "1987-04-30"),
        ("30/04/1987 12:30 PM", "1987-04-30"),
        ("30APR1987", "1987-04-30"),
        ("87-04-30", "1987-04-30"),
        ("April 30, 1987", "1987-04-30"),
        ("the 3rd of May 1987", "1987-05-03"),
    ],
)
def test_it_reads_the_ways_a_day_is_written(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3 mai 2001",
        "3 de mayo de 2001",
        "3 de maio de 2001",
        "٣ مايو ٢٠٠١",
        "3 أيار 2001",
        "3 ماي 2001",
        "۳ مه ۲۰۰۱",
        "3 مۍ 2001",
        "3 مئی 2001",
        "3 травня 2001 р.",
        "3 мая 2001 года",
        "3 Mayıs 2001",
        "3ê gulanê 2001",
        "3 Maayo 2001",
        "3 Mei 2001",
        "3 me 2001",
        "3 ሜይ 2001",
        "၂၀၀၁ ခုနှစ် မေလ ၃ ရက်",
        "ngày 3 tháng 5 năm 2001",
        "二〇〇一年五月三日",
        "2001年5月3日",
        "৩ মে ২০০১",
        "३ मई २००१",
        "3 במאי 2001",
        "3 Μαΐου 2001",
        "3 մայիսի 2001",
        "3 მაისი 2001",
        "3 พฤษภาคม 2544",
        "วันที่ 3 พ.ค. พ.ศ. 2544",
        "៣ ឧសភា ២០០១",
        "2001년 5월 3일",
    ],
)
def test_it_reads_one_day_in_every_language(text: str) -> None:
    assert iso(text) == "2001-05-03"


@pytest.mark.parametrize(
    ("text", "expected", "calendar"),
    [
        ("12 مرداد 1403", "2024-08-02", Calendar.JALALI),
        ("۱۲ اسد ۱۴۰۳", "2024-08-02", Calendar.JALALI),
        ("12 Hamal 1370", "1991-04-01", Calendar.JALALI),
        ("1365 SH", "1986", Calendar.JALALI),
        ("۱۳۶۵ هجری شمسی", "1986", Calendar.JALALI),
        ("1 رمضان 1445 هـ", "2024-03-11", Calendar.HIJRI),
        ("1445/09/01 هـ", "2024-03-11", Calendar.HIJRI),
        ("15 Rajab 1400", "1980-05-29", Calendar.HIJRI),
        ("1409 AH", "1989", Calendar.HIJRI),
        ("መስከረም 1 1995", "2002-09-11", Calendar.ETHIOPIAN),
        ("፲፪ ጥር ፲፱፻፹ ዓ.ም", "1988-01-21", Calendar.ETHIOPIAN),
        ("5 Meskerem 1990 E.C.", "1997-09-15", Calendar.ETHIOPIAN),
        ("2544", "2001", Calendar.BUDDHIST),
        ("၁၃၄၅ ခုနှစ်", "1983", Calendar.BURMESE),
        ("১৩৯০ বঙ্গাব্দ", "1983", Calendar.BENGALI),
    ],
)
def test_it_reads_other_calendars(text: str, expected: str, calendar: Calendar) -> None:
    value = standardise_date(text).value
    assert value is not None
    assert (value.isoformat(), value.calendar) == (expected, calendar)
    assert DateDoubt.CONVERTED in value.doubts


def test_it_guesses_jalali_for_a_bare_year_of_the_fourteenth_century_and_says_so() -> None:
    reading = standardise_date("1403/05/12")
    assert reading.value is not None
    assert reading.finding == "1403/05/12 read as Jalali: 2024-08-02"
    assert DateDoubt.UNKNOWN_CALENDAR in reading.value.doubts


def test_it_takes_hijri_when_the_jalali_day_has_not_come_yet() -> None:
    reading = standardise_date("1420", not_after=dt.date(2026, 11, 1))
    assert reading.value is not None
    assert reading.value.calendar is Calendar.HIJRI
    assert (reading.year_low, reading.year_high) == (1999, 2000)


@pytest.mark.parametrize(
    ("text", "expected", "calendar"),
    [
        ("١٤٠٠/٠١/١٥", "1979-12-04", Calendar.HIJRI),
        ("۱۴۰۰/۰۱/۱۵", "2021-04-04", Calendar.JALALI),
        ("፲፱፻፺፭", "2003", Calendar.ETHIOPIAN),
        ("၁၃၄၅", "1983", Calendar.BURMESE),
        ("၁၉၈၃", "1983", Calendar.GREGORIAN),
    ],
)
def test_the_digits_tell_the_calendar_of_a_bare_year(
    text: str, expected: str, calendar: Calendar
) -> None:
    value = standardise_date(text).value
    assert value is not None
    assert (value.isoformat(), value.calendar) == (expected, calendar)
    assert (DateDoubt.UNKNOWN_CALENDAR in value.doubts) is (calendar is not Calendar.GREGORIAN)


def test_it_bounds_a_converted_year_by_the_two_years_it_touches() -> None:
    reading = standardise_date("1995 ዓ.ም")
    assert (reading.year_low, reading.year_high) == (2002, 2003)


def test_tigrinya_months_are_eritreas_gregorian_ones_with_a_doubt() -> None:
    reading = standardise_date("7 ለካቲት 1985")
    assert reading.value is not None
    assert reading.value.isoformat() == "1985-02-07"
    assert DateDoubt.UNKNOWN_CALENDAR in reading.value.doubts
    assert iso("7 ለካቲት 1985 ዓ.ም") == "1993-02-14"


def test_it_takes_the_gregorian_of_one_day_said_in_two_calendars() -> None:
    assert iso("25 رمضان 1410 الموافق 20 أبريل 1990") == "1990-04-20"


@pytest.mark.parametrize(
    ("day_first", "expected", "doubted"),
    [(None, "1990-04-03", True), (True, "1990-04-03", False), (False, "1990-03-04", False)],
)
def test_day_and_month_are_in_doubt_until_the_source_says_their_order(
    day_first: bool | None, expected: str, doubted: bool
) -> None:
    value = standardise_date("03/04/1990", day_first=day_first).value
    assert value is not None
    assert value.isoformat() == expected
    assert (DateDoubt.DAY_MONTH_ORDER in value.doubts) is doubted


@pytest.mark.parametrize("text", ["1990-01-01", "01/01/1990", "1 January 1990", "1 Hamal 1370"])
def test_the_first_day_of_a_year_is_a_doubt(text: str) -> None:
    value = standardise_date(text).value
    assert value is not None
    assert DateDoubt.FIRST_OF_JANUARY in value.doubts


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("c. 1985", 1983, 1987),
        ("1985?", 1983, 1987),
        ("~1985", 1983, 1987),
        ("circa 1985", 1983, 1987),
        ("حوالي 1985", 1983, 1987),
        ("приблизно 1985", 1983, 1987),
        ("between 1980 and 1985", 1980, 1985),
        ("entre 1980 et 1985", 1980, 1985),
        ("1980-1985", 1980, 1985),
        ("1980–1985", 1980, 1985),
        ("1980 or 1981", 1980, 1981),
        ("between 1.1.1980 and 31.12.1985", 1980, 1985),
        ("9.6.1980 or 1981", 1980, 1981),
        ("May 1980 or 1981", 1980, 1981),
        ("1980s", 1980, 1989),
        ("198X", 1980, 1989),
    ],
)
def test_what_is_approximate_widens_the_years(text: str, low: int, high: int) -> None:
    reading = standardise_date(text)
    assert reading.value is not None
    assert (reading.year_low, reading.year_high) == (low, high)
    assert DateDoubt.APPROXIMATE in reading.value.doubts
    assert reading.value.precision == "year"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("31/02/1990", "31/02/1990 is not a day; taken as unknown"),
        ("1990-02-31", "1990-02-31 is not a day; taken as unknown"),
        ("1990-13-01", "1990-13-01 is not a day; taken as unknown"),
        ("19404502", "19404502 is not a day; taken as unknown"),
        ("1250-01-01", "1250-01-01 is outside 1550-2100; taken as unknown"),
        ("2999", "2999 is outside 1550-2100; taken as unknown"),
        ("34 years", "34 years cannot be read as a date; taken as unknown"),
        ("room 1985", "room 1985 cannot be read as a date; taken as unknown"),
        ("3 May", "3 May cannot be read as a date; taken as unknown"),
    ],
)
def test_what_cannot_be_is_unknown_and_reported(text: str, finding: str) -> None:
    assert standardise_date(text) == DateReading(None, finding)


def test_a_day_after_its_source_is_unknown() -> None:
    reading = standardise_date("2027-03-01", not_after=dt.date(2026, 11, 1))
    assert reading.value is None
    assert reading.finding == "2027-03-01 is after 2026-11-01; taken as unknown"


def test_a_span_that_passes_its_source_is_cut_there() -> None:
    """Fuzzing found a span whose middle lay in the future."""
    reading = standardise_date("2020-2040", not_after=dt.date(2026, 11, 1))
    assert reading.value is not None
    assert reading.value.year == 2026
    assert (reading.year_low, reading.year_high) == (2020, 2026)


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "?", "N/A", "unknown", "غير معروف", "невідомо", "不详"]
)
def test_a_cell_that_says_unknown_is_unknown_without_a_finding(text: str) -> None:
    assert standardise_date(text) == DateReading(None)


def test_two_digits_of_a_year_are_the_spreadsheets_century_and_reported() -> None:
    reading = standardise_date("12/05/87")
    assert reading.value is not None
    assert reading.value.isoformat() == "1987-05-12"
    assert DateDoubt.CENTURY in reading.value.doubts
    assert reading.finding == "12/05/87 has a year of two digits: read as 1987-05-12"


def test_a_spreadsheets_count_of_days_is_read_and_reported() -> None:
    reading = standardise_date("31048")
    assert reading.value is not None
    assert reading.value.isoformat() == "1985-01-01"
    assert reading.finding == "31048 read as a spreadsheet's count of days: 1985-01-01"


def test_words_beside_a_full_date_are_left_out_and_reported() -> None:
    reading = standardise_date("born 3 May 2001 in Kabul")
    assert reading.value is not None
    assert reading.value.isoformat() == "2001-05-03"
    assert reading.finding == "born 3 May 2001 in Kabul read as 2001-05-03, without 'kabul'"


@pytest.mark.parametrize(
    "text", ["𐹠", "99-05-98", "215፼十月1م", "0:1月0", "0.0", "9" * 5000, "፼" * 2000]
)
def test_numbers_that_no_date_holds_are_unknown(text: str) -> None:
    """Fuzzing found each: digits int() refuses, years beyond datetime's, a day 0, a lone sign."""
    assert standardise_date(text).value is None


@given(NEARLY_DATES)
def test_any_text_has_a_reading_whose_value_reads_as_itself(text: str) -> None:
    reading = standardise_date(text)
    if reading.value is None:
        return
    again = standardise_date(reading.value.isoformat()).value
    assert again is not None
    assert again.isoformat() == reading.value.isoformat()
    assert reading.year_low is not None
    assert reading.year_high is not None
    assert reading.year_low <= reading.value.year <= reading.year_high


@given(st.dates(dt.date(1550, 1, 1), dt.date(2100, 12, 31)), st.sampled_from("-/. "))
def test_every_day_survives_being_written_day_first(day: dt.date, mark: str) -> None:
    assert iso(day.strftime(f"%d{mark}%m{mark}%Y"), day_first=True) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-08-02", dt.date(2024, 8, 2)),
        ("2024-08-02T10:11:12+03:00", dt.date(2024, 8, 2)),
        ("2024-08-02 10:11", dt.date(2024, 8, 2)),
        ("2024-02-30", None),
        ("02/08/2024", None),
        ("", None),
    ],
)
def test_a_source_date_is_iso_or_nothing(text: str, day: dt.date | None) -> None:
    assert standardise_source_date(text) == day


def test_plain_dates_are_read_fast() -> None:
    days = [f"19{year}-{month:02}-{day:02}" for year in range(30, 90) for month in range(1, 13)
            for day in range(1, 29)]  # fmt: skip
    standardise_date.cache_clear()
    start = time.process_time()
    for day in days:
        standardise_date(day)
    assert (time.process_time() - start) / len(days) < 100e-6
