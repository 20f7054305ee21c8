"""Noor works her queue by keyboard alone: finds the most needed case, says what she knows of it,
and sees its turn come; Salma gives many cases at once; on a phone and in Arabic the pages hold."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reknit.casework import needs
from reknit.casework.need_rules import Fact
from reknit.casework.needs import Known
from reknit.records.models import Enquiry
from reknit.vocabulary import Role
from tests.casework.test_queue import a_candidate, a_case
from tests.cast import IDRIS_FOUND
from tests.staff import noor, staff
from tests.stories.desk import PHONE, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


def number(case: Enquiry) -> str:
    return str(case.pk)[:8].upper()


def test_noor_works_her_queue_by_keyboard(site: Site) -> None:
    calm, urgent = a_case(noor()), a_case(noor())
    a_candidate(urgent)
    needs.state(noor().as_actor(), urgent.pk, Known({Fact.MEDICAL}), "dialysis")
    free = [a_case(None) for _ in range(3)]
    desk = site.desk(noor())
    desk.sign_in()
    page, keys = desk.page, desk.page.keyboard

    desk.open("/queue/?view=mine")
    desk.looks("queue")
    here = page.locator("tr.is-here [data-open]")
    keys.press("j")
    expect(here).to_have_text(number(urgent))
    keys.press("j")
    expect(here).to_have_text(number(calm))
    keys.press("x")
    expect(page.locator("tr.is-here [data-mark]")).to_be_checked()
    keys.press("k")
    with page.expect_navigation():
        keys.press("Enter")
    assert page.url.endswith(f"/enquiries/{urgent.pk}/")

    desk.open("/queue/?view=mine")
    keys.press("/")
    expect(page.locator("#id_q")).to_be_focused()
    keys.type(number(calm))
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("[data-open]")).to_have_text([number(calm)])
    desk.follow(f"a[href='/enquiries/{calm.pk}/need/']")
    desk.looks("need")
    page.check("input[value=detained]")
    page.fill("#id_reason", "The lawyer wrote")
    desk.follow("main form >> nth=0 >> button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()

    supervisor = site.desk(staff(Role.SUPERVISOR), language="ar", width=PHONE)
    supervisor.sign_in()
    supervisor.open("/queue/?view=nobodys")
    supervisor.looks("queue-nobodys")
    box = supervisor.page.locator("header.top").bounding_box()
    assert box is not None
    assert box["height"] < 100, "two rows: who is here, and the menu"
    nothing = supervisor.page.locator("td[data-label]:empty")
    assert nothing.count() >= len(free), "cases with nothing to do yet"
    expect(nothing.first).to_be_hidden()
    supervisor.page.check("input[name=scope][value=whole]")
    supervisor.page.select_option("#id_to_user", str(noor().pk))
    supervisor.follow("button[name=kind][value=assign]")
    supervisor.looks("queue-confirm")
    supervisor.follow("main form .btn-primary")
    expect(supervisor.page.locator(".state-good")).to_be_visible()
    assert (
        Enquiry.objects.filter(pk__in=[case.pk for case in free], assigned_to=noor()).count() == 3
    )
    for place, name in (("/workload/", "workload"), ("/transfers/", "transfers"),
                        ("/samples/", "samples"), ("/queue/print/", "queue-print")):  # fmt: skip
        supervisor.open(place)
        supervisor.looks(name)


def test_the_search_answers_while_noor_types(site: Site) -> None:
    from tests.guard.scene import an_account

    found = an_account(IDRIS_FOUND)
    desk = site.desk(noor())
    desk.sign_in()
    page, keys = desk.page, desk.page.keyboard
    desk.open("/search/")
    keys.press("/")
    keys.type("إدريس حداد")
    expect(page.locator("#results .hit-name")).to_contain_text("Idris Haddad Al-Shami")
    desk.looks("search-live")
    keys.press("ArrowDown")
    with page.expect_navigation():
        keys.press("Enter")
    assert page.url.endswith(f"/people/{found.pk}/?purpose=family_tracing")
