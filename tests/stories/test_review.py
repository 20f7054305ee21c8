"""Noor reviews: by keys at her desk, by thumb on a phone in Arabic."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reknit.casework import review
from reknit.records.models import Judgement, Verdict
from tests.casework.cases import some_candidates
from tests.casework.test_families import the_family
from tests.staff import noor
from tests.stories.desk import DESK, PHONE, Desk, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]


def press(desk: Desk, key: str) -> None:
    """A key that leads to another page, once the page takes keys."""
    expect(desk.page.locator("body[data-keys=on]")).to_be_attached()
    with desk.page.expect_navigation():
        desk.page.keyboard.press(key)


def test_noor_judges_by_keys_from_the_queue_in_two_strokes(site: Site) -> None:
    ((sure, unlikely, last),) = some_candidates([[0.999, 0.4, 0.1]])
    desk = site.desk(noor(), width=DESK)
    desk.sign_in()
    desk.open("/queue/")
    expect(desk.page.locator("[data-review]")).to_be_visible()
    strokes = ["r", "m"]
    with desk.page.expect_navigation():
        desk.page.keyboard.press(strokes[0])
    desk.looks("review")
    press(desk, strokes[1])
    assert review.standings([sure])[sure.pk] == review.Standing.MATCHED
    assert len(strokes) <= 3

    desk.page.focus("#reason")
    desk.page.keyboard.type("nmsu")  # letters of a reason are no verdicts
    desk.page.keyboard.press("Escape")
    press(desk, "n")
    assert Judgement.objects.filter(verdict=Verdict.NO_MATCH, undone_at=None).count() == 1
    press(desk, "z")
    expect(desk.page.locator(f"form[action='/candidates/{unlikely.pk}/decide/']")).to_be_visible()
    press(desk, "s")
    expect(desk.page.locator(f"form[action='/candidates/{last.pk}/decide/']")).to_be_visible()
    press(desk, "b")
    expect(desk.page.locator(f"form[action='/candidates/{unlikely.pk}/decide/']")).to_be_visible()
    desk.open("/review/history/")
    desk.looks("review-history")
    desk.open("/review/keys/")
    desk.looks("review-keys")


def test_noor_judges_by_thumb_on_a_phone_in_arabic(site: Site) -> None:
    one, other = the_family()
    desk = site.desk(noor(), language="ar", width=PHONE)
    desk.sign_in()
    desk.open(f"/review/?candidate={one.pk}")
    desk.looks("review")
    button = desk.page.locator("#verdict button[value=no_match]")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 800  # within reach without scrolling
    desk.follow("#family button[value=match]")
    expect(desk.page.locator("#nothing")).to_be_visible()
    stands = review.standings([one, other])
    assert set(stands.values()) == {review.Standing.MATCHED}
