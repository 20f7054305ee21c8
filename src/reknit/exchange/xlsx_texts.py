"""How much text a workbook comes to: a text stands in it once, and cells refer to it by number.

Rules: what is told is never less than what the cells hold. Shared texts are measured one by one
where they are written as spreadsheet programs write them, and so are the cells that refer to them;
whatever is written otherwise counts as the longest one (ECMA-376, 18.4 and 18.3.1.4).

>>> import io, zipfile
>>> with zipfile.ZipFile(io.BytesIO(), "w") as book:
...     book.writestr("xl/sharedStrings.xml", "<sst><si><t>Amal</t></si></sst>")
...     book.writestr("xl/worksheets/sheet1.xml", '<c t="s"><v>0</v></c>' * 3)
...     text_bytes(book)
15
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterator
from typing import IO

_CHUNK = 1 << 20
_MOST = 1 << 31
_PREFIX = re.compile(rb"<(\w+:)sst[\s>]")
_TAG = re.compile(rb"<(?:/?\w+(?:\s+[\w:.-]+=(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?|\?xml[^<>]*\?)>")
"""A tag that is only that: without a prefix, and with no bracket in its values."""
_CLOSED = b"</si>"
_OPENED = re.compile(rb"<si[\s/>]")
# All that may make a cell one that refers, and such a cell as all programs write it.
_REFERRING = re.compile(rb"\bt\s*=\s*[\"']?\s*(?:s\b|&)")
_REFERENCE = re.compile(
    rb" t=\"s\"(?: s=\"[0-9]+\")?><(?:\w+:)?v>([0-9]{1,9})</(?:\w+:)?v></(?:\w+:)?c>"
)
_TEXT = re.compile(rb">([^<]+)")


def is_shared(part: str) -> bool:
    """Whether the part of this name holds the texts that cells share."""
    return part.lower().endswith("sharedstrings.xml")


def text_bytes(book: zipfile.ZipFile) -> int:
    """The bytes of text that the cells of `book` come to together, or more; of its shared texts
    each counts once a reference."""
    lengths = _Lengths()
    total = 0
    for part in sorted(book.infolist(), key=lambda part: not is_shared(part.filename)):
        part.file_size = _MOST  # what is written there may lie
        with book.open(part) as stream:
            if is_shared(part.filename):
                lengths.take(stream)
            else:
                total += sum(map(lengths.of, _pieces(stream)))
    return total


class _Lengths:
    """The length of each shared text. longest: at least that of each. are_sure: all stand at their
    numbers."""

    def __init__(self) -> None:
        self.each, self.longest, self.are_sure = array("L"), 0, True

    def take(self, stream: IO[bytes]) -> None:
        """A part with shared texts."""
        self.are_sure = not self.each  # of two such parts one is read
        rest, prefix = b"", None
        while chunk := stream.read(_CHUNK):
            if prefix is None:
                found = _PREFIX.search(chunk)
                prefix = found[1] if found is not None else b""
            chunk = rest + chunk
            if prefix:
                chunk = chunk.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
            end = chunk.rfind(_CLOSED) + len(_CLOSED)
            chunk, rest = (chunk[:end], chunk[end:]) if end >= len(_CLOSED) else (b"", chunk)
            self._measure(chunk)
            if len(rest) > _CHUNK:  # no such text is one of a list
                self.are_sure, self.longest = False, _MOST
                return
        if rest.strip() != b"</sst>":
            self.are_sure, self.longest = False, max(self.longest, len(rest))

    def of(self, chunk: bytes) -> int:
        """The bytes of text in a piece of a sheet, cut between tags, or more."""
        is_cut = b"<" not in chunk
        own = len(chunk) if is_cut else chunk.find(b"<")
        own += sum(map(len, _TEXT.findall(chunk)))
        if not self.longest:
            return own
        referring = len(_REFERRING.findall(chunk)) + is_cut
        if not self.are_sure:
            return own + referring * self.longest
        known = len(self.each)
        numbers = [n for n in map(int, _REFERENCE.findall(chunk)) if n < known]
        return (
            own
            + sum(map(self.each.__getitem__, numbers))
            + ((referring - len(numbers)) * self.longest)
        )

    def _measure(self, chunk: bytes) -> None:
        *items, _end = chunk.replace(b"<si/>", b"<si></si>").split(_CLOSED)
        if not items:
            return
        lengths = [sum(map(len, _TEXT.findall(item))) for item in items]
        if any(len(_OPENED.findall(item)) != 1 for item in items) or (
            len(_TAG.findall(chunk)) != chunk.count(b"<")
        ):
            self.are_sure, lengths = False, [len(item) for item in items]
        self.each.extend(lengths)
        self.longest = max(self.longest, *lengths)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream, cut between tags where it has any."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        chunk = rest + chunk
        end = chunk.rfind(b"<")
        if end <= 0 and len(chunk) > _CHUNK:  # a text that goes on and on
            end = len(chunk)
        end = max(end, 0)
        chunk, rest = chunk[:end], chunk[end:]
        if chunk:
            yield chunk
    if rest:
        yield rest
