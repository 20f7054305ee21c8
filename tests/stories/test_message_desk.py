"""Noor sorts the morning's messages by keyboard alone: the urgent one first, corrected, linked to
Amal's case, answered, taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reknit.intake.models import Act, Message
from tests.guard.scene import a_scene
from tests.intake.letters import AMALS_PHONE, BLEEDING, LOOKING_AR, SAFE, read_all, take
from tests.staff import noor
from tests.stories.desk import DESK, PHONE, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


@pytest.mark.parametrize(
    ("language", "width"), [("en", DESK), pytest.param("ar", PHONE, marks=pytest.mark.long)]
)
def test_the_morning_is_sorted_by_keyboard_alone(site: Site, language: str, width: int) -> None:
    scene = a_scene()
    take(LOOKING_AR, sender=AMALS_PHONE)
    _, urgent = read_all([SAFE, BLEEDING])
    desk = site.desk(noor(), language=language, width=width)
    page, keys = desk.page, desk.page.keyboard
    desk.sign_in()
    desk.open("/messages/")
    desk.looks("messages")
    keys.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    with page.expect_navigation():
        keys.press("n")
    assert page.url.endswith(f"/messages/{urgent.id}/")
    expect(page.locator("mark.fact").first).to_be_visible()

    keys.press("e")
    expect(page.locator("#id_urgency")).to_be_focused()
    page.select_option("#id_urgency", "4")
    with page.expect_navigation():
        page.locator("#correct button").first.press("Enter")
    urgent.refresh_from_db()
    assert (urgent.urgency, urgent.state) == (4, "sorted")

    keys.press("l")
    expect(page.locator("#id_number")).to_be_focused()
    keys.type(str(scene.enquiry.id)[:8])
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("#suggested")).to_contain_text(str(scene.enquiry.id)[:8].upper())
    desk.looks("message")
    with page.expect_navigation():
        keys.press("u")
    urgent.refresh_from_db()
    assert urgent.enquiry_id is None

    with page.expect_navigation():
        keys.press("n")
    arabic = Message.objects.get(language="ar")
    assert page.url.endswith(f"/messages/{arabic.id}/")
    expect(page.locator(".message-text[lang=ar] mark.fact-name")).to_have_text("إدريس حداد")
    assert page.evaluate(
        "() => getComputedStyle(document.querySelector('.message-text[lang=ar]')).direction"
    ) == "rtl"  # fmt: skip
    with page.expect_navigation():
        keys.press("c")
    assert Act.objects.filter(message=arabic, kind="confirm").exists()
    with page.expect_navigation():
        keys.press("x")
    expect(page.locator(".empty, [data-row]").first).to_be_visible()
    desk.open("/messages/board/")
    desk.looks("message-board")
