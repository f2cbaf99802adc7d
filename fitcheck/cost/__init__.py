"""What an idea would cost: API prices by date, own GPUs, break-even, labour, the simpler tool.

`estimate_cost` answers in full; `cost_line` is the short line of a report. `throughput` says how
fast a model runs on a card. Names are looked up on first use, so that a report pays for none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitcheck.cost.answer import Estimate
    from fitcheck.cost.estimate import estimate_cost
    from fitcheck.cost.line import cost_evidence, cost_line, monthly_calls, with_listed_model, with_simpler
    from fitcheck.cost.prices import unit_price
    from fitcheck.cost.roofline import Throughput, throughput
    from fitcheck.cost.sheet import Range
    from fitcheck.cost.tokens import count_tokens, estimate_tokens
    from fitcheck.records import Cost

__all__ = [
    "Cost",
    "Estimate",
    "Range",
    "Throughput",
    "cost_evidence",
    "cost_line",
    "count_tokens",
    "estimate_cost",
    "estimate_tokens",
    "monthly_calls",
    "throughput",
    "unit_price",
    "with_listed_model",
    "with_simpler",
]

_ROOMS = {
    "cost_evidence": "line",
    "cost_line": "line",
    "monthly_calls": "line",
    "with_listed_model": "line",
    "with_simpler": "line",
    "Estimate": "answer",
    "Range": "sheet",
    "Throughput": "roofline",
    "estimate_cost": "estimate",
    "count_tokens": "tokens",
    "estimate_tokens": "tokens",
    "throughput": "roofline",
    "unit_price": "prices",
}


def __getattr__(name: str) -> Any:
    """Resolve a name on first use."""
    from importlib import import_module

    room = _ROOMS.get(name)
    if name == "Cost":
        return import_module("fitcheck.records").Cost
    if room is None:
        raise AttributeError(f"module 'fitcheck.cost' has no attribute {name!r}")
    value = getattr(import_module(f"fitcheck.cost.{room}"), name)
    globals()[name] = value
    return value
