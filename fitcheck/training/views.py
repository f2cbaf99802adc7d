"""Fit the views of the scenarios, out of fold and finally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import Scenario
from fitcheck.lexical import N_BUCKETS, Features, weigh
from fitcheck.reading import CONCEPT_SHIFT, NEIGHBOUR_DIM, concept_columns
from fitcheck.records import LEARNED
from fitcheck.taxonomy import CONCEPTS

__all__ = [
    "FittedViews",
    "Inputs",
    "as_matrix",
    "corner_of",
    "fit_head",
    "fit_meaning",
    "fit_views",
    "least_similarity_of",
]


_WORDS_C = 10.0
_MEANING_C = 10.0
_CONCEPT_C = 10.0
_CONCEPT_STEPS = 40
_VERDICT_NAMES = [v.value for v in LEARNED]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the views are fitted on, one row per scenario.

    Attributes:
        whole: The folded whole texts.
        words: Raw counts of the whole texts.
        core_words: Raw counts of the core tasks.
        vectors: Static vectors of the whole texts, shape (n, dim).
        core_vectors: Static vectors of the core tasks, shape (n, dim).
        scenarios: The scenarios.
    """

    whole: Sequence[str]
    words: Features
    core_words: Features
    vectors: Array
    core_vectors: Array
    scenarios: Sequence[Scenario]


@dataclass(frozen=True, slots=True)
class FittedViews:
    """Weights under the names of the model file, in float64 before they are made small."""

    tensors: Mapping[str, Array]

    def views(self, inputs: Inputs, rows: Array) -> tuple[dict[str, Array], Array]:
        """Return each view's centred log-odds and the concepts' probabilities for some rows."""
        t = self.tensors
        words = as_matrix(weigh(inputs.words, t["words.idf"]))[rows]
        core_words = as_matrix(weigh(inputs.core_words, t["words.idf"]))[rows]
        both = np.hstack([inputs.vectors[rows], inputs.core_vectors[rows]])
        concepts = _shared(words) @ t["concepts.words"] + inputs.vectors[rows] @ t["concepts.meaning.weight"]
        concepts = concepts + t["concepts.bias"]
        for columns in concept_columns().values():
            powers = np.exp(concepts[:, columns] - concepts[:, columns].max(axis=1, keepdims=True))
            concepts[:, columns] = powers / powers.sum(axis=1, keepdims=True)
        scores = {
            "whole text": words @ t["whole.weight"] + t["whole.bias"],
            "core task": core_words @ t["core.weight"] + t["core.bias"],
            "meaning": both @ t["meaning.weight"] + t["meaning.bias"],
        }
        if "concepts.verdict.weight" in t:
            scores["concepts"] = concepts @ t["concepts.verdict.weight"] + t["concepts.verdict.bias"]
        return {name: s - s.mean(axis=1, keepdims=True) for name, s in scores.items()}, concepts


def corner_of(scenario: Scenario) -> str:
    """Return the corner of the corpus, one author's one sitting, that a scenario was written in."""
    return scenario.id.split("-", 1)[0]


def as_matrix(features: Features) -> Any:
    """Return the features as a SciPy CSR matrix, shape (n_texts, N_BUCKETS)."""
    from scipy.sparse import csr_matrix

    return csr_matrix((features.values, features.buckets, features.starts), shape=(len(features), N_BUCKETS))


def _shared(words: Any) -> Any:
    """Let neighbouring buckets share a column, as `Features.dot(shift=CONCEPT_SHIFT)` does."""
    from scipy.sparse import csr_matrix

    # copies: summing duplicates works in place
    parts = (words.data.copy(), words.indices >> CONCEPT_SHIFT, words.indptr.copy())
    out = csr_matrix(parts, shape=(words.shape[0], N_BUCKETS >> CONCEPT_SHIFT))
    out.sum_duplicates()
    return out


def fit_meaning(vectors: Array, core_vectors: Array, verdicts: Sequence[str]) -> tuple[Array, Array]:
    """Fit the `meaning` view: weights of shape (2 * dim, 4) and (4,)."""
    return fit_head(np.hstack([vectors, core_vectors]), list(verdicts), _VERDICT_NAMES, C=_MEANING_C)


def fit_views(inputs: Inputs, rows: Array, *, with_concept_view: Array | None = None) -> FittedViews:
    """Fit all views on some rows.

    Args:
        inputs: Everything.
        rows: The rows to fit on.
        with_concept_view: Out-of-fold concept probabilities of all rows, shape (n, n_values),
            to fit the `concepts` view on; None leaves it out.
    """
    from scipy.sparse import csr_matrix, hstack

    scenarios = [inputs.scenarios[r] for r in rows]
    verdicts = [s.verdict.value for s in scenarios]
    counted = as_matrix(inputs.words)[rows]
    idf = np.log((1 + len(rows)) / (1 + np.bincount(counted.indices, minlength=N_BUCKETS))) + 1
    words = as_matrix(weigh(inputs.words, idf))[rows]
    core_words = as_matrix(weigh(inputs.core_words, idf))[rows]
    t: dict[str, Array] = {"words.idf": idf}
    t["whole.weight"], t["whole.bias"] = fit_head(words, verdicts, _VERDICT_NAMES, C=_WORDS_C)
    t["core.weight"], t["core.bias"] = fit_head(core_words, verdicts, _VERDICT_NAMES, C=_WORDS_C)
    t["meaning.weight"], t["meaning.bias"] = fit_meaning(inputs.vectors[rows], inputs.core_vectors[rows], verdicts)

    shared = _shared(words)
    mixed = hstack([shared, csr_matrix(inputs.vectors[rows])]).tocsr()
    columns = [
        fit_head(mixed, [getattr(s, name) for s in scenarios], list(values), C=_CONCEPT_C, steps=_CONCEPT_STEPS)
        for name, values in CONCEPTS.items()
    ]
    weight = np.hstack([w for w, _ in columns])
    n_words = N_BUCKETS >> CONCEPT_SHIFT
    t["concepts.words"], t["concepts.meaning.weight"] = weight[:n_words], weight[n_words:]
    t["concepts.bias"] = np.concatenate([b for _, b in columns])
    if with_concept_view is not None:
        t["concepts.verdict.weight"], t["concepts.verdict.bias"] = fit_head(
            with_concept_view[rows], verdicts, _VERDICT_NAMES, C=1.0
        )
    return FittedViews(t)


def fit_head(X: Any, labels: list[str], names: list[str], *, C: float, steps: int = 100) -> tuple[Array, Array]:
    """Fit one linear head; a value without an example gets a bias that rules it out."""
    from scipy.sparse import issparse

    from fitcheck.classifier import FitClassifier

    # a column that never occurs keeps a weight of zero, and costs nothing when it is left out
    met = np.unique(X.indices) if issparse(X) else np.arange(X.shape[1])
    model = FitClassifier(C=C, max_iter=steps).fit(X[:, met], np.array(labels))
    weight, bias = np.zeros((X.shape[1], len(names))), np.full(len(names), -20.0)
    for row, name in enumerate(model.classes_.tolist()):
        weight[met, names.index(name)] = model.coef_[row]
        bias[names.index(name)] = model.intercept_[row]
    return weight, bias


def least_similarity_of(inputs: Inputs) -> float:
    """Return the cosine to the nearest scenario of another corner, in its language, that 97 of 100 reach."""
    corners = np.array([corner_of(s) for s in inputs.scenarios])
    langs = np.array([s.lang for s in inputs.scenarios])
    vectors = inputs.vectors[:, :NEIGHBOUR_DIM]
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    nearest = np.empty(len(corners))
    for row in range(len(corners)):
        others = (corners != corners[row]) & (langs == langs[row])
        nearest[row] = (vectors[others] @ vectors[row]).max(initial=-1.0)
    return round(float(np.quantile(nearest, 0.03)), 3)
