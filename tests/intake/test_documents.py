"""Documents come in as pixels of ours, and nothing else with them."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from collections.abc import Callable

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from reknit.intake.documents import MOST_PIXELS, re_encode
from reknit.intake.errors import RefusedUploadError

TELLING = "Idris Haddad, behind the mill"


def _jpeg(size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1]), fill="black")
    picture.save(out, "JPEG", **more)
    return out.getvalue()


def _with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = TELLING
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (32.0, 56.0, 12.0)
    exif[0x0112] = 6  # turn me by 90 degrees
    return _jpeg(exif=exif, comment=TELLING.encode())


def test_it_takes_metadata_and_position_away() -> None:
    data = _with_metadata()
    assert TELLING.encode() in data
    made = re_encode(data)
    assert TELLING.encode() not in made.data
    with Image.open(io.BytesIO(made.data)) as picture:
        assert not picture.getexif()
        assert "comment" not in picture.info


def test_it_turns_a_picture_as_its_camera_said_before_forgetting_it() -> None:
    with Image.open(io.BytesIO(re_encode(_with_metadata()).data)) as picture:
        assert picture.size == (20, 40)


def test_it_takes_a_second_file_hidden_in_a_picture_away() -> None:
    polyglot = _jpeg() + b"PK\x03\x04" + TELLING.encode() + b"<script>alert(1)</script>"
    made = re_encode(polyglot)
    assert b"PK\x03\x04" not in made.data
    assert b"<script>" not in made.data


def test_it_keeps_what_is_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 0)).save(out, "PNG")
    made = re_encode(out.getvalue())
    assert made.media_type == "image/png"
    with Image.open(io.BytesIO(made.data)) as picture:
        assert picture.getpixel((4, 4)) == (255, 0, 0, 0)


def test_it_makes_pictures_of_a_pdfs_pages() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "red").save(out, "PDF", title=TELLING, author=TELLING)
    assert TELLING.encode("utf-16-be") in out.getvalue() or TELLING.encode() in out.getvalue()
    made = re_encode(out.getvalue() + b"\n%" + TELLING.encode())
    assert made.media_type == "application/pdf"
    for form in (TELLING.encode(), TELLING.encode("utf-16-be")):
        assert form not in made.data
    assert made.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither a picture nor a PDF"),
        (b"MZ\x90 a program", "neither a picture nor a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "neither a picture"),
        (_jpeg()[:150], "damaged|neither"),
        (b"%PDF-1.7 nothing more", "damaged or has a password"),
        (b"\0" * 20_000_001, "MB is the most"),
    ],
)
def test_it_refuses_in_one_line_what_is_no_document(data: bytes, said: str) -> None:
    with pytest.raises(RefusedUploadError, match=said) as caught:
        re_encode(data)
    assert "\n" not in str(caught.value)


def _bomb() -> bytes:
    """A PNG of 30,000 × 30,000 pixels in a megabyte."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            len(body).to_bytes(4, "big") + kind + body
            + zlib.crc32(kind + body).to_bytes(4, "big")
        )  # fmt: skip

    side = 30_000
    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(b"\0" * (3 * side + 1) * 2_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_it_refuses_a_picture_that_swells() -> None:
    assert MOST_PIXELS < 30_000**2
    with pytest.raises(RefusedUploadError, match="million pixels"):
        re_encode(_bomb())


def _largest_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (5000, 5000), (1, 2, 3, 4)).save(out, "PNG")
    return out.getvalue()


def _pdf(pages: int, content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A PDF of square pages that all draw the same `content`, which is deflated."""
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000 2000]/Contents 3 0 R"
        b"/Resources<<%s>>>>" % resources
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
        *(more or (b"null",)),
        *([page] * pages),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _forty_pages() -> bytes:
    """40 large pages in a few kilobytes; held together as pixels they once took 811 MB."""
    return _pdf(40, zlib.compress(b"1 0 0 rg 0 0 999 999 re f"))


def _large_picture_in_a_pdf() -> bytes:
    """One page with a picture of 12,000 × 12,000 pixels in less than a megabyte."""
    side = 12_000
    packed = zlib.compressobj(6)
    rows = b"".join(packed.compress(b"\x11" * (side * 3) * 200) for _ in range(side // 200))
    rows += packed.flush()
    picture = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (side, side, len(rows), rows)
    )
    content = zlib.compress(b"q 2000 0 0 2000 0 0 cm /I Do Q")
    return _pdf(1, content, picture, resources=b"/XObject<</I 4 0 R>>")


MEASURED = """
import resource, sys
import django; django.setup()
from reknit.intake.documents import re_encode
re_encode(sys.stdin.buffer.read())
# Not RUSAGE_SELF: that counts what the process that started this one held, too.
own = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
print((own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""


@pytest.mark.parametrize("make", [_largest_picture, _forty_pages, _large_picture_in_a_pdf])
def test_it_takes_the_largest_documents_in_less_than_512_mb(make: Callable[[], bytes]) -> None:
    """In a process of its own, whose memory is measured, and that of what it starts."""
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=make(), capture_output=True, check=True)
    assert int(done.stdout) < 512


def test_it_keeps_each_page_of_a_pdf_in_its_place_and_bounds_its_pixels() -> None:
    out = io.BytesIO()
    red, blue = Image.new("RGB", (200, 100), "red"), Image.new("RGB", (10, 3_000), "blue")
    red.save(out, "PDF", save_all=True, append_images=[blue])
    made = pypdfium2.PdfDocument(re_encode(out.getvalue()).data)
    assert [tuple(map(round, page.get_size())) for page in made] == [(2000, 1000), (7, 2000)]
    seen = [page.render().to_pil().getpixel((3, 900)) for page in made]
    assert [tuple(value > 200 for value in pixel) for pixel in seen] == [
        (True, False, False), (False, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("pages", "said"), [(41, "41 pages and 40 is the most"), (0, "damaged")])
def test_it_refuses_a_pdf_with_too_many_pages_or_none_at_all(pages: int, said: str) -> None:
    with pytest.raises(RefusedUploadError, match=said):
        re_encode(_pdf(pages, b""))


def _swelling_drawing() -> bytes:
    """A drawing of 40 million rectangles in two megabytes."""
    packed = zlib.compressobj(9)
    strokes = b"".join(packed.compress(b"1 0 0 rg 0 0 9 9 re f\n" * 50_000) for _ in range(800))
    return _pdf(1, strokes + packed.flush())


def test_a_pdf_that_takes_too_much_to_open_ends_its_own_process_only() -> None:
    with pytest.raises(RefusedUploadError, match="more memory or time") as caught:
        re_encode(_swelling_drawing())
    assert "\n" not in str(caught.value)


def test_a_pdfs_reader_has_nothing_of_the_servers_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever breaks the parser finds no passphrase in its environment."""
    started: dict[str, object] = {}

    def run(command: list[str], **how: object) -> subprocess.CompletedProcess[bytes]:
        started.update(how)
        return real(command, **how)  # type: ignore[call-overload,no-any-return]  # as it was asked

    real = subprocess.run
    monkeypatch.setattr("reknit.intake.pages.subprocess.run", run)
    monkeypatch.setenv("REKNIT_RING", TELLING)
    re_encode(_forty_pages())
    assert started["env"] == {}
