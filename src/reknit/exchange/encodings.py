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
from reknit.exchange.limits import refuse_findings

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
_HEADER_BYTES = 64
# A file with this many good characters beyond ASCII for each broken one is damaged UTF-8.
_GOOD_PER_BROKEN = 10


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as UTF-8 bytes.

    encoding: what it was, by its WHATWG name. nul_lines: 1-based lines that held NUL bytes.
    damaged: some bytes were no character, and are U+FFFD now.
    """

    data: bytes
    encoding: str
    nul_lines: tuple[int, ...] = ()
    damaged: bool = False


def to_utf8(data: bytes, name: str) -> Decoded:
    """`data` as UTF-8 without mark, NUL or CR; ExchangeError(`name`, …) when it is no text."""
    text, encoding, damaged = _decode(data, name)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
        text = text.replace(b"\r", b"\n") if b"\r" in text else text
    nul_lines: tuple[int, ...] = ()
    if b"\0" in text:
        nul_lines = tuple(n for n, line in enumerate(text.split(b"\n"), 1) if b"\0" in line)
        text = text.replace(b"\0", b"")
    return Decoded(text, encoding, nul_lines, damaged)


def refuse_damage(sent_as: str | None, decoded: Decoded) -> None:
    """ExchangeError where so much of a file that was sent in is damaged that each place of it would
    be listed. sent_as: its name, None for one that was not sent in."""
    broken = decoded.data.count("\ufffd".encode()) if decoded.damaged else 0
    refuse_findings(sent_as, len(decoded.nul_lines) + broken)


def _decode(data: bytes, name: str) -> tuple[bytes, str, bool]:
    """UTF-8 bytes, the encoding's name, and whether some bytes were no character."""
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            return (
                _utf8_or_legacy(data[len(mark) :], name)
                if label == "utf-8"
                else _wide(data, codec, label)
            )
    for codec, ascii_byte in (("utf-16-le", 0), ("utf-16-be", 1)):
        header = data[:_HEADER_BYTES]
        high, low = header[1 - ascii_byte :: 2], header[ascii_byte::2]
        if len(high) >= 8 and high.count(0) >= 0.9 * len(high) and low.count(0) <= 0.1 * len(low):
            return _wide(data, codec, codec)
    return _utf8_or_legacy(data, name)


def _wide(data: bytes, codec: str, label: str) -> tuple[bytes, str, bool]:
    text = data.decode(codec, "replace")
    return text.encode(), label, "\ufffd" in text


def _utf8_or_legacy(data: bytes, name: str) -> tuple[bytes, str, bool]:
    _refuse_binary(data, name)
    if is_utf8(data):
        return data, "utf-8", False
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    beyond = len(repaired) - len(repaired.encode("ascii", "ignore")) - broken
    if beyond >= _GOOD_PER_BROKEN * broken:
        return repaired.encode(), "utf-8", True
    codec = guess_encoding(data)
    if codec is not None:
        try:
            return data.decode(codec).encode(), label(codec), False
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


def _refuse_binary(data: bytes, name: str) -> None:
    sample = data[:_SAMPLE]
    control = sum(sample.count(code) for code in (*range(1, 9), *range(14, 32), 127))
    if control > 0.02 * len(sample) + 8 or sample.count(0) > 0.3 * len(sample):
        raise ExchangeError(name, "this is not text", "Export the list as CSV and try again")
