"""Writes the place table from its sources, once, all or nothing.

Rules kept here:
- The table is written into a folder beside its place and moved there in one rename; a second
  process doing the same loses the race and uses the winner's table.
- Each name is entered folded, and folded without admin words where that differs; Latin names
  also by their consonant skeleton; Arabic names in Latin letters also without their article.
"""

from __future__ import annotations

import gc
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from reknit.places.folding import plain_places, strip_admin_words
from reknit.places.hashing import Hashes, hash_texts, shortened_texts, spelling_bit
from reknit.places.skeletons import skeletons
from reknit.places.slips import is_long_enough, letters_for
from reknit.places.sources import Row, read_settlements, wider_rows
from reknit.places.table import LEVELS, NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator

Progress = Callable[[float, str], None]
"""Called with the part done (0 to 1) and what is being done."""
Arrays = dict[str, npt.NDArray[np.generic]]
_ARABIC_COUNTRIES: Final = frozenset((
    "AE", "BH", "DJ", "DZ", "EG", "EH", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM",
    "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "YE",
))  # fmt: skip
_ARTICLE: Final = re.compile(
    r"(?:[ae][lnrsşṣdḑḍtţṭzẓ]|[ae](?:sh|th|dh))[\s-]['’ʻ‘]?(\w{4}.*)", re.IGNORECASE
)


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
    names, row, kind = _all_names(rows)
    distinct = list(dict.fromkeys(names))
    folded = _fold_all(distinct)
    plain = dict.fromkeys(folded.values())
    bare_of = {key: bare for key in plain if (bare := strip_admin_words(key)[0]) != key}
    keys, hash_of_key = _by_hash(list(plain | dict.fromkeys(bare_of.values())))
    number = {key: i for i, key in enumerate(keys)}

    number_of_name = {name: number[key] for name, key in folded.items()}
    key = np.fromiter(map(number_of_name.__getitem__, names), np.int64, len(names))
    bit_of_name = {name: spelling_bit(name) for name in distinct}
    spelling = np.fromiter(map(bit_of_name.__getitem__, names), np.uint8, len(names))
    shorter = np.full(len(keys), -1)
    shorter[[number[k] for k in bare_of]] = [number[k] for k in bare_of.values()]
    with_bare = np.flatnonzero(shorter[key] >= 0)
    postings = _postings(
        len(keys),
        np.append(key, shorter[key[with_bare]]),
        np.append(row, row[with_bare]),
        np.append(kind, np.maximum(kind[with_bare], NameKind.BARE)),
        np.append(spelling, spelling[with_bare]),
    )
    text, start = _run_of(keys)
    names_found: Arrays = {"key_hash": hash_of_key, "key_text": text, "key_start": start}
    return keys, names_found | postings


def _by_hash(keys: Sequence[str]) -> tuple[list[str], Hashes]:
    numbers = hash_texts(keys)
    order = np.argsort(numbers, kind="stable")
    return [keys[i] for i in order.tolist()], numbers[order]


def _postings(
    count: int,
    key: npt.NDArray[np.int64],
    row: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
    spelling: npt.NDArray[np.uint8],
) -> Arrays:
    """Who bears each key: each place once, by the surest kind of name and all its spellings."""
    by = np.lexsort((kind, row, key))
    key, row, kind, spelling = key[by], row[by], kind[by], spelling[by]
    is_first = np.append(True, (key[1:] != key[:-1]) | (row[1:] != row[:-1]))
    first = np.flatnonzero(is_first)
    return {
        "post_start": np.searchsorted(key[first], np.arange(count + 1)).astype(np.uint32),
        "post_row": row[first].astype(np.int32),
        "post_kind": kind[first].astype(np.uint8),
        "post_spelling": np.bitwise_or.reduceat(spelling, first),
    }


def _all_names(
    rows: Sequence[Row],
) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Every name of every place, with its row and its NameKind."""
    bare = [_without_article(r) for r in rows]
    names = list(
        chain.from_iterable(
            (r.name, *r.alternates, *b, *r.inherited) for r, b in zip(rows, bare, strict=True)
        )
    )
    lists = [r.alternates for r in rows], bare, [r.inherited for r in rows]
    counts = np.array([[1] * len(rows), *([len(names) for names in many] for many in lists)]).T
    row = np.repeat(np.arange(len(rows)), counts.sum(axis=1))
    kinds = np.tile([NameKind.PRIMARY, NameKind.ALTERNATE, NameKind.BARE, NameKind.WEAK], len(rows))
    return names, row, np.repeat(kinds, counts.ravel())


def _without_article(row: Row) -> list[str]:
    """Arabic names in Latin letters as they are mostly said abroad: "Qāmishlī", "Fasher"."""
    if row.country not in _ARABIC_COUNTRIES:
        return []
    found = (_ARTICLE.match(name) for name in (row.name, *row.alternates))
    return [match[1] for match in found if match]


def _fold_all(names: Sequence[str]) -> dict[str, str]:
    """Each name's folding; those in ASCII are folded apart, which is quicker."""
    folded: dict[str, str] = {}
    for ascii_ones in (True, False):
        part = [name for name in names if name.isascii() == ascii_ones]
        folded.update(zip(part, plain_places(part), strict=True))
    return folded


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
