"""Every page that a role or anybody can open looks right and is accessible, in both directions of
writing, at desk and phone, in light and dark; and hostile words that people wrote run nowhere
(trust: test 14).

`make test` looks at each page once, and the pages take turns at the ways to look (`WAYS`); the long
form looks at each page in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from playwright.sync_api import expect

from reknit.casework import correspondence, notes, tasks
from reknit.casework.models import Side
from reknit.guard.permissions import Permission, granted
from reknit.intake import registrations
from reknit.intake.registrations import Agreed, Person
from reknit.records import judgements
from reknit.records.models import Account, Enquiry, Verdict
from reknit.vocabulary import PUBLIC, Role
from reknit.web.routes import Door, all_routes, declared_of
from tests.casework.cases import candidate_of
from tests.cast import renamed
from tests.guard.scene import an_account, an_enquiry
from tests.intake.letters import read_all
from tests.staff import NORD, noor, office, staff
from tests.stories.desk import DESK, PHONE, Desk, Site
from tests.stories.visitors import come_back, go_on
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
LANGUAGES, WIDTHS, THEMES = ("en", "ar"), (DESK, PHONE), ("light", "dark")
WAYS = list(product(LANGUAGES, WIDTHS, THEMES))
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


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_looks_right(site: Site, part: int) -> None:
    """As the first of ROLES sees it that can open it. part: so that several processes share it."""
    pages = list(enumerate(every_page()))
    assert len(pages) >= 9 * len(WAYS)
    look_at(site, [(page, *WAYS[number % len(WAYS)]) for number, page in pages[part::PARTS]])


@pytest.mark.long
@pytest.mark.parametrize(("language", "width"), list(product(LANGUAGES, WIDTHS)))
def test_every_page_looks_right_in_every_way(site: Site, language: str, width: int) -> None:
    look_at(site, [(page, language, width, "") for page in every_page()])


def look_at(site: Site, pages: list[tuple[Page, str, int, str]]) -> None:
    """Each page in its language, width and theme."""
    desks: dict[Role | None, Desk] = {}
    for page, language, width, theme in pages:
        if page.role not in desks:
            desks[page.role] = site.desk(None if page.role is None else staff(page.role))
            if page.role is not None:
                desks[page.role].sign_in()
        desk = desks[page.role]
        desk.turn(language, width)
        desk.open(page.place)
        desk.looks(f"{page.role or 'anybody'}-{page.name}", theme)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be opened by its address. role: for whom; None for anybody."""

    role: Role | None
    name: str
    place: str


def every_page() -> list[Page]:
    """Each once, for the first that can open it; who is asked for a code or a draft first opens
    others (the stories of the doors)."""
    things = everything(NORD)
    found: dict[str, Page] = {}
    for role in (None, *ROLES):
        asked = Client() if role is None else signed_in(staff(role))
        for route in all_routes():
            name = str(route.name)
            if name in NOT_LOOKED_AT or name in found or not _may(role, route):
                continue
            place = reverse(name, kwargs={a: things[a] for a in route.pattern.converters})
            place += f"?purpose={_purpose(role)}"
            answer = asked.get(place)  # other than 200: it takes no GET, or is another's
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                found[name] = Page(role, name, place)
    return list(found.values())


def _may(role: Role | None, route: URLPattern) -> bool:
    """Whether the route lets them in: one that lets anybody in, where its address says no more."""
    declared = declared_of(route.callback)
    if isinstance(declared, Permission):
        return role is not None and granted(declared, staff(role).as_actor()) is not None
    if declared is Door.PUBLIC:
        return role is None and not route.pattern.converters
    return declared is Door.SIGNED_IN and role is not None and not route.pattern.converters


def test_hostile_words_run_nowhere(site: Site) -> None:
    """In any field that people fill in, on any page that shows it: of staff, and at the doors."""
    desk = site.desk(noor())
    desk.sign_in()
    for words, message in zip(HOSTILE, read_all(HOSTILE), strict=True):
        content = {"person_record_id": "x", "full_name": words, "relatives": f"father: {words}",
                   "description": words, "home_city": words}  # fmt: skip
        account = an_account(content)
        enquiry = an_enquiry(an_account(content), noor(), renamed({"full_name": words}, "s"))
        candidate_of(enquiry, account)
        for place in (
            f"/enquiries/{enquiry.id}/",
            f"/enquiries/{enquiry.id}/print/",
            f"/review/{enquiry.id}/",
            f"/messages/{message.id}/",
            f"/search/?full_name={words}",
            f"/lists/?page={words}",
            f"/people/{account.id}/?purpose=family_tracing",
        ):
            shows_only_words(desk, place)
        expect(desk.page.locator("h1 bdi")).to_have_attribute("dir", "auto")
    code = what_is_written_on(enquiry)
    for place in ("letters", "tasks", "history", "family"):
        shows_only_words(desk, f"/enquiries/{enquiry.id}/{place}/")
    for place in ("/messages/", "/queue/?names=on", "/registrations/"):
        shows_only_words(desk, place)

    found = site.desk(None)
    come_back(found, code)
    shows_only_words(found, "/back/me/")
    expect(found.page.locator(".letter")).to_have_count(len(HOSTILE))
    at_the_door(found)
    for sitting in (desk, found):
        assert [said for said in sitting.complaints if "Content Security Policy" in said] == []


def shows_only_words(desk: Desk, place: str = "") -> None:
    """The page is there, and nothing that was written became a part of it."""
    if place:
        desk.open(place)
    assert desk.page.locator("h1").count() == 1, place
    assert "taken" not in desk.page.title(), place
    parts = "main script:not([src]), main img[src=x], main svg[onload], main [onmouseover]"
    assert desk.page.locator(parts).count() == 0, place


def what_is_written_on(enquiry: Enquiry) -> str:
    """Each of them as a letter, a task and a note of a case; the code of who was found in it, to
    whom it was written."""
    actor, held = noor().as_actor(), Person({"full_name": HOSTILE[0]})
    taken = registrations.register(PUBLIC, office(), [held], Agreed())
    account = Account.objects.get(pk=registrations.self_of(taken.registration.pk))
    judgements.judge(noor(), enquiry.sought, account, Verdict.MATCH, HOSTILE[1], enquiry=enquiry)
    for words in HOSTILE:
        correspondence.tell(actor, enquiry.pk, Side.FOUND, words, account.pk)
        tasks.add(actor, enquiry.pk, words, None, noor())
        notes.add(actor, enquiry.pk, words)
    return taken.receipt_code


def at_the_door(desk: Desk) -> None:
    """What a seeker typed is shown back before it is sent."""
    page = desk.page
    desk.open("/seek/")
    go_on(desk)
    page.select_option("#id_relationship", "brother")
    page.check("input[name=reason][value=lost]")
    go_on(desk)
    page.fill("#id_full_name", HOSTILE[0])
    go_on(desk)
    page.fill("#id_description", "\n".join(HOSTILE[:-1]))
    go_on(desk)
    page.fill("#id_seeker_name", HOSTILE[1])
    go_on(desk)
    expect(page.locator("dl.facts")).to_contain_text(HOSTILE[0])
    shows_only_words(desk)


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


def _purpose(role: Role | None) -> str:
    return "data_protection" if role is Role.DATA_PROTECTION_OFFICER else "family_tracing"
