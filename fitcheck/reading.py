"""What labelled scenarios say about an idea, in numpy alone.

Four views of an idea, each a linear model fitted by `fitcheck train`: the wording of the
whole text, the wording of its core task, the meaning (an encoder's vectors of both), and
the concepts that a reader notices before judging. Each gives log-odds for the four
verdicts; `fitcheck.combine` weighs them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import CONCEPTS, Scenario, read_scenario, scenario_lines
from fitcheck.encoder import Encoder, StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.lexical import Features, count_features, weigh
from fitcheck.records import LEARNED, Neighbour, UseCase
from fitcheck.text import Language

__all__ = [
    "CARD",
    "LITERALS",
    "VIEWS",
    "WEIGHTS",
    "Readings",
    "ScenarioReader",
    "concept_columns",
    "known_concepts",
    "settle",
]

VIEWS = ("whole text", "core task", "meaning", "concepts")
WEIGHTS = "classifier.safetensors"
CARD = "card.json"
LITERALS = "literals.json"

Floats = npt.NDArray[np.float32]

_FACT_CONCEPTS: dict[str, tuple[str, dict[Any, str]]] = {
    "decides": ("decides", {}),
    "input": ("input", {}),
    "format": ("format", {}),
    "stakes": ("stakes", {}),
    "human_review": ("review", {True: "yes", False: "no"}),
    "existing_quality": ("existing", {"works": "works", "poor": "poor", "none": "unsaid"}),
}


@dataclass(frozen=True, slots=True)
class Readings:
    """What the views say about a block of ideas.

    Attributes:
        views: By view, log-odds in nats, shape (n_ideas, 4), rows centred on zero.
        concepts: Probabilities of all concepts' values side by side, shape (n_ideas, n_values).
        vectors: The static encoder's vectors of the whole texts, shape (n_ideas, dim).
    """

    views: dict[str, Floats]
    concepts: Floats
    vectors: Floats


@lru_cache(maxsize=1)
def concept_columns() -> dict[str, slice]:
    """Return where each concept's values stand among the columns of `Readings.concepts`."""
    columns, begin = {}, 0
    for name, values in CONCEPTS.items():
        columns[name] = slice(begin, begin + len(values))
        begin += len(values)
    return columns


def known_concepts(use_case: UseCase) -> dict[str, str]:
    """Return the concepts that the given facts settle."""
    settled = {}
    for fact, (concept, names) in _FACT_CONCEPTS.items():
        value = getattr(use_case, fact)
        if value is not None:
            settled[concept] = names.get(value, str(value))
    return settled


def settle(concepts: Floats, known: Sequence[Mapping[str, str]]) -> Floats:
    """Put certainty where a fact settles a concept.

    Args:
        concepts: Probabilities, shape (n_ideas, n_values).
        known: For each idea the concepts that its facts settle.
    """
    if not any(known):
        return concepts
    out = concepts.copy()
    for name, columns in concept_columns().items():
        for row, settled in enumerate(known):
            if name in settled:
                out[row, columns] = [float(v == settled[name]) for v in CONCEPTS[name]]
    return out


@dataclass(slots=True)
class ScenarioReader:
    """Reads ideas with a model that `fitcheck train` wrote.

    Args:
        tensors: The weights, as `WEIGHTS` holds them.
        card: The model card.
        static: The static encoder.
        encoder: The encoder of the `meaning` view; the static one unless another was asked for.
        meaning: Weights of the `meaning` view for that encoder: shape (2 * dim, 4) and (4,).
        corpora: The scenarios' folder, for neighbours' texts; None for the shipped one.
    """

    tensors: Mapping[str, npt.NDArray[np.generic]]
    card: Mapping[str, Any]
    static: StaticEncoder
    encoder: Encoder
    meaning: tuple[Floats, Floats]
    corpora: Path | None = None
    _lines: list[bytes] = field(default_factory=list, repr=False)
    _vectors: Floats | None = field(default=None, repr=False)

    @classmethod
    def load(cls, folder: Path, *, corpora: Path | None = None) -> ScenarioReader:
        """Load a model folder.

        Raises:
            ModelUnavailable: A file is missing or broken; says what to run.
        """
        from safetensors.numpy import load_file

        try:
            card = json.loads((folder / CARD).read_text("utf-8"))
            tensors = load_file(folder / WEIGHTS)
            meaning = (tensors["meaning.weight"].astype(np.float32), tensors["meaning.bias"].astype(np.float32))
        except Exception as error:
            raise ModelUnavailable(f"{folder}: no model there ({error}); run: fitcheck train") from None
        static = StaticEncoder.load(folder)
        return cls(tensors, card, static, static, meaning, corpora)

    def read(self, whole: Sequence[str], core: Sequence[str], known: Sequence[Mapping[str, str]]) -> Readings:
        """Read a block of ideas.

        Args:
            whole: The folded texts.
            core: The folded core tasks, in the same order.
            known: For each idea the concepts that its facts settle.
        """
        words = self._words(whole)
        core_words = self._words(core)
        vectors = self.static.encode(whole)
        meaning = vectors if self.encoder is self.static else self.encoder.encode(whole)
        core_meaning = self.encoder.encode(core)
        weight, bias = self.meaning
        concepts = self._concepts(words, vectors, known)
        views = {
            "whole text": _centred(words.dot(self.tensors["whole.weight"]) + self._float("whole.bias")),
            "core task": _centred(core_words.dot(self.tensors["core.weight"]) + self._float("core.bias")),
            "meaning": _centred(np.hstack([meaning, core_meaning]) @ weight + bias),
            "concepts": self.from_concepts(concepts),
        }
        return Readings(views, concepts, vectors)

    def from_concepts(self, concepts: Floats) -> Floats:
        """Return the `concepts` view of concept probabilities, shape (n_ideas, 4)."""
        return _centred(concepts @ self._float("concepts.verdict.weight") + self._float("concepts.verdict.bias"))

    def neighbours(self, vector: Floats, lang: Language, count: int = 3) -> tuple[Neighbour, ...]:
        """Return the scenarios in a language whose static vectors lie nearest to one vector, shape (dim,)."""
        similarity = (self._neighbours() @ vector) * self._float("neighbours.scale")
        similarity[self.tensors["neighbours.is_zh"].astype(bool) != (lang == "zh")] = -1.0
        nearest = np.argpartition(-similarity, min(count, len(similarity) - 1))[:count]
        found = []
        for row in sorted(nearest.tolist(), key=lambda r: (-similarity[r], r)):
            s = self._scenario(int(self.tensors["neighbours.line"][row]))
            found.append(Neighbour(s.id, s.text, s.verdict, s.category, round(float(similarity[row]), 3)))
        return tuple(found)

    def _neighbours(self) -> Floats:
        if self._vectors is None:
            self._vectors = self._float("neighbours.int8")
        return self._vectors

    def _scenario(self, line: int) -> Scenario:
        if not self._lines:
            self._lines.extend(scenario_lines(self.corpora))
        return read_scenario(self._lines[line].decode("utf-8"), "corpora", line + 1)

    def _words(self, texts: Sequence[str]) -> Features:
        return weigh(count_features(texts), self.tensors["words.idf"])

    def _concepts(self, words: Features, vectors: Floats, known: Sequence[Mapping[str, str]]) -> Floats:
        scores = (
            words.dot(self.tensors["concepts.words.int8"], shift=1) * self._float("concepts.words.scale")
            + vectors @ self._float("concepts.meaning.weight")
            + self._float("concepts.bias")
        )
        for columns in concept_columns().values():
            scores[:, columns] = _softmax(scores[:, columns])
        return settle(scores, known)

    def _float(self, name: str) -> Floats:
        return self.tensors[name].astype(np.float32)


def _centred(scores: Floats) -> Floats:
    assert scores.shape[1] == len(LEARNED)
    return np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float32)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
