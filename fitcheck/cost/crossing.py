"""From which volume own cards are cheaper than the API.

The API costs by the call; own cards cost by whole replicas and whole servers, a staircase. So the two
may cross several times before own cards stay below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from typing import TYPE_CHECKING, Any

from fitcheck.cost.sheet import DRAWS, HIGH, LOW, Range, Sheet
from fitcheck.errors import CostError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["MOST_TIMES", "BreakEven", "break_even_volume", "cost_curve"]

MOST_TIMES = 100_000
"""How many times today's volume is looked at, at most."""

_MOST_CALLS = 1e13
_POINTS, _LEVELS, _STRETCHES = 2_000, 5, 50
_DRAWS = 64
_COARSE, _FINE = 300, 32
_NEVER = Decimal("Infinity")
_DIGITS = Context(prec=7, rounding=ROUND_CEILING)
_COSTS = ("usd_per_month_own", "usd_per_month_api")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The volume from which own cards are cheaper than the API for good.

    Attributes:
        calls_per_month: That volume; infinite where there is none up to `MOST_TIMES` today's, or up to
            what the given cards carry. The range spans 80% of a few dozen draws of all other inputs.
        times_today: The same by today's volume.
        first_calls_per_month: The volume at which own cards are cheaper for the first time, perhaps only
            until the next replica is needed; None where they never are.
        load: Mean share of the cards' capacity in use at the break-even; None where there is none.
        gpus: Cards there; None where there is none.
        share_never: Share of the draws that have no break-even.
        is_cheaper_today: Whether own cards are cheaper at today's volume.
    """

    calls_per_month: Range
    times_today: Decimal
    first_calls_per_month: Decimal | None
    load: Decimal | None
    gpus: Decimal | None
    share_never: float
    is_cheaper_today: bool

    @property
    def is_never(self) -> bool:
        """Whether own cards never stay cheaper."""
        return not self.calls_per_month.mid.is_finite()

    def to_dict(self) -> dict[str, Any]:
        """Return plain data; None where there is no finite number."""

        def plain(value: Decimal | None) -> float | None:
            return float(value) if value is not None and value.is_finite() else None

        return {
            "calls_per_month": self.calls_per_month.to_dict(),
            "times_today": plain(self.times_today),
            "first_calls_per_month": plain(self.first_calls_per_month),
            "load": plain(self.load),
            "gpus": plain(self.gpus),
            "share_never": self.share_never,
            "is_cheaper_today": self.is_cheaper_today,
        }


def break_even_volume(sheet: Sheet) -> BreakEven:
    """Return from which volume own cards are cheaper than the API, by a scan over `volume_factor`.

    Args:
        sheet: With `calls_per_month`, which grows with the input `volume_factor`, `usd_per_month_own` and
            `usd_per_month_api`.

    Raises:
        CostError: The sheet lacks one of these, or nothing is called.
    """
    import numpy as np

    _require(sheet)
    at_one = sheet["calls_per_month"] / sheet["volume_factor"] if sheet["volume_factor"] else Decimal(0)
    if not at_one > 0:
        raise CostError("calls_per_month: no break-even without calls; give a volume above 0")
    # from a call a month to many times today's, though not to what no number of cards could be told from the next
    today = float(sheet["volume_factor"])
    most = max(today, min(MOST_TIMES * today, _MOST_CALLS / float(at_one)))
    ends = (min(1 / float(at_one), most / 10), most)
    factors = np.geomspace(*ends, _POINTS)
    good, first = (_crossing(sheet, factors, is_last=is_last) for is_last in (True, False))
    mid, at_mid = _at(sheet, good)
    first_calls, _ = _at(sheet, first)
    low, high, share_never = _range(sheet, ends)
    return BreakEven(
        calls_per_month=Range(min(low, mid), mid, max(high, mid)),
        times_today=mid / sheet["calls_per_month"],
        first_calls_per_month=first_calls if first_calls.is_finite() else None,
        load=at_mid.get("load_own"),
        gpus=at_mid.get("gpus_own"),
        share_never=share_never,
        is_cheaper_today=sheet["usd_per_month_own"] < sheet["usd_per_month_api"],
    )


def cost_curve(
    sheet: Sheet,
    factors: Sequence[float] | npt.NDArray[np.float64],
    names: Sequence[str] = ("calls_per_month", *_COSTS),
) -> dict[str, npt.NDArray[np.float64]]:
    """Return figures of a sheet over many volumes, all other inputs at their middle values.

    Args:
        sheet: As in `break_even_volume`.
        factors: Values of `volume_factor`, shape (n,).
        names: Which figures, each of shape (n,).

    Raises:
        CostError: The sheet lacks one of these.
    """
    import numpy as np

    _require(sheet, ("volume_factor", *names))
    found = sheet.over({"volume_factor": np.asarray(factors, dtype=np.float64)}, names)
    return {name: np.broadcast_to(np.asarray(found[name], dtype=np.float64), np.shape(factors)) for name in names}


def _require(sheet: Sheet, names: Sequence[str] = ("volume_factor", "calls_per_month", *_COSTS)) -> None:
    for name in names:
        if name not in sheet:
            raise CostError(f"{name}: not in this estimate; a break-even needs own cards, the API and a volume")
    if "volume_factor" not in sheet.inputs:
        raise CostError("volume_factor: must be an input of the estimate")


def _figures(
    sheet: Sheet, inputs: Mapping[str, Any], factors: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Return what own cards and the API cost, and where the cards carry the load, each of the shape of `factors`.

    Where no number of cards is given they always do; beyond what given ones carry there is nothing to compare.
    """
    import numpy as np

    carried = ("replicas_for_peak_own", "replicas_own") if "gpus" in sheet else ()
    found = sheet.over({**inputs, "volume_factor": factors}, (*_COSTS, *carried))
    own, api = (np.broadcast_to(np.asarray(found[name], dtype=np.float64), factors.shape) for name in _COSTS)
    enough = np.asarray(found[carried[0]] <= found[carried[1]]) if carried else np.True_
    return own, api, np.broadcast_to(enough, factors.shape)


def _crossing(sheet: Sheet, factors: npt.NDArray[np.float64], *, is_last: bool) -> float:
    """Return the factor from which own cards are cheaper for good, or else the first at which they are.

    Both costs rise with volume. So between two points own cards cost at most what they do at the second, and
    the API at least what it does at the first: where that still leaves own cards cheaper, no step between the
    two is missed. All other stretches are looked at more finely, the outermost first.

    Args:
        sheet: The sheet, at its middle values.
        factors: Rising, shape (n,).
        is_last: Whether for good.

    Returns:
        Infinite where there is none.
    """
    import numpy as np

    mids: dict[str, Any] = {name: float(one.mid) for name, one in sheet.inputs.items()}
    found, points = np.inf, factors
    for _ in range(_LEVELS):
        own, api, enough = _figures(sheet, mids, points)
        cheap = np.flatnonzero(enough & (own < api))
        dear = np.flatnonzero(enough & (own >= api))
        usable = np.flatnonzero(enough)
        if is_last:
            if not len(usable) or (points is factors and len(dear) and dear[-1] == usable[-1]):
                return np.inf
            if len(dear) and dear[-1] + 1 < len(points):
                found = points[dear[-1] + 1]
            elif points is factors:
                found = points[0]
            unsure = np.flatnonzero(enough[1:] & (own[1:] >= api[:-1]))[-_STRETCHES:]
        else:
            if len(cheap):
                found = points[cheap[0]]
            unsure = np.flatnonzero(enough[:-1] & (own[:-1] < api[1:]))[:_STRETCHES]
        if not len(unsure):
            break
        points = np.unique(np.geomspace(points[unsure], points[unsure + 1], _FINE))
    return float(found)


def _range(sheet: Sheet, ends: tuple[float, float]) -> tuple[Decimal, Decimal, float]:
    """Return the range of the break-even over some of the sheet's draws, and the share of them without one.

    Coarser than the middle: a step that is narrower than the distance of two points may be missed.
    """
    import numpy as np

    every = max(1, DRAWS // _DRAWS)
    inputs = {name: sheet.draws[name][::every][:_DRAWS, None] for name in sheet.inputs}
    rows = np.arange(_DRAWS)
    factors = np.broadcast_to(np.geomspace(*ends, _COARSE), (_DRAWS, _COARSE))
    found = np.zeros(_DRAWS)
    for _ in range(2):
        own, api, enough = _figures(sheet, inputs, factors)
        points = factors.shape[1]
        dear = enough & (own >= api)
        last_dear = np.where(dear.any(axis=1), points - 1 - np.argmax(dear[:, ::-1], axis=1), -1)
        last_usable = np.where(enough.any(axis=1), points - 1 - np.argmax(enough[:, ::-1], axis=1), -1)
        after = np.clip(last_dear + 1, 0, points - 1)
        found = np.where((last_dear < last_usable) & np.isfinite(found), factors[rows, after], np.inf)
        factors = np.geomspace(factors[rows, np.maximum(after - 1, 0)], factors[rows, after], _FINE, axis=1)
    at_one = (sheet.draws["calls_per_month"] / sheet.draws["volume_factor"])[::every][:_DRAWS]
    calls = np.sort(found * at_one)
    low, high = (_exact(float(calls[min(_DRAWS - 1, int(q * _DRAWS))])) for q in (LOW, HIGH))
    return low, high, float(np.mean(~np.isfinite(found)))


def _at(sheet: Sheet, factor: float) -> tuple[Decimal, dict[str, Decimal]]:
    """Return the calls a month at a factor, and all other figures there."""
    exact = _exact(factor)
    if not exact.is_finite():
        return _NEVER, {}
    values = sheet.at(volume_factor=exact)
    return _DIGITS.create_decimal(values["calls_per_month"]), values


def _exact(value: float) -> Decimal:
    """Return a number rounded up, so that what holds from there on holds there."""
    return _DIGITS.create_decimal(Decimal(value)) if value < float("inf") else _NEVER
