"""A linear model of messages: labels that were learned, beside the rules.

Rules
 The file holds words, numbers and label names only (numpy's own format without pickled objects),
 so that opening one runs nothing. Applying it needs numpy alone.
 Beside the rules: for a label that the model learned, the model decides, but a danger that the
 rules found stays; a label that it did not learn is the rules'. It may raise the urgency to 4 and
 never lowers it. Each label it gives says its probability and the words that weighed most.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from reknit.language.errors import ModelError
from reknit.language.features import FAMILIES, features_of
from reknit.language.signals import Signals
from reknit.language.values import (
    DANGER,
    Category,
    CategoryReason,
    Made,
    Urgency,
)

FORMAT = 1
URGENT_LABEL = "urgency:4"
"""What the model calls the label "urgent" that it learned from an urgency column."""
_METHOD = "linear model"
_MOST_WORDS = 3
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class MessageModel:
    """labels: what it tells. thresholds: the least probability for each. vocabulary: the number of
    each feature, by family. weights: features × labels, scaled by rarity; bias: one a label.
    version: of the model's file, said with every result.
    """

    labels: tuple[str, ...]
    thresholds: Floats
    vocabulary: Mapping[str, Mapping[str, int]]
    rarity: Floats
    weights: Floats
    bias: Floats
    version: str

    def probabilities(self, signals: Signals) -> dict[str, float]:
        """The probability of each label, 0 to 1."""
        places, values = self.vector(signals)
        scores = self.bias + values @ self.weights[places]
        chances = 1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))
        return dict(zip(self.labels, map(float, chances), strict=True))

    def vector(self, signals: Signals) -> tuple[npt.NDArray[np.int64], Floats]:
        """Which features a message has, and how much of each."""
        return vector_of(features_of(signals), self.vocabulary, self.rarity)

    def given(self, signals: Signals) -> list[tuple[str, float]]:
        """The labels whose probability reaches their threshold, with it."""
        chances = self.probabilities(signals)
        return [
            (label, chances[label])
            for label, least in zip(self.labels, self.thresholds, strict=True)
            if chances[label] >= least
        ]

    def beside(
        self, about: Sequence[CategoryReason], urgency: Urgency, signals: Signals
    ) -> tuple[tuple[CategoryReason, ...], Urgency]:
        """Categories and urgency of rules and model together."""
        given = dict(self.given(signals))
        raised = given.pop(URGENT_LABEL, None)
        kept = [
            reason
            for reason in about
            if reason.category in DANGER
            or (reason.category not in self.labels and reason.category != Category.OTHER)
            or str(reason.category) in given
        ]
        there = {str(reason.category) for reason in kept}
        for label, chance in given.items():
            if label not in there:
                words = self._words(label, signals)
                kept.append(
                    CategoryReason(label, words, Made(_METHOD, self.version, round(chance, 3)))
                )
        if not kept:
            kept = [CategoryReason(str(Category.OTHER), ())]
        if raised is not None and urgency.level < 4:
            why = f"the trained model says urgent (probability {raised:.2f})"
            made = Made(f"rules, {_METHOD}", self.version, round(raised, 3))
            urgency = Urgency(4, (*urgency.reasons, why), made)
        return tuple(kept), urgency

    def _words(self, label: str, signals: Signals) -> tuple[str, ...]:
        """The words of the message that speak most for a label, as written."""
        column = self.labels.index(label)
        known = self.vocabulary["words"]
        weighed = []
        for word in signals.folded.words:
            place = known.get(word.text)
            if place is not None and self.weights[place, column] > 0.0:
                written = signals.text[word.start : word.end]
                weighed.append((-float(self.weights[place, column] * self.rarity[place]), written))
        return tuple(dict.fromkeys(word for _, word in sorted(weighed)))[:_MOST_WORDS]

    def save(self, path: Path | BinaryIO) -> None:
        """Write the model; the same model gives the same bytes."""
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "thresholds": self.thresholds,
            "rarity": self.rarity,
            "weights": self.weights.astype(np.float16),
            "bias": self.bias,
        }
        head = {
            "format": FORMAT,
            "version": self.version,
            "labels": list(self.labels),
            "vocabulary": {name: list(self.vocabulary[name]) for name in FAMILIES},
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            _put(file, "model.json", json.dumps(head, ensure_ascii=False).encode())
            for name, array in arrays.items():
                stream = io.BytesIO()
                np.save(stream, array, allow_pickle=False)
                _put(file, f"{name}.npy", stream.getvalue())

    @classmethod
    def load(cls, path: Path | BinaryIO) -> MessageModel:
        """Read a model. ModelError where the file is none, or one of another version."""
        name = path.name if isinstance(path, Path) else "the model"
        try:
            with zipfile.ZipFile(path) as file:
                head = json.loads(file.read("model.json"))
                arrays = {
                    name: np.load(io.BytesIO(file.read(f"{name}.npy")), allow_pickle=False)
                    for name in ("thresholds", "rarity", "weights", "bias")
                }
            if head["format"] != FORMAT:
                raise ModelError(
                    name, f"is a model of format {head['format']}, not {FORMAT}",
                    "train it again with `reknit messages train`",
                )  # fmt: skip
            return cls._from(head, arrays)
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
            raise ModelError(
                name, "is no model of messages",
                "train one with `reknit messages train FILE --out MODEL`",
            ) from error  # fmt: skip

    @classmethod
    def _from(
        cls, head: Mapping[str, object], arrays: Mapping[str, npt.NDArray[np.generic]]
    ) -> MessageModel:
        labels = head["labels"]
        families = head["vocabulary"]
        if not isinstance(labels, list) or not isinstance(families, dict):
            raise ValueError("labels and vocabulary")
        vocabulary: dict[str, dict[str, int]] = {}
        count = 0
        for name in FAMILIES:
            vocabulary[name] = {feature: count + i for i, feature in enumerate(families[name])}
            count += len(vocabulary[name])
        found = {name: array.astype(np.float32) for name, array in arrays.items()}
        if found["weights"].shape != (count, len(labels)) or found["rarity"].shape != (count,):
            raise ValueError("the weights do not fit the vocabulary")
        if found["bias"].shape != (len(labels),) or found["thresholds"].shape != (len(labels),):
            raise ValueError("a bias and a threshold for each label")
        return cls(
            tuple(map(str, labels)), found["thresholds"], vocabulary, found["rarity"],
            found["weights"], found["bias"], str(head["version"]),
        )  # fmt: skip


def vector_of(
    features: Mapping[str, Counter[str]],
    vocabulary: Mapping[str, Mapping[str, int]],
    rarity: Floats,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Numbers of the known features of a message and their values, each family of length one."""
    places: list[int] = []
    values: list[float] = []
    for family, counts in features.items():
        known = vocabulary[family]
        here = [
            (place, (1.0 + log(count)) * float(rarity[place]))
            for feature, count in counts.items()
            if (place := known.get(feature)) is not None
        ]
        length = sqrt(sum(value * value for _, value in here)) or 1.0
        places += [place for place, _ in here]
        values += [value / length for _, value in here]
    return np.array(places, np.int64), np.array(values, np.float32)


def _put(file: zipfile.ZipFile, name: str, data: bytes) -> None:
    """With a fixed time, so that the file depends on its content alone."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(entry, data)
