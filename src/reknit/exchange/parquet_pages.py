"""What a Parquet file unpacks to, told by its pages before any is unpacked.

Rules: a page says before it how large it is unpacked and how many values it holds, and its reader
goes by that; a column with lists holds more values than rows, and packed a million values may be
four bytes. Sizes are in Thrift's compact protocol (parquet-format, `PageHeader`, `FileMetaData`);
fields that are not needed are passed over.

>>> import io
>>> import polars as pl
>>> out = io.BytesIO()
>>> pl.DataFrame({"full_name": ["Amal"] * 1000}).write_parquet(out)
>>> unpacked(out.getvalue(), most_bytes=10**6).values
1000
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_FOOTER = 8
_ROW_GROUPS, _COLUMNS, _COLUMN_META = 4, 1, 3
# Fields of ColumnMetaData and of PageHeader, by their numbers.
_COUNT, _PACKED, _DATA_PAGE, _DICTIONARY_PAGE = 5, 7, 9, 11
_UNPACKED_SIZE, _PACKED_SIZE, _DATA_HEADER, _DATA_HEADER_2 = 2, 3, 5, 8
_VALUES = 1
_DEEPEST = 20


@dataclass(slots=True)
class Unpacked:
    """bytes: of all pages, unpacked. values: in them, nulls included, lists unrolled."""

    bytes: int = 0
    values: int = 0


def unpacked(data: bytes, *, most_bytes: int) -> Unpacked:
    """What the pages of the file come to; counting stops above `most_bytes`.

    ValueError or IndexError where the file is damaged.
    """
    length = int.from_bytes(data[-_FOOTER:-4], "little")
    start = len(data) - _FOOTER - length
    if start < 0 or data[-4:] != b"PAR1":
        raise ValueError("no footer")
    told = Unpacked()
    for group in _Thrift(data, start).struct(0).get(_ROW_GROUPS, []):
        for column in group.get(_COLUMNS, []):
            _add_pages(data, column[_COLUMN_META], told, most_bytes)
            if told.bytes > most_bytes:
                return told
    return told


def _add_pages(data: bytes, column: dict[int, Any], told: Unpacked, most_bytes: int) -> None:
    place, dictionary = column[_DATA_PAGE], column.get(_DICTIONARY_PAGE, 0)
    if 0 < dictionary < place:
        place = dictionary
    end = min(place + column[_PACKED], len(data))
    if place < 0:
        raise ValueError("a page before the file")
    while place < end and told.bytes <= most_bytes:
        header = _Thrift(data, place)
        page = header.struct(0)
        if page[_UNPACKED_SIZE] < 0 or page[_PACKED_SIZE] < 0:
            raise ValueError("a page of less than nothing")
        told.bytes += page[_UNPACKED_SIZE]
        for kind in (_DATA_HEADER, _DATA_HEADER_2):
            told.values += max(page.get(kind, {}).get(_VALUES, 0), 0)
        place = header.place + page[_PACKED_SIZE]


class _Thrift:
    """Values of the compact protocol, one after the other from `place`."""

    def __init__(self, data: bytes, place: int) -> None:
        self.data, self.place = data, place

    def struct(self, depth: int) -> dict[int, Any]:
        """The fields of a struct, by their numbers."""
        if depth > _DEEPEST:
            raise ValueError("too deep")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            # The truth of a field is in its kind.
            fields[number] = kind == 1 if kind in {1, 2} else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._zigzag()
            case 7:
                self.place += 8
                return None
            case 8:
                length = self._number()
                self.place += length
                return self.data[self.place - length : self.place]
            case 9 | 10:
                return self._list(depth)
            case 12:
                return self.struct(depth + 1)
        raise ValueError(f"a value of kind {kind}")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        if count == 15:
            count = self._number()
        if count > len(self.data) - self.place:
            raise ValueError("a list beyond the file")
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def _number(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("a number beyond 64 bits")

    def _zigzag(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)
