"""Writes the place table from its sources, once, all or nothing.

Rules kept here:
- The table is written into a folder beside its place and moved there in one rename; a second
  process doing the same loses the race and uses the winner's table.
- Each name is entered folded, and folded without admin words where that differs; Latin names
  also by their consonant skeleton.
"""

from __future__ import annotations

import gc
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reknit.places.folding import plain_places, strip_admin_words
from reknit.places.hashing import Hashes, hash_texts, shortened_texts
from reknit.places.skeletons import skeletons
from reknit.places.slips import is_long_enough, letters_for
from reknit.places.sources import Row, read_settlements, wider_rows
from reknit.places.table import LEVELS, NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

Progress = Callable[[float, str], None]
"""Called with the part done (0 to 1) and what is being done."""
Arrays = dict[str, npt.NDArray[np.generic]]


def build_table(
    folder: Path,
    progress: Progress | None = None,
    settlements: Callable[[], list[Row]] = read_settlements,
) -> None:
    """Build the place table at `folder`; the folder is complete or absent. Raises OSError.

    settlements: reads the settlements; what lies wider is made of them.
    """
    tell = progress or (lambda _part, _what: None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with _no_garbage_collection():
            _write(draft, tell, settlements)
        draft.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:
            if not (folder / "codes.json").exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    tell(1.0, "place table ready")


def _write(draft: Path, tell: Progress, settlements: Callable[[], list[Row]]) -> None:
    tell(0.0, "reading settlements")
    rows = settlements()
    tell(0.25, "reading districts, regions and countries")
    rows += wider_rows(rows)
    rows.sort(key=lambda row: row.place_id)
    tell(0.35, "folding names")
    keys, arrays = _name_arrays(rows)
    tell(0.8, "making skeletons")
    arrays |= _skeleton_arrays(keys) | _shortened_arrays(keys)
    codes, more = _row_arrays(rows)
    tell(0.95, "writing")
    for name, array in (arrays | more).items():
        np.save(draft / f"{name}.npy", array)
    (draft / "codes.json").write_text(json.dumps(codes), "utf-8")


def _row_arrays(rows: Sequence[Row]) -> tuple[dict[str, list[str]], Arrays]:
    codes = {
        "countries": sorted({r.country for r in rows}),
        "regions": sorted({r.region for r in rows if r.region}),
        "districts": sorted({r.district for r in rows if r.district}),
    }
    number = {kind: {code: i for i, code in enumerate(codes[kind])} for kind in codes}
    text, start = _run_of([r.name for r in rows])
    arrays: Arrays = {
        "place_id": np.array([r.place_id for r in rows], np.int64),
        "latitude": np.array([r.latitude for r in rows]),
        "longitude": np.array([r.longitude for r in rows]),
        "population": np.array([r.population for r in rows], np.int64),
        "level": np.array([LEVELS.index(r.level) for r in rows], np.uint8),
        "country": np.array([number["countries"][r.country] for r in rows], np.int32),
        "region": np.array([number["regions"].get(r.region or "", -1) for r in rows], np.int32),
        "district": np.array(
            [number["districts"].get(r.district or "", -1) for r in rows], np.int32
        ),
        "name_text": text,
        "name_start": start,
    }
    return codes, arrays


def _name_arrays(rows: Sequence[Row]) -> tuple[list[str], Arrays]:
    """The folded names, in the order of their hashes, and who bears them."""
    names, name_row, name_kind = _all_names(rows)
    number_of_name: dict[str, int] = {}
    name_number = np.array([number_of_name.setdefault(n, len(number_of_name)) for n in names])
    plain = _fold_all(list(number_of_name))
    number_of_key: dict[str, int] = {}
    plain_number = np.array([number_of_key.setdefault(k, len(number_of_key)) for k in plain])
    bare_number = np.full(len(number_of_key), -1)
    for key, at in list(number_of_key.items()):
        bare = strip_admin_words(key)[0]
        if bare != key:
            bare_number[at] = number_of_key.setdefault(bare, len(number_of_key))
    keys = list(number_of_key)
    hash_of_key = hash_texts(keys)
    order = np.argsort(hash_of_key, kind="stable")
    place_in_order = np.empty(len(keys), np.int64)
    place_in_order[order] = np.arange(len(keys))

    key_of_posting = plain_number[name_number]
    bare_of_posting = bare_number[key_of_posting]
    has_bare = bare_of_posting >= 0
    key = place_in_order[np.concatenate([key_of_posting, bare_of_posting[has_bare]])]
    row = np.concatenate([name_row, name_row[has_bare]])
    kind = np.concatenate([name_kind, np.maximum(name_kind[has_bare], NameKind.BARE)])
    by = np.lexsort((kind, row, key))
    key, row, kind = key[by], row[by], kind[by]
    first = np.ones(len(key), bool)
    first[1:] = (key[1:] != key[:-1]) | (row[1:] != row[:-1])
    key, row, kind = key[first], row[first], kind[first]

    ordered = [keys[i] for i in order]
    text, start = _run_of(ordered)
    return ordered, {
        "key_hash": hash_of_key[order],
        "key_text": text,
        "key_start": start,
        "post_start": np.searchsorted(key, np.arange(len(keys) + 1)).astype(np.uint32),
        "post_row": row.astype(np.int32),
        "post_kind": kind.astype(np.uint8),
    }


def _all_names(
    rows: Sequence[Row],
) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    names = list(chain.from_iterable((r.name, *r.alternates, *r.inherited) for r in rows))
    alternates = np.array([len(r.alternates) for r in rows])
    inherited = np.array([len(r.inherited) for r in rows])
    row = np.repeat(np.arange(len(rows)), 1 + alternates + inherited)
    kinds = np.tile([NameKind.PRIMARY, NameKind.ALTERNATE, NameKind.WEAK], len(rows))
    counts = np.stack([np.ones_like(alternates), alternates, inherited], axis=1).ravel()
    return names, row, np.repeat(kinds, counts)


def _fold_all(names: Sequence[str]) -> list[str]:
    """Fold all names, those in ASCII apart, whose folding is quicker."""
    folded: dict[str, str] = {}
    for ascii_ones in (True, False):
        part = [name for name in names if name.isascii() == ascii_ones]
        folded.update(zip(part, plain_places(part), strict=True))
    return [folded[name] for name in names]


def _skeleton_arrays(keys: Sequence[str]) -> Arrays:
    """Latin names by the number of their consonant skeleton."""
    latin = np.array([i for i, key in enumerate(keys) if key.isascii()])
    found = skeletons([keys[i] for i in latin])
    kept = np.array([bool(s) for s in found])
    return _filed("skeleton", hash_texts(found)[kept], latin[kept])


def _shortened_arrays(keys: Sequence[str]) -> Arrays:
    """Names in scripts of many signs by the numbers they have with one sign left out."""
    signs = [i for i, key in enumerate(keys) if not letters_for(key) and is_long_enough(key, "")]
    numbers, owner = shortened_texts([keys[i] for i in signs])
    return _filed("shortened", numbers, np.array(signs)[owner])


def _filed(name: str, numbers: Hashes, keys: npt.NDArray[np.int64]) -> Arrays:
    """A side index: sorted numbers, and for each the keys filed under it."""
    order = np.argsort(numbers, kind="stable")
    distinct, first = np.unique(numbers[order], return_index=True)
    return {
        f"{name}_hash": distinct,
        f"{name}_start": np.append(first, len(numbers)).astype(np.uint32),
        f"{name}_key": keys[order].astype(np.int32),
    }


def _run_of(texts: Iterable[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    encoded = [text.encode() for text in texts]
    start = np.zeros(len(encoded) + 1, np.uint32)
    np.cumsum([len(e) for e in encoded], out=start[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), start


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of small strings and no cycles: the collector only costs time here."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
