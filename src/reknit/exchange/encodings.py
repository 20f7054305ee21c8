"""Bytes to UTF-8 text with plain line ends, whatever the list was saved in.

Rules: a byte-order mark decides; else valid UTF-8; else UTF-16 without a mark (its ASCII header
has a NUL at every second byte); else a legacy encoding is guessed from the lines that are not
ASCII, and said. A file that is nearly all UTF-8 stays UTF-8, and its broken characters become
U+FFFD and are reported. NUL bytes are removed and reported. CR and CRLF become LF.

>>> to_utf8("id,name\\r\\n1,Zoë".encode(), "a.csv").data.decode()
'id,name\\n1,Zoë'
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from reknit.exchange.errors import ExchangeError
from reknit.exchange.legacy import guess_encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_LABELS = {"cp874": "windows-874", "cp932": "shift_jis", "cp866": "ibm866"}
_SAMPLE = 200_000
_PIECE = 1 << 16
# A file with this many good characters beyond ASCII for each broken one is damaged UTF-8.
_GOOD_PER_BROKEN = 10


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as UTF-8 bytes.

    encoding: what it was, by its WHATWG name. nul_lines: 1-based lines that held NUL bytes.
    """

    data: bytes
    encoding: str
    nul_lines: tuple[int, ...] = ()


def to_utf8(data: bytes, name: str) -> Decoded:
    """`data` as UTF-8 without mark, NUL or CR; ExchangeError(`name`, …) when it is no text."""
    text, encoding = _decode(data, name)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
        text = text.replace(b"\r", b"\n") if b"\r" in text else text
    nul_lines: tuple[int, ...] = ()
    if b"\0" in text:
        nul_lines = tuple(n for n, line in enumerate(text.split(b"\n"), 1) if b"\0" in line)
        text = text.replace(b"\0", b"")
    _refuse_binary(text, name, data.count(b"\0") if encoding == "utf-8" else 0)
    return Decoded(text, encoding, nul_lines)


def _decode(data: bytes, name: str) -> tuple[bytes, str]:
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            if label == "utf-8":
                return _utf8_or_guess(data[len(mark) :], name)
            return data.decode(codec, "replace").encode(), label
    for codec, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = data[start:64:2]
        if (
            len(half) >= 8
            and half.count(0) >= 0.9 * len(half)
            and data[1 - start : 64 : 2].strip(b"\0")
        ):
            return data.decode(codec, "replace").encode(), codec
    return _utf8_or_guess(data, name)


def _utf8_or_guess(data: bytes, name: str) -> tuple[bytes, str]:
    if is_utf8(data):
        return data, "utf-8"
    _refuse_binary(data, name, data.count(b"\0"))
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    beyond = sum(c > "\x7f" for c in repaired) - broken
    if beyond >= _GOOD_PER_BROKEN * broken:
        return repaired.encode(), "utf-8"
    codec = guess_encoding(data)
    if codec is not None:
        try:
            return data.decode(codec).encode(), label(codec)
        except UnicodeDecodeError:
            pass
    raise ExchangeError(
        name, "its encoding is not known and it is not UTF-8", "Save the list as CSV UTF-8"
    )


def is_utf8(data: bytes) -> bool:
    """True when every byte is part of a UTF-8 character; read by pieces, so memory stays small."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def label(codec: str) -> str:
    """A Python codec by its WHATWG name: cp1256 is windows-1256."""
    if codec in _LABELS:
        return _LABELS[codec]
    if codec.startswith("cp125"):
        return "windows-" + codec[2:]
    return codec.replace("iso8859_", "iso-8859-").replace("_", "-")


def _refuse_binary(text: bytes, name: str, nuls: int) -> None:
    sample = text[:_SAMPLE]
    control = sum(sample.count(code) for code in (*range(1, 9), *range(14, 32), 127))
    if control > 0.02 * len(sample) + 8 or nuls > 0.3 * len(text):
        raise ExchangeError(name, "this is not text", "Export the list as CSV and try again")
