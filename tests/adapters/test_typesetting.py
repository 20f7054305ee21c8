"""Sheets are set in many scripts, values are never markup, and nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from reknit.adapters import typesetting

WEB = Path(__file__).parents[2] / "src/reknit/web"
FONTS, TEMPLATE = WEB / "fonts", WEB / "paper" / "case.typ"


def sheet(heading: str, **more: Any) -> Mapping[str, Any]:
    """A sheet that says no more than its heading."""
    return {"title": "", "heading": heading, "reading": "", "lead": "", "sections": [],
            "footer": "", "language": "en", "rtl": False, **more}  # fmt: skip


def opened(values: Mapping[str, Any]) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(typesetting.as_pdf(TEMPLATE, FONTS, values))


@cache
def drawn(heading: str) -> Image.Image:
    """The strip of the page where the heading stands."""
    page = opened(sheet(heading))[0].render(scale=2).to_pil().convert("L")
    return page.crop((0, 0, page.width, 300))


def inked(picture: Image.Image) -> tuple[int, int]:
    """From where to where it is not white, left to right."""
    box = picture.point(lambda shade: 255 if shade < 128 else 0).getbbox()
    assert box is not None
    return box[0], box[2]


@pytest.mark.parametrize(
    "name",
    ["إدريس حداد الشامي", "ဒေါ်ခင်မြင့်", "ትዕግስት ወርቁ", "राजेश श्रेष्ठ", "সুমাইয়া খাতুন", "Հայկ Սարգսյան",
     "თამარ გელაშვილი", "שרה אברמוביץ", "Сергей Воробьёв", "Lê Thị Thu Hằng", "Ελένη"],
)  # fmt: skip
def test_each_script_is_drawn_by_a_font_that_is_in_the_file(name: str) -> None:
    assert typesetting.unprintable(name) == ""
    missing = drawn("\u4e00" * len(name.replace(" ", "")))
    assert drawn(name).tobytes() != missing.tobytes()


@pytest.mark.parametrize(("joined", "apart"), [("بيت", "ب ي ت"), ("မြင့်", "မ မ မ")])
def test_letters_take_the_forms_of_their_place(joined: str, apart: str) -> None:
    """Arabic letters join and Burmese ones stack: together they take less room than one by one."""
    together, alone = inked(drawn(joined)), inked(drawn(apart))
    assert together[1] - together[0] < alone[1] - alone[0]


def test_arabic_and_latin_stand_in_their_own_direction_in_one_line() -> None:
    """After the Latin word the first of the Arabic ones is the last to the right."""
    both, latin = drawn("father: يوسف حداد"), inked(drawn("father:"))
    arabic = both.crop((latin[1] + 2, 0, both.width, both.height))
    left, right = inked(arabic)
    empty = [x for x in range(left, right) if arabic.crop((x, 0, x + 1, 300)).getextrema()[0] > 128]
    runs = groupby(enumerate(empty), lambda numbered: numbered[1] - numbered[0])
    gaps = [[x for _, x in run] for _, run in runs]
    between = max(gaps, key=len)
    widths = [between[0] - left, right - between[-1]]
    said = [inked(drawn(word)) for word in ("حداد", "يوسف")]
    assert widths == pytest.approx([end - start for start, end in said], abs=3)
    assert abs(widths[0] - widths[1]) > 6  # so that exchanged words would be noticed


@pytest.mark.parametrize("said", ["#panic()", "$x^2$", "*b* _i_", "= h", "\\u{41}", '#read("/x")'])
def test_what_people_wrote_is_never_markup(said: str) -> None:
    assert said in opened(sheet(said))[0].get_textpage().get_text_range()


def test_a_sign_that_no_font_has_is_said() -> None:
    assert typesetting.unprintable("陳 Chen 김") == "陳김"


def test_a_template_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.typ").write_text("#let")
    with pytest.raises(RuntimeError):
        typesetting.as_pdf(tmp_path / "bad.typ", FONTS, {})


def test_nothing_beside_the_template_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "out.typ").write_text('#read("../secret")')
    with pytest.raises(RuntimeError):
        typesetting.as_pdf(folder / "out.typ", FONTS, {})
