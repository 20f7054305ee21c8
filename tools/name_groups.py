"""Makes src/reknit/standardise/data/groups_*.tsv.gz from the name data inside rigour.

rigour (MIT) carries Wikidata's name items (facts, CC0) as one compressed text, a line an item:
"spelling, spelling, … => Q12345". Building rigour's own tagger takes seconds at each start; these
tables take a tenth of a second. Run it after an update of rigour:

    uv run --group tables --group bench python tools/name_groups.py

Rules: a spelling is kept where it sounds like the group's others, for items mix in whole other
names; short Chinese and Korean surnames link no spellings, for one character has a dozen; a group
that lies wholly within another says nothing; a word keeps its six largest groups.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow  # type: ignore[import-untyped]  # ships no stubs
import rigour._core
from rapidfuzz.distance import JaroWinkler, Levenshtein

from reknit.standardise.frequencies import RARE, background_share
from reknit.standardise.romanise import readings
from reknit.standardise.scripts import clean_text, fold_word, script_of
from reknit.vocabulary.names import NameToken, Script

DATA = Path(__file__).parent.parent / "src" / "reknit" / "standardise" / "data"
FRAME = re.compile(re.escape(b"\x28\xb5\x2f\xfd"))
NO_NAME = re.compile(r"[0-9¹²³⁴⁵⁶⁷⁸⁹´:()/ ·-]")
BOPOMOFO = re.compile("[\u3100-\u312f]")
MOST_GROUPS, MOST_SPELLINGS = 6, 2
ALIKE, ALIKE_ACROSS, USUAL = 0.45, 0.4, 0.5
FEMALE = ("ova", "eva", "ovna", "evna")
UNHEARD = (Script.HAN, Script.KANA)

Word = tuple[Script, str]


def name_lines() -> Iterator[str]:
    """rigour's name items: the only frame in its binary whose text has "=> Q"."""
    binary = Path(rigour._core.__file__).read_bytes()
    for frame in FRAME.finditer(binary):
        text = unpacked(binary[frame.start() :])
        if b" => Q" in text[:4096]:
            yield from text.decode("utf-8").splitlines()
            return
    raise SystemExit("rigour._core: no name data found; its form has changed, adapt this tool")


def unpacked(frame: bytes) -> bytes:
    """What can be read of a zstd frame that has other bytes behind it."""
    text = bytearray()
    try:
        stream = pyarrow.CompressedInputStream(pyarrow.BufferReader(frame), "zstd")
        while chunk := stream.read(997):
            text += chunk
    except OSError:
        pass
    return bytes(text)


def skeleton(word: str) -> str:
    """Consonants, those that spellings exchange as one."""
    word = word.replace("ph", "f").replace("c", "k").replace("q", "k").replace("w", "v")
    return "".join(letter for letter in word if letter not in "aeiouyh")


def likeness(left: str, right: str) -> float:
    """0-1, half by letters, half by consonants."""
    apart = Levenshtein.normalized_distance(skeleton(left), skeleton(right))
    return 0.5 * JaroWinkler.similarity(left, right) + 0.5 * (1 - apart)


def read_groups() -> dict[str, set[Word]]:
    """Each item's spellings, folded."""
    groups: dict[str, set[Word]] = {}
    for line in name_lines():
        spellings, arrow, item = line.rpartition(" => ")
        if not arrow or BOPOMOFO.search(spellings):
            continue
        words: set[Word] = set()
        for spelling in spellings.split(", "):
            word = clean_text(spelling).lower()
            script = script_of(word)
            if word and not NO_NAME.search(word) and script not in (Script.OTHER, Script.NONE):
                folded = fold_word(word, script)
                if len(folded) > 1 or script in (Script.HAN, Script.HANGUL):
                    words.add((script, folded))
        if len(words) > 1:
            groups |= by_sex(item, words)
    return groups


def by_sex(item: str, words: set[Word]) -> dict[str, set[Word]]:
    """Patronymics, which rigour numbers with an X, hold for sons or for daughters."""
    if not item.startswith("X"):
        return {item: words}
    daughters = {word for word in words if word[1].endswith(("a", "а"))}
    return {f"{item}f": daughters, f"{item}m": words - daughters}


def coherent(words: set[Word], heard: dict[Word, tuple[str, ...]]) -> set[Word]:
    """A group's words without those that are another name."""
    syllable = any(len(w) == 1 and s in (Script.HAN, Script.HANGUL) for s, w in words)
    latin = sorted(w for s, w in words if s is Script.LATIN and w.isascii() and w.isalpha())
    kept: set[Word] = set() if syllable else {(Script.LATIN, w) for w in latin if fits(w, latin)}
    for script, word in words:
        if script is Script.LATIN or (syllable and script in (Script.HAN, Script.HANGUL)):
            continue
        sounds = heard[script, word]
        closest = max((likeness(s, w) for s in sounds for _, w in kept), default=1.0)
        if script in UNHEARD or not kept or closest >= ALIKE_ACROSS:
            kept.add((script, word))
    return kept if len(kept) > 1 else set()


def fits(word: str, others: list[str]) -> bool:
    """Like at least half of the other Latin spellings."""
    alike = [likeness(word, other) >= ALIKE for other in others if other != word]
    return not alike or sum(alike) * 2 >= len(alike)


def without_subsets(groups: dict[str, set[Word]]) -> dict[str, set[Word]]:
    """Groups that link something which no larger one does."""
    kept: dict[str, set[Word]] = {}
    holders: dict[Word, set[str]] = defaultdict(set)
    for item in sorted(groups, key=lambda item: (-len(groups[item]), item)):
        words = groups[item]
        if words and not set.intersection(*(holders[word] for word in words)):
            kept[item] = words
            for word in words:
                holders[word].add(item)
    return kept


def usual_spellings(script: Script, sounds: tuple[str, ...], latin: Counter[str]) -> list[str]:
    """The commonest, best-known Latin spellings that sound as the word reads."""
    ranked = []
    for spelling, count in latin.items():
        if spelling.endswith(FEMALE) and not any(sound.endswith(("a", "h")) for sound in sounds):
            continue
        like = max((likeness(spelling, sound) for sound in sounds), default=0.0)
        if script in UNHEARD or like >= USUAL:
            share = background_share(NameToken(spelling, (), Script.LATIN))
            common = 0.3 + 3 * share if share > RARE else 0.0
            ranked.append((-(like + 0.1 * min(count, 5) + common), spelling))
    return [spelling for _, spelling in sorted(ranked)[:MOST_SPELLINGS]]


def main() -> None:
    """Write one table a script."""
    groups = read_groups()
    words = {word for members in groups.values() for word in members}
    heard: dict[Word, tuple[str, ...]] = {
        (s, w): readings(w, s) for s, w in words if s is not Script.LATIN
    }
    linked = without_subsets({item: coherent(m, heard) for item, m in groups.items()})
    items: dict[Word, list[str]] = defaultdict(list)
    for item in sorted(linked, key=lambda item: (-len(linked[item]), item)):
        for word in linked[item]:
            items[word].append(item.removeprefix("Q"))
    latin: dict[Word, Counter[str]] = defaultdict(Counter)
    for members in groups.values():
        plain = [w for s, w in members if s is Script.LATIN and w.isascii() and w.isalpha()]
        for word in members:
            if word[0] is not Script.LATIN:
                latin[word].update(plain)
    tables: dict[Script, list[str]] = defaultdict(list)
    for known in sorted(items.keys() | latin.keys()):
        script, text = known
        usual = " ".join(usual_spellings(script, heard.get(known, ()), latin[known]))
        linking = " ".join(items[known][:MOST_GROUPS])
        if linking or usual:
            tables[script].append(f"{text}\t{linking}\t{usual}")
    version = importlib.metadata.version("rigour")
    for script, table in tables.items():
        head = f"# word, name-groups, usual spellings: rigour {version} (MIT), Wikidata (CC0)."
        packed = gzip.compress("\n".join([head, *table, ""]).encode(), 9, mtime=0)
        (DATA / f"groups_{script}.tsv.gz").write_bytes(packed)
        sys.stdout.write(f"{script}: {len(table)} words, {len(packed)} bytes\n")


if __name__ == "__main__":
    main()
