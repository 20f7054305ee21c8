"""The page in a real browser: quiet, narrow enough for a phone, and open to everyone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from reknit.report import ReportData, write_report

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = ROOT / "src/reknit/web/assets/node_modules/axe-core/axe.min.js"


@pytest.fixture(params=["mixed", "arabic"])
def report(
    request: pytest.FixtureRequest,
    sample: ReportData,
    arabic_sample: ReportData,
    tmp_path: Path,
) -> str:
    """The address of a report on disk."""
    path = tmp_path / "report.html"
    write_report(sample if request.param == "mixed" else arabic_sample, path)
    return path.as_uri()


def open_all_tables(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_it_logs_nothing_and_requests_nothing(browser: Browser, report: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report)
    open_all_tables(page)
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:,")] == [report]
    page.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_it_never_scrolls_sideways(browser: Browser, report: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(report)
    open_all_tables(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 375), ("dark", 1280)])
def test_axe_finds_no_barrier(browser: Browser, report: str, scheme: str, width: int) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page.goto(report)
    open_all_tables(page)
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document).then(result => result.violations)")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    page.close()


def test_the_first_tab_leads_past_the_contents(browser: Browser, report: str) -> None:
    page = browser.new_page()
    page.goto(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_no_text_of_the_waterfall_is_cut_off(browser: Browser, report: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(report)
    outside = page.evaluate(
        """Array.from(document.querySelectorAll('svg text, .figure'))
        .map(each => [each.textContent, each.getBoundingClientRect()])
        .filter(([text, box]) => box.left < 0 || box.right > window.innerWidth)
        .map(([text, box]) => text)"""
    )
    assert outside == []
    page.close()
