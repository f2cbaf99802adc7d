"""What labelled scenarios say about an idea, in numpy alone.

Four views of an idea, each a linear model fitted by `fitcheck train`: the wording of the
whole text, the wording of its core task, the meaning (an encoder's vectors of both), and
the concepts that a reader notices before judging. Where they stay unsure, a fifth reads
again: the tuned encoder. Each gives log-odds for the four verdicts; `fitcheck.combine`
weighs them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import read_scenario, scenario_lines
from fitcheck.encoder import Encoder, StaticEncoder, load_static
from fitcheck.errors import ModelUnavailable
from fitcheck.lexical import Features, count_features, weigh
from fitcheck.records import LEARNED, Neighbour
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language
from fitcheck.tuned import TUNED, TunedEncoder

__all__ = [
    "CARD",
    "CONCEPT_SHIFT",
    "DEEP_VIEW",
    "FULL",
    "LITERALS",
    "NEIGHBOUR_DIM",
    "VIEWS",
    "WEIGHTS",
    "Readings",
    "ScenarioReader",
    "by_value",
    "concept_columns",
    "concepts_of",
    "known_concepts",
    "settle",
]

VIEWS = ("whole text", "core task", "meaning", "concepts")
DEEP_VIEW = "second reading"
"""The tuned encoder's, for ideas that the four views leave unsure."""
WEIGHTS = "classifier.safetensors"
CARD = "card.json"
FULL = "full weights"
"""On the card, the weights of ideas that the tuned encoder read too; `weights` are those of the first reading."""
LITERALS = "literals.json"

CONCEPT_SHIFT = 2
"""For the concepts, so many buckets of words share a weight: two to the power of this."""
NEIGHBOUR_DIM = 128
"""Neighbours are sought by the first axes of the static vectors, which hold the most of them."""

Floats = npt.NDArray[np.float32]

_FACT_CONCEPTS: dict[str, tuple[str, dict[Any, str]]] = {
    "task_category": ("category", {}),
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

    def of(self, rows: Sequence[int]) -> Readings:
        """Return the readings of some of the ideas."""
        picked = list(rows)
        views = {name: v[picked] for name, v in self.views.items()}
        return Readings(views, self.concepts[picked], self.vectors[picked])


@lru_cache(maxsize=1)
def concept_columns() -> dict[str, slice]:
    """Return where each concept's values stand among the columns of `Readings.concepts`."""
    columns, begin = {}, 0
    for name, values in CONCEPTS.items():
        columns[name] = slice(begin, begin + len(values))
        begin += len(values)
    return columns


def by_value(shares: Floats) -> dict[str, dict[str, float]]:
    """Return one idea's concepts with the probability of each of their values.

    Args:
        shares: All concepts' probabilities side by side, shape (n_values,).
    """
    found: list[float] = shares.tolist()
    return {name: dict(zip(CONCEPTS[name], found[columns], strict=True)) for name, columns in concept_columns().items()}


def known_concepts(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the concepts that facts settle, as `UseCase.facts` gives them."""
    settled = {}
    for fact, value in facts.items():
        if value is not None and fact in _FACT_CONCEPTS:
            concept, names = _FACT_CONCEPTS[fact]
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
    columns = concept_columns()
    for row, settled in enumerate(known):
        for name, value in settled.items():
            out[row, columns[name]] = _certain(name, value)
    return out


@lru_cache(maxsize=1_024)
def _certain(concept: str, value: str) -> Floats:
    """Return a concept's probabilities where its value is known."""
    return np.array([v == value for v in CONCEPTS[concept]], dtype=np.float32)


def concepts_of(scores: Floats) -> Floats:
    """Return the concepts' probabilities of their scores, side by side, shape (n_ideas, n_values)."""
    out = np.empty_like(scores)
    for columns in concept_columns().values():
        powers = np.exp(scores[:, columns] - scores[:, columns].max(axis=1, keepdims=True))
        out[:, columns] = powers / powers.sum(axis=1, keepdims=True)
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
        tuned: The tuned encoder; None where the model has none.
        corpora: The scenarios' folder, for neighbours' texts; None for the shipped one.
    """

    tensors: Mapping[str, npt.NDArray[np.generic]]
    card: Mapping[str, Any]
    static: StaticEncoder
    encoder: Encoder
    meaning: tuple[Floats, Floats]
    tuned: TunedEncoder | None = None
    corpora: Path | None = None
    _lines: list[bytes] = field(default_factory=list, repr=False)
    _known: dict[int, Neighbour] = field(default_factory=dict, repr=False)
    _kept: dict[str, Floats] = field(default_factory=dict, repr=False)

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
        static = load_static(folder)
        tuned = TunedEncoder(folder / TUNED, static) if "tuned.weight" in tensors else None
        return cls(tensors, card, static, static, meaning, tuned, corpora)

    def read(self, whole: Sequence[str], core: Sequence[str]) -> Readings:
        """Read a block of ideas.

        Args:
            whole: The folded texts.
            core: The folded core tasks, in the same order.
        """
        # of most short ideas all is core: what is the same twice is read once
        numbers = {text: n for n, text in enumerate(dict.fromkeys((*whole, *core)))}
        texts = list(numbers)
        at, core_at = (np.asarray([numbers[text] for text in block], dtype=np.int64) for block in (whole, core))
        features, static = self._words(texts), self.static.encode(texts)
        words, core_words, vectors = features.of(at), features.of(core_at), static[at]
        if self.encoder is self.static:
            meaning, core_meaning = vectors, static[core_at]
        else:
            meaning, core_meaning = self.encoder.encode(whole), self.encoder.encode(core)
        weight, bias = self.meaning
        concepts = self._concepts(words, vectors)
        views = {
            "whole text": _centred(words.dot(self.tensors["whole.weight"]) + self._float("whole.bias")),
            "core task": _centred(core_words.dot(self.tensors["core.weight"]) + self._float("core.bias")),
            "meaning": _centred(np.hstack([meaning, core_meaning]) @ weight + bias),
            "concepts": self.from_concepts(concepts),
        }
        return Readings(views, concepts, vectors)

    def read_again(self, first: Readings, whole: Sequence[str]) -> Readings:
        """Read with the tuned encoder too.

        Args:
            first: What `read` returned for these ideas.
            whole: The folded texts.
        """
        assert self.tuned is not None
        vectors = self.tuned.encode(whole)
        scores = vectors @ self._float("tuned.weight") + self._float("tuned.bias")
        again = concepts_of(scores[:, len(LEARNED) :])
        share = float(self.tensors["tuned.share"][0])
        concepts = share * again + (1 - share) * first.concepts
        views = {
            **first.views,
            "concepts": self.from_concepts(concepts),
            DEEP_VIEW: _centred(scores[:, : len(LEARNED)]),
        }
        return Readings(views, concepts, first.vectors)

    def from_concepts(self, concepts: Floats) -> Floats:
        """Return the `concepts` view of concept probabilities, shape (n_ideas, 4)."""
        return _centred(concepts @ self._float("concepts.verdict.weight") + self._float("concepts.verdict.bias"))

    def neighbours(self, vectors: Floats, langs: Sequence[Language], count: int = 3) -> list[tuple[Neighbour, ...]]:
        """Return for each idea the scenarios in its language whose static vectors lie nearest.

        Args:
            vectors: The ideas' static vectors, shape (n_ideas, dim).
            langs: Their languages.
            count: How many are wanted for each.
        """
        found: list[tuple[Neighbour, ...]] = [()] * len(langs)
        for lang in sorted(set(langs)):
            rows = [row for row, its in enumerate(langs) if its == lang]
            lines, table = self._neighbours(lang)
            near_axes = vectors[rows, :NEIGHBOUR_DIM]
            near_axes /= np.maximum(np.linalg.norm(near_axes, axis=1, keepdims=True), 1e-9)
            similarity = near_axes @ table
            nearest = np.argpartition(-similarity, min(count, similarity.shape[1] - 1), axis=1)[:, :count]
            for row, own, near in zip(rows, similarity, nearest.tolist(), strict=True):
                near.sort(key=lambda n: (-own[n], n))
                found[row] = tuple(self._neighbour(int(lines[n]), float(own[n])) for n in near)
        return found

    def _neighbour(self, line: int, similarity: float) -> Neighbour:
        if not self._lines:
            self._lines.extend(scenario_lines(self.corpora))
        if line not in self._known:  # kept without what a report never shows: soon it is every scenario
            s = read_scenario(self._lines[line].decode("utf-8"), "corpora", line + 1)
            self._known[line] = Neighbour(s.id, s.text, s.verdict, s.category, 0.0)
        return replace(self._known[line], similarity=round(similarity, 3))

    def _neighbours(self, lang: Language) -> tuple[npt.NDArray[np.generic], Floats]:
        """Return the scenarios' lines and vectors, shape (dim, n), in one language."""
        here = self.tensors["neighbours.is_zh"].astype(bool) == (lang == "zh")
        if lang not in self._kept:
            vectors = self.tensors["neighbours.int8"][here].astype(np.float32) * self._float("neighbours.scale")
            self._kept[lang] = np.ascontiguousarray(vectors.T)
        return self.tensors["neighbours.line"][here], self._kept[lang]

    def _words(self, texts: Sequence[str]) -> Features:
        return weigh(count_features(texts), self.tensors["words.idf"])

    def _concepts(self, words: Features, vectors: Floats) -> Floats:
        scores = (
            words.dot(self.tensors["concepts.words.int8"], shift=CONCEPT_SHIFT) * self._float("concepts.words.scale")
            + vectors @ self._float("concepts.meaning.weight")
            + self._float("concepts.bias")
        )
        return concepts_of(scores)

    def _float(self, name: str) -> Floats:
        if name not in self._kept:
            self._kept[name] = self.tensors[name].astype(np.float32)
        return self._kept[name]


def _centred(scores: Floats) -> Floats:
    assert scores.shape[1] == len(LEARNED)
    return np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float32)
