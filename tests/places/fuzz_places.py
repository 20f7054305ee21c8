"""Fuzzing what reads places: any text resolves to places or to none, any file of an operator's
places is read or refused in one line.

By hand: python tests/places/fuzz_places.py -max_total_time=60
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reknit.places"]):
    from reknit.places import Gazetteer, PlacesError, fold_place

GAZETTEER = Gazetteer.open()
FILE = Path(tempfile.mkdtemp()) / "places.csv"
HEADER = "name,alternate_names,latitude,longitude,country,level\n"
WORDS = [
    "Aleppo", "حلب", "Al", "near", "off the coast of", "Governorate", "область", "Донецька",
    "Syria", "SY", "CA", ",", "،", "(", ")", " - ", "\n", "Mosull", "القامشلي", "三亚", "'",
]  # fmt: skip
CELLS = [
    "Tent City", "36.2", "-181", "37,1", "nan", "1e9", "SY", "XX", "village", '"', ",", "\n", "",
]  # fmt: skip


def read_everything(raw: bytes) -> None:
    """One round: a text is resolved, then a file of places read."""
    data = atheris.FuzzedDataProvider(raw)
    parts = [
        data.PickValueInList(WORDS) if data.ConsumeBool() else data.ConsumeUnicode(6)
        for _ in range(data.ConsumeIntInRange(0, 5))
    ]
    text = data.PickValueInList([" ", ""]).join(parts)
    folded = fold_place(text)
    assert fold_place(folded) == folded, text
    for misspelt in (False, True):
        for place in GAZETTEER.resolve(text, country=data.ConsumeUnicode(2), misspelt=misspelt):
            assert -90 <= place.latitude <= 90
            assert -180 <= place.longitude <= 180
            assert GAZETTEER.get(place.place_id) is not None
    read_operator_places(data)


def read_operator_places(data: atheris.FuzzedDataProvider) -> None:
    """A file of cells that make sense, of the fuzzer's own letters, or of its bytes."""
    if data.ConsumeIntInRange(0, 9):
        cells = [
            data.PickValueInList(CELLS) if data.ConsumeBool() else data.ConsumeUnicode(6)
            for _ in range(data.ConsumeIntInRange(0, 12))
        ]
        text = HEADER + ",".join(cells)
        FILE.write_bytes(text.encode("utf-8", "replace"))
    else:
        FILE.write_bytes(HEADER.encode() + data.ConsumeBytes(200))
    try:
        gazetteer = GAZETTEER.with_operator_places(FILE)
    except PlacesError as error:
        said, problems = str(error), ()
    else:
        said, problems = "read", gazetteer.operator_problems
    assert said
    assert "\n" not in said
    for problem in problems:
        assert problem.line > 1
        assert problem.rule
        assert problem.next_step
        assert "\n" not in problem.rule + problem.next_step


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_everything)
    atheris.Fuzz()
