"""Training a linear model from labelled messages, by scikit-learn.

Rules
 A label needs ten messages with it and one without; others are said and left out. A feature needs
 two messages. Rarity is ln((1 + messages) / (1 + messages with it)) + 1. Each feature counts as
 much as it tells of the label: it is scaled by the logarithm of how much more of it the messages
 with the label have (Wang and Manning 2012, "NB-SVM"). Each label is then a logistic regression
 with L2 and balanced weights; its threshold is the one with the best F1 on messages it was not
 trained on (five folds, stratified), drawn to 0.5 where few messages tell.
 The same messages give the same model. `_STRENGTH` and `_SMOOTHING` were chosen by
 cross-validation within the training folds of `benchmarks/crisis.py`.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reknit.language.detect import detect, language_code
from reknit.language.errors import LabelsError
from reknit.language.features import FAMILIES, features_of
from reknit.language.linear import URGENT_LABEL, Floats, MessageModel, vector_of
from reknit.language.signals import Signals, read_signals
from reknit.language.values import UNDETERMINED

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEWEST = 10
_FOLDS = 5
_STRENGTH = 0.02
_SMOOTHING = 0.3
_FEWEST_MESSAGES = 2
_MOST_PIECES = 60_000
_SEED = 0
_PRIOR = 8.0
_SHARES = {"pieces": 1.0, "words": 1.0, "senses": 0.7}
"""How much of a message's length each family of features has: the rules' senses are few and sure,
so that with as much as the letters they would decide alone."""
_URGENT = 4
Features = Mapping[str, Counter[str]]
Progress = Callable[[str, float], None]
Wanted = npt.NDArray[np.int8]
"""1 for each message with a label, else 0."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled message. language: what was stated; urgency: 1 to 5, None where not said."""

    text: str
    categories: frozenset[str]
    language: str | None = None
    urgency: int | None = None


@dataclass(frozen=True)
class Trained:
    """A model, and the labels that too few messages had (with how many)."""

    model: MessageModel
    left_out: tuple[tuple[str, int], ...]


def train_model(messages: Sequence[Labelled], progress: Progress | None = None) -> Trained:
    """Train on labelled messages. LabelsError where no label can be learned."""
    show = progress or (lambda doing, share: None)
    counts = Counter(label for message in messages for label in message.categories)
    if any(message.urgency is not None for message in messages):
        counts[URGENT_LABEL] = sum((m.urgency or 0) >= _URGENT for m in messages)
    labels = tuple(
        sorted(label for label, count in counts.items() if FEWEST <= count < len(messages))
    )
    if not labels:
        raise LabelsError(
            "the labelled messages", f"no category has {FEWEST} messages and one without",
            "label more messages",
        )  # fmt: skip
    show("Reading messages", 0.0)
    seen = [features_of(read_labelled(message)) for message in messages]
    vocabulary, rarity = _vocabulary(seen)
    show("Reading messages", 0.2)
    shares = np.concatenate(
        [np.full(len(vocabulary[name]), _SHARES[name], np.float32) for name in FAMILIES]
    )
    table = _table(seen, vocabulary, rarity).multiply(shares).tocsr()
    wanted = {label: _wanted(messages, label) for label in labels}
    weights = np.zeros((table.shape[1], len(labels)), np.float32)
    bias, thresholds = np.zeros(len(labels), np.float32), np.zeros(len(labels), np.float32)
    for number, label in enumerate(labels):
        show(f"Learning {label}", 0.2 + 0.8 * number / len(labels))
        fitted, bias[number] = _fit(table, wanted[label])
        weights[:, number] = fitted * shares
        thresholds[number] = _threshold(table, wanted[label])
    model = MessageModel(
        labels, thresholds, vocabulary, rarity, weights, bias, _version(weights, bias)
    )
    left_out = tuple((label, count) for label, count in counts.items() if label not in labels)
    return Trained(model, left_out)


def read_labelled(message: Labelled) -> Signals:
    """The signals of a message in the language that was stated, else detected."""
    language = language_code(message.language)
    if language is None:
        found = detect(message.text)
        language = found.language
        if language == UNDETERMINED and found.guess is not None and found.script == "latin":
            language = found.guess
    return read_signals(message.text, language)


def _wanted(messages: Sequence[Labelled], label: str) -> Wanted:
    if label == URGENT_LABEL:
        return np.array([(m.urgency or 0) >= _URGENT for m in messages], np.int8)
    return np.array([label in m.categories for m in messages], np.int8)


def _vocabulary(seen: Sequence[Features]) -> tuple[dict[str, dict[str, int]], Floats]:
    """The number of each feature that enough messages have, and its rarity."""
    holders: dict[str, Counter[str]] = {family: Counter() for family in FAMILIES}
    for one in seen:
        for family, counts in one.items():
            holders[family].update(counts.keys())
    vocabulary: dict[str, dict[str, int]] = {}
    rarity: list[float] = []
    for family in FAMILIES:
        kept = [(f, n) for f, n in holders[family].items() if n >= _FEWEST_MESSAGES]
        kept = sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:_MOST_PIECES]
        first = len(rarity)
        vocabulary[family] = {feature: first + i for i, (feature, _) in enumerate(kept)}
        rarity += [float(np.log((1 + len(seen)) / (1 + n))) + 1.0 for _, n in kept]
    return vocabulary, np.array(rarity, np.float32)


def _table(
    seen: Sequence[Features], vocabulary: dict[str, dict[str, int]], rarity: Floats
) -> csr_matrix:
    from scipy.sparse import csr_matrix

    vectors = [vector_of(one, vocabulary, rarity) for one in seen]
    starts = np.cumsum([0, *(len(places) for places, _ in vectors)])
    places = np.concatenate([places for places, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    return csr_matrix((values, places, starts), shape=(len(seen), len(rarity)))


def _fit(table: csr_matrix, wanted: Wanted) -> tuple[Floats, float]:
    """The weight of each feature, and the bias."""
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    tells = _tells(table, wanted)
    fitted = LogisticRegression(
        C=_STRENGTH, class_weight="balanced", solver="liblinear", random_state=_SEED,
        dual=True, max_iter=1_000,
    ).fit(table @ diags(tells), wanted)  # fmt: skip
    weights: Floats = fitted.coef_[0].astype(np.float32) * tells
    return weights, float(fitted.intercept_[0])


def _tells(table: csr_matrix, wanted: Wanted) -> Floats:
    """What each feature tells of a label: the log-count ratio of Wang and Manning 2012 (r), here of
    the mean of a feature's values over the messages with and without the label, of mean size 1."""
    means = [
        (np.asarray(table[wanted == one].sum(axis=0)).ravel() + _SMOOTHING)
        / ((wanted == one).sum() + _SMOOTHING)
        for one in (1, 0)
    ]
    ratio = np.log(means[0] / means[1])
    size = float(np.abs(ratio).mean()) or 1.0
    return np.asarray(ratio / size, np.float32)


def _threshold(table: csr_matrix, wanted: Wanted) -> float:
    """The least probability that gives the best F1 on messages that were not trained on."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros(len(wanted))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for learn, test in folds.split(table, wanted):
        weights, bias = _fit(table[learn], wanted[learn])
        scores[test] = table[test] @ weights + bias
    return best_threshold(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))), wanted)


def best_threshold(chances: npt.NDArray[np.float64], wanted: Wanted) -> float:
    """Where F1 is best, drawn to 0.5 as if `_PRIOR` more messages had said so.

    >>> best_threshold(np.array([0.1, 0.2, 0.6, 0.9] * 50), np.array([0, 0, 1, 1] * 50)) < 0.6
    True
    """
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(wanted[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + wanted.sum())
    best = int(f1.argmax())
    here = float(chances[order[best]])
    below = float(chances[order[best + 1]]) if best + 1 < len(order) else 0.0
    found = (here + below) / 2
    positives = float(wanted.sum())
    return (found * positives + 0.5 * _PRIOR) / (positives + _PRIOR)


def _version(weights: Floats, bias: Floats) -> str:
    return f"{zlib.crc32(bias.tobytes(), zlib.crc32(weights.tobytes())):08x}"
