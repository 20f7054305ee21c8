"""Documents come in as pixels of ours, and nothing else with them."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib

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


def test_it_takes_the_largest_picture_in_less_than_512_mb() -> None:
    """In a process of its own, whose memory is measured."""
    out = io.BytesIO()
    Image.new("RGBA", (5000, 5000), (1, 2, 3, 4)).save(out, "PNG")
    code = """
import re, sys
from pathlib import Path
import django; django.setup()
from reknit.intake.documents import re_encode
re_encode(sys.stdin.buffer.read())
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=out.getvalue(), capture_output=True, check=True)
    assert int(done.stdout) < 512
