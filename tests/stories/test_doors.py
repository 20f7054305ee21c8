"""Each step of both doors on a telephone; Amal files and comes back by keyboard alone, and without
JavaScript; a wrong code opens nothing. What comes after: test_whole_case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from reknit.casework import correspondence
from reknit.casework.models import Letter, Side
from reknit.records.models import Enquiry
from reknit.web.doors import gate
from tests.staff import office
from tests.stories.desk import PHONE, Site
from tests.stories.keyboard import Keyboard
from tests.stories.visitors import amal_files, idris_registers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    office()
    for counts in (gate.posts, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()


def test_they_file_and_register_on_their_telephones(site: Site) -> None:
    """Each step of both doors, Amal's in Arabic."""
    assert amal_files(site.desk(None, language="ar", width=PHONE), looks=True)
    assert idris_registers(site.desk(None, width=PHONE), looks=True)


def test_amal_files_and_comes_back_by_keyboard_alone(site: Site) -> None:
    amal = Keyboard(site.desk(None))
    page, on = amal.desk.page, "main form .buttons button[type=submit]"
    amal.desk.open("/doors/")
    amal.reach("main a[href='/seek/']").leads_on("Enter")
    amal.reach(on).leads_on("Enter")
    amal.reach("#id_relationship").types("Bro").reach("input[name=reason]").presses("Space")
    amal.reach(on).leads_on("Enter")
    amal.reach("#id_full_name").types("إدريس حداد").leads_on("Enter")
    amal.reach(on).leads_on("Enter")
    amal.reach("#id_seeker_name").types("أمل حداد").reach(on).leads_on("Enter")
    expect(page.locator("dl.facts")).to_contain_text("Brother")
    amal.reach("#id_agreed").presses("Space").reach(on).leads_on("Enter")
    code = page.inner_text("#code")
    amal.reach("main a[href='/back/']").leads_on("Enter")
    amal.reach("#id_code").types(code).leads_on("Enter")
    expect(page.locator("#word")).to_have_text("received")
    amal.reach("details:has(#correct_home_city) > summary").presses("Enter")
    amal.reach("#correct_home_city").types("Homs").leads_on("Enter")
    expect(page.locator(".alert-success")).to_be_visible()


def test_amal_files_without_javascript(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, proof_wait=1))
    context = site.browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": 800}
    )
    page: Page = context.new_page()
    page.set_default_timeout(15_000)

    def send() -> None:
        with page.expect_navigation():
            page.click("main form .buttons button[type=submit]")

    page.goto(site.url + "/seek/")
    send()
    expect(page.locator("h1")).to_have_text("One moment, please")
    for _ in range(40):  # whoever presses too early is told to wait on, and keeps the place
        send()
        if page.locator("#id_relationship").count():
            break
    page.select_option("#id_relationship", "brother")
    page.check("input[name=reason][value=lost]")
    send()
    page.fill("#id_full_name", "Idris Haddad")
    send()
    send()
    page.fill("#id_seeker_name", "Amal Haddad")
    send()
    page.check("#id_agreed")
    send()
    code = page.inner_text("#code")
    page.goto(site.url + "/back/")
    page.fill("#id_code", "0000-0000-0000-0000")
    send()
    expect(page.locator(".field-error")).to_be_visible()
    page.goto(site.url + "/back/case/")
    page.fill("#id_code", code)
    send()
    expect(page.locator("#word")).to_have_text("received")
    page.fill("#letter_text", "معي صورته")
    with page.expect_navigation():
        page.click("form[action='/back/letter/'] button.btn-primary")
    expect(page.locator(".alert-success")).to_be_visible()
    assert Letter.objects.get().to_side == Side.STAFF
    assert correspondence.unread([Enquiry.objects.get().id])
    context.close()
