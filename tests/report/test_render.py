"""The page as text."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reknit.report import (
    EvidenceBar,
    FileSummary,
    RecordField,
    ReportData,
    ReportNotWrittenError,
    render_report,
    write_report,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{ 7*7 }}"


class Elements(HTMLParser):
    """Every element with its attributes, and the text outside style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def poisoned(data: ReportData) -> ReportData:
    """The report with a hostile value in every place that takes text from outside."""
    field = (RecordField(HOSTILE, HOSTILE),)
    pair = dataclasses.replace(
        data.pairs[0],
        heading=HOSTILE,
        why=HOSTILE,
        sought_id=HOSTILE,
        found_id=HOSTILE,
        sought=field,
        found=field,
        evidence=(EvidenceBar(HOSTILE, 1.0, HOSTILE),),
    )
    comparison = data.model[0]
    level = dataclasses.replace(comparison.levels[0], label=HOSTILE)
    file = FileSummary(HOSTILE, 1)
    model = dataclasses.replace(
        data.summary.model, name=HOSTILE, version=HOSTILE, provenance=HOSTILE
    )
    return dataclasses.replace(
        data,
        title=HOSTILE,
        summary=dataclasses.replace(
            data.summary, sought=file, found=file, model=model, engine=HOSTILE
        ),
        model=(dataclasses.replace(comparison, name=HOSTILE, note=HOSTILE, levels=(level,)),),
        pairs=(pair,),
    )


def test_hostile_values_are_shown_and_never_run(sample: ReportData) -> None:
    elements = Elements(render_report(poisoned(sample)))
    assert not elements.named("script")
    assert not elements.named("img")
    assert not [name for _, attributes in elements.found for name in attributes if name[:2] == "on"]
    assert "<script>alert(1)</script>" in elements.text
    assert "‹U+202E›{{ 7*7 }}" in elements.text


def test_no_hidden_character_reaches_the_page(sample: ReportData) -> None:
    page = render_report(poisoned(sample))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000-\u0008]", page)


def test_the_page_asks_for_nothing_and_forbids_the_rest(sample: ReportData) -> None:
    page = render_report(sample)
    elements = Elements(page)
    policy = elements.named("meta")[1]["content"] or ""
    style = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    links = [attributes.get("href") for tag in ("a", "link") for attributes in elements.named(tag)]
    assert [link for link in links if link and not link.startswith(("#", "data:,"))] == []
    assert not [attributes for _, attributes in elements.found if "src" in attributes]
    assert "url(" not in page
    assert "@import" not in page
    assert not [attributes for _, attributes in elements.found if "style" in attributes]


def test_equal_data_gives_an_equal_page(sample: ReportData) -> None:
    assert render_report(sample) == render_report(dataclasses.replace(sample))


def test_every_link_of_the_contents_leads_somewhere(sample: ReportData) -> None:
    elements = Elements(render_report(sample))
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"] for attributes in elements.named("a")} <= {
        f"#{each}" for each in ids
    }


def test_each_chart_has_a_table_twin(sample: ReportData) -> None:
    page = render_report(sample)
    charts = 2 + 1 + 1 + 1 + len(sample.pairs)  # scores, reliability, scripts, model, waterfalls
    twins = re.findall("<details>.*?</details>", page, re.DOTALL)
    assert len(twins) == charts
    assert all("<table>" in twin and 'scope="col"' in twin for twin in twins)


def test_tables_hold_the_figures_of_their_charts(sample: ReportData) -> None:
    text = Elements(render_report(sample)).text
    assert "0.95 to 1 752" in text
    assert "97.8% 98.3% 712" in text
    assert "Cyrillic Latin 397 101 25% 9.0% 95.8% 87%" in text
    assert "the same day 0.38 0.0002 +10.9" in text


def test_names_stand_in_their_own_script_and_direction(sample: ReportData) -> None:
    page = render_report(sample)
    assert '<bdi dir="auto" lang="und-Arab">يونس الحمداوي</bdi>' in page
    assert '<bdi dir="auto" lang="und-Cyrl">Оксана Лисовенко</bdi>' in page
    assert '<bdi dir="rtl" lang="und-Arab">سليم</bdi>' in page


def test_without_truth_it_says_that_nobody_counted(arabic_sample: ReportData) -> None:
    text = Elements(render_report(arabic_sample)).text
    assert "No truth was given for this run" in text
    assert "reknit evaluate MATCHES TRUTH" in text
    assert "percentage points off" not in text


def test_with_truth_it_says_the_calibration_error_in_words(sample: ReportData) -> None:
    text = Elements(render_report(sample)).text
    assert "On average the figures are 2.1 percentage points off" in text
    assert "No truth was given" not in text


def test_too_little_truth_claims_no_calibration(sample: ReportData) -> None:
    assert sample.truth is not None
    little = dataclasses.replace(sample.truth, ece=None, reliability=())
    text = Elements(render_report(dataclasses.replace(sample, truth=little))).text
    assert "too few pairs with a known answer" in text


def test_an_empty_run_still_reads(sample: ReportData) -> None:
    empty = FileSummary("empty.csv", 0)
    data = ReportData(
        "Nothing yet",
        sample.created_at,
        dataclasses.replace(sample.summary, sought=empty, found=empty, matches=0, sought_matched=0),
    )
    text = Elements(render_report(data)).text
    assert "There is nothing to draw: no pair was compared." in text
    assert "No pair was chosen." in text


def test_it_says_what_it_holds_and_what_reknit_refuses(sample: ReportData) -> None:
    text = Elements(render_report(sample)).text
    assert "This file holds personal data" in text
    assert "delete it when the work is done" in text
    assert "It serves no enforcement" in text


def test_the_file_is_the_page_and_its_owners_only(sample: ReportData, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("an older report")
    write_report(sample, path)
    assert path.read_text(encoding="utf-8") == render_report(sample)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_missing_folder_is_said_with_the_next_step(sample: ReportData, tmp_path: Path) -> None:
    with pytest.raises(ReportNotWrittenError, match="name a file in a folder that exists"):
        write_report(sample, tmp_path / "nowhere" / "report.html")


def test_a_write_that_fails_leaves_the_older_report(sample: ReportData, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.mkdir()
    with pytest.raises(ReportNotWrittenError):
        write_report(sample, path)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
