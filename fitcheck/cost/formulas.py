"""A sheet's formulas: compiled, written out with figures, and the functions that they may call.

The functions stand here twice: over exact numbers, and over arrays of draws.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from types import CodeType
from typing import Any

from fitcheck.cost.queueing import servers, servers_drawn
from fitcheck.errors import CostError

__all__ = ["EXACT", "compiled", "drawn_functions", "figure", "names_in", "written_out"]

_NEVER = Decimal("Infinity")


def _ceil(value: Decimal) -> Decimal:
    return value if not value.is_finite() else value.to_integral_value(ROUND_CEILING)


def _floor(value: Decimal) -> Decimal:
    return value if not value.is_finite() else value.to_integral_value(ROUND_FLOOR)


def _ratio(top: Decimal | int, bottom: Decimal | int) -> Decimal:
    """Divide; without bound where there is nothing to divide by, and nothing where there is nothing to divide."""
    top, bottom = Decimal(top), Decimal(bottom)
    if top.is_infinite() and bottom.is_infinite():
        return Decimal("NaN")
    if bottom:
        return top / bottom
    return _NEVER.copy_sign(top) if top else Decimal(0)


def _until_paid(once: Decimal | int, gain: Decimal | int) -> Decimal:
    """Divide what is spent once by what each unit brings back: never, where it brings nothing."""
    once, gain = Decimal(once), Decimal(gain)
    if once <= 0:
        return Decimal(0)
    return once / gain if gain > 0 else _NEVER


def _break_even(fixed: Decimal | int, gain: Decimal | int) -> Decimal:
    """Divide a fixed cost by what each unit brings: never, where a unit brings nothing, even with nothing fixed."""
    fixed, gain = Decimal(fixed), Decimal(gain)
    return max(Decimal(0), fixed) / gain if gain > 0 else _NEVER


def _within(value: Decimal | int, most: Decimal | int) -> Decimal:
    """Return the value, or never, where it is beyond the most that can be."""
    value, most = Decimal(value), Decimal(most)
    if value.is_nan() or most.is_nan():
        return Decimal("NaN")
    return value if value <= most else _NEVER


def _tier(value: Decimal, *steps: Decimal | int) -> Decimal:
    """Return the rate of the highest step that a value is above: `tier(v, 0, a, 200000, b)`."""
    pairs = list(zip(steps[::2], steps[1::2], strict=True))
    return Decimal(next((rate for above, rate in reversed(pairs) if value > above), pairs[0][1]))


def _annuity(rate: Decimal, years: Decimal) -> Decimal:
    """Return what one unit of debt costs a year: r / (1 - (1 + r)^-n), and 1/n without interest."""
    if years <= 0:
        return _NEVER
    if not rate:
        return 1 / Decimal(years)
    return rate / (1 - (1 + rate) ** -years)


EXACT: dict[str, Callable[..., Any]] = {
    "annuity": _annuity,
    "break_even": _break_even,
    "ceil": _ceil,
    "floor": _floor,
    "maximum": lambda *values: max(Decimal(v) for v in values),
    "minimum": lambda *values: min(Decimal(v) for v in values),
    "ratio": _ratio,
    "servers": servers,
    "tier": _tier,
    "until_paid": _until_paid,
    "within": _within,
}
"""By name, over Decimal."""


def drawn_functions() -> dict[str, Callable[..., Any]]:
    """Return the same functions over arrays of shape (n_draws,)."""
    import functools

    import numpy as np

    def ratio(top: Any, bottom: Any) -> Any:
        top, bottom = np.broadcast_arrays(np.asarray(top, dtype=float), np.asarray(bottom, dtype=float))
        return np.where(
            bottom != 0, top / np.where(bottom != 0, bottom, 1), np.where(top != 0, np.copysign(np.inf, top), 0)
        )

    def until_paid(once: Any, gain: Any) -> Any:
        once, gain = np.broadcast_arrays(np.asarray(once, dtype=float), np.asarray(gain, dtype=float))
        return np.where(once <= 0, 0.0, np.where(gain > 0, once / np.where(gain > 0, gain, 1), np.inf))

    def break_even(fixed: Any, gain: Any) -> Any:
        fixed, gain = np.broadcast_arrays(np.asarray(fixed, dtype=float), np.asarray(gain, dtype=float))
        return np.where(gain > 0, np.maximum(0.0, fixed) / np.where(gain > 0, gain, 1), np.inf)

    def within(value: Any, most: Any) -> Any:
        return np.where(np.isnan(value) | np.isnan(most), np.nan, np.where(value <= most, value, np.inf))

    def tier(value: Any, *steps: Any) -> Any:
        rate = np.asarray(steps[1], dtype=float)
        for above, then in zip(steps[2::2], steps[3::2], strict=True):
            rate = np.where(value > above, then, rate)
        return rate

    def annuity(rate: Any, years: Any) -> Any:
        rate, years = np.broadcast_arrays(np.asarray(rate, dtype=float), np.asarray(years, dtype=float))
        safe, span = np.where(rate == 0, 1.0, rate), np.where(years > 0, years, 1.0)
        return np.where(years > 0, np.where(rate == 0, 1 / span, safe / (1 - (1 + safe) ** -span)), np.inf)

    return {
        "annuity": annuity,
        "break_even": break_even,
        "ceil": np.ceil,
        "floor": np.floor,
        "maximum": lambda *values: functools.reduce(np.maximum, values),
        "minimum": lambda *values: functools.reduce(np.minimum, values),
        "ratio": ratio,
        "servers": servers_drawn,
        "tier": tier,
        "until_paid": until_paid,
        "within": within,
    }


@lru_cache(maxsize=1024)
def compiled(formula: str) -> CodeType:
    """Compile a formula.

    Raises:
        CostError: It is no expression, or holds a number with a decimal point, which Decimal arithmetic can't take.
    """
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError as error:
        raise CostError(f"{formula!r}: this is no formula: {error.msg}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) is not int:
            raise CostError(f"{formula!r}: a formula holds whole numbers and names only")
    return compile(tree, "<formula>", "eval")


@lru_cache(maxsize=1024)
def names_in(formula: str) -> frozenset[str]:
    """Return the names that a formula mentions, functions included."""
    return frozenset(n.id for n in ast.walk(ast.parse(formula, mode="eval")) if isinstance(n, ast.Name))


_SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("-", 1),
    ast.Mult: ("x", 2),
    ast.Div: ("/", 2),
    ast.Pow: ("^", 3),
}


def _say(node: ast.AST, values: Mapping[str, Decimal], outer: int = 0) -> str:
    if isinstance(node, ast.Name):
        return figure(values[node.id])
    if isinstance(node, ast.Constant):
        return figure(Decimal(str(node.value)))
    if isinstance(node, ast.UnaryOp):
        return f"-{_say(node.operand, values, 3)}"
    if isinstance(node, ast.BinOp):
        sign, rank = _SIGNS[type(node.op)]
        text = f"{_say(node.left, values, rank)} {sign} {_say(node.right, values, rank + 1)}"
        return f"({text})" if rank < outer else text
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return f"{node.func.id}({', '.join(_say(a, values) for a in node.args)})"
    raise TypeError(f"no way to say {ast.dump(node)}")


def written_out(formula: str, values: Mapping[str, Decimal]) -> str:
    """Return a formula with figures in the place of names."""
    return _say(ast.parse(formula, mode="eval").body, values)


def figure(value: Decimal) -> str:
    """Write a number as people read it: grouped, four significant digits where it is not whole.

    >>> figure(Decimal("1234567.89")), figure(Decimal("0.000254999")), figure(Decimal(1000))
    ('1,234,568', '0.000255', '1,000')
    """
    if not value.is_finite():
        return "never" if value.is_infinite() else "unknown"
    if value == value.to_integral_value():
        return f"{int(value):,}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
