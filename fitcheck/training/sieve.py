"""Fit the fast reading: tokens and pairs of tokens to the labels, and to what the full reading says.

The full reading, rules and all, also judges pieces of the scenarios (a text without one of its
sentences, or one sentence alone), whose labels nobody wrote: so the words learn which of them carry a
verdict (distillation, Hinton et al. 2015, arXiv:1503.02531).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import Scenario
from fitcheck.encoder import StaticEncoder
from fitcheck.records import LEARNED
from fitcheck.sieve import N_PAIRS, SIEVE, Bag, bag_of
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import fold, normalise
from fitcheck.training.views import fit_head

__all__ = ["FAST_CONCEPTS", "fit_sieve", "pieces_of"]

FAST_CONCEPTS = ("category", "decides")
"""The concepts that the fast reading notices."""

_PENALTY = 2e-6
_STEPS = 100
_PIECE_WEIGHT = 0.5
_TRUST = 0.5
"""The share of the full reading in a labelled scenario's target."""

_SENTENCES = re.compile(r"(?<=[.!?;。！？；])\s*")
_CLAUSES = re.compile(r"(?<=[,，.!?;。！？；])\s*")
_SHORTEST = {"en": 40, "zh": 12}
_LEAST = 5

Array = npt.NDArray[Any]


def pieces_of(scenarios: Sequence[Scenario], *, seed: int = 0) -> list[str]:
    """Return pieces of the scenarios: each text without one of its sentences, and one sentence alone.

    Args:
        scenarios: Texts of one sentence are cut at their commas; of one clause they give nothing.
        seed: Chooses the sentences.
    """
    chance = random.Random(seed)
    found = []
    for s in scenarios:
        parts = [p for p in _SENTENCES.split(s.text) if p.strip()]
        if len(parts) < 2:
            parts = [p for p in _CLAUSES.split(s.text) if p.strip()]
        if len(parts) < 2:
            continue
        left_out, alone = chance.randrange(len(parts)), chance.randrange(len(parts))
        found.append(" ".join(parts[:left_out] + parts[left_out + 1 :]))
        if len(parts[alone]) > _SHORTEST[s.lang]:
            found.append(parts[alone])
    return [text for text in found if len(text.strip(" .。,，")) >= _LEAST]


def fit_sieve(
    scenarios: Sequence[Scenario],
    static: StaticEncoder,
    teach: Callable[[Sequence[str]], Array],
    wanted: Array,
    folder: Path,
    *,
    seed: int = 0,
) -> dict[str, float]:
    """Fit the fast reading and write it.

    Args:
        scenarios: Those of the train split.
        static: The static encoder.
        teach: Gives the full reading's probabilities of texts, shape (n_texts, 4).
        wanted: The verdicts' real shares, shape (4,).
        folder: The model's folder.
        seed: Chooses the pieces.

    Returns:
        The prior: log-odds per verdict before anything is read, nats.
    """
    from safetensors.numpy import save_file

    pieces = pieces_of(scenarios, seed=seed)
    texts = [fold(normalise(t)) for t in [*(s.text for s in scenarios), *pieces]]
    taught = teach([*(s.text for s in scenarios), *pieces])
    labels = np.array([LEARNED.index(s.verdict) for s in scenarios], dtype=np.int64)
    n = len(scenarios)
    target = taught.copy()
    target[:n] = (1 - _TRUST) * np.eye(len(LEARNED))[labels] + _TRUST * taught[:n]
    factor = wanted / np.maximum(np.bincount(labels, minlength=len(LEARNED)) / n, 1e-9)
    weights = np.concatenate([factor[labels], _PIECE_WEIGHT * factor[taught[n:].argmax(axis=1)]])

    bag = bag_of(static.token_ids(texts))
    n_tokens = len(static.tokens())
    matrix = _matrix(bag, n_tokens)
    seen = np.asarray((matrix[:n] > 0).sum(axis=0)).ravel()
    idf = np.log((1 + n) / (1 + seen)) + 1
    # what never occurs stays at zero, and costs nothing
    met = np.flatnonzero(np.asarray(matrix.sum(axis=0)).ravel())
    fitted = np.zeros((matrix.shape[1], len(LEARNED)))
    fitted[met], prior = _fit(matrix[:, met].multiply(idf[met]).tocsr(), target, weights)
    fitted *= idf[:, None]
    scale = np.maximum(np.abs(fitted).max(axis=0) / 127, 1e-12)
    tensors: dict[str, Array] = {
        "verdicts.int8": np.rint(fitted / scale).astype(np.int8),
        "verdicts.scale": scale.astype(np.float32),
    }
    vectors = static.encode(texts[:n])
    for name in FAST_CONCEPTS:
        weight, bias = fit_head(vectors, [getattr(s, name) for s in scenarios], list(CONCEPTS[name]), C=3.0)
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = weight.astype(np.float16), bias.astype(np.float32)
    fresh = (folder / SIEVE).with_suffix(".new")
    save_file(tensors, fresh)
    fresh.chmod(0o644)  # safetensors writes files that only their owner may read
    fresh.replace(folder / SIEVE)
    return {v.value: round(float(p), 6) for v, p in zip(LEARNED, prior, strict=True)}


def _matrix(bag: Bag, n_tokens: int) -> Any:
    """Lay out tokens and pairs as the reading sums them, shape (n_texts, n_tokens + N_PAIRS)."""
    from scipy.sparse import csr_matrix

    rows = np.repeat(np.arange(len(bag.starts) - 1), np.diff(bag.starts))
    paired = bag.pairs >= 0
    columns = np.concatenate([bag.tokens, n_tokens + bag.pairs[paired]])
    rows = np.concatenate([rows, rows[paired]])
    values = (1 / np.sqrt(bag.sizes()))[rows]
    return csr_matrix((values, (rows, columns)), shape=(len(bag.starts) - 1, n_tokens + N_PAIRS))


def _fit(matrix: Any, target: Array, weights: Array) -> tuple[Array, Array]:
    """Fit weights and biases by the cross-entropy to the targets, with a penalty on the weights' squares."""
    from scipy.optimize import minimize

    n, width = matrix.shape
    turned = matrix.T.tocsr()

    def loss(parameters: Array) -> tuple[float, Array]:
        table = parameters.reshape(width + 1, len(LEARNED))
        scores = matrix @ table[:-1] + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        error = (np.exp(logs) - target) * weights[:, None] / n
        value = -((logs * target).sum(axis=1) @ weights) / n + _PENALTY * (table[:-1] ** 2).sum()
        slope = np.vstack([turned @ error + 2 * _PENALTY * table[:-1], error.sum(axis=0)])
        return float(value), slope.ravel()

    start = np.zeros((width + 1) * len(LEARNED))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    table = found.x.reshape(width + 1, len(LEARNED))
    # what all verdicts share says nothing
    table = table - table.mean(axis=1, keepdims=True)
    return table[:-1], table[-1]
