"""Every page that a role can open looks right and is accessible, in both languages, at desk and
phone; and hostile words that people wrote run nowhere (trust: test 14)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reknit.guard.permissions import Permission, granted
from reknit.vocabulary import Role
from reknit.web.routes import all_routes, declared_of
from tests.cast import renamed
from tests.guard.scene import an_account, an_enquiry
from tests.staff import NORD, noor, staff
from tests.stories.desk import DESK, PHONE, Desk, Site
from tests.web.everything import everything
from tests.web.signing_in import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]
ROLES = (
    Role.SUPERVISOR, Role.CASEWORKER, Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR,
    Role.ADMINISTRATOR,
)  # fmt: skip
PARTS = 3
NOT_LOOKED_AT = {"check"}
"""The page whose content is the machine it runs on."""
HOSTILE = (
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    '"><svg onload="document.title=\'taken\'">',
    "javascript:document.title='taken'",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "\u202e<script>document.title='taken'</script>\u202c إدريس",
    "إدريس\u2067\"><script>document.title='taken'</script>",
    "'-document.title='taken'-'",
    "&lt;b&gt;\u0000<b onmouseover=\"document.title='taken'\">x",
)


@pytest.mark.parametrize(("language", "width"), [("en", PHONE), ("ar", DESK)])
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_looks_right(site: Site, part: int, language: str, width: int) -> None:
    """As the first of ROLES sees it that can open it. part: so that several processes share it."""
    pages = every_page()
    assert len(pages) >= 40
    desks: dict[Role, Desk] = {}
    for role, name, place in pages[part::PARTS]:
        if role not in desks:
            desks[role] = site.desk(staff(role), language=language, width=width)
            desks[role].sign_in()
        desks[role].open(place)
        desks[role].looks(f"{role.value}-{name}")


def every_page() -> list[tuple[Role, str, str]]:
    """Each page that can be opened by its address: for whom, its route, where it is."""
    things = everything(NORD)
    found: dict[str, tuple[Role, str, str]] = {}
    for role in ROLES:
        user = staff(role)
        asked = signed_in(user)
        for route in all_routes():
            name, declared = str(route.name), declared_of(route.callback)
            may = isinstance(declared, Permission) and granted(declared, user.as_actor())
            if not may or name in NOT_LOOKED_AT or name in found:
                continue
            place = reverse(name, kwargs={a: things[a] for a in route.pattern.converters})
            place += f"?purpose={_purpose(role)}"
            answer = asked.get(place)  # other than 200: it takes no GET, or is another's
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                found[name] = (role, name, place)
    return list(found.values())


def test_hostile_words_run_nowhere(site: Site) -> None:
    desk = site.desk(noor())
    desk.sign_in()
    for words in HOSTILE:
        content = {"person_record_id": "x", "full_name": words, "relatives": f"father: {words}",
                   "description": words, "home_city": words}  # fmt: skip
        account = an_account(content)
        enquiry = an_enquiry(account, noor(), renamed({"full_name": words}, "s"))
        for place in (
            f"/people/{account.id}/?purpose=family_tracing",
            f"/enquiries/{enquiry.id}/",
            f"/search/?full_name={words}",
            f"/lists/?page={words}",
        ):
            desk.open(place)
            assert "taken" not in desk.page.title()
        desk.open(f"/people/{account.id}/?purpose=family_tracing")
        expect(desk.page.locator("h1 bdi")).to_have_attribute("dir", "auto")
        assert desk.page.locator("main script, main img[src=x], main svg[onload]").count() == 0
    assert [said for said in desk.complaints if "Content Security Policy" in said] == []


def test_the_keyboard_alone_signs_in_and_searches(site: Site) -> None:
    from tests.stories.desk import fresh_code
    from tests.web.signing_in import PASSWORD, with_app, with_password

    user = with_app(with_password(noor()))
    desk = site.desk(user)
    page, keys = desk.page, desk.page.keyboard
    desk.open("/sign-in/")
    page.focus("#id_login")
    for text in (user.email, PASSWORD):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector("#id_code")
    page.focus("#id_code")
    keys.type(fresh_code())
    keys.press("Enter")
    page.wait_for_selector("header.top")
    page.wait_for_load_state()
    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    desk.open("/search/")
    keys.press("/")
    expect(page.locator("#id_full_name")).to_be_focused()
    keys.type("Nobody Of That Name")
    keys.press("Enter")
    expect(page.locator("#found")).to_be_visible()


def test_it_works_without_javascript(site: Site) -> None:
    user = noor()
    context = site.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    from tests.stories.desk import fresh_code
    from tests.web.signing_in import PASSWORD, with_app, with_password

    with_app(with_password(user))
    page.goto(site.url + "/sign-in/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.click("main form[action='/sign-in/'] button[type=submit]")
    page.fill("#id_code", fresh_code())
    with page.expect_navigation():
        page.click("main form[action='/sign-in/code/'] button[type=submit]")
    page.goto(site.url + "/search/")
    page.fill("#id_full_name", "Nobody Of That Name")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    expect(page.locator("#found")).to_be_visible()
    context.close()


def _purpose(role: Role) -> str:
    return "data_protection" if role is Role.DATA_PROTECTION_OFFICER else "family_tracing"
