"""How many servers a load needs so that few calls wait long: Erlang's delay formula, and Allen and Cunneen's.

A server here has slots: a replica of a model that answers `slots` calls at once. All servers share one
queue, as behind a gateway. Everything stands here twice: over single numbers, without numpy, and over
arrays of draws.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
automatic telephone exchanges" (1917), for calls lost (B) and calls that wait (C); L. Kleinrock, Queueing
Systems I (1975), section 3.5, for the time that they wait; A. O. Allen, Probability, Statistics, and
Queueing Theory (1978), for the mean wait where arrivals or service are not exponential.
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["erlang_b", "erlang_c", "late_calls", "mean_wait_s", "servers", "servers_drawn"]

_SUMMED = 2_000
"""Up to this many slots the sum is as quick as the integral."""
_STEPS = 400
_TIE = 1 + 1e-9
"""How far a share may lie above its limit: what rounding leaves where it is the limit itself."""
_FEW = 40
"""Up to this many slots B is worked out slot by slot over arrays."""
_NODES, _WIDTH = 44, 8
"""Of the Gauss-Legendre rule over the integrand's bell, which spans so many standard deviations on either side."""
_BEYOND = 1e15
"""Where a sum of terms near 1, or a number of calls, no longer tells one from the next."""


def erlang_b(slots: int, load: float) -> float:
    """Return the share of calls that find all slots taken and are lost.

    Args:
        slots: How many calls are served at once.
        load: Calls that arrive during one mean service time (erlangs).

    The inverse, for `slots` c and `load` a, is the sum over j from 0 to c of c! / ((c - j)! a^j), which
    equals the integral over t from 0 of a e^(-a t) (1 + t)^c (Jagerman 1974, Bell System Technical
    Journal 53). The sum is cut off where further terms can't be seen; beyond some thousand slots the
    integral is quicker.

    >>> round(erlang_b(10, 4.461), 5)
    0.01
    """
    if load <= 0:
        return 0.0 if slots else 1.0
    if slots > _SUMMED:
        return 1 / _integral(slots, load)
    total = term = 1.0
    for j in range(slots):
        term *= (slots - j) / load
        total += term
        if total > _BEYOND:
            return 0.0
        if slots - j <= load and term < total * 1e-17:
            break
    return 1 / total


def _integral(slots: int, load: float) -> float:
    """Return the integral in `erlang_b` by Simpson's rule, where it is all but a bell with its top at or beside 0."""
    top = max(0.0, slots / load - 1)
    exponent_at_top = slots * math.log1p(top) - load * top
    if exponent_at_top > math.log(_BEYOND):
        return math.inf
    # without a top, it falls from t = 0 like a half bell, or like e^(-(a - c) t) where the slots are too few
    width = 9 * math.sqrt(slots) / load
    begin = max(0.0, top - width)
    step = (top + width - begin) / _STEPS
    total = 0.0
    for i in range(_STEPS + 1):
        t = begin + i * step
        weight = 1 if i in (0, _STEPS) else 4 if i % 2 else 2
        total += weight * math.exp(slots * math.log1p(t) - load * t)
    return load * total * step / 3


def erlang_c(slots: int, load: float) -> float:
    """Return the share of calls that have to wait: 1 where the load is as large as the slots.

    C = B / (1 - r + r B), where r is the load by the slots and B is Erlang's loss formula.

    >>> round(erlang_c(3, 2.0), 4)
    0.4444
    """
    if load >= slots:
        return 1.0
    lost = erlang_b(slots, load)
    used = load / slots
    return lost / (1 - used + used * lost)


def mean_wait_s(slots: int, load: float, service_s: float, variability: float = 1.0) -> float:
    """Return the mean wait of all calls, seconds: C S v / (c - a), after Allen and Cunneen.

    Args:
        slots: c, how many calls are served at once.
        load: a, in erlangs.
        service_s: S, the mean service time, seconds.
        variability: v, half the sum of the squared coefficients of variation of the times between
            arrivals and of the service times; 1 for Poisson arrivals and exponential service.
    """
    return math.inf if load >= slots else erlang_c(slots, load) * service_s * variability / (slots - load)


def late_calls(slots: int, load: float, service_s: float, wait_s: float, variability: float = 1.0) -> float:
    """Return the share of calls that wait longer than `wait_s`: C e^(-(c - a) t / (S v)).

    Exact for Poisson arrivals and exponential service (v = 1). Otherwise it takes the wait of those who
    wait to be exponential with Allen and Cunneen's mean, which errs little where servers are busy.

    >>> round(late_calls(14, 10.0, 180, 20), 3)
    0.112
    """
    if load >= slots:
        return 1.0
    if variability <= 0 or service_s <= 0:
        return 0.0 if wait_s > 0 else erlang_c(slots, load)
    return erlang_c(slots, load) * math.exp(-(slots - load) * wait_s / (service_s * variability))


def servers(
    calls_per_s: Decimal | int,
    service_s: Decimal | int,
    slots: Decimal | int,
    wait_s: Decimal | int,
    late_share: Decimal | int,
    variability: Decimal | int = 1,
) -> Decimal:
    """Return the fewest servers of `slots` slots each with which at most `late_share` wait longer than `wait_s`.

    A formula function of a sheet. Nothing arrives: 0. No number would do: without bound.

    >>> servers(Decimal("0.0556"), 180, 1, 20, Decimal("0.2"))
    Decimal('14')
    """
    if any(Decimal(v).is_nan() for v in (calls_per_s, service_s, slots, wait_s, late_share, variability)):
        return Decimal("NaN")
    load, each = float(calls_per_s) * float(service_s), float(slots)
    if load <= 0:
        return Decimal(0)
    if not (load < _BEYOND and each > 0 and late_share > 0):
        return Decimal("Infinity")
    times = (float(service_s), float(wait_s), float(variability))

    def is_enough(count: int) -> bool:
        return late_calls(round(count * each), load, *times) <= float(late_share) * _TIE

    low = int(load / each)
    step = 1
    while not is_enough(low + step):
        step *= 2
    low, high = low + step // 2, low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return Decimal(high)


def servers_drawn(
    calls_per_s: Any, service_s: Any, slots: Any, wait_s: Any, late_share: Any, variability: Any = 1
) -> npt.NDArray[np.float64]:
    """Return what `servers` does, over arrays that broadcast; of the shape that they broadcast to.

    The same formulas as for single numbers.
    """
    import numpy as np

    parts = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (calls_per_s, service_s, slots, wait_s, late_share, variability))
    )
    shape = parts[0].shape
    rate, service, each, wait, late, variable = (np.ravel(p) for p in parts)
    load = rate * service
    found = np.where(np.isnan(load + each + wait + late + variable), np.nan, np.where(load > 0, np.inf, 0.0))
    todo = np.flatnonzero((load > 0) & (load < _BEYOND) & (each > 0) & (late > 0))

    def is_enough(count: npt.NDArray[np.float64], at: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        share = _late_drawn(np.rint(count * each[at]), load[at], service[at], wait[at], variable[at])
        return np.asarray(share <= late[at] * _TIE)

    low = np.floor(load[todo] / each[todo])
    step = np.ones_like(low)
    short = np.arange(len(todo))
    while len(short := short[~is_enough(low[short] + step[short], todo[short])]):
        step[short] *= 2
    low, high = low + np.floor(step / 2), low + step
    while len(wide := np.flatnonzero(high - low > 1)):
        middle = np.floor((low[wide] + high[wide]) / 2)
        enough = is_enough(middle, todo[wide])
        high[wide] = np.where(enough, middle, high[wide])
        low[wide] = np.where(enough, low[wide], middle)
    found[todo] = high
    return np.asarray(found.reshape(shape))


def _late_drawn(slots: Any, load: Any, service_s: Any, wait_s: Any, variability: Any) -> Any:
    import numpy as np

    with np.errstate(all="ignore"):
        lost = _lost_drawn(slots, load)
        used = load / slots
        waiting = lost / (1 - used + used * lost)
        spread = service_s * variability
        longer = np.exp(-(slots - load) * wait_s / np.where(spread > 0, spread, 1))
        longer = np.where(spread > 0, longer, np.where(wait_s > 0, 0.0, 1.0))
        return np.where(load >= slots, 1.0, waiting * longer)


def _lost_drawn(slots: Any, load: Any) -> Any:
    """Return Erlang's B: step by step for a few slots, else by the integral in `erlang_b`.

    Of our own, so that a first answer need not wait for scipy.special to be imported.
    """
    import numpy as np

    lost = np.ones_like(load)
    few = slots <= _FEW
    for slot in range(1, _FEW + 1):
        more = load * lost
        lost = np.where(slot <= slots, more / (slot + more), lost)
    # where the load is as large as the slots, everybody waits, whatever B is
    many = ~few & (load < slots)
    if many.any():
        c, a = slots[many][:, None], load[many][:, None]
        top = np.maximum(0.0, c / a - 1)
        width = _WIDTH * np.sqrt(c) / a
        begin = np.maximum(0.0, top - width)
        nodes, weights = _rule()
        half = (top + width - begin) / 2
        t = begin + half * (nodes + 1)
        inverse = (a * half)[:, 0] * (weights * np.exp(c * np.log1p(t) - a * t)).sum(axis=1)
        lost[many] = 1 / inverse
    return lost


@lru_cache(maxsize=1)
def _rule() -> tuple[Any, Any]:
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights
