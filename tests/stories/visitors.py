"""Families at the public doors, in a browser: they file, register, and come back with their codes.

code = amal_files(site.desk(None, width=PHONE))
come_back(amal, code)
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.cast import AMAL, IDRIS_SOUGHT
from tests.stories.desk import Desk

HARBOUR, TELEPHONE = "Zuwara, the old harbour", "+218 91 555 0123"
"""Where Idris says he is, and how he is reached: nobody learns it before he says so."""


def go_on(desk: Desk) -> None:
    """The one button that leads on."""
    desk.follow("main form .buttons button[type=submit]")


def amal_files(desk: Desk, *, looks: bool = False) -> str:
    """Through the seeker's door; her code. looks: at each page."""
    page, look = desk.page, desk.looks if looks else _passes
    for place in ("doors", "seek"):
        desk.open(f"/{place}/")
        look(place)
    go_on(desk)
    page.select_option("#id_relationship", "brother")
    page.check("input[name=reason][value=lost]")
    look("seek-why")
    go_on(desk)
    page.fill("#id_full_name", IDRIS_SOUGHT["full_name"])
    page.select_option("#id_calendar", "jalali")
    page.fill("#id_date_of_birth", "۱۳۶۶/۱/۱۳")
    look("seek-who")
    go_on(desk)
    page.fill("#id_description", "آخر مرة اتصل من المرفأ")
    look("seek-last")
    go_on(desk)
    page.fill("#id_seeker_name", AMAL["full_name"])
    look("seek-you")
    go_on(desk)
    expect(page.locator("dl.facts")).to_contain_text("1987")
    look("seek-check")
    page.check("#id_agreed")
    go_on(desk)
    look("seek-receipt")
    return page.inner_text("#code")


def idris_registers(desk: Desk, *, blocks: str = "", looks: bool = False) -> str:
    """Through the found person's door; his code. blocks: whom he names as never to learn of him."""
    page, look = desk.page, desk.looks if looks else _passes
    desk.open("/safe/")
    look("safe")
    go_on(desk)
    page.check("input[name=speaks][value=self]")
    page.fill("#id_full_name", "Idris Haddad Al-Shami")
    page.fill("#id_date_of_birth", "2 April 1987")
    look("safe-you")
    go_on(desk)
    look("safe-family")
    go_on(desk)
    page.fill("#id_last_known_location", HARBOUR)
    page.click("details.more > summary")
    page.fill("#id_phones", TELEPHONE)
    look("safe-where")
    go_on(desk)
    page.fill("#id_block_names", blocks)
    look("safe-may")
    go_on(desk)
    look("safe-check")
    page.check("#id_agreed")
    go_on(desk)
    return page.inner_text("#code")


def come_back(desk: Desk, code: str) -> None:
    """Show the code, as people write it."""
    desk.open("/back/")
    desk.page.fill("#id_code", code.lower().replace("-", " "))
    go_on(desk)


def _passes(_name: str) -> None:
    """Looks at nothing."""
