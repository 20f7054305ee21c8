"""Amal files and comes back; Idris registers and answers; Rafi learns nothing. On a phone, in
English and Arabic, once without JavaScript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from reknit.casework import asks, correspondence
from reknit.casework.models import Ask, Letter, Side
from reknit.guard import assessments
from reknit.intake import registrations
from reknit.intake.models import Registration
from reknit.records import judgements
from reknit.records.models import Account, Enquiry, Risk, Verdict
from reknit.web.doors import gate
from tests.cast import AMAL, IDRIS_SOUGHT
from tests.staff import noor, office
from tests.stories.desk import PHONE, Desk, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    office()
    for counts in (gate.posts, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()


def go_on(desk: Desk) -> None:
    desk.follow("main form .buttons button[type=submit]")


def amal_files(desk: Desk, looks: bool = True) -> str:
    """Through the seeker's door; her code."""
    page = desk.page
    for place in ("doors", "seek"):
        desk.open(f"/{place}/")
        _looks(desk, place, looks)
    go_on(desk)
    page.select_option("#id_relationship", "brother")
    page.check("input[name=reason][value=lost]")
    _looks(desk, "seek-why", looks)
    go_on(desk)
    page.fill("#id_full_name", IDRIS_SOUGHT["full_name"])
    page.select_option("#id_calendar", "jalali")
    page.fill("#id_date_of_birth", "۱۳۶۶/۱/۱۳")
    go_on(desk)
    page.fill("#id_description", "آخر مرة اتصل من المرفأ")
    go_on(desk)
    page.fill("#id_seeker_name", AMAL["full_name"])
    go_on(desk)
    expect(page.locator("dl.facts")).to_contain_text("1987")
    _looks(desk, "seek-check", looks)
    page.check("#id_agreed")
    go_on(desk)
    _looks(desk, "seek-receipt", looks)
    return page.inner_text("#code")


def come_back(desk: Desk, code: str) -> None:
    desk.open("/back/")
    desk.page.fill("#id_code", code.lower().replace("-", " "))
    go_on(desk)


def idris_registers(desk: Desk) -> str:
    """Through the found person's door; his code."""
    page = desk.page
    desk.open("/safe/")
    desk.looks("safe")
    go_on(desk)
    page.check("input[name=speaks][value=self]")
    page.fill("#id_full_name", "Idris Haddad Al-Shami")
    page.fill("#id_date_of_birth", "1987")
    go_on(desk)
    desk.looks("safe-family")
    go_on(desk)
    page.fill("#id_last_known_location", "Zuwara")
    go_on(desk)
    desk.looks("safe-may")
    go_on(desk)
    page.check("#id_agreed")
    go_on(desk)
    return page.inner_text("#code")


def noor_asks() -> Ask:
    """Noor held the two to be one, and asks Idris."""
    enquiry, held = Enquiry.objects.get(), Registration.objects.get()
    account = Account.objects.get(id=registrations.self_of(held.id))
    Enquiry.objects.update(assigned_to=noor())
    judgements.judge(noor(), enquiry.sought, account, Verdict.MATCH, "same mark", enquiry=enquiry)
    assessments.assess_risk(noor().as_actor(), enquiry.id, Risk.NO_CONCERN, "asked both", [])
    return asks.make(
        noor().as_actor(), enquiry.id, account.id, "أختك أمل تبحث عنك. Your sister looks for you."
    )


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.long)])
def test_amal_files_idris_answers_and_rafi_learns_nothing(site: Site, language: str) -> None:
    amal = site.desk(None, language=language, width=PHONE)
    code = amal_files(amal, looks=language == "ar")
    come_back(amal, code)
    expect(amal.page.locator("#word")).to_be_visible()
    amal.looks("back-case")
    amal.page.fill("#letter_text", "معي صورته")
    amal.follow("form[action='/back/letter/'] button.btn-primary")
    expect(amal.page.locator(".alert-success")).to_be_visible()
    assert Letter.objects.get().to_side == Side.STAFF

    if language == "ar":
        return
    idris = site.desk(None, language=language, width=PHONE)
    come_back(idris, idris_registers(idris))
    noor_asks()
    idris.open("/back/me/")
    expect(idris.page.locator("#ask-1")).to_contain_text("أختك أمل")
    idris.page.check("#ask-1 input[value=not_now]")
    idris.looks("back-me")
    idris.follow("#ask-1 form button[type=submit]")
    expect(idris.page.locator("#ask-1 .state-good")).to_contain_text("not now")
    amal.open("/back/case/")
    expect(amal.page.locator("#word")).to_have_text("received")

    rafi = site.desk(None, language=language, width=PHONE)
    come_back(rafi, "0000-0000-0000-0000")
    expect(rafi.page.locator(".field-error")).to_be_visible()
    rafi.looks("back-code")
    rafi.open("/back/case/")
    expect(rafi.page.locator("#id_code")).to_be_visible()
    assert correspondence.unread([Enquiry.objects.get().id])


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
    page.fill("#id_code", code)
    send()
    expect(page.locator("#word")).to_have_text("received")
    context.close()


def _looks(desk: Desk, name: str, wanted: bool) -> None:
    if wanted:
        desk.looks(name)
