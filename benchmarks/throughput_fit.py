"""Fitting the roofline to measurements, and judging it on models that it never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.throughput_rows import Row
from fitcheck.cost.fitted import STARTS, Efficiencies, FirstToken
from fitcheck.cost.steps import MAX_SEQUENCES, Demand, cycle_s, demand, prefill_s, step_s

__all__ = [
    "Stack",
    "errors_left_out",
    "fit",
    "fit_first_token",
    "interval_of",
    "leave_groups_out",
    "log_speed",
    "stack",
    "without_family",
]

Floats = NDArray[np.float64]

_RIDGE = 0.002
_SPREAD = 0.2
_ROUNDS = 25
_INSIDE = 0.8


@dataclass(frozen=True)
class Stack:
    """Many measurements side by side.

    Attributes:
        demand: Each figure an array (n,).
        batch: Requests that run at once, (n,).
        tpot_limit_s: Latency limits, s, infinite where there is none, (n,).
        log_speed: Logarithm of the measured output tokens/s of a replica, (n,).
        groups: The group that each is left out with, (n,).
        families: GPU families, (n,).
        beyond_peak: Where the measurement asks for more arithmetic than the card's rated peak, (n,) bool: prompts
            were not computed, or the row means something else. These are judged, and not learned from.
    """

    demand: Demand
    batch: Floats
    tpot_limit_s: Floats
    log_speed: Floats
    groups: NDArray[np.str_]
    families: NDArray[np.str_]
    beyond_peak: NDArray[np.bool_]

    def pick(self, which: NDArray[Any]) -> Stack:
        """Return some of them."""
        picked: dict[str, Any] = {f.name: getattr(self.demand, f.name)[which] for f in fields(Demand)}
        others = {f.name: getattr(self, f.name)[which] for f in fields(Stack) if f.name != "demand"}
        return Stack(demand=Demand(**picked), **others)


def stack(rows: Sequence[Row]) -> Stack:
    """Put rows side by side."""
    asked = [demand(row.model, row.gpu, row.setting) for row in rows]
    columns: dict[str, Any] = {f.name: np.array([getattr(d, f.name) for d in asked], float) for f in fields(Demand)}
    d = Demand(**columns)
    speed = np.array([row.tokens_per_s for row in rows])
    load = (d.dense_flops / d.dense_rate + d.expert_flops / d.expert_rate) * (d.tokens_in + d.tokens_out)
    return Stack(
        demand=d,
        batch=np.maximum(1.0, np.minimum(np.minimum([r.concurrency for r in rows], d.max_batch), MAX_SEQUENCES)),
        tpot_limit_s=np.array([row.tpot_limit_ms / 1000 for row in rows]),
        log_speed=np.log(speed),
        groups=np.array([row.group for row in rows]),
        families=np.array([row.gpu.family for row in rows]),
        beyond_peak=speed / d.tokens_out * load > 1,
    )


def log_speed(s: Stack, e: Efficiencies) -> Floats:
    """Predict the logarithm of each replica's output tokens/s, (n,)."""
    batch = s.batch
    limited = np.isfinite(s.tpot_limit_s)
    if limited.any():
        batch = batch.copy()
        batch[limited] = _within_limit(s.pick(limited), e)
    cycle: Any = cycle_s(s.demand, e, batch)  # type: ignore[arg-type]
    return np.asarray(np.log(batch * s.demand.tokens_out / cycle) + limited * np.log(e.limited_share))


def _within_limit(s: Stack, e: Efficiencies) -> Floats:
    batch = s.batch
    for _ in range(10):
        per_token: Any = cycle_s(s.demand, e, batch) / s.demand.tokens_out  # type: ignore[arg-type]
        batch = np.where(per_token > s.tpot_limit_s, np.maximum(1.0, batch * s.tpot_limit_s / per_token), batch)
    return batch


def fit(s: Stack) -> Efficiencies:
    """Fit the efficiencies.

    Least squares on logarithms with a soft absolute loss beyond 20 percent. A group weighs with the root of its
    rows, so that the models that were measured most do not decide alone. Each logarithm is drawn to its start by
    `STARTS`, which is what keeps twenty numbers from following single models.
    """
    from scipy.optimize import least_squares

    s = s.pick(~s.beyond_peak)
    names = list(STARTS)
    starts = np.log([STARTS[name][0] for name in names])
    pull = np.sqrt(len(s.batch) * _RIDGE) / np.array([STARTS[name][1] for name in names])
    weight = _weights(s.groups) ** 0.5
    weight = weight / np.sqrt((weight**2).mean())

    def residuals(at: Floats) -> Floats:
        e = Efficiencies(**dict(zip(names, np.exp(at), strict=True)))
        return np.concatenate([weight * (log_speed(s, e) - s.log_speed) / _SPREAD, pull * (at - starts)])

    found = least_squares(residuals, starts, loss="soft_l1", max_nfev=_ROUNDS)
    return Efficiencies(**{name: float(f"{value:.5g}") for name, value in zip(names, np.exp(found.x), strict=True)})


def _weights(groups: NDArray[np.str_]) -> Floats:
    """Return weights (n,) with which a group counts as much as one of the root of its rows."""
    _, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] ** -0.5)


def leave_groups_out(s: Stack) -> tuple[Floats, Floats, Floats]:
    """Predict each group from the others, with an interval that never saw it either.

    The interval of a left-out group comes from the errors of each other group when both were left out.

    Returns:
        Predicted logarithms, and the lower and upper end of the 80 percent interval, each (n,).
    """
    names = sorted(set(s.groups))
    names = sorted(set(s.groups))
    predicted = errors_left_out(s) + s.log_speed
    low, high = predicted.copy(), predicted.copy()
    errors: dict[tuple[str, str], Floats] = {}
    for a, b in combinations(names, 2):
        e = fit(s.pick((s.groups != a) & (s.groups != b)))
        for out, judged in ((a, b), (b, a)):
            part = s.pick(s.groups == judged)
            errors[out, judged] = log_speed(part, e) - part.log_speed
    for name in names:
        others = [other for other in names if other != name]
        labels = np.repeat(others, [len(errors[name, other]) for other in others])
        below, above = interval_of(np.concatenate([errors[name, other] for other in others]), labels)
        low[s.groups == name] += below
        high[s.groups == name] += above
    return predicted, low, high


def errors_left_out(s: Stack) -> Floats:
    """Return predicted less measured logarithms, each group predicted by a fit to the others, (n,)."""
    errors = np.full(len(s.batch), np.nan)
    for name in sorted(set(s.groups)):
        which = s.groups == name
        part = s.pick(which)
        errors[which] = log_speed(part, fit(s.pick(~which))) - part.log_speed
    return errors


def interval_of(errors: Floats, groups: NDArray[np.str_]) -> tuple[float, float]:
    """Return what to add to a predicted logarithm for the ends of its 80 percent interval.

    Args:
        errors: Predicted less measured logarithms of models that were left out, (n,).
        groups: Their groups, (n,): one with many rows weighs with their root.
    """
    weight = _weights(groups)
    order = np.argsort(errors)
    below = np.cumsum(weight[order]) / weight.sum()
    tail = (1 - _INSIDE) / 2
    least, most = (errors[order][min(int(np.searchsorted(below, q)), len(order) - 1)] for q in (tail, 1 - tail))
    return -float(most), -float(least)


def without_family(s: Stack, errors: Floats) -> float | None:
    """Say how much wider the interval must be for a GPU family that was never measured.

    Args:
        s: The measurements.
        errors: Errors of models left out in turn, (n,).

    Returns:
        The ratio of the errors' 80 percent quantiles, families left out against models left out, at least 1; None
        where only one family was measured.
    """
    families = [f for f in sorted(set(s.families)) if (s.families == f).sum() >= 100]
    if len(families) < 2:
        return None
    found = []
    for family in families:
        part = s.pick(s.families == family)
        found.append(np.abs(log_speed(part, fit(s.pick(s.families != family))) - part.log_speed))
    return max(1.0, float(np.quantile(np.concatenate(found), _INSIDE) / np.quantile(np.abs(errors), _INSIDE)))


def fit_first_token(s: Stack, e: Efficiencies, ttft_ms: Floats) -> tuple[FirstToken, Mapping[str, float]]:
    """Fit the time to the first token where nobody waited for room.

    Args:
        s: The measurements.
        e: The efficiencies.
        ttft_ms: Measured times, NaN where there are none, (n,).

    Returns:
        The numbers, and their error in percent: `mean`, `median` of the absolute ones, and `rows`.
    """
    from scipy.optimize import least_squares

    d: Any = s.demand
    prompt, step, cycle = prefill_s(d, e), step_s(d, e, s.batch), cycle_s(d, e, s.batch)  # type: ignore[arg-type]
    seconds = ttft_ms / 1000
    use = np.isfinite(seconds) & (s.batch < np.minimum(d.max_batch, MAX_SEQUENCES)) & (seconds < cycle / 2)
    names = [f.name for f in fields(FirstToken)]

    def errors(at: Floats) -> Any:
        t = FirstToken(**dict(zip(names, np.exp(at), strict=True)))
        fixed = t.vllm_s * d.vllm + t.sglang_s * d.sglang + t.trtllm_s * (1 - d.vllm - d.sglang)
        said = fixed + step + prompt * (t.own_prompts + t.others_prompts * (s.batch - 1))
        return np.log(said[use] / seconds[use])

    found = least_squares(errors, np.log([0.1, 0.05, 0.1, 1.0, 0.1]), loss="soft_l1", f_scale=0.3)
    off = np.abs(np.expm1(errors(found.x))) * 100
    rounded = {name: float(f"{value:.4g}") for name, value in zip(names, np.exp(found.x), strict=True)}
    return FirstToken(**rounded), {
        "mean": round(float(off.mean()), 1),
        "median": round(float(np.median(off)), 1),
        "rows": int(use.sum()),
    }
