"""Noor finds Idris on her first day, asks him, and tells Amal that he was found; the
data-protection officer reads who saw what; Rafi sees nothing.

With REKNIT_PICTURES=FOLDER it leaves a picture of each page; tools/pictures.py puts those that the
documentation shows in their place.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.vocabulary import Role
from reknit.web.routes import ALWAYS, PUBLIC, declared_of
from tests.boundaries.test_routes import OBJECTS, ROUTES, address
from tests.cast import AMAL, IDRIS_FOUND, IDRIS_SOUGHT, crowd
from tests.guard.scene import HARBOUR, a_scene
from tests.guard.scene import PHONE as TELEPHONE
from tests.staff import noor, staff
from tests.stories.desk import DESK, PHONE, Desk, Site, named
from tests.web.everything import everything

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]
EVERYWHERE = [("en", DESK), pytest.param("ar", PHONE, marks=pytest.mark.long)]


def a_list(folder: Path) -> Path:
    """What the port's desk sent: fifty people, Idris, and one row without a name."""
    columns = ["person_record_id", "full_name", "sex", "date_of_birth", "home_city",
               "home_country", "relatives", "last_known_location", "phones"]  # fmt: skip
    idris = {**IDRIS_FOUND, "last_known_location": HARBOUR, "phones": TELEPHONE}
    rows = [idris, *crowd(), {"person_record_id": "no-name", "full_name": ""}]
    lines = [",".join(columns)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    file = folder / "port.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def bring_in(desk: Desk, file: Path) -> None:
    desk.open("/lists/new/")
    desk.looks("import-new")
    desk.page.set_input_files("#id_file", str(file))
    desk.page.fill("#id_source", "Port of Zuwara")
    desk.page.fill("#id_why", "The port's list of arrivals")
    desk.follow("main form button[type=submit]")
    expect(desk.page.locator("#progress progress")).to_be_visible()
    desk.looks("import-running")
    work_off(HANDLERS)
    desk.page.reload()
    expect(desk.page.locator(".figure").first).to_have_text("51")
    desk.looks("import")


def file_enquiry(desk: Desk) -> str:
    desk.open("/enquiries/new/")
    desk.looks("enquiry-new")
    page = desk.page
    page.fill("#id_full_name", IDRIS_SOUGHT["full_name"])
    page.fill("#id_date_of_birth", IDRIS_SOUGHT["date_of_birth"])
    page.select_option("#id_sex", "male")
    page.fill("#id_home_city", IDRIS_SOUGHT["home_city"])
    page.fill("#id_relatives", IDRIS_SOUGHT["relatives"])
    page.fill("#id_seeker_name", AMAL["full_name"])
    page.select_option("#id_relationship", "brother")
    page.fill("#id_phones", AMAL["phones"])
    desk.follow("main .buttons button[type=submit]")
    expect(page.locator("code.secret")).to_be_visible()
    desk.looks("enquiry-filed")
    address = page.locator("main a.btn-primary").get_attribute("href")
    assert address is not None
    work_off(HANDLERS)
    return address


@pytest.mark.parametrize(("language", "width"), EVERYWHERE)
def test_noor_finds_idris_asks_him_and_tells_amal(
    site: Site, tmp_path: Path, language: str, width: int
) -> None:
    supervisor = site.desk(named(staff(Role.SUPERVISOR), "Salma"), language=language, width=width)
    desk = site.desk(named(noor(), "Noor"), language=language, width=width)
    desk.open("/sign-in/")
    desk.looks("sign-in")
    desk.sign_in()
    desk.looks("home")

    bring_in(desk, a_list(tmp_path))
    case = file_enquiry(desk)

    supervisor.sign_in()
    supervisor.open(case)
    supervisor.page.select_option("#id_user", label="Noor")
    supervisor.follow(f"form[action='{case}assign/'] button")
    expect(supervisor.page.locator(".alert-success")).to_be_visible()

    search(desk)
    desk.follow(".hit-name a >> nth=0")
    expect(desk.page.locator("h1")).to_contain_text("Idris Haddad Al-Shami")
    desk.looks("person")
    assert HARBOUR not in desk.text()
    assert TELEPHONE not in desk.text()

    judge(desk, case)
    person = desk.page.locator("#candidates li a").first.get_attribute("href")
    assert person is not None
    desk.open(person)
    record_consent(desk)
    tell(desk)
    read_the_audit(site, language, width)
    desk.open(case)
    desk.looks("enquiry-judged")


def search(desk: Desk) -> None:
    desk.open("/search/")
    desk.page.click("#more > summary")
    desk.page.fill("#id_home_city", "Homs")
    desk.follow("main form button[type=submit]")
    expect(desk.page.locator(".alert-danger")).to_be_visible()
    desk.looks("search-refused")
    desk.page.fill("#id_full_name", "إدريس حداد")
    desk.follow("main form button[type=submit]")
    expect(desk.page.locator(".hit-name").first).to_contain_text("Idris Haddad Al-Shami")
    desk.looks("search")
    assert HARBOUR not in desk.text()


def judge(desk: Desk, case: str) -> None:
    page = desk.page
    desk.open(case)
    desk.looks("enquiry")
    desk.follow("#candidates li a.btn >> nth=0")
    desk.looks("both")
    page.fill("#reason", "same father, same day of birth")
    desk.follow("#verdict button[value=match]")
    expect(page.locator(".alert-success, .alert-warning").first).to_be_visible()
    desk.open(case)
    page.click(f"form[action='{case}risk/'] >> xpath=.. >> summary")
    page.check(f"form[action='{case}risk/'] input[value=no_concern]")
    page.fill(f"form[action='{case}risk/'] textarea", "Spoke with both; no fear on either side.")
    desk.follow(f"form[action='{case}risk/'] button")
    expect(page.locator(".alert-success")).to_be_visible()


def record_consent(desk: Desk) -> None:
    page = desk.page
    desk.follow("main .heading-actions a[href$='/consent/']")
    desk.looks("consent-new")
    page.check("input[name=scope][value=whereabouts]")
    page.select_option("#id_recipient", index=0)
    page.fill("#id_words", "Tell my sister where I am.")
    desk.follow("main form .buttons button[type=submit]")
    expect(page.locator("#consents .state-good")).to_be_visible()
    desk.looks("person-consent")


def tell(desk: Desk) -> None:
    page = desk.page
    desk.follow("main .heading-actions a[href*='/tell/']")
    desk.looks("disclose-new")
    page.select_option("#id_scope", "whereabouts")
    page.select_option("#id_recipient", index=0)
    desk.follow("main form button[type=submit]")
    expect(page.locator("button[name=confirmed]")).to_be_visible()
    assert HARBOUR not in desk.text()
    desk.looks("disclose-preview")
    desk.follow("button[name=confirmed]")
    expect(page.locator("main")).to_contain_text(HARBOUR)
    desk.looks("disclosed")


def read_the_audit(site: Site, language: str, width: int) -> None:
    officer = site.desk(
        named(staff(Role.DATA_PROTECTION_OFFICER), "Hana"), language=language, width=width
    )
    officer.sign_in()
    officer.looks("home-officer")
    officer.open("/audit/?action=disclosure:")
    expect(officer.page.locator("main tbody")).to_contain_text("disclosure:make")
    expect(officer.page.locator("main tbody")).to_contain_text("Noor")
    officer.looks("audit")
    assert "Idris" not in officer.text()
    officer.follow("form[action='/audit/verify/'] button")
    expect(officer.page.locator(".state-good")).to_be_visible()
    officer.looks("audit-verified")


OPEN_TO_ALL = {"source"}
"""Objects that all offices read: which list copies which."""


@pytest.mark.parametrize(("language", "width"), EVERYWHERE)
def test_rafi_sees_nothing(site: Site, tmp_path: Path, language: str, width: int) -> None:
    outside = site.desk(None, language=language, width=width)
    things = everything("Nord")
    scene = a_scene()
    things |= {"account_id": scene.idris.id, "enquiry_id": scene.enquiry.id}
    for route in ROUTES.values():
        if declared_of(route.callback) in {PUBLIC, ALWAYS}:
            continue
        answer = outside.page.request.get(site.url + address(route, things), max_redirects=0)
        assert (answer.status, answer.headers["location"].partition("?")[0]) == (302, "/sign-in/")
    outside.open("/queue/")
    expect(outside.page.locator("#id_login")).to_be_visible()
    outside.open("/nowhere/")
    outside.looks("not-found")
    elsewhere = site.desk(
        named(staff(Role.CASEWORKER, "Sud"), "Rafi"), language=language, width=width
    )
    elsewhere.sign_in()
    for name, route in ROUTES.items():
        if name in {"account_logout", "set_language"}:
            continue
        asked = elsewhere.page.request.get(site.url + address(route, things))
        text = asked.text()
        assert name not in OBJECTS or name in OPEN_TO_ALL or asked.status in {403, 404, 405}, name
        for word in (IDRIS_FOUND["full_name"], IDRIS_SOUGHT["full_name"], HARBOUR, TELEPHONE):
            assert word not in text, (name, word)
    elsewhere.open(f"/people/{scene.idris.id}/?purpose=family_tracing")
    elsewhere.looks("not-yours")
    elsewhere.open("/enquiries/")
    expect(elsewhere.page.locator(".empty")).to_be_visible()
    elsewhere.looks("enquiries-empty")
