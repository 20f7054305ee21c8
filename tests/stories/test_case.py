"""Noor works on Amal's case: the next step, a task, the family as a picture, and a colleague who
changed it meanwhile; at her desk and on her phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reknit.casework import edits
from reknit.records.models import Enquiry, EnquiryStatus
from reknit.vocabulary import Role
from tests.guard.scene import a_scene
from tests.staff import noor, staff
from tests.stories.desk import DESK, PHONE, Site, named
from tests.stories.keyboard import Keyboard

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("ar", PHONE)])
def test_noor_takes_a_case_on(site: Site, language: str, width: int) -> None:
    scene = a_scene()
    Enquiry.objects.update(status=EnquiryStatus.POSSIBLE_MATCH)
    case = f"/enquiries/{scene.enquiry.pk}/"
    desk = site.desk(named(noor(), "Noor"), language=language, width=width)
    page = desk.page
    desk.sign_in()

    desk.open(case)
    desk.follow("#steps button[value=verifying]")
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator("#steps button[value=awaiting_answer]")).to_be_visible()
    desk.looks("case")

    desk.follow(f".tabs a[href='{case}tasks/']")
    page.fill("#id_title", "Ask his sister for a photo")
    page.fill("#id_due", "2031-05-04")
    desk.follow(f"form[action='{case}tasks/new/'] button")
    expect(page.locator("main")).to_contain_text("Ask his sister for a photo")
    desk.looks("case-tasks")

    desk.follow(f".tabs a[href='{case}family/']")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    page.click("[data-family]")
    expect(page.locator("#family-graph canvas").first).to_be_visible()
    desk.looks("case-family")

    desk.open(f"{case}edit/")
    page.fill("#id_home_city", "Tartus")
    version = Enquiry.objects.get().version
    colleague = named(staff(Role.SUPERVISOR), "Salma").as_actor()
    edits.change(colleague, scene.enquiry.pk, {"home_city": "Hama"}, {}, seen=version)
    desk.follow("main form .buttons button[type=submit]")
    expect(page.locator("[name=pick-home_city]")).to_have_count(2)
    desk.looks("case-changed")
    page.check("[name=pick-home_city][value=theirs]")
    desk.follow("main form .buttons button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()

    desk.follow(f".tabs a[href='{case}history/']")
    expect(page.locator("main")).to_contain_text("Salma")
    desk.looks("case-history")


def test_noor_takes_a_case_on_by_keyboard_alone(site: Site) -> None:
    """The next step, its undoing, a task and a note: what a day at a case is made of."""
    scene = a_scene()
    Enquiry.objects.update(status=EnquiryStatus.POSSIBLE_MATCH)
    case = f"/enquiries/{scene.enquiry.pk}/"
    noor_ = Keyboard(site.desk(named(noor(), "Noor")))
    page = noor_.desk.page
    noor_.desk.sign_in()
    noor_.desk.open(case)
    noor_.presses("Tab").reach(".skip").presses("Enter")
    noor_.reach("#steps button[value=verifying]").leads_on("Enter")
    expect(page.locator("#steps button[value=awaiting_answer]")).to_be_visible()
    noor_.reach("#steps form[action$='/undo/'] button").leads_on("Enter")
    expect(page.locator("#steps button[value=verifying]")).to_be_visible()
    noor_.reach(f".tabs a[href='{case}tasks/']").leads_on("Enter")
    noor_.reach("#id_title").types("Ask his sister for a photo").leads_on("Enter")
    expect(page.locator("main")).to_contain_text("Ask his sister for a photo")
    button = f"form[action='{case}notes/new/'] button"
    noor_.reach(f"form[action='{case}notes/new/'] textarea").types("She rings on Mondays.")
    noor_.reach(button).leads_on("Enter")
    expect(page.locator("main")).to_contain_text("She rings on Mondays.")
