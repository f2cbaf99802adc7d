"""Fit the second reading: what the tuned encoder says joins the other views, under weights of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import Scenario
from fitcheck.reading import concepts_of
from fitcheck.records import LEARNED
from fitcheck.taxonomy import CONCEPTS
from fitcheck.training.joint import Joint, fit_joint
from fitcheck.training.views import fit_head

__all__ = [
    "SHARE",
    "Second",
    "choose_sure",
    "enough",
    "factors",
    "fit_heads",
    "fit_second",
    "joint_probabilities",
    "mix",
]

SHARE = 0.7
"""How much of a concept's probability comes from the tuned encoder, the rest from the first reading."""

_VERDICT_C, _CONCEPT_C = 0.003, 0.01
_LEAST_ROWS = 200
_OWN_CENTRE, _OTHER_CENTRE = 0.4, 0.12
_VIEW_PENALTY, _RULE_PENALTY = 1.0, 5e-3
_LOSS = 0.006
_GRID = np.arange(0.5, 0.996, 0.01)

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Second:
    """The fitted weights of the second reading.

    Attributes:
        joint: Prior, factors of the four views and the tuned encoder's, factors of the rules.
        probabilities: On the held-back rows, shape (n_rows, 4).
    """

    joint: Joint
    probabilities: Array


def fit_heads(vectors: Array, scenarios: Sequence[Scenario]) -> tuple[Array, Array]:
    """Fit a linear head for the verdict and for each concept on the tuned encoder's vectors.

    The penalty is strong: the network has seen these very texts, and its vectors tell them
    apart better than they will tell others.

    Args:
        vectors: Shape (n, dim).
        scenarios: What they were made of.

    Returns:
        Weights of shape (dim, 4 + n_values) and biases, the verdicts first.
    """
    centre, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    scaled = (vectors - centre) / spread
    questions = {"verdict": ([v.value for v in LEARNED], _VERDICT_C)} | {
        name: (list(values), _CONCEPT_C) for name, values in CONCEPTS.items()
    }
    columns = [
        fit_head(scaled, [str(getattr(s, name)) for s in scenarios], values, C=c)
        for name, (values, c) in questions.items()
    ]
    weight = np.hstack([w for w, _ in columns]) / spread[:, None]
    bias = np.concatenate([b for _, b in columns]) - centre @ weight
    return weight, bias


def mix(first: Array, scores: Array) -> tuple[Array, Array]:
    """Return the verdicts' centred scores and the concepts as both readings see them.

    Args:
        first: The first reading's concept probabilities, shape (n, n_values).
        scores: The tuned encoder's, verdicts first, shape (n, 4 + n_values).
    """
    verdicts = scores[:, : len(LEARNED)]
    concepts = SHARE * concepts_of(scores[:, len(LEARNED) :]) + (1 - SHARE) * first
    return verdicts - verdicts.mean(axis=1, keepdims=True), concepts


def fit_second(
    views: Array, concept_view: Array, own: Array, rules: Array, labels: Array, weights: Array, rule_factors: Array
) -> Second:
    """Fit the factors on rows that the tuned encoder has not learned from.

    Args:
        views: The first reading's log-odds out of fold, shape (n, 4 views, 4).
        concept_view: The concepts view of the mixed concepts, shape (n, 4); it takes the last one's place.
        own: The tuned encoder's centred log-odds, shape (n, 4).
        rules: What the rules say at their authors' weights, shape (n, n_rules, 4).
        labels: Indices into `LEARNED`, shape (n,).
        weights: Sample weights, shape (n,).
        rule_factors: The first reading's factors, which the new ones lean to, shape (n_rules,).
    """
    parts = np.concatenate([views[:, :-1], concept_view[:, None], own[:, None]], axis=1)
    centre = np.full(parts.shape[1], _OTHER_CENTRE)
    centre[-1] = _OWN_CENTRE
    joint = fit_joint(
        parts,
        rules,
        labels,
        weights / weights.mean(),
        view_centre=centre,
        view_penalty=_VIEW_PENALTY,
        rule_centre=rule_factors,
        rule_penalty=_RULE_PENALTY,
    )
    return Second(joint, joint_probabilities(joint, parts, rules))


def joint_probabilities(joint: Joint, views: Array, rules: Array) -> Array:
    """Return the probabilities that fitted factors give, shape (n, 4)."""
    scores = joint.prior + np.einsum("nkv,k->nv", views, joint.views) + np.einsum("nkv,k->nv", rules, joint.rules)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def choose_sure(first: Array, second: Array, labels: Array, weights: Array) -> dict[str, float]:
    """Choose from which probability on the first reading stands.

    The lowest that costs at most .006 of the accuracy that reading everything twice has.

    Args:
        first: The first reading's probabilities, shape (n, 4).
        second: The second's.
        labels: Indices into `LEARNED`.
        weights: Sample weights.

    Returns:
        `sure`, and on the held-back rows the `share_read_again` and the accuracies of both
        readings alone and of the two in turn: as if the fast reading, which has learned from
        these rows, were not asked before.
    """
    right = [shares.argmax(axis=1) == labels for shares in (first, second)]
    top = first.max(axis=1)

    def accuracy(hit: Array) -> float:
        return float(np.average(hit, weights=weights))

    full = accuracy(right[1])
    sure = 1.0
    for threshold in _GRID:
        if accuracy(np.where(top < threshold, right[1], right[0])) >= full - _LOSS:
            sure = float(threshold)
            break
    in_turn = np.where(top < sure, right[1], right[0])
    return {
        "sure": round(sure, 3),
        "share_read_again": round(float(np.average(top < sure, weights=weights)), 4),
        "first": round(accuracy(right[0]), 4),
        "second": round(full, 4),
        "in_turn": round(accuracy(in_turn), 4),
    }


def enough(n_rows: int) -> bool:
    """Say whether so many held-back rows can carry a fit."""
    return n_rows >= _LEAST_ROWS


def factors(joint: Joint, views: Sequence[str], rules: Sequence[str]) -> Mapping[str, Any]:
    """Name the factors as a model card does."""
    return {
        "prior": {v.value: round(float(p), 4) for v, p in zip(LEARNED, joint.prior, strict=True)},
        "views": {name: round(float(s), 4) for name, s in zip(views, joint.views, strict=True)},
        "rules": {name: round(float(s), 4) for name, s in zip(rules, joint.rules, strict=True)},
        "default_rule": round(float(np.median(joint.rules)), 4),
    }
