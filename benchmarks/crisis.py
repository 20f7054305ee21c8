"""crisis_messages: categories by rules and trained beside letter n-grams, urgency, and speed.

    python -m benchmarks.crisis --data DIR [--trained [--seed N]]

Rules: the rules never see a label; the trained model and its peer (n-grams of 2 to 5 letters within
words, TF-IDF, logistic regression with balanced weights) get the same rows of the same five folds,
stratified by what is asked for, and thresholds are chosen within the training rows. Labels with 30
messages or more. Urgent is level 4 or 5; the interval is Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

from benchmarks.bench import OURS, Bench, Figure

NAME = "crisis_messages"
PEER = "letter n-grams"
MAPPED = {
    "medical": ("medical_help", "medical_products"),
    "rescue": ("search_and_rescue",),
    "threat": ("security",),
    "sought": ("missing_people",),
    "shelter": ("shelter",),
    "food": ("food",),
    "water": ("water",),
    "death": ("death",),
    "transport": ("transport",),
}
NO_LABELS = {"id", "split", "message", "original", "genre", "event", "date_haiti"}
FEWEST, FOLDS, URGENT = 30, 5, 4
Row = dict[str, str]
Labels = npt.NDArray[np.int8]


def read(data: Path) -> list[Row]:
    """The rows of the data set."""
    with (data / NAME / "shared.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def with_original(rows: Sequence[Row]) -> list[Row]:
    """Those whose untranslated text is there."""
    return [row for row in rows if row["original"].strip() not in ("", "NULL")]


def run(bench: Bench) -> Iterator[Figure]:
    """Rules, urgency and speed; the trained comparison takes minutes: --trained."""
    rows = read(bench.data)
    for column, chosen in (("message", rows), ("original", with_original(rows))):
        scores = rules(chosen, column)
        yield Figure(NAME, OURS, f"rules, mean F1, {column}", fmean(scores.values()))
    found, urgent, share = urgency(rows)
    yield Figure(NAME, OURS, "urgent requests found", found / urgent)
    yield Figure(NAME, OURS, "called urgent, share", share)


def rules(rows: Sequence[Row], column: str) -> dict[str, float]:
    """F1 of each category by rules alone."""
    from reknit.language import triage

    given = [set(triage(row[column]).categories) for row in rows]
    return {
        category: f1(
            np.array([any(row[label] == "1" for label in labels) for row in rows], np.int8),
            np.array([category in one for one in given], np.int8),
        )
        for category, labels in MAPPED.items()
    }


def urgency(rows: Sequence[Row]) -> tuple[int, int, float]:
    """Requests with medical help or rescue that are called urgent, all of them, share of all."""
    from reknit.language import triage

    called = [triage(row["message"]).urgency.level >= URGENT for row in rows]
    wanted = [
        row["request"] == "1" and "1" in (row["medical_help"], row["search_and_rescue"])
        for row in rows
    ]
    found = sum(one and other for one, other in zip(called, wanted, strict=True))
    return found, sum(wanted), fmean(called)


def trained(rows: Sequence[Row], column: str, seed: int = 0) -> dict[str, tuple[float, float]]:
    """F1 of each label: the peer's and ours, over five folds. seed: of the folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    from reknit.language.training import Labelled, train_model

    texts = [row[column] for row in rows]
    truth = {
        label: np.array([row[label] == "1" for row in rows], np.int8)
        for label in rows[0]
        if label not in NO_LABELS
    }
    truth = {n: y for n, y in truth.items() if FEWEST <= y.sum() <= len(rows) - FEWEST}
    asked = [row["request"] + row["aid_related"] + row["medical_help"] for row in rows]
    peer = {label: np.zeros(len(rows), np.int8) for label in truth}
    ours = {label: np.zeros(len(rows), np.int8) for label in truth}
    language = "en" if column == "message" else None
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learn, test in folds.split(texts, asked):
        letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2
        )
        seen = letters.fit_transform([texts[i] for i in learn])
        unseen = letters.transform([texts[i] for i in test])
        for label, y in truth.items():
            model = LogisticRegression(C=10, class_weight="balanced", solver="liblinear")
            peer[label][test] = model.fit(seen, y[learn]).predict(unseen)
        labelled = [
            Labelled(texts[i], frozenset(n for n, y in truth.items() if y[i]), language)
            for i in learn
        ]
        learned = train_model(labelled).model
        for i in test:
            for label in given_by(learned, texts[i], language):
                ours[label][i] = 1
    return {label: (f1(y, peer[label]), f1(y, ours[label])) for label, y in truth.items()}


def given_by(model: object, text: str, language: str | None) -> list[str]:
    """The labels that a trained model gives a text."""
    from reknit.language.linear import MessageModel
    from reknit.language.training import Labelled, read_labelled

    assert isinstance(model, MessageModel)
    signals = read_labelled(Labelled(text, frozenset(), language))
    return [label for label, _ in model.given(signals)]


def f1(truth: Labels, found: Labels) -> float:
    """2 · right / (true + found); 0 where nothing is right."""
    right = int((truth & found).sum())
    return 2 * right / max(int(truth.sum() + found.sum()), 1)


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> [round(bound, 2) for bound in wilson(79, 93)]
    [0.76, 0.91]
    """
    z, share = 1.96, right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return middle - half, middle + half


def main(arguments: Sequence[str]) -> int:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crisis")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--trained", action="store_true", help="also train, five times each")
    parser.add_argument("--seed", type=int, default=0, help="of the folds")
    options = parser.parse_args(arguments)
    warnings.filterwarnings("ignore", category=FutureWarning)
    rows = read(options.data)
    sets = (("message", rows), ("original", with_original(rows)))
    for column, chosen in sets:
        scores = rules(chosen, column)
        print(f"rules, {column}, {len(chosen):,} rows: mean F1 {fmean(scores.values()):.3f}")
        print("  " + "  ".join(f"{name} {score:.3f}" for name, score in scores.items()))
    found, wanted, share = urgency(rows)
    low, high = wilson(found, wanted)
    print(
        f"urgent requests found: {found} of {wanted}, {found / wanted:.3f} "
        f"(95 %: {low:.3f} to {high:.3f}); called urgent {share:.3f} of all"
    )
    started = time.process_time()
    rules(rows, "message")
    print(f"speed: {len(rows) / (time.process_time() - started):,.0f} messages/s of CPU, no places")
    for column, chosen in sets if options.trained else ():
        both = trained(chosen, column, options.seed)
        theirs, ours = (fmean(pair[i] for pair in both.values()) for i in (0, 1))
        print(f"trained, {column}, {len(both)} labels: {PEER} {theirs:.3f}, reknit {ours:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
