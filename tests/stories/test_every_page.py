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
from tests.stories.desk import DESK, PHONE, Site
from tests.web.everything import everything
from tests.web.signing_in import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]
DOWNLOADS = {"import_rejected", "audit_checkpoint", "document", "check"}
"""Files, and the one page whose content is the machine it runs on."""
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
@pytest.mark.parametrize(
    "role", [Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR]
)
def test_every_page_of_a_role_looks_right(
    site: Site, role: Role, language: str, width: int
) -> None:
    things = everything(NORD)
    user = staff(role)
    desk = site.desk(user, language=language, width=width)
    desk.sign_in()
    asked = signed_in(user)
    seen = 0
    for route in all_routes():
        declared = declared_of(route.callback)
        may = isinstance(declared, Permission) and granted(declared, user.as_actor()) is not None
        if not may or route.name in DOWNLOADS:
            continue
        place = reverse(str(route.name), kwargs={a: things[a] for a in route.pattern.converters})
        place += f"?purpose={_purpose(role)}"
        if asked.get(place).status_code != 200:  # it takes no GET, or the thing is another role's
            continue
        desk.open(place)
        desk.looks(f"{role.value}-{route.name}")
        seen += 1
    assert seen >= 5


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
