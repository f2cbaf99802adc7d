"""Fit the prior, the views' factors and the rules' factors together.

Rules and views read the same text, so a weight fitted alone would count one thing twice.
The fit minimises the mean negative log-likelihood on out-of-fold predictions plus a
penalty that pulls each rule's factor to one, the author's own weight. Factors stay above
zero, so that no weight changes its sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fitcheck.records import LEARNED, Evidence

__all__ = ["Joint", "fit_joint", "rule_columns"]

_RULE_PENALTY = 2e-3
_VIEW_PENALTY = 1.0
_VIEW_CENTRE = 0.2
"""Where the views' factors are held. Left free they grow to twice this, which is right for writing like the scenarios'
and too sure on strangers' ideas; `benchmarks/README.md` says what was tried."""
_LEAST, _MOST = 0.1, 3.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Joint:
    """The fitted factors.

    Attributes:
        prior: Per verdict, nats, shape (4,), centred.
        views: Per view, shape (n_views,).
        rules: Per rule, shape (n_rules,).
        loss: Mean negative log-likelihood, nats.
    """

    prior: Floats
    views: Floats
    rules: Floats
    loss: float


def rule_columns(matched: Sequence[Sequence[Evidence]], ids: Sequence[str]) -> Floats:
    """Lay out what the rules said, shape (n_ideas, n_rules, 4), nats at the authors' weights."""
    column = {rule_id: i for i, rule_id in enumerate(ids)}
    verdict = {v: i for i, v in enumerate(LEARNED)}
    out = np.zeros((len(matched), len(ids), len(LEARNED)))
    for row, evidence in enumerate(matched):
        for e in evidence:
            out[row, column[e.id], verdict[e.verdict]] += e.log_odds
    return out


def fit_joint(
    views: Floats,
    rules: Floats,
    labels: npt.NDArray[np.int64],
    sample_weights: Floats,
    *,
    view_centre: Floats | float = _VIEW_CENTRE,
    view_penalty: float = _VIEW_PENALTY,
    rule_centre: Floats | float = 1.0,
    rule_penalty: float = _RULE_PENALTY,
) -> Joint:
    """Fit the factors.

    Args:
        views: Out-of-fold log-odds, shape (n_ideas, n_views, 4).
        rules: What `rule_columns` returned.
        labels: Indices into `LEARNED`, shape (n_ideas,).
        sample_weights: Shape (n_ideas,); their mean should be one.
        view_centre: What the views' factors lean to, one number or one per view.
        view_penalty: How strongly.
        rule_centre: What the rules' factors lean to, one number or one per rule.
        rule_penalty: How strongly.
    """
    from scipy.optimize import minimize

    n_views, n_rules = views.shape[1], rules.shape[1]
    parts = np.concatenate([views, rules], axis=1)
    centre = np.concatenate([np.zeros(4), np.zeros(n_views) + view_centre, np.zeros(n_rules) + rule_centre])
    strength = np.concatenate([np.zeros(4), np.full(n_views, view_penalty), np.full(n_rules, rule_penalty)])
    truth = np.eye(4)[labels]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scores = parameters[:4] + np.einsum("nkv,k->nv", parts, parameters[4:])
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        error = (np.exp(logs) - truth) * sample_weights[:, None] / len(labels)
        value = -(logs * truth).sum(axis=1) @ sample_weights / len(labels)
        slope = np.concatenate([error.sum(axis=0), np.einsum("nkv,nv->k", parts, error)])
        away = parameters - centre
        return float(value + strength @ away**2), slope + 2 * strength * away

    bounds = [(None, None)] * 4 + [(0.0, _MOST)] * n_views + [(_LEAST, _MOST)] * n_rules
    found = minimize(loss, centre, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    prior = found.x[:4] - found.x[:4].mean()
    return Joint(prior, found.x[4 : 4 + n_views], found.x[4 + n_views :], float(found.fun))
