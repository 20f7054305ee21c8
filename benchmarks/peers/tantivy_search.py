"""tantivy (an inverted index in Rust) with fuzzy terms, its answers scored again by rapidfuzz.

    python -m benchmarks.peers.tantivy_search PEOPLE QUERIES OUT

Prints, as JSON, records indexed a second, bytes a record on disk, and the 50th and 95th
percentile of the time an answer took, scoring again included.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import tantivy
from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

RETRIEVED, ANSWERED = 100, 10
HEAP_BYTES = 256_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=False)
    for field in ("birth", "year", "town"):
        builder.add_text_field(field, stored=False, tokenizer_name="raw")
    builder.add_unsigned_field("row", stored=True)
    return builder.build()


def _columns(file: str) -> dict[str, list[str]]:
    people = pl.read_csv(file, infer_schema=False).fill_null("")
    absent = {"given_name", "family_name", "full_name", "home_city"} - set(people.columns)
    people = people.with_columns(pl.lit("").alias(name) for name in absent)
    return people.select(
        "person_record_id",
        name=pl.concat_str("full_name", "given_name", "family_name", separator=" ")
        .str.strip_chars()
        .str.to_lowercase(),
        birth="date_of_birth",
        town=pl.col("home_city").str.to_lowercase(),
    ).to_dict(as_series=False)


def _build(people: dict[str, list[str]], schema: tantivy.Schema, folder: str) -> tantivy.Index:
    index = tantivy.Index(schema, path=folder)
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=2)
    rows = zip(people["name"], people["birth"], people["town"], strict=True)
    for row, (name, birth, town) in enumerate(rows):
        document = tantivy.Document(name=[name], birth=[birth], year=[birth[:4]], town=[town])
        document.add_unsigned("row", row)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _query(schema: tantivy.Schema, name: str, birth: str, town: str) -> tantivy.Query:
    should, query = tantivy.Occur.Should, tantivy.Query
    parts = [(should, query.term_query(schema, "name", word)) for word in name.split()]
    parts += [
        (should, query.boost_query(query.fuzzy_term_query(schema, "name", word, distance=1), 4.0))
        for word in name.split()
    ]
    if birth:
        parts.append((should, query.term_query(schema, "year", birth[:4])))
    if len(birth) == 10:
        parts.append((should, query.term_query(schema, "birth", birth)))
    if town:
        parts.append((should, query.term_query(schema, "town", town)))
    return query.boolean_query(parts)


def _score(asked: tuple[str, str, str], known: tuple[str, str, str]) -> float:
    name = fuzz.token_sort_ratio(asked[0], known[0]) / 100
    birth = DamerauLevenshtein.normalized_similarity(asked[1], known[1][: len(asked[1])] or "?")
    town = DamerauLevenshtein.normalized_similarity(asked[2], known[2] or asked[2])
    return name + 0.6 * birth + (0.2 * town if asked[2] else 0.0)


def main(people_file: str, queries_file: str, out: str) -> None:
    """Build, ask each query, write the answers."""
    people, queries = _columns(people_file), _columns(queries_file)
    schema = _schema()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        index = _build(people, schema, folder)
        built = time.perf_counter() - started
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        searcher = index.searcher()
        answers, seconds = [], []
        known = list(zip(people["name"], people["birth"], people["town"], strict=True))
        asked = zip(queries["name"], queries["birth"], queries["town"], strict=True)
        for sought_id, query in zip(queries["person_record_id"], asked, strict=True):
            started = time.perf_counter()
            hits = searcher.search(_query(schema, *query), RETRIEVED).hits
            rows = [searcher.doc(address)["row"][0] for _, address in hits]
            scored = sorted(((_score(query, known[row]), -row) for row in rows), reverse=True)
            seconds.append(time.perf_counter() - started)
            answers += [
                (sought_id, people["person_record_id"][-row], rank, score)
                for rank, (score, row) in enumerate(scored[:ANSWERED], start=1)
            ]
    pl.DataFrame(
        answers, schema=["sought_id", "found_id", "rank", "probability"], orient="row"
    ).write_csv(out)
    p50, p95 = np.quantile(seconds, [0.5, 0.95]) * 1000
    figures = {
        "records_per_second": len(known) / built,
        "bytes_per_record": size / len(known),
        "p50_ms": p50,
        "p95_ms": p95,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:4])
