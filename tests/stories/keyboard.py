"""Somebody without a mouse: every act is a key, and what has the focus is seen to have it.

amal = Keyboard(site.desk(None))
amal.desk.open("/seek/")
amal.reach("#id_full_name").types("إدريس")
amal.reach("main form .buttons button[type=submit]").leads_on("Enter")
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.stories.desk import Desk

FARTHEST = 120
"""Presses of Tab after which what is looked for is out of reach."""
IS_HERE = "s => document.activeElement !== null && document.activeElement.matches(s)"
SHOWS_FOCUS = (
    "() => { const style = getComputedStyle(document.activeElement);"
    " return style.outlineStyle !== 'none' || style.boxShadow !== 'none' }"
)


@dataclass(frozen=True)
class Keyboard:
    """Keys alone, at a window."""

    desk: Desk

    def reach(self, selector: str) -> Keyboard:
        """Press Tab until it has the focus, and see that it shows. AssertionError where Tab does
        not lead there."""
        page = self.desk.page
        for _ in range(FARTHEST):
            if page.evaluate(IS_HERE, selector):
                assert page.evaluate(SHOWS_FOCUS), f"{selector}: nobody sees that it has the focus"
                return self
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector}: {FARTHEST} presses of Tab do not reach it")

    def types(self, text: str) -> Keyboard:
        """Write where the focus is."""
        self.desk.page.keyboard.type(text)
        return self

    def presses(self, *keys: str) -> Keyboard:
        """Keys that stay on the page."""
        for key in keys:
            self.desk.page.keyboard.press(key)
        return self

    def leads_on(self, key: str) -> Keyboard:
        """A key that leads to another page."""
        with self.desk.page.expect_navigation():
            self.desk.page.keyboard.press(key)
        return self
