"""Somebody at their desk or phone: a browser window, signed in through the pages.

noor = site.desk(noor(), width=PHONE)
noor.sign_in()
noor.open("/search/")
noor.looks("search")                 # axe, console, and a picture where pictures are wanted
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from reknit.records.models import User
from tests.web.signing_in import PASSWORD, SECRET, code, with_app, with_password

ROOT = Path(__file__).parents[2]
AXE = ROOT / "src/reknit/web/assets/node_modules/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""What the dark theme changes."""
expect.set_options(timeout=30_000)  # machines are shared
DESK, PHONE = 1280, 375
NARROWEST = 320
"""A window of 1280 at four times the size (WCAG 1.4.10): nothing is to be moved sideways."""
PICTURES = os.environ.get("REKNIT_PICTURES")
"""A folder for pictures of every page a story looks at; none are made without it."""


@dataclass
class Site:
    """The running application, and whoever looks at it."""

    url: str
    browser: Browser
    desks: list[Desk] = field(default_factory=list)

    def desk(self, user: User | None, *, language: str = "en", width: int = DESK) -> Desk:
        """A window of a browser of its own."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800},
            locale=language,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        sitting = Desk(self, context, user, language, width)
        self.desks.append(sitting)
        return sitting

    def close(self) -> None:
        """Everybody goes home."""
        for sitting in self.desks:
            sitting.context.close()


class Desk:
    """One person at one window."""

    def __init__(
        self, site: Site, context: BrowserContext, user: User | None, language: str, width: int
    ) -> None:
        self.site, self.context, self.user = site, context, user
        self.language, self.width = language, width
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)  # machines are shared
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self) -> None:
        """With password and code, through the pages."""
        assert self.user is not None
        from allauth.mfa.models import Authenticator

        with_password(self.user)
        if not Authenticator.objects.filter(user=self.user).exists():
            with_app(self.user)
        self.open("/sign-in/")
        self.page.fill("#id_login", self.user.email)
        self.page.fill("#id_password", PASSWORD)
        self.follow("main form[action='/sign-in/'] button[type=submit]")
        self.page.fill("#id_code", fresh_code())
        self.follow("main form[action='/sign-in/code/'] button[type=submit]")
        self.page.wait_for_selector("header.top")

    def open(self, place: str) -> None:
        """Go to an address of the site."""
        self.page.goto(self.site.url + place)

    def follow(self, selector: str) -> None:
        """Click a link or a button that leads to another page, and wait until that has loaded:
        a click alone returns while the old page, or none, is still there."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def turn(self, language: str, width: int) -> None:
        """From the next page on in this language, at this width."""
        said = {"name": "reknit-language", "value": language, "url": self.site.url}
        self.context.add_cookies([said])  # type: ignore[list-item]  # a cookie is no class to call
        self.page.set_viewport_size({"width": width, "height": 800})
        self.language, self.width = language, width

    def looks(self, name: str, theme: str = "") -> None:
        """The page has no fault that axe finds, fits the window (a phone's also at the narrowest
        there is), and loaded nothing that the policy forbids. theme: the one to look in; else
        light, and in the dark what is other there, the colours."""
        page = self.page
        looked_in = {theme: RULES} if theme else {"dark": COLOURS, "light": RULES}
        for theme, rules in looked_in.items():
            page.evaluate("t => document.documentElement.setAttribute('data-bs-theme', t)", theme)
            faults = self._axe(rules)
            assert faults == [], f"{name} ({theme}, {self.language}, {self.width}): {faults}"
            self._picture(f"{name}-{theme}" if theme == "dark" else name)
        assert (overflow := self._overflow()) <= 0, f"{name}: {overflow} px wider than {self.width}"
        if self.width == PHONE:
            page.set_viewport_size({"width": NARROWEST, "height": 800})
            overflow = self._overflow()
            page.set_viewport_size({"width": self.width, "height": 800})
            assert overflow <= 0, f"{name}: {overflow} px wider than {NARROWEST}"
        assert page.evaluate("() => document.documentElement.lang") == self.language
        assert self.complaints == [], f"{name}: {self.complaints}"

    def _overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        wider: int = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider

    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    def _axe(self, rules: dict[str, Any]) -> list[str]:
        page = self.page
        if not page.evaluate("() => !!window.axe"):
            page.evaluate(AXE.read_text())
        found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
        return [
            f"{fault['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:160]}"
            for fault in found["violations"]
            for node in fault["nodes"][:3]
        ]

    def _picture(self, name: str) -> None:
        if PICTURES is None:
            return
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-{self.language}-{self.width}.png"
        # What sticks to the window's edge would lie across the middle of a picture of it all.
        place = "p => document.querySelectorAll('.verdict').forEach(e => e.style.position = p)"
        self.page.evaluate(place, "static")
        self.page.screenshot(path=str(file), full_page=True)
        self.page.evaluate(place, "")

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text and "status of 5" not in text:
            self.complaints.append(text)


def named(user: User, name: str) -> User:
    """The member of staff, with the name that colleagues see."""
    user.name = name
    user.save(update_fields=["name"])
    return user


def fresh_code() -> str:
    """A code of the tests' app with some seconds left."""
    left = 30 - time.time() % 30
    if left < 4:
        time.sleep(left + 0.5)
    return code(SECRET)
